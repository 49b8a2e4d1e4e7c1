//! An officer's own sessions: where they are signed in.

use chrono::{DateTime, Utc};
use domain::identity::{SessionView, my_sessions};
use leptos::prelude::*;

use crate::console::context::{AtWork, query};
use crate::console::form::{Notice, PostButton};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::table::Table;
use crate::console::when::When;

#[component]
pub fn SessionsPage() -> impl IntoView {
    let ended = query("ended").map(|_| view! { <Notice kind="success">"The session has ended."</Notice> });
    let list = Suspend::new(async move {
        let at_work = AtWork::current()?;
        Some(match my_sessions(&at_work.console.domain, &at_work.live).await {
            Ok(sessions) => table(&sessions).into_any(),
            Err(error) => view! { <Problem error/> }.into_any(),
        })
    });
    view! {
        <Layout title="My sessions">
            {ended}
            <p>"A session ends after 15 minutes without anybody, and after 12 hours in any case. End one that you do not know, and tell your administrator."</p>
            {list}
        </Layout>
    }
}

fn table(sessions: &[SessionView]) -> impl IntoView + use<> {
    let others = sessions.iter().any(|session| !session.is_this);
    let end_others = others.then(|| {
        view! { <PostButton action="/_fn/console/session/revoke_others" label="End all others"/> }
    });
    let rows = sessions.iter().map(row).collect_view();
    let heads = ["Browser", "Signed in with", "Since", "Last used", "Ends", "State"];
    view! {
        <Table id="sessions" caption="Where you are signed in" heads>{rows}</Table>
        {end_others}
    }
}

fn row(session: &SessionView) -> impl IntoView + use<> {
    let time = |at: DateTime<Utc>| view! { <td><When at/></td> };
    let state = if session.is_this {
        "This session".into_any()
    } else {
        let values = vec![("session", session.id.to_string())];
        let lock = session.is_locked.then_some("Locked ");
        view! {
            {lock}
            <PostButton
                action="/_fn/console/session/revoke"
                label="End"
                about=format!("the session in {}", session.client)
                values
            />
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">{session.client.clone()}</th>
            <td>{session.method.name()}</td>
            {time(session.created_at)}
            {time(session.last_seen_at)}
            {time(session.ends_at)}
            <td>{state}</td>
        </tr>
    }
}
