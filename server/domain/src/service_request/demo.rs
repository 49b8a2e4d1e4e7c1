//! Requests for demos, tests and measurements: many, in every state, the same every time.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use shared::e_request::{Answers, Field};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::protection::{Channel, Outcome, decide};
use shared::service_request::{
    Beside, Happening, MailTrouble, OfficerId, PauseReason, Placement, RedirectReason, RequestEvent, RequestKind, RequestNumber,
    RoutingReason, ServiceRequest, Source, Target,
};
use store::request_queue::{self, Imported, KnownKeys};
use store::request_search;
use uuid::Uuid;

use super::search::{fold, name_word, office_word, written_word};
use super::{Recorded, holidays, moment, promise};
use crate::{Actor, Context, Error};

/// What the requests are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mix {
    /// In every state, most of them answered long ago.
    Everything,
    /// All wait for an officer.
    Unassigned,
}

/// An office of the demo and who works there.
#[derive(Debug, Clone)]
pub struct Staffed {
    pub office: OfficeCode,
    pub officers: Vec<OfficerId>,
}

/// Somebody who may do at an office what its supervisors may, without an account: for measurements. What it opens is in databases
/// that are made for them.
#[cfg(any(test, feature = "testing"))]
pub fn officer(ctx: &Context, id: OfficerId, office: &OfficeCode) -> crate::Officer {
    officer_as(ctx, id, shared::identity::Role::Siio, office)
}

/// Somebody with another role.
#[cfg(any(test, feature = "testing"))]
pub fn officer_as(ctx: &Context, id: OfficerId, role: shared::identity::Role, office: &OfficeCode) -> crate::Officer {
    let grant = shared::identity::Grant { role, office: office.clone(), starts_at: ctx.now() - TimeDelta::days(1), ends_at: None };
    crate::Officer::new(Uuid::from_u128(id.0), vec![grant], ctx.now())
}

/// Cases that requests are about at most: more would take longer to read than to tell apart.
const MOST_CASES: usize = 20_000;
/// Requests written in one transaction.
const AT_ONCE: usize = 5_000;

const SAID: [&str; 6] = [
    "The card has not come. I asked at the post office twice.",
    "My name is printed with one letter too many.",
    "I need a chair with wheels and somebody who signs at the interview.",
    "The notice went to my old apartment.",
    "It is past the normal time, and my employer asks every week.",
    "My daughter was born, please add her to the file.",
];

/// Writes so many requests about the cases there are, unless there are some. Gives how many.
pub async fn fill(ctx: &Context, actor: Actor, staff: &[Staffed], requests: u64, mix: Mix) -> Result<u64, Error> {
    actor.check(crate::Action::ChangeReference)?;
    if staff.is_empty() || request_queue::any(&mut ctx.store.read_primary().await?).await? {
        return Ok(0);
    }
    let cases = cases(ctx).await?;
    if cases.is_empty() {
        return Ok(0);
    }
    let said: Vec<Vec<String>> = SAID.iter().map(|text| fold(text).iter().map(|word| written_word(ctx, word)).collect()).collect();
    // So many things can be asked about, each with one request after the other.
    let pairs = (cases.len() * RequestKind::ALL.len()) as u64;
    let (mut keys, mut numbers, mut batch, mut written) = (KnownKeys::default(), HashSet::new(), Vec::new(), 0);
    for index in 0..requests {
        let mut dice = Dice(index.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed);
        let (pair, round) = (index % pairs, index / pairs);
        let at = |of: usize, divided: u64| usize::try_from((pair / divided) % of as u64).unwrap_or(0);
        let case = &cases[at(cases.len(), 1)];
        let kind = RequestKind::ALL[at(RequestKind::ALL.len(), cases.len() as u64)];
        // Of several about one thing only the newest can be open.
        let is_newest = index + pairs >= requests;
        let telling = Telling { ctx, mix, is_newest, staff, desk: &staff[dice.below(staff.len())] };
        let (received_at, events) = telling.events(&mut dice);
        let number = loop {
            let number = RequestNumber::new(received_at.with_timezone(&ctx.zone).year(), dice.bytes());
            if numbers.insert(number.as_str().to_owned()) {
                break number;
            }
        };
        let story = Story { case, kind, round, received_at, number };
        batch.push(story.imported(ctx, events, &said, &mut dice)?);
        if batch.len() == AT_ONCE || index + 1 == requests {
            let mut transaction = ctx.store.begin().await?;
            request_queue::import(&mut transaction, &ctx.keys, &batch, &mut keys).await?;
            if index + 1 == requests {
                request_queue::analyze(&mut transaction).await?;
                let detail = serde_json::json!({ "requests": requests });
                ctx.audit(&mut transaction, actor, "demo.requests", "database", detail).await?;
            }
            transaction.commit().await?;
            written += batch.len() as u64;
            batch.clear();
        }
    }
    Ok(written)
}

struct Case {
    id: Uuid,
    receipt_number: String,
    names: Vec<String>,
}

async fn cases(ctx: &Context) -> Result<Vec<Case>, Error> {
    let (mut cases, mut after) = (Vec::new(), Uuid::nil());
    let mut connection = ctx.store.read_primary().await?;
    while cases.len() < MOST_CASES {
        let some = store::case_status::some_after(&mut connection, after, 1000).await?;
        let Some(last) = some.last() else { break };
        after = last.id;
        for stored in some.iter().filter(|stored| may_have_requests(ctx, stored)) {
            let names = request_search::names(&mut connection, stored.id).await?;
            cases.push(Case { id: stored.id, receipt_number: stored.number.as_str().to_owned(), names });
        }
    }
    cases.truncate(MOST_CASES);
    Ok(cases)
}

/// A case that the portal shows. Those with the numbers of the staging environment are left to who tries the portal: what one asks
/// about them is the first request.
fn may_have_requests(ctx: &Context, stored: &store::case_status::Stored) -> bool {
    !stored.number.as_str()[3..].starts_with("9999")
        && decide(stored.record.markers(), Channel::Public, ctx.today()) == Outcome::Show
}

/// The same numbers for the same beginning (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }

    fn minutes(&mut self, end: u64) -> TimeDelta {
        TimeDelta::minutes(i64::try_from(self.next() % end.max(1)).unwrap_or(0))
    }

    fn bytes(&mut self) -> [u8; 16] {
        ((u128::from(self.next()) << 64) | u128::from(self.next())).to_be_bytes()
    }
}

/// What is to be told of a request.
struct Telling<'a> {
    ctx: &'a Context,
    mix: Mix,
    is_newest: bool,
    staff: &'a [Staffed],
    desk: &'a Staffed,
}

const DAY: u64 = 24 * 60;

/// When, who, and what.
type Told = (DateTime<Utc>, Actor, Happening);

impl Telling<'_> {
    /// When it came in, and what happened since.
    fn events(&self, dice: &mut Dice) -> (DateTime<Utc>, Vec<Told>) {
        let now = self.ctx.now();
        let officer = match self.desk.officers.as_slice() {
            [] => OfficerId(1),
            officers => officers[dice.below(officers.len())],
        };
        let who = Actor::Officer(Uuid::from_u128(officer.0));
        let closed = |dice: &mut Dice| now - TimeDelta::days(60) - dice.minutes(600 * DAY);
        let open = |dice: &mut Dice| now - TimeDelta::minutes(30) - dice.minutes(40 * DAY);
        let is_open = self.mix == Mix::Unassigned || (self.is_newest && dice.below(100) < 60);
        let received_at = if is_open { open(dice) } else { closed(dice) };
        let office = self.desk.office.clone();
        let mut events = vec![(received_at, Actor::Public, Happening::Received), (received_at, Actor::Public, Happening::Stored)];
        let mut at = received_at;
        let mut then = |actor: Actor, days: u64, happening: Happening, dice: &mut Dice| {
            at = (at + TimeDelta::minutes(1) + dice.minutes(days * DAY)).min(now);
            events.push((at, actor, happening));
        };
        let routed = Happening::Routed { office, reason: RoutingReason::CaseOffice };
        if is_open && self.mix == Mix::Everything && dice.below(200) == 0 {
            return (received_at, events);
        }
        then(Actor::System, 0, routed, dice);
        if self.mix == Mix::Unassigned {
            return (received_at, events);
        }
        let (opened, assigned) = (Happening::Opened { officer }, Happening::Assigned { officer });
        if is_open {
            match dice.below(20) {
                0..=6 => {}
                7..=9 => then(Actor::System, 1, assigned, dice),
                10..=14 => then(who, 4, opened, dice),
                15 | 16 => {
                    then(who, 3, opened, dice);
                    then(who, 2, Happening::Paused { reason: PauseReason::FileRequested }, dice);
                }
                17 => {
                    then(who, 3, opened, dice);
                    then(who, 2, Happening::Asked, dice);
                }
                18 => {
                    then(who, 3, opened, dice);
                    then(Actor::Public, 2, Happening::InformationAdded, dice);
                }
                _ => {
                    then(who, 2, opened, dice);
                    let reason = RedirectReason::ALL[dice.below(4)];
                    if let Some(other) = self.staff.iter().find(|other| other.office != self.desk.office) {
                        then(who, 1, Happening::Redirected { office: other.office.clone(), reason }, dice);
                    }
                }
            }
        } else if dice.below(20) == 0 {
            then(Actor::Public, 3, Happening::Withdrawn, dice);
        } else {
            then(who, 4, opened, dice);
            then(who, 25, Happening::Answered, dice);
        }
        (received_at, events)
    }
}

struct Story<'a> {
    case: &'a Case,
    kind: RequestKind,
    round: u64,
    received_at: DateTime<Utc>,
    number: RequestNumber,
}

impl Story<'_> {
    fn imported(self, ctx: &Context, events: Vec<Told>, said: &[Vec<String>], dice: &mut Dice) -> Result<Imported, Error> {
        let (target, today) = (Target::THIRTY_DAYS, ctx.today());
        let folded =
            events.iter().map(|(at, _, happening)| RequestEvent { at: moment(ctx.zone, *at), happening: happening.clone() });
        let request = ServiceRequest::fold(folded).map_err(|_| Error::Internal)?;
        let is_mail =
            matches!(self.kind, RequestKind::CardNotReceived | RequestKind::DocumentNotReceived | RequestKind::NoticeNotReceived);
        let mail = match dice.below(8) {
            0 if is_mail => Some(MailTrouble::Returned),
            1 if is_mail => Some(MailTrouble::Misdelivered),
            _ => None,
        };
        let beside = Beside { mail, is_in_review: false };
        let placement = Placement::of(&request, &promise(target), &holidays(), today, beside);
        let source = if RequestKind::ONLINE.contains(&self.kind) { Source::EReq } else { Source::ALL[1 + dice.below(3)] };
        let which = dice.below(SAID.len());
        let mut answers = Answers::default();
        for (field, typed) in [
            (Field::Requester, "applicant"),
            (Field::ReceiptNumber, self.case.receipt_number.as_str()),
            (Field::FamilyName, self.case.names.first().map_or("Ejemplo", String::as_str)),
            (Field::Explanation, SAID[which]),
        ] {
            answers.set(field, typed);
        }
        let mut words: BTreeSet<String> = said[which].iter().cloned().collect();
        words.extend(placement.office.as_ref().map(office_word));
        words.extend(self.case.names.iter().flat_map(|name| fold(name)).map(|word| name_word(&word)));
        let json = |(at, actor, happening): Told| {
            let event = serde_json::to_string(&Recorded::of(&happening)).map_err(|_| Error::Internal)?;
            Ok((at, actor.label(), event))
        };
        Ok(Imported {
            id: store::Clock::id_at(self.received_at),
            number: self.number,
            case: self.case.id,
            kind: self.kind,
            round: i64::try_from(self.round).unwrap_or(i64::MAX) + 1,
            source,
            locale: if dice.below(3) == 0 { Locale::Es } else { Locale::En },
            content: serde_json::to_vec(&answers).map_err(|_| Error::Internal)?,
            state: request.state().key(),
            target,
            placement,
            received_at: self.received_at,
            events: events.into_iter().map(json).collect::<Result<_, Error>>()?,
            words: words.into_iter().collect::<Vec<_>>().join(" "),
            tallies: shared::report::tallies(request.events()),
        })
    }
}
