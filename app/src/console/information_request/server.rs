//! Server functions about information requests. Plain forms call them; files go elsewhere.

use std::collections::BTreeMap;

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::kept::{TypedDraft, refused},
    super::words,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::site::{INFORMATION_REQUESTS, PACKAGES},
    crate::reply::Reply,
    domain::Error,
    domain::information_request::{self as requests, GivenBack, Kept, SentToReview},
    uuid::Uuid,
};

#[cfg(feature = "ssr")]
fn named(id: &str) -> Uuid {
    id.parse().unwrap_or_default()
}

#[cfg(feature = "ssr")]
fn page_of(id: Uuid) -> String {
    format!("{INFORMATION_REQUESTS}/{id}")
}

/// Says what came of an act, and goes on to a page.
#[cfg(feature = "ssr")]
fn ended(
    reply: Reply,
    at_work: &AtWork,
    not_done: Result<Option<&'static str>, Error>,
    done: &'static str,
    page: &str,
) -> Result<(), ServerFnError> {
    let outcome = match not_done {
        Ok(None) => Outcome::done(done),
        Ok(Some(why)) => Outcome::not_done(why),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, at_work);
    reply.go_on_to(page);
    Ok(())
}

/// Takes a request, to prepare its answer.
#[server(TakeInformationRequest, prefix = "/_fn", endpoint = "console/information_request/take")]
pub async fn take(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = requests::take(&at_work.console.domain, at_work.officer(), id).await.map(words::not_done);
    ended(reply, &at_work, done, "It is with you.", &page_of(id))
}

/// Keeps a draft; one with something wrong in it is shown again.
#[server(KeepDraft, prefix = "/_fn", endpoint = "console/information_request/keep")]
pub async fn keep(
    #[server(default)] id: String,
    #[server(default)] version: String,
    #[server(default)] choice: BTreeMap<String, String>,
    #[server(default)] caveats: String,
    #[server(default)] compared_with: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let typed = TypedDraft { choice, caveats, compared_with, wrong: Vec::new() };
    let version = version.parse().unwrap_or_default();
    let kept = Box::pin(requests::keep(&at_work.console.domain, at_work.officer(), id, version, &typed.form())).await;
    let wrong = match kept {
        Ok(Kept::Kept) => return ended(reply, &at_work, Ok(None), "Saved.", &page_of(id)),
        Ok(Kept::Wrong(problems)) => problems.into_iter().map(shared::information_request::DraftProblem::advice).collect(),
        Ok(Kept::NotNow) => {
            vec!["Somebody changed it meanwhile, or it is not with you. Look at it again, and save what you typed.".to_owned()]
        }
        Err(error) => return failed(reply, &error),
    };
    match refused(&at_work, id, &TypedDraft { wrong, ..typed }).await {
        Ok(page) => reply.go_on_to(&page),
        Err(error) => return failed(reply, &error),
    }
    Ok(())
}

/// Sends the draft that is kept to review.
#[server(SendToReview, prefix = "/_fn", endpoint = "console/information_request/send_to_review")]
pub async fn send_to_review(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let outcome = match Box::pin(requests::send_to_review(&at_work.console.domain, at_work.officer(), id)).await {
        Ok(SentToReview::Sent) => Outcome::done("Sent to review. Another person releases it."),
        Ok(SentToReview::Wrong(problems)) => {
            let advice: Vec<String> = problems.into_iter().map(shared::information_request::DraftProblem::advice).collect();
            Outcome::not_done(format!("Not sent. {}", advice.join(" ")))
        }
        Ok(SentToReview::NotNow) => Outcome::not_done("Nothing was sent: save a draft first, or somebody was quicker."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&page_of(id));
    Ok(())
}

/// Takes a document out of a draft.
#[server(RemoveReleaseDocument, prefix = "/_fn", endpoint = "console/information_request/remove")]
pub async fn remove(#[server(default)] id: String, #[server(default)] document: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer, id) = (&at_work.console.domain, at_work.officer(), named(&id));
    let done = requests::remove_document(ctx, officer, id, named(&document)).await.map(words::not_done);
    ended(reply, &at_work, done, "Taken out.", &page_of(id))
}

/// Gives a draft back to who prepared it.
#[server(GiveBackRequest, prefix = "/_fn", endpoint = "console/information_request/give_back")]
pub async fn give_back(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = requests::give_back(&at_work.console.domain, at_work.officer(), id, &text).await.map(words::not_given_back);
    ended(reply, &at_work, done, "Given back.", &page_of(id))
}

/// Releases exactly what was reviewed.
#[server(ReleaseRequest, prefix = "/_fn", endpoint = "console/information_request/release")]
pub async fn release(#[server(default)] id: String, #[server(default)] hash: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    // What is no hash is none that was shown.
    let hash = store::crypto::hash_of_hex(&hash).unwrap_or_default();
    let done = Box::pin(requests::release(ctx, officer, id, hash)).await.map(words::not_done);
    ended(reply, &at_work, done, "Released. It is checked once more, packaged, and handed to OBIM.", &page_of(id))
}

/// Has a package made anew that was not sent.
#[server(RetryPackage, prefix = "/_fn", endpoint = "console/information_request/retry")]
pub async fn retry(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = requests::retry(&at_work.console.domain, at_work.officer(), id).await.map(words::not_done);
    ended(reply, &at_work, done, "It is packaged anew.", &page_of(id))
}

/// Closes a request that was answered.
#[server(CloseInformationRequest, prefix = "/_fn", endpoint = "console/information_request/close")]
pub async fn close(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id = named(&id);
    let done = requests::close(&at_work.console.domain, at_work.officer(), id).await.map(words::not_done);
    ended(reply, &at_work, done, "Closed.", &page_of(id))
}

/// OBIM says that a package was sent.
#[server(PackageSent, prefix = "/_fn", endpoint = "console/information_request/sent")]
pub async fn sent(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = requests::sent(&at_work.console.domain, at_work.officer(), named(&id)).await.map(words::not_done);
    ended(reply, &at_work, done, "Noted: it was sent.", PACKAGES)
}

/// OBIM says that a package could not be sent.
#[server(PackageNotSent, prefix = "/_fn", endpoint = "console/information_request/not_sent")]
pub async fn not_sent(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done: Result<GivenBack, Error> = requests::not_sent(&at_work.console.domain, at_work.officer(), named(&id), &text).await;
    ended(reply, &at_work, done.map(words::not_given_back), "Noted: it could not be sent.", PACKAGES)
}
