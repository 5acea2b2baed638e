//! A whole connection: whatever a client sends, each of its calls is answered once, in order, in correct frames.

use std::cell::LazyCell;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::runtime::Runtime;
use zocket_runtime::internals::Session;
use zocket_wire::{
    decode::{Decoder, Event},
    encode::masked_frame,
    envelope,
    frame::{Opcode, Role},
};

use crate::read::read;

#[zocket::router]
pub mod app {
    #[outgoing]
    pub struct Noted {
        pub text: String,
    }

    #[payload]
    pub struct Say {
        #[schemars(length(min = 1, max = 40))]
        pub text: String,
        #[serde(default)]
        pub times: u8,
    }

    #[payload]
    pub struct Said {
        pub text: String,
    }

    #[error]
    pub enum Trouble {
        /// Always.
        Refused { why: String },
    }

    #[incoming]
    async fn say(input: Say) -> Said {
        Said { text: input.text.repeat(input.times.into()) }
    }

    /// Tells everybody, before it replies.
    #[incoming]
    async fn note(text: String) {
        send::noted(Noted { text }).broadcast();
    }

    #[incoming]
    async fn refuse(why: String) -> Result<u8, Trouble> {
        Err(Trouble::Refused { why })
    }

    #[incoming]
    async fn wait() -> u8 {
        tokio::task::yield_now().await;
        1
    }
}

struct World {
    runtime: Runtime,
    server: zocket::Server<()>,
}

thread_local! {
    static WORLD: LazyCell<World> = LazyCell::new(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        World { runtime, server: zocket::Server::builder(app::router()).build() }
    });
}

/// A message of the server's.
#[derive(Deserialize)]
struct Message<'a> {
    r#type: String,
    #[serde(borrow, rename = "rpcId")]
    rpc_id: Option<&'a RawValue>,
}

/// Sends what `data` describes. The first byte chooses: bytes as they are, or lines that become text frames.
///
/// # Panics
/// If the server panics, writes something that is not a message, or does not answer each call once and in
/// order.
pub fn run(data: &[u8]) {
    let Some(([mode, cut], rest)) = data.split_first_chunk::<2>() else { return };
    WORLD.with(|world| {
        let _inside = world.runtime.enter();
        if mode & 1 == 0 {
            world.converse(rest, *cut);
            return;
        }
        let mut stream = Vec::new();
        let mut expected = Vec::new();
        for line in rest.split(|byte| *byte == b'\n') {
            let Ok(line) = std::str::from_utf8(line) else { continue };
            masked_frame(&mut stream, true, Opcode::Text, line.as_bytes(), [*cut, 1, 2, 3]);
            let rpc_id = match envelope::parse(line) {
                // Answered by a pong, which carries no id.
                Ok(envelope) if envelope.route == "__ping" => None,
                Ok(envelope) => envelope.rpc_id,
                Err(bad) => bad.rpc_id,
            };
            expected.extend(rpc_id.map(|id| id.as_json().to_owned()));
        }
        let replies = world.converse(&stream, *cut);
        assert_eq!(replies, expected, "calls and their replies");
    });
}

impl World {
    /// Sends a stream in reads of `cut` bytes (0: in one); gives the ids of the replies, in order.
    fn converse(&self, stream: &[u8], cut: u8) -> Vec<String> {
        let mut session = Session::open(&self.server);
        let mut output = Vec::new();
        let mut open = true;
        let size = if cut == 0 { stream.len().max(1) } else { cut.into() };
        for read in stream.chunks(size) {
            open = open && session.exchange(read, &mut output);
        }
        // What the hub has queued comes now, and replies behind it.
        loop {
            let before = output.len();
            self.runtime.block_on(session.settle());
            open = open && session.exchange(&[], &mut output);
            if output.len() == before {
                break;
            }
        }
        replies(&mut output)
    }
}

/// Reads what the server has written.
fn replies(output: &mut [u8]) -> Vec<String> {
    let mut ids = Vec::new();
    let mut decoder = Decoder::new(Role::Client, usize::MAX);
    read(&mut decoder, output, |found| match found {
        Ok(Event::Text(text)) => {
            let message: Message<'_> = serde_json::from_str(text).expect("a message");
            let kinds = ["__rpc_res", "__rpc_err", "__pong", "noted"];
            assert!(kinds.contains(&message.r#type.as_str()), "{text}");
            ids.extend(message.rpc_id.map(|id| id.get().to_owned()));
        }
        Ok(Event::Pong(_) | Event::Ping(_) | Event::Close(_)) => {}
        Ok(Event::Binary(_)) | Err(_) => panic!("the server broke the protocol: {found:?}"),
    });
    assert!(!decoder.is_mid_message(), "the server wrote half a frame");
    ids
}
