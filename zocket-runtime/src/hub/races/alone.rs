//! A session that is the only writer of its stream (TLS, HTTP/2), and what is sent before there is a socket.

use std::{sync::Arc, task::Poll};

use bytes::Buf;
use shuttle::{future::block_on, thread};

use super::{
    super::{CutOff, Link, outbox::Given},
    harness::{Bare, check, frame, id, session},
    outbox::give,
    socket::Socket,
};

/// Two frames from a shard and two replies.
fn writers(link: &Bare) -> [thread::JoinHandle<()>; 2] {
    let (shard, handler) = (Arc::clone(link), Arc::clone(link));
    [
        thread::spawn(move || {
            for n in [10, 11] {
                assert_ne!(give(&shard, &[frame(n, 3)]), Given::Full);
            }
        }),
        thread::spawn(move || {
            for n in [20, 21] {
                handler.outbox().stage(|staged| staged.extend_from_slice(&frame(n, 3)));
                handler.wake();
            }
        }),
    ]
}

/// As `Io::poll_flush` does it for a stream: takes what waits, and puts back what the stream does not take.
async fn stream_session(link: Bare, stream: Socket) {
    std::future::poll_fn(|cx| {
        link.register_waker(cx.waker());
        if link.signalled() && link.signal().is_err() {
            link.set_closed();
            return Poll::Ready(());
        }
        let mut progressed = false;
        while let Some(mut frames) = link.outbox().take() {
            while !frames.is_empty() {
                match stream.try_write(&frames) {
                    Ok(written) => {
                        frames.advance(written);
                        progressed = true;
                    }
                    Err(_) if stream.poll_writable(cx).is_pending() => {
                        link.outbox().put_back(frames, progressed);
                        return Poll::Pending;
                    }
                    Err(_) => {}
                }
            }
        }
        Poll::Pending
    })
    .await;
}

/// Each writer's frames whole, once and in order.
fn assert_whole(received: &[u8]) {
    let frames: Vec<u8> = received.chunks(3).map(|frame| frame[0]).collect();
    assert!(received.chunks(3).all(|frame| frame == [frame[0]; 3]), "two frames in each other: {received:?}");
    let of = |from: u8| frames.iter().copied().filter(|n| n / 10 * 10 == from).collect::<Vec<u8>>();
    assert_eq!((of(10), of(20)), (vec![10, 11], vec![20, 21]), "{received:?}");
}

#[test]
fn a_session_that_alone_can_write_is_woken_for_all_that_comes() {
    check(|| {
        let link: Bare = Arc::new(Link::new(id(0), 1_000, ()));
        let (stream, peer) = Socket::new(2);
        drop(shuttle::future::spawn(stream_session(Arc::clone(&link), stream)));
        let writers = writers(&link);
        assert_whole(&block_on(peer.exactly(12)));
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert!(link.outbox().is_empty() && peer.now().is_empty());
    });
}

#[test]
fn what_a_session_has_taken_out_is_not_written_by_anyone_after_the_end() {
    check(|| {
        let link: Bare = Arc::new(Link::new(id(0), 1_000, ()));
        let (stream, peer) = Socket::new(2);
        drop(shuttle::future::spawn(stream_session(Arc::clone(&link), stream)));
        let writers = writers(&link);
        let killer = Arc::clone(&link);
        let killer = thread::spawn(move || killer.cut_off(CutOff::Killed));
        writers.into_iter().chain([killer]).for_each(|thread| thread.join().unwrap());
        block_on(link.closed());
        assert!(link.outbox().is_empty(), "put back after the end");
        assert!(peer.now().len() <= 2);
        assert!(peer.now().is_empty() && link.outbox().take().is_none());
        assert!(link.is_closed(), "its session has ended");
    });
}

#[test]
fn what_comes_before_the_socket_is_written_when_it_is_there() {
    check(|| {
        let link: Bare = Arc::new(Link::new(id(0), 1_000, ()));
        let writers = writers(&link);
        // The handshake ends meanwhile: its task becomes the session.
        let (socket, peer) = Socket::new(4);
        link.outbox().attach(socket.clone());
        drop(shuttle::future::spawn(session(Arc::clone(&link), socket)));
        assert_whole(&block_on(peer.exactly(12)));
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        assert!(link.outbox().is_empty() && peer.now().is_empty());
    });
}
