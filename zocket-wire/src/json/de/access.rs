//! Arrays, objects and enums while serde reads them. Each adds its step to the path of errors that pass through.

use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

use super::Deserializer;
use super::key::Key;
use crate::json::asked::{Ask, Asked};
use crate::json::error::{Error, Result};
use crate::json::string::RawStr;

pub(super) struct SeqAccess<'a, 'de> {
    de: &'a mut Deserializer<'de>,
    next: usize,
    ended: bool,
}

impl<'a, 'de> SeqAccess<'a, 'de> {
    /// `de` is after the opening bracket.
    pub(super) fn new(de: &'a mut Deserializer<'de>) -> Self {
        Self { de, next: 0, ended: false }
    }

    /// Steps over the closing bracket; an element that was not taken is an error.
    pub(super) fn finish(mut self) -> Result<()> {
        if !self.ended && self.advance()? {
            let taken = self.next;
            return Err(Error::data("maxItems", format!("must have at most {taken} items")));
        }
        Ok(())
    }

    #[inline]
    fn advance(&mut self) -> Result<bool> {
        let more = self.de.cursor.next_element(self.next == 0)?;
        self.ended = !more;
        Ok(more)
    }
}

impl<'de> de::SeqAccess<'de> for &mut SeqAccess<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        if self.ended || !self.advance()? {
            return Ok(None);
        }
        let index = self.next;
        self.next += 1;
        match seed.deserialize(&mut *self.de) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.inside_index(index)),
        }
    }
}

pub(super) struct MapAccess<'a, 'de> {
    de: &'a mut Deserializer<'de>,
    /// The offset of the key whose value comes next or came last. (Storing the key itself costs a copy that is needed only
    /// for errors.)
    key_at: usize,
    position: Position,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    First,
    Later,
    Ended,
}

impl<'a, 'de> MapAccess<'a, 'de> {
    /// `de` is after the opening brace.
    pub(super) fn new(de: &'a mut Deserializer<'de>) -> Self {
        Self { de, key_at: 0, position: Position::First }
    }

    /// Steps over the closing brace; a member that was not taken is an error.
    pub(super) fn finish(mut self) -> Result<()> {
        if self.advance()? {
            return Err(Error::data("maxProperties", "has more properties than are known here"));
        }
        Ok(())
    }

    /// Steps to the next key, if there is one.
    #[inline]
    fn advance(&mut self) -> Result<bool> {
        if self.position == Position::Ended {
            return Ok(false);
        }
        let more = self.de.cursor.next_member(self.position == Position::First)?;
        self.position = if more { Position::Later } else { Position::Ended };
        self.key_at = self.de.cursor.offset();
        Ok(more)
    }

    #[cold]
    fn inside(&self, error: Error) -> Error {
        match self.de.cursor.key_at(self.key_at) {
            Some(key) => error.inside_key(&key.text()),
            None => error,
        }
    }
}

impl<'de> de::MapAccess<'de> for &mut MapAccess<'_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.advance()? {
            return Ok(None);
        }
        let key = self.de.cursor.key()?;
        match seed.deserialize(Key { de: &mut *self.de, key }) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(self.inside(error)),
        }
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value> {
        match seed.deserialize(&mut *self.de) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.inside(error)),
        }
    }
}

/// `"A"`: a variant without content.
pub(super) struct UnitVariant<'de> {
    pub(super) variant: RawStr<'de>,
}

impl<'de> de::EnumAccess<'de> for UnitVariant<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let variant = match self.variant.plain() {
            Some(name) => seed.deserialize(de::value::BorrowedStrDeserializer::new(name))?,
            None => seed.deserialize(self.variant.text().into_deserializer())?,
        };
        Ok((variant, self))
    }
}

#[cold]
fn lacks_content() -> Error {
    Error::data("type", "must be an object with the variant's name as its one property, not the name alone")
}

impl<'de> de::VariantAccess<'de> for UnitVariant<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value> {
        Err(lacks_content())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value> {
        Err(lacks_content())
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value> {
        Err(lacks_content())
    }
}

/// `{"A": …}`: a variant with content; the cursor is after the colon.
pub(super) struct EnumAccess<'a, 'de> {
    pub(super) de: &'a mut Deserializer<'de>,
    pub(super) variant: RawStr<'de>,
}

impl EnumAccess<'_, '_> {
    fn inside<T>(variant: RawStr<'_>, result: Result<T>) -> Result<T> {
        result.map_err(|error| error.inside_key(&variant.text()))
    }
}

impl<'de> de::EnumAccess<'de> for EnumAccess<'_, 'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self)> {
        let variant = seed.deserialize(Key { de: &mut *self.de, key: self.variant.clone() })?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for EnumAccess<'_, 'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        Err(Error::data(
            "type",
            "must be the variant's name alone, as a string, since this variant has no content",
        )
        .asked(Asked::by::<Self>(Ask::UnitVariant)))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        Self::inside(self.variant, seed.deserialize(self.de))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        Self::inside(self.variant, de::Deserializer::deserialize_tuple(self.de, len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        Self::inside(self.variant, de::Deserializer::deserialize_struct(self.de, "", fields, visitor))
    }
}
