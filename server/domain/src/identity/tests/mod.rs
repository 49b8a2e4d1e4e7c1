//! Tests of staff and their sign-in, on both engines.

mod accounts;
mod passkeys;
mod provider;
mod sessions;
mod sign_in;
mod two_people;
mod ways_in;

use chrono::TimeDelta;
use shared::identity::{Client, Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use uuid::Uuid;

use super::account::{DemoAccount, NewAccount};
use super::*;
use crate::testing::{TestContext, contexts};
use crate::{Actor, Error, Officer};

pub const PASSWORD: &str = "four unlike words here";

pub fn firefox() -> Client {
    Client::of_user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
}

pub fn typed(text: &str) -> Sensitive<String> {
    Sensitive::new(text.to_owned())
}

pub fn office(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

pub fn new_account(sign_in_name: &str) -> NewAccount {
    NewAccount {
        sign_in_name: SignInName::parse(sign_in_name).unwrap(),
        name: StaffName::parse("Zoe Ejemplo").unwrap(),
        email: Some(typed("zoe@example.org")),
        office: office("NBC"),
    }
}

/// Somebody with a password and an authenticator.
pub struct Person {
    pub id: Uuid,
    pub name: &'static str,
    pub secret: Vec<u8>,
}

/// An installation with three administrators and an IIO.
pub struct Staffed {
    pub test: TestContext,
    pub administrators: [Person; 3],
    pub officer: Person,
}

pub async fn staffed() -> Vec<Staffed> {
    let mut all = Vec::new();
    for test in contexts().await {
        let names =
            [("root", Role::Administrator), ("alba", Role::Administrator), ("bea", Role::Administrator), ("iio", Role::Iio)];
        let people: Vec<DemoAccount> = names
            .iter()
            .zip(1..)
            .map(|((name, role), n)| DemoAccount { account: new_account(name), role: *role, secret: Sensitive::new(vec![n; 20]) })
            .collect();
        account::add_demo(&test.ctx, &typed(PASSWORD), &people).await.unwrap();
        let mut made = Vec::new();
        for ((name, _), n) in names.into_iter().zip(1..) {
            let found = account::by_name(&test.ctx, Manager::Operator, &SignInName::parse(name).unwrap()).await.unwrap().unwrap();
            made.push(Person { id: found.id, name, secret: vec![n; 20] });
        }
        let officer = made.pop().unwrap();
        let administrators = made.try_into().ok().unwrap();
        all.push(Staffed { test, administrators, officer });
    }
    all
}

impl Staffed {
    pub fn ctx(&self) -> &Context {
        &self.test.ctx
    }

    pub fn wait(&self, time: TimeDelta) {
        self.test.test.clock.advance(time);
    }

    /// What the person's authenticator shows.
    pub fn code(&self, person: &Person) -> String {
        code_at(&person.secret, self.ctx().now())
    }

    pub async fn password(&self, name: &str, text: &str) -> Password {
        password(self.ctx(), name, &typed(text)).await.unwrap()
    }

    /// With the password shown.
    pub async fn pending(&self, name: &str) -> Pending {
        match self.password(name, PASSWORD).await {
            Password::Right(pending) => pending,
            other => panic!("{name}: {other:?}"),
        }
    }

    pub async fn try_code(&self, pending: &Pending, code: &str) -> SecondFactor {
        totp(self.ctx(), pending.token.expose(), code, firefox()).await.unwrap()
    }

    /// Signs in, with a code that was not used before.
    pub async fn sign_in(&self, person: &Person) -> String {
        self.wait(TimeDelta::seconds(30));
        let pending = self.pending(person.name).await;
        done(self.try_code(&pending, &self.code(person)).await)
    }

    pub async fn session(&self, token: &str) -> Option<Live> {
        session(self.ctx(), token).await.unwrap()
    }

    /// Signed in just now.
    pub async fn live(&self, person: &Person) -> Live {
        let token = self.sign_in(person).await;
        self.session(&token).await.unwrap()
    }

    pub async fn officer(&self, person: &Person) -> Officer {
        self.live(person).await.officer
    }

    /// What was audited under an action, as its actor, its subject and its detail.
    pub async fn audited(&self, action: &str) -> Vec<(String, String, String)> {
        let mut connection = self.ctx().store.read().await.unwrap();
        let entries = store::audit::by_action(&mut connection, action).await.unwrap();
        entries.into_iter().map(|entry| (entry.actor, entry.subject, entry.detail)).collect()
    }
}

pub fn done(factor: SecondFactor) -> String {
    match factor {
        SecondFactor::Done(session) => session.token.expose().clone(),
        other => panic!("{other:?}"),
    }
}

pub fn needs_step_up<T: std::fmt::Debug>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::StepUp))
}
