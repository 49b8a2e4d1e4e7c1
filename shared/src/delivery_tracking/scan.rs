//! The carrier's scans: their codes and kinds.

use chrono::NaiveDateTime;

/// The carrier's code of an event: two capital letters or digits. New ones appear before any list has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventCode([u8; 2]);

impl EventCode {
    pub fn parse(text: &str) -> Option<Self> {
        let code: [u8; 2] = text.as_bytes().try_into().ok()?;
        code.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).then_some(Self(code))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// `MA`, the carrier's receipt for the mailer's own list: it stands in the file and nothing was scanned.
    pub fn is_no_scan(self) -> bool {
        self.0 == *b"MA"
    }
}

/// What a scan says of the piece (USPS event codes; classes are this project's).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanKind {
    /// The carrier knows of the piece and does not have it.
    Announced,
    PickedUp,
    /// On its way within the carrier's network.
    Processed,
    /// Sent on to a new address.
    Forwarded,
    OutForDelivery,
    Attempted,
    AvailableForPickup,
    Delivered,
    /// On its way back to the sender.
    Returning,
    /// The carrier cannot deliver it; it mostly comes back.
    Undeliverable,
    /// Says nothing of where the piece is.
    Information,
    /// A code that this version does not know.
    Unknown,
}

impl ScanKind {
    pub fn of(code: EventCode) -> Self {
        match code.as_str() {
            "80" | "81" | "82" | "83" | "89" | "GX" | "MA" => Self::Announced,
            "03" | "AD" | "OA" | "PA" | "TM" | "UA" => Self::PickedUp,
            "07" | "08" | "10" | "15" | "19" | "41" | "42" | "EF" | "PC" | "SF" => Self::Processed,
            "06" => Self::Forwarded,
            "OF" => Self::OutForDelivery,
            "02" | "30" | "51" | "52" | "53" | "54" | "55" | "56" | "71" => Self::Attempted,
            "14" | "16" => Self::AvailableForPickup,
            "01" | "17" | "43" => Self::Delivered,
            "04" | "09" | "27" | "29" | "31" | "44" => Self::Returning,
            "05" | "11" | "21" | "22" | "23" | "24" | "25" | "26" | "28" => Self::Undeliverable,
            "DX" | "GC" => Self::Information,
            _ => Self::Unknown,
        }
    }
}

/// What matters of a scan for where the piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan {
    pub kind: ScanKind,
    /// By the clock of the facility; the file gives no time zone.
    pub at: NaiveDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_published_code_has_a_kind() {
        let table = include_str!("usps_event_codes.tsv");
        let mut count = 0;
        for line in table.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let kind = ScanKind::of(EventCode::parse(columns[0]).unwrap());
            let fits = match columns[2] {
                "delivered" => kind == ScanKind::Delivered,
                "attempt" => kind == ScanKind::Attempted,
                "picked up" => kind == ScanKind::PickedUp,
                "pickup" => kind == ScanKind::AvailableForPickup,
                "return" => matches!(kind, ScanKind::Returning | ScanKind::Undeliverable),
                "lost/dead" => kind == ScanKind::Undeliverable,
                "in transit" => matches!(kind, ScanKind::Processed | ScanKind::Forwarded | ScanKind::OutForDelivery),
                "processed" => kind == ScanKind::Processed,
                "pre-USPS" | "not a scan" => kind == ScanKind::Announced,
                "info" => kind == ScanKind::Information,
                other => panic!("{other}"),
            };
            assert!(fits, "{line}: {kind:?}");
            count += 1;
        }
        assert_eq!(count, 56);
        assert_eq!(ScanKind::of(EventCode::parse("ZZ").unwrap()), ScanKind::Unknown);
    }

    proptest! {
        #[test]
        fn codes_are_two_capitals_or_digits(text in any::<String>()) {
            if let Some(code) = EventCode::parse(&text) {
                prop_assert_eq!(code.as_str(), text.as_str());
                let _ = ScanKind::of(code);
            }
        }
    }
}
