//! A question with its fingerprints, or with the query of a partner's that it follows, as the form brings it.

use domain::Error;
use domain::partner_query::{self, Ask, Asked, By};
use shared::agreement::{Partner, Priority, Purpose};
use shared::country::CountryCode;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::kept::{TypedAsk, keep};
use super::words;
use crate::console::context::AtWork;
use crate::console::service_request::address::with_query;
use crate::console::site::{ASK_PARTNERS, QUERIES};

/// Asks, and gives the page that shows what became of it. What is wrong is said on the form, with what was typed.
pub async fn asked(at_work: &AtWork, fields: &[(String, String)], prints: Vec<u8>) -> Result<String, Error> {
    let typed = typed(fields);
    let Err(wrong) = ask(at_work, &typed, prints).await? else { return Ok(QUERIES.to_owned()) };
    let kept = keep(at_work, &TypedAsk { wrong, ..typed }).await?;
    Ok(with_query(ASK_PARTNERS, &[("kept", kept.to_string())]))
}

fn typed(fields: &[(String, String)]) -> TypedAsk {
    let all = |name: &str| fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect::<Vec<_>>();
    let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
    TypedAsk {
        profile: one("profile"),
        case: one("case"),
        back: one("back"),
        partners: all("partners"),
        purpose: one("purpose"),
        priority: one("priority"),
        feared: one("feared"),
        countries: all("countries").into_iter().filter(|code| !code.is_empty()).collect(),
        text: one("text"),
        wrong: Vec::new(),
    }
}

/// How many queries were made, or what is wrong with the question.
async fn ask(at_work: &AtWork, typed: &TypedAsk, prints: Vec<u8>) -> Result<Result<usize, Vec<String>>, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let (purpose, priority) = (Purpose::from_key(&typed.purpose), Priority::from_key(&typed.priority));
    let theirs: Option<Uuid> = typed.back.parse().ok();
    let feared: Vec<CountryCode> = typed.countries.iter().filter_map(|code| CountryCode::parse_listed(code)).collect();
    let faults = [
        (purpose.is_none(), "Choose what it is for."),
        (priority.is_none(), "Choose how soon it is wanted."),
        (
            !matches!(typed.feared.as_str(), "none" | "some"),
            "Say whether the person says that a country persecuted them. Such a country is never asked.",
        ),
        (typed.feared == "some" && feared.is_empty(), "Choose the countries that the person says persecuted them."),
        (
            typed.feared == "none" && !feared.is_empty(),
            "You say that there is no such country, and chose one. Set one of them right.",
        ),
        (theirs.is_none() && prints.is_empty(), "Choose the file with the fingerprints."),
    ];
    let wrong: Vec<String> = faults.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, words)| words.to_owned()).collect();
    let (Some(purpose), Some(priority), true) = (purpose, priority, wrong.is_empty()) else { return Ok(Err(wrong)) };
    let named = |id: &str| -> Uuid { id.parse().unwrap_or_default() };
    let ask = Ask {
        profile: named(&typed.profile),
        case: named(&typed.case),
        partners: typed.partners.iter().filter_map(|key| Partner::from_key(key)).collect(),
        purpose,
        priority,
        feared,
        justification: typed.text.clone(),
        by: theirs.map_or_else(|| By::Prints(Sensitive::new(prints)), By::TheirQuery),
    };
    Ok(match partner_query::ask(ctx, officer, &ask).await? {
        Asked::Made(made) => Ok(made.len()),
        Asked::Faulty(faults) => Err(faults.iter().flat_map(words::fault).collect()),
    })
}
