//! What the errors about errors advise compiles: for handlers, middleware and hooks, whatever the cause is.

#![deny(warnings)]

fn by_anyhow() -> anyhow::Result<u8> {
    Ok(1)
}

fn boxed() -> Result<u8, Box<dyn std::error::Error>> {
    Ok(1)
}

fn boxed_to_send() -> Result<u8, Box<dyn std::error::Error + Send + Sync>> {
    Ok(1)
}

fn text() -> Result<u8, String> {
    Ok(1)
}

#[zocket::router]
mod app {
    use super::*;
    use zocket::{Error, Reject};

    #[on_connect]
    async fn connect() -> Result<(), Reject> {
        let _: u8 = "1".parse()?;
        by_anyhow().map_err(Reject::internal)?;
        boxed().map_err(Reject::internal_text)?;
        boxed_to_send().map_err(Reject::internal)?;
        text().map_err(Reject::internal)?;
        Ok(())
    }

    fn all() -> Result<u8, Error> {
        let one: u8 = "1".parse()?;
        let two = by_anyhow().map_err(Error::internal)? + boxed().map_err(Error::internal_text)?;
        Ok(one + two + boxed_to_send().map_err(Error::internal)? + text().map_err(Error::internal)?)
    }

    #[middleware]
    async fn counted() -> Result<u8, Error> {
        std::future::ready(()).await;
        all()
    }

    #[incoming]
    async fn count(#[from(counted)] count: u8) -> Result<u8, Error> {
        Ok(count + all()?)
    }

    #[on_disconnect]
    async fn gone() -> Result<(), Error> {
        all()?;
        Ok(())
    }
}

fn main() {
    let _ = app::router();
}
