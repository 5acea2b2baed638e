//! Mistakes: 5.

mod elsewhere {
    pub async fn plain() -> Result<u8, zocket::Error> {
        Ok(1)
    }
}

#[zocket::router]
#[guard(super::elsewhere::plain)]
mod app {
    use crate::elsewhere::plain;

    #[incoming]
    #[guard(plain)]
    async fn join(#[from(crate::elsewhere::plain)] _user: u8) {}

    #[guard(crate::elsewhere::plain)]
    mod inner {
        use super::plain;

        #[incoming]
        async fn leave(#[from(plain)] _user: u8) {}
    }
}

fn main() {
    let _ = app::router();
}
