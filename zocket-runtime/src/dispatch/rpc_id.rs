//! The id by which a client matches a reply to its call.

/// An `rpcId` as the client sent it: a JSON string literal, quotes included, echoed byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RpcId {
    /// The usual few characters, kept without an allocation.
    Short(u8, [u8; SHORT]),
    Long(Box<str>),
}

const SHORT: usize = 30;

impl RpcId {
    pub(crate) fn new(literal: &str) -> Self {
        match u8::try_from(literal.len()) {
            Ok(length) if literal.len() <= SHORT => {
                let mut bytes = [0; SHORT];
                bytes[..literal.len()].copy_from_slice(literal.as_bytes());
                Self::Short(length, bytes)
            }
            _ => Self::Long(literal.into()),
        }
    }

    /// The literal's bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short(length, bytes) => &bytes[..usize::from(*length)],
            Self::Long(literal) => literal.as_bytes(),
        }
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
