//! Routes as nested namespaces, and those that cannot be nested.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zocket_contract::{Direction, Route};

use super::schema::Types;
use super::shape::{Branch, Member, Shape, UNKNOWN};
use super::{Error, docs, names, print};

/// A client's own members: a namespace with the same name is left out.
const CLIENT: &[&str] =
    &["on", "onOpen", "onClose", "onError", "close", "reconnect", "readyState", "lastError"];

/// Far more than anybody needs.
const MOST_NAMESPACES: usize = 100;

/// One route, ready to be declared.
pub(super) struct Entry<'c> {
    pub(super) route: &'c str,
    docs: Vec<String>,
    /// `Call<…>` or `Listener<…>`.
    ty: String,
    /// The type of its errors.
    failure: Option<(String, Shape)>,
}

/// The routes of one direction, with names for their types.
pub(super) fn entries<'c>(
    routes: impl Iterator<Item = Route<'c>>,
    types: &Types<'_>,
    named: &mut names::Names,
) -> Result<Vec<Entry<'c>>, Error> {
    let mut entries = Vec::new();
    let mut seen = BTreeSet::new();
    for route in routes {
        let name = route.name();
        if name.is_empty() {
            return Err(Error::new("the contract has a route without a name".into()));
        }
        if name.split('.').count() > MOST_NAMESPACES {
            return Err(Error::new(format!("the route `{name}` has more than {MOST_NAMESPACES} namespaces")));
        }
        if !seen.insert(name) {
            return Err(Error::new(format!("the contract has the route `{name}` twice")));
        }
        let entry = entry(route, types, named).map_err(|error| error.at(&format!("the route `{name}`")))?;
        entries.push(entry);
    }
    Ok(entries)
}

fn entry<'c>(route: Route<'c>, types: &Types<'_>, named: &mut names::Names) -> Result<Entry<'c>, Error> {
    let mut lines = docs::text(route.description());
    if route.is_deprecated() {
        lines.push("@deprecated".to_owned());
    }
    let payload = route.payload().map(|schema| types.of(schema)).transpose()?;
    let mut failure = None;
    let ty = if route.direction() == Direction::Outgoing {
        format!("Listener<{}>", text(&payload.unwrap_or(UNKNOWN)))
    } else {
        // If nothing is sent, the server reads `null`.
        let payload = payload.map(|payload| match payload {
            nullable if nullable.is_nullable() => {
                Shape::union([nullable.into(), Shape::Word("undefined").into()])
            }
            other => other,
        });
        let reply = route.reply().map(|schema| types.of(schema)).transpose()?;
        failure =
            failures(route, types)?.map(|shape| (named.of_type(&format!("{}_failure", route.name())), shape));
        let mut arguments = vec![
            payload.as_ref().map_or("void".to_owned(), text),
            reply.as_ref().map_or("void".to_owned(), text),
            failure.as_ref().map_or("never".to_owned(), |(name, _)| name.clone()),
        ];
        for default in ["never", "void"] {
            if arguments.len() > 1 && arguments.last().is_some_and(|last| last == default) {
                arguments.pop();
            } else {
                break;
            }
        }
        format!("Call<{}>", arguments.join(", "))
    };
    Ok(Entry { route: route.name(), docs: lines, ty, failure })
}

/// Payload types are on one line, whatever its length: they are nearly always names.
fn text(shape: &Shape) -> String {
    print::flat(&without_comments(shape)).unwrap_or_default()
}

fn without_comments(shape: &Shape) -> Shape {
    let inner = |shape: &Shape| Box::new(without_comments(shape));
    let all = |shapes: &[Shape]| shapes.iter().map(without_comments).collect();
    match shape {
        Shape::Word(_) | Shape::Literal { .. } | Shape::Named(_) => shape.clone(),
        Shape::Array(of) => Shape::Array(inner(of)),
        Shape::Record(of) => Shape::Record(inner(of)),
        Shape::Index(of) => Shape::Index(inner(of)),
        Shape::Partial(of) => Shape::Partial(inner(of)),
        Shape::Tuple(items) => Shape::Tuple(all(items)),
        Shape::Intersection(parts) => Shape::Intersection(all(parts)),
        Shape::Union(branches) => {
            Shape::Union(branches.iter().map(|branch| without_comments(&branch.shape).into()).collect())
        }
        Shape::Object(members) => {
            let bare = |member: &Member| Member {
                docs: Vec::new(),
                shape: without_comments(&member.shape),
                ..member.clone()
            };
            Shape::Object(members.iter().map(bare).collect())
        }
    }
}

/// The router's own errors of a call.
fn failures(route: Route<'_>, types: &Types<'_>) -> Result<Option<Shape>, Error> {
    let mut branches = Vec::new();
    for error in route.errors() {
        let of =
            |name: &str, shape| Member { docs: Vec::new(), name: name.to_owned(), optional: false, shape };
        let mut members =
            vec![of("code", Shape::Literal { text: names::quoted(error.code()), of: "string" })];
        if let Some(data) = error.data() {
            members.push(of("data", types.of(data)?));
        }
        branches.push(Branch { docs: docs::text(error.description()), shape: Shape::Object(members) });
    }
    // With a comment it is a union too, and the comment is at its branch.
    Ok((!branches.is_empty()).then(|| Shape::union(branches)))
}

/// Declares the error types of calls.
pub(super) fn declare_failures(entries: &[Entry<'_>], out: &mut String) {
    for (entry, (name, shape)) in entries.iter().filter_map(|entry| Some((entry, entry.failure.as_ref()?))) {
        out.push('\n');
        print::comment(
            &[format!("What `{}` itself may fail with.", docs::text(entry.route).join(" "))],
            0,
            out,
        );
        print::declaration(&format!("export type {name} ="), shape, 0, out);
    }
}

/// The namespaces of one direction: a route, what is below it, or both.
#[derive(Default)]
struct Namespace<'e, 'c> {
    entry: Option<&'e Entry<'c>>,
    below: BTreeMap<&'c str, Namespace<'e, 'c>>,
}

/// Declares `Calls` or `Events`, namespaces within one another, and `RouteCalls` or `RouteEvents`, every route by its whole
/// name.
pub(super) fn declare(kind: &str, entries: &[Entry<'_>], direction: Direction, out: &mut String) {
    let mut root = Namespace::default();
    for entry in entries {
        let mut at = &mut root;
        for segment in entry.route.split('.') {
            at = at.below.entry(segment).or_default();
        }
        at.entry = Some(entry);
    }
    if direction == Direction::Incoming {
        root.below.retain(|name, _| !CLIENT.contains(name) && !name.starts_with('$'));
    }
    leave_off(&mut root, true);
    let mut nested = BTreeSet::new();
    interface(kind, root.below.is_empty(), out, |out| write(&root, 2, &mut nested, out));
    interface(&format!("Route{kind}"), entries.is_empty(), out, |out| {
        for entry in entries {
            let name = names::property(entry.route);
            if nested.contains(entry.route) {
                let path: String =
                    entry.route.split('.').map(|name| format!("[{}]", names::quoted(name))).collect();
                out.push_str(&format!("  {name}: {kind}{path};\n"));
            } else {
                print::comment(&entry.docs, 2, out);
                out.push_str(&format!("  {name}: {};\n", entry.ty));
            }
        }
    });
}

fn interface(name: &str, is_empty: bool, out: &mut String, members: impl FnOnce(&mut String)) {
    out.push_str(&format!("\nexport interface {name} {{"));
    if !is_empty {
        out.push('\n');
        members(out);
    }
    out.push_str("}\n");
}

/// Leaves out what the runtime leaves out, and namespaces that are then empty.
fn leave_off(namespace: &mut Namespace<'_, '_>, is_root: bool) {
    let is_function = namespace.entry.is_some() && !is_root;
    namespace.below.retain(|name, inner| {
        leave_off(inner, false);
        let is_taken = (is_function && *name == "try") || (*name == "then" && inner.entry.is_some());
        !is_taken && (inner.entry.is_some() || !inner.below.is_empty())
    });
}

/// Writes the members of a namespace, and records their routes.
fn write<'c>(
    namespace: &Namespace<'_, 'c>,
    indent: usize,
    written: &mut BTreeSet<&'c str>,
    out: &mut String,
) {
    let pad = " ".repeat(indent);
    for (name, inner) in &namespace.below {
        if let Some(entry) = inner.entry {
            written.insert(entry.route);
            print::comment(&entry.docs, indent, out);
        }
        out.push_str(&format!("{pad}{}: ", names::property(name)));
        out.push_str(inner.entry.map_or("", |entry| &entry.ty));
        if !inner.below.is_empty() {
            out.push_str(if inner.entry.is_some() { " & {\n" } else { "{\n" });
            write(inner, indent + 2, written, out);
            out.push_str(&format!("{pad}}}"));
        }
        out.push_str(";\n");
    }
}

/// Whether any of a schema's members is required.
pub(super) fn has_required(schema: &Value, definitions: &serde_json::Map<String, Value>) -> bool {
    let schema = resolved(schema, definitions);
    let is_offered = |name: &Value| {
        let property = name.as_str().and_then(|name| schema.get("properties")?.get(name));
        !property.is_some_and(zocket_contract::is_http_only)
    };
    schema.get("required").and_then(Value::as_array).is_some_and(|required| required.iter().any(is_offered))
}

/// The definition that a schema refers to, or itself.
pub(super) fn resolved<'c>(schema: &'c Value, definitions: &'c serde_json::Map<String, Value>) -> &'c Value {
    let named =
        schema.get("$ref").and_then(Value::as_str).and_then(zocket_contract::reference::definition_name);
    named.and_then(|name| definitions.get(&name)).unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use super::super::RUNTIME;
    use super::CLIENT;

    #[test]
    fn what_a_client_has_itself_is_known() {
        let interface =
            RUNTIME.split("export interface ClientBase<").nth(1).expect("the runtime declares it");
        let members = interface.split("\n}").next().expect("it ends").lines().filter_map(|line| {
            let line = line.strip_prefix("  ").filter(|line| !line.starts_with(['/', '*', ' ']))?;
            let name = line.strip_prefix("readonly ").unwrap_or(line);
            name.split([':', '(', '<', '?']).next()
        });
        let members: Vec<&str> = members.filter(|name| !name.starts_with('$')).collect();
        assert_eq!(members, CLIENT);
    }
}
