//! What a type asks its deserializer for.

/// What a type asks its deserializer for, and the visitor that gets the answer.
///
/// It is reported when the request fails: [`ParseError::asked`](super::ParseError::asked). This is how a schema is compared with
/// the type that it describes, without a second deserializer that would be compiled for every payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// What is asked for.
    pub what: Ask,
    /// The name of the visitor's type.
    pub visitor: &'static str,
}

impl Asked {
    /// For the visitor `V`.
    #[inline]
    pub(super) fn by<V>(what: Ask) -> Self {
        Self { what, visitor: std::any::type_name::<V>() }
    }
}

/// The method of a [`serde::Deserializer`] that a type calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// `deserialize_bool`.
    Bool,
    /// `deserialize_u8` and the like.
    Integer {
        /// The least value of the type.
        min: i128,
        /// Its greatest value.
        max: u128,
    },
    /// `deserialize_f32`.
    F32,
    /// `deserialize_f64`.
    F64,
    /// `deserialize_str`, `deserialize_string`.
    Text,
    /// `deserialize_char`.
    Char,
    /// `deserialize_bytes`, `deserialize_byte_buf`.
    Bytes,
    /// `deserialize_unit`, `deserialize_unit_struct`.
    Null,
    /// `deserialize_seq`.
    Seq,
    /// `deserialize_tuple`, `deserialize_tuple_struct`, with the length.
    Tuple(usize),
    /// `deserialize_map`.
    Map,
    /// `deserialize_struct`, with the names and aliases of the fields.
    Struct(&'static [&'static str]),
    /// `deserialize_enum`, with the names and aliases of the variants.
    Enum(&'static [&'static str]),
    /// After `deserialize_enum`, `unit_variant`: the name of the variant alone.
    UnitVariant,
}

impl Ask {
    /// The JSON value that is accepted, as text with its article.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Ask::Bool => "a boolean",
            Ask::Integer { .. } => "an integer",
            Ask::F32 | Ask::F64 => "a number",
            Ask::Text | Ask::Char | Ask::Bytes | Ask::UnitVariant => "a string",
            Ask::Null => "null",
            Ask::Seq | Ask::Tuple(_) => "an array",
            Ask::Map | Ask::Struct(_) => "an object",
            Ask::Enum(_) => "a string or an object",
        }
    }
}
