//! Every account, and what waits for a second administrator.

use std::collections::BTreeMap;

use domain::actor::Officer;
use domain::identity::account::{AccountView, list};
use domain::identity::enrolment::{self, Cause, WaitingEnrolment};
use domain::identity::grant::{self, StoredGrant};
use leptos::prelude::*;
use shared::identity::AccountState;
use uuid::Uuid;

use super::{ask_for_fresh_factor, path_of};
use crate::console::context::AtWork;
use crate::console::form::{Line, PostButton, PostForm};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn AccountsPage() -> impl IntoView {
    view! { <Layout title="Accounts">{Suspend::new(accounts())}</Layout> }
}

struct Found {
    accounts: Vec<AccountView>,
    grants: Vec<StoredGrant>,
    enrolments: Vec<WaitingEnrolment>,
}

async fn accounts() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(match found(&at_work).await {
        Ok(found) => page(&at_work, &found).into_any(),
        Err(error) => view! { <Problem error/> }.into_any(),
    })
}

async fn found(at_work: &AtWork) -> Result<Found, domain::Error> {
    let (ctx, by) = (&at_work.console.domain, at_work.officer());
    Ok(Found {
        accounts: list(ctx, by.into()).await?,
        grants: grant::waiting(ctx, by.into()).await?,
        enrolments: enrolment::waiting(ctx, by.into()).await?,
    })
}

fn page(at_work: &AtWork, found: &Found) -> impl IntoView + use<> {
    let is_fresh = at_work.live.stepped_up_until.is_some();
    view! {
        {ask_for_fresh_factor(&at_work.live)}
        {waiting(at_work.officer(), found, is_fresh)}
        {table(&found.accounts)}
        {is_fresh.then(add_form)}
    }
}

fn waiting(by: &Officer, found: &Found, is_fresh: bool) -> Option<impl IntoView + use<>> {
    let names: BTreeMap<Uuid, String> =
        found.accounts.iter().map(|account| (account.id, account.name.as_str().to_owned())).collect();
    let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let proposer = |id: Option<Uuid>| id.map_or_else(|| "An operator".to_owned(), name);
    let grants = found.grants.iter().map(|waiting| Waiting {
        what: format!("Role {} at {}", waiting.grant.role.name(), waiting.grant.office.as_str()),
        whose: name(waiting.account),
        by: proposer(waiting.proposed_by),
        since: waiting.proposed_at,
        agree: grant::may_agree(by, waiting).then_some(("/_fn/console/account/agree_to_grant", waiting.id)),
    });
    let enrolments = found.enrolments.iter().map(|waiting| Waiting {
        what: match waiting.cause {
            Cause::First | Cause::New => "First way in".to_owned(),
            Cause::Recovery => "New way in, in place of a lost password or device".to_owned(),
        },
        whose: waiting.account.name.as_str().to_owned(),
        by: proposer(waiting.opened_by),
        since: waiting.opened_at,
        agree: enrolment::may_agree(by, waiting).then_some(("/_fn/console/account/agree_to_enrolment", waiting.id)),
    });
    let rows: Vec<_> = grants.chain(enrolments).map(|waiting| waiting.row(is_fresh)).collect();
    let heads = ["For", "What", "Proposed by", "On", "Agree"];
    (!rows.is_empty()).then(|| view! { <Table id="waiting" caption="Waits for a second administrator" heads>{rows}</Table> })
}

/// What needs two people, and has one.
struct Waiting {
    what: String,
    whose: String,
    by: String,
    since: chrono::DateTime<chrono::Utc>,
    /// Where an agreement goes, and to what; none if it must be somebody else.
    agree: Option<(&'static str, Uuid)>,
}

impl Waiting {
    fn row(self, is_fresh: bool) -> AnyView {
        let agree = match self.agree {
            Some((action, id)) if is_fresh => view! {
                <PostButton action label="Agree" about=format!("to this for {}", self.whose) values=vec![("id", id.to_string())]/>
            }
            .into_any(),
            Some(_) => "Show your second factor first".into_any(),
            None => "Somebody else has to".into_any(),
        };
        view! {
            <tr>
                <th scope="row">{self.whose}</th>
                <td>{self.what}</td>
                <td>{self.by}</td>
                <td><When at=self.since/></td>
                <td>{agree}</td>
            </tr>
        }
        .into_any()
    }
}

fn table(accounts: &[AccountView]) -> impl IntoView + use<> {
    let row = |account: &AccountView| {
        let state = match account.state {
            AccountState::Active if account.has_second_factor => "Active",
            AccountState::Active => "Not set up",
            AccountState::Disabled => "Disabled",
        };
        view! {
            <tr>
                <th scope="row"><a href=path_of(account.id)>{account.name.as_str().to_owned()}</a></th>
                <td>{account.sign_in_name.as_str().to_owned()}</td>
                <td>{account.office.as_str().to_owned()}</td>
                <td>{state}</td>
                <td>{account.signed_in_at.map(|at| view! { <When at/> })}</td>
            </tr>
        }
    };
    let caption = format!("{} accounts", accounts.len());
    let rows = accounts.iter().map(row).collect_view();
    view! {
        <Table id="accounts" caption heads=["Name", "Sign-in name", "Office", "State", "Last signed in"]>{rows}</Table>
    }
}

fn add_form() -> impl IntoView {
    view! {
        <h2>"Add an account"</h2>
        <p>"Another administrator then agrees, and gets a code for the person to set the account up with."</p>
        <PostForm action="/_fn/console/account/add">
            <Line name="name" label="Name" hint="As colleagues see it."/>
            <Line name="sign_in_name" label="Sign-in name" hint="2 to 64 letters, digits, or . _ - @"/>
            <Line name="email" label="E-mail (optional)" kind="email"/>
            <Line name="office" label="Office" hint="Its code, as NBC."/>
            <button class="usa-button" type="submit">"Add"</button>
        </PostForm>
    }
}
