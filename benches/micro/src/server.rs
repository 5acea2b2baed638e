//! A server as a user would write it, and what its clients send.

use zocket_wire::{encode::masked_frame, frame::Opcode};

#[zocket::router]
pub mod app {
    pub mod echo {
        #[payload]
        pub struct Say {
            #[schemars(length(min = 1, max = 60_000))]
            pub text: String,
        }

        #[payload]
        pub struct Said {
            pub text: String,
        }

        #[incoming]
        async fn say(input: Say) -> Said {
            Said { text: input.text }
        }
    }

    pub mod order {
        use crate::payload::Order;

        /// Takes an order, and gives the number of its lines.
        #[incoming]
        async fn place(input: Order) -> usize {
            input.lines.len()
        }

        /// Takes nothing, and gives nothing.
        #[incoming]
        async fn touch() {}
    }
}

/// Its server, with limits that no benchmark meets.
#[must_use]
pub fn server() -> zocket::Server<()> {
    zocket::Server::builder(app::router()).build()
}

/// A call of `echo.say` with a text of this many bytes.
#[must_use]
pub fn echo(length: usize) -> String {
    format!(r#"{{"type":"echo.say","payload":{{"text":"{}"}},"rpcId":"k3j9x"}}"#, "x".repeat(length))
}

/// A call of `order.place`.
#[must_use]
pub fn order(payload: &str) -> String {
    format!(r#"{{"type":"order.place","payload":{payload},"rpcId":"k3j9x"}}"#)
}

/// A message as it comes over the wire. The key is zeros, so that a frame that was unmasked in place is what it was; the
/// work is the same for every key.
#[must_use]
pub fn frame(message: &str) -> Vec<u8> {
    let mut frame = Vec::new();
    masked_frame(&mut frame, true, Opcode::Text, message.as_bytes(), [0; 4]);
    frame
}
