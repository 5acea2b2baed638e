//! The context of a connection without its type.
//!
//! That a context may be shared between threads is asked for in one place, [`context`], which generated code calls. All
//! behind it relies on that, so that a context that may not be is one error, and not one in each function that takes it.

use std::{any::Any, fmt, sync::Arc};

/// A context whose type the router knows.
pub(crate) type AnyContext = Arc<dyn Erased>;

/// A context, for those who know its type without knowing that it may be shared: `Arc::downcast` would want to know.
pub(crate) trait Erased: Send + Sync {
    /// Puts itself into an `Option<Arc<C>>` of its own type.
    fn give(self: Arc<Self>, slot: &mut dyn Any);

    /// Puts into an `Option<Contexts<C>>` how another of its type is made.
    fn give_contexts(&self, slot: &mut dyn Any);
}

impl<C: Send + Sync + 'static> Erased for C {
    fn give(self: Arc<Self>, slot: &mut dyn Any) {
        if let Some(slot) = slot.downcast_mut() {
            *slot = Some(self);
        }
    }

    fn give_contexts(&self, slot: &mut dyn Any) {
        if let Some(slot) = slot.downcast_mut() {
            *slot = Some(Contexts::<C>::new());
        }
    }
}

/// What a router may have as its context.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the context of a connection",
    label = "holds what threads may not share",
    note = "handlers run on several threads, so every field of a context is `Send + Sync`: `Arc` for `Rc`, an atomic or a `Mutex` for `Cell` and `RefCell`, `dyn Trait + Send + Sync` for `dyn Trait`"
)]
pub trait Context: Sized {
    #[doc(hidden)]
    fn contexts() -> Contexts<Self>;
}

#[diagnostic::do_not_recommend]
impl<C: Send + Sync + 'static> Context for C {
    fn contexts() -> Contexts<C> {
        Contexts::new()
    }
}

/// Says that `C` is a context, and how its type is erased.
pub struct Contexts<C>(fn(C) -> AnyContext);

/// The only value of its type.
#[must_use]
pub fn contexts<C: Context>() -> Contexts<C> {
    C::contexts()
}

impl<C: Send + Sync + 'static> Contexts<C> {
    pub(crate) fn new() -> Self {
        Self(|context| Arc::new(context))
    }
}

impl<C> Contexts<C> {
    pub(crate) fn erase(self, context: C) -> AnyContext {
        (self.0)(context)
    }
}

/// The context, if it is one of this type.
pub(super) fn of<C: 'static>(context: &AnyContext) -> Option<Arc<C>> {
    let mut slot = None;
    Arc::clone(context).give(&mut slot);
    slot
}

/// How another of the same type is made.
pub(super) fn contexts_of<C: 'static>(context: &AnyContext) -> Option<Contexts<C>> {
    let mut slot = None;
    // Of the context itself: an `Arc` of one would be one as well.
    (**context).give_contexts(&mut slot);
    slot
}

impl<C> Clone for Contexts<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Contexts<C> {}

impl<C> fmt::Debug for Contexts<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contexts")
    }
}
