//! One GET.

use std::time::Duration;

use ureq::{Agent, Error};

use super::tls;

/// How long the whole answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// The result of a GET.
pub(crate) enum Answer {
    /// 200, and the body with its content type.
    Found { body: Vec<u8>, content_type: String },
    /// An unexpected answer, as text.
    Refused { what: String, is_servers_fault: bool },
    /// No answer, why, and perhaps a way out.
    None { why: String, help: Option<&'static str> },
}

/// Gets a URL, whose contents may have `max` bytes. Follows redirects, and uses the proxies from the environment except for this
/// machine.
pub(crate) fn get(url: &str, max: u64) -> Answer {
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
        Err(error) => return none(&error),
    };
    let status = response.status();
    if status != 200 {
        let what = status.to_string();
        return Answer::Refused { what, is_servers_fault: status.is_server_error() };
    }
    let content_type = response.body().mime_type().unwrap_or_default().to_owned();
    match response.body_mut().with_config().limit(max).read_to_vec() {
        Ok(body) => Answer::Found { body, content_type },
        Err(Error::BodyExceedsLimit(_)) => {
            let what = format!("the answer is larger than {} MiB", max >> 20);
            Answer::Refused { what, is_servers_fault: false }
        }
        Err(error) => none(&error),
    }
}

fn none(error: &Error) -> Answer {
    let help = match error {
        Error::Io(error) => tls::help(error),
        _ => None,
    };
    Answer::None { why: in_words(error), help }
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
