//! Mistakes: 2. The second is within the first.

#[zocket::router]
mod app {
    use std::collections::BTreeMap;

    pub struct Place {
        pub at: Vec<Point>,
    }

    #[derive(Clone, Copy)]
    pub struct Point {
        pub x: u8,
    }

    #[payload]
    pub struct Move {
        pub by: BTreeMap<String, Place>,
        pub to: Option<Point>,
    }

    #[outgoing]
    pub struct Moved {
        pub to: Point,
    }

    #[incoming]
    async fn go(input: Move) {
        if let Some(to) = input.to {
            send::moved(Moved { to }).broadcast();
        }
    }
}

fn main() {
    let _ = app::router();
}
