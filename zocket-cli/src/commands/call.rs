//! `zocket call`: one call, one answer.

use serde_json::json;
use tokio::time::timeout;
use zocket_contract::Contract;

use super::{
    check, contact,
    first::{self, FirstCall},
};
use crate::{
    args::CallArgs,
    json::{compact, pretty},
    net::{Received, ServerUrl, Socket, Told},
    output::print,
    payload::Payload,
    report::{Exit, Failure, Result, note},
    routes,
};

/// The result of a call: the reply, or the error, as the server sent it and as text.
type Outcome = Result<Option<String>, Refused>;

struct Refused {
    json: String,
    words: String,
}

pub(crate) fn run(args: &CallArgs) -> Result<Exit> {
    let server = ServerUrl::parse(&args.contact.url)?;
    let payload = args.payload.as_deref().map(Payload::read).transpose()?;
    let calls = args.calls.iter().map(|call| FirstCall::parse(call)).collect::<Result<Vec<_>>>()?;
    let contract = contact::contract(&args.contact, &server)?;
    if let Some(contract) = &contract {
        first::check(contract, &calls)?;
    }
    if let Some(contract) = &contract
        && let Some(refused) = objection(contract, &args.route, payload.as_ref())?
    {
        return tell(Err(refused), args.json);
    }
    let headers = contact::headers(&args.contact);
    let connect = contact::connect(&server, &headers, contract.as_ref());
    let outcome = contact::run(async {
        let exchange = async {
            let mut socket = Socket::open(&connect).await?;
            let outcome = exchange_all(&mut socket, &calls, &args.route, payload.as_ref()).await;
            socket.close().await;
            outcome
        };
        timeout(args.timeout, exchange).await.unwrap_or_else(|_| {
            let (server, waited) = (server.shown(), args.timeout);
            Err(Failure::unreachable(format_args!("{server} did not answer within {waited:?}"))
                .help("wait longer, as with --timeout 1m"))
        })
    })?;
    tell(outcome, args.json)
}

/// The contract's objections to the call, before it is sent.
fn objection(contract: &Contract, route: &str, payload: Option<&Payload>) -> Result<Option<Refused>> {
    let route = routes::call(contract, route)?;
    if route.is_deprecated() {
        note("warning", format_args!("`{}` is deprecated", route.name()));
    }
    if payload.is_some() && route.payload().is_none() {
        note("warning", format_args!("`{}` takes no payload: the server ignores it", route.name()));
    }
    let Some(violations) = check::objection(contract, route, payload.map(|payload| &*payload.text))? else {
        return Ok(None);
    };
    let message = format!("`{}` does not take this payload; nothing was sent", route.name());
    let words = format!("{message}{}", check::indented(&violations));
    let mut json = json!({"code": "INVALID_PAYLOAD", "message": message, "issues": violations.issues()});
    if violations.more() > 0 {
        json["issueCount"] = violations.count().into();
    }
    Ok(Some(Refused { json: json.to_string(), words }))
}

/// Sends what goes before, each once the one before it is answered, and then the call. What is refused ends it.
async fn exchange_all(
    socket: &mut Socket,
    before: &[FirstCall],
    route: &str,
    payload: Option<&Payload>,
) -> Result<Outcome> {
    for call in before {
        if let Err(Refused { json, words }) = exchange(socket, &call.route, call.payload.as_ref()).await? {
            let words = format!("`{}`, which was to go before, was refused: {words}", call.route);
            return Ok(Err(Refused { json, words }));
        }
    }
    exchange(socket, route, payload).await
}

/// Sends the call and waits for its answer.
async fn exchange(socket: &mut Socket, route: &str, payload: Option<&Payload>) -> Result<Outcome> {
    let sent = socket.call(route, payload.map(|payload| &*payload.text)).await?;
    loop {
        let text = match socket.next().await {
            Told::Message(text) => text,
            Told::Closed(why) | Told::Lost(why) => {
                return Err(Failure::unreachable(format_args!("no answer: {why}"))
                    .help("the call may have been carried out all the same"));
            }
        };
        match Received::parse(&text) {
            Some(Received::Reply { id, payload }) if id == sent => {
                return Ok(Ok(payload.map(|payload| payload.get().to_owned())));
            }
            Some(Received::Refused { id: Some(id), error }) if id == sent => {
                return Ok(Err(Refused { words: error.to_string(), json: error.json }));
            }
            // Events, which are not needed here.
            _ => {}
        }
    }
}

fn tell(outcome: Outcome, json: bool) -> Result<Exit> {
    match outcome {
        Ok(reply) if json => {
            let reply = reply.as_deref().map_or_else(|| "null".to_owned(), compact);
            print(&format!("{{\"reply\":{reply}}}\n")).map(|()| Exit::Fine)
        }
        Ok(Some(reply)) => print(&format!("{}\n", pretty(&reply))).map(|()| Exit::Fine),
        Ok(None) => {
            note("done", "the server answered, without a payload");
            Ok(Exit::Fine)
        }
        Err(refused) if json => print(&format!("{{\"error\":{}}}\n", refused.json)).map(|()| Exit::No),
        Err(refused) => Err(Failure::no(refused.words)),
    }
}
