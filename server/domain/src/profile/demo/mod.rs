//! Photographs and fingerprints of the demo's people: drawn here, of nobody, and the same every time.

mod portrait;
mod prints;

pub use portrait::portrait;
pub use prints::prints;

use shared::case_status::ReceiptNumber;
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use shared::profile::{BiometricKind, CapturedAt, Photograph, PictureFormat, Position};
use shared::sensitive::Sensitive;
use store::profile::{self as rows, NewContent};
use uuid::Uuid;

use super::biometric::{keep, of_file, of_photograph};
use super::{LinkedCase, person};
use crate::{Action, Actor, Context, Error, Officer};

/// So many of the people have fingerprints, too.
const WITH_PRINTS: usize = 8;

/// Gives the applicants of these cases photographs, and the first of them fingerprints, as one officer would; unless anybody has
/// any. Says how many people there were.
pub async fn seed_demo(
    ctx: &Context,
    actor: Actor,
    (by, office): (Uuid, &OfficeCode),
    numbers: impl IntoIterator<Item = &str>,
) -> Result<usize, Error> {
    actor.check(Action::ChangeReference)?;
    if rows::any_biometric(&mut ctx.store.read_primary().await?).await? {
        return Ok(0);
    }
    // Some of them are protected.
    let grant = |role| Grant { role, office: office.clone(), starts_at: ctx.now(), ends_at: None };
    let officer = Officer::new(by, vec![grant(Role::RaioOfficer), grant(Role::Counsel)], ctx.now());
    let mut people = 0;
    for number in numbers {
        people += usize::from(give(ctx, &officer, number, people).await?);
    }
    Ok(people)
}

/// False if there is no such case, or it has no applicant.
async fn give(ctx: &Context, officer: &Officer, number: &str, at: usize) -> Result<bool, Error> {
    let mut transaction = ctx.store.begin().await?;
    let Ok(number) = ReceiptNumber::parse(number) else { return Ok(false) };
    let Some(case) = store::case_feed::case_id(&mut transaction, &number).await? else { return Ok(false) };
    let linked = rows::linked(&mut transaction, case).await?;
    let Some((_, profile)) = linked.into_iter().find(|(role, _)| role == "applicant") else { return Ok(false) };
    let Some(person) = person(ctx, &mut transaction, officer, profile).await? else { return Ok(false) };
    let today = ctx.today();
    let with_case = |linked: &&LinkedCase| linked.id == case && at.is_multiple_of(2);
    let captured_at = person.cases.iter().find(with_case).map_or(CapturedAt::Interview, |linked| CapturedAt::Case(linked.id));
    let bytes = Sensitive::new(portrait(person.sheet.name(), at));
    let photograph = Photograph { format: PictureFormat::Png, bytes };
    if let Ok(told) = of_photograph(&photograph, Position::Front, captured_at, today, today) {
        keep(ctx, &mut transaction, officer, &person, (told, NewContent::Photograph(&photograph))).await?;
    }
    if at < WITH_PRINTS {
        let file = Sensitive::new(prints(at, today).ok_or(Error::Internal)?);
        if let Ok(told) = of_file(BiometricKind::Fingerprints, &file, None, CapturedAt::Interview, today) {
            keep(ctx, &mut transaction, officer, &person, (told, NewContent::File(&file))).await?;
        }
    }
    transaction.commit().await?;
    Ok(true)
}
