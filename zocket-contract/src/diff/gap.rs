//! What one schema allows and another does not.

use serde_json::Value;

use super::schema::Types;

/// One difference, at one place of the value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gap {
    /// A JSON pointer, with `*` for any item or any property that is not named.
    pub(super) path: String,
    /// The branches of unions that lead there, by their names.
    pub(super) within: Vec<String>,
    pub(super) what: What,
    pub(super) weight: Weight,
    /// A value at the place of the gap that shows it, where one was found.
    pub(super) example: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// There is such a value. Until one is found, it is only likely.
    Certain,
    /// It could neither be shown that there is such a value nor that there is none.
    Undecided,
    /// No value is lost: only worth saying.
    Note,
}

/// `sub` is the schema that allows more, `sup` the one that does not.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// Values of these types are refused.
    Types { refused: Types, sub: Types, sup: Types },
    /// These values of `sub` are refused.
    Values { refused: Vec<Value>, listed: bool },
    /// `sup` lists what it takes, `sub` does not.
    Listed { sup: Vec<Value> },
    /// `sup` has a rule that `sub` has less strictly or not at all.
    /// `rule` is a schema of that alone.
    Rule { keyword: &'static str, sub: Option<String>, sup: String, rule: Value },
    /// The property at the path is required by `sup` and not by `sub`.
    Required { known: bool },
    /// The property at the path is allowed by `sub` and forbidden by `sup`, by its name or as one of the rest.
    Forbidden { named: bool },
    /// Properties that neither names are allowed by `sub` and forbidden by `sup`.
    Closed,
    /// `sup` says that there are no properties but those that it names. `sub` does not say so, and has none.
    Sealed,
    /// The property at the path is named by `sub` alone, and `sup` ignores it.
    Unnamed,
    /// A branch of a union that `sup` does not have.
    Branch { name: Option<String> },
    /// `sup` has a rule that is not understood, or not enough of it.
    Opaque { keyword: String },
    /// `sup` wants exactly one branch, and values of `sub` may fit several.
    Overlap,
    /// `sup` excludes something with `not`, and values of `sub` may be that.
    Excluded,
    /// A value that none of the forms of `sup` takes.
    Unfit,
    /// The comparison went beyond its bounds.
    TooLarge,
}

impl Gap {
    pub(super) fn new(what: What) -> Self {
        Self { path: String::new(), within: Vec::new(), what, weight: Weight::Certain, example: None }
    }

    pub(super) fn undecided(what: What) -> Self {
        Self { weight: Weight::Undecided, ..Self::new(what) }
    }

    pub(super) fn note(what: What) -> Self {
        Self { weight: Weight::Note, ..Self::new(what) }
    }

    /// The same gap, seen from the property or item's owner.
    pub(super) fn below(mut self, step: &str) -> Self {
        self.path.insert_str(0, step);
        self
    }

    pub(super) fn is_note(&self) -> bool {
        self.weight == Weight::Note
    }
}
