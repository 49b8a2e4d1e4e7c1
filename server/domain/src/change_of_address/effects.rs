//! What is due because of a change, done one step after the other: each in the transaction that notes it, so that a job that was
//! killed goes on where it stood, and nothing is done twice.

use chrono::{DateTime, Utc};
use shared::address::Address;
use shared::case_feed::MailingAddress;
use shared::change_of_address::{AddressChange, CaseAt, ChangeState, Effect, Filing, Notice, OldReach, Side};
use shared::country::{CountryCode, UNITED_STATES};
use shared::e_request::{Answers, Field};
use shared::service_request::{Count, Happening, RequestKind, Source, Target};
use store::change_of_address::{self as rows, CaseChangeKind, Listed, StoredChange};
use store::engine::Connection;
use store::notification::{self, Kind, NewMessage, Outcome};
use uuid::Uuid;

use super::mail::Parameters;
use super::{led_to, told};
use crate::service_request::{self, Filing as Request};
use crate::{Action, Actor, Context, Error};

/// In how many days an agent is meant to look at a change that waits for one. Cards are held as long.
const TARGET: Target = Target { days: 7, count: Count::Calendar };

/// Digits of a code in an e-mail, and of a number in a letter.
const DIGITS: u32 = 8;
/// Of the number in a letter that takes a change back. It names its change, so it is longer.
pub(super) const DIGITS_TO_TAKE_BACK: u32 = 12;

/// Does all that is due for a change. Doing it again changes nothing.
pub async fn work(ctx: &Context, change: Uuid) -> Result<Outcome, Error> {
    // Each round does one effect; their number is bounded, so a mistake here cannot go on for ever.
    const MOST: usize = 500;
    for _ in 0..MOST {
        if !work_once(ctx, change).await? {
            return Ok(Outcome::Sent);
        }
    }
    tracing::error!(%change, "a change of address has no end of effects");
    Err(Error::Internal)
}

/// Does the first effect that is not done. False if there is none.
pub(super) async fn work_once(ctx: &Context, change: Uuid) -> Result<bool, Error> {
    Actor::System.check(Action::SendMessages)?;
    let mut transaction = ctx.store.begin().await?;
    // Addresses of cases are what imports write, too, and the case system reads its changes in the order in which they are made.
    store::installation::lock_imports(&mut transaction).await?;
    let Some(stored) = rows::hold(&mut transaction, change).await? else { return Ok(false) };
    let done = rows::steps(&mut transaction, change).await?;
    let next = stored.filing.effects().into_iter().find(|effect| !done.contains(&effect.key()));
    let Some(effect) = next else { return Ok(false) };
    let Some(told) = told(ctx, &mut transaction, stored.report).await? else { return Err(Error::Internal) };
    rows::add_step(&mut transaction, change, &effect.key(), ctx.now()).await?;
    Job { ctx, stored: &stored, told: &told }.perform(&mut transaction, effect).await?;
    transaction.commit().await?;
    Ok(true)
}

struct Job<'a> {
    ctx: &'a Context,
    stored: &'a StoredChange,
    told: &'a AddressChange,
}

impl Job<'_> {
    async fn perform(&self, transaction: &mut Connection, effect: Effect) -> Result<(), Error> {
        match effect {
            Effect::HoldCards { case } => self.tell(transaction, case, CaseChangeKind::HoldCards, None).await,
            Effect::ReleaseCards { case } => self.release(transaction, case).await,
            Effect::SendCodeToContact => self.send_secret(transaction, Kind::AddressMail).await,
            Effect::MailPinToOldAddress => self.send_secret(transaction, Kind::AddressLetter).await,
            Effect::AskAgent => self.ask_agent(transaction).await,
            Effect::UpdateMailingAddress { case, to } => self.update(transaction, case, to).await,
            Effect::RedirectUnmailedPieces { case, to } => {
                self.tell_address(transaction, case, to, CaseChangeKind::RedirectUnmailed).await
            }
            Effect::UpdateOpenServiceRequests { case, to } => self.note(transaction, case, to).await,
            Effect::TellCaseSystem { case, to } => self.tell_address(transaction, case, to, CaseChangeKind::MailingAddress).await,
            Effect::NoticeToOldContact(notice) => self.notice_to_old(transaction, notice).await,
            Effect::NoticeToNewContact(notice) => self.notice_to_new(transaction, notice).await,
        }
    }

    fn listed(&self, at: CaseAt) -> Option<&Listed> {
        self.stored.cases.get(usize::from(at.0))
    }

    fn case(&self, at: CaseAt) -> Option<Uuid> {
        self.listed(at)?.case
    }

    /// When the state came about that all this is due in.
    fn since(&self) -> DateTime<Utc> {
        match self.stored.filing.state() {
            ChangeState::Confirmed { at, .. } | ChangeState::Reversed { at } => at,
            _ => self.ctx.now(),
        }
    }

    async fn tell(
        &self,
        transaction: &mut Connection,
        at: CaseAt,
        kind: CaseChangeKind,
        address: Option<&MailingAddress>,
    ) -> Result<(), Error> {
        let Some(case) = self.case(at) else { return Ok(()) };
        rows::add_case_change(transaction, &self.ctx.keys, case, kind, address, self.ctx.now()).await?;
        Ok(())
    }

    /// Lets the cards of a case go, unless another change of its address still waits.
    async fn release(&self, transaction: &mut Connection, at: CaseAt) -> Result<(), Error> {
        let Some(case) = self.case(at) else { return Ok(()) };
        if rows::holds_cards(transaction, case).await? {
            return Ok(());
        }
        self.tell(transaction, at, CaseChangeKind::ReleaseCards, None).await
    }

    /// Makes a code or a number, and has it sent. Whatever was sent before is good for nothing from now on.
    async fn send_secret(&self, transaction: &mut Connection, kind: Kind) -> Result<(), Error> {
        let secret = random_digits(self.ctx.random_bytes(), DIGITS);
        rows::set_secret(transaction, self.stored.id, Some(&mac_of(self.ctx, self.stored.id, &secret))).await?;
        self.send(transaction, kind, &Parameters::Secret(secret)).await
    }

    async fn send(&self, transaction: &mut Connection, kind: Kind, what: &Parameters) -> Result<(), Error> {
        let parameters = serde_json::to_vec(what).map_err(|_| Error::Internal)?;
        let (id, now) = (self.ctx.clock.new_id(), self.ctx.now());
        let subject = self.stored.id;
        let new = NewMessage { id, kind, subject, change: id, parameters: Some(&parameters), due_at: now };
        Ok(notification::add_message(transaction, &self.ctx.keys, &new, now).await?)
    }

    async fn notice_to_old(&self, transaction: &mut Connection, notice: Notice) -> Result<(), Error> {
        let kind = match self.stored.filing.reach() {
            OldReach::Contact => Kind::AddressMail,
            OldReach::AddressOnly if notice == Notice::Changed => return self.letter_of_change(transaction).await,
            OldReach::AddressOnly => Kind::AddressLetter,
            OldReach::NotSafe => return Ok(()),
        };
        self.send(transaction, kind, &Parameters::ToOldContact(notice.key().to_owned())).await
    }

    /// A letter that the change is in force, with a number that takes it back: an e-mail would have a link.
    async fn letter_of_change(&self, transaction: &mut Connection) -> Result<(), Error> {
        let number = random_digits(self.ctx.random_bytes(), DIGITS_TO_TAKE_BACK);
        rows::set_secret(transaction, self.stored.id, Some(&mac_of_letter(self.ctx, &number))).await?;
        self.send(transaction, Kind::AddressLetter, &Parameters::LetterOfChange(number)).await
    }

    async fn notice_to_new(&self, transaction: &mut Connection, notice: Notice) -> Result<(), Error> {
        if self.told.contact.email.is_none() {
            return Ok(());
        }
        self.send(transaction, Kind::AddressMail, &Parameters::ToNewContact(notice.key().to_owned())).await
    }

    /// Files a request for each case: an agent speaks with the person and decides. What the change is stands in it only.
    async fn ask_agent(&self, transaction: &mut Connection) -> Result<(), Error> {
        rows::set_secret(transaction, self.stored.id, None).await?;
        let Some(report) = rows::report(transaction, self.stored.report).await? else { return Err(Error::Internal) };
        for listed in &self.stored.cases {
            let Some(case) = listed.case else { continue };
            let mut answers = Answers::default();
            answers.set(Field::ReceiptNumber, listed.number.as_str());
            answers.set(Field::Explanation, &format!("Change of address {}", report.number.grouped()));
            let latest = store::service_request::latest(transaction, case, RequestKind::ChangeOfAddress).await?;
            let request = Request {
                submission: self.ctx.clock.new_id(),
                case,
                kind: RequestKind::ChangeOfAddress,
                follows: latest.filter(service_request::is_open).map(|latest| latest.id),
                source: Source::EReq,
                locale: report.locale,
                answers,
                target: TARGET,
                received_at: self.ctx.now(),
            };
            service_request::file(self.ctx, transaction, Actor::System, &request).await?;
        }
        Ok(())
    }

    /// Writes the address into the case. What another, newer change gave stays.
    async fn update(&self, transaction: &mut Connection, at: CaseAt, to: Side) -> Result<(), Error> {
        let Some(case) = self.case(at) else { return Ok(()) };
        let given = rows::addresses(transaction, &self.ctx.keys, case).await?.given;
        let change = self.stored.id;
        match to {
            Side::New => {
                let is_newer = given.is_some_and(|given| given.change != change && given.at > self.since());
                let now = self.ctx.now();
                let next =
                    if is_newer { self.stored.filing.case_replaced(at, now) } else { self.stored.filing.case_updated(at, now) };
                if !is_newer {
                    let address = mailing_of(self.told.mail_to())?;
                    rows::give_address(transaction, &self.ctx.keys, case, change, &address, self.since()).await?;
                }
                // A case that the case system has spoken of since is further than this.
                let Ok(next) = next else { return Ok(()) };
                led_to(self.ctx, transaction, Actor::System, self.stored, &next, if is_newer { "replaced" } else { "updated" })
                    .await
            }
            Side::Old => {
                let Some(previous) = given.filter(|given| given.change == change).and_then(|given| given.previous()) else {
                    return Ok(());
                };
                Ok(rows::give_address(transaction, &self.ctx.keys, case, change, &previous, self.since()).await?)
            }
        }
    }

    /// Tells the case system where mail goes now, if it is this change that says so.
    async fn tell_address(&self, transaction: &mut Connection, at: CaseAt, _to: Side, kind: CaseChangeKind) -> Result<(), Error> {
        let Some(address) = self.address_in_force(transaction, at).await? else { return Ok(()) };
        self.tell(transaction, at, kind, Some(&address)).await
    }

    async fn note(&self, transaction: &mut Connection, at: CaseAt, _to: Side) -> Result<(), Error> {
        let (Some(case), true) = (self.case(at), self.address_in_force(transaction, at).await?.is_some()) else { return Ok(()) };
        for request in store::service_request::of_case(transaction, case).await? {
            // One that is closed refuses it, and stays as it is.
            service_request::happen(self.ctx, transaction, Actor::System, request, &Happening::AddressChanged, None).await?;
        }
        Ok(())
    }

    /// Where the mail of a case goes by this change; none if something newer decides.
    async fn address_in_force(&self, transaction: &mut Connection, at: CaseAt) -> Result<Option<MailingAddress>, Error> {
        let Some(case) = self.case(at) else { return Ok(None) };
        let addresses = rows::addresses(transaction, &self.ctx.keys, case).await?;
        let is_ours = addresses.given.is_some_and(|given| given.change == self.stored.id);
        Ok(addresses.mailing.filter(|_| is_ours).map(|address| address.expose().clone()))
    }
}

/// A keyed hash of the number in a letter that takes a change back.
pub(super) fn mac_of_letter(ctx: &Context, number: &str) -> [u8; 32] {
    ctx.sealer().mac("number of a letter about a change of address", number.as_bytes())
}

/// A keyed hash of what was sent to prove a change: good for this one only.
pub(super) fn mac_of(ctx: &Context, change: Uuid, secret: &str) -> [u8; 32] {
    ctx.sealer().mac("proof of a change of address", &[change.as_bytes().as_slice(), secret.as_bytes()].concat())
}

/// 2¹²⁸ is no multiple of a power of ten, which favours some by less than one part in 2⁸⁸.
fn random_digits(random: [u8; 16], digits: u32) -> String {
    format!("{:0width$}", u128::from_be_bytes(random) % 10u128.pow(digits), width = digits as usize)
}

/// An address as the case feed has it.
pub(super) fn mailing_of(address: &Address) -> Result<MailingAddress, Error> {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Ok(match address {
        Address::Us(us) => {
            // Case systems have no field for an urbanization: it stands where the unit goes, or before the street.
            let (street, unit) = match (us.urbanization(), us.unit()) {
                (Some(urbanization), Some(unit)) => (format!("{urbanization} {}", us.street()), Some(unit)),
                (Some(urbanization), None) => (us.street().to_owned(), Some(urbanization)),
                (None, unit) => (us.street().to_owned(), unit),
            };
            MailingAddress {
                street,
                unit: text(unit),
                city: us.city().to_owned(),
                state: Some(us.state().code().to_owned()),
                postal_code: Some(us.zip().to_string()),
                country: CountryCode::parse(UNITED_STATES).ok_or(Error::Internal)?,
            }
        }
        Address::Foreign(abroad) => MailingAddress {
            street: abroad.street().to_owned(),
            unit: text(abroad.unit()),
            city: abroad.city().to_owned(),
            state: text(abroad.region()),
            postal_code: text(abroad.postal_code()),
            country: abroad.country().clone(),
        },
    })
}

/// The notice that goes with a state: what a message says is true when it is sent.
pub(super) fn notice_of(filing: &Filing) -> Notice {
    match filing.state() {
        ChangeState::Pending { .. } => Notice::Waiting,
        ChangeState::Recorded { .. } => Notice::Recorded,
        ChangeState::Confirmed { .. } => Notice::Changed,
        ChangeState::Reversed { .. } => Notice::Reversed,
        ChangeState::Expired { .. } | ChangeState::Refused { .. } => Notice::NotChanged,
    }
}
