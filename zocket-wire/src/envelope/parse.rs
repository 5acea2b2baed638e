//! The envelope in any form, read from its beginning.

use super::{BadMessage, Envelope, Fault, MAX_RPC_ID, RpcIdRef};
use crate::json::{Cursor, Error, ErrorKind, RawStr};

/// Reads the envelope and checks the syntax of the whole message: the only pass over the bytes before the payload is
/// deserialized.
///
/// ```
/// use zocket_wire::envelope;
///
/// let message = envelope::parse(r#"{"rpcId":"k3j9x","type":"chat.post","payload":{"text":"hi"}}"#)?;
/// assert_eq!(message.route, "chat.post");
/// assert_eq!(message.payload, Some(r#"{"text":"hi"}"#));
/// assert_eq!(message.rpc_id.map(|id| id.as_json()), Some(r#""k3j9x""#));
/// # Ok::<(), envelope::BadMessage<'_>>(())
/// ```
///
/// # Errors
/// The text is not JSON, or not an envelope.
pub fn parse(text: &str) -> Result<Envelope<'_>, BadMessage<'_>> {
    let mut members = Members::default();
    let fault = match members.read(text) {
        Ok(()) => match (members.fault, members.route) {
            (Some(fault), _) => fault,
            (None, None) => Fault::NoType,
            (None, Some(route)) => {
                return Ok(Envelope {
                    route: route.text(),
                    payload: members.payload,
                    rpc_id: members.rpc_id,
                });
            }
        },
        Err(ReadError(fault)) => fault,
    };
    Err(BadMessage { fault, rpc_id: members.rpc_id })
}

/// The members of the envelope as far as they were read.
#[derive(Default)]
struct Members<'a> {
    route: Option<RawStr<'a>>,
    payload: Option<&'a str>,
    rpc_id: Option<RpcIdRef<'a>>,
    seen_type: bool,
    seen_rpc_id: bool,
    /// The first fault. The rest is still read, since the `rpcId` may be in it.
    fault: Option<Fault>,
}

struct ReadError(Fault);

impl From<Error> for ReadError {
    fn from(error: Error) -> Self {
        Self(match error.into_public().kind {
            ErrorKind::Syntax { offset } => Fault::NotJson { offset },
            ErrorKind::TooDeep { offset } => Fault::TooDeep { offset },
            // Only the cursor is used here, and it reports only syntax errors.
            ErrorKind::Data { .. } => Fault::NotAnObject,
        })
    }
}

impl<'a> Members<'a> {
    fn read(&mut self, text: &'a str) -> Result<(), ReadError> {
        let mut cursor = Cursor::new(text);
        if cursor.peek_value()? != b'{' {
            // Distinguished from text that is not JSON at all.
            cursor.skip_value(0)?;
            cursor.end()?;
            return Err(ReadError(Fault::NotAnObject));
        }
        cursor.advance();
        let mut first = true;
        while let Some(key) = cursor.next_key(first)? {
            first = false;
            let kind = cursor.peek_value()?;
            let start = cursor.offset();
            match key.text().as_ref() {
                "type" => {
                    self.once("type", self.seen_type);
                    self.seen_type = true;
                    match kind {
                        b'"' => self.route = Some(cursor.string()?),
                        _ => {
                            cursor.skip_value(1)?;
                            self.note(Fault::TypeNotAString);
                        }
                    }
                }
                "payload" => {
                    self.once("payload", self.payload.is_some());
                    // The envelope's own level does not count: a payload may nest as deeply as a text of its
                    // own.
                    cursor.skip_value(0)?;
                    self.payload = Some(cursor.since(start));
                }
                "rpcId" => {
                    self.once("rpcId", self.seen_rpc_id);
                    self.seen_rpc_id = true;
                    cursor.skip_value(1)?;
                    let literal = cursor.since(start);
                    match kind {
                        b'"' if literal.len() > MAX_RPC_ID => self.note(Fault::RpcIdTooLong),
                        b'"' => self.rpc_id = Some(RpcIdRef(literal)),
                        b'n' => {}
                        _ => self.note(Fault::RpcIdNotAString),
                    }
                }
                _ => cursor.skip_value(1)?,
            }
        }
        Ok(cursor.end()?)
    }

    fn once(&mut self, key: &'static str, seen: bool) {
        if seen {
            self.note(Fault::DuplicateKey(key));
        }
    }

    fn note(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }
}
