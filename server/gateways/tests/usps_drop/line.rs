//! A line to a server that does not hold.

use tokio::io::{AsyncReadExt, copy};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Copy)]
pub enum Ending {
    /// Both ends see the connection closed.
    Cut,
    /// Nothing comes any more. From then on time is the test's, and runs as fast as nobody waits for anything else.
    Silence,
}

/// Opens a line for one connection to a port. It carries so many bytes from the server.
pub async fn line_to(port: u16, bytes: u64, ending: Ending) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let line = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let (mut from_client, mut to_client) = client.split();
        let (from_server, mut to_server) = server.split();
        let mut carried = from_server.take(bytes);
        tokio::select! {
            _ = copy(&mut from_client, &mut to_server) => {}
            _ = copy(&mut carried, &mut to_client) => {}
        }
        if matches!(ending, Ending::Silence) {
            tokio::time::pause();
            std::future::pending::<()>().await;
        }
    });
    line
}
