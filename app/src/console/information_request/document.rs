//! One document, and the areas that are to be gone from it.

use domain::Error;
use domain::information_request::{May, request};
use leptos::prelude::*;
use shared::document::{DocumentKind, Redaction};
use uuid::Uuid;

use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::layout::Layout;
use crate::console::service_request::address::value;
use crate::console::service_request::fields::{hidden, post};
use crate::console::site::{INFORMATION_REQUESTS, REDACT};
use crate::console::table::{Table, count};

/// Areas that one form takes.
const ROWS: usize = 6;
/// Sides of an area, by their fields.
const SIDES: [(&str, &str); 4] = [("left", "Left"), ("top", "Top"), ("right", "Right"), ("bottom", "Bottom")];
/// Lines across the picture, in percent.
const GRID: [u8; 9] = [10, 20, 30, 40, 50, 60, 70, 80, 90];

#[component]
pub fn DocumentPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Document"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let named = |at: usize| segment(at).and_then(|id| id.parse::<Uuid>().ok()).unwrap_or_default();
    let (id, document) = (named(3), named(5));
    let view = Box::pin(request(&at_work.console.domain, at_work.officer(), id)).await?.ok_or(Error::Refused)?;
    let found = view.documents.iter().find(|one| one.id == document).ok_or(Error::Refused)?;
    let title = format!("{}, {}", found.element.name(), view.row.transaction_number);
    let content = format!("{INFORMATION_REQUESTS}/{id}/documents/{document}/content");
    let picture = picture(found.kind, &content, found.element.name());
    let taken_out = (!found.areas.is_empty())
        .then(|| view! { <p>{format!("{} gone from it.", count(found.areas.len(), "area is", "areas are"))}</p> });
    let form = (view.may == May::Prepare).then(|| form(id, document));
    Ok(view! {
        <Layout title>
            <p class="console-back"><a href=format!("{INFORMATION_REQUESTS}/{id}")>"The request"</a></p>
            {taken_out}
            {picture}
            {form}
        </Layout>
    }
    .into_any())
}

/// A picture under a grid by which areas are named; a PDF by itself.
fn picture(kind: DocumentKind, content: &str, about: &'static str) -> AnyView {
    let content = content.to_owned();
    if kind == DocumentKind::Pdf {
        return view! { <p><a href=content rel="external" target="_blank">"Open the PDF"</a></p> }.into_any();
    }
    let line = |at: u8| {
        view! {
            <line x1=at.to_string() y1="0" x2=at.to_string() y2="100"></line>
            <line x1="0" y1=at.to_string() x2="100" y2=at.to_string()></line>
        }
    };
    let label = |at: u8| {
        view! {
            <text x=format!("{at}%") y="12">{at.to_string()}</text>
            <text x="2" y=format!("{at}%")>{at.to_string()}</text>
        }
    };
    view! {
        <div class="console-grid">
            <img src=content alt=format!("The document: {}", about.to_lowercase())/>
            <svg class="console-grid__lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                {GRID.map(line).into_iter().collect_view()}
            </svg>
            <svg class="console-grid__labels" aria-hidden="true">{GRID.map(label).into_iter().collect_view()}</svg>
        </div>
    }
    .into_any()
}

fn form(request: Uuid, document: Uuid) -> AnyView {
    let row = |number: usize| {
        let field = |(side, name): (&'static str, &'static str)| {
            let label = format!("{name} of area {number}, in percent");
            view! {
                <td><input class="usa-input console-percent" name=format!("{side}{number}") inputmode="decimal" autocomplete="off" aria-label=label/></td>
            }
        };
        view! {
            <tr>
                <th scope="row">{number}</th>
                <td>
                    <input
                        class="usa-input console-percent"
                        name=format!("page{number}")
                        inputmode="numeric"
                        autocomplete="off"
                        aria-label=format!("Page of area {number}")
                    />
                </td>
                {SIDES.map(field).into_iter().collect_view()}
            </tr>
        }
    };
    let rows = (1..=ROWS).map(row).collect_view();
    let form = post(
        REDACT,
        view! {
            {hidden(vec![("id", request.to_string()), ("document", document.to_string())])}
            <Table id="areas" caption="Areas, in percent from the upper left corner" heads=["Area", "Page", "Left", "Top", "Right", "Bottom"] narrow=true>
                {rows}
            </Table>
            <button class="usa-button" type="submit">"Take these areas out"</button>
        },
    );
    view! {
        <h2>"Take something out"</h2>
        <p>"It is gone, not covered, and cannot be brought back: add the document anew if it was too much. A picture has one page. Leave rows empty that you do not need."</p>
        {form}
    }
    .into_any()
}

/// The areas that a form names; none if one of them is none. Rows that nobody filled in are left out.
pub fn areas(fields: &[(String, String)]) -> Option<Vec<Redaction>> {
    let typed =
        |name: &str, number: usize| value(fields, &format!("{name}{number}")).map(str::trim).filter(|text| !text.is_empty());
    let mut areas = Vec::new();
    for number in 1..=ROWS {
        let sides = SIDES.map(|(side, _)| typed(side, number));
        if sides.iter().all(Option::is_none) {
            continue;
        }
        let [left, top, right, bottom] = sides.map(|side| side.and_then(thousandths));
        let page = typed("page", number).map_or(Some(1), |page| page.parse().ok());
        let area = Redaction { page: page?, left: left?, top: top?, right: right?, bottom: bottom? };
        areas.push(Some(area).filter(Redaction::is_area)?);
    }
    (!areas.is_empty()).then_some(areas)
}

/// Percent with at most one digit behind the point, in thousandths.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, tenth) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let tenth: u16 = (tenth.len() == 1).then(|| tenth.parse().ok())??;
    whole.parse::<u16>().ok().filter(|whole| *whole <= 100).map(|whole| whole * 10 + tenth).filter(|at| *at <= 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(typed: &[(&str, &str)]) -> Vec<(String, String)> {
        typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn rows_that_are_filled_in_are_areas() {
        let typed = fields(&[
            ("page1", ""),
            ("left1", "10"),
            ("top1", "5.5"),
            ("right1", "100"),
            ("bottom1", "20,1"),
            ("page3", "2"),
            ("left3", "0"),
            ("top3", "0"),
            ("right3", "1"),
            ("bottom3", "1"),
            ("page4", "7"),
        ]);
        let first = Redaction { page: 1, left: 100, top: 55, right: 1000, bottom: 201 };
        let second = Redaction { page: 2, left: 0, top: 0, right: 10, bottom: 10 };
        assert_eq!(areas(&typed), Some(vec![first, second]));
    }

    #[test]
    fn one_that_is_none_spoils_all() {
        for spoilt in [
            ("right1", "5"),
            ("right1", ""),
            ("left1", "-1"),
            ("bottom1", "101"),
            ("top1", "1.25"),
            ("page1", "0"),
            ("left1", "ten"),
        ] {
            let mut typed = fields(&[("page1", "1"), ("left1", "10"), ("top1", "10"), ("right1", "20"), ("bottom1", "20")]);
            for field in typed.iter_mut().filter(|(name, _)| name == spoilt.0) {
                spoilt.1.clone_into(&mut field.1);
            }
            assert_eq!(areas(&typed), None, "{spoilt:?}");
        }
        assert_eq!(areas(&[]), None, "nothing is marked");
    }
}
