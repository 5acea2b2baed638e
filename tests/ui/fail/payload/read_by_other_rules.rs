//! Mistakes: 5.
//!
//! Attributes that change what is read without the schema's knowledge, or the schema without what is read.

#[zocket::router]
mod app {
    #[payload]
    pub enum Kind {
        Plain,
        #[serde(other)]
        Unknown,
    }

    #[payload]
    pub struct Join {
        #[serde(deserialize_with = "super::yes_or_no")]
        pub quiet: bool,
        #[serde(with = "crate::text")]
        pub level: u8,
        #[cfg_attr(all(), serde(alias = "channel"))]
        pub room: String,
        #[schemars(rename = "nick")]
        pub name: String,
        pub kind: Kind,
    }

    #[incoming]
    async fn join(_join: Join) {}
}

fn yes_or_no<'de, D: serde::Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    serde::Deserialize::deserialize(source).map(|text: String| text == "yes")
}

mod text {
    pub fn serialize<S: serde::Serializer>(level: &u8, target: S) -> Result<S::Ok, S::Error> {
        target.collect_str(level)
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(source: D) -> Result<u8, D::Error> {
        let text: String = serde::Deserialize::deserialize(source)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn main() {}
