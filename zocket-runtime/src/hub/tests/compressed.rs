//! Receivers that read compressed messages among those that do not.

use super::*;
use crate::{
    compression::Compression,
    wire::{
        codec::Reads,
        decode::{Decoder, Event, Step},
        deflate::Window,
        encode,
        frame::{Opcode, Role},
    },
};

const THRESHOLD: usize = 100;

fn hub() -> Hub<()> {
    let hub = Hub::new(HubConfig { shards: 1, ..config() });
    hub.with_compression(Some(Compression::new().threshold(THRESHOLD)))
}

fn opened_with(hub: &Hub<()>, bits: Option<u8>) -> Bare {
    let link = Link::new(ClientId::random().unwrap(), 1 << 20, ());
    let link = Arc::new(link.reading(Reads { window: bits.and_then(Window::from_bits), ..Reads::default() }));
    hub.register(&link);
    hub.open(&link);
    link
}

/// A text that shrinks, with its number.
fn text(n: usize, length: usize) -> String {
    format!("{n} {}", "all work and no play ".repeat(length / 21 + 1)).chars().take(length).collect()
}

fn message(text: &str) -> Bytes {
    let mut frame = Vec::new();
    encode::frame(&mut frame, Opcode::Text, text.as_bytes());
    frame.into()
}

fn send_text(hub: &Hub<()>, target: &Target, text: &str) -> Sent {
    send_but(hub, target, &[], &message(text), None)
}

/// The pieces that wait for a connection.
fn pieces(link: &Bare) -> Vec<Bytes> {
    std::iter::from_fn(|| link.outbox().take()).collect()
}

/// What a client makes of them.
fn texts(pieces: &[Bytes]) -> Vec<String> {
    let mut decoder = Decoder::new(Role::Client, 1 << 20).permessage_deflate(true);
    let mut bytes = pieces.concat();
    let (mut at, mut texts) = (0, Vec::new());
    loop {
        let Step { consumed, event } = decoder.next(&mut bytes[at..]).unwrap();
        at += consumed;
        match event {
            Some(Event::Text(text)) => texts.push(text.to_owned()),
            Some(other) => panic!("{other:?}"),
            None => return texts,
        }
    }
}

fn is_compressed(piece: &Bytes) -> bool {
    piece[0] & 0x40 != 0
}

#[tokio::test]
async fn a_broadcast_is_compressed_once_and_all_who_can_read_it_share_the_bytes() {
    let hub = hub();
    let [first, second, plain] = [Some(15), Some(15), None].map(|bits| opened_with(&hub, bits));
    let text = text(0, 1000);
    send_text(&hub, &Target::All, &text);
    hub.idle().await;
    let [first, second, plain] = [first, second, plain].map(|link| pieces(&link));
    assert_eq!(first[0].as_ptr(), second[0].as_ptr(), "one compressed frame");
    assert!(is_compressed(&first[0]) && first[0].len() < 100);
    assert_eq!(plain, [message(&text)]);
    assert_eq!(texts(&first), [text]);
}

#[tokio::test]
async fn a_batch_is_put_together_once_for_each_form() {
    let hub = hub();
    let links = [Some(15), Some(15), None, None].map(|bits| opened_with(&hub, bits));
    let sent: Vec<String> = (0..20).map(|n| text(n, if n % 3 == 0 { 50 } else { 500 })).collect();
    for text in &sent {
        send_text(&hub, &Target::All, text);
    }
    hub.idle().await;
    let [first, second, third, fourth] = links.map(|link| pieces(&link));
    assert_eq!((first.len(), third.len()), (1, 1), "a piece a connection");
    assert_eq!((first[0].as_ptr(), third[0].as_ptr()), (second[0].as_ptr(), fourth[0].as_ptr()));
    assert!(first[0].len() * 3 < third[0].len());
    assert_eq!(texts(&first), sent);
    assert_eq!(texts(&third), sent);
}

#[tokio::test]
async fn a_message_goes_out_plain_to_a_window_that_it_does_not_fit_into() {
    let hub = hub();
    let small = opened_with(&hub, Some(9));
    // The largest window is there as well, so that all of these are compressed.
    opened_with(&hub, Some(15));
    let sent = [text(0, 400), text(1, 600), text(2, 400)];
    for text in &sent {
        send_text(&hub, &Target::All, text);
    }
    hub.idle().await;
    let pieces = pieces(&small);
    assert_eq!(pieces.iter().map(is_compressed).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(texts(&pieces), sent);
}

#[tokio::test]
async fn nothing_is_compressed_for_nobody() {
    let hub = hub();
    let plain = opened_with(&hub, None);
    let deflating = opened_with(&hub, Some(15));
    hub.join(&plain, "plain");
    hub.join(&deflating, "both");
    hub.join(&plain, "both");
    let frame = message(&text(0, 500));
    let costs = |target: Target| {
        let before = hub.shards[0].table().queue.len();
        send_but(&hub, &target, &[], &frame, None);
        let table = hub.shards[0].table();
        table.queue[before..].iter().map(|job| job.frame.is_deflated()).collect::<Vec<_>>()
    };
    assert_eq!(costs(Target::All), [true]);
    assert_eq!(costs(Target::Clients(vec![plain.id()])), [false]);
    assert_eq!(costs(Target::Clients(vec![plain.id(), deflating.id()])), [true]);
    assert_eq!(costs(rooms(&["plain"])), [false]);
    assert_eq!(costs(rooms(&["plain", "both"])), [true]);
    assert_eq!(costs(rooms(&["empty"])), [] as [bool; 0]);
    hub.remove(&deflating);
    assert_eq!(costs(Target::All), [false]);
}

#[tokio::test]
async fn both_forms_are_counted_while_they_wait() {
    let hub = hub();
    opened_with(&hub, Some(15));
    let mut sent = Vec::new();
    for n in 0..30_000 {
        sent.push(send_text(&hub, &Target::All, &text(n, 110)).dropped);
        if sent.ends_with(&[1]) {
            break;
        }
    }
    let queued: usize = hub.shards[0].table().queue.iter().map(|job| job.frame.len()).sum();
    assert_eq!(sent.last(), Some(&1), "the queue is bounded");
    assert!(queued + sent.len() * 64 <= config().queue_bytes + 500, "{queued}");
    hub.idle().await;
    assert!(!hub.congested());
}

#[tokio::test]
async fn replies_are_compressed_in_their_place() {
    let hub = hub();
    let caller = opened_with(&hub, Some(15));
    let reply = |text: &str, compress| {
        hub.reply(&caller, compress, |buffer| encode::frame(buffer, Opcode::Text, text.as_bytes()));
    };
    let sent = [text(0, 50), text(1, 500), text(2, 500), text(3, 500), text(4, 500), text(5, 50)];
    reply(&sent[0], true);
    reply(&sent[1], true);
    reply(&sent[2], false);
    send_but(&hub, &Target::All, &[], &message(&sent[3]), Some(&caller));
    // This one waits behind the event.
    reply(&sent[4], true);
    hub.settling(&caller).await;
    reply(&sent[5], true);
    let pieces = pieces(&caller);
    assert_eq!(texts(&pieces), sent);
    // The second reply and the event and reply after it are compressed, the one marked is not.
    let length: usize = pieces.iter().map(Bytes::len).sum();
    assert!((500..1000).contains(&length), "{length}");
}

#[tokio::test]
async fn what_is_marked_as_secret_is_compressed_for_nobody() {
    let hub = hub();
    let link = opened_with(&hub, Some(15));
    let frame = message(&text(0, 500));
    hub.send(&Addressed { target: &Target::All, except: &[], frame: &frame, compress: false }, None);
    hub.idle().await;
    assert_eq!(pieces(&link), [frame]);
}
