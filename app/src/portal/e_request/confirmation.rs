//! The confirmation as a document to keep. It says nothing of the person or of what was asked.

use std::sync::Arc;

use axum::http::Extensions;
use domain::e_request::{Catalogue, sent};
use domain::service_request::RequestView;
use shared::letter::{Block, Content, Fact, Letter};
use shared::locale::Locale;
use shared::service_request::{Line, Run};

use super::request::line_in_words;
use crate::context::{PortalContext, Request};
use crate::portal::site::SiteInfo;
use crate::text::text;

/// Where the document is, without its language.
pub const CONFIRMATION: &str = "/e-request/confirmation.pdf";

/// The confirmation of the request that a session sent; none if it sent none, or its case is hidden by now.
pub async fn confirmation(
    portal: &Arc<PortalContext>,
    extensions: &Extensions,
    locale: Locale,
) -> Result<Option<Letter>, domain::Error> {
    let Some(asking) = Request::of(portal, extensions) else { return Ok(None) };
    let ctx = &portal.domain;
    let request = sent(ctx, asking.session.request_draft(ctx)).await?;
    Ok(request.and_then(|request| Letter::check(content(&portal.site, &request, locale)).ok()))
}

fn content(site: &SiteInfo, request: &RequestView, locale: Locale) -> Content {
    let fact = |term: &str, description: String| Fact { term: term.to_owned(), description };
    let kind = Catalogue::get().kind_wording(request.kind, locale).map_or_else(String::new, |wording| wording.title.clone());
    // What was so on the day of receipt: the document is the same whenever it is asked for.
    let is_of_that_day = |line: &&Line| matches!(line, Line::Started { .. } | Line::Target { .. } | Line::ClosedOn { .. });
    let arithmetic = || request.reading.arithmetic.iter().filter(is_of_that_day);
    let promised = arithmetic().find_map(|line| if let Line::Target { due, .. } = line { Some(*due) } else { None });
    let lines = arithmetic().map(|line| line_in_words(line, Run::Running, locale)).collect();
    let facts = vec![
        fact(text!(locale, e_request.number_label), request.number.grouped()),
        fact(text!(locale, e_request.what_about), kind),
        fact(text!(locale, e_request.received), locale.long_date(request.received_on)),
        fact(text!(locale, e_request.sent_due), locale.long_date(promised.unwrap_or(request.reading.due.day()))),
    ];
    Content {
        locale,
        agency: site.agency(locale).to_owned(),
        agency_lines: Vec::new(),
        mail_to: Vec::new(),
        title: text!(locale, e_request.sent_title).to_owned(),
        date: request.received_on,
        blocks: vec![
            Block::Facts(facts),
            Block::Heading(text!(locale, e_request.arithmetic_title).to_owned()),
            Block::Steps(lines),
            Block::Heading(text!(locale, answer.next_title).to_owned()),
            Block::Paragraph(text!(locale, e_request.sent_next).to_owned()),
            Block::Paragraph(format!("{}: {}", text!(locale, common.telephone), site.telephone)),
        ],
        footer: String::new(),
    }
}
