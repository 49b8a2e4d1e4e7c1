//! People, addresses and event parameters of the feed, parsed.

use chrono::{NaiveDate, NaiveDateTime};

use crate::country::CountryCode;
use crate::locale::Locale;
use crate::office::OfficeCode;
use crate::sensitive::Sensitive;

/// What a person is to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartyRole {
    Applicant,
    Petitioner,
    Beneficiary,
    Representative,
}

impl PartyRole {
    pub const fn key(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Petitioner => "petitioner",
            Self::Beneficiary => "beneficiary",
            Self::Representative => "representative",
        }
    }
}

/// A person of a case. A representative has no birth data and no A-Number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub role: PartyRole,
    pub name: Sensitive<PersonName>,
    pub organization: Option<String>,
    pub birth_date: Option<Sensitive<NaiveDate>>,
    pub birth_country: Option<CountryCode>,
    pub citizenship: Option<CountryCode>,
    pub a_number: Option<Sensitive<ANumber>>,
    pub email: Option<Sensitive<Email>>,
    pub telephone: Option<Sensitive<Telephone>>,
    pub language: Option<Locale>,
}

/// A name as the case system has it. Some people have one name only; it stands as the family name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    pub family: String,
    pub given: Option<String>,
    pub middle: Option<String>,
}

/// An A-Number: `A` and seven to nine digits, kept as nine. Not everybody has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ANumber(String);

impl ANumber {
    /// Dashes and spaces are dropped; `A12345678` and `A012345678` are the same number.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let digits = plain.strip_prefix(['A', 'a'])?;
        let legal = (7..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        legal.then(|| Self(format!("{digits:0>9}")))
    }

    /// Nine digits.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

/// An e-mail address: something, one `@`, a host with a dot. Whether it works shows when a mail is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    pub fn parse(text: &str) -> Option<Self> {
        let (local, host) = text.split_once('@')?;
        let legal = !local.is_empty()
            && text.len() <= 254
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains('@')
            && text.chars().all(|c| !c.is_whitespace() && !c.is_control());
        legal.then(|| Self(text.to_owned()))
    }

    /// An address that somebody typed, to be written to.
    pub fn parse_typed(text: &str) -> Option<Self> {
        Self::parse(text.trim()).filter(Self::is_plain)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether mail servers everywhere take the address as it stands. What they do not take is mostly a slip, as a comma at the
    /// end, and nobody could be told of it later.
    pub fn is_plain(&self) -> bool {
        let Some((local, host)) = self.0.split_once('@') else { return false };
        let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
        let is_label = |label: &str| {
            let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (1..=63).contains(&label.len()) && label.bytes().all(is_inside) && !label.starts_with('-') && !label.ends_with('-')
        };
        let is_local = |part: &str| !part.is_empty() && part.bytes().all(is_atom);
        local.len() <= 64 && local.split('.').all(is_local) && host.split('.').all(is_label)
    }
}

/// A telephone number: digits and the usual marks around them, at least seven digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telephone(String);

impl Telephone {
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let legal =
            (7..=20).contains(&digits) && text.len() <= 40 && text.chars().all(|c| c.is_ascii_digit() || " +-().x".contains(c));
        legal.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where the agency sends mail of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailingAddress {
    pub street: String,
    pub unit: Option<String>,
    pub city: String,
    pub state: Option<String>,
    pub postal_code: Option<String>,
    pub country: CountryCode,
}

/// What an event says beside its code. Each part is optional: sources differ in what they know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventParameters {
    pub document: Option<Document>,
    /// As the source wrote it, without spaces; at most 34 letters and digits (the PIC field of the USPS extract).
    pub tracking_number: Option<String>,
    pub notice: Option<Notice>,
    pub receiving_office: Option<OfficeCode>,
    pub appointment: Option<Appointment>,
}

/// A secure document that is mailed (NIEM `BenefitDocumentCategory`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    PermanentResidentCard,
    EmploymentAuthorizationDocument,
    AdvanceParoleDocument,
    ReentryPermit,
    RefugeeTravelDocument,
    CertificateOfNaturalization,
    CertificateOfCitizenship,
}

impl Document {
    pub const ALL: [Self; 7] = [
        Self::PermanentResidentCard,
        Self::EmploymentAuthorizationDocument,
        Self::AdvanceParoleDocument,
        Self::ReentryPermit,
        Self::RefugeeTravelDocument,
        Self::CertificateOfNaturalization,
        Self::CertificateOfCitizenship,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::PermanentResidentCard => "permanent_resident_card",
            Self::EmploymentAuthorizationDocument => "employment_authorization_document",
            Self::AdvanceParoleDocument => "advance_parole_document",
            Self::ReentryPermit => "reentry_permit",
            Self::RefugeeTravelDocument => "refugee_travel_document",
            Self::CertificateOfNaturalization => "certificate_of_naturalization",
            Self::CertificateOfCitizenship => "certificate_of_citizenship",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|document| document.key() == key)
    }

    pub const fn name(self, locale: Locale) -> &'static str {
        let (en, es) = match self {
            Self::PermanentResidentCard => ("Permanent Resident Card", "Tarjeta de Residente Permanente"),
            Self::EmploymentAuthorizationDocument => ("Employment Authorization Document", "Documento de Autorización de Empleo"),
            Self::AdvanceParoleDocument => ("Advance Parole Document", "Documento de Permiso Adelantado de Viaje"),
            Self::ReentryPermit => ("Reentry Permit", "Permiso de Reingreso"),
            Self::RefugeeTravelDocument => ("Refugee Travel Document", "Documento de Viaje de Refugiado"),
            Self::CertificateOfNaturalization => ("Certificate of Naturalization", "Certificado de Naturalización"),
            Self::CertificateOfCitizenship => ("Certificate of Citizenship", "Certificado de Ciudadanía"),
        };
        locale.pick(en, es)
    }
}

/// A kind of notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Receipt,
    Appointment,
    RequestForEvidence,
    IntentToDeny,
    Approval,
    Denial,
    Transfer,
    Other,
}

impl Notice {
    pub const ALL: [Self; 8] = [
        Self::Receipt,
        Self::Appointment,
        Self::RequestForEvidence,
        Self::IntentToDeny,
        Self::Approval,
        Self::Denial,
        Self::Transfer,
        Self::Other,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Appointment => "appointment",
            Self::RequestForEvidence => "request_for_evidence",
            Self::IntentToDeny => "intent_to_deny",
            Self::Approval => "approval",
            Self::Denial => "denial",
            Self::Transfer => "transfer",
            Self::Other => "other",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.key() == key)
    }

    pub const fn name(self, locale: Locale) -> &'static str {
        let (en, es) = match self {
            Self::Receipt => ("receipt notice", "aviso de recibo"),
            Self::Appointment => ("appointment notice", "aviso de cita"),
            Self::RequestForEvidence => ("request for evidence", "solicitud de evidencia"),
            Self::IntentToDeny => ("notice of intent to deny", "aviso de intención de denegar"),
            Self::Approval => ("approval notice", "aviso de aprobación"),
            Self::Denial => ("decision notice", "aviso de decisión"),
            Self::Transfer => ("transfer notice", "aviso de transferencia"),
            Self::Other => ("notice", "aviso"),
        };
        locale.pick(en, es)
    }
}

/// An appointment, in the local time of its office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    pub kind: AppointmentKind,
    pub at: NaiveDateTime,
    pub office: Option<OfficeCode>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppointmentKind {
    Biometrics,
    Interview,
    Oath,
    Other,
}

impl AppointmentKind {
    pub const ALL: [Self; 4] = [Self::Biometrics, Self::Interview, Self::Oath, Self::Other];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Biometrics => "biometrics",
            Self::Interview => "interview",
            Self::Oath => "oath",
            Self::Other => "other",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numbers_of_seven_to_nine_digits_are_one_form() {
        for text in ["A1234567", "A01234567", "A001234567", "a 001-234-567"] {
            assert_eq!(ANumber::parse(text).unwrap().digits(), "001234567", "{text}");
        }
        for bad in ["1234567", "A123456", "A1234567890", "A12345678X", "A", ""] {
            assert_eq!(ANumber::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn contacts_are_checked_for_shape_only() {
        for good in ["a@b.example", "ana+x@mail.example.org"] {
            assert!(Email::parse(good).is_some(), "{good}");
        }
        for bad in ["", "a", "@b.example", "a@b", "a b@c.example", "a@b@c.example", "a@.example", "a@b.example\n"] {
            assert!(Email::parse(bad).is_none(), "{bad}");
        }
        for good in ["+1 (202) 555-0123", "2025550123", "+52 55 5555 0123"] {
            assert!(Telephone::parse(good).is_some(), "{good}");
        }
        for bad in ["", "555", "call me", "2025550123<script>"] {
            assert!(Telephone::parse(bad).is_none(), "{bad}");
        }
    }
}
