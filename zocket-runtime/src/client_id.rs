//! The name of one connection.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const TEXT_LEN: usize = 22;

/// The id of one connection: unique for the life of the cluster, and unguessable (128 random bits from the
/// operating system).
///
/// A client gets a new one with every connection, so a reconnect is a new `ClientId`. As text (`Display`,
/// [`FromStr`], serde) it is 22 characters of URL-safe base64. That is what clients see if one of your
/// messages contains it.
///
/// As an argument of a handler, a middleware or a hook, it is the id of the client concerned.
///
/// ```
/// use zocket::ClientId;
///
/// let id: ClientId = "AAECAwQFBgcICQoLDA0ODw".parse().unwrap();
/// assert_eq!(id.to_string(), "AAECAwQFBgcICQoLDA0ODw");
/// assert!("not an id".parse::<ClientId>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId([u8; 16]);

impl ClientId {
    /// A new random id.
    ///
    /// # Errors
    /// The operating system cannot provide randomness.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Which of `shards` this connection belongs to. The bits are random, so connections spread evenly.
    pub(crate) fn shard(self, shards: usize) -> usize {
        usize::from(u16::from_le_bytes([self.0[0], self.0[1]])) % shards
    }

    /// A number from 0 up to but not including 1, as random as the id.
    pub(crate) fn fraction(self) -> f64 {
        f64::from(u16::from_le_bytes([self.0[14], self.0[15]])) / 65_536.0
    }

    fn text(self) -> [u8; TEXT_LEN] {
        let mut text = [0; TEXT_LEN];
        let written = URL_SAFE_NO_PAD.encode_slice(self.0, &mut text);
        debug_assert_eq!(written, Ok(TEXT_LEN));
        text
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        f.pad(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({self})")
    }
}

/// The text is not a [`ClientId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseClientIdError;

impl fmt::Display for ParseClientIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a client id is 22 characters of URL-safe base64")
    }
}

impl std::error::Error for ParseClientIdError {}

impl FromStr for ClientId {
    type Err = ParseClientIdError;

    fn from_str(text: &str) -> Result<Self, ParseClientIdError> {
        let mut bytes = [0; 16];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(16) => Ok(Self(bytes)),
            _ => Err(ParseClientIdError),
        }
    }
}

impl Serialize for ClientId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClientId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = ClientId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a client id")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ClientId, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

impl JsonSchema for ClientId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ClientId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        // The last of the 22 characters carries two bits only: the published pattern accepts exactly what is
        // parsed.
        json_schema!({
            "description": "The name of one connection.",
            "type": "string",
            "pattern": "^[A-Za-z0-9_-]{21}[AQgw]$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let id = ClientId::random().unwrap();
        assert_eq!(id.to_string().len(), TEXT_LEN);
        assert_eq!(id.to_string().parse(), Ok(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<ClientId>(&json).unwrap(), id);
    }

    #[test]
    fn refuses_what_is_no_id() {
        for text in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAAAA=", "ä"] {
            assert_eq!(text.parse::<ClientId>(), Err(ParseClientIdError), "{text}");
        }
    }
}
