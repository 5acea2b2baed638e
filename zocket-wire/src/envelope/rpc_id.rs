//! The id by which a client matches a reply to its call.

/// An `rpcId` as the JSON string literal that the client sent, including quotes, to be echoed unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RpcIdRef<'a>(pub(super) &'a str);

impl<'a> RpcIdRef<'a> {
    /// The literal, quotes included.
    #[inline]
    #[must_use]
    pub fn as_json(self) -> &'a str {
        self.0
    }
}

/// An `rpcId` that outlives its message: the JSON string literal, including quotes. Short ones, which in practice
/// means all of them, are stored without an allocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcId(Literal);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Literal {
    Short(u8, [u8; SHORT]),
    Long(Box<str>),
}

const SHORT: usize = 30;

impl RpcId {
    /// The id written as `literal`, including quotes. It is copied into messages unchanged: if it is not a JSON string,
    /// the message is not JSON.
    #[inline]
    #[must_use]
    pub fn new(literal: &str) -> Self {
        Self(match u8::try_from(literal.len()) {
            Ok(length) if literal.len() <= SHORT => {
                let mut bytes = [0; SHORT];
                bytes[..literal.len()].copy_from_slice(literal.as_bytes());
                Literal::Short(length, bytes)
            }
            _ => Literal::Long(literal.into()),
        })
    }

    /// The literal's bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Literal::Short(length, bytes) => &bytes[..usize::from(*length)],
            Literal::Long(literal) => literal.as_bytes(),
        }
    }
}

impl From<RpcIdRef<'_>> for RpcId {
    #[inline]
    fn from(id: RpcIdRef<'_>) -> Self {
        Self::new(id.as_json())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_length_comes_back() {
        for length in [0, 1, SHORT - 1, SHORT, SHORT + 1, 255, 256, 4096] {
            let literal = "x".repeat(length);
            assert_eq!(RpcId::new(&literal).as_bytes(), literal.as_bytes());
        }
    }
}
