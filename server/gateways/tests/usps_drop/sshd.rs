//! A real SSH server for one test: own keys, own folder, own port, read-only.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use gateways::usps_drop::{self, HostKey, SftpAccess};
use tempfile::TempDir;

const SSHD: &str = "/usr/sbin/sshd";

pub struct Sshd {
    served: Arc<Mutex<Vec<Child>>>,
    folder: TempDir,
    pub port: u16,
    pub host_key: HostKey,
}

impl Sshd {
    /// Keys of server and user are of one kind. `sshd` is started for each connection, as inetd does it: so the port is the
    /// test's from the beginning, nothing must be waited for, and a server ends with its connection.
    pub fn start(kind: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("drop")).unwrap();
        let host_key = new_key(folder.path(), "host_key", kind);
        let user_key = new_key(folder.path(), "user_key", kind);
        std::fs::rename(user_key.with_extension("pub"), folder.path().join("authorized_keys")).unwrap();
        let config = write_config(folder.path());
        make_folder_of_privileges();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = folder.path().join("log");
        File::create(&log).unwrap();
        let served = Arc::new(Mutex::new(Vec::new()));
        let serving = Arc::clone(&served);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let sshd = serve(connection.unwrap(), &config, &log);
                serving.lock().unwrap().push(sshd);
            }
        });
        Self { served, port, host_key: fingerprint(&host_key), folder }
    }

    pub fn drop_folder(&self) -> PathBuf {
        self.folder.path().join("drop")
    }

    pub fn drop_at(&self, port: u16) -> usps_drop::UspsDrop {
        usps_drop::UspsDrop::parse(&format!("sftp://{}@127.0.0.1:{port}{}", printed("id", &["-un"]), self.drop_folder().display()))
            .unwrap()
    }

    pub fn access(&self) -> SftpAccess {
        SftpAccess { key_file: self.folder.path().join("user_key"), host_key: self.host_key }
    }

    /// The server's log, once it has a text.
    pub async fn log_with(&self, text: &str) -> String {
        for _ in 0..1000 {
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap();
            if log.contains(text) {
                return log;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nothing of {text} in the server's log");
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        for sshd in self.served.lock().unwrap().iter_mut() {
            let _ = sshd.kill();
            let _ = sshd.wait();
        }
    }
}

fn serve(connection: TcpStream, config: &Path, log: &Path) -> Child {
    let output = Stdio::from(OwnedFd::from(connection.try_clone().unwrap()));
    let input = Stdio::from(OwnedFd::from(connection));
    Command::new(SSHD).arg("-i").arg("-f").arg(config).arg("-E").arg(log).stdin(input).stdout(output).spawn().unwrap()
}

fn write_config(folder: &Path) -> PathBuf {
    let path = folder.join("sshd_config");
    let here = folder.display();
    // Read-only: whoever tried to change the drop would fail. Keys of the line are renewed after each MB, so that one file sees it.
    let config = format!(
        "HostKey {here}/host_key\nAuthorizedKeysFile {here}/authorized_keys\nSubsystem sftp internal-sftp\n\
         ForceCommand internal-sftp -R\nAuthenticationMethods publickey\nUsePAM no\nStrictModes no\nLogLevel VERBOSE\nRekeyLimit 1M\n"
    );
    std::fs::write(&path, config).unwrap();
    path
}

/// Where `sshd` locks itself in before somebody has signed in. Debian makes it when the system's service starts.
fn make_folder_of_privileges() {
    if printed("id", &["-u"]) == "0" {
        std::fs::create_dir_all("/run/sshd").unwrap();
    }
}

/// Makes a key pair and gives the path of its private half.
pub fn new_key(folder: &Path, name: &str, kind: &str) -> PathBuf {
    let path = folder.join(name);
    printed("ssh-keygen", &["-q", "-t", kind, "-N", "", "-f", path.to_str().unwrap()]);
    path
}

fn fingerprint(key: &Path) -> HostKey {
    let line = printed("ssh-keygen", &["-lf", key.to_str().unwrap()]);
    HostKey::parse(line.split(' ').nth(1).unwrap()).unwrap()
}

fn printed(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
