//! What came of a question: an answer, or none.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlElement;
use serde::{Deserialize, Serialize};
use shared::case_status::LookUpAnswer;

use crate::csrf;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Answer(LookUpAnswer),
    /// The service, or the way to it, is out of order.
    Failed,
    /// The page was open too long, or the browser keeps no cookies.
    Refused,
    /// The answer was cleared.
    Cleared,
}

impl From<Result<LookUpAnswer, ServerFnError>> for Outcome {
    fn from(answer: Result<LookUpAnswer, ServerFnError>) -> Self {
        match answer {
            Ok(answer) => Self::Answer(answer),
            Err(error) if csrf::is_refusal(&error) => Self::Refused,
            Err(_) => Self::Failed,
        }
    }
}

impl Outcome {
    pub const fn is_shown(&self) -> bool {
        matches!(self, Self::Answer(LookUpAnswer::Shown { .. }))
    }

    /// What stands in the field of a page that was not filled in by hand.
    pub fn typed(&self) -> &str {
        match self {
            Self::Answer(LookUpAnswer::NotRecognised { typed } | LookUpAnswer::Malformed { typed }) => typed,
            _ => "",
        }
    }
}

/// Moves the focus to what is new, once it is in the page: the element with `data-result` and `tabindex="-1"`.
pub fn lead_reader_to_it() {
    request_animation_frame(|| {
        let result = document().query_selector("[data-result]").ok().flatten();
        if let Some(result) = result.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // An element that cannot take the focus leaves it where it is.
            let _ = result.focus();
        }
    });
}
