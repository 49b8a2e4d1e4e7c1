//! Who works where, by name.

use chrono::TimeDelta;
use shared::identity::{AccountState, Grant, Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::service_request::OfficerId;
use uuid::Uuid;

use crate::colleague::{Colleague, at_office, names};
use crate::engine::Connection;
use crate::identity::account::{self, NewAccount, Origin};
use crate::identity::grant::{self, Basis, NewGrant};
use crate::testing::{TestStore, both};

async fn add(test: &TestStore, transaction: &mut Connection, sign_in_name: &str, name: &str) -> Uuid {
    let new = NewAccount {
        id: test.clock.new_id(),
        sign_in_name: &SignInName::parse(sign_in_name).unwrap(),
        name: &StaffName::parse(name).unwrap(),
        email: None,
        office: &OfficeCode::parse("NBC").unwrap(),
        origin: Origin::Agency,
        created_at: test.clock.now(),
    };
    assert!(account::add(transaction, &test.keys, &new).await.unwrap());
    new.id
}

async fn give(test: &TestStore, transaction: &mut Connection, account: Uuid, grant: &Grant) {
    let new = NewGrant {
        id: test.clock.new_id(),
        account,
        grant,
        basis: Basis::Agreement,
        proposed_at: test.clock.now(),
        proposed_by: None,
        holds: true,
    };
    grant::add(transaction, &new).await.unwrap();
}

/// Runs every statement once.
pub async fn run(test: &TestStore) {
    let office = OfficeCode::parse("ZSF").unwrap();
    at_office(&mut test.store.read_primary().await.unwrap(), &office, test.clock.now()).await.unwrap();
}

#[tokio::test]
async fn who_works_at_an_office_is_who_has_a_role_there_now() {
    for test in both().await {
        let (now, day) = (test.clock.now(), TimeDelta::days(1));
        let [here, there] = ["ZSF", "LIN"].map(|code| OfficeCode::parse(code).unwrap());
        let mut transaction = test.store.begin().await.unwrap();
        let [bea, ana, gone, left] = [
            add(&test, &mut transaction, "bea", "Bea Muster").await,
            add(&test, &mut transaction, "ana", "Ana Ejemplo").await,
            add(&test, &mut transaction, "gone", "Cleo Gone").await,
            add(&test, &mut transaction, "left", "Dora Left").await,
        ];
        let role = |role, office: &OfficeCode, ends_at| Grant { role, office: office.clone(), starts_at: now - day, ends_at };
        give(&test, &mut transaction, bea, &role(Role::Iio, &here, None)).await;
        give(&test, &mut transaction, ana, &role(Role::Iio, &here, Some(now + day))).await;
        give(&test, &mut transaction, ana, &role(Role::Tier2Agent, &here, None)).await;
        give(&test, &mut transaction, bea, &role(Role::QualityReviewer, &there, None)).await;
        give(&test, &mut transaction, gone, &role(Role::Iio, &here, Some(now))).await;
        give(&test, &mut transaction, left, &role(Role::Iio, &here, None)).await;
        assert!(account::set_state(&mut transaction, left, AccountState::Disabled).await.unwrap());
        let found = at_office(&mut transaction, &here, now).await.unwrap();
        let colleague = |id: Uuid, name: &str, role| Colleague { officer: OfficerId(id.as_u128()), name: name.to_owned(), role };
        assert_eq!(
            found,
            [
                colleague(ana, "Ana Ejemplo", Role::Iio),
                colleague(ana, "Ana Ejemplo", Role::Tier2Agent),
                colleague(bea, "Bea Muster", Role::Iio)
            ]
        );
        let asked = [left, Uuid::nil(), bea].map(|id| OfficerId(id.as_u128()));
        let mut known = names(&mut transaction, &asked).await.unwrap();
        known.sort();
        let name = |id: Uuid, name: &str| (OfficerId(id.as_u128()), name.to_owned());
        let mut expected = [name(left, "Dora Left"), name(bea, "Bea Muster")];
        expected.sort();
        assert_eq!(known, expected, "who left is still named");
        assert!(names(&mut transaction, &[]).await.unwrap().is_empty());
    }
}
