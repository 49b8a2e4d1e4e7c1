//! How each story begins: agreements in force, and people in cases of an officer's.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use shared::case_status::ReceiptNumber;
use shared::identity::{Grant, Role};
use shared::office::OfficeCode;
use shared::profile::{Change, Fact, FactKind};
use store::data_key::Keys;
use store::engine::Engine;
use store::testing::{TestStore, open, open_partner};
use store::{Clock, Store};
use uuid::Uuid;

use super::rules::Person;
use super::{raio, supervisor};
use crate::case_status::limits::LimitSettings;
use crate::partner_query::assign;
use crate::testing::import_lines;
use crate::{Actor, Context, Officer, agreement, profile, reference};

/// Form, category, citizenship and number of cases of everybody in a story.
pub const PEOPLE: [(&str, Option<&str>, Option<&str>, usize); 4] = [
    ("I-765", Some("C09"), Some("MEX"), 2),
    ("I-589", None, Some("SYR"), 1),
    ("I-765", Some("C09"), None, 1),
    ("I-765", Some("C09"), Some("CAN"), 1),
];
pub const SSN: &str = "900123456";

/// Both databases as each story begins, made once and copied: a story depends on nothing but its operations.
pub struct Beginning {
    pub main: TestStore,
    pub partner: TestStore,
    pub people: Vec<Person>,
    pub today: NaiveDate,
}

fn receipt(who: usize, case: usize) -> String {
    format!("EAC99991034{who}{case}")
}

pub fn a_number(who: usize) -> String {
    format!("A90000010{who}")
}

pub async fn context(main: Store, keys: Keys, clock: &Clock) -> Context {
    let limits = LimitSettings::default();
    Context::new(main, keys, clock.clone(), chrono_tz::America::New_York, limits).await.unwrap()
}

pub async fn beginning() -> Beginning {
    let (main, partner) = (open(Engine::Sqlite).await, open_partner(Engine::Sqlite).await);
    reference::ship(&main.store, &main.clock).await.unwrap();
    let ctx = context(main.store.clone(), main.keys.clone(), &main.clock).await;
    agreement::sign_starters(&ctx, &OfficeCode::parse("NBC").unwrap(), [90, 91, 92].map(Uuid::from_u128)).await.unwrap();
    let mut people = Vec::new();
    for who in 0..PEOPLE.len() {
        people.push(somebody(&ctx, who).await);
    }
    let today = ctx.today();
    // What SQLite keeps beside its file goes into it.
    main.store.close().await;
    partner.store.close().await;
    Beginning { main, partner, people, today }
}

/// One of the people, in cases of an officer's, with more known of them than any partner may be told.
async fn somebody(ctx: &Context, who: usize) -> Person {
    let (form, _, citizenship, _) = PEOPLE[who];
    let mut person = Person {
        profile: Uuid::nil(),
        case: Uuid::nil(),
        form,
        citizenship,
        feared: BTreeSet::new(),
        marks: BTreeMap::new(),
        statuses: BTreeSet::new(),
    };
    feed_person(ctx, who, &person, "begin").await;
    let mut connection = ctx.store.read_primary().await.unwrap();
    let number = ReceiptNumber::parse(&receipt(who, 0)).unwrap();
    person.case = store::case_feed::case_id(&mut connection, &number).await.unwrap().unwrap();
    (_, person.profile) = store::profile::linked(&mut connection, person.case).await.unwrap().pop().unwrap();
    drop(connection);
    assert!(assign(ctx, &supervisor(ctx), &number, Some(raio(ctx).id())).await.unwrap());
    let facts: [(FactKind, &[&str]); 4] = [
        (FactKind::Ssn, &[SSN]),
        (FactKind::Fin, &["4711000"]),
        (FactKind::Gender, &["F"]),
        (FactKind::Name, &["alias", "Muestra", "Ana"]),
    ];
    for (kind, texts) in facts {
        let fact = Fact::parse(kind, texts, ctx.today()).unwrap();
        assert!(corrected(ctx, person.profile, &Change::Add(fact)).await);
    }
    person
}

/// The feed says all of a person's cases as they are now.
pub async fn feed_person(ctx: &Context, who: usize, person: &Person, event: &str) {
    let (form, category, _, cases) = PEOPLE[who];
    let line = |case: usize| {
        let marks = person.marks.iter().filter(|((of, _), _)| *of == case);
        let marks: Vec<_> = marks
            .map(|((_, mark), end)| match mark.code() {
                Some(code) => serde_json::json!({ "class_of_admission": code, "effective_to": end }),
                None => serde_json::json!({ "sealed": true, "effective_to": end }),
            })
            .collect();
        let applicant = serde_json::json!({
            "name": { "family": "Ejemplo", "given": "Ana" },
            "birth_date": "1990-02-03",
            "birth_country": "MEX",
            "citizenship": person.citizenship,
            "a_number": a_number(who),
        });
        let line = serde_json::json!({
            "event_id": format!("{event}-{who}-{case}"),
            "receipt_number": receipt(who, case),
            "form": form,
            "category": category,
            "applicant": applicant,
            "persecution_countries": person.feared,
            "protection_markers": marks,
            "action": { "code": "IAA", "at": ctx.now().to_rfc3339() },
        });
        line.to_string()
    };
    let lines: Vec<String> = (0..cases).map(line).collect();
    assert_eq!(import_lines(ctx, &lines).await.quarantined, 0);
    profile::follow_feed(ctx, Actor::System).await.unwrap();
}

/// Somebody who showed a second factor just now.
pub fn fresh(ctx: &Context, id: u128, roles: &[Role]) -> Officer {
    let grant = |role: &Role| Grant { role: *role, office: OfficeCode::parse("NBC").unwrap(), starts_at: ctx.now(), ends_at: None };
    let until = ctx.now() + TimeDelta::minutes(5);
    Officer::new(Uuid::from_u128(id), roles.iter().map(grant).collect(), ctx.now()).stepped_up_until(Some(until))
}

/// Proposed by one and agreed to by another, both of whom know of protected people.
pub async fn corrected(ctx: &Context, profile: Uuid, change: &Change) -> bool {
    let one = fresh(ctx, 6, &[Role::RaioOfficer, Role::PrivacyOfficer]);
    let other = fresh(ctx, 7, &[Role::IctsReviewer, Role::PrivacyOfficer]);
    match profile::propose(ctx, &one, profile, change, "Seen in the passport").await.unwrap() {
        profile::Proposed::Waits(id) => profile::decide(ctx, &other, profile, id, true).await.unwrap() == profile::Decided::Done,
        _ => false,
    }
}
