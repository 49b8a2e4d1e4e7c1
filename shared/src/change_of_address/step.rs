//! The steps of the form, one thing to a page, and the fields of each.

use crate::address::AddressField;

/// A page of the form, in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    Person,
    /// When the person moved; the ten days are told here.
    Move,
    NewAddress,
    OldAddress,
    MailingAddress,
    Cases,
    Contact,
    Check,
    Signature,
}

impl Step {
    pub const ALL: [Self; 9] = [
        Self::Person,
        Self::Move,
        Self::NewAddress,
        Self::OldAddress,
        Self::MailingAddress,
        Self::Cases,
        Self::Contact,
        Self::Check,
        Self::Signature,
    ];

    /// The step's name in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Move => "move",
            Self::NewAddress => "new-address",
            Self::OldAddress => "old-address",
            Self::MailingAddress => "mailing-address",
            Self::Cases => "cases",
            Self::Contact => "contact",
            Self::Check => "check",
            Self::Signature => "signature",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }

    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|step| *step > self)
    }

    pub fn previous(self) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|step| *step < self)
    }

    /// `1` for the first.
    pub fn number(self) -> usize {
        Self::ALL.iter().filter(|step| **step <= self).count()
    }
}

/// A field of the form, in the form's order. A date is one, and so is a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Filer,
    FamilyName,
    GivenName,
    MiddleName,
    BirthDate,
    Citizenship,
    Status,
    StatusOther,
    ANumber,
    MovedOn,
    New(AddressField),
    Old(AddressField),
    Mailing(AddressField),
    /// Of the case in this row.
    ReceiptNumber(u8),
    /// The ZIP code of the mail of the case in this row.
    CaseZip(u8),
    Email,
    Telephone,
    OldAddressUnsafe,
    Signature,
    Certified,
}

impl Field {
    /// What the field is called in what is sent, and the id of its element. Of a day, the name of its parts begins so.
    pub fn key(self) -> String {
        let of_address = |name: &str, part: AddressField| {
            let part = match part {
                AddressField::Country => "country",
                AddressField::Urbanization => "urbanization",
                AddressField::Street => "street",
                AddressField::Unit => "unit",
                AddressField::City => "city",
                AddressField::State => "state",
                AddressField::Zip => "zip",
            };
            format!("{name}_{part}")
        };
        let name = match self {
            Self::New(part) => return of_address("new", part),
            Self::Old(part) => return of_address("old", part),
            Self::Mailing(part) => return of_address("mailing", part),
            Self::ReceiptNumber(row) => return format!("number_{row}"),
            Self::CaseZip(row) => return format!("zip_{row}"),
            Self::Filer => "filer",
            Self::FamilyName => "family_name",
            Self::GivenName => "given_name",
            Self::MiddleName => "middle_name",
            Self::BirthDate => "birth",
            Self::Citizenship => "citizenship",
            Self::Status => "status",
            Self::StatusOther => "status_other",
            Self::ANumber => "a_number",
            Self::MovedOn => "moved",
            Self::Email => "email",
            Self::Telephone => "telephone",
            Self::OldAddressUnsafe => "old_address_unsafe",
            Self::Signature => "signature",
            Self::Certified => "certified",
        };
        name.to_owned()
    }

    pub const fn step(self) -> Step {
        match self {
            Self::Filer
            | Self::FamilyName
            | Self::GivenName
            | Self::MiddleName
            | Self::BirthDate
            | Self::Citizenship
            | Self::Status
            | Self::StatusOther
            | Self::ANumber => Step::Person,
            Self::MovedOn => Step::Move,
            Self::New(_) => Step::NewAddress,
            Self::Old(_) => Step::OldAddress,
            Self::Mailing(_) => Step::MailingAddress,
            Self::ReceiptNumber(_) | Self::CaseZip(_) => Step::Cases,
            Self::Email | Self::Telephone | Self::OldAddressUnsafe => Step::Contact,
            Self::Signature | Self::Certified => Step::Signature,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_from_the_first_to_the_last_and_back() {
        let onward: Vec<_> = std::iter::successors(Some(Step::Person), |step| step.next()).collect();
        assert_eq!(onward, Step::ALL);
        let back: Vec<_> = std::iter::successors(Some(Step::Signature), |step| step.previous()).collect();
        assert_eq!(back, Step::ALL.into_iter().rev().collect::<Vec<_>>());
        for (at, step) in Step::ALL.into_iter().enumerate() {
            assert_eq!((Step::from_key(step.key()), step.number()), (Some(step), at + 1));
        }
        assert_eq!(Step::from_key("sent"), None);
    }
}
