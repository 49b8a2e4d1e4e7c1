//! The page on which an answer is written.

use std::collections::BTreeSet;

use domain::Error;
use domain::answer::{AnswerState, StoredTemplate, UnderWay, Work, templates, work};
use domain::service_request::{ReadPurpose, RequestFile, file_of, here, names};
use leptos::prelude::*;
use shared::answer::{
    Channel, Draft, Form, Issue, LONGEST_TEXT, Origin, Placeholder, Recipient, Stage, TemplateUse, Text, Value, ValueKind,
    plain_text,
};
use shared::letter::Block;
use shared::locale::Locale;
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::findings::{findings, summary};
use super::kept::{Kept, KeptAnswer, NotSaved, kept};
use super::request::{answer_path, back, protected, request_at_hand, shown};
use super::words;
use crate::console::context::AtWork;
use crate::console::form::{Notice, PostButton};
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, path_of};
use crate::console::service_request::fields::select;
use crate::console::service_request::told::answers;
use crate::console::service_request::words::{self as request_words, Names};
use crate::console::when::When;
use crate::csrf::CsrfField;

#[component]
pub fn AnswerPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work, request_at_hand()).await, "Answer"))
}

/// What the page shows.
struct Desk {
    request: Uuid,
    file: RequestFile,
    work: Work,
    templates: Vec<StoredTemplate>,
    names: Names,
    /// What was typed and not saved.
    typed: Option<KeptAnswer>,
}

async fn page(at_work: &AtWork, request: Uuid) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    here(ctx, officer, request).await?;
    let file = file_of(ctx, officer, request, ReadPurpose::Work).await?;
    let number = file.listed.number.grouped();
    let title = format!("Answer to {number}");
    let Some(work) = work(ctx, officer, request).await? else {
        return Ok(view! { <Layout title>{back(request, &number)}{protected()}</Layout> }.into_any());
    };
    let mut named: Vec<OfficerId> = file.present.clone();
    named.extend(work.under_way.as_ref().map(|under_way| OfficerId(under_way.written_by.as_u128())));
    let names = names(ctx, officer, named).await?;
    let templates = templates(ctx, officer, Some(work.kind)).await?;
    let typed = match kept(at_work, &pairs()).await? {
        Some(Kept::Answer(typed)) if typed.request == request => Some(typed),
        _ => None,
    };
    let desk = Desk { request, file, work, templates, names, typed };
    let checked = findings(&desk.work.findings, &desk.work.check, desk.work.kind);
    let written = desk.written();
    let beside = desk.beside(checked);
    Ok(view! {
        <Layout title>
            <div data-request=request.to_string()>
                {back(request, &number)}
                {desk.present()}
                {desk.facts()}
                {desk.said()}
                <div class="console-write">
                    <div>{written}</div>
                    <div class="console-write__beside">{beside}</div>
                </div>
            </div>
        </Layout>
    }
    .into_any())
}

impl Desk {
    fn under_way(&self) -> Option<&UnderWay> {
        self.work.under_way.as_ref()
    }

    fn waits_for_reader(&self) -> bool {
        self.under_way().is_some_and(|under_way| under_way.state == AnswerState::AwaitingReview)
    }

    /// What stands in the fields: what was typed and not saved, or the draft.
    fn draft(&self) -> &Draft {
        self.typed.as_ref().map_or(&self.work.draft, |typed| &typed.draft)
    }

    fn name(&self, officer: Uuid) -> String {
        request_words::name(&self.names, OfficerId(officer.as_u128()))
    }

    /// Who else has it open. A script keeps this up to date.
    fn present(&self) -> AnyView {
        let others: Vec<String> = self.file.present.iter().map(|officer| request_words::name(&self.names, *officer)).collect();
        let others = (!others.is_empty()).then(|| format!("Also open at: {}", others.join(", ")));
        view! { <p class="console-present" id="present" role="status">{others}</p> }.into_any()
    }

    fn facts(&self) -> AnyView {
        let goes_to = match &self.work.goes_to {
            Ok(all) => view! { <ul class="console-plain">{all.iter().map(|it| goes_to(*it)).collect_view()}</ul> }.into_any(),
            Err(_) => "Nobody: the request has no e-mail address. Answer by letter.".into_any(),
        };
        let reviewed = self.work.is_reviewed.then_some(" A second person reads it before it goes out.");
        // On a telephone the check stands far below.
        let checked = self.typed.is_none().then(|| {
            let summary = summary(&self.work.findings, &self.work.check);
            view! { <dt>"Check"</dt><dd><a href="#findings">{summary}</a></dd> }
        });
        view! {
            <dl class="console-facts">
                <dt>"About"</dt><dd>{request_words::kind(self.work.kind)}</dd>
                <dt>"State"</dt><dd>{request_words::state(&self.file.listed.state)}</dd>
                <dt>"Asked in"</dt><dd>{words::language(self.work.locale)}</dd>
                <dt>"Goes to"</dt><dd>{goes_to}{reviewed}</dd>
                {checked}
            </dl>
        }
        .into_any()
    }

    /// What is to be known before one goes on.
    fn said(&self) -> AnyView {
        let not_saved = self.typed.as_ref().map(|typed| self.not_saved(typed.said));
        let given_back = self.under_way().and_then(|under_way| under_way.note.as_ref()).filter(|_| !self.waits_for_reader());
        let given_back = given_back.map(|note| {
            view! {
                <section aria-labelledby="given-back">
                    <h2 id="given-back">"Given back by a second reader"</h2>
                    <p class="console-told">{note.expose().clone()}</p>
                </section>
            }
        });
        view! { {not_saved}{given_back} }.into_any()
    }

    fn not_saved(&self, said: NotSaved) -> AnyView {
        let words = match said {
            NotSaved::Changed => {
                "Not saved: somebody saved another version while you wrote. Both are here: theirs to read and copy from, yours in the \
                 fields. Saving puts yours in place of theirs."
            }
            NotSaved::NotNow => {
                "Not saved: the request owes no answer now, or its answer waits for a second reader, or the draft was thrown away. What \
                 you typed is still in the fields."
            }
        };
        let theirs = self.under_way().filter(|_| said == NotSaved::Changed).map(|under_way| {
            let Draft { form, stage, text, .. } = &self.work.draft;
            view! {
                <section aria-labelledby="theirs">
                    <h2 id="theirs">"Saved by "{self.name(under_way.written_by)}", "<When at=under_way.changed_at/></h2>
                    <p>{words::form(*form)}". "{words::stage(*stage)}"."</p>
                    <p class="console-told" id="their-draft">{text.clone()}</p>
                    {filled(&self.work.draft)}
                    <h2>"Yours, not saved"</h2>
                </section>
            }
        });
        view! { <Notice kind="error">{words}</Notice>{theirs} }.into_any()
    }

    fn written(&self) -> AnyView {
        if self.waits_for_reader() && self.typed.is_none() {
            return view! {
                <p>
                    <strong>"This answer waits for a second reader. "</strong>
                    "It can be changed when it is given back."
                </p>
                <p><a href=format!("{}/preview", answer_path(self.request))>"Look at it as the person will read it"</a></p>
            }
            .into_any();
        }
        let draft = self.draft();
        let discard = self.under_way().map(|under_way| {
            let values = vec![("id", self.request.to_string()), ("version", under_way.version.to_string())];
            view! {
                <details class="console-details">
                    <summary>"Throw the draft away"</summary>
                    <p>"Nobody is shown it any more, and another one can be begun."</p>
                    <PostButton action="/_fn/console/answer/discard" label="Throw it away" values/>
                </details>
            }
        });
        view! {
            <form class="usa-form console-answer" method="post" action="/_fn/console/answer/save" data-answer>
                <CsrfField/>
                <input type="hidden" name="id" value=self.request.to_string()/>
                <input type="hidden" name="version" value=self.under_way().map(|under_way| under_way.version.to_string())/>
                <div class="console-row">
                    <button class="usa-button usa-button--outline" type="submit" name="then" value="save">"Save"</button>
                    <p class="usa-hint" id="answer-state" role="status">{self.saved()}</p>
                </div>
                {how(draft)}
                {self.put_in()}
                {text(draft)}
                {to_fill_in(draft)}
                {self.addressed(draft)}
                <div class="console-row console-answer__end">
                    <button class="usa-button usa-button--outline" type="submit" name="then" value="check">"Save and check"</button>
                    <button class="usa-button usa-button--outline" type="submit" name="then" value="preview">"Save and look at it"</button>
                    <button class="usa-button" type="submit" name="then" value="release">
                        {if self.work.is_reviewed { "Hand in for a second reading" } else { "Release" }}
                    </button>
                </div>
            </form>
            {discard}
        }
        .into_any()
    }

    fn saved(&self) -> Option<AnyView> {
        // What stands in the fields was not.
        let under_way = self.under_way().filter(|_| self.typed.is_none())?;
        Some(view! { "Saved by "{self.name(under_way.written_by)}", "<When at=under_way.changed_at/>"." }.into_any())
    }

    /// Templates and short texts for requests of this kind.
    fn put_in(&self) -> Option<AnyView> {
        let option = |stored: &StoredTemplate| {
            let template = &stored.template;
            let what = match template.used() {
                TemplateUse::Answer => "answer",
                TemplateUse::Insert => "short text",
            };
            (template.key().as_str().to_owned(), format!("{} ({what})", template.title()))
        };
        let options: Vec<_> = self.templates.iter().map(option).collect();
        (!options.is_empty()).then(|| {
            view! {
                <div class="console-row">
                    {select("template", "template", "Template", Some("Choose"), options, "")}
                    <button class="usa-button usa-button--outline" type="submit" name="then" value="put_in">
                        "Put in at the end"
                    </button>
                </div>
            }
            .into_any()
        })
    }

    /// What the answer has to speak of, each with the part that does.
    fn addressed(&self, draft: &Draft) -> AnyView {
        let row = |(issue, label): &(Issue, String)| {
            let id = format!("issue-{issue}");
            let part = draft.addressed.get(issue).map(ToString::to_string);
            view! {
                <div class="console-issue">
                    <label for=id.clone()>{label.clone()}</label>
                    <input
                        class="usa-input console-part"
                        id=id
                        name=format!("answer[addressed][{issue}]")
                        type="number"
                        min="1"
                        max="999"
                        value=part
                        autocomplete="off"
                    />
                </div>
            }
        };
        view! {
            <fieldset class="usa-fieldset" aria-describedby="issues-hint">
                <legend class="usa-legend">"Which part speaks of what"</legend>
                <p class="usa-hint" id="issues-hint">
                    "For each, the number of the part that answers it. Blank lines part the text; the parts stand beside it with their numbers."
                </p>
                {self.work.issues.iter().map(row).collect_view()}
            </fieldset>
        }
        .into_any()
    }

    /// The check, the parts with their numbers, and what was told. Of what was not saved nothing is known yet.
    fn beside(&self, checked: AnyView) -> AnyView {
        let looked_at = if self.typed.is_some() {
            view! { <p>"Save it to have it checked."</p> }.into_any()
        } else {
            view! { {checked}{parts(&self.work.parts)} }.into_any()
        };
        view! {
            {looked_at}
            {answers(self.file.listed.kind, &self.file.answers)}
            <p><a href=path_of(self.request)>"All that is known of the request"</a></p>
        }
        .into_any()
    }
}

fn goes_to((recipient, channel): (Recipient, Channel)) -> impl IntoView {
    view! { <li>{words::recipient(recipient)}": "{words::channel(channel)}</li> }
}

fn how(draft: &Draft) -> AnyView {
    let forms = Form::ALL.map(|form| (form.key().to_owned(), words::form(form).to_owned())).to_vec();
    let stages = [Stage::ALL[2], Stage::ALL[0], Stage::ALL[1]];
    let stages = stages.map(|stage| (stage.key().to_owned(), words::stage(stage).to_owned())).to_vec();
    let languages = Locale::ALL.into_iter().map(|locale| (locale.tag().to_owned(), words::language(locale).to_owned())).collect();
    view! {
        <div class="console-row">
            {select("form", "answer[form]", "Answered by", None, forms, draft.form.key())}
            {select("stage", "answer[stage]", "How much of an answer", None, stages, draft.stage.key())}
            {select("locale", "answer[locale]", "Language", None, languages, draft.locale.tag())}
        </div>
    }
    .into_any()
}

fn text(draft: &Draft) -> AnyView {
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for="text">"Text"</label>
            <span class="usa-hint" id="text-hint">
                "Say what was found, and what comes next or by which day. # begins a heading, ! what must not be overlooked, - a step. In \
                 braces: what is filled in, such as {mailed_on}, or {mailed_on+30} for thirty days later."
            </span>
            <textarea
                class="usa-textarea"
                id="text"
                name="answer[text]"
                rows="16"
                maxlength=LONGEST_TEXT.to_string()
                lang=draft.locale.tag()
                spellcheck="true"
                aria-describedby="text-hint"
            >
                {draft.text.clone()}
            </textarea>
        </div>
    }
    .into_any()
}

/// Fields for what the text leaves open.
fn to_fill_in(draft: &Draft) -> Option<AnyView> {
    let fields: Vec<AnyView> = draft.to_fill_in().into_iter().map(|placeholder| field(draft, placeholder)).collect();
    (!fields.is_empty()).then(|| {
        view! {
            <fieldset class="usa-fieldset">
                <legend class="usa-legend">"To fill in"</legend>
                <div class="console-row console-row--top">{fields}</div>
            </fieldset>
        }
        .into_any()
    })
}

fn field(draft: &Draft, placeholder: Placeholder) -> AnyView {
    let typed = draft.typed.get(&placeholder).cloned().unwrap_or_default();
    let is_wrong = !typed.is_empty() && Value::parse(placeholder.kind(), &typed).is_none();
    let id = format!("typed-{}", placeholder.key());
    let error_id = is_wrong.then(|| format!("{id}-error"));
    let (kind, numeric) = match placeholder.kind() {
        ValueKind::Day => ("date", false),
        ValueKind::Count | ValueKind::TrackingNumber => ("text", true),
        ValueKind::Line => ("text", false),
    };
    let error = is_wrong.then(|| {
        view! {
            <span class="usa-error-message" id=error_id.clone()>
                <span class="visually-hidden">"Error: "</span>{words::wanted(placeholder.kind())}
            </span>
        }
    });
    view! {
        <div class=if is_wrong { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
            <label class="usa-label" for=id.clone()>
                {words::placeholder(placeholder)}" "<code>{format!("{{{}}}", placeholder.key())}</code>
            </label>
            {error}
            <input
                class=if is_wrong { "usa-input usa-input--error" } else { "usa-input" }
                id=id
                name=format!("answer[typed][{}]", placeholder.key())
                type=kind
                value=typed
                maxlength="100"
                autocomplete="off"
                inputmode=numeric.then_some("numeric")
                aria-describedby=error_id
                aria-invalid=is_wrong.then_some("true")
            />
        </div>
    }
    .into_any()
}

/// What another officer filled in.
fn filled(draft: &Draft) -> Option<AnyView> {
    let open: BTreeSet<Placeholder> = Text::parse_all(&draft.text).0.placeholders();
    let row = |(placeholder, typed): (&Placeholder, &String)| {
        view! { <dt>{words::placeholder(*placeholder)}</dt><dd>{typed.clone()}</dd> }
    };
    let is_shown = |placeholder: &Placeholder| open.contains(placeholder) && placeholder.origin() == Origin::Officer;
    let rows: Vec<_> = draft.typed.iter().filter(|(placeholder, _)| is_shown(placeholder)).map(row).collect();
    (!rows.is_empty()).then(|| view! { <dl class="console-facts">{rows}</dl> }.into_any())
}

/// The parts with their numbers, as they were saved.
fn parts(parts: &[Block]) -> Option<AnyView> {
    let part = |block: &Block| view! { <li class="console-told">{plain_text(block)}</li> };
    (!parts.is_empty()).then(|| {
        view! {
            <section aria-labelledby="parts">
                <h2 id="parts">"Parts, as saved"</h2>
                <ol class="console-parts">{parts.iter().map(part).collect_view()}</ol>
            </section>
        }
        .into_any()
    })
}
