//! What a server sends.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zocket_contract::Issue;

use crate::json::compact;

/// One message of a server.
pub(crate) enum Received<'m> {
    Event {
        route: Cow<'m, str>,
        payload: Option<&'m RawValue>,
    },
    Reply {
        id: Cow<'m, str>,
        payload: Option<&'m RawValue>,
    },
    /// A refusal of a call, or (without an id) of a message that did not ask for a reply.
    Refused {
        id: Option<Cow<'m, str>>,
        error: CallError,
    },
    /// A protocol message that needs no attention.
    Other,
}

#[derive(Deserialize)]
struct Envelope<'m> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'m, str>,
    #[serde(borrow, default, deserialize_with = "present")]
    payload: Option<&'m RawValue>,
    #[serde(rename = "rpcId", borrow)]
    id: Option<Cow<'m, str>>,
    #[serde(borrow)]
    error: Option<&'m RawValue>,
}

/// `null` is a payload; only a missing key means that there is none.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl<'m> Received<'m> {
    /// Reads a message; `None` if it is not one.
    pub(crate) fn parse(text: &'m str) -> Option<Self> {
        let envelope: Envelope<'m> = serde_json::from_str(text).ok()?;
        Some(match (&*envelope.kind, envelope.id, envelope.error) {
            ("__rpc_res", Some(id), _) => Self::Reply { id, payload: envelope.payload },
            ("__rpc_err", id, Some(error)) => Self::Refused { id, error: CallError::parse(error)? },
            (kind, ..) if kind.starts_with("__") => Self::Other,
            _ => Self::Event { route: envelope.kind, payload: envelope.payload },
        })
    }
}

/// Why a server refused a call.
#[derive(Debug)]
pub(crate) struct CallError {
    /// The whole error, as it was sent.
    pub(crate) json: String,
    code: String,
    message: String,
    issues: Vec<Issue>,
    issue_count: u64,
    data: Option<String>,
}

impl CallError {
    fn parse(raw: &RawValue) -> Option<Self> {
        #[derive(Deserialize)]
        struct Fields<'e> {
            code: String,
            #[serde(default)]
            message: String,
            #[serde(default)]
            issues: Vec<Issue>,
            #[serde(default, rename = "issueCount")]
            issue_count: u64,
            #[serde(borrow)]
            data: Option<&'e RawValue>,
        }
        let Fields { code, message, issues, issue_count, data } = serde_json::from_str(raw.get()).ok()?;
        let data = data.map(|data| compact(data.get()));
        Some(Self { json: compact(raw.get()), code, message, issues, issue_count, data })
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        for issue in &self.issues {
            write!(f, "\n  {issue}")?;
        }
        match self.issue_count.saturating_sub(self.issues.len() as u64) {
            0 => {}
            more => write!(f, "\n  and {more} more")?,
        }
        if let Some(data) = &self.data {
            write!(f, "\n  data: {data}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_is_not_nothing_and_no_digit_is_lost() {
        let payload_of = |text| match Received::parse(text) {
            Some(Received::Reply { payload, .. } | Received::Event { payload, .. }) => {
                payload.map(|payload| payload.get())
            }
            _ => panic!("not a reply nor an event: {text}"),
        };
        assert_eq!(payload_of(r#"{"type":"__rpc_res","rpcId":"1"}"#), None);
        assert_eq!(payload_of(r#"{"type":"__rpc_res","rpcId":"1","payload":null}"#), Some("null"));
        let digits = "170141183460469231731687303715884105727";
        assert_eq!(payload_of(&format!(r#"{{"payload":{digits},"type":"a\u0062"}}"#)), Some(digits));
    }

    #[test]
    fn what_is_no_message_is_none() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"__rpc_err","error":{}}"#,
            r#"{"type":"__rpc_err","error":7}"#,
        ] {
            assert!(Received::parse(text).is_none(), "{text}");
        }
        assert!(matches!(Received::parse(r#"{"type":"__pong"}"#), Some(Received::Other)));
        assert!(matches!(Received::parse(r#"{"type":"__rpc_res"}"#), Some(Received::Other)));
    }
}
