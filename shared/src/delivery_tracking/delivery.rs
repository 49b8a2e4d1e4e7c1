//! From scans to the state of a delivery: one pure function, for the page, the letters and the call scripts alike.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::scan::{Scan, ScanKind};

/// Days without a scan after which the state says that nothing was heard.
pub const QUIET_DAYS: u32 = 7;

/// Where a piece of mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeliveryState {
    /// Mailed, and not yet seen by the carrier.
    WaitingForFirstScan,
    PickedUp,
    Processed,
    OutForDelivery,
    Attempted,
    AvailableForPickup,
    Delivered,
    Returned,
    Undeliverable,
    /// On its way, but nothing was heard for so many days.
    Silent {
        days: u32,
    },
}

/// A delivery as its scans tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    pub state: DeliveryState,
    /// When the carrier first had the piece.
    pub picked_up_at: Option<NaiveDateTime>,
    /// The scan that decided the state; of a silent piece the last that moved it.
    pub decided_at: Option<NaiveDateTime>,
}

/// What is in the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailedItem {
    Card,
    Document,
    Notice,
}

/// Where a piece is after all its scans, in any order.
///
/// `mailed_on` is the day of the mailing, if the agency recorded one; `today` decides whether nothing was heard for long.
/// Delivered stands until a later scan shows the piece moving again. A return stands until the carrier tries at an address
/// again; "delivered" after a return is the delivery to the sender.
pub fn delivery(scans: &[Scan], mailed_on: Option<NaiveDate>, today: NaiveDate) -> Delivery {
    let mut scans: Vec<Scan> = scans.to_vec();
    scans.sort_by_key(|scan| (scan.at, rank(scan.kind)));
    let mut state = DeliveryState::WaitingForFirstScan;
    let (mut picked_up_at, mut decided_at) = (None, None);
    for scan in &scans {
        if has_piece(scan.kind) {
            picked_up_at = picked_up_at.or(Some(scan.at));
        }
        if let Some(next) = after(state, scan.kind) {
            if next != state || !is_settled(state) {
                decided_at = Some(scan.at);
            }
            state = next;
        }
    }
    let heard = scans.last().map(|scan| scan.at.date()).max(mailed_on);
    let quiet = heard.map_or(0, |heard| u32::try_from((today - heard).num_days()).unwrap_or(0));
    if quiet >= QUIET_DAYS && !is_settled(state) {
        state = DeliveryState::Silent { days: quiet };
    }
    Delivery { state, picked_up_at, decided_at }
}

/// Of two scans of one minute the one that says more comes last.
const fn rank(kind: ScanKind) -> u8 {
    match kind {
        ScanKind::Announced | ScanKind::Information | ScanKind::Unknown => 0,
        ScanKind::PickedUp => 1,
        ScanKind::Processed | ScanKind::Forwarded => 2,
        ScanKind::OutForDelivery => 3,
        ScanKind::Attempted => 4,
        ScanKind::AvailableForPickup => 5,
        ScanKind::Undeliverable => 6,
        ScanKind::Returning => 7,
        ScanKind::Delivered => 8,
    }
}

/// Whether a scan shows that the carrier has, or had, the piece.
const fn has_piece(kind: ScanKind) -> bool {
    !matches!(kind, ScanKind::Announced | ScanKind::Information | ScanKind::Unknown)
}

/// Whether nothing more has to be heard.
const fn is_settled(state: DeliveryState) -> bool {
    matches!(state, DeliveryState::Delivered | DeliveryState::Returned | DeliveryState::Undeliverable)
}

/// The state after one more scan; none if the scan says nothing of it.
const fn after(state: DeliveryState, kind: ScanKind) -> Option<DeliveryState> {
    let next = match kind {
        ScanKind::Announced | ScanKind::Information | ScanKind::Unknown => return None,
        ScanKind::PickedUp => DeliveryState::PickedUp,
        ScanKind::Processed | ScanKind::Forwarded => DeliveryState::Processed,
        ScanKind::OutForDelivery => DeliveryState::OutForDelivery,
        ScanKind::Attempted => DeliveryState::Attempted,
        ScanKind::AvailableForPickup => DeliveryState::AvailableForPickup,
        ScanKind::Delivered => DeliveryState::Delivered,
        ScanKind::Returning => DeliveryState::Returned,
        ScanKind::Undeliverable => DeliveryState::Undeliverable,
    };
    let goes_back = matches!(state, DeliveryState::Returned | DeliveryState::Undeliverable);
    match kind {
        // On the way back to the sender a piece is processed, taken out and delivered like any other.
        ScanKind::PickedUp | ScanKind::Processed | ScanKind::OutForDelivery | ScanKind::Delivered if goes_back => None,
        // A picked-up scan in the middle of the way is a second carrier's.
        ScanKind::PickedUp if !matches!(state, DeliveryState::WaitingForFirstScan) => None,
        _ => Some(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeliveryState::*;
    use proptest::prelude::*;

    const KINDS: [(&str, ScanKind); 12] = [
        ("announced", ScanKind::Announced),
        ("picked-up", ScanKind::PickedUp),
        ("processed", ScanKind::Processed),
        ("forwarded", ScanKind::Forwarded),
        ("out", ScanKind::OutForDelivery),
        ("attempted", ScanKind::Attempted),
        ("waiting", ScanKind::AvailableForPickup),
        ("delivered", ScanKind::Delivered),
        ("returning", ScanKind::Returning),
        ("undeliverable", ScanKind::Undeliverable),
        ("information", ScanKind::Information),
        ("unknown", ScanKind::Unknown),
    ];

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    /// Scans of the days 1, 2, 3 ...
    fn story(words: &str) -> Vec<Scan> {
        let kind = |word: &str| KINDS.iter().find(|(name, _)| *name == word).unwrap().1;
        let scan = |(at, word): (u32, &str)| Scan { kind: kind(word), at: day(at).and_hms_opt(9, 0, 0).unwrap() };
        (1..).zip(words.split_whitespace()).map(scan).collect()
    }

    #[test]
    fn every_story_ends_in_its_state() {
        for (words, state) in [
            ("", WaitingForFirstScan),
            ("announced", WaitingForFirstScan),
            ("announced information unknown", WaitingForFirstScan),
            ("announced picked-up", PickedUp),
            ("picked-up processed", Processed),
            ("processed picked-up", Processed),
            ("picked-up processed processed out", OutForDelivery),
            ("picked-up out attempted", Attempted),
            ("picked-up out attempted out", OutForDelivery),
            ("attempted waiting", AvailableForPickup),
            ("picked-up processed out delivered", Delivered),
            ("delivered information", Delivered),
            ("delivered unknown", Delivered),
            ("delivered announced", Delivered),
            ("delivered out", OutForDelivery),
            ("delivered attempted", Attempted),
            ("delivered processed delivered", Delivered),
            ("delivered returning", Returned),
            ("out attempted waiting returning", Returned),
            ("undeliverable", Undeliverable),
            ("undeliverable returning", Returned),
            ("returning processed out delivered", Returned),
            ("undeliverable processed delivered", Undeliverable),
            ("returning forwarded", Processed),
            ("returning forwarded out delivered", Delivered),
            ("undeliverable attempted delivered", Delivered),
            ("returning waiting", AvailableForPickup),
            ("forwarded", Processed),
        ] {
            assert_eq!(delivery(&story(words), Some(day(1)), day(5)).state, state, "{words}");
        }
    }

    #[test]
    fn a_piece_on_its_way_falls_silent_and_a_settled_one_does_not() {
        let at = |words, today| delivery(&story(words), Some(day(1)), day(today)).state;
        assert_eq!(at("", 7), WaitingForFirstScan);
        assert_eq!(at("", 8), Silent { days: 7 });
        assert_eq!(at("picked-up processed", 8), Processed);
        assert_eq!(at("picked-up processed", 9), Silent { days: 7 });
        assert_eq!(at("picked-up processed information", 9), Processed, "something was heard");
        assert_eq!(at("attempted", 20), Silent { days: 19 });
        for settled in ["delivered", "returning", "undeliverable"] {
            assert!(is_settled(at(settled, 30)), "{settled}");
        }
        assert_eq!(delivery(&[], None, day(30)).state, WaitingForFirstScan, "nobody knows since when");
        assert_eq!(delivery(&story("out"), Some(day(20)), day(1)).state, OutForDelivery, "a clock that is behind");
    }

    #[test]
    fn the_days_that_a_title_names_are_those_of_the_scans() {
        let told = |words| {
            let told = delivery(&story(words), None, day(20));
            (told.picked_up_at.map(|at| at.date()), told.decided_at.map(|at| at.date()))
        };
        assert_eq!(told("announced picked-up processed"), (Some(day(2)), Some(day(3))));
        assert_eq!(told("out delivered information"), (Some(day(1)), Some(day(2))));
        assert_eq!(told("returning processed delivered"), (Some(day(1)), Some(day(1))));
        assert_eq!(told("processed delivered delivered"), (Some(day(1)), Some(day(2))), "said twice, done once");
        assert_eq!(told(""), (None, None));
    }

    #[test]
    fn of_one_minute_the_weightier_scan_decides() {
        let at = day(1).and_hms_opt(9, 0, 0).unwrap();
        let scans = [ScanKind::Delivered, ScanKind::Processed, ScanKind::OutForDelivery].map(|kind| Scan { kind, at });
        assert_eq!(delivery(&scans, None, day(1)).state, Delivered);
    }

    proptest! {
        #[test]
        fn the_order_of_scans_does_not_matter(
            scans in prop::collection::vec((0usize..12, 0u32..6, 0u32..3), 0..8).prop_shuffle(),
            today in 1u32..28,
        ) {
            let scan = |(kind, of_day, hour): &(usize, u32, u32)| Scan {
                kind: KINDS[*kind].1,
                at: day(of_day + 1).and_hms_opt(*hour, 0, 0).unwrap(),
            };
            let scans: Vec<Scan> = scans.iter().map(scan).collect();
            let mut sorted = scans.clone();
            sorted.sort_by_key(|scan| scan.at);
            let told = delivery(&scans, None, day(today));
            prop_assert_eq!(told, delivery(&sorted, None, day(today)));
            prop_assert_eq!(told.picked_up_at.is_none(), scans.iter().all(|scan| !has_piece(scan.kind)));
        }
    }
}
