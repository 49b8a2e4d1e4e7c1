//! Tables of the console. What is wider than a phone scrolls inside of its region, which is called as the table is.

use leptos::prelude::*;

/// `1 node`, `2 nodes`
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The heading of a column.
#[derive(Debug, Clone, Copy)]
pub enum Head {
    Text(&'static str),
    /// Of numbers, which stand under each other by their last digit.
    Figure(&'static str),
}

impl Head {
    fn view(self) -> AnyView {
        match self {
            Self::Text(name) => view! { <th scope="col">{name}</th> }.into_any(),
            Self::Figure(name) => view! { <th scope="col" class="console-figure">{name}</th> }.into_any(),
        }
    }
}

impl From<&'static str> for Head {
    fn from(name: &'static str) -> Self {
        Self::Text(name)
    }
}

/// The headings of all columns: of words, or of [`Head`]s where some columns are of numbers.
#[derive(Debug)]
pub struct Heads(Vec<Head>);

impl<I> From<I> for Heads
where
    I: IntoIterator,
    I::Item: Into<Head>,
{
    fn from(heads: I) -> Self {
        Self(heads.into_iter().map(Into::into).collect())
    }
}

/// A table; its rows are its children.
#[component]
pub fn Table(
    /// Of its caption. A table without one stands below a heading that has this id.
    #[prop(into)]
    id: String,
    #[prop(optional, into)] caption: Option<String>,
    #[prop(into)] heads: Heads,
    #[prop(optional)] narrow: bool,
    children: Children,
) -> impl IntoView {
    let class = if narrow { "console-table console-table--narrow" } else { "console-table" };
    let caption = caption.map(|caption| view! { <caption id=id.clone()>{caption}</caption> });
    view! {
        <div class="console-scroll" role="region" aria-labelledby=id tabindex="0">
            <table class=class>
                {caption}
                <thead><tr>{heads.0.into_iter().map(Head::view).collect_view()}</tr></thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
