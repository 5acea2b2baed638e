//! The `Serializer`: compact JSON, byte for byte as serde_json writes it.
//!
//! serde_json looks at each byte of a string separately, with nine instructions per byte; this serializer handles words and
//! blocks, as reading does, with about one per byte. Numbers are left to serde_json.

use std::fmt::{self, Write as _};

use serde::ser::{self, Error as _, Serialize};
use serde_json::Error;

mod compound;
mod escape;

pub(crate) use escape::append_str;

use compound::{Fields, Members};
use escape::Escaping;

type Result<T> = std::result::Result<T, Error>;

/// Appends a value.
///
/// ```
/// let mut out = b"[1,".to_vec();
/// zocket_wire::json::append(&mut out, "two\n")?;
/// assert_eq!(out, br#"[1,"two\n""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
/// A key of a map is not a string, number or boolean, a float is not finite, or the value's own `Serialize` fails. What was written before that stays
/// in `out`.
pub fn append<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<()> {
    value.serialize(Serializer { out, is_key: false })
}

struct Serializer<'a> {
    out: &'a mut Vec<u8>,
    /// Writes the key of a map: always a string literal.
    is_key: bool,
}

impl<'a> Serializer<'a> {
    /// A number or a boolean.
    #[inline]
    fn scalar<T: Serialize>(self, value: T) -> Result<()> {
        if !self.is_key {
            return serde_json::to_writer(self.out, &value);
        }
        self.out.push(b'"');
        serde_json::to_writer(&mut *self.out, &value)?;
        self.out.push(b'"');
        Ok(())
    }

    /// serde_json would write `null` for NaN and infinities. Readers of a number reject that, and readers of an optional
    /// number take it as absent.
    fn float<T: Serialize>(self, value: T, is_finite: bool) -> Result<()> {
        match is_finite {
            true => self.scalar(value),
            false => Err(Error::custom(
                "a float is NaN or infinite, which JSON cannot say; help: send `None` in an `Option`, or leave the value out",
            )),
        }
    }

    /// The error for a value that cannot be a key.
    #[inline]
    fn not_a_key(self) -> Result<&'a mut Vec<u8>> {
        match self.is_key {
            true => Err(Error::custom("key must be a string")),
            false => Ok(self.out),
        }
    }

    /// Opens an array or an object.
    #[inline]
    fn open(self, begin: u8, end: &'static [u8]) -> Result<Members<'a>> {
        let out = self.not_a_key()?;
        out.push(begin);
        Ok(Members::new(out, end))
    }

    /// Opens the array or object of an enum's variant.
    fn open_variant(self, variant: &str, begin: u8, end: &'static [u8]) -> Result<Members<'a>> {
        let out = self.not_a_key()?;
        begin_variant(out, variant);
        out.push(begin);
        Ok(Members::new(out, end))
    }
}

fn begin_variant(out: &mut Vec<u8>, variant: &str) {
    out.push(b'{');
    append_str(out, variant);
    out.push(b':');
}

macro_rules! scalars {
    ($($serialize:ident $type:ident,)*) => {$(
        #[inline]
        fn $serialize(self, value: $type) -> Result<()> {
            self.scalar(value)
        }
    )*};
}

/// With these struct names, serde_json's `RawValue` and, with `arbitrary_precision`, its `Number` ask for their only field to
/// be written unchanged.
const VERBATIM: [&str; 2] = ["$serde_json::private::RawValue", "$serde_json::private::Number"];

impl<'a> ser::Serializer for Serializer<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Members<'a>;
    type SerializeTuple = Members<'a>;
    type SerializeTupleStruct = Members<'a>;
    type SerializeTupleVariant = Members<'a>;
    type SerializeMap = Members<'a>;
    type SerializeStruct = Fields<'a>;
    type SerializeStructVariant = Members<'a>;

    scalars! {
        serialize_bool bool,
        serialize_i8 i8,
        serialize_i16 i16,
        serialize_i32 i32,
        serialize_i64 i64,
        serialize_i128 i128,
        serialize_u8 u8,
        serialize_u16 u16,
        serialize_u32 u32,
        serialize_u64 u64,
        serialize_u128 u128,
    }

    fn serialize_f32(self, value: f32) -> Result<()> {
        self.float(value, value.is_finite())
    }

    fn serialize_f64(self, value: f64) -> Result<()> {
        self.float(value, value.is_finite())
    }

    fn serialize_char(self, value: char) -> Result<()> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    #[inline]
    fn serialize_str(self, value: &str) -> Result<()> {
        append_str(self.out, value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<()> {
        self.collect_seq(value)
    }

    #[inline]
    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result<()> {
        self.not_a_key()?.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<()> {
        self.serialize_str(variant)
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        let out = self.not_a_key()?;
        begin_variant(out, variant);
        append(out, value)?;
        out.push(b'}');
        Ok(())
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'a>> {
        self.open(b'[', b"]")
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Members<'a>> {
        self.open(b'[', b"]")
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Members<'a>> {
        self.open(b'[', b"]")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a>> {
        self.open_variant(variant, b'[', b"]}")
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Members<'a>> {
        self.open(b'{', b"}")
    }

    #[inline]
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Fields<'a>> {
        if VERBATIM.contains(&name) {
            return self.not_a_key().map(Fields::Verbatim);
        }
        self.open(b'{', b"}").map(Fields::Of)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Members<'a>> {
        self.open_variant(variant, b'{', b"}}")
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        self.out.push(b'"');
        if write!(Escaping(self.out), "{value}").is_err() {
            return Err(Error::custom("a value's Display has failed"));
        }
        self.out.push(b'"');
        Ok(())
    }
}
