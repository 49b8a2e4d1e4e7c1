//! Server functions for who writes scripts, and for who reads them a second time. Each is sent by a plain form.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::kept::{Kept, keep},
    super::typed,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::service_request::address::with_query,
    crate::console::site::SCRIPTS,
    crate::reply::Reply,
    chrono::NaiveDate,
    domain::actor::Action,
    domain::call_script::{self as calls, Begun, HandedIn, Kept as SavedAs, Reviewed, StoredVersion, Verdict},
    shared::call_script::{NodeKey, Script, ScriptKey, Words},
    uuid::Uuid,
};

/// The fields of a node, as they were typed. Which of them count depends on what is done there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeFields {
    pub key: String,
    pub name: String,
    pub step: String,
    pub what: String,
    pub block: String,
    pub form: String,
    pub kind: String,
    pub en: String,
    pub es: String,
    pub then: String,
    pub otherwise: String,
    pub answers: Vec<TypedAnswer>,
}

/// An answer to a question, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedAnswer {
    pub en: String,
    pub es: String,
    pub then: String,
}

#[cfg(feature = "ssr")]
const MEANWHILE: &str =
    "Somebody saved this draft meanwhile, or handed it in. Nothing of theirs was overwritten; look at it as it is now.";

/// Whoever may not do it is told so before anything is said of what they sent.
#[cfg(feature = "ssr")]
pub fn only(at_work: &AtWork, action: Action) -> Result<(), domain::Error> {
    if at_work.officer().may_somewhere(action) { Ok(()) } else { Err(domain::Error::Refused) }
}

/// The page of a version.
#[cfg(feature = "ssr")]
pub fn path_of(version: Uuid) -> String {
    format!("{SCRIPTS}/{version}")
}

/// The page of a node.
#[cfg(feature = "ssr")]
pub fn path_of_node(version: Uuid, node: &str) -> String {
    format!("{SCRIPTS}/{version}/nodes/{node}")
}

#[cfg(feature = "ssr")]
fn go_on(reply: Reply, at_work: &AtWork, page: &str, outcome: Outcome) {
    outcome.say(&reply, at_work);
    reply.go_on_to(page);
}

#[cfg(feature = "ssr")]
fn begun(reply: Reply, at_work: &AtWork, begun: Result<Begun, domain::Error>) -> Result<(), ServerFnError> {
    match begun {
        Ok(Begun::Draft(id)) => {
            reply.go_on_to(&path_of(id));
            Ok(())
        }
        Ok(Begun::UnderWay(other)) => {
            let words = "One version of this script is being written, or read by a second person. This is it.";
            go_on(reply, at_work, &path_of(other.id), Outcome::not_done(words));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Begins a script that is new.
#[server(BeginScript, prefix = "/_fn", endpoint = "console/call_script/new_script")]
pub async fn new_script(
    #[server(default)] key: String,
    #[server(default)] en: String,
    #[server(default)] es: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let Ok(parsed) = ScriptKey::parse(key.trim()) else {
        let said = "The name of the script has 1 to 40 small letters, digits and dashes, and begins with a letter.".to_owned();
        return keep_new(reply, &at_work, Kept::NewScript { key, en, es, said }).await;
    };
    match calls::script_versions(ctx, officer, &parsed).await {
        Ok(versions) if versions.is_empty() => {
            let script = Script { key: parsed, title: Words::new(&en, &es), words: Vec::new(), nodes: Vec::new() };
            begun(reply, &at_work, calls::new_draft(ctx, officer, &script).await)
        }
        Ok(_) => {
            let said = "There is a script of this name. Take another name, or write a new version of that one.".to_owned();
            keep_new(reply, &at_work, Kept::NewScript { key, en, es, said }).await
        }
        Err(error) => failed(reply, &error),
    }
}

#[cfg(feature = "ssr")]
async fn keep_new(reply: Reply, at_work: &AtWork, typed: Kept) -> Result<(), ServerFnError> {
    let kept = async {
        only(at_work, Action::WriteScripts)?;
        keep(at_work, &typed).await
    };
    match kept.await {
        Ok(kept) => {
            reply.go_on_to(&with_query(SCRIPTS, &[("kept", kept.to_string())]));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Begins a new version with what an earlier one says.
#[server(NewVersionOfScript, prefix = "/_fn", endpoint = "console/call_script/new_version")]
pub async fn new_version(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let new = async {
        let of = calls::script_version(ctx, officer, id.parse().unwrap_or_default()).await?.ok_or(domain::Error::Refused)?;
        calls::new_draft(ctx, officer, &of.script).await
    };
    begun(reply, &at_work, new.await)
}

/// A draft as it was seen, to be changed.
#[cfg(feature = "ssr")]
async fn seen(at_work: &AtWork, id: &str) -> Result<StoredVersion, domain::Error> {
    only(at_work, Action::WriteScripts)?;
    let id = id.parse().unwrap_or_default();
    calls::script_version(&at_work.console.domain, at_work.officer(), id).await?.ok_or(domain::Error::Refused)
}

/// Saves a change of a draft, and goes on to a page.
#[cfg(feature = "ssr")]
async fn save(at_work: &AtWork, id: &str, saved: &str, change: impl FnOnce(&mut Script)) -> Result<SavedAs, domain::Error> {
    let mut version = seen(at_work, id).await?;
    change(&mut version.script);
    let saved = saved.parse().unwrap_or(-1);
    calls::save_draft(&at_work.console.domain, at_work.officer(), version.id, saved, &version.script).await
}

#[cfg(feature = "ssr")]
fn saved_as(
    reply: Reply,
    at_work: &AtWork,
    page: &str,
    words: &str,
    saved: Result<SavedAs, domain::Error>,
) -> Result<(), ServerFnError> {
    match saved {
        Ok(SavedAs::Saved(_)) => {
            go_on(reply, at_work, page, Outcome::done(words));
            Ok(())
        }
        Ok(SavedAs::Meanwhile(_)) => {
            go_on(reply, at_work, page, Outcome::not_done(MEANWHILE));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Saves a draft's title and the words by which it is found.
#[server(SaveScriptHead, prefix = "/_fn", endpoint = "console/call_script/save_head")]
pub async fn save_head(
    #[server(default)] id: String,
    #[server(default)] saved: String,
    #[server(default)] en: String,
    #[server(default)] es: String,
    #[server(default)] words: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = save(&at_work, &id, &saved, |script| {
        script.title = Words::new(&en, &es);
        script.words =
            words.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).take(50).collect();
    });
    saved_as(reply, &at_work, &path_of(id.parse().unwrap_or_default()), "The title is saved.", done.await)
}

/// Saves a node of a draft; without the name of one it is added at the end.
#[server(SaveScriptNode, prefix = "/_fn", endpoint = "console/call_script/save_node")]
pub async fn save_node(
    #[server(default)] id: String,
    #[server(default)] saved: String,
    #[server(default)] editing: String,
    #[server(default)] node: NodeFields,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let mut fields = node;
    if !editing.is_empty() {
        fields.key.clone_from(&editing);
    }
    let version: Uuid = id.parse().unwrap_or_default();
    let page = if editing.is_empty() { format!("{SCRIPTS}/{version}/add") } else { path_of_node(version, &editing) };
    let done = async {
        let there = seen(&at_work, &id).await?;
        let node = match typed::node(&fields) {
            Ok(node) if editing.is_empty() && there.script.node(&node.key).is_some() => {
                return Ok(Err(vec!["There is a node of this name. Take another name.".to_owned()]));
            }
            Ok(node) => node,
            Err(wrong) => return Ok(Err(wrong)),
        };
        let kept = save(&at_work, &id, &saved, |script| match script.nodes.iter_mut().find(|there| there.key == node.key) {
            Some(there) => *there = node,
            None => script.nodes.push(node),
        });
        Ok(match kept.await? {
            SavedAs::Saved(_) => Ok(()),
            SavedAs::Meanwhile(_) => Err(vec![MEANWHILE.to_owned()]),
        })
    };
    match done.await {
        Ok(Ok(())) => {
            let outcome = Outcome::done(format!("{} is saved.", fields.key));
            go_on(reply, &at_work, &path_of(version), outcome);
            Ok(())
        }
        Ok(Err(wrong)) => match keep(&at_work, &Kept::Node { version, typed: fields, wrong }).await {
            Ok(kept) => {
                reply.go_on_to(&with_query(&page, &[("kept", kept.to_string())]));
                Ok(())
            }
            Err(error) => failed(reply, &error),
        },
        Err(error) => failed(reply, &error),
    }
}

/// Takes a node out of a draft.
#[server(DropScriptNode, prefix = "/_fn", endpoint = "console/call_script/drop_node")]
pub async fn drop_node(
    #[server(default)] id: String,
    #[server(default)] saved: String,
    #[server(default)] node: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = save(&at_work, &id, &saved, |script| script.nodes.retain(|there| there.key.as_str() != node));
    saved_as(reply, &at_work, &path_of(id.parse().unwrap_or_default()), "The node is taken out.", done.await)
}

/// Has calls begin at a node.
#[server(BeginAtNode, prefix = "/_fn", endpoint = "console/call_script/begin_at")]
pub async fn begin_at(
    #[server(default)] id: String,
    #[server(default)] saved: String,
    #[server(default)] node: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let done = save(&at_work, &id, &saved, |script| {
        let at = NodeKey::parse(&node).ok().and_then(|node| script.nodes.iter().position(|there| there.key == node));
        if let Some(at) = at {
            script.nodes[..=at].rotate_right(1);
        }
    });
    saved_as(reply, &at_work, &path_of(id.parse().unwrap_or_default()), "Calls begin there.", done.await)
}

/// Hands a draft in to be read by a second person.
#[server(HandInScript, prefix = "/_fn", endpoint = "console/call_script/hand_in")]
pub async fn hand_in(#[server(default)] id: String, #[server(default)] saved: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let version: Uuid = id.parse().unwrap_or_default();
    let saved = saved.parse().unwrap_or(-1);
    let outcome = match calls::hand_in(&at_work.console.domain, at_work.officer(), version, saved).await {
        Ok(HandedIn::Done) => Outcome::done("It waits for a second person now. Nobody can change it meanwhile."),
        Ok(HandedIn::Findings(findings)) => {
            Outcome::not_done(format!("Not handed in: {} findings are below. Mend them first.", findings.len()))
        }
        Ok(HandedIn::Meanwhile(_)) => Outcome::not_done(MEANWHILE),
        Err(error) => return failed(reply, &error),
    };
    go_on(reply, &at_work, &path_of(version), outcome);
    Ok(())
}

/// Decides about a script that waits for a second person.
#[server(ReviewScript, prefix = "/_fn", endpoint = "console/call_script/review")]
pub async fn review(
    #[server(default)] id: String,
    #[server(default)] saved: String,
    #[server(default)] verdict: String,
    #[server(default)] from: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let version: Uuid = id.parse().unwrap_or_default();
    let decided = match verdict.as_str() {
        "publish" => from.trim().parse().ok().map(Verdict::Publish),
        "send_back" => Some(Verdict::SendBack(text.clone())),
        "give_up" => Some(Verdict::GiveUp),
        _ => None,
    };
    let done = async {
        let (ctx, officer) = (&at_work.console.domain, at_work.officer());
        only(&at_work, Action::PublishScripts)?;
        let saved = saved.parse().unwrap_or(-1);
        match &decided {
            Some(verdict) => calls::review(ctx, officer, version, saved, verdict).await.map(Some),
            None => Ok(None),
        }
    };
    let outcome = match done.await {
        Ok(Some(Reviewed::Done)) => match decided {
            Some(Verdict::Publish(from)) => Outcome::done(format!("Published: it is read to callers from {from} on.")),
            Some(Verdict::SendBack(_)) => Outcome::done("It is back with who writes it, with your words."),
            _ => Outcome::done("It is given up."),
        },
        Ok(Some(Reviewed::NoWords)) => Outcome::not_done("Say what is to be mended, in 1 to 1,000 characters."),
        Ok(Some(Reviewed::Own)) => Outcome::not_done("You wrote this one. Somebody else has to read it."),
        Ok(Some(Reviewed::Meanwhile(_))) => Outcome::not_done("It has changed since you opened it. Read it once more."),
        Ok(Some(Reviewed::DayIsPast) | None) => {
            Outcome::not_done("Choose the day from which it is read to callers: today, or a later one.")
        }
        Err(error) => return failed(reply, &error),
    };
    if outcome.kind == crate::console::outcome::OutcomeKind::NotDone && !text.trim().is_empty() {
        return match keep(&at_work, &Kept::Verdict { version, words: text.chars().take(4000).collect() }).await {
            Ok(kept) => {
                go_on(reply, &at_work, &with_query(&path_of(version), &[("kept", kept.to_string())]), outcome);
                Ok(())
            }
            Err(error) => failed(reply, &error),
        };
    }
    go_on(reply, &at_work, &path_of(version), outcome);
    Ok(())
}

/// Gives a draft up.
#[server(GiveUpScript, prefix = "/_fn", endpoint = "console/call_script/give_up")]
pub async fn give_up(#[server(default)] id: String, #[server(default)] saved: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let version: Uuid = id.parse().unwrap_or_default();
    match calls::give_up(&at_work.console.domain, at_work.officer(), version, saved.parse().unwrap_or(-1)).await {
        Ok(true) => {
            go_on(reply, &at_work, SCRIPTS, Outcome::done("The draft is given up. What is read to callers stays."));
            Ok(())
        }
        Ok(false) => {
            go_on(reply, &at_work, &path_of(version), Outcome::not_done(MEANWHILE));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Has a published version read to nobody from a day on.
#[server(WithdrawScript, prefix = "/_fn", endpoint = "console/call_script/withdraw")]
pub async fn withdraw(#[server(default)] id: String, #[server(default)] on: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let version: Uuid = id.parse().unwrap_or_default();
    // What is no day is one that is past.
    let day: NaiveDate = on.trim().parse().unwrap_or(NaiveDate::MIN);
    let outcome = match calls::withdraw(&at_work.console.domain, at_work.officer(), version, day).await {
        Ok(true) => Outcome::done(format!("From {day} on it is read to nobody.")),
        Ok(false) => Outcome::not_done("Choose today or a later day, before the one on which it ends anyway."),
        Err(error) => return failed(reply, &error),
    };
    go_on(reply, &at_work, &path_of(version), outcome);
    Ok(())
}
