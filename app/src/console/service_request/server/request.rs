//! What is done with one request: it is taken, worked on, given to others, and asked about.

use leptos::prelude::*;

use crate::csrf::Csrf;

#[cfg(feature = "ssr")]
use {
    super::list_or_usual,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, came_from, failed},
    crate::console::service_request::acts::Act,
    crate::console::service_request::address::{ListAddress, path_of, with_query},
    crate::console::service_request::kept::{Kept, Said, Typed, keep},
    crate::console::service_request::words,
    crate::console::site::{REQUESTS, UNROUTED},
    crate::reply::Reply,
    domain::service_request::{self as requests, Redirected, Worked},
    shared::office::OfficeCode,
    shared::service_request::{OfficerId, PauseReason, Queue, RedirectReason},
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
