//! `ctx.count += 1`: an assignment to what all handlers of a connection share.
//!
//! The compiler would say that `Ctx` lacks `DerefMut`. Bodies are not parsed: only what can be nothing else is found.

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use syn::Type;

use crate::parse::function::{Argument, Function, Typed};

/// The assigned places in the body of `function`.
pub(crate) fn to_context(function: &Function) -> Vec<TokenStream> {
    let contexts = function.arguments.iter().filter_map(|argument| match argument {
        Argument::Typed(typed) => name_of_context(typed),
        Argument::Receiver(_) | Argument::Odd(_) => None,
    });
    let mut found = Vec::new();
    for name in contexts {
        if !is_bound_again(&function.body, &name) {
            find(&function.body, &name, &mut found);
        }
    }
    found
}

/// `ctx` of `ctx: Ctx<Session>`.
fn name_of_context(typed: &Typed) -> Option<Ident> {
    let Type::Path(path) = &typed.ty else { return None };
    let is_context =
        path.path.segments.last().is_some_and(|last| last.ident == "Ctx" && !last.arguments.is_none());
    let name = typed.pattern.clone().into_iter().last();
    match name.filter(|_| is_context && typed.from.is_empty())? {
        TokenTree::Ident(name) => Some(name),
        _ => None,
    }
}

/// Whether the name may come to mean something else.
fn is_bound_again(tokens: &TokenStream, name: &Ident) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Group(group) => is_bound_again(&group.stream(), name),
        TokenTree::Ident(word) if word == name => {
            let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(ToString::to_string);
            let after = tokens.get(at + 1).map(ToString::to_string);
            matches!(before.as_deref(), Some("let" | "mut" | "ref" | "|" | "for"))
                || matches!(after.as_deref(), Some("=" | ":" | "@" | "|" | "in"))
        }
        _ => false,
    })
}

fn find(tokens: &TokenStream, name: &Ident, found: &mut Vec<TokenStream>) {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        match token {
            // What a macro takes need not be Rust.
            TokenTree::Group(group) if !is_mark(before, '!') => find(&group.stream(), name, found),
            TokenTree::Ident(word) if word == name && !is_mark(before, '.') && !is_mark(before, '*') => {
                let place = place(&tokens[at..]);
                if place > 1 && is_assignment(&tokens[at + place..]) {
                    found.push(tokens[at..at + place].iter().cloned().collect());
                }
            }
            _ => {}
        }
    }
}

/// How many tokens `ctx.a.b` has.
fn place(tokens: &[TokenTree]) -> usize {
    let mut length = 1;
    while is_mark(tokens.get(length), '.')
        && matches!(tokens.get(length + 1), Some(TokenTree::Ident(_) | TokenTree::Literal(_)))
    {
        length += 2;
    }
    length
}

/// `=`, `+=` and their like, but no comparison and no arm.
fn is_assignment(tokens: &[TokenTree]) -> bool {
    let Some(TokenTree::Punct(first)) = tokens.first() else { return false };
    let is_joint = first.spacing() == Spacing::Joint;
    match first.as_char() {
        '=' => !(is_joint && (is_mark(tokens.get(1), '=') || is_mark(tokens.get(1), '>'))),
        '+' | '-' | '*' | '/' | '%' | '^' | '|' | '&' => is_joint && is_mark(tokens.get(1), '='),
        _ => false,
    }
}

fn is_mark(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(body: &str) -> Vec<String> {
        let source = format!("async fn f(mut ctx: Ctx<Session>, other: Other) {{ {body} }}");
        let function: Function = syn::parse_str(&source).expect("a fn");
        to_context(&function).iter().map(|place| place.to_string().replace(' ', "")).collect()
    }

    #[test]
    fn assignments() {
        assert_eq!(places("ctx.n += 1; if true { ctx.a.b = c; }"), ["ctx.n", "ctx.a.b"]);
        assert_eq!(places("(move || { ctx.0 -= 1; })();"), ["ctx.0"]);
    }

    #[test]
    fn what_is_none() {
        for body in [
            "if ctx.n == 1 && ctx.n <= 2 {}",
            "let n = ctx.n;",
            "match x { _ if ctx.ok => 1 }",
            "other.ctx.n = 1;",
            "*ctx.lock() = 1; *ctx.n = 1;",
            "let mut ctx = Own::default(); ctx.n = 1;",
            "each(|ctx| ctx.n = 1);",
            "info!(ctx.id = 1);",
            "ctx.n.store(1); other.n = ctx.n;",
        ] {
            assert_eq!(places(body), [""; 0], "{body}");
        }
    }
}
