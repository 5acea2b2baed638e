//! Property names as serde reads them: strings, and numbers and booleans as map keys.

use serde::de::{self, Visitor};

use super::Deserializer;
use super::access::UnitVariant;
use crate::json::asked::{Ask, Asked};
use crate::json::error::{Error, Result};
use crate::json::string::RawStr;

/// A property name, already read, including the colon.
pub(super) struct Key<'a, 'de> {
    pub(super) de: &'a mut Deserializer<'de>,
    pub(super) key: RawStr<'de>,
}

impl<'de> Key<'_, 'de> {
    /// Reads the name as a number or boolean, with nothing around it.
    fn literal<T: de::DeserializeOwned>(self, asked: Asked, is_part: fn(u8) -> bool) -> Result<T> {
        let text = self.key.text();
        // `-0` would be a second name for the key `0`.
        let whole = text != "-0" && text.bytes().all(is_part);
        let value = if whole { read(&text) } else { None };
        value.ok_or_else(|| {
            let expected = if asked.what == Ask::Bool { "`true` or `false`" } else { asked.what.words() };
            Error::data("propertyNames", format!("the property name must be {expected}")).asked(asked)
        })
    }
}

fn read<T: de::DeserializeOwned>(text: &str) -> Option<T> {
    crate::json::from_str(text).ok().map(|parsed| parsed.value)
}

fn integer(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b'-'
}

fn float(byte: u8) -> bool {
    integer(byte) || matches!(byte, b'+' | b'.' | b'e' | b'E')
}

fn letter(byte: u8) -> bool {
    byte.is_ascii_lowercase()
}

macro_rules! numbers {
    ($($deserialize:ident $visit:ident $number:ident $is_part:ident $ask:expr,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let value: $number = self.literal(Asked::by::<V>($ask), $is_part)?;
            visitor.$visit(value)
        }
    )*};
}

macro_rules! integers {
    ($($deserialize:ident $visit:ident $int:ident,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let ask = Ask::Integer { min: $int::MIN as i128, max: $int::MAX as u128 };
            let value: $int = self.literal(Asked::by::<V>(ask), integer)?;
            visitor.$visit(value)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Key<'_, 'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.de.visit_str(&self.key, visitor)
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.de.visit_str(&self.key, visitor)
    }

    integers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_u128 visit_u128 u128,
    }

    numbers! {
        deserialize_f32 visit_f32 f32 float Ask::F32,
        deserialize_f64 visit_f64 f64 float Ask::F64,
        deserialize_bool visit_bool bool letter Ask::Bool,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(UnitVariant { variant: self.key })
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.key.plain() {
            Some(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
            None => visitor.visit_bytes(self.key.text().as_bytes()),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    serde::forward_to_deserialize_any! {
        char str string unit unit_struct seq tuple tuple_struct map struct ignored_any
    }
}
