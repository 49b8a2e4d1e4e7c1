//! Automatic assignment: an office's roster says who takes what and how much at once, and who is away.

use chrono::NaiveDate;
use shared::office::OfficeCode;
use shared::protection::{Channel, Outcome, decide};
use shared::service_request::{OfficerId, RequestKind, Why};
use store::assignment::{self, Leave, Share};
use store::engine::Connection;
use store::request_queue;
use uuid::Uuid;

use crate::{Action, Context, Error, Officer};

/// An officer on a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterEntry {
    pub share: Share,
    /// Requests that the officer has now.
    pub open: i64,
    /// Leave that is not over.
    pub leaves: Vec<Leave>,
}

/// Who works on an office's requests.
pub type Roster = Vec<RosterEntry>;

/// Who works on an office's requests. For whoever works there: it says to whom one may be handed.
pub async fn roster(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Roster, Error> {
    officer.check(Action::ReadRequests, office)?;
    let mut connection = ctx.store.read_primary().await?;
    let loads = request_queue::loads(&mut connection, office).await?;
    let mut roster = Vec::new();
    for share in assignment::shares(&mut connection, office).await? {
        let open = open_of(&loads, share.officer);
        let leaves = assignment::leaves(&mut connection, share.officer, ctx.today()).await?;
        roster.push(RosterEntry { share, open, leaves });
    }
    Ok(roster)
}

fn open_of(loads: &[(OfficerId, i64)], officer: OfficerId) -> i64 {
    loads.iter().find(|(known, _)| *known == officer).map_or(0, |(_, open)| *open)
}

/// Puts an officer on an office's roster, or changes what they take. With no room (`capacity` 0) they get nothing by themselves, and
/// can be given requests.
pub async fn set_share(ctx: &Context, officer: &Officer, office: &OfficeCode, share: &Share) -> Result<(), Error> {
    officer.check(Action::AssignRequests, office)?;
    if !(0..=10_000).contains(&share.capacity) {
        return Err(Error::Refused);
    }
    let mut transaction = ctx.store.begin().await?;
    assignment::set_share(&mut transaction, office, share).await?;
    let kinds: Vec<&str> = share.kinds.iter().map(|kind| kind.key()).collect();
    let detail = serde_json::json!({ "office": office.as_str(), "kinds": kinds, "capacity": share.capacity });
    ctx.audit(&mut transaction, officer.actor(), "roster.set", &share.officer.to_string(), detail).await?;
    Ok(transaction.commit().await?)
}

/// Takes an officer off an office's roster. What they have stays with them until somebody gives it to another.
pub async fn drop_share(ctx: &Context, officer: &Officer, office: &OfficeCode, who: OfficerId) -> Result<bool, Error> {
    officer.check(Action::AssignRequests, office)?;
    let mut transaction = ctx.store.begin().await?;
    let dropped = assignment::drop_share(&mut transaction, office, who).await?;
    let detail = serde_json::json!({ "office": office.as_str() });
    ctx.audit(&mut transaction, officer.actor(), "roster.drop", &who.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(dropped)
}

/// Notes that somebody is away from a day until another, both included: an officer for themselves, a supervisor for who is on the
/// office's roster. None if the days are the wrong way round.
pub async fn add_leave(
    ctx: &Context,
    officer: &Officer,
    office: &OfficeCode,
    who: OfficerId,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Option<Uuid>, Error> {
    let mut transaction = ctx.store.begin().await?;
    check_leave(officer, &mut transaction, office, who).await?;
    if until < from {
        return Ok(None);
    }
    let leave = Leave { id: ctx.clock.new_id(), from, until };
    assignment::add_leave(&mut transaction, who, leave).await?;
    ctx.audit(&mut transaction, officer.actor(), "roster.leave", &who.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Some(leave.id))
}

pub async fn drop_leave(ctx: &Context, officer: &Officer, office: &OfficeCode, who: OfficerId, leave: Uuid) -> Result<bool, Error> {
    let mut transaction = ctx.store.begin().await?;
    check_leave(officer, &mut transaction, office, who).await?;
    let dropped = assignment::drop_leave(&mut transaction, who, leave).await?;
    ctx.audit(&mut transaction, officer.actor(), "roster.drop_leave", &who.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(dropped)
}

async fn check_leave(officer: &Officer, transaction: &mut Connection, office: &OfficeCode, who: OfficerId) -> Result<(), Error> {
    if officer.officer_id() == who {
        return officer.check(Action::AnswerRequest, office);
    }
    officer.check(Action::AssignRequests, office)?;
    let is_here = assignment::shares(transaction, office).await?.iter().any(|share| share.officer == who);
    if is_here { Ok(()) } else { Err(Error::Refused) }
}

/// Whom a request of a kind goes to, and why; none if nobody there has room.
fn choose(shares: &[Share], loads: &[(OfficerId, i64)], away: &[OfficerId], kind: RequestKind) -> Option<(OfficerId, Why)> {
    let takes = |share: &&Share| share.capacity > 0 && (share.kinds.is_empty() || share.kinds.contains(&kind));
    let taking: Vec<&Share> = shares.iter().filter(takes).collect();
    let (gone, there): (Vec<&Share>, Vec<&Share>) = taking.into_iter().partition(|share| away.contains(&share.officer));
    let (free, full): (Vec<&Share>, Vec<&Share>) =
        there.into_iter().partition(|share| open_of(loads, share.officer) < share.capacity);
    // The smallest part of what they take at most; compared without fractions. Of two the one with more room, then the first.
    let best = free.iter().min_by(|one, other| {
        let (here, there) = (open_of(loads, one.officer), open_of(loads, other.officer));
        let parts = (here * other.capacity).cmp(&(there * one.capacity));
        parts.then(other.capacity.cmp(&one.capacity)).then(one.officer.cmp(&other.officer))
    })?;
    let open = open_of(loads, best.officer);
    let why = Why::Rule { open, capacity: best.capacity, among: free.len(), on_leave: gone.len(), full: full.len() };
    Some((best.officer, why))
}

/// Whom a request that comes to an office is given to, as its roster says, which the transaction holds. One about a case that most
/// officers may not see waits for a supervisor.
pub(super) async fn by_rule(
    ctx: &Context,
    transaction: &mut Connection,
    id: Uuid,
    office: &OfficeCode,
    roster: &[Share],
) -> Result<Option<(OfficerId, Why)>, Error> {
    if roster.is_empty() {
        return Ok(None);
    }
    let Some(listed) = request_queue::listed(transaction, &[id]).await?.pop() else { return Ok(None) };
    if decide(&listed.markers, Channel::Console, ctx.today()) != Outcome::Show {
        return Ok(None);
    }
    let loads = request_queue::loads(transaction, office).await?;
    let away = assignment::on_leave(transaction, office, ctx.today()).await?;
    Ok(choose(roster, &loads, &away, listed.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(officer: u128, capacity: i64, kinds: &[RequestKind]) -> Share {
        Share { officer: OfficerId(officer), kinds: kinds.to_vec(), capacity }
    }

    #[test]
    fn a_request_goes_to_who_takes_its_kind_is_there_and_has_most_room() {
        let kind = RequestKind::Expedite;
        let shares = [
            share(1, 10, &[]),
            share(2, 20, &[]),
            share(3, 10, &[RequestKind::CaseStatus]),
            share(4, 5, &[kind]),
            share(5, 0, &[]),
        ];
        let loads = |open: [i64; 5]| (1..).zip(open).map(|(id, open)| (OfficerId(id), open)).collect::<Vec<_>>();
        let chosen = |open, away: &[u128]| {
            let away: Vec<OfficerId> = away.iter().map(|id| OfficerId(*id)).collect();
            choose(&shares, &loads(open), &away, kind).map(|(officer, _)| officer.0)
        };
        assert_eq!(chosen([0, 0, 0, 0, 0], &[]), Some(2), "the one with most room");
        assert_eq!(chosen([1, 3, 0, 0, 0], &[]), Some(4));
        assert_eq!(chosen([1, 3, 0, 1, 0], &[]), Some(1), "a tenth, three twentieths, a fifth");
        assert_eq!(chosen([1, 2, 0, 1, 0], &[]), Some(2), "a tenth both: more room");
        assert_eq!(chosen([1, 2, 0, 1, 0], &[2]), Some(1));
        assert_eq!(chosen([10, 20, 0, 5, 0], &[]), None, "full; and what is not their kind is not given to the others");
        assert_eq!(chosen([10, 20, 0, 0, 0], &[4]), None);
        let (_, why) = choose(&shares, &loads([10, 3, 0, 0, 0]), &[OfficerId(4)], kind).unwrap();
        assert_eq!(why, Why::Rule { open: 3, capacity: 20, among: 1, on_leave: 1, full: 1 });
    }
}
