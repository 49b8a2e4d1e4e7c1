//! Whatever anybody drafts, withdraws and signs, in any order and having seen whatever: nothing comes into force but what two people
//! who did not write it signed, in two capacities, for exactly that document; and what held on a day that is over stays so.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

/// Each may do everything: only who they are keeps them from it.
const ROLES: [Role; 3] = [Role::AgreementsManager, Role::PrivacyOfficer, Role::Counsel];

/// People by their place, versions counted back from the newest.
#[derive(Debug, Clone)]
enum Act {
    Draft { by: u128, quota: u32, days: i64, made_from: Option<usize> },
    Sign { by: u128, which: usize, capacity: Capacity, as_seen: usize },
    Withdraw { by: u128, which: usize },
    Wait,
}

fn act() -> impl Strategy<Value = Act> {
    let (by, which) = (0..4_u128, 0..4_usize);
    let capacity = prop::sample::select(&Capacity::ALL);
    let draft = (by.clone(), 0..4_u32, 0..3_i64, prop::option::of(which.clone()));
    let sign = (by.clone(), which.clone(), capacity, prop_oneof![5 => Just(0_usize), 1 => 1..4_usize]);
    prop_oneof![
        4 => draft.prop_map(|(by, quota, days, made_from)| Act::Draft { by, quota, days, made_from }),
        12 => sign.prop_map(|(by, which, capacity, off)| Act::Sign { by, which, capacity, as_seen: which + off }),
        1 => (by, which).prop_map(|(by, which)| Act::Withdraw { by, which }),
        1 => Just(Act::Wait),
    ]
}

#[test]
fn nothing_comes_into_force_that_two_others_did_not_sign() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for test in runtime.block_on(contexts()) {
        // The same each time: how much comes into force is asked at the end.
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(Config { cases: 40, failure_persistence: None, ..Config::default() }, rng);
        let mut came = 0;
        let played = runner.run(&prop::collection::vec(act(), 1..32), |acts| {
            runtime.block_on(play(&test, acts));
            Ok(())
        });
        played.unwrap();
        for head in runtime.block_on(versions(&test.ctx)) {
            came += u32::from(matches!(head.standing, Standing::Signed { .. }));
        }
        assert!(came > 3, "{came} came into force: too few to say anything");
    }
}

async fn versions(ctx: &Context) -> Vec<VersionHead> {
    of_partner(ctx, &manager(ctx), CANADA).await.unwrap().versions
}

/// Plays on with what earlier rounds left.
async fn play(test: &TestContext, acts: Vec<Act>) {
    let ctx = &test.ctx;
    let mut held = Vec::new();
    for act in acts {
        let person = |by: u128| officer(ctx, by + 1, &ROLES);
        let known: Vec<AgreementVersion> = versions(ctx).await.iter().map(|head| head.version).collect();
        match act {
            Act::Draft { by, quota, days, made_from } => {
                let made_from = made_from.and_then(|which| known.get(which).copied());
                let holds_from = ctx.today() + TimeDelta::days(days);
                draft(ctx, &person(by), Opening { document: with_quota(quota), holds_from, made_from }).await.unwrap();
            }
            Act::Sign { by, which, capacity, as_seen } => {
                let (Some(version), Some(other)) = (known.get(which), known.get(as_seen)) else { continue };
                let seen = seen(ctx, *other).await;
                sign(ctx, &person(by), (CANADA, *version), capacity, &seen).await.unwrap();
            }
            Act::Withdraw { by, which } => {
                let Some(version) = known.get(which) else { continue };
                withdraw(ctx, &person(by), CANADA, *version).await.unwrap();
            }
            Act::Wait => {
                let today = ctx.today();
                test.test.clock.advance(TimeDelta::days(1));
                held.push((today, current(ctx, CANADA, today).await.unwrap()));
            }
        }
    }
    for (day, then) in held {
        assert_eq!(current(ctx, CANADA, day).await.unwrap(), then, "{day}");
    }
    let mut signed: Vec<VersionHead> = versions(ctx).await;
    signed.retain(|head| matches!(head.standing, Standing::Signed { .. }));
    signed.reverse();
    let mut follows = None;
    for head in signed {
        assert_eq!(head.follows, follows, "each follows the one before");
        follows = Some(head.version);
        let file = read(ctx, &manager(ctx), CANADA, head.version).await.unwrap().unwrap();
        let [one, other] = file.signatures.as_slice() else { panic!("{file:?}") };
        assert!(one.capacity != other.capacity && one.officer != other.officer, "{file:?}");
        let document = sha256(to_file(&file.stored.document).as_bytes());
        for signature in [one, other] {
            assert!(signature.officer != head.author && signature.document_hash == document, "{file:?}");
        }
    }
}
