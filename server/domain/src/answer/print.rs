//! Letters for the printer: one PDF for an office, with a manifest, acknowledged by whoever printed it.
//!
//! What has no means to set a letter puts the batch together and hands it out; who sets it says what was laid down. A batch that was
//! begun and never laid down is handed out again, and sets to the same bytes. One that nobody acknowledges stays in the list.

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};
use shared::letter::Content;
use shared::office::OfficeCode;
use shared::protection::Channel;
use store::answer::{self as rows, Batch, LaidDown};
use store::engine::Connection;
use store::service_request;
use uuid::Uuid;

use shared::answer::Delivery;

use super::facts::read_content;
use super::may_tell;
use crate::{Action, Actor, Context, Error, Officer};

/// Letters of one batch.
const MOST_LETTERS: i64 = 500;
/// Of one that an officer is handed: it is set while they wait.
const MOST_AT_ONCE: i64 = 100;
/// Batches that are listed.
const MOST_LISTED: i64 = 200;

/// A letter to be set.
#[derive(Debug)]
pub struct Letter {
    /// Of the delivery, and in the manifest.
    pub id: Uuid,
    pub content: Content,
}

/// Letters that are to be printed together.
#[derive(Debug)]
pub struct Printing {
    pub batch: Uuid,
    pub office: String,
    pub letters: Vec<Letter>,
}

/// Puts the letters of an office together that wait to be printed. None if none does.
pub async fn begin_batch(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Option<Printing>, Error> {
    officer.check(Action::AnswerRequest, office)?;
    begin(ctx, officer.actor(), office.as_str(), MOST_AT_ONCE).await
}

/// The same for every office; and what was begun before and never laid down.
pub async fn begin_batches(ctx: &Context, actor: Actor) -> Result<Vec<Printing>, Error> {
    actor.check(Action::ManageOutbox)?;
    let mut transaction = ctx.store.begin().await?;
    let open = rows::open_batches(&mut transaction, MOST_LISTED).await?;
    let mut all = Vec::new();
    for batch in open.into_iter().filter(|batch| batch.laid_down_at.is_none()) {
        if leave_out_protected(ctx, &mut transaction, actor, batch.id).await? {
            all.push(letters_of(ctx, &mut transaction, batch.id, batch.office).await?);
        }
    }
    let offices = rows::offices_to_print(&mut transaction).await?;
    transaction.commit().await?;
    for office in offices {
        while let Some(printing) = begin(ctx, actor, &office, MOST_LETTERS).await? {
            all.push(printing);
        }
    }
    Ok(all)
}

async fn begin(ctx: &Context, actor: Actor, office: &str, most: i64) -> Result<Option<Printing>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let (batch, now) = (ctx.clock.new_id(), ctx.now());
    let mut letters = Vec::new();
    let mut after = Uuid::nil();
    loop {
        let waiting = rows::to_print(&mut transaction, office, after, most).await?;
        let Some(last) = waiting.last() else { break };
        after = last.id;
        for recipient in waiting {
            // A case that was protected since keeps its letter here, unsent.
            if may_be_mailed(ctx, &mut transaction, recipient.answer).await? {
                letters.push(recipient.id);
            }
        }
        if letters.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
            break;
        }
    }
    if letters.is_empty() {
        return Ok(None);
    }
    let count = i64::try_from(letters.len()).unwrap_or(i64::MAX);
    rows::add_batch(&mut transaction, batch, office, count, &actor.label(), now).await?;
    for letter in letters {
        rows::put_in_batch(&mut transaction, letter, batch, now).await?;
    }
    let detail = serde_json::json!({ "office": office, "letters": count });
    ctx.audit(&mut transaction, actor, "answer.print", &batch.to_string(), detail).await?;
    let printing = letters_of(ctx, &mut transaction, batch, office.to_owned()).await?;
    transaction.commit().await?;
    Ok(Some(printing))
}

async fn may_be_mailed(ctx: &Context, connection: &mut Connection, answer: Uuid) -> Result<bool, Error> {
    let Some(answer) = rows::find(connection, answer).await? else { return Ok(false) };
    let Some(row) = service_request::find(connection, answer.request).await? else { return Ok(false) };
    may_tell(ctx, connection, &row, Channel::Console).await
}

/// Takes out of a batch the letters about cases that were protected since it was put together: they stay here, unsent. False if no
/// letter is left, and no batch.
async fn leave_out_protected(ctx: &Context, transaction: &mut Connection, actor: Actor, batch: Uuid) -> Result<bool, Error> {
    let mut left_out = 0;
    for recipient in rows::of_batch(transaction, batch).await? {
        if !may_be_mailed(ctx, transaction, recipient.answer).await?
            && rows::take_out_of_batch(transaction, recipient.id, batch, ctx.now()).await?
        {
            left_out += 1;
        }
    }
    if left_out == 0 {
        return Ok(true);
    }
    ctx.audit(transaction, actor, "answer.leave_out", &batch.to_string(), serde_json::json!({ "letters": left_out })).await?;
    Ok(rows::recount_batch(transaction, batch).await?)
}

async fn letters_of(ctx: &Context, connection: &mut Connection, batch: Uuid, office: String) -> Result<Printing, Error> {
    let mut letters = Vec::new();
    for recipient in rows::of_batch(connection, batch).await? {
        let bytes = rows::letter(connection, &ctx.keys, recipient.id).await?.ok_or(Error::Internal)?;
        letters.push(Letter { id: recipient.id, content: read_content(bytes.expose())? });
    }
    Ok(Printing { batch, office, letters })
}

/// Letters of an office that wait to be printed.
#[derive(Debug)]
pub struct Waiting {
    pub letters: i64,
    /// The requests of the first of them, each once.
    pub requests: Vec<Uuid>,
}

/// Requests that are named of those whose letters wait.
const MOST_NAMED: i64 = 50;

/// How many letters of an office wait, and of which requests.
pub async fn letters_waiting(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<Waiting, Error> {
    officer.check(Action::AnswerRequest, office)?;
    let mut connection = ctx.store.read_primary().await?;
    let letters = rows::count_to_print(&mut connection, office.as_str()).await?;
    let mut requests = Vec::new();
    for letter in rows::to_print(&mut connection, office.as_str(), Uuid::nil(), MOST_NAMED).await? {
        let answer = rows::find(&mut connection, letter.answer).await?;
        requests.extend(answer.map(|answer| answer.request).filter(|request| !requests.contains(request)));
    }
    Ok(Waiting { letters, requests })
}

/// An office's batches that nobody has acknowledged, the oldest first.
pub async fn batches(ctx: &Context, officer: &Officer, office: &OfficeCode) -> Result<BatchOverview, Error> {
    officer.check(Action::AnswerRequest, office)?;
    Ok(rows::open_batches_at(&mut ctx.store.read_primary().await?, office.as_str(), MOST_LISTED).await?)
}

/// A batch with its letters, to be set once more: the same letters, the same bytes, without those about cases that were protected
/// since. None once it was acknowledged, or if nothing of it is left.
pub async fn batch_at_hand(ctx: &Context, officer: &Officer, batch: Uuid) -> Result<Option<(Batch, Printing)>, Error> {
    let mut transaction = ctx.store.begin().await?;
    let found = office_batch(&mut transaction, officer, batch).await?;
    if found.acknowledged_at.is_some() {
        return Ok(None);
    }
    if !leave_out_protected(ctx, &mut transaction, officer.actor(), batch).await? {
        transaction.commit().await?;
        return Ok(None);
    }
    let found = office_batch(&mut transaction, officer, batch).await?;
    let printing = letters_of(ctx, &mut transaction, batch, found.office.clone()).await?;
    let detail = serde_json::json!({ "purpose": "print", "letters": printing.letters.len() });
    ctx.audit(&mut transaction, officer.actor(), "answer.fetch_letters", &batch.to_string(), detail).await?;
    transaction.commit().await?;
    Ok(Some((found, printing)))
}

/// A batch of an office where this officer answers.
async fn office_batch(connection: &mut Connection, officer: &Officer, batch: Uuid) -> Result<Batch, Error> {
    let found = rows::batch(connection, batch).await?.ok_or(Error::Refused)?;
    let office = OfficeCode::parse(&found.office).map_err(|_| Error::Refused)?;
    officer.check(Action::AnswerRequest, &office)?;
    Ok(found)
}

/// Notes that an officer was handed a batch. See [`laid_down`].
pub async fn handed_out(
    ctx: &Context,
    officer: &Officer,
    batch: Uuid,
    manifest: &str,
    sha256: &[u8; 32],
    letters: &[(Uuid, [u8; 32])],
) -> Result<(), Error> {
    office_batch(&mut ctx.store.read_primary().await?, officer, batch).await?;
    note_laid_down(ctx, officer.actor(), batch, manifest, sha256, letters).await
}

/// Notes that a batch lies at the printer's: its manifest, the hash of its PDF, and of each letter.
pub async fn laid_down(
    ctx: &Context,
    actor: Actor,
    batch: Uuid,
    manifest: &str,
    sha256: &[u8; 32],
    letters: &[(Uuid, [u8; 32])],
) -> Result<(), Error> {
    actor.check(Action::ManageOutbox)?;
    note_laid_down(ctx, actor, batch, manifest, sha256, letters).await
}

async fn note_laid_down(
    ctx: &Context,
    actor: Actor,
    batch: Uuid,
    manifest: &str,
    sha256: &[u8; 32],
    letters: &[(Uuid, [u8; 32])],
) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    if !rows::lay_down(&mut transaction, batch, &LaidDown { manifest, sha256, at: ctx.now() }).await? {
        return Err(Error::Unusable("This batch was acknowledged before.".into()));
    }
    for (letter, hash) in letters {
        rows::set_letter_hash(&mut transaction, *letter, hash).await?;
    }
    ctx.audit(&mut transaction, actor, "answer.lay_down", &batch.to_string(), serde_json::json!({ "letters": letters.len() }))
        .await?;
    Ok(transaction.commit().await?)
}

/// Batches that nobody has acknowledged.
pub type BatchOverview = Vec<Batch>;

pub async fn open_batches(ctx: &Context, actor: Actor) -> Result<BatchOverview, Error> {
    actor.check(Action::ManageOutbox)?;
    Ok(rows::open_batches(&mut ctx.store.read_primary().await?, MOST_LISTED).await?)
}

/// Takes an officer's word that so many letters of a batch were printed and mailed.
///
/// # Errors
/// [`Error::Unusable`] if the batch has another number of letters, was never laid down, or was acknowledged before.
pub async fn acknowledge(ctx: &Context, officer: &Officer, batch: Uuid, letters: i64) -> Result<(), Error> {
    office_batch(&mut ctx.store.read_primary().await?, officer, batch).await?;
    note_acknowledged(ctx, officer.actor(), batch, letters).await
}

/// The same for who looks after the printer at the server.
pub async fn acknowledge_as_operator(ctx: &Context, actor: Actor, batch: Uuid, letters: i64) -> Result<(), Error> {
    actor.check(Action::ManageOutbox)?;
    note_acknowledged(ctx, actor, batch, letters).await
}

async fn note_acknowledged(ctx: &Context, actor: Actor, id: Uuid, letters: i64) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    let found = rows::batch(&mut transaction, id).await?;
    let Some(batch) = found else { return Err(Error::Unusable(format!("There is no batch {id}."))) };
    if batch.letters != letters {
        let (has, id) = (batch.letters, batch.id);
        return Err(Error::Unusable(format!("The batch {id} has {has} letters, not {letters}: look for those that are missing.")));
    }
    if !rows::acknowledge_batch(&mut transaction, id, &actor.label(), ctx.now()).await? {
        return Err(Error::Unusable(format!("The batch {id} was acknowledged before, or never laid down.")));
    }
    for recipient in rows::of_batch(&mut transaction, id).await? {
        rows::set_delivery(&mut transaction, recipient.id, Delivery::Sent, Delivery::Acknowledged, ctx.now()).await?;
    }
    ctx.audit(&mut transaction, actor, "answer.acknowledge", &id.to_string(), serde_json::json!({ "letters": letters })).await?;
    Ok(transaction.commit().await?)
}

/// Several documents as one, and how many pages each has. The same documents give the same bytes. What helps to read a document
/// aloud is left out: this one is for paper.
pub fn one_document(documents: &[Vec<u8>]) -> Result<(Vec<u8>, Vec<usize>), Error> {
    merge(documents).map_err(|error| {
        tracing::error!("letters cannot be put together: {error}");
        Error::Internal
    })
}

fn merge(documents: &[Vec<u8>]) -> lopdf::Result<(Vec<u8>, Vec<usize>)> {
    let mut all = Document::with_version("1.7");
    let pages = all.new_object_id();
    let (mut kids, mut counts) = (Vec::new(), Vec::new());
    for bytes in documents {
        let mut one = Document::load_mem(bytes)?;
        one.renumber_objects_with(all.max_id + 1);
        let of_one: Vec<ObjectId> = one.get_pages().into_values().collect();
        for page in &of_one {
            let mut dictionary = inherited(&one, *page)?;
            dictionary.set("Parent", pages);
            for key in [b"StructParents".as_slice(), b"Tabs"] {
                dictionary.remove(key);
            }
            one.objects.insert(*page, Object::Dictionary(dictionary));
        }
        counts.push(of_one.len());
        kids.extend(of_one.into_iter().map(Object::Reference));
        all.max_id = one.max_id;
        all.objects.extend(one.objects);
    }
    let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
    all.objects.insert(pages, Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }));
    let catalog = all.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    all.trailer.set("Root", catalog);
    all.prune_objects();
    all.renumber_objects();
    let mut bytes = Vec::new();
    all.save_to(&mut bytes)?;
    Ok((bytes, counts))
}

/// A page with what it has from the nodes above it.
fn inherited(document: &Document, page: ObjectId) -> lopdf::Result<Dictionary> {
    let mut dictionary = document.get_dictionary(page)?.clone();
    let mut above = dictionary.get(b"Parent").and_then(Object::as_reference).ok();
    while let Some(id) = above {
        let node = document.get_dictionary(id)?;
        for key in [b"Resources".as_slice(), b"MediaBox", b"CropBox", b"Rotate"] {
            if !dictionary.has(key)
                && let Ok(value) = node.get(key)
            {
                dictionary.set(key, value.clone());
            }
        }
        above = node.get(b"Parent").and_then(Object::as_reference).ok();
    }
    Ok(dictionary)
}
