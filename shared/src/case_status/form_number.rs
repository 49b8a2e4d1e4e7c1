//! Form numbers, as printed on forms.

use thiserror::Error;

/// The number of a form, as `I-765`, `N-400` or `EOIR-29`: capital letters, a dash, digits, perhaps letters after them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormNumber(String);

#[derive(Debug, Error, PartialEq, Eq)]
#[error("a form number has letters, a dash and digits, as I-765")]
pub struct FormNumberError;

impl FormNumber {
    pub fn parse(text: &str) -> Result<Self, FormNumberError> {
        let (letters, rest) = text.split_once('-').ok_or(FormNumberError)?;
        let digits = rest.trim_end_matches(|c: char| c.is_ascii_uppercase());
        let suffix = rest.len() - digits.len();
        let legal = (1..=4).contains(&letters.len())
            && letters.bytes().all(|b| b.is_ascii_uppercase())
            && (1..=4).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit())
            && suffix <= 3;
        if legal { Ok(Self(text.to_owned())) } else { Err(FormNumberError) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_forms_parse_and_other_text_does_not() {
        for good in ["I-765", "I-129CW", "N-400", "EOIR-29", "G-28", "I-821D", "AR-11"] {
            assert_eq!(FormNumber::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "765", "I765", "i-765", "I-", "-765", "I-76 5", "I-765<b>", "I-99999", "I-ABC"] {
            assert_eq!(FormNumber::parse(bad), Err(FormNumberError), "{bad}");
        }
    }
}
