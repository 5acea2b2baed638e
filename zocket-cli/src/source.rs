//! Where a contract comes from: a file, stdin, or a running server.

use std::{
    fs::File,
    io::{self, Read},
    str::FromStr,
};

use zocket_contract::Contract;

use crate::{
    net::{
        ServerUrl,
        http::{Answer, get},
    },
    report::{Failure, Result},
    system::in_words,
};

/// No contract is larger than this, in bytes: anything larger is something else.
const LARGEST: u64 = Contract::MAX_BYTES as u64;

/// A file, `-` for stdin, or a URL.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Stdin,
    File(String),
    Url(String),
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "-" => Self::Stdin,
            text if ServerUrl::is_meant(text) => Self::Url(text.to_owned()),
            text => Self::File(text.to_owned()),
        })
    }
}

impl Source {
    /// Reads the contract.
    pub(crate) fn contract(&self) -> Result<Contract> {
        match self {
            Self::Stdin => parse("stdin", &stdin()?),
            Self::File(path) => parse(path, &file(path)?),
            Self::Url(url) => from_server(&ServerUrl::parse(url)?),
        }
    }

    /// Whether reading it takes all of stdin.
    pub(crate) fn is_stdin(&self) -> bool {
        matches!(self, Self::Stdin)
    }
}

/// The contract of a running server, looked for in the usual places.
pub(crate) fn from_server(server: &ServerUrl) -> Result<Contract> {
    let urls = server.contract_urls();
    let mut tried = Vec::new();
    let mut is_servers_fault = true;
    for url in &urls {
        match get(url, LARGEST) {
            Answer::Found { body, content_type } if content_type.contains("html") => {
                let size = body.len();
                tried.push(format!("{url}: a page of {size} bytes (text/html), not a contract"));
                is_servers_fault = false;
            }
            Answer::Found { body, .. } => match text(url, body).and_then(|text| parse(url, &text)) {
                Ok(contract) => return Ok(contract),
                Err(failure) if urls.len() == 1 => return Err(failure),
                Err(failure) => {
                    tried.push(failure.message().to_owned());
                    is_servers_fault = false;
                }
            },
            Answer::Refused { what, is_servers_fault: fault } => {
                tried.push(format!("{url}: {what}"));
                is_servers_fault &= fault;
            }
            // The next place is on the same server.
            Answer::None { why, help } => {
                return Err(Failure::unreachable(format_args!("cannot reach {url}: {why}"))
                    .help(help.unwrap_or("is the server running, and the port right?")));
            }
        }
    }
    let message = match &tried[..] {
        [only] => only.clone(),
        several => format!("the server shows no contract; tried:\n  {}", several.join("\n  ")),
    };
    let failure = if is_servers_fault { Failure::unreachable(message) } else { Failure::unusable(message) };
    Err(failure
        .help("serve it by `.route(\"/contract.json\", server.contract_route())`, or give its URL in full"))
}

fn parse(name: &str, text: &str) -> Result<Contract> {
    Contract::parse(text).map_err(|error| {
        let (line, column, message) = (error.line(), error.column(), error.message());
        Failure::unusable(format_args!("{name}:{line}:{column}: {message}")).help(error.help())
    })
}

/// The whole of a file, which must be text.
pub(crate) fn file(path: &str) -> Result<String> {
    let cannot = |error: io::Error| {
        let failure = Failure::unusable(format_args!("cannot read {path}: {}", in_words(&error)));
        let looks_like_host = path.contains(':') && !path.starts_with(['/', '.']);
        if error.kind() == io::ErrorKind::NotFound && looks_like_host {
            failure.help(format_args!("for a running server, write http://{path}"))
        } else {
            failure
        }
    };
    let file = File::open(path).map_err(cannot)?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(Failure::unusable(format_args!("cannot read {path}: it is a folder")));
    }
    text(path, whole(path, file)?)
}

/// All of stdin, which must be text.
pub(crate) fn stdin() -> Result<String> {
    text("stdin", whole("stdin", io::stdin().lock())?)
}

fn whole(name: &str, input: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::unusable(format_args!("cannot read {name}: {}", in_words(&error))))?;
    if bytes.len() as u64 > LARGEST {
        let most = LARGEST >> 20;
        return Err(Failure::unusable(format_args!("{name}: larger than {most} MiB, which nothing here is")));
    }
    Ok(bytes)
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::unusable(format_args!("{name}: not text: byte {at} is not UTF-8"))
    })?;
    // Some Windows editors add it; JSON does not allow it.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
