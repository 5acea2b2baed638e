//! The messages on the wire: zocket's envelopes, as schemas.

use serde_json::{Value, json};

/// The type of a reply, and the key of the reply without a payload. Routes do not begin like this.
pub(super) const REPLY: &str = "__rpc_res";
/// The type of an error.
pub(super) const ERROR: &str = "__rpc_err";
pub(super) const PING: &str = "__ping";
pub(super) const PONG: &str = "__pong";

/// More codes are not listed as those that the message for all others does not have.
const MOST_LISTED: usize = 50;

/// What a client sends to call a route.
pub(super) fn call(route: &str, payload: Option<Value>, is_required: bool) -> Value {
    let mut envelope = envelope(route, payload, is_required);
    envelope["properties"]["rpcId"] = json!({
        "description": "Chosen by the client and echoed by the reply. Without one there is no reply.",
        "type": "string",
        // 256 bytes as JSON, quotes included.
        "maxLength": 254,
    });
    envelope
}

/// What the server sends of its own accord.
pub(super) fn event(route: &str, payload: Value) -> Value {
    envelope(route, Some(payload), true)
}

/// What answers a call that succeeded.
pub(super) fn reply(payload: Option<Value>) -> Value {
    let mut envelope = envelope(REPLY, payload, true);
    envelope["properties"]["rpcId"] = json!({"description": "That of the call.", "type": "string"});
    push(&mut envelope["required"], "rpcId");
    envelope
}

/// A message without a payload that does not belong to a router.
pub(super) fn bare(kind: &str) -> Value {
    envelope(kind, None, false)
}

/// What answers a call that is refused with one of the router's own codes.
pub(super) fn error(code: &str, data: Option<Value>) -> Value {
    let mut error = json!({
        "type": "object",
        "properties": {"code": {"type": "string", "const": code}, "message": message()},
        "required": ["code", "message"],
    });
    if let Some(data) = data {
        error["properties"]["data"] = data;
        push(&mut error["required"], "data");
    }
    refusal(error)
}

/// What answers a message that is refused with any code other than `declared`.
pub(super) fn other_error(declared: &[&str]) -> Value {
    let mut code = json!({
        "description": "One of the protocol's own: `BAD_MESSAGE` (no envelope), `UNKNOWN_ROUTE`, `INVALID_PAYLOAD` (see \
                        `issues`), `RESTARTING` (not begun: call again), `INTERNAL`; or one that the \
                        router answers with and does not declare.",
        "type": "string",
        "examples": ["INVALID_PAYLOAD"],
    });
    // The message is one of each call's, and tools repeat it there: a long list would make a document grow by its square.
    if !declared.is_empty() && declared.len() <= MOST_LISTED {
        code["not"] = json!({"enum": declared});
    }
    refusal(json!({
        "type": "object",
        "properties": {
            "code": code,
            "message": message(),
            "issues": {
                "description": "With `INVALID_PAYLOAD`: what is wrong, 20 violations at most.",
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "path": {"description": "Where, as a JSON pointer into the payload.", "type": "string"},
                        "message": {"type": "string"},
                        "keyword": {"description": "The rule, as JSON Schema names it.", "type": "string"},
                    },
                    "required": ["path", "message", "keyword"],
                },
            },
            "issueCount": {
                "description": "How many violations there are, where there are more than are listed.",
                "type": "integer",
                "minimum": 1,
            },
            "data": {"description": "Whatever comes with a code that is not declared."},
        },
        "required": ["code", "message"],
    }))
}

fn message() -> Value {
    json!({"description": "For people.", "type": "string"})
}

fn refusal(error: Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "type": {"type": "string", "const": ERROR},
            "rpcId": {"description": "That of the call, where it had one.", "type": "string"},
            "route": {"description": "The route of a message that had no `rpcId`.", "type": "string"},
            "error": error,
        },
        "required": ["type", "error"],
    })
}

fn envelope(kind: &str, payload: Option<Value>, is_required: bool) -> Value {
    let mut envelope = json!({
        "type": "object",
        "properties": {"type": {"type": "string", "const": kind}},
        "required": ["type"],
    });
    if let Some(payload) = payload {
        envelope["properties"]["payload"] = payload;
        if is_required {
            push(&mut envelope["required"], "payload");
        }
    }
    envelope
}

fn push(list: &mut Value, name: &str) {
    if let Value::Array(items) = list {
        items.push(name.into());
    }
}
