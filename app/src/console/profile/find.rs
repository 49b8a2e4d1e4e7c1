//! Finding somebody. The address names the search, never who was looked for.

use domain::Error;
use domain::actor::Action;
use domain::profile::{FoundPerson, Search, find, purposes};
use leptos::prelude::*;
use shared::profile::ReadPurpose;

use super::kept::{Kept, TypedSearch, kept};
use super::words;
use crate::console::context::AtWork;
use crate::console::form::{Line, Notice, PostButton};
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::service_request::address::pairs;
use crate::console::service_request::fields::{post, select};
use crate::console::site::CORRECTIONS;
use crate::console::table::Table;

#[component]
pub fn FindPage() -> impl IntoView {
    view! { <Layout title="People">{Suspend::new(content())}</Layout> }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(page(&at_work).await.unwrap_or_else(|error| view! { <Problem error/> }.into_any()))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let officer = at_work.officer();
    if !officer.may_somewhere(Action::ReadProfiles) {
        return Err(Error::Refused);
    }
    let typed = match kept(at_work, &pairs()).await? {
        Some(Kept::Search(typed)) => Some(typed),
        _ => None,
    };
    let result = match &typed {
        Some(typed) => Some(result(at_work, typed).await?),
        None => None,
    };
    let forms = forms(&purposes(officer), &typed.unwrap_or_default());
    let corrections = officer.may_somewhere(Action::DecideCorrections).then(|| {
        view! { <p><a href=CORRECTIONS>"Corrections that wait for a second person"</a></p> }
    });
    Ok(view! { {result}{forms}{corrections} }.into_any())
}

/// What was found, or why nothing can be.
async fn result(at_work: &AtWork, typed: &TypedSearch) -> Result<AnyView, Error> {
    let Some(purpose) = ReadPurpose::from_key(&typed.purpose) else {
        return Ok(view! { <Notice kind="error">"Choose what you look for the person for."</Notice> }.into_any());
    };
    let search = match search(typed) {
        Ok(search) => search,
        Err(words) => return Ok(view! { <Notice kind="error">{words}</Notice> }.into_any()),
    };
    Ok(match find(&at_work.console.domain, at_work.officer(), purpose, &search).await? {
        Ok(people) if people.is_empty() => view! {
            <Notice>"Nobody was found whom you may see. Look at the spelling, or look by a number."</Notice>
        }
        .into_any(),
        Ok(people) => found(&people, purpose),
        Err(fault) => view! { <Notice kind="error">{words::fault(fault)}</Notice> }.into_any(),
    })
}

fn search(typed: &TypedSearch) -> Result<Search, &'static str> {
    if !typed.number.trim().is_empty() {
        return Ok(Search::Number(typed.number.clone()));
    }
    let birth_date = typed.birth_date.trim().parse().map_err(|_| "Type the date of birth as 1990-02-03, or look by a number.")?;
    Ok(Search::Person { family: typed.family.clone(), given: typed.given.clone(), birth_date })
}

fn found(people: &[FoundPerson], purpose: ReadPurpose) -> AnyView {
    let row = |person: &FoundPerson| {
        let name = person.name.as_ref().map_or_else(|| "No name".to_owned(), words::name);
        let values = vec![("profile", person.profile.to_string()), ("purpose", purpose.key().to_owned())];
        let days: Vec<String> = person.birth_dates.iter().map(ToString::to_string).collect();
        view! {
            <tr>
                <th scope="row">{name.clone()}</th>
                <td class="console-nowrap">{days.join(", ")}</td>
                <td class="console-nowrap">{person.a_numbers.join(", ")}</td>
                <td>{words::likeness(person.likeness)}</td>
                <td><PostButton action="/_fn/console/profile/open" label="Open" about=name values=values/></td>
            </tr>
        }
    };
    let caption = format!("{} found, the most alike first", people.len());
    let rows = people.iter().map(row).collect_view();
    let heads = ["Name", "Born", "A-Number", "Found by", "Profile"];
    view! { <Table id="people" caption heads>{rows}</Table> }.into_any()
}

fn forms(may: &[ReadPurpose], typed: &TypedSearch) -> AnyView {
    let purpose = |id: &'static str| {
        let first = (may.len() > 1).then_some("Choose");
        select(id, "purpose", "What for", first, words::purposes(may), &typed.purpose)
    };
    let (number, family, given, birth_date) =
        (typed.number.clone(), typed.family.clone(), typed.given.clone(), typed.birth_date.clone());
    view! {
        <p>"Each search, and each profile that is opened, is kept in the audit log with what it was for."</p>
        <div class="console-write">
            <section aria-labelledby="by-number">
                <h2 id="by-number">"By a number"</h2>
                {post(
                    "/_fn/console/profile/find",
                    view! {
                        {purpose("purpose-number")}
                        <Line name="number" label="Number" value=number hint="A-Number, FIN, Social Security number, encounter ID or receipt number."/>
                        <button class="usa-button" type="submit">"Find"</button>
                    },
                )}
            </section>
            <section aria-labelledby="by-name">
                <h2 id="by-name">"By name and date of birth"</h2>
                {post(
                    "/_fn/console/profile/find",
                    view! {
                        {purpose("purpose-name")}
                        <Line name="family" label="Family name" value=family hint="Accents do not matter, and names that sound alike are found."/>
                        <Line name="given" label="Given name" value=given/>
                        <Line name="birth_date" label="Date of birth" value=birth_date hint="As 1990-02-03. The same day with day and month the other way round is found too."/>
                        <button class="usa-button" type="submit">"Find"</button>
                    },
                )}
            </section>
        </div>
    }
    .into_any()
}
