//! Which subprotocol client and server speak: `Sec-WebSocket-Protocol` (RFC 6455, 4.1 and 11.3.4).

use axum::response::Response;
use http::{HeaderMap, HeaderValue, header::SEC_WEBSOCKET_PROTOCOL};

use crate::wire::codec::Codec;

/// Chooses the first of the client's offers that this server speaks. `None` if there is none: the client gets JSON without a
/// named subprotocol, like one that offers nothing. (A browser closes the connection if none of its offers was selected.)
pub(super) fn choose(headers: &HeaderMap, msgpack: bool) -> Option<Codec> {
    // Several lines form one list.
    let lines = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).find_map(|name| match name.trim() {
        name if name == Codec::Json.subprotocol() => Some(Codec::Json),
        name if name == Codec::MsgPack.subprotocol() && msgpack => Some(Codec::MsgPack),
        _ => None,
    })
}

/// Tells the client.
pub(super) fn announce(mut response: Response, chosen: Option<Codec>) -> Response {
    if let Some(codec) = chosen {
        let name = HeaderValue::from_static(codec.subprotocol());
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, name);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(lines: &[&str], msgpack: bool) -> Option<Codec> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(SEC_WEBSOCKET_PROTOCOL, line.parse().unwrap());
        }
        choose(&headers, msgpack)
    }

    #[test]
    fn the_clients_order_decides_among_what_the_server_speaks() {
        for (lines, expected) in [
            (&["zocket.msgpack"][..], Some(Codec::MsgPack)),
            (&["zocket.json"], Some(Codec::Json)),
            (&["zocket.msgpack, zocket.json"], Some(Codec::MsgPack)),
            (&["zocket.json,zocket.msgpack"], Some(Codec::Json)),
            (&["graphql-ws,\tzocket.msgpack ,zocket.json"], Some(Codec::MsgPack)),
            (&["soap", "zocket.msgpack"], Some(Codec::MsgPack)),
            (&[], None),
            (&["", ", ,"], None),
            (&["zocket.cbor", "zocket.msgpack2", "zocket"], None),
            // The RFC compares the names as they are.
            (&["Zocket.MsgPack"], None),
        ] {
            assert_eq!(chosen(lines, true), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_server_without_message_pack_does_not_know_it() {
        assert_eq!(chosen(&["zocket.msgpack"], false), None);
        assert_eq!(chosen(&["zocket.msgpack, zocket.json"], false), Some(Codec::Json));
    }

    #[test]
    fn the_answer_names_what_was_chosen_and_nothing_else() {
        let answer =
            |chosen| announce(Response::default(), chosen).headers().get(SEC_WEBSOCKET_PROTOCOL).cloned();
        assert_eq!(answer(Some(Codec::MsgPack)).unwrap(), "zocket.msgpack");
        assert_eq!(answer(Some(Codec::Json)).unwrap(), "zocket.json");
        assert_eq!(answer(None), None);
    }
}
