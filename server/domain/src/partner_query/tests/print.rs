//! What was answered, on paper.

use shared::letter::Letter;

use super::*;

/// A query that Canada has answered.
async fn answered(desk: &Desk) -> (Uuid, Outgoing) {
    let id = desk.asked().await;
    let first = desk.leaves().await;
    desk.hears(vec![reply(&first.transaction_number, ReplyResult::Match)]).await;
    (id, first)
}

/// Who printed what, by the audit log.
async fn audited(ctx: &Context) -> Vec<(String, String, String)> {
    let mut connection = ctx.partner_data().unwrap().store.read_primary().await.unwrap();
    let entries = store::audit::by_action(&mut connection, "partner_query.print").await.unwrap();
    entries.into_iter().map(|entry| (entry.actor, entry.subject, entry.detail)).collect()
}

#[tokio::test]
async fn an_answer_is_printed_by_who_reads_it_and_that_is_noted() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let (id, first) = answered(&desk).await;
        crate::profile::open(ctx, &raio(ctx), desk.profile, ReadPurpose::PartnerQuery).await.unwrap();
        let content = print(ctx, &raio(ctx), id).await.unwrap().unwrap();
        let text = serde_json::to_string(&content).unwrap();
        for part in ["Canada", first.transaction_number.as_str(), "EJEMPLO, ANA", "Match: ", "Version 1", "Refugee claim"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("earlier claim"), "why it was asked is ours");
        assert!(Letter::check(content).is_ok());
        let noted = (raio(ctx).actor().label(), id.to_string(), r#"{"answers":["first"]}"#.to_owned());
        assert_eq!(audited(ctx).await, [noted]);
        print(ctx, &raio(ctx), id).await.unwrap().unwrap();
        assert_eq!(audited(ctx).await.len(), 2, "each time");
    }
}

#[tokio::test]
async fn who_may_not_read_an_answer_prints_none() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let (id, _) = answered(&desk).await;
        let open = async |officer: &Officer, purpose| crate::profile::open(ctx, officer, desk.profile, purpose).await.unwrap();
        assert_eq!(print(ctx, &raio(ctx), id).await.unwrap(), None, "they have not said what for");
        for role in [Role::Siio, Role::IctsAnalyst, Role::AgreementsManager, Role::Auditor, Role::Tier1Agent] {
            let refused = print(ctx, &officer(ctx, 6, role), id).await;
            assert!(matches!(refused, Err(crate::Error::Refused)), "{role:?}");
        }
        open(&raio(ctx), ReadPurpose::PartnerQuery).await;
        assert_eq!(print(ctx, &raio(ctx), Uuid::nil()).await.unwrap(), None, "there is no such query");
        let unanswered = desk.asked().await;
        assert_eq!(print(ctx, &raio(ctx), unanswered).await.unwrap(), None, "there is nothing to print");
        ctx.clock.advance(chrono::TimeDelta::minutes(31));
        assert_eq!(print(ctx, &raio(ctx), id).await.unwrap(), None, "it is too long ago that they said what for");
        open(&raio(ctx), ReadPurpose::PartnerQuery).await;
        feed(ctx, "e2", PROTECTED).await;
        assert_eq!(query(ctx, &raio(ctx), id).await.unwrap(), None);
        assert_eq!(print(ctx, &raio(ctx), id).await.unwrap(), None, "the person is protected by now");
        assert_eq!(audited(ctx).await, []);
    }
}
