use serde::{Deserialize, Deserializer, Serializer};

#[zocket::router]
mod app {
    #[payload]
    pub struct Join {
        #[serde(with = "super::text")]
        pub level: u8,
    }

    #[incoming]
    async fn join(_join: Join) {}
}

mod text {
    use super::*;

    pub fn serialize<S: Serializer>(level: &u8, target: S) -> Result<S::Ok, S::Error> {
        target.collect_str(level)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(source: D) -> Result<u8, D::Error> {
        String::deserialize(source)?.parse().map_err(serde::de::Error::custom)
    }
}

fn main() {
    let _ = app::router();
}
