//! A load: a few connections that ask one thing after another, and read every answer to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request as bytes, and what a right answer holds.
#[derive(Clone)]
pub struct Request {
    bytes: Vec<u8>,
    expected: String,
}

pub struct Load {
    address: String,
    requests: Arc<Vec<Request>>,
}

pub struct Measured {
    pub per_second: f64,
}

impl Request {
    pub fn get(path: &str, headers: &str, expected: &str) -> Self {
        let bytes = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n{headers}\r\n").into_bytes();
        Self { bytes, expected: expected.into() }
    }

    pub fn post(path: &str, headers: &str, body: &str, expected: &str) -> Self {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             sec-fetch-site: same-origin\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
        );
        Self { bytes: head.into_bytes(), expected: expected.into() }
    }
}

impl Load {
    /// `address`: `http://host:port`.
    pub fn new(address: &str, requests: Vec<Request>) -> Self {
        assert!(!requests.is_empty());
        Self { address: address.trim_start_matches("http://").replace("localhost", "127.0.0.1"), requests: Arc::new(requests) }
    }

    pub async fn run(&self, connections: usize, how_long: Duration) -> Measured {
        let answered = Arc::new(AtomicU64::new(0));
        let end = Instant::now() + how_long;
        let began = Instant::now();
        let mut tasks = Vec::new();
        for offset in 0..connections {
            let (address, requests, answered) = (self.address.clone(), Arc::clone(&self.requests), Arc::clone(&answered));
            tasks.push(tokio::spawn(async move {
                let mut connection = Connection::open(&address).await;
                let mut next = offset;
                while Instant::now() < end {
                    connection.ask(&requests[next % requests.len()]).await;
                    answered.fetch_add(1, Ordering::Relaxed);
                    next += 1;
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        Measured { per_second: answered.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64() }
    }
}

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(64 * 1024) }
    }

    /// Asks, and stops the bench unless the answer is a 200 with what is expected.
    pub async fn ask(&mut self, request: &Request) {
        assert!(self.try_ask(request).await, "an unexpected answer: {}", String::from_utf8_lossy(&self.buffer));
    }

    /// Sends a request and reads the answer to its end. Whether it is a 200 with what is expected.
    pub async fn try_ask(&mut self, request: &Request) -> bool {
        self.stream.write_all(&request.bytes).await.unwrap();
        self.buffer.clear();
        let (head, body) = loop {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(read > 0, "the server closed the connection");
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break (at, at + 4);
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..head]).to_lowercase();
        let length =
            head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()).map(|text| text.parse::<usize>().unwrap());
        loop {
            let whole = match length {
                Some(length) => self.buffer.len() >= body + length,
                None => self.buffer.ends_with(b"0\r\n\r\n"),
            };
            if whole {
                break;
            }
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the server closed the connection");
        }
        head.starts_with("http/1.1 200") && find(&self.buffer[body..], request.expected.as_bytes()).is_some()
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    bytes.iter().enumerate().position(|(at, byte)| *byte == first && bytes[at..].starts_with(wanted))
}
