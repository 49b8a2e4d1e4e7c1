//! The table of requests: the same in every list.

use chrono::NaiveDate;
use domain::service_request::{Direction, Shown};
use leptos::prelude::*;
use shared::service_request::{MailTrouble, Order, Place, Queue};
use uuid::Uuid;

use super::address::{Column, ListAddress, path_of};
use super::words::{self, Names};
use crate::console::when::When;

/// A table of requests.
pub struct RequestTable<'t> {
    pub rows: &'t [Shown],
    pub columns: &'t [Column],
    pub names: &'t Names,
    pub today: NaiveDate,
    /// What it is called; its element's id is `requests`.
    pub caption: String,
    /// The list that it is a page of, if it can be put into another order.
    pub list: Option<&'t ListAddress>,
    /// Whether rows can be ticked, for the form `bulk`, and whether they are.
    pub ticks: Option<bool>,
    /// The request that is shown beside it.
    pub current: Option<Uuid>,
    /// What links say of why a request is read.
    pub purpose: Option<&'static str>,
}

impl RequestTable<'_> {
    pub fn view(&self) -> AnyView {
        view! {
            <div class="console-scroll" role="region" aria-labelledby="requests" tabindex="0">
                <table class="console-table">
                    <caption id="requests">{self.caption.clone()}</caption>
                    <thead>
                        <tr>
                            {self.ticks.map(|_| view! { <th scope="col"><span class="visually-hidden">"Tick"</span></th> })}
                            <th scope="col">"Number"</th>
                            {self.is_of_strays().then(|| self.heading("To be read by", Some(Order::OpenBy)))}
                            {self.columns.iter().map(|column| self.heading(column.name(), order_of(*column))).collect_view()}
                        </tr>
                    </thead>
                    <tbody>{self.rows.iter().map(|shown| self.row(shown)).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    }

    fn is_of_strays(&self) -> bool {
        self.list.is_some_and(|address| address.list.queue == Queue::Strays)
    }

    /// The heading of a column: with a link to that order, where an index has it.
    fn heading(&self, name: &'static str, order: Option<Order>) -> AnyView {
        let sorted = self.list.zip(order).filter(|(address, order)| address.list.queue.orders().contains(order));
        let Some((address, order)) = sorted else { return view! { <th scope="col">{name}</th> }.into_any() };
        let (sort, sign) = match (address.list.order == order, address.list.direction) {
            (false, _) => (None, ""),
            (true, Direction::Rising) => (Some("ascending"), " ▲"),
            (true, Direction::Falling) => (Some("descending"), " ▼"),
        };
        view! {
            <th scope="col" aria-sort=sort>
                <a href=address.ordered(order).path()>{name}<span aria-hidden="true">{sign}</span></a>
            </th>
        }
        .into_any()
    }

    fn row(&self, shown: &Shown) -> AnyView {
        let listed = &shown.listed;
        let number = listed.number.grouped();
        let mut link = self.list.map_or_else(|| path_of(listed.id), |address| address.path_of(listed.id));
        if let Some(purpose) = self.purpose {
            let sign = if link.contains('?') { '&' } else { '?' };
            link = format!("{link}{sign}for={purpose}");
        }
        let tick = self.ticks.map(|is_ticked| {
            let label = format!("Tick {number}");
            view! {
                <td>
                    <input
                        type="checkbox"
                        form="bulk"
                        name="requests[]"
                        value=listed.id.to_string()
                        checked=is_ticked
                        aria-label=label
                        data-row-tick
                    />
                </td>
            }
        });
        let open_by = self.is_of_strays().then(|| {
            let day = listed.placement.open_by.map(|day| format!("{day}, {}", words::away(day, self.today)));
            view! { <td class="console-nowrap">{day}</td> }
        });
        view! {
            <tr
                aria-current=(self.current == Some(listed.id)).then_some("true")
                data-row=listed.id.to_string()
                data-version=listed.version.to_string()
            >
                {tick}
                <th scope="row" class="console-nowrap"><a href=link data-row-link>{number}</a></th>
                {open_by}
                {self.columns.iter().map(|column| self.cell(*column, shown)).collect_view()}
            </tr>
        }
        .into_any()
    }

    fn cell(&self, column: Column, shown: &Shown) -> AnyView {
        let listed = &shown.listed;
        match column {
            Column::Kind => view! { <td>{words::kind(listed.kind)}</td> }.into_any(),
            Column::Source => view! { <td>{words::source(listed.source)}</td> }.into_any(),
            Column::State => view! { <td>{state(shown)}</td> }.into_any(),
            Column::Officer => {
                view! { <td>{listed.placement.officer.map(|officer| words::name(self.names, officer))}</td> }.into_any()
            }
            Column::Received => view! { <td><When at=listed.received_at/></td> }.into_any(),
            Column::Due => self.due(shown),
            Column::Form => view! { <td class="console-nowrap">{listed.form.clone()}</td> }.into_any(),
            Column::Case => {
                let number = shown.receipt_number.as_ref().map(|number| number.as_str().to_owned());
                view! { <td class="console-nowrap">{number.unwrap_or_else(|| "Protected".into())}</td> }.into_any()
            }
        }
    }

    /// The day, and how far away it is. A clock that stands owes nothing by a day.
    fn due(&self, shown: &Shown) -> AnyView {
        let placement = &shown.listed.placement;
        let (away, is_over) = match placement.place {
            Place::Closed => (String::new(), false),
            _ => match placement.owed_on {
                Some(day) => (format!(", {}", words::away(day, self.today)), day < self.today),
                None => (", the clock stands".to_owned(), false),
            },
        };
        let class = if is_over { "console-nowrap console-over" } else { "console-nowrap" };
        view! { <td class=class><time datetime=placement.due_on.to_string()>{placement.due_on.to_string()}</time>{away}</td> }
            .into_any()
    }
}

const fn order_of(column: Column) -> Option<Order> {
    match column {
        Column::Due => Some(Order::Due),
        Column::Received => Some(Order::Received),
        _ => None,
    }
}

fn state(shown: &Shown) -> String {
    let state = words::state(&shown.listed.state);
    let mail = shown.listed.placement.mail.filter(|_| shown.listed.placement.place != Place::Closed);
    match mail {
        Some(MailTrouble::Returned) => format!("{state}; mail came back"),
        Some(MailTrouble::Misdelivered) => format!("{state}; mail went elsewhere"),
        None => state.to_owned(),
    }
}
