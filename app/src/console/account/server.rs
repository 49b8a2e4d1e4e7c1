//! What administrators do with accounts.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use domain::identity::account::{self, NewAccount};
use domain::identity::enrolment::{self, Invitation};
use domain::identity::grant::{self, Agreed, Proposed};
use leptos::prelude::*;
use shared::identity::{Grant, Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::path_of;
use crate::console::context::AtWork;
use crate::console::outcome::Outcome;
use crate::console::reply::{at_work, failed};
use crate::console::site::ACCOUNTS;
use crate::reply::Reply;

/// Says how it ended on the page that the form led to.
fn told(reply: Reply, at_work: &AtWork, outcome: Result<Outcome, domain::Error>, page: &str) -> Result<(), ServerFnError> {
    match outcome {
        Ok(outcome) => outcome.say(&reply, at_work),
        // What is wrong is in the text, with what to do.
        Err(domain::Error::Unusable(words)) => Outcome::not_done(words).say(&reply, at_work),
        Err(error) => return failed(reply, &error),
    }
    reply.go_on_to(page);
    Ok(())
}

/// Adds an account, whose way in another administrator has to agree to.
#[server(AddAccount, prefix = "/_fn", endpoint = "console/account/add")]
pub async fn add_account(
    #[server(default)] name: String,
    #[server(default)] sign_in_name: String,
    #[server(default)] email: String,
    #[server(default)] office: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let outcome = match new_account(&name, &sign_in_name, &email, &office) {
        Ok(new) => account::add(&at_work.console.domain, at_work.officer().into(), &new)
            .await
            .map(|_| Outcome::done("The account is added. Another administrator has to agree before it can be set up.")),
        Err(words) => Ok(Outcome::not_done(words)),
    };
    told(reply, &at_work, outcome, ACCOUNTS)
}

fn new_account(name: &str, sign_in_name: &str, email: &str, office: &str) -> Result<NewAccount, String> {
    let email = email.trim();
    if !email.is_empty() && !email.contains('@') {
        return Err("Nothing was added: an e-mail address has an @.".to_owned());
    }
    let wrong = |problem: &dyn std::fmt::Display| format!("Nothing was added: {problem}.");
    Ok(NewAccount {
        name: StaffName::parse(name).map_err(|problem| wrong(&problem))?,
        sign_in_name: SignInName::parse(sign_in_name).map_err(|problem| wrong(&problem))?,
        email: (!email.is_empty()).then(|| Sensitive::new(email.to_owned())),
        office: office_of(office).ok_or("Nothing was added: an office's code is three letters or more, as NBC.")?,
    })
}

fn office_of(typed: &str) -> Option<OfficeCode> {
    OfficeCode::parse(&typed.trim().to_ascii_uppercase()).ok()
}

/// Gives a role, or proposes it to a second administrator.
#[server(ProposeGrant, prefix = "/_fn", endpoint = "console/account/propose_grant")]
pub async fn propose_grant(
    #[server(default)] account: String,
    #[server(default)] role: String,
    #[server(default)] office: String,
    #[server(default)] until: String,
) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(account) = account.parse::<Uuid>() else { return told(reply, &at_work, Ok(no_account()), ACCOUNTS) };
    let outcome = match new_grant(&at_work, &role, &office, &until) {
        Ok(new) => {
            let proposed = grant::propose(&at_work.console.domain, at_work.officer().into(), account, &new).await;
            proposed.map(|proposed| match proposed {
                Proposed::Holds(_) => Outcome::done("The role holds."),
                Proposed::Waits(_) => Outcome::done("The role is proposed. It holds when another administrator has agreed."),
                Proposed::Not(problem) => Outcome::not_done(problem.to_string()),
            })
        }
        Err(words) => Ok(Outcome::not_done(words)),
    };
    told(reply, &at_work, outcome, &path_of(account))
}

fn new_grant(at_work: &AtWork, role: &str, office: &str, until: &str) -> Result<Grant, &'static str> {
    let ctx = &at_work.console.domain;
    let ends_at = match until.trim() {
        "" => None,
        day => {
            let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(|_| "Type the last day as 2027-01-31.")?;
            // To the end of that day, on the agency's clock.
            let next = (day + TimeDelta::days(1)).and_time(NaiveTime::MIN);
            Some(next.and_local_timezone(ctx.zone).earliest().ok_or("That day does not end.")?.to_utc())
        }
    };
    Ok(Grant {
        role: Role::from_key(role).ok_or("Choose a role.")?,
        office: office_of(office).ok_or("Type an office's code, as NBC.")?,
        starts_at: ctx.now(),
        ends_at,
    })
}

fn no_account() -> Outcome {
    Outcome::not_done("There is no such account.")
}

/// Agrees to a role as the second administrator.
#[server(AgreeToGrant, prefix = "/_fn", endpoint = "console/account/agree_to_grant")]
pub async fn agree_to_grant(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let agreed = grant::agree(&at_work.console.domain, at_work.officer(), id.parse().unwrap_or_default()).await;
    let outcome = agreed.map(|agreed| agreed_to(agreed, |()| Outcome::done("You agreed: the role holds.")));
    told(reply, &at_work, outcome, ACCOUNTS)
}

/// Agrees to a way in as the second administrator, and is shown the code for it.
#[server(AgreeToEnrolment, prefix = "/_fn", endpoint = "console/account/agree_to_enrolment")]
pub async fn agree_to_enrolment(#[server(default)] id: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let agreed = enrolment::agree(&at_work.console.domain, at_work.officer(), id.parse().unwrap_or_default()).await;
    let outcome = agreed.map(|agreed| {
        agreed_to(agreed, |Invitation { token, .. }| Outcome {
            once: Some(token.expose().clone()),
            ..Outcome::done(
                "You agreed. Give this code to the person by a way that nobody else reads. It works once, within a day, and is not \
             shown again:",
            )
        })
    });
    told(reply, &at_work, outcome, ACCOUNTS)
}

fn agreed_to<T>(agreed: Agreed<T>, done: impl FnOnce(T) -> Outcome) -> Outcome {
    match agreed {
        Agreed::Done(what) => done(what),
        Agreed::NotYou => Outcome::not_done("Who proposed it, or whom it is for, cannot agree to it. Ask another administrator."),
        Agreed::Gone => Outcome::not_done("Nothing waits any more: somebody agreed or withdrew it, or it expired."),
        Agreed::Not(problem) => Outcome::not_done(problem.to_string()),
    }
}

/// Ends a role, or withdraws a proposal.
#[server(EndGrant, prefix = "/_fn", endpoint = "console/account/end_grant")]
pub async fn end_grant(#[server(default)] id: String, #[server(default)] account: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(account) = account.parse::<Uuid>() else { return told(reply, &at_work, Ok(no_account()), ACCOUNTS) };
    let ended = grant::end(&at_work.console.domain, at_work.officer().into(), id.parse().unwrap_or_default()).await;
    let outcome = ended.map(|ended| said(ended, "The role has ended.", "That role had ended before."));
    told(reply, &at_work, outcome, &path_of(account))
}

fn said(done: bool, if_done: &'static str, otherwise: &'static str) -> Outcome {
    if done { Outcome::done(if_done) } else { Outcome::not_done(otherwise) }
}

/// Disables an account, and ends its sessions.
#[server(DisableAccount, prefix = "/_fn", endpoint = "console/account/disable")]
pub async fn disable_account(#[server(default)] account: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(id) = account.parse::<Uuid>() else { return told(reply, &at_work, Ok(no_account()), ACCOUNTS) };
    let done = account::disable(&at_work.console.domain, at_work.officer().into(), id).await;
    let outcome = done.map(|done| said(done, "The account is disabled and its sessions have ended.", "It was disabled before."));
    told(reply, &at_work, outcome, &path_of(id))
}

/// Opens a disabled account again.
#[server(EnableAccount, prefix = "/_fn", endpoint = "console/account/enable")]
pub async fn enable_account(#[server(default)] account: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(id) = account.parse::<Uuid>() else { return told(reply, &at_work, Ok(no_account()), ACCOUNTS) };
    let done = account::enable(&at_work.console.domain, at_work.officer().into(), id).await;
    let outcome =
        done.map(|done| said(done, "The account can be used again, with the roles that still hold.", "It was not disabled."));
    told(reply, &at_work, outcome, &path_of(id))
}

/// Unlocks an account after too many failures.
#[server(UnlockAccount, prefix = "/_fn", endpoint = "console/account/unlock")]
pub async fn unlock_account(#[server(default)] account: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(id) = account.parse::<Uuid>() else { return told(reply, &at_work, Ok(no_account()), ACCOUNTS) };
    let done = account::unlock(&at_work.console.domain, at_work.officer().into(), id).await;
    let outcome = done.map(|done| said(done, "The account is unlocked.", "It was not locked."));
    told(reply, &at_work, outcome, &path_of(id))
}

/// Ends all sessions of an account.
#[server(EndSessions, prefix = "/_fn", endpoint = "console/account/end_sessions")]
pub async fn end_sessions(#[server(default)] account: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(id) = account.parse::<Uuid>() else { return told(reply, &at_work, Ok(no_account()), ACCOUNTS) };
    let done = account::revoke_sessions(&at_work.console.domain, at_work.officer().into(), id).await;
    let outcome = done.map(|ended| said(ended > 0, "The sessions have ended.", "There was no session."));
    told(reply, &at_work, outcome, &path_of(id))
}

/// Opens a way in, for a lost password or device: another administrator has to agree.
#[server(OpenEnrolment, prefix = "/_fn", endpoint = "console/account/open_enrolment")]
pub async fn open_enrolment(#[server(default)] account: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(id) = account.parse::<Uuid>() else { return told(reply, &at_work, Ok(no_account()), ACCOUNTS) };
    let opened = enrolment::open(&at_work.console.domain, at_work.officer().into(), id).await;
    let outcome = opened.map(|opened| {
        let words = "A new way in is proposed. Another administrator has to agree, and gets the code for it.";
        said(opened.is_some(), words, "It cannot be done for this account: it is disabled, or your own.")
    });
    told(reply, &at_work, outcome, &path_of(id))
}

/// Withdraws a way in that nobody used yet.
#[server(WithdrawEnrolment, prefix = "/_fn", endpoint = "console/account/withdraw_enrolment")]
pub async fn withdraw_enrolment(#[server(default)] account: String) -> Result<(), ServerFnError> {
    let (reply, at_work) = at_work()?;
    let Ok(id) = account.parse::<Uuid>() else { return told(reply, &at_work, Ok(no_account()), ACCOUNTS) };
    let done = enrolment::withdraw(&at_work.console.domain, at_work.officer().into(), id).await;
    let outcome = done.map(|done| said(done, "The way in is withdrawn.", "There is none."));
    told(reply, &at_work, outcome, &path_of(id))
}
