//! The hub alone: links without sockets, whose outboxes are read by the test.

#[cfg(feature = "compression")]
mod compressed;
mod packed;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::FutureExt;
use proptest::prelude::*;

use super::{CutOff, Hub, HubConfig, Link, Sent};
use crate::{
    backplane::{Addressed, Backplane, Target},
    client_id::ClientId,
};

type Bare = Arc<Link<()>>;

fn config() -> HubConfig {
    let hour = Duration::from_secs(3600);
    HubConfig { shards: 2, queue_bytes: 1 << 20, ping_every: hour, pong_within: hour, stalled_after: hour }
}

fn link() -> Bare {
    Arc::new(Link::new(ClientId::random().unwrap(), 1 << 16, ()))
}

fn opened(hub: &Hub<()>) -> Bare {
    let link = link();
    hub.register(&link);
    hub.open(&link);
    link
}

/// One byte a frame.
fn frame(n: u8) -> Bytes {
    Bytes::copy_from_slice(&[n])
}

/// What waits for a connection.
fn waiting(link: &Bare) -> Vec<u8> {
    std::iter::from_fn(|| link.outbox().take()).flatten().collect()
}

fn send(hub: &Hub<()>, target: &Target, n: u8) -> Sent {
    send_but(hub, target, &[], &frame(n), None)
}

fn send_but(
    hub: &Hub<()>,
    target: &Target,
    except: &[ClientId],
    frame: &Bytes,
    origin: Option<&Bare>,
) -> Sent {
    hub.send(&Addressed { target, except, frame, compress: true }, origin)
}

fn rooms(names: &[&str]) -> Target {
    Target::Rooms(names.iter().map(|name| (*name).to_owned()).collect())
}

#[tokio::test]
async fn a_connection_gets_broadcasts_once_it_is_open_and_direct_messages_before() {
    let hub = Hub::new(config());
    let early = link();
    hub.register(&early);
    assert_eq!(send(&hub, &Target::All, 1).queued, 0);
    assert_eq!(send(&hub, &Target::Clients(vec![early.id()]), 2).queued, 1);
    hub.open(&early);
    assert_eq!(send(&hub, &Target::All, 3).queued, 1);
    hub.idle().await;
    assert_eq!(waiting(&early), [2, 3]);
}

#[tokio::test]
async fn the_order_holds_across_broadcasts_rooms_and_direct_messages() {
    let hub = Hub::new(config());
    let (a, b) = (opened(&hub), opened(&hub));
    hub.join(&a, "room");
    send(&hub, &Target::All, 1);
    send(&hub, &rooms(&["room"]), 2);
    send(&hub, &Target::Clients(vec![b.id()]), 3);
    send_but(&hub, &Target::All, &[a.id()], &frame(4), None);
    send(&hub, &Target::Clients(vec![a.id(), b.id()]), 5);
    send(&hub, &Target::All, 6);
    hub.idle().await;
    assert_eq!(waiting(&a), [1, 2, 5, 6]);
    assert_eq!(waiting(&b), [1, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_message_for_one_who_left_does_not_reach_who_came_in_its_place() {
    let hub = Hub::new(HubConfig { shards: 1, ..config() });
    let old = opened(&hub);
    hub.join(&old, "room");
    send(&hub, &Target::Clients(vec![old.id()]), 1);
    send(&hub, &rooms(&["room"]), 2);
    send(&hub, &Target::All, 3);
    // No await since: nothing has been fanned out.
    hub.remove(&old);
    let new = opened(&hub);
    hub.join(&new, "room");
    hub.idle().await;
    assert_eq!(waiting(&new), [] as [u8; 0]);
    send(&hub, &rooms(&["room"]), 4);
    hub.idle().await;
    assert_eq!(waiting(&new), [4]);
}

#[tokio::test]
async fn a_reply_waits_for_what_its_handler_sent_before() {
    let hub = Hub::new(config());
    let caller = opened(&hub);
    hub.reply(&caller, true, |buffer| buffer.push(1));
    send_but(&hub, &Target::All, &[], &frame(2), Some(&caller));
    assert!(hub.settling(&caller).now_or_never().is_none());
    hub.reply(&caller, true, |buffer| buffer.push(3));
    hub.reply(&caller, true, |buffer| buffer.push(4));
    hub.settling(&caller).await;
    hub.reply(&caller, true, |buffer| buffer.push(5));
    assert_eq!(waiting(&caller), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_full_outbox_ends_the_connection_and_only_that() {
    let hub = Hub::new(config());
    let (slow, quick) = (opened(&hub), opened(&hub));
    let large = Bytes::from(vec![0; 1 << 15]);
    for _ in 0..3 {
        send_but(&hub, &Target::All, &[], &large, None);
        hub.idle().await;
        waiting(&quick);
    }
    assert_eq!(slow.signal().err(), Some(CutOff::TooSlow));
    assert!(quick.is_open());
    assert_eq!(waiting(&slow), [] as [u8; 0], "what waited is freed");
}

/// Over TLS, say: its session alone can write, and does so when it is through with what it has read.
#[tokio::test]
async fn replies_that_a_session_has_not_come_to_write_do_not_make_its_client_slow() {
    let hub = Hub::new(config());
    let client = opened(&hub);
    // More than the outbox may hold, as a session may leave it before its turn to write.
    hub.reply(&client, true, |buffer| buffer.extend_from_slice(&[1; (1 << 16) + 1]));
    for _ in 0..2 {
        send_but(&hub, &Target::All, &[], &Bytes::from(vec![2; 1 << 15]), None);
        hub.idle().await;
    }
    assert!(client.is_open(), "cut off before anything was offered to it");
    // Now it is, and the client takes none of it: what comes then is too much.
    let untaken = client.outbox().take().unwrap();
    client.outbox().put_back(untaken, false);
    send(&hub, &Target::All, 3);
    hub.idle().await;
    assert_eq!(client.signal().err(), Some(CutOff::TooSlow));
}

#[tokio::test]
async fn one_message_larger_than_the_outbox_still_goes_to_a_reader_that_is_not_behind() {
    let hub = Hub::new(config());
    let reader = opened(&hub);
    send_but(&hub, &Target::All, &[], &Bytes::from(vec![7; 1 << 17]), None);
    hub.idle().await;
    assert_eq!(waiting(&reader).len(), 1 << 17);
    assert!(reader.is_open());
}

#[tokio::test]
async fn a_full_queue_is_congested_until_it_has_drained() {
    let hub = Hub::new(HubConfig { shards: 1, queue_bytes: 1_000, ..config() });
    let reader = opened(&hub);
    let sent: Vec<Sent> = (0..100).map(|n| send(&hub, &Target::All, n)).collect();
    assert!(hub.congested());
    let queued = sent.iter().filter(|sent| sent.queued == 1).count();
    assert!(sent[queued..].iter().all(|sent| *sent == Sent { queued: 0, dropped: 1 }));
    hub.relieved().await;
    hub.idle().await;
    assert!(!hub.congested());
    assert_eq!(waiting(&reader).len(), queued);
}

#[tokio::test]
async fn counts_see_exceptions_and_count_members_of_several_rooms_once() {
    let hub = Hub::new(config());
    let links: Vec<Bare> = (0..10).map(|_| opened(&hub)).collect();
    for link in &links[..6] {
        hub.join(link, "a");
    }
    for link in &links[4..] {
        hub.join(link, "b");
    }
    let but_the_first = [links[0].id(), links[0].id()];
    assert_eq!(send_but(&hub, &Target::All, &but_the_first, &frame(0), None).queued, 9);
    assert_eq!(send_but(&hub, &rooms(&["a"]), &but_the_first, &frame(0), None).queued, 5);
    assert_eq!(send(&hub, &rooms(&["a", "b"]), 0).queued, 10);
    assert_eq!(send(&hub, &rooms(&["c"]), 0).queued, 0);
    assert_eq!(hub.member_count("a"), 6);
    links.iter().for_each(|link| hub.remove(link));
    assert!(hub.room_names().is_empty());
    assert_eq!(hub.registered(), 0);
    hub.emptied().await;
}

/// Other nodes, in this process.
struct Neighbours(Vec<Arc<Hub<()>>>);

impl Backplane for Neighbours {
    fn publish(&self, message: &Addressed<'_>) {
        for hub in &self.0 {
            hub.deliver(message, None);
        }
    }
}

#[tokio::test]
async fn a_backplane_carries_messages_to_the_connections_of_other_nodes() {
    let other = Arc::new(Hub::new(config()));
    let mut hub = Hub::new(config());
    hub.backplane = Some(Box::new(Neighbours(vec![Arc::clone(&other)])));
    let (here, there, excepted) = (opened(&hub), opened(&other), opened(&other));
    other.join(&there, "room");
    send_but(&hub, &Target::All, &[excepted.id()], &frame(1), None);
    send(&hub, &rooms(&["room"]), 2);
    send(&hub, &Target::Clients(vec![there.id(), here.id()]), 3);
    hub.idle().await;
    other.idle().await;
    assert_eq!(waiting(&here), [1, 3]);
    assert_eq!(waiting(&there), [1, 2, 3]);
    assert_eq!(waiting(&excepted), [] as [u8; 0]);
}

/// Operations on a few connections and rooms.
#[derive(Clone, Debug)]
enum Step {
    Join(usize, usize),
    Leave(usize, usize),
    All(Vec<usize>),
    Rooms(Vec<usize>, Vec<usize>),
    Clients(Vec<usize>),
    Replace(usize),
    Settle,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let link = 0..4_usize;
    let room = 0..3_usize;
    let links = proptest::collection::vec(link.clone(), 0..3);
    let step = prop_oneof![
        3 => (link.clone(), room.clone()).prop_map(|(link, room)| Step::Join(link, room)),
        1 => (link.clone(), room.clone()).prop_map(|(link, room)| Step::Leave(link, room)),
        2 => links.clone().prop_map(Step::All),
        2 => (proptest::collection::vec(room, 1..3), links.clone()).prop_map(|(rooms, but)| Step::Rooms(rooms, but)),
        2 => links.prop_map(Step::Clients),
        1 => link.prop_map(Step::Replace),
        1 => Just(Step::Settle),
    ];
    proptest::collection::vec(step, 0..40)
}

proptest! {
    /// Against a model that delivers at once: each connection gets what was sent to it while it was a member, in order,
    /// once.
    #[test]
    fn what_arrives_is_what_a_hub_without_queues_would_deliver(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let hub = Hub::new(config());
            let name = |room: usize| format!("room-{room}");
            let mut links: Vec<Bare> = (0..4).map(|_| opened(&hub)).collect();
            let mut member = [[false; 3]; 4];
            let mut expected: Vec<Vec<u8>> = vec![Vec::new(); 4];
            for (n, step) in (0..).zip(steps) {
                let ids = |which: &[usize]| which.iter().map(|link| links[*link].id()).collect::<Vec<_>>();
                let mut receivers = Vec::new();
                match &step {
                    Step::Join(link, room) => {
                        assert_eq!(hub.join(&links[*link], &name(*room)), !member[*link][*room]);
                        member[*link][*room] = true;
                    }
                    Step::Leave(link, room) => {
                        assert_eq!(hub.leave(&links[*link], &name(*room)), member[*link][*room]);
                        member[*link][*room] = false;
                    }
                    Step::All(but) => {
                        receivers = (0..4).filter(|link| !but.contains(link)).collect();
                        assert_eq!(send_but(&hub, &Target::All, &ids(but), &frame(n), None).queued, receivers.len());
                    }
                    Step::Rooms(rooms, but) => {
                        let is_member = |link: &usize| rooms.iter().any(|room| member[*link][*room]);
                        receivers = (0..4).filter(|link| is_member(link) && !but.contains(link)).collect();
                        let target = Target::Rooms(rooms.iter().map(|room| name(*room)).collect());
                        assert_eq!(send_but(&hub, &target, &ids(but), &frame(n), None).queued, receivers.len());
                    }
                    Step::Clients(to) => {
                        receivers = (0..4).filter(|link| to.contains(link)).collect();
                        let sent = send_but(&hub, &Target::Clients(ids(to)), &[], &frame(n), None);
                        assert_eq!(sent.queued, receivers.len());
                    }
                    Step::Replace(link) => {
                        hub.remove(&links[*link]);
                        links[*link] = opened(&hub);
                        member[*link] = [false; 3];
                        expected[*link].clear();
                    }
                    Step::Settle => hub.idle().await,
                }
                receivers.iter().for_each(|link| expected[*link].push(n));
            }
            hub.idle().await;
            for (link, expected) in links.iter().zip(expected) {
                assert_eq!(waiting(link), expected);
            }
        });
    }
}
