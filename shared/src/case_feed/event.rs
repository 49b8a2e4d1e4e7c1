//! A line of the feed, parsed: every rule of `docs/case-feed.md` that can be checked without a database.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use thiserror::Error;

use super::line::{
    ActionLine, AddressLine, AppointmentLine, EventLine, MarkerLine, NameLine, ParametersLine, PartyLine, RepresentativeLine,
};
use super::party::{
    ANumber, Appointment, AppointmentKind, Document, Email, EventParameters, MailingAddress, Notice, Party, PartyRole, PersonName,
    Telephone,
};
use crate::case_status::{FormNumber, ReceiptNumber};
use crate::country::CountryCode;
use crate::identity::SignInName;
use crate::locale::Locale;
use crate::office::OfficeCode;
use crate::protection::{Evidence, Marker};
use crate::sensitive::Sensitive;

/// One event of a case, with the case as it stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEvent {
    pub event_id: EventId,
    pub receipt_number: ReceiptNumber,
    pub form: FormNumber,
    pub category: Option<Category>,
    pub filed_on: Option<NaiveDate>,
    pub received_on: Option<NaiveDate>,
    pub office: Option<OfficeCode>,
    pub parties: Vec<Party>,
    pub mailing_address: Option<Sensitive<MailingAddress>>,
    pub persecution_countries: Sensitive<Vec<CountryCode>>,
    /// As the source has it: see [`CaseEvent::assigned_account`].
    pub assigned_officer: Option<String>,
    /// As the line states them; the marker of the case's own form is not among them.
    pub markers: Vec<Marker>,
    pub action_code: ActionCode,
    /// Cut to microseconds, the finest both databases keep.
    pub occurred_at: DateTime<Utc>,
    pub parameters: EventParameters,
}

/// The source's own name of an event, which is the event's identity: 1 to 100 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(String);

impl EventId {
    pub fn parse(text: &str) -> Option<Self> {
        ((1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A USCIS action code: one to five capital letters and digits. Live codes outside the published list exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionCode(String);

impl ActionCode {
    pub fn parse(text: &str) -> Option<Self> {
        let legal = (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        legal.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The category of a form (`C09`, `136A-NIW`, `VAWA`): up to 20 capital letters, digits, dashes and underscores.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Category(String);

impl Category {
    pub fn parse(text: &str) -> Option<Self> {
        let legal = (1..=20).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        legal.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a line was refused. It names the field, never its value: the value may be a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{field}: {problem}")]
pub struct LineError {
    pub field: &'static str,
    pub problem: FieldProblem,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FieldProblem {
    #[error("is not in the documented form")]
    Malformed,
    #[error("is not a day written as 2026-01-31")]
    NotADay,
    #[error("is not a time written as 2026-01-31T14:05:00Z")]
    NotAnInstant,
    #[error("is not a local time written as 2026-01-31T09:05")]
    NotALocalTime,
    #[error("is longer than allowed or holds control characters")]
    BadText,
    #[error("is not one of the documented words")]
    UnknownWord,
    #[error("needs exactly one of class_of_admission, pending_form (with its category, if any) or sealed")]
    OneEvidence,
    #[error("ends before it begins")]
    EndsBeforeItBegins,
    #[error("states the same marker twice")]
    StatedTwice,
}

type Parsed<T> = Result<T, LineError>;

fn refuse<T>(field: &'static str, problem: FieldProblem) -> Parsed<T> {
    Err(LineError { field, problem })
}

impl CaseEvent {
    /// Checks a line against every rule of the feed.
    ///
    /// # Errors
    /// The first field that breaks a rule, without its value.
    pub fn parse(line: &EventLine) -> Parsed<Self> {
        let parties = [
            line.applicant.as_ref().map(|party| parse_party(PartyRole::Applicant, party)),
            line.petitioner.as_ref().map(|party| parse_party(PartyRole::Petitioner, party)),
            line.beneficiary.as_ref().map(|party| parse_party(PartyRole::Beneficiary, party)),
            line.representative.as_ref().map(parse_representative),
        ];
        Ok(Self {
            event_id: need("event_id", EventId::parse(&line.event_id))?,
            receipt_number: need("receipt_number", ReceiptNumber::parse(&line.receipt_number).ok())?,
            form: need("form", FormNumber::parse(&line.form).ok())?,
            category: optional("category", line.category.as_deref(), Category::parse)?,
            filed_on: parse_day("filed_on", line.filed_on.as_deref())?,
            received_on: parse_day("received_on", line.received_on.as_deref())?,
            office: optional("office", line.office.as_deref(), |text| OfficeCode::parse(text).ok())?,
            parties: parties.into_iter().flatten().collect::<Parsed<_>>()?,
            mailing_address: line.mailing_address.as_ref().map(parse_address).transpose()?.map(Sensitive::new),
            persecution_countries: Sensitive::new(parse_countries(&line.persecution_countries)?),
            assigned_officer: parse_text("assigned_officer", line.assigned_officer.as_deref())?,
            markers: parse_markers(&line.protection_markers)?,
            action_code: need("action.code", ActionCode::parse(&line.action.code))?,
            occurred_at: parse_instant(&line.action)?,
            parameters: line.action.parameters.as_ref().map(parse_parameters).transpose()?.unwrap_or_default(),
        })
    }

    /// Every marker of the case after this event: those of the line, and the case's own form.
    pub fn all_markers(&self) -> Vec<Marker> {
        let category = self.category.as_ref().map(|category| category.as_str().to_owned());
        let own_form =
            Marker { evidence: Evidence::Form { form: self.form.clone(), category }, effective_from: None, effective_to: None };
        let mut markers = self.markers.clone();
        markers.push(own_form);
        markers
    }

    /// The account that can be the assigned officer's; none if the text cannot be a sign-in name. Sources have names of their own for
    /// officers, and such a text is legal: it lets nobody do anything.
    pub fn assigned_account(&self) -> Option<SignInName> {
        self.assigned_officer.as_deref().and_then(|officer| SignInName::parse(officer).ok())
    }
}

fn need<T>(field: &'static str, value: Option<T>) -> Parsed<T> {
    value.ok_or(LineError { field, problem: FieldProblem::Malformed })
}

fn optional<T>(field: &'static str, text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Parsed<Option<T>> {
    text.map(|text| need(field, parse(text))).transpose()
}

fn word<T>(field: &'static str, text: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Parsed<Option<T>> {
    text.map(|text| parse(text).ok_or(LineError { field, problem: FieldProblem::UnknownWord })).transpose()
}

/// Free text: not empty, at most 200 characters, none of them a control character.
fn parse_text(field: &'static str, text: Option<&str>) -> Parsed<Option<String>> {
    let Some(text) = text.map(str::trim) else { return Ok(None) };
    let legal = !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control);
    if legal { Ok(Some(text.to_owned())) } else { refuse(field, FieldProblem::BadText) }
}

fn need_text(field: &'static str, text: &str) -> Parsed<String> {
    parse_text(field, Some(text))?.ok_or(LineError { field, problem: FieldProblem::BadText })
}

fn parse_day(field: &'static str, text: Option<&str>) -> Parsed<Option<NaiveDate>> {
    let Some(text) = text else { return Ok(None) };
    let day = has_shape(text, "0000-00-00").then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten();
    match day {
        Some(day) => Ok(Some(day)),
        None => refuse(field, FieldProblem::NotADay),
    }
}

/// Whether a text has digits where the shape has zeros and the shape's own characters elsewhere. The parsers of dates would
/// also read `2026-1-5` and `+12026-01-05`, and years that neither database takes.
fn has_shape(text: &str, shape: &str) -> bool {
    let fits = |(c, wanted): (u8, u8)| if wanted == b'0' { c.is_ascii_digit() } else { c == wanted };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits) && ("1800".."2201").contains(&&text[..4])
}

fn parse_instant(action: &ActionLine) -> Parsed<DateTime<Utc>> {
    let field = "action.at";
    let at = DateTime::parse_from_rfc3339(&action.at).map_err(|_| LineError { field, problem: FieldProblem::NotAnInstant })?;
    let at = at.with_timezone(&Utc);
    // Before 1900 or after 2200 is a source's mistake, and 5-digit years do not sort as text.
    if !(1900..=2200).contains(&at.year()) {
        return refuse(field, FieldProblem::NotAnInstant);
    }
    Ok(at.trunc_subsecs(6))
}

fn parse_name(name: &NameLine) -> Parsed<Sensitive<PersonName>> {
    Ok(Sensitive::new(PersonName {
        family: need_text("name.family", &name.family)?,
        given: parse_text("name.given", name.given.as_deref())?,
        middle: parse_text("name.middle", name.middle.as_deref())?,
    }))
}

fn parse_language(text: Option<&str>) -> Parsed<Option<Locale>> {
    word("language", text, |text| match text {
        "en" => Some(Locale::En),
        "es" => Some(Locale::Es),
        _ => None,
    })
}

fn parse_party(role: PartyRole, line: &PartyLine) -> Parsed<Party> {
    Ok(Party {
        role,
        name: parse_name(&line.name)?,
        organization: None,
        birth_date: parse_day("birth_date", line.birth_date.as_deref())?.map(Sensitive::new),
        birth_country: optional("birth_country", line.birth_country.as_deref(), CountryCode::parse)?,
        citizenship: optional("citizenship", line.citizenship.as_deref(), CountryCode::parse)?,
        a_number: optional("a_number", line.a_number.as_deref(), ANumber::parse)?.map(Sensitive::new),
        email: optional("email", line.email.as_deref(), Email::parse)?.map(Sensitive::new),
        telephone: optional("telephone", line.telephone.as_deref(), Telephone::parse)?.map(Sensitive::new),
        language: parse_language(line.language.as_deref())?,
    })
}

fn parse_representative(line: &RepresentativeLine) -> Parsed<Party> {
    Ok(Party {
        role: PartyRole::Representative,
        name: parse_name(&line.name)?,
        organization: parse_text("representative.organization", line.organization.as_deref())?,
        birth_date: None,
        birth_country: None,
        citizenship: None,
        a_number: None,
        email: optional("email", line.email.as_deref(), Email::parse)?.map(Sensitive::new),
        telephone: optional("telephone", line.telephone.as_deref(), Telephone::parse)?.map(Sensitive::new),
        language: parse_language(line.language.as_deref())?,
    })
}

fn parse_address(line: &AddressLine) -> Parsed<MailingAddress> {
    Ok(MailingAddress {
        street: need_text("mailing_address.street", &line.street)?,
        unit: parse_text("mailing_address.unit", line.unit.as_deref())?,
        city: need_text("mailing_address.city", &line.city)?,
        state: parse_text("mailing_address.state", line.state.as_deref())?,
        postal_code: parse_text("mailing_address.postal_code", line.postal_code.as_deref())?,
        country: need("mailing_address.country", CountryCode::parse(&line.country))?,
    })
}

fn parse_countries(texts: &[String]) -> Parsed<Vec<CountryCode>> {
    texts.iter().map(|text| need("persecution_countries", CountryCode::parse(text))).collect()
}

fn parse_markers(lines: &[MarkerLine]) -> Parsed<Vec<Marker>> {
    let mut markers: Vec<Marker> = Vec::new();
    for line in lines {
        let marker = parse_marker(line)?;
        // Open and ended in one line: nobody can tell which was meant.
        if markers.iter().any(|known| known.evidence == marker.evidence && known.effective_from == marker.effective_from) {
            return refuse("protection_markers", FieldProblem::StatedTwice);
        }
        markers.push(marker);
    }
    Ok(markers)
}

fn parse_marker(line: &MarkerLine) -> Parsed<Marker> {
    let field = "protection_markers";
    // A category says something about a form only: beside anything else it would be lost.
    if line.category.is_some() && line.pending_form.is_none() {
        return refuse(field, FieldProblem::OneEvidence);
    }
    let evidence = match (&line.class_of_admission, &line.pending_form, line.sealed) {
        (Some(code), None, false) => {
            let code = parse_text("protection_markers.class_of_admission", Some(code))?;
            Evidence::ClassOfAdmission(code.unwrap_or_default())
        }
        (None, Some(form), false) => Evidence::Form {
            form: need("protection_markers.pending_form", FormNumber::parse(form).ok())?,
            category: optional("protection_markers.category", line.category.as_deref(), Category::parse)?
                .map(|category| category.0),
        },
        (None, None, true) => Evidence::Sealed,
        _ => return refuse(field, FieldProblem::OneEvidence),
    };
    let effective_from = parse_day("protection_markers.effective_from", line.effective_from.as_deref())?;
    let effective_to = parse_day("protection_markers.effective_to", line.effective_to.as_deref())?;
    if matches!((effective_from, effective_to), (Some(from), Some(to)) if to < from) {
        return refuse(field, FieldProblem::EndsBeforeItBegins);
    }
    Ok(Marker { evidence, effective_from, effective_to })
}

fn parse_parameters(line: &ParametersLine) -> Parsed<EventParameters> {
    Ok(EventParameters {
        document: word("action.parameters.document", line.document.as_deref(), Document::from_key)?,
        tracking_number: optional("action.parameters.tracking_number", line.tracking_number.as_deref(), parse_tracking_number)?,
        notice: word("action.parameters.notice", line.notice.as_deref(), Notice::from_key)?,
        receiving_office: optional("action.parameters.receiving_office", line.receiving_office.as_deref(), |text| {
            OfficeCode::parse(text).ok()
        })?,
        appointment: line.appointment.as_ref().map(parse_appointment).transpose()?,
    })
}

fn parse_tracking_number(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| *c != ' ').collect();
    let legal = (10..=34).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    legal.then_some(number)
}

fn parse_appointment(line: &AppointmentLine) -> Parsed<Appointment> {
    let field = "action.parameters.appointment.at";
    let at = has_shape(&line.at, "0000-00-00T00:00").then(|| NaiveDateTime::parse_from_str(&line.at, "%Y-%m-%dT%H:%M").ok());
    let at = at.flatten().ok_or(LineError { field, problem: FieldProblem::NotALocalTime })?;
    let kind = AppointmentKind::from_key(&line.kind)
        .ok_or(LineError { field: "action.parameters.appointment.kind", problem: FieldProblem::UnknownWord })?;
    let office = optional("action.parameters.appointment.office", line.office.as_deref(), |text| OfficeCode::parse(text).ok())?;
    Ok(Appointment { kind, at, office })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = r#"{"event_id":"src-1","receipt_number":"EAC9999103403","form":"I-765","category":"C09",
        "filed_on":"2026-01-05","received_on":"2026-01-07","office":"NBC",
        "applicant":{"name":{"family":"Ejemplo","given":"Ana"},"birth_date":"1990-02-03","birth_country":"MEX",
            "a_number":"A200000001","email":"ana@example.org","telephone":"+1 202 555 0123","language":"es"},
        "representative":{"name":{"family":"Muster"},"organization":"Muster Law"},
        "mailing_address":{"street":"1 Main St","city":"Springfield","state":"VA","postal_code":"22150","country":"USA"},
        "persecution_countries":["XXA"],"assigned_officer":"ISO-17",
        "protection_markers":[{"class_of_admission":"AS1","effective_from":"2020-01-01"},{"sealed":true}],
        "action":{"code":"IM","at":"2026-02-01T14:00:00.1234567-05:00","parameters":{
            "appointment":{"kind":"interview","at":"2026-03-01T09:30","office":"WAS"},"tracking_number":"9205 5000 0000 0000 0000 00"}}}"#;

    fn line() -> EventLine {
        serde_json::from_str(LINE).unwrap()
    }

    fn appointment(line: &mut EventLine) -> &mut AppointmentLine {
        line.action.parameters.as_mut().unwrap().appointment.as_mut().unwrap()
    }

    fn problem_of(change: impl Fn(&mut EventLine)) -> LineError {
        let mut line = line();
        change(&mut line);
        CaseEvent::parse(&line).unwrap_err()
    }

    #[test]
    fn the_documented_line_parses_whole() {
        let event = CaseEvent::parse(&line()).unwrap();
        assert_eq!(event.occurred_at.to_rfc3339(), "2026-02-01T19:00:00.123456+00:00");
        assert_eq!(event.parties.len(), 2);
        assert_eq!(event.parties[0].a_number.as_ref().unwrap().expose().digits(), "200000001");
        assert_eq!(event.parameters.tracking_number.as_deref(), Some("9205500000000000000000"));
        assert_eq!(event.all_markers().len(), 3);
    }

    #[test]
    fn the_assigned_officer_may_be_an_account() {
        for (officer, account) in [
            (Some("ISO-17"), Some("iso-17")),
            (Some(" Olga.Officer@NBC "), Some("olga.officer@nbc")),
            (Some("Olga Officer"), None),
            (Some("Peñuela"), None),
            (None, None),
        ] {
            let mut line = line();
            line.assigned_officer = officer.map(Into::into);
            let event = CaseEvent::parse(&line).unwrap();
            assert_eq!(event.assigned_account().as_ref().map(SignInName::as_str), account, "{officer:?}");
            assert_eq!(event.assigned_officer.as_deref(), officer.map(str::trim), "the text stays what it is");
        }
    }

    #[test]
    fn unknown_fields_are_refused_at_every_depth() {
        for (from, to) in [
            (r#""category""#, r#""categorie""#),
            (r#""given""#, r#""givn""#),
            (r#""sealed""#, r#""seal""#),
            (r#""appointment":{"kind""#, r#""appointment":{"sort":"","kind""#),
        ] {
            assert!(serde_json::from_str::<EventLine>(&LINE.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn each_broken_field_is_named() {
        let cases: [(LineError, &str); 18] = [
            (problem_of(|l| l.protection_markers.push(l.protection_markers[0].clone())), "protection_markers"),
            (problem_of(|l| l.protection_markers[0].category = Some("VAWA".into())), "protection_markers"),
            (problem_of(|l| l.filed_on = Some("+2026-1-05".into())), "filed_on"),
            (problem_of(|l| l.filed_on = Some("0000-01-05".into())), "filed_on"),
            (problem_of(|l| appointment(l).at = "2026-3-1T9:5".into()), "action.parameters.appointment.at"),
            (problem_of(|l| appointment(l).at = "+12026-03-01T09:30".into()), "action.parameters.appointment.at"),
            (problem_of(|l| l.event_id = String::new()), "event_id"),
            (problem_of(|l| l.receipt_number = "123".into()), "receipt_number"),
            (problem_of(|l| l.form = "765".into()), "form"),
            (problem_of(|l| l.filed_on = Some("05/01/2026".into())), "filed_on"),
            (problem_of(|l| l.received_on = Some("2026-02-30".into())), "received_on"),
            (problem_of(|l| l.office = Some("nbc".into())), "office"),
            (problem_of(|l| l.action.code = "iaa".into()), "action.code"),
            (problem_of(|l| l.action.at = "2026-02-01".into()), "action.at"),
            (problem_of(|l| l.action.at = "+12026-02-01T00:00:00Z".into()), "action.at"),
            (problem_of(|l| l.persecution_countries = vec!["Narnia".into()]), "persecution_countries"),
            (problem_of(|l| l.protection_markers[0].sealed = true), "protection_markers"),
            (problem_of(|l| l.protection_markers[0].effective_to = Some("2019-01-01".into())), "protection_markers"),
        ];
        for (error, field) in cases {
            assert_eq!(error.field, field);
        }
    }

    #[test]
    fn errors_name_no_value() {
        let error = problem_of(|l| l.applicant.as_mut().unwrap().email = Some("secret person".into()));
        assert_eq!(error.to_string(), "email: is not in the documented form");
    }

    #[test]
    fn debug_output_of_an_event_holds_nobodys_data() {
        let text = format!("{:?}", CaseEvent::parse(&line()).unwrap());
        for secret in ["Ejemplo", "Ana", "1990", "200000001", "ana@", "555", "Main St", "XXA", "9999103403"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }

    proptest! {
        #[test]
        fn whoever_signs_in_by_a_name_is_the_officer_that_has_it(officer in "[A-Za-z0-9._@ -]{0,70}|.{0,70}") {
            let mut line = line();
            line.assigned_officer = Some(officer.clone());
            let account = CaseEvent::parse(&line).ok().and_then(|event| event.assigned_account());
            prop_assert_eq!(account, SignInName::parse(&officer).ok());
        }

        #[test]
        fn no_text_in_any_field_panics(text in any::<String>()) {
            for change in [
                (|l: &mut EventLine, t: &str| l.event_id = t.into()) as fn(&mut EventLine, &str),
                |l, t| l.receipt_number = t.into(),
                |l, t| l.form = t.into(),
                |l, t| l.category = Some(t.into()),
                |l, t| l.assigned_officer = Some(t.into()),
                |l, t| l.filed_on = Some(t.into()),
                |l, t| l.action.at = t.into(),
                |l, t| l.action.code = t.into(),
                |l, t| l.protection_markers[0].class_of_admission = Some(t.into()),
                |l, t| l.applicant.as_mut().unwrap().a_number = Some(t.into()),
                |l, t| l.applicant.as_mut().unwrap().telephone = Some(t.into()),
            ] {
                let mut line = line();
                change(&mut line, &text);
                let _ = CaseEvent::parse(&line);
            }
        }
    }
}
