//! One GET.

use std::time::Duration;

use ureq::{Agent, Error};

use super::tls;
use crate::source::LARGEST;

/// How long an answer may take, all of it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// What a GET came to.
pub(crate) enum Answer {
    /// 200, and the body with its content type.
    Found { body: Vec<u8>, content_type: String },
    /// An answer, and not the one that was asked for, in words.
    Refused { what: String, is_servers_fault: bool },
    /// No answer, and why.
    None(String),
}

/// Asks for a URL. Follows redirects, and the environment's proxies except to this machine.
pub(crate) fn get(url: &str) -> Answer {
    let mut config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .timeout_connect(Some(CONNECT))
        .http_status_as_error(false)
        .user_agent(concat!("zocket/", env!("CARGO_PKG_VERSION")));
    if url.starts_with("https:") {
        config = config.tls_config(tls::for_http());
    }
    if is_here(url) {
        config = config.proxy(None);
    }
    let agent = Agent::from(config.build());
    let mut response = match agent.get(url).header("accept", "application/json").call() {
        Ok(response) => response,
        Err(error) => return Answer::None(in_words(&error)),
    };
    let status = response.status();
    if status != 200 {
        let what = status.to_string();
        return Answer::Refused { what, is_servers_fault: status.is_server_error() };
    }
    let content_type = response.body().mime_type().unwrap_or_default().to_owned();
    match response.body_mut().with_config().limit(LARGEST).read_to_vec() {
        Ok(body) => Answer::Found { body, content_type },
        Err(Error::BodyExceedsLimit(_)) => {
            let what = format!("the answer is larger than {} MiB", LARGEST >> 20);
            Answer::Refused { what, is_servers_fault: false }
        }
        Err(error) => Answer::None(in_words(&error)),
    }
}

fn is_here(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["127.", "localhost:", "localhost/", "[::1]"].iter().any(|here| host.starts_with(here))
}

fn in_words(error: &Error) -> String {
    match error {
        Error::Io(error) => error.to_string(),
        Error::Timeout(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        Error::HostNotFound => "no such host".into(),
        other => other.to_string(),
    }
}
