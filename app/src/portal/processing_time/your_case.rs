//! The verdict on the case that the session asked for. What the case does not say is asked.

use std::sync::Arc;

use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use domain::Context;
use domain::processing_time::{CaseInQuestion, Posting, case_in_question, category_of, of_form};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::processing_time::{Why, is_held_centrally, office_for};

use super::choice::{Choice, choose};
use super::time::{category, fact, posted_time};
use super::waiting::waiting;
use super::{Chosen, framed, verdict};
use crate::context::Request;
use crate::portal::site::SiteInfo;
use crate::portal::{use_locale, use_site};
use crate::session::Kept;
use crate::text::text;

const PAGE: &str = "/processing-times/your-case";

#[component]
pub fn YourCasePage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let (chosen, request) = (Chosen::read(), Request::current());
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let query = chosen.query();
    let content = async move {
        let Some(request) = request else { return Ok(().into_any()) };
        answer(&request, &chosen, locale, site).await
    };
    framed(text!(locale, processing_time.your_title), PAGE, query, content)
}

async fn answer(request: &Request, chosen: &Chosen, locale: Locale, site: Arc<SiteInfo>) -> Result<AnyView, domain::Error> {
    let ctx = &request.portal.domain;
    let case = match request.kept() {
        Some(Kept::Typed(typed)) => case_in_question(ctx, typed.expose()).await?,
        _ => None,
    };
    let Some(case) = case else { return Ok(no_case(locale)) };
    let postings = of_form(ctx, &case.form).await?;
    let next = next(ctx, &case, postings, chosen);
    let case_facts = facts(&case, &next, locale);
    let answer = match next {
        Next::Category(choices) => {
            choose("category", &choices, &asked(chosen), &locale.path(PAGE), text!(locale, processing_time.category_hint), locale)
                .into_any()
        }
        Next::Office(choices, Why::Local) => {
            let hint = text!(locale, processing_time.local_office_hint);
            choose("office", &choices, &asked(chosen), &locale.path(PAGE), hint, locale).into_any()
        }
        Next::Office(choices, Why::Current) => {
            let hint = text!(locale, processing_time.office_hint);
            choose("office", &choices, &asked(chosen), &locale.path(PAGE), hint, locale).into_any()
        }
        Next::Unlisted => view! {
            <p>{text!(locale, processing_time.unlisted_text)}</p>
            {verdict(ctx, case.received, None, None, locale, site)}
        }
        .into_any(),
        Next::Verdict(posting, why) => {
            let words = match why {
                Why::Local => text!(locale, processing_time.working_local),
                Why::Current => text!(locale, processing_time.working_current),
            };
            let before = domain::waiting::before(ctx, &case, &posting).await?;
            view! {
                {verdict(ctx, case.received, Some(&posting.posted), Some((&posting.office, words)), locale, site)}
                {before.map(|told| waiting(told, why, locale))}
                {posted_time(&posting, locale)}
            }
            .into_any()
        }
    };
    Ok(view! { {case_facts}{answer} }.into_any())
}

/// The form is the case's, and stands in no address.
fn asked(chosen: &Chosen) -> Chosen {
    Chosen { category: chosen.category.clone(), office: chosen.office.clone(), ..Chosen::default() }
}

fn no_case(locale: Locale) -> AnyView {
    view! {
        <p class="portico-lead">{text!(locale, processing_time.your_no_case)}</p>
        <p><a class="usa-button" href=locale.path("/case-status")>{text!(locale, processing_time.your_check)}</a></p>
    }
    .into_any()
}

fn facts(case: &CaseInQuestion, next: &Next, locale: Locale) -> impl IntoView + use<> {
    let category = match next {
        Next::Verdict(posting, _) => Some(fact(text!(locale, processing_time.category), category(posting, locale))),
        _ => None,
    };
    view! {
        <dl class="portico-facts">
            {fact(text!(locale, processing_time.your_case), case.number.as_str().to_owned())}
            {fact(text!(locale, processing_time.form), case.form.as_str().to_owned())}
            {category}
        </dl>
    }
}

enum Next {
    Unlisted,
    Category(Vec<Choice>),
    /// Why an office is asked for: the local one, or the one that has the case.
    Office(Vec<Choice>, Why),
    Verdict(Box<Posting>, Why),
}

/// From what the case says and what was chosen: what is still to be asked, or the time that counts.
fn next(ctx: &Context, case: &CaseInQuestion, postings: Vec<Posting>, chosen: &Chosen) -> Next {
    if postings.is_empty() {
        return Next::Unlisted;
    }
    let picked = postings.iter().map(|posting| &posting.category).find(|key| key.as_str().eq_ignore_ascii_case(&chosen.category));
    let Some(category) = category_of(case, &postings).or(picked).cloned() else {
        return Next::Category(Choice::categories(&postings));
    };
    let postings: Vec<Posting> = postings.into_iter().filter(|posting| posting.category == category).collect();
    let picked = OfficeCode::parse(&chosen.office.to_ascii_uppercase()).ok();
    let posted_by = |office: &OfficeCode| postings.iter().find(|posting| posting.office == *office).cloned().map(Box::new);
    let choices = || postings.iter().map(|posting| Choice::of_office(ctx, posting)).collect();
    let Some(current) = case.office.as_ref().or(picked.as_ref()) else { return Next::Office(choices(), Why::Current) };
    let (office, why) = office_for(&case.form, current, picked.as_ref());
    let is_held = is_held_centrally(&case.form, current);
    match (posted_by(office), picked.as_ref().and_then(posted_by)) {
        (Some(posting), _) if why == Why::Local || !is_held => Next::Verdict(posting, why),
        (_, Some(posting)) => Next::Verdict(posting, why),
        (Some(_), None) => Next::Office(choices(), Why::Local),
        (None, None) if is_held => Next::Office(choices(), Why::Local),
        (None, None) => Next::Office(choices(), Why::Current),
    }
}
