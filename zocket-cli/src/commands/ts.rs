//! `zocket ts`: a TypeScript client.

use std::path::{Path, PathBuf};

use crate::{
    args::TsArgs,
    output::{Written, is_up_to_date, print, write_file},
    report::{Exit, Failure, Result, note},
    typescript,
};

pub(crate) fn run(args: &TsArgs) -> Result<Exit> {
    let contract = args.source.contract()?;
    let client = typescript::client(&contract).map_err(Failure::unusable)?;
    let Some(output) = &args.output else { return print(&client).map(|()| Exit::Fine) };
    let mut files = vec![(output.clone(), client)];
    if args.react {
        files.push(companion(output, "react", REACT)?);
    }
    if args.msgpack {
        files.push(companion(output, "msgpack", MSGPACK)?);
    }
    if args.check { check(&files) } else { write(&files) }
}

const REACT: &str = include_str!("../typescript/react.ts");
const MSGPACK: &str = include_str!("../typescript/msgpack.ts");

/// A file next to the client that imports it: `zocket.react.ts` for `zocket.ts`.
fn companion(client: &Path, kind: &str, text: &str) -> Result<(PathBuf, String)> {
    let stem =
        client.file_stem().and_then(|stem| stem.to_str()).filter(|stem| !stem.contains(['"', '\\', '\n']));
    let stem = stem.ok_or_else(|| {
        Failure::unusable(format_args!("{}: not a name that another file can import", client.display()))
    })?;
    let path = client.with_file_name(format!("{stem}.{kind}.ts"));
    Ok((path, text.replace("\"./zocket.js\"", &format!("\"./{stem}.js\""))))
}

fn check(files: &[(PathBuf, String)]) -> Result<Exit> {
    for (path, text) in files {
        if !is_up_to_date(path, text) {
            let what = if path.exists() { "not up to date" } else { "not there" };
            return Err(Failure::no(format_args!("{}: {what}", path.display()))
                .help("write it anew: the same command without --check"));
        }
    }
    Ok(Exit::Fine)
}

fn write(files: &[(PathBuf, String)]) -> Result<Exit> {
    for (path, text) in files {
        match write_file(path, text)? {
            Written::Changed => note("wrote", path.display()),
            Written::Unchanged => note("unchanged", path.display()),
        }
    }
    Ok(Exit::Fine)
}
