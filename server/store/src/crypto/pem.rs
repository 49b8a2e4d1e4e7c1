//! PEM (RFC 7468): one key, as `openssl` writes it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The DER between the lines of a label. `None` if there is none, or more than one.
pub(super) fn decode(text: &str, label: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (_, after) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, rest) = after.split_once(&format!("-----END {label}-----"))?;
    if rest.contains("-----BEGIN ") {
        return None;
    }
    let lines: Zeroizing<String> = Zeroizing::new(body.split_whitespace().collect());
    STANDARD.decode(lines.as_bytes()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_read_and_two_or_none_are_not() {
        let one = "before\n-----BEGIN PUBLIC KEY-----\nAQID\r\nBA==\n-----END PUBLIC KEY-----\n";
        assert_eq!(decode(one, "PUBLIC KEY").unwrap().as_slice(), [1, 2, 3, 4]);
        for broken in ["", "AQID", "-----BEGIN PUBLIC KEY-----AQID", &one.repeat(2), &one.replace("AQID", "AQI*")] {
            assert!(decode(broken, "PUBLIC KEY").is_none(), "{broken}");
        }
        assert!(decode(one, "PRIVATE KEY").is_none());
    }
}
