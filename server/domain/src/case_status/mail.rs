//! The carrier's part of a case: pieces of mail with their state, and the statuses that follow from it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use shared::case_feed::{Document, EventParameters};
use shared::case_status::{Day, Stage};
use shared::delivery_tracking::{
    Delivery, DeliveryState, DeliveryView, EventCode, MailedItem, Scan, ScanKind, ScanView, TrackingNumber, delivery,
};
use shared::e_request::MailFact;
use shared::locale::Locale;
use store::case_status::StatusEvent;
use store::delivery_tracking::{RecordedDelivery, RecordedScan};

use super::status::{PublicEvent, Source};
use crate::Context;
use crate::delivery_tracking::scan_name;
use crate::reference::Texts;

/// A piece of mail of a case, and where it is.
#[derive(Debug)]
pub(super) struct Piece {
    number: TrackingNumber,
    recorded: RecordedDelivery,
    delivery: Delivery,
}

impl Piece {
    /// What a change of is news: that it is under way, and where its scans say it is.
    pub(super) fn mark(&self) -> String {
        let moved = self.recorded.scans.iter().map(kind).rfind(|kind| !matches!(kind, ScanKind::Information | ScanKind::Unknown));
        format!("{} {moved:?}\n", self.number.as_str())
    }
}

/// The pieces that may be told of: a mailing whose code is not public triggers nothing.
pub(super) fn pieces(ctx: &Context, texts: &Texts, deliveries: Vec<RecordedDelivery>, as_of: DateTime<Utc>) -> Vec<Piece> {
    let is_public = |piece: &RecordedDelivery| piece.code.as_ref().is_none_or(|code| texts.public_status(code, as_of).is_some());
    let piece = |recorded: RecordedDelivery| {
        let scans: Vec<Scan> = recorded.scans.iter().map(|scan| Scan { kind: kind(scan), at: scan.at }).collect();
        let delivery = delivery(&scans, recorded.mailed_on, ctx.today());
        // A number that cannot be read is no number that the carrier would know.
        Some(Piece { number: TrackingNumber::parse(&recorded.number).ok()?, recorded, delivery })
    };
    deliveries.into_iter().filter(is_public).filter_map(piece).collect()
}

/// Whether the carrier could not deliver a piece.
pub(crate) fn came_back(piece: &RecordedDelivery, today: NaiveDate) -> bool {
    let scans: Vec<Scan> = piece.scans.iter().map(|scan| Scan { kind: kind(scan), at: scan.at }).collect();
    matches!(delivery(&scans, piece.mailed_on, today).state, DeliveryState::Returned | DeliveryState::Undeliverable)
}

fn kind(scan: &RecordedScan) -> ScanKind {
    EventCode::parse(&scan.code).map_or(ScanKind::Unknown, ScanKind::of)
}

/// The statuses that the carrier's scans add to those of the agency's events.
pub(super) fn statuses(
    ctx: &Context,
    texts: &Texts,
    agency: &[PublicEvent],
    pieces: &[Piece],
    as_of: DateTime<Utc>,
) -> Vec<PublicEvent> {
    pieces.iter().flat_map(|piece| statuses_of(ctx, texts, agency, piece, as_of)).collect()
}

fn statuses_of(ctx: &Context, texts: &Texts, agency: &[PublicEvent], piece: &Piece, as_of: DateTime<Utc>) -> Vec<PublicEvent> {
    let (Some(item), Some(newest)) = (piece.item(), agency.last()) else { return Vec::new() };
    // What somebody has to do outranks where the letter about it is.
    if item == MailedItem::Notice && matches!(newest.status.stage, Stage::ActionNeeded | Stage::Appointment) {
        return Vec::new();
    }
    // Events have the number as their source wrote it.
    let number = |public: &PublicEvent| TrackingNumber::parse(public.event.parameters.tracking_number.as_deref()?).ok();
    let mailing = agency.iter().rfind(|public| number(public).as_ref() == Some(&piece.number));
    let base = &mailing.unwrap_or(newest).event;
    let settled = match piece.delivery.state {
        DeliveryState::Delivered => piece.delivery.decided_at.map(|at| ("delivered", at)),
        DeliveryState::Returned => piece.delivery.decided_at.map(|at| ("being_returned", at)),
        DeliveryState::Undeliverable => piece.delivery.decided_at.map(|at| ("undeliverable", at)),
        _ => None,
    };
    let steps = piece.delivery.picked_up_at.map(|at| ("picked_up", at)).into_iter().chain(settled);
    let status = |(step, at): (&str, NaiveDateTime)| {
        let status = texts.status(&format!("{}_{step}_by_post", word(item)), as_of)?;
        Some(PublicEvent { event: event(ctx, base, piece, at), status: std::sync::Arc::clone(status), source: Source::Carrier })
    };
    steps.filter_map(status).collect()
}

const fn word(item: MailedItem) -> &'static str {
    match item {
        MailedItem::Card => "card",
        MailedItem::Document => "document",
        MailedItem::Notice => "notice",
    }
}

/// The case as it stood at the mailing, at the time of a scan. The scan's clock is the facility's, so its day is kept, and
/// the hour is as good as it gets.
fn event(ctx: &Context, base: &StatusEvent, piece: &Piece, at: NaiveDateTime) -> StatusEvent {
    let occurred_at = ctx.zone.from_local_datetime(&at).earliest().map_or_else(|| at.and_utc(), |at| at.with_timezone(&Utc));
    StatusEvent {
        occurred_at,
        parameters: EventParameters {
            document: piece.recorded.document(),
            tracking_number: Some(piece.number.as_str().to_owned()),
            notice: piece.recorded.notice(),
            receiving_office: None,
            appointment: None,
        },
        ..base.clone()
    }
}

impl Piece {
    fn item(&self) -> Option<MailedItem> {
        match (self.recorded.document(), self.recorded.notice()) {
            (Some(Document::PermanentResidentCard | Document::EmploymentAuthorizationDocument), _) => Some(MailedItem::Card),
            (Some(_), _) => Some(MailedItem::Document),
            (None, Some(_)) => Some(MailedItem::Notice),
            (None, None) => None,
        }
    }

    /// Where it is, for the rules of requests.
    pub(super) fn fact(&self) -> Option<MailFact> {
        let decisive = self.delivery.decided_at.and_then(|at| self.recorded.scans.iter().rfind(|scan| scan.at == at));
        let last = decisive.or(self.recorded.scans.last());
        Some(MailFact {
            item: self.item()?,
            state: self.delivery.state,
            mailed_on: self.recorded.mailed_on,
            decided_at: self.delivery.decided_at,
            place: last.map(|scan| scan.place.clone()).filter(|place| !place.is_empty()),
        })
    }

    pub(super) fn view(&self, ctx: &Context, locale: Locale) -> DeliveryView {
        let recorded = &self.recorded;
        let document = recorded.document().map(|document| document.name(locale));
        DeliveryView {
            item: document.or_else(|| recorded.notice().map(|notice| notice.name(locale))).map(Into::into),
            kind: self.item(),
            tracking_number: self.number.as_str().to_owned(),
            carrier_link: self.number.carrier_link(),
            state: self.delivery.state,
            scans: recorded.scans.iter().rev().map(|scan| scan_view(scan, locale)).collect(),
            as_of: ctx.carrier_data_as_of().map(|at| day(ctx, at, locale)),
        }
    }
}

fn day(ctx: &Context, at: DateTime<Utc>, locale: Locale) -> Day {
    super::status::day(ctx.day_of(at), locale)
}

fn scan_view(scan: &RecordedScan, locale: Locale) -> ScanView {
    ScanView {
        day: super::status::day(scan.at.date(), locale),
        time: locale.clock_time(scan.at.time()),
        what: scan_name(&scan.code, &scan.name, locale),
        place: Some(scan.place.clone()).filter(|place| !place.is_empty()),
    }
}
