//! A server that cannot accept clients now says when to try again.

use std::time::Duration;

use zocket::Server;

use crate::ask::{serve_plainly, shake};

#[zocket::router]
mod app {
    #[on_connect]
    async fn connect() {
        std::future::pending().await
    }
}

#[tokio::test]
async fn whoever_is_sent_away_is_told_when_to_come_back() {
    let server = Server::builder(app::router()).connect_within(Duration::from_millis(50)).build();
    let address = serve_plainly(&server).await;
    let answer = shake(address, &[]).await;
    assert_eq!((answer.status, answer.error()), (503, "the server took too long to let you in"));
    assert!(answer.head.contains("\r\nretry-after: 5\r\n"), "{}", answer.head);

    server.drain(Duration::from_secs(10)).await;
    let answer = shake(address, &[]).await;
    assert_eq!((answer.status, answer.error()), (503, "the server is restarting"));
    assert!(answer.head.contains("\r\nretry-after: 5\r\n"), "{}", answer.head);
}
