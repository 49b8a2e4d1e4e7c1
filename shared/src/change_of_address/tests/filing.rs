//! What becomes of a change: transitions one by one, and by walks at random.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::super::*;
use crate::address::{Address, AddressForm, AddressKind, Place};

const FIRST: CaseAt = CaseAt(0);
const SECOND: CaseAt = CaseAt(1);

fn at(hours: i64) -> DateTime<Utc> {
    "2026-11-21T15:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours)
}

/// Two cases of the person and one that is not.
fn submitted(reach: OldReach) -> Filing {
    Filing::submit(reach, &[true, true, false], at(0))
}

fn confirmed(reach: OldReach) -> Filing {
    submitted(reach).confirm(reach.first_proof(), at(1)).unwrap()
}

fn keys(filing: &Filing) -> Vec<String> {
    filing.effects().into_iter().map(Effect::key).collect()
}

#[test]
fn the_old_contact_decides_what_proves_a_change() {
    for (reach, awaits, hours) in [
        (OldReach::Contact, Proof::CodeToContact, 24),
        (OldReach::AddressOnly, Proof::PinToOldAddress, 720),
        (OldReach::NotSafe, Proof::AgentsCheck, 720),
    ] {
        let filing = submitted(reach);
        assert_eq!(filing.state(), ChangeState::Pending { awaits, until: at(hours), failures: 0 });
        assert_eq!(filing.confirm(awaits, at(hours)), Err(Rejected::TooLate));
        for other in Proof::ALL.into_iter().filter(|proof| *proof != awaits) {
            assert_eq!(filing.confirm(other, at(1)), Err(Rejected::OtherProof));
        }
        assert!(filing.confirm(awaits, at(hours) - TimeDelta::microseconds(1)).is_ok());
    }
}

#[test]
fn a_report_without_a_case_of_the_person_is_recorded_and_changes_nothing() {
    for recognised in [&[][..], &[false], &[false, false]] {
        let filing = Filing::submit(OldReach::AddressOnly, recognised, at(0));
        assert_eq!(filing.state(), ChangeState::Recorded { at: at(0) });
        assert_eq!(filing.effects(), [Effect::NoticeToNewContact(Notice::Recorded)]);
        assert_eq!(filing.confirm(Proof::PinToOldAddress, at(1)), Err(Rejected::NotPending));
    }
}

#[test]
fn a_receipt_is_followed_case_by_case() {
    let not_recognised = CaseState::CouldNot { reason: Hindrance::NotRecognised };
    let filing = submitted(OldReach::Contact);
    assert_eq!(filing.cases(), [CaseState::HeldForProof, CaseState::HeldForProof, not_recognised]);
    assert!(filing.holds_cards_of(FIRST) && !filing.holds_cards_of(CaseAt(2)) && !filing.holds_cards_of(CaseAt(9)));
    let filing = filing.confirm(Proof::CodeToContact, at(1)).unwrap();
    assert!(!filing.holds_cards_of(FIRST));
    let filing = filing.case_updated(FIRST, at(2)).unwrap().case_failed(SECOND, Hindrance::Closed).unwrap();
    let filing = filing.case_acknowledged(FIRST, at(3)).unwrap();
    assert_eq!(
        filing.cases(),
        [CaseState::Acknowledged { at: at(3) }, CaseState::CouldNot { reason: Hindrance::Closed }, not_recognised]
    );
    assert_eq!(filing.case_updated(FIRST, at(4)), Err(Rejected::CaseState));
    assert_eq!(filing.case_updated(CaseAt(2), at(4)), Err(Rejected::CaseState));
    assert_eq!(filing.case_updated(CaseAt(3), at(4)), Err(Rejected::NoSuchCase));
    assert_eq!(filing.case_failed(FIRST, Hindrance::NotRecognised), Err(Rejected::CaseState));
    let filing = filing.case_replaced(FIRST, at(5)).unwrap();
    assert_eq!(filing.cases()[0], CaseState::Replaced { at: at(5) });
}

#[test]
fn guessing_ends_with_an_agent() {
    let mut filing = submitted(OldReach::Contact);
    for failures in 1..5 {
        filing = filing.fail(at(1)).unwrap();
        assert_eq!(filing.state(), ChangeState::Pending { awaits: Proof::CodeToContact, until: at(24), failures });
    }
    filing = filing.fail(at(1)).unwrap();
    assert_eq!(filing.state(), ChangeState::Pending { awaits: Proof::AgentsCheck, until: at(721), failures: 0 });
    assert_eq!(filing.fail(at(2)), Err(Rejected::OtherProof));
    assert_eq!(filing.confirm(Proof::CodeToContact, at(2)), Err(Rejected::OtherProof), "the right code comes too late");
}

#[test]
fn another_proof_is_harder_never_easier_and_does_not_forget_failures() {
    use Proof::{AgentsCheck, CodeToContact, PinToOldAddress};
    let filing = submitted(OldReach::Contact).fail(at(0)).unwrap().ask_otherwise(PinToOldAddress, at(1)).unwrap();
    assert_eq!(filing.state(), ChangeState::Pending { awaits: PinToOldAddress, until: at(721), failures: 1 });
    assert_eq!(filing.ask_otherwise(CodeToContact, at(2)), Err(Rejected::OtherProof));
    assert_eq!(filing.ask_otherwise(PinToOldAddress, at(2)), Err(Rejected::OtherProof), "time is not begun again");
    let filing = filing.ask_otherwise(AgentsCheck, at(2)).unwrap();
    for proof in Proof::ALL {
        assert_eq!(filing.ask_otherwise(proof, at(3)), Err(Rejected::OtherProof));
    }
}

#[test]
fn what_is_not_proven_in_time_expires_and_what_is_refused_stays_refused() {
    let filing = submitted(OldReach::Contact);
    assert_eq!(filing.expire(at(23)), Err(Rejected::TooEarly));
    let expired = filing.expire(at(24)).unwrap();
    assert_eq!(expired.state(), ChangeState::Expired { at: at(24) });
    for (asker, reason) in
        [(Asker::OldContact, Refusal::NotTheirs), (Asker::NewContact, Refusal::Withdrawn), (Asker::Agent, Refusal::NotProven)]
    {
        let refused = filing.refuse(asker, at(1)).unwrap();
        assert_eq!(refused.state(), ChangeState::Refused { at: at(1), reason });
        assert_eq!(refused.cases()[0], CaseState::CouldNot { reason: Hindrance::ChangeNotProven });
        assert_eq!(refused.confirm(Proof::CodeToContact, at(2)), Err(Rejected::NotPending));
    }
    assert_eq!(confirmed(OldReach::Contact).refuse(Asker::OldContact, at(2)), Err(Rejected::NotPending));
    assert_eq!(confirmed(OldReach::Contact).expire(at(100)), Err(Rejected::NotPending));
}

#[test]
fn only_the_old_contact_takes_a_change_back_and_only_for_a_while() {
    for (reach, hours) in [(OldReach::Contact, 72), (OldReach::AddressOnly, 14 * 24)] {
        let filing = confirmed(reach).case_updated(FIRST, at(2)).unwrap();
        for asker in [Asker::NewContact, Asker::Agent] {
            assert_eq!(filing.reverse(asker, at(2)), Err(Rejected::NotTheOldContact));
        }
        assert_eq!(filing.reverse(Asker::OldContact, at(1 + hours)), Err(Rejected::TooLate));
        let reversed = filing.reverse(Asker::OldContact, at(hours)).unwrap();
        assert_eq!(reversed.state(), ChangeState::Reversed { at: at(hours) });
        assert_eq!(reversed.cases()[..2], [CaseState::Reversed { at: at(hours) }; 2], "updated or not");
        assert_eq!(reversed.case_updated(SECOND, at(hours)), Err(Rejected::NotInForce), "a late job changes nothing");
    }
    let unsafe_to_write = submitted(OldReach::NotSafe);
    assert_eq!(unsafe_to_write.refuse(Asker::OldContact, at(1)), Err(Rejected::NotTheOldContact));
    assert_eq!(confirmed(OldReach::NotSafe).reverse(Asker::OldContact, at(1)), Err(Rejected::NotTheOldContact));
    assert_eq!(submitted(OldReach::Contact).reverse(Asker::OldContact, at(1)), Err(Rejected::NotInForce));
}

#[test]
fn a_third_address_of_the_case_system_is_not_taken_back() {
    let filing = confirmed(OldReach::Contact).case_updated(FIRST, at(2)).unwrap().case_replaced(FIRST, at(3)).unwrap();
    let reversed = filing.reverse(Asker::OldContact, at(4)).unwrap();
    assert_eq!(reversed.cases()[..2], [CaseState::Replaced { at: at(3) }, CaseState::Reversed { at: at(4) }]);
    assert!(!keys(&reversed).contains(&"mailing_address:0:old".to_owned()));
}

#[test]
fn while_a_change_waits_cards_are_held_and_nothing_is_changed() {
    assert_eq!(
        keys(&submitted(OldReach::Contact)),
        ["hold_cards:0", "hold_cards:1", "code_to_contact", "notice_to_new_contact:waiting"]
    );
    assert_eq!(
        keys(&submitted(OldReach::AddressOnly)),
        ["hold_cards:0", "hold_cards:1", "pin_to_old_address", "notice_to_new_contact:waiting"]
    );
    assert_eq!(keys(&submitted(OldReach::NotSafe)), ["hold_cards:0", "hold_cards:1", "ask_agent", "notice_to_new_contact:waiting"]);
    let by_agent = submitted(OldReach::Contact).ask_otherwise(Proof::AgentsCheck, at(1)).unwrap();
    assert!(keys(&by_agent).contains(&"notice_to_old_contact:waiting".to_owned()), "who lost the contact, or never had it?");
}

#[test]
fn a_change_in_force_moves_mail_first_and_releases_cards_last() {
    let filing = confirmed(OldReach::Contact).case_failed(SECOND, Hindrance::Closed).unwrap();
    assert_eq!(
        keys(&filing),
        [
            "mailing_address:0:new",
            "unmailed_pieces:0:new",
            "service_requests:0:new",
            "case_system:0:new",
            "release_cards:0",
            "release_cards:1",
            "notice_to_old_contact:changed",
            "notice_to_new_contact:changed",
        ]
    );
    assert!(!keys(&confirmed(OldReach::NotSafe)).iter().any(|key| key.starts_with("notice_to_old_contact")));
}

#[test]
fn a_change_taken_back_is_undone_and_told() {
    let reversed =
        confirmed(OldReach::Contact).case_failed(SECOND, Hindrance::Closed).unwrap().reverse(Asker::OldContact, at(3)).unwrap();
    assert_eq!(
        keys(&reversed),
        [
            "mailing_address:0:old",
            "unmailed_pieces:0:old",
            "service_requests:0:old",
            "case_system:0:old",
            "release_cards:0",
            "release_cards:1",
            "notice_to_old_contact:reversed",
            "notice_to_new_contact:reversed",
        ]
    );
    let expired = submitted(OldReach::AddressOnly).expire(at(720)).unwrap();
    assert_eq!(
        keys(&expired),
        ["release_cards:0", "release_cards:1", "notice_to_new_contact:not_changed"],
        "no letter for nothing"
    );
}

#[test]
fn the_feed_never_brings_the_old_address_back() {
    let place = |street: &str| {
        let form = AddressForm {
            street: street.into(),
            city: "Springfield".into(),
            state: "VA".into(),
            zip: "22150".into(),
            ..AddressForm::default()
        };
        let address: Address = form.parse(AddressKind::Mailing).unwrap();
        Place::of(&address)
    };
    let (old, new, third) = (place("2 Saucer Lane"), place("1 Teacup Court"), place("3 Spoon Street"));
    let judge = |incoming: &Place, hours| judge_feed(incoming, &new, &old, at(hours), at(0));
    for hours in [-1, 0, 1, 10_000] {
        assert_eq!(judge(&old, hours), FeedAddress::Passed);
        assert_eq!(judge(&place("1 TEACUP CT"), hours), FeedAddress::Acknowledges);
    }
    assert_eq!(
        [judge(&third, -1), judge(&third, 0), judge(&third, 1)],
        [FeedAddress::Passed, FeedAddress::Passed, FeedAddress::Replaces]
    );
}

#[test]
fn keys_are_read_back() {
    for reach in OldReach::ALL {
        assert_eq!(OldReach::from_key(reach.key()), Some(reach));
    }
    for proof in Proof::ALL {
        assert_eq!(Proof::from_key(proof.key()), Some(proof));
    }
    for refusal in Refusal::ALL {
        assert_eq!(Refusal::from_key(refusal.key()), Some(refusal));
    }
    for hindrance in Hindrance::ALL {
        assert_eq!(Hindrance::from_key(hindrance.key()), Some(hindrance));
    }
}

#[test]
fn rows_that_no_way_leads_to_are_refused() {
    let updated = CaseState::Updated { at: at(0) };
    let not_recognised = CaseState::CouldNot { reason: Hindrance::NotRecognised };
    let in_force = |proof| ChangeState::Confirmed { proof, at: at(0), reversible_until: at(72) };
    for (reach, state, cases) in [
        (OldReach::Contact, ChangeState::Recorded { at: at(0) }, vec![updated]),
        (OldReach::Contact, submitted(OldReach::Contact).state(), vec![updated]),
        (OldReach::Contact, submitted(OldReach::Contact).state(), vec![not_recognised]),
        (OldReach::Contact, ChangeState::Expired { at: at(0) }, vec![CaseState::HeldForProof]),
        (OldReach::Contact, ChangeState::Reversed { at: at(0) }, vec![updated]),
        (OldReach::Contact, in_force(Proof::CodeToContact), vec![CaseState::HeldForProof]),
        (OldReach::Contact, in_force(Proof::CodeToContact), Vec::new()),
        (OldReach::NotSafe, in_force(Proof::CodeToContact), vec![updated]),
        (OldReach::AddressOnly, in_force(Proof::CodeToContact), vec![updated]),
    ] {
        assert_eq!(Filing::from_parts(reach, state, cases), Err(Inconsistent), "{state:?}");
    }
    assert!(Filing::from_parts(OldReach::Contact, in_force(Proof::AgentsCheck), vec![updated, not_recognised]).is_ok());
}

/// Anything that anybody may try.
#[derive(Debug, Clone, Copy)]
enum Step {
    Confirm(Proof),
    Fail,
    AskOtherwise(Proof),
    Expire,
    Refuse(Asker),
    Reverse(Asker),
    Updated(CaseAt),
    Failed(CaseAt, Hindrance),
    Acknowledged(CaseAt),
    Replaced(CaseAt),
}

fn any_step() -> impl Strategy<Value = Step> {
    let proof = || prop::sample::select(&Proof::ALL[..]);
    let asker = || prop::sample::select(&Asker::ALL[..]);
    let case = || (0u16..4).prop_map(CaseAt);
    prop_oneof![
        3 => proof().prop_map(Step::Confirm),
        1 => Just(Step::Fail),
        1 => proof().prop_map(Step::AskOtherwise),
        1 => Just(Step::Expire),
        1 => asker().prop_map(Step::Refuse),
        2 => asker().prop_map(Step::Reverse),
        3 => case().prop_map(Step::Updated),
        1 => (case(), prop::sample::select(&Hindrance::ALL[..])).prop_map(|(case, reason)| Step::Failed(case, reason)),
        1 => case().prop_map(Step::Acknowledged),
        1 => case().prop_map(Step::Replaced),
    ]
}

fn take(filing: &Filing, step: Step, now: DateTime<Utc>) -> Result<Filing, Rejected> {
    match step {
        Step::Confirm(proof) => filing.confirm(proof, now),
        Step::Fail => filing.fail(now),
        Step::AskOtherwise(proof) => filing.ask_otherwise(proof, now),
        Step::Expire => filing.expire(now),
        Step::Refuse(asker) => filing.refuse(asker, now),
        Step::Reverse(asker) => filing.reverse(asker, now),
        Step::Updated(case) => filing.case_updated(case, now),
        Step::Failed(case, reason) => filing.case_failed(case, reason),
        Step::Acknowledged(case) => filing.case_acknowledged(case, now),
        Step::Replaced(case) => filing.case_replaced(case, now),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_is_tried_no_rule_is_passed_by(
        reach in prop::sample::select(&OldReach::ALL[..]), recognised in prop::collection::vec(any::<bool>(), 0..4),
        steps in prop::collection::vec((any_step(), 0i64..60), 0..30),
    ) {
        let (mut filing, mut now) = (Filing::submit(reach, &recognised, at(0)), 0);
        let (mut was_proven, mut done): (bool, HashSet<Effect>) = (false, filing.effects().into_iter().collect());
        for (step, hours) in steps {
            now += hours;
            let Ok(next) = take(&filing, step, at(now)) else { continue };

            // Nothing is lost, and what is kept can be read again.
            prop_assert_eq!(next.cases().len(), recognised.len());
            prop_assert_eq!(Filing::from_parts(next.reach(), next.state(), next.cases().to_vec()), Ok(next.clone()));
            for ((was, is), recognised) in filing.cases().iter().zip(next.cases()).zip(&recognised) {
                prop_assert_eq!(is.is_recognised(), *recognised);
                let is_end = matches!(was, CaseState::CouldNot { .. } | CaseState::Replaced { .. } | CaseState::Reversed { .. });
                prop_assert!(!is_end || was == is);
            }

            // No case without the proof that was asked for, and none by somebody who could not be asked for it.
            if let (ChangeState::Pending { awaits, .. }, ChangeState::Confirmed { proof, .. }) = (filing.state(), next.state()) {
                prop_assert!(awaits == proof && reach.allows(proof) && matches!(step, Step::Confirm(given) if given == proof));
                was_proven = true;
            }
            let moved = next.cases().iter().any(|case| case.is_changed() || matches!(case, CaseState::Reversed { .. }));
            prop_assert!(was_proven || !moved);

            // Only the old contact reverses, and ends are ends.
            if matches!(next.state(), ChangeState::Reversed { .. }) {
                prop_assert!(matches!(step, Step::Reverse(Asker::OldContact)) && reach != OldReach::NotSafe);
            }
            let leads_on = matches!(filing.state(), ChangeState::Pending { .. } | ChangeState::Confirmed { .. });
            prop_assert!(leads_on);

            // Cards are held while and only while the change waits.
            let waits = matches!(next.state(), ChangeState::Pending { .. });
            for (case, recognised) in recognised.iter().enumerate() {
                prop_assert_eq!(next.holds_cards_of(CaseAt(u16::try_from(case).unwrap())), waits && *recognised);
            }

            done.extend(next.effects());
            filing = next;
        }

        // Each effect has a key of its own; what is not safe is not done; what was held is released.
        let keys: HashSet<String> = done.iter().map(|effect| effect.key()).collect();
        prop_assert_eq!(keys.len(), done.len());
        let moves_mail = |effect: &Effect| matches!(
            effect,
            Effect::UpdateMailingAddress { .. } | Effect::RedirectUnmailedPieces { .. } | Effect::UpdateOpenServiceRequests { .. } | Effect::TellCaseSystem { .. }
        );
        prop_assert!(was_proven || !done.iter().any(moves_mail));
        if reach == OldReach::NotSafe {
            let to_old = |effect: &Effect| matches!(effect, Effect::NoticeToOldContact(_) | Effect::SendCodeToContact | Effect::MailPinToOldAddress);
            prop_assert!(!done.iter().any(to_old));
        }
        if !matches!(filing.state(), ChangeState::Pending { .. }) {
            for effect in &done {
                if let Effect::HoldCards { case } = effect {
                    let release = Effect::ReleaseCards { case: *case };
                    prop_assert!(done.contains(&release));
                }
            }
        }
        prop_assert_eq!(filing.effects(), filing.clone().effects());
    }
}
