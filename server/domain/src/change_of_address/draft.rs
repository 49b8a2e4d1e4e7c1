//! The form while it is being filled in: a draft on the server, named by the session.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use shared::address::{Address, AddressForm, AddressKind, Suggestion};
use shared::case_status::ReceiptNumber;
use shared::change_of_address::{CaseForm, ChangeForm, MOST_CASES, Problem, Step};
use store::engine::Connection;
use store::form_draft;
use uuid::Uuid;

use crate::{Action, Actor, Context, Error};

/// How long a form is kept after its last change. Other people may use the device.
const KEPT_FOR: TimeDelta = TimeDelta::hours(4);

/// The pages of the form, in their order. The signature stands on the last one, below all that it is for.
pub const PAGES: [Step; 8] =
    [Step::Person, Step::Move, Step::NewAddress, Step::OldAddress, Step::MailingAddress, Step::Cases, Step::Contact, Step::Check];

/// The name of a session's form. Nobody can make it who does not have the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftKey(pub(super) Uuid);

impl DraftKey {
    pub fn of_session(ctx: &Context, session: &[u8; 16]) -> Self {
        let mac = ctx.sealer().mac("change of address draft of a session", session);
        let mut id = [0; 16];
        id.copy_from_slice(&mac[..16]);
        Self(Uuid::from_bytes(id))
    }
}

/// An address for which the carrier's own writing is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    New,
    Mailing,
}

impl Side {
    pub const fn of(step: Step) -> Option<Self> {
        match step {
            Step::NewAddress => Some(Self::New),
            Step::MailingAddress => Some(Self::Mailing),
            _ => None,
        }
    }
}

/// A case that what was typed agrees with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProvenCase {
    pub number: String,
    pub case: Uuid,
}

/// A report that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Of this form: sent twice, it makes one report.
    pub submission: Uuid,
    pub form: ChangeForm,
    /// Pages that were sent, with mistakes or without, by their keys.
    tried: BTreeSet<String>,
    /// Pages that were sent without mistakes.
    done: BTreeSet<String>,
    /// Addresses about whose writing the person has decided.
    pub(super) decided: BTreeSet<Side>,
    pub(super) proven: Vec<ProvenCase>,
    /// Numbers that were listed and did not agree, in their normal form.
    pub refused: Vec<String>,
    /// The person goes on without them.
    pub(super) goes_past: bool,
    /// Other cases of the person's that were chosen; none before they were asked.
    pub(super) others: Option<Vec<Uuid>>,
    /// Rows for cases that the page shows.
    pub rows: usize,
    /// The report that it became.
    pub sent: Option<Uuid>,
}

/// Rows for cases that the page shows at first, and adds.
const ROWS: usize = 3;

impl Draft {
    pub(super) fn new(submission: Uuid) -> Self {
        Self {
            submission,
            form: ChangeForm::default(),
            tried: BTreeSet::new(),
            done: BTreeSet::new(),
            decided: BTreeSet::new(),
            proven: Vec::new(),
            refused: Vec::new(),
            goes_past: false,
            others: None,
            rows: ROWS,
            sent: None,
        }
    }

    /// What is left of a form that was sent.
    pub(super) fn sent(submission: Uuid, report: Uuid) -> Self {
        Self { sent: Some(report), ..Self::new(submission) }
    }

    pub(super) fn add_rows(&mut self) {
        self.rows = (self.rows + ROWS).min(MOST_CASES);
    }

    pub(super) fn tried(&mut self, step: Step) {
        self.tried.insert(step.key().to_owned());
    }

    pub(super) fn set_done(&mut self, step: Step, is_done: bool) {
        if is_done {
            self.done.insert(step.key().to_owned());
        } else {
            self.done.remove(step.key());
        }
    }

    pub(super) fn is_done(&self, ctx: &Context, step: Step) -> bool {
        self.done.contains(step.key()) && self.form.problems_of(step, ctx.today()).is_empty()
    }

    /// What has to be mended on a page that was tried.
    pub fn problems(&self, ctx: &Context, step: Step) -> Vec<Problem> {
        if !self.tried.contains(step.key()) {
            return Vec::new();
        }
        // The signature stands on the page on which all is checked.
        let step = if step == Step::Check { Step::Signature } else { step };
        self.form.problems_of(step, ctx.today())
    }

    /// The first page that is not done; the last one, if all are.
    pub fn step_at_hand(&self, ctx: &Context) -> Step {
        PAGES.into_iter().find(|step| !self.is_done(ctx, *step)).unwrap_or(Step::Check)
    }

    pub fn may_see(&self, ctx: &Context, step: Step) -> bool {
        PAGES.contains(&step) && step <= self.step_at_hand(ctx)
    }

    /// How the carrier would write an address, if the person has not decided about it yet.
    pub fn suggestion(&self, side: Side) -> Option<Suggestion> {
        if self.decided.contains(&side) {
            return None;
        }
        let (form, kind) = match side {
            Side::New => (&self.form.new, AddressKind::Home),
            Side::Mailing if self.form.mail_elsewhere == "yes" => (&self.form.mailing, AddressKind::Mailing),
            Side::Mailing => return None,
        };
        match form.parse(kind).ok()? {
            Address::Us(address) => address.normalised(),
            Address::Foreign(_) => None,
        }
    }

    pub(super) fn address_mut(&mut self, side: Side) -> &mut AddressForm {
        match side {
            Side::New => &mut self.form.new,
            Side::Mailing => &mut self.form.mailing,
        }
    }

    /// Takes what was typed on a page. Whether anything is new.
    pub(super) fn take(&mut self, step: Step, typed: &BTreeMap<String, String>) -> bool {
        let before = self.form.clone();
        self.form.take(step, typed);
        self.form != before
    }

    /// What was proven is proven no more.
    pub(super) fn forget_cases(&mut self) {
        self.proven.clear();
        self.refused.clear();
        self.goes_past = false;
        self.others = None;
        self.set_done(Step::Cases, false);
    }

    /// Whether the number of a row was listed and did not agree.
    pub fn is_refused(&self, typed: &str) -> bool {
        ReceiptNumber::parse(typed).is_ok_and(|number| self.refused.iter().any(|refused| refused == number.as_str()))
    }
}

pub(super) async fn put(transaction: &mut Connection, ctx: &Context, key: DraftKey, draft: &Draft) -> Result<(), Error> {
    let content = serde_json::to_vec(draft).map_err(|_| Error::Internal)?;
    Ok(form_draft::put(transaction, &ctx.keys, key.0, &content, ctx.now() + KEPT_FOR).await?)
}

pub(super) async fn keep(ctx: &Context, key: DraftKey, draft: &Draft) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    put(&mut transaction, ctx, key, draft).await?;
    Ok(transaction.commit().await?)
}

/// The form of a session.
pub async fn draft(ctx: &Context, key: DraftKey) -> Result<Option<Draft>, Error> {
    let content = form_draft::find(&mut ctx.store.read_primary().await?, &ctx.keys, key.0, ctx.now()).await?;
    // A draft that an earlier release kept is begun anew.
    Ok(content.and_then(|content| serde_json::from_slice(content.expose()).ok()))
}

/// Begins a form, or goes on with the one that was begun. A number that was looked up is not asked again.
pub async fn begin(ctx: &Context, key: DraftKey, typed: Option<&ReceiptNumber>) -> Result<Step, Error> {
    Actor::Public.check(Action::ChangeAddress)?;
    let kept = draft(ctx, key).await?.filter(|draft| draft.sent.is_none());
    let mut draft = kept.unwrap_or_else(|| Draft::new(ctx.clock.new_id()));
    if let Some(number) = typed.filter(|_| draft.form.cases.is_empty()) {
        draft.form.cases = vec![CaseForm { receipt_number: number.as_str().to_owned(), zip: String::new() }];
    }
    keep(ctx, key, &draft).await?;
    Ok(draft.step_at_hand(ctx))
}

/// Forgets a form, and what was typed into it.
pub async fn forget(ctx: &Context, key: DraftKey) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    form_draft::remove(&mut transaction, key.0).await?;
    Ok(transaction.commit().await?)
}
