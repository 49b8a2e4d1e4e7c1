use proptest::prelude::*;

use super::super::testing::{
    agreement, any_agreement, any_person, any_request, at, capability, codes, day, instrument, key, person, request,
};
use super::*;
use crate::agreement::{DataSetElement, InstrumentKind, SubjectRule};
use crate::protection::partner::testing::{any_cis, any_record, any_waivers};
use crate::protection::{Doubt, Telling, towards_partner};
use uuid::Uuid;

fn share() -> Towards {
    Towards::Share { waivers: BTreeSet::new() }
}

fn refer() -> Towards {
    Towards::Refer { because: [Doubt::Unread].into() }
}

/// The ruling on one element, asked for alone.
fn one(element: Element, mut request: Request, agreement: &Agreement) -> (AnswerKind, Ruling) {
    request.asked = [element].into();
    let decision = evaluate(&request, agreement, &share());
    (decision.answer, decision.elements[&element])
}

fn name_of(request: Request, agreement: &Agreement) -> Ruling {
    one(Element::FullName, request, agreement).1
}

fn about(change: impl FnOnce(&mut Person)) -> Request {
    let mut person = person();
    change(&mut person);
    Request { subject: Subject::Known(person), ..request() }
}

fn asking(change: impl FnOnce(&mut Question)) -> Request {
    let mut request = request();
    change(&mut request.question);
    request
}

fn out() -> Question {
    Question { direction: Direction::Out, ..request().question }
}

const IN_BIOGRAPHIC: (Direction, Step, Modality) = (Direction::In, Step::First, Modality::Biographic);
const IN_BIOMETRIC: (Direction, Step, Modality) = (Direction::In, Step::First, Modality::Biometric);

fn with(slot: (Direction, Step, Modality), change: impl FnOnce(&mut Capability)) -> Agreement {
    let mut agreement = agreement();
    change(at(&mut agreement, slot.0, slot.1, slot.2));
    agreement
}

fn set_condition(capability: &mut Capability, element: Element, condition: Condition) {
    let row = capability.elements.iter_mut().find(|row| row.element == element).unwrap();
    row.condition = condition;
}

#[test]
fn what_everything_allows_is_told() {
    let decision = evaluate(&request(), &agreement(), &share());
    assert_eq!(decision.answer, AnswerKind::Match);
    assert_eq!(decision.allowed().collect::<Vec<_>>(), [Element::FullName, Element::Photograph]);
    assert_eq!((decision.partner, decision.agreement_version.number()), (Partner::Canada, 7));
    assert_eq!((decision.policy_version, decision.waivers.len()), (POLICY_VERSION, 0));
}

#[test]
fn a_question_that_the_agreement_does_not_have_is_refused_before_the_person_is_looked_at() {
    let long_ago = day("2017-07-16");
    let quota = |question: &mut Question| question.made_this_year.first = 3000;
    for (request, agreement, why) in [
        (asking(|question| question.partner = Partner::Australia), agreement(), Withheld::NoCapability),
        (asking(|question| question.by = Modality::Biographic), agreement(), Withheld::NotAsked),
        (asking(|question| question.on = long_ago), agreement(), Withheld::NoCapability),
        (request(), with(IN_BIOMETRIC, |one| one.to = Some(day("2026-01-15"))), Withheld::NoCapability),
        (request(), with(IN_BIOMETRIC, |one| one.step = Step::Second), Withheld::NoCapability),
        (request(), with(IN_BIOMETRIC, |one| one.direction = Direction::Out), Withheld::NoCapability),
        (request(), with(IN_BIOMETRIC, |one| one.status = CapabilityStatus::Planned), Withheld::NotLive),
        (request(), with(IN_BIOMETRIC, |one| one.status = CapabilityStatus::Suspended), Withheld::NotLive),
        (request(), with(IN_BIOMETRIC, |one| one.instruments.clear()), Withheld::NoInstrument),
        (request(), with(IN_BIOMETRIC, |one| one.purposes.retain(|one| *one != Purpose::VisaOrBenefit)), Withheld::Purpose),
        (request(), with(IN_BIOMETRIC, |one| one.recipients.retain(|one| *one != Recipient::Immigration)), Withheld::Recipient),
        (asking(quota), agreement(), Withheld::Quota),
        (request(), with(IN_BIOMETRIC, |one| one.quota_per_year = Some(0)), Withheld::Quota),
    ] {
        for subject in [request.subject.clone(), Subject::Nobody] {
            for towards in [share(), refer(), Towards::NoMatch] {
                let decision = evaluate(&Request { subject: subject.clone(), ..request.clone() }, &agreement, &towards);
                assert_eq!(decision.answer, AnswerKind::Refused, "{why:?}");
                assert!(decision.elements.values().all(|ruling| *ruling == Ruling::Withhold(why)), "{why:?} {decision:?}");
                assert_eq!(decision.elements.len(), 2);
            }
        }
    }
}

#[test]
fn a_capability_holds_from_its_first_day_up_to_its_quota() {
    let first_day = asking(|question| question.on = day("2017-07-17"));
    assert_eq!(name_of(first_day, &agreement()), Ruling::Allow);
    let last_day = with(IN_BIOMETRIC, |one| one.to = Some(day("2026-01-16")));
    assert_eq!(name_of(request(), &last_day), Ruling::Allow);
    let last_of_the_quota = asking(|question| question.made_this_year.first = 2999);
    assert_eq!(name_of(last_of_the_quota, &agreement()), Ruling::Allow);
    let unlimited = with(IN_BIOMETRIC, |one| one.quota_per_year = None);
    let many = asking(|question| question.made_this_year.first = u32::MAX);
    assert_eq!(name_of(many, &unlimited), Ruling::Allow);
}

#[test]
fn each_step_has_its_own_quota() {
    let made = Made { first: 1, second: 2, third: 3, reverse: 4 };
    assert_eq!(Step::ALL.map(|step| made.at(step)), [1, 2, 3, 4]);
}

#[test]
fn two_capabilities_for_one_time_are_none() {
    let mut twice = agreement();
    twice.capabilities.push(capability(Direction::In, Step::First, Modality::Biometric));
    assert_eq!(name_of(request(), &twice), Ruling::Withhold(Withheld::NoCapability));
    twice.capabilities.last_mut().unwrap().to = Some(day("2018-01-01"));
    assert_eq!(name_of(request(), &twice), Ruling::Allow, "one after the other");
}

#[test]
fn a_capability_rests_on_an_instrument_in_force_that_is_no_memorandum() {
    let mut agreement = agreement();
    agreement.instruments[0].kind = InstrumentKind::WaiverMemo;
    assert_eq!(name_of(request(), &agreement), Ruling::Withhold(Withheld::NoInstrument));
    agreement.instruments[0].kind = InstrumentKind::Annex;
    assert_eq!(name_of(request(), &agreement), Ruling::Allow);
    agreement.instruments[0].ends = Some(day("2026-01-15"));
    assert_eq!(name_of(request(), &agreement), Ruling::Withhold(Withheld::NoInstrument));
    let mut other = instrument("other");
    other.in_force = Some(day("2026-01-01"));
    agreement.instruments.push(other);
    assert_eq!(name_of(request(), &agreement), Ruling::Withhold(Withheld::NoInstrument), "it does not name it");
    for capability in &mut agreement.capabilities {
        capability.instruments.push(key("other"));
    }
    assert_eq!(name_of(request(), &agreement), Ruling::Allow);
}

#[test]
fn an_element_needs_the_capability_of_its_own_kind() {
    for (agreement, why) in [
        (with(IN_BIOGRAPHIC, |one| one.status = CapabilityStatus::Suspended), Withheld::NotLive),
        (with(IN_BIOGRAPHIC, |one| one.from = day("2027-01-01")), Withheld::NoCapability),
        (with(IN_BIOGRAPHIC, |one| one.instruments.clear()), Withheld::NoInstrument),
        (with(IN_BIOGRAPHIC, |one| one.purposes.clear()), Withheld::Purpose),
        (with(IN_BIOGRAPHIC, |one| one.recipients.clear()), Withheld::Recipient),
        (with(IN_BIOGRAPHIC, |one| one.elements.retain(|row| row.element != Element::FullName)), Withheld::NotInDataSet),
    ] {
        let decision = evaluate(&request(), &agreement, &share());
        assert_eq!(decision.elements[&Element::FullName], Ruling::Withhold(why));
        assert_eq!(decision.elements[&Element::Photograph], Ruling::Allow);
        assert_eq!(decision.answer, AnswerKind::Partial);
    }
    assert_eq!(one(Element::Race, request(), &agreement()), (AnswerKind::Refused, Ruling::Withhold(Withheld::NotInDataSet)));
    let second = asking(|question| question.step = Step::Second);
    assert_eq!(one(Element::Race, second, &agreement()), (AnswerKind::Match, Ruling::Allow));
}

#[test]
fn a_bare_match_is_an_answer() {
    let bare = Request { asked: BTreeSet::new(), ..request() };
    assert_eq!(evaluate(&bare, &agreement(), &share()).answer, AnswerKind::Match);
    assert_eq!(evaluate(&bare, &agreement(), &Towards::NoMatch).answer, AnswerKind::NoMatch);
    assert_eq!(evaluate(&bare, &agreement(), &refer()).answer, AnswerKind::Hold);
}

#[test]
fn conditions_of_elements() {
    let only = |condition| with(IN_BIOGRAPHIC, |one| set_condition(one, Element::FullName, condition));
    let (prints, records) = (request(), about(|person| person.found_by = FoundBy::Records));
    assert_eq!(name_of(prints.clone(), &only(Condition::OnFingerprintMatch)), Ruling::Allow);
    assert_eq!(
        one(Element::FullName, records.clone(), &only(Condition::OnFingerprintMatch)),
        (AnswerKind::Refused, Ruling::Withhold(Withheld::NoFingerprintMatch))
    );
    assert_eq!(name_of(records, &only(Condition::Always)), Ruling::Allow);
    assert_eq!(
        one(Element::FullName, prints.clone(), &only(Condition::ReferToCounsel)),
        (AnswerKind::Hold, Ruling::Refer(Referred::Counsel))
    );
    let decision = evaluate(&prints, &only(Condition::ReferToCounsel), &share());
    assert_eq!(decision.answer, AnswerKind::Hold, "the whole waits for counsel, though the photograph is allowed");
    let twice = with(IN_BIOGRAPHIC, |one| {
        one.elements.push(DataSetElement { element: Element::FullName, condition: Condition::ReferToCounsel });
    });
    assert_eq!(name_of(prints, &twice), Ruling::Refer(Referred::Counsel), "of two the more closed");
}

/// What counsel let be told, once and for all.
fn settles(request: Request, matters: &[Matter]) -> Request {
    Request { settled: matters.iter().copied().collect(), ..request }
}

#[test]
fn what_counsel_settled_is_in_doubt_no_more_and_nothing_else_is_open() {
    let both = |one: &mut Capability| {
        set_condition(one, Element::FullName, Condition::ReferToCounsel);
        set_condition(one, Element::BirthDate, Condition::ReferToCounsel);
    };
    let agreement_of_both = with(IN_BIOGRAPHIC, both);
    let asked = Request { asked: [Element::FullName, Element::BirthDate].into(), ..request() };
    let (name, birth) = (Matter::Element(Element::FullName), Matter::Element(Element::BirthDate));
    assert_eq!(matters(&asked, &agreement_of_both, &share()), [name, birth].into());
    let one = settles(asked.clone(), &[name]);
    assert_eq!(matters(&one, &agreement_of_both, &share()), [birth].into());
    let decision = evaluate(&one, &agreement_of_both, &share());
    assert_eq!((decision.answer, decision.elements[&Element::FullName]), (AnswerKind::Hold, Ruling::Allow));
    assert_eq!(evaluate(&settles(asked.clone(), &[name, birth]), &agreement_of_both, &share()).answer, AnswerKind::Match);
    let nothing = evaluate(&settles(asked, &[name, birth]), &agreement_of_both, &Towards::NoMatch);
    assert_eq!((nothing.answer, nothing.allowed().count()), (AnswerKind::NoMatch, 0), "it opens nothing that is closed");

    for (doubtful, matter) in [
        (about(|person| person.persecuted_by = None), Matter::Persecution),
        (about(|person| person.citizenships = None), Matter::Citizenship),
    ] {
        assert_eq!(matters(&doubtful, &agreement(), &share()), [matter].into());
        assert_eq!(evaluate(&settles(doubtful.clone(), &[matter]), &agreement(), &share()).answer, AnswerKind::Match);
        let others = [Matter::Persecution, Matter::Citizenship, name].into_iter().filter(|one| *one != matter).collect::<Vec<_>>();
        assert_eq!(evaluate(&settles(doubtful.clone(), &others), &agreement(), &share()).answer, AnswerKind::Hold);
        assert_eq!(
            evaluate(&settles(doubtful, &[matter]), &agreement(), &refer()).answer,
            AnswerKind::Hold,
            "no doubt of protection"
        );
    }
    let all = [Matter::Persecution, Matter::Citizenship, name];
    let persecuted = about(|person| person.persecuted_by = codes(&["CAN"]));
    assert_eq!(evaluate(&settles(persecuted, &all), &agreement(), &share()).answer, AnswerKind::NoMatch);
    let canadian = about(|person| person.citizenships = codes(&["CAN"]));
    assert_eq!(evaluate(&settles(canadian, &all), &agreement(), &share()).answer, AnswerKind::NoMatch);
    let unnamed = with(IN_BIOGRAPHIC, |one| one.elements.retain(|row| row.element != Element::FullName));
    assert_eq!(
        evaluate(&settles(request(), &all), &unnamed, &share()).elements[&Element::FullName],
        Ruling::Withhold(Withheld::NotInDataSet)
    );
}

#[test]
fn an_element_may_have_a_narrower_subject_than_the_query() {
    let narrow = with(IN_BIOMETRIC, |one| one.subject_rule = SubjectRule::Anyone);
    let canadian = about(|person| person.citizenships = codes(&["CAN"]));
    assert_eq!(name_of(canadian.clone(), &narrow), Ruling::Withhold(Withheld::Subject));
    assert_eq!(one(Element::Photograph, canadian, &narrow), (AnswerKind::Match, Ruling::Allow));
    let unknown = about(|person| person.citizenships = None);
    assert_eq!(one(Element::FullName, unknown, &narrow), (AnswerKind::Hold, Ruling::Refer(Referred::Citizenship)));
}

/// What the partner sees and what is kept is the same, whoever may not be told of and why.
#[test]
fn who_may_not_be_told_of_is_nobody_whom_we_know() {
    let hidden = [
        (request(), Towards::NoMatch, Withheld::Protected),
        (about(|person| person.persecuted_by = codes(&["SYR", "CAN"])), share(), Withheld::Persecution),
        (about(|person| person.persecuted_by = codes(&["CAN"])), refer(), Withheld::Persecution),
        (about(|person| person.citizenships = codes(&["USA"])), share(), Withheld::Subject),
        (about(|person| person.citizenships = codes(&["CAN"])), refer(), Withheld::Subject),
    ];
    for before in AnsweredBefore::ALL {
        let nobody = Request { subject: Subject::Nobody, answered_before: before, ..request() };
        let unknown = evaluate(&nobody, &agreement(), &share());
        assert_eq!(unknown.answer, if before == AnsweredBefore::Match { AnswerKind::Refused } else { AnswerKind::NoMatch });
        assert!(unknown.elements.values().all(|ruling| *ruling == Ruling::Withhold(Withheld::NothingToTell)));
        assert_eq!(suppressed(&nobody, &agreement(), &Towards::NoMatch), None);
        for (request, towards, why) in &hidden {
            let request = Request { answered_before: before, ..request.clone() };
            assert_eq!(evaluate(&request, &agreement(), towards), unknown);
            assert_eq!(suppressed(&request, &agreement(), towards), Some(*why));
        }
    }
    assert_eq!(suppressed(&request(), &agreement(), &share()), None);
    assert_eq!(suppressed(&request(), &agreement(), &refer()), None);
    let refused = with(IN_BIOMETRIC, |one| one.status = CapabilityStatus::Planned);
    assert_eq!(suppressed(&request(), &refused, &Towards::NoMatch), None, "it was refused, whoever it is about");
    let ours = asking(|question| question.direction = Direction::Out);
    assert_eq!(suppressed(&ours, &agreement(), &Towards::NoMatch), None, "we told nobody anything");
}

#[test]
fn what_is_in_doubt_is_held() {
    for (request, towards, why) in [
        (request(), refer(), Referred::Protection),
        (about(|person| person.citizenships = None), refer(), Referred::Protection),
        (about(|person| person.persecuted_by = None), share(), Referred::Persecution),
        (about(|person| (person.persecuted_by, person.citizenships) = (None, None)), share(), Referred::Persecution),
        (about(|person| person.citizenships = None), share(), Referred::Citizenship),
        (about(|person| person.citizenships = codes(&[])), share(), Referred::Citizenship),
    ] {
        for direction in Direction::ALL {
            let mut request = request.clone();
            request.question.direction = direction;
            let decision = evaluate(&request, &agreement(), &towards);
            assert_eq!(decision.answer, AnswerKind::Hold);
            assert!(decision.elements.values().all(|ruling| *ruling == Ruling::Refer(why)), "{why:?}");
            assert!(decision.waivers.is_empty());
        }
    }
}

#[test]
fn the_waivers_that_were_needed_are_kept_where_something_may_be_told() {
    let waivers = BTreeSet::from([WaiverId::new(Uuid::from_u128(4))]);
    let shared = Towards::Share { waivers: waivers.clone() };
    assert_eq!(evaluate(&request(), &agreement(), &shared).waivers, waivers);
    let nobody = Request { subject: Subject::Nobody, ..request() };
    assert!(evaluate(&nobody, &agreement(), &shared).waivers.is_empty());
}

#[test]
fn what_we_ask_ourselves_says_why_it_is_not_asked() {
    for (person, towards, why) in [
        (person(), Towards::NoMatch, Withheld::Protected),
        (Person { persecuted_by: codes(&["CAN"]), ..person() }, share(), Withheld::Persecution),
        (Person { citizenships: codes(&["CAN"]), ..person() }, share(), Withheld::Subject),
    ] {
        assert_eq!(may_ask(&out(), &person, &agreement(), &towards, &BTreeSet::new()), Err(Blocked::No(why)));
        let request = Request { question: out(), subject: Subject::Known(person), ..request() };
        let decision = evaluate(&request, &agreement(), &towards);
        assert_eq!(decision.answer, AnswerKind::Refused);
        assert!(decision.elements.values().all(|ruling| *ruling == Ruling::Withhold(why)), "{why:?}");
    }
    let nobody = Request { question: out(), subject: Subject::Nobody, ..request() };
    assert_eq!(evaluate(&nobody, &agreement(), &share()).answer, AnswerKind::Refused);
    let ours = Request { question: out(), ..request() };
    assert_eq!(evaluate(&ours, &agreement(), &share()).answer, AnswerKind::Match);
}

#[test]
fn no_country_is_asked_about_whom_it_is_said_to_have_persecuted() {
    let may = |persecuted_by: Option<_>, partner: Partner| {
        let agreement = Agreement { partner: partner.into(), ..agreement() };
        may_ask(&Question { partner, ..out() }, &Person { persecuted_by, ..person() }, &agreement, &share(), &BTreeSet::new())
    };
    let blocked = Err(Blocked::No(Withheld::Persecution));
    assert_eq!(may(codes(&[]), Partner::Canada), Ok(()));
    assert_eq!(may(codes(&["GBR"]), Partner::Canada), Ok(()));
    assert_eq!(may(codes(&["CAN"]), Partner::Canada), blocked);
    assert_eq!(may(codes(&["GBR", "CAN"]), Partner::Canada), blocked);
    assert_eq!(may(codes(&["GIB"]), Partner::UnitedKingdom), blocked);
    assert_eq!(may(None, Partner::Canada), Err(Blocked::Doubtful(Referred::Persecution)));
    for step in Step::ALL {
        let question = Question { step, ..out() };
        let persecuted = Person { persecuted_by: codes(&["CAN"]), ..person() };
        assert_eq!(may_ask(&question, &persecuted, &agreement(), &share(), &BTreeSet::new()), blocked, "at every step");
    }
}

#[test]
fn a_first_query_needs_the_second_too() {
    let second = (Direction::Out, Step::Second, Modality::Biometric);
    let may = |agreement: &Agreement, question: &Question| may_ask(question, &person(), agreement, &share(), &BTreeSet::new());
    assert_eq!(may(&agreement(), &out()), Ok(()));
    for (agreement, why) in [
        (with(second, |one| one.status = CapabilityStatus::Planned), Withheld::NotLive),
        (with(second, |one| one.from = day("2027-01-01")), Withheld::NoCapability),
        (with(second, |one| one.instruments.clear()), Withheld::NoInstrument),
        (with(second, |one| one.purposes.clear()), Withheld::Purpose),
        (with(second, |one| one.recipients.clear()), Withheld::Recipient),
        (with(second, |one| one.serves = Serves::AnswersOnly), Withheld::NotAsked),
        (with(second, |one| one.quota_per_year = Some(0)), Withheld::Quota),
    ] {
        assert_eq!(may(&agreement, &out()), Err(Blocked::No(why)));
        assert_eq!(evaluate(&Request { question: out(), ..request() }, &agreement, &share()).answer, AnswerKind::Refused);
        assert_eq!(may(&agreement, &Question { step: Step::Third, ..out() }), Ok(()), "the third comes by itself");
        assert_eq!(name_of(request(), &agreement), Ruling::Allow, "what they ask does not rest on what we ask");
    }
    let first = with((Direction::Out, Step::First, Modality::Biometric), |one| one.status = CapabilityStatus::Suspended);
    assert_eq!(may(&first, &out()), Err(Blocked::No(Withheld::NotLive)));
    assert_eq!(may(&first, &Question { step: Step::Second, ..out() }), Ok(()));
    let used_up = Question { made_this_year: Made { second: 3000, ..Made::default() }, ..out() };
    assert_eq!(may(&agreement(), &used_up), Err(Blocked::No(Withheld::Quota)));
    // A second answer about somebody narrower than the first is not asked for either.
    let anyone = with((Direction::Out, Step::First, Modality::Biometric), |one| one.subject_rule = SubjectRule::Anyone);
    let canadian = Person { citizenships: codes(&["CAN"]), ..person() };
    assert_eq!(may_ask(&out(), &canadian, &anyone, &share(), &BTreeSet::new()), Err(Blocked::No(Withheld::Subject)));
    // Nor does a partner's own second query come by itself with us.
    let theirs = with((Direction::In, Step::Second, Modality::Biometric), |one| one.status = CapabilityStatus::Planned);
    assert_eq!(name_of(request(), &theirs), Ruling::Allow);
}

#[test]
fn what_a_partner_asks_is_no_question_of_ours() {
    assert_eq!(
        may_ask(&request().question, &person(), &agreement(), &share(), &BTreeSet::new()),
        Err(Blocked::No(Withheld::NoCapability))
    );
}

#[test]
fn a_decision_is_kept_and_read_back() {
    let partly = with(IN_BIOGRAPHIC, |one| set_condition(one, Element::FullName, Condition::ReferToCounsel));
    for decision in [
        evaluate(&request(), &agreement(), &Towards::Share { waivers: [WaiverId::new(Uuid::from_u128(4))].into() }),
        evaluate(&request(), &agreement(), &Towards::NoMatch),
        evaluate(&request(), &partly, &share()),
    ] {
        let text = serde_json::to_string(&decision).unwrap();
        assert_eq!(serde_json::from_str::<Decision>(&text).unwrap(), decision, "{text}");
    }
    let text = serde_json::to_string(&request()).unwrap();
    assert_eq!(serde_json::from_str::<Request>(&text).unwrap(), request(), "{text}");
}

fn any_towards(partner: Partner, purpose: Purpose, on: NaiveDate) -> impl Strategy<Value = Towards> {
    let telling = Telling { partner, purpose, today: on };
    let checked = (prop::collection::vec(any_record(), 0..3), any_cis(), any_waivers())
        .prop_map(move |(records, cis, waivers)| towards_partner(&records, &cis, &waivers, telling));
    prop_oneof![2 => checked, 1 => Just(share())]
}

fn any_case() -> impl Strategy<Value = (Request, Agreement, Towards)> {
    (any_request(), any_agreement(), any::<bool>()).prop_flat_map(|(request, mut agreement, is_with_partner)| {
        if is_with_partner {
            agreement.partner = request.question.partner.into();
        }
        let Question { partner, purpose, on, .. } = request.question;
        (Just(request), Just(agreement), any_towards(partner, purpose, on))
    })
}

/// Is there but one capability in a slot, and can it be used? Told in another way than the code does.
fn is_open(agreement: &Agreement, question: &Question, step: Step, modality: Modality) -> Option<Capability> {
    let on = question.on;
    let there: Vec<_> = agreement
        .capabilities
        .iter()
        .filter(|one| (one.direction, one.step, one.modality) == (question.direction, step, modality))
        .filter(|one| one.from <= on && one.to.is_none_or(|end| end > on))
        .collect();
    let [one] = there[..] else { return None };
    let rests = one.instruments.iter().any(|key| {
        agreement
            .instruments
            .iter()
            .any(|instrument| instrument.key == *key && instrument.kind != InstrumentKind::WaiverMemo && instrument.is_in_force(on))
    });
    let open = one.status == CapabilityStatus::Live
        && rests
        && one.purposes.contains(&question.purpose)
        && one.recipients.contains(&question.recipient)
        && agreement.partner == Party::Country(question.partner);
    open.then(|| one.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    /// Nothing is told or asked but what the capability, the purpose, the data set, the subject and the protection all allow.
    #[test]
    fn nothing_is_allowed_but_what_everything_allows((request, agreement, towards) in any_case()) {
        let question = &request.question;
        let decision = evaluate(&request, &agreement, &towards);
        prop_assert!(decision.elements.keys().eq(request.asked.iter()));
        let shares = matches!(towards, Towards::Share { .. });
        for element in decision.allowed() {
            let Subject::Known(person) = &request.subject else { panic!("told of nobody: {element:?}") };
            prop_assert!(shares);
            let asked = is_open(&agreement, question, question.step, question.by);
            let asked = asked.expect("the question is open");
            prop_assert!(asked.serves == Serves::Queries);
            prop_assert!(asked.quota_per_year.is_none_or(|quota| question.made_this_year.at(question.step) < quota));
            let told = is_open(&agreement, question, question.step, element.modality()).expect("the element is open");
            let rows: Vec<_> = told.elements.iter().filter(|row| row.element == element).map(|row| row.condition).collect();
            let is_settled = |matter| request.settled.contains(&matter);
            let is_left_to_counsel = rows.contains(&Condition::ReferToCounsel);
            prop_assert!(!rows.is_empty() && (!is_left_to_counsel || is_settled(Matter::Element(element))));
            let by_prints = rows.contains(&Condition::OnFingerprintMatch) && !is_left_to_counsel;
            prop_assert!(person.found_by == FoundBy::Fingerprints || !by_prints);
            let partner = question.partner;
            match &person.persecuted_by {
                Some(list) => prop_assert!(!list.iter().any(|one| partner.is_behind(one))),
                None => prop_assert!(is_settled(Matter::Persecution)),
            }
            for one in [&asked, &told] {
                let coverage = coverage(one.subject_rule, partner, person, question.on);
                let is_unknown = coverage == Coverage::Unknown && is_settled(Matter::Citizenship);
                prop_assert!(coverage == Coverage::Covered || is_unknown);
            }
            if question.direction == Direction::Out && question.step == Step::First {
                let second = is_open(&agreement, question, Step::Second, question.by).expect("the second is open");
                prop_assert!(second.quota_per_year.is_none_or(|quota| question.made_this_year.second < quota));
            }
        }
        let answers_something = matches!(decision.answer, AnswerKind::Match | AnswerKind::Partial);
        prop_assert!(!answers_something || shares);
        prop_assert!(answers_something || decision.answer == AnswerKind::Hold || decision.allowed().count() == 0);
        let is_referred = decision.elements.values().any(|one| matches!(one, Ruling::Refer(_)));
        prop_assert!(request.asked.is_empty() || is_referred == (decision.answer == AnswerKind::Hold));
        let has_matters = !matters(&request, &agreement, &towards).is_empty();
        prop_assert_eq!(has_matters, shares && decision.answer == AnswerKind::Hold, "what is held is settled by somebody");
    }

    /// A protected person is one whom we do not know, in all that the partner sees and all that is kept with the request.
    #[test]
    fn a_protected_person_is_nobody_whom_we_know((request, agreement, _) in any_case(), other in any_person()) {
        let mut request = request;
        request.question.direction = Direction::In;
        let protected = evaluate(&request, &agreement, &Towards::NoMatch);
        for subject in [Subject::Nobody, Subject::Known(other)] {
            let unknown = evaluate(&Request { subject, ..request.clone() }, &agreement, &Towards::NoMatch);
            prop_assert_eq!(serde_json::to_string(&protected).unwrap(), serde_json::to_string(&unknown).unwrap());
        }
        let nobody = Request { subject: Subject::Nobody, ..request.clone() };
        prop_assert_eq!(evaluate(&nobody, &agreement, &share()), protected);
    }

    /// What is more closed in the protection is never more open in the decision.
    #[test]
    fn closer_protection_never_opens((request, agreement, _) in any_case()) {
        let allowed = |towards: &Towards| evaluate(&request, &agreement, towards).allowed().count();
        prop_assert_eq!(allowed(&refer()), 0);
        prop_assert_eq!(allowed(&Towards::NoMatch), 0);
    }

    #[test]
    fn what_may_not_be_asked_is_not_asked((request, agreement, towards) in any_case()) {
        let Subject::Known(person) = &request.subject else { return Ok(()) };
        let question = Question { direction: Direction::Out, ..request.question.clone() };
        let may = may_ask(&question, person, &agreement, &towards, &request.settled);
        let decision = evaluate(&Request { question, ..request.clone() }, &agreement, &towards);
        match may {
            Ok(()) => {}
            Err(Blocked::No(_)) => prop_assert_eq!(decision.answer, AnswerKind::Refused),
            Err(Blocked::Doubtful(_)) => prop_assert_eq!(decision.answer, AnswerKind::Hold),
        }
        prop_assert!(may.is_ok() || decision.allowed().count() == 0);
    }
}
