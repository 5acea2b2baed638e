//! The contents of a close frame: a code and a reason (RFC 6455, 5.5.1 and 7.4).

use std::{fmt, num::NonZero};

/// The longest reason in bytes: a control frame's 125, minus the code's two.
pub const MAX_REASON: usize = 123;

/// A code that a close frame may carry: 1000 to 1003, 1007 to 1014, or 3000 to 4999.
///
/// Those are the codes that are registered with IANA and may be sent, and the ranges for libraries (3000 to 3999) and
/// applications (4000 to 4999). A peer that follows RFC 6455 (section 7.4) fails the connection on any other: 1004 has no
/// meaning; 1005, 1006 and 1015 only describe locally how a connection ended; the rest of 1000 to 2999 is reserved; and
/// there are none below 1000 or above 4999.
///
/// ```
/// use zocket_wire::close::CloseCode;
///
/// const KICKED: CloseCode = CloseCode::new(4001).expect("a code for applications");
/// assert_eq!(KICKED.get(), 4001);
/// assert_eq!(CloseCode::new(1006), None);
/// assert_eq!(CloseCode::try_from(1001), Ok(CloseCode::GOING_AWAY));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloseCode(NonZero<u16>);

impl CloseCode {
    /// 1000: the purpose of the connection is fulfilled.
    pub const NORMAL: Self = Self::known(1000);
    /// 1001: the endpoint is going away, such as a server that shuts down for good or a page that the user
    /// leaves.
    pub const GOING_AWAY: Self = Self::known(1001);
    /// 1002: the peer broke the protocol.
    pub const PROTOCOL: Self = Self::known(1002);
    /// 1003: the peer sent a type of data that this end does not accept.
    pub const UNSUPPORTED: Self = Self::known(1003);
    /// 1007: the peer's data does not fit its type, such as text that is not UTF-8.
    pub const INVALID_DATA: Self = Self::known(1007);
    /// 1008: the peer did something that the protocol allows but this end does not.
    pub const POLICY: Self = Self::known(1008);
    /// 1009: the peer's message is too large.
    pub const TOO_LARGE: Self = Self::known(1009);
    /// 1010: the server did not negotiate an extension that the client needs.
    pub const MANDATORY_EXTENSION: Self = Self::known(1010);
    /// 1011: the server met an unexpected condition.
    pub const INTERNAL: Self = Self::known(1011);
    /// 1012: the server is restarting; clients may reconnect, spread out over time.
    pub const RESTART: Self = Self::known(1012);
    /// 1013: the server is overloaded; clients should come back later.
    pub const TRY_AGAIN_LATER: Self = Self::known(1013);
    /// 1014: the server is a gateway and got an invalid answer from the server behind it.
    pub const BAD_GATEWAY: Self = Self::known(1014);
    /// 4000: the application sends the client away for good, and has no code of its own for why. See
    /// [`stays_away`](Self::stays_away).
    pub const STAY_AWAY: Self = Self::known(4000);

    /// The code with this number; `None` if a close frame may not carry it. In a constant, the compiler checks an
    /// `.expect(…)` on it.
    #[must_use]
    pub const fn new(code: u16) -> Option<Self> {
        match NonZero::new(code) {
            Some(valid) if matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) => Some(Self(valid)),
            _ => None,
        }
    }

    const fn known(code: u16) -> Self {
        Self::new(code).expect("a code that may be sent")
    }

    /// Whether clients that reconnect by themselves stay away after it: 1008, and 4000 to 4499 of the codes for applications.
    /// After all others, 4500 to 4999 among them, they come back. This is the rule of docs/protocol.md, which generated clients
    /// keep to; what is not in it, such as a block of the user's address, is for the server to see to.
    ///
    /// ```
    /// use zocket_wire::close::CloseCode;
    ///
    /// assert!(CloseCode::STAY_AWAY.stays_away() && CloseCode::POLICY.stays_away());
    /// assert!(!CloseCode::RESTART.stays_away());
    /// ```
    #[must_use]
    pub const fn stays_away(self) -> bool {
        matches!(self.get(), 1008 | 4000..=4499)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0.get()
    }
}

impl fmt::Debug for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CloseCode({})", self.0)
    }
}

impl fmt::Display for CloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<CloseCode> for u16 {
    fn from(code: CloseCode) -> Self {
        code.get()
    }
}

impl TryFrom<u16> for CloseCode {
    type Error = InvalidCloseCode;

    fn try_from(code: u16) -> Result<Self, InvalidCloseCode> {
        Self::new(code).ok_or(InvalidCloseCode(code))
    }
}

/// A number that a close frame may not carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCloseCode(pub(crate) u16);

impl fmt::Display for InvalidCloseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(code) = self;
        write!(f, "close code {code} may not be sent: use 1000 to 1003, 1007 to 1014 or 3000 to 4999")
    }
}

impl std::error::Error for InvalidCloseCode {}

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
    fn codes_are_judged_as_the_rfc_and_the_registry_judge_them() {
        for code in 0..=u16::MAX {
            let is_valid = [1000..=1003, 1007..=1014, 3000..=4999].iter().any(|range| range.contains(&code));
            assert_eq!(CloseCode::new(code).map(CloseCode::get), is_valid.then_some(code));
            assert_eq!(CloseCode::try_from(code).map(u16::from).ok(), is_valid.then_some(code));
        }
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, u16::MAX] {
            assert_eq!(CloseCode::new(code), None, "{code}");
        }
    }

    #[test]
    fn clients_stay_away_after_policy_and_the_lower_half_of_the_applications_codes() {
        let away = (0..=u16::MAX).filter_map(CloseCode::new).filter(|code| code.stays_away());
        let numbers: Vec<u16> = away.map(CloseCode::get).collect();
        assert_eq!(numbers, std::iter::once(1008).chain(4000..=4499).collect::<Vec<_>>());
    }

    #[test]
    fn a_code_is_shown_as_its_number_and_a_wrong_one_says_what_to_use() {
        assert_eq!(CloseCode::RESTART.to_string(), "1012");
        assert_eq!(format!("{:?}", CloseCode::NORMAL), "CloseCode(1000)");
        let error = CloseCode::try_from(1005).unwrap_err().to_string();
        assert_eq!(error, "close code 1005 may not be sent: use 1000 to 1003, 1007 to 1014 or 3000 to 4999");
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let reason = "ä".repeat(100);
        assert_eq!(fit_reason(&reason), "ä".repeat(61));
        assert_eq!(fit_reason("short"), "short");
        assert_eq!(fit_reason(&"x".repeat(124)).len(), MAX_REASON);
    }
}
