//! The payload of a close frame: a code and a reason, or nothing.

use super::error::ProtocolError;

/// The peer broke the protocol.
pub(crate) const PROTOCOL: u16 = 1002;
/// The peer's data does not fit its type: text that is no UTF-8.
pub(crate) const INVALID_DATA: u16 = 1007;
/// The peer did what the protocol allows and this server does not.
pub(crate) const POLICY: u16 = 1008;
/// The peer's message is over the limit.
pub(crate) const TOO_LARGE: u16 = 1009;

/// The longest reason in bytes: a control frame's 125 less the code.
pub(crate) const MAX_REASON: usize = 123;

/// Whether a close frame may carry `code`: the registered codes that are not reserved for local use (1005, 1006
/// and 1015 never travel, 1004 has no meaning), and the ranges for libraries (3000) and applications (4000).
pub(crate) fn is_valid_code(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}

/// Reads a close frame's payload; `None` where it is empty.
///
/// # Errors
/// One byte of payload, a code that may not travel, or a reason that is no UTF-8.
pub(super) fn parse(payload: &[u8]) -> Result<Option<(u16, &str)>, ProtocolError> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return if payload.is_empty() { Ok(None) } else { Err(ProtocolError::TruncatedCloseCode) };
    };
    let code = u16::from_be_bytes(*code);
    if !is_valid_code(code) {
        return Err(ProtocolError::InvalidCloseCode(code));
    }
    let reason = std::str::from_utf8(reason).map_err(|_| ProtocolError::InvalidCloseReason)?;
    Ok(Some((code, reason)))
}

/// The longest prefix of `reason` that fits into a close frame and ends between two characters.
pub(super) fn fit_reason(reason: &str) -> &str {
    let mut end = reason.len().min(MAX_REASON);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    &reason[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_judged_as_the_autobahn_cases_judge_them() {
        for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] {
            assert!(is_valid_code(code), "{code}");
        }
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, u16::MAX] {
            assert!(!is_valid_code(code), "{code}");
        }
    }

    #[test]
    fn codes_registered_after_the_rfc_are_accepted() {
        for code in [1012, 1013, 1014] {
            assert!(is_valid_code(code), "{code}");
        }
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let reason = "ä".repeat(100);
        assert_eq!(fit_reason(&reason), "ä".repeat(61));
        assert_eq!(fit_reason("short"), "short");
        assert_eq!(fit_reason(&"x".repeat(124)).len(), MAX_REASON);
    }
}
