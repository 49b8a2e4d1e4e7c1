//! What an administrator of the database may do to a log, and what is found of it. Each on both engines.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use shared::agreement::{AgreementVersion, Element, Partner, Purpose};
use shared::audit::{Head, Log};
use shared::disclosure::{Authority, Disclosure, Method, Nature, Outcome, OutcomeEntry, Recipient};
use shared::partner_query::{LongLine, ShortLine, TransactionNumber};
use shared::sensitive::Sensitive;
use store::audit::position;
use store::crypto::CheckpointKey;
use store::engine::{Database, Engine};
use store::testing::{TestStore, meddle};
use uuid::Uuid;

use super::{Finding, LogName, Outside, Source, Verified, Wrong, begin_again, data, give_positions, logs, seal, verify};
use crate::case_status::limits::LimitSettings;
use crate::{Actor, Context, Error, reference};

const AUDIT: LogName = LogName { database: Database::Main, log: Log::Audit };
const TOLD: LogName = LogName { database: Database::Partner, log: Log::Disclosure };

/// Both databases on one engine, and a folder outside.
struct Desk {
    ctx: Context,
    main: TestStore,
    partner: TestStore,
    outside: Arc<Outside>,
}

fn key() -> CheckpointKey {
    CheckpointKey::generate("agency.example/test").unwrap()
}

impl Desk {
    async fn open(engine: Engine) -> Self {
        let (main, partner) = (store::testing::open(engine).await, store::testing::open_partner(engine).await);
        reference::ship(&main.store, &main.clock).await.unwrap();
        let (zone, limits) = (chrono_tz::America::New_York, LimitSettings::default());
        let ctx = Context::new(main.store.clone(), main.keys.clone(), main.clock.clone(), zone, limits).await.unwrap();
        let ctx = ctx.with_partner_data(partner.store.clone(), partner.keys.clone());
        let outside = Arc::new(Outside { folder: main.folder.path().join("outside"), key: key() });
        let desk = Self { ctx, main, partner, outside };
        // That texts were shipped stands there; the tests count from an empty log.
        desk.tamper(AUDIT, "audit_entry", "DELETE FROM audit_entry").await;
        desk
    }

    /// One on each engine, with so many rows in each log, written outside.
    async fn sealed(rows: u64) -> [Self; 2] {
        let desks = [Self::open(Engine::Sqlite).await, Self::open(Engine::Postgres).await];
        for desk in &desks {
            desk.write(rows).await;
            desk.seal().await;
            desk.is_clean("nothing is wrong").await;
        }
        desks
    }

    async fn write(&self, rows: u64) {
        for database in Database::ALL {
            let (store, keys) = data(&self.ctx, database).unwrap();
            let mut transaction = store.begin().await.unwrap();
            for _ in 0..rows {
                let detail = serde_json::json!({ "rows": rows });
                self.ctx.audit(&mut transaction, Actor::System, "test.act", "something", detail).await.unwrap();
                let (told, id, at) = (told(&self.ctx), self.ctx.clock.new_id(), self.ctx.now());
                store::disclosure::add(&mut transaction, keys, self.ctx.clock.new_id(), &told).await.unwrap();
                let outcome = OutcomeEntry { id, disclosure: told.id, at, outcome: Outcome::Sent };
                store::disclosure::close(&mut transaction, &outcome).await.unwrap();
            }
            transaction.commit().await.unwrap();
        }
    }

    async fn seal(&self) {
        seal(&self.ctx, Actor::System, &self.outside).await.unwrap();
    }

    /// Why no checkpoint is written of one log.
    async fn refusal(&self) -> String {
        match seal(&self.ctx, Actor::System, &self.outside).await {
            Err(Error::Unusable(why)) => why,
            other => panic!("it was not refused: {other:?}"),
        }
    }

    async fn verify(&self, kept: &[&[u8]]) -> (Vec<Finding>, Vec<Verified>) {
        let kept: Vec<_> = kept.iter().map(|note| self.outside.kept(note).unwrap()).collect();
        let (mut findings, mut steps) = (Vec::new(), 0);
        let tell = |finding| findings.push(finding);
        let verified = verify(&self.ctx, Actor::Operator, &self.outside, &kept, tell, |_, done, of| {
            assert!(done <= of);
            steps += 1;
        });
        let verified = verified.await.unwrap();
        assert!(steps > 0);
        (findings, verified)
    }

    async fn findings(&self) -> Vec<Finding> {
        self.verify(&[]).await.0
    }

    async fn is_clean(&self, because: &str) {
        let findings = self.findings().await;
        assert!(findings.is_empty(), "{because}: {findings:?}");
    }

    fn test(&self, log: LogName) -> &TestStore {
        if log.database == Database::Main { &self.main } else { &self.partner }
    }

    /// Does something to a table of a log's database that no guard keeps from it any more.
    async fn tamper(&self, log: LogName, table: &str, sql: &str) -> u64 {
        let test = self.test(log);
        let guards = match test.store.engine() {
            Engine::Sqlite => vec![format!("{table}_is_never_changed"), format!("{table}_is_never_deleted")],
            Engine::Postgres => vec![format!("{table}_is_never_changed ON {table}")],
        };
        for guard in guards {
            meddle(&test.store, &format!("DROP TRIGGER IF EXISTS {guard}")).await.unwrap();
        }
        meddle(&test.store, sql).await.unwrap()
    }

    /// The row at a position.
    async fn row(&self, log: LogName, at: u64) -> Uuid {
        let (store, keys) = data(&self.ctx, log.database).unwrap();
        let page = position::page(&mut store.read_primary().await.unwrap(), keys, log.log, at..at + 1).await.unwrap();
        page[0].row.unwrap()
    }

    fn file(&self, log: LogName, name: &str) -> std::path::PathBuf {
        self.outside.folder.join(log.name()).join(name)
    }

    fn note(&self, log: LogName) -> Vec<u8> {
        std::fs::read(self.file(log, "checkpoint")).unwrap()
    }

    async fn head(&self, log: LogName) -> Option<Head> {
        let (store, _) = data(&self.ctx, log.database).unwrap();
        position::head(&mut store.read_primary().await.unwrap(), log.log).await.unwrap()
    }

    /// What the database knows of the folder, set back.
    async fn forget(&self, log: LogName, head: Option<Head>) {
        let (store, _) = data(&self.ctx, log.database).unwrap();
        let mut transaction = store.begin().await.unwrap();
        position::forget_head(&mut transaction, log.log).await.unwrap();
        if let Some(head) = head {
            position::set_head(&mut transaction, log.log, &head).await.unwrap();
        }
        transaction.commit().await.unwrap();
    }
}

fn told(ctx: &Context) -> Disclosure {
    let line = |text: &str| ShortLine::parse(text).unwrap();
    Disclosure {
        id: ctx.clock.new_id(),
        at: ctx.now(),
        person: Uuid::from_u128(5),
        a_number: None,
        nature: Nature::AutomaticAnswer,
        record: LongLine::parse("Profile").unwrap(),
        elements: BTreeSet::from([Element::FullName]),
        documents: BTreeSet::new(),
        purpose: Purpose::RefugeeClaim,
        authority: Authority::Statute { citation: line("a statute") },
        agreement: AgreementVersion::FIRST,
        waivers: BTreeSet::new(),
        recipient: Recipient {
            partner: Partner::Canada,
            organization: line("Authority"),
            name: Sensitive::new(line("R. Maple")),
            address: Sensitive::new(line("1 Example Street, Ottawa")),
        },
        method: Method::Ident,
        transaction: TransactionNumber::parse("CA-2026-0000001").unwrap(),
        released_by: None,
        approved_by: None,
        transmitted_by: None,
        payload_sha256: [7; 32],
        correction_of: None,
    }
}

fn at(position: u64, row: Uuid, wrong: Wrong) -> Finding {
    Finding { log: AUDIT, position: Some(position), row: Some(row), wrong }
}

/// The id of the row at a position, in SQL.
fn id_of(log: LogName, position: u64) -> String {
    format!("(SELECT row_id FROM log_position WHERE log = '{}' AND position = {position})", log.log.key())
}

fn bytes(engine: Engine, bytes: &[u8]) -> String {
    let hex = store::crypto::hex(bytes);
    if engine == Engine::Sqlite { format!("X'{hex}'") } else { format!("'\\x{hex}'::BYTEA") }
}

#[tokio::test]
async fn what_nobody_touched_is_clean_while_it_grows() {
    for desk in Desk::sealed(300).await {
        for rows in [1, 211, 1, 300] {
            desk.write(rows).await;
            desk.is_clean("what is not written outside yet is nothing wrong").await;
            desk.seal().await;
            let (findings, verified) = desk.verify(&[]).await;
            assert!(findings.is_empty(), "{findings:?}");
            assert_eq!(verified.iter().map(|log| log.log).collect::<Vec<_>>(), logs(&desk.ctx));
            assert!(verified.iter().all(|log| log.head.unwrap().size == log.rows && log.sealed == 0));
        }
        assert_eq!(desk.verify(&[]).await.1[0].rows, 813);
        assert!(desk.file(AUDIT, "tile/0/002").exists() && !desk.file(AUDIT, "tile/0/002.p").exists());
        assert!(desk.file(AUDIT, "tile/0/003.p/45").exists() && desk.file(AUDIT, "tile/1/000.p/3").exists());
    }
}

#[tokio::test]
async fn nothing_that_lies_outside_tells_what_a_row_says() {
    for desk in Desk::sealed(3).await {
        let mut files = vec![desk.outside.folder.clone()];
        while let Some(path) = files.pop() {
            if path.is_dir() {
                files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let row = desk.row(AUDIT, 0).await;
            for told in [b"something".as_slice(), b"test.act", b"Maple", b"CA-2026", row.as_bytes()] {
                assert!(!bytes.windows(told.len()).any(|window| window == told), "{}", path.display());
            }
        }
    }
}

#[tokio::test]
async fn a_changed_row_is_found_however_well_it_was_changed() {
    for desk in Desk::sealed(300).await {
        let row = desk.row(AUDIT, 270).await;
        desk.tamper(AUDIT, "audit_entry", &format!("UPDATE audit_entry SET actor = 'nobody' WHERE id = {}", id_of(AUDIT, 270)))
            .await;
        assert_eq!(desk.findings().await, [at(270, row, Wrong::Changed)]);

        // With all that the database has of it.
        let (store, _) = data(&desk.ctx, Database::Main).unwrap();
        let entries = store::audit::by_action(&mut store.read_primary().await.unwrap(), "test.act").await.unwrap();
        let entry = entries.into_iter().find(|entry| entry.id == row).unwrap();
        let (canonical, engine) = (entry.canonical(), store.engine());
        let leaf = bytes(engine, &store::audit::leaf_hash(&canonical));
        let sql = format!(
            "UPDATE audit_entry SET canonical = {}, leaf_hash = {leaf} WHERE id = {}",
            bytes(engine, &canonical),
            id_of(AUDIT, 270)
        );
        desk.tamper(AUDIT, "audit_entry", &sql).await;
        assert_eq!(desk.findings().await, [at(270, row, Wrong::Changed)], "another leaf hash got the position");
        let sql = format!("UPDATE log_position SET leaf_hash = {leaf} WHERE log = 'audit' AND position = 270");
        desk.tamper(AUDIT, "log_position", &sql).await;
        assert_eq!(desk.findings().await, [at(270, row, Wrong::NotInTree)]);
    }
}

#[tokio::test]
async fn a_changed_disclosure_is_found() {
    for desk in Desk::sealed(3).await {
        let row = desk.row(TOLD, 1).await;
        let sql = format!("UPDATE disclosure SET partner = 'NZ' WHERE id = {}", id_of(TOLD, 1));
        desk.tamper(TOLD, "disclosure", &sql).await;
        let outcome = LogName { log: Log::DisclosureOutcome, ..TOLD };
        let closed = desk.row(outcome, 2).await;
        let sql = format!("UPDATE disclosure_outcome SET outcome = 'refused' WHERE id = {}", id_of(outcome, 2));
        desk.tamper(outcome, "disclosure_outcome", &sql).await;
        let changed = |log, at, row| Finding { log, position: Some(at), row: Some(row), wrong: Wrong::Changed };
        assert_eq!(desk.findings().await, [changed(TOLD, 1, row), changed(outcome, 2, closed)]);
    }
}

#[tokio::test]
async fn a_key_that_was_destroyed_is_no_finding_and_is_counted() {
    for desk in Desk::sealed(3).await {
        let destroy = "DELETE FROM data_key WHERE purpose = 'disclosure'";
        assert_eq!(meddle(&desk.partner.store, destroy).await.unwrap(), 3);
        let (findings, verified) = desk.verify(&[]).await;
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(verified.iter().find(|log| log.log == TOLD).unwrap().sealed, 3);
    }
}

#[tokio::test]
async fn a_deleted_row_is_found_with_its_position_and_without() {
    for desk in Desk::sealed(300).await {
        let row = desk.row(AUDIT, 7).await;
        let sql = format!("DELETE FROM audit_entry WHERE id = {}", id_of(AUDIT, 7));
        assert_eq!(desk.tamper(AUDIT, "audit_entry", &sql).await, 1);
        assert_eq!(desk.findings().await, [at(7, row, Wrong::Gone)]);
        let sql = "DELETE FROM log_position WHERE log = 'audit' AND position BETWEEN 7 AND 8";
        assert_eq!(desk.tamper(AUDIT, "log_position", sql).await, 2);
        let gone = Finding { log: AUDIT, position: Some(7), row: None, wrong: Wrong::PositionsGone { last: 8 } };
        let findings = desk.findings().await;
        assert_eq!(findings[0], gone);
        // The row of position 8 is there and has none: as soon as it is old enough, that is found.
        assert_eq!(findings.len(), 1);
        desk.main.clock.advance(TimeDelta::minutes(16));
        assert!(matches!(&desk.findings().await[1], Finding { position: None, row: Some(_), wrong: Wrong::NoPosition, .. }));
    }
}

#[tokio::test]
async fn a_row_that_was_put_in_gets_no_position_and_is_found() {
    for desk in Desk::sealed(2).await {
        desk.main.clock.advance(TimeDelta::hours(1));
        desk.write(1).await;
        desk.seal().await;
        // Made, so it says, half an hour ago; and in a month.
        let mut put_in = Vec::new();
        for later in [TimeDelta::minutes(-30), TimeDelta::days(30)] {
            let id = store::Clock::id_at(desk.ctx.now() + later);
            let (actor, action, subject) = ("officer".to_owned(), "test.act".to_owned(), "something".to_owned());
            let occurred_at = desk.ctx.now() + later;
            let entry = store::audit::AuditEntry { id, occurred_at, actor, action, subject, detail: "{}".into() };
            let mut transaction = desk.ctx.store.begin().await.unwrap();
            store::audit::append(&mut transaction, &entry).await.unwrap();
            transaction.commit().await.unwrap();
            put_in.push(Finding { log: AUDIT, position: None, row: Some(id), wrong: Wrong::NoPosition });
        }
        assert_eq!(give_positions(&desk.ctx, Actor::System).await.unwrap(), 0);
        desk.seal().await;
        assert_eq!(desk.findings().await, put_in);
    }
}

/// A transaction that began earlier may be committed later: its rows get later positions.
#[tokio::test]
async fn a_late_commit_gets_the_next_position() {
    for desk in Desk::sealed(2).await {
        let earlier = desk.ctx.clock.new_id();
        desk.main.clock.advance(TimeDelta::minutes(10));
        desk.write(1).await;
        desk.seal().await;
        let (actor, action, subject) = ("system".to_owned(), "test.act".to_owned(), "something".to_owned());
        let occurred_at = desk.ctx.now();
        let entry = store::audit::AuditEntry { id: earlier, occurred_at, actor, action, subject, detail: "{}".into() };
        let mut transaction = desk.ctx.store.begin().await.unwrap();
        store::audit::append(&mut transaction, &entry).await.unwrap();
        transaction.commit().await.unwrap();
        desk.seal().await;
        assert_eq!(desk.row(AUDIT, 3).await, earlier);
        desk.is_clean("nothing is wrong").await;
    }
}

#[tokio::test]
async fn rows_that_nobody_gives_positions_are_found_and_lost_to_nobody() {
    for desk in Desk::sealed(1).await {
        desk.write(1).await;
        desk.main.clock.advance(TimeDelta::days(2));
        let findings = desk.findings().await;
        assert_eq!(findings.len(), 6, "one in each log: {findings:?}");
        assert!(findings.iter().all(|finding| finding.wrong == Wrong::NoPosition));
        desk.seal().await;
        desk.is_clean("nothing is wrong").await;
    }
}

#[tokio::test]
async fn rows_that_were_moved_are_found() {
    for desk in Desk::sealed(5).await {
        let rows = [desk.row(AUDIT, 1).await, desk.row(AUDIT, 3).await];
        for (from, to) in [(1, 90), (3, 1), (90, 3)] {
            let sql = format!("UPDATE log_position SET position = {to} WHERE log = 'audit' AND position = {from}");
            assert_eq!(desk.tamper(AUDIT, "log_position", &sql).await, 1);
        }
        assert_eq!(desk.findings().await, [at(1, rows[1], Wrong::NotInTree), at(3, rows[0], Wrong::NotInTree)]);
    }
}

#[tokio::test]
async fn a_row_that_was_moved_far_away_is_found_at_once() {
    for desk in Desk::sealed(5).await {
        let sql = "UPDATE log_position SET position = 1000000000000 WHERE log = 'audit' AND position = 3";
        assert_eq!(desk.tamper(AUDIT, "log_position", sql).await, 1);
        let gone = |first, last| Finding { log: AUDIT, position: Some(first), row: None, wrong: Wrong::PositionsGone { last } };
        assert_eq!(desk.findings().await, [gone(3, 3), gone(5, 999_999_999_999)]);
        assert!(desk.refusal().await.contains("are not those of the database"));
    }
}

#[tokio::test]
async fn a_log_that_was_cut_short_is_found_and_nothing_is_signed_over_it() {
    for desk in Desk::sealed(300).await {
        let note = desk.note(AUDIT);
        let tail = "SELECT row_id FROM log_position WHERE log = 'audit' AND position >= 290";
        desk.tamper(AUDIT, "audit_entry", &format!("DELETE FROM audit_entry WHERE id IN ({tail})")).await;
        desk.tamper(AUDIT, "log_position", "DELETE FROM log_position WHERE log = 'audit' AND position >= 290").await;
        let gone = Finding { log: AUDIT, position: Some(290), row: None, wrong: Wrong::PositionsGone { last: 299 } };
        assert_eq!(desk.findings().await, [gone]);
        assert!(desk.refusal().await.contains("the database has 290"));

        // It grows beyond what was signed.
        desk.write(20).await;
        assert!(desk.refusal().await.contains("are not those of the database"));
        let findings = desk.findings().await;
        assert_eq!(findings.len(), 10);
        assert!(findings.iter().all(|finding| finding.log == AUDIT && finding.wrong == Wrong::NotInTree));
        assert_eq!(desk.note(AUDIT), note);
        assert_eq!(desk.head(TOLD).await.unwrap().size, 320, "the other logs are written on");
    }
}

#[tokio::test]
async fn a_database_that_was_set_back_is_found() {
    for desk in Desk::sealed(10).await {
        let (head, first) = (desk.head(AUDIT).await, desk.note(AUDIT));
        desk.write(5).await;
        desk.seal().await;
        let tail = "SELECT row_id FROM log_position WHERE log = 'audit' AND position >= 10";
        desk.tamper(AUDIT, "audit_entry", &format!("DELETE FROM audit_entry WHERE id IN ({tail})")).await;
        desk.tamper(AUDIT, "log_position", "DELETE FROM log_position WHERE log = 'audit' AND position >= 10").await;
        desk.forget(AUDIT, head).await;
        let gone = Finding { log: AUDIT, position: Some(10), row: None, wrong: Wrong::PositionsGone { last: 14 } };
        assert_eq!(desk.findings().await, [gone]);

        // The folder with it: only who kept a checkpoint can tell.
        let kept = desk.note(AUDIT);
        std::fs::write(desk.file(AUDIT, "checkpoint"), first).unwrap();
        desk.is_clean("nothing is wrong").await;
        let cut = Finding { log: AUDIT, position: None, row: None, wrong: Wrong::CutShort(Source::Kept, 15) };
        assert_eq!(desk.verify(&[&kept]).await.0, [cut]);
        // And if it was written anew from there.
        desk.write(5).await;
        std::fs::remove_dir_all(desk.outside.folder.join(AUDIT.name())).unwrap();
        desk.forget(AUDIT, None).await;
        desk.seal().await;
        desk.is_clean("nothing is wrong").await;
        let anew = Finding { log: AUDIT, position: None, row: None, wrong: Wrong::OtherRoot(Source::Kept, 15) };
        assert_eq!(desk.verify(&[&kept]).await.0, [anew]);
    }
}

#[tokio::test]
async fn a_checkpoint_that_was_kept_holds_as_long_as_the_log_only_grows() {
    for desk in Desk::sealed(10).await {
        let kept = [desk.note(AUDIT), desk.note(TOLD)];
        desk.write(300).await;
        desk.seal().await;
        assert!(desk.verify(&[&kept[0], &kept[1]]).await.0.is_empty());
        assert_eq!(desk.outside.kept(&kept[1]).unwrap().log, TOLD);
        assert!(desk.outside.kept(b"something").is_err());
    }
}

#[tokio::test]
async fn a_folder_that_was_set_back_emptied_or_forged_is_found() {
    for desk in Desk::sealed(10).await {
        let old = desk.note(AUDIT);
        desk.write(5).await;
        desk.seal().await;
        let new = desk.note(AUDIT);
        let one = |wrong| [Finding { log: AUDIT, position: None, row: None, wrong }];
        let checkpoint = desk.file(AUDIT, "checkpoint");
        std::fs::write(&checkpoint, old).unwrap();
        assert_eq!(desk.findings().await, one(Wrong::OutsideSetBack { known: 15, found: 10 }));
        assert!(desk.refusal().await.contains("the folder holds another"));
        std::fs::remove_file(&checkpoint).unwrap();
        assert_eq!(desk.findings().await, one(Wrong::NoCheckpoint));
        assert!(desk.refusal().await.contains("the folder holds another"));
        let forged = String::from_utf8(new.clone()).unwrap().replace("\n15\n", "\n14\n");
        std::fs::write(&checkpoint, forged).unwrap();
        assert_eq!(desk.findings().await, one(Wrong::Checkpoint(shared::audit::NoteError::Forged)));
        assert!(desk.refusal().await.contains("it was changed"));
        std::fs::write(&checkpoint, new).unwrap();
        desk.is_clean("nothing is wrong").await;
        desk.forget(AUDIT, None).await;
        assert_eq!(desk.findings().await, one(Wrong::NotKnown));
        desk.seal().await;
        desk.is_clean("the next run notes it").await;
    }
}

fn flip(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[40] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

#[tokio::test]
async fn a_tile_that_was_changed_or_is_missing_is_found() {
    for desk in Desk::sealed(600).await {
        let without_place = |wrong| Finding { log: AUDIT, position: None, row: None, wrong };
        flip(&desk.file(AUDIT, "tile/1/000.p/2"));
        assert_eq!(desk.findings().await, [without_place(Wrong::TileChanged("tile/1/000.p/2".into()))]);
        flip(&desk.file(AUDIT, "tile/1/000.p/2"));
        flip(&desk.file(AUDIT, "tile/0/001"));
        let row = desk.row(AUDIT, 257).await;
        let root = |source| without_place(Wrong::OtherRoot(source, 600));
        let changed = without_place(Wrong::TileChanged("tile/1/000.p/2".into()));
        let expected = [at(257, row, Wrong::NotInTree), changed, root(Source::Outside), root(Source::Database)];
        assert_eq!(desk.findings().await, expected);
        std::fs::remove_file(desk.file(AUDIT, "tile/0/001")).unwrap();
        let missing = Finding { log: AUDIT, position: Some(256), row: None, wrong: Wrong::NoTile("tile/0/001".into()) };
        assert_eq!(desk.findings().await, [missing]);
        std::fs::remove_file(desk.file(AUDIT, "tile/0/002.p/88")).unwrap();
        assert!(desk.findings().await.iter().any(|finding| finding.wrong == Wrong::NoTile("tile/0/002.p/88".into())));
        desk.write(1).await;
        assert!(desk.refusal().await.contains("tile/0/002.p/88 is missing"));
    }
}

/// As if the process had been killed after its tiles, in the middle of one, and before its checkpoint.
#[tokio::test]
async fn what_a_killed_process_left_is_mended_by_the_next_run() {
    for desk in Desk::sealed(250).await {
        let (head, before) = (desk.head(AUDIT).await, desk.note(AUDIT));
        desk.write(300).await;
        desk.seal().await;
        let whole = desk.note(AUDIT);
        desk.forget(AUDIT, head).await;
        std::fs::write(desk.file(AUDIT, "checkpoint"), before).unwrap();
        std::fs::write(desk.file(AUDIT, ".unfinished"), "half").unwrap();
        std::fs::remove_file(desk.file(AUDIT, "tile/0/001")).unwrap();
        desk.is_clean("the old checkpoint holds").await;
        desk.seal().await;
        assert_eq!(desk.note(AUDIT), whole);
        desk.is_clean("nothing is wrong").await;
        assert!(!desk.file(AUDIT, ".unfinished").exists());
        // Another leaf than is there already is never written over it.
        desk.forget(AUDIT, None).await;
        std::fs::remove_file(desk.file(AUDIT, "checkpoint")).unwrap();
        flip(&desk.file(AUDIT, "tile/0/001"));
        assert!(desk.refusal().await.contains("holds other hashes"));
        assert!(!desk.file(AUDIT, "checkpoint").exists());
    }
}

#[tokio::test]
async fn servers_that_write_at_one_time_write_one_tree() {
    for desk in [Desk::open(Engine::Sqlite).await, Desk::open(Engine::Postgres).await] {
        for _ in 0..4 {
            desk.write(70).await;
            let (one, two, three) = tokio::join!(
                seal(&desk.ctx, Actor::System, &desk.outside),
                seal(&desk.ctx, Actor::System, &desk.outside),
                give_positions(&desk.ctx, Actor::System)
            );
            assert!(one.is_ok() && two.is_ok() && three.is_ok(), "{one:?} {two:?} {three:?}");
        }
        desk.seal().await;
        desk.is_clean("nothing is wrong").await;
        assert_eq!(desk.head(AUDIT).await.unwrap().size, 280);
    }
}

#[tokio::test]
async fn a_new_folder_begins_when_the_old_one_was_set_aside() {
    for desk in Desk::sealed(10).await {
        let said = begin_again(&desk.ctx, Actor::Operator, &desk.outside).await.unwrap_err().to_string();
        assert!(said.contains("Set the folder and the key file aside first"), "{said}");
        std::fs::rename(&desk.outside.folder, desk.main.folder.path().join("old")).unwrap();
        assert!(desk.refusal().await.contains("the folder holds another"));
        let outside = Arc::new(Outside { folder: desk.outside.folder.clone(), key: key() });
        begin_again(&desk.ctx, Actor::Operator, &outside).await.unwrap();
        let desk = Desk { outside, ..desk };
        desk.seal().await;
        let (findings, verified) = desk.verify(&[]).await;
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(verified[0].rows, 13, "that it began again stands in the log, once for each tree");
    }
}

#[tokio::test]
async fn only_operators_and_jobs_keep_checkpoints() {
    let desk = Desk::open(Engine::Sqlite).await;
    for actor in [Actor::Public, Actor::Officer(Uuid::from_u128(1))] {
        assert!(matches!(seal(&desk.ctx, actor, &desk.outside).await, Err(Error::Refused)));
        assert!(matches!(give_positions(&desk.ctx, actor).await, Err(Error::Refused)));
        assert!(matches!(begin_again(&desk.ctx, actor, &desk.outside).await, Err(Error::Refused)));
        let verified = verify(&desk.ctx, actor, &desk.outside, &[], |_| {}, |_, _, _| {}).await;
        assert!(matches!(verified, Err(Error::Refused)));
    }
}
