//! The vocabulary of the macros: the helper attributes, the keys they take, the ways to rename.
//!
//! Every other module may use this one; it uses none of them.

/// Which helper attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Headers,
    Context,
    OnConnect,
    OnDisconnect,
    Middleware,
    Guard,
    Outgoing,
    Incoming,
    Payload,
    Error,
}

impl Role {
    pub(crate) const ALL: [Self; 10] = [
        Self::Headers,
        Self::Context,
        Self::OnConnect,
        Self::OnDisconnect,
        Self::Middleware,
        Self::Guard,
        Self::Outgoing,
        Self::Incoming,
        Self::Payload,
        Self::Error,
    ];

    /// The attribute's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Context => "context",
            Self::OnConnect => "on_connect",
            Self::OnDisconnect => "on_disconnect",
            Self::Middleware => "middleware",
            Self::Guard => "guard",
            Self::Outgoing => "outgoing",
            Self::Incoming => "incoming",
            Self::Payload => "payload",
            Self::Error => "error",
        }
    }

    /// What it may be written on, for error messages.
    pub(crate) fn belongs_on(self) -> &'static str {
        match self {
            Self::Headers => "a struct in the router's root",
            Self::Context => "a struct, an enum or a type alias in the router's root",
            Self::OnConnect | Self::OnDisconnect => "an async fn in the router's root",
            Self::Middleware | Self::Incoming => "an async fn",
            Self::Guard => "a namespace (`mod`) or an `#[incoming]` fn",
            Self::Outgoing | Self::Payload => "a struct or an enum",
            Self::Error => "an enum",
        }
    }

    /// Whether the runtime calls a function with this attribute. A function has at most one such role.
    pub(crate) fn calls_a_function(self) -> bool {
        matches!(self, Self::OnConnect | Self::OnDisconnect | Self::Middleware | Self::Incoming)
    }

    /// Whether a type with this attribute derives `JsonSchema`.
    pub(crate) fn derives_schema(self) -> bool {
        matches!(self, Self::Headers | Self::Outgoing | Self::Payload)
    }

    /// The keys that may be written in the attribute's parentheses.
    pub(crate) fn keys(self) -> &'static [Key] {
        const RENAME: Key = Key::new("rename", Takes::Text);
        const UNCOMPRESSED: Key = Key::new("uncompressed", Takes::Flag);
        const OUTGOING: &[Key] = &[RENAME, UNCOMPRESSED];
        const INCOMING: &[Key] = &[RENAME, Key::new("concurrent", Takes::Flag), UNCOMPRESSED];
        match self {
            Self::Outgoing => OUTGOING,
            Self::Incoming => INCOMING,
            _ => &[],
        }
    }
}

/// One key that an attribute takes.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
}

/// What follows a key.
#[derive(Clone, Copy)]
pub(crate) enum Takes {
    /// Nothing: `concurrent`.
    Flag,
    /// `rename = "text"`.
    Text,
    /// `state = path::Type`.
    Type,
    /// `crate = path` or `crate = "path"`.
    Path,
}

impl Key {
    pub(crate) const fn new(name: &'static str, takes: Takes) -> Self {
        Self { name, takes }
    }

    /// How the key is written, for a help text.
    pub(crate) fn usage(&self) -> String {
        match self.takes {
            Takes::Flag => format!("`{}`", self.name),
            Takes::Text => format!("`{} = \"…\"`", self.name),
            Takes::Type => format!("`{} = path::Type`", self.name),
            Takes::Path => format!("`{} = path`", self.name),
        }
    }
}

/// How Rust names become segments of a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RenameAll {
    /// fn and module names as they are, type names in `snake_case`.
    #[default]
    AsWritten,
    Camel,
    Pascal,
    Kebab,
    ScreamingSnake,
    Lower,
}

impl RenameAll {
    /// The rules by the names serde gives them.
    pub(crate) const NAMES: [(&'static str, Self); 6] = [
        ("snake_case", Self::AsWritten),
        ("camelCase", Self::Camel),
        ("PascalCase", Self::Pascal),
        ("kebab-case", Self::Kebab),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("lowercase", Self::Lower),
    ];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, rule)| *rule)
    }
}
