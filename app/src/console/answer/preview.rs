//! An answer as the person will read it, before it goes out.

use domain::Error;
use domain::answer::preview;
use domain::service_request::{ReadPurpose, file_of};
use leptos::prelude::*;
use shared::answer::Recipient;
use shared::letter::{Block, Content, Fact};
use uuid::Uuid;

use super::request::{answer_path, back, request_at_hand, shown};
use super::words;
use crate::console::context::AtWork;
use crate::console::layout::Layout;

#[component]
pub fn PreviewPage() -> impl IntoView {
    view! { {Suspend::new(content())} }
}

async fn content() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work, request_at_hand()).await, "As the person will read it"))
}

async fn page(at_work: &AtWork, request: Uuid) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let found = preview(ctx, officer, request).await?.ok_or(Error::Refused)?;
    let file = file_of(ctx, officer, request, ReadPurpose::Work).await?;
    let on_paper: Vec<Recipient> = found.letters.iter().map(|(to, _)| *to).collect();
    let writes = officer.may_somewhere(domain::actor::Action::AnswerRequest);
    Ok(view! {
        <Layout title="As the person will read it">
            {back(request, &file.listed.number.grouped())}
            {writes.then(|| view! { <p><a href=answer_path(request)>"Go on writing"</a></p> })}
            {copies(request, &on_paper)}
            {online(&found.online)}
        </Layout>
    }
    .into_any())
}

/// The copies as PDF: of what is read online, and of each letter.
pub fn copies(request: Uuid, on_paper: &[Recipient]) -> AnyView {
    let href = |copy: &str| format!("{}/letter.pdf?copy={copy}", answer_path(request));
    let letter = |to: &Recipient| {
        let (href, to) = (href(to.key()), words::recipient(*to));
        view! { <li><a href=href rel="external" download>"Letter on paper: "{to}" (PDF)"</a></li> }
    };
    view! {
        <ul class="console-plain">
            <li><a href=href("online") rel="external" download>"To be read online (PDF)"</a></li>
            {on_paper.iter().map(letter).collect_view()}
        </ul>
    }
    .into_any()
}

/// What stands at the page of the request.
pub fn online(content: &Content) -> AnyView {
    view! {
        <article class="console-letter" lang=content.locale.tag() aria-label="To be read online">
            <p>{content.agency.clone()}</p>
            <h2>{content.title.clone()}</h2>
            <p>{content.locale.long_date(content.date)}</p>
            {content.blocks.iter().map(block).collect_view()}
        </article>
    }
    .into_any()
}

/// A part of an answer. Its headings stand below that of the letter.
fn block(block: &Block) -> AnyView {
    match block {
        Block::Heading(heading) => view! { <h3>{heading.clone()}</h3> }.into_any(),
        Block::Paragraph(text) => view! { <p class="console-told">{text.clone()}</p> }.into_any(),
        Block::Note(text) => view! { <p class="console-told"><strong>{text.clone()}</strong></p> }.into_any(),
        Block::Steps(steps) => {
            view! { <ol>{steps.iter().map(|step| view! { <li>{step.clone()}</li> }).collect_view()}</ol> }.into_any()
        }
        Block::Facts(facts) => {
            let fact = |fact: &Fact| view! { <dt>{fact.term.clone()}</dt><dd>{fact.description.clone()}</dd> };
            view! { <dl class="console-facts">{facts.iter().map(fact).collect_view()}</dl> }.into_any()
        }
        Block::Code(code) => view! { <p>{code.label.clone()}": "<strong>{code.code.clone()}</strong></p> }.into_any(),
    }
}
