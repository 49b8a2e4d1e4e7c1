//! Answers from the first word to the complaint, on both engines.

mod came_back;
mod command;
mod print;
mod protected;
mod release;
mod write;

use shared::answer::{Draft, Issue, Placeholder};
use shared::identity::{Grant, Role};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::service_request::{Happening, OfficerId, RequestKind};

use super::*;
use crate::e_request::tests::{FILED, NUMBER, Visitor, contexts, row};
use crate::service_request::{happen, route};
use crate::testing::{TestContext, import_lines, line};
use crate::{Actor, Officer};
use uuid::Uuid;

pub const KIND: RequestKind = RequestKind::TypographicError;

pub const TEXT: &str = "La tarjeta tiene un error nuestro. El nombre está mal escrito.\n\nUsted nos dijo cómo se escribe. Vamos a \
    hacer otra tarjeta antes del {done_by}.\n\nEs la segunda vez, y lo sentimos. Usted no tiene que hacer nada más.";

/// An officer with a role at the office where requests come in tests.
pub fn officer(ctx: &Context, id: u128, role: Role) -> Officer {
    officer_at(ctx, id, role, "NBC")
}

pub fn officer_at(ctx: &Context, id: u128, role: Role, office: &str) -> Officer {
    let office = OfficeCode::parse(office).unwrap();
    Officer::new(Uuid::from_u128(id), vec![Grant { role, office, starts_at: ctx.now(), ends_at: None }], ctx.now())
}

/// A request that an officer has read.
pub async fn opened(ctx: &Context) -> Uuid {
    let request = Visitor::new(ctx, 1).file(KIND).await;
    route(ctx, request).await.unwrap();
    act(ctx, request, Happening::Opened { officer: OfficerId(7) }).await;
    request
}

pub async fn act(ctx: &Context, request: Uuid, happening: Happening) {
    let mut transaction = ctx.store.begin().await.unwrap();
    happen(ctx, &mut transaction, Actor::System, request, &happening, None).await.unwrap();
    transaction.commit().await.unwrap();
}

/// An answer with which the check is content.
pub fn good(ctx: &Context) -> Draft {
    let mut draft = Draft::new(Locale::Es);
    draft.text = TEXT.into();
    draft.typed.insert(Placeholder::DoneBy, (ctx.today() + chrono::Days::new(20)).to_string());
    draft.addressed = [(Issue::Matter, 1), (Issue::Correction, 2), (Issue::Explanation, 3)].into();
    draft
}

/// Another good answer, after the first one did not help.
pub fn good_again(ctx: &Context) -> Draft {
    let mut draft = good(ctx);
    draft.text = "El error es nuestro y ya pedimos que lo corrijan. El oficial nos lo confirmó por escrito.\n\nSu nombre quedará como \
        usted lo escribió.\n\nSentimos que haya pasado otra vez.\n\nAntes faltaba el día: la tarjeta sale el {done_by}. Usted no tiene que \
        hacer nada más."
        .into();
    draft.addressed.insert(Issue::NotHelped(1), 4);
    draft
}

/// Releases an answer to a request, and says its number.
pub async fn answered(ctx: &Context, request: Uuid, draft: &Draft) -> i64 {
    let officer = officer(ctx, 7, Role::Iio);
    let Saved::Kept(version) = save(ctx, &officer, request, None, draft).await.unwrap() else { panic!("it was not saved") };
    match release(ctx, &officer, request, version).await.unwrap() {
        Released::Out(number) => number,
        instead => panic!("{instead:?}"),
    }
}

pub async fn state(ctx: &Context, request: Uuid) -> String {
    row(ctx, request).await.state
}

/// Adds a representative with an e-mail address, or without, to the case.
pub async fn with_representative(ctx: &Context, email: &str) {
    let more =
        format!(r#"{FILED},"representative":{{"name":{{"family":"Abogada","given":"Luz"}},"organization":"Abogados"{email}}}"#);
    import_lines(ctx, &[line("represented", NUMBER, "IAA", "2026-03-09T15:00:00Z", &more)]).await;
}

/// What the audit log has of an action.
pub async fn audited(ctx: &Context, action: &str) -> usize {
    store::audit::by_action(&mut ctx.store.read_primary().await.unwrap(), action).await.unwrap().len()
}

pub async fn each() -> Vec<TestContext> {
    contexts().await
}
