//! The messages, put into words when they are sent. They hold no name, no status and of the receipt number its end only.

use domain::change_of_address::Told;
use domain::notification::{Content, Mail};
use leptos::prelude::*;
use shared::change_of_address::Notice;
use shared::locale::Locale;

use super::{CONFIRM, ONE_CLICK_STOP, STOP, TOKEN};
use crate::portal::site::SiteInfo;
use crate::portal::tidy::tidy;
use crate::portal::{change_of_address, e_request};
use crate::text::text;

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenMail {
    pub subject: &'static str,
    pub text: String,
    pub html: String,
    /// Where a mail program sends a request to stop, without a page between.
    pub unsubscribe: Option<String>,
}

/// A part of a message.
enum Part {
    Words(String),
    /// What a link is for, and where it leads.
    Link(&'static str, String),
}

/// Puts a message into words, in its reader's language.
pub fn write(site: &SiteInfo, public_url: &str, mail: &Mail) -> WrittenMail {
    let locale = mail.locale;
    let link = |page: &str, token: &str| format!("{}{}?{TOKEN}={token}", public_url, locale.path(page));
    let page = |page: &str| format!("{}{}", public_url, locale.path(page));
    let (subject, mut parts, unsubscribe) = match &mail.content {
        Content::Confirm { last_four, token } => (
            text!(locale, follow.mail_confirm_subject),
            vec![
                Part::Words(text!(locale, follow.mail_confirm_text, last_four = last_four)),
                Part::Link(text!(locale, follow.mail_confirm_do), link(CONFIRM, token)),
                Part::Words(text!(locale, follow.mail_confirm_not).to_owned()),
            ],
            None,
        ),
        Content::News { last_four, stop_token } => (
            text!(locale, follow.mail_news_subject),
            vec![
                Part::Words(text!(locale, follow.mail_news_text, last_four = last_four)),
                Part::Link(text!(locale, follow.mail_news_do), page("/case-status")),
                Part::Link(text!(locale, follow.mail_news_stop), link(STOP, stop_token)),
            ],
            Some(link(ONE_CLICK_STOP, stop_token)),
        ),
        Content::RequestStored { number, due_on } => (
            text!(locale, e_request.mail_stored_subject),
            vec![
                Part::Words(text!(locale, e_request.mail_stored_text, number = number)),
                Part::Words(text!(locale, e_request.mail_stored_due, day = locale.long_date(*due_on))),
                Part::Link(text!(locale, e_request.mail_stored_do), page(e_request::STATUS)),
            ],
            None,
        ),
        Content::RequestAnswered { number } => (
            text!(locale, e_request.mail_answered_subject),
            vec![
                Part::Words(text!(locale, e_request.mail_answered_text, number = number)),
                Part::Link(text!(locale, e_request.mail_answered_do), page(e_request::STATUS)),
            ],
            None,
        ),
        Content::KeptForm { token } => (
            text!(locale, e_request.mail_kept_subject),
            vec![
                Part::Words(text!(locale, e_request.mail_kept_text).to_owned()),
                Part::Link(text!(locale, e_request.mail_kept_do), link(e_request::RESUME, token)),
                Part::Words(text!(locale, e_request.mail_kept_not).to_owned()),
            ],
            None,
        ),
        Content::MayAskNow { kind } => (
            text!(locale, e_request.mail_remind_subject),
            vec![
                Part::Words(text!(locale, e_request.mail_remind_text).to_owned()),
                Part::Link(text!(locale, e_request.mail_remind_do), format!("{}?about={}", page(e_request::START), kind.key())),
            ],
            None,
        ),
        Content::Address { number, told } => {
            let (subject, parts) = about_address(number, told, locale, &link);
            (subject, parts, None)
        }
    };
    parts.push(Part::Words(text!(locale, follow.mail_safe).to_owned()));
    parts.push(Part::Words(site.agency(locale).to_owned()));
    WrittenMail { subject, text: plain(&parts), html: html(&parts, subject, locale), unsubscribe }
}

/// About a change of address. None of these holds an address, and what goes to the old contact not even the report's number.
fn about_address(number: &str, told: &Told, locale: Locale, link: &dyn Fn(&str, &str) -> String) -> (&'static str, Vec<Part>) {
    let words = |words: &str| Part::Words(words.to_owned());
    match told {
        Told::Code { code, token, deny } => (
            text!(locale, change.mail_code_subject),
            vec![
                Part::Words(text!(locale, change.mail_code_text, code = code)),
                Part::Link(text!(locale, change.mail_code_do), link(change_of_address::CODE, token)),
                words(text!(locale, change.mail_code_time)),
                Part::Link(text!(locale, change.mail_not_me), link(change_of_address::NOT_ME, deny)),
            ],
        ),
        Told::Old { notice, deny } => {
            let text = match notice {
                Notice::Waiting | Notice::Recorded => text!(locale, change.mail_waiting_old),
                Notice::Changed => text!(locale, change.mail_changed_old),
                Notice::NotChanged => text!(locale, change.mail_not_changed_old),
                Notice::Reversed => text!(locale, change.mail_reversed_old),
            };
            let deny =
                deny.as_ref().map(|deny| Part::Link(text!(locale, change.mail_not_me), link(change_of_address::NOT_ME, deny)));
            (subject_of(*notice, locale), [words(text)].into_iter().chain(deny).collect())
        }
        Told::New { notice, token } => {
            let text = match notice {
                Notice::Waiting => text!(locale, change.mail_waiting_new, number = number),
                Notice::Recorded => text!(locale, change.mail_recorded_new, number = number),
                Notice::Changed => text!(locale, change.mail_changed_new, number = number),
                Notice::NotChanged => text!(locale, change.mail_not_changed_new, number = number),
                Notice::Reversed => text!(locale, change.mail_reversed_new, number = number),
            };
            let see = Part::Link(text!(locale, change.mail_see), link(change_of_address::STATUS, token));
            (subject_of(*notice, locale), vec![Part::Words(text), see])
        }
    }
}

fn subject_of(notice: Notice, locale: Locale) -> &'static str {
    match notice {
        Notice::Waiting => text!(locale, change.mail_waiting_subject),
        Notice::Recorded => text!(locale, change.mail_recorded_subject),
        Notice::Changed => text!(locale, change.mail_changed_subject),
        Notice::NotChanged => text!(locale, change.mail_not_changed_subject),
        Notice::Reversed => text!(locale, change.mail_reversed_subject),
    }
}

fn plain(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Words(words) => format!("{words}\n"),
        Part::Link(what, address) => format!("{what}\n{address}\n"),
    };
    parts.iter().map(part).collect::<Vec<_>>().join("\n")
}

/// Without styles, images or scripts: it looks as the reader's mail program wants.
fn html(parts: &[Part], subject: &'static str, locale: Locale) -> String {
    let part = |part: &Part| match part {
        Part::Words(words) => view! { <p>{words.clone()}</p> }.into_any(),
        Part::Link(what, address) => view! { <p>{*what}<br/><a href=address.clone()>{address.clone()}</a></p> }.into_any(),
    };
    let document = || {
        view! {
            <!DOCTYPE html>
            <html lang=locale.tag()>
                <head><meta charset="utf-8"/><title>{subject}</title></head>
                <body>{parts.iter().map(part).collect_view()}</body>
            </html>
        }
        .to_html()
    };
    tidy(&Owner::new().with(document))
}
