//! The form while it is being filled in: a draft on the server, named by the session.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shared::case_status::ReceiptNumber;
use shared::e_request::{Answers, Asked, CASE, Field, FieldKind, FieldProblem, Rule, Step};
use shared::service_request::RequestKind;
use store::engine::Connection;
use store::form_draft;
use uuid::Uuid;

use super::catalogue::Catalogue;
use crate::{Context, Error, document};

/// How long a form is kept after its last change. Other people may use the device.
const KEPT_FOR: TimeDelta = TimeDelta::hours(4);

/// As much of an address as is kept, in bytes.
const LONGEST_EMAIL: usize = 254;

/// The name of a session's form. Nobody can make it who does not have the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftKey(pub(super) Uuid);

impl DraftKey {
    pub fn of_session(ctx: &Context, session: &[u8; 16]) -> Self {
        let mac = ctx.sealer().mac("e-request draft of a session", session);
        let mut id = [0; 16];
        id.copy_from_slice(&mac[..16]);
        Self(Uuid::from_bytes(id))
    }
}

/// A request that is being written.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Of this form: sent twice, it makes one request.
    pub submission: Uuid,
    pub kind: RequestKind,
    pub answers: Answers,
    /// Steps that were sent, with mistakes or without.
    pub tried: BTreeSet<Step>,
    /// Steps that were sent without mistakes.
    pub done: BTreeSet<Step>,
    /// The case, once what was typed agreed with its record. It is asked again whenever it matters.
    pub case: Option<Uuid>,
    /// What was typed of the case did not agree.
    pub is_refused: bool,
    /// The request that it became.
    pub sent: Option<Uuid>,
    /// Where a message about this form was to go, if that was no address.
    #[serde(default)]
    pub(super) wrong_email: String,
    /// The day on which the answer that comes before the form was shown for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) answered_on: Option<NaiveDate>,
}

/// Without anything that somebody typed.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("submission", &self.submission).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Draft {
    pub(super) fn new(submission: Uuid, kind: RequestKind) -> Self {
        Self {
            submission,
            kind,
            answers: Answers::default(),
            tried: BTreeSet::new(),
            done: BTreeSet::new(),
            case: None,
            is_refused: false,
            sent: None,
            wrong_email: String::new(),
            answered_on: None,
        }
    }

    /// What stands in the field that asks for an address to write to: what was typed there, or for the answer.
    pub fn mail_to(&self) -> &str {
        if self.wrong_email.is_empty() { self.answers.typed(Field::Email) } else { &self.wrong_email }
    }

    /// Keeps what was typed as an address and is none, to be mended.
    pub(super) fn keep_wrong_email(&mut self, typed: &str) {
        typed[..typed.floor_char_boundary(LONGEST_EMAIL)].clone_into(&mut self.wrong_email);
    }

    /// What holds for this kind of request and the form that was named.
    ///
    /// # Panics
    /// Never: a draft is begun and read only of a kind that has a rule.
    #[expect(clippy::expect_used, reason = "a draft of another kind is neither begun nor read")]
    pub fn rule(&self) -> &'static Rule {
        Catalogue::get().rule(self.kind, self.answers.form().as_ref()).expect("a kind that is asked on the pages")
    }

    /// What has to be mended on a step that was tried.
    pub fn problems(&self, ctx: &Context, step: Step) -> Vec<(Field, FieldProblem)> {
        if !self.tried.contains(&step) {
            return Vec::new();
        }
        self.answers.problems(&self.rule().asked(step, &self.answers), ctx.today())
    }

    pub fn step_at_hand(&self, ctx: &Context) -> Step {
        self.rule().step_at_hand(&self.answers, &self.done, ctx.today())
    }

    pub fn may_see(&self, ctx: &Context, step: Step) -> bool {
        self.rule().may_see(step, &self.answers, &self.done, ctx.today())
    }

    /// Takes what was typed on a step. Whether anything is new.
    pub(super) fn take(&mut self, asked: &[Asked], typed: &BTreeMap<String, String>) -> bool {
        let before = self.answers.clone();
        for Asked { field, .. } in asked {
            self.answers.set(*field, &typed_into(*field, typed));
        }
        self.answers != before
    }

    /// What was proven is proven no more: another case was named, perhaps.
    pub(super) fn forget_case(&mut self) {
        self.case = None;
        self.is_refused = false;
        self.done.remove(&Step::Case);
        self.done.remove(&Step::Answer);
    }

    /// What was typed does not agree with a case; or it did, and the case is hidden now: nobody can tell.
    pub(super) fn refuse_case(&mut self) {
        self.forget_case();
        self.is_refused = true;
    }

    /// The form as far as it names its case.
    pub(super) fn of_case_only(self) -> Self {
        Self { answers: self.answers.only(&CASE), case: self.case, ..Self::new(self.submission, self.kind) }
    }

    pub fn receipt_number(&self) -> Option<ReceiptNumber> {
        self.answers.receipt_number()
    }
}

/// What a form says of these questions, as it was sent.
pub fn typed_answers(asked: &[Asked], typed: &BTreeMap<String, String>) -> Answers {
    let mut answers = Answers::default();
    for Asked { field, .. } in asked {
        answers.set(*field, &typed_into(*field, typed));
    }
    answers
}

/// What a form sent for a field. A day comes in three parts.
fn typed_into(field: Field, typed: &BTreeMap<String, String>) -> String {
    let part = |name: &str| typed.get(name).map_or("", |typed| typed.trim());
    match field.kind() {
        FieldKind::Day(_) => {
            let of_day = |part_name: &str| part(&format!("{}_{part_name}", field.key())).replace('-', "");
            format!("{}-{}-{}", of_day("year"), of_day("month"), of_day("day"))
        }
        // Browsers send two characters for a line's end, and count one.
        FieldKind::Lines(_) => part(field.key()).replace("\r\n", "\n"),
        _ => part(field.key()).to_owned(),
    }
}

pub(super) async fn find(connection: &mut Connection, ctx: &Context, key: DraftKey) -> Result<Option<Draft>, Error> {
    let content = form_draft::find(connection, &ctx.keys, key.0, ctx.now()).await?;
    // A draft that an earlier release kept is begun anew.
    let draft: Option<Draft> = content.and_then(|content| serde_json::from_slice(content.expose()).ok());
    Ok(draft.filter(|draft| RequestKind::ONLINE.contains(&draft.kind)))
}

pub(super) async fn put(transaction: &mut Connection, ctx: &Context, key: DraftKey, draft: &Draft) -> Result<(), Error> {
    let (content, until) = (serde_json::to_vec(draft).map_err(|_| Error::Internal)?, ctx.now() + KEPT_FOR);
    // What was attached to a form that was sent belongs to the request.
    if draft.sent.is_none() {
        document::keep_until(transaction, draft.submission, until).await?;
    }
    Ok(form_draft::put(transaction, &ctx.keys, key.0, &content, until).await?)
}

/// A form that takes documents now.
#[derive(Debug, Clone, Copy)]
pub struct Attaching {
    pub case: Uuid,
    /// What they belong to until the form is sent.
    pub holder: Uuid,
    /// They are not kept longer than the form.
    pub keep_until: DateTime<Utc>,
}

/// Whether a session's form takes documents, and where they belong. None if it was not begun, is not so far, or its case does not
/// answer any more.
pub async fn attaching(ctx: &Context, key: DraftKey) -> Result<Option<Attaching>, Error> {
    crate::Actor::Public.check(crate::Action::MakeRequest)?;
    let draft = draft(ctx, key).await?.filter(|draft| draft.sent.is_none() && draft.may_see(ctx, Step::Documents));
    let Some(draft) = draft else { return Ok(None) };
    let Some((case, _)) = super::answer::of_draft(ctx, &draft).await? else { return Ok(None) };
    Ok(Some(Attaching { case, holder: draft.submission, keep_until: ctx.now() + KEPT_FOR }))
}

/// The form of a session.
pub async fn draft(ctx: &Context, key: DraftKey) -> Result<Option<Draft>, Error> {
    find(&mut ctx.store.read_primary().await?, ctx, key).await
}

pub(super) async fn save(ctx: &Context, key: DraftKey, draft: &Draft) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    put(&mut transaction, ctx, key, draft).await?;
    Ok(transaction.commit().await?)
}

/// Begins a form, and says at which step it is. One that was not sent yet becomes one of this kind, and nothing has to be typed
/// again.
pub async fn begin(ctx: &Context, key: DraftKey, kind: RequestKind, typed: Option<&ReceiptNumber>) -> Result<Step, Error> {
    crate::Actor::Public.check(crate::Action::MakeRequest)?;
    if !RequestKind::ONLINE.contains(&kind) {
        return Err(Error::Refused);
    }
    let kept = draft(ctx, key).await?.filter(|draft| draft.sent.is_none());
    let mut draft = kept.unwrap_or_else(|| Draft::new(ctx.clock.new_id(), kind));
    if draft.kind != kind {
        draft.kind = kind;
        // Each kind has its own answer, and questions of its own.
        draft.done.retain(|step| matches!(step, Step::Who | Step::Case));
        draft.tried.retain(|step| matches!(step, Step::Who | Step::Case));
    }
    if let Some(number) = typed.filter(|_| draft.answers.typed(Field::ReceiptNumber).is_empty()) {
        draft.answers.set(Field::ReceiptNumber, number.as_str());
    }
    save(ctx, key, &draft).await?;
    Ok(draft.step_at_hand(ctx))
}

/// Forgets a form, what was typed into it, and what was attached to it. What was sent stays.
pub async fn forget(ctx: &Context, key: DraftKey) -> Result<(), Error> {
    if let Some(unsent) = draft(ctx, key).await?.filter(|draft| draft.sent.is_none()) {
        for attached in document::of_holder(ctx, unsent.submission).await? {
            document::remove(ctx, unsent.submission, attached.id).await?;
        }
    }
    let mut transaction = ctx.store.begin().await?;
    form_draft::remove(&mut transaction, key.0).await?;
    Ok(transaction.commit().await?)
}
