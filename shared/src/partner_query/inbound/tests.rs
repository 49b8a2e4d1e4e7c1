use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use InboundEvent as E;
use InboundState as S;

fn by() -> OfficerId {
    OfficerId(7)
}

fn number() -> TransactionNumber {
    TransactionNumber::new([7; 16])
}

fn checked(verdict: Verdict) -> E {
    E::Checked { verdict }
}

fn decided(verdict: Verdict) -> E {
    E::Decided { by: by(), verdict }
}

fn transmitted() -> E {
    E::Transmitted { number: number() }
}

fn silence_sent() -> E {
    E::SilenceSent { number: number() }
}

fn all() -> Vec<E> {
    let checks = Verdict::ALL.into_iter().flat_map(|verdict| [checked(verdict), decided(verdict)]);
    let others = [
        E::Validated,
        E::Invalid,
        E::CheckBegun,
        E::Opened { by: by() },
        E::SentToReview { by: by() },
        E::Returned { by: by() },
        E::Approved { by: by() },
        E::Packaged,
        E::Handed,
        E::Retrieved,
        transmitted(),
        silence_sent(),
        E::TransmissionFailed,
        E::Retried { by: by() },
        E::Cancelled,
        E::Closed { by: by() },
        E::Corrected { number: number() },
    ];
    checks.chain(others).collect()
}

fn after(state: S, events: &[E]) -> S {
    events.iter().try_fold(state, S::next).unwrap()
}

fn ways() -> impl Iterator<Item = (S, E, S)> {
    let of = |state: S| all().into_iter().filter_map(move |event| Some((state, event.clone(), state.next(&event).ok()?)));
    S::ALL.into_iter().flat_map(of)
}

fn reached_from(begin: S) -> BTreeSet<S> {
    let mut reached = BTreeSet::from([begin]);
    let mut new = vec![begin];
    while let Some(state) = new.pop() {
        let next = all().into_iter().filter_map(|event| state.next(&event).ok());
        new.extend(next.filter(|next| reached.insert(*next)));
    }
    reached
}

fn ways_into(to: S) -> BTreeSet<(S, &'static str)> {
    ways().filter(|(from, _, reached)| *reached == to && *from != to).map(|(from, event, _)| (from, event.key())).collect()
}

#[test]
fn every_key_is_read_back_and_stands_once() {
    for state in S::ALL {
        assert_eq!(S::from_key(state.key()), Some(state));
        assert!(!state.name().is_empty());
    }
    assert_eq!(S::ALL.into_iter().collect::<BTreeSet<_>>().len(), S::ALL.len());
}

#[test]
fn events_are_kept_as_they_are() {
    for event in all() {
        let kept = serde_json::to_value(&event).unwrap();
        assert_eq!(kept["event"], event.key());
        assert_eq!(serde_json::from_value::<E>(kept).unwrap(), event);
    }
}

#[test]
fn every_state_is_reached_from_receipt_and_no_other() {
    assert_eq!(reached_from(S::Received), S::ALL.into_iter().collect());
}

/// The way of PIA-060(a), step by step, with one detour.
#[test]
fn a_request_goes_its_way() {
    let mut state = S::Received;
    for (event, expected) in [
        (E::Validated, S::Validated),
        (E::CheckBegun, S::ProtectionCheck),
        (checked(Verdict::Refer), S::Referred(Referral::Intake)),
        (decided(Verdict::Proceed), S::Assigned),
        (E::Opened { by: by() }, S::InPreparation),
        (E::SentToReview { by: by() }, S::InReview),
        (E::Returned { by: by() }, S::Returned),
        (E::Opened { by: by() }, S::InPreparation),
        (E::SentToReview { by: by() }, S::InReview),
        (checked(Verdict::Proceed), S::InReview),
        (E::Approved { by: by() }, S::Approved),
        (checked(Verdict::Refer), S::Referred(Referral::Release)),
        (decided(Verdict::Proceed), S::InReview),
        (E::Approved { by: by() }, S::Approved),
        (E::Packaged, S::Packaged),
        (E::Handed, S::HandedToCpms),
        (E::Retrieved, S::RetrievedByObim),
        (checked(Verdict::Proceed), S::RetrievedByObim),
        (transmitted(), S::Transmitted),
        (E::Closed { by: by() }, S::Closed),
        (E::Corrected { number: number() }, S::Corrected),
        (E::Closed { by: by() }, S::Closed),
    ] {
        state = state.next(&event).unwrap();
        assert_eq!(state, expected, "{event:?}");
    }
}

#[test]
fn the_check_opens_three_ways() {
    for (verdict, state) in
        [(Verdict::Proceed, S::Assigned), (Verdict::Refer, S::Referred(Referral::Intake)), (Verdict::Silence, S::Suppressed)]
    {
        assert_eq!(after(S::Validated, &[E::CheckBegun, E::CheckBegun, checked(verdict)]), state);
    }
    assert!(S::Validated.next(&checked(Verdict::Proceed)).is_err(), "nothing is checked that was not begun");
    assert!(S::Referred(Referral::Intake).next(&decided(Verdict::Refer)).is_err(), "to refer again is no decision");
}

/// Whatever is found later: no way leads from silence to anything that is told.
#[test]
fn silence_is_never_broken() {
    let reached = reached_from(S::Suppressed);
    let silent =
        [S::Suppressed, S::Failed(Failing::Silence), S::Transmitted, S::Closed, S::Corrected, S::Cancelled].into_iter().collect();
    assert_eq!(reached, silent);
    assert!(ways_into(S::Transmitted).contains(&(S::Suppressed, "silence_sent")));
    for state in [S::Suppressed, S::Failed(Failing::Silence), S::Approved, S::Packaged] {
        let refused = InboundRefused::MayNotLeave { state: state.key(), event: "transmitted" };
        assert_eq!(state.next(&transmitted()), Err(refused), "a package left: somebody has to look");
    }
}

#[test]
fn until_the_answer_has_left_the_check_can_close() {
    let open: Vec<_> = S::ALL.into_iter().filter(|state| state.is_open()).collect();
    for state in open {
        let closed = state.next(&checked(Verdict::Silence));
        match state {
            S::Received | S::Validated => assert!(closed.is_err()),
            S::Failed(_) => assert_eq!(closed, Ok(S::Failed(Failing::Silence))),
            _ => assert_eq!(closed, Ok(S::Suppressed), "{state:?}"),
        }
    }
    for state in [S::Transmitted, S::Closed, S::Corrected, S::Cancelled] {
        for verdict in Verdict::ALL {
            assert_eq!(state.next(&checked(verdict)), Ok(state), "it is too late, or it does not matter");
        }
    }
}

/// "Proceed" moves nothing but the first check.
#[test]
fn no_check_opens_what_another_one_closed() {
    for (from, event, to) in ways() {
        if event == checked(Verdict::Proceed) {
            assert!(from == to || from == S::ProtectionCheck, "{from:?} {to:?}");
        }
    }
}

#[test]
fn nothing_is_handed_over_that_was_not_approved() {
    assert_eq!(ways_into(S::Approved), BTreeSet::from([(S::InReview, "approved")]));
    assert_eq!(ways_into(S::Packaged), BTreeSet::from([(S::Approved, "packaged"), (S::Failed(Failing::Package), "retried")]));
    assert_eq!(ways_into(S::HandedToCpms), BTreeSet::from([(S::Packaged, "handed")]));
    let failing: BTreeSet<_> = ways_into(S::Failed(Failing::Package)).into_iter().map(|(from, _)| from).collect();
    assert_eq!(failing, BTreeSet::from([S::Packaged, S::HandedToCpms, S::RetrievedByObim]));
}

#[test]
fn obim_may_report_in_any_order_and_twice() {
    for reports in [
        vec![E::Retrieved, transmitted()],
        vec![transmitted(), E::Retrieved],
        vec![transmitted()],
        vec![E::Retrieved, E::Retrieved, transmitted(), transmitted(), E::Retrieved],
        vec![E::TransmissionFailed, E::Retrieved, transmitted()],
        vec![transmitted(), E::TransmissionFailed],
    ] {
        assert_eq!(after(S::HandedToCpms, &reports), S::Transmitted, "{reports:?}");
        assert_eq!(after(S::HandedToCpms, &[reports, vec![E::Closed { by: by() }, transmitted()]].concat()), S::Closed);
    }
}

#[test]
fn what_failed_is_sent_again_as_what_it_was() {
    let retried = E::Retried { by: by() };
    assert_eq!(after(S::HandedToCpms, &[E::TransmissionFailed, retried.clone()]), S::Packaged);
    assert_eq!(after(S::Suppressed, &[E::TransmissionFailed, retried.clone()]), S::Suppressed);
    let suppressed_since = [E::TransmissionFailed, checked(Verdict::Silence), retried.clone()];
    assert_eq!(after(S::HandedToCpms, &suppressed_since), S::Suppressed);
    assert!(S::Failed(Failing::Message).next(&retried).is_err());
}

#[test]
fn a_partner_takes_its_request_back_until_obim_has_the_answer() {
    for state in S::ALL {
        let taken_back = state.next(&E::Cancelled).unwrap();
        let is_too_late =
            matches!(state, S::HandedToCpms | S::RetrievedByObim | S::Transmitted | S::Closed | S::Corrected | S::Failed(_));
        assert_eq!(taken_back, if is_too_late { state } else { S::Cancelled }, "{state:?}");
    }
}

#[test]
fn a_refusal_names_what_was_tried() {
    let refused = S::Received.next(&E::Packaged).unwrap_err();
    assert_eq!(refused.to_string(), "\"packaged\" cannot happen to a request that is \"received\"");
    let refused = S::Suppressed.next(&transmitted()).unwrap_err();
    assert_eq!(refused.to_string(), "\"transmitted\" is reported of an answer that may not leave: the request is \"suppressed\"");
}

proptest! {
    /// Whatever comes, and in whatever order: what was once suppressed is told by nobody.
    #[test]
    fn any_sequence_is_lived_through(picks in prop::collection::vec(any::<prop::sample::Index>(), 0..60)) {
        let all = all();
        let (mut state, mut was_suppressed) = (S::Received, false);
        for pick in picks {
            let event = &all[pick.index(all.len())];
            if let Ok(next) = state.next(event) {
                state = next;
            }
            was_suppressed |= state == S::Suppressed;
            let tells = matches!(state, S::Assigned | S::InPreparation | S::InReview | S::Approved | S::Packaged | S::HandedToCpms | S::RetrievedByObim);
            prop_assert!(!was_suppressed || !tells, "{state:?}");
        }
    }
}
