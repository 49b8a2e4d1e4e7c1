use thiserror::Error;

/// What somebody types to say who they are: small letters, digits and `. _ - @`, two to 64 of them. Capitals are made small, so that
/// one person is not two.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SignInName(String);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("a sign-in name has 2 to 64 letters a to z, digits, or . _ - @")]
pub struct SignInNameError;

impl SignInName {
    pub fn parse(text: &str) -> Result<Self, SignInNameError> {
        let name = text.trim().to_ascii_lowercase();
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-@".contains(&b);
        if (2..=64).contains(&name.len()) && name.bytes().all(legal) { Ok(Self(name)) } else { Err(SignInNameError) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name that colleagues see beside what somebody did. One to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StaffName(String);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("a name has 1 to 80 characters, none of them a control character")]
pub struct StaffNameError;

impl StaffName {
    pub fn parse(text: &str) -> Result<Self, StaffNameError> {
        let name = text.trim();
        let legal = (1..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if legal { Ok(Self(name.to_owned())) } else { Err(StaffNameError) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether an account can be signed in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    Active,
    Disabled,
}

impl AccountState {
    /// The word in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Active, Self::Disabled].into_iter().find(|state| state.key() == key)
    }
}

/// What somebody has besides a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorKind {
    /// Codes of an authenticator program (RFC 6238).
    Totp,
    /// A key in a device (`WebAuthn`).
    Passkey,
}

impl FactorKind {
    /// The word in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Totp, Self::Passkey].into_iter().find(|kind| kind.key() == key)
    }

    /// As staff say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp => "Authenticator app",
            Self::Passkey => "Passkey",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_name_is_the_same_however_it_is_typed() {
        assert_eq!(SignInName::parse("  Ana.Ejemplo@NBC ").unwrap().as_str(), "ana.ejemplo@nbc");
        for bad in ["", "a", "ana ejemplo", "ana/ejemplo", "añа", &"a".repeat(65)] {
            assert_eq!(SignInName::parse(bad), Err(SignInNameError), "{bad}");
        }
    }

    #[test]
    fn a_name_is_on_one_line() {
        assert_eq!(StaffName::parse(" Ana Peñuela ").unwrap().as_str(), "Ana Peñuela");
        for bad in ["", " ", "a\nb", &"a".repeat(81)] {
            assert_eq!(StaffName::parse(bad), Err(StaffNameError), "{bad:?}");
        }
    }
}
