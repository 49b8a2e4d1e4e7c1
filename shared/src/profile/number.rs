//! Numbers by which systems know a person.

/// Fingerprint identification number: names an identity in IDENT. Four to ten digits (the public record layout of CIS).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fin(String);

impl Fin {
    pub fn parse(text: &str) -> Option<Self> {
        let digits = digits(text)?;
        (4..=10).contains(&digits.len()).then_some(Self(digits))
    }

    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// Encounter identifier: names one encounter of a person in IDENT. Its form is not published; 4 to 40 capital letters,
/// digits and dashes are taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EncounterId(String);

impl EncounterId {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let legal = text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
        (legal && (4..=40).contains(&text.len()) && text.bytes().any(|b| b.is_ascii_digit())).then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Social Security number. In no data set of any partner, ever: [`crate::agreement`] has no element for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ssn(String);

impl Ssn {
    /// Nine digits, none of the three parts only zeros, and not area 666: such numbers are never given. Area 9 is taken,
    /// since records hold taxpayer numbers there.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = digits(text)?;
        let never_given = |text: &str| digits.get(..3) == Some(text);
        let is_zero = |part: Option<&str>| part.is_none_or(|part| part.bytes().all(|b| b == b'0'));
        let has_zero_part = is_zero(digits.get(..3)) || is_zero(digits.get(3..5)) || is_zero(digits.get(5..));
        (digits.len() == 9 && !has_zero_part && !never_given("666")).then_some(Self(digits))
    }

    /// Nine digits.
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// As pages show it: `***-**-4320`.
    pub fn masked(&self) -> String {
        format!("***-**-{}", self.0.get(5..).unwrap_or_default())
    }
}

/// The digits of a text in which spaces and dashes may stand between.
fn digits(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    (!plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit())).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_fin_has_four_to_ten_digits() {
        assert_eq!(Fin::parse(" 123-4567 ").unwrap().digits(), "1234567");
        for wrong in ["", "123", "12345678901", "12A4567", "-"] {
            assert!(Fin::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_encounter_id_has_a_digit_and_no_other_signs() {
        assert_eq!(EncounterId::parse(" eid-2026-0001 ").unwrap().as_str(), "EID-2026-0001");
        for wrong in ["", "EID", "EID 2026", "ABCDEF", "É123", &"1".repeat(41)] {
            assert!(EncounterId::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_ssn_that_is_never_given_is_refused() {
        let number = Ssn::parse("987-65-4320").unwrap();
        assert_eq!((number.digits(), number.masked().as_str()), ("987654320", "***-**-4320"));
        for wrong in ["", "98765432", "9876543201", "000-65-4320", "987-00-4320", "987-65-0000", "666-65-4320", "987-65-432A"] {
            assert!(Ssn::parse(wrong).is_none(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_was_parsed_parses_to_itself(text in any::<String>(), digits in "[0-9]{1,12}") {
            for text in [text, digits] {
                if let Some(fin) = Fin::parse(&text) {
                    prop_assert_eq!(Fin::parse(fin.digits()), Some(fin.clone()));
                }
                if let Some(ssn) = Ssn::parse(&text) {
                    prop_assert_eq!(Ssn::parse(ssn.digits()), Some(ssn.clone()));
                    prop_assert!(!ssn.masked().contains(&ssn.digits()[..5]));
                }
                if let Some(id) = EncounterId::parse(&text) {
                    prop_assert_eq!(EncounterId::parse(id.as_str()), Some(id.clone()));
                }
            }
        }
    }
}
