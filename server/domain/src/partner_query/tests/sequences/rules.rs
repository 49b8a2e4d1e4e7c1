//! What may leave, said once more and plainly: from what a story did, and by none of the code that decides.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use shared::agreement::{
    Agreement, AgreementVersion, Capability, CapabilityStatus, Condition, Direction, Element, InstrumentKind, Modality, Partner,
    Purpose, Recipient, Serves, Step,
};
use shared::protection::{CisAnswer, Class, Evidence, Marker, WaiverId, WaiverKind};
use uuid::Uuid;

/// What a record says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Student,
    Vawa,
    Trafficking,
    CrimeVictim,
    Witness,
    Sealed,
    Asylum,
    Tps,
    Nacara,
    /// A code that is in no table.
    Unread,
}

/// What has to be there before anything is told of somebody with a mark.
enum Needs {
    Nothing,
    Waiver(&'static [WaiverKind]),
    Counsel,
    /// 8 USC 1367: a waiver, and counsel each time.
    Both,
    /// Nothing helps.
    Silence,
}

impl Mark {
    pub const ALL: [Self; 10] = [
        Self::Student,
        Self::Vawa,
        Self::Trafficking,
        Self::CrimeVictim,
        Self::Witness,
        Self::Sealed,
        Self::Asylum,
        Self::Tps,
        Self::Nacara,
        Self::Unread,
    ];

    /// The class of admission; none for a court's order.
    pub const fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::Student => "F1",
            Self::Vawa => "384",
            Self::Trafficking => "T1",
            Self::CrimeVictim => "U1",
            Self::Witness => "S5",
            Self::Sealed => return None,
            Self::Asylum => "AS1",
            Self::Tps => "TPS",
            Self::Nacara => "NC6",
            Self::Unread => "QX9",
        })
    }

    pub const fn class(self) -> Class {
        match self {
            Self::Student => Class::Ordinary,
            Self::Vawa => Class::Vawa,
            Self::Trafficking => Class::Trafficking,
            Self::CrimeVictim => Class::CrimeVictim,
            Self::Witness => Class::Witness,
            Self::Sealed => Class::Sealed,
            Self::Asylum => Class::Asylum,
            Self::Tps => Class::Tps,
            Self::Nacara => Class::Nacara,
            Self::Unread => Class::Unknown,
        }
    }

    const fn needs(self) -> Needs {
        match self {
            Self::Student => Needs::Nothing,
            Self::Vawa | Self::Trafficking | Self::CrimeVictim => Needs::Both,
            Self::Witness | Self::Sealed => Needs::Silence,
            Self::Asylum => Needs::Waiver(&[WaiverKind::SecretaryMemorandum, WaiverKind::Consent]),
            Self::Tps => Needs::Waiver(&[WaiverKind::Consent, WaiverKind::Statute]),
            Self::Nacara | Self::Unread => Needs::Counsel,
        }
    }
}

/// What PCQS/CIS says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cis {
    NotProtected,
    Protected,
    /// It cannot be reached.
    Failed,
    Has(Mark),
}

impl Cis {
    pub fn answer(self) -> CisAnswer {
        match self {
            Self::NotProtected => CisAnswer::NotProtected,
            Self::Protected => CisAnswer::Protected,
            Self::Failed => CisAnswer::Failed,
            Self::Has(mark) => {
                let evidence = mark.code().map_or(Evidence::Sealed, |code| Evidence::ClassOfAdmission(code.into()));
                CisAnswer::Markers(vec![Marker { evidence, effective_from: None, effective_to: None }])
            }
        }
    }
}

/// Somebody, as the story made them.
#[derive(Debug, Clone)]
pub struct Person {
    pub profile: Uuid,
    /// The one in which an officer asks about them.
    pub case: Uuid,
    pub form: &'static str,
    pub citizenship: Option<&'static str>,
    /// What the feed says of it.
    pub feared: BTreeSet<&'static str>,
    /// What the feed marked, by case, and the day from which it holds no longer.
    pub marks: BTreeMap<(usize, Mark), Option<NaiveDate>>,
    /// What corrections stated.
    pub statuses: BTreeSet<Mark>,
}

impl Person {
    fn asks_for_protection(&self) -> bool {
        self.form == "I-589"
    }

    fn standing(&self, today: NaiveDate) -> impl Iterator<Item = Mark> + '_ {
        let by_feed = self.marks.iter().filter(move |(_, end)| end.is_none_or(|end| today < end)).map(|((_, mark), _)| *mark);
        by_feed.chain(self.statuses.iter().copied()).chain(self.asks_for_protection().then_some(Mark::Asylum))
    }
}

/// A waiver, of one class and towards one partner.
#[derive(Debug, Clone)]
pub struct Waived {
    pub id: WaiverId,
    pub kind: WaiverKind,
    pub mark: Mark,
    pub partner: Partner,
    /// Whose consent it is.
    pub whose: Option<usize>,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub by: u128,
    pub is_agreed: bool,
    pub is_ended: bool,
}

/// Something that was let out.
#[derive(Debug)]
pub struct Leaving<'a> {
    pub direction: Direction,
    pub step: Step,
    pub partner: Partner,
    pub purpose: Purpose,
    pub recipient: Recipient,
    /// What is told, or asked for.
    pub elements: BTreeSet<Element>,
    pub who: usize,
    /// The countries that the person fears, as an officer stated them; none where no officer did.
    pub stated: Option<&'a [&'static str]>,
    pub cis: Cis,
    /// For what counsel released it.
    pub released: &'a [String],
}

impl Leaving<'_> {
    fn has_counsel_released(&self, doubt: &str) -> bool {
        self.released.iter().any(|released| released.contains(doubt))
    }
}

/// All that a story did which bears on what may leave.
#[derive(Debug)]
pub struct World {
    pub people: Vec<Person>,
    pub waivers: Vec<Waived>,
    /// What was signed, in its order, and from which day on.
    pub agreements: BTreeMap<Partner, Vec<(NaiveDate, Agreement)>>,
}

impl World {
    /// Panics where something should not have been let out.
    pub fn check(&self, leaving: &Leaving<'_>, today: NaiveDate) {
        self.check_agreement(leaving, today);
        self.check_protection(leaving, today);
        self.check_countries(leaving);
    }

    pub fn version(&self, partner: Partner, today: NaiveDate) -> AgreementVersion {
        self.in_force(partner, today).version
    }

    /// The most queries of a step in a year.
    pub fn quota(&self, partner: Partner, direction: Direction, step: Step, today: NaiveDate) -> Option<u32> {
        let agreement = self.in_force(partner, today);
        let mut there = agreement
            .capabilities
            .iter()
            .filter(|one| (one.direction, one.step, one.modality) == (direction, step, Modality::Biometric) && one.from <= today);
        there.next().and_then(|one| one.quota_per_year)
    }

    fn in_force(&self, partner: Partner, today: NaiveDate) -> &Agreement {
        let (_, agreement) = self.agreements[&partner].iter().rfind(|(from, _)| *from <= today).unwrap();
        agreement
    }

    fn check_agreement(&self, leaving: &Leaving<'_>, today: NaiveDate) {
        let agreement = self.in_force(leaving.partner, today);
        let live = |step| live(agreement, leaving, step, today);
        let asks = |one: &Capability| one.modality == Modality::Biometric && one.serves == Serves::Queries;
        assert!(live(leaving.step).iter().any(|one| asks(one)), "no live capability: {leaving:?}");
        if leaving.direction == Direction::Out && leaving.step == Step::First {
            assert!(live(Step::Second).iter().any(|one| asks(one)), "the second, which follows by itself: {leaving:?}");
        }
        for element in &leaving.elements {
            let by_counsel = format!(r#"{{"element":"{}"}}"#, element.key());
            // What we ask for, the partner's own law decides on.
            let may_name = |condition| {
                let is_ours = leaving.direction == Direction::Out;
                is_ours || condition != Condition::ReferToCounsel || leaving.released.contains(&by_counsel)
            };
            let names = |one: &&Capability| one.elements.iter().any(|row| row.element == *element && may_name(row.condition));
            assert!(live(leaving.step).iter().any(names), "{element:?} is in no live data set: {leaving:?}");
        }
    }

    fn check_protection(&self, leaving: &Leaving<'_>, today: NaiveDate) {
        assert!(leaving.cis != Cis::Protected, "CIS protects: {leaving:?}");
        assert!(leaving.cis != Cis::Failed || leaving.has_counsel_released("cis_failed"), "CIS did not answer: {leaving:?}");
        let by_cis = if let Cis::Has(mark) = leaving.cis { Some(mark) } else { None };
        for mark in self.people[leaving.who].standing(today).chain(by_cis) {
            let is_lifted = |kinds: &[WaiverKind]| self.waivers.iter().any(|waived| lifts(waived, kinds, mark, leaving, today));
            let by_counsel = leaving.has_counsel_released(mark.class().key());
            let may = match mark.needs() {
                Needs::Nothing => true,
                Needs::Waiver(kinds) => is_lifted(kinds),
                Needs::Counsel => by_counsel,
                Needs::Both => by_counsel && is_lifted(&[WaiverKind::Consent, WaiverKind::Statute]),
                Needs::Silence => false,
            };
            assert!(may, "{mark:?} stands against it: {leaving:?}");
        }
    }

    fn check_countries(&self, leaving: &Leaving<'_>) {
        let person = &self.people[leaving.who];
        let feared: Vec<&str> = person.feared.iter().chain(leaving.stated.into_iter().flatten()).copied().collect();
        assert!(!feared.iter().any(|country| is_of(leaving.partner, country)), "the person fears it: {leaving:?}");
        let is_known = !feared.is_empty() || leaving.stated.is_some() || !person.asks_for_protection();
        assert!(is_known || leaving.has_counsel_released("persecution"), "nobody knows what the person fears: {leaving:?}");
        match person.citizenship {
            Some(country) => {
                assert!(country != "USA" && !is_of(leaving.partner, country), "no national of a third country: {leaving:?}");
            }
            None => assert!(leaving.has_counsel_released("citizenship"), "nobody knows of which country: {leaving:?}"),
        }
    }
}

/// The capabilities of a step that may be used for it.
fn live<'a>(agreement: &'a Agreement, leaving: &Leaving<'_>, step: Step, today: NaiveDate) -> Vec<&'a Capability> {
    let is_live = |one: &&Capability| {
        one.direction == leaving.direction
            && one.step == step
            && one.status == CapabilityStatus::Live
            && one.from <= today
            && one.to.is_none_or(|end| today < end)
            && one.purposes.contains(&leaving.purpose)
            && one.recipients.contains(&leaving.recipient)
            && rests(agreement, one, today)
    };
    agreement.capabilities.iter().filter(is_live).collect()
}

/// On something that was signed with the partner, and holds.
fn rests(agreement: &Agreement, capability: &Capability, today: NaiveDate) -> bool {
    agreement.instruments.iter().any(|one| {
        capability.instruments.contains(&one.key)
            && one.kind != InstrumentKind::WaiverMemo
            && one.signed.is_some()
            && one.in_force.is_some_and(|from| from <= today)
            && one.ends.is_none_or(|end| today < end)
    })
}

fn lifts(waived: &Waived, kinds: &[WaiverKind], mark: Mark, leaving: &Leaving<'_>, today: NaiveDate) -> bool {
    waived.is_agreed
        && !waived.is_ended
        && kinds.contains(&waived.kind)
        && waived.mark == mark
        && waived.partner == leaving.partner
        && waived.whose.is_none_or(|who| who == leaving.who)
        && waived.from <= today
        && waived.to.is_none_or(|end| today < end)
}

/// A partner's country, or a land for which it acts.
fn is_of(partner: Partner, country: &str) -> bool {
    match partner {
        Partner::Australia => country == "AUS",
        Partner::Canada => country == "CAN",
        Partner::NewZealand => ["NZL", "COK"].contains(&country),
        Partner::UnitedKingdom => ["GBR", "GIB"].contains(&country),
    }
}
