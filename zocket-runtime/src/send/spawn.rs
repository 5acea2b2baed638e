//! Tasks that keep sending through the server that they were spawned from.

use tokio::task::JoinHandle;

use crate::connection::Current;

/// Spawns a task that belongs to the current server: inside it, `send::…` reaches the server whose handler,
/// middleware or hook called this. Elsewhere it is the same as [`tokio::spawn`].
///
/// The task is not tied to the connection: it goes on when the client disconnects.
///
/// # Panics
/// Outside of a tokio runtime, as `tokio::spawn` does.
///
/// ```
/// #[zocket::router]
/// mod app {
///     #[outgoing]
///     pub struct Done {
///         pub job: u32,
///     }
///
///     #[incoming]
///     async fn start(job: u32, client: zocket::ClientId) {
///         zocket::spawn(async move {
///             // … long work …
///             send::done(Done { job }).to([client]);
///         });
///     }
/// }
/// # fn main() { app::router(); }
/// ```
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match Current::get() {
        Some(Current { core, .. }) => tokio::spawn(Current { core, link: None }.scope(future)),
        None => tokio::spawn(future),
    }
}
