//! The signature of a function that the runtime calls.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Attribute, GenericArgument, Path, PathArguments, PathSegment, ReturnType, Type};

use crate::errors::{self, Errors};
use crate::parse::function::{self, Function, Typed, borrows, has_impl_trait};
use crate::vocabulary::Role;

/// An async fn without generics whose arguments are owned values.
pub(crate) struct Signature {
    pub(crate) ident: Ident,
    pub(crate) arguments: Vec<Argument>,
    /// `()` with the span of the fn's name where none is written.
    pub(crate) output: Type,
    pub(crate) returns_nothing: bool,
}

/// One argument. Its pattern does not matter here.
pub(crate) struct Argument {
    pub(crate) ty: Type,
    /// The middleware whose value it takes.
    pub(crate) from: Option<Path>,
}

impl Signature {
    /// Checks `function` and reports everything wrong with it.
    pub(crate) fn of(function: &Function, role: Role, errors: &Errors) -> Option<Self> {
        let before = errors.count();
        qualifiers(function, role, errors);
        if !function.generics.params.is_empty() || function.generics.where_clause.is_some() {
            let (params, clause) = (&function.generics.params, &function.generics.where_clause);
            let at = if params.is_empty() { quote!(#clause) } else { quote!(#params) };
            errors.push(errors::fn_generic(&at, &function.ident));
        }
        let arguments =
            function.arguments.iter().filter_map(|own| argument(function, own, role, errors)).collect();
        let output = output(function, errors);
        (errors.count() == before).then(|| Self {
            ident: function.ident.clone(),
            arguments,
            output,
            returns_nothing: matches!(function.output, ReturnType::Default),
        })
    }

    /// `()` written out counts as nothing, too.
    pub(crate) fn returns_unit(&self) -> bool {
        self.returns_nothing || is_unit(&self.output)
    }

    /// Whether the return type is certain not to be a `Result`, behind no alias either.
    pub(crate) fn returns_no_result(&self) -> bool {
        const PLAIN: &[&str] = &[
            "bool", "char", "String", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
            "u128", "usize", "f32", "f64",
        ];
        const GENERIC: &[&str] =
            &["Option", "Vec", "Box", "Arc", "HashMap", "BTreeMap", "HashSet", "BTreeSet"];
        match last_segment(&self.output) {
            Some(segment) => {
                let names = if segment.arguments.is_none() { PLAIN } else { GENERIC };
                names.iter().any(|name| segment.ident == name)
            }
            None => matches!(self.output, Type::Tuple(_) | Type::Array(_)),
        }
    }

    /// Whether the return type's last name is `name`.
    pub(crate) fn returns(&self, name: &str) -> bool {
        last_segment(&self.output).is_some_and(|segment| segment.ident == name)
    }
}

impl Argument {
    /// `X` where the type is `name<X>`.
    pub(crate) fn inside(&self, name: &str) -> Option<&Type> {
        inside(&self.ty, name)
    }

    /// The type's name, where it is nothing but a name.
    pub(crate) fn name(&self) -> Option<&Ident> {
        match &self.ty {
            Type::Path(path) if path.qself.is_none() => path.path.get_ident(),
            _ => None,
        }
    }

    /// Whether it is one of zocket's own extractors, by its name.
    pub(crate) fn is_extractor(&self) -> bool {
        const PLAIN: [&str; 4] = ["ClientAddr", "ClientId", "PeerAddr", "HandshakeParts"];
        const GENERIC: [&str; 2] = ["Ctx", "State"];
        last_segment(&self.ty).is_some_and(|segment| {
            let names: &[&str] = if segment.arguments.is_none() { &PLAIN } else { &GENERIC };
            names.iter().any(|name| segment.ident == name)
        })
    }

    /// Whether the contract or the server must know about it: true of everything but the extractors that need only the call.
    pub(crate) fn is_described(&self) -> bool {
        let is_handshake = last_segment(&self.ty).is_some_and(|segment| segment.ident == "HandshakeParts");
        !self.is_extractor() || is_handshake
    }

    /// Whether it may be the payload: neither a middleware's value nor one of zocket's own extractors.
    pub(crate) fn may_be_payload(&self) -> bool {
        self.from.is_none() && !self.is_extractor()
    }
}

/// `X` where the type is `name<X>`.
pub(crate) fn inside<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(generics) = &segment.arguments else { return None };
    match generics.args.first() {
        Some(GenericArgument::Type(ty)) if generics.args.len() == 1 => Some(ty),
        _ => None,
    }
}

/// `()`.
pub(crate) fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        _ => None,
    }
}

fn qualifiers(function: &Function, role: Role, errors: &Errors) {
    let found = ["const", "unsafe", "extern"].iter().find_map(|word| function.qualifier(word));
    if let Some(word) = found {
        errors.push(errors::fn_qualified(word, &function.ident));
    } else if function.qualifier("async").is_none() {
        let (fn_token, ident) = (&function.fn_token, &function.ident);
        let at = quote!(#fn_token #ident);
        errors.push(errors::fn_not_async(&at, &function.ident, role));
    }
}

fn argument(
    function: &Function,
    argument: &function::Argument,
    role: Role,
    errors: &Errors,
) -> Option<Argument> {
    let typed = match argument {
        function::Argument::Typed(typed) => typed,
        function::Argument::Receiver(tokens) => {
            errors.push(errors::fn_takes_self(tokens, &function.ident));
            return None;
        }
        function::Argument::Odd(tokens) => {
            errors.push(errors::fn_odd_argument(tokens, &function.ident));
            return None;
        }
    };
    if let Some(cfg) = typed.attributes.iter().find(|attribute| attribute.path().is_ident("cfg")) {
        errors.push(errors::cfg_on_argument(cfg, &function.ident));
    }
    if let Some(from) = &typed.conditional_from {
        errors.push(errors::helper_under_condition(from, "from"));
    }
    if has_impl_trait(&typed.ty) {
        errors.push(errors::argument_impl_trait(&typed.ty, &function.ident));
    } else if borrows(&typed.ty) {
        errors.push(errors::argument_borrows(&typed.ty, &function.ident));
    }
    Some(Argument { ty: typed.ty.clone(), from: from(typed, role, errors) })
}

fn from(typed: &Typed, role: Role, errors: &Errors) -> Option<Path> {
    let (first, more) = typed.from.split_first()?;
    if role == Role::OnConnect {
        errors.push(errors::from_on_connect(first));
        return None;
    }
    if let Some(second) = more.first() {
        errors.push(errors::two_froms(second));
    }
    let path = middleware_of(first);
    if path.is_none() {
        errors.push(errors::from_without_middleware(first));
    }
    path
}

fn middleware_of(from: &Attribute) -> Option<Path> {
    from.parse_args_with(Path::parse_mod_style).ok()
}

fn output(function: &Function, errors: &Errors) -> Type {
    let ReturnType::Type(_, ty) = &function.output else {
        return unit_at(&function.ident);
    };
    if has_impl_trait(ty) {
        errors.push(errors::returns_impl_trait(ty, &function.ident));
    } else if borrows(ty) {
        errors.push(errors::returns_borrow(ty, &function.ident));
    } else if matches!(**ty, Type::Never(_)) {
        errors.push(errors::returns_never(ty, &function.ident));
    }
    (**ty).clone()
}

fn unit_at(ident: &Ident) -> Type {
    let unit: TokenStream = quote_spanned!(ident.span()=> ());
    Type::Verbatim(unit.into_token_stream())
}
