//! `zocket listen`: events as they come.

use std::{collections::BTreeMap, time::Duration};

use anstyle::{AnsiColor, Style};
use serde_json::{Value, value::RawValue};
use zocket_contract::Contract;

use super::{
    contact,
    first::{self, FirstCall},
};
use crate::{
    args::ListenArgs,
    json::{compact, pretty},
    net::{Connect, Received, ServerUrl, Socket, Told},
    output::{Reader, feed},
    report::{Exit, Failure, Printable, Result, note},
    routes,
};

const ROUTE: Style = AnsiColor::Cyan.on_default().bold();
/// Payloads of up to this many bytes stay on the line of their route.
const SHORT: usize = 100;

pub(crate) fn run(args: &ListenArgs) -> Result<Exit> {
    let server = ServerUrl::parse(&args.contact.url)?;
    let calls = args.calls.iter().map(|call| FirstCall::parse(call)).collect::<Result<Vec<_>>>()?;
    let contract = contact::contract(&args.contact, &server)?;
    if let Some(contract) = &contract {
        check_first(contract, args, &calls)?;
    }
    let headers = contact::headers(&args.contact);
    let connect = contact::connect(&server, &headers, contract.as_ref());
    contact::run(async {
        tokio::select! {
            // First, so that a signal is never missed: the handler is set up before anything else happens.
            biased;
            interrupted = tokio::signal::ctrl_c() => {
                interrupted.map_err(|error| Failure::unusable(format_args!("Ctrl-C cannot be heard: {error}")))?;
                Ok(Exit::Fine)
            }
            () = stdout_closed() => Ok(Exit::Fine),
            () = over(args.timeout) => match args.count {
                Some(count) => Err(Failure::no(format_args!("fewer than {count} events within the time given"))),
                None => Ok(Exit::Fine),
            },
            done = listen(&connect, args, &calls) => done,
        }
    })
}

/// Waits until the given time has passed; forever if there is none.
async fn over(timeout: Option<Duration>) {
    match timeout {
        Some(timeout) => tokio::time::sleep(timeout).await,
        None => std::future::pending().await,
    }
}

/// Waits until nobody reads stdout any more, as after `| head -n 1`: otherwise that would be noticed only at the next
/// event.
#[cfg(unix)]
async fn stdout_closed() {
    use rustix::{
        event::{PollFd, PollFlags, poll},
        io::Errno,
    };
    // A separate thread waits, which does not keep the process alive. It waits only for errors, which are always reported; a
    // file has none.
    let waited = tokio::task::spawn_blocking(|| {
        let stdout = std::io::stdout();
        let mut watched = [PollFd::new(&stdout, PollFlags::empty())];
        loop {
            match poll(&mut watched, None) {
                Err(Errno::INTR) => {}
                Err(_) => return false,
                Ok(_) => return watched[0].revents().intersects(PollFlags::ERR | PollFlags::HUP),
            }
        }
    });
    if !matches!(waited.await, Ok(true)) {
        std::future::pending().await
    }
}

#[cfg(not(unix))]
async fn stdout_closed() {
    std::future::pending().await
}

/// Reports mistyped routes before anything is sent.
fn check_first(contract: &Contract, args: &ListenArgs, calls: &[FirstCall]) -> Result<()> {
    for route in &args.routes {
        routes::event(contract, route)?;
    }
    first::check(contract, calls)?;
    Ok(())
}

async fn listen(connect: &Connect<'_>, args: &ListenArgs, calls: &[FirstCall]) -> Result<Exit> {
    let mut socket = Socket::open(connect).await?;
    let mut unanswered = BTreeMap::new();
    for FirstCall { route, payload } in calls {
        let id = socket.call(route, payload.as_ref().map(|payload| &*payload.text)).await?;
        unanswered.insert(id, route);
    }
    note("listening", format_args!("{}; Ctrl-C ends", connect.server.shown()));
    let mut left = args.count;
    loop {
        let text = match socket.next().await {
            Told::Message(text) => text,
            Told::Closed(why) => return Err(Failure::no(why)),
            Told::Lost(why) => {
                return Err(Failure::unreachable(format_args!("the connection is lost: {why}")));
            }
        };
        match Received::parse(&text) {
            Some(Received::Event { route, payload }) => {
                if !args.routes.is_empty() && !args.routes.iter().any(|wanted| *wanted == route) {
                    continue;
                }
                if feed(&shown(&route, payload, args.json))? == Reader::Gone {
                    return Ok(Exit::Fine);
                }
                left = left.map(|left| left - 1);
                if left == Some(0) {
                    socket.close().await;
                    return Ok(Exit::Fine);
                }
            }
            Some(Received::Reply { id, payload }) => {
                if let Some(route) = unanswered.remove(&*id) {
                    let payload = payload.map(|payload| compact(payload.get())).unwrap_or_default();
                    note("reply", format_args!("{route} {payload}"));
                }
            }
            Some(Received::Refused { id, error }) => {
                let of = id.and_then(|id| unanswered.remove(&*id)).map(|route| format!("`{route}`: "));
                return Err(Failure::no(format_args!("{}{error}", of.unwrap_or_default())));
            }
            Some(Received::Other) => {}
            None => note("warning", "the server sent something that is no message of zocket"),
        }
    }
}

/// One event, including its line break.
fn shown(route: &str, payload: Option<&RawValue>, json: bool) -> String {
    let payload = payload.map(RawValue::get);
    if json {
        let route = Value::from(route);
        return match payload {
            Some(payload) => format!("{{\"event\":{route},\"payload\":{}}}\n", compact(payload)),
            None => format!("{{\"event\":{route}}}\n"),
        };
    }
    let route = Printable(route);
    match payload {
        // Pretty colours, on one line.
        Some(payload) if payload.len() <= SHORT => format!("{ROUTE}{route}{ROUTE:#} {}\n", one_line(payload)),
        Some(payload) => format!("{ROUTE}{route}{ROUTE:#} {}\n", pretty(payload)),
        None => format!("{ROUTE}{route}{ROUTE:#}\n"),
    }
}

fn one_line(payload: &str) -> String {
    Printable(&compact(payload)).to_string()
}
