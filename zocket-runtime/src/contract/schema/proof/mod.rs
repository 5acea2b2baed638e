//! Compares a schema with the type that it describes, once, when a server is built: does deserializing the type reject
//! everything that the schema rejects? Then individual payloads do not have to be checked against the schema.
//!
//! Attributes do not tell. `#[schemars(…)]` adds to the schema and `#[serde(…)]` changes what is read, independently of each
//! other, and either may be in another crate. So the type itself is probed: it is given texts that are valid except in one
//! place, and our deserializer's error for that place (`must be an integer, not an array`) tells which of its methods the type
//! called there, with which fields or variants ([`Asked`]). We know what each method accepts. The schema says no more than the
//! type if, at every place, it accepts everything that the method does, requires no property that may be missing, and closes
//! no object that the type leaves open.
//!
//! Each schema that can be compared like this has a simple [`Form`]; with any other keyword it counts as saying more. Only
//! visitors written by serde or its derive are trusted to accept what they asked for: after a hand-written `Visitor` the schema
//! is enforced. When in doubt, it is enforced too.

mod bounds;
mod form;
mod sample;

use serde::de::DeserializeOwned;
use serde_json::Value;

use self::bounds::{admit_f32, admit_f64, admit_integers};
use self::form::{Form, Keys, Kind, Struct, in_words, types_of};
use self::sample::{Samples, member};
use crate::wire::json::{Ask, Asked, ErrorKind, ParseError, from_str};
use zocket_contract::pointer::escape;

/// Deserializes a text as one type; returns whether something was read without revealing its shape.
pub(crate) type Reads = fn(&str) -> Result<bool, ParseError>;

/// Reads a text for `T`, as payloads are read.
pub(crate) fn reads<T: DeserializeOwned>(text: &str) -> Result<bool, ParseError> {
    from_str::<T>(text).map(|parsed| parsed.buffered)
}

/// What is known of a schema and its type.
#[derive(Debug, Default)]
pub(super) struct Proof {
    /// Deserializing rejects everything that the schema rejects.
    pub(super) holds: bool,
    /// The place where the schema promises one JSON type and another is read.
    pub(super) contradictions: Vec<Contradiction>,
}

/// No value is ever accepted at this place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contradiction {
    /// A JSON pointer, with `*` for any item or property.
    pub(super) field: String,
    pub(super) promised: String,
    pub(super) read: &'static str,
}

/// Compares the schema `root` with the type that `reads` reads.
pub(super) fn prove(root: &Value, reads: Reads) -> Proof {
    let mut prover = Prover {
        root,
        reads,
        left: MOST_BYTES,
        holds: true,
        contradictions: Vec::new(),
        seen: Vec::new(),
        samples: Samples::default(),
    };
    prover.place(root, &Place::default(), 0);
    Proof { holds: prover.holds, contradictions: prover.contradictions }
}

/// The total number of bytes to read, which takes some milliseconds. A type that needs more is checked message by
/// message.
const MOST_BYTES: usize = 4 << 20;
/// Types nest less deeply than this.
const DEEPEST: usize = 48;

/// A place in a text: what surrounds it.
#[derive(Debug, Clone, Default)]
struct Place {
    before: String,
    after: String,
    /// As errors name it.
    pointer: String,
    /// As users see it.
    field: String,
}

impl Place {
    fn inside(&self, before: &str, after: &str, step: &str, shown: &str) -> Self {
        Self {
            before: format!("{}{before}", self.before),
            after: format!("{after}{}", self.after),
            pointer: format!("{}/{}", self.pointer, escape(step)),
            field: format!("{}/{}", self.field, escape(shown)),
        }
    }
}

struct Prover<'s> {
    root: &'s Value,
    reads: Reads,
    left: usize,
    holds: bool,
    contradictions: Vec<Contradiction>,
    /// Schemas, and the types that were or are being compared with them.
    seen: Vec<(*const Value, Asked)>,
    samples: Samples,
}

impl<'s> Prover<'s> {
    /// Compares what the type reads at `place` with `schema`.
    fn place(&mut self, schema: &'s Value, place: &Place, depth: usize) {
        let form = Form::of(self.root, schema);
        if matches!(form.kind, Kind::Anything) {
            return;
        }
        self.require(form.exact);
        if depth == DEEPEST || self.left == 0 {
            return self.fail();
        }
        let Some(asked) = self.asked(place) else { return self.fail() };
        let takes_null = self.takes(place, "null");
        self.contradiction(schema, asked.what, takes_null, place);
        self.require(form.nullable || !takes_null || asked.what == Ask::Null);
        let sample = self.sample(schema);
        let fits = self.takes(place, &sample);
        self.require(fits);
        let this = (std::ptr::from_ref(form.at), asked);
        if types_read(asked.what) & (form::ARRAY | form::OBJECT) != 0 {
            if self.seen.contains(&this) {
                return;
            }
            self.seen.push(this);
        }
        let is_believed = is_believed(asked.visitor);
        match (&form.kind, asked.what) {
            (Kind::Null, Ask::Null) | (Kind::Bool, Ask::Bool) => {}
            (Kind::Text, Ask::Text | Ask::Char) | (Kind::Char, Ask::Char) => {}
            (Kind::Number(keywords), Ask::Integer { min, max }) => {
                self.require(admit_integers(keywords, min, max));
            }
            (Kind::Number(keywords), ask @ (Ask::F32 | Ask::F64)) => {
                let admits = if ask == Ask::F32 { admit_f32(keywords) } else { admit_f64(keywords) };
                let is_integer = keywords.get("type").is_some_and(|name| names(name, "integer"));
                self.require(admits && !is_integer);
            }
            (Kind::Array(items), Ask::Seq) => {
                self.require(is_believed);
                if let Some(items) = items {
                    self.place(items, &place.inside("[", "]", "0", "*"), depth + 1);
                }
            }
            (Kind::Tuple(items), Ask::Tuple(length)) => {
                self.require(is_believed && items.len() == length);
                self.tuple(items, place, depth);
            }
            (Kind::Struct(fields), Ask::Struct(names)) => {
                self.require(is_believed && same(names, fields.properties.iter().map(|(name, _)| *name)));
                self.structure(fields, place, depth);
            }
            // A map of anything.
            (Kind::Struct(fields), Ask::Map) => {
                self.require(
                    is_believed
                        && fields.properties.is_empty()
                        && fields.required.is_empty()
                        && !fields.closed,
                );
            }
            (Kind::Map(map), Ask::Map) => {
                let keys_fit = self.keys_fit(map.keys, place);
                self.require(is_believed && keys_fit);
                let key = if map.keys == Keys::Any { "k" } else { "0" };
                self.place(map.values, &place.inside(&format!("{{\"{key}\":"), "}", key, "*"), depth + 1);
            }
            (Kind::Enum(variants), Ask::Enum(names)) => {
                self.require(is_believed && same(names, variants.iter().map(|(name, _)| *name)));
                self.variants(variants, place, depth);
            }
            _ => self.fail(),
        }
    }

    fn tuple(&mut self, items: &[&'s Value], place: &Place, depth: usize) {
        let samples: Vec<String> = items.iter().map(|schema| self.sample(schema)).collect();
        if let Some((_, shorter)) = samples.split_last() {
            let takes_fewer = self.takes(place, &format!("[{}]", shorter.join(",")));
            self.require(!takes_fewer);
        }
        for (index, schema) in items.iter().enumerate() {
            let before = samples[..index].iter().fold("[".to_owned(), |all, sample| all + sample + ",");
            let after =
                samples[index + 1..].iter().fold(String::new(), |all, sample| all + "," + sample) + "]";
            let step = index.to_string();
            self.place(schema, &place.inside(&before, &after, &step, &step), depth + 1);
        }
    }

    fn structure(&mut self, fields: &Struct<'s>, place: &Place, depth: usize) {
        let required: Vec<(&str, String)> = fields
            .required
            .iter()
            .map(|name| {
                let schema = fields.properties.iter().find(|(property, _)| property == name);
                let sample = schema.map_or_else(|| "null".to_owned(), |(_, schema)| self.sample(schema));
                (*name, member(name, &sample))
            })
            .collect();
        let without = |left_out: &str| -> Vec<&str> {
            required.iter().filter(|(name, _)| *name != left_out).map(|(_, member)| member.as_str()).collect()
        };
        for (name, _) in &required {
            let takes_less = self.takes(place, &format!("{{{}}}", without(name).join(",")));
            self.require(!takes_less);
        }
        if fields.closed {
            let members: Vec<&str> = std::iter::once(UNKNOWN_MEMBER)
                .chain(required.iter().map(|(_, member)| member.as_str()))
                .collect();
            let takes_more = self.takes(place, &format!("{{{}}}", members.join(",")));
            self.require(!takes_more);
        }
        for (name, schema) in &fields.properties {
            // First, so that it is rejected before anything after it is reached.
            let after = without(name).into_iter().fold(String::new(), |all, member| all + "," + member) + "}";
            let before = format!("{{{}:", Value::from(*name));
            self.place(schema, &place.inside(&before, &after, name, name), depth + 1);
        }
    }

    fn variants(&mut self, variants: &[(&'s str, Option<&'s Value>)], place: &Place, depth: usize) {
        for unknown in [UNKNOWN.to_owned(), format!("{{{UNKNOWN_MEMBER}}}")] {
            let takes_unknown = self.takes(place, &unknown);
            self.require(!takes_unknown);
        }
        for (name, content) in variants {
            let quoted = Value::from(*name).to_string();
            match content {
                None => {
                    let refused = self.read(place, &format!("{{{quoted}:null}}")).err();
                    let asked = refused.and_then(|error| error.asked);
                    self.require(asked.is_some_and(|asked| asked.what == Ask::UnitVariant));
                }
                Some(schema) => {
                    let takes_name_alone = self.takes(place, &quoted);
                    self.require(!takes_name_alone);
                    let place = place.inside(&format!("{{{quoted}:"), "}", name, name);
                    self.place(schema, &place, depth + 1);
                }
            }
        }
    }

    /// Whether a map accepts only property names that its schema allows.
    fn keys_fit(&mut self, keys: Keys, place: &Place) -> bool {
        if keys == Keys::Any {
            return true;
        }
        // Our deserializer accepts integers in the form that the patterns require.
        match self
            .read(place, &format!("{{{UNKNOWN_MEMBER}}}"))
            .err()
            .and_then(|error| error.asked)
            .map(|asked| asked.what)
        {
            Some(Ask::Integer { min, .. }) => keys == Keys::Signed || min == 0,
            _ => false,
        }
    }

    /// What the type asks for at `place`. `None` if that does not show.
    fn asked(&mut self, place: &Place) -> Option<Asked> {
        // A type that accepts both an array and an object does not reveal what it asked for.
        ["[]", "{}"].iter().find_map(|wrong| {
            let error = self.read(place, wrong).err()?;
            // A name that a map rejects has the same path as the value that would follow.
            let is_of_value =
                error.kind == ErrorKind::Data { keyword: "type" } && error.path == place.pointer;
            error.asked.filter(|_| is_of_value).map(|asked| *asked)
        })
    }

    fn contradiction(&mut self, schema: &Value, ask: Ask, takes_null: bool, place: &Place) {
        let promised = types_of(self.root, schema, 8);
        let read = types_read(ask);
        // Accepting `null` is not enough if another type is promised as well.
        let is_kept = match promised {
            form::NULL => takes_null || read == form::NULL,
            _ => promised & !form::NULL & read != 0,
        };
        if promised != 0 && !is_kept {
            let (field, promised, read) = (place.field.clone(), in_words(promised), ask.words());
            let found = Contradiction { field, promised, read };
            if !self.contradictions.contains(&found) {
                self.contradictions.push(found);
            }
        }
    }

    /// Whether `text` is read at `place`, including everything around it.
    fn takes(&mut self, place: &Place, text: &str) -> bool {
        self.read(place, text).is_ok()
    }

    fn read(&mut self, place: &Place, text: &str) -> Result<(), ParseError> {
        let text = format!("{}{text}{}", place.before, place.after);
        self.left = self.left.saturating_sub(text.len());
        if self.left == 0 {
            // Any answer will do: the result is not used any more.
            self.fail();
            return Ok(());
        }
        let (reads, text) = (self.reads, text.as_str());
        // A user's type may panic on input that it does not expect; it should do so only when a message causes it.
        match std::panic::catch_unwind(|| reads(text)) {
            Ok(Ok(buffered)) => {
                self.require(!buffered);
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            Err(_) => {
                self.fail();
                Ok(())
            }
        }
    }

    /// A text that is valid for the schema; some text if none is found.
    fn sample(&mut self, schema: &'s Value) -> String {
        self.samples.of(self.root, schema).unwrap_or_else(|| "null".to_owned())
    }

    fn require(&mut self, holds: bool) {
        self.holds &= holds;
    }

    fn fail(&mut self) {
        self.holds = false;
    }
}

const UNKNOWN: &str = r#""zocket: no such name""#;
const UNKNOWN_MEMBER: &str = r#""zocket: no such name":null"#;

fn names(name: &Value, wanted: &str) -> bool {
    match name {
        Value::Array(names) => names.iter().any(|name| name == wanted),
        name => name == wanted,
    }
}

/// Whether the two lists have the same names. A type also asks for aliases, which no schema has.
fn same<'n>(asked: &[&str], published: impl Iterator<Item = &'n str> + Clone) -> bool {
    asked.iter().all(|asked| published.clone().any(|name| name == *asked))
        && published.clone().all(|name| asked.contains(&name))
}

/// Whether a visitor was written by serde or its derive, judging by the name of its type. If the spelling of such names
/// changes, schemas that could have been skipped are enforced.
fn is_believed(visitor: &str) -> bool {
    let path =
        visitor.split_once("__Visitor").map(|(path, rest)| (path, rest.is_empty() || rest.starts_with('<')));
    match path {
        Some((path, is_whole)) => is_whole && path.ends_with("::"),
        None => visitor.starts_with("serde_core::de::impls::"),
    }
}

/// The JSON types that our deserializer accepts for what was asked.
fn types_read(ask: Ask) -> u8 {
    match ask {
        Ask::Bool => form::BOOL,
        Ask::Integer { .. } | Ask::F32 | Ask::F64 => form::NUMBER,
        Ask::Text | Ask::Char | Ask::UnitVariant => form::TEXT,
        Ask::Bytes => form::TEXT | form::ARRAY,
        Ask::Null => form::NULL,
        Ask::Seq | Ask::Tuple(_) => form::ARRAY,
        Ask::Map | Ask::Struct(_) => form::OBJECT,
        Ask::Enum(_) => form::TEXT | form::OBJECT,
    }
}
