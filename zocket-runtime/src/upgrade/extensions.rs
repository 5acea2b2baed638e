//! What client and server agree on about compressed messages: `Sec-WebSocket-Extensions` (RFC 6455, 9.1; RFC 7692, 7.1).
//!
//! The answer always rules out context takeover in both directions, so that one compressed frame can serve all receivers,
//! and an idle connection needs no memory for it. Every client must accept that.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header::SEC_WEBSOCKET_EXTENSIONS};

use crate::target;
use crate::{config::Config, error::Reject, wire::deflate::Window};

/// What both ends will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Agreed {
    /// The client's window size.
    pub(crate) window: Window,
    /// The client asked for this window explicitly, so the answer must state it.
    by_name: bool,
}

/// Chooses the first of the client's offers that this server can honour; `None` if there is none, or the server does not
/// compress.
///
/// # Errors
/// The header is malformed: the RFC requires the connection to fail.
pub(crate) fn agree(config: &Config, headers: &HeaderMap) -> Result<Option<Agreed>, Reject> {
    if config.compression.is_none() {
        return Ok(None);
    }
    choose(headers).map_err(|Malformed| {
        tracing::debug!(target: target::HANDSHAKE, "handshake refused: a malformed `Sec-WebSocket-Extensions`");
        Reject::new(StatusCode::BAD_REQUEST).with_message("`Sec-WebSocket-Extensions` is malformed")
    })
}

impl Agreed {
    /// Tells the client.
    pub(super) fn announce(self, mut response: Response) -> Response {
        let mut value =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover".to_owned();
        if self.by_name {
            value.push_str("; server_max_window_bits=");
            value.push_str(&self.window.bits().to_string());
        }
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(SEC_WEBSOCKET_EXTENSIONS, value);
        }
        response
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Malformed;

fn choose(headers: &HeaderMap) -> Result<Option<Agreed>, Malformed> {
    let mut agreed = None;
    // Several lines form one list. All of it is read, so that anything malformed is refused wherever it is.
    for line in headers.get_all(SEC_WEBSOCKET_EXTENSIONS) {
        let mut list = Cursor(line.as_bytes());
        while let Some(offer) = offer(&mut list)? {
            agreed = agreed.or(offer.agreed());
        }
    }
    Ok(agreed)
}

/// The relevant parts of one of a client's offers.
#[derive(Debug, Default)]
struct Offer {
    /// Another extension, or parameters that are unknown, invalid or repeated.
    declined: bool,
    server_no_context_takeover: bool,
    client_no_context_takeover: bool,
    server_max_window_bits: Option<Window>,
    client_max_window_bits: bool,
}

/// The next element of the list; `None` at its end.
fn offer(list: &mut Cursor<'_>) -> Result<Option<Offer>, Malformed> {
    // A list may have empty elements.
    while list.skip(b',') {}
    if list.is_at_end() {
        return Ok(None);
    }
    let name = list.token()?;
    let mut offer = Offer { declined: !name.eq_ignore_ascii_case(b"permessage-deflate"), ..Offer::default() };
    while list.skip(b';') {
        let name = list.token()?;
        let value = if list.skip(b'=') { Some(list.value()?) } else { None };
        offer.declined |= !offer.take(&name.to_ascii_lowercase(), value.as_deref());
    }
    if list.is_at_end() || list.skip(b',') { Ok(Some(offer)) } else { Err(Malformed) }
}

impl Offer {
    /// Records a parameter. Returns whether it is known, not a repetition, and has a valid value.
    fn take(&mut self, name: &[u8], value: Option<&[u8]>) -> bool {
        let first = |seen: &mut bool| !std::mem::replace(seen, true);
        match (name, value) {
            (b"server_no_context_takeover", None) => first(&mut self.server_no_context_takeover),
            (b"client_no_context_takeover", None) => first(&mut self.client_no_context_takeover),
            (b"server_max_window_bits", Some(bits)) => match window(bits) {
                Some(window) => self.server_max_window_bits.replace(window).is_none(),
                None => false,
            },
            // The client could use it, but does not have to, since this side inflates with the largest
            // window.
            (b"client_max_window_bits", bits) => {
                first(&mut self.client_max_window_bits) && bits.is_none_or(|bits| window(bits).is_some())
            }
            _ => false,
        }
    }

    fn agreed(self) -> Option<Agreed> {
        let asked = self.server_max_window_bits;
        let agreed = Agreed { window: asked.unwrap_or(Window::LARGEST), by_name: asked.is_some() };
        (!self.declined).then_some(agreed)
    }
}

/// 8 to 15, in decimal without leading zeros.
fn window(bits: &[u8]) -> Option<Window> {
    match bits {
        [digit @ b'1'..=b'9'] => Window::from_bits(digit - b'0'),
        [b'1', digit @ b'0'..=b'9'] => Window::from_bits(10 + digit - b'0'),
        _ => None,
    }
}

/// The rest of a header's value.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn skip_space(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }

    fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.0.is_empty()
    }

    /// Consumes the next byte if it is this one.
    fn skip(&mut self, byte: u8) -> bool {
        self.skip_space();
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn token(&mut self) -> Result<&'a [u8], Malformed> {
        self.skip_space();
        let length = self.0.iter().take_while(|byte| is_token(**byte)).count();
        let (token, rest) = self.0.split_at(length);
        self.0 = rest;
        if token.is_empty() { Err(Malformed) } else { Ok(token) }
    }

    /// A token, possibly in quotes.
    fn value(&mut self) -> Result<Vec<u8>, Malformed> {
        if !self.skip(b'"') {
            return Ok(self.token()?.to_vec());
        }
        let mut value = Vec::new();
        loop {
            let (&byte, rest) = self.0.split_first().ok_or(Malformed)?;
            self.0 = rest;
            let byte = match byte {
                b'"' => break,
                b'\\' => {
                    let (&escaped, rest) = self.0.split_first().ok_or(Malformed)?;
                    self.0 = rest;
                    escaped
                }
                byte => byte,
            };
            // RFC 6455, 9.1: the quoted text must be a token as well.
            if !is_token(byte) {
                return Err(Malformed);
            }
            value.push(byte);
        }
        if value.is_empty() { Err(Malformed) } else { Ok(value) }
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use proptest::prelude::*;

    use super::*;

    /// The answer to these lines.
    fn answer(lines: &[&str]) -> Result<Option<String>, Malformed> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(SEC_WEBSOCKET_EXTENSIONS, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let agreed = choose(&headers)?;
        Ok(agreed.map(|agreed| {
            let response = agreed.announce(Response::new(Body::empty()));
            response.headers()[SEC_WEBSOCKET_EXTENSIONS].to_str().unwrap().to_owned()
        }))
    }

    const ACCEPTED: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    #[test]
    fn what_browsers_and_libraries_offer_is_accepted() {
        for line in [
            "permessage-deflate",
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=15",
            "permessage-deflate;client_max_window_bits=\"8\"",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "Permessage-Deflate ; CLIENT_no_context_takeover",
            "x-webkit-deflate-frame, permessage-deflate; client_max_window_bits",
            ", ,permessage-deflate,",
            "permessage-bzip2; level=\"9\", permessage-deflate",
        ] {
            assert_eq!(answer(&[line]), Ok(Some(ACCEPTED.to_owned())), "{line}");
        }
        assert_eq!(answer(&["mux; max-channels=4", "permessage-deflate"]), Ok(Some(ACCEPTED.to_owned())));
    }

    #[test]
    fn a_window_that_is_asked_for_is_named_in_the_answer() {
        for bits in 8..=15 {
            for value in [format!("{bits}"), format!("\"{bits}\""), format!(" \"\\{bits}\"")] {
                let line = format!("permessage-deflate; server_max_window_bits={value}");
                let expected = format!("{ACCEPTED}; server_max_window_bits={bits}");
                assert_eq!(answer(&[&line]), Ok(Some(expected)), "{line}");
            }
        }
    }

    #[test]
    fn what_cannot_be_kept_is_declined_and_the_next_offer_is_tried() {
        for parameters in [
            "server_max_window_bits",
            "server_max_window_bits=7",
            "server_max_window_bits=16",
            "server_max_window_bits=08",
            "server_max_window_bits=010",
            "server_max_window_bits=1x",
            "server_max_window_bits=111",
            "server_max_window_bits=10; server_max_window_bits=10",
            "client_max_window_bits=7",
            "client_max_window_bits=16",
            "client_max_window_bits; client_max_window_bits",
            "client_max_window_bits=\"\\1\\6\"",
            "server_no_context_takeover=1",
            "client_no_context_takeover=true",
            "server_no_context_takeover; server_no_context_takeover",
            "client_no_context_takeover; Client_No_Context_Takeover",
            "unknown",
            "unknown=1",
        ] {
            let line = format!("permessage-deflate; {parameters}");
            assert_eq!(answer(&[&line]), Ok(None), "{line}");
            let with_fallback =
                format!("{line}, permessage-deflate; server_max_window_bits=12, permessage-deflate");
            let expected = format!("{ACCEPTED}; server_max_window_bits=12");
            assert_eq!(answer(&[&with_fallback]), Ok(Some(expected)), "{with_fallback}");
            assert_eq!(answer(&[&line, "permessage-deflate"]), Ok(Some(ACCEPTED.to_owned())), "{line}");
        }
        assert_eq!(answer(&[]), Ok(None));
        assert_eq!(answer(&["permessage-deflate-2, deflate-frame"]), Ok(None));
    }

    #[test]
    fn what_is_malformed_fails_wherever_it_stands() {
        for line in [
            "permessage-deflate;",
            "permessage-deflate; =1",
            "permessage-deflate; server_max_window_bits=",
            "permessage-deflate; server_max_window_bits=\"\"",
            "permessage-deflate; server_max_window_bits=\"10",
            "permessage-deflate; server_max_window_bits=\"10\\",
            "permessage-deflate; server_max_window_bits=\"1 0\"",
            "permessage-deflate; server_max_window_bits=\"10\"0",
            "permessage-deflate server_no_context_takeover",
            "permessage-deflate, foo bar",
            "permessage-deflate, ;",
            "permessage-deflate/1",
            "permessage-d\u{e9}flate",
            "=",
        ] {
            assert_eq!(answer(&[line]), Err(Malformed), "{line}");
            assert_eq!(answer(&["permessage-deflate", line]), Err(Malformed), "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read_to_its_end(line in "[permsagdflt_;,=\"\\\\ 0-9é-]{0,60}") {
            let _ = answer(&[&line]);
        }
    }
}
