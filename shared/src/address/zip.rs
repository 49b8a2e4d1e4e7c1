//! ZIP codes, and the states that they are in.

use std::fmt;

use super::state::State;

/// The five digits of a ZIP code.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ZipCode(String);

impl ZipCode {
    /// Reads `22150`, `22150-1234` and `221501234`.
    pub fn parse(text: &str) -> Option<Self> {
        ZipPlus4::parse(text).map(|zip| zip.five)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The states in which there are addresses with the first three digits of this code; none if no code begins so.
    ///
    /// A prefix belongs to one state, with few exceptions: Fishers Island in New York has its mail by way of Connecticut.
    pub fn states(&self) -> Vec<State> {
        let rows = include_str!("zip_prefixes.tsv").lines().skip(1).filter_map(|line| {
            let mut columns = line.split('\t');
            Some((columns.next()?, columns.next()?, columns.next()?))
        });
        let prefix = &self.0[..3];
        let found = rows.into_iter().find(|(first, last, _)| (*first..=*last).contains(&prefix));
        found.map(|(_, _, states)| states.split(' ').filter_map(State::parse).collect()).unwrap_or_default()
    }
}

/// A ZIP code with the four digits behind it, where somebody knows them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ZipPlus4 {
    five: ZipCode,
    four: Option<String>,
}

impl ZipPlus4 {
    /// Reads `22150`, `22150-1234` and `221501234`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (five, four) = text.split_at_checked(5)?;
        let four = four.strip_prefix('-').unwrap_or(four);
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let legal = digits(five) && digits(four) && matches!(four.len(), 0 | 4) && !text.ends_with('-');
        legal.then(|| Self { five: ZipCode(five.to_owned()), four: (!four.is_empty()).then(|| four.to_owned()) })
    }

    pub const fn five(&self) -> &ZipCode {
        &self.five
    }

    pub fn four(&self) -> Option<&str> {
        self.four.as_deref()
    }
}

impl fmt::Display for ZipPlus4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.five.0)?;
        self.four.as_ref().map_or(Ok(()), |four| write!(f, "-{four}"))
    }
}

impl fmt::Debug for ZipPlus4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ZipPlus4([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn states(zip: &str) -> Vec<&'static str> {
        ZipCode::parse(zip).unwrap().states().into_iter().map(State::code).collect()
    }

    #[test]
    fn a_zip_code_has_five_digits_or_nine() {
        for (text, written) in [("22150", "22150"), (" 22150-1234 ", "22150-1234"), ("221501234", "22150-1234")] {
            assert_eq!(ZipPlus4::parse(text).unwrap().to_string(), written);
            assert_eq!(ZipCode::parse(text).unwrap().as_str(), "22150");
        }
        for bad in ["", "2215", "22150-", "22150-12", "2215a", "221501", "２２１５０", "22150--1234", "221501234-"] {
            assert_eq!(ZipCode::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn each_prefix_is_in_its_states() {
        for (zip, expected) in [
            ("00501", &["NY"][..]),
            ("00601", &["PR"]),
            ("00802", &["VI"]),
            ("00901", &["PR"]),
            ("02108", &["MA"]),
            ("06390", &["CT", "NY"]),
            ("05501", &["MA"]),
            ("09499", &["AE"]),
            ("20001", &["DC"]),
            ("20101", &["VA"]),
            ("20588", &["DC", "MD", "VA"]),
            ("34002", &["AA"]),
            ("39901", &["GA"]),
            ("56901", &["DC"]),
            ("72643", &["AR", "MO"]),
            ("73301", &["TX"]),
            ("73960", &["OK", "TX"]),
            ("83414", &["ID", "WY"]),
            ("88510", &["TX"]),
            ("96201", &["AP"]),
            ("96799", &["HI", "AS"]),
            ("96950", &["GU", "MP", "PW", "FM", "MH"]),
            ("99950", &["AK"]),
        ] {
            assert_eq!(states(zip), expected, "{zip}");
        }
        for nowhere in ["00000", "00499", "21301", "34301", "98701"] {
            assert_eq!(states(nowhere), [""; 0], "{nowhere}");
        }
    }

    #[test]
    fn the_table_of_prefixes_is_in_order_and_names_every_state() {
        let mut last_seen = 0;
        let mut named = Vec::new();
        for line in include_str!("zip_prefixes.tsv").lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [first, last]: [u16; 2] = [0, 1].map(|at| columns[at].parse().unwrap());
            assert!(last_seen < first && first <= last && columns[0].len() == 3 && columns[1].len() == 3, "{line}");
            last_seen = last;
            named.extend(columns[2].split(' ').map(|code| State::parse(code).unwrap()));
        }
        for state in State::all() {
            assert!(named.contains(&state), "{state:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_digit_is_lost(text in any::<String>(), digits in "[0-9]{5}(-?[0-9]{4})?") {
            let _ = ZipPlus4::parse(&text);
            let zip = ZipPlus4::parse(&digits).unwrap();
            prop_assert_eq!(zip.to_string().replace('-', ""), digits.replace('-', ""));
            prop_assert_eq!(ZipPlus4::parse(&zip.to_string()), Some(zip.clone()));
            prop_assert!(zip.five().states().len() <= 5);
        }
    }
}
