//! On what something may be kept back from the person whom it is about.

use super::Basis;
use crate::locale::Locale;

/// A ground of a law. What the Privacy Act opens, FOIA's exemptions do not close, and the other way round (5 USC 552a(t)): so each
/// ground belongs to the law by which was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exemption {
    FoiaClassified,
    FoiaStatute,
    FoiaDeliberation,
    FoiaPrivacy,
    FoiaLawEnforcementPrivacy,
    FoiaLawEnforcementTechnique,
    AnotherPerson,
    CivilAction,
    CriminalLaw,
    Classified,
    Investigation,
}

/// The word in the database, the citation, and what it is about in English and Spanish.
struct Row(Exemption, &'static str, &'static str, &'static str, &'static str);

static ROWS: [Row; 11] = [
    Row(
        Exemption::FoiaClassified,
        "foia_b1",
        "5 USC 552(b)(1)",
        "classified for national defense or foreign policy",
        "clasificado por defensa nacional o política exterior",
    ),
    Row(
        Exemption::FoiaStatute,
        "foia_b3",
        "5 USC 552(b)(3)",
        "kept back by another statute, such as 8 USC 1367",
        "reservado por otra ley, como 8 USC 1367",
    ),
    Row(
        Exemption::FoiaDeliberation,
        "foia_b5",
        "5 USC 552(b)(5)",
        "advice and deliberation inside the government",
        "consejos y deliberaciones dentro del gobierno",
    ),
    Row(Exemption::FoiaPrivacy, "foia_b6", "5 USC 552(b)(6)", "the privacy of another person", "la privacidad de otra persona"),
    Row(
        Exemption::FoiaLawEnforcementPrivacy,
        "foia_b7c",
        "5 USC 552(b)(7)(C)",
        "the privacy of persons in records of law enforcement",
        "la privacidad de personas en archivos policiales",
    ),
    Row(
        Exemption::FoiaLawEnforcementTechnique,
        "foia_b7e",
        "5 USC 552(b)(7)(E)",
        "techniques of law enforcement",
        "técnicas de las autoridades policiales",
    ),
    Row(
        Exemption::AnotherPerson,
        "pa_b",
        "5 USC 552a(b)",
        "a record of another person, who did not consent",
        "un archivo de otra persona, que no dio su consentimiento",
    ),
    Row(
        Exemption::CivilAction,
        "pa_d5",
        "5 USC 552a(d)(5)",
        "compiled for a civil action or proceeding",
        "reunido para una acción o un proceso civil",
    ),
    Row(
        Exemption::CriminalLaw,
        "pa_j2",
        "5 USC 552a(j)(2)",
        "compiled to enforce criminal law",
        "reunido para aplicar la ley penal",
    ),
    Row(
        Exemption::Classified,
        "pa_k1",
        "5 USC 552a(k)(1)",
        "classified for national defense or foreign policy",
        "clasificado por defensa nacional o política exterior",
    ),
    Row(
        Exemption::Investigation,
        "pa_k2",
        "5 USC 552a(k)(2)",
        "compiled to investigate for law enforcement",
        "reunido en una investigación policial",
    ),
];

impl Exemption {
    pub const ALL: [Self; 11] = [
        Self::FoiaClassified,
        Self::FoiaStatute,
        Self::FoiaDeliberation,
        Self::FoiaPrivacy,
        Self::FoiaLawEnforcementPrivacy,
        Self::FoiaLawEnforcementTechnique,
        Self::AnotherPerson,
        Self::CivilAction,
        Self::CriminalLaw,
        Self::Classified,
        Self::Investigation,
    ];

    /// A test sees to it that there is one for each.
    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.0 == self)
    }

    /// The word in the database.
    pub fn key(self) -> &'static str {
        self.row().map_or("", |row| row.1)
    }

    pub fn from_key(key: &str) -> Option<Self> {
        ROWS.iter().find(|row| row.1 == key).map(|row| row.0)
    }

    pub fn citation(self) -> &'static str {
        self.row().map_or("", |row| row.2)
    }

    /// What it is about, as a letter says it.
    pub fn about(self, locale: Locale) -> &'static str {
        self.row().map_or("", |row| match locale {
            Locale::En => row.3,
            Locale::Es => row.4,
        })
    }

    /// Is it a ground of the law by which was asked?
    pub fn is_of(self, basis: Basis) -> bool {
        let is_foia = self.citation().starts_with("5 USC 552(");
        is_foia == (basis == Basis::Foia)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_one_row_and_belongs_to_one_law() {
        for exemption in Exemption::ALL {
            assert_eq!(ROWS.iter().filter(|row| row.0 == exemption).count(), 1, "{exemption:?}");
            assert_eq!(Exemption::from_key(exemption.key()), Some(exemption));
            assert_ne!(exemption.is_of(Basis::Foia), exemption.is_of(Basis::PrivacyAct), "{exemption:?}");
            assert_eq!(exemption.is_of(Basis::PrivacyAct), exemption.is_of(Basis::JudicialRedressAct), "{exemption:?}");
            assert!(Locale::ALL.into_iter().all(|locale| !exemption.about(locale).is_empty()));
        }
        assert_eq!(ROWS.len(), Exemption::ALL.len());
        assert_eq!(Exemption::ALL.into_iter().filter(|exemption| exemption.is_of(Basis::Foia)).count(), 6);
    }
}
