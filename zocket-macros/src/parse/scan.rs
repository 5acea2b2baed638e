//! Finds the end and the kind of an item from its tokens alone.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use syn::Token;
use syn::parse::ParseStream;

use crate::vocabulary::Role;

/// Takes the tokens of the item that begins here (behind its attributes and its visibility).
///
/// An item ends at its first `;` or `{…}` outside of `<…>`; those that may hold a `{…}` before their
/// `;` end at the `;` alone.
pub(super) fn rest_of_item(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let ends_at_brace = !ends_at_semicolon(input);
    let mut tokens = TokenStream::new();
    let mut angles = 0_usize;
    let mut before: Option<(char, Spacing)> = None;
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let mut ended = false;
        let mut punctuation = None;
        match &token {
            TokenTree::Punct(punct) => {
                match punct.as_char() {
                    ';' => ended = true,
                    '<' => angles += 1,
                    // `->` and `=>` close nothing.
                    '>' if !matches!(before, Some(('-' | '=', Spacing::Joint))) => {
                        angles = angles.saturating_sub(1);
                    }
                    _ => {}
                }
                punctuation = Some((punct.as_char(), punct.spacing()));
            }
            TokenTree::Group(group) => {
                ended = ends_at_brace && angles == 0 && group.delimiter() == Delimiter::Brace;
            }
            _ => {}
        }
        before = punctuation;
        tokens.extend([token]);
        if ended {
            break;
        }
    }
    Ok(tokens)
}

fn ends_at_semicolon(input: ParseStream<'_>) -> bool {
    if input.peek(Token![const]) {
        // `const NAME: …;` against `const fn …{}`.
        return input.peek2(Token![_]) || !is_qualifier_next(input);
    }
    input.peek(Token![use])
        || input.peek(Token![static])
        || input.peek(Token![type])
        || (input.peek(Token![extern]) && input.peek2(Token![crate]))
}

fn is_qualifier_next(input: ParseStream<'_>) -> bool {
    input.peek2(Token![fn])
        || input.peek2(Token![async])
        || input.peek2(Token![unsafe])
        || input.peek2(Token![extern])
        || input.peek2(Token![trait])
        || input.peek2(Token![impl])
}

/// What kind of item the tokens (without attributes and visibility) are, in words.
pub(super) fn what(tokens: &TokenStream) -> &'static str {
    let mut tokens = tokens.clone().into_iter();
    while let Some(token) = tokens.next() {
        let TokenTree::Ident(word) = token else { break };
        return match word.to_string().as_str() {
            "fn" => "a fn",
            "struct" => "a struct",
            "enum" => "an enum",
            "union" => "a union",
            "type" => "a type alias",
            "impl" => "an impl block",
            "trait" => "a trait",
            "use" => "an import",
            "static" => "a static",
            "mod" => "a module",
            "async" | "unsafe" | "auto" | "default" => continue,
            "const" => match tokens.clone().next() {
                Some(TokenTree::Ident(next))
                    if matches!(next.to_string().as_str(), "fn" | "async" | "unsafe" | "extern") =>
                {
                    continue;
                }
                _ => "a const",
            },
            "extern" => {
                // `extern "C" fn`, or a block, or a crate.
                let mut ahead = tokens.clone();
                if matches!(ahead.next(), Some(TokenTree::Literal(_))) {
                    tokens = ahead;
                }
                match tokens.clone().next() {
                    Some(TokenTree::Ident(next)) if next == "fn" => continue,
                    _ => "an extern block",
                }
            }
            _ => "a macro call",
        };
    }
    "this item"
}

/// Whether it is a `macro_rules!`.
pub(crate) fn defines_macro(item: &TokenStream) -> bool {
    matches!(item.clone().into_iter().next(), Some(TokenTree::Ident(word)) if word == "macro_rules")
}

/// The helper attributes anywhere in an item that is not read, but for those that also work outside of a router.
pub(crate) fn helpers_within(item: &TokenStream) -> Vec<(Ident, Role)> {
    let mut found = Vec::new();
    let mut after_pound = false;
    for token in item.clone() {
        if let TokenTree::Group(group) = &token {
            match hidden_role(group).filter(|_| after_pound) {
                Some(helper) => found.push(helper),
                None => found.extend(helpers_within(&group.stream())),
            }
        }
        after_pound = is_pound(&token);
    }
    found
}

/// The item without the attributes that [`helpers_within`] finds.
pub(crate) fn without_helpers(item: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in item {
        match token {
            TokenTree::Group(group) if kept.last().is_some_and(is_pound) && hidden_role(&group).is_some() => {
                kept.pop();
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_helpers(group.stream()));
                inner.set_span(group.span());
                kept.push(inner.into());
            }
            token => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

fn is_pound(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#')
}

/// The role that `[incoming(…)]` or `[zocket::incoming]` gives.
fn hidden_role(attribute: &Group) -> Option<(Ident, Role)> {
    if attribute.delimiter() != Delimiter::Bracket {
        return None;
    }
    let path = attribute.stream().into_iter().take_while(|token| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    });
    let names: Vec<Ident> =
        path.filter_map(|token| if let TokenTree::Ident(name) = token { Some(name) } else { None }).collect();
    let name = match &names[..] {
        [name] => name,
        [krate, name] if krate == "zocket" => name,
        _ => return None,
    };
    let role = Role::ALL.into_iter().find(|role| name == role.name())?;
    let is_hidden = !matches!(role, Role::Payload | Role::Error);
    is_hidden.then(|| (name.clone(), role))
}

pub(super) fn declared(tokens: &TokenStream, what: &str) -> Option<Ident> {
    let keyword = what.rsplit(' ').next().filter(|_| what != "an import" && what != "an impl block")?;
    let keyword = if what == "a type alias" { "type" } else { keyword };
    let mut tokens = tokens.clone().into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word == keyword))?;
    match tokens.next()? {
        TokenTree::Ident(ident) if ident != "mut" => Some(ident),
        _ => None,
    }
}
