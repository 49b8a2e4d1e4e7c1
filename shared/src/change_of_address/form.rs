//! The form as it is typed, and everything that is wrong with it.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::change::{AddressChange, Contact, FiledBy, ListedCase, Person, UsStatus};
use super::duty::is_child;
use super::step::{Field, Step};
use crate::accents::plain_capitals;
use crate::address::{Address, AddressField, AddressForm, AddressKind, AddressProblem, ZipCode, same_place};
use crate::case_feed::{ANumber, Email, PersonName, Telephone};
use crate::case_status::{ReceiptNumber, ReceiptNumberError};
use crate::country::CountryCode;
use crate::sensitive::Sensitive;
use crate::typed::{self, LineError, NoSuchDay, TypedDay};

/// Cases that one form takes. A family with more files twice.
pub const MOST_CASES: usize = 20;

/// Characters of a name, as the case feed has them.
const LONGEST_NAME: usize = 200;
/// The longest that any field takes, in bytes.
const LONGEST: usize = LONGEST_NAME * 4;

/// What was typed, as it came. Boxes that are ticked say `yes`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeForm {
    /// A key of [`FiledBy`].
    pub filer: String,
    pub family_name: String,
    pub given_name: String,
    pub middle_name: String,
    /// A box: the person has one name only, which stands as the family name.
    pub only_one_name: String,
    pub birth: TypedDay,
    /// The code of a country, or nothing.
    pub citizenship: String,
    /// One of [`UsStatus::KEYS`], or nothing.
    pub status: String,
    pub status_other: String,
    pub a_number: String,
    pub moved: TypedDay,
    pub new: AddressForm,
    /// May stay empty.
    pub old: AddressForm,
    /// A box: mail goes to another address than the new one.
    pub mail_elsewhere: String,
    pub mailing: AddressForm,
    /// Rows that are empty are passed over.
    pub cases: Vec<CaseForm>,
    pub email: String,
    pub telephone: String,
    /// A box: it is not safe to write to the old address.
    pub old_address_unsafe: String,
    pub signature: String,
    /// A box: all of this is true.
    pub certified: String,
}

/// A row of the list of cases.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaseForm {
    pub receipt_number: String,
    /// The ZIP code to which the agency sends the mail of the case. Empty, it is that of the old address: asked once only.
    pub zip: String,
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Problem {
    pub field: Field,
    pub kind: ProblemKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    Empty,
    TooLong,
    Unreadable,
    /// None of the choices.
    NotAChoice,
    /// No day of the calendar.
    NoSuchDay,
    InTheFuture,
    /// Moved before being born.
    BeforeBirth,
    Malformed,
    /// A child under fourteen does not file: a parent or guardian does.
    TooYoung,
    /// The old address is the new one.
    SameAddress,
    /// The number stands in a row above.
    NumberTwice,
    TooMany,
    /// The signature is another name than that of the person.
    NotTheName,
    /// The box is not ticked.
    NotCertified,
    Address(AddressProblem),
}

/// Something could not be read, and what is wrong with it is in the list of problems.
struct Wrong;

type Read<T> = Result<T, Wrong>;

/// Reads part by part, and gathers what is wrong.
struct Reader<'a> {
    form: &'a ChangeForm,
    today: NaiveDate,
    problems: Vec<Problem>,
}

impl ChangeForm {
    /// Reads the form.
    ///
    /// # Errors
    /// All that is wrong, in the form's order.
    pub fn parse(&self, today: NaiveDate) -> Result<AddressChange, Vec<Problem>> {
        let mut reader = Reader { form: self, today, problems: Vec::new() };
        let change = reader.read();
        match change {
            Ok(change) if reader.problems.is_empty() => Ok(change),
            _ => {
                reader.problems.sort_by_key(|problem| (problem.field.step(), problem.field));
                Err(reader.problems)
            }
        }
    }

    /// What is wrong on one page. What comes on later pages does not matter to it.
    pub fn problems_of(&self, step: Step, today: NaiveDate) -> Vec<Problem> {
        let problems = self.parse(today).err().unwrap_or_default();
        problems.into_iter().filter(|problem| problem.field.step() == step).collect()
    }

    /// What is wrong on one page as far as the page alone knows. It compares no address with another, which would bring the
    /// carrier's abbreviations into the browser.
    pub(super) fn problems_within(&self, step: Step, today: NaiveDate) -> Vec<Problem> {
        let mut reader = Reader { form: self, today, problems: Vec::new() };
        match step {
            Step::Person => {
                let person = reader.person().ok();
                reader.filed_by(person.as_ref()).ok();
            }
            Step::Move => drop(reader.moved_on(None)),
            Step::NewAddress => drop(reader.address(&self.new, AddressKind::Home, Field::New)),
            Step::OldAddress => drop(reader.address_if(!self.old.is_empty(), &self.old, Field::Old)),
            Step::MailingAddress => drop(reader.address_if(is_ticked(&self.mail_elsewhere), &self.mailing, Field::Mailing)),
            Step::Cases => drop(reader.cases(None)),
            Step::Contact => drop(reader.contact()),
            Step::Check | Step::Signature => {}
        }
        reader.problems
    }

    /// The first page that is not done; none if the form can be sent. Nobody comes past it.
    pub fn first_open_step(&self, today: NaiveDate) -> Option<Step> {
        self.parse(today).err()?.first().map(|problem| problem.field.step())
    }

    /// Takes what was typed on a page, by the names of its fields, and leaves the other pages as they are.
    pub fn take(&mut self, step: Step, typed: &BTreeMap<String, String>) {
        let text = |name: &str| typed.get(name).map_or_else(String::new, |typed| typed.trim().to_owned());
        let day = |name: &str| TypedDay {
            month: text(&format!("{name}_month")),
            day: text(&format!("{name}_day")),
            year: text(&format!("{name}_year")),
        };
        let address = |name: &str| {
            let part = |part: &str| text(&format!("{name}_{part}"));
            AddressForm {
                country: part("country"),
                street: part("street"),
                unit: part("unit"),
                urbanization: part("urbanization"),
                city: part("city"),
                state: part("state"),
                zip: part("zip"),
                zip_is_right: part("zip_is_right"),
            }
        };
        match step {
            Step::Person => {
                self.filer = text("filer");
                self.family_name = text("family_name");
                self.given_name = text("given_name");
                self.middle_name = text("middle_name");
                self.only_one_name = text("only_one_name");
                self.birth = day("birth");
                self.citizenship = text("citizenship");
                self.status = text("status");
                self.status_other = text("status_other");
                self.a_number = text("a_number");
            }
            Step::Move => self.moved = day("moved"),
            Step::NewAddress => self.new = address("new"),
            Step::OldAddress => self.old = address("old"),
            Step::MailingAddress => {
                self.mail_elsewhere = text("mail_elsewhere");
                self.mailing = address("mailing");
            }
            Step::Cases => {
                let row = |at: usize| CaseForm { receipt_number: text(&format!("number_{at}")), zip: text(&format!("zip_{at}")) };
                let mut cases: Vec<CaseForm> = (0..MOST_CASES).map(row).collect();
                let is_empty = |case: &CaseForm| case.receipt_number.is_empty() && case.zip.is_empty();
                while cases.last().is_some_and(is_empty) {
                    cases.pop();
                }
                self.cases = cases;
            }
            Step::Contact => {
                self.email = text("email");
                self.telephone = text("telephone");
                self.old_address_unsafe = text("old_address_unsafe");
            }
            Step::Check | Step::Signature => {
                self.signature = text("signature");
                self.certified = text("certified");
            }
        }
        *self = self.shortened();
    }

    /// As much of it as the fields take. What comes without the page may be longer, and is kept to be mended.
    #[must_use]
    pub fn shortened(&self) -> Self {
        let short = |text: &String| text[..text.floor_char_boundary(LONGEST)].to_owned();
        let case = |case: &CaseForm| CaseForm { receipt_number: short(&case.receipt_number), zip: short(&case.zip) };
        Self {
            filer: short(&self.filer),
            family_name: short(&self.family_name),
            given_name: short(&self.given_name),
            middle_name: short(&self.middle_name),
            only_one_name: short(&self.only_one_name),
            birth: self.birth.shortened(),
            citizenship: short(&self.citizenship),
            status: short(&self.status),
            status_other: short(&self.status_other),
            a_number: short(&self.a_number),
            moved: self.moved.shortened(),
            new: self.new.shortened(),
            old: self.old.shortened(),
            mail_elsewhere: short(&self.mail_elsewhere),
            mailing: self.mailing.shortened(),
            cases: self.cases.iter().take(MOST_CASES + 1).map(case).collect(),
            email: short(&self.email),
            telephone: short(&self.telephone),
            old_address_unsafe: short(&self.old_address_unsafe),
            signature: short(&self.signature),
            certified: short(&self.certified),
        }
    }
}

impl Reader<'_> {
    /// Every part is read before the first is missed, so that all problems are found.
    fn read(&mut self) -> Read<AddressChange> {
        let form = self.form;
        let person = self.person();
        let known = person.as_ref().ok();
        let filed_by = self.filed_by(known);
        let moved_on = self.moved_on(known);
        let new = self.address(&form.new, AddressKind::Home, Field::New);
        let old = self.address_if(!form.old.is_empty(), &form.old, Field::Old);
        let mailing = self.address_if(is_ticked(&form.mail_elsewhere), &form.mailing, Field::Mailing);
        let known_old = old.as_ref().ok().and_then(Option::as_ref);
        self.tell_apart(new.as_ref().ok(), known_old);
        let cases = self.cases(known_old);
        let contact = self.contact();
        let signature = self.signature(filed_by.as_ref().ok(), known);
        Ok(AddressChange {
            filed_by: filed_by?,
            person: person?,
            moved_on: moved_on?,
            new: new?,
            old: old?,
            mailing: mailing?,
            cases: cases?,
            contact: contact?,
            old_address_unsafe: is_ticked(&form.old_address_unsafe),
            signature: Sensitive::new(signature?),
        })
    }

    fn wrong<T>(&mut self, field: Field, kind: ProblemKind) -> Read<T> {
        self.problems.push(Problem { field, kind });
        Err(Wrong)
    }

    fn person(&mut self) -> Read<Person> {
        let form = self.form;
        let name = self.name();
        let birth_date = self.past_day(Field::BirthDate, &form.birth);
        let citizenship = self.optional(Field::Citizenship, &form.citizenship, ProblemKind::NotAChoice, CountryCode::parse_listed);
        let status = self.status();
        let a_number = self.optional(Field::ANumber, &form.a_number, ProblemKind::Malformed, read_a_number);
        Ok(Person {
            name: Sensitive::new(name?),
            birth_date: Sensitive::new(birth_date?),
            citizenship: citizenship?,
            status: status?,
            a_number: a_number?.map(Sensitive::new),
        })
    }

    fn name(&mut self) -> Read<PersonName> {
        let form = self.form;
        let family = self.needed(Field::FamilyName, &form.family_name);
        let given = if is_ticked(&form.only_one_name) {
            self.line(Field::GivenName, &form.given_name)
        } else {
            self.needed(Field::GivenName, &form.given_name).map(Some)
        };
        let middle = self.line(Field::MiddleName, &form.middle_name);
        Ok(PersonName { family: family?, given: given?, middle: middle? })
    }

    fn status(&mut self) -> Read<Option<UsStatus>> {
        let form = self.form;
        let status = match form.status.trim() {
            "" => return Ok(None),
            "visitor" => UsStatus::Visitor,
            "student" => UsStatus::Student,
            "permanent_resident" => UsStatus::PermanentResident,
            "other" => UsStatus::Other(Sensitive::new(self.needed(Field::StatusOther, &form.status_other)?)),
            _ => return self.wrong(Field::Status, ProblemKind::NotAChoice),
        };
        Ok(Some(status))
    }

    fn filed_by(&mut self, person: Option<&Person>) -> Read<FiledBy> {
        let is_child = person.is_some_and(|person| is_child(*person.birth_date.expose(), self.today));
        match FiledBy::from_key(self.form.filer.trim()) {
            Some(FiledBy::Themselves) if is_child => self.wrong(Field::Filer, ProblemKind::TooYoung),
            Some(filer) => Ok(filer),
            None if self.form.filer.trim().is_empty() => self.wrong(Field::Filer, ProblemKind::Empty),
            None => self.wrong(Field::Filer, ProblemKind::NotAChoice),
        }
    }

    fn moved_on(&mut self, person: Option<&Person>) -> Read<NaiveDate> {
        let day = self.past_day(Field::MovedOn, &self.form.moved)?;
        if person.is_some_and(|person| day < *person.birth_date.expose()) {
            return self.wrong(Field::MovedOn, ProblemKind::BeforeBirth);
        }
        Ok(day)
    }

    fn past_day(&mut self, field: Field, typed: &TypedDay) -> Read<NaiveDate> {
        match typed.read() {
            Ok(Some(day)) if day <= self.today => Ok(day),
            Ok(Some(_)) => self.wrong(field, ProblemKind::InTheFuture),
            Ok(None) => self.wrong(field, ProblemKind::Empty),
            Err(NoSuchDay) => self.wrong(field, ProblemKind::NoSuchDay),
        }
    }

    fn address(&mut self, form: &AddressForm, kind: AddressKind, field: fn(AddressField) -> Field) -> Read<Address> {
        let problem = |problem: AddressProblem| Problem { field: field(problem.field()), kind: ProblemKind::Address(problem) };
        form.parse(kind).map_err(|problems| {
            self.problems.extend(problems.into_iter().map(problem));
            Wrong
        })
    }

    fn address_if(&mut self, is_given: bool, form: &AddressForm, field: fn(AddressField) -> Field) -> Read<Option<Address>> {
        if is_given { self.address(form, AddressKind::Mailing, field).map(Some) } else { Ok(None) }
    }

    /// Who gives the same address twice has made a slip somewhere.
    fn tell_apart(&mut self, new: Option<&Address>, old: Option<&Address>) {
        if let (Some(new), Some(old)) = (new, old)
            && same_place(new, old)
        {
            self.problems.push(Problem { field: Field::Old(AddressField::Street), kind: ProblemKind::SameAddress });
        }
    }

    fn cases(&mut self, old: Option<&Address>) -> Read<Vec<ListedCase>> {
        let mut cases: Vec<ListedCase> = Vec::new();
        for (at, row) in self.form.cases.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            let at = u8::try_from(at).unwrap_or(u8::MAX);
            if usize::from(at) >= MOST_CASES {
                return self.wrong(Field::ReceiptNumber(at), ProblemKind::TooMany);
            }
            let Ok(case) = self.case(at, row, old) else { continue };
            if cases.iter().any(|listed| listed.number == case.number) {
                self.problems.push(Problem { field: Field::ReceiptNumber(at), kind: ProblemKind::NumberTwice });
            }
            cases.push(case);
        }
        Ok(cases)
    }

    fn case(&mut self, at: u8, row: &CaseForm, old: Option<&Address>) -> Read<ListedCase> {
        let number = match ReceiptNumber::parse(&row.receipt_number) {
            Ok(number) => Ok(number),
            Err(ReceiptNumberError::Empty) => self.wrong(Field::ReceiptNumber(at), ProblemKind::Empty),
            Err(ReceiptNumberError::Malformed) => self.wrong(Field::ReceiptNumber(at), ProblemKind::Malformed),
        };
        let zip = match (row.zip.trim(), old.and_then(Address::zip)) {
            ("", Some(zip)) => Ok(zip.clone()),
            ("", None) => self.wrong(Field::CaseZip(at), ProblemKind::Empty),
            (text, _) => ZipCode::parse(text).map_or_else(|| self.wrong(Field::CaseZip(at), ProblemKind::Malformed), Ok),
        };
        Ok(ListedCase { number: number?, zip: Sensitive::new(zip?) })
    }

    fn contact(&mut self) -> Read<Contact> {
        let form = self.form;
        let plain = |text: &str| Email::parse(text).filter(Email::is_plain);
        let email = self.optional(Field::Email, &form.email, ProblemKind::Malformed, plain);
        let telephone = self.optional(Field::Telephone, &form.telephone, ProblemKind::Malformed, Telephone::parse);
        Ok(Contact { email: email?.map(Sensitive::new), telephone: telephone?.map(Sensitive::new) })
    }

    /// A person signs with their name, a parent with their own, which is not on the form.
    fn signature(&mut self, filed_by: Option<&FiledBy>, person: Option<&Person>) -> Read<String> {
        if !is_ticked(&self.form.certified) {
            self.problems.push(Problem { field: Field::Certified, kind: ProblemKind::NotCertified });
        }
        let signature = self.needed(Field::Signature, &self.form.signature)?;
        let is_name = |person: &Person| signs(&signature, person.name.expose());
        if filed_by == Some(&FiledBy::Themselves) && !person.is_none_or(is_name) {
            return self.wrong(Field::Signature, ProblemKind::NotTheName);
        }
        Ok(signature)
    }

    fn line(&mut self, field: Field, text: &str) -> Read<Option<String>> {
        typed::line(text, LONGEST_NAME).or_else(|error| match error {
            LineError::TooLong => self.wrong(field, ProblemKind::TooLong),
            LineError::Unreadable => self.wrong(field, ProblemKind::Unreadable),
        })
    }

    fn needed(&mut self, field: Field, text: &str) -> Read<String> {
        self.line(field, text)?.map_or_else(|| self.wrong(field, ProblemKind::Empty), Ok)
    }

    fn optional<T>(&mut self, field: Field, text: &str, kind: ProblemKind, read: impl Fn(&str) -> Option<T>) -> Read<Option<T>> {
        match (text.trim(), read(text.trim())) {
            ("", _) => Ok(None),
            (_, None) => self.wrong(field, kind),
            (_, read) => Ok(read),
        }
    }
}

impl CaseForm {
    fn is_empty(&self) -> bool {
        self.receipt_number.trim().is_empty() && self.zip.trim().is_empty()
    }
}

fn is_ticked(text: &str) -> bool {
    text == "yes"
}

/// An A-Number with or without its `A`, which stands before the field on paper.
fn read_a_number(text: &str) -> Option<ANumber> {
    ANumber::parse(text).or_else(|| ANumber::parse(&format!("A{text}")))
}

/// Whether a signature has every word of the family and the given name, in any order, with or without accents.
fn signs(signature: &str, name: &PersonName) -> bool {
    let words = |text: &str| {
        plain_capitals(text)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let signed = words(signature);
    [Some(&name.family), name.given.as_ref()].into_iter().flatten().flat_map(|part| words(part)).all(|word| signed.contains(&word))
}

impl fmt::Debug for ChangeForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangeForm")
    }
}

impl fmt::Debug for CaseForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CaseForm")
    }
}
