//! The server that the running code belongs to.

use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::{mount::Core, session::ConnLink};

tokio::task_local! {
    static CURRENT: Current;
}

/// What a task serves: set for handlers, middleware, hooks, and what they hand it on to.
#[derive(Clone)]
pub(crate) struct Current {
    pub(crate) core: Arc<Core>,
    /// The connection whose session runs; what its handlers send goes out before their replies.
    pub(crate) link: Option<Arc<ConnLink>>,
}

impl Current {
    pub(crate) fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, future)
    }

    pub(crate) fn get() -> Option<Self> {
        CURRENT.try_get().ok()
    }
}

/// Spawns a task that belongs to the current server: inside it, `send::…` reaches the server whose handler,
/// middleware or hook called this. Outside of these it is [`tokio::spawn`].
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
