//! The accounting of disclosures (5 USC 552a(c)): what was told of whom, to whom, when and why.
//!
//! Every disclosure has a row before anything leaves. What partner countries are told through IDENT is accounted for by
//! [`crate::partner_query`]; what people tell by other ways is [recorded](record()) by a privacy officer, who says afterwards whether
//! it left ([`close`]). The accounting [`of_person`] reads both databases and every profile that was put together; that
//! [`of_recipient`] goes by pages. Both are [given out](export_person) as files, with a reason, and the person's own copy says less.
//!
//! A correction of a profile, and a statement of disagreement ([`dispute`]), is an amendment. A job looks up who was told what it
//! sets right ([`trace`]); a privacy officer has each of them told ([`tell`]), and what they confirm is kept ([`confirm`]).
#![expect(clippy::disallowed_methods, reason = "one of the modules that may open partner data")]

mod accounting;
mod amendment;
mod export;
mod notice;
mod record;

pub use accounting::{Entry, Line, Mark, PersonAccounting, PersonRead, RecipientPage, To, of_person, of_recipient};
pub(crate) use amendment::corrected;
pub use amendment::{Disputed, dispute, trace};
pub use export::{AccountingFile, AccountingFormat, AccountingReason, GivenOut, Taken, described, export_person, export_recipient};
pub use notice::{CorrectionsView, NoticeView, TellOutcome, confirm, notices, tell};
pub use record::{OpenRow, Recorded, Telling, close, open_rows, record, to_record};
pub use store::correction_notice::{Confirmation, StoredNotice};
/// In which database something stands.
pub use store::engine::Database as Side;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use store::Store;
use store::data_key::Keys;

use crate::Context;

/// The databases that hold disclosures: the main one first, and that of partner data where there is one.
fn databases(ctx: &Context) -> Vec<(Side, &Store, &Keys)> {
    let main = (Side::Main, &ctx.store, &*ctx.keys);
    let partner = ctx.partner_data().ok().map(|data| (Side::Partner, &data.store, &data.keys));
    std::iter::once(main).chain(partner).collect()
}

/// The instant with which a day begins at the agency.
fn beginning_of(ctx: &Context, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    ctx.zone.from_local_datetime(&midnight).earliest().map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// The first instant that does not belong to a day any more.
fn end_of(ctx: &Context, day: NaiveDate) -> DateTime<Utc> {
    day.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, |next| beginning_of(ctx, next))
}
