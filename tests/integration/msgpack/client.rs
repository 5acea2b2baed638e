//! A client that reads and writes MessagePack with an implementation of its own.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use rmpv::Value as Packed;
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use super::PATIENCE;

/// A client that speaks what it was given at the handshake.
pub(super) struct Client {
    pub(super) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(super) protocol: Option<String>,
    pub(super) calls: u32,
    /// Events that came while a reply was waited for.
    pub(super) events: Vec<Value>,
}

impl Client {
    pub(super) async fn offer(address: SocketAddr, protocols: &str) -> Self {
        let mut request = format!("ws://{address}/ws").into_client_request().unwrap();
        if !protocols.is_empty() {
            request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        }
        let (socket, response) = connect_async(request).await.unwrap();
        let protocol = response.headers().get("sec-websocket-protocol");
        let protocol = protocol.map(|name| name.to_str().unwrap().to_owned());
        Self { socket, protocol, calls: 0, events: Vec::new() }
    }

    pub(super) fn is_packed(&self) -> bool {
        self.protocol.as_deref() == Some("zocket.msgpack")
    }

    pub(super) async fn send(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    pub(super) async fn send_json(&mut self, message: &Value) {
        let frame = if self.is_packed() {
            Message::binary(pack(message))
        } else {
            Message::text(message.to_string())
        };
        self.send(frame).await;
    }

    pub(super) async fn frame(&mut self) -> Message {
        timeout(PATIENCE, self.socket.next()).await.expect("a frame in time").expect("a frame").unwrap()
    }

    /// The next message, which must be of this client's codec.
    pub(super) async fn message(&mut self) -> Value {
        match self.frame().await {
            Message::Text(text) if !self.is_packed() => serde_json::from_str(&text).unwrap(),
            Message::Binary(bytes) if self.is_packed() => unpack(&bytes),
            other => panic!("{other:?} for {:?}", self.protocol),
        }
    }

    pub(super) async fn call(&mut self, route: &str, payload: Value) -> Value {
        self.calls += 1;
        let id = self.calls.to_string();
        self.send_json(&json!({"type": route, "payload": payload, "rpcId": id})).await;
        loop {
            let mut message = self.message().await;
            if message["type"] == "step" {
                self.events.push(message);
                continue;
            }
            assert_eq!(message["rpcId"], id);
            message.as_object_mut().unwrap().remove("rpcId");
            return message;
        }
    }

    /// Events until the one with this number.
    pub(super) async fn steps_to(&mut self, last: u32) -> Vec<Value> {
        while self.events.last().is_none_or(|event| event["payload"]["n"] != last) {
            let event = self.message().await;
            self.events.push(event);
        }
        std::mem::take(&mut self.events)
    }

    pub(super) async fn closed(&mut self) -> (u16, String) {
        match self.frame().await {
            Message::Close(Some(frame)) => (frame.code.into(), frame.reason.to_string()),
            other => panic!("no close frame, but {other:?}"),
        }
    }
}

pub(crate) fn pack(value: &Value) -> Vec<u8> {
    fn packed(value: &Value) -> Packed {
        match value {
            Value::Null => Packed::Nil,
            Value::Bool(value) => Packed::from(*value),
            Value::Number(n) => match (n.as_u64(), n.as_i64()) {
                (Some(n), _) => Packed::from(n),
                (_, Some(n)) => Packed::from(n),
                _ => Packed::from(n.as_f64().unwrap()),
            },
            Value::String(text) => Packed::from(text.as_str()),
            Value::Array(items) => Packed::Array(items.iter().map(packed).collect()),
            Value::Object(members) => Packed::Map(
                members.iter().map(|(key, value)| (Packed::from(key.as_str()), packed(value))).collect(),
            ),
        }
    }
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &packed(value)).unwrap();
    bytes
}

pub(crate) fn unpack(mut bytes: &[u8]) -> Value {
    fn unpacked(value: Packed) -> Value {
        match value {
            Packed::Nil => Value::Null,
            Packed::Boolean(value) => value.into(),
            Packed::Integer(n) => n.as_u64().map_or_else(|| n.as_i64().unwrap().into(), Value::from),
            Packed::F32(n) => f64::from(n).into(),
            Packed::F64(n) => n.into(),
            Packed::String(text) => text.into_str().unwrap().into(),
            Packed::Array(items) => items.into_iter().map(unpacked).collect(),
            Packed::Map(members) => members
                .into_iter()
                .map(|(key, value)| (key.as_str().unwrap().to_owned(), unpacked(value)))
                .collect(),
            Packed::Binary(_) | Packed::Ext(..) => panic!("{value:?} is never sent"),
        }
    }
    let value = rmpv::decode::read_value(&mut bytes).unwrap();
    assert!(bytes.is_empty(), "bytes after a message");
    unpacked(value)
}
