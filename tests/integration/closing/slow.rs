//! A client that reads slowly is distinguished from one that has stopped.

use std::time::Duration;

use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpSocket, time::sleep};

use super::{
    House, KICKED, passed,
    peer::{Peer, call},
};

/// Too long to be what ends anything.
const FOREVER: Duration = Duration::from_secs(600);

/// A client whose kernel buffers little.
async fn narrow(house: &House) -> Peer {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    Peer::over(socket.connect(house.address).await.unwrap(), "").await
}

/// Reads at some 200 KB/s until this many bytes have arrived: none are lost, whatever is ahead of a ping.
async fn read_slowly(peer: &mut Peer, bytes: usize) -> usize {
    let mut piece = vec![0; 10_000];
    let mut read = 0;
    while read < bytes {
        match peer.stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(length) => read += length,
        }
        sleep(Duration::from_millis(50)).await;
    }
    read
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_steady_reader_is_not_cut_off_though_it_answers_no_ping_in_time() {
    const BLOCKS: usize = 120;
    let soon = Duration::from_millis(200);
    // With little in between, and with as much as the kernels hold, which is ahead of each ping as well.
    for narrow in [true, false] {
        let house = House::with(|builder| {
            let builder =
                builder.ping_interval(soon).ping_timeout(soon).stalled_after(Duration::from_secs(15));
            if narrow { builder.send_buffer_bytes(16 * 1024) } else { builder }
        })
        .await;
        let mut peer = if narrow { self::narrow(&house).await } else { house.peer().await };
        peer.send(&call("blocks", BLOCKS, 1)).await;
        assert_eq!(read_slowly(&mut peer, BLOCKS * 10_000).await / 10_000, BLOCKS, "cut off");
        assert_eq!(house.server.connection_count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_has_stopped_is_cut_off() {
    let house = House::with(|builder| {
        let builder = builder.ping_interval(FOREVER).ping_timeout(FOREVER).disconnect_grace(FOREVER);
        builder.stalled_after(Duration::from_millis(300)).send_buffer_bytes(16 * 1024)
    })
    .await;
    let mut peer = narrow(&house).await;
    let connection = house.connection(&mut peer).await;
    peer.send(&call("blocks", 300, 1)).await;
    house.emptied(1).await;
    assert!(!connection.is_open());
    assert_eq!(house.server.connection_count(), 0);
}

/// The server waits for what was sent before a close, as long as the client is reading it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_gets_all_that_was_sent_before_its_close() {
    const BLOCKS: usize = 100;
    let house = House::with(|builder| {
        builder.close_within(Duration::from_millis(1_500)).send_buffer_bytes(16 * 1024)
    })
    .await;
    let mut peer = narrow(&house).await;
    let connection = house.connection(&mut peer).await;
    peer.call("blocks", json!(0)).await;
    peer.send(&call("blocks", BLOCKS, 1)).await;
    // The reply to the next is behind them.
    peer.send(&call("hold", 1, 2)).await;
    passed(1, &house.desk.began).await;
    connection.disconnect(KICKED, "enough");
    let mut blocks = 0;
    let close = loop {
        let frame = peer.frame().await.expect("a close frame");
        match frame.opcode {
            8 => break frame.payload,
            _ => blocks += usize::from(frame.payload.len() > 10_000),
        }
        // A megabyte in some 4 s: far longer than a client may take that reads nothing.
        sleep(Duration::from_millis(40)).await;
    };
    assert_eq!((blocks, &close[..2]), (BLOCKS, &4001_u16.to_be_bytes()[..]));
    house.desk.gate.add_permits(1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_nothing_is_not_waited_for() {
    let house = House::with(|builder| {
        let builder = builder.ping_interval(FOREVER).ping_timeout(FOREVER).stalled_after(FOREVER);
        builder.close_within(Duration::from_millis(300)).send_buffer_bytes(16 * 1024)
    })
    .await;
    let mut peer = narrow(&house).await;
    let connection = house.connection(&mut peer).await;
    peer.send(&[call("blocks", 300, 1), call("hold", 1, 2)].concat()).await;
    passed(1, &house.desk.began).await;
    house.desk.gate.add_permits(1);
    connection.disconnect(KICKED, "enough");
    house.emptied(1).await;
}
