//! A message in the forms that its receivers take, each made once.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::target;
use crate::wire::{
    codec::{Codec, Reads},
    deflate::Window,
    msgpack,
};

/// An encoded message on its way to any number of connections.
#[derive(Clone)]
pub(super) struct Frame {
    json: Encoded,
    /// The same in MessagePack, as soon as it is needed; shared by all shards. `None` if no connection can need it, and for
    /// frames already encoded for a single receiver.
    msgpack: Option<Arc<OnceLock<Encoded>>>,
    /// Bytes of all forms that existed from the beginning.
    len: usize,
}

/// A message in one codec.
#[derive(Clone)]
pub(super) struct Encoded {
    pub(super) plain: Bytes,
    /// Compressed, for connections that agreed on it, if it is shorter.
    pub(super) deflated: Option<Bytes>,
}

/// Which form of a message a connection takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    codec: Codec,
    /// Compressed with the largest window, so for messages of any length.
    deflated: bool,
}

/// A set of forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forms(u8);

impl Form {
    /// In the order of their [indices](Self::index).
    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::new(Codec::Json, false),
        Self::new(Codec::Json, true),
        Self::new(Codec::MsgPack, false),
        Self::new(Codec::MsgPack, true),
    ];
    /// How many there are.
    pub(super) const COUNT: usize = 4;

    pub(super) const fn new(codec: Codec, deflated: bool) -> Self {
        Self { codec, deflated }
    }

    /// The form that a connection prefers.
    pub(super) fn of(reads: Reads) -> Self {
        Self::new(reads.codec, reads.window.is_some())
    }

    /// Below [`COUNT`](Self::COUNT).
    pub(super) fn index(self) -> usize {
        (self.codec as usize) << 1 | usize::from(self.deflated)
    }
}

impl Forms {
    pub(super) fn insert(&mut self, form: Form) {
        self.0 |= 1 << form.index();
    }

    pub(super) fn has(self, form: Form) -> bool {
        self.0 & 1 << form.index() != 0
    }

    /// The union of two sets.
    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether it has only plain JSON, which always exists.
    pub(super) fn is_plain(self) -> bool {
        self.0 & !(1 << Form::new(Codec::Json, false).index()) == 0
    }
}

impl Frame {
    /// A message in JSON, and in MessagePack if it has such receivers: `msgpack` may still be empty.
    pub(super) fn new(json: Encoded, msgpack: Option<OnceLock<Encoded>>) -> Self {
        let len = json.len() + msgpack.as_ref().and_then(OnceLock::get).map_or(0, Encoded::len);
        Self { json, msgpack: msgpack.map(Arc::new), len }
    }

    /// What the message costs while it waits, in bytes. It stays the same when a form is added: that only happens
    /// during delivery, if no receiver was known to need the form when the message was sent.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_deflated(&self) -> bool {
        let msgpack = self.msgpack.as_ref().and_then(|msgpack| msgpack.get());
        self.json.deflated.is_some() || msgpack.is_some_and(|msgpack| msgpack.deflated.is_some())
    }

    /// For a connection that reads this codec. Empty if the message does not have this form.
    pub(super) fn for_reader(&self, reads: Reads) -> &Bytes {
        self.encoded(reads.codec).for_window(reads.window)
    }

    /// Empty if the message does not have this form.
    pub(super) fn form(&self, form: Form) -> &Bytes {
        let encoded = self.encoded(form.codec);
        encoded.deflated.as_ref().filter(|_| form.deflated).unwrap_or(&encoded.plain)
    }

    fn encoded(&self, codec: Codec) -> &Encoded {
        match &self.msgpack {
            Some(msgpack) if codec == Codec::MsgPack => {
                msgpack.get_or_init(|| to_msgpack(&self.json.plain).into())
            }
            _ => &self.json,
        }
    }
}

/// A message's frame in MessagePack; empty, with a log message, if it has none.
pub(super) fn to_msgpack(json: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(json.len());
    if let Err(error) = msgpack::reframe(json, &mut frame) {
        tracing::error!(target: target::SEND, %error, "message not sent to clients that speak MessagePack: it is not valid JSON");
    }
    // Queues count frames by their length, so the capacity must not be larger.
    frame.shrink_to_fit();
    frame.into()
}

impl Encoded {
    fn len(&self) -> usize {
        self.plain.len() + self.deflated.as_ref().map_or(0, Bytes::len)
    }

    /// For a connection that inflates with this window, or does not inflate.
    fn for_window(&self, window: Option<Window>) -> &Bytes {
        match (&self.deflated, window) {
            (Some(deflated), Some(window)) if window.holds(self.plain.len()) => deflated,
            _ => &self.plain,
        }
    }
}

impl From<Bytes> for Encoded {
    fn from(plain: Bytes) -> Self {
        Self { plain, deflated: None }
    }
}

impl From<Bytes> for Frame {
    /// A frame that is sent unchanged to every receiver.
    fn from(plain: Bytes) -> Self {
        Self::new(plain.into(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::message;

    const PACKED: Reads = Reads { codec: Codec::MsgPack, window: None };

    #[test]
    fn an_index_says_which_form_it_is() {
        for (index, form) in Form::ALL.into_iter().enumerate() {
            assert_eq!(form.index(), index);
        }
    }

    #[test]
    fn every_receiver_in_every_shard_gets_the_same_bytes() {
        let json = message::event("a.b", "hi").unwrap();
        let frame = Frame::new(json.clone().into(), Some(OnceLock::new()));
        let clones = [frame.clone(), frame.clone()];
        let packed: Vec<&Bytes> = clones.iter().map(|clone| clone.for_reader(PACKED)).collect();
        assert_eq!(packed[0][..], *b"\x82\x15\x82\xa4type\xa3a.b\xa7payload\xa2hi");
        assert!(std::ptr::eq(packed[0].as_ptr(), packed[1].as_ptr()), "packed twice");
        assert!(std::ptr::eq(packed[0].as_ptr(), frame.form(Form::new(Codec::MsgPack, true)).as_ptr()));
        assert_eq!(frame.for_reader(Reads::default()), &json);
        assert_eq!(frame.len(), json.len(), "not counted: it was not there when the message was queued");
    }

    #[test]
    fn a_frame_for_one_receiver_goes_out_as_it_is() {
        let frame = Frame::from(Bytes::from_static(b"\x82\x01\xc0"));
        assert_eq!(frame.for_reader(PACKED)[..], *b"\x82\x01\xc0");
    }

    #[test]
    fn what_is_no_json_has_no_other_form() {
        let raw = Bytes::from_static(b"\x81\x08\"\\ud800\"");
        let frame = Frame::new(raw.clone().into(), Some(OnceLock::new()));
        assert!(frame.for_reader(PACKED).is_empty());
        assert_eq!(frame.form(Form::new(Codec::Json, false)), &raw);
    }

    #[test]
    fn sets_of_forms() {
        let mut forms = Forms::default();
        forms.insert(Form::new(Codec::Json, false));
        assert!(forms.is_plain());
        forms.insert(Form::new(Codec::MsgPack, false));
        assert!(!forms.is_plain());
        for form in Form::ALL {
            assert_eq!(forms.has(form), !form.deflated);
        }
        assert_eq!(Forms::default().union(forms), forms);
    }
}
