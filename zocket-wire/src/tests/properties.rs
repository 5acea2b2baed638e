use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::{close::CloseCode, encode, frame::Opcode};

const LIMIT: usize = 100_000;

/// A message or control frame as it is meant to arrive.
fn event() -> impl Strategy<Value = Seen> {
    let bytes = || prop_oneof![8 => vec(any::<u8>(), 0..40), 2 => vec(any::<u8>(), 100..400)];
    prop_oneof![
        6 => prop_oneof![4 => "\\PC{0,40}", 1 => "\\PC{100,300}"].prop_map(Seen::Text),
        1 => Just(Seen::Text("€".repeat(22_000))),
        4 => bytes().prop_map(Seen::Binary),
        1 => control(),
    ]
}

/// A ping or pong, which may come anywhere.
fn control() -> impl Strategy<Value = Seen> {
    let payload = vec(any::<u8>(), 0..=125);
    (payload, any::<bool>())
        .prop_map(|(payload, ping)| if ping { Seen::Ping(payload) } else { Seen::Pong(payload) })
}

fn form() -> impl Strategy<Value = LengthForm> {
    prop_oneof![
        4 => Just(LengthForm::Shortest),
        1 => Just(LengthForm::Bits16),
        1 => Just(LengthForm::Bits64),
    ]
}

/// How one event travels: where it is cut into fragments, with what between them, and how frames look.
#[derive(Clone, Debug)]
struct Travel {
    event: Seen,
    cuts: Vec<Index>,
    between: Vec<Option<Seen>>,
    keys: Vec<[u8; 4]>,
    form: LengthForm,
}

fn travel() -> impl Strategy<Value = Travel> {
    (
        event(),
        vec(any::<Index>(), 0..5),
        vec(proptest::option::of(control()), 5),
        vec(any::<[u8; 4]>(), 11),
        form(),
    )
        .prop_map(|(event, cuts, between, keys, form)| Travel { event, cuts, between, keys, form })
}

impl Travel {
    /// Its frames, and its events in the order in which they end.
    fn frames(&self) -> (Vec<Raw>, Vec<Seen>) {
        let mut keys = self.keys.iter().copied();
        let (mut frames, mut events) = (Vec::new(), Vec::new());
        let mut push = |first: u8, payload: &[u8]| {
            let control = first & 0x8 != 0;
            let too_long = self.form == LengthForm::Bits16 && payload.len() > 0xffff;
            let form = if control || too_long { LengthForm::Shortest } else { self.form };
            frames.push(Raw {
                first,
                key: Some(keys.next().unwrap_or_default()),
                form,
                payload: payload.into(),
            });
        };
        let (opcode, payload) = match &self.event {
            Seen::Text(text) => (TEXT, text.as_bytes()),
            Seen::Binary(bytes) => (BINARY, bytes.as_slice()),
            Seen::Ping(bytes) => (PING, bytes.as_slice()),
            Seen::Pong(bytes) => (PONG, bytes.as_slice()),
            Seen::Close(_) | Seen::Failed(_) => unreachable!("not generated"),
        };
        if opcode & 0x8 != 0 {
            push(0x80 | opcode, payload);
            return (frames, vec![self.event.clone()]);
        }
        let mut cuts: Vec<usize> = self.cuts.iter().map(|cut| cut.index(payload.len() + 1)).collect();
        cuts.sort_unstable();
        let (mut opcode, mut from) = (opcode, 0);
        for (cut, between) in cuts.iter().zip(&self.between) {
            push(opcode, &payload[from..*cut]);
            (opcode, from) = (CONTINUATION, *cut);
            match between {
                Some(Seen::Ping(bytes)) => push(0x80 | PING, bytes),
                Some(Seen::Pong(bytes)) => push(0x80 | PONG, bytes),
                _ => continue,
            }
            events.extend(between.clone());
        }
        push(0x80 | opcode, &payload[from..]);
        events.push(self.event.clone());
        (frames, events)
    }
}

/// Cuts `bytes` at each of `cuts` and gives the pieces to `decoder`, one read each.
fn read_cut(decoder: &mut Decoder, bytes: &[u8], cuts: &[Index]) -> Vec<Seen> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    cuts.push(bytes.len());
    cuts.sort_unstable();
    let mut from = 0;
    let mut seen = Vec::new();
    for cut in cuts {
        seen.extend(read(decoder, &bytes[from..cut]));
        from = cut;
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_fragmentation_in_any_reads_yields_the_same_events(
        travels in vec(travel(), 0..8),
        cuts in vec(any::<Index>(), 0..20),
        step in 1usize..200,
    ) {
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        for travel in &travels {
            let (frames, events) = travel.frames();
            bytes.extend(stream(&frames));
            expected.extend(events);
        }
        let mut decoder = Decoder::new(Role::Server, LIMIT);
        prop_assert_eq!(read(&mut decoder, &bytes), expected.clone(), "in one read");
        prop_assert_eq!(decoder.heap_bytes(), 0);
        prop_assert_eq!(read_cut(&mut decoder, &bytes, &cuts), expected.clone(), "in cut reads");
        prop_assert_eq!(decoder.heap_bytes(), 0);
        let stepwise: Vec<Seen> = bytes.chunks(step).flat_map(|piece| read(&mut decoder, piece)).collect();
        prop_assert_eq!(stepwise, expected, "in even reads");
        prop_assert_eq!(decoder.heap_bytes(), 0);
    }

    #[test]
    fn random_bytes_never_panic_nor_hold_more_than_the_limit(
        reads in vec(vec(any::<u8>(), 0..300), 0..20),
        limit in 0usize..2000,
    ) {
        let mut decoder = Decoder::new(Role::Server, limit);
        for bytes in &reads {
            read(&mut decoder, bytes);
            prop_assert!(decoder.heap_bytes() <= limit + 512);
        }
    }

    /// Random bytes rarely survive a header; valid frames with one byte changed get further.
    #[test]
    fn a_damaged_stream_fails_alike_however_it_is_cut(
        travels in vec(travel(), 1..5),
        (at, with) in (any::<Index>(), any::<u8>()),
        cuts in vec(any::<Index>(), 0..20),
    ) {
        let mut bytes: Vec<u8> = travels.iter().flat_map(|travel| stream(&travel.frames().0)).collect();
        let at = at.index(bytes.len());
        bytes[at] = with;
        let mut whole = Decoder::new(Role::Server, 2000);
        let expected = read(&mut whole, &bytes);
        let mut decoder = Decoder::new(Role::Server, 2000);
        prop_assert_eq!(read_cut(&mut decoder, &bytes, &cuts), expected);
        prop_assert!(decoder.heap_bytes() <= 2000 + 512);
    }

    #[test]
    fn what_is_encoded_is_decoded_in_both_roles(event in event(), key in any::<[u8; 4]>(), cuts in vec(any::<Index>(), 0..4)) {
        let (opcode, payload) = match &event {
            Seen::Text(text) => (Opcode::Text, text.as_bytes()),
            Seen::Binary(bytes) => (Opcode::Binary, bytes.as_slice()),
            Seen::Ping(bytes) => (Opcode::Ping, bytes.as_slice()),
            Seen::Pong(bytes) => (Opcode::Pong, bytes.as_slice()),
            Seen::Close(_) | Seen::Failed(_) => unreachable!("not generated"),
        };
        let mut plain = Vec::new();
        encode::frame(&mut plain, opcode, payload);
        let mut client = Decoder::new(Role::Client, LIMIT);
        prop_assert_eq!(read_cut(&mut client, &plain, &cuts), [event.clone()]);

        let mut masked = Vec::new();
        encode::masked_frame(&mut masked, true, opcode, payload, key);
        let mut server = Decoder::new(Role::Server, LIMIT);
        prop_assert_eq!(read_cut(&mut server, &masked, &cuts), [event]);
    }

    #[test]
    fn a_close_is_decoded_with_what_fits_of_its_reason(
        code in prop_oneof![1000u16..=1003, 1007u16..=1014, 3000u16..=4999],
        reason in "\\PC{0,80}",
        cuts in vec(any::<Index>(), 0..4),
    ) {
        let mut bytes = Vec::new();
        encode::close(&mut bytes, Some((CloseCode::new(code).unwrap(), &reason)));
        let seen = read_cut(&mut Decoder::new(Role::Client, 0), &bytes, &cuts);
        let [Seen::Close(Some((seen_code, seen_reason)))] = &seen[..] else {
            return Err(TestCaseError::fail(format!("{seen:?}")));
        };
        prop_assert_eq!(*seen_code, code);
        prop_assert!(reason.starts_with(seen_reason.as_str()));
        prop_assert!(seen_reason.len() == reason.len() || seen_reason.len() > 123 - 4);
    }
}
