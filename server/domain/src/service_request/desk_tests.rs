//! What officers have on the desk beside a request, on both engines.

use chrono::TimeDelta;
use shared::identity::{Grant, Role};

use super::*;
use crate::Officer;
use crate::e_request::tests::{NUMBER, Visitor, contexts, hide};
use crate::testing::{import_lines, line, send_all};

const OFFICES: &str = "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\n\
    LIN\tNebraska\tservice_center\t\n";

fn code(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

fn who(ctx: &Context, id: u128, role: Role, office: &str) -> Officer {
    let grant = Grant { role, office: code(office), starts_at: ctx.now() - TimeDelta::days(1), ends_at: None };
    Officer::new(Uuid::from_u128(id), vec![grant], ctx.now())
}

async fn a_request(ctx: &Context) -> Uuid {
    crate::office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
    let id = Visitor::new(ctx, 1).about(NUMBER).file(RequestKind::TypographicError).await;
    send_all(ctx).await;
    id
}

async fn audited(ctx: &Context, action: &str) -> usize {
    store::audit::by_action(&mut ctx.store.read_primary().await.unwrap(), action).await.unwrap().len()
}

#[tokio::test]
async fn a_case_is_shown_as_it_was_told_on_any_day() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let before = ctx.now() - TimeDelta::days(1);
        let id = a_request(ctx).await;
        let (ana, siio) = (who(ctx, 2, Role::Iio, "NBC"), who(ctx, 1, Role::Siio, "NBC"));
        let title = async |officer: &Officer, as_of, locale| {
            let seen = case_of(ctx, officer, id, as_of, locale).await.unwrap();
            (seen.view.map(|view| view.title), seen.is_public)
        };
        assert_eq!(title(&ana, before, Locale::En).await, (None, true), "nothing was known");
        let first = ctx.now();
        clock.advance(TimeDelta::days(2));
        import_lines(ctx, &[line("approved", NUMBER, "DA", "2026-03-11T15:00:00Z", "")]).await;
        let (received, approved) = (title(&ana, first, Locale::En).await.0, title(&ana, ctx.now(), Locale::En).await.0);
        assert_eq!((received.as_deref(), approved.as_deref()), (Some("Case Was Received"), Some("Case Was Approved")));
        assert_eq!(title(&ana, first, Locale::Es).await.0.as_deref(), Some("Su caso fue recibido"));
        assert_eq!(audited(ctx, "case.read").await, 4);
        // Protected since: an officer may not read it, a supervisor is told that the public sees nothing.
        hide(ctx, NUMBER).await;
        assert!(matches!(case_of(ctx, &ana, id, first, Locale::En).await, Err(Error::Refused)));
        let (told, is_public) = title(&siio, first, Locale::En).await;
        assert_eq!((told.as_deref(), is_public), (Some("Case Was Received"), false));
        assert_eq!(audited(ctx, "case.read").await, 5, "what is refused was not read");
    }
}

#[tokio::test]
async fn what_is_beside_a_request_is_for_its_office_and_for_one_that_was_asked() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let id = a_request(ctx).await;
        let (ana, lin) = (who(ctx, 2, Role::Iio, "NBC"), who(ctx, 4, Role::Iio, "LIN"));
        let is_refused = async |officer: &Officer| {
            let case = case_of(ctx, officer, id, ctx.now(), Locale::En).await.map(|_| ());
            let documents = documents(ctx, officer, id).await.map(|_| ());
            let document = document(ctx, officer, id, Uuid::nil()).await.map(|found| assert!(found.is_none()));
            [case, documents, document].map(|result| matches!(result, Err(Error::Refused)))
        };
        assert_eq!(is_refused(&ana).await, [false; 3]);
        assert_eq!(is_refused(&lin).await, [true; 3]);
        let of = async |officer: &Officer, office| summaries(ctx, officer, &code(office), &[id]).await.map(|found| found.len());
        assert_eq!(of(&ana, "NBC").await.unwrap(), 1);
        assert_eq!(of(&lin, "LIN").await.unwrap(), 0);
        assert!(matches!(of(&lin, "NBC").await, Err(Error::Refused)));
        ask_office(ctx, &ana, id, &code("LIN"), "Is the file with you?").await.unwrap().unwrap();
        assert_eq!(is_refused(&lin).await, [false; 3]);
        assert_eq!(of(&lin, "LIN").await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_is_kept_between_two_pages_is_its_writers_and_for_an_hour() {
    for test in contexts().await {
        let (ctx, clock) = (&test.ctx, &test.test.clock);
        let (ana, tier) = (who(ctx, 2, Role::Iio, "NBC"), who(ctx, 3, Role::Tier1Agent, "NBC"));
        let auditor = who(ctx, 5, Role::Auditor, "NBC");
        let id = keep(ctx, &ana, b"typed").await.unwrap();
        assert_eq!(kept(ctx, &ana, id).await.unwrap().unwrap().expose(), b"typed");
        assert!(kept(ctx, &tier, id).await.unwrap().is_none());
        assert!(keep(ctx, &tier, b"a call").await.is_ok(), "who takes requests types them");
        assert!(matches!(keep(ctx, &auditor, b"x").await, Err(Error::Refused)));
        clock.advance(TimeDelta::minutes(61));
        assert!(kept(ctx, &ana, id).await.unwrap().is_none());
    }
}
