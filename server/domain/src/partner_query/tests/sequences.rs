//! Whatever partners, officers, counsel, signers and the feed do, in whatever order, and however IDENT and PCQS/CIS fail: nothing
//! leaves that the policy forbids, and whatever leaves was accounted for before.

mod beginning;
mod operation;
mod rules;

use std::cell::Cell;
use std::path::Path;

use chrono::TimeDelta;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use shared::agreement::{AgreementVersion, Capacity, Direction};
use shared::profile::{Change, Fact, FactKind};
use shared::protection::{Waiver, WaiverId, WaiverKind};
use store::data_key::Keys;
use store::{Clock, Store};
use tempfile::TempDir;

use self::beginning::{Beginning, PEOPLE, SSN, a_number, beginning, context, corrected, feed_person, fresh};
use self::operation::{Edit, Operation, Question, first_of, operation};
use self::rules::{Cis, Leaving, Mark, Person, Waived, World};
use super::*;
use crate::agreement::{Drafted, Opening, Signed};
use crate::{agreement, waiver};

/// Nobody has it.
const UNKNOWN: &str = "A987654321";
const COUNSEL: u128 = 3;
const PRIVACY: u128 = 4;

/// What was handed out to be sent, and is a disclosure.
struct Handed {
    disclosure: Uuid,
    who: usize,
    partner: Partner,
    agreement: AgreementVersion,
    /// What the person's accounting has to say.
    elements: BTreeSet<Element>,
    what: Sendable,
    /// What IDENT said of it first.
    reported: Option<Told>,
}

enum Sendable {
    Query(Box<Outgoing>),
    Answer(Box<OutgoingAnswer>),
}

/// A query of ours.
struct Own {
    id: Uuid,
    who: usize,
    partner: Partner,
    feared: Vec<&'static str>,
}

/// A question of a partner's, as it came first.
struct Heard {
    question: Question,
    number: String,
    envelope: Envelope,
    year: i32,
}

struct Story {
    ctx: Context,
    _folder: TempDir,
    world: World,
    next: u64,
    own: Vec<Own>,
    /// Numbers of what left for partners, each once.
    left: Vec<(Uuid, String)>,
    heard: Vec<Heard>,
    /// For what counsel released a query, ours or a partner's.
    released: BTreeMap<Uuid, Vec<String>>,
    handed: Vec<Handed>,
    /// First queries of ours that IDENT took, and in which year.
    taken: BTreeMap<Uuid, i32>,
    /// Questions that were answered with something, by their place, and in which year.
    told: BTreeMap<usize, i32>,
}

fn copied(from: &TestStore, into: &Path) -> String {
    std::fs::copy(from.folder.path().join("portico.db"), into).unwrap();
    format!("sqlite:{}", into.display())
}

fn at<T>(list: &[T], which: usize) -> Option<&T> {
    list.get(which % list.len().max(1))
}

impl Story {
    async fn begin(beginning: &Beginning) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual("2026-03-10T16:00:00Z".parse().unwrap());
        let main = Store::open(&copied(&beginning.main, &folder.path().join("main.db")), None).await.unwrap();
        let partner = Store::open_partner(&copied(&beginning.partner, &folder.path().join("partner.db"))).await.unwrap();
        let keys = Keys::open(&main, beginning.main.ring.clone(), None, &clock).await.unwrap();
        let partner_keys = Keys::open(&partner, beginning.partner.ring.clone(), None, &clock).await.unwrap();
        let ctx = context(main, keys, &clock).await.with_partner_data(partner, partner_keys);
        let agreements = Partner::ALL.into_iter().map(|partner| (partner, vec![(beginning.today, first_of(partner))])).collect();
        let world = World { people: beginning.people.clone(), waivers: Vec::new(), agreements };
        Self {
            ctx,
            _folder: folder,
            world,
            next: 0,
            own: Vec::new(),
            left: Vec::new(),
            heard: Vec::new(),
            released: BTreeMap::new(),
            handed: Vec::new(),
            taken: BTreeMap::new(),
            told: BTreeMap::new(),
        }
    }

    async fn end(&self) {
        self.ctx.store.close().await;
        self.ctx.partner_data().unwrap().store.close().await;
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    async fn act(&mut self, operation: &Operation) {
        // No two disclosures are of one instant.
        self.ctx.clock.advance(TimeDelta::seconds(1));
        match operation {
            Operation::Asked(question) => self.asked(question).await,
            Operation::AskedAgain { which, in_same_message } => self.asked_again(*which, *in_same_message).await,
            Operation::Answer { cis, meanwhile, outcome } => self.answer(*cis, *meanwhile, *outcome).await,
            Operation::Ask { who, partner, purpose, feared } => {
                let by = By::Prints(prints(&self.ctx));
                self.ask(*who, *partner, *purpose, *feared, by).await;
            }
            Operation::AskBack { which, purpose, feared } => self.ask_back(*which, *purpose, *feared).await,
            Operation::Cancel(which) => {
                if let Some(own) = at(&self.own, *which) {
                    cancel(&self.ctx, &raio(&self.ctx), own.id).await.unwrap();
                }
            }
            Operation::Send { cis, meanwhile, outcome } => self.send(*cis, *meanwhile, *outcome).await,
            Operation::Report { which, outcome } => {
                let open: Vec<usize> = (0..self.handed.len()).filter(|at| self.handed[*at].reported.is_none()).collect();
                if let Some(handed) = at(&open, *which) {
                    self.report(*handed, *outcome).await;
                }
            }
            Operation::Replied { which, result, is_twice } => self.replied(*which, *result, *is_twice).await,
            Operation::Matched { which, is_reversed } => self.matched(*which, *is_reversed).await,
            Operation::Third { which, is_approved } => self.third(*which, *is_approved).await,
            Operation::Mark { who, case, mark } => self.mark(*who, *case, *mark).await,
            Operation::Unmark { who, which } => self.unmark(*who, *which).await,
            Operation::Status { who, mark } => self.status(*who, *mark).await,
            Operation::Citizenship { who, country } => {
                self.world.people[*who].citizenship = *country;
                self.feed(*who).await;
            }
            Operation::Fears { who, country } => {
                self.world.people[*who].feared.insert(*country);
                self.feed(*who).await;
            }
            Operation::Waive { who, what, days, is_agreed } => {
                self.waive(*who, *what, *days).await;
                if *is_agreed {
                    self.agree_to_waiver(self.world.waivers.len().saturating_sub(1)).await;
                }
            }
            Operation::AgreeToWaiver(which) => self.agree_to_waiver(*which).await,
            Operation::EndWaiver(which) => self.end_waiver(*which).await,
            Operation::Sign { partner, edit, days } => self.sign(*partner, *edit, *days).await,
            Operation::Resolve { which, is_released } => self.resolve(*which, *is_released).await,
            Operation::Wait(time) => self.ctx.clock.advance(*time),
        }
        self.check_accounts().await;
    }

    async fn feed(&mut self, who: usize) {
        let event = format!("e{}", self.number());
        feed_person(&self.ctx, who, &self.world.people[who], &event).await;
    }

    async fn mark(&mut self, who: usize, case: usize, mark: Mark) {
        let (_, _, _, cases) = PEOPLE[who];
        self.world.people[who].marks.insert((case % cases, mark), None);
        self.feed(who).await;
    }

    async fn unmark(&mut self, who: usize, which: usize) {
        let today = self.ctx.today();
        let standing: Vec<_> = self.world.people[who].marks.iter().filter(|(_, end)| end.is_none()).map(|(at, _)| *at).collect();
        if let Some(place) = at(&standing, which) {
            self.world.people[who].marks.insert(*place, Some(today));
            self.feed(who).await;
        }
    }

    async fn status(&mut self, who: usize, mark: Mark) {
        let Some(code) = mark.code() else { return };
        let profile = self.world.people[who].profile;
        if !self.world.people[who].statuses.contains(&mark) {
            let fact = Fact::parse(FactKind::ImmigrationStatus, &[code], self.ctx.today()).unwrap();
            if corrected(&self.ctx, profile, &Change::Add(fact)).await {
                self.world.people[who].statuses.insert(mark);
            }
            return;
        }
        let mut connection = self.ctx.store.read_primary().await.unwrap();
        let facts = store::profile::facts(&mut connection, &self.ctx.keys, profile).await.unwrap();
        drop(connection);
        let is_it = |fact: &Fact| matches!(fact, Fact::ImmigrationStatus { class, .. } if class == code);
        let known = facts.iter().find(|known| known.ended_at.is_none() && is_it(&known.fact)).unwrap();
        if corrected(&self.ctx, profile, &Change::End(known.id)).await {
            self.world.people[who].statuses.remove(&mark);
        }
    }

    async fn waive(&mut self, who: usize, (kind, mark, partner): (WaiverKind, Mark, Partner), days: Option<i64>) {
        let (id, from) = (WaiverId::new(Uuid::from_u128(self.number().into())), self.ctx.today());
        let to = days.map(|days| from + TimeDelta::days(days));
        let (classes, partners) = (BTreeSet::from([mark.class()]), BTreeSet::from([partner]));
        let Ok(new) = Waiver::new(id, kind, classes, partners, from, to) else { return };
        let whose = (kind == WaiverKind::Consent).then_some(who);
        let by = if self.next.is_multiple_of(2) { PRIVACY } else { COUNSEL };
        let profile = whose.map(|who| self.world.people[who].profile);
        waiver::propose(&self.ctx, &self.decider(by), &new, profile, [7; 32]).await.unwrap();
        self.world.waivers.push(Waived { id, kind, mark, partner, whose, from, to, by, is_agreed: false, is_ended: false });
    }

    fn decider(&self, id: u128) -> Officer {
        fresh(&self.ctx, id, &[if id == COUNSEL { Role::Counsel } else { Role::PrivacyOfficer }])
    }

    async fn agree_to_waiver(&mut self, which: usize) {
        let Some(waived) = at(&self.world.waivers, which) else { return };
        let (id, is_agreed) = (waived.id, waived.is_agreed);
        let own = waiver::agree(&self.ctx, &self.decider(waived.by), id).await.unwrap();
        assert!(!own, "nobody agrees to what they proposed");
        let other = self.decider(if waived.by == COUNSEL { PRIVACY } else { COUNSEL });
        let agreed = waiver::agree(&self.ctx, &other, id).await.unwrap();
        let waived = self.world.waivers.iter_mut().find(|waived| waived.id == id).unwrap();
        waived.is_agreed = is_agreed || agreed;
    }

    async fn end_waiver(&mut self, which: usize) {
        let Some(id) = at(&self.world.waivers, which).map(|waived| waived.id) else { return };
        waiver::end(&self.ctx, &self.decider(COUNSEL), id).await.unwrap();
        self.world.waivers.iter_mut().find(|waived| waived.id == id).unwrap().is_ended = true;
    }

    async fn sign(&mut self, partner: Partner, edit: Edit, days: i64) {
        let ctx = &self.ctx;
        let signed = self.world.agreements.get_mut(&partner).unwrap();
        let mut document = edit.made(&signed.last().unwrap().1, ctx.today());
        let opening = Opening { document: document.clone(), holds_from: ctx.today() + TimeDelta::days(days), made_from: None };
        let manager = fresh(ctx, 5, &[Role::AgreementsManager]);
        let Drafted::Draft(version) = agreement::draft(ctx, &manager, opening).await.unwrap() else { return };
        document.version = version;
        let signers = [(PRIVACY, Role::PrivacyOfficer, Capacity::Privacy), (COUNSEL, Role::Counsel, Capacity::Counsel)];
        for (id, role, capacity) in signers {
            let signer = fresh(ctx, id, &[role]);
            let file = agreement::read(ctx, &signer, partner, version).await.unwrap().unwrap();
            let done = agreement::sign(ctx, &signer, (partner, version), capacity, &file.examined.seen).await.unwrap();
            if let Signed::InForce(from) = done {
                signed.push((from, document.clone()));
            }
        }
    }

    async fn resolve(&mut self, which: usize, is_released: bool) {
        let counsel = counsel(&self.ctx);
        let held = holds(&self.ctx, &counsel).await.unwrap();
        let Some(hold) = at(&held, which) else { return };
        let decision = if is_released { HoldDecision::Release } else { HoldDecision::Silence };
        let resolved = resolve(&self.ctx, &counsel, hold.id, decision, "It was looked into.").await.unwrap();
        if resolved == Resolved::Done && is_released {
            let (Held::Query(id) | Held::Foreign(id)) = hold.held;
            self.released.entry(id).or_default().extend(hold.because.clone());
        }
    }

    async fn hear(&mut self, messages: Vec<Incoming>) {
        let mut envelopes = Vec::new();
        for message in messages {
            let cursor = self.number();
            envelopes.push(Envelope { cursor, id: Uuid::from_u128(cursor.into()), message });
        }
        self.take(&envelopes).await;
    }

    async fn take(&self, envelopes: &[Envelope]) {
        receive(&self.ctx, Actor::System, envelopes).await.unwrap();
        while understand(&self.ctx, Actor::System).await.unwrap() > 0 {}
    }

    async fn asked(&mut self, question: &Question) {
        let numbers: Vec<String> = question.about.iter().map(|who| a_number(*who)).collect();
        let mut found: Vec<&str> = numbers.iter().map(String::as_str).collect();
        if found.is_empty() {
            found.push(UNKNOWN);
        }
        let cursor = self.number();
        let number = format!("ASKED-2026-{cursor:07}");
        let asked = PartnerAsk {
            step: question.step,
            is_first_answer: question.is_first_answer,
            purpose: question.purpose,
            recipient: question.recipient,
            asked: question.asked.clone(),
            ..asked_by(question.partner, &number, &found)
        };
        let envelope = Envelope { cursor, id: Uuid::from_u128(cursor.into()), message: Incoming::Ask(Box::new(asked)) };
        self.take(std::slice::from_ref(&envelope)).await;
        self.heard.push(Heard { question: question.clone(), number, envelope, year: self.ctx.year() });
    }

    async fn asked_again(&mut self, which: usize, in_same_message: bool) {
        let Some(Heard { envelope, .. }) = at(&self.heard, which) else { return };
        let mut envelope = envelope.clone();
        if !in_same_message {
            envelope.cursor = self.number();
            envelope.id = Uuid::from_u128(envelope.cursor.into());
        }
        self.take(&[envelope]).await;
    }

    async fn ask(&mut self, who: usize, partner: Partner, purpose: Purpose, feared: Option<&'static str>, by: By) {
        let Person { profile, case, .. } = self.world.people[who];
        let question = Ask {
            profile,
            case,
            partners: BTreeSet::from([partner]),
            purpose,
            priority: Priority::Medium,
            feared: feared.iter().filter_map(|country| CountryCode::parse(country)).collect(),
            justification: "To learn whether there was an earlier claim.".into(),
            by,
        };
        if let Asked::Made(made) = ask(&self.ctx, &raio(&self.ctx), &question).await.unwrap() {
            self.own.push(Own { id: made[0], who, partner, feared: feared.into_iter().collect() });
        }
    }

    /// About somebody about whom the partner asked, whatever it was answered.
    async fn ask_back(&mut self, which: usize, purpose: Purpose, feared: Option<&'static str>) {
        let about_one: Vec<&Heard> = self.heard.iter().filter(|heard| heard.question.about.len() == 1).collect();
        let Some(heard) = at(&about_one, which) else { return };
        let (partner, number) = (heard.question.partner, heard.number.clone());
        let Some(who) = heard.question.about.first().copied() else { return };
        let mut connection = self.ctx.partner_data().unwrap().store.read_primary().await.unwrap();
        let theirs = rows::foreign_by_number(&mut connection, partner, &number).await.unwrap();
        drop(connection);
        if let Some(theirs) = theirs {
            self.ask(who, partner, purpose, feared, By::TheirQuery(theirs)).await;
        }
    }

    async fn meanwhile(&mut self, mark: Option<(usize, Mark)>) {
        if let Some((who, mark)) = mark {
            self.mark(who, 0, mark).await;
        }
    }

    async fn send(&mut self, cis: Cis, meanwhile: Option<(usize, Mark)>, outcome: Option<Outcome>) {
        let Some(due) = next_to_send(&self.ctx, Actor::System).await.unwrap() else { return };
        self.meanwhile(meanwhile).await;
        let authorized = authorize(&self.ctx, Actor::System, &due, &cis.answer()).await.unwrap();
        let twice = authorize(&self.ctx, Actor::System, &due, &cis.answer()).await.unwrap();
        assert!(matches!(twice, Authorized::Gone), "another server sends it too");
        let Authorized::Send(outgoing) = authorized else { return };
        self.check_query(&outgoing, cis);
        self.hand_query(outgoing, outcome).await;
    }

    fn check_query(&self, outgoing: &Outgoing, cis: Cis) {
        let own = self.own.iter().find(|own| own.id == outgoing.query).unwrap();
        let today = self.ctx.today();
        assert_eq!(outgoing.partner, own.partner);
        assert_eq!(outgoing.prints.is_some(), outgoing.step == Step::First, "prints go with the first query alone");
        assert_eq!(outgoing.prior.is_some(), outgoing.step != Step::First);
        let leaving = Leaving {
            direction: Direction::Out,
            step: outgoing.step,
            partner: outgoing.partner,
            purpose: outgoing.purpose,
            recipient: Recipient::Protection,
            elements: outgoing.asked.clone(),
            who: own.who,
            stated: Some(&own.feared),
            cis,
            released: self.released.get(&own.id).map(Vec::as_slice).unwrap_or_default(),
        };
        self.world.check(&leaving, today);
        if outgoing.step == Step::Reverse {
            let was_told = |handed: &Handed| match &handed.what {
                Sendable::Answer(answer) => {
                    answer.partner == outgoing.partner
                        && Some(&answer.transaction_number) == outgoing.prior.as_ref()
                        && handed.reported == Some(Told::Sent)
                }
                Sendable::Query(_) => false,
            };
            assert!(self.handed.iter().any(was_told), "asked back, and was told nothing: {outgoing:?}");
        }
        if let (Step::First, Some(quota)) = (outgoing.step, self.world.quota(own.partner, Direction::Out, Step::First, today)) {
            let is_other = |own: &&Own| own.partner == outgoing.partner && own.id != outgoing.query;
            let taken = self.own.iter().filter(is_other).filter(|own| self.taken.get(&own.id) == Some(&self.ctx.year())).count();
            assert!(taken < quota as usize, "{taken} were made");
        }
    }

    async fn hand_query(&mut self, outgoing: Box<Outgoing>, outcome: Option<Outcome>) {
        let number = (outgoing.query, outgoing.transaction_number.clone());
        if !self.left.contains(&number) {
            self.left.push(number);
        }
        let who = self.own.iter().find(|own| own.id == outgoing.query).unwrap().who;
        let elements = outgoing.prints.iter().map(|_| Element::Fingerprints).collect();
        let (disclosure, partner) = (outgoing.disclosure, outgoing.partner);
        self.hand((disclosure, who, partner), elements, Sendable::Query(outgoing), outcome).await;
    }

    async fn answer(&mut self, cis: Cis, meanwhile: Option<(usize, Mark)>, outcome: Option<Outcome>) {
        let Some(due) = next_to_answer(&self.ctx, Actor::System).await.unwrap() else { return };
        self.meanwhile(meanwhile).await;
        let decided = decide(&self.ctx, Actor::System, &due, &cis.answer()).await.unwrap();
        let Decided::Answer(answer) = decided else { return };
        let Some(who) = self.check_answer(&answer, cis) else {
            if let Some(outcome) = outcome {
                answered(&self.ctx, Actor::System, &answer, outcome).await.unwrap();
            }
            return;
        };
        let elements = answer.elements.expose().keys().copied().collect();
        let (disclosure, partner) = (answer.disclosure.unwrap(), answer.partner);
        self.hand((disclosure, who, partner), elements, Sendable::Answer(answer), outcome).await;
    }

    /// About whom something is told, if it is.
    fn check_answer(&mut self, answer: &OutgoingAnswer, cis: Cis) -> Option<usize> {
        let place = self.heard.iter().position(|heard| heard.number == answer.transaction_number).unwrap();
        let question = &self.heard[place].question;
        let elements: BTreeSet<Element> = answer.elements.expose().keys().copied().collect();
        if answer.disclosure.is_none() {
            let is_silent = matches!(answer.answer, AnswerKind::NoMatch | AnswerKind::Refused);
            assert!(is_silent && elements.is_empty(), "told, and not accounted for: {answer:?}");
            return None;
        }
        assert_eq!((answer.partner, question.about.len()), (question.partner, 1), "about whom? {answer:?}");
        assert!(answer.is_first_answer && elements.is_subset(&question.asked), "{answer:?}");
        for value in answer.elements.expose().values() {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            assert!(!digits.contains(SSN), "never the social security number");
        }
        let who = *question.about.first()?;
        let leaving = Leaving {
            direction: Direction::In,
            step: answer.step,
            partner: question.partner,
            purpose: question.purpose,
            recipient: question.recipient,
            elements,
            who,
            stated: None,
            cis,
            released: self.released.get(&answer.id).map(Vec::as_slice).unwrap_or_default(),
        };
        self.world.check(&leaving, self.ctx.today());
        self.check_told(place);
        Some(who)
    }

    /// Of what was asked in a year, no more than the quota is answered in it.
    fn check_told(&mut self, place: usize) {
        let (year, today) = (self.ctx.year(), self.ctx.today());
        self.told.insert(place, year);
        let Question { partner, step, .. } = self.heard[place].question;
        let is_like = |place: &usize| {
            let Heard { question, year: heard, .. } = &self.heard[*place];
            (question.partner, question.step, *heard) == (partner, step, year)
        };
        let told = self.told.iter().filter(|(place, told)| **told == year && is_like(place)).count();
        let quota = self.world.quota(partner, Direction::In, step, today);
        assert!(quota.is_none_or(|quota| told <= quota as usize), "{told} were answered");
    }

    async fn hand(
        &mut self,
        (disclosure, who, partner): (Uuid, usize, Partner),
        elements: BTreeSet<Element>,
        what: Sendable,
        outcome: Option<Outcome>,
    ) {
        let agreement = self.world.version(partner, self.ctx.today());
        self.handed.push(Handed { disclosure, who, partner, agreement, elements, what, reported: None });
        // Before the first byte leaves.
        self.check_accounts().await;
        if let Some(outcome) = outcome {
            self.report(self.handed.len() - 1, outcome).await;
        }
    }

    async fn report(&mut self, place: usize, outcome: Outcome) {
        let year = self.ctx.year();
        let handed = &mut self.handed[place];
        match &handed.what {
            Sendable::Query(outgoing) => {
                sent(&self.ctx, Actor::System, outgoing, outcome).await.unwrap();
                if outcome == Outcome::Sent && outgoing.step == Step::First {
                    self.taken.insert(outgoing.query, year);
                }
                if outcome == Outcome::Refused {
                    self.taken.remove(&outgoing.query);
                }
            }
            Sendable::Answer(answer) => answered(&self.ctx, Actor::System, answer, outcome).await.unwrap(),
        }
        handed.reported = Some(match outcome {
            Outcome::Sent => Told::Sent,
            Outcome::Unknown => Told::Unknown,
            Outcome::Later(_) | Outcome::Refused => Told::Refused,
        });
    }

    async fn replied(&mut self, which: usize, result: ReplyResult, is_twice: bool) {
        let Some((_, number)) = at(&self.left, which) else { return };
        let mut messages = vec![reply(number, result)];
        if is_twice {
            messages.push(reply(number, ReplyResult::Match));
        }
        self.hear(messages).await;
    }

    async fn matched(&mut self, which: usize, is_reversed: bool) {
        let Some((_, prior)) = at(&self.left, which).cloned() else { return };
        let second = format!("SECOND-2026-{:07}", self.number());
        let second_sent =
            Incoming::SecondSent { transaction_number: number(&second), prior: number(&prior), sent_at: self.ctx.now() };
        let mut messages = vec![reply(&prior, ReplyResult::Match), second_sent, reply(&second, ReplyResult::Match)];
        if is_reversed {
            messages.reverse();
        }
        self.hear(messages).await;
    }

    async fn third(&self, which: usize, is_approved: bool) {
        let Some((id, _)) = at(&self.left, which) else { return };
        request_third(&self.ctx, &raio(&self.ctx), *id).await.unwrap();
        if is_approved {
            approve(&self.ctx, &supervisor(&self.ctx), *id).await.unwrap();
        }
    }

    /// Everything that was handed out is in the accounting of its person with just what it tells, and nothing else is.
    async fn check_accounts(&self) {
        let data = self.ctx.partner_data().unwrap();
        let mut connection = data.store.read_primary().await.unwrap();
        for (who, person) in self.world.people.iter().enumerate() {
            let rows = store::disclosure::of_profile(&mut connection, &data.keys, person.profile).await.unwrap();
            let handed: Vec<&Handed> = self.handed.iter().filter(|handed| handed.who == who).collect();
            assert_eq!(rows.len(), handed.len(), "{who}");
            for handed in handed {
                let row = rows.iter().find(|row| row.entry.id == handed.disclosure).unwrap();
                assert_eq!(row.entry.elements, handed.elements);
                assert_eq!((row.entry.recipient.partner, row.entry.agreement), (handed.partner, handed.agreement));
                let outcome = row.outcome.map(|(outcome, _)| outcome);
                // Sent anew before anybody said what became of it: nobody knows, and that stays.
                assert!(outcome == handed.reported || outcome == Some(Told::Unknown), "{outcome:?}, {:?}", handed.reported);
            }
        }
    }
}

async fn play(beginning: &Beginning, operations: &[Operation]) -> Story {
    let mut story = Story::begin(beginning).await;
    for operation in operations {
        story.act(operation).await;
    }
    // Whatever nobody spoke of is settled in the end.
    for place in 0..story.handed.len() {
        if story.handed[place].reported.is_none() {
            story.report(place, Outcome::Unknown).await;
        }
    }
    story.check_accounts().await;
    story.end().await;
    story
}

#[test]
fn no_sequence_sends_what_the_policy_forbids() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let beginning = runtime.block_on(beginning());
    let config = Config { cases: 64, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let (queries, answers) = (Cell::new(0), Cell::new(0));
    let operations = proptest::collection::vec(operation(), 10..=30);
    let outcome = TestRunner::new_with_rng(config, rng).run(&operations, |operations| {
        let story = runtime.block_on(play(&beginning, &operations));
        let asked = story.handed.iter().filter(|handed| matches!(handed.what, Sendable::Query(_))).count();
        queries.set(queries.get() + asked);
        answers.set(answers.get() + story.handed.len() - asked);
        Ok(())
    });
    outcome.unwrap();
    let (queries, answers) = (queries.get(), answers.get());
    assert!(queries > 3 && answers > 3, "{queries} queries and {answers} answers left: too few to say anything");
}
