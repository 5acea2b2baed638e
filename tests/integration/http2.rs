//! WebSockets over HTTP/2, from the client's side (RFC 8441).

use std::{future::poll_fn, time::Duration};

use bytes::{Bytes, BytesMut};
use h2::ext::Protocol;
use http::{Method, Request};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// One WebSocket over one stream of an HTTP/2 connection (RFC 8441).
pub(crate) struct Stream {
    pub(crate) send: h2::SendStream<Bytes>,
    pub(crate) receive: h2::RecvStream,
    pending: BytesMut,
}

impl Stream {
    pub(crate) async fn open(client: &mut h2::client::SendRequest<Bytes>) -> Self {
        let (stream, chosen) = Self::offer(client, None).await;
        assert_eq!(chosen, None);
        stream
    }

    /// Offers subprotocols. Returns the stream and the one that the server selected.
    pub(crate) async fn offer(
        client: &mut h2::client::SendRequest<Bytes>,
        protocols: Option<&str>,
    ) -> (Self, Option<String>) {
        let mut request = Request::builder().uri("https://localhost/ws");
        if let Some(protocols) = protocols {
            request = request.header("sec-websocket-protocol", protocols);
        }
        Self::ask(client, request).await
    }

    /// Asks for a WebSocket with the test's own request.
    pub(crate) async fn ask(
        client: &mut h2::client::SendRequest<Bytes>,
        request: http::request::Builder,
    ) -> (Self, Option<String>) {
        let request = request
            .method(Method::CONNECT)
            .header("sec-websocket-version", "13")
            .extension(Protocol::from_static("websocket"));
        let (response, send) = client.send_request(request.body(()).unwrap(), false).unwrap();
        let response = timeout(PATIENCE, response).await.unwrap().unwrap();
        assert_eq!(response.status(), 200);
        let chosen = response.headers().get("sec-websocket-protocol");
        let chosen = chosen.map(|name| name.to_str().unwrap().to_owned());
        (Self { send, receive: response.into_body(), pending: BytesMut::new() }, chosen)
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.write(0x81, text.as_bytes());
    }

    /// Sends a short frame, masked by zero.
    pub(crate) fn write(&mut self, head: u8, payload: &[u8]) {
        let length = u8::try_from(payload.len()).ok().filter(|length| *length < 126).expect("a short frame");
        let frame = [&[head, 0x80 | length, 0, 0, 0, 0], payload].concat();
        self.send.send_data(frame.into(), false).unwrap();
    }

    async fn bytes(&mut self, count: usize) -> BytesMut {
        while self.pending.len() < count {
            let data = timeout(PATIENCE, self.receive.data()).await.unwrap().expect("more").unwrap();
            self.receive.flow_control().release_capacity(data.len()).unwrap();
            self.pending.extend_from_slice(&data);
        }
        self.pending.split_to(count)
    }

    pub(crate) async fn frame(&mut self) -> (u8, BytesMut) {
        let head = self.bytes(2).await;
        let length = match head[1] {
            126 => usize::from(u16::from_be_bytes(self.bytes(2).await[..].try_into().unwrap())),
            short => usize::from(short),
        };
        (head[0], self.bytes(length).await)
    }

    pub(crate) async fn message(&mut self) -> Value {
        let (head, payload) = self.frame().await;
        assert_eq!(head, 0x81);
        serde_json::from_slice(&payload).unwrap()
    }
}

/// An HTTP/2 connection whose server takes extended CONNECT.
pub(crate) async fn http2(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> h2::client::SendRequest<Bytes> {
    // The connection's window must hold what one stream is slow to take, or it blocks the other.
    let mut builder = h2::client::Builder::new();
    let connecting = builder.initial_connection_window_size(1024 * 1024).handshake(stream);
    let (client, mut connection) = connecting.await.unwrap();
    // The server says that it takes extended CONNECT in its first SETTINGS.
    let settings = async {
        poll_fn(|cx| {
            let _ = std::pin::Pin::new(&mut connection).poll(cx);
            if client.is_extended_connect_protocol_enabled() {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    };
    timeout(PATIENCE, settings).await.unwrap();
    tokio::spawn(connection);
    client
}
