//! What can be wrong with a receipt number, and what to do about it.

use std::sync::Arc;

use leptos::prelude::*;
use shared::case_status::{LookUpAnswer, ReceiptNumber, ReceiptNumberError};
use shared::locale::Locale;

use super::form::FIELD;
use super::outcome::Outcome;
use crate::portal::contact::Telephone;
use crate::portal::site::SiteInfo;
use crate::text::text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    Empty,
    Malformed,
    NotRecognised,
}

impl From<ReceiptNumberError> for Problem {
    fn from(error: ReceiptNumberError) -> Self {
        match error {
            ReceiptNumberError::Empty => Self::Empty,
            ReceiptNumberError::Malformed => Self::Malformed,
        }
    }
}

impl Problem {
    /// What the server found wrong.
    pub const fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Answer(LookUpAnswer::Empty) => Some(Self::Empty),
            Outcome::Answer(LookUpAnswer::Malformed { .. }) => Some(Self::Malformed),
            Outcome::Answer(LookUpAnswer::NotRecognised { .. }) => Some(Self::NotRecognised),
            _ => None,
        }
    }

    /// What can be seen to be wrong without asking the server.
    pub fn of_text(typed: &str) -> Option<Self> {
        ReceiptNumber::parse(typed).err().map(Self::from)
    }

    pub fn message(self, locale: Locale) -> &'static str {
        match self {
            Self::Empty => text!(locale, case_status.empty),
            Self::Malformed => text!(locale, case_status.malformed),
            Self::NotRecognised => text!(locale, case_status.not_recognised),
        }
    }

    /// The box above the page that leads to the field. It takes the focus without scripts as well.
    pub fn summary(self, locale: Locale) -> impl IntoView {
        view! {
            <div
                class="portico-error-summary"
                role="alert"
                aria-labelledby="error-summary-title"
                tabindex="-1"
                autofocus=cfg!(feature = "ssr")
                data-result
            >
                <h2 class="portico-error-summary__title" id="error-summary-title">{text!(locale, case_status.problem)}</h2>
                <ul>
                    <li><a href=format!("#{FIELD}")>{self.message(locale)}</a></li>
                </ul>
            </div>
        }
    }
}

/// What to do for whom the form is no help: about a lost number, and about one that is right as far as its owner knows.
pub fn what_else(outcome: &Outcome, locale: Locale, site: &Arc<SiteInfo>) -> AnyView {
    let lost = |text: &'static str| view! { <a href=locale.path("/lost-receipt-number")>{text}</a> };
    if Problem::of(outcome) != Some(Problem::NotRecognised) {
        return view! { <p>{lost(text!(locale, case_status.lost_link))}</p> }.into_any();
    }
    view! {
        <h2>{text!(locale, case_status.right_title)}</h2>
        <ul>
            <li>{text!(locale, case_status.right_wait)}</li>
            <li>{lost(text!(locale, case_status.right_lost))}</li>
            <li>{text!(locale, case_status.right_call)}</li>
        </ul>
        <Telephone locale site=site.clone()/>
    }
    .into_any()
}
