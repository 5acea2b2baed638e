//! Waiting for what goes before a close frame.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::{Hub, Link, shard::Shard};

/// Ready once everything before a connection's fence, as it was when this was created, is in its outbox. It does not wait for what
/// is sent later, which may never end.
pub(crate) struct Settling<A> {
    shard: Arc<Shard<A>>,
    /// The last job to wait for.
    until: u64,
    /// Created on demand, since there is usually nothing to wait for.
    finished: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl<A: Send + Sync + 'static> Hub<A> {
    /// Waits for what goes before a close frame that is to be sent now.
    pub(crate) fn settling(&self, link: &Link<A>) -> Settling<A> {
        Settling { shard: Arc::clone(self.shard(link.id())), until: link.fence(), finished: None }
    }
}

impl<A: Send + Sync + 'static> Future for Settling<A> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        if this.shard.passed(this.until) {
            return Poll::Ready(());
        }
        let (shard, until) = (&this.shard, this.until);
        let finished = this.finished.get_or_insert_with(|| {
            let shard = Arc::clone(shard);
            Box::pin(async move { shard.past(until).await })
        });
        finished.as_mut().poll(cx)
    }
}
