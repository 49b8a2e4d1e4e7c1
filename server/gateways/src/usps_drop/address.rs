use std::fmt;
use std::net::Ipv6Addr;

use super::{DropError, FileName};

const SCHEME: &str = "sftp://";
const SSH_PORT: u16 = 22;

/// `sftp://user@host[:port]/path`. The text is taken as it is: nothing in it is percent-encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    user: String,
    /// A name, an IPv4 address, or an IPv6 address without its brackets.
    host: String,
    port: u16,
    path: String,
}

impl Address {
    /// Reads an address. A password in it is refused.
    pub fn parse(text: &str) -> Result<Self, DropError> {
        let rest = text.strip_prefix(SCHEME).ok_or(DropError::Address("begin with sftp://, or name a folder"))?;
        let (place, path) = rest.split_once('/').ok_or(DropError::Address("add the folder's path: sftp://user@host/path"))?;
        let (user, host) = place.rsplit_once('@').ok_or(DropError::Address("add the user: sftp://user@host/path"))?;
        let (host, port) = host_and_port(host)?;
        Ok(Self { user: checked_user(user)?.to_owned(), host: host.to_owned(), port, path: checked_path(path)? })
    }

    pub(super) fn user(&self) -> &str {
        &self.user
    }

    pub(super) fn socket(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    pub(super) fn folder(&self) -> &str {
        &self.path
    }

    pub(super) fn path_of(&self, name: &FileName) -> String {
        format!("{}/{name}", self.path.trim_end_matches('/'))
    }
}

fn checked_user(user: &str) -> Result<&str, DropError> {
    if user.contains(':') {
        return Err(DropError::Address("take the password out: the key file takes its place"));
    }
    if user.is_empty() || !user.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(DropError::Address("the user must be letters, digits and signs: sftp://user@host/path"));
    }
    Ok(user)
}

fn checked_path(path: &str) -> Result<String, DropError> {
    if path.contains(char::is_control) {
        return Err(DropError::Address("take the control characters out of the path"));
    }
    Ok(format!("/{path}"))
}

fn host_and_port(text: &str) -> Result<(&str, u16), DropError> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => in_brackets(rest)?,
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let is_name = !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    if !is_name && host.parse::<Ipv6Addr>().is_err() {
        return Err(DropError::Address("the host must be a name or an IP address, IPv6 in brackets: sftp://user@host/path"));
    }
    Ok((host, port.map_or(Ok(SSH_PORT), port_number)?))
}

fn in_brackets(text: &str) -> Result<(&str, Option<&str>), DropError> {
    let wrong = || DropError::Address("write an IPv6 address as [2001:db8::1] or [2001:db8::1]:22");
    let (host, after) = text.split_once(']').ok_or_else(wrong)?;
    host.parse::<Ipv6Addr>().map_err(|_| wrong())?;
    match after.strip_prefix(':') {
        Some(port) => Ok((host, Some(port))),
        None if after.is_empty() => Ok((host, None)),
        None => Err(wrong()),
    }
}

fn port_number(text: &str) -> Result<u16, DropError> {
    let port = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    port.filter(|port| *port != 0).ok_or(DropError::Address("the port must be a number from 1 to 65535"))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, host, port, path } = self;
        let (open, close) = if host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{SCHEME}{user}@{open}{host}{close}")?;
        if *port != SSH_PORT {
            write!(f, ":{port}")?;
        }
        f.write_str(path)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn problem(text: &str) -> String {
        Address::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_parts_are_found() {
        let address = Address::parse("sftp://agency@drop.example:2222/out/extract").unwrap();
        assert_eq!((address.user(), address.socket(), address.folder()), ("agency", ("drop.example", 2222), "/out/extract"));
    }

    #[test]
    fn the_port_is_22_unless_said() {
        for (text, host) in
            [("sftp://u@drop.example/x", "drop.example"), ("sftp://u@10.0.0.7/x", "10.0.0.7"), ("sftp://u@[::1]/x", "::1")]
        {
            assert_eq!(Address::parse(text).unwrap().socket(), (host, 22));
        }
        assert_eq!(Address::parse("sftp://u@[::1]:23/x").unwrap().socket(), ("::1", 23));
    }

    #[test]
    fn a_user_may_be_an_address() {
        assert_eq!(Address::parse("sftp://me@agency.example@drop.example/x").unwrap().user(), "me@agency.example");
    }

    #[test]
    fn files_stand_below_the_path() {
        let name = FileName::parse("a.txt").unwrap();
        for (text, path) in [("sftp://u@h/", "/a.txt"), ("sftp://u@h/out", "/out/a.txt"), ("sftp://u@h/out/", "/out/a.txt")] {
            assert_eq!(Address::parse(text).unwrap().path_of(&name), path);
        }
    }

    #[test]
    fn a_refusal_says_what_to_do_and_never_repeats_the_text() {
        for (text, says) in [
            ("ssh://u@h/x", "begin with sftp://"),
            ("sftp://u@h", "path"),
            ("sftp://h/x", "user"),
            ("sftp://@h/x", "user"),
            ("sftp://u:secret@h/x", "password"),
            ("sftp://u@/x", "host"),
            ("sftp://u@h ost/x", "host"),
            ("sftp://u@::1/x", "host"),
            ("sftp://u@[::1/x", "IPv6"),
            ("sftp://u@[h]/x", "IPv6"),
            ("sftp://u@[::1]22/x", "IPv6"),
            ("sftp://u@h:/x", "port"),
            ("sftp://u@h:0/x", "port"),
            ("sftp://u@h:+22/x", "port"),
            ("sftp://u@h:65536/x", "port"),
            ("sftp://u@h/x\ny", "control"),
        ] {
            assert!(problem(text).contains(says), "{text}: {}", problem(text));
            assert!(!problem(text).contains("secret"));
        }
    }

    proptest! {
        #[test]
        fn an_address_reads_as_it_is_written(
            user in "[a-zA-Z0-9._@+-]{1,20}",
            host in "[a-z0-9][a-z0-9.-]{0,20}|\\[2001:db8::[0-9a-f]{1,4}\\]",
            port in proptest::option::of(1_u16..),
            path in "[^\\p{Cc}]{0,40}",
        ) {
            let port = port.map_or_else(String::new, |port| format!(":{port}"));
            let address = Address::parse(&format!("sftp://{user}@{host}{port}/{path}")).unwrap();
            prop_assert_eq!(Address::parse(&address.to_string()).unwrap(), address);
        }

        #[test]
        fn no_text_is_too_odd_to_be_read(text in ".*", rest in "[a@:/\\[\\]0-9.]{0,30}") {
            let _ = Address::parse(&text);
            let _ = Address::parse(&format!("sftp://{rest}"));
        }
    }
}
