//! All that a read brings.

use zocket_wire::{
    decode::{Decoder, Event, Step},
    error::ProtocolError,
};

/// Decodes one read, in place, and hands over what is found, up to an error.
pub(crate) fn read(
    decoder: &mut Decoder,
    mut input: &mut [u8],
    mut found: impl FnMut(Result<Event<'_>, ProtocolError>),
) {
    loop {
        let consumed = match decoder.next(input) {
            Ok(Step { event: None, .. }) => return,
            Ok(Step { consumed, event: Some(event) }) => {
                found(Ok(event));
                consumed
            }
            Err(error) => return found(Err(error)),
        };
        input = &mut input[consumed..];
    }
}
