//! The values that a call's middleware has made, so that none runs twice.

use std::{
    any::{Any, TypeId},
    sync::{Arc, Mutex, PoisonError},
};

use crate::connection::StateSlot;

/// Which middleware, and which of the server's states: merged routers may see different ones.
type Key = (TypeId, StateSlot);

/// A middleware's value, type-erased.
type Value = Box<dyn Any + Send>;

/// What a route keeps for the middleware of one call.
#[derive(Clone, Debug)]
pub(crate) struct Keeps {
    /// The middleware that is named more than once on the way to the handler.
    pub(crate) shared: Arc<[TypeId]>,
    /// Whether one of them reads the payload.
    pub(crate) payload: bool,
}

impl Keeps {
    /// Whether a call needs no memo.
    pub(crate) fn nothing(&self) -> bool {
        self.shared.is_empty() && !self.payload
    }
}

/// The middleware that has run in one call, and the values that are kept for later arguments.
pub(crate) struct Memo {
    /// The middleware that is named more than once on the way to the handler. Only these values are kept; `None` keeps all.
    shared: Option<Arc<[TypeId]>>,
    /// The payload, where a middleware reads it.
    payload: Option<Option<Box<str>>>,
    ran: Mutex<Vec<(Key, Option<Value>)>>,
}

impl Memo {
    /// For a call whose route has something to share.
    pub(crate) fn of(keeps: &Keeps, payload: Option<&str>) -> Self {
        let payload = keeps.payload.then(|| payload.map(Into::into));
        Self { shared: Some(Arc::clone(&keeps.shared)), payload, ran: Mutex::default() }
    }

    /// For a call that has no route: every value is kept.
    pub(crate) fn of_all() -> Self {
        Self { shared: None, payload: None, ran: Mutex::default() }
    }

    /// The payload, where it has been kept; `Some(None)` where the client has sent none.
    pub(crate) fn payload(&self) -> Option<Option<&str>> {
        self.payload.as_ref().map(Option::as_deref)
    }

    /// Whether the value of `M` is asked for more than once.
    pub(crate) fn keeps<M: 'static>(&self) -> bool {
        self.shared.as_ref().is_none_or(|shared| shared.contains(&TypeId::of::<M>()))
    }

    /// Whether `M` has run and has let the message through.
    pub(crate) fn has_run<M: 'static>(&self, state: StateSlot) -> bool {
        let key = (TypeId::of::<M>(), state);
        self.ran.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|(ran, _)| *ran == key)
    }

    /// Records that `M` has run, and its `value` if that is to be kept.
    pub(crate) fn put<M: 'static, V: Send + 'static>(&self, state: StateSlot, value: Option<V>) {
        let key = (TypeId::of::<M>(), state);
        let value = value.map(|value| Box::new(value) as Value);
        let mut ran = self.ran.lock().unwrap_or_else(PoisonError::into_inner);
        match ran.iter_mut().find(|(ran, _)| *ran == key) {
            Some((_, kept)) => *kept = value,
            None => ran.push((key, value)),
        }
    }

    /// Takes the value that `M` has made out of the memo.
    pub(crate) fn take<M: 'static, V: 'static>(&self, state: StateSlot) -> Option<V> {
        let key = (TypeId::of::<M>(), state);
        let mut ran = self.ran.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, kept) = ran.iter_mut().find(|(ran, _)| *ran == key)?;
        kept.take()?.downcast().ok().map(|value| *value)
    }
}
