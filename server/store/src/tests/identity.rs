//! Accounts, grants, sessions, second factors.

use chrono::TimeDelta;
use shared::identity::{AccountState, FactorKind, Grant, Method, Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use crate::StoreError;
use crate::engine::Connection;
use crate::identity::account::{self, NewAccount, Origin};
use crate::identity::enrolment::{self, Cause, NewEnrolment};
use crate::identity::factor::{self, NewFactor};
use crate::identity::grant::{self, Basis, NewGrant};
use crate::identity::provider::{self, Known};
use crate::identity::session::{self, NewSession};
use crate::identity::sign_in_attempt;
use crate::identity::sign_in_step::{self, NewStep};
use crate::testing::{TestStore, both, meddle};

async fn account(test: &TestStore, transaction: &mut Connection, name: &str) -> Uuid {
    let id = test.clock.new_id();
    let email = Sensitive::new("ana@example.org".to_owned());
    let new = NewAccount {
        id,
        sign_in_name: &SignInName::parse(name).unwrap(),
        name: &StaffName::parse("Ana Ejemplo").unwrap(),
        email: Some(&email),
        office: &OfficeCode::parse("NBC").unwrap(),
        origin: Origin::Agency,
        created_at: test.clock.now(),
    };
    assert!(account::add(transaction, &test.keys, &new).await.unwrap());
    let again = NewAccount { id: test.clock.new_id(), email: None, ..new };
    assert!(!account::add(transaction, &test.keys, &again).await.unwrap(), "a name is one person's");
    id
}

fn role(test: &TestStore, role: Role) -> Grant {
    Grant { role, office: OfficeCode::parse("NBC").unwrap(), starts_at: test.clock.now(), ends_at: None }
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let mut transaction = test.store.begin().await.unwrap();
    run_accounts(test, &mut transaction).await;
    run_grants(test, &mut transaction).await;
    run_sessions(test, &mut transaction).await;
    run_provider(test, &mut transaction).await;
    run_factors(test, &mut transaction).await;
    run_steps(test, &mut transaction).await;
    run_enrolments(test, &mut transaction).await;
    run_attempts(test, &mut transaction).await;
    transaction.commit().await.unwrap();
}

async fn run_accounts(test: &TestStore, transaction: &mut Connection) {
    let (now, id) = (test.clock.now(), account(test, transaction, "ana").await);
    assert_eq!(account::without_factor(transaction).await.unwrap(), 1);
    assert!(!account::any_demo(transaction).await.unwrap());
    account::set_password(transaction, id, &Sensitive::new("$argon2id$".into())).await.unwrap();
    account::signed_in(transaction, id, now).await.unwrap();
    let found = account::find(transaction, &test.keys, id).await.unwrap().unwrap();
    assert_eq!((found.state, found.origin, found.factors), (AccountState::Active, Origin::Agency, 0));
    assert_eq!(found.email, Some(Sensitive::new("ana@example.org".into())));
    assert_eq!((found.password_hash, found.signed_in_at), (Some(Sensitive::new("$argon2id$".into())), Some(now)));
    let by_name = account::by_name(transaction, &test.keys, &found.sign_in_name).await.unwrap();
    assert_eq!(by_name.map(|found| found.id), Some(id));
    assert_eq!(account::list(transaction, &test.keys).await.unwrap().len(), 1);
    assert!(account::hold(transaction, id).await.unwrap() && !account::hold(transaction, Uuid::nil()).await.unwrap());
    assert!(account::set_state(transaction, id, AccountState::Disabled).await.unwrap());
    assert!(!account::set_state(transaction, id, AccountState::Disabled).await.unwrap());
    assert_eq!(account::without_factor(transaction).await.unwrap(), 0);
}

async fn run_grants(test: &TestStore, transaction: &mut Connection) {
    let now = test.clock.now();
    let [whose, proposer, second] =
        [account(test, transaction, "g1").await, account(test, transaction, "g2").await, account(test, transaction, "g3").await];
    assert!(!grant::any_administrator(transaction, now).await.unwrap());
    let (id, grant) = (test.clock.new_id(), role(test, Role::Administrator));
    let basis = Basis::Agreement;
    let new = NewGrant { id, account: whose, grant: &grant, basis, proposed_at: now, proposed_by: Some(proposer), holds: false };
    grant::add(transaction, &new).await.unwrap();
    assert_eq!(grant::waiting(transaction, now).await.unwrap().len(), 1);
    assert!(grant::in_force(transaction, whose, now).await.unwrap().is_empty());
    assert!(grant::agree(transaction, id, now, second).await.unwrap());
    assert!(!grant::agree(transaction, id, now, second).await.unwrap());
    let found = grant::find(transaction, id).await.unwrap().unwrap();
    assert_eq!((&found.grant, found.proposed_by, found.agreed_by), (&grant, Some(proposer), Some(second)));
    assert_eq!(grant::in_force(transaction, whose, now).await.unwrap(), std::slice::from_ref(&found));
    assert_eq!(grant::of_account(transaction, whose).await.unwrap(), [found]);
    assert!(!grant::any_administrator(transaction, now).await.unwrap(), "who never enrolled cannot agree to anything");
    account::signed_in(transaction, whose, now).await.unwrap();
    assert!(grant::any_administrator(transaction, now).await.unwrap());
    assert!(grant::end(transaction, id, now).await.unwrap() && !grant::end(transaction, id, now).await.unwrap());
    assert!(!grant::any_administrator(transaction, now).await.unwrap());
    let (first, basis) = (test.clock.new_id(), Basis::First);
    let new = NewGrant { id: first, account: whose, grant: &grant, basis, proposed_at: now, proposed_by: None, holds: true };
    grant::add(transaction, &new).await.unwrap();
    grant::end_first(transaction, now).await.unwrap();
    assert!(grant::in_force(transaction, whose, now).await.unwrap().is_empty());
}

async fn run_provider(test: &TestStore, transaction: &mut Connection) {
    let (now, whose) = (test.clock.now(), account(test, transaction, "p1").await);
    let known = Known { issuer: "https://sign-in.agency.example", subject_mac: b"seven" };
    assert_eq!(provider::account_of(transaction, known).await.unwrap(), None);
    provider::link(transaction, test.clock.new_id(), whose, known, now).await.unwrap();
    assert_eq!(provider::account_of(transaction, known).await.unwrap(), Some(whose));
    let elsewhere = Known { issuer: "https://other.example", ..known };
    assert_eq!(provider::account_of(transaction, elsewhere).await.unwrap(), None);
    let name = StaffName::parse("Ana Otra").unwrap();
    assert!(
        provider::rename(transaction, whose, &name).await.unwrap() && !provider::rename(transaction, whose, &name).await.unwrap()
    );

    let (id, ends_at) = (test.clock.new_id(), now + TimeDelta::hours(1));
    let (token_hash, method, client) = (b"provider", Method::Provider, "Firefox on Linux");
    let new = NewSession { id, token_hash, account: whose, method, client, created_at: now, ends_at };
    session::add(transaction, &new).await.unwrap();
    let office = OfficeCode::parse("NBC").unwrap();
    provider::name_role(transaction, id, Role::Iio, &office).await.unwrap();
    assert_eq!(provider::roles(transaction, id).await.unwrap(), [(Role::Iio, office)]);
    session::expire(transaction, ends_at, now).await.unwrap();
    assert_eq!(provider::roles(transaction, id).await.unwrap(), [], "they go with the session");

    let (id, grant) = (test.clock.new_id(), role(test, Role::Siio));
    let basis = Basis::Agreement;
    let new = NewGrant { id, account: whose, grant: &grant, basis, proposed_at: now, proposed_by: None, holds: false };
    grant::add(transaction, &new).await.unwrap();
    assert_eq!(provider::proposals(transaction, whose).await.unwrap(), [] as [Uuid; 0]);
    provider::note_proposal(transaction, id).await.unwrap();
    assert_eq!(provider::proposals(transaction, whose).await.unwrap(), [id]);
}

async fn run_sessions(test: &TestStore, transaction: &mut Connection) {
    let (now, whose) = (test.clock.now(), account(test, transaction, "s1").await);
    let (idle, hour, nil) = (now - TimeDelta::minutes(15), TimeDelta::hours(1), Uuid::nil());
    let mut ids = Vec::new();
    for hash in [b"one", b"two"] {
        let (id, ends_at) = (test.clock.new_id(), now + hour);
        let (method, client) = (Method::Totp, "Firefox on Linux");
        let new = NewSession { id, token_hash: hash, account: whose, method, client, created_at: now, ends_at };
        session::add(transaction, &new).await.unwrap();
        ids.push(id);
    }
    let found = session::find(transaction, b"one", now, idle).await.unwrap().unwrap();
    assert_eq!((found.id, found.account, found.method, found.client.as_str()), (ids[0], whose, Method::Totp, "Firefox on Linux"));
    assert_eq!((found.stepped_up_at, found.locked_at), (Some(now), None));
    assert!(session::find(transaction, b"one", now + hour, idle).await.unwrap().is_none(), "over");
    assert!(session::find(transaction, b"one", now, now).await.unwrap().is_none(), "nobody was there");
    session::see(transaction, ids[0], now + hour).await.unwrap();
    assert_eq!(session::of_account(transaction, whose, now, now).await.unwrap().len(), 1);
    assert!(session::lock(transaction, ids[0], now).await.unwrap() && !session::lock(transaction, ids[0], now).await.unwrap());
    assert!(session::rotate(transaction, ids[0], b"one", b"three", now).await.unwrap());
    assert!(!session::rotate(transaction, ids[0], b"one", b"four", now).await.unwrap(), "the token was another one already");
    let found = session::find(transaction, b"three", now, idle).await.unwrap().unwrap();
    assert_eq!((found.id, found.locked_at), (ids[0], None));
    account::set_state(transaction, whose, AccountState::Disabled).await.unwrap();
    assert!(session::find(transaction, b"three", now, idle).await.unwrap().is_none(), "disabled");
    account::set_state(transaction, whose, AccountState::Active).await.unwrap();
    assert!(!session::revoke(transaction, ids[0], nil, now).await.unwrap(), "somebody else's");
    assert!(session::revoke(transaction, ids[0], whose, now).await.unwrap());
    assert!(session::find(transaction, b"three", now, idle).await.unwrap().is_none());
    assert_eq!(session::revoke_all(transaction, whose, ids[1], now).await.unwrap(), 0);
    assert_eq!(session::revoke_all(transaction, whose, nil, now).await.unwrap(), 1);
    assert_eq!(session::expire(transaction, now, idle).await.unwrap(), 2);
}

async fn run_factors(test: &TestStore, transaction: &mut Connection) {
    let (now, whose) = (test.clock.now(), account(test, transaction, "f1").await);
    let [secret, other] = [b"secret".to_vec(), b"other".to_vec()].map(Sensitive::new);
    let [totp, passkey] = [test.clock.new_id(), test.clock.new_id()];
    let kind = FactorKind::Totp;
    let new = NewFactor { id: totp, account: whose, kind, name: "telephone", content: &secret, credential: None, added_at: now };
    assert!(factor::add(transaction, &test.keys, &new).await.unwrap());
    let new = NewFactor { id: passkey, kind: FactorKind::Passkey, credential: Some(b"credential"), ..new };
    assert!(factor::add(transaction, &test.keys, &new).await.unwrap());
    let again = NewFactor { id: test.clock.new_id(), ..new };
    assert!(!factor::add(transaction, &test.keys, &again).await.unwrap(), "a passkey is one account's");
    for (id, count, is_new) in
        [(totp, 0, false), (totp, 7, true), (totp, 7, false), (totp, 6, false), (passkey, 0, true), (passkey, 0, true)]
    {
        assert_eq!(factor::count_use(transaction, id, count, now).await.unwrap(), is_new, "{count}");
    }
    for (count, is_new) in [(2, true), (0, false), (1, false), (2, false), (3, true)] {
        assert_eq!(factor::count_use(transaction, passkey, count, now).await.unwrap(), is_new, "{count}");
    }
    factor::replace(transaction, &test.keys, passkey, &other).await.unwrap();
    let found = factor::of_account(transaction, &test.keys, whose).await.unwrap();
    assert_eq!(found.len(), 2);
    for (id, kind, content) in [(totp, FactorKind::Totp, &secret), (passkey, FactorKind::Passkey, &other)] {
        // Ids of one instant have no order.
        let factor = found.iter().find(|factor| factor.id == id).unwrap();
        assert_eq!((factor.kind, &factor.content, factor.used_at), (kind, content, Some(now)));
    }
    assert!(!factor::remove(transaction, totp, Uuid::nil()).await.unwrap());
    assert!(factor::remove(transaction, totp, whose).await.unwrap());
    factor::remove_all(transaction, whose).await.unwrap();
    assert!(factor::of_account(transaction, &test.keys, whose).await.unwrap().is_empty());
}

async fn run_steps(test: &TestStore, transaction: &mut Connection) {
    let (now, whose) = (test.clock.now(), account(test, transaction, "st").await);
    let expires_at = now + TimeDelta::minutes(5);
    for content in [b"first", b"other"] {
        let id = test.clock.new_id();
        let new = NewStep { id, token_hash: b"step", kind: "password", account: Some(whose), content, expires_at };
        sign_in_step::put(transaction, &test.keys, &new).await.unwrap();
    }
    let found = sign_in_step::find(transaction, &test.keys, "password", b"step", now).await.unwrap().unwrap();
    assert_eq!((found.account, found.content), (Some(whose), Sensitive::new(b"other".to_vec())));
    for (kind, at) in [("challenge", now), ("password", expires_at)] {
        assert!(sign_in_step::find(transaction, &test.keys, kind, b"step", at).await.unwrap().is_none(), "{kind}");
    }
    assert!(sign_in_step::take(transaction, &test.keys, "password", b"step", now).await.unwrap().is_some());
    assert!(sign_in_step::take(transaction, &test.keys, "password", b"step", now).await.unwrap().is_none());
    assert_eq!(sign_in_step::expire(transaction, expires_at).await.unwrap(), 0);
}

async fn run_enrolments(test: &TestStore, transaction: &mut Connection) {
    let now = test.clock.now();
    let [whose, opener, second] =
        [account(test, transaction, "e1").await, account(test, transaction, "e2").await, account(test, transaction, "e3").await];
    let expires_at = now + TimeDelta::days(1);
    let mut ids = Vec::new();
    for cause in [Cause::New, Cause::Recovery] {
        let id = test.clock.new_id();
        let opened_by = Some(opener);
        let new = NewEnrolment { id, account: whose, cause, token_hash: None, opened_at: now, opened_by, expires_at };
        enrolment::open(transaction, &new).await.unwrap();
        ids.push(id);
    }
    assert!(enrolment::find(transaction, ids[0], now).await.unwrap().is_none(), "the newest is the only one");
    let waiting = enrolment::waiting(transaction, now).await.unwrap();
    assert_eq!(waiting.iter().map(|waiting| (waiting.id, waiting.cause)).collect::<Vec<_>>(), [(ids[1], Cause::Recovery)]);
    assert!(enrolment::agree(transaction, ids[1], now, second, b"token", expires_at).await.unwrap());
    assert!(!enrolment::agree(transaction, ids[1], now, second, b"other", expires_at).await.unwrap());
    assert!(enrolment::waiting(transaction, now).await.unwrap().is_empty());
    let found = enrolment::by_token(transaction, b"token", now).await.unwrap().unwrap();
    assert_eq!((found.account, found.opened_by, found.agreed_by), (whose, Some(opener), Some(second)));
    assert!(enrolment::by_token(transaction, b"token", expires_at).await.unwrap().is_none());
    assert_eq!(enrolment::expire(transaction, expires_at).await.unwrap(), 1);
    assert!(!enrolment::close(transaction, whose).await.unwrap());
}

async fn run_attempts(test: &TestStore, transaction: &mut Connection) {
    let now = test.clock.now();
    let later = now + TimeDelta::hours(3);
    assert_eq!(sign_in_attempt::hold(transaction, b"name", now).await.unwrap(), None);
    let ids = [test.clock.new_id(), test.clock.new_id()];
    for id in ids {
        sign_in_attempt::add(transaction, id, b"name", now).await.unwrap();
    }
    sign_in_attempt::take_back(transaction, ids[0]).await.unwrap();
    assert_eq!(sign_in_attempt::count(transaction, b"name", now - TimeDelta::minutes(15)).await.unwrap(), 1);
    assert_eq!(sign_in_attempt::count(transaction, b"name", now).await.unwrap(), 0);
    sign_in_attempt::lock(transaction, b"name", later).await.unwrap();
    assert_eq!(sign_in_attempt::locked_until(transaction, b"name", now).await.unwrap(), Some(later));
    assert_eq!(sign_in_attempt::locked_until(transaction, b"name", later).await.unwrap(), None);
    assert_eq!(sign_in_attempt::hold(transaction, b"name", now).await.unwrap(), Some(later));
    sign_in_attempt::add(transaction, ids[0], b"name", now).await.unwrap();
    assert_eq!(sign_in_attempt::expire(transaction, later, now).await.unwrap(), 1, "the lock is not over");
    assert!(sign_in_attempt::forget(transaction, b"name").await.unwrap());
    assert!(!sign_in_attempt::forget(transaction, b"name").await.unwrap());
}

fn is_refused<T>(done: &Result<T, StoreError>) -> bool {
    let said = match done {
        Err(StoreError::Database(sqlx::Error::Database(error))) => error.message().to_lowercase(),
        _ => String::new(),
    };
    said.contains("check constraint") || said.contains("unique constraint")
}

/// Whatever the program above does, two people are two people.
#[tokio::test]
async fn the_database_refuses_a_sensitive_grant_without_a_second_person() {
    for test in both().await {
        let now = test.clock.now();
        let mut transaction = test.store.begin().await.unwrap();
        let [whose, proposer] =
            [account(&test, &mut transaction, "whose").await, account(&test, &mut transaction, "proposer").await];
        let waits = test.clock.new_id();
        let (siio, administrator) = (role(&test, Role::Siio), role(&test, Role::Administrator));
        let sensitive = Role::ALL.into_iter().filter(|role| role.is_sensitive()).map(|each| role(&test, each));
        let sensitive: Vec<Grant> = sensitive.collect();
        let new = |id, grant, basis, proposed_by, holds| NewGrant {
            id,
            account: whose,
            grant,
            basis,
            proposed_at: now,
            proposed_by,
            holds,
        };
        grant::add(&mut transaction, &new(waits, &siio, Basis::Agreement, Some(proposer), false)).await.unwrap();
        let first = new(test.clock.new_id(), &administrator, Basis::First, None, true);
        grant::add(&mut transaction, &first).await.unwrap();
        transaction.commit().await.unwrap();

        for grant in &sensitive {
            let mut transaction = test.store.begin().await.unwrap();
            let alone = new(test.clock.new_id(), grant, Basis::Agreement, Some(proposer), true);
            assert!(is_refused(&grant::add(&mut transaction, &alone).await), "{:?} held at once", grant.role);
        }
        for bad in [
            new(test.clock.new_id(), &siio, Basis::Agreement, Some(whose), false),
            new(test.clock.new_id(), &siio, Basis::First, None, true),
            new(test.clock.new_id(), &administrator, Basis::First, Some(proposer), true),
            new(test.clock.new_id(), &administrator, Basis::First, None, true),
        ] {
            let mut transaction = test.store.begin().await.unwrap();
            assert!(is_refused(&grant::add(&mut transaction, &bad).await), "{bad:?}");
        }
        for by in [whose, proposer] {
            let mut transaction = test.store.begin().await.unwrap();
            assert!(is_refused(&grant::agree(&mut transaction, waits, now, by).await));
        }
    }
}

#[tokio::test]
async fn the_database_refuses_a_way_in_without_a_second_person() {
    for test in both().await {
        let now = test.clock.now();
        let mut transaction = test.store.begin().await.unwrap();
        let [whose, opener] = [account(&test, &mut transaction, "whose").await, account(&test, &mut transaction, "opener").await];
        transaction.commit().await.unwrap();
        let new = |cause, token_hash, opened_by| NewEnrolment {
            id: Uuid::from_u128(9),
            account: whose,
            cause,
            token_hash,
            opened_at: now,
            opened_by,
            expires_at: now + TimeDelta::days(1),
        };
        let token = Some(b"token".as_slice());
        for bad in [
            new(Cause::Recovery, token, Some(opener)),
            new(Cause::Recovery, token, None),
            new(Cause::First, token, Some(opener)),
            new(Cause::New, None, Some(whose)),
        ] {
            let mut transaction = test.store.begin().await.unwrap();
            assert!(is_refused(&enrolment::open(&mut transaction, &bad).await), "{bad:?}");
        }
        let mut transaction = test.store.begin().await.unwrap();
        enrolment::open(&mut transaction, &new(Cause::Recovery, None, Some(opener))).await.unwrap();
        transaction.commit().await.unwrap();
        for by in [whose, opener] {
            let mut transaction = test.store.begin().await.unwrap();
            assert!(is_refused(&enrolment::agree(&mut transaction, Uuid::from_u128(9), now, by, b"token", now).await));
        }
    }
}

#[tokio::test]
async fn a_secret_opens_in_its_row_only() {
    for test in both().await {
        let mut transaction = test.store.begin().await.unwrap();
        let whose = account(&test, &mut transaction, "whose").await;
        let content = Sensitive::new(b"plain secret".to_vec());
        let (id, now, kind) = (test.clock.new_id(), test.clock.now(), FactorKind::Totp);
        let new = NewFactor { id, account: whose, kind, name: "", content: &content, credential: None, added_at: now };
        factor::add(&mut transaction, &test.keys, &new).await.unwrap();
        transaction.commit().await.unwrap();
        // Moved to another row, a ciphertext does not open.
        let other = test.clock.new_id();
        let mut transaction = test.store.begin().await.unwrap();
        let new = NewFactor { id: other, ..new };
        factor::add(&mut transaction, &test.keys, &new).await.unwrap();
        transaction.commit().await.unwrap();
        let mut connection = test.store.read().await.unwrap();
        assert_eq!(factor::of_account(&mut connection, &test.keys, whose).await.unwrap().len(), 2);
        drop(connection);
        let moved = "UPDATE second_factor SET content = (SELECT content FROM second_factor ORDER BY id LIMIT 1)";
        assert_eq!(meddle(&test.store, moved).await.unwrap(), 2);
        let mut connection = test.store.read().await.unwrap();
        assert!(factor::of_account(&mut connection, &test.keys, whose).await.is_err());
    }
}
