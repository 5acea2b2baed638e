//! nginx and HAProxy, with the configuration of `docs/deploy.md`.

use std::{
    fmt::Display,
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    process::{Child, Command},
    sync::{
        Arc, Once,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName},
    },
};

use crate::program::PATIENCE;

const PAGE: &str = include_str!("../../../docs/deploy.md");

/// The clients' address: not the proxy's, so that the two can be distinguished. Other systems than Linux have only one
/// loopback address, so the tests see less there.
pub(super) const CLIENT: Ipv4Addr =
    if cfg!(target_os = "linux") { Ipv4Addr::new(127, 0, 0, 2) } else { Ipv4Addr::LOCALHOST };

/// The name by which clients know the site behind the proxy.
pub(super) const HOST: &str = "example.com";

/// The proxies of the page, each under the heading that its block is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nginx,
    HaProxy,
    TlsFront,
}

/// A running proxy. Dropping it kills it.
pub(super) struct Front {
    child: Child,
    pub(super) address: SocketAddr,
    folder: PathBuf,
    certificate: CertificateDer<'static>,
}

impl Kind {
    /// The block of the page, word for word.
    fn block(self) -> &'static str {
        let (heading, fence) = match self {
            Self::Nginx => ("\n### nginx\n", "```nginx\n"),
            Self::HaProxy => ("\n### HAProxy\n", "```haproxy\n"),
            Self::TlsFront => ("\n### A TLS front\n", "```haproxy\n"),
        };
        let (_, part) = PAGE.split_once(heading).expect("a heading");
        let (_, block) = part.split_once(fence).expect("a block below it");
        block.split_once("```\n").expect("an end of the block").0
    }

    /// What must differ from the page here: where to listen, where the server is, the certificate's paths, the
    /// timeouts.
    fn replacements(self, setup: &Setup) -> Vec<(&'static str, String)> {
        let Setup { listen, server, folder, idle, changes } = setup;
        let path = |name: &str| folder.join(name).display().to_string();
        let mut here = vec![("127.0.0.1:3000", server.clone()), ("60s", format!("{}s", idle.as_secs()))];
        here.extend(changes.iter().map(|(there, here)| (*there, (*here).to_owned())));
        match self {
            Self::Nginx => here.extend([
                ("listen 443 ", format!("listen {listen} ")),
                ("/etc/ssl/example.com.pem", path("chain.pem")),
                ("/etc/ssl/example.com.key", path("key.pem")),
            ]),
            Self::HaProxy | Self::TlsFront => here.extend([
                ("bind :443 ", format!("bind {listen} ")),
                ("/etc/ssl/example.com.pem", path("both.pem")),
            ]),
        }
        here
    }

    fn configuration(self, setup: &Setup) -> String {
        let mut block = self.block().to_owned();
        for (there, here) in self.replacements(setup) {
            assert!(block.contains(there), "the page does not say {there:?}");
            block = block.replace(there, &here);
        }
        match self {
            // The necessary parts of what surrounds the block in Debian's own configuration.
            Self::Nginx => format!(
                "daemon off;\nmaster_process off;\npid nginx.pid;\nevents {{}}\nhttp {{\naccess_log off;\n{}{block}}}\n",
                ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                    .map(|what| format!("{what}_temp_path {what};\n"))
                    .concat(),
            ),
            Self::HaProxy | Self::TlsFront => format!("global\n    maxconn 100\n\n{block}"),
        }
    }

    fn command(self, setup: &Setup) -> Command {
        let (program, arguments) = match self {
            Self::Nginx => ("nginx", ["-e", "stderr", "-p", ".", "-c"].as_slice()),
            Self::HaProxy | Self::TlsFront => ("haproxy", ["-db", "-f"].as_slice()),
        };
        // Debian installs both where only root's PATH looks.
        let installed = PathBuf::from("/usr/sbin").join(program);
        let mut command = if installed.exists() { Command::new(installed) } else { Command::new(program) };
        let configuration = setup.folder.join("proxy.conf");
        fs::write(&configuration, self.configuration(setup)).expect("a configuration to write");
        command.current_dir(&setup.folder).args(arguments).arg(configuration);
        command
    }
}

struct Setup {
    listen: SocketAddr,
    /// As the proxy writes it.
    server: String,
    folder: PathBuf,
    idle: Duration,
    /// What the test changes in the block.
    changes: &'static [(&'static str, &'static str)],
}

impl Front {
    /// Starts a proxy in front of a server, with this idle timeout, and waits until it listens.
    pub(super) fn start(kind: Kind, server: impl Display, idle: Duration) -> Self {
        Self::start_with(kind, server, idle, &[])
    }

    /// Starts one whose configuration differs from the page's in this.
    pub(super) fn start_with(
        kind: Kind,
        server: impl Display,
        idle: Duration,
        changes: &'static [(&'static str, &'static str)],
    ) -> Self {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("zocket-front-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");

        let made = rcgen::generate_simple_self_signed([HOST.into()]).expect("a certificate");
        let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let both = format!("{chain}{key}");
        for (name, text) in [("chain.pem", &chain), ("key.pem", &key), ("both.pem", &both)] {
            fs::write(folder.join(name), text).expect("a file to write");
        }

        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|socket| socket.local_addr());
        let setup =
            Setup { listen: free.expect("a free port"), server: server.to_string(), folder, idle, changes };
        let mut command = kind.command(&setup);
        let child = command.spawn().unwrap_or_else(|error| {
            panic!("{kind:?} does not start: {error}; help: run tests/run, which installs it")
        });
        let Setup { listen: address, folder, .. } = setup;
        let mut front = Self { child, address, folder, certificate: made.cert.der().clone() };
        front.wait_until_it_listens();
        front
    }

    fn wait_until_it_listens(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while std::net::TcpStream::connect(self.address).is_err() {
            assert_eq!(self.child.try_wait().expect("a child"), None, "the proxy has ended: see above");
            assert!(Instant::now() < deadline, "the proxy does not listen");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The site's public address: host and port.
    pub(super) fn authority(&self) -> String {
        format!("{HOST}:{}", self.address.port())
    }

    /// A TLS connection to the proxy, on which `protocol` is spoken.
    pub(super) async fn connect(&self, protocol: &str) -> TlsStream<TcpStream> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        });
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).expect("a certificate");
        let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((CLIENT, 0).into()).expect("an address of the client's own");
        let socket = socket.connect(self.address).await.expect("a proxy to connect to");
        let name = ServerName::try_from(HOST).expect("a name");
        let stream = TlsConnector::from(Arc::new(config)).connect(name, socket).await.expect("TLS");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol.as_bytes()));
        stream
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if thread::panicking() {
            eprintln!("what the proxy was told: {}", self.folder.display());
        } else {
            fs::remove_dir_all(&self.folder).ok();
        }
    }
}
