//! What serde asks of the deserializer, type by type.

use serde::de::{self, Visitor};

use super::{
    Deserializer,
    access::{EnumAccess, UnitVariant},
};
use crate::json::{
    LARGEST_F32,
    asked::{Ask, Asked},
    error::{Error, Result},
    number::{Integer, Number},
};

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
            let (min, max) = ($int::MIN as i128, $int::MAX as u128);
            let number = self.number(|| Asked::by::<V>(Ask::Integer { min, max }))?;
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
        // serde asks like this for values that it buffers for later: we cannot see what it makes of them.
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
                        if integer == Integer::Exact(false, 0) && number.is_negative() && !self.integer_zeros
                        {
                            // An integer cannot be negative zero.
                            return visitor.visit_f64(-0.0);
                        }
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
            b'[' => self.array(Ask::Seq, visitor),
            b'{' => self.object(Ask::Map, visitor),
            _ => Err(self.cursor.not_a_value()),
        }
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let (word, value) = match self.cursor.peek() {
            Some(b't') => ("true", true),
            Some(b'f') => ("false", false),
            _ => return Err(self.unexpected(Asked::by::<V>(Ask::Bool))),
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
        visitor.visit_f64(self.number(|| Asked::by::<V>(Ask::F64))?.to_f64()?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let number = self.number(|| Asked::by::<V>(Ask::F32))?;
        let value = number.to_f64()?;
        // It would become an infinity, which JSON cannot express on the way back.
        if value > LARGEST_F32 {
            return Err(Error::data("maximum", format!("must be at most {:e}", f32::MAX)));
        }
        if value < -LARGEST_F32 {
            return Err(Error::data("minimum", format!("must be at least {:e}", f32::MIN)));
        }
        visitor.visit_f32(number.to_f32())
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let string = self.string(|| Asked::by::<V>(Ask::Text))?;
        self.visit_str(&string, visitor)
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let text = self.string(|| Asked::by::<V>(Ask::Char))?.text();
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => visitor.visit_char(c),
            (None, _) => Err(Error::data("minLength", "must be one character long")),
            (Some(_), Some(_)) => Err(Error::data("maxLength", "must be one character long")),
        }
    }

    /// Bytes may come as a string or as an array of numbers, as in serde_json; the schema decides which of them is
    /// allowed.
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.buffered = true;
        match self.cursor.peek() {
            Some(b'[') => self.array(Ask::Seq, visitor),
            _ => {
                let string = self.string(|| Asked::by::<V>(Ask::Bytes))?;
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
            _ => Err(self.unexpected(Asked::by::<V>(Ask::Null))),
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
        self.array(Ask::Seq, visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        self.array(Ask::Tuple(len), visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.array(Ask::Tuple(len), visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.object(Ask::Map, visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.object(Ask::Struct(fields), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
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
            _ => Err(self.unexpected(Asked::by::<V>(Ask::Enum(variants)))),
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
