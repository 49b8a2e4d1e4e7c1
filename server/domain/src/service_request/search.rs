//! Finding a request by a name, a word or a number, and lists that somebody wants again.
//!
//! What is looked for is posted and kept encrypted for an hour; the address of the answer names the row. Names are found by their
//! beginning. Words that people and officers wrote stand in the index as keyed hashes, so they are found whole or not at all:
//! `docs/decisions/0023` says why.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use shared::case_feed::ANumber;
use shared::case_status::ReceiptNumber;
use shared::e_request::{Answers, Field, FieldKind};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use shared::service_request::{Chosen, OfficerId, Order, Queue, RequestNumber};
use store::engine::Connection;
use store::request_queue::{self, Direction, Listed};
use store::request_search::{self, OneOf, Term, View};
use store::service_request as rows;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use uuid::Uuid;

use super::lists::{List, Shown};
use super::read::may_see_case;
use crate::{Action, Context, Error, Officer};

/// For how long a search is kept.
pub(super) const KEPT_FOR: TimeDelta = TimeDelta::hours(1);

/// Words of a search that count.
const MOST_WORDS: usize = 8;

/// The longest search, in characters.
const LONGEST: usize = 200;

/// Requests on a page of what was found.
const ON_A_PAGE: usize = 50;

/// Requests that one number leads to at most.
const OF_A_NUMBER: i64 = 200;

/// Letters of a name of which the beginning is enough.
const BEGINNING: usize = 3;

/// The words of a text, in small letters without accents. Letters that ASCII has not are spelled by their numbers, so that every
/// index takes them for one word.
pub(super) fn fold(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let Some(word) = words.last_mut() else { break };
        match c {
            'a'..='z' | '0'..='9' => word.push(c),
            'ß' => word.push_str("ss"),
            'æ' => word.push_str("ae"),
            'œ' => word.push_str("oe"),
            'ø' => word.push('o'),
            'đ' | 'ð' => word.push('d'),
            'ł' => word.push('l'),
            'ı' => word.push('i'),
            // O'Brien is found as obrien.
            '\'' | '’' | 'ʼ' => {}
            c if c.is_alphanumeric() => *word = format!("{word}u{:x}", u32::from(c)),
            _ if word.is_empty() => {}
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

pub(super) fn office_word(office: &OfficeCode) -> String {
    format!("o{}", office.as_str().to_ascii_lowercase())
}

pub(super) fn name_word(folded: &str) -> String {
    format!("n{folded}")
}

/// A word that somebody wrote: twenty letters that tell nothing without the key, and are the same for the same word.
pub(super) fn written_word(ctx: &Context, folded: &str) -> String {
    let mac = ctx.keys.blind_index("a word of a request", folded);
    let letters = mac.iter().take(10).flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(b'a' + half));
    std::iter::once('w').chain(letters).collect()
}

/// Puts a request into the index as it is now, in the transaction that changed it: its office, the names of its case and those that
/// were given, and what was written: in the form, later, and in notes. Letters are not in it.
pub(super) async fn index(ctx: &Context, transaction: &mut Connection, id: Uuid) -> Result<(), Error> {
    let Some(row) = rows::find(transaction, id).await? else { return Ok(()) };
    let Some(content) = rows::content(transaction, &ctx.keys, id).await? else { return Ok(()) };
    let answers: Answers = serde_json::from_slice(content.expose()).map_err(|_| Error::Internal)?;
    let mut words: BTreeSet<String> = BTreeSet::new();
    words.extend(row.office.as_deref().and_then(|code| OfficeCode::parse(code).ok()).map(|office| office_word(&office)));
    for name in request_search::names(transaction, row.case).await? {
        words.extend(fold(&name).iter().map(|word| name_word(word)));
    }
    let mut written = Vec::new();
    for (field, typed) in answers.fields() {
        match field {
            Field::FamilyName | Field::GivenName | Field::RepresentativeName => {
                words.extend(fold(typed).iter().map(|word| name_word(word)));
            }
            _ if matches!(field.kind(), FieldKind::Line(_) | FieldKind::Lines(_)) => written.extend(fold(typed)),
            _ => {}
        }
    }
    for event in rows::events(transaction, id).await?.into_iter().filter(|event| event.has_content) {
        let text = rows::event_content(transaction, &ctx.keys, &row, event.id).await?;
        written.extend(text.iter().flat_map(|text| fold(&String::from_utf8_lossy(text.expose()))));
    }
    for note in store::request_work::notes(transaction, &ctx.keys, row.case, id).await? {
        written.extend(fold(note.text.expose()));
    }
    words.extend(written.iter().map(|word| written_word(ctx, word)));
    let words = words.into_iter().collect::<Vec<_>>().join(" ");
    Ok(request_search::set_words(transaction, id, &words).await?)
}

/// Requests that are written in one round.
const IN_ONE_ROUND: i64 = 500;

/// Writes the words of requests that are not in the index yet: those of an earlier release, or all of them after the key of the index
/// was turned.
pub(crate) async fn index_missing(ctx: &Context) -> Result<usize, Error> {
    let missing = request_search::to_write(&mut ctx.store.read_primary().await?, IN_ONE_ROUND).await?;
    for id in &missing {
        let mut transaction = ctx.store.begin().await?;
        index(ctx, &mut transaction, *id).await?;
        transaction.commit().await?;
    }
    Ok(missing.len())
}

/// What an officer looks for, as it is kept.
#[derive(Serialize, Deserialize)]
struct Looked {
    text: String,
}

/// Keeps what an officer looks for, and gives the name under which the answer is shown. None for nothing to look for.
pub async fn look_for(ctx: &Context, officer: &Officer, typed: &str) -> Result<Option<Uuid>, Error> {
    officer.check_somewhere(Action::ReadRequests)?;
    let text: String = typed.trim().chars().take(LONGEST).collect();
    if fold(&text).is_empty() {
        return Ok(None);
    }
    let content = serde_json::to_vec(&Looked { text }).map_err(|_| Error::Internal)?;
    let id = ctx.clock.new_id();
    let mut transaction = ctx.store.begin().await?;
    request_search::keep(&mut transaction, &ctx.keys, id, officer.officer_id(), &content, ctx.now() + KEPT_FOR).await?;
    ctx.audit(&mut transaction, officer.actor(), "request.search", &id.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Some(id))
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// What was looked for, to be shown in its field.
    pub text: Sensitive<String>,
    /// The newest first. Requests about cases that the officer may not see are not among them.
    pub requests: Vec<Shown>,
    /// From where the next page goes on.
    pub after: Option<i64>,
}

/// What a search finds now, from the beginning or from where a page ended. None for a search that is over, or somebody else's.
pub async fn found(ctx: &Context, officer: &Officer, search: Uuid, after: Option<i64>) -> Result<Option<Found>, Error> {
    officer.check_somewhere(Action::ReadRequests)?;
    let mut connection = ctx.store.read_primary().await?;
    let kept = request_search::kept(&mut connection, &ctx.keys, search, officer.officer_id(), ctx.now()).await?;
    let Some(kept) = kept else { return Ok(None) };
    let looked: Looked = serde_json::from_slice(kept.expose()).map_err(|_| Error::Internal)?;
    let text = Sensitive::new(looked.text);
    if let Some(ids) = of_number(ctx, &mut connection, text.expose()).await? {
        let requests = visible(ctx, officer, &mut connection, &ids).await?;
        return Ok(Some(Found { text, requests: requests.into_iter().map(shown).collect(), after: None }));
    }
    let query = query(ctx, officer, text.expose());
    let (mut requests, mut before) = (Vec::new(), after.unwrap_or(i64::MAX));
    let some = i64::try_from(ON_A_PAGE).unwrap_or(i64::MAX) + 1;
    // What may not be shown is left out, and the page filled up.
    loop {
        let places = request_search::find(&mut connection, &query, before, some).await?;
        let is_last = places.len() <= ON_A_PAGE;
        let ids: Vec<Uuid> = places.iter().map(|(_, id)| *id).collect();
        for listed in visible(ctx, officer, &mut connection, &ids).await? {
            if requests.len() == ON_A_PAGE {
                return Ok(Some(Found { text, requests, after: Some(before) }));
            }
            let place = places.iter().find(|(_, id)| *id == listed.id);
            before = place.map_or(before, |(place, _)| *place);
            requests.push(shown(listed));
        }
        if is_last {
            return Ok(Some(Found { text, requests, after: None }));
        }
        before = places.last().map_or(before, |(place, _)| *place);
    }
}

fn shown(listed: Listed) -> Shown {
    Shown { receipt_number: Some(listed.receipt_number.clone()), listed }
}

/// All words, each as the beginning of a name or as a word that was written, at one of the officer's offices.
fn query(ctx: &Context, officer: &Officer, text: &str) -> Vec<OneOf> {
    let whole = |word: String| Term { word, is_beginning: false };
    let offices = officer.offices(Action::ReadRequests).iter().map(|office| whole(office_word(office))).collect();
    let word = |folded: &String| {
        let name = Term { word: name_word(folded), is_beginning: folded.len() >= BEGINNING };
        OneOf(vec![name, whole(written_word(ctx, folded))])
    };
    std::iter::once(OneOf(offices)).chain(fold(text).iter().take(MOST_WORDS).map(word)).collect()
}

/// The requests that a number names: of a request, a receipt, or a person; none if it is no number.
async fn of_number(ctx: &Context, connection: &mut Connection, text: &str) -> Result<Option<Vec<Uuid>>, Error> {
    if let Ok(number) = RequestNumber::parse(text) {
        return Ok(Some(rows::by_number(connection, &number).await?.into_iter().collect()));
    }
    if let Ok(number) = ReceiptNumber::parse(text) {
        return Ok(Some(request_search::by_receipt(connection, &number, OF_A_NUMBER).await?));
    }
    if let Some(number) = ANumber::parse(text.trim()) {
        let index = ctx.keys.blind_index("a_number", number.digits());
        return Ok(Some(request_search::by_a_number(connection, &index, OF_A_NUMBER).await?));
    }
    if let Some(digits) = super::intake::callback_digits(text) {
        let index = super::intake::callback_index(ctx, &digits);
        return Ok(Some(rows::by_callback(connection, &index).await?.into_iter().collect()));
    }
    Ok(None)
}

/// Those of the requests that the officer may see, in their order.
async fn visible(ctx: &Context, officer: &Officer, connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<Listed>, Error> {
    let listed = request_queue::listed(connection, ids).await?;
    let may_see = |listed: &Listed| {
        let office = listed.placement.office.as_ref();
        office.is_some_and(|office| officer.may(Action::ReadRequests, office) && may_see_case(ctx, officer, office, listed))
    };
    Ok(listed.into_iter().filter(may_see).collect())
}

/// A list that somebody wants again.
#[derive(Debug, Clone)]
pub struct SavedView {
    pub id: Uuid,
    pub name: String,
    /// Whether all of the office see it.
    pub is_shared: bool,
    pub list: List,
}

/// A list as its row keeps it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptList {
    queue: Queue,
    order: Order,
    is_falling: bool,
    chosen: Chosen,
}

/// Keeps a list under a name, for oneself or for the office. None if the name is missing, too long, or taken.
pub async fn save_view(ctx: &Context, officer: &Officer, name: &str, list: &List, is_shared: bool) -> Result<Option<Uuid>, Error> {
    officer.check(if is_shared { Action::AssignRequests } else { Action::ReadRequests }, &list.office)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) || !list.chosen.is_legal() {
        return Ok(None);
    }
    let kept = KeptList {
        queue: list.queue,
        order: list.order,
        is_falling: list.direction == Direction::Falling,
        chosen: list.chosen.clone(),
    };
    let view = View {
        id: ctx.clock.new_id(),
        owner: (!is_shared).then(|| officer.officer_id()),
        name: name.to_owned(),
        chosen: serde_json::to_string(&kept).map_err(|_| Error::Internal)?,
    };
    let mut transaction = ctx.store.begin().await?;
    let added = request_search::add_view(&mut transaction, &list.office, &view, officer.officer_id(), ctx.now()).await?;
    transaction.commit().await?;
    Ok(added.then_some(view.id))
}

/// The views of an office, and the officer's own there.
pub async fn views(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Vec<SavedView>, Error> {
    officer.check(Action::ReadRequests, office)?;
    let views = request_search::views(&mut ctx.store.read_primary().await?, office, officer.officer_id()).await?;
    let read = |view: View| {
        // One that a later release kept is not shown.
        let kept: KeptList = serde_json::from_str(&view.chosen).ok()?;
        let direction = if kept.is_falling { Direction::Falling } else { Direction::Rising };
        let (queue, chosen, order) = (kept.queue, kept.chosen, kept.order);
        let list = List { chosen, order, direction, ..List::of(office.clone(), queue) };
        Some(SavedView { id: view.id, name: view.name, is_shared: view.owner.is_none(), list })
    };
    Ok(views.into_iter().filter_map(read).collect())
}

/// Forgets a view: one's own, or as a supervisor the office's.
pub async fn drop_view(ctx: &Context, officer: &Officer, id: Uuid) -> Result<bool, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some((office, owner)) = request_search::view_owner(&mut transaction, id).await? else { return Ok(false) };
    let is_own = |owner: OfficerId| owner == officer.officer_id();
    if !owner.map_or_else(|| officer.may(Action::AssignRequests, &office), is_own) {
        return Err(Error::Refused);
    }
    let dropped = request_search::drop_view(&mut transaction, id).await?;
    transaction.commit().await?;
    Ok(dropped)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn words_are_the_same_however_they_are_written() {
        for (text, words) in [
            ("Muñoz-García, MARÍA José", &["munoz", "garcia", "maria", "jose"] as &[_]),
            ("O'Brien  O’Brien", &["obrien", "obrien"]),
            ("Łukasz Straße Ångström Đặng", &["lukasz", "strasse", "angstrom", "dang"]),
            ("n\u{303}", &["n"]),
            ("王", &["u738b"]),
            (" -- .,; \u{301}", &[]),
            ("EAC-99", &["eac", "99"]),
        ] {
            assert_eq!(fold(text), words, "{text}");
        }
    }
}
