//! The envelope parser against serde_json, and the glance at an envelope against the parser.

use serde_json::Value;
use zocket_wire::{
    envelope::{BadMessage, Envelope, Fault, glance, parse},
    json::from_str,
};

use crate::oracle::{MAX_DEPTH, Members, Syntax, depth, syntax, unlimited};

/// The longest `rpcId`, in bytes as sent, quotes included.
const LONGEST_RPC_ID: usize = 256;

/// What must become of a text.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    NotJson,
    /// JSON, but no envelope; with the `rpcId` that the error reply carries.
    Bad(Option<String>),
    Good {
        route: String,
        payload: Option<String>,
        rpc_id: Option<String>,
    },
}

/// Reads `data` as an envelope.
///
/// # Panics
/// Where the parser and serde_json differ.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let ours = parse(text);
    if let Err(bad) = &ours {
        assert!(!matches!(bad.fault, Fault::NotJson { offset } if offset > text.len()), "{ours:?}");
        assert!(!bad.to_string().is_empty());
    }
    if let Some(mut seen) = glance(text)
        && seen.payload.is_some_and(|payload| from_str::<Value>(payload).is_ok())
    {
        seen.payload = seen.payload.map(|payload| payload.trim_matches([' ', '\n', '\r', '\t']));
        assert_eq!(Ok(&seen), ours.as_ref(), "{text:?}");
    }
    let Some(expected) = expected(text) else { return };
    let ours = match ours {
        Ok(Envelope { route, payload, rpc_id }) => Verdict::Good {
            route: route.into_owned(),
            payload: payload.map(str::to_owned),
            rpc_id: rpc_id.map(|id| id.as_json().to_owned()),
        },
        Err(BadMessage { fault: Fault::NotJson { .. } | Fault::TooDeep { .. }, .. }) => Verdict::NotJson,
        Err(BadMessage { rpc_id, .. }) => Verdict::Bad(rpc_id.map(|id| id.as_json().to_owned())),
    };
    assert_eq!(ours, expected, "{text:?}");
}

/// `None` where serde_json cannot tell.
fn expected(text: &str) -> Option<Verdict> {
    match syntax(text) {
        Syntax::Json(_) => {}
        Syntax::Not => return Some(Verdict::NotJson),
        Syntax::HugeNumber => return None,
    }
    let Ok(Members(members)) = unlimited(text) else {
        return Some(if depth(text) > MAX_DEPTH { Verdict::NotJson } else { Verdict::Bad(None) });
    };
    let (mut routes, mut payloads, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    for (key, value) in &members {
        // The envelope's own level does not count for the payload.
        let levels = depth(value.get()) + usize::from(key != "payload");
        if levels > MAX_DEPTH {
            return Some(Verdict::NotJson);
        }
        match key.as_str() {
            "type" => routes.push(value.get()),
            "payload" => payloads.push(value.get()),
            "rpcId" => ids.push(value.get()),
            _ => {}
        }
    }
    // Of several, the last that could be obeyed is the one to answer.
    let is_id = |id: &&&str| id.starts_with('"') && id.len() <= LONGEST_RPC_ID;
    let rpc_id = ids.iter().rfind(is_id).map(|id| (*id).to_owned());
    let id_is_wrong = ids.iter().any(|id| *id != "null" && !is_id(&id));
    let once = routes.len() == 1 && payloads.len() <= 1 && ids.len() <= 1;
    let route = routes.first().and_then(|route| serde_json::from_str::<String>(route).ok());
    Some(match route {
        Some(route) if once && !id_is_wrong => {
            Verdict::Good { route, payload: payloads.first().map(|payload| (*payload).to_owned()), rpc_id }
        }
        _ => Verdict::Bad(rpc_id),
    })
}
