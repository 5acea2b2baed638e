//! The `Deserializer`.

use serde::de::{self, Visitor};

use super::LARGEST_F32;
use super::access::{EnumAccess, MapAccess, SeqAccess, UnitVariant};
use super::cursor::{Cursor, MAX_DEPTH};
use super::error::{Error, Result};
use super::number::{Integer, Number};
use super::string::RawStr;

pub(super) struct Deserializer<'de> {
    pub(super) cursor: Cursor<'de>,
    /// Where strings with escapes are unescaped.
    scratch: String,
    depth: u32,
    buffered: bool,
}

impl<'de> Deserializer<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { cursor: Cursor::new(text), scratch: String::new(), depth: 0, buffered: false }
    }

    /// Checks that the text ends here; answers whether something was buffered.
    pub(super) fn finish(mut self) -> Result<bool> {
        self.cursor.end()?;
        // A type that swallows an error may stop at the end of a text that is cut.
        if self.depth > 0 {
            return Err(self.cursor.syntax("the text ends inside an array or an object"));
        }
        Ok(self.buffered)
    }

    /// The text of a string that was read, for as long as the next is not.
    pub(super) fn visit_str<V: Visitor<'de>>(
        &mut self,
        string: &RawStr<'de>,
        visitor: V,
    ) -> Result<V::Value> {
        match string.plain() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => {
                self.scratch.clear();
                string.unescape_into(&mut self.scratch);
                visitor.visit_str(&self.scratch)
            }
        }
    }

    #[inline]
    fn string(&mut self) -> Result<RawStr<'de>> {
        match self.cursor.peek() {
            Some(b'"') => self.cursor.string(),
            _ => Err(self.unexpected("a string")),
        }
    }

    #[inline]
    fn number(&mut self, expected: &str) -> Result<Number<'de>> {
        match self.cursor.peek() {
            Some(b'-' | b'0'..=b'9') => self.cursor.number(),
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A value of another JSON type, or none at all, stands where `expected` should.
    #[cold]
    fn unexpected(&mut self, expected: &str) -> Error {
        let found = match self.cursor.peek() {
            Some(b'"') => "a string",
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(b't' | b'f') => "a boolean",
            Some(b'n') => "null",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            _ => return self.cursor.not_a_value(),
        };
        Error::wrong_type(expected, found)
    }

    #[inline]
    pub(super) fn open(&mut self) -> Result<()> {
        if self.depth == MAX_DEPTH {
            return Err(self.cursor.too_deep());
        }
        self.depth += 1;
        self.cursor.advance();
        Ok(())
    }

    #[inline]
    pub(super) fn close(&mut self) {
        self.depth -= 1;
    }

    /// Hands the array before the cursor to the visitor, which must take all of it.
    #[inline]
    fn array<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        if self.cursor.peek() != Some(b'[') {
            return Err(self.unexpected("an array"));
        }
        self.open()?;
        let mut items = SeqAccess::new(self);
        let value = visitor.visit_seq(&mut items)?;
        items.finish()?;
        self.close();
        Ok(value)
    }

    /// Hands the object before the cursor to the visitor, which must take all of it.
    #[inline]
    fn object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        if self.cursor.peek() != Some(b'{') {
            return Err(self.unexpected("an object"));
        }
        self.open()?;
        let mut members = MapAccess::new(self);
        let value = visitor.visit_map(&mut members)?;
        members.finish()?;
        self.close();
        Ok(value)
    }
}

/// Why a number is not an integer between `min` and `max`.
#[cold]
fn not_in_range(integer: Integer, min: impl std::fmt::Display, max: impl std::fmt::Display) -> Error {
    match integer {
        Integer::Fraction => Error::data("type", "must be an integer, without a fraction"),
        Integer::Exact(true, _) | Integer::Huge(true) => {
            Error::data("minimum", format!("must be at least {min}"))
        }
        Integer::Exact(false, _) | Integer::Huge(false) => {
            Error::data("maximum", format!("must be at most {max}"))
        }
    }
}

/// The exact integer as `T`, for the conversions that the compiler does not already know.
fn exact<T: TryFrom<u128> + TryFrom<i128>>(integer: Integer) -> Option<T> {
    match integer {
        Integer::Exact(false, magnitude) => T::try_from(magnitude).ok(),
        // `i128::MIN` has no positive counterpart, so the sign goes on by wrapping.
        Integer::Exact(true, magnitude) if magnitude <= 1 << 127 => {
            T::try_from((magnitude as i128).wrapping_neg()).ok()
        }
        _ => None,
    }
}

macro_rules! integers {
    ($($deserialize:ident $visit:ident $int:ident,)*) => {$(
        #[inline]
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            let number = self.number("an integer")?;
            let value = match number {
                Number::Unsigned(n) => $int::try_from(n).ok(),
                Number::Negative(n) => $int::try_from(n).ok(),
                Number::Decimal(_) => exact(number.to_integer()),
            };
            match value {
                Some(value) => visitor.$visit(value),
                None => Err(not_in_range(number.to_integer(), $int::MIN, $int::MAX)),
            }
        }
    )*};
}

impl<'de> de::Deserializer<'de> for &mut Deserializer<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        // serde asks like this for what it will look at later: whatever it makes of the value, we cannot see it.
        self.buffered = true;
        match self.cursor.peek_value()? {
            b'"' => {
                let string = self.cursor.string()?;
                self.visit_str(&string, visitor)
            }
            b'-' | b'0'..=b'9' => {
                let number = self.cursor.number()?;
                match number {
                    Number::Unsigned(n) => visitor.visit_u64(n),
                    Number::Negative(n) => visitor.visit_i64(n),
                    Number::Decimal(_) => {
                        let integer = number.to_integer();
                        if let Some(n) = exact(integer) {
                            visitor.visit_u64(n)
                        } else if let Some(n) = exact(integer) {
                            visitor.visit_i64(n)
                        } else {
                            visitor.visit_f64(number.to_f64()?)
                        }
                    }
                }
            }
            b't' => {
                self.cursor.literal("true")?;
                visitor.visit_bool(true)
            }
            b'f' => {
                self.cursor.literal("false")?;
                visitor.visit_bool(false)
            }
            b'n' => {
                self.cursor.literal("null")?;
                visitor.visit_unit()
            }
            b'[' => self.array(visitor),
            b'{' => self.object(visitor),
            _ => Err(self.cursor.not_a_value()),
        }
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let (word, value) = match self.cursor.peek() {
            Some(b't') => ("true", true),
            Some(b'f') => ("false", false),
            _ => return Err(self.unexpected("a boolean")),
        };
        self.cursor.literal(word)?;
        visitor.visit_bool(value)
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

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_f64(self.number("a number")?.to_f64()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let value = self.number("a number")?.to_f64()?;
        // serde would make an infinity of it, which JSON cannot express on the way back.
        if value > LARGEST_F32 {
            return Err(Error::data("maximum", format!("must be at most {:e}", f32::MAX)));
        }
        if value < -LARGEST_F32 {
            return Err(Error::data("minimum", format!("must be at least {:e}", f32::MIN)));
        }
        visitor.visit_f64(value)
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let string = self.string()?;
        self.visit_str(&string, visitor)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let text = self.string()?.text();
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => visitor.visit_char(c),
            (None, _) => Err(Error::data("minLength", "must be one character long")),
            (Some(_), Some(_)) => Err(Error::data("maxLength", "must be one character long")),
        }
    }

    /// Bytes may come as a string or as an array of numbers, as serde_json has it; which of them the schema admits is for
    /// the schema to say.
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.buffered = true;
        match self.cursor.peek() {
            Some(b'[') => self.array(visitor),
            _ => {
                let string = self.string()?;
                match string.plain() {
                    Some(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
                    None => visitor.visit_bytes(string.text().as_bytes()),
                }
            }
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.cursor.peek() {
            Some(b'n') => {
                self.cursor.literal("null")?;
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.cursor.peek() {
            Some(b'n') => {
                self.cursor.literal("null")?;
                visitor.visit_unit()
            }
            _ => Err(self.unexpected("null")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.array(visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.array(visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.array(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.object(visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.object(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.cursor.peek() {
            Some(b'"') => {
                let variant = self.cursor.string()?;
                visitor.visit_enum(UnitVariant { variant })
            }
            Some(b'{') => {
                self.open()?;
                let Some(variant) = self.cursor.next_key(true)? else {
                    return Err(Error::data(
                        "minProperties",
                        "must hold one property, which names the variant",
                    ));
                };
                let value = visitor.visit_enum(EnumAccess { de: self, variant })?;
                if self.cursor.peek() == Some(b',') {
                    return Err(Error::data(
                        "maxProperties",
                        "must hold one property, which names the variant",
                    ));
                }
                self.cursor.next_key(false)?;
                self.close();
                Ok(value)
            }
            _ => Err(self.unexpected("a string or an object")),
        }
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.cursor.skip_value(self.depth)?;
        visitor.visit_unit()
    }
}
