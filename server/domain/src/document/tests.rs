use std::collections::BTreeMap;

use chrono::TimeDelta;
use shared::case_status::ReceiptNumber;
use shared::document::{DocumentKind, DocumentProblem, FileName, ScanState};
use store::crypto::{hex, sha256};
use uuid::Uuid;

use super::*;
use crate::testing::{TestContext, contexts, import_lines, line};
use crate::upkeep;

const CONTENT: &[u8] = b"what is kept of a picture";

/// A case, and a storage in memory.
struct Desk {
    ctx: Context,
    case: Uuid,
    storage: BTreeMap<Uuid, Vec<u8>>,
    _test: TestContext,
}

async fn desks() -> Vec<Desk> {
    let mut desks = Vec::new();
    for test in contexts().await {
        let number = "EAC9999103403";
        import_lines(&test.ctx, &[line("e1", number, "IAA", "2026-01-07T15:00:00Z", "")]).await;
        let mut connection = test.ctx.store.read_primary().await.unwrap();
        let case = store::case_feed::case_id(&mut connection, &ReceiptNumber::parse(number).unwrap()).await.unwrap().unwrap();
        drop(connection);
        desks.push(Desk { ctx: test.ctx.clone(), case, storage: BTreeMap::new(), _test: test });
    }
    desks
}

impl Desk {
    async fn prepare(&self, holder: Uuid) -> Result<Prepared, DocumentProblem> {
        let arriving = Arriving {
            case: self.case,
            holder,
            name: FileName::parse("card.jpg"),
            kind: DocumentKind::Jpeg,
            scan: ScanState::Clean,
            sent_bytes: 99,
            sha256: sha256(b"as it was sent"),
            content: CONTENT,
            keep_until: Some(self.ctx.now() + TimeDelta::days(7)),
        };
        prepare(&self.ctx, arriving).await.unwrap()
    }

    /// All steps, as the server makes them.
    async fn attach(&mut self, holder: Uuid) -> Result<DocumentView, DocumentProblem> {
        let prepared = self.prepare(holder).await?;
        self.storage.insert(prepared.object_key(), prepared.object.clone());
        record(&self.ctx, prepared).await.unwrap()
    }

    /// What the server's jobs do.
    async fn tidy(&mut self) {
        upkeep::sweep(&self.ctx, Actor::System).await.unwrap();
        for object in to_delete(&self.ctx, Actor::System).await.unwrap() {
            self.storage.remove(&object);
            deleted(&self.ctx, Actor::System, object).await.unwrap();
        }
        assert_eq!(to_delete(&self.ctx, Actor::System).await.unwrap(), [] as [Uuid; 0]);
    }

    async fn audited(&self, action: &str) -> usize {
        let mut connection = self.ctx.store.read_primary().await.unwrap();
        store::audit::by_action(&mut connection, action).await.unwrap().len()
    }
}

#[tokio::test]
async fn a_document_is_kept_shown_and_opened_and_all_of_it_is_in_the_audit_log() {
    for mut desk in desks().await {
        let holder = desk.ctx.clock.new_id();
        let kept = desk.attach(holder).await.unwrap();
        assert_eq!((kept.name.as_str(), kept.bytes, kept.scan), ("card.jpg", 99, ScanState::Clean));
        assert_eq!(kept.sha256, hex(&sha256(b"as it was sent")));
        assert_eq!(of_holder(&desk.ctx, holder).await.unwrap(), std::slice::from_ref(&kept));

        let object = desk.storage.values().next().unwrap();
        assert!(!object.windows(7).any(|window| window == b"picture"));
        let document = open(&desk.ctx, Actor::Operator, kept.id).await.unwrap().unwrap();
        assert_eq!(document.open(object).unwrap(), CONTENT);
        assert!(desk.storage.contains_key(&document.object_key));
        assert!(open(&desk.ctx, Actor::Operator, holder).await.unwrap().is_none());
        for nobody in [Actor::Public, Actor::System] {
            assert!(matches!(open(&desk.ctx, nobody, kept.id).await, Err(Error::Refused)), "{nobody:?}");
        }
        assert_eq!((desk.audited("document.attach").await, desk.audited("document.open").await), (1, 1));
    }
}

#[tokio::test]
async fn a_sixth_document_is_too_many_even_if_it_was_prepared_in_time() {
    for mut desk in desks().await {
        let holder = desk.ctx.clock.new_id();
        let early = desk.prepare(holder).await.unwrap();
        for _ in 0..MOST_DOCUMENTS {
            desk.attach(holder).await.unwrap();
        }
        assert_eq!(record(&desk.ctx, early).await.unwrap().unwrap_err(), DocumentProblem::TooMany);
        assert_eq!(desk.attach(holder).await.unwrap_err(), DocumentProblem::TooMany);
        assert_eq!(of_holder(&desk.ctx, holder).await.unwrap().len(), MOST_DOCUMENTS);
    }
}

#[tokio::test]
async fn a_removed_document_leaves_nothing_and_only_its_holder_can_remove_it() {
    for mut desk in desks().await {
        let (holder, other) = (desk.ctx.clock.new_id(), desk.ctx.clock.new_id());
        let kept = desk.attach(holder).await.unwrap();
        assert!(!remove(&desk.ctx, other, kept.id).await.unwrap());
        assert!(remove(&desk.ctx, holder, kept.id).await.unwrap());
        assert!(!remove(&desk.ctx, holder, kept.id).await.unwrap());
        assert_eq!(desk.audited("document.remove").await, 1);
        assert_eq!(desk.storage.len(), 1, "the row goes first");
        desk.tidy().await;
        assert_eq!(desk.storage.len(), 0);
    }
}

#[tokio::test]
async fn what_expires_and_what_was_left_on_the_way_is_deleted_and_what_was_handed_over_stays() {
    for mut desk in desks().await {
        let (draft, sent, request) = (desk.ctx.clock.new_id(), desk.ctx.clock.new_id(), desk.ctx.clock.new_id());
        desk.attach(draft).await.unwrap();
        desk.attach(sent).await.unwrap();
        let mut transaction = desk.ctx.store.begin().await.unwrap();
        assert_eq!(hand_over(&mut transaction, sent, request).await.unwrap(), HandedOver::Documents(1));
        transaction.commit().await.unwrap();
        // A process that died between the steps: with its object stored, and without.
        let left = desk.prepare(request).await.unwrap();
        desk.storage.insert(left.object_key(), left.object.clone());
        desk.prepare(request).await.unwrap();

        desk.tidy().await;
        assert_eq!(desk.storage.len(), 3);
        desk.ctx.clock.advance(TimeDelta::days(1));
        let late = record(&desk.ctx, left).await.unwrap();
        assert_eq!(late.unwrap_err(), DocumentProblem::TryLater, "its object may be gone");
        desk.tidy().await;
        assert_eq!(desk.storage.len(), 2, "what was left on the way is gone");

        let mut transaction = desk.ctx.store.begin().await.unwrap();
        keep_until(&mut transaction, draft, desk.ctx.now() + TimeDelta::days(10)).await.unwrap();
        transaction.commit().await.unwrap();
        desk.ctx.clock.advance(TimeDelta::days(9));
        desk.tidy().await;
        assert_eq!(of_holder(&desk.ctx, draft).await.unwrap().len(), 1, "it was kept longer");
        desk.ctx.clock.advance(TimeDelta::days(1));
        desk.tidy().await;
        assert!(of_holder(&desk.ctx, draft).await.unwrap().is_empty());
        let kept = of_holder(&desk.ctx, request).await.unwrap();
        let object = open(&desk.ctx, Actor::Operator, kept[0].id).await.unwrap().unwrap().object_key;
        assert_eq!(desk.storage.keys().collect::<Vec<_>>(), [&object]);
        assert_eq!(desk.audited("document.expire").await, 1);
    }
}

#[tokio::test]
async fn a_request_that_has_documents_takes_no_more_than_it_has_room_for() {
    for mut desk in desks().await {
        let (draft, request) = (desk.ctx.clock.new_id(), desk.ctx.clock.new_id());
        for holder in [draft, draft, draft, request, request, request] {
            desk.attach(holder).await.unwrap();
        }
        let mut transaction = desk.ctx.store.begin().await.unwrap();
        assert_eq!(hand_over(&mut transaction, draft, request).await.unwrap(), HandedOver::TooMany);
        drop(transaction);
        assert_eq!(of_holder(&desk.ctx, draft).await.unwrap().len(), 3);
    }
}
