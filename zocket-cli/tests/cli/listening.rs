//! `zocket listen` against a running server.

use std::process::{Command, Stdio};

use crate::{
    program::{Running, command, zocket},
    server::{nobody, url},
};

const WATCH: &str = "stock.watch=\"tea\"";

#[test]
fn events_are_printed_as_they_come() {
    let ws = url("ws", "/ws");
    let ran = zocket(&["listen", &ws, "stock.changed", "--call", WATCH, "--count", "3"])
        .exits(0)
        .says(&["listening: ", "Ctrl-C ends"]);
    let expected: String =
        (0..3).rev().map(|left| format!("stock.changed {{\"article\":\"tea\",\"left\":{left}}}\n")).collect();
    assert_eq!(ran.stdout, expected);
    let ran = zocket(&["listen", &ws, "--call", WATCH, "--count", "2", "--json"]).exits(0);
    assert_eq!(
        ran.stdout,
        "{\"event\":\"stock.noise\",\"payload\":{\"text\":\"…\"}}\n\
         {\"event\":\"stock.changed\",\"payload\":{\"article\":\"tea\",\"left\":2}}\n"
    );
}

#[test]
fn each_line_is_there_at_once_and_ctrl_c_ends_well() {
    let running = Running::start(&["listen", &url("ws", "/ws"), "stock.changed", "--call", WATCH, "--json"]);
    for left in (0..3).rev() {
        assert_eq!(
            running.line(),
            format!("{{\"event\":\"stock.changed\",\"payload\":{{\"article\":\"tea\",\"left\":{left}}}}}")
        );
    }
    running.says("reply: stock.watch 3");
    running.signal("INT");
    assert_eq!(running.wait(), Some(0));
}

#[test]
fn a_server_that_closes_says_why() {
    let ws = url("ws", "/ws");
    zocket(&["listen", &ws, "--call", "stock.leave"])
        .exits(1)
        .says(&["error: the server closed the connection: 4001 (closing time)"]);
    zocket(&["listen", &ws, "stock.changed", "--call", WATCH, "--count", "3", "--call", "stock.leave"])
        .exits(0);
}

#[test]
fn the_time_that_was_given_ends_it() {
    let ws = url("ws", "/ws");
    zocket(&["listen", &ws, "--timeout", "200ms"]).exits(0);
    zocket(&["listen", &ws, "--timeout", "200ms", "--count", "1"])
        .exits(1)
        .says(&["fewer than 1 events within the time given"]);
}

#[test]
fn what_is_mistyped_is_told_before_connecting() {
    let ws = url("ws", "/ws");
    zocket(&["listen", &ws, "stock.chnaged"])
        .exits(2)
        .says(&["no event `stock.chnaged`", "did you mean `stock.changed`?"]);
    zocket(&["listen", &ws, "stock.orderNow"]).exits(2).says(&["clients call it", "zocket call"]);
    zocket(&["listen", &ws, "--call", "stock.wacth=1"]).exits(2).says(&["did you mean `stock.watch`?"]);
    zocket(&["listen", &ws, "--call", "stock.watch=1"])
        .exits(1)
        .says(&["does not take this payload", "string"]);
    zocket(&["listen", &ws, "--call", "stock.watch={"]).exits(2).says(&["payload:1:1: not JSON"]);
    zocket(&["listen", &ws, "--no-check", "--call", "stock.watch=1"])
        .exits(1)
        .says(&["`stock.watch`: INVALID_PAYLOAD"]);
    zocket(&["listen", &format!("ws://{}", nobody()), "--no-check"]).exits(3).says(&["cannot reach "]);
}

#[test]
fn a_reader_that_has_enough_ends_it_quietly() {
    let ws = url("ws", "/ws");
    let mut listen = command(&["listen", &ws, "stock.changed", "--call", WATCH, "--json"]);
    let mut child =
        listen.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program to start");
    // Closed before the first event is written.
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program to end");
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(!stderr.contains("error") && !stderr.contains("panicked"), "{stderr}");
}

#[test]
fn it_feeds_a_pipe() {
    // As in a shell: the first line is enough.
    let program = env!("CARGO_BIN_EXE_zocket");
    let script = format!(
        "'{program}' listen {} stock.changed --json --call '{WATCH}' 2>/dev/null | head -n 1",
        url("ws", "/ws")
    );
    let output = Command::new("sh").args(["-c", &script]).output().expect("a shell");
    assert_eq!(
        output.stdout,
        b"{\"event\":\"stock.changed\",\"payload\":{\"article\":\"tea\",\"left\":2}}\n"
    );
}
