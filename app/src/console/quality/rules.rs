//! Which answers are read again after they went out, and which a second person releases.

use domain::Error;
use domain::actor::Action;
use domain::quality::{Reviewed, StoredRule, reviewed, rules};
use leptos::prelude::*;
use shared::office::OfficeCode;
use shared::service_request::RequestKind;

use super::words;
use crate::console::context::AtWork;
use crate::console::form::{Line, PostButton};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::fields::{hidden, post, select, tick};
use crate::console::service_request::words as request_words;
use crate::console::site::QUALITY;
use crate::console::table::{Table, count};
use crate::console::when::When;

#[component]
pub fn RulesPage() -> impl IntoView {
    view! { <Layout title="Which answers are read twice">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let in_use = rules(ctx, officer).await?;
    let mut before = Vec::new();
    for office in officer.offices(Action::RequireReview) {
        before.push(categories(&office, &reviewed(ctx, officer, &office).await?));
    }
    let offices = officer.offices(Action::SetReadingRules);
    let everywhere = officer.may_somewhere(Action::SetRulesEverywhere);
    Ok(view! {
        <p class="console-back"><a href=QUALITY>"Quality"</a></p>
        <h2>"After they went out"</h2>
        <p>
            "When a full answer goes out, these rules are asked, and one is enough. Whether an answer is drawn follows from the answer itself: \
             nobody can choose it, and nobody can avoid it."
        </p>
        {table(&in_use)}
        {add(&offices, everywhere)}
        {before}
    }
    .into_any())
}

fn table(rules: &[(StoredRule, bool)]) -> AnyView {
    let row = |(stored, may_end): &(StoredRule, bool)| {
        let rule = &stored.rule;
        let office = rule.office.as_ref().map_or("All", OfficeCode::as_str).to_owned();
        let draw = words::draw(rule.draw);
        let about = format!("the rule for {office}, {draw}");
        let end = may_end.then(|| {
            let values = vec![("id", stored.id.to_string())];
            view! { <PostButton action="/_fn/console/quality/end_rule" label="End" class="console-link-button" about values/> }
        });
        view! {
            <tr>
                <th scope="row">{draw}</th>
                <td>{office}</td>
                <td>{rule.kind.map_or("All", request_words::kind)}</td>
                <td>{rule.template.as_ref().map_or_else(|| "Any or none".to_owned(), |key| key.as_str().to_owned())}</td>
                <td><When at=stored.made_at/></td>
                <td>{end}</td>
            </tr>
        }
    };
    let caption = format!("{} in use", count(rules.len(), "rule", "rules"));
    let rows = rules.iter().map(row).collect_view();
    view! {
        <Table id="rules" caption heads=["Draws", "Office", "About", "Template", "Since", "Change"]>{rows}</Table>
    }
    .into_any()
}

fn add(offices: &[OfficeCode], everywhere: bool) -> AnyView {
    let offices = offices.iter().map(|office| (office.as_str().to_owned(), office.as_str().to_owned())).collect();
    let kinds = RequestKind::ALL.map(|kind| (kind.key().to_owned(), request_words::kind(kind).to_owned())).to_vec();
    let draws = vec![
        ("share".to_owned(), "So many of a hundred".to_owned()),
        ("first_of".to_owned(), "The first so many of each officer".to_owned()),
    ];
    view! {
        <details class="console-details">
            <summary>"Add a rule"</summary>
            {post(
                "/_fn/console/quality/add_rule",
                view! {
                    {select("draw", "draw", "Draws", None, draws, "share")}
                    <Line name="number" label="How many" hint="1 to 100 of a hundred, or the first 1 to 500." value="10" numeric=true/>
                    {select("office", "office", "Office", everywhere.then_some("All"), offices, "")}
                    {select("kind", "kind", "About", Some("All"), kinds, "")}
                    <Line name="template" label="Template" hint="Its name, as on the page of templates. Nothing: any or none."/>
                    <button class="usa-button" type="submit">"Add the rule"</button>
                },
            )}
        </details>
    }
    .into_any()
}

/// The kinds of requests whose answers a second person releases at an office.
fn categories(office: &OfficeCode, reviewed: &Reviewed) -> AnyView {
    let office = office.as_str().to_owned();
    let kind = |kind: RequestKind| {
        let id = format!("reviewed-{office}-{}", kind.key());
        tick(id, "kinds[]", kind.key(), request_words::kind(kind), reviewed.here.contains(&kind))
    };
    let kinds = RequestKind::ALL.map(kind).collect_view();
    let everywhere: Vec<&str> = reviewed.everywhere.iter().map(|kind| request_words::kind(*kind)).collect();
    let everywhere = (!everywhere.is_empty())
        .then(|| view! { <p>"At every office, as the installation has it: "{everywhere.join(", ")}"."</p> });
    view! {
        <h2>{format!("Before they go out: {office}")}</h2>
        <p>"A second person releases answers to requests about these, or gives them back. What was handed in already stays so."</p>
        {everywhere}
        {post(
            "/_fn/console/quality/set_reviewed",
            view! {
                {hidden(vec![("office", office.clone())])}
                <fieldset class="usa-fieldset">
                    <legend class="usa-legend">"Read before they go out"</legend>
                    <div class="console-row">{kinds}</div>
                </fieldset>
                <button class="usa-button usa-button--outline" type="submit">
                    "Save"<span class="visually-hidden">" for "{office.clone()}</span>
                </button>
            },
        )}
    }
    .into_any()
}
