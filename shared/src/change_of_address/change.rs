//! A form without mistakes.

use chrono::NaiveDate;

use crate::address::{Address, ZipCode};
use crate::case_feed::{ANumber, Email, PersonName, Telephone};
use crate::case_status::ReceiptNumber;
use crate::country::CountryCode;
use crate::sensitive::Sensitive;

/// What a person reports, all of it read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressChange {
    pub filed_by: FiledBy,
    pub person: Person,
    pub moved_on: NaiveDate,
    /// Where the person lives now.
    pub new: Address,
    /// Where they lived before, if they say.
    pub old: Option<Address>,
    /// Where their mail goes, if not to [`Self::new`].
    pub mailing: Option<Address>,
    /// The cases to be changed, each once, with what proves that they are the person's.
    pub cases: Vec<ListedCase>,
    pub contact: Contact,
    /// "It is not safe to write to my old address": nothing is sent there and an agent sees to the rest.
    pub old_address_unsafe: bool,
    /// The full name, typed, of who files.
    pub signature: Sensitive<String>,
}

impl AddressChange {
    /// Where the mail of the cases goes from now on.
    pub fn mail_to(&self) -> &Address {
        self.mailing.as_ref().unwrap_or(&self.new)
    }
}

/// Who fills in the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiledBy {
    Themselves,
    ParentOrGuardian,
}

impl FiledBy {
    pub const ALL: [Self; 2] = [Self::Themselves, Self::ParentOrGuardian];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Themselves => "self",
            Self::ParentOrGuardian => "parent",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filer| filer.key() == key)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: Sensitive<PersonName>,
    pub birth_date: Sensitive<NaiveDate>,
    pub citizenship: Option<CountryCode>,
    pub status: Option<UsStatus>,
    pub a_number: Option<Sensitive<ANumber>>,
}

/// "I am in the United States as a ..."
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsStatus {
    Visitor,
    Student,
    PermanentResident,
    /// In the person's words, which may say more than they should.
    Other(Sensitive<String>),
}

impl UsStatus {
    /// The choices of the form.
    pub const KEYS: [&str; 4] = ["visitor", "student", "permanent_resident", "other"];

    pub const fn key(&self) -> &'static str {
        match self {
            Self::Visitor => Self::KEYS[0],
            Self::Student => Self::KEYS[1],
            Self::PermanentResident => Self::KEYS[2],
            Self::Other(_) => Self::KEYS[3],
        }
    }
}

/// A case that the person lists. It is theirs if the date of birth and the ZIP code of its mail agree with the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCase {
    pub number: ReceiptNumber,
    pub zip: Sensitive<ZipCode>,
}

/// How the person is reached from now on. Either may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    pub email: Option<Sensitive<Email>>,
    pub telephone: Option<Sensitive<Telephone>>,
}

impl Contact {
    pub const fn is_given(&self) -> bool {
        self.email.is_some() || self.telephone.is_some()
    }
}
