#![allow(unused)]

#[zocket::router]
mod app {
    async fn open_hours() -> Result<(), zocket::Error> {
        Ok(())
    }

    #[guard(open_hours)]
    mod shop {
        #[incoming]
        async fn buy(item: String) {}
    }
}

fn main() {}
