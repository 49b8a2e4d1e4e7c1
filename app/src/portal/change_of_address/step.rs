//! A page of the form.

use std::sync::Arc;

use axum::http::header::CACHE_CONTROL;
use domain::change_of_address::{Draft, Found as Beside, Other, PAGES, Wish};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use shared::address::{Address, Suggestion};
use shared::change_of_address::{Problem, Step};
use shared::locale::Locale;

use super::check::check_page;
use super::field::{Shown, anchor};
use super::found::{Found, found};
use super::server::SaveChangeStep;
use super::start::forget;
use super::{START, path_of, words};
use crate::context::PortalContext;
use crate::csrf::CsrfField;
use crate::portal::contact::Telephone;
use crate::portal::form::{self, error_summary};
use crate::portal::site::SiteInfo;
use crate::portal::{Layout, use_locale, use_site};
use crate::reply::NO_STORE;
use crate::text::text;

#[component]
pub fn ChangeStepPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    response.insert_header(CACHE_CONTROL, NO_STORE);
    match (found(), PortalContext::current()) {
        (Found::Step { step, draft, beside }, Some(portal)) => {
            let problems = draft.problems(&portal.domain, step);
            page(step, &draft, &beside, &problems, locale, &site).into_any()
        }
        (found, _) => {
            if let Found::Failed(status) = found {
                response.set_status(status);
            }
            let title = text!(locale, change.title);
            view! {
                <Title text=site.title(locale, title)/>
                <Layout locale site=site.clone() page=START>
                    <h1>{title}</h1>
                    <p><a href=locale.path(START)>{text!(locale, change.to_start)}</a></p>
                </Layout>
            }
            .into_any()
        }
    }
}

fn page(
    step: Step,
    draft: &Arc<Draft>,
    beside: &Arc<Beside>,
    problems: &[Problem],
    locale: Locale,
    site: &Arc<SiteInfo>,
) -> impl IntoView + use<> {
    let shown = Shown { draft, problems, locale };
    let has_refused = step == Step::Cases && problems.is_empty() && !draft.refused.is_empty() && !beside.asks_for_others;
    let mut entries: Vec<(String, String)> =
        problems.iter().map(|problem| (anchor(problem.field), words::problem(*problem, locale).to_owned())).collect();
    if has_refused {
        let rows = draft.form.cases.iter().enumerate().filter(|(_, row)| draft.is_refused(&row.receipt_number));
        entries.extend(rows.map(|(at, _)| (format!("number_{at}"), text!(locale, change.case_refused).to_owned())));
    }
    let heading = heading(step, locale);
    let title = if entries.is_empty() { heading.to_owned() } else { format!("{} {heading}", text!(locale, common.error_prefix)) };
    let content = match step {
        Step::Check => check_page(&shown, beside).into_any(),
        Step::Cases if beside.asks_for_others => choose_others(&beside.others, locale).into_any(),
        _ => match &beside.suggestion {
            Some(suggestion) => choose_writing(step, suggestion, &shown).into_any(),
            None => questions(step, &shown, has_refused).into_any(),
        },
    };
    let before = PAGES.into_iter().rev().find(|before| *before < step);
    let before = locale.path(before.map_or(START, path_of));
    let refused = has_refused.then(|| refused(locale, site));
    let rule = rule(step, beside, locale);
    view! {
        <Title text=site.title(locale, &title)/>
        <Layout locale site=site.clone() page=path_of(step)>
            <a class="portico-back" href=before>{text!(locale, e_request.back)}</a>
            {progress(step, locale)}
            {error_summary(entries, locale)}
            <h1>{heading}</h1>
            {refused}
            {rule}
            {content}
            {forget(locale)}
        </Layout>
    }
}

fn heading(step: Step, locale: Locale) -> &'static str {
    match step {
        Step::Person => text!(locale, change.person_title),
        Step::Move => text!(locale, change.move_title),
        Step::NewAddress => text!(locale, change.new_title),
        Step::OldAddress => text!(locale, change.old_title),
        Step::MailingAddress => text!(locale, change.mailing_title),
        Step::Cases => text!(locale, change.cases_title),
        Step::Contact => text!(locale, change.contact_title),
        Step::Check | Step::Signature => text!(locale, change.check_title),
    }
}

/// What a page says before its questions.
fn lead(step: Step, locale: Locale) -> &'static str {
    match step {
        Step::Person => text!(locale, change.person_lead),
        Step::Move => text!(locale, change.move_lead),
        Step::NewAddress => text!(locale, change.new_lead),
        Step::OldAddress => text!(locale, change.old_lead),
        Step::MailingAddress => text!(locale, change.mailing_lead),
        Step::Cases => text!(locale, change.cases_lead),
        Step::Contact => text!(locale, change.contact_lead),
        Step::Check | Step::Signature => text!(locale, e_request.check_lead),
    }
}

/// How the ten days stand: told right after the day of the move, and once more before all is sent.
fn rule(step: Step, beside: &Beside, locale: Locale) -> impl IntoView + use<> {
    let rule = beside.rule.filter(|_| matches!(step, Step::NewAddress | Step::Check));
    rule.map(|rule| view! { <p class="portico-rule">{words::ten_days(rule, locale)}</p> })
}

/// The step indicator.
fn progress(at: Step, locale: Locale) -> impl IntoView {
    let names = PAGES.map(|step| words::step_name(step, locale));
    form::progress(&names, PAGES.iter().position(|step| *step == at).unwrap_or(0), locale)
}

/// The hidden fields of a page's form.
fn hidden(step: Step, locale: Locale) -> impl IntoView {
    view! {
        <CsrfField/>
        <input type="hidden" name="locale" value=locale.tag()/>
        <input type="hidden" name="step" value=step.key()/>
    }
}

fn questions(step: Step, shown: &Shown<'_>, has_refused: bool) -> impl IntoView + use<> {
    let locale = shown.locale;
    let fields = if step == Step::Cases { shown.rows() } else { shown.of(step) };
    let more = (step == Step::Cases).then(|| {
        view! {
            <button class="usa-button usa-button--outline" type="submit" name="wish" value=Wish::MoreRows.key()>
                {text!(locale, change.more_rows)}
            </button>
        }
    });
    let anyway = has_refused.then(|| {
        view! {
            <button class="usa-button usa-button--outline" type="submit" name="wish" value=Wish::Anyway.key()>
                {text!(locale, change.anyway)}
            </button>
        }
    });
    view! {
        <p class="portico-lead">{lead(step, locale)}</p>
        <form class="usa-form portico-form portico-request" action=SaveChangeStep::url() method="post" novalidate>
            {hidden(step, locale)}
            {fields}
            <div class="portico-buttons">
                <button class="usa-button" type="submit" name="wish" value=Wish::GoOn.key()>{text!(locale, e_request.next)}</button>
                {more}
                {anyway}
            </div>
        </form>
    }
}

/// The address as the carrier writes it, or as the person did: they know where they live.
fn choose_writing(step: Step, suggestion: &Suggestion, shown: &Shown<'_>) -> impl IntoView + use<> {
    let locale = shown.locale;
    let written = if step == Step::NewAddress { &shown.draft.form.new } else { &shown.draft.form.mailing };
    let typed = written.parse(shared::address::AddressKind::Mailing).ok();
    let lines =
        |lines: Vec<String>| lines.into_iter().map(|line| view! { <span class="portico-line">{line}</span> }).collect_view();
    let option = |wish: Wish, title: &'static str, address: Vec<String>, class: &'static str| {
        view! {
            <div class="portico-choice">
                <h2>{title}</h2>
                <p class="portico-address">{lines(address)}</p>
                <form action=SaveChangeStep::url() method="post">
                    {hidden(step, locale)}
                    <button class=class type="submit" name="wish" value=wish.key()>
                        {if wish == Wish::Standard { text!(locale, change.use_this) } else { text!(locale, change.keep_mine) }}
                    </button>
                </form>
            </div>
        }
    };
    let standard = Address::Us(suggestion.address().clone()).lines(locale);
    let mine = typed.map(|address| address.lines(locale)).unwrap_or_default();
    let fields = shown.of(step);
    view! {
        <p class="portico-lead">{text!(locale, change.writing_lead)}</p>
        <div class="portico-choices">
            {option(Wish::Standard, text!(locale, change.writing_standard), standard, "usa-button")}
            {option(Wish::Mine, text!(locale, change.writing_mine), mine, "usa-button usa-button--outline")}
        </div>
        <details class="portico-details">
            <summary>{text!(locale, change.writing_mend)}</summary>
            <form class="usa-form portico-form portico-request" action=SaveChangeStep::url() method="post" novalidate>
                {hidden(step, locale)}
                {fields}
                <button class="usa-button" type="submit">{text!(locale, e_request.next)}</button>
            </form>
        </details>
    }
}

/// Other cases of the person's, named by their form and the end of their number.
fn choose_others(others: &[Other], locale: Locale) -> impl IntoView + use<> {
    let other = |other: &Other| {
        let id = format!("other_{}", other.name);
        let name = format!("typed[{id}]");
        let label = text!(locale, change.other_case, form = other.form.clone(), ending = other.last_four.clone());
        view! {
            <div class="usa-checkbox">
                <input class="usa-checkbox__input" id=id.clone() type="checkbox" name=name value="yes" checked=other.is_chosen/>
                <label class="usa-checkbox__label" for=id>{label}</label>
            </div>
        }
    };
    view! {
        <form class="usa-form portico-form portico-request" action=SaveChangeStep::url() method="post" novalidate>
            {hidden(Step::Cases, locale)}
            <fieldset class="usa-fieldset">
                <legend class="usa-legend portico-legend"><h2>{text!(locale, change.others_title)}</h2></legend>
                <p>{text!(locale, change.others_text)}</p>
                {others.iter().map(other).collect_view()}
            </fieldset>
            <button class="usa-button" type="submit" name="wish" value=Wish::Others.key()>{text!(locale, e_request.next)}</button>
        </form>
    }
}

/// One answer for a number that nobody has, a hidden case, somebody else's case and a slip; and the safe way for all of them.
fn refused(locale: Locale, site: &Arc<SiteInfo>) -> impl IntoView + use<> {
    view! {
        <section class="usa-alert usa-alert--warning" aria-labelledby="refused">
            <div class="usa-alert__body">
                <h2 class="usa-alert__heading" id="refused">{text!(locale, change.cases_refused_title)}</h2>
                <p class="usa-alert__text">{text!(locale, change.cases_refused_text)}</p>
                <p class="usa-alert__text">{text!(locale, change.cases_refused_way)}</p>
                <Telephone locale site=site.clone()/>
            </div>
        </section>
    }
}
