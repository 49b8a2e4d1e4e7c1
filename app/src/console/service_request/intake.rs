//! Taking a request in for somebody: by telephone, by letter, at the window. What is asked follows from the kind, as in e-Request; the
//! form comes back with what has to be mended until it can be taken.

use domain::Error;
use domain::actor::Action;
use domain::call_script::at;
use domain::e_request::{Catalogue, forms};
use domain::service_request::questions;
use leptos::prelude::*;
use shared::case_status::FormNumber;
use shared::country;
use shared::e_request::{Answers, Asked, Field, FieldKind, FieldProblem, Need};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::service_request::{RequestKind, Source};
use uuid::{Builder, Uuid};

use super::address::{intake_at, office, pairs, value};
use super::fields::{hidden, post, select};
use super::kept::{IntakeSaid, Kept, KeptIntake, kept};
use super::words;
use crate::console::context::AtWork;
use crate::console::form::{Line as TypedLine, Notice};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::TAKE_IN;
use crate::portal::form::{FieldFrame, Line, error_summary};

/// The kinds that staff take, the public ones first.
fn kinds() -> Vec<(String, String)> {
    RequestKind::ALL.map(|kind| (kind.key().to_owned(), words::kind(kind).to_owned())).to_vec()
}

/// The ways in which a request comes to staff.
const SOURCES: [Source; 3] = [Source::Telephone, Source::Letter, Source::WalkIn];

#[component]
pub fn IntakePage() -> impl IntoView {
    view! { <Layout title="Take a request">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let pairs = pairs();
    let at = office(&pairs, at_work.officer(), Action::TakeRequest);
    let Some(office) = at.filter(|office| at_work.officer().may(Action::TakeRequest, office)) else {
        return Some(view! { <Problem error=Error::Refused/> }.into_any());
    };
    let source = value(&pairs, "source").and_then(Source::from_key).filter(|source| SOURCES.contains(source));
    let kind = value(&pairs, "kind").and_then(RequestKind::from_key);
    let Some((source, kind)) = source.zip(kind) else { return Some(choice(&at_work, &office, source, kind)) };
    let kept = match kept(&at_work, &pairs).await {
        Ok(Some(Kept::Intake(kept))) => Some(kept),
        Ok(_) => None,
        Err(error) => return Some(view! { <Problem error/> }.into_any()),
    };
    let call = match of_call(&at_work, value(&pairs, "call")).await {
        Ok(call) => call,
        Err(error) => return Some(view! { <Problem error/> }.into_any()),
    };
    Some(Form { at_work: &at_work, office: &office, source, kind, kept: kept.as_ref(), call: call.as_ref() }.view())
}

/// Where, how, and about what.
fn choice(at_work: &AtWork, at: &OfficeCode, source: Option<Source>, kind: Option<RequestKind>) -> AnyView {
    let offices = at_work.officer().offices(Action::TakeRequest);
    let offices = offices.iter().map(|office| (office.as_str().to_owned(), office.as_str().to_owned())).collect();
    let sources = SOURCES.map(|source| (source.key().to_owned(), words::source(source).to_owned())).to_vec();
    view! {
        <form class="usa-form" method="get" action=TAKE_IN>
            {select("intake-office", "office", "Office where it is taken", None, offices, at.as_str())}
            {select("intake-source", "source", "It came by", None, sources, source.map_or("", Source::key))}
            {select("intake-kind", "kind", "It is about", None, kinds(), kind.map_or("", RequestKind::key))}
            <button class="usa-button" type="submit">"Continue"</button>
        </form>
    }
    .into_any()
}

/// A call in which a request is taken: what the caller said already is not asked again.
struct OfCall {
    id: Uuid,
    locale: Locale,
    answers: Answers,
}

async fn of_call(at_work: &AtWork, id: Option<&str>) -> Result<Option<OfCall>, Error> {
    let Some(id) = id.and_then(|id| id.parse().ok()) else { return Ok(None) };
    let view = at(&at_work.console.domain, at_work.officer(), id).await?;
    if view.call.ending.is_some() {
        return Ok(None);
    }
    let mut answers = Answers::default();
    if let Some(caller) = &view.caller {
        let words: Vec<&str> = caller.expose().name.split_whitespace().collect();
        answers.set(Field::ReceiptNumber, &caller.expose().receipt_number);
        if let Some((family, given)) = words.split_last() {
            answers.set(Field::FamilyName, family);
            answers.set(Field::GivenName, &given.join(" "));
        }
    }
    if let Some(notes) = &view.notes {
        answers.set(Field::Explanation, notes.expose());
    }
    Ok(Some(OfCall { id, locale: view.call.locale, answers }))
}

struct Form<'f> {
    at_work: &'f AtWork,
    office: &'f OfficeCode,
    source: Source,
    kind: RequestKind,
    kept: Option<&'f KeptIntake>,
    call: Option<&'f OfCall>,
}

impl Form<'_> {
    fn view(&self) -> AnyView {
        let ctx = &self.at_work.console.domain;
        let none = Answers::default();
        let heard = self.call.map_or(&none, |call| &call.answers);
        let answers = self.kept.map_or(heard, |kept| &kept.answers);
        let asked = questions(self.kind, answers);
        let problems = match self.kept {
            Some(_) => answers.problems(&asked, ctx.today()),
            None => Vec::new(),
        };
        let submission =
            self.kept.map_or_else(|| Builder::from_random_bytes(ctx.random_bytes()).into_uuid(), |kept| kept.submission);
        let forms = forms(ctx, Locale::En);
        let fields: Vec<AnyView> = asked.iter().map(|asked| self.field(*asked, answers, &problems, &forms)).collect();
        let entries = problems
            .iter()
            .map(|(field, problem)| (element(*field), wording(*field, self.kind, answers.form()).problem(*problem).to_owned()));
        let entries: Vec<_> = entries.collect();
        let languages = vec![("en".to_owned(), "English".to_owned()), ("es".to_owned(), "Spanish".to_owned())];
        let received = (self.source == Source::Letter).then(|| {
            view! {
                <TypedLine
                    name="received_on"
                    label="Day stamped on the letter"
                    kind="date"
                    hint="Its clock starts on that day. Within the last 60 days."
                    value=self.kept.map(|kept| kept.received_on.clone()).unwrap_or_default()
                />
            }
        });
        let change = intake_at(self.office);
        view! {
            <p>
                <strong>{words::kind(self.kind)}</strong>", by "{words::source(self.source).to_lowercase()}", at "
                {self.office.as_str().to_owned()}". "<a href=change>"Choose again"</a>
            </p>
            <p class="usa-hint">"The questions are worded as people read them. Ask them so, and type what you are told."</p>
            {self.kept.and_then(|kept| said(&kept.said))}
            {error_summary(entries, Locale::En)}
            {post(
                "/_fn/console/service_request/take_in",
                view! {
                    {hidden(vec![
                        ("submission", submission.to_string()),
                        ("office", self.office.as_str().to_owned()),
                        ("source", self.source.key().to_owned()),
                        ("kind", self.kind.key().to_owned()),
                        ("call", self.call.map_or_else(String::new, |call| call.id.to_string())),
                    ])}
                    {received}
                    {fields}
                    {select(
                        "intake-locale",
                        "locale",
                        "The answer is wanted in",
                        None,
                        languages,
                        self.kept.map_or_else(|| self.call.map_or("en", |call| call.locale.tag()), |kept| kept.locale.as_str()),
                    )}
                    <button class="usa-button" type="submit">"Take the request"</button>
                },
            )}
        }
        .into_any()
    }

    fn field(&self, asked: Asked, answers: &Answers, problems: &[(Field, FieldProblem)], forms: &[(String, String)]) -> AnyView {
        let Asked { field, need } = asked;
        let words = wording(field, self.kind, answers.form());
        let problem = problems.iter().find(|(of, _)| *of == field).map(|(_, problem)| words.problem(*problem).to_owned());
        let label = match need {
            Need::Optional => format!("{} (optional)", words.label),
            Need::Needed | Need::OneOf => words.label.clone(),
        };
        let frame = FieldFrame {
            key: field.key().to_owned(),
            label,
            hint: words.hint.clone(),
            error: problem,
            slips: None,
            locale: Locale::En,
        };
        let typed = answers.typed(field);
        match field.kind() {
            FieldKind::Choice(_) => {
                let choices = Catalogue::get().choices(field, Locale::En);
                let choices: Vec<(String, String)> =
                    choices.into_iter().map(|(key, words)| (key.to_owned(), words.to_owned())).collect();
                frame.select("Choose", &choices, "off", typed)
            }
            FieldKind::Day(_) => {
                let mut parts = typed.splitn(3, '-');
                let mut part = || parts.next().unwrap_or_default();
                let (year, month, day) = (part(), part(), part());
                frame.day([month, day, year], false)
            }
            FieldKind::Lines(_) => text(&frame, typed),
            FieldKind::Form => frame.select("Choose", forms, "off", typed),
            FieldKind::Country => {
                let countries = country::countries(Locale::En).into_iter();
                let countries: Vec<_> = countries.map(|country| (country.code.to_owned(), country.name.to_owned())).collect();
                frame.select("Choose", &countries, "off", typed)
            }
            FieldKind::Zip => frame.line(Line::DIGITS, typed),
            FieldKind::Email => frame.line(Line { kind: "email", ..Line::TEXT }, typed),
            FieldKind::Telephone => frame.line(Line { kind: "tel", ..Line::SHORT }, typed),
            FieldKind::ReceiptNumber | FieldKind::Category | FieldKind::ANumber => frame.line(Line::SHORT, typed),
            FieldKind::Line(_) => frame.line(Line::TEXT, typed),
        }
    }
}

fn wording(field: Field, kind: RequestKind, form: Option<FormNumber>) -> shared::e_request::FieldWording {
    Catalogue::get().wording(field, kind, form.as_ref(), Locale::En)
}

/// The element that a link to a field leads to.
fn element(field: Field) -> String {
    match field.kind() {
        FieldKind::Day(_) => format!("{}_month", field.key()),
        _ => field.key().to_owned(),
    }
}

fn text(frame: &FieldFrame, typed: &str) -> AnyView {
    let key = frame.key.clone();
    let hint_id = frame.hint.as_ref().map(|_| format!("{key}-hint"));
    let error_id = frame.error.as_ref().map(|_| format!("{key}-error"));
    let described: Vec<String> = [error_id.clone(), hint_id.clone()].into_iter().flatten().collect();
    let is_wrong = frame.error.is_some();
    view! {
        <div class=if is_wrong { "usa-form-group usa-form-group--error" } else { "usa-form-group" }>
            <label class="usa-label" for=key.clone()>{frame.label.clone()}</label>
            {frame.hint.clone().map(|hint| view! { <span class="usa-hint" id=hint_id>{hint}</span> })}
            {frame.error.clone().map(|error| view! {
                <span class="usa-error-message" id=error_id><span class="visually-hidden">"Error: "</span>{error}</span>
            })}
            <textarea
                class=if is_wrong { "usa-textarea usa-input--error" } else { "usa-textarea" }
                id=key.clone()
                name=format!("typed[{key}]")
                rows="6"
                aria-describedby=(!described.is_empty()).then(|| described.join(" "))
                aria-invalid=is_wrong.then_some("true")
            >
                {typed.to_owned()}
            </textarea>
        </div>
    }
    .into_any()
}

fn said(said: &IntakeSaid) -> Option<AnyView> {
    let words = match said {
        // The box above the form says what.
        IntakeSaid::Problems => return None,
        IntakeSaid::WrongDay => {
            "The day of the letter is in the future, or more than 60 days ago. Look at the stamp again.".to_owned()
        }
        IntakeSaid::NoCase => {
            "There is no case of this number of which may be spoken. Read it back to the caller, digit by digit; say \
                               nothing else about it."
                .to_owned()
        }
        IntakeSaid::UnderWay(number) => {
            format!("There is such a request already, and its day has not passed: {number}. Tell the caller its number.")
        }
    };
    Some(view! { <Notice kind="error">{words}</Notice> }.into_any())
}
