//! Mistakes: 5.

type Shown = Box<dyn std::error::Error + Send + Sync>;

#[zocket::router]
mod app {
    use super::Shown;

    #[on_connect]
    async fn connect() -> Result<(), anyhow::Error> {
        Ok(())
    }

    #[middleware]
    async fn counted() -> Result<u8, Shown> {
        Ok(1)
    }

    #[incoming]
    async fn count(#[from(counted)] count: u8) -> anyhow::Result<u8> {
        Ok(count)
    }

    #[incoming]
    #[guard(counted)]
    async fn name() -> Result<String, String> {
        Ok("a".to_owned())
    }

    #[on_disconnect]
    async fn gone() -> Result<(), Shown> {
        Ok(())
    }
}

fn main() {
    let _ = app::router();
}
