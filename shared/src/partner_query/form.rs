//! A request as it is typed, and everything that is wrong with it.

use std::collections::BTreeSet;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::field::Field;
use super::message::{Ask, EncounterReference, Header, Official, Reason, Request, Subject};
use super::text::{Line, PartnerReference, TextFault};
use crate::agreement::{Element, Modality, Priority, Step};
use crate::case_feed::ANumber;
use crate::country::CountryCode;
use crate::profile::{EncounterId, Fin, Gender};
use crate::sensitive::Sensitive;
use crate::typed::{NoSuchDay, TypedDay};

/// Other names that one request takes.
pub const MOST_ALIASES: usize = 20;

/// The longest that any field takes, in bytes.
const LONGEST: usize = 2000 * 4;

/// What was typed, as it came.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestForm {
    /// A key of [`Reason`].
    pub reason: String,
    /// A key of [`Priority`].
    pub priority: String,
    pub requestor_name: String,
    pub requestor_organization: String,
    pub requestor_contact: String,
    pub full_name: String,
    /// One a line.
    pub aliases: String,
    pub birth: TypedDay,
    /// The code of a country, or nothing.
    pub birth_country: String,
    /// M, F, U, or nothing.
    pub gender: String,
    pub a_number: String,
    pub fin: String,
    /// One of these two.
    pub eid: String,
    pub partner_fingerprint: String,
    pub partner_identification: String,
    /// Keys of [`Element`], documents among them.
    pub elements: Vec<String>,
    pub justification: String,
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FormProblem {
    pub field: Field,
    pub kind: FormProblemKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FormProblemKind {
    Empty,
    TooLong,
    Unreadable,
    /// None of the choices.
    NotAChoice,
    NoSuchDay,
    InTheFuture,
    Malformed,
    TooMany,
    /// The person's prints are named in two ways.
    TwoEncounters,
    /// Nothing is asked.
    NothingAsked,
    /// It is asked at a later step, if at all.
    NotAtThisStep,
    /// A social security number stands in a text. No partner is ever told one.
    SocialSecurityNumber,
    /// A later query names the first, and a first query none.
    Prior,
}

impl FormProblem {
    /// What to do about it.
    pub const fn advice(self) -> &'static str {
        match (self.kind, self.field) {
            (FormProblemKind::Empty, Field::Eid) => "Type the encounter ID, or the partner's number of the fingerprints.",
            (FormProblemKind::Empty, _) => "This is needed.",
            (FormProblemKind::TooLong, _) => "This is too long. Shorten it.",
            (FormProblemKind::Unreadable, _) => "This holds characters that cannot be read. Type it again.",
            (FormProblemKind::NotAChoice, Field::BirthCountry) => "Type the three letters of the country, as MEX.",
            (FormProblemKind::NotAChoice, _) => "Choose one of those that are there.",
            (FormProblemKind::NoSuchDay, _) => "There is no such day.",
            (FormProblemKind::InTheFuture, _) => "This day has not come yet.",
            (FormProblemKind::Malformed, Field::ANumber) => "Type A and seven to nine digits.",
            (FormProblemKind::Malformed, Field::Fin) => "Type four to ten digits.",
            (FormProblemKind::Malformed, Field::Eid) => "Type 4 to 40 letters, digits and dashes.",
            (FormProblemKind::Malformed, _) => "Type the number as the partner has it: up to 40 characters without spaces.",
            (FormProblemKind::TooMany, _) => "These are too many. Leave out those that say least.",
            (FormProblemKind::TwoEncounters, _) => "Type the encounter ID or the partner's number of the fingerprints, not both.",
            (FormProblemKind::NothingAsked, _) => "Choose what you need to know.",
            (FormProblemKind::NotAtThisStep, _) => "This is asked at a later step, if the agreement lets it. Leave it out here.",
            (FormProblemKind::SocialSecurityNumber, _) => {
                "This holds a Social Security number. Take it out: no partner may be told one."
            }
            (FormProblemKind::Prior, _) => "A later query follows a first one. Start it from there.",
        }
    }
}

/// Something could not be read, and what is wrong with it is in the list of problems.
struct Wrong;

type Read<T> = Result<T, Wrong>;

/// Reads part by part, and gathers what is wrong.
struct Reader<'a> {
    form: &'a RequestForm,
    today: NaiveDate,
    problems: Vec<FormProblem>,
}

impl RequestForm {
    /// Reads the form into a request under a header, which is not typed.
    ///
    /// # Errors
    /// All that is wrong, in the order of the fields.
    pub fn parse(&self, header: Header, today: NaiveDate) -> Result<Request, Vec<FormProblem>> {
        let mut reader = Reader { form: self, today, problems: Vec::new() };
        match reader.request(header) {
            Ok(request) if reader.problems.is_empty() => Ok(request),
            _ => {
                reader.problems.sort_by_key(|problem| problem.field);
                Err(reader.problems)
            }
        }
    }

    /// As much of it as the fields take. What comes without the page may be longer, and is kept to be mended.
    #[must_use]
    pub fn shortened(&self) -> Self {
        let short = |text: &String| text[..text.floor_char_boundary(LONGEST)].to_owned();
        Self {
            reason: short(&self.reason),
            priority: short(&self.priority),
            requestor_name: short(&self.requestor_name),
            requestor_organization: short(&self.requestor_organization),
            requestor_contact: short(&self.requestor_contact),
            full_name: short(&self.full_name),
            aliases: short(&self.aliases),
            birth: self.birth.shortened(),
            birth_country: short(&self.birth_country),
            gender: short(&self.gender),
            a_number: short(&self.a_number),
            fin: short(&self.fin),
            eid: short(&self.eid),
            partner_fingerprint: short(&self.partner_fingerprint),
            partner_identification: short(&self.partner_identification),
            elements: self.elements.iter().take(Element::ALL.len()).map(short).collect(),
            justification: short(&self.justification),
        }
    }
}

/// What was typed is a person's.
impl fmt::Debug for RequestForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestForm")
    }
}

impl Reader<'_> {
    /// Every part is read before the first is missed, so that all problems are found.
    fn request(&mut self, header: Header) -> Read<Request> {
        let form = self.form;
        // SOR/2002-227 s. 315.38: prints and a number of its own, or the number of an earlier query.
        if (header.step == Step::First) == header.prior.is_some() {
            self.problems.push(FormProblem { field: Field::Prior, kind: FormProblemKind::Prior });
        }
        let reason = self.choice(Field::Reason, &form.reason, Reason::from_key);
        let priority = self.choice(Field::Priority, &form.priority, Priority::from_key);
        let requestor = self.requestor();
        let subject = self.subject();
        let ask = self.ask(header.step);
        Ok(Request { header, reason: reason?, priority: priority?, requestor: requestor?, subject: subject?, ask: ask? })
    }

    fn wrong<T>(&mut self, field: Field, kind: FormProblemKind) -> Read<T> {
        self.problems.push(FormProblem { field, kind });
        Err(Wrong)
    }

    fn choice<T>(&mut self, field: Field, typed: &str, choose: fn(&str) -> Option<T>) -> Read<T> {
        match typed.trim() {
            "" => self.wrong(field, FormProblemKind::Empty),
            typed => choose(typed).map_or_else(|| self.wrong(field, FormProblemKind::NotAChoice), Ok),
        }
    }

    /// None if nothing was typed.
    fn optional<T>(
        &mut self,
        field: Field,
        typed: &str,
        kind: FormProblemKind,
        read: impl Fn(&str) -> Option<T>,
    ) -> Read<Option<Sensitive<T>>> {
        match typed.trim() {
            "" => Ok(None),
            typed => match read(typed) {
                Some(value) => Ok(Some(Sensitive::new(value))),
                None => self.wrong(field, kind),
            },
        }
    }

    fn needed<const MOST: usize>(&mut self, field: Field, typed: &str) -> Read<Line<MOST>> {
        Line::parse(typed).or_else(|fault| self.wrong(field, kind_of(fault)))
    }

    fn requestor(&mut self) -> Read<Official> {
        let form = self.form;
        let name = self.needed(Field::RequestorName, &form.requestor_name);
        let organization = self.needed(Field::RequestorOrganization, &form.requestor_organization);
        let contact = self.needed(Field::RequestorContact, &form.requestor_contact);
        Ok(Official { name: Sensitive::new(name?), organization: organization?, contact: Sensitive::new(contact?) })
    }

    fn subject(&mut self) -> Read<Subject> {
        let form = self.form;
        let full_name = self.needed(Field::FullName, &form.full_name);
        let aliases = self.aliases();
        let birth_date = self.birth_date();
        let birth_country =
            self.optional(Field::BirthCountry, &form.birth_country, FormProblemKind::NotAChoice, CountryCode::parse);
        let gender = self.optional(Field::Gender, &form.gender, FormProblemKind::NotAChoice, Gender::from_code);
        let a_number = self.optional(Field::ANumber, &form.a_number, FormProblemKind::Malformed, ANumber::parse);
        let fin = self.optional(Field::Fin, &form.fin, FormProblemKind::Malformed, Fin::parse);
        let encounter = self.encounter();
        let partner_identification =
            self.optional(Field::PartnerIdentification, &form.partner_identification, FormProblemKind::Malformed, partners);
        Ok(Subject {
            full_name: Some(Sensitive::new(full_name?)),
            aliases: aliases?,
            birth_date: birth_date?,
            birth_country: birth_country?,
            gender: gender?,
            a_number: a_number?,
            fin: fin?,
            encounter: Sensitive::new(encounter?),
            partner_identification: partner_identification?,
        })
    }

    fn aliases(&mut self) -> Read<Vec<Sensitive<Line<200>>>> {
        let typed: Vec<&str> = self.form.aliases.lines().map(str::trim).filter(|alias| !alias.is_empty()).collect();
        if typed.len() > MOST_ALIASES {
            return self.wrong(Field::Alias, FormProblemKind::TooMany);
        }
        typed.into_iter().map(|alias| self.needed(Field::Alias, alias).map(Sensitive::new)).collect()
    }

    fn birth_date(&mut self) -> Read<Option<Sensitive<NaiveDate>>> {
        match self.form.birth.read() {
            Ok(Some(day)) if day > self.today => self.wrong(Field::BirthDate, FormProblemKind::InTheFuture),
            Ok(day) => Ok(day.map(Sensitive::new)),
            Err(NoSuchDay) => self.wrong(Field::BirthDate, FormProblemKind::NoSuchDay),
        }
    }

    fn encounter(&mut self) -> Read<EncounterReference> {
        let form = self.form;
        match (form.eid.trim(), form.partner_fingerprint.trim()) {
            ("", "") => self.wrong(Field::Eid, FormProblemKind::Empty),
            (eid, "") => match EncounterId::parse(eid) {
                Some(eid) => Ok(EncounterReference::Eid(eid)),
                None => self.wrong(Field::Eid, FormProblemKind::Malformed),
            },
            ("", number) => match partners(number) {
                Some(number) => Ok(EncounterReference::PartnerFingerprint(number)),
                None => self.wrong(Field::PartnerFingerprint, FormProblemKind::Malformed),
            },
            _ => self.wrong(Field::PartnerFingerprint, FormProblemKind::TwoEncounters),
        }
    }

    fn ask(&mut self, step: Step) -> Read<Ask> {
        let form = self.form;
        let mut elements = BTreeSet::new();
        for key in &form.elements {
            match Element::from_key(key.trim()) {
                Some(element) if element.earliest() > step => {
                    self.problems.push(FormProblem { field: field_of(element), kind: FormProblemKind::NotAtThisStep });
                }
                Some(element) => {
                    elements.insert(element);
                }
                None => self.problems.push(FormProblem { field: Field::Information, kind: FormProblemKind::NotAChoice }),
            }
        }
        // A first query asks whether somebody is known: that needs no element.
        if form.elements.is_empty() && step != Step::First {
            self.problems.push(FormProblem { field: Field::Information, kind: FormProblemKind::NothingAsked });
        }
        let justification = self.needed(Field::Justification, &form.justification)?;
        if justification.as_str().split(|c: char| !c.is_ascii_digit() && c != '-').any(is_ssn) {
            return self.wrong(Field::Justification, FormProblemKind::SocialSecurityNumber);
        }
        Ok(Ask { elements, justification: Some(Sensitive::new(justification)) })
    }
}

const fn kind_of(fault: TextFault) -> FormProblemKind {
    match fault {
        TextFault::Empty => FormProblemKind::Empty,
        TextFault::TooLong => FormProblemKind::TooLong,
        TextFault::Unreadable => FormProblemKind::Unreadable,
    }
}

const fn field_of(element: Element) -> Field {
    if matches!(element.modality(), Modality::Document) { Field::Documents } else { Field::Information }
}

fn partners(text: &str) -> Option<PartnerReference> {
    PartnerReference::parse(text).ok()
}

/// As people write it, `987-65-4320`. Nine digits alone may be a FIN or an A-Number.
fn is_ssn(word: &str) -> bool {
    let lengths: Vec<usize> = word.split('-').map(str::len).collect();
    lengths == [3, 2, 4]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::header;
    use super::*;
    use crate::agreement::Direction;

    fn today() -> NaiveDate {
        "2026-01-15".parse().unwrap()
    }

    fn filled() -> RequestForm {
        RequestForm {
            reason: "refugee_claimant".into(),
            priority: "high".into(),
            requestor_name: "Olga Officer".into(),
            requestor_organization: "RAIO".into(),
            requestor_contact: "202-555-0123".into(),
            full_name: " Ejemplo,  Ana ".into(),
            aliases: "Ana Muster\n\n A. Ejemplo \n".into(),
            birth: TypedDay { year: "1990".into(), month: "2".into(), day: "3".into() },
            birth_country: "MEX".into(),
            gender: "F".into(),
            a_number: "A900000001".into(),
            fin: "1234567".into(),
            eid: "eid-2026-0001".into(),
            partner_identification: "UCI-1".into(),
            elements: vec!["immigration_status".into(), "passport_image".into()],
            justification: "To confirm what the claim says of an earlier stay.".into(),
            ..RequestForm::default()
        }
    }

    fn parse(form: &RequestForm) -> Result<Request, Vec<FormProblem>> {
        form.parse(header(Direction::Out, Step::Third), today())
    }

    fn problems(form: &RequestForm) -> Vec<(Field, FormProblemKind)> {
        parse(form).unwrap_err().into_iter().map(|problem| (problem.field, problem.kind)).collect()
    }

    #[test]
    fn a_form_that_is_filled_in_is_a_request() {
        let request = parse(&filled()).unwrap();
        assert_eq!((request.reason, request.priority), (Reason::RefugeeClaimant, Priority::High));
        assert_eq!(request.subject.full_name.unwrap().expose().as_str(), "Ejemplo, Ana");
        let aliases: Vec<_> = request.subject.aliases.iter().map(|alias| alias.expose().as_str()).collect();
        assert_eq!(aliases, ["Ana Muster", "A. Ejemplo"]);
        assert_eq!(request.subject.birth_date.map(|day| day.expose().to_string()).as_deref(), Some("1990-02-03"));
        assert!(matches!(request.subject.encounter.expose(), EncounterReference::Eid(eid) if eid.as_str() == "EID-2026-0001"));
        assert_eq!(request.ask.information().collect::<Vec<_>>(), [Element::ImmigrationStatus]);
        assert_eq!(request.ask.documents().collect::<Vec<_>>(), [Element::PassportImage]);
    }

    #[test]
    fn an_empty_form_says_all_that_is_needed() {
        use FormProblemKind::{Empty, NothingAsked};
        assert_eq!(
            problems(&RequestForm::default()),
            [
                (Field::Reason, Empty),
                (Field::Priority, Empty),
                (Field::RequestorName, Empty),
                (Field::RequestorOrganization, Empty),
                (Field::RequestorContact, Empty),
                (Field::FullName, Empty),
                (Field::Eid, Empty),
                (Field::Information, NothingAsked),
                (Field::Justification, Empty),
            ]
        );
    }

    #[test]
    fn each_thing_that_is_wrong_is_at_its_field() {
        use FormProblemKind::{
            InTheFuture, Malformed, NoSuchDay, NotAChoice, NothingAsked, SocialSecurityNumber, TooLong, TooMany, TwoEncounters,
            Unreadable,
        };
        type Spoil = fn(&mut RequestForm);
        let cases: [(Spoil, Field, FormProblemKind); 18] = [
            (|form| form.reason = "curiosity".into(), Field::Reason, NotAChoice),
            (|form| form.priority = "now".into(), Field::Priority, NotAChoice),
            (|form| form.requestor_name = "x".repeat(201), Field::RequestorName, TooLong),
            (|form| form.full_name = "A\u{202E}na".into(), Field::FullName, Unreadable),
            (|form| form.aliases = "Ana\n".repeat(21), Field::Alias, TooMany),
            (|form| form.birth.month = "13".into(), Field::BirthDate, NoSuchDay),
            (|form| form.birth.year = "2026".into(), Field::BirthDate, InTheFuture),
            (|form| form.birth_country = "Mexico".into(), Field::BirthCountry, NotAChoice),
            (|form| form.gender = "female".into(), Field::Gender, NotAChoice),
            (|form| form.a_number = "900000001".into(), Field::ANumber, Malformed),
            (|form| form.fin = "12".into(), Field::Fin, Malformed),
            (|form| form.eid = "EID".into(), Field::Eid, Malformed),
            (|form| form.partner_fingerprint = "FPS-1".into(), Field::PartnerFingerprint, TwoEncounters),
            (|form| form.partner_identification = "UCI 1".into(), Field::PartnerIdentification, Malformed),
            (|form| form.elements.push("ssn".into()), Field::Information, NotAChoice),
            (|form| form.elements.clear(), Field::Information, NothingAsked),
            (|form| form.justification = "Her number is 987-65-4320.".into(), Field::Justification, SocialSecurityNumber),
            (|form| form.justification = "x".repeat(2001), Field::Justification, TooLong),
        ];
        for (spoil, field, kind) in cases {
            let mut form = filled();
            spoil(&mut form);
            assert_eq!(problems(&form), [(field, kind)]);
            assert!(FormProblem { field, kind }.advice().ends_with('.'));
        }
    }

    #[test]
    fn a_step_asks_what_belongs_to_it_and_names_the_first_query() {
        let of = |step, prior: bool| {
            let mut header = header(Direction::Out, step);
            header.prior = header.prior.filter(|_| prior);
            filled()
                .parse(header, today())
                .map_err(|problems| problems.into_iter().map(|problem| (problem.field, problem.kind)).collect::<Vec<_>>())
        };
        assert!(of(Step::Third, true).is_ok());
        assert_eq!(of(Step::Third, false).unwrap_err(), [(Field::Prior, FormProblemKind::Prior)]);
        assert_eq!(of(Step::Second, true).unwrap_err(), [(Field::Documents, FormProblemKind::NotAtThisStep)]);
        assert!(of(Step::Reverse, true).is_ok());
    }

    #[test]
    fn one_of_the_two_numbers_names_the_prints() {
        let mut form = filled();
        form.eid.clear();
        form.partner_fingerprint = "FPS-1".into();
        let request = parse(&form).unwrap();
        assert!(matches!(request.subject.encounter.expose(), EncounterReference::PartnerFingerprint(_)));
        assert_eq!(format!("{form:?} {:?}", request.subject.encounter), "RequestForm [sensitive]");
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_panics(texts in prop::collection::vec(".{0,40}|[0-9-]{0,12}", 8), lengths in 0_usize..3000) {
            let mut form = filled();
            form.full_name = texts[0].clone();
            form.aliases = texts[1].repeat(lengths / 40);
            form.a_number = texts[2].clone();
            form.eid = texts[3].clone();
            form.partner_fingerprint = texts[4].clone();
            form.elements = vec![texts[5].clone()];
            form.justification = texts[6].repeat(lengths);
            form.birth.day = texts[7].clone();
            let _ = parse(&form);
            prop_assert!(form.shortened().justification.len() <= LONGEST);
        }
    }
}
