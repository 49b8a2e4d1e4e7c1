//! Codes of authenticator programs (RFC 6238): six digits of HMAC-SHA-1, another each half minute.

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use shared::sensitive::Sensitive;
use store::crypto::same;

/// Seconds that a code is shown.
const STEP: i64 = 30;
/// Bytes of a secret: as many as the hash has (RFC 4226, R6).
pub(super) const SECRET: usize = 20;

/// What an authenticator shows at an instant.
pub fn code_at(secret: &[u8], at: DateTime<Utc>) -> String {
    code_of(secret, step_of(at))
}

const fn step_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(STEP)
}

fn code_of(secret: &[u8], step: i64) -> String {
    // HMAC pads a short key with zeros to the hash's block; done here, no length can be wrong.
    let mut block = [0; 64];
    for (place, byte) in block.iter_mut().zip(secret) {
        *place = *byte;
    }
    let mut hmac = Hmac::<Sha1>::new(&block.into());
    hmac.update(&step.to_be_bytes());
    let hash: [u8; 20] = hmac.finalize().into_bytes().into();
    // RFC 4226, section 5.3: the last four bits say where the number begins.
    let begin = usize::from(hash[19] & 15);
    let number = hash.iter().skip(begin).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// The time step that a code belongs to: this one, the one before or the one after, since clocks differ and people type.
pub(super) fn step_shown(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).take(7).collect();
    // All three are looked at, so that time tells nothing.
    let shown = [-1, 0, 1]
        .map(|off| step_of(now) + off)
        .map(|step| same(code_of(secret, step).as_bytes(), code.as_bytes()).then_some(step));
    shown.into_iter().flatten().next_back()
}

/// The secret of an authenticator as people type it.
pub fn secret_to_type(secret: &Sensitive<Vec<u8>>) -> Sensitive<String> {
    Sensitive::new(BASE32_NOPAD.encode(secret.expose()))
}

/// The secret as a program reads it (`otpauth://`), for a link or a QR code.
pub(super) fn address(secret: &[u8], agency: &str, sign_in_name: &str) -> Sensitive<String> {
    let percent = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let (issuer, name, secret) = (percent(agency), percent(sign_in_name), BASE32_NOPAD.encode(secret));
    Sensitive::new(format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(b"12345678901234567890", at(seconds)), code);
        }
    }

    #[test]
    fn a_code_is_good_half_a_minute_before_and_after() {
        let (secret, now) = ([7; SECRET], at(1_800_000_010));
        let step = now.timestamp() / STEP;
        for off in [-1, 0, 1] {
            let code = code_at(&secret, at(1_800_000_010 + off * STEP));
            assert_eq!(step_shown(&secret, &code, now), Some(step + off));
        }
        for off in [-2, 2] {
            assert_eq!(step_shown(&secret, &code_at(&secret, at(1_800_000_010 + off * STEP)), now), None);
        }
        let code = code_at(&secret, now);
        let (one, two) = code.split_at(3);
        assert!(step_shown(&secret, &format!(" {one} {two} "), now).is_some(), "as authenticators show it");
        for bad in ["", "12345", &format!("{code}0"), "abcdef", "١٢٣٤٥٦"] {
            assert_eq!(step_shown(&secret, bad, now), None, "{bad}");
        }
    }

    #[test]
    fn an_authenticator_reads_the_secret() {
        assert_eq!(secret_to_type(&Sensitive::new(b"12345678901234567890".to_vec())).expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            address(b"12345678901234567890", "Office of Benefits", "ana@nbc").expose(),
            "otpauth://totp/Office%20of%20Benefits:ana%40nbc?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Office%20of%20Benefits"
        );
    }
}
