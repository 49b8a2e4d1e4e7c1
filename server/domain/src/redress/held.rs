//! What both databases hold of a person, as far as it may be theirs to see.
//!
//! A person's own data is theirs, whatever law keeps it from others: 8 USC 1367 keeps a victim's case from others and not from the
//! victim. What stands in other people's protected cases is nobody's to see here, and neither is a fact that only such a case
//! states; cases that a court sealed, of witnesses, or whose class is not understood stay out too. Why partners were told nothing
//! is in no part at all.

use chrono::NaiveDate;
use shared::partner_query::printed::in_words;
use shared::profile::{Fact, FactKind, KnownBiometric, KnownFact, Origin, ReadPurpose};
use shared::protection::{Class, classify};
use shared::redress::{Held, HeldLine, Part, RedressState};
use store::profile::LinkedCase;
use store::redress as rows;
use uuid::Uuid;

use crate::partner_query::{self, StepView};
use crate::profile::{ProfileFile, Read};
use crate::{Action, Context, Error, Officer};

/// Queries about one person that are looked at.
const MOST_QUERIES: usize = 100;

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    pub held: Held,
    /// Cases that are left out, because what stands in them is not this person's to see. For officers only.
    pub left_out: usize,
}

/// What is held of the person of a request that was searched. None before the search, and for a request that there is not. Each
/// reading stands in the audit logs of both databases.
pub async fn held(ctx: &Context, officer: &Officer, id: Uuid) -> Result<Option<Found>, Error> {
    officer.check_somewhere(Action::HandleRedress)?;
    let mut connection = ctx.store.read_primary().await?;
    let Some(stored) = rows::get(&mut connection, &ctx.keys, id).await? else { return Ok(None) };
    drop(connection);
    if matches!(stored.head.state, RedressState::Received | RedressState::Verified) {
        return Ok(None);
    }
    let nothing = Found { held: Held::default(), left_out: 0 };
    let Some(profile) = stored.head.profile else { return Ok(Some(nothing)) };
    let Some(root) = crate::profile::open(ctx, officer, profile, ReadPurpose::Redress).await? else { return Ok(Some(nothing)) };
    let Read::File(file) = Box::pin(crate::profile::read(ctx, officer, root)).await? else { return Ok(Some(nothing)) };
    let today = ctx.today();
    let own: Vec<&LinkedCase> = file.cases.iter().filter(|case| is_own(case, today)).collect();
    let mut lines = facts(ctx, &file, &own);
    lines.extend(file.biometrics.iter().map(|record| biometric(ctx, record)));
    lines.extend(own.iter().copied().map(of_case));
    lines.extend(requests(ctx, &own).await?);
    lines.extend(Box::pin(partner_answers(ctx, officer, root)).await?);
    Ok(Some(Found { held: Held { lines }, left_out: file.cases.len() - own.len() }))
}

/// May the person see that there is this case? One's own, unless it protects others too; one of somebody else, if it protects nobody.
fn is_own(case: &LinkedCase, today: NaiveDate) -> bool {
    if case.markers.is_empty() {
        // Nothing could be read of what protects it.
        return false;
    }
    let in_force = case.markers.iter().filter(|marker| marker.effective_to.is_none_or(|end| today < end));
    let mut classes = in_force.map(|marker| classify(&marker.evidence, marker.effective_from.unwrap_or(today)));
    if case.role == "applicant" { !classes.any(keeps_from_everybody) } else { classes.all(|class| class == Class::Ordinary) }
}

/// Classes that protect somebody or something else than the applicant.
const fn keeps_from_everybody(class: Class) -> bool {
    matches!(class, Class::Sealed | Class::Witness | Class::Unknown)
}

fn line(part: Part, about: &str, what: String, source: String) -> HeldLine {
    HeldLine { part, about: about.to_owned(), what, source, since: None, until: None }
}

fn facts(ctx: &Context, file: &ProfileFile, own: &[&LinkedCase]) -> Vec<HeldLine> {
    let of_fact = |known: &KnownFact| {
        let source = source(known, own)?;
        let part = if known.fact.kind() == FactKind::Encounter { Part::Encounters } else { Part::Identity };
        let (since, until) = (Some(ctx.day_of(known.recorded_at)), known.ended_at.map(|at| ctx.day_of(at)));
        Some(HeldLine { since, until, ..line(part, known.fact.kind().name(), written(&known.fact), source) })
    };
    file.sheet.all().iter().filter_map(of_fact).collect()
}

/// Who stated a fact. None if that is a case which is not the person's to see: then the fact is not, either.
fn source(known: &KnownFact, own: &[&LinkedCase]) -> Option<String> {
    match known.origin {
        Origin::Case(id) => own.iter().find(|case| case.id == id).map(|case| format!("Case {}", case.number)),
        Origin::Correction(_) => Some("Correction".to_owned()),
        Origin::Verification(_) => Some("IDENT, at an interview".to_owned()),
    }
}

/// A fact in words. Of a Social Security number only the end: it goes by mail (Public Law 115-59).
fn written(fact: &Fact) -> String {
    match fact {
        Fact::Ssn(ssn) => ssn.masked(),
        other => other.texts().into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "),
    }
}

fn biometric(ctx: &Context, record: &KnownBiometric) -> HeldLine {
    let what = record.biometric.position.name().to_owned();
    HeldLine {
        since: Some(record.biometric.captured_on),
        until: record.ended.map(|(at, _)| ctx.day_of(at)),
        ..line(Part::Biometrics, record.biometric.kind.name(), what, "Taken by the agency".to_owned())
    }
}

fn of_case(case: &LinkedCase) -> HeldLine {
    line(Part::Cases, "Case", format!("{}, Form {}, as {}", case.number, case.form, case.role), "Case system".to_owned())
}

/// What was asked about cases of one's own. In other cases others may have asked.
async fn requests(ctx: &Context, own: &[&LinkedCase]) -> Result<Vec<HeldLine>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let mut lines = Vec::new();
    for case in own.iter().filter(|case| case.role == "applicant") {
        for id in store::service_request::of_case(&mut connection, case.id).await? {
            let Some(request) = store::service_request::find(&mut connection, id).await? else { continue };
            let what =
                format!("{}, about case {}: {}", request.number.grouped(), case.number, request.kind.key().replace('_', " "));
            let since = Some(ctx.day_of(request.received_at));
            lines.push(HeldLine { since, ..line(Part::Requests, "Request", what, "The person, or for them".to_owned()) });
        }
    }
    Ok(lines)
}

/// What partner countries were asked about the person, and what they answered.
async fn partner_answers(ctx: &Context, officer: &Officer, root: Uuid) -> Result<Vec<HeldLine>, Error> {
    if !ctx.shares() {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    for query in partner_query::of_profile(ctx, officer, root).await?.ours.into_iter().take(MOST_QUERIES) {
        let Some(view) = partner_query::query(ctx, officer, query.id).await? else { continue };
        lines.extend(view.steps.iter().flat_map(|step| of_step(ctx, query.partner.name(), step)));
    }
    Ok(lines)
}

fn of_step(ctx: &Context, partner: &'static str, step: &StepView) -> Vec<HeldLine> {
    let since = step.sent_at.or(step.answered_at).map(|at| ctx.day_of(at));
    let result = step.result.map_or("not answered", shared::partner_query::ReplyResult::name);
    let about = format!("{partner}, {}", step.step.name().to_lowercase());
    let asked = HeldLine { since, ..line(Part::PartnerAnswers, &about, result.to_owned(), "The agency asked".to_owned()) };
    let told = step.elements.iter().flatten().map(|(element, value)| HeldLine {
        since: step.answered_at.map(|at| ctx.day_of(at)),
        ..line(Part::PartnerAnswers, &format!("{about}: {}", element.name()), in_words(*element, value), partner.to_owned())
    });
    std::iter::once(asked).chain(told).collect()
}

#[cfg(test)]
mod tests {
    use shared::case_status::FormNumber;
    use shared::protection::{Evidence, Marker};

    use super::*;

    fn today() -> NaiveDate {
        "2026-03-10".parse().unwrap()
    }

    fn case(role: &str, codes: &[&str], sealed: bool) -> LinkedCase {
        let form = FormNumber::parse("N-400").unwrap();
        let own = Evidence::Form { form, category: None };
        let of_codes = codes.iter().map(|code| Evidence::ClassOfAdmission((*code).to_owned()));
        let evidence = [own].into_iter().chain(of_codes).chain(sealed.then_some(Evidence::Sealed));
        LinkedCase {
            id: Uuid::from_u128(1),
            number: "EAC9999103403".into(),
            role: role.into(),
            form: "N-400".into(),
            markers: evidence.map(|evidence| Marker { evidence, effective_from: None, effective_to: None }).collect(),
        }
    }

    #[test]
    fn a_victims_case_is_the_victims_to_see_and_nobody_elses() {
        // Nor does anybody learn of another's claim for asylum (8 CFR 208.6), or of TPS.
        for code in ["384", "IB1", "T1", "U1", "AS1", "RE1", "TPS"] {
            assert!(is_own(&case("applicant", &[code], false), today()), "{code}");
            for role in ["petitioner", "beneficiary", "somebody"] {
                assert!(!is_own(&case(role, &[code], false), today()), "{code}, {role}");
            }
        }
    }

    #[test]
    fn what_protects_others_stays_out_for_the_applicant_too() {
        for (codes, sealed) in [(["S5"].as_slice(), false), (&["QX9"], false), (&[], true), (&["T1", "S5"], false)] {
            assert!(!is_own(&case("applicant", codes, sealed), today()), "{codes:?} {sealed}");
        }
        let unreadable = LinkedCase { markers: Vec::new(), ..case("applicant", &[], false) };
        assert!(!is_own(&unreadable, today()));
        for role in ["applicant", "petitioner", "beneficiary"] {
            assert!(is_own(&case(role, &[], false), today()), "{role}");
        }
    }
}
