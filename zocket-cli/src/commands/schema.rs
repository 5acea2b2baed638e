//! `zocket schema`: self-contained schemas.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::Value;
use zocket_contract::{Contract, Direction, Part as RoutePart, SchemaName};

use crate::{
    args::{Part, SchemaArgs},
    output::{say, write, write_file},
    report::{Exit, Failure, Result},
    routes,
    system::in_words,
};

pub(crate) fn run(args: &SchemaArgs) -> Result<Exit> {
    let output = args.output.as_deref();
    let Some(source) = args.source.as_ref().filter(|_| !args.meta) else {
        return write(output, &text(Contract::meta_schema())).map(|()| Exit::Fine);
    };
    let contract = source.contract()?;
    match (&args.route, &args.part, output) {
        (None, None, None) => list(&contract)?,
        (None, None, Some(folder)) => write_all(&contract, folder)?,
        (route, part, output) => {
            let name = name(&contract, route.as_deref(), part.as_ref())?;
            let schema = contract.schema(name).ok_or_else(|| missing(&contract, name))?;
            write(output, &text(&schema))?;
        }
    }
    Ok(Exit::Fine)
}

fn text(schema: &Value) -> String {
    format!("{schema:#}\n")
}

fn list(contract: &Contract) -> Result<()> {
    say(&contract.schema_names().map(|name| format!("{name}\n")).collect::<String>())
}

/// The schema that is meant.
fn name<'a>(
    contract: &'a Contract,
    route: Option<&'a str>,
    part: Option<&'a Part>,
) -> Result<SchemaName<'a>> {
    match (route, part) {
        (None, Some(Part::Headers)) => Ok(SchemaName::Headers),
        (Some(_), Some(Part::Headers)) => {
            Err(Failure::unusable("the headers are the handshake's, not a route's")
                .help("leave the route out"))
        }
        (None, _) => Err(Failure::unusable("which route's?").help("name one, as stock.orderNow")),
        (Some(route), Some(Part::OfRoute(part))) => {
            routes::any(contract, route)?;
            let part = RoutePart::parse(part).unwrap_or(RoutePart::Payload);
            // If a route cannot be called, its payload is the event's.
            let is_call = contract.route(route, Direction::Incoming).is_some();
            let part = if part == RoutePart::Payload && !is_call { RoutePart::Event } else { part };
            Ok(SchemaName::Message { route, part })
        }
        (Some(text), None) => match SchemaName::parse(text) {
            Some(name) if contract.schema(name).is_some() => Ok(name),
            _ => Ok(match routes::any(contract, text)?.direction() {
                Direction::Incoming => SchemaName::Message { route: text, part: RoutePart::Payload },
                Direction::Outgoing => SchemaName::Message { route: text, part: RoutePart::Event },
            }),
        },
    }
}

fn missing(contract: &Contract, name: SchemaName<'_>) -> Failure {
    let SchemaName::Message { route, part } = name else {
        return Failure::no("the contract asks for no headers");
    };
    let what = match part {
        RoutePart::Payload | RoutePart::Event => "payload".to_owned(),
        RoutePart::Reply => "reply".to_owned(),
        RoutePart::Error(code) => format!("error `{code}` with data"),
    };
    let there: Vec<String> = contract
        .schema_names()
        .filter(|other| matches!(other, SchemaName::Message { route: of, .. } if *of == route))
        .map(|name| name.to_string())
        .collect();
    let failure = Failure::no(format_args!("`{route}` has no {what}"));
    if there.is_empty() { failure } else { failure.help(format_args!("there is {}", there.join(", "))) }
}

/// Writes every schema into a folder, under its name: `stock.orderNow/payload.json`.
fn write_all(contract: &Contract, folder: &Path) -> Result<()> {
    if !folder.is_dir() && folder.extension().is_some_and(|extension| extension == "json") {
        return Err(Failure::unusable(format_args!(
            "all schemas do not go into one file, {}",
            folder.display()
        ))
        .help("name a folder, or a route"));
    }
    for name in contract.schema_names() {
        let Some(schema) = contract.schema(name) else { continue };
        let path = folder.join(file_name(name));
        if let Some(parent) = path.parent() {
            make_folder(parent)?;
        }
        write_file(&path, &text(&schema))?;
    }
    Ok(())
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error: io::Error| {
        Failure::unusable(format_args!("cannot make the folder {}: {}", folder.display(), in_words(&error)))
    })
}

/// The name as a path that stays inside its folder, on every system.
fn file_name(name: SchemaName<'_>) -> PathBuf {
    let mut path: Vec<String> = name.to_string().split('/').map(safe).collect();
    if let Some(last) = path.last_mut() {
        last.push_str(".json");
    }
    path.iter().collect()
}

fn safe(step: &str) -> String {
    let is_safe = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut safe: String = step.chars().map(|c| if is_safe(c) { c } else { '-' }).collect();
    // Not hidden, not `.` or `..`, and not empty.
    if safe.is_empty() || safe.starts_with('.') {
        safe.insert(0, '_');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_the_folder() {
        let file = |route| file_name(SchemaName::Message { route, part: RoutePart::Error("A/../B") });
        assert_eq!(file("stock.orderNow"), Path::new("stock.orderNow/errors/A/_../B.json"));
        assert_eq!(file("../..//etc"), Path::new("_../_../_/etc/errors/A/_../B.json"));
        assert_eq!(file("C:\\x"), Path::new("C--x/errors/A/_../B.json"));
    }
}
