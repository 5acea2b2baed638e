//! What is inside of arrays and objects.

use serde::ser::{self, Serialize};
use serde_json::Error;

use super::{Result, Serializer, append, append_str};

/// What is inside an array or an object.
pub(super) struct Members<'a> {
    out: &'a mut Vec<u8>,
    end: &'static [u8],
    is_first: bool,
}

impl<'a> Members<'a> {
    #[inline]
    pub(super) fn new(out: &'a mut Vec<u8>, end: &'static [u8]) -> Self {
        Self { out, end, is_first: true }
    }

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
pub(super) enum Fields<'a> {
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
