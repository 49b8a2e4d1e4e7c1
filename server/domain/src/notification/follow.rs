//! From the form to a follower: a request, a message with a link, a confirmation.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shared::address::ZipCode;
use shared::case_feed::Email;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::notification::{FollowForm, FollowRequest};
use shared::protection::Channel;
use shared::sensitive::Sensitive;
use store::notification::{Identification, NewFollower};
use store::{form_draft, installation, look_up_failure, notification};
use uuid::Uuid;

use crate::case_status::limits::{Asker, TooMany};
use crate::case_status::{self, CaseStatus};
use crate::signed_link::{self, Purpose};
use crate::{Action, Actor, ClientIp, Context, Error};

/// How long a link to confirm is good, and a request kept.
pub(super) const TO_CONFIRM: TimeDelta = TimeDelta::hours(24);
/// How long a form with mistakes is kept.
const DRAFT: TimeDelta = TimeDelta::hours(1);

/// What whoever asked is told.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// If the case can be followed, a message is on its way.
    Taken,
    /// The form is kept under this name, to be mended.
    Mistakes(Uuid),
    TooMany(TooMany),
}

/// A request as its row keeps it.
#[derive(Serialize, Deserialize)]
pub(super) struct Wish {
    number: String,
    birth_date: Option<NaiveDate>,
    zip: Option<String>,
    email: String,
    locale: String,
}

impl Wish {
    fn of(request: &FollowRequest, locale: Locale) -> Self {
        Self {
            number: request.number.as_str().to_owned(),
            birth_date: request.birth_date.as_ref().map(|day| *day.expose()),
            zip: request.zip.as_ref().map(|zip| zip.expose().as_str().to_owned()),
            email: request.email.expose().as_str().to_owned(),
            locale: locale.tag().to_owned(),
        }
    }

    pub(super) fn email(&self) -> Option<Sensitive<Email>> {
        Email::parse(&self.email).map(Sensitive::new)
    }

    pub(super) fn locale(&self) -> Locale {
        Locale::from_tag(&self.locale)
    }

    fn number(&self) -> Option<ReceiptNumber> {
        ReceiptNumber::parse(&self.number).ok()
    }

    /// Whether it names something that only people of the case know.
    fn knows(&self, known: &Identification) -> bool {
        let born = self.birth_date.is_some_and(|day| known.birth_dates.iter().any(|known| *known.expose() == day));
        let zip = known.postal_code.as_ref().and_then(|code| ZipCode::parse(code.expose()));
        born || self.zip.as_deref().is_some_and(|given| zip.as_ref().map(ZipCode::as_str) == Some(given))
    }
}

/// Takes a request to follow a case. Every request without mistakes costs the same work and gets the same answer.
pub async fn request_to_follow(ctx: &Context, client: ClientIp, form: &FollowForm, locale: Locale) -> Result<Answer, Error> {
    Actor::Public.check(Action::FollowCase)?;
    if let Err(refused) = ctx.limits.count_look_up(client) {
        return Ok(Answer::TooMany(refused));
    }
    let Ok(request) = form.parse(ctx.today()) else { return keep_draft(ctx, &form.shortened()).await };
    if let Err(refused) = ctx.limits.count_number(Asker::Address(client), &request.number, ctx.now()) {
        return Ok(Answer::TooMany(refused));
    }
    let content = serde_json::to_vec(&Wish::of(&request, locale)).map_err(|_| Error::Internal)?;
    let of_number = ctx.sealer().mac("requests to follow a case", request.number.as_str().as_bytes());
    let address = request.email.expose().as_str().to_lowercase();
    let of_address = ctx.sealer().mac("requests to follow by an address", address.as_bytes());
    let mut transaction = ctx.store.begin().await?;
    // Nobody's mailbox is flooded, and nobody tries dates of birth one after another.
    for mac in [of_number, of_address] {
        look_up_failure::count(&mut transaction, &mac, ctx.today(), 1).await?;
        let today = look_up_failure::of_day(&mut transaction, &mac, ctx.today()).await?;
        if let Err(refused) = ctx.limits.check_follow_requests(today, case_status::until_midnight(ctx)) {
            transaction.commit().await?;
            return Ok(Answer::TooMany(refused));
        }
    }
    notification::add_request(&mut transaction, &ctx.keys, ctx.clock.new_id(), &content, ctx.now()).await?;
    transaction.commit().await?;
    Ok(Answer::Taken)
}

async fn keep_draft(ctx: &Context, form: &FollowForm) -> Result<Answer, Error> {
    let content = serde_json::to_vec(form).map_err(|_| Error::Internal)?;
    let id = ctx.clock.new_id();
    let mut transaction = ctx.store.begin().await?;
    form_draft::add(&mut transaction, &ctx.keys, id, &content, ctx.now() + DRAFT).await?;
    transaction.commit().await?;
    Ok(Answer::Mistakes(id))
}

/// The form that was kept to be mended.
pub async fn draft(ctx: &Context, id: Uuid) -> Result<Option<FollowForm>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let content = form_draft::find(&mut connection, &ctx.keys, id, ctx.now()).await?;
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}

/// A request that may be granted now, and the case that it is for.
pub(super) struct Granted {
    pub wish: Wish,
    pub case: Uuid,
    pub status: CaseStatus,
}

/// Opens a request and decides on it: none for one that was answered, is too old, names what nobody of the case knows, or
/// asks for a case that is not there or not to be shown.
pub(super) async fn granted(ctx: &Context, id: Uuid) -> Result<Option<Granted>, Error> {
    let mut connection = ctx.store.read_primary().await?;
    let request = notification::request(&mut connection, &ctx.keys, id).await?;
    // Never one connection while waiting for another: requests that come together would wait for each other.
    drop(connection);
    let Some(request) = request.filter(|request| ctx.now() < request.created_at + TO_CONFIRM) else { return Ok(None) };
    let wish: Wish = serde_json::from_slice(request.content.expose()).map_err(|_| Error::Internal)?;
    let Some(number) = wish.number() else { return Ok(None) };
    let Some(status) = look_up(ctx, &number).await? else { return Ok(None) };
    let mut connection = ctx.store.read_primary().await?;
    let Some(case) = store::case_feed::case_id(&mut connection, &number).await? else { return Ok(None) };
    let known = notification::identification(&mut connection, &ctx.keys, case).await?;
    Ok(wish.knows(&known).then_some(Granted { wish, case, status }))
}

/// What may be told of a case outside, now. A replica may not have heard of the very change that is to be told.
pub(super) async fn look_up(ctx: &Context, number: &ReceiptNumber) -> Result<Option<CaseStatus>, Error> {
    case_status::look_up_in_primary(ctx, Actor::System, Channel::Public, number).await
}

/// What the reader of a message who follows its link is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    Following,
    /// The address follows as many cases as it may. The link stays good.
    TooManyCases,
    /// The link was used, is too old, or is none.
    LinkIsOver,
}

/// Makes whoever got a message a follower.
pub async fn confirm(ctx: &Context, token: &str) -> Result<Confirmed, Error> {
    Actor::Public.check(Action::FollowCase)?;
    let Some(id) = signed_link::open(ctx, Purpose::ConfirmFollowing, token) else { return Ok(Confirmed::LinkIsOver) };
    let Some(Granted { wish, case, status }) = granted(ctx, id).await? else { return Ok(Confirmed::LinkIsOver) };
    let Some(address) = wish.email() else { return Ok(Confirmed::LinkIsOver) };
    let mut transaction = ctx.store.begin().await?;
    // Nobody stops noting this case's changes meanwhile.
    installation::lock_imports(&mut transaction).await?;
    let others = notification::count_of_address(&mut transaction, &ctx.keys, address.expose(), case).await?;
    if others >= i64::from(ctx.limits.settings().followed_cases_per_address) {
        return Ok(Confirmed::TooManyCases);
    }
    if !notification::spend_request(&mut transaction, id).await? {
        return Ok(Confirmed::LinkIsOver);
    }
    let follower = NewFollower { id: ctx.clock.new_id(), case, address: &address, locale: wish.locale() };
    notification::add(&mut transaction, &ctx.keys, &follower, ctx.now()).await?;
    notification::watch(&mut transaction, case, &status.mark(ctx)).await?;
    // What changed since the status was read is told too.
    notification::add_change(&mut transaction, &ctx.clock, case).await?;
    ctx.audit(&mut transaction, Actor::Public, "notification.follow", &case.to_string(), serde_json::json!({})).await?;
    transaction.commit().await?;
    Ok(Confirmed::Following)
}

/// Stops messages. False for what is no link to do so; a link that was used already is one.
pub async fn stop(ctx: &Context, token: &str) -> Result<bool, Error> {
    Actor::Public.check(Action::FollowCase)?;
    let Some(id) = signed_link::open(ctx, Purpose::StopFollowing, token) else { return Ok(false) };
    let mut transaction = ctx.store.begin().await?;
    if notification::remove(&mut transaction, id).await? {
        ctx.audit(&mut transaction, Actor::Public, "notification.stop", &id.to_string(), serde_json::json!({})).await?;
        transaction.commit().await?;
    }
    Ok(true)
}

/// When a link to confirm is over that answers a request.
pub(super) fn confirm_by(requested: DateTime<Utc>) -> DateTime<Utc> {
    requested + TO_CONFIRM
}
