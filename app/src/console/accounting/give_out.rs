//! Giving the accounting out as a file: why, in which form. The form is posted to `ACCOUNTING_FILE`, which sends the file.

use chrono::NaiveDate;
use domain::disclosure::{AccountingFormat, AccountingReason, Taken, To, export_person, export_recipient};
use domain::{Context, Error, Officer};
use leptos::prelude::*;
use uuid::Uuid;

use super::words;
use crate::console::context::{AtWork, address};
use crate::console::form::Notice;
use crate::console::report::choices;
use crate::console::service_request::address::{value, with_query};
use crate::console::service_request::fields::{hidden, post};
use crate::console::site::{ACCOUNTING_FILE, ACCOUNTING_PEOPLE, ACCOUNTING_RECIPIENTS, AGAIN, leading_on};

/// Whose accounting is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WantedAccounting {
    Person { profile: Uuid, as_of: Option<NaiveDate> },
    Recipient { to: To, from: NaiveDate, until: NaiveDate },
}

impl WantedAccounting {
    /// What an address or a form names.
    pub fn read(pairs: &[(String, String)]) -> Option<Self> {
        let day = |name| value(pairs, name).and_then(|day| day.parse().ok());
        if let Some(profile) = value(pairs, "profile") {
            return Some(Self::Person { profile: profile.parse().ok()?, as_of: day("as_of") });
        }
        Some(Self::Recipient { to: To::from_key(value(pairs, "to")?)?, from: day("from")?, until: day("until")? })
    }

    /// Why and how it is wanted, as a form names it.
    pub fn wish(pairs: &[(String, String)]) -> Option<(AccountingReason, AccountingFormat)> {
        let reason = value(pairs, "reason").and_then(AccountingReason::from_key)?;
        Some((reason, value(pairs, "format").and_then(AccountingFormat::from_key)?))
    }

    /// The page on which its form stands, with what was wrong.
    pub fn page(self, problem: Option<&str>) -> String {
        let mut pairs: Vec<(&str, String)> = match self {
            Self::Person { as_of, .. } => as_of.map(|day| ("as_of", day.to_string())).into_iter().collect(),
            Self::Recipient { to, from, until } => {
                vec![("to", to.key().to_owned()), ("from", from.to_string()), ("until", until.to_string())]
            }
        };
        pairs.extend(problem.map(|problem| ("problem", problem.to_owned())));
        match self {
            Self::Person { profile, .. } => with_query(&format!("{ACCOUNTING_PEOPLE}/{profile}"), &pairs),
            Self::Recipient { .. } => with_query(ACCOUNTING_RECIPIENTS, &pairs),
        }
    }

    /// Gives it out.
    pub async fn take(self, ctx: &Context, officer: &Officer, wish: (AccountingReason, AccountingFormat)) -> Result<Taken, Error> {
        match self {
            Self::Person { profile, as_of } => export_person(ctx, officer, profile, as_of, wish).await,
            Self::Recipient { to, from, until } => export_recipient(ctx, officer, to, (from, until), wish).await,
        }
    }

    fn along(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Person { profile, as_of } => {
                let as_of = as_of.map(|day| ("as_of", day.to_string()));
                [("profile", profile.to_string())].into_iter().chain(as_of).collect()
            }
            Self::Recipient { to, from, until } => {
                vec![("to", to.key().to_owned()), ("from", from.to_string()), ("until", until.to_string())]
            }
        }
    }

    const fn is_of_many(self) -> bool {
        matches!(self, Self::Recipient { .. })
    }
}

/// The form, or what it needs first.
pub fn form(at_work: &AtWork, wanted: WantedAccounting, problem: Option<&str>) -> AnyView {
    let problem = words::problem(problem).map(|words| view! { <Notice kind="error">{words}</Notice> });
    if at_work.live.stepped_up_until.is_none() {
        return view! {
            <h2>"Give it out"</h2>
            {problem}
            <p>"What leaves the console needs a fresh second factor: it then holds for five minutes."</p>
            <p><a class="usa-button" href=leading_on(AGAIN, Some(&address()))>"Show your second factor"</a></p>
        }
        .into_any();
    }
    let reasons = AccountingReason::ALL.into_iter().filter(|reason| !wanted.is_of_many() || reason.is_of_many());
    let reasons: Vec<(&'static str, &'static str)> = reasons.map(|reason| (reason.key(), words::reason(reason))).collect();
    let formats = AccountingFormat::ALL.map(|format| (format.key(), words::format(format))).to_vec();
    let form = post(
        ACCOUNTING_FILE,
        view! {
            {hidden(wanted.along())}
            {choices("reason", "Why is it given out?", reasons)}
            {choices("format", "Which kind of file?", formats)}
            <button class="usa-button" type="submit">"Give it out"</button>
        },
    );
    view! {
        <h2>"Give it out"</h2>
        {problem}
        <p>
            "That it was given out, why, and how many disclosures are in it is written into the audit log. No file names an officer. The \
             person's own copy names nobody who works for a recipient, and leaves out what the law keeps back."
        </p>
        {form}
    }
    .into_any()
}
