//! A peer that is gone: its connection is over for everybody as soon as this is known, whatever its handlers do.

use std::time::Duration;

use serde_json::json;
use socket2::SockRef;
use tokio::{net::TcpStream, time::timeout};

use super::{
    House, PATIENCE, passed,
    peer::{Peer, call, close},
};

/// Too long to be what ends anything.
const FOREVER: Duration = Duration::from_secs(600);

/// How a client leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    /// It closes its socket.
    HangsUp,
    /// Its kernel resets the connection.
    Resets,
    /// It sends a close frame, and waits.
    Closes,
    /// It says that it sends nothing more, and waits.
    HalfCloses,
}

const ALL: [Going; 4] = [Going::HangsUp, Going::Resets, Going::Closes, Going::HalfCloses];

async fn go(mut stream: TcpStream, going: Going) -> Option<TcpStream> {
    use tokio::io::AsyncWriteExt;
    match going {
        Going::HangsUp => return None,
        Going::Resets => {
            SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
            return None;
        }
        Going::Closes => stream.write_all(&close(1001)).await.unwrap(),
        Going::HalfCloses => stream.shutdown().await.unwrap(),
    }
    Some(stream)
}

/// A handler that waits for the end of its connection, with 60 calls behind it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_hears_of_the_end_whatever_is_queued_behind_it() {
    for going in ALL {
        let house = House::with(|builder| builder.disconnect_grace(FOREVER).close_within(FOREVER)).await;
        let (stream, mut peer) = tcp(&house).await;
        peer.call("join", json!("here")).await;
        peer.send(&call("until_closed", json!(null), 0)).await;
        passed(1, &house.desk.began).await;
        peer.send(&(1..=60).map(|n| call("say", n, n)).collect::<Vec<_>>().concat()).await;
        let connection = house.server.connections().remove(0);
        let waits = go(stream, going).await;
        drop(peer);
        passed(1, &house.desk.told).await;
        timeout(PATIENCE, connection.closed()).await.unwrap();
        assert_eq!((house.server.connection_count(), house.server.room("here").len()), (0, 0), "{going:?}");
        if going == Going::Closes {
            // It waits for its answers, and then for the answer to its close frame.
            let story = Peer::upgraded(waits.unwrap()).story().await;
            story.ends_with(1001);
            assert_eq!(story.replies().len(), 61);
        }
        house.emptied(1).await;
        assert_eq!(*house.desk.rooms.lock().unwrap(), [["here"]]);
    }
}

/// A client over a socket that the test controls.
async fn tcp(house: &House) -> (TcpStream, Peer) {
    let stream = TcpStream::connect(house.address).await.unwrap();
    let other = SockRef::from(&stream).try_clone().unwrap();
    let other: std::net::TcpStream = other.into();
    let other = TcpStream::from_std(other).unwrap();
    (other, Peer::over(stream, "").await)
}

/// A handler that never ends, and a client that is gone: a ping is not answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_answers_no_ping_is_cut_off_also_behind_a_stuck_handler() {
    let soon = Duration::from_millis(50);
    let house =
        House::with(|builder| builder.ping_interval(soon).ping_timeout(soon).disconnect_grace(FOREVER)).await;
    let mut peer = house.peer().await;
    peer.send(&call("hold", 0, 0)).await;
    passed(1, &house.desk.began).await;
    peer.send(&(1..=40).map(|n| call("say", n, n)).collect::<Vec<_>>().concat()).await;
    assert!(peer.is_left_within(PATIENCE).await, "it is still there");
    assert_eq!(house.server.connection_count(), 0);
    house.desk.gate.add_permits(1);
    house.emptied(1).await;
}

/// How many sockets of the server are held by this process: what the kernel alone still has has no inode.
#[cfg(target_os = "linux")]
fn held(house: &House) -> usize {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let port = format!(":{:04X}", house.address.port());
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let ours = rows.filter(|row| row[1].ends_with(&port));
    // 0A: the listener.
    ours.filter(|row| row[3] != "0A" && row[9] != "0").count()
}

/// A hundred clients request a lot and disconnect before they have read it, while their handlers are running.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn descriptors_go_with_their_clients_and_not_with_their_handlers() {
    for going in [Going::HangsUp, Going::Resets, Going::HalfCloses] {
        let house = House::with(|builder| {
            let builder = builder
                .disconnect_grace(FOREVER)
                .stalled_after(FOREVER)
                .ping_interval(FOREVER)
                .ping_timeout(FOREVER);
            builder.outbox_bytes(256 * 1024)
        })
        .await;
        let clients = if going == Going::HangsUp { 100 } else { 10 };
        let mut there = Vec::new();
        for n in 0..clients {
            let (stream, mut peer) = tcp(&house).await;
            peer.send(&[call("text", 2_000_000, n), call("hold", n, n)].concat()).await;
            there.push((stream, peer));
        }
        // The reply is in the outbox before the next call begins.
        if going != Going::HalfCloses {
            while house.server.connection_count() < clients as usize {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(held(&house), clients as usize);
        let mut waiting = Vec::new();
        for (stream, peer) in there {
            waiting.extend(go(stream, going).await.map(|stream| (stream, peer)));
        }
        let gone = async {
            while held(&house) > 0 || house.server.connection_count() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let left = timeout(PATIENCE, gone).await;
        assert!(left.is_ok(), "{going:?}: {} descriptors, {:?}", held(&house), house.server);
        house.desk.gate.add_permits(1_000);
        house.emptied(clients as usize).await;
    }
}
