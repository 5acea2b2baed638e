//! What the macro makes of deprecated codes, handlers and namespaces is no use of them.

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
        WithData {
            #[deprecated]
            most: u32,
        },
        Full,
    }

    #[incoming]
    async fn enter() -> Result<(), Refused> {
        Err(Refused::Full)
    }

    #[headers]
    pub struct Headers {
        #[header(http_only)]
        pub user: Option<String>,
    }

    #[deprecated(note = "use `enter`")]
    pub mod old {
        #[outgoing]
        pub struct Entered {
            pub n: u8,
        }

        #[incoming]
        async fn enter(_: zocket::State<std::sync::Arc<u8>>) {}
    }
}

fn main() {}
