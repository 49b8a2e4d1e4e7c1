//! What other components may use of partners' answers, on both engines.

use chrono::{Days, TimeDelta};
use shared::ident::ComponentUse;
use shared::partner_query::component_use::{ApprovalError, Component};

use super::*;

fn privacy(ctx: &Context) -> Officer {
    officer(ctx, 4, Role::PrivacyOfficer)
}

fn standing_use(ctx: &Context) -> StandingUse {
    StandingUse {
        component: Component::Cbp,
        partner: Partner::Canada,
        purposes: BTreeSet::from([Purpose::RefugeeClaim]),
        elements: BTreeSet::from([Element::FullName]),
        from: ctx.today(),
        to: ctx.today() + Days::new(30),
    }
}

fn wants(transaction: &str, component: &str) -> Incoming {
    Incoming::Use(ComponentUse {
        component: ShortLine::parse(component).unwrap(),
        purpose: ShortLine::parse("refugee_claim").unwrap(),
        transaction_number: number(transaction),
        elements: BTreeSet::from([Element::FullName]),
    })
}

impl Desk {
    /// The number of a query that Canada answered.
    async fn answered(&self) -> String {
        self.asked().await;
        let first = self.leaves().await;
        self.hears(vec![reply(&first.transaction_number, ReplyResult::Match)]).await;
        first.transaction_number
    }

    /// A component asks, and what it asks is checked.
    async fn wanted(&self, transaction: &str, cis: &CisAnswer) {
        assert_eq!(self.hears(vec![wants(transaction, "cbp")]).await, 1);
        let due = next_use(&self.ctx, Actor::System).await.unwrap().expect("it is to be checked");
        check_use(&self.ctx, Actor::System, &due, cis).await.unwrap();
        assert!(next_use(&self.ctx, Actor::System).await.unwrap().is_none(), "it is checked once");
    }

    async fn seen(&self) -> UsesView {
        uses(&self.ctx, &counsel(&self.ctx), UsePages::default()).await.unwrap()
    }

    /// What IDENT is told now, if anything.
    async fn told(&self) -> Option<(bool, BTreeSet<Element>)> {
        let due = next_use_to_tell(&self.ctx, Actor::System).await.unwrap()?;
        use_told(&self.ctx, Actor::System, &due, Outcome::Sent).await.unwrap();
        Some((due.is_allowed, due.elements))
    }

    async fn approves(&self) {
        let ctx = &self.ctx;
        assert_eq!(propose_use(ctx, &privacy(ctx), standing_use(ctx)).await.unwrap(), UseProposed::Proposed);
        let id = self.seen().await.approvals.rows[0].id;
        assert!(!agree_to_use(ctx, &privacy(ctx), id).await.unwrap(), "another person");
        assert!(agree_to_use(ctx, &counsel(ctx), id).await.unwrap());
    }
}

#[tokio::test]
async fn a_standing_approval_lets_it_be_used_by_itself_until_it_is_ended() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let transaction = desk.answered().await;
        desk.approves().await;
        desk.wanted(&transaction, &FREE).await;
        let seen = desk.seen().await;
        let approval = seen.approvals.rows[0].id;
        assert!(seen.waiting.rows.is_empty());
        assert_eq!((seen.ledger.rows.len(), seen.ledger.rows[0].ground), (1, Ground::Approval(approval)), "before IDENT is told");
        assert_eq!(desk.told().await, Some((true, BTreeSet::from([Element::FullName]))));
        assert_eq!(desk.told().await, None, "once");

        assert!(end_use(ctx, &privacy(ctx), approval).await.unwrap());
        assert!(!end_use(ctx, &privacy(ctx), approval).await.unwrap());
        desk.wanted(&transaction, &FREE).await;
        let seen = desk.seen().await;
        assert_eq!((seen.waiting.rows.len(), seen.ledger.rows.len()), (1, 1));
        assert_eq!(desk.told().await, None, "nobody has decided");
    }
}

#[tokio::test]
async fn without_an_approval_one_person_decides_and_says_why() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let transaction = desk.answered().await;
        desk.wanted(&transaction, &FREE).await;
        let waiting = desk.seen().await.waiting.rows.remove(0);
        assert_eq!(waiting.state, UseState::Waiting);
        assert!(waiting_use(ctx, &privacy(ctx), waiting.id).await.unwrap().is_some());
        let decide = async |verdict, reason| decide_use(ctx, &privacy(ctx), waiting.id, verdict, reason).await.unwrap();
        assert_eq!(decide(UseVerdict::Allow, " ").await, UseOutcome::NoReason);
        assert_eq!(decide(UseVerdict::Allow, "For an arrival.").await, UseOutcome::Done);
        assert_eq!(decide(UseVerdict::Refuse, "No.").await, UseOutcome::NotWaiting);
        let ground = Ground::Decision { first: None, by: privacy(ctx).id() };
        assert_eq!(desk.seen().await.ledger.rows[0].ground, ground);
        assert_eq!(desk.told().await, Some((true, BTreeSet::from([Element::FullName]))));

        desk.wanted(&transaction, &FREE).await;
        let waiting = desk.seen().await.waiting.rows.remove(0);
        assert_eq!(
            decide_use(ctx, &counsel(ctx), waiting.id, UseVerdict::Refuse, "Not for this.").await.unwrap(),
            UseOutcome::Done
        );
        assert_eq!(desk.told().await, Some((false, BTreeSet::new())));
        assert_eq!(desk.seen().await.ledger.rows.len(), 1, "what was refused is no use");
        assert!(waiting_use(ctx, &privacy(ctx), waiting.id).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn nothing_of_who_may_be_protected_is_used_by_itself_and_two_people_decide() {
    for cis in [CisAnswer::Protected, CisAnswer::Failed] {
        for desk in desks().await {
            let ctx = &desk.ctx;
            let transaction = desk.answered().await;
            desk.approves().await;
            desk.wanted(&transaction, &cis).await;
            let waiting = desk.seen().await.waiting.rows.remove(0);
            assert_eq!(waiting.state, UseState::Guarded, "{cis:?}");
            let allow = async |officer: Officer| decide_use(ctx, &officer, waiting.id, UseVerdict::Allow, "Why.").await.unwrap();
            assert_eq!(allow(privacy(ctx)).await, UseOutcome::NeedsAnother);
            assert_eq!(desk.told().await, None);
            assert_eq!(allow(privacy(ctx)).await, UseOutcome::OwnDecision);
            assert_eq!(allow(counsel(ctx)).await, UseOutcome::Done);
            let ground = Ground::Decision { first: Some(privacy(ctx).id()), by: counsel(ctx).id() };
            assert_eq!(desk.seen().await.ledger.rows[0].ground, ground);
        }
    }
}

#[tokio::test]
async fn a_marker_that_came_after_the_check_lets_nobody_use_it() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let transaction = desk.answered().await;
        desk.wanted(&transaction, &FREE).await;
        let waiting = desk.seen().await.waiting.rows.remove(0);
        assert_eq!(waiting.state, UseState::Waiting);
        ctx.clock.advance(TimeDelta::minutes(1));
        feed(ctx, "e2", PROTECTED).await;
        for officer in [privacy(ctx), counsel(ctx)] {
            let allowed = decide_use(ctx, &officer, waiting.id, UseVerdict::Allow, "Why.").await.unwrap();
            assert_eq!(allowed, UseOutcome::Protected);
        }
        assert_eq!(desk.told().await, None);
        assert_eq!(decide_use(ctx, &counsel(ctx), waiting.id, UseVerdict::Refuse, "No.").await.unwrap(), UseOutcome::Done);
    }
}

#[tokio::test]
async fn what_the_agreement_does_not_have_is_let_by_nobody() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let unlisted = StandingUse { purposes: BTreeSet::new(), to: ctx.today(), ..standing_use(ctx) };
        let faults = UseProposed::Faulty(vec![ApprovalError::NoPurpose, ApprovalError::Ends]);
        assert_eq!(propose_use(ctx, &privacy(ctx), unlisted).await.unwrap(), faults);
        let all = StandingUse { elements: Element::ALL.into(), purposes: Purpose::ALL.into(), ..standing_use(ctx) };
        assert_eq!(propose_use(ctx, &privacy(ctx), all).await.unwrap(), UseProposed::NotAgreed);

        let transaction = desk.answered().await;
        let wanted = ComponentUse {
            component: ShortLine::parse("ice").unwrap(),
            purpose: ShortLine::parse("refugee_claim").unwrap(),
            transaction_number: number(&transaction),
            elements: Element::ALL.into(),
        };
        assert_eq!(desk.hears(vec![Incoming::Use(wanted)]).await, 1);
        let due = next_use(ctx, Actor::System).await.unwrap().unwrap();
        check_use(ctx, Actor::System, &due, &FREE).await.unwrap();
        let waiting = desk.seen().await.waiting.rows.remove(0);
        let allowed = decide_use(ctx, &privacy(ctx), waiting.id, UseVerdict::Allow, "Why.").await.unwrap();
        assert_eq!(allowed, UseOutcome::NotAgreed);
        assert_eq!(desk.told().await, None);
    }
}

#[tokio::test]
async fn what_cannot_be_understood_waits_and_others_decide_nothing() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let transaction = desk.answered().await;
        let unknown = "TEST-2026-0000099";
        assert_eq!(desk.hears(vec![wants(&transaction, "somebody_else"), wants(unknown, "cbp")]).await, 0);
        assert!(next_use(ctx, Actor::System).await.unwrap().is_none());
        for role in [Role::Siio, Role::RaioOfficer, Role::AgreementsManager] {
            let other = officer(ctx, 8, role);
            assert!(matches!(uses(ctx, &other, UsePages::default()).await, Err(crate::Error::Refused)));
            let decided = decide_use(ctx, &other, Uuid::nil(), UseVerdict::Allow, "Why.").await;
            assert!(matches!(decided, Err(crate::Error::Refused)));
            assert!(matches!(propose_use(ctx, &other, standing_use(ctx)).await, Err(crate::Error::Refused)));
        }
    }
}
