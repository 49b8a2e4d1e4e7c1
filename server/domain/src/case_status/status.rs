//! The status of a case: its public events, and the view made of them.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use shared::case_feed::Appointment;
use shared::case_status::{AppointmentView, CaseStatusView, Day, FormNumber, HistoryEntry, ReceiptNumber, Stage, Timing};
use shared::e_request::{CaseFacts, NoticeFact};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::processing_time::{CategoryKey, Posted};
use store::case_status::StatusEvent;
use store::crypto::sha256;
use store::delivery_tracking::RecordedDelivery;

use super::mail::{self, Piece};
use crate::Context;
use crate::reference::{DeadlineFor, Placeholder, Status, Texts};

/// Statuses of what was sent back to whoever filed it: it has no place among those who wait.
pub(crate) const SENT_BACK: [&str; 13] = [
    "request_was_rejected",
    "rejected_incorrect_fee",
    "rejected_old_form_version",
    "rejected_form_not_signed",
    "rejected_payment_not_signed",
    "rejected_improperly_filed",
    "rejected_form_not_signed_old_version",
    "rejected_incorrect_fee_form_not_signed",
    "rejected_incorrect_fee_old_version",
    "rejected_incorrect_fee_payment_not_signed",
    "rejected_incorrect_fee_payment_not_signed_old_version",
    "rejected_insufficient_funds",
    "resubmitted_fee_not_accepted",
];

/// Statuses after which a card or a document is made and mailed.
const GRANTED: [&str; 12] = [
    "approved",
    "approved_notice_sent",
    "approved_decision_emailed",
    "approval_affirmed",
    "appeal_approved",
    "new_card_being_produced",
    "card_mailed",
    "reentry_permit_produced",
    "advance_parole_produced",
    "naturalization_certificate_issued",
    "document_mailed_to_me",
    "document_mailed_to_office",
];

/// What may be said about a case: events whose code is public, and the texts of the moment.
#[derive(Debug)]
pub struct CaseStatus {
    number: ReceiptNumber,
    category: Option<CategoryKey>,
    /// Oldest first; never empty.
    events: Vec<PublicEvent>,
    newest: usize,
    /// Oldest first.
    mail: Vec<Piece>,
    texts: Arc<Texts>,
    as_of: DateTime<Utc>,
}

#[derive(Debug)]
pub(super) struct PublicEvent {
    pub event: StatusEvent,
    pub status: Arc<Status>,
    pub source: Source,
}

impl PublicEvent {
    /// The name of its status, whatever the reader's language.
    fn title(&self) -> &str {
        &self.status.wording(Locale::En).title
    }
}

/// Who tells of an event. On one day the carrier's part comes after the agency's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Agency,
    Carrier,
}

impl CaseStatus {
    /// None if no event is public: then there is nothing to say.
    ///
    /// An event with a code that is not public changes nothing: neither title nor history nor the date of last update, nor
    /// the office or the form that a text names.
    pub(super) fn of(
        ctx: &Context,
        number: ReceiptNumber,
        category: Option<CategoryKey>,
        events: Vec<StatusEvent>,
        deliveries: Vec<RecordedDelivery>,
        as_of: DateTime<Utc>,
    ) -> Option<Self> {
        let texts = ctx.texts();
        let public = |event: StatusEvent| {
            let status = Arc::clone(texts.public_status(&event.action_code, as_of)?);
            Some(PublicEvent { event, status, source: Source::Agency })
        };
        let mut events: Vec<PublicEvent> = events.into_iter().filter_map(public).collect();
        let mail = mail::pieces(ctx, &texts, deliveries, as_of);
        events.extend(mail::statuses(ctx, &texts, &events, &mail, as_of));
        events.sort_by_key(|public| (ctx.day_of(public.event.occurred_at), public.source, public.event.occurred_at));
        let newest = events.len().checked_sub(1)?;
        Some(Self { number, category, events, newest, mail, texts, as_of })
    }

    pub const fn receipt_number(&self) -> &ReceiptNumber {
        &self.number
    }

    pub(crate) fn form(&self) -> &FormNumber {
        &self.newest().event.form
    }

    pub(crate) const fn category(&self) -> Option<&CategoryKey> {
        self.category.as_ref()
    }

    /// The office that has the case, as its newest public event says.
    pub(crate) fn office(&self) -> Option<&OfficeCode> {
        let said = &self.newest().event;
        said.parameters.receiving_office.as_ref().or(said.office.as_ref())
    }

    /// Whether it waits for its first decision, as far as its public events say: none is a decision, nor anything that comes
    /// after one. A case that was decided and opened again stands in no order of received dates.
    pub(crate) fn waits(&self) -> bool {
        let is_open = |status: &Status| status.stage < Stage::Decided && !SENT_BACK.contains(&status.key.as_str());
        self.events.iter().all(|public| is_open(&public.status))
    }

    /// The day on which the agency received it, as far as its public events say; the day of the first of them otherwise.
    pub(crate) fn received_on(&self, ctx: &Context) -> NaiveDate {
        let stated = self.events.iter().rev().find_map(|public| public.event.received_on);
        stated.unwrap_or_else(|| ctx.day_of(self.events[0].event.occurred_at))
    }

    /// The days that people know as the one on which it was filed: the form's own, and the one on the receipt notice. Where no
    /// event states either, the day that the case's page tells.
    pub(crate) fn days_of_filing(&self, ctx: &Context) -> Vec<NaiveDate> {
        let stated = self.events.iter().flat_map(|public| [public.event.filed_on, public.event.received_on]);
        let stated: Vec<NaiveDate> = stated.flatten().collect();
        if stated.is_empty() { vec![self.received_on(ctx)] } else { stated }
    }

    /// What a request about it has to know, of its public record alone.
    pub(crate) fn facts(&self, ctx: &Context, posted: Option<Posted>) -> CaseFacts {
        let day = |public: &PublicEvent| ctx.day_of(public.event.occurred_at);
        let grants = |public: &&PublicEvent| GRANTED.contains(&public.status.key.as_str());
        let agency = || self.events.iter().filter(|public| public.source == Source::Agency);
        let notices = agency().filter(|public| public.event.parameters.notice.is_some());
        CaseFacts {
            received: self.received_on(ctx),
            waits: self.waits(),
            granted_on: agency().rfind(grants).map(day),
            posted,
            mail: self.mail.iter().filter_map(Piece::fact).collect(),
            notices: notices.map(|public| NoticeFact { mailed_on: day(public) }).collect(),
        }
    }

    /// When the case came in: its oldest public event, on the agency's clock.
    pub fn submitted_at(&self, ctx: &Context) -> NaiveDateTime {
        self.events[0].event.occurred_at.with_timezone(&ctx.zone).naive_local()
    }

    /// When it last changed in public, on the agency's clock.
    pub fn modified_at(&self, ctx: &Context) -> NaiveDateTime {
        self.newest().event.occurred_at.with_timezone(&ctx.zone).naive_local()
    }

    /// A mark of all that may be told of the case: it differs as soon as an event is added to the history, or mail moves on.
    /// The passing of days changes nothing in it.
    pub(crate) fn mark(&self, ctx: &Context) -> [u8; 32] {
        let event = |public: &PublicEvent| {
            let carrier = if public.source == Source::Carrier { "carrier" } else { "agency" };
            format!("{carrier} {} {}\n", public.event.action_code, ctx.day_of(public.event.occurred_at))
        };
        let told: String = self.events.iter().map(event).chain(self.mail.iter().map(Piece::mark)).collect();
        sha256(told.as_bytes())
    }

    fn newest(&self) -> &PublicEvent {
        &self.events[self.newest]
    }

    /// The next appointment: the newest one stated, unless its day has passed or a later event overtook it.
    pub(super) fn next_appointment(&self, ctx: &Context) -> Option<&Appointment> {
        let overtakes = |stage| matches!(stage, Stage::Appointment | Stage::Decided | Stage::OnItsWay | Stage::Finished);
        for public in self.events.iter().rev() {
            if let Some(appointment) = &public.event.parameters.appointment {
                return (appointment.at.date() >= ctx.today()).then_some(appointment);
            }
            if overtakes(public.status.stage) {
                return None;
            }
        }
        None
    }

    pub(super) fn office_name(&self, appointment: &Appointment) -> Option<String> {
        appointment.office.as_ref().map(|office| self.texts.office_name(office, self.as_of).to_owned())
    }

    pub(super) fn view(&self, ctx: &Context, locale: Locale) -> CaseStatusView {
        let newest = self.newest();
        let wording = newest.status.wording(locale);
        let timing = self.timing(ctx, locale);
        let next_step = (timing != Some(Timing::AppointmentPassed)).then_some(&wording.next_step);
        let value = |placeholder| self.value(ctx, locale, placeholder);
        CaseStatusView {
            receipt_number: self.number.as_str().to_owned(),
            form: newest.event.form.as_str().to_owned(),
            form_name: self.texts.form_name(&newest.event.form, locale, self.as_of).map(Into::into),
            title: wording.title.clone(),
            description: wording.description.render(&value),
            next_step: next_step.map(|text| text.render(&value)).filter(|text| !text.is_empty()),
            timing,
            stage: newest.status.stage,
            appointment: self.next_appointment(ctx).map(|appointment| self.appointment_view(appointment, locale)),
            deliveries: self.mail.iter().rev().map(|piece| piece.view(ctx, locale)).collect(),
            updated: day(ctx.day_of(newest.event.occurred_at), locale),
            history: self.history(ctx, locale),
        }
    }

    fn appointment_view(&self, appointment: &Appointment, locale: Locale) -> AppointmentView {
        AppointmentView {
            day: day(appointment.at.date(), locale),
            time: locale.clock_time(appointment.at.time()),
            office: self.office_name(appointment),
        }
    }

    fn timing(&self, ctx: &Context, locale: Locale) -> Option<Timing> {
        if self.appointment_has_passed(ctx) {
            return Some(Timing::AppointmentPassed);
        }
        match (self.newest().status.deadline?.is_for, self.deadline(ctx)) {
            (DeadlineFor::Call, Some(_)) => None,
            (DeadlineFor::Call, None) => Some(Timing::ShouldHaveCome),
            // One day to remember is enough.
            (DeadlineFor::Person, Some(_)) if self.next_appointment(ctx).is_some() => None,
            (DeadlineFor::Person, Some(deadline)) => Some(Timing::ActBy(day(deadline, locale))),
            (DeadlineFor::Person, None) => Some(Timing::ActDayPassed),
        }
    }

    /// Whether the case still stands at an appointment whose day is over.
    ///
    /// The oath comes with the approval. Events of other stages that name an appointment look back on it: nobody came, it was
    /// called off.
    fn appointment_has_passed(&self, ctx: &Context) -> bool {
        let newest = self.newest();
        matches!(newest.status.stage, Stage::Appointment | Stage::Decided)
            && newest.event.parameters.appointment.as_ref().is_some_and(|appointment| appointment.at.date() < ctx.today())
    }

    /// The day that the newest status names, unless it has passed.
    fn deadline(&self, ctx: &Context) -> Option<NaiveDate> {
        let newest = self.newest();
        let day = ctx.day_of(newest.event.occurred_at).checked_add_days(Days::new(newest.status.deadline?.days))?;
        (day >= ctx.today()).then_some(day)
    }

    fn value(&self, ctx: &Context, locale: Locale, placeholder: Placeholder) -> Option<Cow<'_, str>> {
        let event = &self.newest().event;
        let said = &event.parameters;
        let date = |date: NaiveDate| Cow::Owned(locale.long_date(date));
        let office = |office| Cow::Borrowed(self.texts.office_name(office, self.as_of));
        Some(match placeholder {
            Placeholder::Date => date(ctx.day_of(event.occurred_at)),
            Placeholder::FormLongName => Cow::Owned(self.form_long_name(locale)),
            Placeholder::ReceiptNumber => Cow::Borrowed(self.number.as_str()),
            Placeholder::Deadline => date(self.deadline(ctx)?),
            Placeholder::Office => office(said.receiving_office.as_ref().or(event.office.as_ref())?),
            Placeholder::TrackingNumber => Cow::Borrowed(said.tracking_number.as_deref()?),
            Placeholder::Document => Cow::Borrowed(said.document?.name(locale)),
            Placeholder::Notice => Cow::Borrowed(said.notice?.name(locale)),
            Placeholder::AppointmentDate => date(said.appointment.as_ref()?.at.date()),
            Placeholder::AppointmentTime => Cow::Owned(locale.clock_time(said.appointment.as_ref()?.at.time())),
            Placeholder::AppointmentOffice => office(said.appointment.as_ref()?.office.as_ref()?),
        })
    }

    /// `Form I-765, Application for Employment Authorization`.
    fn form_long_name(&self, locale: Locale) -> String {
        let form = &self.newest().event.form;
        let word = locale.pick("Form", "Formulario");
        match self.texts.form_name(form, locale, self.as_of) {
            Some(name) => format!("{word} {}, {name}", form.as_str()),
            None => format!("{word} {}", form.as_str()),
        }
    }

    /// Newest first. Systems often send several codes for one act: the same title on the same day stands once, and in every
    /// language the same entries.
    fn history(&self, ctx: &Context, locale: Locale) -> Vec<HistoryEntry> {
        let mut history: Vec<(NaiveDate, &PublicEvent)> = Vec::with_capacity(self.events.len());
        for public in self.events.iter().rev() {
            let on = ctx.day_of(public.event.occurred_at);
            let is_same = |(last, known): &(NaiveDate, &PublicEvent)| *last == on && known.title() == public.title();
            if !history.last().is_some_and(is_same) {
                history.push((on, public));
            }
        }
        let entry = |(on, public): (_, &PublicEvent)| HistoryEntry {
            day: day(on, locale),
            title: public.status.wording(locale).title.clone(),
        };
        history.into_iter().map(entry).collect()
    }
}

pub(super) fn day(date: NaiveDate, locale: Locale) -> Day {
    Day { iso: date.to_string(), text: locale.long_date(date) }
}
