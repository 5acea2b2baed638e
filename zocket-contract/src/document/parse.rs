//! Reading a document from an untrusted source.

use serde_json::{Map, Value, error::Category};

use super::shape::{self, Fault};
use super::{Contract, FORMAT, ParseContractError, ParseContractErrorKind as Kind, hash};
use crate::position::Position;

const REGENERATE: &str = "take the file as the server gives it at its contract's route, or as \
                          `zocket::testing::assert_contract` writes it";

impl Contract {
    /// The longest text that is read as a contract: 16 MiB.
    pub const MAX_BYTES: usize = 16 * 1024 * 1024;

    /// Reads a document. A byte order mark at the beginning is skipped.
    ///
    /// # Errors
    /// The text is longer than [`MAX_BYTES`](Self::MAX_BYTES), is not JSON, is not a contract, has another format version, does
    /// not match the [meta-schema](Self::meta_schema), refers to something that it does not define, or was edited by hand. The
    /// error says where.
    pub fn parse(text: &str) -> Result<Self, ParseContractError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > Self::MAX_BYTES {
            let size = Self::MAX_BYTES / (1024 * 1024);
            let message = format!("longer than the {size} MiB that a contract may have");
            return Err(error(Kind::TooLarge, message, "is this the right file?", Position::START, None));
        }
        let mut document: Value = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
        let members = object(&document).map_err(|message| not_a_contract(message, ""))?;
        is_contract(members).map_err(|message| not_a_contract(message, ""))?;
        format(text, &members["format"])?;
        shape::check(&document).map_err(|fault| misshapen(text, fault))?;
        document.sort_all_objects();
        if document["hash"] != hash::of(&document) {
            let message = "the contract was changed by hand: its `hash` does not fit what it says";
            let place = Position::of_value(text, "/hash");
            return Err(error(Kind::Changed, message.into(), REGENERATE, place, Some("/hash")));
        }
        Ok(Self(document))
    }
}

fn error(
    kind: Kind,
    message: String,
    help: &'static str,
    place: Position,
    pointer: Option<&str>,
) -> ParseContractError {
    ParseContractError { kind, message, help, place, pointer: pointer.map(str::to_owned) }
}

fn not_json(text: &str, found: &serde_json::Error) -> ParseContractError {
    let place = Position::of_line(text, found.line(), found.column());
    if text.trim().is_empty() {
        let help = "a contract is what the server gives at its contract's route";
        return error(Kind::NotJson, "the text is empty".into(), help, Position::START, None);
    }
    let said = found.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    let (message, help) = match found.classify() {
        Category::Eof => (format!("the JSON ends too early: {said}"), "was the file cut off?"),
        _ if said.starts_with("recursion limit") => {
            ("nested too deeply to be read".into(), "no contract is nested more than 127 levels deep")
        }
        _ => (format!("not JSON: {said}"), "a contract is a JSON document; is this the right file?"),
    };
    error(Kind::NotJson, message, help, place, None)
}

fn not_a_contract(message: String, pointer: &str) -> ParseContractError {
    let help = "a contract is what the server gives at its contract's route; is this the right file?";
    error(Kind::NotAContract, message, help, Position::START, Some(pointer))
}

fn object(document: &Value) -> Result<&Map<String, Value>, String> {
    document.as_object().ok_or_else(|| {
        let is = match document {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            _ => "an array",
        };
        format!("not a contract: a contract is a JSON object, and this is {is}")
    })
}

/// Distinguishes a contract, even of another format, from anything else.
fn is_contract(members: &Map<String, Value>) -> Result<(), String> {
    let others = [
        ("asyncapi", "an AsyncAPI document"),
        ("openapi", "an OpenAPI document"),
        ("$schema", "a JSON Schema"),
    ];
    let other = others.into_iter().find(|(key, _)| members.contains_key(*key));
    match other {
        _ if members.contains_key("format") => Ok(()),
        Some((_, is)) => Err(format!("not a contract: it has no `format`; this looks like {is}")),
        None => Err("not a contract: it has no `format`".into()),
    }
}

fn format(text: &str, format: &Value) -> Result<(), ParseContractError> {
    let fail = |kind, message: String, help| {
        Err(error(kind, message, help, Position::of_value(text, "/format"), Some("/format")))
    };
    match format.as_u64() {
        Some(FORMAT) => Ok(()),
        Some(newer) if newer > FORMAT => fail(
            Kind::OtherFormat,
            format!("a contract of format {newer}, made by a newer zocket; this one reads format {FORMAT}"),
            "update the `zocket` command line, or the zocket that reads this",
        ),
        Some(older) => fail(
            Kind::OtherFormat,
            format!(
                "a contract of format {older}, which no zocket reads any more; this one reads format {FORMAT}"
            ),
            REGENERATE,
        ),
        None => fail(
            Kind::NotAContract,
            "not a contract: its `format` is no whole number".into(),
            "a contract is what the server gives at its contract's route; is this the right file?",
        ),
    }
}

fn misshapen(text: &str, fault: Fault) -> ParseContractError {
    let Fault { kind, message, pointer, property } = fault;
    let place = match &property {
        Some(property) => Position::of_name(text, &pointer, property),
        None => Position::of_value(text, &pointer),
    };
    error(kind, message, REGENERATE, place, Some(&pointer))
}
