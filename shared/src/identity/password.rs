use thiserror::Error;

use super::{SignInName, StaffName};
use crate::accents::plain_capitals;

/// The shortest password: NIST SP 800-63B-4 asks for 15 characters.
pub const SHORTEST: usize = 15;
/// The longest. Beyond, a password only costs time.
pub const LONGEST: usize = 256;

/// Why a password cannot be taken. What to do is in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordProblem {
    #[error("Use at least 15 characters. Several words that do not belong together are easy to remember.")]
    TooShort,
    #[error("Use at most 256 characters.")]
    TooLong,
    #[error("Many people use this password, so it is tried first. Choose another one.")]
    Common,
    #[error("Do not use your name or your sign-in name in the password.")]
    Name,
}

/// Long passwords that are tried first, in small letters without spaces.
const COMMON: [&str; 24] = [
    "123456789012345",
    "1234567890123456",
    "12345678901234567890",
    "0123456789012345",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv",
    "1qaz2wsx3edc4rfv5tgb",
    "abcdefghijklmno",
    "abcdefghijklmnop",
    "abcdefghijklmnopqrstuvwxyz",
    "administrator123",
    "administrator1234",
    "changemechangeme",
    "correcthorsebatterystaple",
    "iloveyousomuch1",
    "letmeinletmeinletmein",
    "mypasswordispassword",
    "passwordpassword1",
    "password123456789",
    "password1234567890",
    "qwertyuiopasdfg",
    "qwertyuiopasdfghjkl",
    "qwertyuiopasdfghjklzxcvbnm",
    "thisismypassword",
];

/// What is wrong with a new password, if anything. Nothing is asked of its composition.
#[must_use]
pub fn problem(password: &str, name: &StaffName, sign_in_name: &SignInName) -> Option<PasswordProblem> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(PasswordProblem::TooShort);
    }
    if length > LONGEST {
        return Some(PasswordProblem::TooLong);
    }
    let plain: String = plain_capitals(password).to_lowercase().split_whitespace().collect();
    if plain.is_empty() || COMMON.contains(&plain.as_str()) || is_one_piece_again_and_again(&plain) {
        return Some(PasswordProblem::Common);
    }
    let names = plain_capitals(&format!("{} {}", name.as_str(), sign_in_name.as_str())).to_lowercase();
    let mut pieces = names.split(|c: char| !c.is_alphanumeric()).filter(|piece| piece.chars().count() >= 4);
    pieces.any(|piece| plain.contains(piece)).then_some(PasswordProblem::Name)
}

/// `passwordpassword`, `abcabcabcabcabc`, `aaaaaaaaaaaaaaa`: as easy to guess as the piece.
fn is_one_piece_again_and_again(text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    (1..=text.len() / 2).any(|piece| text.iter().skip(piece).zip(&text).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem_of(password: &str) -> Option<PasswordProblem> {
        problem(password, &StaffName::parse("Ana Peñuela").unwrap(), &SignInName::parse("apenuela@nbc").unwrap())
    }

    #[test]
    fn a_password_is_long_uncommon_and_not_ones_own_name() {
        use PasswordProblem::{Common, Name, TooLong, TooShort};
        for (password, problem) in [
            ("four unlike words here", None),
            ("ñandú ñandú garza tero", None),
            ("ana goes home by bus", None),
            ("14 characters!", Some(TooShort)),
            ("", Some(TooShort)),
            ("PasswordPassword", Some(Common)),
            ("abcabcabcabcabca", Some(Common)),
            ("               ", Some(Common)),
            ("Correct Horse Battery Staple", Some(Common)),
            ("the penuela family of five", Some(Name)),
            ("APENUELA has a long one", Some(Name)),
        ] {
            assert_eq!(problem_of(password), problem, "{password}");
        }
        assert_eq!(problem_of(&"a b c".repeat(60)), Some(TooLong));
    }
}
