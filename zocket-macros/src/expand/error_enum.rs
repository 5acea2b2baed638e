//! `#[error]`: what an enum needs to be a typed error.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Type;

use super::derives::path_text;
use super::error_read;
use super::scope::Scope;
use super::spans;
use crate::model::error_enum::{CodedVariant, ErrorEnum, ErrorField, ErrorVariant, Message};
use crate::model::schema_conflicts;

/// `Display`, `TypedError` and the conversions, in a block that hides the data types.
pub(crate) fn write(error: &ErrorEnum, scope: &Scope) -> TokenStream {
    let ErrorEnum { ident, cfgs, variants } = error;
    let data = variants.iter().filter_map(|own| data_struct(ident, own, scope));
    let display = display(error, scope);
    let typed = typed_error(error, scope);
    let from = variants.iter().filter_map(|own| from_inner(ident, own, scope));
    let Scope { krate, private, .. } = scope;
    let value = scope.local("error");
    quote! {
        #cfgs
        #[allow(deprecated)]
        const _: () = {
            #[allow(unused_imports)]
            use #private::{Default as _, From as _, Into as _, ToString as _};
            #(#data)*
            #display
            #typed
            #(#from)*
            #[automatically_derived]
            impl #private::From<#ident> for #krate::Error {
                fn from(#value: #ident) -> Self {
                    #krate::TypedError::into_error(#value)
                }
            }
        };
    }
}

pub(super) fn data_name(variant: &Ident) -> Ident {
    format_ident!("__Zocket{variant}")
}

/// The variant's fields as a type that serde can write and schemars can describe.
fn data_struct(owner: &Ident, variant: &ErrorVariant, scope: &Scope) -> Option<TokenStream> {
    let ErrorVariant::Coded(coded) = variant else { return None };
    if coded.fields.is_empty() {
        return None;
    }
    let private = &scope.private;
    let (serde, schemars) = (quote!(#private::serde), quote!(#private::schemars));
    let (serde_text, schemars_text) = (path_text(&serde), path_text(&schemars));
    let name = data_name(&coded.ident);
    let schema_name = format!("{owner}{}", coded.ident);
    let CodedVariant { attributes, cfgs, .. } = coded;
    let fields = coded.fields.iter().map(|ErrorField { member, ty, attributes, cfgs, .. }| {
        let name = coded.named.then(|| quote!(#member:));
        quote!(#cfgs #(#attributes)* #name #ty)
    });
    let body = if coded.named { quote!({ #(#fields),* }) } else { quote!((#(#fields),*);) };
    // A field that lacks a trait is reported at its variant.
    let (read, bounds) = error_read::derive(coded, scope).unzip();
    let derive = quote!(#[derive(#serde::Serialize, #read #schemars::JsonSchema)]);
    let derive = spans::respanned(&derive, coded.ident.span());
    let says_itself = || {
        let own = attributes.iter().map(|own| own.attribute.clone()).collect::<Vec<_>>();
        schema_conflicts::says(&own, "serde", "rename_all")
    };
    let renamed = scope.fields.as_ref().filter(|_| coded.named && !says_itself());
    let renamed = renamed.map(|fields| quote!(#[serde(rename_all = #fields)]));
    Some(quote! {
        #cfgs
        // A field that serde skips is read by nobody.
        #[allow(dead_code)]
        #derive
        #[serde(crate = #serde_text)]
        #[schemars(crate = #schemars_text, rename = #schema_name, inline)]
        #bounds
        #renamed
        #(#attributes)*
        struct #name #body
    })
}

fn display(error: &ErrorEnum, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    let ident = &error.ident;
    let formatter = scope.local("formatter");
    let arms = error.variants.iter().map(|variant| match variant {
        ErrorVariant::Transparent { ident, member, cfgs, .. } => {
            let inner = scope.local("inner");
            quote! {
                #cfgs
                Self::#ident { #member: #inner } => #private::fmt::Display::fmt(#inner, #formatter),
            }
        }
        ErrorVariant::Coded(coded) => {
            let CodedVariant { ident, cfgs, .. } = coded;
            match &coded.message {
                Message::Plain(text) => quote! {
                    #cfgs
                    Self::#ident { .. } => #private::fmt::Formatter::write_str(#formatter, #text),
                },
                Message::Docs { otherwise } => {
                    let docs = &coded.docs;
                    quote! {
                        #cfgs
                        Self::#ident { .. } => #private::fmt::Formatter::write_str(
                            #formatter,
                            &#private::first_paragraph(#docs, #otherwise),
                        ),
                    }
                }
                Message::Format { literal, fields } => {
                    let patterns = used(coded, fields)
                        .map(|ErrorField { member, binding, .. }| quote!(#member: #binding));
                    let values =
                        used(coded, fields).map(|ErrorField { binding, .. }| quote!(#binding = #binding));
                    quote! {
                        #cfgs
                        Self::#ident { #(#patterns,)* .. } => #private::fmt::Formatter::write_fmt(
                            #formatter,
                            #private::format_args!(#literal, #(#values),*),
                        ),
                    }
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #private::fmt::Display for #ident {
            fn fmt(&self, #formatter: &mut #private::fmt::Formatter<'_>) -> #private::fmt::Result {
                match self { #(#arms)* }
            }
        }
    }
}

fn typed_error(error: &ErrorEnum, scope: &Scope) -> TokenStream {
    let Scope { krate, private, .. } = scope;
    let ident = &error.ident;
    let errors = scope.local("errors");
    let arms = error.variants.iter().map(|variant| into_error(variant, scope));
    let from_error = error_read::from_error(error, scope);
    let describe = error.variants.iter().map(|variant| describe(variant, &errors, scope));
    quote! {
        #[automatically_derived]
        impl #krate::TypedError for #ident {
            fn into_error(self) -> #krate::Error {
                match self { #(#arms)* }
            }
            fn describe(#errors: &mut #private::Errors) {
                #(#describe)*
            }
            #from_error
        }
    }
}

fn into_error(variant: &ErrorVariant, scope: &Scope) -> TokenStream {
    let krate = &scope.krate;
    match variant {
        ErrorVariant::Transparent { ident, member, cfgs, .. } => {
            let inner = scope.local("inner");
            quote!(#cfgs Self::#ident { #member: #inner } => #krate::TypedError::into_error(#inner),)
        }
        ErrorVariant::Coded(coded) => {
            let CodedVariant { ident, code, cfgs, .. } = coded;
            let message = message(coded, scope);
            let bare = quote!(#krate::Error::new(#code, #message));
            if coded.fields.is_empty() {
                return quote!(#cfgs Self::#ident { .. } => #bare,);
            }
            let fields: Vec<_> = coded.fields.iter().map(field).collect();
            let name = data_name(ident);
            quote!(#cfgs Self::#ident { #(#fields),* } => #bare.with_data(&#name { #(#fields),* }),)
        }
    }
}

/// The message as a text, with the fields bound.
fn message(coded: &CodedVariant, scope: &Scope) -> TokenStream {
    let private = &scope.private;
    match &coded.message {
        Message::Plain(text) => quote!(#text),
        Message::Docs { otherwise } => {
            let docs = &coded.docs;
            quote!(#private::first_paragraph(#docs, #otherwise))
        }
        Message::Format { literal, fields } => {
            let values = used(coded, fields).map(|ErrorField { binding, .. }| quote!(#binding = #binding));
            quote!(#private::format!(#literal, #(#values),*))
        }
    }
}

fn used<'a>(coded: &'a CodedVariant, fields: &'a [usize]) -> impl Iterator<Item = &'a ErrorField> {
    fields.iter().map(|index| &coded.fields[*index])
}

/// `member: binding`, as a pattern and as a value.
pub(super) fn field(ErrorField { member, binding, cfgs, .. }: &ErrorField) -> TokenStream {
    quote!(#cfgs #member: #binding)
}

fn describe(variant: &ErrorVariant, errors: &Ident, scope: &Scope) -> TokenStream {
    let Scope { krate, private, .. } = scope;
    match variant {
        ErrorVariant::Transparent { inner, cfgs, .. } => {
            quote!(#cfgs <#inner as #krate::TypedError>::describe(#errors);)
        }
        ErrorVariant::Coded(coded) => {
            let CodedVariant { ident, code, docs, cfgs, .. } = coded;
            let deprecated = coded.deprecated.call(private);
            if coded.fields.is_empty() {
                return quote!(#cfgs #private::Errors::bare(#errors, #code, #docs) #deprecated;);
            }
            let name = data_name(ident);
            quote!(#cfgs #private::Errors::variant::<#name>(#errors, #code, #docs) #deprecated;)
        }
    }
}

/// So that `?` turns the inner error into this one.
fn from_inner(owner: &Ident, variant: &ErrorVariant, scope: &Scope) -> Option<TokenStream> {
    let ErrorVariant::Transparent { ident, member, inner, cfgs } = variant else { return None };
    let private = &scope.private;
    let value = scope.local("inner");
    let inner: &Type = inner;
    Some(quote! {
        #cfgs
        #[automatically_derived]
        impl #private::From<#inner> for #owner {
            fn from(#value: #inner) -> Self {
                Self::#ident { #member: #value }
            }
        }
    })
}
