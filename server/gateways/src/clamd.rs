//! Asks ClamAV's daemon whether a file is infected (`clamd(8)`: `INSTREAM`, `PING`).
//!
//! The daemon speaks neither TLS nor passwords: it belongs on this machine, at a socket or on loopback.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

/// A scan that takes longer is given up.
const TIME_OUT: Duration = Duration::from_secs(30);
/// Bytes sent at once. The daemon takes up to its `StreamMaxLength`.
const CHUNK: usize = 64 * 1024;
/// Most bytes of an answer: a name that somebody gave to a signature.
const LONGEST_ANSWER: u64 = 1024;

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClamdAddress {
    /// `host:port`
    Tcp(String),
    Socket(PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("is not an address as tcp://127.0.0.1:3310 or unix:/run/clamav/clamd.ctl")]
pub struct ClamdAddressError;

impl ClamdAddress {
    pub fn parse(text: &str) -> Result<Self, ClamdAddressError> {
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.starts_with('/') { Ok(Self::Socket(path.into())) } else { Err(ClamdAddressError) };
        }
        let place = text.strip_prefix("tcp://").map(|place| place.trim_end_matches('/')).ok_or(ClamdAddressError)?;
        let (host, port) = place.rsplit_once(':').ok_or(ClamdAddressError)?;
        let is_host = !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "/@?#".contains(c));
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        if is_host && is_port { Ok(Self::Tcp(place.to_owned())) } else { Err(ClamdAddressError) }
    }

    /// Whether files stay on this machine.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Tcp(place) => place.rsplit_once(':').is_some_and(|(host, _)| {
                let host = host.trim_matches(['[', ']']);
                host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
            }),
        }
    }
}

impl fmt::Display for ClamdAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(place) => write!(f, "tcp://{place}"),
            Self::Socket(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// What the daemon found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// The name of what was found.
    Infected(String),
}

/// Why there is no verdict. A file without one is not taken.
#[derive(Debug, Error)]
pub enum ScanError {
    #[error("clamd cannot be reached: {0}")]
    Unreachable(#[from] io::Error),
    #[error("clamd took too long")]
    TimedOut,
    #[error("clamd answered \"{0}\"")]
    Answered(String),
}

/// Asks one daemon.
#[derive(Debug, Clone)]
pub struct Clamd {
    address: ClamdAddress,
    time_out: Duration,
}

impl Clamd {
    pub const fn new(address: ClamdAddress) -> Self {
        Self { address, time_out: TIME_OUT }
    }

    pub async fn scan(&self, bytes: &[u8]) -> Result<Verdict, ScanError> {
        let answer = self.ask(b"zINSTREAM\0", Some(bytes)).await?;
        if answer == "stream: OK" {
            return Ok(Verdict::Clean);
        }
        match answer.strip_prefix("stream: ").and_then(|rest| rest.strip_suffix(" FOUND")) {
            Some(name) => Ok(Verdict::Infected(name.to_owned())),
            None => Err(ScanError::Answered(answer)),
        }
    }

    /// Whether the daemon is there.
    pub async fn ping(&self) -> Result<(), ScanError> {
        let answer = self.ask(b"zPING\0", None).await?;
        if answer == "PONG" { Ok(()) } else { Err(ScanError::Answered(answer)) }
    }

    async fn ask(&self, command: &[u8], stream: Option<&[u8]>) -> Result<String, ScanError> {
        let asked = async {
            match &self.address {
                ClamdAddress::Tcp(place) => exchange(TcpStream::connect(place).await?, command, stream).await,
                ClamdAddress::Socket(path) => exchange(UnixStream::connect(path).await?, command, stream).await,
            }
        };
        tokio::time::timeout(self.time_out, asked).await.map_err(|_| ScanError::TimedOut)?
    }
}

async fn exchange(
    mut daemon: impl AsyncRead + AsyncWrite + Unpin,
    command: &[u8],
    stream: Option<&[u8]>,
) -> Result<String, ScanError> {
    let sent = send(&mut daemon, command, stream).await;
    // A daemon that takes no more says why before it hangs up.
    let mut answer = Vec::new();
    let heard = daemon.take(LONGEST_ANSWER).read_to_end(&mut answer).await;
    if answer.is_empty() {
        sent?;
        heard?;
    }
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.trim_end_matches('\0').replace(char::is_control, " ").trim().to_owned())
}

/// Sends a command, and chunks with their lengths before them; the last one is empty.
async fn send(daemon: &mut (impl AsyncWrite + Unpin), command: &[u8], stream: Option<&[u8]>) -> io::Result<()> {
    daemon.write_all(command).await?;
    if let Some(bytes) = stream {
        for chunk in bytes.chunks(CHUNK).chain([[].as_slice()]) {
            daemon.write_u32(u32::try_from(chunk.len()).map_err(io::Error::other)?).await?;
            daemon.write_all(chunk).await?;
        }
    }
    daemon.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::{TcpListener, UnixListener};

    /// The file of the European Institute for Computer Antivirus Research that every scanner takes for infected. Put together
    /// here, so that no scanner takes this source for it.
    fn eicar() -> Vec<u8> {
        [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-", "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].concat().into_bytes()
    }

    /// A daemon that reads the protocol and answers once; `most` is its limit.
    async fn daemon(mut connection: impl AsyncRead + AsyncWrite + Unpin, most: usize) {
        let mut command = Vec::new();
        while command.last() != Some(&0) {
            command.push(connection.read_u8().await.unwrap());
        }
        let answer: &[u8] = match command.as_slice() {
            b"zPING\0" => b"PONG\0",
            b"zINSTREAM\0" => {
                let mut bytes = Vec::new();
                loop {
                    let length = connection.read_u32().await.unwrap() as usize;
                    let mut chunk = vec![0; length];
                    connection.read_exact(&mut chunk).await.unwrap();
                    bytes.extend(chunk);
                    if length == 0 || bytes.len() > most {
                        break;
                    }
                }
                if bytes.len() > most {
                    b"INSTREAM size limit exceeded. ERROR\0"
                } else if bytes == eicar() {
                    b"stream: Win.Test.EICAR_HDB-1 FOUND\0"
                } else {
                    b"stream: OK\0"
                }
            }
            _ => b"UNKNOWN COMMAND\0",
        };
        connection.write_all(answer).await.unwrap();
        connection.shutdown().await.unwrap();
    }

    async fn over_tcp(most: usize) -> Clamd {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = ClamdAddress::parse(&format!("tcp://{}", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { daemon(listener.accept().await.unwrap().0, most).await });
        Clamd::new(address)
    }

    #[test]
    fn addresses_name_a_port_or_a_socket() {
        let parse = |text: &str| ClamdAddress::parse(text).map(|address| (address.to_string(), address.is_local()));
        assert_eq!(parse("tcp://127.0.0.1:3310"), Ok(("tcp://127.0.0.1:3310".into(), true)));
        assert_eq!(parse("tcp://[::1]:3310/"), Ok(("tcp://[::1]:3310".into(), true)));
        assert_eq!(parse("tcp://scanner.agency.example:3310"), Ok(("tcp://scanner.agency.example:3310".into(), false)));
        assert_eq!(parse("unix:/run/clamav/clamd.ctl"), Ok(("unix:/run/clamav/clamd.ctl".into(), true)));
        for bad in ["", "127.0.0.1:3310", "tcp://", "tcp://host", "tcp://:3310", "tcp://host:0", "tcp://a b:1", "unix:", "unix:run"]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn files_are_sent_whole_and_what_is_found_has_a_name() {
        assert_eq!(over_tcp(1 << 20).await.scan(&eicar()).await.unwrap(), Verdict::Infected("Win.Test.EICAR_HDB-1".into()));
        for clean in [vec![], vec![7; 3 * CHUNK + 1]] {
            assert_eq!(over_tcp(1 << 20).await.scan(&clean).await.unwrap(), Verdict::Clean);
        }
        over_tcp(0).await.ping().await.unwrap();
    }

    #[tokio::test]
    async fn a_socket_is_asked_in_the_same_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clamd.ctl");
        let listener = UnixListener::bind(&path).unwrap();
        tokio::spawn(async move { daemon(listener.accept().await.unwrap().0, 1 << 20).await });
        let found = Clamd::new(ClamdAddress::Socket(path)).scan(&eicar()).await.unwrap();
        assert_eq!(found, Verdict::Infected("Win.Test.EICAR_HDB-1".into()));
    }

    #[tokio::test]
    async fn what_is_no_verdict_is_an_error() {
        let refused = over_tcp(CHUNK).await.scan(&vec![7; 2 * CHUNK]).await;
        assert!(matches!(&refused, Err(ScanError::Answered(said)) if said == "INSTREAM size limit exceeded. ERROR"), "{refused:?}");

        let nobody = Clamd::new(ClamdAddress::Socket("/nonexistent/clamd.ctl".into()));
        assert!(matches!(nobody.scan(b"x").await, Err(ScanError::Unreachable(_))));
        assert!(matches!(nobody.ping().await, Err(ScanError::Unreachable(_))));

        for answer in [&b""[..], b"stream: OK FOUND ERROR\0", b"OK\0", b"stream: OK\nstream: X FOUND\0"] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = ClamdAddress::Tcp(listener.local_addr().unwrap().to_string());
            tokio::spawn(async move {
                let (mut connection, _) = listener.accept().await.unwrap();
                let mut heard = vec![0; 64];
                let _ = connection.read(&mut heard).await.unwrap();
                connection.write_all(answer).await.unwrap();
            });
            let result = Clamd::new(address).scan(b"x").await;
            assert!(!matches!(result, Ok(Verdict::Clean)), "{answer:?}: {result:?}");
        }
    }

    #[tokio::test]
    async fn a_daemon_that_says_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = ClamdAddress::Tcp(listener.local_addr().unwrap().to_string());
        let silent = Clamd { address, time_out: Duration::from_millis(50) };
        assert!(matches!(silent.scan(b"x").await, Err(ScanError::TimedOut)));
        drop(listener);
    }
}
