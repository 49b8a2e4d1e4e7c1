//! Whether a case is a person's: what they typed is compared with its record before anything is said of it.
//!
//! A number that nobody has, a hidden case, somebody else's case and a slip get one answer after the same work, and count alike.
//! Only who filed a case can have its mail redirected: its applicant or its petitioner. A beneficiary does not get that mail.

use chrono::NaiveDate;
use shared::address::ZipCode;
use shared::case_feed::{ANumber, Email};
use shared::case_status::ReceiptNumber;
use shared::protection::Channel;
use shared::sensitive::Sensitive;
use store::change_of_address as rows;
use uuid::Uuid;

use crate::case_status::limits::{Asker, TooMany};
use crate::case_status::{CaseStatus, look_up_in_primary};
use crate::{Actor, ClientIp, Context, Error};

/// In the order in which they are tried.
const ROLES: [&str; 2] = ["applicant", "petitioner"];

/// What shows that a case is somebody's.
pub(super) enum Claim<'a> {
    /// What they typed of it.
    Zip(&'a ZipCode),
    /// It has the same A-Number in the same role as a case that was proven.
    SamePerson { a_number: &'a ANumber, role: &'static str },
}

/// A case that is the person's.
pub(super) struct Known {
    pub case: Uuid,
    pub role: &'static str,
    pub a_number: Option<ANumber>,
    /// The address of e-mail on file for this person.
    pub email: Option<Sensitive<Email>>,
    pub status: Box<CaseStatus>,
}

/// Compares a claim with the record. Not counted.
pub(super) async fn know(
    ctx: &Context,
    number: &ReceiptNumber,
    born: NaiveDate,
    claim: &Claim<'_>,
) -> Result<Option<Known>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let record = rows::sensitive_of(&mut connection, &ctx.keys, number).await?;
    // Never one connection while waiting for another.
    drop(connection);
    let status = look_up_in_primary(ctx, Actor::Public, Channel::Public, number).await?;
    let Some(((case, values), status)) = record.zip(status) else { return Ok(None) };
    let value = |place: &str| values.iter().find(|(name, _)| name == place).map(|(_, value)| value.expose().as_str());
    let of = |role: &str, column: &str| value(&format!("{role}.{column}"));
    let a_number = |role: &str| ANumber::parse(&format!("A{}", of(role, "a_number")?));
    let is_theirs = |role: &&'static str| {
        let is_born = of(role, "birth_date").and_then(|day| day.parse().ok()) == Some(born);
        is_born
            && match claim {
                // Street, unit, city, state, postal code, country.
                Claim::Zip(zip) => {
                    let code = value("mailing_address").and_then(|lines| lines.split('\n').nth(4));
                    code.and_then(ZipCode::parse).as_ref() == Some(*zip)
                }
                Claim::SamePerson { a_number: known, role: known_role } => {
                    role == known_role && a_number(role).as_ref() == Some(*known)
                }
            }
    };
    let Some(role) = ROLES.into_iter().find(is_theirs) else { return Ok(None) };
    let email = of(role, "email").and_then(Email::parse).map(Sensitive::new);
    Ok(Some(Known { case, role, a_number: a_number(role), email, status: Box::new(status) }))
}

/// What a claim got.
pub(super) enum Tried {
    Agrees(Uuid),
    Disagrees,
    TooMany(TooMany),
}

/// Compares what was typed with the record, counted against the limits on numbers.
pub(super) async fn try_zip(
    ctx: &Context,
    client: ClientIp,
    number: &ReceiptNumber,
    born: NaiveDate,
    zip: &ZipCode,
) -> Result<Tried, Error> {
    if let Err(refused) = ctx.limits.count_number(Asker::Address(client), number, ctx.now()) {
        return Ok(Tried::TooMany(refused));
    }
    // Counted before anything is known, and together with e-Request's tries; what agrees is taken back.
    let mac = ctx.sealer().mac("proofs of a receipt number", number.as_str().as_bytes());
    if let Err(refused) = crate::e_request::count_try(ctx, &mac, 1).await? {
        return Ok(Tried::TooMany(refused));
    }
    let Some(known) = know(ctx, number, born, &Claim::Zip(zip)).await? else { return Ok(Tried::Disagrees) };
    crate::e_request::count_try(ctx, &mac, -1).await?.ok();
    Ok(Tried::Agrees(known.case))
}
