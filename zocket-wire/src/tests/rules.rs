use super::*;

/// Feeds `frames` to fresh decoders in one read, in a read a frame and in a read a byte: all must agree.
fn seen(frames: &[Raw]) -> Vec<Seen> {
    let bytes = stream(frames);
    let at_once = read(&mut server(), &bytes);
    assert_eq!(read_frames(&mut server(), frames), at_once, "a read a frame");
    let mut decoder = server();
    let bytewise: Vec<Seen> = bytes.chunks(1).flat_map(|byte| read(&mut decoder, byte)).collect();
    assert_eq!(bytewise, at_once, "a read a byte");
    at_once
}

fn failed(error: ProtocolError) -> Vec<Seen> {
    vec![Seen::Failed(error)]
}

#[test]
fn whole_messages_and_control_frames() {
    let close = [&1000u16.to_be_bytes()[..], b"bye"].concat();
    assert_eq!(
        seen(&[raw(TEXT, "grüß"), raw(BINARY, [0, 255]), raw(PING, "a"), raw(PONG, ""), raw(CLOSE, close)]),
        [
            text("grüß"),
            Seen::Binary(vec![0, 255]),
            Seen::Ping(b"a".into()),
            Seen::Pong(vec![]),
            Seen::Close(Some((1000, "bye".into()))),
        ]
    );
}

#[test]
fn empty_messages_are_messages() {
    assert_eq!(seen(&[raw(TEXT, ""), raw(BINARY, "")]), [text(""), Seen::Binary(vec![])]);
    assert_eq!(seen(&[part(TEXT, ""), part(CONTINUATION, ""), raw(CONTINUATION, "")]), [text("")]);
}

#[test]
fn every_form_of_length_is_read_even_where_a_shorter_one_would_do() {
    for form in [LengthForm::Shortest, LengthForm::Bits16, LengthForm::Bits64] {
        for len in [0, 1, 125, 126, 127, 65_535] {
            let frame = Raw { form, ..raw(BINARY, vec![7; len]) };
            assert_eq!(seen(&[frame]), [Seen::Binary(vec![7; len])], "{form:?} {len}");
        }
    }
    let long = Raw { form: LengthForm::Bits64, ..raw(BINARY, vec![7; 70_000]) };
    assert_eq!(read(&mut server(), &long.bytes()), [Seen::Binary(vec![7; 70_000])]);
}

#[test]
fn each_reserved_bit_is_refused_at_the_first_byte() {
    for bit in [0x40, 0x20, 0x10] {
        for opcode in [TEXT, BINARY, PING, CLOSE, CONTINUATION] {
            assert_eq!(read(&mut server(), &[0x80 | bit | opcode]), failed(ProtocolError::ReservedBits));
        }
        let frames = [raw(TEXT, "ok"), Raw { first: 0x80 | bit | TEXT, ..raw(TEXT, "no") }, raw(PING, "")];
        assert_eq!(seen(&frames), [text("ok"), Seen::Failed(ProtocolError::ReservedBits)]);
    }
}

#[test]
fn each_undefined_opcode_is_refused_at_the_first_byte() {
    for opcode in [3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf] {
        assert_eq!(read(&mut server(), &[0x80 | opcode]), failed(ProtocolError::UnknownOpcode(opcode)));
        assert_eq!(
            seen(&[raw(TEXT, "ok"), raw(opcode, "no")]),
            [text("ok"), Seen::Failed(ProtocolError::UnknownOpcode(opcode))]
        );
    }
}

#[test]
fn a_fragmented_control_frame_is_refused() {
    for opcode in [CLOSE, PING, PONG] {
        assert_eq!(
            seen(&[part(opcode, "x"), raw(CONTINUATION, "y")]),
            failed(ProtocolError::FragmentedControl)
        );
    }
}

#[test]
fn a_control_frame_carries_at_most_125_bytes() {
    assert_eq!(seen(&[raw(PING, [1; 125])]), [Seen::Ping(vec![1; 125])]);
    for opcode in [CLOSE, PING, PONG] {
        assert_eq!(seen(&[raw(opcode, [1; 126])]), failed(ProtocolError::ControlTooLong));
        let wasteful = Raw { form: LengthForm::Bits16, ..raw(opcode, "x") };
        assert_eq!(
            seen(&[wasteful]),
            failed(ProtocolError::ControlTooLong),
            "a long form in a control frame"
        );
    }
}

#[test]
fn a_server_refuses_unmasked_frames_and_a_client_masked_ones() {
    let bare = Raw { key: None, ..raw(TEXT, "hi") };
    assert_eq!(seen(std::slice::from_ref(&bare)), failed(ProtocolError::MaskMissing));
    let mut client = Decoder::new(Role::Client, 100);
    assert_eq!(read(&mut client, &bare.bytes()), [text("hi")]);
    assert_eq!(read(&mut client, &raw(TEXT, "hi").bytes()), failed(ProtocolError::MaskForbidden));
}

#[test]
fn a_length_with_the_top_bit_set_is_refused() {
    for len in [1 << 63, u64::MAX] {
        let frame = Raw { form: LengthForm::Bits64, ..raw(BINARY, "") };
        assert_eq!(read(&mut server(), &frame.header(len)), failed(ProtocolError::LengthOverflow));
    }
}

#[test]
fn fragments_are_joined_and_control_frames_between_them_come_first() {
    let frames = [
        part(TEXT, "one "),
        raw(PING, "p"),
        part(CONTINUATION, "two "),
        raw(PONG, ""),
        raw(CONTINUATION, "three"),
        raw(TEXT, "next"),
    ];
    assert_eq!(
        seen(&frames),
        [Seen::Ping(b"p".into()), Seen::Pong(vec![]), text("one two three"), text("next")]
    );
}

#[test]
fn a_continuation_needs_a_message() {
    let error = ProtocolError::NothingToContinue;
    assert_eq!(seen(&[raw(CONTINUATION, "x")]), failed(error));
    assert_eq!(seen(&[part(CONTINUATION, "x"), raw(TEXT, "y")]), failed(error));
    let after = [part(TEXT, "a"), raw(CONTINUATION, "b"), part(CONTINUATION, "c")];
    assert_eq!(seen(&after), [text("ab"), Seen::Failed(error)]);
    let after_single = [raw(TEXT, "a"), raw(CONTINUATION, "b")];
    assert_eq!(seen(&after_single), [text("a"), Seen::Failed(error)]);
}

#[test]
fn a_message_may_not_begin_inside_another() {
    for second in [raw(TEXT, "x"), part(TEXT, "x"), raw(BINARY, "x"), part(BINARY, "x")] {
        assert_eq!(seen(&[part(TEXT, "a"), second]), failed(ProtocolError::MessageInsideMessage));
    }
}

#[test]
fn a_close_may_be_empty_or_carry_a_code_and_may_interrupt_a_message() {
    assert_eq!(seen(&[raw(CLOSE, "")]), [Seen::Close(None)]);
    assert_eq!(seen(&[raw(CLOSE, [0x03, 0xe8])]), [Seen::Close(Some((1000, String::new())))]);
    assert_eq!(seen(&[part(TEXT, "a"), raw(CLOSE, ""), raw(CONTINUATION, "b")]), [Seen::Close(None)]);
}

#[test]
fn a_close_of_one_byte_is_refused() {
    assert_eq!(seen(&[raw(CLOSE, "x")]), failed(ProtocolError::TruncatedCloseCode));
}

#[test]
fn a_close_with_a_code_that_may_not_travel_is_refused() {
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535u16] {
        assert_eq!(seen(&[raw(CLOSE, code.to_be_bytes())]), failed(ProtocolError::InvalidCloseCode(code)));
    }
}

#[test]
fn a_close_reason_must_be_utf8() {
    let payload = [&1000u16.to_be_bytes()[..], b"\xce\xba\xed\xa0\x80"].concat();
    assert_eq!(seen(&[raw(CLOSE, payload)]), failed(ProtocolError::InvalidCloseReason));
    assert_eq!(ProtocolError::InvalidCloseReason.close_code().get(), 1007);
}

#[test]
fn text_must_be_utf8_whole_or_in_fragments() {
    let invalid = failed(ProtocolError::InvalidText);
    assert_eq!(seen(&[raw(TEXT, b"\xce\xba\xed\xa0\x80edited")]), invalid);
    assert_eq!(seen(&[raw(TEXT, b"cut \xe2\x82")]), invalid);
    assert_eq!(seen(&[part(TEXT, b"cut \xe2\x82"), raw(CONTINUATION, "")]), invalid);
    assert_eq!(seen(&[part(TEXT, b"\xe2\x82"), raw(CONTINUATION, "a")]), invalid);
    assert_eq!(seen(&[part(TEXT, b"\xe2\x82"), raw(PING, ""), raw(CONTINUATION, b"\xac")])[1], text("€"));
    assert_eq!(ProtocolError::InvalidText.close_code().get(), 1007);
}

#[test]
fn binary_need_not_be_utf8() {
    assert_eq!(
        seen(&[part(BINARY, b"\xff\xed\xa0"), raw(CONTINUATION, b"\x80")]),
        [Seen::Binary(b"\xff\xed\xa0\x80".into())]
    );
}

/// Autobahn 6.4.1 and 6.4.2.
#[test]
fn invalid_text_fails_in_the_fragment_that_makes_it_invalid() {
    let valid = "κόσμε".as_bytes();
    for second in [b"\xf4\x90\x80\x80".as_slice(), b"\xf4\x90", b"\xed\xa0", b"\xff"] {
        let mut decoder = server();
        assert_eq!(read(&mut decoder, &part(TEXT, valid).bytes()), []);
        let seen = read(&mut decoder, &part(CONTINUATION, second).bytes());
        assert_eq!(seen, failed(ProtocolError::InvalidText), "{second:x?}");
    }
}

/// Autobahn 6.4.3 and 6.4.4.
#[test]
fn invalid_text_fails_before_its_frame_is_whole() {
    let payload = [b"ok \xf4".as_slice(), b"\x90\x80\x80", b"the rest"].concat();
    let frame = raw(TEXT, &payload);
    let bytes = frame.bytes();
    let upto = bytes.len() - payload.len() + 4;
    let mut decoder = server();
    assert_eq!(read(&mut decoder, &bytes[..upto]), [], "F4 may still become valid");
    assert_eq!(read(&mut decoder, &bytes[upto..=upto]), failed(ProtocolError::InvalidText));
}

#[test]
fn after_an_error_nothing_more_is_taken_and_it_is_told_once() {
    let mut decoder = server();
    assert_eq!(read(&mut decoder, &[0xff]), failed(ProtocolError::ReservedBits));
    assert_eq!(read(&mut decoder, &raw(TEXT, "late").bytes()), []);
    let mut decoder = server();
    assert_eq!(read(&mut decoder, &raw(TEXT, b"\xff").bytes()), failed(ProtocolError::InvalidText));
    assert_eq!(read(&mut decoder, &raw(TEXT, "late").bytes()), []);
}

#[test]
fn after_a_close_nothing_more_is_taken_not_even_garbage() {
    let mut decoder = server();
    let mut input = raw(CLOSE, "").bytes();
    input.extend(raw(TEXT, "late").bytes());
    input.extend([0xff; 40]);
    assert_eq!(read(&mut decoder, &input), [Seen::Close(None)]);
    assert_eq!(read(&mut decoder, &raw(PING, "").bytes()), []);
}

#[test]
fn each_kind_of_violation_has_its_close_code() {
    assert_eq!(ProtocolError::MaskMissing.close_code().get(), 1002);
    assert_eq!(ProtocolError::InvalidCloseCode(5).close_code().get(), 1002);
    assert_eq!(ProtocolError::MessageTooLarge { limit: 1 }.close_code().get(), 1009);
    assert_eq!(ProtocolError::TooManyEmptyFragments.close_code().get(), 1008);
}
