//! What led to an answer, step by step, so that anybody can reach it again.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use shared::delivery_tracking::DeliveryState;
use shared::e_request::Working;
use shared::locale::Locale;

use crate::context::PortalContext;
use crate::portal::case_status::delivery_state;
use crate::portal::processing_time::working_steps;
use crate::text::text;

pub fn working(portal: &Arc<PortalContext>, working: &Working, locale: Locale) -> impl IntoView + use<> {
    let steps = steps(portal, working, locale);
    (!steps.is_empty()).then(|| {
        let steps = steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
        view! { <h3>{text!(locale, processing_time.working_title)}</h3><ol>{steps}</ol> }
    })
}

fn steps(portal: &Arc<PortalContext>, working: &Working, locale: Locale) -> Vec<String> {
    let date = |day| locale.long_date(day);
    let on = |words: &str, day: Option<NaiveDate>| day.map(|day| format!("{words} {}.", date(day)));
    let at = |place: &Option<String>| place.as_ref().map(|place| format!("{} {place}.", text!(locale, e_request.working_place)));
    let wait = |from: NaiveDate, days: u32| {
        let until = from.checked_add_days(Days::new(u64::from(days)));
        [Some(text!(locale, e_request.working_days, days = days)), on(text!(locale, e_request.working_from), until)]
    };
    match working {
        Working::Nothing => vec![text!(locale, e_request.working_nothing).to_owned()],
        Working::NormalTime(working) => {
            let ctx = &portal.domain;
            working_steps(ctx, working, working.verdict(ctx.today()), None, locale)
        }
        Working::Delivered { on: day, place } => {
            let told = [on(text!(locale, e_request.working_delivered), *day), at(place)];
            let advice = text!(locale, e_request.working_delivered_advice).to_owned();
            told.into_iter().flatten().chain([advice]).collect()
        }
        Working::GoneAstray { state, on: day } => {
            [Some(state_of(*state, locale)), on(text!(locale, e_request.working_since), *day)].into_iter().flatten().collect()
        }
        Working::InTheMail { state, mailed_on, place, days } => {
            let told = [on(text!(locale, e_request.working_mailed), *mailed_on), Some(state_of(*state, locale)), at(place)];
            let wait = mailed_on.map(|mailed_on| wait(mailed_on, *days)).into_iter().flatten();
            told.into_iter().chain(wait).flatten().collect()
        }
        Working::NoticeMailed { mailed_on, days } => {
            let told = [on(text!(locale, e_request.working_notice), Some(*mailed_on))];
            told.into_iter().chain(wait(*mailed_on, *days)).flatten().collect()
        }
        Working::NotMailed { since, days } => {
            let told = [on(text!(locale, e_request.working_not_mailed), Some(*since))];
            told.into_iter().chain(wait(*since, *days)).flatten().collect()
        }
    }
}

fn state_of(state: DeliveryState, locale: Locale) -> String {
    format!("{} {}.", text!(locale, e_request.working_state), delivery_state(state, locale).trim_end_matches('.'))
}
