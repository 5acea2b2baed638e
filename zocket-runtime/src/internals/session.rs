//! A whole connection in memory, polled by hand: bytes in, bytes out, without a scheduler.

use std::{
    fmt,
    future::poll_fn,
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{
    client_id::ClientId,
    connection::{Conn, ConnLink, Contexts, Core, Current},
    dispatch::App,
    hub::Link,
    mount::Server,
    session::{self, Io, Transport},
    wire::envelope::RpcId,
};

/// A connection after its handshake, in the caller's runtime.
pub struct Session {
    life: Pin<Box<dyn Future<Output = ()> + Send>>,
    pipe: Pipe,
    joined: Joined,
    awake: Arc<Awake>,
    waker: Waker,
}

impl Session {
    /// Joins a server.
    ///
    /// # Panics
    /// Outside of a tokio runtime, and where the operating system gives no randomness.
    #[must_use]
    pub fn open<C>(server: &Server<C>) -> Self {
        let joined = Joined::new(server.core());
        let pipe = Pipe::default();
        let io = Io::new(Transport::stream(pipe.clone()), &joined.0);
        let mut session = session::Session::new(Arc::clone(server.app()), Arc::clone(&joined.0), io);
        let current = Current { core: Arc::clone(server.core()), link: Some(Arc::clone(&joined.0)) };
        let life = current.scope(async move {
            poll_fn(|cx| session.poll_run(cx)).await;
        });
        let awake = Arc::new(Awake::default());
        Self { life: Box::pin(life), pipe, joined, waker: Waker::from(Arc::clone(&awake)), awake }
    }

    /// Passes bytes to the session, lets it run until it waits for something, and takes what it wrote. Returns `false`
    /// when the connection is over: do not call this again.
    pub fn exchange(&mut self, input: &[u8], output: &mut Vec<u8>) -> bool {
        self.pipe.lock().input.extend_from_slice(input);
        let mut over = false;
        self.awake.0.store(true, Ordering::Release);
        while !over && self.awake.0.swap(false, Ordering::AcqRel) {
            over = self.life.as_mut().poll(&mut Context::from_waker(&self.waker)).is_ready();
        }
        output.append(&mut self.pipe.lock().output);
        !over
    }

    /// Waits until everything sent so far has reached its receivers' outboxes.
    pub async fn settle(&self) {
        self.joined.0.hub().idle().await;
    }

    /// The id of the connection.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.joined.0.id()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id()).finish_non_exhaustive()
    }
}

/// The calls of a connection, without its bytes: from a route's name to what the handler leaves in the outbox.
pub struct Calls {
    app: Arc<App>,
    joined: Joined,
}

impl Calls {
    /// Joins a server.
    ///
    /// # Panics
    /// Outside of a tokio runtime, and where the operating system gives no randomness.
    #[must_use]
    pub fn open<C>(server: &Server<C>) -> Self {
        Self { app: Arc::clone(server.app()), joined: Joined::new(server.core()) }
    }

    /// Calls a route whose handler does not wait; returns the length of the reply's frame.
    ///
    /// # Panics
    /// If there is no such route, it refuses the payload, or its handler waits.
    pub fn call(&self, route: &str, payload: &str, rpc_id: &str) -> usize {
        let index = self.app.table.find(route).expect("a route of the server");
        let link = Arc::clone(&self.joined.0);
        let started = self.app.start(index, link, Some(RpcId::new(rpc_id)), Some(payload));
        let mut handling = started.unwrap_or_else(|error| panic!("refused: {error}"));
        match handling.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(())) => {}
            Poll::Ready(Err(error)) => panic!("refused: {error}"),
            Poll::Pending => panic!("the handler waits"),
        }
        self.joined.0.outbox().take().map_or(0, |frames| frames.len())
    }
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calls").field("id", &self.joined.0.id()).finish_non_exhaustive()
    }
}

/// A connection that the hub knows, until this is dropped.
struct Joined(Arc<ConnLink>);

impl Joined {
    fn new(core: &Arc<Core>) -> Self {
        let id = ClientId::random().expect("the operating system gives randomness");
        let conn = Conn::new(Arc::clone(core), None, None);
        let link = Arc::new(Link::new(id, core.config.outbox_bytes, conn));
        link.set_context(Contexts::new().erase(()));
        core.hub.register(&link);
        core.hub.open(&link);
        Self(link)
    }
}

impl Drop for Joined {
    fn drop(&mut self) {
        self.0.hub().depart(&self.0);
        self.0.outbox().shut();
        self.0.hub().remove(&self.0);
    }
}

/// Whether the session wants to be polled.
#[derive(Default)]
struct Awake(AtomicBool);

impl Wake for Awake {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// Both ends of a stream in memory.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Ends>>);

#[derive(Default)]
struct Ends {
    input: Vec<u8>,
    /// How much of `input` has been read.
    at: usize,
    output: Vec<u8>,
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, Ends> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut ends = self.lock();
        let length = buffer.remaining().min(ends.input.len() - ends.at);
        if length == 0 {
            ends.input.clear();
            ends.at = 0;
            return Poll::Pending;
        }
        buffer.put_slice(&ends.input[ends.at..ends.at + length]);
        ends.at += length;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.lock().output.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
