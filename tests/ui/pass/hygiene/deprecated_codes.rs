//! What the macro makes of a deprecated code is no use of it.

#![deny(warnings)]
#![allow(dead_code)]

#[zocket::router]
pub mod app {
    #[error]
    pub enum Refused {
        #[deprecated]
        Bare,
        #[deprecated(since = "1.0.0", note = "say `Full`")]
        #[error("at most {most}")]
        WithData { most: u32 },
        Full,
    }

    #[incoming]
    async fn enter() -> Result<(), Refused> {
        Err(Refused::Full)
    }
}

fn main() {}
