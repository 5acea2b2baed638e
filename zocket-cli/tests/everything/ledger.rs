//! A record of what the server sent: what a client returns must be equal to it.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard};

use zocket::{ClientId, Error, Message, Outgoing};

use super::messages::{Visit, each_message};
use super::random::{Dice, Random};
use super::router::everything::echo::Changed;

/// The server's state: the values on their way, by type, in the order of sending.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<Book>>);

#[derive(Default)]
struct Book {
    on_the_way: HashMap<TypeId, VecDeque<Box<dyn Any + Send>>>,
    equal: BTreeMap<&'static str, usize>,
    different: Vec<String>,
}

/// The results so far.
#[derive(Debug)]
pub(crate) struct Account {
    /// How many came back as they were, by route.
    pub(crate) equal: BTreeMap<&'static str, usize>,
    /// What was wrong with the others.
    pub(crate) different: Vec<String>,
    /// How many never came back.
    pub(crate) missing: usize,
}

impl Ledger {
    /// Sends one random value of each type, and says how many those are.
    pub(crate) fn send_one_of_each(&self, seed: u32, client: ClientId) -> u32 {
        let mut sender = Sender { ledger: self, dice: Dice::new(seed), client, sent: 0 };
        each_message(&mut sender);
        sender.sent
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().expect("nothing panics under the lock")
    }

    /// Compares what came back with what was sent.
    pub(super) fn compare<T: PartialEq + Debug + Outgoing + 'static>(&self, came: &T) -> Result<(), Changed> {
        let mut book = self.book();
        let sent = book.on_the_way.get_mut(&TypeId::of::<T>()).and_then(VecDeque::pop_front);
        let sent = sent.and_then(|sent| sent.downcast::<T>().ok()).ok_or(Changed::NeverSent)?;
        if *sent == *came {
            *book.equal.entry(T::ROUTE).or_default() += 1;
            return Ok(());
        }
        let (sent, came) = (format!("{sent:?}"), format!("{came:?}"));
        book.different.push(format!("{}: sent {sent}, came back {came}", T::ROUTE));
        Err(Changed::Changed { sent, came })
    }

    /// The same, with an error that is not in the contract.
    pub(super) fn came_back<T: PartialEq + Debug + Outgoing + 'static>(&self, came: &T) -> Result<(), Error> {
        self.compare(came).map_err(|error| Error::new("CHANGED", format!("{error:?}")))
    }

    /// Closes the record.
    pub(crate) fn account(&self) -> Account {
        let mut book = self.book();
        Account {
            missing: book.on_the_way.values().map(VecDeque::len).sum(),
            equal: std::mem::take(&mut book.equal),
            different: std::mem::take(&mut book.different),
        }
    }
}

struct Sender<'l> {
    ledger: &'l Ledger,
    dice: Dice,
    client: ClientId,
    sent: u32,
}

impl Visit for Sender<'_> {
    fn message<T: Random + Clone + Outgoing + Send + 'static>(&mut self, message: fn(T) -> Message<T>) {
        let value = T::random(&mut self.dice);
        // Before it is sent: it may be back at once.
        let kept = Box::new(value.clone());
        self.ledger.book().on_the_way.entry(TypeId::of::<T>()).or_default().push_back(kept);
        let delivery = message(value).to([self.client]);
        assert_eq!(delivery.dropped(), 0, "the client is too slow for {}", T::ROUTE);
        self.sent += 1;
    }
}
