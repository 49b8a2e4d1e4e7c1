//! On both engines: every way to prove a change, and none around it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use chrono::TimeDelta;
use shared::case_status::ReceiptNumber;
use shared::change_of_address::{CaseState, ChangeState, Hindrance, Notice, OldReach, Proof, Refusal, Step};
use shared::locale::Locale;
use shared::service_request::RequestKind;
use store::change_of_address::{self as rows, CaseChangeKind};
use uuid::Uuid;

use super::*;
use crate::case_status::limits::LimitSettings;
use crate::notification::{self, Content, Mail, Means, Prepared};
use crate::testing::{TestContext, contexts, contexts_with, import_lines};
use crate::{Actor, ClientIp, Context, Error};

const ANA: &str = "EAC9999103403";
const OTHER: &str = "EAC9999103410";
const UNKNOWN: &str = "EAC9999700777";
const HIDDEN: &str = "EAC9999103499";
const EMAIL: &str = "ana@example.org";
const CLIENT: ClientIp = ClientIp(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)));

/// What a line of the feed says of a person and their mail.
#[derive(Clone, Copy)]
struct Fed<'a> {
    id: &'a str,
    number: &'a str,
    role: &'a str,
    born: &'a str,
    email: Option<&'a str>,
    street: &'a str,
    at: &'a str,
    is_hidden: bool,
}

const FED: Fed<'_> = Fed {
    id: "c1",
    number: ANA,
    role: "applicant",
    born: "1990-02-03",
    email: Some(EMAIL),
    street: "1 Sample Street",
    at: "2026-01-08T15:00:00Z",
    is_hidden: false,
};

impl Fed<'_> {
    fn line(&self) -> String {
        let email = self.email.map(|email| format!(r#","email":"{email}""#)).unwrap_or_default();
        let hidden = if self.is_hidden { r#","protection_markers":[{"sealed":true}]"# } else { "" };
        let person = format!(
            r#"{{"name":{{"family":"Ejemplo","given":"Ana"}},"birth_date":"{}","a_number":"A200000001"{email}}}"#,
            self.born
        );
        let applicant = if self.role == "applicant" {
            String::new()
        } else {
            r#""applicant":{"name":{"family":"Nadie","given":"Eva"},"birth_date":"1970-05-06"},"#.to_owned()
        };
        format!(
            r#"{{"event_id":"{}","receipt_number":"{}","form":"I-765","category":"C09","office":"NBC",{applicant}"{}":{person},
            "mailing_address":{{"street":"{}","city":"Springfield","state":"VA","postal_code":"22150","country":"USA"}},
            "action":{{"code":"IAA","at":"{}"}}{hidden}}}"#,
            self.id, self.number, self.role, self.street, self.at
        )
        .replace('\n', "")
    }
}

async fn feed(ctx: &Context, fed: &[Fed<'_>]) {
    let lines: Vec<String> = fed.iter().map(Fed::line).collect();
    let summary = import_lines(ctx, &lines).await;
    assert_eq!(summary.quarantined, 0, "{:?}", summary.refused);
}

fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn key(ctx: &Context, session: u8) -> DraftKey {
    DraftKey::of_session(ctx, &[session; 16])
}

fn receipt_number(number: &str) -> ReceiptNumber {
    ReceiptNumber::parse(number).unwrap()
}

const PERSON: [(&str, &str); 6] = [
    ("filer", "self"),
    ("family_name", "Ejemplo"),
    ("given_name", "Ana"),
    ("birth_month", "2"),
    ("birth_day", "3"),
    ("birth_year", "1990"),
];
const MOVED: [(&str, &str); 3] = [("moved_month", "1"), ("moved_day", "5"), ("moved_year", "2026")];
const NEW: [(&str, &str); 4] =
    [("new_street", "2 Teacup Ct"), ("new_city", "SPRINGFIELD"), ("new_state", "VA"), ("new_zip", "22151")];
const SIGNED: [(&str, &str); 2] = [("signature", "Ana Ejemplo"), ("certified", "yes")];

async fn send(ctx: &Context, session: u8, step: Step, wish: Wish, pairs: &[(&str, &str)]) -> Saved {
    save(ctx, CLIENT, key(ctx, session), step, wish, &typed(pairs)).await.unwrap()
}

/// The form, up to the page of the cases.
async fn up_to_cases(ctx: &Context, session: u8) {
    assert_eq!(begin(ctx, key(ctx, session), None).await.unwrap(), Step::Person);
    let is = |saved: Saved, step| assert_eq!(saved, Saved::GoTo(step));
    is(send(ctx, session, Step::Person, Wish::GoOn, &PERSON).await, Step::Move);
    is(send(ctx, session, Step::Move, Wish::GoOn, &MOVED).await, Step::NewAddress);
    is(send(ctx, session, Step::NewAddress, Wish::GoOn, &NEW).await, Step::NewAddress);
    is(send(ctx, session, Step::NewAddress, Wish::Mine, &[]).await, Step::OldAddress);
    is(send(ctx, session, Step::OldAddress, Wish::GoOn, &[]).await, Step::MailingAddress);
    is(send(ctx, session, Step::MailingAddress, Wish::GoOn, &[]).await, Step::Cases);
}

fn rows_of(cases: &[(&str, &str)]) -> Vec<(String, String)> {
    let row = |(at, (number, zip)): (usize, &(&str, &str))| {
        [(format!("number_{at}"), (*number).to_owned()), (format!("zip_{at}"), (*zip).to_owned())]
    };
    cases.iter().enumerate().flat_map(row).collect()
}

async fn list(ctx: &Context, session: u8, wish: Wish, cases: &[(&str, &str)]) -> Saved {
    let typed: BTreeMap<String, String> = rows_of(cases).into_iter().collect();
    save(ctx, CLIENT, key(ctx, session), Step::Cases, wish, &typed).await.unwrap()
}

/// A whole form, sent.
async fn report(ctx: &Context, session: u8, cases: &[(&str, &str)], contact: &[(&str, &str)]) -> Uuid {
    up_to_cases(ctx, session).await;
    let mut saved = list(ctx, session, Wish::GoOn, cases).await;
    if saved == Saved::GoTo(Step::Cases) {
        saved = list(ctx, session, Wish::Anyway, cases).await;
    }
    assert_eq!(saved, Saved::GoTo(Step::Contact));
    assert_eq!(send(ctx, session, Step::Contact, Wish::GoOn, contact).await, Saved::GoTo(Step::Check));
    match submit(ctx, CLIENT, key(ctx, session), &typed(&SIGNED), Locale::En).await.unwrap() {
        Submitted::Stored(report) => report,
        other => panic!("{other:?}"),
    }
}

/// What the job sent: mails, and letters.
#[derive(Default)]
struct Sent {
    mails: Vec<Mail>,
    letters: Vec<AddressLetter>,
}

impl Sent {
    /// By address: messages of one moment go in no order.
    fn told(&self) -> Vec<(&str, &Told)> {
        let told = self.mails.iter().map(|mail| match &mail.content {
            Content::Address { told, .. } => (mail.to.expose().as_str(), told),
            other => panic!("{other:?}"),
        });
        let mut told: Vec<_> = told.collect();
        told.sort_by_key(|(to, _)| *to);
        told
    }

    fn code(&self) -> (String, String, String) {
        let code = self.told().into_iter().find_map(|(to, told)| match told {
            Told::Code { code, token, deny } if to == EMAIL => Some((code.clone(), token.clone(), deny.clone())),
            _ => None,
        });
        code.expect("a code")
    }
}

/// Has the job do whatever is due.
async fn run_jobs(ctx: &Context) -> Sent {
    let mut sent = Sent::default();
    loop {
        let due = notification::claim(ctx, Actor::System, Means::Mail, 50).await.unwrap();
        if due.is_empty() {
            return sent;
        }
        for due in due {
            match notification::prepare(ctx, Actor::System, &due).await.unwrap() {
                Prepared::Done(outcome) => notification::settle_as(ctx, Actor::System, &due, &outcome).await.unwrap(),
                Prepared::Mail(mail) => {
                    if matches!(mail.content, Content::Address { .. }) {
                        sent.mails.push(*mail);
                    }
                    notification::settle(ctx, Actor::System, &due, Ok(())).await.unwrap();
                }
                Prepared::Letter(letter) => {
                    sent.letters.push(*letter);
                    notification::settle(ctx, Actor::System, &due, Ok(())).await.unwrap();
                }
                Prepared::Call(_) => panic!("nobody is called"),
            }
        }
    }
}

async fn street(ctx: &Context, number: &str) -> String {
    let mut connection = ctx.store.read_primary().await.unwrap();
    let case = store::case_feed::case_id(&mut connection, &receipt_number(number)).await.unwrap().unwrap();
    let addresses = rows::addresses(&mut connection, &ctx.keys, case).await.unwrap();
    addresses.mailing.map(|address| address.expose().street.clone()).unwrap_or_default()
}

async fn told_case_system(ctx: &Context) -> Vec<(CaseChangeKind, Option<String>)> {
    let mut connection = ctx.store.read_primary().await.unwrap();
    let changes = rows::case_changes(&mut connection, &ctx.keys, 0, 100).await.unwrap();
    changes.into_iter().map(|change| (change.kind, change.address.map(|address| address.expose().street.clone()))).collect()
}

async fn only_part(ctx: &Context, report: Uuid) -> PartView {
    let mut view = receipt(ctx, report).await.unwrap().expect("a receipt");
    assert_eq!(view.parts.len(), 1);
    view.parts.remove(0)
}

#[tokio::test]
async fn a_code_to_the_contact_on_file_changes_the_address_and_its_notice_takes_it_back() {
    for TestContext { ctx, test } in contexts().await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[("email", "new@example.org")]).await;
        let part = only_part(&ctx, id).await;
        assert!(matches!(part.filing.state(), ChangeState::Pending { awaits: Proof::CodeToContact, .. }));
        let sent = run_jobs(&ctx).await;
        let (code, token, _) = sent.code();
        assert_eq!(sent.mails.len(), 2, "the code, and a word to who sent it");
        assert_eq!(told_case_system(&ctx).await, [(CaseChangeKind::HoldCards, None)]);
        assert_eq!(street(&ctx, ANA).await, "1 Sample Street");

        let wrong = if code == "00000000" { "00000001" } else { "00000000" };
        assert_eq!(prove(&ctx, CLIENT, &token, wrong).await.unwrap(), Proven::Wrong);
        let spaced = format!("{} {}", &code[..4], &code[4..]);
        assert_eq!(prove(&ctx, CLIENT, &token, &spaced).await.unwrap(), Proven::Yes(id));
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Over);
        let sent = run_jobs(&ctx).await;
        assert_eq!(street(&ctx, ANA).await, "2 Teacup Ct");
        assert!(matches!(only_part(&ctx, id).await.filing.cases(), [CaseState::Updated { .. }]));
        let to = || Some("2 Teacup Ct".to_owned());
        assert_eq!(
            told_case_system(&ctx).await[1..],
            [
                (CaseChangeKind::RedirectUnmailed, to()),
                (CaseChangeKind::MailingAddress, to()),
                (CaseChangeKind::ReleaseCards, None)
            ]
        );
        let told = sent.told();
        assert_eq!(told.len(), 2);
        let Some((EMAIL, Told::Old { notice: Notice::Changed, deny: Some(deny) })) = told.first() else { panic!("{told:?}") };
        assert!(matches!(told[1], ("new@example.org", Told::New { notice: Notice::Changed, .. })));

        // The case system repeats what it has, and then takes the change over.
        test.clock.advance(TimeDelta::hours(1));
        let later = "2026-12-31T10:00:00Z";
        feed(&ctx, &[Fed { id: "c2", street: "1 SAMPLE ST", at: later, ..FED }]).await;
        assert_eq!(street(&ctx, ANA).await, "2 Teacup Ct");
        feed(&ctx, &[Fed { id: "c3", street: "2 TEACUP COURT", at: "2026-12-31T11:00:00Z", ..FED }]).await;
        // Another ZIP code is another place.
        assert!(matches!(only_part(&ctx, id).await.filing.cases(), [CaseState::Replaced { .. }]), "22150 is not 22151");

        assert!(deniable(&ctx, deny).await.unwrap());
        assert_eq!(deny_with(&ctx, deny).await, Denied::Reversed);
        assert_eq!(deny_with(&ctx, deny).await, Denied::Over);
    }
}

async fn deny_with(ctx: &Context, token: &str) -> Denied {
    deny(ctx, token).await.unwrap()
}

#[tokio::test]
async fn what_was_taken_back_goes_to_the_old_address_again_and_the_feed_does_not_undo_that() {
    for TestContext { ctx, test } in contexts().await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        let (code, token, _) = run_jobs(&ctx).await.code();
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Yes(id));
        let sent = run_jobs(&ctx).await;
        let told = sent.told();
        let [(EMAIL, Told::Old { deny: Some(token), .. })] = told.as_slice() else { panic!("{told:?}") };
        test.clock.advance(TimeDelta::hours(71));
        assert_eq!(deny(&ctx, token).await.unwrap(), Denied::Reversed);
        run_jobs(&ctx).await;
        assert_eq!(street(&ctx, ANA).await, "1 Sample Street");
        assert!(matches!(only_part(&ctx, id).await.filing.cases(), [CaseState::Reversed { .. }]));
        let last = told_case_system(&ctx).await;
        assert!(last.contains(&(CaseChangeKind::MailingAddress, Some("1 Sample Street".into()))), "{last:?}");

        // Too late is too late.
        let again = report(&ctx, 2, &[(ANA, "22150")], &[]).await;
        let (code, token, _) = run_jobs(&ctx).await.code();
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Yes(again));
        let sent = run_jobs(&ctx).await;
        let told = sent.told();
        let [(_, Told::Old { deny: Some(token), .. })] = told.as_slice() else { panic!("{told:?}") };
        test.clock.advance(TimeDelta::hours(73));
        assert_eq!(deny(&ctx, token).await.unwrap(), Denied::Over);
        assert_eq!(street(&ctx, ANA).await, "2 Teacup Ct");
    }
}

#[tokio::test]
async fn unknown_hidden_somebody_elses_and_a_slip_are_one_answer() {
    for TestContext { ctx, .. } in contexts().await {
        let other = Fed { id: "c9", number: OTHER, born: "1985-01-01", ..FED };
        feed(&ctx, &[FED, other, Fed { id: "c8", number: HIDDEN, is_hidden: true, ..FED }]).await;
        let beneficiary = Fed { id: "c7", number: "EAC9999103411", role: "beneficiary", ..FED };
        feed(&ctx, &[beneficiary]).await;
        let mut seen = Vec::new();
        for (session, (number, zip)) in
            (1..).zip([(UNKNOWN, "22150"), (HIDDEN, "22150"), (OTHER, "22150"), (ANA, "22151"), (beneficiary.number, "22150")])
        {
            up_to_cases(&ctx, session).await;
            let saved = list(&ctx, session, Wish::GoOn, &[(number, zip)]).await;
            let mut draft = draft(&ctx, key(&ctx, session)).await.unwrap().unwrap();
            let beside = found(&ctx, key(&ctx, session), &mut draft, Step::Cases).await.unwrap().unwrap();
            assert!(draft.is_refused(number) && draft.proven.is_empty());
            seen.push((saved, beside.others.len(), beside.parcels.len()));
            assert_eq!(list(&ctx, session, Wish::Anyway, &[(number, zip)]).await, Saved::GoTo(Step::Contact));
            assert_eq!(
                send(&ctx, session, Step::Contact, Wish::GoOn, &[("email", "x@example.org")]).await,
                Saved::GoTo(Step::Check)
            );
            let stored = submit(&ctx, CLIENT, key(&ctx, session), &typed(&SIGNED), Locale::Es).await.unwrap();
            let Submitted::Stored(id) = stored else { panic!("{stored:?}") };
            let part = only_part(&ctx, id).await;
            assert!(matches!(part.filing.state(), ChangeState::Recorded { .. }));
            assert_eq!(part.filing.cases(), [CaseState::CouldNot { reason: Hindrance::NotRecognised }]);
        }
        assert!(seen.iter().all(|one| one == &(Saved::GoTo(Step::Cases), 0, 0)), "{seen:?}");
        let sent = run_jobs(&ctx).await;
        assert!(
            sent.told()
                .iter()
                .all(|(to, told)| *to == "x@example.org" && matches!(told, Told::New { notice: Notice::Recorded, .. }))
        );
        assert_eq!(told_case_system(&ctx).await, []);
    }
}

#[tokio::test]
async fn tries_of_a_number_are_counted_together_with_those_of_other_forms() {
    let limits = LimitSettings { proof_failures_per_day: 2, ..LimitSettings::default() };
    for TestContext { ctx, .. } in contexts_with(limits).await {
        feed(&ctx, &[FED]).await;
        up_to_cases(&ctx, 1).await;
        assert_eq!(list(&ctx, 1, Wish::GoOn, &[(ANA, "22151")]).await, Saved::GoTo(Step::Cases));
        assert_eq!(list(&ctx, 1, Wish::GoOn, &[(ANA, "22152")]).await, Saved::GoTo(Step::Cases));
        assert!(matches!(list(&ctx, 1, Wish::GoOn, &[(ANA, "22150")]).await, Saved::TooMany(_)), "even if it is right now");
    }
}

#[tokio::test]
async fn a_case_has_so_many_changes_in_a_day_and_nothing_is_stored_of_one_more() {
    let limits = LimitSettings { follow_requests_per_day: 2, ..LimitSettings::default() };
    for TestContext { ctx, test } in contexts_with(limits).await {
        feed(&ctx, &[FED]).await;
        for session in [1, 2] {
            report(&ctx, session, &[(ANA, "22150")], &[]).await;
        }
        run_jobs(&ctx).await;
        up_to_cases(&ctx, 3).await;
        list(&ctx, 3, Wish::GoOn, &[(ANA, "22150")]).await;
        send(&ctx, 3, Step::Contact, Wish::GoOn, &[]).await;
        let sent = async || submit(&ctx, CLIENT, key(&ctx, 3), &typed(&SIGNED), Locale::En).await.unwrap();
        assert!(matches!(sent().await, Submitted::TooMany(_)), "nobody's mailbox is flooded, and nobody's cards are held for ever");
        assert!(run_jobs(&ctx).await.mails.is_empty());
        // What was typed is kept, and can be sent another day.
        test.clock.advance(TimeDelta::hours(3));
        assert!(matches!(sent().await, Submitted::TooMany(_)));
        assert_eq!(draft(&ctx, key(&ctx, 3)).await.unwrap().unwrap().form.signature, "Ana Ejemplo");
    }
}

#[tokio::test]
async fn without_a_contact_a_number_goes_to_the_old_address_and_to_no_other() {
    for TestContext { ctx, test } in contexts().await {
        feed(&ctx, &[Fed { email: None, ..FED }]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        let part = only_part(&ctx, id).await;
        assert_eq!(part.filing.reach(), OldReach::AddressOnly);
        let sent = run_jobs(&ctx).await;
        assert!(sent.mails.is_empty());
        let [letter] = sent.letters.as_slice() else { panic!("one letter") };
        assert_eq!(letter.to.expose().street, "1 Sample Street");
        let LetterTold::Pin { pin, until } = &letter.told else { panic!("{:?}", letter.told) };
        assert_eq!(Some(*until), part.until.unwrap().date_naive().pred_opt(), "the last whole day");
        assert_eq!(prove(&ctx, CLIENT, part.token.as_deref().unwrap(), pin).await.unwrap(), Proven::Yes(id));
        let sent = run_jobs(&ctx).await;
        assert_eq!(street(&ctx, ANA).await, "2 Teacup Ct");
        let [notice] = sent.letters.as_slice() else { panic!("a notice") };
        let LetterTold::Changed { number, .. } = &notice.told else { panic!("{:?}", notice.told) };
        assert_eq!(notice.to.expose().street, "1 Sample Street");

        // The address before takes it back by the number of that letter, and by no other.
        let public = take_back_by_letter(&ctx, Actor::Public, number).await;
        assert!(matches!(public, Err(Error::Refused)));
        for other in ["", pin, "000000000000"] {
            let refused = take_back_by_letter(&ctx, Actor::Operator, other).await;
            assert!(matches!(refused, Err(Error::Unusable(_))), "{other}");
        }
        test.clock.advance(TimeDelta::days(13));
        let read_out = format!("{} {}-{}", &number[..4], &number[4..8], &number[8..]);
        take_back_by_letter(&ctx, Actor::Operator, &read_out).await.unwrap();
        assert!(matches!(take_back_by_letter(&ctx, Actor::Operator, number).await, Err(Error::Unusable(_))), "once");
        let sent = run_jobs(&ctx).await;
        assert_eq!(street(&ctx, ANA).await, "1 Sample Street");
        let [notice] = sent.letters.as_slice() else { panic!("a notice") };
        assert_eq!((&notice.told, notice.to.expose().street.as_str()), (&LetterTold::Notice(Notice::Reversed), "1 Sample Street"));
    }
}

#[tokio::test]
async fn a_letter_takes_nothing_back_after_two_weeks_or_of_a_case_that_was_hidden() {
    let without = Fed { email: None, ..FED };
    for is_hidden in [false, true] {
        for TestContext { ctx, test } in contexts().await {
            feed(&ctx, &[without]).await;
            let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
            let token = only_part(&ctx, id).await.token.unwrap();
            let sent = run_jobs(&ctx).await;
            let LetterTold::Pin { pin, .. } = &sent.letters[0].told else { panic!("{:?}", sent.letters) };
            assert_eq!(prove(&ctx, CLIENT, &token, pin).await.unwrap(), Proven::Yes(id));
            let sent = run_jobs(&ctx).await;
            let LetterTold::Changed { number, .. } = &sent.letters[0].told else { panic!("{:?}", sent.letters) };
            if is_hidden {
                feed(&ctx, &[Fed { id: "c2", is_hidden: true, at: "2026-12-30T15:00:00Z", ..without }]).await;
            } else {
                test.clock.advance(TimeDelta::days(14));
            }
            let refused = take_back_by_letter(&ctx, Actor::Operator, number).await;
            assert!(matches!(refused, Err(Error::Unusable(_))), "hidden: {is_hidden}");
            assert_eq!(street(&ctx, ANA).await, "2 Teacup Ct");
        }
    }
}

#[tokio::test]
async fn who_cannot_read_the_mailbox_gets_a_letter_or_an_agent_and_the_code_is_void() {
    for TestContext { ctx, .. } in contexts().await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        let (code, token, _) = run_jobs(&ctx).await.code();
        let change = only_part(&ctx, id).await.id;
        assert_eq!(ask_otherwise(&ctx, Uuid::nil(), change, Proof::PinToOldAddress).await.unwrap(), Asked::Over);
        assert_eq!(ask_otherwise(&ctx, id, change, Proof::PinToOldAddress).await.unwrap(), Asked::Done);
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Wrong);
        assert_eq!(run_jobs(&ctx).await.letters.len(), 1);
        assert_eq!(ask_otherwise(&ctx, id, change, Proof::CodeToContact).await.unwrap(), Asked::Over, "never back");
        assert_eq!(ask_otherwise(&ctx, id, change, Proof::AgentsCheck).await.unwrap(), Asked::Done);
        run_jobs(&ctx).await;
        assert_eq!(agent_requests(&ctx).await, 1);
    }
}

async fn agent_requests(ctx: &Context) -> usize {
    let mut connection = ctx.store.read_primary().await.unwrap();
    let case = store::case_feed::case_id(&mut connection, &receipt_number(ANA)).await.unwrap().unwrap();
    let mut found = 0;
    for id in store::service_request::of_case(&mut connection, case).await.unwrap() {
        let request = store::service_request::find(&mut connection, id).await.unwrap().unwrap();
        found += usize::from(request.kind == RequestKind::ChangeOfAddress);
    }
    found
}

#[tokio::test]
async fn nothing_goes_to_an_old_address_that_is_not_safe_and_an_agent_decides() {
    for TestContext { ctx, .. } in contexts().await {
        feed(&ctx, &[FED]).await;
        let contact = [("email", "new@example.org"), ("old_address_unsafe", "yes")];
        let id = report(&ctx, 1, &[(ANA, "22150")], &contact).await;
        let sent = run_jobs(&ctx).await;
        assert!(sent.letters.is_empty() && sent.told().iter().all(|(to, _)| *to == "new@example.org"), "{:?}", sent.told());
        assert_eq!(agent_requests(&ctx).await, 1);
        let number = receipt(&ctx, id).await.unwrap().unwrap().number.grouped();
        let by_public = agent_decides(&ctx, Actor::Public, &number, Check::Proven).await;
        assert!(matches!(by_public, Err(Error::Refused)));
        assert_eq!(agent_decides(&ctx, Actor::Operator, &number, Check::Proven).await.unwrap(), 1);
        assert_eq!(only_part(&ctx, id).await.until, None, "nobody is said to be able to take it back");
        let again = agent_decides(&ctx, Actor::Operator, &number, Check::NotProven).await;
        assert!(matches!(again, Err(Error::Unusable(_))));
        let sent = run_jobs(&ctx).await;
        assert_eq!(street(&ctx, ANA).await, "2 Teacup Ct");
        assert!(sent.letters.is_empty() && sent.told().iter().all(|(to, _)| *to == "new@example.org"), "{:?}", sent.told());
    }
}

#[tokio::test]
async fn after_five_wrong_codes_only_an_agent_can_help() {
    for TestContext { ctx, .. } in contexts().await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        let (code, token, _) = run_jobs(&ctx).await.code();
        let wrong = code.strip_prefix('0').map_or_else(|| format!("0{}", &code[1..]), |rest| format!("1{rest}"));
        for _ in 0..4 {
            assert_eq!(prove(&ctx, CLIENT, &token, &wrong).await.unwrap(), Proven::Wrong);
        }
        assert_eq!(prove(&ctx, CLIENT, &token, &wrong).await.unwrap(), Proven::Over);
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Over, "even the right one");
        run_jobs(&ctx).await;
        assert!(matches!(only_part(&ctx, id).await.filing.state(), ChangeState::Pending { awaits: Proof::AgentsCheck, .. }));
        assert_eq!((agent_requests(&ctx).await, street(&ctx, ANA).await.as_str()), (1, "1 Sample Street"));
    }
}

#[tokio::test]
async fn a_code_is_good_for_a_day_and_the_cards_are_let_go_then() {
    for TestContext { ctx, test } in contexts().await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        let (code, token, _) = run_jobs(&ctx).await.code();
        test.clock.advance(TimeDelta::hours(24));
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Over);
        crate::upkeep::sweep(&ctx, Actor::System).await.unwrap();
        assert!(matches!(only_part(&ctx, id).await.filing.state(), ChangeState::Expired { .. }));
        let sent = run_jobs(&ctx).await;
        assert!(
            matches!(sent.told().as_slice(), [(EMAIL, Told::Old { notice: Notice::NotChanged, deny: None })]),
            "{:?}",
            sent.told()
        );
        let kinds: Vec<CaseChangeKind> = told_case_system(&ctx).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [CaseChangeKind::HoldCards, CaseChangeKind::ReleaseCards]);
    }
}

#[tokio::test]
async fn the_old_contact_can_refuse_what_waits_and_the_sender_can_take_it_back() {
    for TestContext { ctx, .. } in contexts().await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        let (code, token, not_me) = run_jobs(&ctx).await.code();
        assert_eq!(deny(&ctx, &not_me).await.unwrap(), Denied::Refused);
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Over);
        let refused = |reason| move |state: ChangeState| matches!(state, ChangeState::Refused { reason: why, .. } if why == reason);
        assert!(refused(Refusal::NotTheirs)(only_part(&ctx, id).await.filing.state()));
        let second = report(&ctx, 2, &[(ANA, "22150")], &[]).await;
        let change = only_part(&ctx, second).await.id;
        assert_eq!(withdraw(&ctx, id, change).await.unwrap(), Asked::Over, "not by who was shown another report");
        assert_eq!(withdraw(&ctx, second, change).await.unwrap(), Asked::Done);
        assert!(refused(Refusal::Withdrawn)(only_part(&ctx, second).await.filing.state()));
        for token in ["", "x", &token] {
            assert_eq!(deny(&ctx, token).await.unwrap(), Denied::Over, "a link for another purpose");
        }
    }
}

#[tokio::test]
async fn other_cases_of_the_same_role_are_offered_after_one_was_proven_and_only_if_they_are_shown() {
    for TestContext { ctx, .. } in contexts().await {
        let second = Fed { id: "c2", number: OTHER, email: Some("old@example.org"), ..FED };
        let hidden = Fed { id: "c3", number: HIDDEN, is_hidden: true, ..FED };
        let petitioner = Fed { id: "c4", number: "EAC9999103412", role: "petitioner", ..FED };
        feed(&ctx, &[FED, second, hidden, petitioner]).await;
        up_to_cases(&ctx, 1).await;
        assert_eq!(list(&ctx, 1, Wish::GoOn, &[(ANA, "22150")]).await, Saved::GoTo(Step::Cases));
        let mut written = draft(&ctx, key(&ctx, 1)).await.unwrap().unwrap();
        let beside = found(&ctx, key(&ctx, 1), &mut written, Step::Cases).await.unwrap().unwrap();
        assert!(beside.asks_for_others);
        let [offered] = beside.others.as_slice() else { panic!("{:?}", beside.others) };
        assert_eq!((offered.last_four.as_str(), offered.form.as_str()), ("3410", "I-765"));
        let name = format!("other_{}", offered.name);
        let chosen = [(name.as_str(), "yes"), ("other_0000000000000000", "yes")];
        assert_eq!(send(&ctx, 1, Step::Cases, Wish::Others, &chosen).await, Saved::GoTo(Step::Contact));
        assert_eq!(send(&ctx, 1, Step::Contact, Wish::GoOn, &[]).await, Saved::GoTo(Step::Check));
        let stored = submit(&ctx, CLIENT, key(&ctx, 1), &typed(&SIGNED), Locale::En).await.unwrap();
        let Submitted::Stored(id) = stored else { panic!("{stored:?}") };
        // Their contacts differ: a code to one proves nothing for the other.
        let view = receipt(&ctx, id).await.unwrap().unwrap();
        assert_eq!(view.parts.len(), 2);
        let sent = run_jobs(&ctx).await;
        let (code, _, _) = sent.code();
        let token = |part: &PartView| part.token.clone().unwrap();
        assert_eq!(prove(&ctx, CLIENT, &token(&view.parts[1]), &code).await.unwrap(), Proven::Wrong);
        assert_eq!(prove(&ctx, CLIENT, &token(&view.parts[0]), &code).await.unwrap(), Proven::Yes(id));
        run_jobs(&ctx).await;
        assert_eq!((street(&ctx, ANA).await.as_str(), street(&ctx, OTHER).await.as_str()), ("2 Teacup Ct", "1 Sample Street"));
    }
}

/// The case's card is mailed.
fn card_mailed(id: &str, at: &str) -> String {
    let parameters =
        r#","parameters":{"document":"employment_authorization_document","tracking_number":"9205599999999900000121"}}"#;
    Fed { id, at, ..FED }
        .line()
        .replace(r#""action":{"code":"IAA""#, r#""action":{"code":"LDA""#)
        .replace(&format!(r#""at":"{at}"}}"#), &format!(r#""at":"{at}"{parameters}"#))
}

#[tokio::test]
async fn mail_on_its_way_to_the_old_address_is_shown_and_none_that_goes_elsewhere() {
    for TestContext { ctx, test } in contexts().await {
        feed(&ctx, &[FED]).await;
        import_lines(&ctx, &[card_mailed("c2", "2026-01-09T15:00:00Z")]).await;
        let shown = async |id| only_part(&ctx, id).await.lines.iter().map(|line| line.parcels.len()).sum::<usize>();
        let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        assert_eq!(shown(id).await, 1);
        let (code, token, _) = run_jobs(&ctx).await.code();
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Yes(id));
        let sent = run_jobs(&ctx).await;
        assert_eq!(shown(id).await, 1, "it was mailed before");
        let told = sent.told();
        let [(EMAIL, Told::Old { deny: Some(token), .. })] = told.as_slice() else { panic!("{told:?}") };
        assert_eq!(deny(&ctx, token).await.unwrap(), Denied::Reversed);
        run_jobs(&ctx).await;
        assert_eq!(shown(id).await, 0, "it goes where the person is");

        let id = report(&ctx, 2, &[(ANA, "22150")], &[]).await;
        let (code, token, _) = run_jobs(&ctx).await.code();
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Yes(id));
        run_jobs(&ctx).await;
        test.clock.advance(TimeDelta::days(3));
        let other = card_mailed("c3", &ctx.now().format("%Y-%m-%dT%H:%M:%SZ").to_string());
        import_lines(&ctx, &[other.replace("00000121", "00000138")]).await;
        let case = look_up(&ctx).await;
        assert_eq!((case, shown(id).await), (2, 1), "the second one goes to the new address");
    }
}

/// Pieces of mail of the case that are on their way.
async fn look_up(ctx: &Context) -> usize {
    let channel = shared::protection::Channel::Public;
    let number = receipt_number(ANA);
    let status = crate::case_status::look_up_in_primary(ctx, Actor::Public, channel, &number).await.unwrap().unwrap();
    save::parcels(ctx, &number, &status).len()
}

#[tokio::test]
async fn a_form_that_is_sent_twice_or_at_once_is_one_report() {
    for TestContext { ctx, .. } in contexts().await {
        feed(&ctx, &[FED]).await;
        up_to_cases(&ctx, 1).await;
        list(&ctx, 1, Wish::GoOn, &[(ANA, "22150")]).await;
        send(&ctx, 1, Step::Contact, Wish::GoOn, &[]).await;
        let signed = typed(&SIGNED);
        let once = || submit(&ctx, CLIENT, key(&ctx, 1), &signed, Locale::En);
        let (one, two) = tokio::join!(once(), once());
        let (one, two, three) = (one.unwrap(), two.unwrap(), once().await.unwrap());
        assert!(matches!(one, Submitted::Stored(_)), "{one:?}");
        assert!(one == two && two == three, "{one:?} {two:?} {three:?}");
        assert_eq!(run_jobs(&ctx).await.mails.len(), 1, "one code");
        let mut connection = ctx.store.read_primary().await.unwrap();
        let filed = store::audit::by_action(&mut connection, "address_change.file").await.unwrap();
        assert_eq!(filed.len(), 1);
        assert!(!filed[0].detail.contains("Ana"), "{}", filed[0].detail);
    }
}

#[tokio::test]
async fn a_job_that_was_killed_goes_on_where_it_stood() {
    for TestContext { ctx, .. } in contexts().await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        let (code, token, _) = run_jobs(&ctx).await.code();
        let request = open_request(&ctx).await;
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Yes(id));
        let change = only_part(&ctx, id).await.id;
        // Killed after each step, and begun anew.
        let mut rounds = 0;
        while effects::work_once(&ctx, change).await.unwrap() {
            rounds += 1;
        }
        assert_eq!(rounds, 7);
        let told = told_case_system(&ctx).await;
        work(&ctx, change).await.unwrap();
        assert_eq!(told_case_system(&ctx).await, told, "nothing is done twice");
        let mut connection = ctx.store.read_primary().await.unwrap();
        let events = store::service_request::events(&mut connection, request).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.event.contains("address_changed")).count(), 1);
    }
}

/// A request about the case that is under way.
async fn open_request(ctx: &Context) -> Uuid {
    let mut transaction = ctx.store.begin().await.unwrap();
    let case = store::case_feed::case_id(&mut transaction, &receipt_number(ANA)).await.unwrap().unwrap();
    let filing = crate::service_request::Filing {
        submission: ctx.clock.new_id(),
        case,
        kind: RequestKind::Expedite,
        follows: None,
        source: shared::service_request::Source::Telephone,
        locale: Locale::En,
        answers: shared::e_request::Answers::default(),
        target: shared::service_request::Target::THIRTY_DAYS,
        received_at: ctx.now(),
    };
    let filed = crate::service_request::file(ctx, &mut transaction, Actor::System, &filing).await.unwrap();
    let crate::service_request::Filed::Stored(id) = filed else { panic!("overtaken") };
    transaction.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_case_that_becomes_hidden_stops_answering_everywhere() {
    for TestContext { ctx, .. } in contexts().await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[("email", "new@example.org")]).await;
        let sent = run_jobs(&ctx).await;
        let (code, token, not_me) = sent.code();
        let number = receipt(&ctx, id).await.unwrap().unwrap().number.grouped();
        let change = only_part(&ctx, id).await.id;
        up_to_cases(&ctx, 2).await;
        list(&ctx, 2, Wish::GoOn, &[(ANA, "22150")]).await;
        feed(&ctx, &[Fed { id: "c2", is_hidden: true, at: "2026-01-09T15:00:00Z", ..FED }]).await;
        assert_eq!(prove(&ctx, CLIENT, &token, &code).await.unwrap(), Proven::Over);
        assert!(!deniable(&ctx, &not_me).await.unwrap());
        assert_eq!(deny(&ctx, &not_me).await.unwrap(), Denied::Over, "not by a form that was opened before, either");
        assert_eq!(withdraw(&ctx, id, change).await.unwrap(), Asked::Over);
        assert_eq!(ask_otherwise(&ctx, id, change, Proof::AgentsCheck).await.unwrap(), Asked::Over);
        assert!(receipt(&ctx, id).await.unwrap().is_none());
        assert!(matches!(follow(&ctx, &number, "", "1990").await, FollowUp::Kept(_)));
        let mut written = draft(&ctx, key(&ctx, 2)).await.unwrap().unwrap();
        assert!(found(&ctx, key(&ctx, 2), &mut written, Step::Contact).await.unwrap().is_none());
        assert!(written.is_refused(ANA), "as if it had never agreed");
        assert_eq!(street(&ctx, ANA).await, "1 Sample Street");
    }
}

async fn follow(ctx: &Context, number: &str, link: &str, year: &str) -> FollowUp {
    let born = shared::typed::TypedDay { month: "2".into(), day: "3".into(), year: year.into() };
    follow_up(ctx, CLIENT, &Question { number: number.into(), link: link.into(), born }).await.unwrap()
}

#[tokio::test]
async fn a_receipt_is_found_by_its_number_or_a_link_and_the_date_of_birth() {
    let limits = LimitSettings { proof_failures_per_day: 2, ..LimitSettings::default() };
    for TestContext { ctx, .. } in contexts_with(limits).await {
        feed(&ctx, &[FED]).await;
        let id = report(&ctx, 1, &[(ANA, "22150")], &[("email", "new@example.org")]).await;
        let sent = run_jobs(&ctx).await;
        let link = sent.told().into_iter().find_map(|(_, told)| match told {
            Told::New { token, .. } => Some(token.clone()),
            _ => None,
        });
        let (number, link) = (receipt(&ctx, id).await.unwrap().unwrap().number.grouped(), link.unwrap());
        for shown in [follow(&ctx, &number, "", "1990").await, follow(&ctx, "", &link, "1990").await] {
            assert!(matches!(shown, FollowUp::Shown(shown) if shown == id), "{shown:?}");
        }
        let FollowUp::Kept(kept) = follow(&ctx, &number, "", "1991").await else { panic!("another date of birth") };
        let (question, problems) = kept_question(&ctx, kept).await.unwrap();
        assert_eq!((question.number, problems), (number.clone(), vec![QuestionProblem::NotRecognised]));
        let FollowUp::Kept(kept) = follow(&ctx, "", "", "").await else { panic!("nothing was typed") };
        let problems = kept_question(&ctx, kept).await.unwrap().1;
        assert_eq!(problems, [QuestionProblem::NumberMissing, QuestionProblem::BirthDateWrong]);
        assert!(matches!(follow(&ctx, &number, "", "1992").await, FollowUp::Kept(_)));
        assert!(matches!(follow(&ctx, &number, "", "1990").await, FollowUp::TooMany(_)), "dates are not to be guessed");
    }
}

#[tokio::test]
async fn a_page_is_sent_with_its_mistakes_and_none_is_passed() {
    for TestContext { ctx, .. } in contexts().await {
        assert_eq!(send(&ctx, 1, Step::Person, Wish::GoOn, &[]).await, Saved::NoDraft);
        begin(&ctx, key(&ctx, 1), Some(&receipt_number(ANA))).await.unwrap();
        assert_eq!(send(&ctx, 1, Step::Contact, Wish::GoOn, &[]).await, Saved::GoTo(Step::Person), "nobody comes past a page");
        assert_eq!(send(&ctx, 1, Step::Person, Wish::GoOn, &[("family_name", "Ejemplo")]).await, Saved::GoTo(Step::Person));
        let written = draft(&ctx, key(&ctx, 1)).await.unwrap().unwrap();
        assert_eq!(written.form.family_name, "Ejemplo");
        assert_eq!(written.form.cases[0].receipt_number, ANA, "not asked again");
        assert!(!written.problems(&ctx, Step::Person).is_empty() && written.problems(&ctx, Step::Move).is_empty());
        assert_eq!(submit(&ctx, CLIENT, key(&ctx, 1), &typed(&SIGNED), Locale::En).await.unwrap(), Submitted::GoTo(Step::Person));
        forget(&ctx, key(&ctx, 1)).await.unwrap();
        assert!(draft(&ctx, key(&ctx, 1)).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn the_carriers_writing_is_taken_only_if_the_person_agrees() {
    for TestContext { ctx, .. } in contexts().await {
        let street = [("new_street", "2 teacup court"), NEW[1], NEW[2], NEW[3]];
        for (session, wish, written) in [(1, Wish::Standard, "2 TEACUP CT"), (2, Wish::Mine, "2 teacup court")] {
            begin(&ctx, key(&ctx, session), None).await.unwrap();
            send(&ctx, session, Step::Person, Wish::GoOn, &PERSON).await;
            send(&ctx, session, Step::Move, Wish::GoOn, &MOVED).await;
            assert_eq!(send(&ctx, session, Step::NewAddress, Wish::GoOn, &street).await, Saved::GoTo(Step::NewAddress));
            assert_eq!(send(&ctx, session, Step::NewAddress, wish, &[]).await, Saved::GoTo(Step::OldAddress));
            assert_eq!(draft(&ctx, key(&ctx, session)).await.unwrap().unwrap().form.new.street, written);
        }
    }
}

#[tokio::test]
async fn the_case_system_reads_changes_in_their_order_and_nobody_else_does() {
    for TestContext { ctx, .. } in contexts().await {
        feed(&ctx, &[FED]).await;
        report(&ctx, 1, &[(ANA, "22150")], &[]).await;
        let (code, token, _) = run_jobs(&ctx).await.code();
        prove(&ctx, CLIENT, &token, &code).await.unwrap();
        run_jobs(&ctx).await;
        let client = Actor::ApiClient { id: Uuid::nil(), scope: shared::api_client::Scope::CaseFeed };
        for actor in [Actor::Public, Actor::Operator, Actor::System] {
            assert!(matches!(case_changes(&ctx, actor, 0).await, Err(Error::Refused)));
        }
        let page = case_changes(&ctx, client, 0).await.unwrap();
        let positions: Vec<i64> = page.changes.iter().map(|change| change.position).collect();
        assert!(positions.is_sorted() && positions.len() == 4, "{positions:?}");
        let rest = case_changes(&ctx, client, page.next).await.unwrap();
        assert_eq!((rest.changes.len(), rest.next), (0, page.next));
        assert_eq!(case_changes(&ctx, client, positions[1]).await.unwrap().changes.len(), 2);
    }
}
