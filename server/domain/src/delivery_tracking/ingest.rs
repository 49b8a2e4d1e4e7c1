//! An extract file coming in, in short batches, each one transaction.

use chrono::TimeDelta;
use store::delivery_tracking::{Counts, Extract, NewScan};
use store::quarantine::RefusedLine;
use tokio::io::AsyncBufRead;

use super::record::{Lines, Reason, Record};
use crate::lines::read_line;
use crate::{Action, Actor, Context, Error};

/// Records in one transaction: a fraction of a second, so that nobody else who writes waits long.
const BATCH: usize = 2000;
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
    let mut reader = Lines::new();
    // Asked before anything is noted of the file.
    if batch.len() > 1 && batch.iter().all(|line| reader.read(&line.bytes).is_err()) {
        return Err(Error::Unusable(format!(
            "{} is no extract file: none of its first {} lines is a record of a documented layout.",
            source.file_name,
            batch.len()
        )));
    }
    let mut run = match begin(ctx, source, reader).await? {
        Begun::Run(run) => run,
        Begun::AlreadyThere(extract) => return Ok(Ingested::AlreadyThere(extract)),
    };
    while !batch.is_empty() {
        run.take_in(ctx, source, batch).await?;
        progress(&run.counts, input.bytes);
        // Between two batches any other writer gets its turn.
        tokio::task::yield_now().await;
        batch = input.batch().await?;
    }
    run.finish(ctx, actor, source).await?;
    Ok(Ingested::Read(run.counts))
}

enum Begun {
    Run(Box<Run>),
    AlreadyThere(Extract),
}

/// A file under way.
struct Run {
    id: uuid::Uuid,
    counts: Counts,
    reader: Lines,
}

async fn begin(ctx: &Context, source: Source<'_>, reader: Lines) -> Result<Begun, Error> {
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
    Ok(Begun::Run(Box::new(Run { id, counts: Counts::default(), reader })))
}

struct Line {
    number: i64,
    bytes: Vec<u8>,
}

/// What is left of a file.
struct Input<L> {
    lines: L,
    /// Lines read, good or bad.
    line: i64,
    bytes: u64,
}

impl<L: AsyncBufRead + Unpin> Input<L> {
    async fn batch(&mut self) -> Result<Vec<Line>, Error> {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(mut bytes) = read_line(&mut self.lines, LONGEST_LINE, &mut self.bytes).await? else { break };
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
            self.line += 1;
            if !bytes.is_empty() {
                batch.push(Line { number: self.line, bytes });
            }
        }
        Ok(batch)
    }
}

impl Run {
    async fn take_in(&mut self, ctx: &Context, source: Source<'_>, batch: Vec<Line>) -> Result<(), Error> {
        let (scans, no_scans, refused) = self.sort_out(&batch);
        let mut transaction = ctx.store.begin().await?;
        store::installation::lock_imports(&mut transaction).await?;
        let now = ctx.now();
        let added = store::delivery_tracking::add_scans(&mut transaction, &ctx.keys, self.id, &scans, now).await?;
        for (line, reason) in &refused {
            let refused = RefusedLine { source: source.file_name, line_number: line.number, reason, line: &line.bytes };
            store::quarantine::add(&mut transaction, &ctx.keys, &ctx.clock, &refused, now + source.quarantine).await?;
        }
        let mut counts = self.counts;
        counts.records += count(batch.len());
        counts.events += i64::try_from(added).unwrap_or(i64::MAX);
        counts.duplicates += count(scans.len()) - i64::try_from(added).unwrap_or(0);
        counts.no_scans += no_scans;
        counts.quarantined += count(refused.len());
        counts.first_scan_at = scans.iter().map(|scan| scan.scanned_at).chain(counts.first_scan_at).min();
        counts.last_scan_at = scans.iter().map(|scan| scan.scanned_at).chain(counts.last_scan_at).max();
        store::delivery_tracking::save_progress(&mut transaction, self.id, &counts, now).await?;
        transaction.commit().await?;
        self.counts = counts;
        Ok(())
    }

    fn sort_out<'l>(&mut self, batch: &'l [Line]) -> (Vec<NewScan>, i64, Vec<(&'l Line, Reason)>) {
        let (mut scans, mut no_scans, mut refused) = (Vec::with_capacity(batch.len()), 0, Vec::new());
        for line in batch {
            match self.reader.read(&line.bytes) {
                Ok(Record::Scan(scan)) => scans.push(*scan),
                Ok(Record::NoScan) => no_scans += 1,
                Err(reason) => refused.push((line, reason)),
            }
        }
        (scans, no_scans, refused)
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
