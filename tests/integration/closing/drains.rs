//! A restart that loses nothing, within its time.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, sync::Semaphore, time::timeout};

use super::{
    House, PATIENCE, Traffic, app, passed,
    peer::{Peer, call, close},
};

/// Too long to be what ends anything.
const FOREVER: Duration = Duration::from_secs(600);

/// The first of the broadcasts that come after a close frame.
const LATE: u64 = 2_000_000;

/// A client with a running call, which a drain waits for: counts late broadcasts.
async fn staying(house: &House) -> Arc<Semaphore> {
    let late = Arc::new(Semaphore::new(0));
    let mut peer = house.peer().await;
    peer.send(&call("hold", 1, 1)).await;
    passed(1, &house.desk.began).await;
    let counted = Arc::clone(&late);
    tokio::spawn(async move {
        while let Some(frame) = peer.frame().await.filter(|frame| frame.opcode == 1) {
            let message: serde_json::Value = serde_json::from_slice(&frame.payload).unwrap();
            counted.add_permits(usize::from(message["payload"]["n"].as_u64() >= Some(LATE)));
        }
    });
    late
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_drains_while_everybody_is_talked_to() {
    for _ in 0..20 {
        let house = House::new().await;
        let late = staying(&house).await;
        let traffic = Traffic::through(&house).await;
        let mut peer = house.peer().await;
        peer.call("whoami", json!(null)).await;
        traffic.goes_on(10).await;
        let note = |n| app::send::note(app::Note { n }).via(&house.server).broadcast();
        assert_eq!(note(42).queued(), 3);
        let draining = house.draining(FOREVER);
        let mut story = peer.until_close().await;
        // The one with the running call still receives events.
        for n in 0..100 {
            note(LATE + n);
        }
        passed(100, &late).await;
        peer.read_to_the_end(&mut story).await;
        story.ends_with(1012);
        assert!(story.notes().contains(&42), "what was sent before the drain is lost");
        house.desk.gate.add_permits(1);
        assert_eq!(timeout(PATIENCE, draining).await.unwrap().unwrap().cut_off, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_hear_the_last_broadcast() {
    let house = House::new().await;
    let mut peers = Vec::new();
    for _ in 0..100 {
        let mut peer = house.peer().await;
        peer.call("whoami", json!(null)).await;
        peers.push(peer);
    }
    assert_eq!(app::send::note(app::Note { n: 42 }).via(&house.server).broadcast().queued(), 100);
    let draining = house.draining(FOREVER);
    let reading = peers.into_iter().map(|peer| tokio::spawn(peer.story())).collect::<Vec<_>>();
    for story in reading {
        let story = story.await.unwrap();
        story.ends_with(1012);
        assert_eq!(story.notes(), [42]);
    }
    assert_eq!(draining.await.unwrap().cut_off, 0);
    assert_eq!(house.server.connection_count(), 0);
}

/// In a single-threaded runtime, once the drain is seen to have begun, all connections have been asked. Each call that has arrived is run
/// and answered, or answered with `RESTARTING` and not run.
async fn all_are_answered(count: u64) {
    let house = House::new().await;
    let peer = house.peer().await;
    let calls = (1..=count).map(|n| if n == 1 { call("hold", n, n) } else { call("say", n, n) });
    let (mut peer, mut writer) = peer.split();
    let calls = calls.collect::<Vec<_>>().concat();
    let writing = tokio::spawn(async move {
        writer.write_all(&calls).await.unwrap();
        writer
    });
    passed(1, &house.desk.began).await;
    // The drain begins while the first call is running.
    let draining = house.draining(FOREVER);
    while !refused(&house).await {}
    house.desk.gate.add_permits(1);
    let mut story = peer.until_close().await;
    let mut writer = timeout(PATIENCE, writing).await.unwrap().unwrap();
    writer.write_all(&close(1012)).await.unwrap();
    peer.read_to_the_end(&mut story).await;
    story.ends_with(1012);
    let of_calls = story.messages.iter().filter_map(|message| message["rpcId"].as_str());
    let mut answered: Vec<u64> = of_calls.map(|id| id.parse().unwrap()).collect();
    let (replies, errors) = (story.replies(), story.errors());
    assert!(!errors.is_empty() && errors.iter().all(|code| *code == "RESTARTING"), "{errors:?}");
    answered.sort_unstable();
    // With so many, the last may arrive after the server has answered all that were there.
    let all = (1..=answered.len() as u64).collect::<Vec<_>>();
    assert!(answered == all && (count > 200 || answered.len() == 200), "{answered:?}");
    assert!(replies.len() > 30, "{} were run, which had been read before", replies.len());
    // Those that were answered so, and no others, were run: all but the first say what they do.
    assert_eq!(story.notes(), replies[1..].iter().map(|n| n.as_u64().unwrap()).collect::<Vec<_>>());
    assert_eq!(timeout(PATIENCE, draining).await.unwrap().unwrap().cut_off, 0);
}

/// Whether the server refuses new clients.
async fn refused(house: &House) -> bool {
    let mut peer = Peer::knocking(TcpStream::connect(house.address).await.unwrap(), "/ws", "").await;
    let head = peer.head().await;
    if !head.starts_with("HTTP/1.1 503 ") {
        return false;
    }
    assert!(head.contains("retry-after: "), "{head}");
    true
}

#[tokio::test]
async fn two_hundred_calls_that_have_arrived_are_all_answered() {
    all_are_answered(200).await;
}

#[tokio::test]
async fn of_twelve_thousand_none_is_left_out() {
    all_are_answered(12_000).await;
}

/// One that never pauses is closed all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_goes_on_calling_is_closed() {
    let house = House::new().await;
    let (mut peer, mut writer) = house.peer().await.split();
    let calls = call("unknown", "x".repeat(30_000), 1);
    let writing = tokio::spawn(async move { while writer.write_all(&calls).await.is_ok() {} });
    peer.message().await;
    let draining = house.draining(FOREVER);
    let story = peer.until_close().await;
    assert_eq!(story.close.as_ref().map(|(code, _)| *code), Some(1012));
    writing.abort();
    drop(peer);
    timeout(PATIENCE, draining).await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deadline_bounds_on_connect() {
    let house = House::with(|builder| builder.connect_within(FOREVER)).await;
    let mut peer =
        Peer::knocking(TcpStream::connect(house.address).await.unwrap(), "/ws?plan=wait", "").await;
    passed(1, &house.desk.began).await;
    let drained = timeout(PATIENCE, house.draining(Duration::from_millis(300))).await;
    drained.expect("the drain to end in time").unwrap();
    let head = peer.head().await;
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("retry-after: "), "{head}");
    assert_eq!((house.desk.connected(), house.server.connection_count()), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_deadline_bounds_handlers_and_on_disconnect() {
    for hook_hangs in [false, true] {
        let house = House::with(|builder| builder.disconnect_grace(FOREVER)).await;
        house.desk.hangs.store(hook_hangs, Ordering::SeqCst);
        let mut stuck = house.peer().await;
        stuck.send(&call("hold", 1, 1)).await;
        passed(1, &house.desk.began).await;
        let mut idle = house.peer().await;
        idle.call("whoami", json!(null)).await;
        let draining = house.draining(Duration::from_millis(500));
        idle.story().await.ends_with(1012);
        let drained = timeout(PATIENCE, draining).await.expect("the drain to end in time").unwrap();
        assert_eq!(drained.cut_off, 1, "the one whose handler never ends");
        // Both had their hook, once.
        house.emptied(2).await;
        assert_eq!(house.desk.ended.available_permits(), 0);
    }
}

/// Its handler never ends, and then its hook blocks its thread: it is cut off once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_counted_twice() {
    let house = House::with(|builder| builder.disconnect_grace(FOREVER)).await;
    house.desk.blocks.store(true, Ordering::SeqCst);
    let mut stuck = house.peer().await;
    stuck.send(&call("hold", 1, 1)).await;
    passed(1, &house.desk.began).await;
    let drained = timeout(PATIENCE, house.draining(Duration::from_millis(100))).await.unwrap().unwrap();
    assert_eq!(drained.cut_off, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_drain_may_take_for_ever() {
    let house = House::new().await;
    let mut peer = house.peer().await;
    peer.call("whoami", json!(null)).await;
    let draining = house.draining(Duration::MAX);
    peer.story().await.ends_with(1012);
    assert_eq!(timeout(PATIENCE, draining).await.unwrap().unwrap().cut_off, 0);
}

/// Otherwise they would all come back together. Until its turn, a connection works as before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_all_are_closed_at_once() {
    const CLIENTS: usize = 40;
    let house = House::with(|builder| builder.drain_rate(1)).await;
    let mut peers = Vec::new();
    for _ in 0..CLIENTS {
        let mut peer = house.peer().await;
        let id = house.connection(&mut peer).await.client_id();
        peers.push((id, peer));
    }
    let began = Instant::now();
    let draining = house.draining(FOREVER);
    while house.server.connection_count() == CLIENTS {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let left = house.server.connection_count();
    // A second for each: if this machine were so slow that all had gone, that would show here as well.
    assert!(left >= CLIENTS - 3 - began.elapsed().as_secs() as usize * 2, "{left} of {CLIENTS} are left");
    // The last by their ids, which have their turn by them, are served as ever.
    peers.sort_unstable_by_key(|(id, _)| *id);
    let (_, last) = peers.last_mut().unwrap();
    assert_eq!(last.call("say", json!(5)).await, 5);
    drop(peers);
    assert_eq!(timeout(PATIENCE, draining).await.unwrap().unwrap().cut_off, 0);
}
