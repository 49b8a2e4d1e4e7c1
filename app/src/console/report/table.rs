//! Tables of figures.

use leptos::prelude::*;

use crate::console::table::Table;

/// A table of a name and figures on each line. The caption names it for who hears it.
pub fn table(id: &'static str, caption: String, heads: &[&'static str], rows: Vec<(AnyView, Vec<String>)>) -> AnyView {
    let row = |(name, figures): (AnyView, Vec<String>)| {
        let figures = figures.into_iter().map(|figure| view! { <td class="console-figure">{figure}</td> }).collect_view();
        view! { <tr><th scope="row">{name}</th>{figures}</tr> }
    };
    let rows = rows.into_iter().map(row).collect_view();
    view! { <Table id caption heads=heads.to_vec() narrow=true>{rows}</Table> }.into_any()
}

/// A name as the first cell of a line.
pub fn name(name: impl Into<String>) -> AnyView {
    name.into().into_any()
}

pub fn days(days: Option<u16>) -> String {
    days.map_or_else(|| "–".to_owned(), |days| days.to_string())
}
