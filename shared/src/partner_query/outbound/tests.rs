use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use OutboundState as S;

fn by() -> OfficerId {
    OfficerId(7)
}

fn number() -> TransactionNumber {
    TransactionNumber::new([7; 16])
}

fn sent(step: Step) -> OutboundEvent {
    OutboundEvent::Sent { step, number: number() }
}

fn answered(step: Step, result: ReplyResult) -> OutboundEvent {
    OutboundEvent::Answered { step, number: number(), result }
}

fn failed(step: Step) -> OutboundEvent {
    OutboundEvent::Failed { step, why: Failure::NoAnswer }
}

const MATCH: ReplyResult = ReplyResult::Match;

/// What we do.
fn acts() -> Vec<OutboundEvent> {
    use OutboundEvent as E;
    vec![
        E::Submitted { by: by() },
        E::Held { because: Referred::Protection },
        E::Cleared { by: by() },
        E::Refused { because: Withheld::Protected },
        E::Cancelled { by: by() },
        E::Retried { by: by() },
        E::ThirdRequested { by: by() },
        E::ThirdApproved { by: by() },
        E::Reviewed { by: by() },
        E::Closed { by: by() },
    ]
}

/// What reaches us from a partner, or from IDENT.
fn from_outside() -> Vec<OutboundEvent> {
    let answers = Step::ALL.into_iter().flat_map(|step| ReplyResult::ALL.map(|result| answered(step, result)));
    let corrections = Step::ALL.map(|step| OutboundEvent::Corrected { step, number: number() });
    answers.chain(corrections).chain([sent(Step::Second)]).collect()
}

/// What our own sending and our own waiting come to.
fn of_jobs() -> Vec<OutboundEvent> {
    let sent = [Step::First, Step::Third, Step::Reverse].map(sent);
    sent.into_iter().chain(Step::ALL.map(failed)).collect()
}

fn all() -> Vec<OutboundEvent> {
    [acts(), of_jobs(), from_outside()].concat()
}

fn after(state: S, events: &[OutboundEvent]) -> S {
    events.iter().try_fold(state, S::next).unwrap()
}

/// Every state from which an event can lead, and where to.
fn ways() -> impl Iterator<Item = (S, OutboundEvent, S)> {
    let of = |state: S| all().into_iter().filter_map(move |event| Some((state, event.clone(), state.next(&event).ok()?)));
    S::ALL.into_iter().flat_map(of)
}

/// Ways that lead into a state from another one.
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
    assert_eq!(S::from_key("lost"), None);
}

#[test]
fn events_are_kept_as_they_are() {
    for event in all() {
        let kept = serde_json::to_value(&event).unwrap();
        assert_eq!(kept["event"], event.key());
        assert_eq!(serde_json::from_value::<OutboundEvent>(kept).unwrap(), event);
    }
}

#[test]
fn every_state_is_reached_from_a_draft_and_no_other() {
    let mut reached = BTreeSet::from([S::Draft]);
    let mut new = vec![S::Draft];
    while let Some(state) = new.pop() {
        let next = all().into_iter().filter_map(|event| state.next(&event).ok());
        new.extend(next.filter(|next| reached.insert(*next)));
    }
    assert_eq!(reached, S::ALL.into_iter().collect());
}

/// The way of PIA-060(a), step by step.
#[test]
fn a_query_goes_its_way() {
    use OutboundEvent as E;
    let mut state = S::Draft;
    for (event, expected) in [
        (E::Submitted { by: by() }, S::Submitted),
        (E::Held { because: Referred::Protection }, S::Held(Asking::First)),
        (E::Cleared { by: by() }, S::Submitted),
        (sent(Step::First), S::Q1Sent),
        (answered(Step::First, MATCH), S::Q1Matched),
        (sent(Step::Second), S::Q2AutoSent),
        (answered(Step::Second, ReplyResult::Partial), S::Q2Answered),
        (E::ThirdRequested { by: by() }, S::Q3Requested),
        (E::ThirdApproved { by: by() }, S::Q3Approved),
        (E::Held { because: Referred::Counsel }, S::Held(Asking::Third)),
        (E::Cleared { by: by() }, S::Q3Requested),
        (E::ThirdApproved { by: by() }, S::Q3Approved),
        (sent(Step::Third), S::Q3Sent),
        (failed(Step::Third), S::Failed(Round::Third)),
        (E::Retried { by: by() }, S::Q3Approved),
        (sent(Step::Third), S::Q3Sent),
        (answered(Step::Third, MATCH), S::Q3Answered),
        (E::Reviewed { by: by() }, S::Reviewed(Known::Third)),
        (E::Closed { by: by() }, S::Closed(Known::Third)),
    ] {
        state = state.next(&event).unwrap();
        assert_eq!(state, expected, "{event:?}");
    }
}

#[test]
fn the_first_answer_decides_how_it_goes_on() {
    for (result, state, known) in [
        (ReplyResult::Match, S::Q1Matched, Known::Match),
        (ReplyResult::Partial, S::Q1Matched, Known::Match),
        (ReplyResult::NoMatch, S::NoMatch, Known::Nothing),
        (ReplyResult::Refused, S::Refused(Refuser::Partner), Known::Nothing),
        (ReplyResult::Error, S::Failed(Round::First), Known::Nothing),
    ] {
        let reached = after(S::Q1Sent, &[answered(Step::First, result)]);
        assert_eq!((reached, reached.known()), (state, known));
        assert_eq!(after(reached, &[OutboundEvent::Reviewed { by: by() }]), S::Reviewed(known), "each can be read");
    }
}

#[test]
fn nothing_leaves_that_was_not_submitted_or_approved() {
    assert_eq!(ways_into(S::Q1Sent), BTreeSet::from([(S::Submitted, "sent")]));
    assert_eq!(ways_into(S::Q3Sent), BTreeSet::from([(S::Submitted, "sent"), (S::Q3Approved, "sent")]));
    assert!(S::Submitted.next(&sent(Step::Third)).is_err(), "only a query that asks back begins with its third round");
    assert_eq!(
        ways_into(S::Q3Approved),
        BTreeSet::from([(S::Q3Requested, "third_approved"), (S::Failed(Round::Third), "retried")])
    );
    assert_eq!(
        ways_into(S::Failed(Round::Third)).into_iter().map(|(from, _)| from).collect::<BTreeSet<_>>(),
        BTreeSet::from([S::Submitted, S::Q3Approved, S::Q3Sent]),
        "from there it is sent again without an approval"
    );
    assert_eq!(
        ways_into(S::Submitted),
        BTreeSet::from([(S::Draft, "submitted"), (S::Held(Asking::First), "cleared"), (S::Failed(Round::First), "retried")])
    );
}

#[test]
fn a_query_that_asks_back_has_one_round() {
    let reached = after(S::Submitted, &[sent(Step::Reverse), answered(Step::Reverse, MATCH)]);
    assert_eq!(reached, S::Q3Answered);
    assert_eq!(after(S::Submitted, &[failed(Step::Reverse)]), S::Failed(Round::Third));
}

#[test]
fn only_what_is_not_sent_is_taken_back_or_refused() {
    for state in [S::Refused(Refuser::Us), S::Cancelled] {
        let from: BTreeSet<_> = ways_into(state).into_iter().map(|(from, _)| from).collect();
        assert!(from.is_subset(&BTreeSet::from([S::Draft, S::Submitted, S::Held(Asking::First)])), "{from:?}");
        let goes_on = |event: &OutboundEvent| state.next(event).is_ok_and(|next| next != state);
        assert!(!acts().iter().chain(&of_jobs()).any(goes_on), "it ends there, unless an answer proves that it was sent before");
    }
    for event in [OutboundEvent::Refused { because: Withheld::Protected }, OutboundEvent::Cancelled { by: by() }] {
        for state in [S::Q3Requested, S::Q3Approved, S::Held(Asking::Third)] {
            assert_eq!(state.next(&event), Ok(S::Q2Answered), "what the second brought stays");
        }
    }
}

#[test]
fn an_answer_is_refused_by_a_draft_alone() {
    for state in S::ALL {
        for event in from_outside() {
            let refused = state.next(&event).err();
            assert_eq!(refused, (state == S::Draft).then_some(OutboundRefused::NeverSubmitted), "{state:?} {event:?}");
        }
    }
}

/// It failed for want of an answer, was to be sent again, and was taken back: the answer to the first sending still counts.
#[test]
fn a_late_answer_to_what_was_taken_back_is_not_lost() {
    let retried = after(S::Q1Sent, &[failed(Step::First), OutboundEvent::Retried { by: by() }]);
    for end in [OutboundEvent::Cancelled { by: by() }, OutboundEvent::Refused { because: Withheld::Protected }] {
        assert_eq!(after(retried, &[end, answered(Step::First, MATCH)]), S::Q1Matched);
    }
}

#[test]
fn what_is_told_twice_changes_nothing_the_second_time() {
    for (_, event, reached) in ways().filter(|(_, event, _)| from_outside().contains(event) || of_jobs().contains(event)) {
        assert_eq!(reached.next(&event), Ok(reached), "{event:?}");
    }
}

#[test]
fn what_is_known_is_never_forgotten() {
    for (from, event, to) in ways() {
        assert!(from.known() <= to.known(), "{from:?} {event:?} {to:?}");
    }
}

/// IDENT's notice, and both answers, in each order and each of them twice.
#[test]
fn the_second_round_may_be_told_in_any_order() {
    let told = [answered(Step::First, MATCH), sent(Step::Second), answered(Step::Second, MATCH)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let once: Vec<_> = order.iter().map(|at| told[*at].clone()).collect();
        for begin in [S::Submitted, S::Q1Sent, S::Failed(Round::First)] {
            assert_eq!(after(begin, &once), S::Q2Answered, "{order:?}");
            assert_eq!(after(begin, &[once.clone(), once.clone()].concat()), S::Q2Answered, "{order:?}");
        }
    }
}

#[test]
fn an_answer_that_tells_more_brings_a_query_back() {
    for (from, event, to) in [
        (S::Closed(Known::Nothing), answered(Step::First, MATCH), S::Q1Matched),
        (S::Reviewed(Known::Nothing), sent(Step::Second), S::Q2AutoSent),
        (S::Closed(Known::Match), answered(Step::Second, MATCH), S::Q2Answered),
        (S::Reviewed(Known::Second), answered(Step::Third, MATCH), S::Q3Answered),
        (S::NoMatch, answered(Step::First, MATCH), S::Q1Matched),
        (S::Failed(Round::Second), answered(Step::Second, MATCH), S::Q2Answered),
    ] {
        assert_eq!(from.next(&event), Ok(to), "{from:?} {event:?}");
    }
    for (from, event) in [
        (S::Closed(Known::Second), answered(Step::First, ReplyResult::NoMatch)),
        (S::Q2Answered, answered(Step::First, ReplyResult::NoMatch)),
        (S::Q3Requested, answered(Step::Second, MATCH)),
        (S::Q2Answered, failed(Step::Second)),
        (S::Q3Answered, answered(Step::Third, ReplyResult::Error)),
        (S::Q1Matched, failed(Step::First)),
    ] {
        assert_eq!(from.next(&event), Ok(from), "{from:?} {event:?}");
    }
}

#[test]
fn a_correction_is_read_again() {
    for known in Known::ALL {
        for state in [S::Reviewed(known), S::Closed(known)] {
            let corrected = after(state, &[OutboundEvent::Corrected { step: Step::First, number: number() }]);
            assert_eq!(corrected.known(), known);
            assert_eq!(after(corrected, &[OutboundEvent::Reviewed { by: by() }]), S::Reviewed(known));
        }
    }
    assert_eq!(after(S::Q3Sent, &[OutboundEvent::Corrected { step: Step::First, number: number() }]), S::Q3Sent);
}

#[test]
fn whoever_is_waited_for_can_go_on() {
    for state in S::ALL {
        let can = |events: Vec<OutboundEvent>| events.iter().any(|event| state.next(event).is_ok_and(|next| next != state));
        let goes_on = match state.waits_for() {
            OutboundWaits::Officer | OutboundWaits::Approver | OutboundWaits::Counsel => can(acts()),
            OutboundWaits::Sending => can(of_jobs()),
            OutboundWaits::Partner => can(from_outside()),
            OutboundWaits::Nobody => !can(acts()) && !can(of_jobs()),
        };
        assert!(goes_on, "{state:?}");
    }
}

#[test]
fn a_refusal_names_what_was_tried() {
    let refused = S::Draft.next(&OutboundEvent::Closed { by: by() }).unwrap_err();
    assert_eq!(refused.to_string(), "\"closed\" cannot happen to a query that is \"draft\"");
    let refused = S::Draft.next(&answered(Step::First, MATCH)).unwrap_err();
    assert!(refused.to_string().contains("never submitted"));
}

proptest! {
    /// Whatever comes, and in whatever order: what is known grows, and nothing from outside is refused once something was submitted.
    #[test]
    fn any_sequence_is_lived_through(picks in prop::collection::vec(any::<prop::sample::Index>(), 0..60)) {
        let all = all();
        let outside = from_outside();
        let mut state = S::Draft;
        for pick in picks {
            let event = &all[pick.index(all.len())];
            match state.next(event) {
                Ok(next) => {
                    prop_assert!(next.known() >= state.known());
                    state = next;
                }
                Err(_) => prop_assert!(state == S::Draft || !outside.contains(event), "{state:?} {event:?}"),
            }
        }
    }

    /// However the answers to one query arrive, it ends with what they tell.
    #[test]
    fn the_order_of_answers_does_not_matter(
        order in Just(vec![answered(Step::First, MATCH), sent(Step::Second), answered(Step::Second, MATCH),
            answered(Step::First, MATCH), answered(Step::Second, MATCH)]).prop_shuffle(),
        read_after in 0_usize..5,
    ) {
        let mut state = S::Q1Sent;
        for (event, at) in order.iter().zip(0..) {
            state = state.next(event).unwrap();
            if at == read_after {
                state = state.next(&OutboundEvent::Reviewed { by: by() }).unwrap_or(state);
            }
        }
        prop_assert_eq!(state.known(), Known::Second);
    }
}
