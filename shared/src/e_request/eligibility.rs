//! The answer before the form: whether a request may be made now, and what the record says already. One pure function.

use chrono::{Days, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::rule::Wait;
use crate::delivery_tracking::{DeliveryState, MailedItem};
use crate::processing_time::{self, Posted, Verdict};

/// What the public part of a case's record says, as far as a rule asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    pub received: NaiveDate,
    /// Whether it waits for its first decision.
    pub waits: bool,
    /// The day since which a card or a document is made, or an approval stands.
    pub granted_on: Option<NaiveDate>,
    /// What is published about its normal time.
    pub posted: Option<Posted>,
    /// Oldest first.
    pub mail: Vec<MailFact>,
    /// Oldest first.
    pub notices: Vec<NoticeFact>,
}

/// A piece of mail of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFact {
    pub item: MailedItem,
    pub state: DeliveryState,
    pub mailed_on: Option<NaiveDate>,
    /// When its state was reached, by the clock of the place.
    pub decided_at: Option<NaiveDateTime>,
    pub place: Option<String>,
}

/// A notice that the record says was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeFact {
    pub mailed_on: NaiveDate,
}

/// Whether a request may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Eligibility {
    MayAsk(Working),
    /// From this day on; none if nobody can say.
    NotYet {
        from: Option<NaiveDate>,
        working: Working,
    },
    Refused(Refusal),
}

/// What led to the answer, to be shown with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Working {
    /// There is nothing to wait for.
    Nothing,
    NormalTime(processing_time::Working),
    Delivered {
        on: Option<NaiveDate>,
        place: Option<String>,
    },
    /// It comes back, or cannot be delivered, or nothing was heard of it.
    GoneAstray {
        state: DeliveryState,
        on: Option<NaiveDate>,
    },
    InTheMail {
        state: DeliveryState,
        mailed_on: Option<NaiveDate>,
        place: Option<String>,
        days: u32,
    },
    NoticeMailed {
        mailed_on: NaiveDate,
        days: u32,
    },
    /// Nothing was mailed since that day.
    NotMailed {
        since: NaiveDate,
        days: u32,
    },
}

/// Why this kind of request does not fit the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It does not wait for a decision.
    NotWaiting,
    /// A card or a document is made after an approval, and there is none.
    NotGranted,
}

/// Whether a request that waits for this may be made about a case.
pub fn eligibility(wait: Wait, case: &CaseFacts, today: NaiveDate) -> Eligibility {
    match wait {
        Wait::Nothing => Eligibility::MayAsk(Working::Nothing),
        Wait::NormalTime if !case.waits => Eligibility::Refused(Refusal::NotWaiting),
        Wait::NormalTime => by_normal_time(case, today),
        Wait::Mailed { item, days, unsent_days } => by_mail(item, days, unsent_days, case, today),
    }
}

fn by_normal_time(case: &CaseFacts, today: NaiveDate) -> Eligibility {
    let working = processing_time::Working::of(case.received, case.posted.as_ref());
    let verdict = working.verdict(today);
    let working = Working::NormalTime(working);
    match verdict {
        Verdict::Outside { .. } => Eligibility::MayAsk(working),
        Verdict::Inside { ask_from } => Eligibility::NotYet { from: ask_from, working },
    }
}

fn by_mail(item: MailedItem, days: u32, unsent_days: u32, case: &CaseFacts, today: NaiveDate) -> Eligibility {
    let piece = case.mail.iter().rfind(|piece| piece.item == item);
    let notice = case.notices.last().filter(|_| item == MailedItem::Notice);
    // A notice that was mailed after the last piece with a tracking number is the one that is waited for.
    let is_newer =
        |notice: &&NoticeFact| piece.and_then(|piece| piece.mailed_on).is_none_or(|mailed_on| notice.mailed_on > mailed_on);
    if let Some(notice) = notice.filter(is_newer) {
        let working = Working::NoticeMailed { mailed_on: notice.mailed_on, days };
        return after(notice.mailed_on, days, working, today);
    }
    if let Some(piece) = piece {
        return by_piece(piece, days, today);
    }
    let since = match (item, case.granted_on) {
        (MailedItem::Notice, _) => case.received,
        (_, Some(granted_on)) => granted_on,
        (_, None) => return Eligibility::Refused(Refusal::NotGranted),
    };
    after(since, unsent_days, Working::NotMailed { since, days: unsent_days }, today)
}

fn by_piece(piece: &MailFact, days: u32, today: NaiveDate) -> Eligibility {
    let on = piece.decided_at.map(|at| at.date());
    match piece.state {
        DeliveryState::Delivered => Eligibility::MayAsk(Working::Delivered { on, place: piece.place.clone() }),
        state @ (DeliveryState::Returned | DeliveryState::Undeliverable | DeliveryState::Silent { .. }) => {
            Eligibility::MayAsk(Working::GoneAstray { state, on })
        }
        state => {
            let mailed_on = piece.mailed_on.or(on);
            let working = Working::InTheMail { state, mailed_on, place: piece.place.clone(), days };
            mailed_on.map_or(Eligibility::NotYet { from: None, working: working.clone() }, |mailed_on| {
                after(mailed_on, days, working, today)
            })
        }
    }
}

fn after(day: NaiveDate, days: u32, working: Working, today: NaiveDate) -> Eligibility {
    match day.checked_add_days(Days::new(u64::from(days))) {
        Some(from) if today >= from => Eligibility::MayAsk(working),
        from => Eligibility::NotYet { from, working },
    }
}
