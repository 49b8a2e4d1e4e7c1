//! What a demo has of requests for redress: one in each state, made by the same operations.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::case_status::ReceiptNumber;
use shared::identity::{Grant, Role};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::redress::{Asked, Basis, Channel, Exemption, Extension, Outcome, Part, Proposal, RedressKind};
use store::redress as rows;
use uuid::Uuid;

use super::{
    Logged, NewRequest, Proposed, acknowledge, agree, answer, close, disagree, extend, held, log, propose, read, search, verify,
    withdraw,
};
use crate::{Context, Error, Officer};

/// The two privacy officers, and whose records are asked for.
struct Desk<'a> {
    ctx: &'a Context,
    first: Officer,
    second: Officer,
    people: Vec<Uuid>,
}

/// How somebody of the demo asks: by which law and way, so many days ago.
struct Letter {
    kind: RedressKind,
    basis: Basis,
    channel: Channel,
    locale: Locale,
    days_ago: i64,
    name: &'static str,
    words: &'static str,
    evidence: &'static str,
}

/// Logs requests in every state, about the people of these cases. Not a second time. Gives how many.
///
/// # Errors
/// [`Error::Refused`] for a database that is no demo.
pub async fn seed_demo(ctx: &Context, office: &OfficeCode, officers: [Uuid; 2], cases: &[ReceiptNumber]) -> Result<usize, Error> {
    let mut connection = ctx.store.read_primary().await?;
    if store::installation::demo_day(&mut connection).await?.is_none() {
        return Err(Error::Refused);
    }
    if rows::any(&mut connection).await? {
        return Ok(0);
    }
    let mut people = Vec::new();
    for number in cases {
        let Some(case) = store::case_feed::case_id(&mut connection, number).await? else { continue };
        people.extend(store::profile::linked(&mut connection, case).await?.first().map(|(_, profile)| *profile));
    }
    drop(connection);
    let [first, second] = officers.map(|id| {
        let grant = Grant { role: Role::PrivacyOfficer, office: office.clone(), starts_at: ctx.now(), ends_at: None };
        Officer::new(id, vec![grant], ctx.now()).stepped_up_until(Some(ctx.now() + TimeDelta::minutes(5)))
    });
    let desk = Desk { ctx, first, second, people };
    Box::pin(desk.under_way()).await?;
    Box::pin(desk.decided()).await?;
    Box::pin(desk.over()).await?;
    Ok(8)
}

impl Desk<'_> {
    /// Received, verified, searched.
    async fn under_way(&self) -> Result<(), Error> {
        let (ctx, first) = (self.ctx, &self.first);
        self.log(&Letter { locale: Locale::Es, words: "Quiero ver todo lo que tienen sobre mí.", ..LETTER }).await?;
        let amendment = Letter {
            kind: RedressKind::Amendment,
            channel: Channel::Office,
            days_ago: 12,
            name: "Bruno Muestra",
            words: "My date of birth is wrong: day and month are in the other order.",
            evidence: "A birth certificate, shown at the office; a copy is with the request.",
            ..LETTER
        };
        let verified = self.log(&amendment).await?;
        verify(ctx, first, verified, "Passport, at the office.").await?;
        let searched =
            self.known(&Letter { basis: Basis::Foia, days_ago: 20, name: "Carmen Ejemplo", ..LETTER }, self.people.first()).await?;
        extend(ctx, first, searched, Extension::FieldFacilities).await?;
        Ok(())
    }

    /// A decision that waits, and one that can go out.
    async fn decided(&self) -> Result<(), Error> {
        let jra =
            Letter { basis: Basis::JudicialRedressAct, channel: Channel::Online, days_ago: 9, name: "Dora Muestra", ..LETTER };
        let waits = self.known(&jra, self.people.get(1)).await?;
        let kept_back = "What stands in the records of partner countries is theirs to give.";
        self.part(waits, kept_back).await?;
        let whole = self.known(&Letter { days_ago: 6, name: "Elio Ejemplo", ..LETTER }, self.people.get(2)).await?;
        let given = self.found(whole).await?;
        let reason = if given.is_empty() { "Nothing was found." } else { "" };
        self.decide(whole, Proposal { given, reason: reason.to_owned(), ..Proposal::default() }).await
    }

    /// Answered, closed, withdrawn; and somebody who disagrees.
    async fn over(&self) -> Result<(), Error> {
        let (ctx, first) = (self.ctx, &self.first);
        let nobody = self.known(&Letter { days_ago: 28, name: "Flora Nadie", ..LETTER }, None).await?;
        let reason = "By the name and the date of birth that you gave, nothing is found.".to_owned();
        self.decide(nobody, Proposal { reason, ..Proposal::default() }).await?;
        answer(ctx, first, nobody).await?;

        let refused = Letter {
            kind: RedressKind::Amendment,
            days_ago: 40,
            name: "Gino Ejemplo",
            words: "I was never a visitor. Take that status out.",
            evidence: "A letter of an employer.",
            ..LETTER
        };
        let refused = self.known(&refused, self.people.first()).await?;
        acknowledge(ctx, first, refused).await?;
        let reason = "The record of admission says so, and the letter does not show otherwise.".to_owned();
        self.decide(refused, Proposal { outcome: Some(Outcome::Refused), reason, ..Proposal::default() }).await?;
        answer(ctx, first, refused).await?;
        disagree(ctx, first, refused, "The officer at the airport made a mistake. I had my permit with me.").await?;
        close(ctx, first, refused).await?;

        let gone = self.log(&Letter { days_ago: 50, name: "Hugo Muestra", ..LETTER }).await?;
        withdraw(ctx, first, gone, "The person did not show who they are, and was asked twice.").await?;
        Ok(())
    }

    async fn log(&self, letter: &Letter) -> Result<Uuid, Error> {
        let asked = Asked {
            name: letter.name.to_owned(),
            address: vec!["1 Sample Street".to_owned(), "Springfield, VA 22150".to_owned()],
            words: letter.words.to_owned(),
            evidence: letter.evidence.to_owned(),
        };
        let new = NewRequest {
            kind: letter.kind,
            basis: letter.basis,
            channel: letter.channel,
            locale: letter.locale,
            received_on: self.ctx.today() - TimeDelta::days(letter.days_ago),
            asked,
        };
        match log(self.ctx, &self.first, &new).await? {
            Logged::Logged(id) => Ok(id),
            Logged::WrongLaw | Logged::WrongDay => Err(Error::Internal),
        }
    }

    /// Logged, verified and searched.
    async fn known(&self, letter: &Letter, person: Option<&Uuid>) -> Result<Uuid, Error> {
        let id = self.log(letter).await?;
        verify(self.ctx, &self.first, id, "A notarized signature, and a copy of an identity card.").await?;
        search(self.ctx, &self.first, id, person.copied()).await?;
        Ok(id)
    }

    async fn found(&self, id: Uuid) -> Result<BTreeSet<Part>, Error> {
        Ok(held(self.ctx, &self.first, id).await?.map(|found| found.held.parts()).unwrap_or_default())
    }

    /// Proposes to give a part. The other officer has not read it yet.
    async fn part(&self, id: Uuid, reason: &str) -> Result<(), Error> {
        let found = self.found(id).await?;
        let given: BTreeSet<Part> = found.iter().copied().filter(|part| *part == Part::Identity).collect();
        let exemptions = if given == found { BTreeSet::new() } else { BTreeSet::from([Exemption::Investigation]) };
        let proposal = Proposal { given, exemptions, reason: reason.to_owned(), ..Proposal::default() };
        propose(self.ctx, &self.first, id, proposal).await?;
        Ok(())
    }

    /// Proposes a decision, and has the other officer agree where that is needed.
    async fn decide(&self, id: Uuid, proposal: Proposal) -> Result<(), Error> {
        if propose(self.ctx, &self.first, id, proposal).await? != Proposed::Waits {
            return Ok(());
        }
        let newest = read(self.ctx, &self.second, id).await?.and_then(|file| file.decisions.first().map(|decision| decision.id));
        if let Some(newest) = newest {
            agree(self.ctx, &self.second, id, newest).await?;
        }
        Ok(())
    }
}

const LETTER: Letter = Letter {
    kind: RedressKind::Access,
    basis: Basis::PrivacyAct,
    channel: Channel::Mail,
    locale: Locale::En,
    days_ago: 2,
    name: "Ana Ejemplo",
    words: "Please send me all that you have about me.",
    evidence: "",
};
