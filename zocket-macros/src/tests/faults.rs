//! How a faulty router expands. `tests/ui` tests the texts themselves and where they point.

use proc_macro2::{TokenStream, TokenTree};

use super::expand;

/// One router for each of the faults that the macro itself finds.
const FAULTY: &[&str] = &[
    "#[router(contxt = X)] mod app {}",
    "#[router(state)] mod app {}",
    "#[router(state = \"x\")] mod app {}",
    "#[router(state = A, state = B)] mod app {}",
    "#[router(rename_all = \"camel\")] mod app {}",
    "#[router(rename_all_fields = \"camel\")] mod app {}",
    "#[router(namespace = \"a..b\")] mod app {}",
    "#[router(namespace = \"__a\")] mod app {}",
    "#[router(namespace = \"a b\")] mod app {}",
    "#[router(1)] mod app {}",
    "#[router] struct App;",
    "#[router] mod app;",
    "#[router] #[incoming] mod app {}",
    "#[router] mod app { mod file; }",
    "#[router] mod app { mod plain { mod file; } }",
    "#[router] mod app { #[incoming] fn f() {} }",
    "#[router] mod app { #[incoming] async unsafe fn f() {} }",
    "#[router] mod app { #[incoming] async fn f<T>(t: T) {} }",
    "#[router] mod app { #[incoming] async fn f() where u8: Copy {} }",
    "#[router] mod app { #[incoming] async fn f(&self) {} }",
    "#[router] mod app { #[incoming] async fn f(self: Box<Self>) {} }",
    "#[router] mod app { #[incoming] async fn f(x: ...) {} }",
    "#[router] mod app { #[incoming] async fn f(x: impl Copy) {} }",
    "#[router] mod app { #[incoming] async fn f(x: &str) {} }",
    "#[router] mod app { #[incoming] async fn f(x: Cow<'_, str>) {} }",
    "#[router] mod app { #[incoming] async fn f(#[cfg(unix)] x: u8) {} }",
    "#[router] mod app { #[incoming] async fn f() -> impl Copy {} }",
    "#[router] mod app { #[incoming] async fn f() -> &str {} }",
    "#[router] mod app { #[incoming] async fn f() -> ! {} }",
    "#[router] mod app { #[incoming] async fn f(#[from] x: u8) {} }",
    "#[router] mod app { #[incoming] async fn f(#[from(a)] #[from(b)] x: u8) {} }",
    "#[router] mod app { #[incoming] #[incoming] async fn f() {} }",
    "#[router] mod app { #[incoming] #[middleware] async fn f() -> R<()> {} }",
    "#[router] mod app { #[incoming = \"x\"] async fn f() {} }",
    "#[router] mod app { #[incoming(rename = x)] async fn f() {} }",
    "#[router] mod app { #[incoming(concurrent = true)] async fn f() {} }",
    "#[router] mod app { #[incoming(concurrent, concurrent)] async fn f() {} }",
    "#[router] mod app { #[incoming(rename = \"\")] async fn f() {} }",
    "#[router] mod app { #[incoming(rename = \"a.b\")] async fn f() {} }",
    "#[router] mod app { #[incoming(rename = \"a b\")] async fn f() {} }",
    "#[router] mod app { #[incoming(rename = \"__a\")] async fn f() {} }",
    "#[router] mod app { #[incoming] async fn __f() {} }",
    "#[router] mod app { mod __n { #[incoming] async fn f() {} } }",
    "#[router] mod app { #[incoming] async fn f() {} #[incoming(rename = \"f\")] async fn g() {} }",
    "#[router] mod app { #[incoming] struct S; }",
    "#[router] mod app { #[outgoing] fn f() {} }",
    "#[router] mod app { #[outgoing] struct S; }",
    "#[router] mod app { #[outgoing] pub(super) struct S; }",
    "#[router] mod app { #[outgoing] pub struct S<T>(T); }",
    "#[router] mod app { #[outgoing] pub struct UserLeft; #[outgoing(rename = \"user-left\")] pub struct Http; }",
    "#[router] mod app { mod a { mod b { #[outgoing] pub struct S; } } }",
    "#[router] mod app { mod a { pub(super) mod b { pub(super) mod c { #[outgoing] pub struct S; } } } }",
    "#[router] mod app { #[payload] struct S<'a>(&'a str); }",
    "#[router] mod app { struct Inner; #[payload] struct P { a: Vec<Option<Inner>>, b: Inner } #[outgoing] pub struct O(Inner); }",
    "#[router] mod app { #[derive(serde::Serialize)] enum Inner { A } mod n { use super::*; #[outgoing] pub struct O(Box<Inner>); } }",
    "#[router] mod app { struct Data; #[error] enum E { A { data: Data } } }",
    "#[router] mod app { #[payload] union U { a: u8 } }",
    "#[router] mod app { #[payload] enum P { A, #[serde(other)] B } }",
    "#[router] mod app { #[payload] struct P { #[serde(alias = \"b\")] a: u8 } }",
    "#[router] mod app { #[payload] struct P { #[cfg_attr(x, serde(alias = \"b\"))] a: u8 } }",
    "#[router] mod app { #[payload] struct P { #[serde(deserialize_with = \"f\")] a: u8 } }",
    "#[router] mod app { #[payload] struct P { #[serde(with = \"a::module\")] a: u8 } }",
    "#[router] mod app { #[payload] enum P { #[serde(deserialize_with = \"f\")] A(u8) } }",
    "#[router] mod app { #[outgoing] #[payload] pub struct P { #[serde(deserialize_with = \"f\")] a: u8 } }",
    "#[router] mod app { #[error] enum E { A { #[schemars(rename = \"b\")] a: u8 } } }",
    "#[router] mod app { #[payload] struct P { #[schemars(rename = \"b\")] a: u8 } }",
    "#[router] mod app { #[payload] #[schemars(rename_all = \"camelCase\")] struct P { a: u8 } }",
    "#[router] mod app { #[payload] struct P { #[header(http_only)] a: u8 } }",
    "#[router] mod app { #[headers] struct H { #[header] a: u8 } }",
    "#[router] mod app { #[headers] struct H { #[header(http)] a: u8 } }",
    "#[router] mod app { #[headers] struct H { #[header(http_only = true)] a: u8 } }",
    "#[router] mod app { #[headers] struct H { #[header(http_only)] #[header(http_only)] a: u8 } }",
    "#[router] mod app { #[headers] struct H { #[header(http_only)] #[serde(flatten)] a: A } }",
    "#[router] mod app { #[headers] enum H { A } }",
    "#[router] mod app { #[headers] struct H; #[headers] struct I; }",
    "#[router] mod app { mod n { #[headers] struct H; } }",
    "#[router] mod app { mod n { #[context] pub struct C; } }",
    "#[router] mod app { mod n { #[on_connect] async fn f() {} } }",
    "#[router] mod app { #[context] pub struct C; }",
    "#[router] mod app { #[context] struct C; #[on_connect] async fn f() -> C {} }",
    "#[router] mod app { #[context] pub struct C; #[context] pub struct D; #[on_connect] async fn f() -> C {} }",
    "#[router(context = X)] mod app { #[context] pub struct C; #[on_connect] async fn f() -> C {} }",
    "#[router] mod app { #[on_connect] async fn f() {} #[on_connect] async fn g() {} }",
    "#[router] mod app { #[on_connect] async fn f(#[from(m)] x: u8) {} }",
    "#[router] mod app { #[on_disconnect] async fn f() -> u8 { 0 } }",
    "#[router] mod app { #[incoming] async fn f(c: Ctx<Session>) {} }",
    "#[router] #[router] mod app {}",
    "#[router] mod app { mod n { #[zocket::router(namespace = \"n\")] mod m { #[incoming] async fn f() {} } } }",
    "#[router] mod app { macro_rules! m { () => { #[incoming] async fn f() {} } } }",
    "#[router] mod app { #[cfg_attr(a, incoming(rename = \"f\"), doc = \"\")] async fn f() {} }",
    "#[router] mod app { #[cfg_attr(a, cfg_attr(b, zocket::payload))] struct S; }",
    "#[router] mod app { #[incoming] async fn f(#[cfg_attr(a, from(m))] x: u8) {} }",
    "#[router] mod app { #[error] enum E { #[cfg_attr(a, error(\"b\"))] A } }",
    "#[router] mod app { #[incoming] const extern \"C\" fn f() {} }",
    "#[router] mod app { #[middleware] async fn f(#[from(self::f)] x: u8) -> R<u8> {} }",
    "#[router] mod app { #[middleware] async fn f(#[from(n::g)] x: u8) -> R<u8> {} mod n { #[middleware] async fn g(#[from(super::f)] x: u8) -> R<u8> {} } }",
    "#[router] mod app { #[incoming] async fn f(c: Ctx<S>) {} #[incoming] async fn g(c: Ctx<T>) {} }",
    "#[router] mod app { #[incoming] async fn f(p: Payload<P>) {} }",
    "#[router(context = S)] mod app { #[incoming] async fn f(ctx: Ctx<S>) { ctx.n += 1; } }",
    "#[router] mod app { #[middleware] async fn f() {} }",
    "#[router] mod app { #[middleware] async fn f() -> Option<u8> { None } }",
    "#[router] mod app { #[middleware] async fn f() -> (u8, u8) { (1, 2) } }",
    "#[router] mod app { #[middleware] async fn send() -> R<()> {} }",
    "#[router] mod app { #[guard] mod n {} }",
    "#[router] #[guard(a)] mod app {}",
    "#[router] mod app { #[incoming] async fn f(#[from(a)] x: u8) {} }",
    "#[router] mod app { fn a() {} mod n { use super::*; #[incoming] #[guard(a)] async fn f() {} } }",
    "#[router] mod app { #[middleware] async fn a() -> R<()> {} mod n { #[incoming] #[guard(a)] async fn f() {} } }",
    "#[router] mod app { #[guard(a::<B>)] mod n {} }",
    "#[router] mod app { #[guard(a)] fn f() {} }",
    "#[router] mod app { #[guard(a)] #[middleware] async fn f() -> R<()> {} }",
    "#[router] mod app { mod send {} }",
    "#[router] mod app { fn router() {} }",
    "#[router] mod app { #[incoming] async fn contract() {} }",
    "#[router] mod app { impl S { #[incoming] async fn f(&self) {} } }",
    "#[router] mod app { #[error] struct E; }",
    "#[router] mod app { #[error] enum E {} }",
    "#[router] mod app { #[error] enum E<T> { A(T) } }",
    "#[router] mod app { #[error] #[payload] enum E { A } }",
    "#[router] mod app { #[error] enum E { #[error] A } }",
    "#[router] mod app { #[error] enum E { #[error(\"a\")] #[error(\"b\")] A } }",
    "#[router] mod app { #[error] enum E { #[error(transparent)] A } }",
    "#[router] mod app { #[error] enum E { #[error(\"{}\")] A(u8) } }",
    "#[router] mod app { #[error] enum E { #[error(\"{b}\")] A { a: u8 } } }",
    "#[router] mod app { #[error] enum E { #[error(\"{b\")] A { a: u8 } } }",
    "#[router] mod app { #[error] enum E { #[error(code = \"\")] A } }",
    "#[router] mod app { #[error] enum E { #[error(kode = \"\")] A } }",
    "#[router] mod app { #[error] enum E { Internal } }",
    "#[router] mod app { #[error] enum E { A, #[error(code = \"A\")] B } }",
];

/// The texts of the `compile_error!`s, and everything else.
fn texts(expanded: TokenStream) -> (Vec<String>, TokenStream) {
    let mut texts = Vec::new();
    let mut rest = TokenStream::new();
    let mut after_error = false;
    for token in expanded {
        match &token {
            TokenTree::Group(group) if after_error => {
                let literal: syn::LitStr = syn::parse2(group.stream()).expect("one text");
                texts.push(literal.value());
                after_error = false;
            }
            TokenTree::Ident(word) if word == "compile_error" => after_error = true,
            _ if after_error => {}
            _ => rest.extend([token]),
        }
    }
    (texts, rest)
}

#[test]
fn every_fault_is_found_and_comes_with_a_way_out() {
    for source in FAULTY {
        let (texts, _) = texts(expand(source));
        assert!(!texts.is_empty(), "no fault found in {source}");
        for text in texts {
            let help = text.split_once("\nhelp: ").map(|(_, help)| help);
            assert!(help.is_some_and(|help| !help.is_empty()), "{source}\n{text}");
        }
    }
}

#[test]
fn each_source_has_one_fault_and_one_text() {
    for source in FAULTY {
        let (texts, _) = texts(expand(source));
        assert_eq!(texts.len(), 1, "{source}\n{texts:#?}");
    }
}

#[test]
fn the_module_survives_without_its_helpers() {
    let helpers =
        ["incoming", "outgoing", "payload", "middleware", "guard", "headers", "context", "on_connect"];
    for source in FAULTY.iter().filter(|source| source.contains("mod app {") && !source.contains("impl S")) {
        let (_, module) = texts(expand(source));
        let module = module.to_string();
        for helper in helpers {
            assert!(!module.contains(&format!("# [{helper}")), "{helper} is left in {module}");
        }
        assert!(!module.contains("# [header ("), "{module}");
        assert!(!module.contains("# [from") && !module.contains("# [error"), "{module}");
        assert!(module.contains("mod send") || source.contains("send"), "{module}");
        assert!(module.contains("fn router"), "{module}");
    }
}

#[test]
fn all_faults_at_once() {
    let source = "#[router] mod app {
        #[incoming] fn a() {}
        #[outgoing] struct B;
        #[error] enum C { Internal, #[error(\"{x}\")] D }
        mod n { #[headers] struct H; }
    }";
    let (texts, _) = texts(expand(source));
    assert_eq!(texts.len(), 5, "{texts:#?}");
}

/// What says the same to the schema as to serde, and what concerns a way that values do not go.
#[test]
fn what_the_schema_follows_is_left_alone() {
    for source in [
        "#[router] mod app { #[payload] struct P { #[serde(deserialize_with = \"f\")] #[schemars(with = \"String\")] a: u8 } }",
        "#[router] mod app { #[payload] struct P { #[serde(default, deserialize_with = \"some\")] a: Option<Option<u8>> } }",
        "#[router] mod app { #[payload] struct P { #[serde(with = \"m\")] #[schemars(schema_with = \"f\")] a: u8 } }",
        "#[router] mod app { #[payload] struct P { #[serde(with = \"serde_with::As::<DisplayFromStr>\")] a: u8 } }",
        "#[router] mod app { #[payload] struct P { #[serde(rename = \"b\")] #[schemars(rename = \"b\")] a: u8 } }",
        "#[router] mod app { #[payload] #[schemars(rename = \"Q\", deny_unknown_fields)] struct P { a: u8 } }",
        "#[router] mod app { #[headers] struct H { #[serde(serialize_with = \"f\")] a: u8 } }",
        "#[router] mod app { #[payload] struct P { #[serde(serialize_with = \"f\")] a: u8 } }",
        "#[router] mod app { #[outgoing] pub enum O { A, #[serde(other, alias = \"c\", deserialize_with = \"f\")] B } }",
        "#[router] mod app { #[payload] #[derive(Other)] struct P { #[header(name = \"a\")] a: u8 } }",
    ] {
        assert_eq!(texts(expand(source)).0, [""; 0], "{source}");
    }
}

/// Where a middleware may come from elsewhere, the compiler says whether it does.
#[test]
fn what_cannot_be_known_is_left_alone() {
    for import in ["use super::*;", "use crate::a;", "use x::{b as a};", "use crate::all::*;", "declare!();"]
    {
        let source = format!("#[router] #[guard(a)] mod app {{ {import} }}");
        assert_eq!(texts(expand(&source)).0, [""; 0], "{source}");
    }
    assert_eq!(texts(expand("#[router] #[guard(crate::a)] mod app {}")).0, [""; 0]);
}

#[test]
fn what_excludes_each_other_may_repeat() {
    let source = "#[router] mod app {
        #[cfg(a)] #[context] pub struct A;
        #[cfg(not(a))] #[context] pub struct B;
        #[cfg(a)] #[on_connect] async fn a() -> A { A }
        #[cfg(not(a))] #[on_connect] async fn b() -> B { B }
        #[cfg(a)] #[incoming(rename = \"x\")] async fn xa(s: State<u8>) {}
        #[cfg(not(a))] #[incoming(rename = \"x\")] async fn xb(s: State<u16>) {}
    }";
    let (texts, module) = texts(expand(source));
    assert!(texts.is_empty(), "{texts:#?}");
    let module = module.to_string();
    assert!(
        module.contains("# [cfg (all (a))] # [cfg (not (a))]")
            || module.contains("# [cfg (not (any (all (a))))]")
    );
}
