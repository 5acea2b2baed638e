//! A close frame behind messages that are not decoded yet.

use super::*;

fn code(found: Option<Option<crate::close::CloseCode>>) -> Option<Option<u16>> {
    found.map(|code| code.map(|code| code.get()))
}

/// Messages of every kind and a close frame: where that begins, and all of it.
fn behind_messages(close: Raw) -> (usize, Vec<u8>) {
    let long = Raw { form: LengthForm::Bits64, ..raw(TEXT, "long way to say it") };
    let before = [
        raw(TEXT, "a"),
        raw(BINARY, [8; 300]),
        part(TEXT, "b"),
        raw(PING, [0x88; 9]),
        raw(CONTINUATION, "c"),
        long,
    ];
    let before = stream(&before);
    (before.len(), [before, close.bytes()].concat())
}

#[test]
fn it_is_found_wherever_the_reads_are_cut_and_nothing_is_taken() {
    let (begins, all) = behind_messages(raw(CLOSE, b"\x03\xe9bye"));
    for cut in 0..=begins {
        let mut decoder = server();
        read(&mut decoder, &all[..cut]);
        // The rest comes in two pieces, and then byte by byte.
        let pending = &all[cut..];
        for half in [pending.len() / 2, 0] {
            let mut looked = None;
            assert_eq!(decoder.find_close(&pending[..half], &mut looked), None);
            for length in half..pending.len() {
                assert_eq!(decoder.find_close(&pending[..length], &mut looked), None, "{cut} {length}");
            }
            assert_eq!(code(decoder.find_close(pending, &mut looked)), Some(Some(1001)), "cut at {cut}");
        }
        let seen = read(&mut decoder, pending);
        assert_eq!(seen.last(), Some(&Seen::Close(Some((1001, "bye".into())))));
    }
}

#[test]
fn the_look_goes_on_where_it_was_when_bytes_are_taken_off_the_front() {
    let (begins, all) = behind_messages(raw(CLOSE, ""));
    let mut decoder = server();
    let mut looked = None;
    assert_eq!(decoder.find_close(&all[..begins], &mut looked), None);
    assert_eq!(looked, Some(begins));
    let first = raw(TEXT, "a").bytes().len();
    assert_eq!(read(&mut decoder, &all[..first]), [text("a")]);
    looked = looked.map(|looked| looked - first);
    assert_eq!(code(decoder.find_close(&all[first..], &mut looked)), Some(None));
}

#[test]
fn what_is_wrong_is_not_passed_over() {
    for wrong in [raw(0x3, "?"), Raw { key: None, ..raw(TEXT, "?") }, raw(CLOSE, "?")] {
        let pending = stream(&[raw(TEXT, "a"), wrong, raw(CLOSE, "")]);
        let mut looked = None;
        for _ in 0..2 {
            assert_eq!(server().find_close(&pending, &mut looked), None);
        }
    }
}
