//! The accounting of a person, of whom there may be several profiles, and that of a recipient.

use chrono::{DateTime, NaiveDate, Utc};
use shared::agreement::Partner;
use shared::case_feed::PersonName;
use shared::disclosure::{Disclosure, OtherDisclosure, Outcome};
use shared::profile::{FactKind, Sheet};
use shared::service_request::OfficerId;
use store::correction_notice::{self as notices, Confirmation, StoredNotice};
use store::disclosure::{self as rows, Span, StoredDisclosure, StoredOther};
use store::engine::Connection;
use store::profile;
use uuid::Uuid;

use super::{Side, beginning_of, databases, end_of};
use crate::profile::{may_know, opened_for};
use crate::{Action, Context, Error, Officer};

/// Rows of a page.
const ROWS: i64 = 50;
/// Before all records: a day that was typed is not earlier.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// An entry of the accounting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A partner country was told.
    Partner(Box<Disclosure>),
    /// Somebody else was, by other ways.
    Other(Box<OtherDisclosure>),
}

/// An entry, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub entry: Entry,
    /// None: it is under way, or nobody has said whether it left.
    pub outcome: Option<(Outcome, DateTime<Utc>)>,
    /// Of a correction: that the recipient confirmed it.
    pub confirmed: Option<Confirmation>,
}

/// The accounting of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAccounting {
    /// The profile that stands for all of them.
    pub profile: Uuid,
    pub name: Option<PersonName>,
    pub a_numbers: Vec<String>,
    /// The last day of which it knows.
    pub as_of: NaiveDate,
    /// The oldest first.
    pub lines: Vec<Line>,
    /// Who has to be told of a correction, or was.
    pub notices: Vec<StoredNotice>,
}

/// What became of asking for a person's accounting.
#[derive(Debug)]
pub enum PersonRead {
    Accounting(Box<PersonAccounting>),
    /// The profile was not opened for a purpose, or too long ago.
    NotOpen,
    /// There is nobody, or nobody whom the officer may know of.
    Nobody,
}

/// Whose accounting as a recipient it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    Partner(Partner),
    /// Everybody who is no partner country.
    Others,
}

/// Behind which entry a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

/// A page of what a recipient was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientPage {
    /// The oldest first.
    pub lines: Vec<Line>,
    /// Where the next page begins.
    pub next: Option<Mark>,
}

impl Entry {
    pub fn id(&self) -> Uuid {
        match self {
            Self::Partner(entry) => entry.id,
            Self::Other(entry) => entry.id,
        }
    }

    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Partner(entry) => entry.at,
            Self::Other(entry) => entry.at,
        }
    }

    pub fn person(&self) -> Uuid {
        match self {
            Self::Partner(entry) => entry.person,
            Self::Other(entry) => entry.person,
        }
    }

    /// The officers who had to do with it. They stay in the agency.
    pub fn officers(&self) -> Vec<OfficerId> {
        match self {
            Self::Partner(entry) => [entry.released_by, entry.approved_by, entry.transmitted_by].into_iter().flatten().collect(),
            Self::Other(entry) => vec![entry.recorded_by],
        }
    }
}

impl To {
    /// The word in addresses.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Partner(partner) => partner.key(),
            Self::Others => rows::OTHER,
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        if key == rows::OTHER { Some(Self::Others) } else { Partner::from_key(key).map(Self::Partner) }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Partner(partner) => partner.name(),
            Self::Others => "Other recipients",
        }
    }

    /// Where its rows stand.
    const fn side(self) -> Side {
        match self {
            Self::Partner(_) => Side::Partner,
            Self::Others => Side::Main,
        }
    }
}

fn line_of_partner(stored: StoredDisclosure) -> Line {
    Line { entry: Entry::Partner(Box::new(stored.entry)), outcome: stored.outcome, confirmed: None }
}

fn line_of_other(stored: StoredOther) -> Line {
    Line { entry: Entry::Other(Box::new(stored.entry)), outcome: stored.outcome, confirmed: None }
}

/// The accounting of a person as it stood at the end of a day. That it was read stands in the audit log, of partner data too.
pub async fn of_person(ctx: &Context, officer: &Officer, profile: Uuid, as_of: Option<NaiveDate>) -> Result<PersonRead, Error> {
    officer.check_somewhere(Action::ReadAccounting)?;
    let mut connection = ctx.store.read_primary().await?;
    if !may_know(ctx, &mut connection, officer, profile).await? {
        return Ok(PersonRead::Nobody);
    }
    let Some((root, _)) = opened_for(ctx, &mut connection, officer, profile).await? else { return Ok(PersonRead::NotOpen) };
    drop(connection);
    let accounting = Box::pin(read(ctx, root, as_of)).await?;
    for (_, store, _) in databases(ctx) {
        let mut transaction = store.begin().await?;
        let detail = serde_json::json!({ "entries": accounting.lines.len(), "as_of": accounting.as_of });
        ctx.audit(&mut transaction, officer.actor(), "disclosure.read", &root.to_string(), detail).await?;
        transaction.commit().await?;
    }
    Ok(PersonRead::Accounting(Box::new(accounting)))
}

/// Reads everything of a root that was known at the end of a day: today's, if none is named or it is still to come.
pub(super) async fn read(ctx: &Context, root: Uuid, as_of: Option<NaiveDate>) -> Result<PersonAccounting, Error> {
    let as_of = as_of.map_or_else(|| ctx.today(), |day| day.clamp(FIRST_DAY, ctx.today()));
    let mut connection = ctx.store.read_primary().await?;
    let parts = profile::parts(&mut connection, root).await?;
    let sheet = Sheet::new(profile::facts(&mut connection, &ctx.keys, root).await?);
    drop(connection);
    let (mut lines, mut notices) = (Vec::new(), Vec::new());
    for (side, store, keys) in databases(ctx) {
        let mut connection = store.read_primary().await?;
        for part in &parts {
            lines.extend(rows::of_profile(&mut connection, keys, *part).await?.into_iter().map(line_of_partner));
            if side == Side::Main {
                lines.extend(rows::others_of_profile(&mut connection, keys, *part).await?.into_iter().map(line_of_other));
            }
            notices.extend(notices::of_profile(&mut connection, *part).await?);
        }
    }
    let end = end_of(ctx, as_of);
    lines.retain(|line| line.entry.at() < end);
    for line in &mut lines {
        line.outcome = line.outcome.filter(|(_, at)| *at < end);
        let id = line.entry.id();
        let notice = notices.iter().find(|notice: &&StoredNotice| notice.told_by == Some(id));
        line.confirmed = notice.and_then(|notice| notice.confirmed).filter(|confirmed| confirmed.at < end);
    }
    lines.sort_by_key(|line| (line.entry.at(), line.entry.id()));
    notices.sort_by_key(|notice| (notice.raised_at, notice.id));
    let numbers = sheet.of_kind(FactKind::ANumber);
    let a_numbers = numbers.iter().filter_map(|group| group.first()?.fact.number()).map(|digits| format!("A{digits}")).collect();
    Ok(PersonAccounting { profile: root, name: sheet.name().cloned(), a_numbers, as_of, lines, notices })
}

/// What a recipient was told from a day to a day, a page of it. That it was read stands in the audit log.
pub async fn of_recipient(
    ctx: &Context,
    officer: &Officer,
    to: To,
    (from, until): (NaiveDate, NaiveDate),
    after: Option<Mark>,
) -> Result<RecipientPage, Error> {
    may_read(officer)?;
    let page = page(ctx, to, (from, until), after).await?;
    let Some((_, store, _)) = databases(ctx).into_iter().find(|(side, ..)| *side == to.side()) else { return Ok(page) };
    let mut transaction = store.begin().await?;
    let detail = serde_json::json!({ "from": from, "until": until, "entries": page.lines.len() });
    ctx.audit(&mut transaction, officer.actor(), "disclosure.read_recipient", to.key(), detail).await?;
    transaction.commit().await?;
    Ok(page)
}

/// Who may read of everybody that a recipient was told of: protected people are among them.
pub(super) fn may_read(officer: &Officer) -> Result<(), Error> {
    officer.check_somewhere(Action::ReadAccounting)?;
    officer.check_somewhere(Action::ReadProtectedProfiles)
}

pub(super) async fn page(
    ctx: &Context,
    to: To,
    (from, until): (NaiveDate, NaiveDate),
    after: Option<Mark>,
) -> Result<RecipientPage, Error> {
    let Some((_, store, keys)) = databases(ctx).into_iter().find(|(side, ..)| *side == to.side()) else {
        return Ok(RecipientPage { lines: Vec::new(), next: None });
    };
    let [from, until] = [from, until].map(|day| day.clamp(FIRST_DAY, ctx.today()));
    let first = Mark { at: beginning_of(ctx, from), id: Uuid::nil() };
    let begin = after.filter(|mark| first.at <= mark.at).unwrap_or(first);
    // One more than is shown, to know whether there are more.
    let span = Span { from: begin.at, after: begin.id, to: end_of(ctx, until), most: ROWS + 1 };
    let mut connection = store.read_primary().await?;
    let mut lines: Vec<Line> = match to {
        To::Partner(partner) => {
            rows::to_partner(&mut connection, keys, partner, span).await?.into_iter().map(line_of_partner).collect()
        }
        To::Others => rows::to_others(&mut connection, keys, span).await?.into_iter().map(line_of_other).collect(),
    };
    let shown = usize::try_from(ROWS).unwrap_or(usize::MAX);
    let has_more = lines.len() > shown;
    lines.truncate(shown);
    confirm_lines(&mut connection, &mut lines).await?;
    let last = lines.last().filter(|_| has_more).map(|line| Mark { at: line.entry.at(), id: line.entry.id() });
    Ok(RecipientPage { lines, next: last })
}

async fn confirm_lines(connection: &mut Connection, lines: &mut [Line]) -> Result<(), Error> {
    for line in lines {
        line.confirmed = notices::told_by(connection, line.entry.id()).await?.and_then(|notice| notice.confirmed);
    }
    Ok(())
}
