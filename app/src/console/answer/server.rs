//! Server functions about answers. Forms call them; one of them the browser's client does, too.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::csrf::Csrf;

#[cfg(feature = "ssr")]
use {
    super::kept::{Kept, KeptAnswer, NotSaved, keep},
    super::request::answer_path,
    super::typed::{self, TypedCommand, TypedTemplate},
    super::words,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::service_request::address::{path_of, with_query},
    crate::console::site::{LETTERS, NEW_TEMPLATE, REVIEWS, TEMPLATES},
    crate::reply::Reply,
    domain::Error,
    domain::answer::{self as answers, CameBack, Discarded, Released, Saved, SavedTemplate, Verdict},
    shared::answer::Draft,
    shared::office::OfficeCode,
    std::collections::BTreeSet,
    uuid::Uuid,
};

/// The fields of an answer, as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerFields {
    pub form: String,
    pub stage: String,
    pub locale: String,
    pub text: String,
    /// What placeholders hold, by their keys.
    pub typed: BTreeMap<String, String>,
    /// The part that speaks of an issue, by the key.
    pub addressed: BTreeMap<String, String>,
}

/// What became of an answer that was sent to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerSaved {
    /// As this version.
    Kept(i64),
    /// Somebody else saved another one meanwhile. Nothing was overwritten.
    Changed,
    NotNow,
}

/// Keeps what is written, and goes on to what the button said. The browser's client sends it while somebody types.
#[server(SaveAnswer, prefix = "/_fn", endpoint = "console/answer/save", client = Csrf)]
pub async fn save_answer(
    #[server(default)] id: String,
    #[server(default)] version: String,
    #[server(default)] answer: AnswerFields,
    #[server(default)] template: String,
    #[server(default)] then: String,
) -> Result<AnswerSaved, ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let request = id.parse().unwrap_or_default();
    let mut draft = typed::draft(&answer);
    let saved = async {
        let found = then != "put_in" || put_in(&at_work, &mut draft, &template).await?;
        let saved = answers::save(ctx, officer, request, version.parse().ok(), &draft).await?;
        if then == "put_in" && found && matches!(saved, Saved::Kept(_)) {
            domain::quality::note_template(ctx, officer, request, &template).await?;
        }
        Ok((found, saved))
    };
    let (found, saved) = match saved.await {
        Ok(saved) => saved,
        Err(error) => return failed(reply, &error).map(|()| AnswerSaved::NotNow),
    };
    let (became, said) = match saved {
        Saved::Kept(version) => (AnswerSaved::Kept(version), None),
        Saved::Changed { .. } => (AnswerSaved::Changed, Some(NotSaved::Changed)),
        Saved::NotNow => (AnswerSaved::NotNow, Some(NotSaved::NotNow)),
    };
    // A script shows it in place: no page comes that would say it.
    if !reply.is_plain_form() {
        return Ok(became);
    }
    match (&became, said) {
        (_, Some(said)) => again(reply, &at_work, KeptAnswer { request, draft, said }).await?,
        (AnswerSaved::Kept(version), None) if then == "release" => release(reply, &at_work, request, *version).await?,
        _ if then == "preview" => reply.go_on_to(&format!("{}/preview", answer_path(request))),
        _ => {
            let outcome = match (then.as_str(), found) {
                ("put_in", true) => Outcome::done("Put in at the end of the text, and saved."),
                ("put_in", false) => Outcome::not_done("The answer is saved. Choose what to put in from the list."),
                _ => Outcome::done("The draft is saved. Nothing of it goes out before you release it."),
            };
            outcome.say(&reply, &at_work);
            reply.go_on_to(&answer_path(request));
        }
    }
    Ok(became)
}

/// False if there is no such template.
#[cfg(feature = "ssr")]
async fn put_in(at_work: &AtWork, draft: &mut Draft, key: &str) -> Result<bool, Error> {
    let all = answers::templates(&at_work.console.domain, at_work.officer(), None).await?;
    let Some(found) = all.iter().find(|stored| stored.template.key().as_str() == key) else { return Ok(false) };
    typed::put_in(draft, found.template.source(draft.locale));
    Ok(true)
}

/// Shows the page again with what was typed, and why it was not saved.
#[cfg(feature = "ssr")]
async fn again(reply: Reply, at_work: &AtWork, typed: KeptAnswer) -> Result<(), ServerFnError> {
    let page = answer_path(typed.request);
    go_on_with(reply, at_work, &page, &Kept::Answer(typed)).await
}

#[cfg(feature = "ssr")]
async fn go_on_with(reply: Reply, at_work: &AtWork, page: &str, kept: &Kept) -> Result<(), ServerFnError> {
    match keep(at_work, kept).await {
        Ok(id) => {
            reply.go_on_to(&with_query(page, &[("kept", id.to_string())]));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

#[cfg(feature = "ssr")]
async fn release(reply: Reply, at_work: &AtWork, request: Uuid, version: i64) -> Result<(), ServerFnError> {
    let released = answers::release(&at_work.console.domain, at_work.officer(), request, version).await;
    let (outcome, page) = match released {
        Ok(Released::Out(number)) => (Outcome::done(out(number)), path_of(request)),
        Ok(Released::AwaitsReview) => (
            Outcome::done("Handed in. A second person reads answers to requests of this kind before they go out."),
            path_of(request),
        ),
        Ok(instead) => (Outcome::not_done(not_released(&instead)), answer_path(request)),
        Err(Error::Unusable(words)) => (Outcome::not_done(format!("Not released. {words}")), answer_path(request)),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, at_work);
    reply.go_on_to(&page);
    Ok(())
}

#[cfg(feature = "ssr")]
fn out(number: i64) -> String {
    format!("Released as answer {number}. The person can read it at the page of the request; what goes by mail is on its way.")
}

#[cfg(feature = "ssr")]
const fn not_released(instead: &Released) -> &'static str {
    match instead {
        Released::Found(_) => "Not released. What keeps it from going out stands with the text, with what to do about it.",
        Released::NoAddress(_) => "Not released: the request has no e-mail address. Answer by letter.",
        Released::Changed => "Not released: somebody else has changed it since you read it. This is how it is now.",
        Released::Protected => "Not released: the case is protected by now, and is not answered from this console.",
        Released::NotNow | Released::Out(_) | Released::AwaitsReview | Released::GivenBack => {
            "Not released: the request is not open. Begin to work on it first, or let its clock run again."
        }
    }
}

/// Throws a draft away.
#[server(DiscardAnswer, prefix = "/_fn", endpoint = "console/answer/discard")]
pub async fn discard(#[server(default)] id: String, #[server(default)] version: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let request = id.parse().unwrap_or_default();
    let version = version.parse().unwrap_or(-1);
    let (outcome, page) = match answers::discard(&at_work.console.domain, at_work.officer(), request, version).await {
        Ok(Discarded::Yes) => (Outcome::done("The draft is thrown away."), path_of(request)),
        Ok(Discarded::Changed) => (
            Outcome::not_done("Not thrown away: somebody else has changed it since you read it. This is how it is now."),
            answer_path(request),
        ),
        Ok(Discarded::NotNow) => (Outcome::not_done("There is no draft any more."), path_of(request)),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&page);
    Ok(())
}

/// The longest words of a second reader, in characters.
#[cfg(feature = "ssr")]
const LONGEST_WORDS: usize = 4000;

/// What a second reader says.
#[server(ReviewAnswer, prefix = "/_fn", endpoint = "console/answer/review")]
pub async fn review(
    #[server(default)] id: String,
    #[server(default)] version: String,
    #[server(default)] verdict: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let request = id.parse().unwrap_or_default();
    let own = format!("{}/review", path_of(request));
    let words = text.trim().replace("\r\n", "\n");
    let verdict = if verdict == "release" { Verdict::Release } else { Verdict::GiveBack(words.clone()) };
    let is_wrong = words.is_empty() || words.chars().count() > LONGEST_WORDS;
    if matches!(verdict, Verdict::GiveBack(_)) && is_wrong {
        return go_on_with(reply, &at_work, &own, &Kept::Verdict { request, words }).await;
    }
    let version = version.parse().unwrap_or(-1);
    let reviewed = answers::review(&at_work.console.domain, at_work.officer(), request, version, &verdict).await;
    let (outcome, page) = match reviewed {
        Ok(Released::Out(number)) => (Outcome::done(out(number)), REVIEWS.to_owned()),
        Ok(Released::GivenBack) => (Outcome::done("Given back. Who wrote it reads your words."), REVIEWS.to_owned()),
        Ok(Released::NotNow) => {
            (Outcome::not_done("Nothing was done: it was released or given back meanwhile."), REVIEWS.to_owned())
        }
        Ok(instead) => (Outcome::not_done(not_released(&instead)), own),
        Err(Error::Unusable(words)) => (Outcome::not_done(format!("Not released. {words}")), own),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&page);
    Ok(())
}

/// Notes that a letter came back.
#[server(LetterCameBack, prefix = "/_fn", endpoint = "console/answer/came_back")]
pub async fn came_back(#[server(default)] id: String, #[server(default)] delivery: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let request = id.parse().unwrap_or_default();
    let delivery = delivery.parse().unwrap_or_default();
    let outcome = match answers::came_back(&at_work.console.domain, at_work.officer(), request, delivery).await {
        Ok(CameBack::Reopened) => Outcome::done(
            "Noted. Nobody has had this answer, so the request is open again, among those whose mail came back. The same words may go \
             out once more.",
        ),
        Ok(CameBack::Noted) => Outcome::done("Noted with the answer."),
        Ok(CameBack::NotNow) => Outcome::not_done("Nothing was done: it was noted before, or the letter was never sent."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&path_of(request));
    Ok(())
}

/// Has the case system do something.
#[server(AskCaseSystem, prefix = "/_fn", endpoint = "console/answer/ask")]
pub async fn ask(
    #[server(default)] id: String,
    #[server(default)] kind: String,
    #[server(default)] field: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] notice: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let request: Uuid = id.parse().unwrap_or_default();
    let page = format!("{}/commands", path_of(request));
    let typed = TypedCommand { kind, field, from, to, notice };
    let asked = match typed.command() {
        None => Err(Error::Unusable("Choose what is to be done.".into())),
        Some(command) => {
            let asked = answers::ask_case_system(&at_work.console.domain, at_work.officer(), request, &command).await;
            asked.map(|asked| asked.map(|_| command.kind()))
        }
    };
    match asked {
        Ok(Some(kind)) => {
            Outcome::done(format!("Asked: {}. The case system fetches it.", words::command(kind))).say(&reply, &at_work);
        }
        Ok(None) => Outcome::not_done("Nothing was asked: the case is protected.").say(&reply, &at_work),
        Err(Error::Unusable(said)) => {
            return go_on_with(reply, &at_work, &page, &Kept::Command { request, typed, said: sentence(&said) }).await;
        }
        Err(error) => return failed(reply, &error),
    }
    reply.go_on_to(&page);
    Ok(())
}

/// With a capital, as it stands by itself.
#[cfg(feature = "ssr")]
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Puts letters that wait into a batch.
#[server(PrintLetters, prefix = "/_fn", endpoint = "console/answer/print")]
pub async fn print(#[server(default)] office: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(at) = OfficeCode::parse(&office) else { return failed(reply, &Error::Refused) };
    let outcome = match answers::begin_batch(&at_work.console.domain, at_work.officer(), &at).await {
        Ok(Some(printing)) => Outcome::done(format!(
            "{} put together. Download them below, print and mail them, and then say so.",
            letters_of(printing.letters.len())
        )),
        Ok(None) => Outcome::not_done("No letter waits that may be printed."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&with_query(LETTERS, &[("office", office)]));
    Ok(())
}

#[cfg(feature = "ssr")]
fn letters_of(count: usize) -> String {
    if count == 1 { "1 letter is".into() } else { format!("{count} letters are") }
}

/// Notes that the letters of a batch were mailed.
#[server(AcknowledgeLetters, prefix = "/_fn", endpoint = "console/answer/acknowledge")]
pub async fn acknowledge(
    #[server(default)] office: String,
    #[server(default)] batch: String,
    #[server(default)] letters: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let outcome = match letters.trim().parse() {
        Err(_) => Outcome::not_done("Type how many letters were printed and mailed, as a number."),
        Ok(letters) => {
            let batch = batch.parse().unwrap_or_default();
            match answers::acknowledge(&at_work.console.domain, at_work.officer(), batch, letters).await {
                Ok(()) => Outcome::done(format!("Noted: {letters} printed and mailed.")),
                Err(Error::Unusable(words)) => Outcome::not_done(words),
                Err(error) => return failed(reply, &error),
            }
        }
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&with_query(LETTERS, &[("office", office)]));
    Ok(())
}

/// Saves a template: a new one, or another version of the one that `editing` names.
#[server(SaveTemplate, prefix = "/_fn", endpoint = "console/answer/save_template")]
pub async fn save_template(
    #[server(default)] editing: String,
    #[server(default)] key: String,
    #[server(default)] used: String,
    #[server(default)] kinds: Vec<String>,
    #[server(default)] title: String,
    #[server(default)] en: String,
    #[server(default)] es: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let kinds: BTreeSet<String> = kinds.into_iter().collect();
    let key = if editing.is_empty() { key.trim().to_owned() } else { editing.clone() };
    let typed = TypedTemplate { key, used, kinds, title, en, es };
    let page = if editing.is_empty() { NEW_TEMPLATE.to_owned() } else { format!("{TEMPLATES}/{editing}") };
    let saved = async {
        let (ctx, officer) = (&at_work.console.domain, at_work.officer());
        let all = answers::templates(ctx, officer, None).await?;
        let is_taken = editing.is_empty() && all.iter().any(|stored| stored.template.key().as_str() == typed.key);
        if is_taken {
            return Ok(Err(vec!["There is a template of this name. Take another name, or change that one.".to_owned()]));
        }
        Ok(match answers::save_template(ctx, officer, typed.template()).await? {
            SavedTemplate::Kept(version) => Ok(version),
            SavedTemplate::Wrong(wrong) => Err(wrong.iter().map(|error| format!("{}.", sentence(&error.to_string()))).collect()),
        })
    };
    match saved.await {
        Ok(Ok(version)) => {
            Outcome::done(format!("Saved as version {version} of {}.", typed.key)).say(&reply, &at_work);
            reply.go_on_to(TEMPLATES);
            Ok(())
        }
        Ok(Err(wrong)) => go_on_with(reply, &at_work, &page, &Kept::Template { typed, wrong }).await,
        Err(error) => failed(reply, &error),
    }
}

/// Takes a template out of use.
#[server(RetireTemplate, prefix = "/_fn", endpoint = "console/answer/retire_template")]
pub async fn retire_template(#[server(default)] key: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let outcome = match answers::retire_template(&at_work.console.domain, at_work.officer(), &key).await {
        Ok(true) => Outcome::done("Out of use. What was written with it stays as it is."),
        Ok(false) => Outcome::not_done("It was taken out of use before."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(TEMPLATES);
    Ok(())
}
