//! Order, concurrency, slow readers, and what ends a connection.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::json;
use tokio::sync::{Notify, Semaphore};
use zocket::{Server, testing::connect};

/// What handlers wait for and leave behind.
#[derive(Clone)]
pub struct Stage {
    gate: Arc<Semaphore>,
    began: Arc<Notify>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Stage {
    fn new() -> Self {
        Self { gate: Arc::new(Semaphore::new(0)), began: Arc::default(), log: Arc::default() }
    }

    fn log(&self, line: impl Into<String>) {
        self.log.lock().unwrap().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

#[zocket::router]
mod app {
    use super::Stage;
    use zocket::{Ctx, State};

    #[outgoing]
    pub struct Number {
        pub n: u32,
    }

    #[on_disconnect]
    async fn gone(State(stage): State<Stage>) {
        stage.log("gone");
    }

    #[incoming]
    async fn wait(State(stage): State<Stage>, n: u32) -> u32 {
        stage.log(format!("begin {n}"));
        stage.began.notify_one();
        stage.gate.acquire().await.unwrap().forget();
        stage.log(format!("end {n}"));
        n
    }

    #[incoming(concurrent)]
    async fn beside(State(stage): State<Stage>, n: u32) -> u32 {
        stage.log(format!("begin {n}"));
        stage.began.notify_one();
        stage.gate.acquire().await.unwrap().forget();
        n
    }

    #[incoming]
    async fn until_closed(ctx: Ctx<()>, State(stage): State<Stage>) {
        stage.began.notify_one();
        ctx.closed().await;
        stage.log("noticed");
    }

    #[incoming]
    async fn quick(n: u32) -> u32 {
        n
    }

    #[incoming]
    async fn numbers(count: u32) -> u32 {
        for n in 0..count {
            send::number(Number { n }).broadcast();
        }
        count
    }

    #[incoming]
    async fn large(bytes: usize) -> String {
        "x".repeat(bytes)
    }
}

fn server(stage: &Stage) -> Server<()> {
    Server::builder(app::router()).fan_out_tasks(3).state(stage.clone()).build()
}

#[tokio::test(start_paused = true)]
async fn messages_of_one_connection_are_handled_in_order() {
    let stage = Stage::new();
    let server = server(&stage);
    let mut client = connect(&server).await.unwrap();
    for n in 0..3 {
        client.send_text(&json!({"type": "wait", "payload": n, "rpcId": n.to_string()}).to_string()).await;
    }
    client.send_text(r#"{"type":"quick","payload":9,"rpcId":"q"}"#).await;
    stage.gate.add_permits(3);
    let mut replies = Vec::new();
    for _ in 0..4 {
        replies.push(client.next_message().await["payload"].clone());
    }
    assert_eq!(replies, [0, 1, 2, 9]);
    assert_eq!(stage.lines(), ["begin 0", "end 0", "begin 1", "end 1", "begin 2", "end 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_concurrent_call_lets_others_overtake() {
    let stage = Stage::new();
    let server = server(&stage);
    let mut client = connect(&server).await.unwrap();
    client.send_text(r#"{"type":"beside","payload":1,"rpcId":"slow"}"#).await;
    assert_eq!(client.call::<u32>("quick", &2).await.unwrap(), 2);
    stage.gate.add_permits(1);
    assert_eq!(client.next_message().await["rpcId"], "slow");
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_are_bounded() {
    let stage = Stage::new();
    let server = Server::builder(app::router()).state(stage.clone()).concurrent_calls(2).build();
    let mut client = connect(&server).await.unwrap();
    for n in 0..5 {
        client.send("beside", &n).await;
    }
    // Two have started, and the ping behind the five is answered: the others wait.
    client.drain().await;
    assert_eq!(stage.lines(), ["begin 0", "begin 1"]);
    stage.gate.add_permits(5);
    assert_eq!(client.call::<u32>("quick", &0).await.unwrap(), 0);
    assert_eq!(stage.lines().len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_receiver_sees_one_senders_messages_in_order_and_before_the_reply() {
    let stage = Stage::new();
    let server = server(&stage);
    let mut sender = connect(&server).await.unwrap();
    let mut receivers = Vec::new();
    for _ in 0..20 {
        receivers.push(connect(&server).await.unwrap());
    }
    for _ in 0..10 {
        assert_eq!(sender.call::<u32>("numbers", &50).await.unwrap(), 50);
        let own: Vec<u64> =
            sender.drain().await.iter().map(|m| m["payload"]["n"].as_u64().unwrap()).collect();
        assert_eq!(own, (0..50).collect::<Vec<u64>>());
    }
    for receiver in &mut receivers {
        let got = receiver.drain().await;
        let got: Vec<u64> = got.iter().map(|message| message["payload"]["n"].as_u64().unwrap()).collect();
        assert_eq!(got, (0..10).flat_map(|_| 0..50).collect::<Vec<u64>>());
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_has_begun_is_finished_after_its_client_is_gone() {
    let stage = Stage::new();
    let server = server(&stage);
    let mut client = connect(&server).await.unwrap();
    client.send("wait", &1).await;
    client.send("wait", &2).await;
    stage.began.notified().await;
    let hung_up = tokio::spawn(client.hang_up());
    stage.gate.add_permits(2);
    hung_up.await.unwrap();
    // What had arrived completely was handled, and the hook came last.
    assert_eq!(stage.lines(), ["begin 1", "end 1", "begin 2", "end 2", "gone"]);
}

#[tokio::test(start_paused = true)]
async fn a_handler_can_watch_for_the_end_and_is_dropped_after_the_grace() {
    let stage = Stage::new();
    let server = server(&stage);
    let mut client = connect(&server).await.unwrap();
    client.send("until_closed", &()).await;
    stage.began.notified().await;
    client.hang_up().await;
    assert_eq!(stage.lines(), ["noticed", "gone"]);

    let stage = Stage::new();
    let short = Duration::from_millis(20);
    let server = Server::builder(app::router()).state(stage.clone()).disconnect_grace(short).build();
    let mut client = connect(&server).await.unwrap();
    client.send("wait", &1).await;
    stage.began.notified().await;
    client.hang_up().await;
    assert_eq!(stage.lines(), ["begin 1", "gone"]);

    // What waits behind such a handler is dropped with it, however much it is and however the client left.
    for (messages, close) in [(2, false), (100, false), (2, true)] {
        let stage = Stage::new();
        let builder = Server::builder(app::router()).state(stage.clone());
        // With so many that the session stops reading, only a ping shows that the client is gone.
        let server = builder.disconnect_grace(short).ping_interval(short).ping_timeout(short).build();
        let mut client = connect(&server).await.unwrap();
        for n in 0..messages {
            client.send("wait", &n).await;
        }
        stage.began.notified().await;
        if close {
            client.close().await
        } else {
            client.hang_up().await
        }
        assert_eq!(stage.lines().first().map(String::as_str), Some("begin 0"));
        assert_eq!(stage.lines().last().map(String::as_str), Some("gone"));
        assert_eq!(server.connection_count(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn pings_and_closes_are_seen_while_a_handler_runs() {
    let stage = Stage::new();
    let server = server(&stage);
    let mut client = connect(&server).await.unwrap();
    client.send("wait", &1).await;
    stage.began.notified().await;
    assert!(client.drain().await.is_empty(), "the ping was answered");
    let closed = tokio::spawn(client.close());
    stage.gate.add_permits(1);
    closed.await.unwrap();
    assert_eq!(stage.lines(), ["begin 1", "end 1", "gone"]);
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_is_too_slow_is_cut_off_and_the_others_are_not() {
    let stage = Stage::new();
    let server = Server::builder(app::router()).state(stage.clone()).outbox_bytes(64 * 1024).build();
    let mut sender = connect(&server).await.unwrap();
    let mut slow = connect(&server).await.unwrap();
    slow.stop_reading();
    let connection = server.connection(slow.client_id()).unwrap();
    let mut seen = 0;
    while connection.is_open() {
        sender.call::<u32>("numbers", &100).await.unwrap();
        seen += sender.drain().await.len();
        assert!(seen < 100_000, "the slow reader was never cut off");
    }
    connection.closed().await;
    assert_eq!(sender.call::<u32>("quick", &1).await.unwrap(), 1);
    drop(slow);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_its_replies_is_not_served_more() {
    let stage = Stage::new();
    let server = Server::builder(app::router()).state(stage.clone()).outbox_bytes(100 * 1024).build();
    let mut client = connect(&server).await.unwrap();
    let total = 100;
    for n in 0..total {
        client
            .send_text(&json!({"type": "large", "payload": 50_000, "rpcId": n.to_string()}).to_string())
            .await;
    }
    // All are answered, as fast as they are read: nothing was lost and nobody was cut off.
    for n in 0..total {
        assert_eq!(client.next_message().await["rpcId"], n.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_pinged_and_then_given_up() {
    let stage = Stage::new();
    let short = Duration::from_millis(40);
    let server =
        Server::builder(app::router()).state(stage.clone()).ping_interval(short).ping_timeout(short).build();
    // This one answers pings.
    let mut alive = connect(&server).await.unwrap();
    // This one does not read at all.
    let mut dead = connect(&server).await.unwrap();
    dead.stop_reading();
    let connection = server.connection(dead.client_id()).unwrap();
    tokio::select! {
        () = connection.closed() => {}
        message = alive.next_message() => panic!("{message}"),
    }
    assert_eq!(alive.call::<u32>("quick", &1).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn drain_lets_handlers_finish_and_closes_with_1012() {
    let stage = Stage::new();
    let server = server(&stage);
    let mut busy = connect(&server).await.unwrap();
    let mut idle = connect(&server).await.unwrap();
    busy.send_text(r#"{"type":"wait","payload":1,"rpcId":"last"}"#).await;
    stage.began.notified().await;
    let draining = {
        let server = server.clone();
        tokio::spawn(async move { server.drain(Duration::from_secs(5)).await })
    };
    assert_eq!(idle.closed().await.0, 1012);
    let rejected = connect(&server).await.unwrap_err();
    assert_eq!(rejected.status, 503);
    stage.gate.add_permits(1);
    assert_eq!(busy.next_message().await["rpcId"], "last");
    assert_eq!(busy.closed().await.0, 1012);
    assert_eq!(draining.await.unwrap().cut_off, 0);
    assert_eq!(stage.lines().iter().filter(|line| *line == "gone").count(), 2);
}

#[tokio::test(start_paused = true)]
async fn drain_cuts_off_what_is_left_at_its_deadline() {
    let stage = Stage::new();
    let server = server(&stage);
    let mut client = connect(&server).await.unwrap();
    client.send("wait", &1).await;
    stage.began.notified().await;
    assert_eq!(server.drain(Duration::from_millis(20)).await.cut_off, 1);
    assert_eq!(stage.lines(), ["begin 1", "gone"]);
    assert_eq!(client.closed().await.0, 1006);
}
