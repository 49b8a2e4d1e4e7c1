//! One account: its roles, its sessions, its way in.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::identity::SessionView;
use domain::identity::account::{AccountView, find, locked_until, sessions};
use domain::identity::grant::{self, StoredGrant};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shared::identity::{AccountState, Role};

use super::ask_for_fresh_factor;
use crate::console::context::{AtWork, path};
use crate::console::form::{Line, PostButton, PostForm};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::ACCOUNTS;
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn AccountPage() -> impl IntoView {
    view! { <Layout title="Account">{Suspend::new(account())}</Layout> }
}

struct Found {
    account: AccountView,
    grants: Vec<StoredGrant>,
    sessions: Vec<SessionView>,
    locked_until: Option<DateTime<Utc>>,
}

async fn account() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    let found = found(&at_work).await;
    Some(match found {
        Ok(Some(found)) => page(&at_work, &found).into_any(),
        Ok(None) => {
            if let Some(response) = use_context::<ResponseOptions>() {
                response.set_status(StatusCode::NOT_FOUND);
            }
            view! { <p>"There is no such account. "<a href=ACCOUNTS>"All accounts"</a></p> }.into_any()
        }
        Err(error) => view! { <Problem error/> }.into_any(),
    })
}

async fn found(at_work: &AtWork) -> Result<Option<Found>, domain::Error> {
    let (ctx, by) = (&at_work.console.domain, at_work.officer());
    let id = path().rsplit('/').next().and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(None) };
    let Some(account) = find(ctx, by.into(), id).await? else { return Ok(None) };
    Ok(Some(Found {
        grants: grant::of_account(ctx, by.into(), id).await?,
        sessions: sessions(ctx, by.into(), id).await?,
        locked_until: locked_until(ctx, by.into(), &account).await?,
        account,
    }))
}

fn page(at_work: &AtWork, found: &Found) -> impl IntoView + use<> {
    let (is_own, now) = (found.account.id == at_work.officer().id(), at_work.console.domain.now());
    let may_change = at_work.live.stepped_up_until.is_some() && !is_own;
    let own = is_own.then(|| view! { <p>"This is your own account. Another administrator changes it."</p> });
    view! {
        <p><a href=ACCOUNTS>"All accounts"</a></p>
        {facts(&found.account, found.locked_until)}
        {own}
        {(!is_own).then(|| ask_for_fresh_factor(&at_work.live))}
        {may_change.then(|| acts(&found.account, found.locked_until, !found.sessions.is_empty()))}
        {roles(&found.grants, now, may_change)}
        {may_change.then(|| propose_form(&found.account))}
        {session_table(&found.sessions)}
    }
}

fn facts(account: &AccountView, locked_until: Option<DateTime<Utc>>) -> impl IntoView + use<> {
    let state = match account.state {
        AccountState::Active => "Active",
        AccountState::Disabled => "Disabled: nobody can sign in to it",
    };
    let set_up = if account.has_second_factor { "Yes" } else { "No: it needs a way in" };
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> };
    view! {
        <h2>{account.name.as_str().to_owned()}</h2>
        <dl class="console-facts">
            {fact("Sign-in name", account.sign_in_name.as_str().to_owned().into_any())}
            {account.email.as_ref().map(|email| fact("E-mail", email.expose().clone().into_any()))}
            {fact("Office", account.office.as_str().to_owned().into_any())}
            {fact("State", state.into_any())}
            {fact("Set up", set_up.into_any())}
            {locked_until.map(|at| fact("Locked after failures until", view! { <When at/> }.into_any()))}
            {fact("Added", view! { <When at=account.created_at/> }.into_any())}
            {account.signed_in_at.map(|at| fact("Last signed in", view! { <When at/> }.into_any()))}
        </dl>
    }
}

fn acts(account: &AccountView, locked_until: Option<DateTime<Utc>>, has_sessions: bool) -> impl IntoView + use<> {
    let id = account.id.to_string();
    let button = |action: &'static str, label: &'static str| {
        view! { <PostButton action label values=vec![("account", id.clone())]/> }.into_any()
    };
    let mut buttons = Vec::new();
    if locked_until.is_some() {
        buttons.push(button("/_fn/console/account/unlock", "Unlock"));
    }
    if has_sessions {
        buttons.push(button("/_fn/console/account/end_sessions", "End all sessions"));
    }
    match account.state {
        AccountState::Active => {
            buttons.push(button("/_fn/console/account/open_enrolment", "Give a new way in"));
            buttons.push(button("/_fn/console/account/withdraw_enrolment", "Withdraw the way in"));
            buttons.push(button("/_fn/console/account/disable", "Disable"));
        }
        AccountState::Disabled => buttons.push(button("/_fn/console/account/enable", "Enable")),
    }
    view! { <div class="console-row">{buttons}</div> }
}

fn roles(grants: &[StoredGrant], now: DateTime<Utc>, may_change: bool) -> impl IntoView + use<> {
    let row = |stored: &StoredGrant| {
        let (grant, has_ended) = (&stored.grant, stored.grant.ends_at.is_some_and(|end| end <= now));
        let state = match (stored.agreed_at, has_ended) {
            (_, true) => "Ended",
            (None, false) => "Waits for a second administrator",
            (Some(_), false) if grant.starts_at > now => "Begins later",
            (Some(_), false) => "Holds",
        };
        let about = format!("{} at {}", grant.role.name(), grant.office.as_str());
        let values = vec![("id", stored.id.to_string()), ("account", stored.account.to_string())];
        let end = (may_change && !has_ended).then(|| {
            view! { <PostButton action="/_fn/console/account/end_grant" label="End" about values/> }
        });
        view! {
            <tr>
                <th scope="row">{grant.role.name()}</th>
                <td>{grant.office.as_str().to_owned()}</td>
                <td><When at=grant.starts_at/></td>
                <td>{grant.ends_at.map(|at| view! { <When at/> })}</td>
                <td>{state}" "{end}</td>
            </tr>
        }
    };
    let rows = grants.iter().map(row).collect_view();
    view! {
        <Table id="roles" caption="Roles" heads=["Role", "Office", "From", "Until", "State"]>{rows}</Table>
    }
}

fn propose_form(account: &AccountView) -> impl IntoView + use<> {
    let (id, office) = (account.id.to_string(), account.office.as_str().to_owned());
    let option = |role: Role| view! { <option value=role.key()>{role.name()}</option> };
    view! {
        <h2>"Give a role"</h2>
        <p>"SIIO, Administrator and Auditor hold when another administrator has agreed; the others at once."</p>
        <PostForm action="/_fn/console/account/propose_grant">
            <input type="hidden" name="account" value=id/>
            <div class="usa-form-group">
                <label class="usa-label" for="role">"Role"</label>
                <select class="usa-select" id="role" name="role">{Role::ALL.map(option).collect_view()}</select>
            </div>
            <Line name="office" label="Office" hint="Its code." value=office/>
            <Line name="until" label="Last day (optional)" kind="date" hint="Without it, until somebody ends it."/>
            <button class="usa-button" type="submit">"Give"</button>
        </PostForm>
    }
}

fn session_table(sessions: &[SessionView]) -> Option<impl IntoView + use<>> {
    let row = |session: &SessionView| {
        view! {
            <tr>
                <th scope="row">{session.client.clone()}</th>
                <td>{session.method.name()}</td>
                <td><When at=session.created_at/></td>
                <td><When at=session.last_seen_at/></td>
            </tr>
        }
    };
    let rows = sessions.iter().map(row).collect_view();
    let heads = ["Browser", "Signed in with", "Since", "Last used"];
    (!sessions.is_empty()).then(|| view! { <Table id="sessions" caption="Where this person is signed in" heads>{rows}</Table> })
}
