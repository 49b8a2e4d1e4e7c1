use proptest::prelude::*;
use uuid::Uuid;

use super::super::{Evidence, classify};
use super::policy::PartnerRule::{NoMatch, Refer, ReferWithWaiver, Share, ShareWithWaiver};
use super::policy::everywhere;
use super::testing::{any_cis, any_marker, any_record, any_waivers, coa, record, waiver};
use super::waiver::WaiverKind::{Consent, SecretaryMemorandum, Statute};
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn telling() -> Telling {
    Telling { partner: Partner::Canada, purpose: Purpose::VisaOrBenefit, today: day("2026-01-15") }
}

fn of(records: &[Record], waivers: &[Waiver]) -> Towards {
    towards_partner(records, &CisAnswer::NotProtected, waivers, telling())
}

fn share(waivers: &[u128]) -> Towards {
    Towards::Share { waivers: waivers.iter().map(|number| WaiverId::new(Uuid::from_u128(*number))).collect() }
}

fn refer(because: &[Doubt]) -> Towards {
    Towards::Refer { because: because.iter().copied().collect() }
}

/// How closed an answer is.
fn rank(towards: &Towards) -> u8 {
    match towards {
        Towards::Share { .. } => 0,
        Towards::Refer { .. } => 1,
        Towards::NoMatch => 2,
    }
}

const ALL_CLASSES: [(Class, &str); 11] = [
    (Class::Ordinary, "B2"),
    (Class::Vawa, "IB1"),
    (Class::Trafficking, "T1"),
    (Class::CrimeVictim, "U1"),
    (Class::Witness, "S5"),
    (Class::Asylum, "AS1"),
    (Class::Refugee, "RE1"),
    (Class::Tps, "TPS"),
    (Class::Legalization, "W16"),
    (Class::Nacara, "NC6"),
    (Class::Unknown, "QX9"),
];

#[test]
fn every_class_stands_in_the_policy() {
    for class in Class::ALL {
        assert_eq!(PARTNER_POLICY.iter().filter(|row| row.class == class).count(), 1, "{class:?}");
    }
}

#[test]
fn without_a_waiver_only_an_ordinary_person_is_told_of() {
    for (class, code) in ALL_CLASSES {
        let expected = match class {
            Class::Ordinary => share(&[]),
            Class::Nacara | Class::Unknown => refer(&[Doubt::Class(class)]),
            _ => Towards::NoMatch,
        };
        assert_eq!(of(&[record(Some("A000000001"), &["B2", code])], &[]), expected, "{class:?}");
    }
    let sealed = Marker { evidence: Evidence::Sealed, effective_from: None, effective_to: None };
    let sealed = Record { a_number: None, markers: Some(vec![coa("B2"), sealed]) };
    assert_eq!(of(&[sealed], &[]), Towards::NoMatch);
}

#[test]
fn what_each_kind_of_waiver_does_for_each_class() {
    use Class::{Asylum, CrimeVictim, Legalization, Nacara, Ordinary, Refugee, Tps, Trafficking, Unknown, Vawa};
    for (class, code) in ALL_CLASSES {
        for kind in WaiverKind::ALL {
            if !kind.reaches(class) {
                continue;
            }
            let given = [waiver(7, kind, &[class], &[Partner::Canada])];
            let expected = match (class, kind) {
                (Ordinary, _) => share(&[]),
                (Nacara | Unknown, _) => refer(&[Doubt::Class(class)]),
                (Vawa | Trafficking | CrimeVictim, _) => refer(&[Doubt::Waived(class)]),
                (Asylum | Refugee, SecretaryMemorandum | Consent) | (Tps | Legalization, Consent | Statute) => share(&[7]),
                _ => Towards::NoMatch,
            };
            assert_eq!(of(&[record(None, &[code])], &given), expected, "{class:?} {kind:?}");
        }
    }
}

#[test]
fn what_two_records_say_alike_is_said_once_and_not_lost() {
    let unknown = [record(None, &["QX9"]), record(None, &["QX9"])];
    assert_eq!(of(&unknown, &[]), refer(&[Doubt::Class(Class::Unknown)]));
    let asylum = [record(None, &["AS1"]), record(None, &["AS1"])];
    assert_eq!(of(&asylum, &[waiver(2, SecretaryMemorandum, &[Class::Asylum], &Partner::ALL)]), share(&[2]));
}

#[test]
fn a_waiver_is_for_its_classes_and_partners() {
    let asylum = [record(None, &["AS1"])];
    let memorandum = |classes: &[Class], partners: &[Partner]| [waiver(1, SecretaryMemorandum, classes, partners)];
    assert_eq!(of(&asylum, &memorandum(&[Class::Asylum, Class::Refugee], &Partner::ALL)), share(&[1]));
    assert_eq!(of(&asylum, &memorandum(&[Class::Refugee], &Partner::ALL)), Towards::NoMatch);
    assert_eq!(of(&asylum, &memorandum(&[Class::Asylum], &[Partner::Australia])), Towards::NoMatch);
}

#[test]
fn the_waivers_that_were_needed_are_named_and_no_others() {
    let given = [
        waiver(1, SecretaryMemorandum, &[Class::Refugee], &Partner::ALL),
        waiver(2, SecretaryMemorandum, &[Class::Asylum], &Partner::ALL),
        waiver(3, Consent, &[Class::Asylum, Class::Tps], &Partner::ALL),
    ];
    assert_eq!(of(&[record(None, &["AS1"])], &given), share(&[2]));
    assert_eq!(of(&[record(None, &["AS1", "TPS"])], &given), share(&[2, 3]));
    assert_eq!(of(&[record(None, &["B2"])], &given), share(&[]));
}

#[test]
fn no_memorandum_lifts_section_1367_whatever_a_policy_says() {
    let memorandum = waiver(1, SecretaryMemorandum, &[Class::Asylum], &Partner::ALL);
    let policy = [everywhere(Class::Vawa, ShareWithWaiver(&WaiverKind::ALL)), everywhere(Class::Ordinary, Share)];
    let forged = memorandum.forged(&[Class::Vawa, Class::Asylum]);
    let check = Check { policy: &policy, waivers: &[forged], telling: telling() };
    assert_eq!(check.of_class(Class::Vawa), Towards::NoMatch);
    let consent = [waiver(2, Consent, &[Class::Vawa], &Partner::ALL)];
    let check = Check { policy: &policy, waivers: &consent, telling: telling() };
    assert_eq!(check.of_class(Class::Vawa), share(&[2]), "the policy would");
}

#[test]
fn a_special_row_goes_before_a_general_one_and_the_closed_before_the_open() {
    let row = |partner, purpose, rule| PartnerPolicyRow { class: Class::Tps, partner, purpose, rule };
    let (canada, visa) = (Some(Partner::Canada), Some(Purpose::VisaOrBenefit));
    let rule = |rows: &[PartnerPolicyRow]| policy::rule(rows, Class::Tps, Partner::Canada, Purpose::VisaOrBenefit);
    assert_eq!(rule(&[]), NoMatch, "a class without a row");
    assert_eq!(rule(&[everywhere(Class::Asylum, Share)]), NoMatch);
    assert_eq!(rule(&[row(canada, None, Share), row(None, None, NoMatch)]), Share);
    assert_eq!(rule(&[row(None, visa, Share), row(None, None, NoMatch)]), Share);
    assert_eq!(rule(&[row(None, None, Share), row(canada, None, NoMatch)]), NoMatch);
    assert_eq!(rule(&[row(canada, visa, Share), row(canada, None, NoMatch), row(None, visa, NoMatch)]), Share);
    assert_eq!(rule(&[row(Some(Partner::Australia), None, Share), row(None, None, NoMatch)]), NoMatch);
    assert_eq!(rule(&[row(None, Some(Purpose::Citizenship), Share), row(None, None, NoMatch)]), NoMatch);
    // From the most open to the most closed: of each two, in either order, the later.
    let ladder = [Share, ShareWithWaiver(&[Consent]), Refer, ReferWithWaiver(&[Consent]), NoMatch];
    for (at, closed) in ladder.into_iter().enumerate() {
        for open in ladder.into_iter().take(at) {
            assert_eq!(rule(&[row(canada, None, closed), row(None, visa, open)]), closed);
            assert_eq!(rule(&[row(canada, None, open), row(None, visa, closed)]), closed);
        }
    }
}

#[test]
fn what_was_not_read_is_referred() {
    let ordinary = || record(Some("A000000001"), &["B2"]);
    let unread = || Record { a_number: None, markers: None };
    assert_eq!(of(&[], &[]), refer(&[Doubt::NothingRead]));
    assert_eq!(of(&[record(None, &[])], &[]), refer(&[Doubt::NothingRead]));
    assert_eq!(of(&[ordinary(), record(None, &[])], &[]), refer(&[Doubt::NothingRead]));
    assert_eq!(of(&[ordinary(), unread()], &[]), refer(&[Doubt::Unread]));
    assert_eq!(of(&[ordinary(), unread(), record(None, &["QX9"])], &[]), refer(&[Doubt::Unread, Doubt::Class(Class::Unknown)]));
    assert_eq!(of(&[unread(), record(None, &["U1"])], &[]), Towards::NoMatch, "more closed than a doubt");
}

#[test]
fn what_cis_answers_is_one_more_source() {
    let asked = |records: &[Record], cis: CisAnswer| towards_partner(records, &cis, &[], telling());
    let ordinary = [record(Some("A000000001"), &["B2"])];
    let protected = [record(Some("A000000001"), &["U1"])];
    assert_eq!(asked(&ordinary, CisAnswer::NotProtected), share(&[]));
    assert_eq!(asked(&ordinary, CisAnswer::Markers(vec![coa("B2")])), share(&[]));
    assert_eq!(asked(&ordinary, CisAnswer::Markers(vec![coa("T1")])), Towards::NoMatch);
    assert_eq!(asked(&ordinary, CisAnswer::Markers(Vec::new())), refer(&[Doubt::NothingRead]));
    assert_eq!(asked(&ordinary, CisAnswer::Protected), Towards::NoMatch);
    assert_eq!(asked(&ordinary, CisAnswer::Failed), refer(&[Doubt::CisFailed]));
    assert_eq!(asked(&protected, CisAnswer::NotProtected), Towards::NoMatch);
    assert_eq!(asked(&[], CisAnswer::NotProtected), refer(&[Doubt::NothingRead]));
    assert_eq!(asked(&[], CisAnswer::Protected), Towards::NoMatch);
    assert_eq!(asked(&[], CisAnswer::Failed), refer(&[Doubt::NothingRead, Doubt::CisFailed]));
}

#[test]
fn of_several_a_numbers_one_protected_and_one_not_is_for_counsel() {
    let (one, two, three) = (Some("A000000001"), Some("A000000002"), Some("A000000003"));
    let doubt = refer(&[Doubt::SomeANumbers]);
    assert_eq!(of(&[record(one, &["U1"]), record(two, &["B2"])], &[]), doubt);
    assert_eq!(of(&[record(one, &["U1"]), record(two, &["B2"]), record(three, &["QX9"])], &[]), doubt);
    assert_eq!(of(&[record(one, &["U1"]), record(two, &["T1"])], &[]), Towards::NoMatch);
    assert_eq!(of(&[record(one, &["U1"]), record(two, &["QX9"])], &[]), Towards::NoMatch, "nothing says that the other is free");
    assert_eq!(of(&[record(one, &["B2"]), record(two, &["QX9"])], &[]), refer(&[Doubt::Class(Class::Unknown)]));
    assert_eq!(of(&[record(one, &["B2"]), record(two, &["B2"])], &[]), share(&[]));
    // Two records of one number are one person.
    assert_eq!(of(&[record(one, &["U1"]), record(one, &["B2"])], &[]), Towards::NoMatch);
    // A case without a number is the person's own.
    assert_eq!(of(&[record(None, &["U1"]), record(two, &["B2"])], &[]), Towards::NoMatch);
    assert_eq!(of(&[record(one, &["U1"]), record(None, &["B2"])], &[]), Towards::NoMatch);
    assert_eq!(of(&[record(one, &["U1"]), record(two, &["B2"]), record(None, &["T1"])], &[]), Towards::NoMatch);
    // A waiver for asylum under the other number does not make the person unprotected.
    let memorandum = [waiver(1, SecretaryMemorandum, &[Class::Asylum], &Partner::ALL)];
    assert_eq!(of(&[record(one, &["U1"]), record(two, &["AS1"])], &memorandum), Towards::NoMatch);
    assert_eq!(of(&[record(one, &["AS1"]), record(two, &["B2"])], &memorandum), share(&[1]));
}

#[test]
fn a_marker_protects_until_its_end_and_before_its_start() {
    let marked = |from: Option<&str>, to: Option<&str>| {
        let mut marker = coa("U1");
        (marker.effective_from, marker.effective_to) = (from.map(day), to.map(day));
        of(&[Record { a_number: None, markers: Some(vec![coa("B2"), marker]) }], &[])
    };
    assert_eq!(marked(None, Some("2026-01-15")), share(&[]));
    assert_eq!(marked(None, Some("2026-01-16")), Towards::NoMatch);
    assert_eq!(marked(Some("2030-01-01"), None), Towards::NoMatch);
    assert_eq!(marked(Some("1985-01-01"), None), refer(&[Doubt::Class(Class::Unknown)]), "the code is older than its class");
}

#[test]
fn who_had_a_match_is_refused_and_who_had_none_has_none() {
    assert_eq!(AnsweredBefore::Never.silence(), AnswerKind::NoMatch);
    assert_eq!(AnsweredBefore::NoMatch.silence(), AnswerKind::NoMatch);
    assert_eq!(AnsweredBefore::Match.silence(), AnswerKind::Refused);
    for before in AnsweredBefore::ALL {
        assert_eq!(AnsweredBefore::from_key(before.key()), Some(before));
        assert_eq!(serde_json::to_value(before).unwrap(), before.key());
        assert!(!before.name().is_empty());
    }
}

#[test]
fn an_answer_is_kept_and_read_back() {
    for towards in [share(&[3]), refer(&[Doubt::Unread, Doubt::Class(Class::Nacara)]), Towards::NoMatch] {
        let text = serde_json::to_string(&towards).unwrap();
        assert_eq!(serde_json::from_str::<Towards>(&text).unwrap(), towards, "{text}");
    }
}

#[test]
fn doubts_are_said_in_words() {
    for (doubt, text) in [
        (Doubt::NothingRead, "no record, or none of its markers, could be read"),
        (Doubt::Unread, "a record could not be read, or not in time"),
        (Doubt::CisFailed, "PCQS/CIS did not answer"),
        (Doubt::SomeANumbers, "of several A-Numbers one is protected and another is not"),
        (Doubt::Class(Class::Unknown), "the policy refers the class: Not understood"),
        (Doubt::Waived(Class::Trafficking), "a waiver stands against 8 USC 1367: T status"),
    ] {
        assert_eq!(doubt.to_string(), text);
    }
}

fn any_telling() -> impl Strategy<Value = Telling> {
    let day = (2005_i32..2030).prop_map(|year| NaiveDate::from_ymd_opt(year, 6, 1).unwrap());
    (prop::sample::select(&Partner::ALL[..]), prop::sample::select(&Purpose::ALL[..]), day)
        .prop_map(|(partner, purpose, today)| Telling { partner, purpose, today })
}

fn any_records() -> impl Strategy<Value = Vec<Record>> {
    prop::collection::vec(any_record(), 0..5)
}

proptest! {
    #[test]
    fn more_markers_never_open(
        records in any_records(), cis in any_cis(), waivers in any_waivers(), telling in any_telling(),
        marker in any_marker(), at in any::<prop::sample::Index>(),
    ) {
        let mut more = records.clone();
        let mut marked: Vec<_> = more.iter_mut().filter_map(|record| record.markers.as_mut()).filter(|list| !list.is_empty()).collect();
        if !marked.is_empty() {
            let at = at.index(marked.len());
            marked[at].push(marker);
        }
        let (before, after) =
            (towards_partner(&records, &cis, &waivers, telling), towards_partner(&more, &cis, &waivers, telling));
        prop_assert!(rank(&after) >= rank(&before), "{:?} {:?}", before, after);
    }

    #[test]
    fn nothing_that_failed_lets_anything_be_told(
        records in any_records(), cis in any_cis(), waivers in any_waivers(), telling in any_telling(), at in any::<prop::sample::Index>(),
    ) {
        let shares = |records: &[Record], cis: &CisAnswer| rank(&towards_partner(records, cis, &waivers, telling)) == 0;
        prop_assert!(!shares(&records, &CisAnswer::Failed));
        prop_assert!(!shares(&records, &CisAnswer::Protected));
        prop_assert!(!shares(&[], &cis));
        let mut failed = records;
        failed.insert(at.index(failed.len() + 1), Record { a_number: None, markers: None });
        prop_assert!(!shares(&failed, &cis));
    }

    #[test]
    fn fewer_waivers_never_open(records in any_records(), cis in any_cis(), waivers in any_waivers(), telling in any_telling()) {
        let with = rank(&towards_partner(&records, &cis, &waivers, telling));
        for at in 0..waivers.len() {
            let fewer = [&waivers[..at], &waivers[at + 1..]].concat();
            prop_assert!(rank(&towards_partner(&records, &cis, &fewer, telling)) >= with);
        }
    }

    /// Told in another way: what is shared has no marker in force that is not ordinary or waived, in any source.
    #[test]
    fn what_is_shared_is_ordinary_or_waived(records in any_records(), cis in any_cis(), waivers in any_waivers(), telling in any_telling()) {
        let Telling { partner, today, .. } = telling;
        let of_cis = if let CisAnswer::Markers(markers) = &cis { markers.clone() } else { Vec::new() };
        let markers = records.iter().flat_map(|record| record.markers.clone().unwrap_or_default()).chain(of_cis);
        let classes: Vec<_> = markers
            .filter(|marker| marker.effective_to.is_none_or(|end| today < end))
            .map(|marker| classify(&marker.evidence, marker.effective_from.unwrap_or(today)))
            .collect();
        let waived = |class: Class| waivers.iter().any(|waiver| {
            let is_of_a_kind = match class {
                Class::Asylum | Class::Refugee => waiver.kind() != Statute,
                Class::Tps | Class::Legalization => waiver.kind() != SecretaryMemorandum,
                _ => false,
            };
            is_of_a_kind
                && waiver.classes().contains(&class)
                && waiver.partners().contains(&partner)
                && waiver.from() <= today
                && waiver.to().is_none_or(|end| today < end)
        });
        let all_read = !records.is_empty()
            && records.iter().all(|record| record.markers.as_ref().is_some_and(|markers| !markers.is_empty()))
            && !matches!(&cis, CisAnswer::Failed | CisAnswer::Protected)
            && cis != CisAnswer::Markers(Vec::new());
        let free = all_read && classes.iter().all(|class| *class == Class::Ordinary || waived(*class));
        prop_assert_eq!(rank(&towards_partner(&records, &cis, &waivers, telling)) == 0, free);
    }
}

#[test]
fn nothing_is_called_what_something_else_is_called() {
    let names: BTreeSet<&str> = AnsweredBefore::ALL.iter().map(|before| before.name()).collect();
    assert_eq!(names.len(), AnsweredBefore::ALL.len());
    let names: BTreeSet<&str> = WaiverKind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), WaiverKind::ALL.len());
}
