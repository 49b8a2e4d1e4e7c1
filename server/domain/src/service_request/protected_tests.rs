//! A case that is protected by law is read by nobody without the role for it: whatever else they may, wherever they look, and however the
//! request came to them. On both engines.

use shared::answer::{Command, Draft as AnswerDraft};
use shared::e_request::{Answers, Field};
use shared::identity::{Grant, Role};
use shared::service_request::{PauseReason, Queue, RedirectReason};

use super::*;
use crate::answer;
use crate::e_request::tests::{FILED, NUMBER, Visitor, a_case, contexts};
use crate::testing::{import_lines, line, send_all};
use crate::{Action, Officer};

const OFFICES: &str = "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\n\
    LIN\tNebraska\tservice_center\t\n";
const PLACES: [&str; 2] = ["NBC", "LIN"];
/// What protects a case: each class of the policy that is not shown in the console, and what nobody could classify.
const MARKERS: [&str; 5] = [
    r#"{"class_of_admission":"B11"}"#,
    r#"{"class_of_admission":"T1"}"#,
    r#"{"class_of_admission":"U1"}"#,
    r#"{"class_of_admission":"S5"}"#,
    r#"{"sealed":true}"#,
];

fn code(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

fn who(ctx: &Context, id: u128, roles: &[(Role, &str)]) -> Officer {
    let starts_at = ctx.now() - TimeDelta::days(1);
    let grant = |(role, office): &(Role, &str)| Grant { role: *role, office: code(office), starts_at, ends_at: None };
    Officer::new(Uuid::from_u128(id), roles.iter().map(grant).collect(), ctx.now())
}

/// Each role at each office alone; all roles at both but those that may read such a case there; and everything.
fn everybody(ctx: &Context) -> Vec<Officer> {
    let pairs: Vec<(Role, &str)> = PLACES.into_iter().flat_map(|office| Role::ALL.map(|role| (role, office))).collect();
    let without = |places: &[&str]| {
        let holds = |(role, office): &&(Role, &str)| !(*role == Role::Siio && places.contains(office));
        pairs.iter().filter(holds).copied().collect::<Vec<_>>()
    };
    let mut sets: Vec<Vec<(Role, &str)>> = pairs.iter().map(|pair| vec![*pair]).collect();
    sets.extend([vec![], without(&["NBC", "LIN"]), without(&["NBC"]), without(&["LIN"]), pairs.clone()]);
    sets.iter().zip(20..).map(|(roles, id)| who(ctx, id, roles)).collect()
}

/// A request at NBC about a case that is protected since, with all that can be with one: a note, an answer that is being
/// written, a question to LIN, an escalation.
struct Protected<'a> {
    ctx: &'a Context,
    id: Uuid,
    number: &'a str,
    question: Uuid,
    version: i64,
}

impl<'a> Protected<'a> {
    async fn new(ctx: &'a Context, session: u8, number: &'a str, marker: &str) -> Self {
        let siio = who(ctx, 1, &[(Role::Siio, "NBC")]);
        a_case(ctx, number).await;
        let id = Visitor::new(ctx, session).about(number).file(RequestKind::TypographicError).await;
        send_all(ctx).await;
        assert!(add_note(ctx, &siio, id, "Unmistakable").await.unwrap());
        answer::save(ctx, &siio, id, None, &AnswerDraft::new(Locale::Es)).await.unwrap();
        let question = ask_office(ctx, &siio, id, &code("LIN"), "Is the file with you?").await.unwrap().unwrap();
        let more = format!(r#"{FILED},"protection_markers":[{marker}]"#);
        import_lines(ctx, &[line(&format!("{number}-p"), number, "IAA", "2026-03-10T14:00:00Z", &more)]).await;
        let row = crate::e_request::tests::row(ctx, id).await;
        Self { ctx, id, number, question, version: row.version }
    }

    /// Which readings give something of it.
    async fn read_by(&self, officer: &Officer) -> Vec<&'static str> {
        let (ctx, id) = (self.ctx, self.id);
        let mut gave = Vec::new();
        let mut note = |what: &'static str, something: bool| gave.extend(something.then_some(what));
        note("the request", file_of(ctx, officer, id, ReadPurpose::Work).await.is_ok());
        note("the case", case_of(ctx, officer, id, ctx.now(), Locale::En).await.is_ok());
        note("what is attached", documents(ctx, officer, id).await.is_ok());
        note("a document", document(ctx, officer, id, Uuid::nil()).await.is_ok());
        note("who is there", here(ctx, officer, id).await.is_ok());
        for office in PLACES.map(code) {
            note("a summary", summaries(ctx, officer, &office, &[id]).await.is_ok_and(|found| !found.is_empty()));
            let ana = who(ctx, 2, &[]).officer_id();
            note("a preview", preview(ctx, officer, &office, &[id], ana).await.is_ok_and(|rows| !rows.is_empty()));
            for queue in Queue::ALL {
                let wanted = List { order: queue.orders()[0], ..List::of(office.clone(), queue) };
                let rows = list(ctx, officer, &wanted).await.map_or_else(|_| Vec::new(), |page| page.requests);
                note("its number in a list", rows.iter().any(|row| row.listed.id == id && row.receipt_number.is_some()));
            }
        }
        for text in [self.number, "unmistakable", "ejemplo"] {
            let Ok(search) = look_for(ctx, officer, text).await else { continue };
            let found = found(ctx, officer, search.unwrap(), None).await.unwrap().unwrap();
            note("a search", found.requests.iter().any(|row| row.listed.id == id));
        }
        note("the answer", matches!(answer::work(ctx, officer, id).await, Ok(Some(_))));
        note("what was answered", matches!(answer::exchanged(ctx, officer, id).await, Ok(Some(_))));
        note("what was asked of the case system", answer::commands(ctx, officer, id).await.is_ok_and(|all| !all.is_empty()));
        gave
    }

    /// Which acts are let through, of those that need it to be seen.
    async fn worked_on_by(&self, officer: &Officer) -> Vec<&'static str> {
        let (ctx, request, id) = (self.ctx, (self.id, self.version), self.id);
        let mut done = Vec::new();
        let mut note = |what: &'static str, result: Result<(), Error>| match result {
            Ok(()) => done.push(what),
            Err(error) => assert!(matches!(error, Error::Refused), "{what}: {error:?}"),
        };
        let ana = who(ctx, 2, &[]).officer_id();
        note("open", open(ctx, officer, id, self.version).await.map(drop));
        note("pause", pause(ctx, officer, id, self.version, PauseReason::FileRequested).await.map(drop));
        note("resume", resume(ctx, officer, id, self.version).await.map(drop));
        note("reopen", reopen(ctx, officer, id, self.version, "x").await.map(drop));
        note("lay back", lay_back(ctx, officer, request).await.map(drop));
        note("assign", assign(ctx, officer, request, ana, None, "").await.map(drop));
        note("hand over", hand_over(ctx, officer, request, ana, "x").await.map(drop));
        note("redirect", redirect(ctx, officer, request, &code("LIN"), RedirectReason::Disability, "x").await.map(drop));
        note("ask", ask_office(ctx, officer, id, &code("LIN"), "x").await.map(drop));
        note("answer a question", answer_question(ctx, officer, self.question, "x").await.map(drop));
        note("note", add_note(ctx, officer, id, "x").await.map(drop));
        note("note an escalation", note_escalation(ctx, officer, id).await.map(drop));
        if let Ok(next) = take_next(ctx, officer, &code("NBC")).await {
            assert_eq!(next, None, "nothing else is there");
        }
        if let Ok(batch) = assign_many(ctx, officer, &code("NBC"), &[request], ana).await {
            assert_eq!(batch.rows, [(id, Given::Refused)]);
        }
        if let Ok(command) = answer::ask_case_system(ctx, officer, id, &Command::RemailCard).await {
            assert_eq!(command, None);
        }
        if let Ok(saved) = answer::save(ctx, officer, id, Some(1), &AnswerDraft::new(Locale::Es)).await {
            assert_eq!(saved, answer::Saved::NotNow);
        }
        done
    }

    /// Taking a request in confirms nothing of it either.
    async fn taken_in_by(&self, officer: &Officer, office: &str) {
        let mut answers = Answers::default();
        for (field, typed) in [
            (Field::Requester, "applicant"),
            (Field::ReceiptNumber, self.number),
            (Field::Explanation, "Where is it?"),
            (Field::FamilyName, "Ejemplo"),
        ] {
            answers.set(field, typed);
        }
        let intake = Intake {
            submission: self.ctx.clock.new_id(),
            office: code(office),
            source: Source::Telephone,
            kind: RequestKind::CaseStatus,
            received_on: None,
            locale: Locale::En,
            answers,
            call: None,
        };
        match take_in(self.ctx, officer, &intake).await {
            Ok(taken) => assert_eq!(taken, TakenIn::NoCase),
            Err(error) => assert!(matches!(error, Error::Refused), "{error:?}"),
        }
    }
}

#[tokio::test]
async fn a_protected_case_is_read_by_nobody_without_the_role_for_it() {
    for test in contexts().await {
        let ctx = &test.ctx;
        crate::office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
        let siio = who(ctx, 1, &[(Role::Siio, "NBC")]);
        let share = Share { officer: who(ctx, 2, &[]).officer_id(), kinds: Vec::new(), capacity: 0 };
        set_share(ctx, &siio, &code("NBC"), &share).await.unwrap();
        let numbers = ["EAC9998103403", "EAC9998203403", "EAC9998303403", "EAC9998403403", "EAC9998503403"];
        for ((marker, number), session) in MARKERS.into_iter().zip(numbers).zip(1..) {
            let protected = Protected::new(ctx, session, number, marker).await;
            for officer in everybody(ctx) {
                let may = officer.may(Action::ReadProtected, &code("NBC")) || officer.may(Action::ReadProtected, &code("LIN"));
                let read = protected.read_by(&officer).await;
                if may {
                    assert!(read.contains(&"the request") && read.contains(&"the case"), "{marker}: {officer:?} read {read:?}");
                    continue;
                }
                assert!(read.is_empty(), "{marker}: {officer:?} read {read:?}");
                let worked = protected.worked_on_by(&officer).await;
                assert!(worked.is_empty(), "{marker}: {officer:?} did {worked:?}");
                for office in PLACES {
                    protected.taken_in_by(&officer, office).await;
                }
            }
            // Who has the role where it was asked about reads it, and who has it elsewhere only does not work on it.
            let asked = who(ctx, 3, &[(Role::Siio, "LIN"), (Role::Iio, "NBC")]);
            assert!(file_of(ctx, &asked, protected.id, ReadPurpose::Question).await.is_ok());
            assert!(matches!(open(ctx, &asked, protected.id, protected.version).await, Err(Error::Refused)));
        }
    }
}

/// The test above fails if its officers could read nothing anyway: of a case that is not protected they read what their roles let them.
#[tokio::test]
async fn the_same_people_read_a_case_that_is_not_protected() {
    for test in contexts().await {
        let ctx = &test.ctx;
        crate::office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
        let open_case = Protected::new(ctx, 1, NUMBER, r#"{"class_of_admission":"AS6"}"#).await;
        for officer in everybody(ctx) {
            let may = PLACES.into_iter().any(|office| officer.may(Action::ReadRequests, &code(office)));
            let read = open_case.read_by(&officer).await;
            assert_eq!(read.contains(&"the request"), may, "{officer:?} read {read:?}");
        }
        let iio = open_case.read_by(&who(ctx, 9, &[(Role::Iio, "NBC")])).await;
        for what in ["the answer", "a search", "a summary", "its number in a list", "who is there"] {
            assert!(iio.contains(&what), "{what} is not in {iio:?}");
        }
    }
}
