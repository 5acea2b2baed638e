//! MessagePack and JSON, each rewritten as the other, against rmpv and serde_json.

use rmpv::Value as Packed;
use serde_json::{Map, Value};
use zocket_wire::{
    envelope,
    msgpack::{DecodeError, Fault, from_json, to_json},
};

use crate::oracle::{MAX_DEPTH, Syntax, depth, syntax};

/// The extension type for numbers that MessagePack has no form for.
const NUMBER_EXT: i8 = 1;

/// Rewrites `data`, its first byte apart, which chooses the limit: as MessagePack, and, where it is text, as JSON.
///
/// # Panics
/// If the meaning changes, something that is not a message is accepted, or a limit is exceeded.
pub fn run(data: &[u8]) {
    let Some((choice, message)) = data.split_first() else { return };
    let limit = [0, 10, 100, 4096, 65_536, 1 << 20, 1 << 20, 1 << 20][usize::from(choice & 7)];
    inbound(message, limit);
    if let Ok(text) = std::str::from_utf8(message) {
        outbound(text);
    }
}

/// A client's message.
fn inbound(message: &[u8], limit: usize) {
    let mut json = String::new();
    let ours = to_json(message, &mut json, limit);
    assert!(json.len() <= limit, "more JSON than the limit");
    let mut rest = message;
    let theirs = rmpv::decode::read_value(&mut rest).ok().filter(|_| rest.is_empty());
    match ours {
        Ok(()) => {
            let Syntax::Json(read) = syntax(&json) else {
                // A number of its own, beyond every float.
                assert!(!matches!(syntax(&json), Syntax::Not), "no JSON: {json}");
                return;
            };
            let theirs = theirs.and_then(|value| meant(&value)).expect("a message, for rmpv as well");
            assert!(same(&read, &theirs), "{read} {theirs}");
            // The envelope may refuse it, but not as text.
            let fault = envelope::parse(&json).err().map(|bad| bad.fault);
            let is_json = !matches!(fault, Some(envelope::Fault::NotJson { .. } | envelope::Fault::TooDeep { .. }));
            assert!(is_json || depth(&json) > MAX_DEPTH, "{json}");
            let mut again = Vec::new();
            from_json(&json, &mut again).expect("JSON");
            let mut same_json = String::new();
            to_json(&again, &mut same_json, usize::MAX).expect("a message");
            assert!(
                matches!(syntax(&same_json), Syntax::Json(value) if same(&value, &read)),
                "{json} {same_json}"
            );
        }
        // rmpv reads this byte, which the specification leaves unused, as nil.
        Err(DecodeError::Invalid { fault: Fault::Unused, .. }) => {}
        Err(why) => {
            let has_meaning = theirs.and_then(|value| meant(&value)).is_some_and(|value| {
                let text = value.to_string();
                // It grows by its own spelling of floats and escapes, at most so much.
                depth(&text) <= MAX_DEPTH && text.len() * 8 < limit
            });
            assert!(!has_meaning, "refused: {why}: {message:x?}");
        }
    }
}

/// A server's message.
fn outbound(text: &str) {
    let mut packed = b"before".to_vec();
    let ours = from_json(text, &mut packed);
    let Syntax::Json(meaning) = syntax(text) else {
        assert!(ours.is_err() || matches!(syntax(text), Syntax::HugeNumber), "no JSON, but taken: {text:?}");
        return;
    };
    assert!(ours.is_ok(), "refused: {ours:?} {text:?}");
    let packed = packed.strip_prefix(b"before").expect("what was there before");
    let mut rest = packed;
    let read = rmpv::decode::read_value(&mut rest);
    if depth(text) <= MAX_DEPTH {
        let read = read.expect("MessagePack");
        assert!(rest.is_empty(), "it goes on");
        let read = meant(&read).expect("a message");
        assert!(same(&read, &meaning), "{read} {meaning}");
    }
}

/// The JSON that a value stands for; `None` where it has none.
fn meant(value: &Packed) -> Option<Value> {
    Some(match value {
        Packed::Nil => Value::Null,
        Packed::Boolean(value) => (*value).into(),
        Packed::Integer(value) => match (value.as_u64(), value.as_i64()) {
            (Some(value), _) => value.into(),
            (None, value) => value?.into(),
        },
        Packed::F32(value) => serde_json::Number::from_f64((*value).into())?.into(),
        Packed::F64(value) => serde_json::Number::from_f64(*value)?.into(),
        Packed::String(text) => text.as_str()?.into(),
        Packed::Binary(bytes) => bytes.iter().copied().map(Value::from).collect(),
        Packed::Array(items) => items.iter().map(meant).collect::<Option<_>>()?,
        Packed::Map(members) => {
            let member = |(key, value): &(Packed, Packed)| Some((key.as_str()?.to_owned(), meant(value)?));
            Value::Object(members.iter().map(member).collect::<Option<Map<_, _>>>()?)
        }
        Packed::Ext(NUMBER_EXT, literal) => {
            let literal = std::str::from_utf8(literal).ok()?;
            let is_number = literal.starts_with(|c: char| c == '-' || c.is_ascii_digit());
            serde_json::from_str(literal).ok().filter(|_| is_number && literal.trim() == literal)?
        }
        Packed::Ext(..) => return None,
    })
}

/// Equal, numbers by their value.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        (a, b) => a == b,
    }
}
