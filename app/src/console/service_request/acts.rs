//! What can be done with a request: by whoever has it, by a supervisor, and as its state lets it. Each is a form of its own, and
//! `domain` checks each again.

use domain::Officer;
use domain::actor::Action;
use domain::service_request::{Colleague, RequestFile};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::office::OfficeCode;
use shared::service_request::{OfficerId, PauseReason, RedirectReason, State};

use super::fields::{hidden, lines, post, select};
use super::kept::{Said, Typed};
use super::words;
use crate::console::form::PostButton;

/// A form of a request's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    Open,
    Give,
    HandOver,
    LayBack,
    Pause,
    Resume,
    Redirect,
    Note,
    AskOffice,
    AnswerOffice,
    Reopen,
}

/// A request at hand, and who has it before them.
pub struct Desk<'d> {
    pub officer: &'d Officer,
    pub file: &'d RequestFile,
    pub office: &'d OfficeCode,
    /// Who can be given it.
    pub roster: &'d [Colleague],
    /// Code and name.
    pub offices: &'d [(String, String)],
    /// What was typed into a form that could not be used.
    pub typed: Option<&'d Typed>,
}

impl Said {
    /// What it means, for who typed.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Changed => {
                "Nothing was done: somebody else changed this request after you had opened it. This is how it is now; what you typed \
                 is still in the form. Look at the history, then send it again if it is still right."
            }
            Self::NotNow => "Nothing was done: this cannot happen to a request in this state. What you typed is still there.",
            Self::Words => "Nothing was done: write some words, 4,000 characters at most.",
            Self::AskSupervisor => {
                "Nothing was done: this request was redirected twice. A third time is for a supervisor to decide. Write a note, and \
                 ask yours."
            }
            Self::Office => "Nothing was done: choose an office from the list, and another one than this.",
            Self::Choice => "Nothing was done: choose from the list.",
            Self::Gone => "Nothing was done: the question was answered, or its time is over. What you typed is still there.",
        }
    }
}

impl Desk<'_> {
    fn may(&self, action: Action) -> bool {
        self.officer.may(action, self.office)
    }

    fn state(&self) -> &State {
        &self.file.view.state
    }

    fn is_mine(&self) -> bool {
        self.state().officer() == Some(self.officer.officer_id())
    }

    /// The request, and the version that is shown.
    fn values(&self) -> Vec<(&'static str, String)> {
        vec![("id", self.file.listed.id.to_string()), ("version", self.file.listed.version.to_string())]
    }

    fn typed(&self, act: Act, field: &str) -> String {
        let typed = self.typed.filter(|typed| typed.act == act);
        typed.and_then(|typed| typed.fields.get(field)).cloned().unwrap_or_default()
    }

    /// Said at the field, where words are missing or too many.
    fn error(&self, act: Act) -> Option<&'static str> {
        let typed = self.typed.filter(|typed| typed.act == act && typed.said == Said::Words);
        typed.map(|_| "Write some words, 4,000 characters at most.")
    }

    /// Everything that can be done.
    pub fn view(&self) -> AnyView {
        let forms: Vec<AnyView> =
            [self.give(), self.hand_over(), self.pause(), self.redirect(), self.ask(), self.note(), self.reopen()]
                .into_iter()
                .flatten()
                .collect();
        view! {
            <section class="console-acts" aria-labelledby="acts">
                <h2 class="visually-hidden" id="acts">"What can be done"</h2>
                {self.at_once()}
                {forms}
            </section>
        }
        .into_any()
    }

    /// What needs no words.
    fn at_once(&self) -> AnyView {
        let button = |action: &'static str, label: &'static str, class: &'static str, id: &'static str| {
            view! { <PostButton action label class id values=self.values()/> }.into_any()
        };
        let (plain, main) = ("usa-button usa-button--outline", "usa-button");
        let answers = self.may(Action::AnswerRequest);
        let mut buttons = Vec::new();
        match self.state() {
            State::Routed(_) if answers => {
                buttons.push(button("/_fn/console/service_request/open", "Take and open", main, "act-open"));
            }
            State::Assigned(_) if answers && self.is_mine() => {
                buttons.push(button("/_fn/console/service_request/open", "Open: begin to work", main, "act-open"));
            }
            State::Assigned(_) if answers => {
                buttons.push(button("/_fn/console/service_request/open", "Take over and open", plain, "act-open"));
            }
            State::WaitingForPerson(_) | State::Paused(..) if answers => {
                buttons.push(button("/_fn/console/service_request/resume", "Let the clock run again", main, "act-resume"));
            }
            _ => {}
        }
        let can_lay_back = matches!(self.state(), State::Assigned(_) | State::Opened(_));
        if can_lay_back && ((answers && self.is_mine()) || self.may(Action::AssignRequests)) {
            buttons.push(button("/_fn/console/service_request/lay_back", "Lay back", plain, "act-lay-back"));
        }
        (!buttons.is_empty()).then(|| view! { <div class="console-row">{buttons}</div> }).into_any()
    }

    fn form(&self, act: Act, id: &'static str, key: &'static str, name: &'static str, content: AnyView) -> AnyView {
        let is_open = self.typed.is_some_and(|typed| typed.act == act);
        view! {
            <details class="console-details" id=id data-key=key open=is_open>
                <summary>{name}</summary>
                {content}
            </details>
        }
        .into_any()
    }

    /// Those who can be given it, and do not have it.
    fn others(&self) -> Vec<(String, String)> {
        let has = self.state().officer();
        let others = self.roster.iter().filter(|colleague| Some(colleague.officer) != has);
        others.map(|colleague| (colleague.officer.to_string(), colleague.name.clone())).collect()
    }

    fn is_given(&self) -> bool {
        matches!(
            self.state(),
            State::Routed(_) | State::Assigned(_) | State::Opened(_) | State::WaitingForPerson(_) | State::Paused(..)
        )
    }

    fn give(&self) -> Option<AnyView> {
        let (others, act) = (self.others(), Act::Give);
        if !self.may(Action::AssignRequests) || !self.is_given() {
            return None;
        }
        let name = if self.state().officer().is_some() { "Give it to another officer" } else { "Give it to an officer" };
        if others.is_empty() {
            let empty = view! { <p>"Nobody else is on the roster of this office."</p> }.into_any();
            return Some(self.form(act, "act-give", "g", name, empty));
        }
        let reasons = reasons();
        let content = post(
            "/_fn/console/service_request/assign",
            view! {
                {hidden(self.values())}
                {select("give-to", "to", "Officer", Some("Choose"), others, &self.typed(act, "to"))}
                {select("give-reason", "reason", "Reason (optional)", Some("None"), reasons, &self.typed(act, "reason"))}
                {lines("give-text", "Words for the officer (optional)", None, &self.typed(act, "text"), self.error(act))}
                <button class="usa-button" type="submit">"Give"</button>
            },
        );
        Some(self.form(act, "act-give", "g", name, content))
    }

    fn hand_over(&self) -> Option<AnyView> {
        let (others, act) = (self.others(), Act::HandOver);
        // A supervisor gives it, which does the same and needs no words.
        if !self.may(Action::AnswerRequest) || self.may(Action::AssignRequests) || !self.is_mine() || !self.is_given() {
            return None;
        }
        let content = post(
            "/_fn/console/service_request/hand_over",
            view! {
                {hidden(self.values())}
                {select("hand-over-to", "to", "Colleague", Some("Choose"), others, &self.typed(act, "to"))}
                {lines("hand-over-text", "What they need to know", None, &self.typed(act, "text"), self.error(act))}
                <button class="usa-button" type="submit">"Hand over"</button>
            },
        );
        Some(self.form(act, "act-hand-over", "g", "Hand it over to a colleague", content))
    }

    fn pause(&self) -> Option<AnyView> {
        let act = Act::Pause;
        if !self.may(Action::AnswerRequest) || !matches!(self.state(), State::Opened(_)) {
            return None;
        }
        let reasons = PauseReason::ALL.map(|reason| (reason.key().to_owned(), words::pause(reason).to_owned())).to_vec();
        let content = post(
            "/_fn/console/service_request/pause",
            view! {
                {hidden(self.values())}
                {select("pause-reason", "reason", "Why the clock stands", Some("Choose"), reasons, &self.typed(act, "reason"))}
                <p class="usa-hint">"The person sees that it stands, and why."</p>
                <button class="usa-button" type="submit">"Pause"</button>
            },
        );
        Some(self.form(act, "act-pause", "s", "Stop the clock", content))
    }

    fn redirect(&self) -> Option<AnyView> {
        let act = Act::Redirect;
        let can = matches!(self.state(), State::Routed(_) | State::Assigned(_) | State::Opened(_));
        if !self.may(Action::RedirectRequest) || !can {
            return None;
        }
        let content = post(
            "/_fn/console/service_request/redirect",
            view! {
                {hidden(self.values())}
                {select("redirect-to", "office", "Office", Some("Choose"), self.other_offices(), &self.typed(act, "office"))}
                {select("redirect-reason", "reason", "Reason", Some("Choose"), reasons(), &self.typed(act, "reason"))}
                {lines(
                    "redirect-text",
                    "In your words",
                    Some("The other office reads it. The person sees the move; the clock runs on."),
                    &self.typed(act, "text"),
                    self.error(act),
                )}
                <button class="usa-button" type="submit">"Redirect"</button>
            },
        );
        Some(self.form(act, "act-redirect", "r", "Redirect it to another office", content))
    }

    fn other_offices(&self) -> Vec<(String, String)> {
        self.offices.iter().filter(|(code, _)| code != self.office.as_str()).cloned().collect()
    }

    fn ask(&self) -> Option<AnyView> {
        let act = Act::AskOffice;
        if !self.may(Action::AnswerRequest) || !self.is_given() {
            return None;
        }
        let content = post(
            "/_fn/console/service_request/ask",
            view! {
                {hidden(self.values())}
                {select("ask-office", "office", "Office", Some("Choose"), self.other_offices(), &self.typed(act, "office"))}
                {lines(
                    "ask-text",
                    "Question",
                    Some("Until it is answered, or a week is over, that office may read this request."),
                    &self.typed(act, "text"),
                    self.error(act),
                )}
                <button class="usa-button" type="submit">"Ask"</button>
            },
        );
        Some(self.form(act, "act-ask", "q", "Ask another office", content))
    }

    fn note(&self) -> Option<AnyView> {
        let act = Act::Note;
        if !self.may(Action::ReadRequests) {
            return None;
        }
        let content = post(
            "/_fn/console/service_request/note",
            view! {
                {hidden(self.values())}
                {lines("note-text", "Note", Some("For officers. The person does not see it."), &self.typed(act, "text"), self.error(act))}
                <button class="usa-button" type="submit">"Add the note"</button>
            },
        );
        Some(self.form(act, "act-note", "c", "Write a note", content))
    }

    fn reopen(&self) -> Option<AnyView> {
        let act = Act::Reopen;
        if !self.may(Action::AnswerRequest) || !matches!(self.state(), State::Answered(_)) {
            return None;
        }
        let content = post(
            "/_fn/console/service_request/reopen",
            view! {
                {hidden(self.values())}
                {lines("reopen-text", "Why the answer was none", None, &self.typed(act, "text"), self.error(act))}
                <button class="usa-button" type="submit">"Open it again"</button>
            },
        );
        Some(self.form(act, "act-reopen", "o", "Open it again", content))
    }
}

fn reasons() -> Vec<(String, String)> {
    RedirectReason::ALL.map(|reason| (reason.key().to_owned(), words::redirect(reason).to_owned())).to_vec()
}

/// Who has an officer's name to show.
pub fn officers_of(file: &RequestFile) -> Vec<OfficerId> {
    use shared::service_request::Happening;
    let mut officers: Vec<OfficerId> = file.present.clone();
    officers.extend(file.view.state.officer());
    for entry in &file.history {
        officers.extend(words::officer_of(&entry.actor));
        if let Happening::Assigned { officer } | Happening::Opened { officer } = entry.happening {
            officers.push(officer);
        }
    }
    officers.extend(file.notes.iter().map(|note| note.officer));
    for question in &file.questions {
        officers.push(question.asked_by);
        officers.extend(question.answer.as_ref().map(|answer| answer.by));
    }
    officers
}
