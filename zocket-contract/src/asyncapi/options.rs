//! The parts of an AsyncAPI document that are not in the contract.

use std::fmt;

use serde_json::{Map, Value, json};

/// Options for [`Contract::to_asyncapi`](crate::Contract::to_asyncapi). All of them have defaults.
///
/// ```
/// use zocket_contract::AsyncApiOptions;
///
/// # fn main() -> Result<(), zocket_contract::InvalidAsyncApiOption> {
/// let options = AsyncApiOptions::default()
///     .title("Shop")
///     .version("2.1.0")
///     .address("/ws")?
///     .server("production", "wss://shop.example.com")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct AsyncApiOptions {
    pub(super) title: Option<String>,
    pub(super) version: Option<String>,
    pub(super) description: Option<String>,
    pub(super) address: String,
    servers: Vec<Server>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Server {
    name: String,
    protocol: &'static str,
    host: String,
    path: String,
}

impl Default for AsyncApiOptions {
    fn default() -> Self {
        Self { title: None, version: None, description: None, address: "/ws".into(), servers: Vec::new() }
    }
}

impl AsyncApiOptions {
    /// The application's title. Default: the router's name.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The version of the application's API. Default: the first eight digits of the contract's hash, which change when
    /// something that goes over the wire changes.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// What the application is, as Markdown. Default: the doc comment of the router's module.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The path at which the WebSocket endpoint is mounted. Default: `/ws`.
    ///
    /// # Errors
    /// It does not begin with a slash, or contains a query, a fragment, a placeholder in braces or white
    /// space.
    pub fn address(mut self, path: &str) -> Result<Self, InvalidAsyncApiOption> {
        if !path.starts_with('/') || path.contains(not_in_a_path) {
            return Err(InvalidAsyncApiOption {
                message: format!("`{path}` is no path of an endpoint"),
                help: "write the path at which the WebSocket is mounted, as `/ws`",
            });
        }
        path.clone_into(&mut self.address);
        Ok(self)
    }

    /// Adds a server by its URL: `wss://shop.example.com`, if needed with a port and a path before the
    /// [`address`](Self::address). The URL of the endpoint itself works as well. A server of the same name is replaced.
    ///
    /// # Errors
    /// The name has characters other than letters, digits, `.`, `-` and `_`, or the URL is not a WebSocket
    /// URL.
    pub fn server(mut self, name: &str, url: &str) -> Result<Self, InvalidAsyncApiOption> {
        let is_key = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        if name.is_empty() || !name.chars().all(is_key) {
            return Err(InvalidAsyncApiOption {
                message: format!("`{name}` is no name of a server"),
                help: "use letters, digits, `.`, `-` and `_`, as in `production`",
            });
        }
        let server = Server::parse(name, url).ok_or_else(|| InvalidAsyncApiOption {
            message: format!("`{url}` is no URL of a WebSocket server"),
            help: "write it as `wss://shop.example.com`; `ws://` is for plain text",
        })?;
        self.servers.retain(|other| other.name != name);
        self.servers.push(server);
        Ok(self)
    }

    /// The document's `servers`.
    pub(super) fn servers(&self) -> Map<String, Value> {
        let servers = self.servers.iter().map(|server| {
            let mut object = json!({"host": server.host, "protocol": server.protocol});
            // The channel's address follows the server's path.
            let prefix =
                server.path.strip_suffix(&self.address).unwrap_or(&server.path).trim_end_matches('/');
            if !prefix.is_empty() {
                object["pathname"] = prefix.into();
            }
            (server.name.clone(), object)
        });
        servers.collect()
    }
}

impl Server {
    fn parse(name: &str, url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let protocol = ["ws", "wss"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if host.is_empty() || host.contains('@') || rest.contains(not_in_a_path) {
            return None;
        }
        Some(Self { name: name.into(), protocol, host: host.into(), path: path.into() })
    }
}

fn not_in_a_path(letter: char) -> bool {
    "?#{}".contains(letter) || letter.is_whitespace() || letter.is_control()
}

/// An option that is not valid in an AsyncAPI document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAsyncApiOption {
    message: String,
    help: &'static str,
}

impl InvalidAsyncApiOption {
    /// What is wrong, in one sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to fix it.
    #[must_use]
    pub fn help(&self) -> &str {
        self.help
    }
}

impl fmt::Display for InvalidAsyncApiOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\nhelp: {}", self.message, self.help)
    }
}

impl std::error::Error for InvalidAsyncApiOption {}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(url: &str) -> Value {
        AsyncApiOptions::default().server("x", url).unwrap().servers()["x"].clone()
    }

    #[test]
    fn servers_by_url() {
        assert_eq!(servers("wss://a.example"), json!({"host": "a.example", "protocol": "wss"}));
        assert_eq!(servers("WS://[::1]:3000/"), json!({"host": "[::1]:3000", "protocol": "ws"}));
        assert_eq!(servers("ws://a/b/c"), json!({"host": "a", "protocol": "ws", "pathname": "/b/c"}));
        assert_eq!(servers("ws://a/b/ws"), json!({"host": "a", "protocol": "ws", "pathname": "/b"}));
        assert_eq!(servers("ws://a/ws"), json!({"host": "a", "protocol": "ws"}));
    }

    #[test]
    fn what_is_no_server_and_no_address() {
        for url in [
            "",
            "a.example",
            "https://a",
            "ws://",
            "ws:///ws",
            "ws://u:p@a",
            "ws://a/?x",
            "ws://{a}",
            "ws://a b",
        ] {
            let error = AsyncApiOptions::default().server("x", url).unwrap_err();
            assert!(error.to_string().contains("help: write it as `wss://"), "{url}");
        }
        assert!(AsyncApiOptions::default().server("a b", "ws://a").is_err());
        for path in ["", "ws", "/ws?x", "/{room}", "/w s"] {
            assert!(AsyncApiOptions::default().address(path).is_err(), "{path}");
        }
    }
}
