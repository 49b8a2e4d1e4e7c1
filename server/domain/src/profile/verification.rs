//! Identity verification (IVT): a person stands before an officer, and IDENT is asked who it is.
//!
//! [`verify`] notes that the person acknowledged the notice, keeps what is to be kept, and says what to ask. The caller asks IDENT,
//! outside of any transaction, and gives what came to [`answered`], which looks again at who may know what. Fingerprints that are
//! taken only to search are with the caller and in no table: they are gone when the caller is, and [`answered`] notes when.
//!
//! Whether IDENT keeps them is said by the terms with IDENT ([`enrolment`]), and by what the officer was shown: only if both say the same
//! is anything sent.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::agreement::{AgreementVersion, Element, Party, enrolled};
use shared::ident::Handling;
use shared::locale::Locale;
use shared::profile::{
    AskedBy, Biometric, BiometricKind, CapturedAt, Encounter, EncounterKind, Enrolment, Fact, Fin, FinStanding, Origin, Photograph,
    Position, Sheet, VerificationState,
};
use shared::protection::{Class, Marker, classify};
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::profile::{self as rows, Ending, NewContent, NewVerification, StatedFact, StoredVerification, Told};
use uuid::Uuid;

use super::biometric::{RecordFault, keep, of_file, of_photograph};
use super::{Opened, Person, VISIT, markers, name_key, opened, person};
use crate::{Action, Actor, Context, Error, Officer};

/// Longer than any request to IDENT: who asked so long ago asks no more.
const ASKING: TimeDelta = TimeDelta::minutes(10);

/// What an officer brings from an interview.
#[derive(Debug, Clone)]
pub struct Interview {
    /// The language in which the notice of Form M-1061 was read aloud. The person acknowledged it: without that, there is nothing here.
    pub notice: Locale,
    /// What the officer was shown that is done with the prints: whether IDENT keeps them.
    pub enrolment: Enrolment,
    /// A file of a capture station.
    pub prints: Option<Sensitive<Vec<u8>>>,
    pub photograph: Option<Photograph>,
}

/// What is to be asked of IDENT.
#[derive(Debug)]
pub struct IdentQuestion<'a> {
    /// The verification; the question's number is made of it.
    pub verification: Uuid,
    pub enrolment: Enrolment,
    pub prints: Option<&'a Sensitive<Vec<u8>>>,
    /// To be added with the prints; none where prints are only searched with.
    pub photograph: Option<&'a Photograph>,
    pub fin: Sensitive<Option<Fin>>,
    /// How IDENT has to handle what is added.
    pub handling: Handling,
}

/// What IDENT answered.
#[derive(Debug, Clone)]
pub struct IdentAnswer {
    /// Did IDENT know the prints, or the FIN, before?
    pub matched: bool,
    pub told: Told,
}

/// What becomes of an interview.
#[derive(Debug)]
pub enum Verifying<'a> {
    Ask(IdentQuestion<'a>),
    /// There is nobody whom the officer may know of.
    Nobody,
    /// The profile was not opened, or too long ago.
    NotOpen,
    Faulty(VerifyFault),
}

/// Why IDENT cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyFault {
    /// No fingerprints were taken, and the profile has no FIN.
    NothingToAskBy,
    /// Something else would be done with the prints than the officer was shown: the terms with IDENT have changed.
    EnrolmentChanged,
    Prints(RecordFault),
    Photograph(RecordFault),
}

/// What the terms with IDENT that are in force let be added today. Nothing, where none are.
struct Terms {
    version: Option<AgreementVersion>,
    added: BTreeSet<Element>,
}

async fn terms(ctx: &Context, connection: &mut Connection) -> Result<Terms, Error> {
    let stored = store::agreement::current(connection, Party::Ident, ctx.today()).await?;
    Ok(Terms {
        version: stored.as_ref().map(|stored| stored.head.version),
        added: stored.map(|stored| enrolled(&stored.document, ctx.today())).unwrap_or_default(),
    })
}

/// What is done today with fingerprints that are taken: for the page that says so before anything is.
pub async fn enrolment(ctx: &Context, officer: &Officer) -> Result<Enrolment, Error> {
    officer.check_somewhere(Action::VerifyIdentity)?;
    let terms = terms(ctx, &mut ctx.store.read_primary().await?).await?;
    Ok(Enrolment::of(&terms.added))
}

/// Within the department what is added may be used whoever it is of; that a law protects the person goes along. A marker that has ended
/// counts, and nobody without a record that could be read is ordinary.
fn handling(ctx: &Context, person: &Person) -> Handling {
    let class = |marker: &Marker| classify(&marker.evidence, marker.effective_from.unwrap_or(ctx.today()));
    let markers = markers(&person.sheet, &person.cases);
    let is_ordinary = !markers.is_empty() && markers.iter().all(|marker| class(marker) == Class::Ordinary);
    if is_ordinary { Handling::Ordinary } else { Handling::Protected }
}

/// Begins a verification, and says what to ask.
pub async fn verify<'a>(ctx: &Context, officer: &Officer, profile: Uuid, interview: &'a Interview) -> Result<Verifying<'a>, Error> {
    officer.check_somewhere(Action::VerifyIdentity)?;
    let taken = match Taken::read(ctx, interview) {
        Ok(taken) => taken,
        Err(fault) => return Ok(Verifying::Faulty(fault)),
    };
    let mut transaction = ctx.store.begin().await?;
    let (person, purpose) = match opened(ctx, &mut transaction, officer, profile).await? {
        Opened::Person(person, purpose) => (*person, purpose),
        Opened::NotOpen => return Ok(Verifying::NotOpen),
        Opened::Nobody => return Ok(Verifying::Nobody),
    };
    let terms = terms(ctx, &mut transaction).await?;
    if Enrolment::of(&terms.added) != interview.enrolment {
        return Ok(Verifying::Faulty(VerifyFault::EnrolmentChanged));
    }
    let (fin, handling) = (fin_of(&person.sheet), handling(ctx, &person));
    let Some(asked_by) = AskedBy::of(interview.prints.is_some(), fin.is_some()) else {
        return Ok(Verifying::Faulty(VerifyFault::NothingToAskBy));
    };
    let (photograph, prints) = match taken.keep(ctx, &mut transaction, officer, &person, interview).await? {
        Ok(kept) => kept,
        Err(fault) => return Ok(Verifying::Faulty(fault)),
    };
    let (id, enrolment) = (ctx.clock.new_id(), interview.enrolment);
    let (officer_id, notice, at) = (officer.id(), interview.notice, ctx.now());
    let new =
        NewVerification { id, profile: person.root, officer: officer_id, notice, at, enrolment, asked_by, photograph, prints };
    rows::begin_verification(&mut transaction, new).await?;
    let records: Vec<Uuid> = [photograph, prints].into_iter().flatten().collect();
    let detail = serde_json::json!({
        "verification": id,
        "notice": notice.tag(),
        "asked_by": asked_by.key(),
        "enrolment": enrolment.key(),
        "terms": terms.version,
        "handling": handling,
        "records": records,
        "purpose": purpose.key(),
    });
    ctx.audit(&mut transaction, officer.actor(), "profile.verify", &person.root.to_string(), detail).await?;
    transaction.commit().await?;
    let (prints, fin) = (interview.prints.as_ref(), Sensitive::new(fin));
    let photograph = interview.photograph.as_ref().filter(|_| terms.added.contains(&Element::Photograph));
    Ok(Verifying::Ask(IdentQuestion { verification: id, enrolment, prints, photograph, fin, handling }))
}

/// What was taken at an interview, as far as it can be used.
struct Taken {
    photograph: Option<Biometric>,
    prints: Option<Biometric>,
}

impl Taken {
    fn read(ctx: &Context, interview: &Interview) -> Result<Self, VerifyFault> {
        let (at, today) = (CapturedAt::Interview, ctx.today());
        let picture = |photograph| of_photograph(photograph, Position::Front, at, today, today);
        let photograph = interview.photograph.as_ref().map(picture).transpose().map_err(VerifyFault::Photograph)?;
        let file = |file| of_file(BiometricKind::Fingerprints, file, None, at, today);
        let prints = interview.prints.as_ref().map(file).transpose().map_err(VerifyFault::Prints)?;
        Ok(Self { photograph, prints })
    }

    /// Keeps the photograph, and the prints where IDENT may keep them too: their records.
    async fn keep(
        &self,
        ctx: &Context,
        transaction: &mut Connection,
        officer: &Officer,
        person: &Person,
        interview: &Interview,
    ) -> Result<Result<(Option<Uuid>, Option<Uuid>), VerifyFault>, Error> {
        let mut photograph = None;
        if let (Some(biometric), Some(picture)) = (self.photograph, &interview.photograph) {
            photograph = keep(ctx, transaction, officer, person, (biometric, NewContent::Photograph(picture))).await?;
            if photograph.is_none() {
                return Ok(Err(VerifyFault::Photograph(RecordFault::TooMany)));
            }
        }
        let mut prints = None;
        if let (Some(biometric), Some(file), Enrolment::Allowed) = (self.prints, &interview.prints, interview.enrolment) {
            prints = keep(ctx, transaction, officer, person, (biometric, NewContent::File(file))).await?;
            if prints.is_none() {
                return Ok(Err(VerifyFault::Prints(RecordFault::TooMany)));
            }
        }
        Ok(Ok((photograph, prints)))
    }
}

/// The FIN that was stated last, of a person who has one.
fn fin_of(sheet: &Sheet) -> Option<Fin> {
    sheet.current().filter_map(|known| if let Fact::Fin(fin) = &known.fact { Some(fin.clone()) } else { None }).last()
}

/// Takes IDENT's answer; none if it gave none. What the caller had of prints that were only to be searched with is gone by then.
/// False if the officer did not ask, or the verification has ended.
///
/// Nothing of the answer is kept where the officer may not know of the person any more.
pub async fn answered(
    ctx: &Context,
    officer: &Officer,
    profile: Uuid,
    verification: Uuid,
    answer: Option<&IdentAnswer>,
) -> Result<bool, Error> {
    officer.check_somewhere(Action::VerifyIdentity)?;
    let mut transaction = ctx.store.begin().await?;
    let Some(root) = rows::root(&mut transaction, profile).await? else { return Ok(false) };
    let all = rows::verifications(&mut transaction, &ctx.keys, root).await?;
    let is_asked =
        |one: &StoredVerification| one.id == verification && one.officer == officer.id() && one.state == VerificationState::Asked;
    let Some(asked) = all.into_iter().find(is_asked) else { return Ok(false) };
    let person = person(ctx, &mut transaction, officer, profile).await?;
    let told = answer.filter(|_| person.is_some());
    let state = match told {
        None => VerificationState::Unanswered,
        Some(answer) if answer.matched => VerificationState::Matched,
        Some(_) => VerificationState::NotMatched,
    };
    let is_destroyed = asked.asked_by.has_prints() && asked.prints.is_none();
    let ending = Ending {
        id: verification,
        state,
        at: ctx.now(),
        prints_destroyed_at: is_destroyed.then(|| ctx.now()),
        told: told.map(|answer| &answer.told),
    };
    rows::end_verification(&mut transaction, &ctx.keys, asked.profile, &ending).await?;
    if let (Some(person), Some(answer)) = (&person, told) {
        let facts = stated(ctx, person, &asked, &answer.told);
        rows::add_facts(&mut transaction, &ctx.keys, person.root, &facts, ctx.now()).await?;
    }
    let detail = serde_json::json!({ "verification": verification, "state": state.key(), "destroyed": is_destroyed });
    ctx.audit(&mut transaction, officer.actor(), "profile.verified", &root.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(true)
}

/// What IDENT states of somebody whose fingerprints it saw: the encounter that it added, and a FIN for a profile that has none. Another
/// FIN than the profile's is stated by nobody: people settle it.
fn stated(ctx: &Context, person: &Person, asked: &StoredVerification, told: &Told) -> Vec<StatedFact> {
    if !asked.asked_by.has_prints() {
        return Vec::new();
    }
    let fin = told.fin.expose().clone().filter(|fin| FinStanding::of(fin, &person.sheet) == FinStanding::New);
    let is_added = asked.enrolment == Enrolment::Allowed;
    let eid = told.eid.expose().clone().filter(|_| is_added);
    let encounter = eid.map(|id| Encounter { id, kind: EncounterKind::Interview, on: ctx.day_of(asked.acknowledged_at) });
    let facts = fin.map(Fact::Fin).into_iter().chain(encounter.map(Fact::Encounter));
    let new = facts.filter(|fact| !person.sheet.current().any(|known| known.fact == *fact));
    let state = |fact: Fact| {
        let keys = name_key::keys(&fact);
        StatedFact { id: ctx.clock.new_id(), fact, origin: Origin::Verification(asked.id), keys }
    };
    new.map(state).collect()
}

/// Ends verifications that nobody ends any more, and forgets what IDENT showed at those that are over.
pub(crate) async fn forget(ctx: &Context, transaction: &mut Connection, actor: Actor) -> Result<(), Error> {
    let now = ctx.now();
    let given_up = rows::give_up_verifications(transaction, now - ASKING, now).await?;
    rows::forget_shown(transaction, now - VISIT).await?;
    if given_up > 0 {
        let detail = serde_json::json!({ "verifications": given_up });
        ctx.audit(transaction, actor, "profile.give_up_verifications", "", detail).await?;
    }
    Ok(())
}
