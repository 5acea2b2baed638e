//! A router with every way that serde and schemars have to write a payload.
//!
//! Each message of `echo` is sent by the server and taken back by a call of the same name, so that a client can return what
//! it was sent.
#![allow(missing_docs, deprecated, unreachable_pub)]

use super::ledger::Ledger;

/// Everything that a payload can be. Not a comment's end: */ and not code: `${x}`.
#[zocket::router]
pub mod everything {
    use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
    use std::net::IpAddr;
    use std::num::{NonZeroI16, NonZeroU8};
    use std::sync::Arc;
    use std::time::{Duration, SystemTime};

    use super::Ledger;
    use zocket::{ClientId, Error, Reject, State};

    #[headers]
    pub struct Headers {
        /// What to be called.
        #[serde(rename = "user-name", default)]
        #[schemars(length(max = 24))]
        pub user_name: String,
        pub authorization: Option<String>,
        /// Coerced from text.
        pub level: Option<u8>,
    }

    /// Takes in those who say all that can be said in headers, and nobody else.
    #[on_connect]
    async fn connect(headers: Headers) -> Result<(), Reject> {
        let Headers { user_name, authorization, level } = headers;
        let is_whole = user_name == "Ann & Bob = 100 % ☂" && authorization.is_none() && level == Some(3);
        if is_whole { Ok(()) } else { Err(Reject::forbidden()) }
    }

    /// Sends one random message of each kind of `echo`, grown from `seed`.
    #[payload]
    pub struct Fill {
        pub seed: u32,
    }

    #[incoming]
    async fn fill(input: Fill, client: ClientId, State(ledger): State<Ledger>) -> u32 {
        ledger.send_one_of_each(input.seed, client)
    }

    pub mod echo {
        use super::*;
        use crate::everything::foreign;

        /// Every number, as wide as it is.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Numbers {
            pub i8: i8,
            pub i16: i16,
            pub i32: i32,
            /// May be beyond what a `number` holds.
            pub i64: i64,
            pub i128: i128,
            pub isize: isize,
            pub u8: u8,
            pub u16: u16,
            pub u32: u32,
            pub u64: u64,
            pub u128: u128,
            pub usize: usize,
            pub f32: f32,
            pub f64: f64,
            pub non_zero: NonZeroI16,
            pub positive: NonZeroU8,
            /// Of 64 bits, but bounded to what a `number` holds.
            #[schemars(range(min = 0, max = 9_007_199_254_740_991_u64))]
            pub millis: u64,
            #[schemars(range(min = -1.5, max = 1.5))]
            pub ratio: f64,
            pub many: Vec<u64>,
            pub maybe: Option<i64>,
            pub by_name: BTreeMap<String, u64>,
        }

        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        #[serde(rename_all = "camelCase")]
        pub struct Texts {
            pub plain_text: String,
            pub letter: char,
            /// Between two and five characters.
            #[schemars(length(min = 2, max = 5))]
            pub bounded: String,
            #[schemars(regex(pattern = "^[A-Z]{2}\\d+$"), example = &"AB12")]
            pub code: String,
            #[schemars(extend("format" = "email", "examples" = ["ann@example.org", "bob@example.org"]))]
            pub mail: String,
            pub address: IpAddr,
            pub id: uuid::Uuid,
            pub at: chrono::DateTime<chrono::Utc>,
            pub day: chrono::NaiveDate,
            #[schemars(with = "String")]
            pub clock: chrono::NaiveTime,
            #[schemars(extend("contentEncoding" = "base64"))]
            pub encoded: String,
            #[schemars(extend("const" = "fixed"))]
            pub fixed: String,
            #[serde(rename = "with space & \"quotes\"")]
            pub odd: String,
            #[serde(rename = "")]
            pub nameless: String,
            #[serde(rename = "2nd")]
            pub second: String,
            #[serde(rename = "größe")]
            pub size: String,
            pub r#type: String,
            pub r#class: String,
        }

        /// Lists and maps.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Lists {
            pub list: Vec<i16>,
            #[schemars(length(max = 3))]
            pub few: Vec<String>,
            #[schemars(length(min = 1))]
            pub some: Vec<u8>,
            pub bytes: Vec<u8>,
            pub pair: (u8, String),
            pub one: (bool,),
            pub array: [u8; 3],
            pub long_array: [u8; 20],
            pub nested: Vec<Vec<Option<Weekday>>>,
            pub set: HashSet<u16>,
            pub sorted: BTreeSet<String>,
            pub by_name: HashMap<String, Leaf>,
            pub by_number: BTreeMap<i16, bool>,
            pub by_id: BTreeMap<u64, String>,
            pub by_day: BTreeMap<Weekday, u8>,
            pub lists_by_name: BTreeMap<String, Vec<Vec<u8>>>,
        }

        /// There or not, null or not.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Options {
            /// Read where it is missing, written as `null`.
            pub usual: Option<u8>,
            #[serde(default)]
            pub defaulted: u32,
            #[serde(default = "red", skip_serializing_if = "is_red")]
            pub colour: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub left_out: Option<String>,
            /// Missing, `null`, or a value: three states.
            #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "some")]
            pub three_states: Option<Option<u8>>,
            pub twice: Option<Option<bool>>,
            pub list: Option<Vec<Option<u8>>>,
            pub leaf: Option<Leaf>,
            pub boxed: Option<Box<Leaf>>,
            pub unit: (),
            #[serde(skip)]
            pub skipped: u8,
            #[serde(default)]
            #[deprecated(note = "use `usual`")]
            #[schemars(extend("deprecated" = true))]
            pub old: u8,
        }

        fn red() -> String {
            "red".to_owned()
        }

        fn is_red(colour: &str) -> bool {
            colour == "red"
        }

        fn some<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
        where
            T: serde::Deserialize<'de>,
            D: serde::Deserializer<'de>,
        {
            T::deserialize(deserializer).map(Some)
        }

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Leaf {
            pub n: u32,
        }

        /// A day of work.
        #[payload]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[serde(rename_all = "kebab-case")]
        pub enum Weekday {
            Monday,
            /// Nobody's favourite.
            TuesdayMorning,
            #[serde(rename = "wed/nes*day")]
            Wednesday,
        }

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub enum Light {
            Red,
            Green,
        }

        /// Externally tagged.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub enum External {
            Nothing,
            /// With a description, it stands apart in the schema.
            Described,
            One(Leaf),
            /// Two at once.
            Two(i8, String),
            Fields {
                /// The first.
                a: u8,
                b: Option<String>,
            },
            None(()),
        }

        /// Tagged within, by `kind`.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        #[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
        pub enum Internal {
            /// Nothing to say.
            Ping,
            OfLeaf(Leaf),
            /// A user has joined.
            UserJoined {
                user_name: String,
                at_time: u64,
            },
            #[deprecated]
            #[schemars(extend("deprecated" = true))]
            UserLeft {
                user_name: String,
            },
            Empty {},
        }

        /// Tagged beside the content.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        #[serde(tag = "t", content = "c")]
        pub enum Adjacent {
            Unit,
            New(Leaf),
            Pair(i8, bool),
            Fields {
                #[schemars(range(max = 9))]
                a: u8,
            },
        }

        /// Not tagged at all.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        #[serde(untagged)]
        pub enum Untagged {
            Number(i32),
            Leaf(Leaf),
            /// Some words.
            Words(Vec<String>),
            Pair(bool, String),
            Nothing,
        }

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct More {
            /// From `More`.
            pub m: u32,
            #[serde(default)]
            pub o: Option<String>,
        }

        /// Flattened parts.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Flat {
            pub own: u8,
            #[serde(flatten)]
            pub more: More,
            #[serde(flatten)]
            pub choice: Internal,
        }

        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct FlatExternal {
            pub own: u8,
            #[serde(flatten)]
            pub light: Light,
            #[serde(flatten)]
            pub shape: Shape,
        }

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub enum Shape {
            Circle { radius: u8 },
            Square(u8),
        }

        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct FlatMap {
            pub own: u8,
            #[serde(flatten)]
            pub rest: BTreeMap<String, i16>,
        }

        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct FlatOptional {
            pub own: u8,
            #[serde(flatten)]
            pub more: Option<Leaf>,
            #[serde(flatten)]
            pub anything: serde_json::Map<String, serde_json::Value>,
        }

        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct FlatMaybe {
            pub own: u8,
            #[serde(flatten)]
            pub choice: Option<Internal>,
        }

        /// Names and what is in them: a map of itself.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Folder(pub BTreeMap<String, Folder>);

        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        #[serde(deny_unknown_fields)]
        pub struct Closed {
            pub n: u32,
            #[serde(default)]
            pub note: Option<Leaf>,
        }

        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        #[serde(default)]
        pub struct Settings {
            pub volume: u8,
            pub name: String,
            pub light: Weekday,
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { volume: 11, name: "*/ no end".to_owned(), light: Weekday::Monday }
            }
        }

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Meters(pub f64);

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Nothing;

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Point(pub i32, pub i32);

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        #[serde(transparent)]
        pub struct Name {
            #[schemars(length(min = 1))]
            pub text: String,
        }

        /// Structs of other forms.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Structs {
            pub meters: Meters,
            pub nothing: Nothing,
            pub point: Point,
            pub name: Name,
            pub client: ClientId,
            pub page: foreign::Page<Leaf>,
            pub pages: foreign::Page<foreign::Page<Weekday>>,
            pub either: foreign::Either<Leaf, Vec<String>>,
            pub aliased: foreign::Aliased,
            pub leaf: foreign::Leaf,
            pub promise: foreign::Promise,
            pub event: foreign::Event,
            pub lights: [Light; 2],
        }

        /// A tree.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Tree {
            pub name: String,
            pub children: Vec<Tree>,
            pub next: Option<Box<Tree>>,
            pub expression: Option<Expression>,
        }

        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        #[serde(rename_all = "lowercase")]
        pub enum Expression {
            Number(f64),
            Sum(Arc<Expression>, Arc<Expression>),
            Not(Box<Expression>),
        }

        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Std {
            pub duration: Duration,
            pub since: SystemTime,
            pub result: Result<u8, String>,
            pub range: std::ops::Range<u8>,
            pub anything: serde_json::Value,
        }

        /// A string that is written as it is.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Wrapped(pub String);

        /// An integer alone.
        #[outgoing]
        #[payload]
        #[derive(Clone, Debug, PartialEq)]
        pub struct Big(pub u64);

        #[incoming]
        async fn numbers(input: Numbers, State(ledger): State<Ledger>) -> Result<(), Changed> {
            ledger.compare(&input)
        }

        #[incoming]
        async fn texts(input: Texts, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn lists(input: Lists, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn options(input: Options, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn external(input: External, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn internal(input: Internal, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn adjacent(input: Adjacent, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn untagged(input: Untagged, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn flat(input: Flat, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn flat_external(input: FlatExternal, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn flat_map(input: FlatMap, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn flat_optional(input: FlatOptional, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn flat_maybe(input: FlatMaybe, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn folder(input: Folder, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn closed(input: Closed, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn settings(input: Settings, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn structs(input: Structs, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn tree(input: Tree, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn std(input: Std, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn wrapped(input: Wrapped, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        #[incoming]
        async fn big(input: Big, State(ledger): State<Ledger>) -> Result<(), Error> {
            ledger.came_back(&input)
        }

        /// What came back is not what was sent.
        #[error]
        #[derive(Debug)]
        pub enum Changed {
            /// Another value.
            #[error("sent {sent}, came back {came}")]
            Changed { sent: String, came: String },
            /// Nothing was sent.
            NeverSent,
        }
    }

    pub mod chat {
        /// A call and a namespace have this name.
        #[payload]
        pub struct Line {
            pub text: String,
        }

        #[outgoing]
        pub struct Said {
            pub text: String,
        }

        /// Says it in the room `general`.
        #[incoming]
        #[deprecated]
        async fn post(input: Line) -> Option<u64> {
            u64::try_from(input.text.len()).ok()
        }

        pub mod post {
            use super::Line;

            /// Says it later.
            #[incoming]
            async fn later(_input: Option<Line>) {}
        }
    }

    /// Names that the client has taken, and words of the language.
    pub mod close {
        #[incoming]
        async fn now() {}
    }

    pub mod on {
        #[outgoing]
        pub struct Then;

        #[incoming(rename = "two-words")]
        async fn two_words() -> bool {
            true
        }
    }

    pub mod r#enum {
        #[incoming]
        async fn constructor() {}

        #[incoming]
        async fn then() {}

        /// Every number of an u64.
        #[incoming]
        async fn delete(input: Vec<u64>) -> Vec<u64> {
            input
        }
    }
}
