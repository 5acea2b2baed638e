#![allow(unused)]

#[zocket::router]
mod other {
    #[context]
    pub struct Guest;

    #[on_connect]
    async fn connect() -> Guest {
        Guest
    }

    #[middleware]
    pub async fn open_hours() -> Result<(), zocket::Error> {
        Ok(())
    }
}

#[zocket::router]
mod app {
    use super::other::open_hours;

    #[guard(open_hours)]
    mod shop {
        #[incoming]
        async fn buy(item: String) {}
    }
}

fn main() {}
