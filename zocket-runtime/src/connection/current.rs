//! The server that the running code belongs to.

use std::sync::Arc;

use super::{ConnLink, Core};

tokio::task_local! {
    static CURRENT: Current;
}

/// What a task works for: set for handlers, middleware, hooks, and the tasks that they pass it on to.
#[derive(Clone)]
pub(crate) struct Current {
    pub(crate) core: Arc<Core>,
    /// The connection whose session is running; what its handlers send goes out before their replies.
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
