//! Whatever administrators propose, agree to and end, in any order: no sensitive role holds, and no way in opens, by one person.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use shared::identity::{Grant, Role};

use super::super::grant::{Agreed, Proposed};
use super::*;

#[derive(Debug, Clone)]
enum Act {
    /// By whom (3 is the operator), for whom, which role.
    Propose(usize, usize, usize),
    /// By whom, which of those that were proposed.
    Agree(usize, usize),
    End(usize, usize),
    Open(usize, usize),
    AgreeToOpen(usize, usize),
}

fn act() -> impl Strategy<Value = Act> {
    let (by, whom, which) = (0..4usize, 0..5usize, 0..6usize);
    prop_oneof![
        4 => (by.clone(), whom.clone(), 0..Role::ALL.len()).prop_map(|(by, whom, role)| Act::Propose(by, whom, role)),
        6 => (0..3usize, which.clone()).prop_map(|(by, which)| Act::Agree(by, which)),
        1 => (by.clone(), which.clone()).prop_map(|(by, which)| Act::End(by, which)),
        2 => (by, whom).prop_map(|(by, whom)| Act::Open(by, whom)),
        4 => (0..3usize, which).prop_map(|(by, which)| Act::AgreeToOpen(by, which)),
    ]
}

/// Who began something, for whom.
struct Begun {
    id: Uuid,
    by: Option<Uuid>,
    whom: Uuid,
}

#[test]
fn what_two_people_must_do_no_one_does_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let desks = runtime.block_on(staffed());
    for desk in &desks {
        let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
        let acts = prop::collection::vec(act(), 1..24);
        let played = runner.run(&acts, |acts| {
            runtime.block_on(play(desk, acts));
            Ok(())
        });
        played.unwrap();
    }
}

async fn play(desk: &Staffed, acts: Vec<Act>) {
    let ctx = desk.ctx();
    // Fresh in each round: sessions end, and codes serve once.
    let mut officers = Vec::new();
    for person in &desk.administrators {
        officers.push(
            Officer::new(person.id, vec![administrator(desk)], ctx.now()).stepped_up_until(Some(ctx.now() + TimeDelta::hours(1))),
        );
    }
    let new = account::add(ctx, Manager::Operator, &new_account(&format!("n{}", ctx.clock.new_id()))).await.unwrap();
    let people: Vec<Uuid> = desk.administrators.iter().map(|person| person.id).chain([desk.officer.id, new]).collect();
    let manager = |by: usize| officers.get(by).map_or(Manager::Operator, Manager::from);
    let (mut proposed, mut opened) = (Vec::new(), Vec::new());
    for act in acts {
        match act {
            Act::Propose(by, whom, role) => {
                let role = Role::ALL[role];
                let wanted = Grant { role, office: office("NBC"), starts_at: ctx.now(), ends_at: None };
                let done = grant::propose(ctx, manager(by), people[whom], &wanted).await.unwrap();
                assert!(!matches!(done, Proposed::Holds(_)) || !role.is_sensitive());
                if let Proposed::Waits(id) | Proposed::Holds(id) = done {
                    proposed.push(Begun { id, by: manager(by).id(), whom: people[whom] });
                }
            }
            Act::Agree(by, which) => {
                let Some(begun) = proposed.get(which) else { continue };
                let done = grant::agree(ctx, &officers[by], begun.id).await.unwrap();
                let is_second = begun.by != Some(people[by]) && begun.whom != people[by];
                assert!(is_second || !matches!(done, Agreed::Done(())), "{done:?}");
            }
            Act::End(by, which) => {
                let Some(begun) = proposed.get(which) else { continue };
                grant::end(ctx, manager(by), begun.id).await.unwrap();
            }
            Act::Open(by, whom) => {
                if let Some(id) = enrolment::open(ctx, manager(by), people[whom]).await.unwrap() {
                    opened.push(Begun { id, by: manager(by).id(), whom: people[whom] });
                }
            }
            Act::AgreeToOpen(by, which) => {
                let Some(begun) = opened.get(which) else { continue };
                let done = enrolment::agree(ctx, &officers[by], begun.id).await.unwrap();
                let is_second = begun.by != Some(people[by]) && begun.whom != people[by];
                assert!(is_second || !matches!(done, Agreed::Done(_)), "{done:?}");
            }
        }
    }
    for person in people {
        for held in grant::of_account(ctx, Manager::Operator, person).await.unwrap() {
            let is_first =
                person == desk.administrators[0].id && held.proposed_by.is_none() && held.grant.role == Role::Administrator;
            if held.agreed_at.is_none() || !held.grant.role.is_sensitive() || is_first {
                continue;
            }
            let second = held.agreed_by.unwrap();
            assert!(second != person && held.proposed_by != Some(second), "{held:?}");
        }
    }
}

fn administrator(desk: &Staffed) -> Grant {
    Grant { role: Role::Administrator, office: office("NBC"), starts_at: desk.ctx().now(), ends_at: None }
}
