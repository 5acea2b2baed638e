//! A TypeScript client from a contract.
//!
//! ```text
//! contract ──► names ──► schema ──► shape ──► recursion ──► print ──► zocket.ts
//!              unique,   JSON       types as  what refers   text      types, calls and events,
//!              valid     Schema     data      to itself               then runtime.ts as it is
//! ```
//!
//! `docs` writes the comments next to the types, `routes` the namespaces of calls and events.

mod docs;
mod names;
mod print;
mod recursion;
mod routes;
mod schema;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use zocket_contract::{Contract, Direction};

use names::Names;
use schema::Types;
use shape::Shape;

const RUNTIME: &str = include_str!("runtime.ts");

/// Why a contract cannot be turned into a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Error {
    message: String,
}

impl Error {
    fn new(message: String) -> Self {
        Self { message }
    }

    fn at(self, place: &str) -> Self {
        Self { message: format!("{place}: {}", self.message) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no TypeScript client can be made of this contract: {}", self.message)
    }
}

impl std::error::Error for Error {}

/// The client of a contract, as one TypeScript file. The same contract gives the same text.
///
/// # Errors
/// The contract refers to a definition that does not exist, has a definition that is only itself, or a route whose name is
/// duplicate or empty. No router makes such a contract.
pub(crate) fn client(contract: &Contract) -> Result<String, Error> {
    let definitions = contract.definitions();
    let mut named = Names::beside(RUNTIME);
    let types = Types::new(named.of_definitions(definitions.keys()), definitions);
    let mut declared = Vec::new();
    for (name, schema) in definitions {
        let at = |error: Error| error.at(&format!("the definition `{name}`"));
        let shape = types.of(schema).map_err(at)?;
        declared.push((types.name(name).unwrap_or(name).to_owned(), docs::of_schema(schema, false), shape));
    }
    let headers = headers(contract, &types, &mut declared)?;
    let mut shapes: BTreeMap<String, Shape> =
        declared.iter().map(|(name, _, shape)| (name.clone(), shape.clone())).collect();
    recursion::settle(&mut shapes)?;
    let calls = routes::entries(of(contract, Direction::Incoming), &types, &mut named)?;
    let events = routes::entries(of(contract, Direction::Outgoing), &types, &mut named)?;

    let mut out = head(contract);
    declared.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    for (name, docs, _) in &declared {
        declare(name, docs, &shapes[name], &mut out);
    }
    routes::declare_failures(&calls, &mut out);
    routes::declare("Calls", &calls, Direction::Incoming, &mut out);
    routes::declare("Events", &events, Direction::Outgoing, &mut out);
    tail(contract, &calls, &events, headers.as_ref(), &mut out);
    out.push_str("\n// ---- The runtime: the same for every contract ----\n\n");
    out.push_str(without_heading(RUNTIME));
    Ok(out)
}

fn of(contract: &Contract, direction: Direction) -> impl Iterator<Item = zocket_contract::Route<'_>> {
    contract.routes().filter(move |route| route.direction() == direction)
}

fn head(contract: &Contract) -> String {
    let mut lines = docs::text(contract.description());
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let router = docs::text(contract.router()).join(" ");
    lines.push(format!(
        "The client of the router `{router}`, made by `zocket ts`: do not edit, make it anew."
    ));
    lines.push(format!("Contract {}.", docs::text(contract.hash()).join(" ")));
    lines.push(String::new());
    lines.push(
        "64-bit integers are an `Integer`: a `number` where that is exact, a `bigint` beyond 2^53."
            .to_owned(),
    );
    let mut out = String::new();
    print::comment(&lines, 0, &mut out);
    out.replacen("/**", "/*", 1)
}

fn declare(name: &str, docs: &[String], shape: &Shape, out: &mut String) {
    out.push('\n');
    print::comment(docs, 0, out);
    match shape {
        Shape::Object(members) => {
            out.push_str(&format!("export interface {name} {{\n"));
            print::members(members, 2, out);
            out.push_str("}\n");
        }
        other => print::declaration(&format!("export type {name} ="), other, 0, out),
    }
}

/// The type of the handshake's headers: a value that is `undefined` counts as omitted. Headers that are never read from the
/// query are left out.
fn headers(
    contract: &Contract,
    types: &Types<'_>,
    declared: &mut [(String, Vec<String>, Shape)],
) -> Result<Option<Shape>, Error> {
    let Some(schema) = contract.headers() else { return Ok(None) };
    let mut shape = types.of(schema).map_err(|error| error.at("the headers"))?;
    let definition = match &shape {
        Shape::Named(name) => {
            declared.iter_mut().find(|(declared, ..)| declared == name).map(|(.., shape)| shape)
        }
        _ => Some(&mut shape),
    };
    if let Some(Shape::Object(members)) = definition {
        let properties = routes::resolved(schema, contract.definitions()).get("properties");
        let offered =
            |name: &str| !properties.and_then(|own| own.get(name)).is_some_and(zocket_contract::is_http_only);
        members.retain(|member| offered(&member.name));
        for member in members.iter_mut().filter(|member| member.optional) {
            let undefined = Shape::Word("undefined").into();
            member.shape = Shape::union([member.shape.clone().into(), undefined]);
        }
    }
    Ok(Some(shape))
}

/// What ties the types to the runtime.
fn tail(
    contract: &Contract,
    calls: &[routes::Entry<'_>],
    events: &[routes::Entry<'_>],
    headers: Option<&Shape>,
    out: &mut String,
) {
    let list = |entries: &[routes::Entry<'_>]| {
        let routes: Vec<String> = entries.iter().map(|entry| names::quoted(entry.route)).collect();
        let line = format!("[{}]", routes.join(", "));
        if line.len() + 12 <= print::WIDTH {
            line
        } else {
            format!("[\n    {},\n  ]", routes.join(",\n    "))
        }
    };
    let is_required =
        contract.headers().is_some_and(|headers| routes::has_required(headers, contract.definitions()));
    let headers = headers.and_then(print::flat).unwrap_or_else(|| "object".to_owned());
    let options = format!("ClientOptions<{headers}, ZocketClient>");
    let options = match is_required {
        true => format!("options: {options} & {{ headers: object }}"),
        false => format!("options?: {options}"),
    };
    let hash = names::quoted(contract.hash());
    let (calls, events) = (list(calls), list(events));
    out.push_str(&format!(
        "
export type ZocketClient = Client<Calls, Events, RouteCalls, RouteEvents>;

/** What the server must speak, and at which routes. */
export const contract: Contract = {{
  hash: {hash},
  calls: {calls},
  events: {events},
}};

/** A client of the server at `url`: it connects at once, and again whenever the connection is lost, until `close()`. */
export function createZocketClient(url: string | URL, {options}): ZocketClient {{
  return connect<ZocketClient>(contract, url, options);
}}

/** Whether a call was rejected with `error`: its `code` then tells what else there is. */
export function isZocketError(error: unknown): error is ErrorIn<RouteCalls> {{
  return error instanceof ZocketError;
}}
"
    ));
}

/// Without the leading comment, which is for developers of the runtime.
fn without_heading(runtime: &str) -> &str {
    let heading: usize =
        runtime.split_inclusive('\n').take_while(|line| line.starts_with("//")).map(str::len).sum();
    runtime[heading..].trim_start()
}
