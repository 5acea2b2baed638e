//! `zocket asyncapi`: an AsyncAPI document.

use zocket_contract::{AsyncApiOptions, InvalidAsyncApiOption};

use crate::{
    args::AsyncapiArgs,
    output::write,
    report::{Exit, Failure, Result},
};

pub(crate) fn run(args: &AsyncapiArgs) -> Result<Exit> {
    let options = options(args)
        .map_err(|error: InvalidAsyncApiOption| Failure::unusable(error.message()).help(error.help()))?;
    let document = args.source.contract()?.to_asyncapi(&options);
    write(args.output.as_deref(), &format!("{document:#}\n")).map(|()| Exit::Fine)
}

fn options(args: &AsyncapiArgs) -> Result<AsyncApiOptions, InvalidAsyncApiOption> {
    let mut options = AsyncApiOptions::default().address(&args.address)?;
    if let Some(title) = &args.title {
        options = options.title(title);
    }
    if let Some(version) = &args.api_version {
        options = options.version(version);
    }
    for server in &args.server {
        let (name, url) = named(server);
        options = options.server(&name, url)?;
    }
    Ok(options)
}

/// A server's name and URL; the name defaults to the host.
fn named(server: &str) -> (String, &str) {
    match server.split_once('=') {
        // An `=` after the scheme belongs to the path.
        Some((name, url)) if !name.contains("://") => (name.to_owned(), url),
        _ => {
            let (_, rest) = server.split_once("://").unwrap_or(("", server));
            let host = rest.split('/').next().unwrap_or_default();
            let is_key = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let name: String = host.chars().map(|c| if is_key(c) { c } else { '-' }).collect();
            // Without a name, the URL must be at fault.
            (if name.is_empty() { "server".into() } else { name }, server)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_without_a_name_has_that_of_its_host() {
        for (given, name, url) in [
            ("production=wss://h", "production", "wss://h"),
            ("wss://shop.example.com:8443/a=b", "shop.example.com-8443", "wss://shop.example.com:8443/a=b"),
            ("ws://[::1]:3000", "---1--3000", "ws://[::1]:3000"),
            ("", "server", ""),
        ] {
            assert_eq!(named(given), (name.to_owned(), url));
        }
    }
}
