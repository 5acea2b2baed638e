//! A message in the forms that its receivers take, each made once.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::wire::{
    codec::{Codec, Reads},
    deflate::Window,
    msgpack,
};

/// An encoded message on its way to any number of connections.
#[derive(Clone)]
pub(super) struct Frame {
    json: Encoded,
    /// The same in MessagePack, as soon as somebody asks for it; one for all shards. `None` where nobody can, and for what is
    /// written for its one receiver already.
    msgpack: Option<Arc<OnceLock<Encoded>>>,
    /// Bytes of all forms that were there from the beginning.
    len: usize,
}

/// A message in one codec.
#[derive(Clone)]
pub(super) struct Encoded {
    pub(super) plain: Bytes,
    /// For those who have agreed on it, where it is shorter.
    pub(super) deflated: Option<Bytes>,
}

/// Which of the forms a connection takes, where there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Form {
    Plain,
    /// With the largest window, so whatever the length of the message.
    Deflated,
    MsgPack,
    DeflatedMsgPack,
}

/// A set of forms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Forms(u8);

impl Form {
    pub(super) const ALL: [Self; 4] = [Self::Plain, Self::Deflated, Self::MsgPack, Self::DeflatedMsgPack];

    /// What a connection takes, if there is nothing against it.
    pub(super) fn of(reads: Reads) -> Self {
        match (reads.codec, reads.window) {
            (Codec::Json, None) => Self::Plain,
            (Codec::Json, Some(_)) => Self::Deflated,
            (Codec::MsgPack, None) => Self::MsgPack,
            (Codec::MsgPack, Some(_)) => Self::DeflatedMsgPack,
        }
    }
}

impl Forms {
    pub(super) fn insert(&mut self, form: Form) {
        self.0 |= 1 << form as u8;
    }

    pub(super) fn has(self, form: Form) -> bool {
        self.0 & 1 << form as u8 != 0
    }

    /// Of two sets, all that is in either.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all are plain JSON, which is always there.
    pub(super) fn is_plain(self) -> bool {
        self.0 & !(1 << Form::Plain as u8) == 0
    }
}

impl Frame {
    /// A message in JSON, and in MessagePack where there are receivers of that: `packed` may be empty as yet.
    pub(super) fn new(json: Encoded, packed: Option<OnceLock<Encoded>>) -> Self {
        let len = json.len() + packed.as_ref().and_then(OnceLock::get).map_or(0, Encoded::len);
        Self { json, msgpack: packed.map(Arc::new), len }
    }

    /// What the message costs while it waits, in bytes. It stays the same when a form is added: that happens while the
    /// message is given out, and only where nobody was known to want it when it was sent.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_deflated(&self) -> bool {
        let packed = self.msgpack.as_ref().and_then(|packed| packed.get());
        self.json.deflated.is_some() || packed.is_some_and(|packed| packed.deflated.is_some())
    }

    /// For a connection that reads this. Empty where the message has no such form.
    pub(super) fn for_reader(&self, reads: Reads) -> &Bytes {
        self.encoded(reads.codec).for_window(reads.window)
    }

    /// Empty where the message has no such form.
    pub(super) fn form(&self, form: Form) -> &Bytes {
        let (codec, deflated) = match form {
            Form::Plain => (Codec::Json, false),
            Form::Deflated => (Codec::Json, true),
            Form::MsgPack => (Codec::MsgPack, false),
            Form::DeflatedMsgPack => (Codec::MsgPack, true),
        };
        let encoded = self.encoded(codec);
        encoded.deflated.as_ref().filter(|_| deflated).unwrap_or(&encoded.plain)
    }

    fn encoded(&self, codec: Codec) -> &Encoded {
        match &self.msgpack {
            Some(packed) if codec == Codec::MsgPack => packed.get_or_init(|| pack(&self.json.plain).into()),
            _ => &self.json,
        }
    }
}

/// A message's frame in MessagePack; empty, and said so in the log, where it has none.
pub(super) fn pack(json: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(json.len());
    if let Err(error) = msgpack::reframe(json, &mut frame) {
        tracing::error!(%error, "message not sent to clients that speak MessagePack: it is not valid JSON");
    }
    // What waits in a queue is counted by its length: it must not hold more than that.
    frame.shrink_to_fit();
    frame.into()
}

impl Encoded {
    fn len(&self) -> usize {
        self.plain.len() + self.deflated.as_ref().map_or(0, Bytes::len)
    }

    /// For a connection that inflates with this window, or does not.
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
    /// A frame that goes out as it is, whoever receives it.
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
    fn every_receiver_in_every_shard_gets_the_same_bytes() {
        let json = message::event("a.b", "hi").unwrap();
        let frame = Frame::new(json.clone().into(), Some(OnceLock::new()));
        let clones = [frame.clone(), frame.clone()];
        let packed: Vec<&Bytes> = clones.iter().map(|clone| clone.for_reader(PACKED)).collect();
        assert_eq!(packed[0][..], *b"\x82\x15\x82\xa4type\xa3a.b\xa7payload\xa2hi");
        assert!(std::ptr::eq(packed[0].as_ptr(), packed[1].as_ptr()), "packed twice");
        assert!(std::ptr::eq(packed[0].as_ptr(), frame.form(Form::DeflatedMsgPack).as_ptr()));
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
        assert_eq!(frame.form(Form::Plain), &raw);
    }

    #[test]
    fn sets_of_forms() {
        let mut forms = Forms::default();
        forms.insert(Form::Plain);
        assert!(forms.is_plain());
        forms.insert(Form::MsgPack);
        assert!(!forms.is_plain());
        for form in Form::ALL {
            assert_eq!(forms.has(form), matches!(form, Form::Plain | Form::MsgPack));
        }
        assert_eq!(Forms::default().and(forms), forms);
    }
}
