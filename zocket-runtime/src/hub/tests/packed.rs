//! Receivers that speak MessagePack beside those that do not.

use super::*;
use crate::wire::{
    codec::{Codec, Reads},
    deflate::Window,
    message,
};

fn with_msgpack(config: HubConfig) -> Hub<()> {
    Hub::new(config).with_msgpack(true)
}

fn opened_with(hub: &Hub<()>, codec: Codec) -> Bare {
    let link = Link::new(ClientId::random().unwrap(), 1 << 16, ());
    let link = Arc::new(link.reading(Reads { codec, window: None }));
    hub.register(&link);
    hub.open(&link);
    link
}

fn event(n: usize) -> Bytes {
    message::event("step", &n).unwrap()
}

fn packed(n: u8) -> Vec<u8> {
    [b"\x82\x14\x82\xa4type\xa4step\xa7payload", &[n][..]].concat()
}

#[tokio::test]
async fn a_broadcast_is_packed_once_for_all_shards() {
    let hub = with_msgpack(HubConfig { shards: 4, ..config() });
    let packers: Vec<Bare> = (0..40).map(|_| opened_with(&hub, Codec::MsgPack)).collect();
    let plain = opened_with(&hub, Codec::Json);
    send_but(&hub, &Target::All, &[], &event(7), None);
    hub.idle().await;
    let frames: Vec<Bytes> = packers.iter().map(|link| link.outbox().take().unwrap()).collect();
    assert_eq!(frames[0], packed(7));
    // Not merely equal: the very same bytes.
    assert!(frames.iter().all(|frame| std::ptr::eq(frame.as_ptr(), frames[0].as_ptr())));
    assert_eq!(waiting(&plain), event(7));
}

#[tokio::test]
async fn every_way_of_sending_keeps_the_order_and_the_codec() {
    let hub = with_msgpack(HubConfig { shards: 1, ..config() });
    let (packer, plain) = (opened_with(&hub, Codec::MsgPack), opened_with(&hub, Codec::Json));
    for link in [&packer, &plain] {
        hub.join(link, "room");
    }
    let all = [Target::All, rooms(&["room"]), Target::Clients(vec![packer.id(), plain.id()])];
    for n in 0..9 {
        send_but(&hub, &all[n % 3], &[], &event(n), Some(&packer));
    }
    // A reply is written for its one receiver: it is not rewritten on its way.
    hub.reply(&packer, true, |buffer| buffer.extend_from_slice(&packed(99)));
    hub.idle().await;
    assert_eq!(waiting(&packer), (0..9).chain([99]).flat_map(packed).collect::<Vec<u8>>());
    assert_eq!(waiting(&plain), (0..9).flat_map(event).collect::<Vec<u8>>());
}

#[tokio::test]
async fn one_among_many_in_a_room_is_not_missed_and_the_queue_is_counted_right() {
    let hub = with_msgpack(HubConfig { shards: 1, queue_bytes: 400, ..config() });
    for _ in 0..200 {
        hub.join(&opened_with(&hub, Codec::Json), "room");
    }
    let packer = opened_with(&hub, Codec::MsgPack);
    hub.join(&packer, "room");
    // What is made while a message is given out was not counted when it was queued, and is not taken off afterwards.
    for _ in 0..100 {
        assert_eq!(send_but(&hub, &rooms(&["room"]), &[], &event(5), None), Sent { queued: 201, dropped: 0 });
        hub.idle().await;
        assert!(!hub.congested());
    }
    assert_eq!(waiting(&packer), packed(5).repeat(100));
}

#[tokio::test]
async fn what_has_no_such_form_is_left_out_for_those_who_would_need_it() {
    let hub = with_msgpack(HubConfig { shards: 1, ..config() });
    let (packer, plain) = (opened_with(&hub, Codec::MsgPack), opened_with(&hub, Codec::Json));
    let raw = Bytes::from_static(b"\x81\x08\"\\ud800\"");
    let both = Target::Clients(vec![packer.id(), plain.id()]);
    for target in [&Target::All, &both, &Target::All] {
        send_but(&hub, target, &[], &raw, None);
        send_but(&hub, target, &[], &event(1), None);
    }
    send_but(&hub, &Target::All, &[], &raw, None);
    hub.idle().await;
    send_but(&hub, &Target::All, &[], &raw, None);
    hub.idle().await;
    assert_eq!(waiting(&packer), packed(1).repeat(3));
    assert_eq!(waiting(&plain).len(), 5 * raw.len() + 3 * event(1).len());
}

#[test]
fn a_connections_codec_costs_it_a_byte() {
    assert_eq!(size_of::<Reads>(), 1 + size_of::<Option<Window>>());
    assert_eq!(size_of::<Option<Window>>(), 1);
}
