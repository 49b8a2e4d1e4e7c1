//! An extract file coming in, in short batches, each one transaction. While one is written the next is read and sorted out.

use chrono::TimeDelta;
use store::delivery_tracking::{Counts, Extract, NewScan};
use store::quarantine::RefusedLine;
use tokio::io::AsyncBufRead;

use super::record::{Lines, Reason, Record};
use crate::lines::read_line;
use crate::{Action, Actor, Context, Error};

/// Records in one transaction: a fraction of a second, so that nobody else who writes waits long.
const BATCH: usize = 10_000;
/// Bytes of the longest line that is read; a documented one is far shorter.
const LONGEST_LINE: usize = 4096;

/// Where records come from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub file_name: &'a str,
    /// SHA-256 of the whole file: a file that was taken in whole is not read again, whatever its name.
    pub content_hash: &'a [u8; 32],
    /// How long refused lines are kept.
    pub quarantine: TimeDelta,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ingested {
    /// It was read to its end, now.
    Read(Counts),
    /// A file of the same content was, earlier.
    AlreadyThere(Extract),
}

/// Takes a file in. `progress` hears of each batch after it is committed, with the bytes read so far.
///
/// # Errors
/// [`Error::Unusable`] if no line of the file's beginning is a record: then it is another kind of file.
pub async fn ingest(
    ctx: &Context,
    actor: Actor,
    source: Source<'_>,
    lines: impl AsyncBufRead + Unpin,
    mut progress: impl FnMut(&Counts, u64),
) -> Result<Ingested, Error> {
    actor.check(Action::IngestScans)?;
    let mut input = Input { lines, line: 0, bytes: 0 };
    let mut batch = input.batch().await?;
    // Asked before anything is noted of the file.
    if batch.records > 1 && batch.refused.len() == batch.records {
        return Err(Error::Unusable(format!(
            "{} is no extract file: none of its first {} lines is a record of a documented layout.",
            source.file_name, batch.records
        )));
    }
    let mut run = match begin(ctx, source).await? {
        Begun::Run(run) => run,
        Begun::AlreadyThere(extract) => return Ok(Ingested::AlreadyThere(extract)),
    };
    while batch.records > 0 {
        let (taken_in, next) = tokio::join!(run.take_in(ctx, source, &batch), input.batch());
        taken_in?;
        progress(&run.counts, batch.end);
        // Between two batches any other writer gets its turn.
        tokio::task::yield_now().await;
        batch = next?;
    }
    run.finish(ctx, actor, source).await?;
    Ok(Ingested::Read(run.counts))
}

enum Begun {
    Run(Run),
    AlreadyThere(Extract),
}

/// A file under way.
struct Run {
    id: uuid::Uuid,
    counts: Counts,
}

async fn begin(ctx: &Context, source: Source<'_>) -> Result<Begun, Error> {
    let mut transaction = ctx.store.begin().await?;
    let id = match store::delivery_tracking::find(&mut transaction, source.content_hash).await? {
        Some(extract) if extract.finished_at.is_some() => return Ok(Begun::AlreadyThere(extract)),
        // Somebody stopped in the middle: what went in is recognised by its scans.
        Some(extract) => extract.id,
        None => {
            let id = ctx.clock.new_id();
            store::delivery_tracking::begin(&mut transaction, id, source.content_hash, source.file_name, ctx.now()).await?;
            id
        }
    };
    transaction.commit().await?;
    Ok(Begun::Run(Run { id, counts: Counts::default() }))
}

/// What is left of a file.
struct Input<L> {
    lines: L,
    /// Lines read, good or bad.
    line: i64,
    bytes: u64,
}

struct Line {
    number: i64,
    bytes: Vec<u8>,
}

/// Some records of a file, sorted out.
struct Batch {
    records: usize,
    scans: Vec<NewScan>,
    no_scans: i64,
    refused: Vec<(Line, Reason)>,
    /// Bytes of the file up to its end.
    end: u64,
}

impl<L: AsyncBufRead + Unpin> Input<L> {
    async fn batch(&mut self) -> Result<Batch, Error> {
        let mut lines = Vec::new();
        while lines.len() < BATCH {
            let Some(mut bytes) = read_line(&mut self.lines, LONGEST_LINE, &mut self.bytes).await? else { break };
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
            self.line += 1;
            if !bytes.is_empty() {
                lines.push(Line { number: self.line, bytes });
            }
        }
        let end = self.bytes;
        tokio::task::spawn_blocking(move || sort_out(lines, end)).await.map_err(|_| Error::Internal)
    }
}

fn sort_out(lines: Vec<Line>, end: u64) -> Batch {
    let (records, mut reader) = (lines.len(), Lines::new());
    let mut batch = Batch { records, scans: Vec::with_capacity(records), no_scans: 0, refused: Vec::new(), end };
    for line in lines {
        match reader.read(&line.bytes) {
            Ok(Record::Scan(scan)) => batch.scans.push(*scan),
            Ok(Record::NoScan) => batch.no_scans += 1,
            Err(reason) => batch.refused.push((line, reason)),
        }
    }
    // In the order of the table's key neighbours are written together.
    batch.scans.sort_by(|a, b| (&a.tracking_number, a.scanned_at).cmp(&(&b.tracking_number, b.scanned_at)));
    batch
}

impl Run {
    async fn take_in(&mut self, ctx: &Context, source: Source<'_>, batch: &Batch) -> Result<(), Error> {
        let mut transaction = ctx.store.begin().await?;
        store::installation::lock_imports(&mut transaction).await?;
        let now = ctx.now();
        let added = store::delivery_tracking::add_scans(&mut transaction, &ctx.keys, self.id, &batch.scans, now).await?;
        for (line, reason) in &batch.refused {
            let refused = RefusedLine { source: source.file_name, line_number: line.number, reason, line: &line.bytes };
            store::quarantine::add(&mut transaction, &ctx.keys, &ctx.clock, &refused, now + source.quarantine).await?;
        }
        let (added, scanned) = (i64::try_from(added).unwrap_or(i64::MAX), batch.scans.iter().map(|scan| scan.scanned_at));
        let mut counts = self.counts;
        counts.records += count(batch.records);
        counts.events += added;
        counts.duplicates += count(batch.scans.len()) - added;
        counts.no_scans += batch.no_scans;
        counts.quarantined += count(batch.refused.len());
        counts.first_scan_at = scanned.clone().chain(counts.first_scan_at).min();
        counts.last_scan_at = scanned.chain(counts.last_scan_at).max();
        store::delivery_tracking::save_progress(&mut transaction, self.id, &counts, now).await?;
        transaction.commit().await?;
        self.counts = counts;
        Ok(())
    }

    async fn finish(&self, ctx: &Context, actor: Actor, source: Source<'_>) -> Result<(), Error> {
        let mut transaction = ctx.store.begin().await?;
        store::delivery_tracking::finish(&mut transaction, self.id, ctx.now()).await?;
        let Counts { records, events, duplicates, no_scans, quarantined, .. } = self.counts;
        let detail = serde_json::json!({
            "records": records, "events": events, "duplicates": duplicates, "no_scans": no_scans, "quarantined": quarantined
        });
        ctx.audit(&mut transaction, actor, "delivery_tracking.ingest", source.file_name, detail).await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
