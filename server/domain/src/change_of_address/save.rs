//! Keeping what was typed on a page, and finding what a page shows.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::address::{Address, AddressKind, Suggestion, ZipCode};
use shared::case_status::ReceiptNumber;
use shared::change_of_address::{CaseForm, Step, TenDayRule, ten_day_rule};
use shared::delivery_tracking::DeliveryState;
use shared::delivery_tracking::MailedItem;
use store::change_of_address as rows;
use uuid::Uuid;

use super::draft::{self, Draft, DraftKey, ProvenCase, Side, keep};
use super::proof::{Claim, Known, Tried, know, try_zip};
use crate::case_status::CaseStatus;
use crate::case_status::limits::TooMany;
use crate::{Action, Actor, ClientIp, Context, Error};

/// What a person wants with a page that they send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    GoOn,
    /// More rows for cases.
    MoreRows,
    /// Go on though not every case was recognised.
    Anyway,
    /// The address as the carrier writes it.
    Standard,
    /// The address as it was typed.
    Mine,
    /// These other cases, too.
    Others,
}

impl Wish {
    const ALL: [Self; 6] = [Self::GoOn, Self::MoreRows, Self::Anyway, Self::Standard, Self::Mine, Self::Others];

    pub const fn key(self) -> &'static str {
        match self {
            Self::GoOn => "go_on",
            Self::MoreRows => "more_rows",
            Self::Anyway => "anyway",
            Self::Standard => "standard",
            Self::Mine => "mine",
            Self::Others => "others",
        }
    }

    pub fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|wish| wish.key() == key).unwrap_or(Self::GoOn)
    }
}

/// What became of a page that was sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Saved {
    /// The page to be shown now: the next one, or the same.
    GoTo(Step),
    TooMany(TooMany),
    /// There is no form to fill in: it was never begun, is too old, or was sent.
    NoDraft,
}

/// Keeps what was typed on a page, mistakes and all, and says which comes next.
pub async fn save(
    ctx: &Context,
    client: ClientIp,
    key: DraftKey,
    step: Step,
    wish: Wish,
    typed: &BTreeMap<String, String>,
) -> Result<Saved, Error> {
    Actor::Public.check(Action::ChangeAddress)?;
    let found = draft::draft(ctx, key).await?.filter(|draft| draft.sent.is_none());
    let Some(mut draft) = found else { return Ok(Saved::NoDraft) };
    if !draft.may_see(ctx, step) {
        return Ok(Saved::GoTo(draft.step_at_hand(ctx)));
    }
    let refused = match wish {
        Wish::Standard | Wish::Mine => {
            decide(&mut draft, step, wish);
            None
        }
        Wish::Others => {
            take_others(ctx, &mut draft, typed).await?;
            None
        }
        Wish::MoreRows => {
            draft.take(step, typed);
            draft.add_rows();
            draft.set_done(step, false);
            None
        }
        Wish::GoOn | Wish::Anyway => take(ctx, client, &mut draft, step, wish, typed).await?,
    };
    keep(ctx, key, &draft).await?;
    if let Some(refused) = refused {
        return Ok(Saved::TooMany(refused));
    }
    // A page that is not done yet is shown again and says why.
    Ok(Saved::GoTo(if draft.is_done(ctx, step) { draft.step_at_hand(ctx) } else { step }))
}

fn decide(draft: &mut Draft, step: Step, wish: Wish) {
    let Some(side) = Side::of(step) else { return };
    if wish == Wish::Standard
        && let Some(suggestion) = draft.suggestion(side)
    {
        *draft.address_mut(side) = Address::Us(suggestion.into_address()).as_form();
    }
    draft.decided.insert(side);
    draft.set_done(step, true);
}

async fn take(
    ctx: &Context,
    client: ClientIp,
    draft: &mut Draft,
    step: Step,
    wish: Wish,
    typed: &BTreeMap<String, String>,
) -> Result<Option<TooMany>, Error> {
    let is_new = draft.take(step, typed);
    draft.tried(step);
    draft.set_done(step, false);
    if is_new && let Some(side) = Side::of(step) {
        draft.decided.remove(&side);
    }
    // Who is another person now has proven nothing.
    if is_new && step == Step::Person {
        draft.forget_cases();
    }
    if !draft.problems(ctx, step).is_empty() {
        return Ok(None);
    }
    match step {
        Step::NewAddress | Step::MailingAddress => {
            let waits = Side::of(step).is_some_and(|side| draft.suggestion(side).is_some());
            draft.set_done(step, !waits);
        }
        Step::Cases => return take_cases(ctx, client, draft, is_new, wish).await,
        _ => draft.set_done(step, true),
    }
    Ok(None)
}

/// Holds the listed cases against their records.
async fn take_cases(
    ctx: &Context,
    client: ClientIp,
    draft: &mut Draft,
    is_new: bool,
    wish: Wish,
) -> Result<Option<TooMany>, Error> {
    if (is_new || draft.refused.is_empty())
        && let Some(refused) = prove_cases(ctx, client, draft).await?
    {
        return Ok(Some(refused));
    }
    draft.goes_past |= wish == Wish::Anyway;
    let may_pass = draft.refused.is_empty() || draft.goes_past;
    let has_decided = draft.others.is_some() || others(ctx, draft).await?.is_empty();
    draft.set_done(Step::Cases, may_pass && has_decided);
    Ok(None)
}

async fn prove_cases(ctx: &Context, client: ClientIp, draft: &mut Draft) -> Result<Option<TooMany>, Error> {
    let listed = listed(draft);
    let known = std::mem::take(&mut draft.proven);
    draft.refused.clear();
    draft.others = None;
    draft.goes_past = false;
    let Some(born) = born(draft) else { return Ok(None) };
    if !listed.is_empty()
        && let Err(refused) = ctx.limits.count_look_up(client)
    {
        return Ok(Some(refused));
    }
    for (number, zip) in listed {
        // What agreed before is not tried again, only looked at.
        let before = known.iter().find(|proven| proven.number == number.as_str());
        let tried = match know_again(ctx, before, &number, born, &zip).await? {
            Some(case) => Tried::Agrees(case),
            None => try_zip(ctx, client, &number, born, &zip).await?,
        };
        match tried {
            Tried::Agrees(case) => draft.proven.push(ProvenCase { number: number.as_str().to_owned(), case }),
            Tried::Disagrees => draft.refused.push(number.as_str().to_owned()),
            Tried::TooMany(refused) => return Ok(Some(refused)),
        }
    }
    Ok(None)
}

async fn know_again(
    ctx: &Context,
    before: Option<&ProvenCase>,
    number: &ReceiptNumber,
    born: NaiveDate,
    zip: &ZipCode,
) -> Result<Option<Uuid>, Error> {
    if before.is_none() {
        return Ok(None);
    }
    Ok(know(ctx, number, born, &Claim::Zip(zip)).await?.map(|known| known.case))
}

/// The person's date of birth, as they typed it.
pub(super) fn born(draft: &Draft) -> Option<NaiveDate> {
    draft.form.birth.read().ok().flatten()
}

/// The cases as they are listed, with the ZIP code of each: its own, or that of the old address.
pub(super) fn listed(draft: &Draft) -> Vec<(ReceiptNumber, ZipCode)> {
    let old = draft.form.old.parse(AddressKind::Mailing).ok();
    let case = |row: &CaseForm| {
        let zip = match row.zip.trim() {
            "" => old.as_ref().and_then(Address::zip).cloned(),
            typed => ZipCode::parse(typed),
        };
        Some((ReceiptNumber::parse(&row.receipt_number).ok()?, zip?))
    };
    draft.form.cases.iter().filter_map(case).collect()
}

/// The cases of a form that are proven and agree still, in the order of the list.
pub(super) async fn known(ctx: &Context, draft: &Draft) -> Result<Vec<(ReceiptNumber, Known)>, Error> {
    let Some(born) = born(draft) else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for (number, zip) in listed(draft) {
        let Some(proven) = draft.proven.iter().find(|proven| proven.number == number.as_str()) else { continue };
        if let Some(known) = know(ctx, &number, born, &Claim::Zip(&zip)).await?.filter(|known| known.case == proven.case) {
            all.push((number, known));
        }
    }
    Ok(all)
}

/// Another case of the same person in the same role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    pub(super) case: Uuid,
    /// What the form calls it: nobody can make it who was not offered it.
    pub name: String,
    pub form: String,
    pub last_four: String,
    pub is_chosen: bool,
}

/// Other cases of the person, once all that were listed agree or were gone past.
async fn others(ctx: &Context, draft: &Draft) -> Result<Vec<Other>, Error> {
    let of_person = other_cases(ctx, draft).await?;
    let other = |(number, known): &(ReceiptNumber, Known)| Other {
        case: known.case,
        name: name_of(ctx, draft, known.case),
        form: known.status.form().as_str().to_owned(),
        last_four: number.as_str()[number.as_str().len() - 4..].to_owned(),
        is_chosen: draft.others.as_ref().is_some_and(|chosen| chosen.contains(&known.case)),
    };
    Ok(of_person.iter().map(other).collect())
}

/// Cases with the A-Number of a proven one, of the same role and date of birth, that may be shown and were not listed.
pub(super) async fn other_cases(ctx: &Context, draft: &Draft) -> Result<Vec<(ReceiptNumber, Known)>, Error> {
    let Some(born) = born(draft) else { return Ok(Vec::new()) };
    let mut found: Vec<(ReceiptNumber, Known)> = Vec::new();
    for (_, proven) in known(ctx, draft).await? {
        let Some(a_number) = &proven.a_number else { continue };
        let mut connection = ctx.store.read_primary().await?;
        let mut numbers = Vec::new();
        for case in store::case_feed::cases_of_a_number(&mut connection, &ctx.keys, a_number).await? {
            numbers.extend(rows::number_of(&mut connection, case).await?);
        }
        drop(connection);
        for number in numbers {
            let is_listed = listed(draft).iter().any(|(listed, _)| *listed == number);
            if is_listed || found.iter().any(|(known, _)| *known == number) {
                continue;
            }
            let claim = Claim::SamePerson { a_number, role: proven.role };
            found.extend(know(ctx, &number, born, &claim).await?.map(|known| (number, known)));
        }
    }
    Ok(found)
}

fn name_of(ctx: &Context, draft: &Draft, case: Uuid) -> String {
    let mac = ctx
        .sealer()
        .mac("another case in a change of address", &[draft.submission.as_bytes().as_slice(), case.as_bytes()].concat());
    store::crypto::hex(&mac[..8])
}

async fn take_others(ctx: &Context, draft: &mut Draft, typed: &BTreeMap<String, String>) -> Result<(), Error> {
    let offered = others(ctx, draft).await?;
    let is_chosen = |other: &&Other| typed.get(&format!("other_{}", other.name)).is_some_and(|typed| typed == "yes");
    draft.others = Some(offered.iter().filter(is_chosen).map(|other| other.case).collect());
    draft.set_done(Step::Cases, true);
    Ok(())
}

/// A piece of mail on its way to the old address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    pub last_four: String,
    pub item: MailedItem,
    pub mailed_on: Option<NaiveDate>,
}

pub(super) fn parcels(ctx: &Context, number: &ReceiptNumber, status: &CaseStatus) -> Vec<Parcel> {
    let is_on_its_way =
        |state: DeliveryState| !matches!(state, DeliveryState::Delivered | DeliveryState::Returned | DeliveryState::Undeliverable);
    let last_four = number.as_str()[number.as_str().len() - 4..].to_owned();
    let mail = status.facts(ctx, None).mail.into_iter().filter(|fact| is_on_its_way(fact.state));
    mail.map(|fact| Parcel { last_four: last_four.clone(), item: fact.item, mailed_on: fact.mailed_on }).collect()
}

/// What a page of the form shows beside what was typed.
#[derive(Debug, Default)]
pub struct Found {
    /// How the ten days stand, once the day of the move is known.
    pub rule: Option<TenDayRule>,
    pub moved_on: Option<NaiveDate>,
    pub suggestion: Option<Suggestion>,
    /// Other cases of the person, to be chosen or chosen.
    pub others: Vec<Other>,
    /// Whether they are still to be asked about them.
    pub asks_for_others: bool,
    /// Mail that is on its way to the old address.
    pub parcels: Vec<Parcel>,
}

/// Finds what a page shows. None if a case of the form agrees no more: the page of the cases says so.
pub async fn found(ctx: &Context, key: DraftKey, draft: &mut Draft, step: Step) -> Result<Option<Found>, Error> {
    let moved_on = draft.form.moved.read().ok().flatten();
    let rule = moved_on.filter(|_| step > Step::Move).map(|day| ten_day_rule(day, ctx.today()));
    let mut found = Found { rule, moved_on, ..Found::default() };
    found.suggestion = Side::of(step).filter(|_| draft.problems(ctx, step).is_empty()).and_then(|side| draft.suggestion(side));
    if step < Step::Cases || draft.proven.is_empty() {
        return Ok(Some(found));
    }
    // From here on every page says something of the cases: they are asked again each time.
    let known = known(ctx, draft).await?;
    if known.len() < draft.proven.len() {
        let gone = draft.proven.iter().filter(|proven| known.iter().all(|(_, known)| known.case != proven.case));
        let gone: Vec<String> = gone.map(|proven| proven.number.clone()).collect();
        draft.refused.extend(gone);
        draft.proven.retain(|proven| known.iter().any(|(_, known)| known.case == proven.case));
        draft.set_done(Step::Cases, false);
        keep(ctx, key, draft).await?;
        if step != Step::Cases {
            return Ok(None);
        }
    }
    if matches!(step, Step::Cases | Step::Check) {
        found.others = others(ctx, draft).await?;
        let may_pass = draft.refused.is_empty() || draft.goes_past;
        found.asks_for_others = step == Step::Cases && draft.others.is_none() && may_pass && !found.others.is_empty();
        found.others.retain(|other| found.asks_for_others || other.is_chosen);
    }
    found.parcels = known.iter().flat_map(|(number, known)| parcels(ctx, number, &known.status)).collect();
    Ok(Some(found))
}
