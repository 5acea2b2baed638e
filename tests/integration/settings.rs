//! Invalid settings are errors when the server is built, all in one report.

use std::time::Duration;

use zocket::{BuildErrorKind, Server};

#[zocket::router]
mod app {}

#[test]
fn what_is_too_small_is_said_and_not_made_larger() {
    let none = Duration::ZERO;
    let builder = Server::builder(app::router())
        .fan_out_tasks(0)
        .concurrent_calls(0)
        .drain_rate(0)
        .ping_interval(none)
        .ping_timeout(none)
        .stalled_after(none);
    let error = builder.try_build().expect_err("too small");
    assert_eq!(error.kind(), BuildErrorKind::InvalidSetting);
    let text = error.to_string();
    for setting in
        ["fan_out_tasks", "concurrent_calls", "drain_rate", "ping_interval", "ping_timeout", "stalled_after"]
    {
        assert!(
            text.contains(&format!("`Builder::{setting}` is too small; help: at least 1")),
            "{setting}: {text}"
        );
    }
    assert_eq!(text.lines().count(), 6, "{text}");
}

#[cfg(feature = "compression")]
#[test]
fn a_level_of_compression_that_there_is_not() {
    use zocket::Compression;

    for level in [0, 10] {
        let compression = Compression::new().level(level);
        let error =
            Server::builder(app::router()).compression(compression).try_build().expect_err("no level");
        assert!(
            error.to_string().contains(&format!("the value {level} of `Builder::compression`")),
            "{error}"
        );
    }
    for level in 1..=9 {
        let compression = Compression::new().level(level);
        assert!(Server::builder(app::router()).compression(compression).try_build().is_ok());
    }
}
