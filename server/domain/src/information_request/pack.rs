//! What was released becomes a package: the check is asked once more, and what it allows now is written, signed and sealed.

use chrono::{DateTime, Utc};
use shared::case_feed::ANumber;
use shared::partner_query::{InboundEvent, InboundState, TransactionNumber, Verdict};
use shared::protection::CisAnswer;
use shared::sensitive::Sensitive;
use store::crypto::PackageKey;
use store::crypto::hpke::RecipientKey;
use store::engine::Connection;
use store::information_request::{self as rows, NewPackage, StoredReview};
use uuid::Uuid;

use super::act::{Act, happens, happens_after};
use super::check::{Checked, check};
use super::package::{Entry, EntryKind, EntryName, Manifest, SealError, Sealed, Sealing};
use super::reply::{Head, Prepared, document_name, write};
use super::review::released;
use crate::partner_query::{Known, standing};
use crate::{Action, Actor, Context, Error};

/// Bytes of a part, as it is kept and given out.
const PART: usize = 1024 * 1024;

/// With what packages are signed, and for whom they are sealed.
#[derive(Debug)]
pub struct PackageKeys {
    pub ours: PackageKey,
    pub theirs: RecipientKey,
}

/// A request about whose person PCQS/CIS is asked first.
#[derive(Debug)]
pub struct ToCheck {
    pub id: Uuid,
    pub a_numbers: Vec<Sensitive<ANumber>>,
}

/// About whom PCQS/CIS is asked; none if there is no such request.
pub(super) async fn to_check(ctx: &Context, id: Uuid) -> Result<Option<ToCheck>, Error> {
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let Some(foreign) = store::partner_query::foreign(&mut connection, &partner_data.keys, id).await? else { return Ok(None) };
    drop(connection);
    let standing = standing(ctx, foreign.profile, foreign.partner).await?;
    Ok(Some(ToCheck { id, a_numbers: standing.known.as_ref().map(Known::a_numbers).unwrap_or_default() }))
}

/// The next request that was released and is to be packaged.
pub async fn next_to_package(ctx: &Context, actor: Actor) -> Result<Option<ToCheck>, Error> {
    actor.check(Action::SpeakWithIdent)?;
    let mut connection = ctx.partner_data()?.store.read_primary().await?;
    let Some(id) = rows::to_package(&mut connection).await? else { return Ok(None) };
    drop(connection);
    to_check(ctx, id).await
}

/// Writes a package of what was released, as far as it may be told now, and hands it over. Nothing is told yet: OBIM has to fetch it.
pub async fn package(ctx: &Context, actor: Actor, due: &ToCheck, cis: &CisAnswer, keys: &PackageKeys) -> Result<(), Error> {
    actor.check(Action::SpeakWithIdent)?;
    let Some(checked) = check(ctx, due.id, cis).await? else { return Ok(()) };
    if !matches!(checked.state, InboundState::Approved | InboundState::Packaged) {
        return Ok(());
    }
    if checked.verdict() != Verdict::Proceed {
        return checked.stop(ctx, None).await;
    }
    let partner_data = ctx.partner_data()?;
    let mut connection = partner_data.store.read_primary().await?;
    let review = rows::last_review(&mut connection, &partner_data.keys, due.id).await?;
    drop(connection);
    let (Some(review), Some((frozen, approved_by))) = (&review, released(review.as_ref())) else {
        return fail(ctx, actor, &checked, "not_released").await;
    };
    let made_at = ctx.now();
    let number = TransactionNumber::new(ctx.random_bytes());
    let head = Head { number, date: ctx.day_of(made_at), approved_by };
    let Some(reply) = write(ctx, &checked, &frozen, &head).await? else { return fail(ctx, actor, &checked, "form").await };
    let packing = Packing { ctx, actor, checked: &checked, review, head: &head, reply: &reply, made_at };
    match Box::pin(packing.pack(keys)).await? {
        Ok(()) => Ok(()),
        Err(error) => {
            tracing::error!(request = %due.id, "no package could be made: {error}");
            fail(ctx, actor, &checked, "sealing").await
        }
    }
}

/// There is no package: a reviewer looks into it, and has another made.
async fn fail(ctx: &Context, actor: Actor, checked: &Checked, because: &str) -> Result<(), Error> {
    let event = InboundEvent::TransmissionFailed;
    let (mut state, mut version) = (checked.state, checked.foreign.version);
    let mut transaction = ctx.partner_data()?.store.begin().await?;
    if state == InboundState::Approved {
        state = state.next(&InboundEvent::Packaged).map_err(|_| Error::Internal)?;
        let act = Act::of(actor, InboundEvent::Packaged.key());
        if !happens(ctx, &mut transaction, &checked.foreign, state, act).await? {
            return Ok(());
        }
        version += 1;
    }
    state = state.next(&event).map_err(|_| Error::Internal)?;
    let act = Act { detail: serde_json::json!({ "because": because }), ..Act::of(actor, event.key()) };
    if happens_after(ctx, &mut transaction, &checked.foreign, version, state, act).await? {
        transaction.commit().await?;
    }
    Ok(())
}

/// A package that is being made.
struct Packing<'a> {
    ctx: &'a Context,
    actor: Actor,
    checked: &'a Checked,
    review: &'a StoredReview,
    head: &'a Head,
    reply: &'a Prepared,
    made_at: DateTime<Utc>,
}

impl Packing<'_> {
    /// Writes it, in one transaction with the request's next state. The inner error: nothing was written.
    async fn pack(&self, keys: &PackageKeys) -> Result<Result<(), SealError>, Error> {
        let Self { ctx, checked, review, reply, .. } = *self;
        let id = ctx.clock.new_id();
        let mut transaction = ctx.partner_data()?.store.begin().await?;
        let sealed = match self.seal(&mut transaction, id, keys).await? {
            Ok(sealed) => sealed,
            Err(error) => return Ok(Err(error)),
        };
        let package = NewPackage {
            id,
            request: checked.foreign.id,
            review: review.id,
            prepared_by: review.prepared_by,
            approved_by: self.head.approved_by,
            number: self.head.number.as_str(),
            result: reply.result,
            reply_sha256: reply.sha256(),
            bytes: sealed.bytes,
            sha256: sealed.sha256,
            at: self.made_at,
        };
        rows::add_package(&mut transaction, &package).await?;
        if self.hand_over(&mut transaction, id).await? {
            transaction.commit().await?;
        }
        Ok(Ok(()))
    }

    /// Notes that it is packaged, and handed to CPMS. False if somebody was quicker.
    async fn hand_over(&self, transaction: &mut Connection, package: Uuid) -> Result<bool, Error> {
        let Self { ctx, actor, checked, reply, .. } = *self;
        let mut version = checked.foreign.version;
        let lost: Vec<String> = reply.lost.iter().map(|field| field.key()).collect();
        let detail = serde_json::json!({ "package": package, "result": reply.result.key(), "lost": lost });
        if checked.state == InboundState::Approved {
            let state = InboundState::Approved.next(&InboundEvent::Packaged).map_err(|_| Error::Internal)?;
            let act = Act { detail: detail.clone(), ..Act::of(actor, InboundEvent::Packaged.key()) };
            if !happens(ctx, transaction, &checked.foreign, state, act).await? {
                return Ok(false);
            }
            version += 1;
        }
        let state = InboundState::Packaged.next(&InboundEvent::Handed).map_err(|_| Error::Internal)?;
        let act = Act { detail, ..Act::of(actor, InboundEvent::Handed.key()) };
        happens_after(ctx, transaction, &checked.foreign, version, state, act).await
    }

    /// Seals the request, the reply and the documents, and keeps the parts: never more than one document is in memory.
    async fn seal(
        &self,
        transaction: &mut Connection,
        id: Uuid,
        keys: &PackageKeys,
    ) -> Result<Result<Sealed<Vec<u8>>, SealError>, Error> {
        let Self { ctx, checked, reply, .. } = *self;
        let data_keys = &ctx.partner_data()?.keys;
        let (request, text) = (checked.foreign.request.as_slice(), reply.text.as_bytes());
        let begun = Manifest::new(id, self.made_at, entries(request, reply)?)
            .map_err(SealError::from)
            .and_then(|manifest| Sealing::begin(manifest, &keys.ours, &keys.theirs, Vec::new()))
            .and_then(|sealing| sealing.add(request))
            .and_then(|sealing| sealing.add(text));
        let mut sealing = match begun {
            Ok(sealing) => sealing,
            Err(error) => return Ok(Err(error)),
        };
        let mut parts = Parts { package: id, position: 0, left: Vec::new() };
        parts.take(transaction, sealing.output_mut()).await?;
        for document in &reply.documents {
            let content =
                rows::document_content(transaction, data_keys, checked.foreign.id, document.id).await?.unwrap_or_default();
            sealing = match sealing.add(content.as_slice()) {
                Ok(sealing) => sealing,
                Err(error) => return Ok(Err(error)),
            };
            parts.take(transaction, sealing.output_mut()).await?;
        }
        let mut sealed = match sealing.finish() {
            Ok(sealed) => sealed,
            Err(error) => return Ok(Err(error)),
        };
        parts.take(transaction, &mut sealed.output).await?;
        parts.end(transaction).await?;
        Ok(Ok(sealed))
    }
}

fn entries(request: &[u8], reply: &Prepared) -> Result<Vec<Entry>, Error> {
    let name = |text: &str| EntryName::parse(text).ok_or(Error::Internal);
    let entry = |text: &str, kind, content: &[u8]| {
        Ok::<_, Error>(Entry { name: name(text)?, kind, sha256: store::crypto::sha256(content), bytes: content.len() as u64 })
    };
    let mut entries =
        vec![entry("request.json", EntryKind::Request, request)?, entry("reply.txt", EntryKind::Reply, reply.text.as_bytes())?];
    for (number, document) in reply.documents.iter().enumerate() {
        entries.push(Entry {
            name: name(&document_name(number, document.kind))?,
            kind: EntryKind::Document(document.kind),
            // As it was reviewed: another one is refused.
            sha256: document.sha256,
            bytes: document.bytes,
        });
    }
    Ok(entries)
}

/// The bytes of a package, as they come.
struct Parts {
    package: Uuid,
    position: u32,
    left: Vec<u8>,
}

impl Parts {
    /// Takes what was sealed, and keeps all whole parts of it.
    async fn take(&mut self, transaction: &mut Connection, sealed: &mut Vec<u8>) -> Result<(), Error> {
        self.left.append(sealed);
        let rest = self.left.split_off(self.left.len() / PART * PART);
        for part in std::mem::replace(&mut self.left, rest).chunks(PART) {
            self.keep(transaction, part).await?;
        }
        Ok(())
    }

    async fn end(mut self, transaction: &mut Connection) -> Result<(), Error> {
        let rest = std::mem::take(&mut self.left);
        if rest.is_empty() { Ok(()) } else { self.keep(transaction, &rest).await }
    }

    async fn keep(&mut self, transaction: &mut Connection, part: &[u8]) -> Result<(), Error> {
        rows::add_part(transaction, self.package, self.position, part.to_vec()).await?;
        self.position += 1;
        Ok(())
    }
}
