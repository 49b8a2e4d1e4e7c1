//! Server functions about readings. Plain forms call them.

use std::collections::BTreeMap;

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::kept::{Typed, keep},
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::service_request::address::with_query,
    crate::console::site::{QUALITY, QUALITY_RULES},
    domain::Error,
    domain::quality::{self, Judged},
    shared::answer::TemplateKey,
    shared::office::OfficeCode,
    shared::quality::{Criterion, Draw, Reading, Rule, Score, Verdict},
    shared::service_request::RequestKind,
    std::collections::BTreeSet,
    uuid::Uuid,
};

/// Keeps what a second reader found.
#[server(Judge, prefix = "/_fn", endpoint = "console/quality/judge")]
pub async fn judge(
    #[server(default)] answer: String,
    #[server(default)] scores: BTreeMap<String, String>,
    #[server(default)] verdict: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let id: Uuid = answer.parse().unwrap_or_default();
    let read = scores.iter().filter_map(|(criterion, score)| Criterion::from_key(criterion).zip(Score::from_key(score)));
    let found = match Reading::new(read.collect(), &text, Verdict::from_key(&verdict)) {
        Ok(found) => found,
        Err(wrong) => {
            let typed = Typed { answer: id, scores, verdict, text, wrong };
            return match keep(&at_work, &typed).await {
                Ok(kept) => {
                    reply.go_on_to(&with_query(&format!("{QUALITY}/{id}"), &[("kept", kept.to_string())]));
                    Ok(())
                }
                Err(error) => failed(reply, &error),
            };
        }
    };
    let outcome = match quality::judge(&at_work.console.domain, at_work.officer(), id, &found).await {
        Ok(Judged::Kept) => Outcome::done("Kept. Whoever wrote it sees what you found."),
        Ok(Judged::SentBack) => Outcome::done("Sent back. The request is open again, and its officer reads your words."),
        Ok(Judged::NotReopened) => Outcome::done(
            "Kept, and your words stand with the request. It was not opened: it is not closed by this answer any more.",
        ),
        Ok(Judged::NotNow) => Outcome::not_done("Nothing was kept: somebody else has read it meanwhile."),
        Ok(Judged::Protected) => Outcome::not_done("Nothing was kept: the case is protected by now, and is not read here."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(QUALITY);
    Ok(())
}

/// Adds a rule.
#[server(AddReadingRule, prefix = "/_fn", endpoint = "console/quality/add_rule")]
pub async fn add_rule(
    #[server(default)] draw: String,
    #[server(default)] number: String,
    #[server(default)] office: String,
    #[server(default)] kind: String,
    #[server(default)] template: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let rule = rule(&draw, number.trim(), &office, &kind, template.trim());
    let added = match rule {
        Ok(rule) => quality::add_rule(&at_work.console.domain, at_work.officer(), rule).await,
        Err(wrong) => Err(Error::Unusable(wrong.into())),
    };
    let outcome = match added {
        Ok(_) => Outcome::done("The rule is in use. It is asked of answers that go out from now on."),
        Err(Error::Unusable(wrong)) => Outcome::not_done(format!("No rule was added: {wrong}.")),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(QUALITY_RULES);
    Ok(())
}

/// A rule as it was typed; what is empty is for all.
#[cfg(feature = "ssr")]
fn rule(draw: &str, number: &str, office: &str, kind: &str, template: &str) -> Result<Rule, &'static str> {
    let draw = match draw {
        "first_of" => Draw::FirstOf(number.parse().map_err(|_| "type how many as a whole number")?),
        _ => Draw::Share(number.parse().map_err(|_| "type a whole number from 1 to 100")?),
    };
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let office = given(office).map(|office| OfficeCode::parse(&office).map_err(|_| "there is no such office")).transpose()?;
    let kind = given(kind).map(|kind| RequestKind::from_key(&kind).ok_or("choose what it is about from the list")).transpose()?;
    let template = given(template).map(|key| TemplateKey::parse(&key).ok_or("no template has such a name")).transpose()?;
    Ok(Rule { office, kind, template, draw })
}

/// Ends a rule.
#[server(EndReadingRule, prefix = "/_fn", endpoint = "console/quality/end_rule")]
pub async fn end_rule(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let ended = quality::end_rule(&at_work.console.domain, at_work.officer(), id.parse().unwrap_or_default()).await;
    let outcome = match ended {
        Ok(true) => Outcome::done("The rule has ended. What it drew stays to be read."),
        Ok(false) => Outcome::not_done("The rule had ended before."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(QUALITY_RULES);
    Ok(())
}

/// Sets the kinds of requests whose answers a second person releases.
#[server(SetReviewed, prefix = "/_fn", endpoint = "console/quality/set_reviewed")]
pub async fn set_reviewed(#[server(default)] office: String, #[server(default)] kinds: Vec<String>) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(at) = OfficeCode::parse(&office) else { return failed(reply, &Error::Refused) };
    let kinds: BTreeSet<RequestKind> = kinds.iter().filter_map(|kind| RequestKind::from_key(kind)).collect();
    if let Err(error) = quality::set_reviewed(&at_work.console.domain, at_work.officer(), &at, &kinds).await {
        return failed(reply, &error);
    }
    Outcome::done(format!("Saved. At {office}, a second person reads answers about {} kinds before they go out.", kinds.len()))
        .say(&reply, &at_work);
    reply.go_on_to(QUALITY_RULES);
    Ok(())
}
