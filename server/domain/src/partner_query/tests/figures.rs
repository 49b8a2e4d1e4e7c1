//! Figures of sharing: what they say, and what nobody learns from them.

use shared::partner_query::{InboundState, ReleaseState};
use store::partner_query::{Answering, ForeignState, NewForeign, NewHold};

use super::*;

/// How a query of Canada's about somebody ended.
#[derive(Clone, Copy)]
enum Ended {
    Told,
    /// About somebody whom nobody knows.
    Unknown,
    /// About somebody of whom nothing may be told.
    Suppressed,
    /// Counsel looked at it for days, and had nothing told.
    HeldAndSilenced,
}

async fn asked(desk: &Desk, number: &str, ended: Ended) {
    let (ctx, partner_data) = (&desk.ctx, desk.ctx.partner_data().unwrap());
    let (id, at) = (ctx.clock.new_id(), ctx.now());
    let received = ForeignState::Request(InboundState::Received);
    let new = NewForeign {
        id,
        message: ctx.clock.new_id(),
        partner: Partner::Canada,
        step: Step::First,
        transaction_number: number,
        prior: None,
        purpose: Purpose::RefugeeClaim,
        priority: Priority::Medium,
        profile: (!matches!(ended, Ended::Unknown)).then_some(desk.profile),
        request: b"asked",
        state: received,
        at,
        due_at: None,
        next_attempt_at: None,
    };
    let mut transaction = partner_data.store.begin().await.unwrap();
    assert!(rows::add_foreign(&mut transaction, &partner_data.keys, ctx.clock.new_id(), &new).await.unwrap());
    rows::count(&mut transaction, Partner::Canada, Direction::In, Step::First, ctx.year()).await.unwrap();
    let (answer, minutes) = match ended {
        Ended::Told => (AnswerKind::Match, 1),
        Ended::Unknown | Ended::Suppressed => (AnswerKind::NoMatch, 1),
        Ended::HeldAndSilenced => (AnswerKind::NoMatch, 4_000),
    };
    if !matches!(ended, Ended::Told | Ended::Unknown) {
        rows::suppress(&mut transaction, ctx.clock.new_id(), id, desk.profile, "protected", at).await.unwrap();
    }
    if matches!(ended, Ended::HeldAndSilenced) {
        let hold = ctx.clock.new_id();
        let new = NewHold { id: hold, held: Held::Foreign(id), because: "[]", at };
        rows::raise_hold(&mut transaction, &new).await.unwrap();
        let silence = HoldDecision::Silence;
        rows::decide_hold(&mut transaction, &partner_data.keys, hold, silence, Uuid::from_u128(3), "So it is.", at).await.unwrap();
    }
    let answering = Answering {
        state: ForeignState::First(ReleaseState::Received),
        decision: None,
        answer: Some(answer),
        disclosure: None,
        attempts: 1,
        next_attempt_at: None,
        answered_at: Some(at + chrono::TimeDelta::minutes(minutes)),
        at,
    };
    assert!(rows::save_foreign(&mut transaction, id, 1, &answering).await.unwrap());
    transaction.commit().await.unwrap();
}

async fn canada(desk: &Desk, role: Role) -> PartnerFigures {
    let report = sharing(&desk.ctx, &officer(&desk.ctx, 9, role), None).await.unwrap().unwrap();
    report.partners.into_iter().find(|figures| figures.partner == Partner::Canada).unwrap()
}

#[tokio::test]
async fn figures_say_how_much_was_told_and_how_soon() {
    for desk in desks().await {
        asked(&desk, "CA-1", Ended::Told).await;
        asked(&desk, "CA-2", Ended::Unknown).await;
        asked(&desk, "CA-3", Ended::Suppressed).await;
        let seen = canada(&desk, Role::AgreementsManager).await;
        assert_eq!((seen.they_asked.first, seen.theirs.told, seen.theirs.untold), (3, 1, 2));
        assert_eq!((seen.theirs.minutes.half(), seen.theirs.told_rate()), (Some(1), Some(33)));
        let of_first = seen.quotas.iter().find(|quota| quota.direction == Direction::In && quota.step == Step::First);
        assert!(of_first.is_none_or(|quota| quota.made == 3));
        let next_year = sharing(&desk.ctx, &officer(&desk.ctx, 9, Role::Counsel), Some(desk.ctx.year() + 1)).await.unwrap();
        assert_eq!(next_year.unwrap().year, desk.ctx.year(), "it has not begun");
        let last = sharing(&desk.ctx, &officer(&desk.ctx, 9, Role::Counsel), Some(desk.ctx.year() - 1)).await.unwrap().unwrap();
        assert!(last.partners.iter().all(|figures| figures.theirs.all() == 0 && figures.quotas.is_empty()));
    }
}

/// Whoever is no privacy officer sees the same, whether a partner was told nothing of somebody protected or of somebody unknown.
#[tokio::test]
async fn a_suppression_shows_in_no_figure_but_the_privacy_officers() {
    for ended in [Ended::Suppressed, Ended::HeldAndSilenced] {
        let (protected, unknown) = (desks().await, desks().await);
        for (protected, unknown) in protected.into_iter().zip(unknown) {
            for (number, this) in [("CA-1", Ended::Told), ("CA-2", ended), ("CA-3", ended)] {
                asked(&protected, number, this).await;
                let there = if matches!(this, Ended::Told) { Ended::Told } else { Ended::Unknown };
                asked(&unknown, number, there).await;
                for role in [Role::AgreementsManager, Role::Counsel] {
                    let seen = canada(&protected, role).await;
                    assert_eq!(seen, canada(&unknown, role).await, "{role:?}");
                    assert_eq!(seen.suppressed, None);
                }
            }
            assert_eq!(canada(&protected, Role::PrivacyOfficer).await.suppressed, Some(2));
            assert_eq!(canada(&unknown, Role::PrivacyOfficer).await.suppressed, Some(0));
            assert_eq!(canada(&unknown, Role::AgreementsManager).await.their_holds, None);
            assert_eq!(canada(&unknown, Role::Counsel).await.their_holds, Some(0));
        }
    }
}

#[tokio::test]
async fn who_watches_over_sharing() {
    for desk in desks().await {
        for role in Role::ALL {
            let may = matches!(role, Role::Counsel | Role::PrivacyOfficer | Role::AgreementsManager);
            let seen = sharing(&desk.ctx, &officer(&desk.ctx, 9, role), None).await;
            assert_eq!(seen.is_ok(), may, "{role:?}");
        }
    }
}
