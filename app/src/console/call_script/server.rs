//! Server functions of calls. Each is sent by a plain form.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::kept::{Kept, TypedClaim, keep},
    super::words,
    super::write::only,
    crate::console::context::AtWork,
    crate::console::outcome::Outcome,
    crate::console::reply::{at_work, failed},
    crate::console::service_request::address::with_query,
    crate::console::site::CALLS,
    crate::reply::Reply,
    domain::actor::Action,
    domain::call_script::{self as calls, Claim, Ending, Identified, Told},
    shared::address::ZipCode,
    shared::call_script::Move,
    shared::case_status::ReceiptNumber,
    shared::locale::Locale,
    shared::office::OfficeCode,
    uuid::Uuid,
};

#[cfg(feature = "ssr")]
fn path_of(call: Uuid) -> String {
    format!("{CALLS}/{call}")
}

/// Goes back to the call, and says what kept it from going on.
#[cfg(feature = "ssr")]
fn to_call(reply: Reply, at_work: &AtWork, call: Uuid, told: Result<Told, domain::Error>) -> Result<(), ServerFnError> {
    match told {
        Ok(Told::Done) => {}
        Ok(Told::Meanwhile) => {
            Outcome::not_done("This call has gone on in another window. This is where it is now.").say(&reply, at_work);
        }
        Ok(Told::NotHere) => Outcome::not_done("That is not what is done here. This is where the call is.").say(&reply, at_work),
        Err(error) => return failed(reply, &error),
    }
    reply.go_on_to(&path_of(call));
    Ok(())
}

/// Takes a call; who is in one goes on with it.
#[server(BeginCall, prefix = "/_fn", endpoint = "console/call_script/begin")]
pub async fn begin(#[server(default)] office: String, #[server(default)] locale: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(office) = OfficeCode::parse(&office) else { return failed(reply, &domain::Error::Refused) };
    match calls::begin(&at_work.console.domain, at_work.officer(), &office, Locale::from_tag(&locale)).await {
        Ok(call) => {
            reply.go_on_to(&path_of(call));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Looks for scripts. What is looked for stands in no address.
#[server(SearchScripts, prefix = "/_fn", endpoint = "console/call_script/search")]
pub async fn search(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let call: Uuid = id.parse().unwrap_or_default();
    if let Err(error) = only(&at_work, Action::FollowScripts) {
        return failed(reply, &error);
    }
    match keep(&at_work, &Kept::LookedFor(text.trim().chars().take(100).collect())).await {
        Ok(kept) => {
            reply.go_on_to(&with_query(&path_of(call), &[("kept", kept.to_string())]));
            Ok(())
        }
        Err(error) => failed(reply, &error),
    }
}

/// Begins a script in a call.
#[server(ChooseScript, prefix = "/_fn", endpoint = "console/call_script/choose")]
pub async fn choose(
    #[server(default)] id: String,
    #[server(default)] saved: String,
    #[server(default)] version: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (call, version) = (id.parse().unwrap_or_default(), version.parse().unwrap_or_default());
    let saved = saved.parse().unwrap_or(-1);
    let begun = calls::begin_script(&at_work.console.domain, at_work.officer(), call, saved, version).await;
    to_call(reply, &at_work, call, begun)
}

/// Goes on from the node at hand: `go`, `read`, `answer 2`, `told`, `not_told`.
#[server(GoOnInCall, prefix = "/_fn", endpoint = "console/call_script/go")]
pub async fn go(
    #[server(default)] id: String,
    #[server(default)] saved: String,
    #[server(default)] made: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (call, saved) = (id.parse().unwrap_or_default(), saved.parse().unwrap_or(-1));
    let gone = match move_of(&made) {
        Some(made) => calls::go(&at_work.console.domain, at_work.officer(), call, saved, made).await,
        None => calls::at(&at_work.console.domain, at_work.officer(), call).await.map(|_| Told::NotHere),
    };
    to_call(reply, &at_work, call, gone)
}

#[cfg(feature = "ssr")]
fn move_of(made: &str) -> Option<Move> {
    match made.split_once(' ') {
        Some(("answer", at)) => at.parse().ok().map(Move::Answer),
        Some(_) => None,
        None => match made {
            "go" => Some(Move::Go),
            "read" => Some(Move::Read),
            "told" => Some(Move::Told),
            "not_told" => Some(Move::NotTold),
            _ => None,
        },
    }
}

/// Goes back to a node of the way.
#[server(BackInCall, prefix = "/_fn", endpoint = "console/call_script/back")]
pub async fn back(
    #[server(default)] id: String,
    #[server(default)] saved: String,
    #[server(default)] at: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let (call, saved) = (id.parse().unwrap_or_default(), saved.parse().unwrap_or(-1));
    let at = at.parse().unwrap_or(usize::MAX);
    let gone = calls::back_to(&at_work.console.domain, at_work.officer(), call, saved, at).await;
    to_call(reply, &at_work, call, gone)
}

/// Compares what the caller says with the record of the case.
#[server(IdentifyCaller, prefix = "/_fn", endpoint = "console/call_script/identify")]
pub async fn identify(
    #[server(default)] id: String,
    #[server(default)] number: String,
    #[server(default)] name: String,
    #[server(default)] birth_date: String,
    #[server(default)] zip: String,
    #[server(default)] representative: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let call: Uuid = id.parse().unwrap_or_default();
    let typed = TypedClaim { number, name, birth_date, zip, representative };
    let claim = match claim(&typed) {
        Ok(claim) => claim,
        Err(said) => {
            let kept = keep(&at_work, &Kept::Claim { typed, said: said.to_owned() }).await;
            return match kept {
                Ok(kept) => {
                    reply.go_on_to(&with_query(&path_of(call), &[("kept", kept.to_string())]));
                    Ok(())
                }
                Err(error) => failed(reply, &error),
            };
        }
    };
    let outcome = match calls::identify(&at_work.console.domain, at_work.officer(), call, &claim).await {
        Ok(found @ Identified::As(_)) => Outcome::done(words::identified(&found)),
        Ok(instead) => Outcome::not_done(words::identified(&instead)),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&path_of(call));
    Ok(())
}

/// What cannot be read is asked again, before anything is compared: a slip of the agent's is no failure of the caller's.
#[cfg(feature = "ssr")]
fn claim(typed: &TypedClaim) -> Result<Claim, &'static str> {
    let of = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let number = match of(&typed.number) {
        None => return Err("Type the receipt number: three letters and ten digits."),
        Some(number) => {
            ReceiptNumber::parse(&number).map_err(|_| "A receipt number has three letters and ten digits. Ask for it again.")?
        }
    };
    let birth_date = match of(&typed.birth_date) {
        None => None,
        Some(day) => Some(day.parse().map_err(|_| "The date of birth is no day. Type year, month and day.")?),
    };
    let zip = match of(&typed.zip) {
        None => None,
        Some(zip) => Some(ZipCode::parse(&zip).ok_or("A ZIP code has five digits. Ask for it again.")?),
    };
    Ok(Claim { number: Some(number), birth_date, zip, representative: of(&typed.representative), name: typed.name.clone() })
}

/// Keeps what the caller said.
#[server(NoteCall, prefix = "/_fn", endpoint = "console/call_script/note")]
pub async fn note(#[server(default)] id: String, #[server(default)] text: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let call: Uuid = id.parse().unwrap_or_default();
    let outcome = match calls::note(&at_work.console.domain, at_work.officer(), call, text.trim()).await {
        Ok(true) => Outcome::done("The notes are kept."),
        Ok(false) => Outcome::not_done("The call is over: its notes stay as they are."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(&path_of(call));
    Ok(())
}

/// Ends a call: answered, handed to Tier 2, or broken off.
#[server(EndCall, prefix = "/_fn", endpoint = "console/call_script/end")]
pub async fn end(#[server(default)] id: String, #[server(default)] ending: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let call: Uuid = id.parse().unwrap_or_default();
    let ending = match ending.as_str() {
        "answered" => Ending::Answered,
        "transferred" => Ending::Transferred,
        _ => Ending::BrokenOff,
    };
    let outcome = match calls::end(&at_work.console.domain, at_work.officer(), call, ending).await {
        Ok(true) => Outcome::done(words::ending(ending)),
        Ok(false) => Outcome::not_done("The call was over already."),
        Err(error) => return failed(reply, &error),
    };
    outcome.say(&reply, &at_work);
    reply.go_on_to(CALLS);
    Ok(())
}
