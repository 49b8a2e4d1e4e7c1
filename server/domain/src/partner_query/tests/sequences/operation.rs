//! What may happen in a story.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use shared::agreement::{
    Agreement, Capability, CapabilityStatus, Direction, Element, InstrumentKind, Modality, Partner, Party, Purpose, Recipient,
    Slot, Step, from_file, starter,
};
use shared::partner_query::ReplyResult;
use shared::protection::WaiverKind;

use super::beginning::PEOPLE;
use super::rules::{Cis, Mark};
use crate::partner_query::Outcome;

const COUNTRIES: [&str; 7] = ["SYR", "MEX", "CAN", "NZL", "COK", "GIB", "AUS"];
const CITIZENSHIPS: [Option<&str>; 6] = [Some("MEX"), Some("SYR"), Some("CAN"), Some("NZL"), Some("USA"), None];

/// Something that somebody does, or that happens. A `usize` is a place in a list of what there is, counted round.
#[derive(Debug, Clone)]
pub enum Operation {
    /// A partner asks us: about one person, about several, or about nobody whom we know.
    Asked(Question),
    /// It asks so again: in the same message, or under the same number in another one.
    AskedAgain {
        which: usize,
        in_same_message: bool,
    },
    /// The next answer is decided and handed to IDENT. A mark may come after PCQS/CIS was asked.
    Answer {
        cis: Cis,
        meanwhile: Option<(usize, Mark)>,
        outcome: Option<Outcome>,
    },
    /// Our officer asks a partner, and states what country the person fears.
    Ask {
        who: usize,
        partner: Partner,
        purpose: Purpose,
        feared: Option<&'static str>,
    },
    /// Our officer asks a partner back about whom it asked us.
    AskBack {
        which: usize,
        purpose: Purpose,
        feared: Option<&'static str>,
    },
    Cancel(usize),
    /// The next query of ours is authorized and handed to IDENT.
    Send {
        cis: Cis,
        meanwhile: Option<(usize, Mark)>,
        outcome: Option<Outcome>,
    },
    /// IDENT says late what became of something.
    Report {
        which: usize,
        outcome: Outcome,
    },
    /// A partner answers our query, once or twice.
    Replied {
        which: usize,
        result: ReplyResult,
        is_twice: bool,
    },
    /// A match, the second query that IDENT sends by itself, and its answer; in their order or the other way round.
    Matched {
        which: usize,
        is_reversed: bool,
    },
    /// An officer asks for more, and a supervisor approves it.
    Third {
        which: usize,
        is_approved: bool,
    },
    Mark {
        who: usize,
        case: usize,
        mark: Mark,
    },
    /// The feed ends a mark.
    Unmark {
        who: usize,
        which: usize,
    },
    /// A correction states a class, or ends what one stated.
    Status {
        who: usize,
        mark: Mark,
    },
    Citizenship {
        who: usize,
        country: Option<&'static str>,
    },
    Fears {
        who: usize,
        country: &'static str,
    },
    Waive {
        who: usize,
        what: (WaiverKind, Mark, Partner),
        days: Option<i64>,
        is_agreed: bool,
    },
    AgreeToWaiver(usize),
    EndWaiver(usize),
    Sign {
        partner: Partner,
        edit: Edit,
        days: i64,
    },
    Resolve {
        which: usize,
        is_released: bool,
    },
    Wait(TimeDelta),
}

/// What a partner asks.
#[derive(Debug, Clone)]
pub struct Question {
    pub partner: Partner,
    pub about: BTreeSet<usize>,
    pub step: Step,
    pub is_first_answer: bool,
    pub purpose: Purpose,
    pub recipient: Recipient,
    pub asked: BTreeSet<Element>,
}

/// What another version of an agreement changes.
#[derive(Debug, Clone, Copy)]
pub enum Edit {
    Drop(Element),
    Suspend(Direction, Step, Modality),
    /// Of the first query.
    Quota(Direction, u32),
    /// Whatever it rests on ends tomorrow.
    End,
    /// As it was in the beginning.
    Restore,
}

impl Edit {
    pub fn made(self, agreement: &Agreement, today: NaiveDate) -> Agreement {
        let mut document = agreement.clone();
        match self {
            Self::Drop(element) => {
                for capability in &mut document.capabilities {
                    capability.elements.retain(|row| row.element != element);
                }
            }
            Self::Suspend(direction, step, modality) => {
                for capability in of_slot(&mut document, Slot { direction, step, modality }) {
                    capability.status = CapabilityStatus::Suspended;
                }
            }
            Self::Quota(direction, quota) => {
                let slot = Slot { direction, step: Step::First, modality: Modality::Biometric };
                for capability in of_slot(&mut document, slot) {
                    capability.quota_per_year = Some(quota);
                }
            }
            Self::End => {
                for instrument in document.instruments.iter_mut().filter(|one| one.kind != InstrumentKind::WaiverMemo) {
                    instrument.ends = Some(today + TimeDelta::days(1));
                }
            }
            Self::Restore => return first_of(agreement.partner),
        }
        document
    }
}

fn of_slot(document: &mut Agreement, slot: Slot) -> impl Iterator<Item = &mut Capability> {
    document.capabilities.iter_mut().filter(move |one| one.slot() == slot)
}

pub fn first_of(partner: impl Into<Party>) -> Agreement {
    from_file(starter(partner).as_bytes()).unwrap()
}

fn any_of<T: Clone + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> + Clone {
    prop::sample::select(all)
}

/// Those of whom nothing is known that would keep everything here come first: shrinking goes there.
fn who() -> impl Strategy<Value = usize> + Clone {
    prop_oneof![4 => Just(0_usize), 3 => 1..PEOPLE.len()]
}

/// Mostly one with which something is live.
fn partner() -> impl Strategy<Value = Partner> + Clone {
    prop_oneof![4 => Just(Partner::Canada), 2 => Just(Partner::NewZealand), 1 => any_of(&Partner::ALL)]
}

fn purpose() -> impl Strategy<Value = Purpose> + Clone {
    prop_oneof![5 => Just(Purpose::VisaOrBenefit), 3 => Just(Purpose::RefugeeClaim), 1 => any_of(&Purpose::ALL)]
}

fn cis() -> impl Strategy<Value = Cis> {
    prop_oneof![
        6 => Just(Cis::NotProtected),
        1 => Just(Cis::Protected),
        2 => Just(Cis::Failed),
        1 => any_of(&Mark::ALL).prop_map(Cis::Has),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => Just(Outcome::Sent),
        1 => Just(Outcome::Later(TimeDelta::minutes(1))),
        1 => Just(Outcome::Unknown),
        1 => Just(Outcome::Refused),
    ]
}

/// None: IDENT is slow, or the program ended.
fn told_at_once() -> impl Strategy<Value = Option<Outcome>> {
    prop::option::weighted(0.8, outcome())
}

fn meanwhile() -> impl Strategy<Value = Option<(usize, Mark)>> {
    prop::option::weighted(0.1, (who(), any_of(&Mark::ALL)))
}

fn question() -> impl Strategy<Value = Question> {
    let about = prop_oneof![
        8 => who().prop_map(|who| BTreeSet::from([who])),
        1 => Just(BTreeSet::new()),
        1 => prop::collection::btree_set(who(), 2),
    ];
    let step = prop_oneof![4 => Just(Step::First), 2 => Just(Step::Second), 1 => Just(Step::Third)];
    let recipient = prop_oneof![5 => Just(Recipient::Immigration), 1 => any_of(&Recipient::ALL)];
    let asked =
        prop::sample::subsequence(Element::ALL.to_vec(), 0..=8).prop_map(|asked| asked.into_iter().collect::<BTreeSet<Element>>());
    (partner(), about, step, prop::bool::weighted(0.8), purpose(), recipient, asked).prop_map(
        |(partner, about, step, is_first_answer, purpose, recipient, asked)| Question {
            partner,
            about,
            step,
            is_first_answer,
            purpose,
            recipient,
            asked,
        },
    )
}

fn theirs() -> impl Strategy<Value = Operation> {
    let again = (0..4_usize, any::<bool>());
    let answer = (cis(), meanwhile(), told_at_once());
    prop_oneof![
        5 => question().prop_map(Operation::Asked),
        1 => again.prop_map(|(which, in_same_message)| Operation::AskedAgain { which, in_same_message }),
        7 => answer.prop_map(|(cis, meanwhile, outcome)| Operation::Answer { cis, meanwhile, outcome }),
    ]
}

fn ours() -> impl Strategy<Value = Operation> {
    let which = 0..4_usize;
    let feared = || prop::option::weighted(0.3, any_of(&COUNTRIES));
    let ask = (who(), partner(), purpose(), feared());
    let ask_back = (which.clone(), purpose(), feared());
    let send = (cis(), meanwhile(), told_at_once());
    let result =
        any_of(&[ReplyResult::Match, ReplyResult::NoMatch, ReplyResult::Partial, ReplyResult::Refused, ReplyResult::Error]);
    let replied = (which.clone(), result, any::<bool>());
    let third = (which.clone(), prop::bool::weighted(0.9));
    prop_oneof![
        6 => ask.prop_map(|(who, partner, purpose, feared)| Operation::Ask { who, partner, purpose, feared }),
        3 => ask_back.prop_map(|(which, purpose, feared)| Operation::AskBack { which, purpose, feared }),
        8 => send.prop_map(|(cis, meanwhile, outcome)| Operation::Send { cis, meanwhile, outcome }),
        1 => which.clone().prop_map(Operation::Cancel),
        2 => (which.clone(), outcome()).prop_map(|(which, outcome)| Operation::Report { which, outcome }),
        1 => replied.prop_map(|(which, result, is_twice)| Operation::Replied { which, result, is_twice }),
        3 => (which, any::<bool>()).prop_map(|(which, is_reversed)| Operation::Matched { which, is_reversed }),
        3 => third.prop_map(|(which, is_approved)| Operation::Third { which, is_approved }),
    ]
}

fn records() -> impl Strategy<Value = Operation> {
    let mark = || any_of(&Mark::ALL);
    prop_oneof![
        3 => (who(), 0..2_usize, mark()).prop_map(|(who, case, mark)| Operation::Mark { who, case, mark }),
        3 => (who(), 0..3_usize).prop_map(|(who, which)| Operation::Unmark { who, which }),
        2 => (who(), mark()).prop_map(|(who, mark)| Operation::Status { who, mark }),
        1 => (who(), any_of(&CITIZENSHIPS)).prop_map(|(who, country)| Operation::Citizenship { who, country }),
        1 => (who(), any_of(&COUNTRIES)).prop_map(|(who, country)| Operation::Fears { who, country }),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let direction = || any_of(&[Direction::In, Direction::Out]);
    let slot = (direction(), any_of(&[Step::First, Step::Second]), any_of(&[Modality::Biometric, Modality::Biographic]));
    prop_oneof![
        3 => any_of(&Element::ALL).prop_map(Edit::Drop),
        3 => slot.prop_map(|(direction, step, modality)| Edit::Suspend(direction, step, modality)),
        2 => (direction(), 1..3_u32).prop_map(|(direction, quota)| Edit::Quota(direction, quota)),
        1 => Just(Edit::End),
        2 => Just(Edit::Restore),
    ]
}

fn policy() -> impl Strategy<Value = Operation> {
    let days = prop::option::of(1..3_i64);
    let what = (any_of(&WaiverKind::ALL), any_of(&Mark::ALL), partner());
    let waive = (who(), what, days, prop::bool::weighted(0.8));
    let resolve = (0..3_usize, prop::bool::weighted(0.8));
    let wait = [TimeDelta::seconds(30), TimeDelta::minutes(3), TimeDelta::days(1), TimeDelta::days(300)].map(Just);
    let [at_once, later, day, year] = wait;
    prop_oneof![
        2 => waive.prop_map(|(who, what, days, is_agreed)| Operation::Waive { who, what, days, is_agreed }),
        1 => (0..3_usize).prop_map(Operation::AgreeToWaiver),
        1 => (0..3_usize).prop_map(Operation::EndWaiver),
        2 => (partner(), edit(), 0..2_i64).prop_map(|(partner, edit, days)| Operation::Sign { partner, edit, days }),
        4 => resolve.prop_map(|(which, is_released)| Operation::Resolve { which, is_released }),
        4 => prop_oneof![3 => at_once, 4 => later, 2 => day, 1 => year].prop_map(Operation::Wait),
    ]
}

pub fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![8 => theirs(), 10 => ours(), 3 => records(), 5 => policy()]
}
