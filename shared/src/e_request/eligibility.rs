//! The answer before the form: whether a request may be made now, and what the record says already. One pure function.

use chrono::{Days, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::rule::Wait;
use crate::delivery_tracking::{DeliveryState, MailedItem};
use crate::processing_time::{self, Posted, Verdict};

/// What the public part of a case's record says, as far as a rule asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFacts {
    pub received: NaiveDate,
    /// Whether it waits for its first decision.
    pub waits: bool,
    /// The day since which a card or a document is made, or an approval stands.
    pub granted_on: Option<NaiveDate>,
    /// What is published about its normal time.
    pub posted: Option<Posted>,
    /// Oldest first.
    pub mail: Vec<MailFact>,
    /// Oldest first.
    pub notices: Vec<NoticeFact>,
}

/// A piece of mail of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailFact {
    pub item: MailedItem,
    pub state: DeliveryState,
    pub mailed_on: Option<NaiveDate>,
    /// When its state was reached, by the clock of the place.
    pub decided_at: Option<NaiveDateTime>,
    pub place: Option<String>,
}

/// A notice that the record says was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeFact {
    pub mailed_on: NaiveDate,
}

/// Whether a request may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Eligibility {
    MayAsk(Working),
    /// From this day on; none if nobody can say.
    NotYet {
        from: Option<NaiveDate>,
        working: Working,
    },
    Refused(Refusal),
}

/// What led to the answer, to be shown with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Working {
    /// There is nothing to wait for.
    Nothing,
    NormalTime(processing_time::Working),
    Delivered {
        on: Option<NaiveDate>,
        place: Option<String>,
    },
    /// It comes back, or cannot be delivered, or nothing was heard of it.
    GoneAstray {
        state: DeliveryState,
        on: Option<NaiveDate>,
    },
    InTheMail {
        state: DeliveryState,
        mailed_on: Option<NaiveDate>,
        place: Option<String>,
        days: u32,
    },
    NoticeMailed {
        mailed_on: NaiveDate,
        days: u32,
    },
    /// Nothing was mailed since that day.
    NotMailed {
        since: NaiveDate,
        days: u32,
    },
}

/// Why this kind of request does not fit the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It does not wait for a decision.
    NotWaiting,
    /// A card or a document is made after an approval, and there is none.
    NotGranted,
}

/// Whether a request that waits for this may be made about a case.
pub fn eligibility(wait: Wait, case: &CaseFacts, today: NaiveDate) -> Eligibility {
    match wait {
        Wait::Nothing => Eligibility::MayAsk(Working::Nothing),
        Wait::NormalTime if !case.waits => Eligibility::Refused(Refusal::NotWaiting),
        Wait::NormalTime => by_normal_time(case, today),
        Wait::Mailed { item, days, unsent_days } => by_mail(item, days, unsent_days, case, today),
    }
}

fn by_normal_time(case: &CaseFacts, today: NaiveDate) -> Eligibility {
    let working = processing_time::Working::of(case.received, case.posted.as_ref());
    let verdict = working.verdict(today);
    let working = Working::NormalTime(working);
    match verdict {
        Verdict::Outside { .. } => Eligibility::MayAsk(working),
        Verdict::Inside { ask_from } => Eligibility::NotYet { from: ask_from, working },
    }
}

fn by_mail(item: MailedItem, days: u32, unsent_days: u32, case: &CaseFacts, today: NaiveDate) -> Eligibility {
    let piece = case.mail.iter().rfind(|piece| piece.item == item);
    let notice = case.notices.last().filter(|_| item == MailedItem::Notice);
    // A notice that was mailed after the last piece with a tracking number is the one that is waited for.
    let is_newer = |notice: &&NoticeFact| piece.and_then(MailFact::known_since).is_none_or(|since| notice.mailed_on > since);
    if let Some(notice) = notice.filter(is_newer) {
        let working = Working::NoticeMailed { mailed_on: notice.mailed_on, days };
        return after(notice.mailed_on, days, working, today);
    }
    if let Some(piece) = piece {
        return by_piece(piece, days, today);
    }
    let since = match (item, case.granted_on) {
        (MailedItem::Notice, _) => case.received,
        (_, Some(granted_on)) => granted_on,
        (_, None) => return Eligibility::Refused(Refusal::NotGranted),
    };
    after(since, unsent_days, Working::NotMailed { since, days: unsent_days }, today)
}

impl MailFact {
    fn decided_on(&self) -> Option<NaiveDate> {
        self.decided_at.map(|at| at.date())
    }

    /// The day of its mailing; where nobody recorded it, that of the carrier's scan.
    fn known_since(&self) -> Option<NaiveDate> {
        self.mailed_on.or(self.decided_on())
    }
}

fn by_piece(piece: &MailFact, days: u32, today: NaiveDate) -> Eligibility {
    let on = piece.decided_on();
    match piece.state {
        DeliveryState::Delivered => Eligibility::MayAsk(Working::Delivered { on, place: piece.place.clone() }),
        state @ (DeliveryState::Returned | DeliveryState::Undeliverable | DeliveryState::Silent { .. }) => {
            Eligibility::MayAsk(Working::GoneAstray { state, on })
        }
        state => {
            let mailed_on = piece.known_since();
            let working = Working::InTheMail { state, mailed_on, place: piece.place.clone(), days };
            mailed_on.map_or(Eligibility::NotYet { from: None, working: working.clone() }, |mailed_on| {
                after(mailed_on, days, working, today)
            })
        }
    }
}

fn after(day: NaiveDate, days: u32, working: Working, today: NaiveDate) -> Eligibility {
    match day.checked_add_days(Days::new(u64::from(days))) {
        Some(from) if today >= from => Eligibility::MayAsk(working),
        from => Eligibility::NotYet { from, working },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processing_time::{Bound, Unit};
    use DeliveryState::{
        Attempted, AvailableForPickup, Delivered, OutForDelivery, PickedUp, Processed, Returned, Silent, Undeliverable,
        WaitingForFirstScan,
    };
    use proptest::option;
    use proptest::prelude::*;

    const CARD: Wait = Wait::Mailed { item: MailedItem::Card, days: 30, unsent_days: 120 };
    const NOTICE: Wait = Wait::Mailed { item: MailedItem::Notice, days: 30, unsent_days: 30 };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Received on January 15, without a decision, mail or a published time.
    fn case() -> CaseFacts {
        CaseFacts {
            received: day("2026-01-15"),
            waits: true,
            granted_on: None,
            posted: None,
            mail: Vec::new(),
            notices: Vec::new(),
        }
    }

    fn decided(on: &str) -> CaseFacts {
        CaseFacts { waits: false, granted_on: Some(day(on)), ..case() }
    }

    fn piece(item: MailedItem, state: DeliveryState, mailed_on: &str, decided_at: &str) -> MailFact {
        MailFact {
            item,
            state,
            mailed_on: mailed_on.parse().ok(),
            decided_at: format!("{decided_at}T10:30:00").parse().ok(),
            place: Some("SPRINGFIELD VA".into()),
        }
    }

    fn with_card(state: DeliveryState, mailed_on: &str, decided_at: &str) -> CaseFacts {
        CaseFacts { mail: vec![piece(MailedItem::Card, state, mailed_on, decided_at)], ..decided("2026-06-01") }
    }

    fn may_ask(wait: Wait, case: &CaseFacts, today: &str) -> bool {
        matches!(eligibility(wait, case, day(today)), Eligibility::MayAsk(_))
    }

    /// The day from which one may ask, as the answer of that day says it.
    fn from(wait: Wait, case: &CaseFacts, today: &str) -> Option<String> {
        match eligibility(wait, case, day(today)) {
            Eligibility::NotYet { from, .. } => from.map(|day| day.to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_waits_for_nothing_may_be_asked_at_any_time() {
        for case in [case(), decided("2026-06-01")] {
            assert_eq!(eligibility(Wait::Nothing, &case, day("2026-01-15")), Eligibility::MayAsk(Working::Nothing));
        }
    }

    #[test]
    fn a_case_may_be_asked_about_when_it_is_outside_the_normal_time() {
        assert_eq!(from(Wait::NormalTime, &case(), "2026-07-15").as_deref(), Some("2026-07-16"));
        assert!(may_ask(Wait::NormalTime, &case(), "2026-07-16"));
        let upper = Some(Bound::parse("2", Unit::Months).unwrap());
        let posted = Posted { published: day("2026-01-01"), upper, lower: None, inquiry_date: None };
        let quick = CaseFacts { posted: Some(posted), ..case() };
        assert_eq!(from(Wait::NormalTime, &quick, "2026-03-15").as_deref(), Some("2026-03-16"));
        let Eligibility::MayAsk(Working::NormalTime(working)) = eligibility(Wait::NormalTime, &quick, day("2026-03-16")) else {
            panic!("it is outside");
        };
        assert_eq!(working, processing_time::Working::of(quick.received, quick.posted.as_ref()));
    }

    #[test]
    fn a_case_that_does_not_wait_has_no_normal_time() {
        let answer = eligibility(Wait::NormalTime, &decided("2026-06-01"), day("2030-01-01"));
        assert_eq!(answer, Eligibility::Refused(Refusal::NotWaiting));
    }

    #[test]
    fn there_is_no_card_before_there_is_a_decision() {
        assert_eq!(eligibility(CARD, &case(), day("2030-01-01")), Eligibility::Refused(Refusal::NotGranted));
        let notice = CaseFacts { notices: vec![NoticeFact { mailed_on: day("2026-01-20") }], ..case() };
        assert_eq!(eligibility(CARD, &notice, day("2030-01-01")), Eligibility::Refused(Refusal::NotGranted));
        assert_eq!(
            eligibility(CARD, &decided("2026-06-01"), day("2026-06-02")),
            Eligibility::NotYet {
                from: Some(day("2026-09-29")),
                working: Working::NotMailed { since: day("2026-06-01"), days: 120 }
            }
        );
        assert!(may_ask(CARD, &decided("2026-06-01"), "2026-09-29"));
    }

    #[test]
    fn a_notice_is_waited_for_from_the_day_of_receipt_and_then_from_its_mailing() {
        assert_eq!(from(NOTICE, &case(), "2026-02-13").as_deref(), Some("2026-02-14"));
        assert!(may_ask(NOTICE, &case(), "2026-02-14"));
        assert!(may_ask(NOTICE, &decided("2026-02-13"), "2026-02-14"));
        let notice = |mailed_on| NoticeFact { mailed_on: day(mailed_on) };
        let mailed = CaseFacts { notices: vec![notice("2026-01-20"), notice("2026-04-07")], ..case() };
        assert_eq!(
            eligibility(NOTICE, &mailed, day("2026-05-06")),
            Eligibility::NotYet {
                from: Some(day("2026-05-07")),
                working: Working::NoticeMailed { mailed_on: day("2026-04-07"), days: 30 }
            }
        );
        assert!(may_ask(NOTICE, &mailed, "2026-05-07"));
    }

    #[test]
    fn of_a_notice_and_a_piece_with_a_tracking_number_the_newer_counts() {
        let returned = |mailed_on, decided_at| CaseFacts {
            mail: vec![piece(MailedItem::Notice, Returned, mailed_on, decided_at)],
            notices: vec![NoticeFact { mailed_on: day("2026-04-07") }],
            ..case()
        };
        for (mailed_on, decided_at, is_notice) in [
            ("2026-04-06", "2026-04-20", true),
            ("2026-04-07", "2026-04-20", false),
            ("2026-04-08", "2026-04-20", false),
            // Nobody recorded the day of the mailing: the carrier's scan tells.
            ("", "2026-04-06", true),
            ("", "2026-04-20", false),
            ("", "", true),
        ] {
            let answer = eligibility(NOTICE, &returned(mailed_on, decided_at), day("2026-04-21"));
            assert_eq!(matches!(answer, Eligibility::NotYet { .. }), is_notice, "{mailed_on} {decided_at}: {answer:?}");
        }
    }

    #[test]
    fn a_card_that_was_delivered_may_be_asked_about_with_its_scan_and_place() {
        let working = Working::Delivered { on: Some(day("2026-06-12")), place: Some("SPRINGFIELD VA".into()) };
        let case = with_card(Delivered, "2026-06-08", "2026-06-12");
        assert_eq!(eligibility(CARD, &case, day("2026-06-12")), Eligibility::MayAsk(working));
    }

    #[test]
    fn a_card_that_went_astray_may_be_asked_about_at_once() {
        for state in [Returned, Undeliverable, Silent { days: 8 }] {
            let case = with_card(state, "2026-06-08", "2026-06-12");
            let working = Working::GoneAstray { state, on: Some(day("2026-06-12")) };
            assert_eq!(eligibility(CARD, &case, day("2026-06-20")), Eligibility::MayAsk(working), "{state:?}");
        }
    }

    #[test]
    fn a_card_in_the_mail_is_waited_for_and_the_answer_says_where_it_is() {
        for state in [WaitingForFirstScan, PickedUp, Processed, OutForDelivery, Attempted, AvailableForPickup] {
            let case = with_card(state, "2026-06-08", "2026-06-12");
            let working =
                Working::InTheMail { state, mailed_on: Some(day("2026-06-08")), place: Some("SPRINGFIELD VA".into()), days: 30 };
            let not_yet = Eligibility::NotYet { from: Some(day("2026-07-08")), working: working.clone() };
            assert_eq!(eligibility(CARD, &case, day("2026-07-07")), not_yet, "{state:?}");
            assert_eq!(eligibility(CARD, &case, day("2026-07-08")), Eligibility::MayAsk(working), "{state:?}");
        }
    }

    #[test]
    fn a_piece_that_nobody_dated_waits_from_its_scan_or_for_one() {
        assert_eq!(from(CARD, &with_card(PickedUp, "", "2026-06-12"), "2026-06-13").as_deref(), Some("2026-07-12"));
        assert_eq!(from(CARD, &with_card(WaitingForFirstScan, "", ""), "2030-01-01"), None);
    }

    #[test]
    fn only_the_last_piece_of_what_is_waited_for_counts() {
        let card = |state, mailed_on| piece(MailedItem::Card, state, mailed_on, mailed_on);
        let mut case = decided("2026-06-01");
        case.mail = vec![
            card(Returned, "2026-06-08"),
            card(PickedUp, "2026-07-08"),
            piece(MailedItem::Document, Returned, "2026-07-20", "2026-07-30"),
        ];
        assert_eq!(from(CARD, &case, "2026-07-31").as_deref(), Some("2026-08-07"));
        assert!(may_ask(Wait::Mailed { item: MailedItem::Document, days: 30, unsent_days: 30 }, &case, "2026-07-31"));
    }

    #[test]
    fn days_beyond_the_calendar_are_never_promised() {
        let far = Wait::Mailed { item: MailedItem::Notice, days: u32::MAX, unsent_days: u32::MAX };
        assert_eq!(from(far, &case(), "2026-07-31"), None);
    }

    fn some_day() -> impl Strategy<Value = NaiveDate> {
        (0u64..900).prop_map(|days| day("2024-06-01") + Days::new(days))
    }

    fn some_item() -> impl Strategy<Value = MailedItem> {
        prop_oneof![Just(MailedItem::Card), Just(MailedItem::Document), Just(MailedItem::Notice)]
    }

    fn some_wait() -> impl Strategy<Value = Wait> {
        let mailed = (some_item(), 1u32..200, 1u32..200);
        let mailed = mailed.prop_map(|(item, days, unsent_days)| Wait::Mailed { item, days, unsent_days });
        prop_oneof![Just(Wait::Nothing), Just(Wait::NormalTime), mailed]
    }

    fn some_piece() -> impl Strategy<Value = MailFact> {
        let state = prop::sample::select(vec![
            WaitingForFirstScan,
            PickedUp,
            OutForDelivery,
            Delivered,
            Returned,
            Undeliverable,
            Silent { days: 9 },
        ]);
        let scan = some_day().prop_map(|day| day.and_hms_opt(9, 0, 0).unwrap());
        (some_item(), state, option::of(some_day()), option::of(scan)).prop_map(|(item, state, mailed_on, decided_at)| MailFact {
            item,
            state,
            mailed_on,
            decided_at,
            place: None,
        })
    }

    prop_compose! {
        fn some_posted()(published in some_day(), inquiry_date in option::of(some_day()), months in option::of(1u32..24)) -> Posted {
            let upper = months.map(|months| Bound::parse(&months.to_string(), Unit::Months).unwrap());
            Posted { published, upper, lower: None, inquiry_date }
        }
    }

    prop_compose! {
        fn some_case()(
            received in some_day(),
            granted_on in option::of(some_day()),
            posted in option::of(some_posted()),
            mail in prop::collection::vec(some_piece(), 0..4),
            mut notices in prop::collection::vec(some_day(), 0..3),
        ) -> CaseFacts {
            notices.sort();
            let notices = notices.into_iter().map(|mailed_on| NoticeFact { mailed_on }).collect();
            CaseFacts { received, waits: granted_on.is_none(), granted_on, posted, mail, notices }
        }
    }

    proptest! {
        /// Whoever is sent away is told a day that comes, and is let in on it and not before.
        #[test]
        fn the_day_that_is_told_is_the_first_on_which_one_may_ask(wait in some_wait(), case in some_case(), today in some_day()) {
            let Eligibility::NotYet { from: Some(from), working } = eligibility(wait, &case, today) else { return Ok(()) };
            prop_assert!(from > today);
            prop_assert_eq!(eligibility(wait, &case, from), Eligibility::MayAsk(working));
            let before = eligibility(wait, &case, from.pred_opt().unwrap());
            prop_assert!(matches!(before, Eligibility::NotYet { from: Some(day), .. } if day == from), "{:?}", before);
        }

        /// While nothing happens to the case, nobody who may ask is sent away later.
        #[test]
        fn time_alone_takes_nothing_away(wait in some_wait(), case in some_case(), today in some_day(), days in 0u64..900) {
            if let Eligibility::MayAsk(_) = eligibility(wait, &case, today) {
                let later = eligibility(wait, &case, today + Days::new(days));
                prop_assert!(matches!(later, Eligibility::MayAsk(_)), "{:?}", later);
            }
        }

        #[test]
        fn whatever_the_mail_says_nobody_is_refused_who_has_a_piece_in_it(case in some_case(), days in 1u32..200, today in some_day()) {
            for item in [MailedItem::Card, MailedItem::Document, MailedItem::Notice] {
                let answer = eligibility(Wait::Mailed { item, days, unsent_days: days }, &case, today);
                if case.mail.iter().any(|piece| piece.item == item) || case.granted_on.is_some() || item == MailedItem::Notice {
                    prop_assert!(!matches!(answer, Eligibility::Refused(_)), "{:?}", answer);
                }
            }
        }
    }
}
