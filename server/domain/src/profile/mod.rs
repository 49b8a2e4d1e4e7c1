//! People, whatever cases they have (CPMS). What the feed says of a case's people goes to their profiles ([`follow_feed`]). Somebody is
//! found by a number, or by name and birth date ([`find`]); whoever opens a profile says what for ([`open`]), and each read stands
//! in the audit log with it ([`read`]). What is wrong is set right by two people ([`propose`], [`decide`]). Photographs and other
//! biometric records are [added](add) by one and ended by two; who stands before an officer is asked of IDENT ([`verify`]).
//!
//! Who may not see a protected person finds nobody: a hidden profile and none are the same.

mod biometric;
mod correct;
mod demo;
mod feed;
mod find;
mod name_key;
mod read;
#[cfg(test)]
mod tests;
mod verification;

pub use biometric::{Added, NewRecord, RecordFault, RecordFile, add, capture_file, photograph};
pub use correct::{Decided, Proposed, Waiting, decide, propose, waiting, withdraw};
pub use demo::{portrait, prints, seed_demo};
pub use feed::follow_feed;
pub use find::{FoundPerson, Likeness, Search, SearchFault, find};
pub use read::{ProfileFile, Read, open, purposes, read};
pub use store::profile::{LinkedCase, Shown, StoredCorrection, StoredVerification, Told};
pub(crate) use verification::forget;
pub use verification::{IdentAnswer, IdentQuestion, Interview, VerifyFault, Verifying, answered, enrolment, verify};

use chrono::TimeDelta;
use shared::identity::Role;
use shared::profile::{Fact, ReadPurpose, Sheet};
use shared::protection::{Channel, Evidence, Marker, Outcome, decide as protection};
use store::engine::Connection;
use store::profile as rows;
use uuid::Uuid;

use crate::{Action, Context, Error, Officer};

/// How long a profile stays open for the purpose that was stated.
pub(crate) const VISIT: TimeDelta = TimeDelta::minutes(30);

/// What each role may open a profile for.
#[rustfmt::skip]
const PURPOSES: [(Role, &[ReadPurpose]); 6] = [
    (Role::RaioOfficer,    &[ReadPurpose::Adjudication, ReadPurpose::PartnerQuery, ReadPurpose::Correction]),
    (Role::FdnsAnalyst,    &[ReadPurpose::Fraud]),
    (Role::IctsAnalyst,    &[ReadPurpose::InformationRequest, ReadPurpose::Correction]),
    (Role::IctsReviewer,   &[ReadPurpose::InformationRequest, ReadPurpose::Correction]),
    (Role::Counsel,        &[ReadPurpose::PartnerQuery, ReadPurpose::InformationRequest, ReadPurpose::Redress]),
    (Role::PrivacyOfficer, &[ReadPurpose::Redress, ReadPurpose::Correction, ReadPurpose::Records]),
];

/// A person as the operations here see them: under their root, after the protection was asked.
struct Person {
    root: Uuid,
    sheet: Sheet,
    cases: Vec<LinkedCase>,
}

/// The person of a profile, if the officer may know that there is one.
async fn person(ctx: &Context, connection: &mut Connection, officer: &Officer, profile: Uuid) -> Result<Option<Person>, Error> {
    let Some(root) = rows::root(connection, profile).await? else { return Ok(None) };
    let sheet = Sheet::new(rows::facts(connection, &ctx.keys, root).await?);
    let cases = rows::cases(connection, root).await?;
    let is_shown = protection(&markers(&sheet, &cases), Channel::Console, ctx.today()) == Outcome::Show;
    let may_know = is_shown || officer.may_somewhere(Action::ReadProtectedProfiles);
    Ok(may_know.then_some(Person { root, sheet, cases }))
}

/// Whether an officer may know that there is such a person.
pub(crate) async fn may_know(ctx: &Context, connection: &mut Connection, officer: &Officer, profile: Uuid) -> Result<bool, Error> {
    Ok(person(ctx, connection, officer, profile).await?.is_some())
}

/// The root of a profile that the officer has open, and for which purpose, if their roles still allow it.
pub(crate) async fn opened_for(
    ctx: &Context,
    connection: &mut Connection,
    officer: &Officer,
    profile: Uuid,
) -> Result<Option<(Uuid, ReadPurpose)>, Error> {
    let Opened::Person(person, purpose) = opened(ctx, connection, officer, profile).await? else { return Ok(None) };
    Ok(Some((person.root, purpose)))
}

/// The person of a profile, if the officer opened it and the purpose still holds.
enum Opened {
    Person(Box<Person>, ReadPurpose),
    /// It was not opened, or too long ago: the officer says what for.
    NotOpen,
    /// There is nobody, or nobody whom the officer may know of.
    Nobody,
}

async fn opened(ctx: &Context, connection: &mut Connection, officer: &Officer, profile: Uuid) -> Result<Opened, Error> {
    let Some(person) = person(ctx, connection, officer, profile).await? else { return Ok(Opened::Nobody) };
    let visited = rows::visited(connection, officer.id(), person.root, ctx.now() - VISIT).await?;
    // A role may have been taken away since.
    let purpose = visited.filter(|purpose| read::check_purpose(officer, *purpose).is_ok());
    Ok(purpose.map_or(Opened::NotOpen, |purpose| Opened::Person(Box::new(person), purpose)))
}

/// All that speaks for protection: what the cases state, and the classes that stand or stood in the profile. A class that was corrected
/// away does not count any more. Nobody without any case is shown: then markers could not be read.
fn markers(sheet: &Sheet, cases: &[LinkedCase]) -> Vec<Marker> {
    let of_status = sheet.current().filter_map(|known| match &known.fact {
        Fact::ImmigrationStatus { class, since } => {
            let evidence = Evidence::ClassOfAdmission(class.clone());
            Some(Marker { evidence, effective_from: *since, effective_to: None })
        }
        _ => None,
    });
    let of_cases = cases.iter().flat_map(|case| case.markers.iter().cloned());
    if cases.is_empty() { Vec::new() } else { of_cases.chain(of_status).collect() }
}
