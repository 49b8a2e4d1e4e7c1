//! Server functions about service requests. Forms call them; of one the browser's client does, too.
#![cfg_attr(feature = "ssr", expect(clippy::unused_async, reason = "a server function is async, whether or not it waits"))]
#![expect(clippy::too_many_arguments, reason = "one for each field of a form")]

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::csrf::Csrf;

#[cfg(feature = "ssr")]
use {
    super::acts::Act,
    super::address::{ListAddress, path_of, with_query},
    super::kept::{Assigned, Became, IntakeSaid, Kept, KeptIntake, Said, Ticked, Typed, keep},
    super::words,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, came_from, failed},
    crate::console::site::{ASSIGN, ASSIGNED, CALLS, ESCALATIONS, REQUESTS, ROSTER, SEARCH, TAKE_IN, UNROUTED, way_back},
    crate::console::way_in::header,
    crate::reply::Reply,
    crate::session::CookieName,
    chrono::NaiveDate,
    domain::Action,
    domain::e_request::typed_answers,
    domain::service_request::{self as requests, Intake, Redirected, Share, TakenIn, Worked},
    shared::e_request::Answers,
    shared::locale::Locale,
    shared::office::OfficeCode,
    shared::service_request::{OfficerId, PauseReason, Queue, RedirectReason, RequestKind, Source},
    uuid::Uuid,
};

/// The page of a request on which a form stood, without what was said there; or the request's own.
#[cfg(feature = "ssr")]
fn back_to(request: Uuid) -> String {
    let own = path_of(request);
    let Some(from) = came_from() else { return own };
    let Some((page, query)) = from.split_once('?').filter(|(page, _)| *page == own) else { return own };
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    let kept: Vec<(&str, String)> =
        pairs.iter().filter(|(name, _)| name != "kept").map(|(name, value)| (name.as_str(), value.clone())).collect();
    with_query(page, &kept)
}

/// The list on which a form stood, or the usual one.
#[cfg(feature = "ssr")]
fn list_or_usual(list: &str) -> String {
    way_back(list).filter(|list| list.starts_with(REQUESTS)).unwrap_or(REQUESTS).to_owned()
}

/// What an act on a request came to: done, or what to say and what was typed.
#[cfg(feature = "ssr")]
struct Told<'t> {
    request: Uuid,
    act: Act,
    done: &'static str,
    fields: &'t [(&'static str, &'t str)],
}

#[cfg(feature = "ssr")]
impl Told<'_> {
    async fn reply(
        self,
        reply: Reply,
        at_work: &AtWork,
        worked: Result<Result<(), Said>, domain::Error>,
    ) -> Result<(), ServerFnError> {
        match worked {
            Ok(Ok(())) => {
                Outcome::done(self.done).say(&reply, at_work);
                reply.go_on_to(&back_to(self.request));
                Ok(())
            }
            Ok(Err(said)) => self.again(reply, at_work, said).await,
            Err(error) => failed(reply, &error),
        }
    }

    /// Shows the page again with what was typed, and why it could not be used.
    async fn again(self, reply: Reply, at_work: &AtWork, said: Said) -> Result<(), ServerFnError> {
        let fields = self.fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let typed = Kept::Typed(Typed { request: self.request, act: self.act, said, fields });
        match keep(at_work, &typed).await {
            Ok(id) => {
                let page = back_to(self.request);
                let sign = if page.contains('?') { '&' } else { '?' };
                reply.go_on_to(&format!("{page}{sign}kept={id}"));
                Ok(())
            }
            Err(error) => failed(reply, &error),
        }
    }
}

#[cfg(feature = "ssr")]
fn said(worked: Worked) -> Result<(), Said> {
    match worked {
        Worked::Done(_) => Ok(()),
        Worked::Changed(_) => Err(Said::Changed),
        Worked::NotNow => Err(Said::NotNow),
        Worked::Words => Err(Said::Words),
    }
}

#[cfg(feature = "ssr")]
fn numbers(id: &str, version: &str) -> (Uuid, i64) {
    // What is no id is nobody's request, and is refused as such.
    (id.parse().unwrap_or_default(), version.parse().unwrap_or(-1))
}

/// Takes the next request of an office.
#[server(TakeNext, prefix = "/_fn", endpoint = "console/service_request/take_next")]
pub async fn take_next(#[server(default)] office: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(office) = OfficeCode::parse(&office) else { return failed(reply, &domain::Error::Refused) };
    match requests::take_next(&at_work.console.domain, at_work.officer(), &office).await {
        Ok(Some(taken)) => {
            Outcome::done(format!("You have this request now. {}", words::why(taken.why))).say(&reply, &at_work);
            let list = ListAddress::read(&[], office, Queue::Mine);
            reply.go_on_to(&list.path_of(taken.id));
            Ok(())
        }
        Ok(None) => {
            Outcome::not_done("Nothing waits for you: of what nobody has, there is none that you take.").say(&reply, &at_work);
            reply.go_on_to(&list_or_usual(&came_from().unwrap_or_default()));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Begins to work on a request.
#[server(OpenRequest, prefix = "/_fn", endpoint = "console/service_request/open")]
pub async fn open(#[server(default)] id: String, #[server(default)] version: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (request, version) = numbers(&id, &version);
    let worked = requests::open(&at_work.console.domain, at_work.officer(), request, version).await.map(said);
    let told = Told { request, act: Act::Open, done: "You have this request now, and it is open.", fields: &[] };
    told.reply(reply, &at_work, worked).await
}

/// Lays a request back.
#[server(LayBack, prefix = "/_fn", endpoint = "console/service_request/lay_back")]
pub async fn lay_back(#[server(default)] id: String, #[server(default)] version: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (request, version) = numbers(&id, &version);
    let worked = requests::lay_back(&at_work.console.domain, at_work.officer(), (request, version)).await.map(said);
    let told = Told { request, act: Act::LayBack, done: "Laid back: nobody has it now.", fields: &[] };
    told.reply(reply, &at_work, worked).await
}

/// Gives a request to an officer, as a supervisor.
#[server(AssignRequest, prefix = "/_fn", endpoint = "console/service_request/assign")]
pub async fn assign(
    #[server(default)] id: String,
    #[server(default)] version: String,
    #[server(default)] to: String,
    #[server(default)] reason: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (request, seen) = numbers(&id, &version);
    let fields = [("to", to.as_str()), ("reason", reason.as_str()), ("text", text.as_str())];
    let told = Told { request, act: Act::Give, done: "Given.", fields: &fields };
    let Some(officer) = OfficerId::parse(&to) else { return told.again(reply, &at_work, Said::Choice).await };
    let (ctx, by, reason) = (&at_work.console.domain, at_work.officer(), RedirectReason::from_key(&reason));
    let worked = requests::assign(ctx, by, (request, seen), officer, reason, &text).await.map(said);
    told.reply(reply, &at_work, worked).await
}

/// Hands a request over to a colleague.
#[server(HandOver, prefix = "/_fn", endpoint = "console/service_request/hand_over")]
pub async fn hand_over(
    #[server(default)] id: String,
    #[server(default)] version: String,
    #[server(default)] to: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (request, seen) = numbers(&id, &version);
    let fields = [("to", to.as_str()), ("text", text.as_str())];
    let told = Told { request, act: Act::HandOver, done: "Handed over.", fields: &fields };
    let Some(officer) = OfficerId::parse(&to) else { return told.again(reply, &at_work, Said::Choice).await };
    let worked = requests::hand_over(&at_work.console.domain, at_work.officer(), (request, seen), officer, &text).await.map(said);
    told.reply(reply, &at_work, worked).await
}

/// Stops the clock.
#[server(PauseRequest, prefix = "/_fn", endpoint = "console/service_request/pause")]
pub async fn pause(
    #[server(default)] id: String,
    #[server(default)] version: String,
    #[server(default)] reason: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (request, seen) = numbers(&id, &version);
    let fields = [("reason", reason.as_str())];
    let told = Told { request, act: Act::Pause, done: "The clock stands.", fields: &fields };
    let Some(reason) = PauseReason::from_key(&reason) else { return told.again(reply, &at_work, Said::Choice).await };
    let worked = requests::pause(&at_work.console.domain, at_work.officer(), request, seen, reason).await.map(said);
    told.reply(reply, &at_work, worked).await
}

/// Lets the clock run again.
#[server(ResumeClock, prefix = "/_fn", endpoint = "console/service_request/resume")]
pub async fn resume(#[server(default)] id: String, #[server(default)] version: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (request, version) = numbers(&id, &version);
    let worked = requests::resume(&at_work.console.domain, at_work.officer(), request, version).await.map(said);
    let told = Told { request, act: Act::Resume, done: "The clock runs again.", fields: &[] };
    told.reply(reply, &at_work, worked).await
}

/// Gives a request to another office.
#[server(RedirectToOffice, prefix = "/_fn", endpoint = "console/service_request/redirect")]
pub async fn redirect(
    #[server(default)] id: String,
    #[server(default)] version: String,
    #[server(default)] office: String,
    #[server(default)] reason: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (request, seen) = numbers(&id, &version);
    let fields = [("office", office.as_str()), ("reason", reason.as_str()), ("text", text.as_str())];
    let told = Told { request, act: Act::Redirect, done: "", fields: &fields };
    let Some(reason) = RedirectReason::from_key(&reason) else { return told.again(reply, &at_work, Said::Choice).await };
    let Ok(to) = OfficeCode::parse(&office) else { return told.again(reply, &at_work, Said::Office).await };
    let redirected = requests::redirect(&at_work.console.domain, at_work.officer(), (request, seen), &to, reason, &text).await;
    let said = match redirected {
        Ok(Redirected::Worked(worked)) => said(worked),
        Ok(Redirected::AskSupervisor) => Err(Said::AskSupervisor),
        Ok(Redirected::UnknownOffice) => Err(Said::Office),
        Err(error) => return failed(reply, &error),
    };
    if let Err(said) = said {
        return told.again(reply, &at_work, said).await;
    }
    // It is not with this office any more: its page may be closed to who sent it on.
    Outcome::done(format!("Redirected to {}. Its clock runs on, and the person sees the move.", to.as_str())).say(&reply, &at_work);
    reply.go_on_to(REQUESTS);
    Ok(())
}

/// Sends a request that came to no office to one.
#[server(SendTo, prefix = "/_fn", endpoint = "console/service_request/send_to")]
pub async fn send_to(#[server(default)] id: String, #[server(default)] office: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let outcome = match OfficeCode::parse(&office) {
        Err(_) => Outcome::not_done("Nothing was done: choose an office from the list."),
        Ok(to) => match requests::send_to(&at_work.console.domain, at_work.officer(), id.parse().unwrap_or_default(), &to).await {
            Ok(Redirected::Worked(Worked::Done(_))) => Outcome::done(format!("Sent to {}.", to.as_str())),
            Ok(Redirected::UnknownOffice) => Outcome::not_done("Nothing was done: choose an office from the list."),
            Ok(_) => Outcome::not_done("Nothing was done: it is with an office by now, or was taken back."),
            Err(error) => return failed(reply, &error),
        },
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(UNROUTED);
    Ok(())
}

/// Adds a note.
#[server(AddNote, prefix = "/_fn", endpoint = "console/service_request/note")]
pub async fn note(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let request = id.parse().unwrap_or_default();
    let added = requests::add_note(&at_work.console.domain, at_work.officer(), request, &text).await;
    let fields = [("text", text.as_str())];
    let told = Told { request, act: Act::Note, done: "The note is added.", fields: &fields };
    told.reply(reply, &at_work, added.map(|added| added.then_some(()).ok_or(Said::Words))).await
}

/// Asks another office about a request.
#[server(AskOffice, prefix = "/_fn", endpoint = "console/service_request/ask")]
pub async fn ask(
    #[server(default)] id: String,
    #[server(default)] office: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let request = id.parse().unwrap_or_default();
    let fields = [("office", office.as_str()), ("text", text.as_str())];
    let told = Told {
        request,
        act: Act::AskOffice,
        done: "Asked. That office may read this request until it has answered.",
        fields: &fields,
    };
    let Ok(to) = OfficeCode::parse(&office) else { return told.again(reply, &at_work, Said::Office).await };
    let asked = requests::ask_office(&at_work.console.domain, at_work.officer(), request, &to, &text).await;
    told.reply(reply, &at_work, asked.map(|asked| asked.map(|_| ()).ok_or(Said::Words))).await
}

/// Answers a question of another office.
#[server(AnswerQuestion, prefix = "/_fn", endpoint = "console/service_request/answer_question")]
pub async fn answer_question(
    #[server(default)] id: String,
    #[server(default)] question: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let request: Uuid = id.parse().unwrap_or_default();
    let question = question.parse().unwrap_or_default();
    match requests::answer_question(&at_work.console.domain, at_work.officer(), question, &text).await {
        Ok(true) => {
            Outcome::done("Answered. The request is closed to this office again.").say(&reply, &at_work);
            reply.go_on_to(crate::console::site::QUESTIONS);
            Ok(())
        }
        Ok(false) => {
            let said = if text.trim().is_empty() { Said::Words } else { Said::Gone };
            let fields = [("text", text.as_str())];
            Told { request, act: Act::AnswerOffice, done: "", fields: &fields }.again(reply, &at_work, said).await
        }
        Err(error) => failed(reply, &error),
    }
}

/// Takes an answer back.
#[server(ReopenRequest, prefix = "/_fn", endpoint = "console/service_request/reopen")]
pub async fn reopen(
    #[server(default)] id: String,
    #[server(default)] version: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (request, seen) = numbers(&id, &version);
    let worked = requests::reopen(&at_work.console.domain, at_work.officer(), request, seen, &text).await.map(said);
    let fields = [("text", text.as_str())];
    let told = Told { request, act: Act::Reopen, done: "Open again, with the officer who had it.", fields: &fields };
    told.reply(reply, &at_work, worked).await
}

/// Who else has a request open. Pages ask that by themselves: it counts as nobody's presence at the session.
#[server(WhoElse, prefix = "/_fn", endpoint = "console/service_request/here", client = Csrf)]
pub async fn here(#[server(default)] id: String) -> Result<Vec<String>, ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let request = id.parse().unwrap_or_default();
    let others = async {
        let others = requests::here(ctx, officer, request).await?;
        let names = requests::names(ctx, officer, others.clone()).await?;
        Ok::<_, domain::Error>(others.into_iter().map(|other| words::name(&names, other)).collect())
    };
    match others.await {
        Ok(others) => {
            reply.go_on_to(&path_of(request));
            Ok(others)
        }
        Err(error) => failed(reply, &error).map(|()| Vec::new()),
    }
}

/// Shows what giving the ticked requests to an officer would do.
#[server(ChooseRequests, prefix = "/_fn", endpoint = "console/service_request/choose")]
pub async fn choose(
    #[server(default)] office: String,
    #[server(default)] list: String,
    #[server(default)] to: String,
    #[server(default)] requests: Vec<String>,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let at = OfficeCode::parse(&office).ok();
    if !at.is_some_and(|at| at_work.officer().may(Action::AssignRequests, &at)) {
        return failed(reply, &domain::Error::Refused);
    }
    let list = list_or_usual(&list);
    let mut ids: Vec<Uuid> = requests.iter().filter_map(|id| id.parse().ok()).collect();
    ids.truncate(requests::LARGEST_BATCH);
    if ids.is_empty() || OfficerId::parse(&to).is_none() {
        let words = if ids.is_empty() { "Tick at least one request first." } else { "Choose who is to have them." };
        Outcome::not_done(words).say(&reply, &at_work);
        reply.go_on_to(&list);
        return Ok(());
    }
    match keep(&at_work, &Kept::Ticked(Ticked { office, to, requests: ids, list })).await {
        Ok(id) => {
            reply.go_on_to(&format!("{ASSIGN}?kept={id}"));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Gives many requests, each as it was seen, to one officer.
#[server(AssignMany, prefix = "/_fn", endpoint = "console/service_request/assign_many")]
pub async fn assign_many(
    #[server(default)] office: String,
    #[server(default)] to: String,
    #[server(default)] list: String,
    #[server(default)] requests: Vec<String>,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let seen = |text: &String| {
        let (id, version) = text.split_once(':')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    let seen: Vec<(Uuid, i64)> = requests.iter().filter_map(seen).collect();
    let Some((at, officer)) = OfficeCode::parse(&office).ok().zip(OfficerId::parse(&to)) else {
        return failed(reply, &domain::Error::Refused);
    };
    let done = requests::assign_many(&at_work.console.domain, at_work.officer(), &at, &seen, officer).await;
    let done = done.map(|done| (done.batch, done.rows.into_iter().map(|(id, given)| (id, Became::from(given))).collect()));
    show_assigned(reply, &at_work, done, office, to, list).await
}

/// Undoes it.
#[server(UndoAssignment, prefix = "/_fn", endpoint = "console/service_request/undo")]
pub async fn undo(
    #[server(default)] batch: String,
    #[server(default)] office: String,
    #[server(default)] to: String,
    #[server(default)] list: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let batch = batch.parse().unwrap_or_default();
    match requests::undo(&at_work.console.domain, at_work.officer(), batch).await {
        Ok(Some(rows)) => {
            let rows = rows.into_iter().map(|(id, undone)| (id, Became::from(undone))).collect();
            show_assigned(reply, &at_work, Ok((batch, rows)), office, to, list).await
        }
        Ok(None) => {
            Outcome::not_done("It cannot be undone any more: it was undone, or a day has passed.").say(&reply, &at_work);
            reply.go_on_to(&list_or_usual(&list));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

#[cfg(feature = "ssr")]
async fn show_assigned(
    reply: Reply,
    at_work: &AtWork,
    done: Result<(Uuid, Vec<(Uuid, Became)>), domain::Error>,
    office: String,
    to: String,
    list: String,
) -> Result<(), ServerFnError> {
    let kept = async {
        let (batch, rows) = done?;
        keep(at_work, &Kept::Assigned(Assigned { office, to, batch, rows, list })).await
    };
    match kept.await {
        Ok(id) => {
            reply.go_on_to(&format!("{ASSIGNED}?kept={id}"));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Keeps a list under a name.
#[server(SaveView, prefix = "/_fn", endpoint = "console/service_request/save_view")]
pub async fn save_view(
    #[server(default)] list: String,
    #[server(default)] name: String,
    #[server(default)] shared: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let page = list_or_usual(&list);
    let pairs: Vec<(String, String)> =
        page.split_once('?').and_then(|(_, query)| serde_urlencoded::from_str(query).ok()).unwrap_or_default();
    let office = super::address::value(&pairs, "office").and_then(|office| OfficeCode::parse(office).ok());
    let Some(office) = office else { return failed(reply, &domain::Error::Refused) };
    let address = ListAddress::read(&pairs, office, Queue::Mine);
    let is_shared = shared == "yes";
    let outcome = match requests::save_view(&at_work.console.domain, at_work.officer(), &name, &address.list, is_shared).await {
        Ok(Some(_)) => Outcome::done("The list is saved."),
        Ok(None) => Outcome::not_done("Not saved: write a name of up to 60 characters that no other saved list has."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&page);
    Ok(())
}

/// Forgets a saved list.
#[server(DropView, prefix = "/_fn", endpoint = "console/service_request/drop_view")]
pub async fn drop_view(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let outcome = match requests::drop_view(&at_work.console.domain, at_work.officer(), id.parse().unwrap_or_default()).await {
        Ok(true) => Outcome::done("The saved list is forgotten."),
        Ok(false) => Outcome::not_done("It was forgotten before."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&list_or_usual(&came_from().unwrap_or_default()));
    Ok(())
}

/// Takes note of what was raised of a request.
#[server(NoteEscalation, prefix = "/_fn", endpoint = "console/service_request/note_escalation")]
pub async fn note_escalation(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let noted = requests::note_escalation(&at_work.console.domain, at_work.officer(), id.parse().unwrap_or_default()).await;
    let outcome = match noted {
        Ok(true) => Outcome::done("Noted."),
        Ok(false) => Outcome::not_done("Somebody noted it before."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(came_from().as_deref().filter(|from| from.starts_with(ESCALATIONS)).unwrap_or(ESCALATIONS));
    Ok(())
}

/// Looks for requests.
#[server(SearchRequests, prefix = "/_fn", endpoint = "console/service_request/search")]
pub async fn search(#[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    match requests::look_for(&at_work.console.domain, at_work.officer(), &text).await {
        Ok(Some(id)) => reply.go_on_to(&format!("{SEARCH}?search={id}")),
        Ok(None) => {
            Outcome::not_done("Type a name, a word or a number to look for.").say(&reply, &at_work);
            reply.go_on_to(SEARCH);
        }
        Err(error) => return failed(reply, &error),
    }
    Ok(())
}

/// Takes a request in for somebody.
#[server(TakeIn, prefix = "/_fn", endpoint = "console/service_request/take_in")]
pub async fn take_in(
    #[server(default)] submission: String,
    #[server(default)] office: String,
    #[server(default)] source: String,
    #[server(default)] kind: String,
    #[server(default)] received_on: String,
    #[server(default)] locale: String,
    #[server(default)] typed: BTreeMap<String, String>,
    // The call in which it is taken, if it is.
    #[server(default)] call: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let call: Option<Uuid> = call.parse().ok();
    let (Ok(at), Some(source), Some(kind), Ok(submission)) =
        (OfficeCode::parse(&office), Source::from_key(&source), RequestKind::from_key(&kind), submission.parse::<Uuid>())
    else {
        return failed(reply, &domain::Error::Refused);
    };
    let ctx = &at_work.console.domain;
    let answers = answers_of(kind, &typed);
    let day = match received_on.trim() {
        "" => Some(None),
        day => day.parse::<NaiveDate>().ok().map(Some),
    };
    let taken = match day {
        None => Ok(TakenIn::WrongDay),
        Some(received_on) => {
            let locale = Locale::from_tag(&locale);
            let office = at.clone();
            let intake = Intake { submission, office, source, kind, received_on, locale, answers: answers.clone(), call };
            requests::take_in(ctx, at_work.officer(), &intake).await
        }
    };
    let said = match taken {
        Ok(TakenIn::Stored { number, call_back, .. }) => {
            let number = number.grouped();
            let outcome = match call_back {
                Some(digits) => Outcome {
                    once: Some(digits),
                    ..Outcome::done(format!(
                        "The request is taken in as {number}. Tell the caller this number, and these eight digits for when they call \
                         again; they are not shown any more:"
                    ))
                },
                None => Outcome::done(format!("This form was taken in before, as {number}.")),
            };
            outcome.say(&reply, &at_work);
            // A call ends with the request that was taken in it.
            match call {
                Some(call) => reply.go_on_to(&format!("{CALLS}/{call}")),
                None => reply.go_on_to(&super::address::intake_at(&at)),
            }
            return Ok(());
        }
        Ok(TakenIn::Problems(_)) => IntakeSaid::Problems,
        Ok(TakenIn::WrongDay) => IntakeSaid::WrongDay,
        Ok(TakenIn::NoCase) => IntakeSaid::NoCase,
        Ok(TakenIn::UnderWay(number)) => IntakeSaid::UnderWay(number.grouped()),
        Err(error) => return failed(reply, &error),
    };
    let kept = Kept::Intake(KeptIntake { submission, received_on, locale, answers, said });
    match keep(&at_work, &kept).await {
        Ok(id) => {
            let pairs = [
                ("office", office),
                ("source", source.key().to_owned()),
                ("kind", kind.key().to_owned()),
                ("kept", id.to_string()),
            ];
            let of_call = call.map(|call| ("call", call.to_string()));
            let pairs: Vec<_> = pairs.into_iter().chain(of_call).collect();
            reply.go_on_to(&with_query(TAKE_IN, &pairs));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// What was typed, for the questions that follow from it: some are asked because of others.
#[cfg(feature = "ssr")]
fn answers_of(kind: RequestKind, typed: &BTreeMap<String, String>) -> Answers {
    let first = typed_answers(&requests::questions(kind, &Answers::default()), typed);
    typed_answers(&requests::questions(kind, &first), typed)
}

/// Puts an officer on an office's roster, or changes what they take.
#[server(SetShare, prefix = "/_fn", endpoint = "console/service_request/set_share")]
pub async fn set_share(
    #[server(default)] office: String,
    #[server(default)] officer: String,
    #[server(default)] capacity: String,
    #[server(default)] kinds: Vec<String>,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(at) = OfficeCode::parse(&office) else { return failed(reply, &domain::Error::Refused) };
    let capacity = capacity.trim().parse::<i64>().ok().filter(|capacity| (0..=10_000).contains(capacity));
    let outcome = match (OfficerId::parse(&officer), capacity) {
        (None, _) => Ok(Outcome::not_done("Choose an officer.")),
        (_, None) => Ok(Outcome::not_done("Type a number from 0 to 10,000 for the room.")),
        (Some(officer), Some(capacity)) => {
            let kinds = kinds.iter().filter_map(|kind| RequestKind::from_key(kind)).collect();
            let share = Share { officer, kinds, capacity };
            let set = requests::set_share(&at_work.console.domain, at_work.officer(), &at, &share).await;
            set.map(|()| Outcome::done("The roster is changed."))
        }
    };
    to_roster(reply, &at_work, outcome, &office)
}

/// Takes an officer off a roster.
#[server(DropShare, prefix = "/_fn", endpoint = "console/service_request/drop_share")]
pub async fn drop_share(#[server(default)] office: String, #[server(default)] officer: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (Ok(at), Some(who)) = (OfficeCode::parse(&office), OfficerId::parse(&officer)) else {
        return failed(reply, &domain::Error::Refused);
    };
    let dropped = requests::drop_share(&at_work.console.domain, at_work.officer(), &at, who).await;
    let words = "Off the roster. What they have stays with them until you give it to somebody else.";
    to_roster(reply, &at_work, dropped.map(|_| Outcome::done(words)), &office)
}

/// Notes that somebody is away.
#[server(AddLeave, prefix = "/_fn", endpoint = "console/service_request/add_leave")]
pub async fn add_leave(
    #[server(default)] office: String,
    #[server(default)] officer: String,
    #[server(default)] from: String,
    #[server(default)] until: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (Ok(at), Some(who)) = (OfficeCode::parse(&office), OfficerId::parse(&officer)) else {
        return failed(reply, &domain::Error::Refused);
    };
    let days = from.parse::<NaiveDate>().ok().zip(until.parse::<NaiveDate>().ok());
    let added = match days {
        None => Ok(None),
        Some(days) => requests::add_leave(&at_work.console.domain, at_work.officer(), &at, who, days).await,
    };
    let outcome = added.map(|added| match added {
        Some(_) => Outcome::done("The leave is noted. Nothing is given to them by itself on these days."),
        None => Outcome::not_done("Not noted: type both days, the last not before the first."),
    });
    to_roster(reply, &at_work, outcome, &office)
}

/// Takes a leave away.
#[server(DropLeave, prefix = "/_fn", endpoint = "console/service_request/drop_leave")]
pub async fn drop_leave(
    #[server(default)] office: String,
    #[server(default)] officer: String,
    #[server(default)] leave: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (Ok(at), Some(who)) = (OfficeCode::parse(&office), OfficerId::parse(&officer)) else {
        return failed(reply, &domain::Error::Refused);
    };
    let leave = leave.parse().unwrap_or_default();
    let dropped = requests::drop_leave(&at_work.console.domain, at_work.officer(), &at, who, leave).await;
    to_roster(reply, &at_work, dropped.map(|_| Outcome::done("The leave is taken away.")), &office)
}

#[cfg(feature = "ssr")]
fn to_roster(reply: Reply, at_work: &AtWork, outcome: Result<Outcome, domain::Error>, office: &str) -> Result<(), ServerFnError> {
    match outcome {
        Ok(outcome) => {
            outcome.say(&reply, at_work);
            reply.go_on_to(&with_query(ROSTER, &[("office", office.to_owned())]));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Turns single keys on or off, for this browser.
#[server(SetKeys, prefix = "/_fn", endpoint = "console/service_request/keys")]
pub async fn set_keys(#[server(default)] keys: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (value, words) = match keys.as_str() {
        "off" => ("off", "Single keys are turned off in this browser."),
        _ => ("on", "Single keys are turned on."),
    };
    let cookie = CookieName::keys(at_work.console.secure_cookies).set_for_long(value);
    reply.cookie(header(&cookie));
    Outcome::done(words).say(&reply, &at_work);
    reply.go_on_to(&came_from().unwrap_or_else(|| REQUESTS.to_owned()));
    Ok(())
}
