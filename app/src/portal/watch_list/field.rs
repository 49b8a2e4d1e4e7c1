//! A field of this page, with a place for what is wrong with it.

use leptos::html::Input;
use leptos::prelude::*;
use shared::locale::Locale;
use shared::watch_list::{CaseName, CaseNameError, LONGEST_CASE_NAME};

use super::alive::{Alive, part, perhaps, words};
use crate::text::text;

#[derive(Clone, Copy)]
pub struct Field {
    pub id: &'static str,
    pub node: NodeRef<Input>,
    /// Empty while nothing is wrong.
    problem: RwSignal<String>,
    locale: Locale,
}

/// What a text field is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum About {
    Number,
    Name,
}

impl Field {
    pub fn new(id: &'static str, locale: Locale) -> Self {
        Self { id, node: NodeRef::new(), problem: RwSignal::default(), locale }
    }

    pub fn value(self) -> String {
        self.node.get_untracked().map(|node| node.value()).unwrap_or_default()
    }

    pub fn empty(self) {
        if let Some(node) = self.node.get_untracked() {
            node.set_value("");
        }
    }

    /// Says what is wrong, and leads there.
    pub fn refuse(self, why: String) {
        self.problem.set(why);
        self.take_focus();
    }

    pub fn accept(self) {
        self.problem.set(String::new());
    }

    /// Once the field is in the page.
    pub fn take_focus(self) {
        super::desk::lead_reader_to(self.id);
    }

    /// The name that was typed. None if it cannot be one; the field says why.
    pub fn name(self) -> Result<Option<CaseName>, CaseNameError> {
        let name = CaseName::parse(&self.value());
        match name {
            Ok(_) => self.accept(),
            Err(CaseNameError::TooLong) => self.refuse(text!(self.locale, watch_list.name_too_long, most = LONGEST_CASE_NAME)),
            Err(CaseNameError::Unreadable) => self.refuse(text!(self.locale, watch_list.name_unreadable).to_owned()),
        }
        name
    }

    fn is_wrong(self) -> bool {
        self.problem.with(|problem| !problem.is_empty())
    }

    /// The classes of the group around it.
    pub fn group(self) -> Alive<String> {
        words(move || format!("usa-form-group{}", if self.is_wrong() { " usa-form-group--error" } else { "" }))
    }

    pub fn aria_invalid(self) -> Alive<Option<String>> {
        perhaps(move || self.is_wrong().then(|| "true".to_owned()))
    }

    pub fn aria_describedby(self) -> Alive<Option<String>> {
        perhaps(move || {
            Some(format!("{}{}-hint", if self.is_wrong() { format!("{}-error ", self.id) } else { String::new() }, self.id))
        })
    }

    /// What is wrong with it, if anything is.
    pub fn message(self) -> Alive<AnyView> {
        part(move || {
            if !self.is_wrong() {
                return ().into_any();
            }
            view! {
                <span class="usa-error-message" id=format!("{}-error", self.id)>
                    <span class="visually-hidden">{text!(self.locale, common.error_prefix)}" "</span>
                    {self.problem.get()}
                </span>
            }
            .into_any()
        })
    }

    /// The whole field, for a line of text.
    pub fn view(self, about: About, label: &'static str, value: String) -> impl IntoView {
        let locale = self.locale;
        let (hint, class, most, capitals) = match about {
            About::Number => (text!(locale, case_status.hint).to_owned(), "usa-input portico-number", "24", "characters"),
            About::Name => (text!(locale, watch_list.name_hint, most = LONGEST_CASE_NAME), "usa-input", "200", "sentences"),
        };
        view! {
            <div class=self.group()>
                <label class="usa-label" for=self.id>{label}</label>
                <span class="usa-hint" id=format!("{}-hint", self.id)>{hint}</span>
                {self.message()}
                <input
                    class=class
                    id=self.id
                    type="text"
                    dir="auto"
                    maxlength=most
                    autocomplete="off"
                    autocapitalize=capitals
                    spellcheck="false"
                    value=value
                    aria-describedby=self.aria_describedby()
                    aria-invalid=self.aria_invalid()
                    node_ref=self.node
                />
            </div>
        }
    }
}
