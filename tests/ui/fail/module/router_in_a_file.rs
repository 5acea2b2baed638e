//! Mistakes: 2. The compiler's own text cannot be kept back.

#[zocket::router]
mod app;

fn main() {
    let _ = app::router();
}
