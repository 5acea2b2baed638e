//! Mistakes: 2.

#[zocket::router]
mod app {
    use zocket::Error;

    #[middleware]
    async fn itself(#[from(itself)] (): ()) -> Result<(), Error> {
        Ok(())
    }

    #[middleware]
    async fn first(#[from(other::second)] (): ()) -> Result<(), Error> {
        Ok(())
    }

    mod other {
        use super::*;

        #[middleware]
        pub async fn second(#[from(third)] (): ()) -> Result<(), Error> {
            Ok(())
        }

        #[middleware]
        async fn third(#[from(super::first)] (): ()) -> Result<(), Error> {
            Ok(())
        }
    }

    #[incoming]
    #[guard(first)]
    async fn join(#[from(itself)] (): ()) {}
}

fn main() {
    let _ = app::router();
}
