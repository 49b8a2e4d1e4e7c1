//! The class table: what a class-of-admission code or a form says about protection.
//!
//! Codes are matched whole, never by prefix (`SU2` is legalization, `SU3` a crime victim; `Z13` is ordinary suspension,
//! `Z14` VAWA). Codes and meanings are NIEM 6.0 `ImmigrationClassOfAdmissionCategoryCodeSimpleType`; which of them the
//! agency's own filter uses is not published, so the assignment to classes is ours.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Evidence;

/// A class of protection. Each has its own rules; there is no single "protected" flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Ordinary,
    /// Violence Against Women Act, 8 USC 1367.
    Vawa,
    /// T status, 8 USC 1367.
    Trafficking,
    /// U status, 8 USC 1367.
    CrimeVictim,
    /// S status, 8 CFR 214.2(t).
    Witness,
    /// By order of a court.
    Sealed,
    /// 8 CFR 208.6.
    Asylum,
    /// 8 CFR 208.6.
    Refugee,
    /// Temporary Protected Status and DED, 8 USC 1254a(c)(6).
    Tps,
    /// 8 USC 1255a(c)(5), 1160(b)(6).
    Legalization,
    Nacara,
    Unknown,
}

impl Class {
    pub const ALL: [Self; 12] = [
        Self::Ordinary,
        Self::Vawa,
        Self::Trafficking,
        Self::CrimeVictim,
        Self::Witness,
        Self::Sealed,
        Self::Asylum,
        Self::Refugee,
        Self::Tps,
        Self::Legalization,
        Self::Nacara,
        Self::Unknown,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Vawa => "vawa",
            Self::Trafficking => "trafficking",
            Self::CrimeVictim => "crime_victim",
            Self::Witness => "witness",
            Self::Sealed => "sealed",
            Self::Asylum => "asylum",
            Self::Refugee => "refugee",
            Self::Tps => "tps",
            Self::Legalization => "legalization",
            Self::Nacara => "nacara",
            Self::Unknown => "unknown",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.key() == key)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "Not protected",
            Self::Vawa => "VAWA",
            Self::Trafficking => "T status",
            Self::CrimeVictim => "U status",
            Self::Witness => "S status",
            Self::Sealed => "Sealed by a court",
            Self::Asylum => "Asylum",
            Self::Refugee => "Refugee",
            Self::Tps => "TPS or DED",
            Self::Legalization => "Legalization",
            Self::Nacara => "NACARA",
            Self::Unknown => "Not understood",
        }
    }

    /// Is it one of 8 USC 1367: VAWA, T and U?
    pub const fn is_of_section_1367(self) -> bool {
        matches!(self, Self::Vawa | Self::Trafficking | Self::CrimeVictim)
    }
}

/// Codes of one class, readable as that class from the given day on (year, month, day): before it the code, if it stood in
/// a record at all, meant something else.
struct CodeRow {
    class: Class,
    since: (i32, u32, u32),
    codes: &'static [&'static str],
}

const ALWAYS: (i32, u32, u32) = (1900, 1, 1);
/// Violence Against Women Act, Pub. L. 103-322.
const VAWA_ACT: (i32, u32, u32) = (1994, 9, 13);
/// Victims of Trafficking and Violence Protection Act, Pub. L. 106-386: T and U.
const VTVPA: (i32, u32, u32) = (2000, 10, 28);
/// Crime bill that made S status, Pub. L. 103-322.
const S_ACT: (i32, u32, u32) = (1994, 9, 13);
/// Refugee Act, Pub. L. 96-212.
const REFUGEE_ACT: (i32, u32, u32) = (1980, 3, 17);
/// Immigration Reform and Control Act, Pub. L. 99-603.
const IRCA: (i32, u32, u32) = (1986, 11, 6);
/// Immigration Act of 1990, Pub. L. 101-649.
const IMMACT: (i32, u32, u32) = (1990, 11, 29);
/// Nicaraguan Adjustment and Central American Relief Act, Pub. L. 105-100.
const NACARA_ACT: (i32, u32, u32) = (1997, 11, 19);

const CODES: &[CodeRow] = &[
    CodeRow {
        class: Class::Vawa,
        since: VAWA_ACT,
        // 384 says "a VAWA, T or U petition has been filed" and is set on the day of filing.
        codes: &[
            "384", "IB1", "IB2", "IB3", "IB6", "IB7", "IB8", "IB0", "IB5", "B11", "B12", "B16", "B17", "B20", "B21", "B22", "B23",
            "B24", "B25", "B26", "B27", "B28", "B29", "B31", "B32", "B33", "B36", "B37", "B38", "BX1", "BX2", "BX3", "BX6", "BX7",
            "BX8", "DAS", "Z14",
        ],
    },
    CodeRow {
        class: Class::Trafficking,
        since: VTVPA,
        codes: &["T1", "T2", "T3", "T4", "T5", "T6", "ST6", "ST7", "ST8", "ST9", "ST0"],
    },
    CodeRow {
        class: Class::CrimeVictim,
        since: VTVPA,
        codes: &["U1", "U2", "U3", "U4", "U5", "SU6", "SU7", "SU8", "SU9", "SU0", "SU3", "SU4"],
    },
    CodeRow { class: Class::Witness, since: S_ACT, codes: &["S5", "S6", "S7"] },
    CodeRow {
        class: Class::Asylum,
        since: REFUGEE_ACT,
        codes: &[
            "999", "AO", "AS", "AS1", "AS2", "AS3", "AS6", "AS7", "AS8", "ASD", "ASR", "ASY", "AY", "GA6", "GA7", "GA8", "SY7",
            "SY8", "IJ", "SA", "TIA", "WA", "EF", "ERF", "STC",
        ],
    },
    CodeRow {
        class: Class::Refugee,
        since: REFUGEE_ACT,
        codes: &[
            "RE", "RE1", "RE2", "RE3", "RE4", "RE5", "RE6", "RE7", "RE8", "RE9", "REP", "RAD", "RF", "REF", "R86", "CU6", "IC6",
        ],
    },
    CodeRow { class: Class::Tps, since: IMMACT, codes: &["TPS", "DED"] },
    CodeRow {
        class: Class::Legalization,
        since: IRCA,
        codes: &[
            "W16", "W26", "W36", "W46", "W1", "W2", "W1D", "W2D", "W3D", "TW1", "TW2", "TW3", "T1D", "T2D", "T3D", "S16", "S17",
            "S18", "S26", "S1", "S2", "S1D", "S2D", "TS1", "TS2", "AY1", "AY2", "CS1", "CS2", "CS3", "LE1", "LE2", "LU1", "LU2",
            "PL1", "PL2", "SO1", "SO2", "SU2", "ZM1", "ZM2",
        ],
    },
    CodeRow { class: Class::Nacara, since: NACARA_ACT, codes: &["NC6", "NC7", "NC8", "NC9", "Z15"] },
    // Known to say nothing about protection. A code that is missing here hides its case until somebody adds it.
    CodeRow {
        class: Class::Ordinary,
        since: ALWAYS,
        codes: &[
            // Look-alikes of protected codes: old preferences, stowaway, suspension.
            "T1M", "T21", "T51", "U1M", "U2M", "ST", "Z13", // Nonimmigrants.
            "A1", "A2", "A3", "B1", "B2", "C1", "C1D", "C2", "C3", "C4", "D1", "D2", "E1", "E2", "E3", "F1", "F2", "F3", "G1",
            "G2", "G3", "G4", "G5", "H1", "H1A", "H1B", "H1C", "H2A", "H2B", "H3", "H4", "I", "I1", "J1", "J2", "K1", "K2", "K3",
            "K4", "L1", "L1A", "L1B", "L2", "M1", "M2", "M3", "N8", "N9", "O1", "O2", "O3", "P1", "P2", "P3", "P4", "Q1", "Q2",
            "Q3", "R1", "R2", "TN", "TD", "V1", "V2", "V3", "WB", "WT", // Immigrants by family, work and diversity.
            "IR1", "IR2", "IR3", "IR4", "IR5", "IR6", "IR7", "IR8", "IR9", "CR1", "CR2", "CR6", "CR7", "F11", "F12", "F16", "F17",
            "F21", "F22", "F23", "F24", "F25", "F26", "F27", "F28", "F31", "F32", "F33", "F36", "F37", "F38", "F41", "F42", "F43",
            "F46", "F47", "F48", "FX1", "FX2", "FX3", "FX6", "FX7", "FX8", "E11", "E12", "E13", "E14", "E15", "E16", "E17", "E18",
            "E19", "E10", "E21", "E22", "E23", "E26", "E27", "E28", "E31", "E32", "E34", "E35", "E36", "E37", "E39", "E30", "EW3",
            "EW4", "EW5", "EW8", "EW9", "EW0", "DV1", "DV2", "DV3", "DV6", "DV7", "DV8",
        ],
    },
];

/// A form, or a form in some of its categories, that says what the person asked for.
struct FormRow {
    class: Class,
    form: &'static str,
    categories: Categories,
}

enum Categories {
    Any,
    Only(&'static [&'static str]),
    /// Every category but these, and also no category: the form is protected unless it clearly is something else.
    AllBut(&'static [&'static str]),
}

const FORMS: &[FormRow] = &[
    FormRow { class: Class::Trafficking, form: "I-914", categories: Categories::Any },
    FormRow { class: Class::Trafficking, form: "I-914A", categories: Categories::Any },
    FormRow { class: Class::Trafficking, form: "I-914B", categories: Categories::Any },
    FormRow { class: Class::CrimeVictim, form: "I-918", categories: Categories::Any },
    FormRow { class: Class::CrimeVictim, form: "I-918A", categories: Categories::Any },
    FormRow { class: Class::CrimeVictim, form: "I-918B", categories: Categories::Any },
    FormRow { class: Class::CrimeVictim, form: "I-929", categories: Categories::Any },
    // Self-petitions under VAWA are filed on I-360, as are petitions of widows, religious workers and others.
    FormRow {
        class: Class::Vawa,
        form: "I-360",
        categories: Categories::AllBut(&[
            "AMERASIAN",
            "WIDOW",
            "SIJ",
            "RELIGIOUS",
            "PANAMA",
            "PHYSICIAN",
            "BROADCASTER",
            "TRANSLATOR",
        ]),
    },
    FormRow { class: Class::Vawa, form: "I-751", categories: Categories::Only(&["BATTERY", "EXTREME_CRUELTY", "VAWA"]) },
    // Eligibility categories of 8 CFR 274a.12 that only 1367 people have.
    FormRow { class: Class::Vawa, form: "I-765", categories: Categories::Only(&["C31"]) },
    FormRow { class: Class::Vawa, form: "I-765V", categories: Categories::Any },
    FormRow { class: Class::Trafficking, form: "I-765", categories: Categories::Only(&["A16", "C25", "C40"]) },
    FormRow { class: Class::CrimeVictim, form: "I-765", categories: Categories::Only(&["A19", "A20"]) },
    FormRow { class: Class::Witness, form: "I-765", categories: Categories::Only(&["C21"]) },
    FormRow { class: Class::Trafficking, form: "I-485", categories: Categories::Only(&["T"]) },
    FormRow { class: Class::CrimeVictim, form: "I-485", categories: Categories::Only(&["U"]) },
    FormRow { class: Class::Vawa, form: "I-485", categories: Categories::Only(&["VAWA"]) },
    FormRow { class: Class::Asylum, form: "I-589", categories: Categories::Any },
    FormRow { class: Class::Refugee, form: "I-590", categories: Categories::Any },
    FormRow { class: Class::Refugee, form: "I-730", categories: Categories::Any },
    FormRow { class: Class::Tps, form: "I-821", categories: Categories::Any },
    FormRow { class: Class::Legalization, form: "I-687", categories: Categories::Any },
    FormRow { class: Class::Legalization, form: "I-698", categories: Categories::Any },
    FormRow { class: Class::Legalization, form: "I-700", categories: Categories::Any },
    FormRow { class: Class::Nacara, form: "I-881", categories: Categories::Any },
];

/// What a piece of evidence says, as it was meant on `on`.
///
/// A form that is not in the table says nothing; a form that protects in some categories is [`Class::Unknown`] without its
/// category; a class code that is not in the table is [`Class::Unknown`].
pub fn classify(evidence: &Evidence, on: NaiveDate) -> Class {
    match evidence {
        Evidence::ClassOfAdmission(code) => class_of_code(code, on),
        Evidence::Form { form, category } => class_of_form(form.as_str(), category.as_deref()),
        Evidence::Sealed => Class::Sealed,
        Evidence::Unreadable => Class::Unknown,
    }
}

/// Where a code stands. Going through the table takes longer for some codes than for others, which could be measured from
/// outside.
static BY_CODE: LazyLock<HashMap<&str, &CodeRow>> =
    LazyLock::new(|| CODES.iter().flat_map(|row| row.codes.iter().map(move |code| (*code, row))).collect());

fn class_of_code(code: &str, on: NaiveDate) -> Class {
    let readable = |row: &&CodeRow| {
        let (year, month, day) = row.since;
        NaiveDate::from_ymd_opt(year, month, day).is_some_and(|since| since <= on)
    };
    BY_CODE.get(code).copied().filter(readable).map_or(Class::Unknown, |row| row.class)
}

fn class_of_form(form: &str, category: Option<&str>) -> Class {
    // Where a category decides, a case without one may be of any: not understood, so hidden.
    if category.is_none() && FORMS.iter().any(|row| row.form == form && matches!(row.categories, Categories::Only(_))) {
        return Class::Unknown;
    }
    let covers = |row: &&FormRow| match row.categories {
        Categories::Any => true,
        Categories::Only(list) => category.is_some_and(|category| list.contains(&category)),
        Categories::AllBut(list) => category.is_none_or(|category| !list.contains(&category)),
    };
    FORMS.iter().filter(|row| row.form == form).find(covers).map_or(Class::Ordinary, |row| row.class)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_key_is_read_back_and_is_the_word_in_files() {
        for class in Class::ALL {
            assert_eq!(Class::from_key(class.key()), Some(class));
            assert_eq!(serde_json::to_value(class).unwrap(), class.key());
        }
    }

    #[test]
    fn no_code_stands_in_two_classes() {
        let mut seen = HashSet::new();
        for code in CODES.iter().flat_map(|row| row.codes) {
            assert!(seen.insert(code), "{code} stands twice");
        }
    }
}
