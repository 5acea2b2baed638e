//! The `Serializer`: compact JSON, byte for byte as serde_json writes it.
//!
//! serde_json looks at each byte of a string by itself, nine instructions a byte; this one takes them by words and blocks, as
//! reading does, about one a byte. Numbers are left to serde_json.

use std::fmt::{self, Write as _};

use serde::ser::{self, Error as _, Serialize};
use serde_json::Error;

use super::string::special;

type Result<T> = std::result::Result<T, Error>;

/// Appends a value.
///
/// # Errors
/// A key of a map is no string, number or boolean, or the value's own `Serialize` fails. What has been written till then stays
/// in `out`.
pub(crate) fn append<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<()> {
    value.serialize(Serializer { out, is_key: false })
}

/// Appends a string literal.
#[inline]
pub(crate) fn append_str(out: &mut Vec<u8>, text: &str) {
    // In most texts nothing is escaped: one reservation, then.
    out.reserve(text.len() + 2);
    out.push(b'"');
    append_escaped(out, text.as_bytes());
    out.push(b'"');
}

#[inline]
fn append_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    let end = special(bytes, 0);
    out.extend_from_slice(&bytes[..end]);
    if end < bytes.len() {
        append_with_escapes(out, &bytes[end..]);
    }
}

/// The rest of a string, from the first byte on that must be escaped.
#[cold]
fn append_with_escapes(out: &mut Vec<u8>, mut bytes: &[u8]) {
    while let Some((&byte, rest)) = bytes.split_first() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(br"\n"),
            b'\r' => out.extend_from_slice(br"\r"),
            b'\t' => out.extend_from_slice(br"\t"),
            0x08 => out.extend_from_slice(br"\b"),
            0x0c => out.extend_from_slice(br"\f"),
            control => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                let [high, low] = [control >> 4, control & 0xf].map(|digit| HEX[usize::from(digit)]);
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        let end = special(rest, 0);
        out.extend_from_slice(&rest[..end]);
        bytes = &rest[end..];
    }
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

    fn float<T: Serialize>(self, value: T, is_finite: bool) -> Result<()> {
        match self.is_key && !is_finite {
            true => Err(Error::custom("float key must be finite (got NaN or +/-inf)")),
            false => self.scalar(value),
        }
    }

    /// What no key can be.
    #[inline]
    fn no_key(self) -> Result<&'a mut Vec<u8>> {
        match self.is_key {
            true => Err(Error::custom("key must be a string")),
            false => Ok(self.out),
        }
    }

    /// Opens an array or an object.
    #[inline]
    fn open(self, begin: u8, end: &'static [u8]) -> Result<Members<'a>> {
        let out = self.no_key()?;
        out.push(begin);
        Ok(Members { out, end, is_first: true })
    }

    /// Opens the array or object of an enum's variant.
    fn open_variant(self, variant: &str, begin: u8, end: &'static [u8]) -> Result<Members<'a>> {
        let out = self.no_key()?;
        begin_variant(out, variant);
        out.push(begin);
        Ok(Members { out, end, is_first: true })
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

/// By these names of structs serde_json's `RawValue` and, with `arbitrary_precision`, its `Number` ask for their one field to
/// be written as it is.
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
        self.no_key()?.extend_from_slice(b"null");
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
        let out = self.no_key()?;
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
            return self.no_key().map(Fields::Verbatim);
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

/// Text that comes in pieces.
struct Escaping<'a>(&'a mut Vec<u8>);

impl fmt::Write for Escaping<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        append_escaped(self.0, piece.as_bytes());
        Ok(())
    }
}

/// What is inside an array or an object.
struct Members<'a> {
    out: &'a mut Vec<u8>,
    end: &'static [u8],
    is_first: bool,
}

impl Members<'_> {
    #[inline]
    fn separate(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(b',');
        }
    }

    #[inline]
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.separate();
        append(self.out, value)
    }

    #[inline]
    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        self.separate();
        append_str(self.out, name);
        self.out.push(b':');
        append(self.out, value)
    }

    #[inline]
    fn close(self) -> Result<()> {
        self.out.extend_from_slice(self.end);
        Ok(())
    }
}

macro_rules! items {
    ($($kind:ident $item:ident,)*) => {$(
        impl ser::$kind for Members<'_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn $item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.item(value)
            }

            #[inline]
            fn end(self) -> Result<()> {
                self.close()
            }
        }
    )*};
}

items! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

impl ser::SerializeMap for Members<'_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.separate();
        key.serialize(Serializer { out: self.out, is_key: true })
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.out.push(b':');
        append(self.out, value)
    }

    #[inline]
    fn end(self) -> Result<()> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Members<'_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        self.field(name, value)
    }

    #[inline]
    fn end(self) -> Result<()> {
        self.close()
    }
}

/// The fields of a struct.
enum Fields<'a> {
    Of(Members<'a>),
    /// One of [`VERBATIM`].
    Verbatim(&'a mut Vec<u8>),
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<()> {
        match self {
            Fields::Of(members) => members.field(name, value),
            Fields::Verbatim(out) => {
                // A string, with the text as its content.
                if let serde_json::Value::String(text) = serde_json::to_value(value)? {
                    out.extend_from_slice(text.as_bytes());
                }
                Ok(())
            }
        }
    }

    #[inline]
    fn end(self) -> Result<()> {
        match self {
            Fields::Of(members) => members.close(),
            Fields::Verbatim(_) => Ok(()),
        }
    }
}
