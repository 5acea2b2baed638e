//! Prints types, laid out roughly like prettier: on one line if it fits, otherwise one item per line.

use super::names;
use super::shape::{Branch, Member, NULL, Shape};

/// Where lines are broken.
pub(super) const WIDTH: usize = 100;
const STEP: usize = 2;

/// A comment of these lines, each already made safe, and the line break after it. Nothing if there are none.
pub(super) fn comment(lines: &[String], indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match lines {
        [] => {}
        [line] if indent + line.chars().count() + 7 <= WIDTH => {
            out.push_str(&format!("{pad}/** {line} */\n"));
        }
        lines => {
            out.push_str(&format!("{pad}/**\n"));
            for line in lines {
                out.push_str(format!("{pad} * {line}").trim_end());
                out.push('\n');
            }
            out.push_str(&format!("{pad} */\n"));
        }
    }
}

/// `head` (such as `type Name =` or `name:`) followed by the type, on one line or several, and the semicolon.
pub(super) fn declaration(head: &str, shape: &Shape, indent: usize, out: &mut String) {
    out.push_str(&" ".repeat(indent));
    out.push_str(head);
    match flat(shape) {
        Some(text) if indent + head.chars().count() + text.chars().count() + 2 <= WIDTH => {
            out.push(' ');
            out.push_str(&text);
        }
        _ if is_list(shape) => broken(shape, indent, out),
        _ => {
            out.push(' ');
            broken(shape, indent, out);
        }
    }
    out.push_str(";\n");
}

/// The members of an object or interface, one or more lines each.
pub(super) fn members(members: &[Member], indent: usize, out: &mut String) {
    for member in members {
        comment(&member.docs, indent, out);
        let mark = if member.optional { "?" } else { "" };
        declaration(&format!("{}{mark}:", names::property(&member.name)), &member.shape, indent, out);
    }
}

/// On one line; `None` if something in it needs a comment.
pub(super) fn flat(shape: &Shape) -> Option<String> {
    Some(match shape {
        Shape::Word(word) => (*word).to_owned(),
        Shape::Literal { text, .. } => text.clone(),
        Shape::Named(name) => name.clone(),
        Shape::Array(inner) => match &**inner {
            Shape::Union(_) | Shape::Intersection(_) => format!("({})[]", flat(inner)?),
            _ => format!("{}[]", flat(inner)?),
        },
        Shape::Tuple(items) => format!("[{}]", joined(items.iter().map(flat), ", ")?),
        Shape::Record(inner) => format!("Record<string, {}>", flat(inner)?),
        Shape::Index(inner) => format!("{{ [key: string]: {} }}", flat(inner)?),
        Shape::Partial(inner) => format!("Partial<{}>", flat(inner)?),
        Shape::Object(members) => {
            let members = members.iter().map(|member| {
                let mark = if member.optional { "?" } else { "" };
                member.docs.is_empty().then_some(())?;
                Some(format!("{}{mark}: {}", names::property(&member.name), flat(&member.shape)?))
            });
            format!("{{ {} }}", joined(members, "; ")?)
        }
        Shape::Union(branches) => {
            let branches = branches.iter().map(|branch| {
                branch.docs.is_empty().then_some(())?;
                enclosed(&branch.shape)
            });
            joined(branches, " | ")?
        }
        Shape::Intersection(parts) => joined(parts.iter().map(enclosed), " & ")?,
    })
}

/// On one line, as an operand: in parentheses if it is a union or intersection itself.
fn enclosed(shape: &Shape) -> Option<String> {
    let text = flat(shape)?;
    Some(if matches!(shape, Shape::Union(_) | Shape::Intersection(_)) { format!("({text})") } else { text })
}

fn joined(parts: impl Iterator<Item = Option<String>>, between: &str) -> Option<String> {
    Some(parts.collect::<Option<Vec<_>>>()?.join(between))
}

/// On several lines. A [list](is_list) begins with a line break, everything else on the current line.
fn broken(shape: &Shape, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match shape {
        Shape::Word(_) | Shape::Literal { .. } | Shape::Named(_) => {
            out.push_str(&flat(shape).unwrap_or_default())
        }
        Shape::Object(own) => {
            out.push_str("{\n");
            members(own, indent + STEP, out);
            out.push_str(&pad);
            out.push('}');
        }
        Shape::Array(inner) => {
            nested(inner, matches!(**inner, Shape::Union(_) | Shape::Intersection(_)), indent, out);
            out.push_str("[]");
        }
        Shape::Tuple(items) => {
            out.push_str("[\n");
            for item in items {
                out.push_str(&" ".repeat(indent + STEP));
                fitted(item, indent + STEP, out);
                out.push_str(",\n");
            }
            out.push_str(&pad);
            out.push(']');
        }
        Shape::Record(inner) => {
            out.push_str("Record<string, ");
            nested(inner, is_list(inner), indent, out);
            out.push('>');
        }
        Shape::Partial(inner) => {
            out.push_str("Partial<");
            nested(inner, is_list(inner), indent, out);
            out.push('>');
        }
        Shape::Index(inner) => {
            out.push_str("{\n");
            declaration("[key: string]:", inner, indent + STEP, out);
            out.push_str(&pad);
            out.push('}');
        }
        Shape::Union(branches) => {
            if let Some(other) = or_null(branches) {
                nested(other, matches!(other, Shape::Intersection(_)), indent, out);
                out.push_str(" | null");
                return;
            }
            for branch in branches {
                out.push('\n');
                comment(&branch.docs, indent + STEP, out);
                out.push_str(&" ".repeat(indent + STEP));
                out.push_str("| ");
                nested(
                    &branch.shape,
                    matches!(branch.shape, Shape::Union(_) | Shape::Intersection(_)),
                    indent + 2 * STEP,
                    out,
                );
            }
        }
        Shape::Intersection(parts) => {
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    out.push_str(" & ");
                }
                nested(part, matches!(part, Shape::Union(_)), indent, out);
            }
        }
    }
}

/// As part of another type, in parentheses if requested.
fn nested(shape: &Shape, parentheses: bool, indent: usize, out: &mut String) {
    if !parentheses {
        return fitted(shape, indent, out);
    }
    out.push('(');
    let before = out.len();
    fitted(shape, indent, out);
    if out[before..].starts_with('\n') {
        out.push('\n');
        out.push_str(&" ".repeat(indent));
    }
    out.push(')');
}

/// On the rest of the line, or on several lines.
fn fitted(shape: &Shape, indent: usize, out: &mut String) {
    let column = out.rsplit('\n').next().map_or(0, |line| line.chars().count());
    match flat(shape) {
        Some(text) if column + text.chars().count() < WIDTH => out.push_str(&text),
        _ => broken(shape, indent, out),
    }
}

/// Whether it is written as a list of `|` lines if it does not fit on one.
fn is_list(shape: &Shape) -> bool {
    matches!(shape, Shape::Union(branches) if or_null(branches).is_none())
}

/// The only alternative to `null`: its braces keep the lines together.
fn or_null(branches: &[Branch]) -> Option<&Shape> {
    match branches {
        [Branch { docs, shape }, Branch { shape: NULL, docs: of_null }]
            if docs.is_empty() && of_null.is_empty() =>
        {
            (!matches!(shape, Shape::Union(_))).then_some(shape)
        }
        _ => None,
    }
}
