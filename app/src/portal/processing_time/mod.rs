//! Processing times: form, category and office, one after another, then the time; and the verdict on a case, with its working.
//!
//! What is chosen stands in the address: it is published information. A case's number never does; the page about one's own
//! case takes it from the session.

pub mod calendar;
mod choice;
mod time;
mod verdict;
mod waiting;
mod your_case;

use domain::Context;
use domain::processing_time::{Posting, forms, of_form};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::case_status::FormNumber;
use shared::locale::Locale;

use super::case_status::status_of;
use super::{Layout, use_locale, use_site};
use crate::context::PortalContext;
use crate::text::text;
use choice::{Choice, choose};
use time::{choices, posted_time};
pub use verdict::{number, steps as working_steps};
use verdict::{typed_date, verdict};
pub use your_case::YourCasePage;

const PAGE: &str = "/processing-times";
/// What stands in the address for a form that is not on the list.
const UNLISTED: &str = "other";

/// What was chosen so far, from the address.
#[derive(Debug, Clone, Default)]
struct Chosen {
    form: String,
    category: String,
    office: String,
    /// Year, month and day, as typed; empty before.
    received: [String; 3],
}

impl Chosen {
    fn read() -> Self {
        let query = use_query_map().get_untracked();
        let value = |name: &str| query.get(name).unwrap_or_default().chars().take(40).collect::<String>();
        Self {
            form: value("form"),
            category: value("category"),
            office: value("office"),
            received: ["year", "month", "day"].map(value),
        }
    }

    /// The choices as they stand in the address. They are of few letters, whatever was typed.
    fn query(&self) -> String {
        let [year, month, day] = &self.received;
        let all = [("form", &self.form), ("category", &self.category), ("office", &self.office)];
        let all = all.into_iter().chain([("year", year), ("month", month), ("day", day)]);
        let is_plain = |value: &str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let pairs: Vec<String> =
            all.filter(|(_, value)| !value.is_empty() && is_plain(value)).map(|(name, value)| format!("{name}={value}")).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }

    /// The choices as hidden fields of the form that asks for the next one.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let all = [("form", &self.form), ("category", &self.category), ("office", &self.office)];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())).collect()
    }
}

#[component]
pub fn ProcessingTimesPage() -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    let chosen = Chosen::read();
    let query = chosen.query();
    let ctx = PortalContext::current().map(|portal| portal.domain.clone());
    let content = async move {
        let Some(ctx) = ctx else { return Ok(().into_any()) };
        let step = step(&ctx, &chosen).await?;
        Ok(shown(&ctx, step, &chosen, locale, site))
    };
    framed(text!(locale, processing_time.title), PAGE, query, content)
}

/// A page of this module. `query` is what the other language's page is to have in its address too.
fn framed(
    title: &'static str,
    page: &'static str,
    query: String,
    content: impl Future<Output = Result<AnyView, domain::Error>> + Send + 'static,
) -> impl IntoView {
    let (locale, site) = (use_locale(), use_site());
    // Read before the content is waited for: it may be ready elsewhere.
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    view! {
        <Title text=site.title(locale, title)/>
        <Layout locale site=site.clone() page=page query=query>
            <h1>{title}</h1>
            <Suspense>
                {Suspend::new(async move {
                    content.await.unwrap_or_else(|error| {
                        response.set_status(status_of(&error));
                        view! { <p>{text!(locale, plain.unavailable_text)}</p> }.into_any()
                    })
                })}
            </Suspense>
        </Layout>
    }
}

/// What is asked next, or the time.
enum Step {
    Form(Vec<Choice>),
    Unlisted,
    Category(Vec<Choice>),
    Office(Vec<Choice>),
    Time(Box<Posting>),
}

async fn step(ctx: &Context, chosen: &Chosen) -> Result<Step, domain::Error> {
    if chosen.form == UNLISTED {
        return Ok(Step::Unlisted);
    }
    let postings = match FormNumber::parse(&chosen.form.to_ascii_uppercase()) {
        Ok(form) => of_form(ctx, &form).await?,
        Err(_) => Vec::new(),
    };
    if postings.is_empty() {
        return Ok(Step::Form(forms(ctx).await?.iter().map(Choice::of_form).collect()));
    }
    Ok(narrowed(ctx, postings, &chosen.category, &chosen.office))
}

/// Goes on by itself where there is one choice only.
fn narrowed(ctx: &Context, postings: Vec<Posting>, category: &str, office: &str) -> Step {
    let categories = Choice::categories(&postings);
    let only = categories.len() == 1;
    let of_category: Vec<Posting> =
        postings.into_iter().filter(|posting| only || posting.category.as_str().eq_ignore_ascii_case(category)).collect();
    if of_category.is_empty() {
        return Step::Category(categories);
    }
    let only = of_category.len() == 1;
    match of_category.iter().find(|posting| only || posting.office.as_str().eq_ignore_ascii_case(office)) {
        Some(posting) => Step::Time(Box::new(posting.clone())),
        None => Step::Office(of_category.iter().map(|posting| Choice::of_office(ctx, posting)).collect()),
    }
}

fn shown(ctx: &Context, step: Step, chosen: &Chosen, locale: Locale, site: std::sync::Arc<super::site::SiteInfo>) -> AnyView {
    let page = locale.path(PAGE);
    match step {
        Step::Form(choices) => {
            let unlisted = format!("{page}?form={UNLISTED}");
            view! {
                <p class="portico-lead">{text!(locale, processing_time.lead)}</p>
                {choose("form", &choices, &Chosen::default(), &page, text!(locale, processing_time.form_hint), locale)}
                <p><a href=unlisted>{text!(locale, processing_time.form_unlisted)}</a></p>
            }
            .into_any()
        }
        Step::Category(choices) => {
            choose("category", &choices, chosen, &page, text!(locale, processing_time.category_hint), locale).into_any()
        }
        Step::Office(choices) => {
            choose("office", &choices, chosen, &page, text!(locale, processing_time.office_hint), locale).into_any()
        }
        Step::Unlisted => view! {
            <h2>{text!(locale, processing_time.unlisted_title)}</h2>
            <p>{text!(locale, processing_time.unlisted_text)}</p>
            {typed_date(ctx, None, None, chosen, locale, site)}
        }
        .into_any(),
        Step::Time(posting) => view! {
            {choices(ctx, &posting, locale)}
            {posted_time(&posting, locale)}
            {typed_date(ctx, Some(&posting.posted), Some(&posting.office), chosen, locale, site)}
        }
        .into_any(),
    }
}

/// A link to the beginning.
fn start_again(locale: Locale) -> impl IntoView {
    view! { <p><a href=locale.path(PAGE)>{text!(locale, processing_time.start_again)}</a></p> }
}
