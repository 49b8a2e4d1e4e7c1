//! What is chosen in a list, as its address holds it: an office, a list, filters, an order, a page, columns. Nothing of it is
//! personal.

use chrono::{DateTime, NaiveDate};
use domain::Officer;
use domain::actor::Action;
use domain::service_request::{Direction, List, Mark, Page};
use shared::office::OfficeCode;
use shared::service_request::{Chosen, OfficerId, Order, Queue, RequestKind, Source, State};
use uuid::Uuid;

use crate::console::context::address;
use crate::console::site::{REQUESTS, TAKE_IN};

/// How many requests may be on a page.
pub const SIZES: [usize; 3] = [25, 50, 100];

/// A column that can be left out. The number always stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Kind,
    Source,
    State,
    Officer,
    Received,
    Due,
    Form,
    Case,
}

impl Column {
    pub const ALL: [Self; 8] =
        [Self::Kind, Self::Source, Self::State, Self::Officer, Self::Received, Self::Due, Self::Form, Self::Case];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Source => "source",
            Self::State => "state",
            Self::Officer => "officer",
            Self::Received => "received",
            Self::Due => "due",
            Self::Form => "form",
            Self::Case => "case",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Kind => "About",
            Self::Source => "Came by",
            Self::State => "State",
            Self::Officer => "Officer",
            Self::Received => "Received",
            Self::Due => "Due",
            Self::Form => "Form",
            Self::Case => "Case",
        }
    }
}

/// A list with its columns.
#[derive(Debug, Clone)]
pub struct ListAddress {
    pub list: List,
    /// In their order; never empty.
    pub columns: Vec<Column>,
}

/// What stands behind the question mark.
pub fn pairs() -> Vec<(String, String)> {
    let address = address();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    serde_urlencoded::from_str(query).unwrap_or_default()
}

/// The value of a name, if there is one.
pub fn value<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// The office that an address names, or the first at which the officer may do this.
pub fn office(pairs: &[(String, String)], officer: &Officer, action: Action) -> Option<OfficeCode> {
    match value(pairs, "office") {
        Some(office) => OfficeCode::parse(office).ok(),
        None => officer.offices(action).into_iter().next(),
    }
}

/// Where a request's page is.
pub fn path_of(request: Uuid) -> String {
    format!("{REQUESTS}/{request}")
}

/// A page with values behind its question mark.
pub fn with_query(page: &str, pairs: &[(&str, String)]) -> String {
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    if query.is_empty() { page.to_owned() } else { format!("{page}?{query}") }
}

/// The page on which a request is taken in at an office.
pub fn intake_at(office: &OfficeCode) -> String {
    with_query(TAKE_IN, &[("office", office.as_str().to_owned())])
}

impl ListAddress {
    /// The list that an address names. What it leaves out, or names wrongly, is as usual.
    pub fn read(pairs: &[(String, String)], office: OfficeCode, usual: Queue) -> Self {
        let value = |name| value(pairs, name);
        let queue = value("queue").and_then(Queue::from_key).unwrap_or(usual);
        let mut list = List::of(office, queue);
        list.chosen = Chosen {
            kind: value("kind").and_then(RequestKind::from_key),
            source: value("source").and_then(Source::from_key),
            state: value("state").filter(|state| State::KEYS.contains(state)).map(str::to_owned),
            officer: value("officer").and_then(OfficerId::parse),
            days_old: value("older").and_then(|days| days.parse().ok()),
        };
        if let Some(order) = value("order").and_then(Order::from_key).filter(|order| queue.orders().contains(order)) {
            list.order = order;
        }
        match value("way") {
            Some("up") => list.direction = Direction::Rising,
            Some("down") => list.direction = Direction::Falling,
            _ => {}
        }
        if let Some(size) = value("size").and_then(|size| size.parse().ok()).filter(|size| SIZES.contains(size)) {
            list.size = size;
        }
        list.page = page(pairs, list.order).unwrap_or(Page::First);
        let is_asked = |column: &Column| pairs.iter().any(|(key, value)| key == "col" && value == column.key());
        let columns: Vec<Column> = Column::ALL.into_iter().filter(is_asked).collect();
        Self { list, columns: if columns.is_empty() { Column::ALL.to_vec() } else { columns } }
    }

    /// Whether an address names a list, and not only an office.
    pub fn is_named(pairs: &[(String, String)]) -> bool {
        value(pairs, "queue").is_some()
    }

    /// As values behind a question mark; `of_page` leaves out where the page begins.
    fn pairs(&self, of_page: bool) -> Vec<(&'static str, String)> {
        let List { office, queue, chosen, order, direction, page, size } = &self.list;
        let usual = List::of(office.clone(), *queue);
        let mut pairs = vec![("office", office.as_str().to_owned()), ("queue", queue.key().to_owned())];
        pairs.extend(chosen.kind.map(|kind| ("kind", kind.key().to_owned())));
        pairs.extend(chosen.source.map(|source| ("source", source.key().to_owned())));
        pairs.extend(chosen.state.clone().map(|state| ("state", state)));
        pairs.extend(chosen.officer.map(|officer| ("officer", officer.to_string())));
        pairs.extend(chosen.days_old.map(|days| ("older", days.to_string())));
        if *order != usual.order {
            pairs.push(("order", order.key().to_owned()));
        }
        if *direction != usual.direction {
            pairs.push(("way", way(*direction).to_owned()));
        }
        if *size != usual.size {
            pairs.push(("size", size.to_string()));
        }
        if self.columns.len() < Column::ALL.len() {
            pairs.extend(self.columns.iter().map(|column| ("col", column.key().to_owned())));
        }
        if !of_page {
            return pairs;
        }
        match page {
            Page::First => {}
            Page::Last => pairs.push(("last", "yes".to_owned())),
            Page::After(mark) => pairs.push(("after", write(*mark))),
            Page::Before(mark) => pairs.push(("before", write(*mark))),
        }
        pairs
    }

    /// The address of the list.
    pub fn path(&self) -> String {
        with_query(REQUESTS, &self.pairs(true))
    }

    /// The address of a request beside this list.
    pub fn path_of(&self, request: Uuid) -> String {
        with_query(&path_of(request), &self.pairs(true))
    }

    /// The same list from another place on.
    pub fn at(&self, page: Page) -> Self {
        Self { list: List { page, ..self.list.clone() }, columns: self.columns.clone() }
    }

    /// The same list in an order: the other way round, if it is in that order already.
    pub fn ordered(&self, order: Order) -> Self {
        let direction = match self.list.direction {
            Direction::Rising if self.list.order == order => Direction::Falling,
            _ => Direction::Rising,
        };
        Self { list: List { order, direction, page: Page::First, ..self.list.clone() }, columns: self.columns.clone() }
    }

    /// Another list of the same office, with the same columns.
    pub fn of_queue(&self, queue: Queue) -> Self {
        let list = List { size: self.list.size, ..List::of(self.list.office.clone(), queue) };
        Self { list, columns: self.columns.clone() }
    }
}

pub const fn way(direction: Direction) -> &'static str {
    match direction {
        Direction::Rising => "up",
        Direction::Falling => "down",
    }
}

fn page(pairs: &[(String, String)], order: Order) -> Option<Page> {
    if let Some(mark) = value(pairs, "after") {
        return read(mark, order).map(Page::After);
    }
    if let Some(mark) = value(pairs, "before") {
        return read(mark, order).map(Page::Before);
    }
    value(pairs, "last").map(|_| Page::Last)
}

fn write(mark: Mark) -> String {
    match mark {
        Mark::Day(day, id) => format!("{day}_{id}"),
        Mark::At(at, id) => format!("{}_{id}", at.timestamp_micros()),
    }
}

/// A mark fits its order: what is ordered by a day begins at a day.
fn read(text: &str, order: Order) -> Option<Mark> {
    let (place, id) = text.split_once('_')?;
    let id: Uuid = id.parse().ok()?;
    match order {
        Order::Received => DateTime::from_timestamp_micros(place.parse().ok()?).map(|at| Mark::At(at, id)),
        Order::Due | Order::OpenBy => place.parse::<NaiveDate>().ok().map(|day| Mark::Day(day, id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::site::way_back;

    fn read_back(path: &str) -> ListAddress {
        let query = path.split_once('?').unwrap().1;
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
        ListAddress::read(&pairs, OfficeCode::parse(value(&pairs, "office").unwrap()).unwrap(), Queue::Mine)
    }

    #[test]
    fn a_list_is_read_back_from_its_address() {
        let office = || OfficeCode::parse("NBC").unwrap();
        let id = Uuid::from_u128(7);
        let day = Mark::Day("2026-03-02".parse().unwrap(), id);
        let at = Mark::At("2026-03-02T10:11:12.131415Z".parse().unwrap(), id);
        let mut full = List::of(office(), Queue::Waiting);
        full.chosen = Chosen {
            kind: Some(RequestKind::Expedite),
            source: Some(Source::Letter),
            state: Some("paused".into()),
            officer: Some(OfficerId(9)),
            days_old: Some(30),
        };
        full.size = 100;
        full.direction = Direction::Falling;
        let mut received = List { order: Order::Received, ..full.clone() };
        let pages = [Page::First, Page::Last, Page::After(day), Page::Before(day)].map(|page| List { page, ..full.clone() });
        received.page = Page::After(at);
        for list in pages.into_iter().chain([received, List::of(office(), Queue::Closed)]) {
            for columns in [Column::ALL.to_vec(), vec![Column::Due], vec![Column::Kind, Column::Case]] {
                let address = ListAddress { list: list.clone(), columns };
                let path = address.path();
                assert!(way_back(&path).is_some(), "one can be sent back to {path}");
                let back = read_back(&path);
                assert_eq!(format!("{back:?}"), format!("{address:?}"));
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_as_usual() {
        for query in [
            "office=NBC&queue=nothing&order=x&way=y&size=7&after=z&kind=q&col=w&officer=1&state=good&older=-3",
            "office=NBC&queue=mine&order=received&after=2026-03-02_00000000-0000-0000-0000-00000000000g",
            "office=NBC&queue=mine&after=1234_00000000-0000-0000-0000-000000000007",
        ] {
            let address = read_back(&format!("?{query}"));
            assert_eq!(address.path(), "/console/requests?office=NBC&queue=mine", "{query}");
        }
    }
}
