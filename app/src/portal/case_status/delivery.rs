//! Where each piece of mail of the case is, what that means for the reader, and the carrier's scans.

use leptos::prelude::*;
use shared::delivery_tracking::{DeliveryState, DeliveryView, MailedItem, ScanView};
use shared::locale::Locale;

use super::timeline::{Entry, timeline};
use crate::text::text;

/// Scans that stand open; older ones are folded.
const OPEN_SCANS: usize = 5;

pub fn deliveries(deliveries: &[DeliveryView], locale: Locale) -> impl IntoView + use<> {
    deliveries.iter().map(|delivery| piece(delivery, locale)).collect_view()
}

fn piece(delivery: &DeliveryView, locale: Locale) -> impl IntoView + use<> {
    view! {
        <section class="portico-delivery">
            <div class="portico-delivery__now">
                <h3>{heading(delivery.item.as_deref(), locale)}</h3>
                <p class="portico-delivery__state"><strong>{state(delivery.state, locale)}</strong></p>
                <p>{what_to_do(delivery.state, locale)}</p>
                {ask(delivery, locale)}
                <p>{text!(locale, delivery.tracking_number)}": "{tracking_number(&delivery.tracking_number)}</p>
                <p class="portico-on-screen">
                    <a href=delivery.carrier_link.clone() rel="noreferrer">{text!(locale, delivery.carrier_link)}</a>
                </p>
            </div>
            {scans(&delivery.scans, locale)}
            {source(delivery, locale)}
        </section>
    }
}

/// The way to a request where the piece will not come by itself: one press here, and one on the page that it leads to.
fn ask(delivery: &DeliveryView, locale: Locale) -> impl IntoView + use<> {
    let is_astray = match delivery.state {
        DeliveryState::Delivered | DeliveryState::Returned | DeliveryState::Undeliverable | DeliveryState::Silent { .. } => true,
        DeliveryState::WaitingForFirstScan
        | DeliveryState::PickedUp
        | DeliveryState::Processed
        | DeliveryState::OutForDelivery
        | DeliveryState::Attempted
        | DeliveryState::AvailableForPickup => false,
    };
    let about = match delivery.kind.filter(|_| is_astray) {
        Some(MailedItem::Card) => Some("card_not_received"),
        Some(MailedItem::Document) => Some("document_not_received"),
        Some(MailedItem::Notice) => Some("notice_not_received"),
        None => None,
    };
    about.map(|about| {
        let href = format!("{}?about={about}", locale.path("/e-request"));
        view! { <p class="portico-on-screen"><a href=href>{text!(locale, delivery.ask_link)}</a></p> }
    })
}

fn heading(item: Option<&str>, locale: Locale) -> String {
    match item {
        Some(item) => text!(locale, delivery.title, item = item.to_owned()),
        None => text!(locale, delivery.title_mail).to_owned(),
    }
}

pub fn state(state: DeliveryState, locale: Locale) -> String {
    let text = match state {
        DeliveryState::WaitingForFirstScan => text!(locale, delivery.waiting),
        DeliveryState::PickedUp => text!(locale, delivery.picked_up),
        DeliveryState::Processed => text!(locale, delivery.processed),
        DeliveryState::OutForDelivery => text!(locale, delivery.out),
        DeliveryState::Attempted => text!(locale, delivery.attempted),
        DeliveryState::AvailableForPickup => text!(locale, delivery.pickup),
        DeliveryState::Delivered => text!(locale, delivery.delivered),
        DeliveryState::Returned => text!(locale, delivery.returned),
        DeliveryState::Undeliverable => text!(locale, delivery.undeliverable),
        // Seven days at least: there is no "one day" to say.
        DeliveryState::Silent { days } => return text!(locale, delivery.silent, days),
    };
    text.to_owned()
}

fn what_to_do(state: DeliveryState, locale: Locale) -> &'static str {
    match state {
        DeliveryState::WaitingForFirstScan => text!(locale, delivery.waiting_text),
        DeliveryState::PickedUp => text!(locale, delivery.picked_up_text),
        DeliveryState::Processed => text!(locale, delivery.processed_text),
        DeliveryState::OutForDelivery => text!(locale, delivery.out_text),
        DeliveryState::Attempted => text!(locale, delivery.attempted_text),
        DeliveryState::AvailableForPickup => text!(locale, delivery.pickup_text),
        DeliveryState::Delivered => text!(locale, delivery.delivered_text),
        DeliveryState::Returned => text!(locale, delivery.returned_text),
        DeliveryState::Undeliverable => text!(locale, delivery.undeliverable_text),
        DeliveryState::Silent { .. } => text!(locale, delivery.silent_text),
    }
}

/// In groups that the style sets apart: what is copied has no spaces.
fn tracking_number(number: &str) -> impl IntoView + use<> {
    let characters: Vec<char> = number.chars().collect();
    let group = |group: &[char]| view! { <span>{group.iter().collect::<String>()}</span><wbr/> };
    view! { <span class="portico-number portico-tracking-number">{characters.chunks(4).map(group).collect_view()}</span> }
}

fn scans(scans: &[ScanView], locale: Locale) -> impl IntoView + use<> {
    let (open, older) = scans.split_at(scans.len().min(OPEN_SCANS));
    let older = (!older.is_empty()).then(|| {
        view! { <details class="portico-details"><summary>{older_scans(older.len(), locale)}</summary>{timeline(older.iter().map(entry))}</details> }
    });
    (!open.is_empty()).then(|| view! { <h4>{text!(locale, delivery.scans_title)}</h4>{timeline(open.iter().map(entry))}{older} })
}

fn older_scans(count: usize, locale: Locale) -> String {
    if count == 1 { text!(locale, delivery.older_scan).to_owned() } else { text!(locale, delivery.older_scans, count) }
}

fn entry(scan: &ScanView) -> Entry<'_> {
    let more = match &scan.place {
        Some(place) => format!(", {}, {place}", scan.time),
        None => format!(", {}", scan.time),
    };
    Entry { what: &scan.what, day: &scan.day, more }
}

fn source(delivery: &DeliveryView, locale: Locale) -> impl IntoView + use<> {
    let as_of = delivery.as_of.as_ref().map(|day| text!(locale, delivery.as_of, day = day.text.clone()));
    let times = (!delivery.scans.is_empty()).then(|| text!(locale, delivery.local_times).to_owned());
    let said: Vec<String> = as_of.into_iter().chain(times).collect();
    (!said.is_empty()).then(|| view! { <p class="portico-delivery__source">{said.join(" ")}</p> })
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeliveryState::*;
    use shared::case_status::Day;
    use std::collections::BTreeSet;

    const STATES: [DeliveryState; 10] = [
        WaitingForFirstScan,
        PickedUp,
        Processed,
        OutForDelivery,
        Attempted,
        AvailableForPickup,
        Delivered,
        Returned,
        Undeliverable,
        Silent { days: 9 },
    ];

    fn day() -> Day {
        Day { iso: "2026-03-02".to_owned(), text: "March 2, 2026".to_owned() }
    }

    /// A piece with so many scans.
    fn example(count: usize) -> DeliveryView {
        let scan = |at: usize| ScanView {
            day: day(),
            time: "9:05\u{a0}a.m.".to_owned(),
            what: format!("scan {at} of them"),
            place: at.is_multiple_of(2).then(|| "SPRINGFIELD, VA".to_owned()),
        };
        DeliveryView {
            kind: Some(MailedItem::Card),
            item: Some("Permanent Resident Card".to_owned()),
            tracking_number: "9400111206206406260787".to_owned(),
            carrier_link: "https://tools.usps.com/go/TrackConfirmAction_input?origTrackNum=9400111206206406260787".to_owned(),
            state: Processed,
            scans: (0..count).map(scan).collect(),
            as_of: Some(day()),
        }
    }

    /// What a reader without scripts gets.
    fn html(delivery: &DeliveryView, locale: Locale) -> String {
        Owner::new().with(|| deliveries(std::slice::from_ref(delivery), locale).to_html()).replace("<!>", "")
    }

    #[test]
    fn every_state_has_words_and_advice_of_its_own() {
        for locale in Locale::ALL {
            let words: BTreeSet<String> = STATES.iter().map(|told| state(*told, locale)).collect();
            let advice: BTreeSet<&str> = STATES.iter().map(|told| what_to_do(*told, locale)).collect();
            assert_eq!((words.len(), advice.len()), (10, 10));
        }
        assert!(state(Silent { days: 9 }, Locale::En).contains(" 9 days"));
        assert!(state(Silent { days: 9 }, Locale::Es).contains(" 9 días"));
    }

    #[test]
    fn states_in_which_mail_may_be_lost_say_to_call() {
        for told in STATES {
            let is_in_doubt = matches!(told, Delivered | Returned | Undeliverable | Silent { .. });
            assert_eq!(what_to_do(told, Locale::En).to_lowercase().contains("call us"), is_in_doubt, "{told:?}");
            assert_eq!(what_to_do(told, Locale::Es).to_lowercase().contains("llámenos"), is_in_doubt, "{told:?}");
        }
    }

    #[test]
    fn mail_without_a_name_is_called_mail() {
        assert_eq!(heading(Some("Reentry Permit"), Locale::En), "Where your Reentry Permit is");
        assert_eq!(heading(Some("aviso"), Locale::Es), "Dónde está su aviso");
        assert_eq!(heading(None, Locale::En), "Where your mail is");
        assert_eq!(heading(None, Locale::Es), "Dónde está su envío");
    }

    #[test]
    fn the_newest_scans_stand_open_and_older_ones_are_folded() {
        for (count, summary) in [(0, None), (5, None), (6, Some("One older scan")), (9, Some("4 older scans"))] {
            let html = html(&example(count), Locale::En);
            let (open, folded) = html.split_once("<details").unwrap_or((&html, ""));
            assert_eq!(open.matches("<li>").count(), count.min(OPEN_SCANS));
            assert_eq!(folded.matches("<li>").count(), count.saturating_sub(OPEN_SCANS));
            assert_eq!(html.contains("<h4>"), count > 0);
            assert_eq!(html.contains(text!(Locale::En, delivery.local_times)), count > 0);
            assert!(summary.is_none_or(|summary| folded.contains(summary)), "{folded}");
        }
    }

    #[test]
    fn a_scan_without_a_place_ends_with_its_time() {
        let html = html(&example(2), Locale::En);
        let when = "March 2, 2026</time>, 9:05\u{a0}a.m.";
        assert!(html.contains(&format!("{when}, SPRINGFIELD, VA</p>")) && html.contains(&format!("{when}</p>")), "{html}");
    }

    #[test]
    fn the_tracking_number_is_grouped_without_spaces() {
        let html = html(&example(0), Locale::Es);
        let groups = ["9400", "1112", "0620", "6406", "2607", "87"].map(|group| format!("<span>{group}</span><wbr>"));
        assert!(html.contains(&groups.concat()), "{html}");
    }

    #[test]
    fn a_piece_of_which_nothing_came_yet_names_no_source() {
        let bare = DeliveryView { as_of: None, ..example(0) };
        assert!(!html(&bare, Locale::En).contains("portico-delivery__source"));
        assert!(html(&example(0), Locale::Es).contains("Datos del Servicio Postal al March 2, 2026.</p>"));
    }

    #[test]
    fn a_delivery_reaches_the_browser_as_it_left() {
        for told in STATES {
            let sent = DeliveryView { state: told, ..example(2) };
            let json = serde_json::to_string(&sent).unwrap();
            assert_eq!(serde_json::from_str::<DeliveryView>(&json).unwrap(), sent);
        }
    }
}
