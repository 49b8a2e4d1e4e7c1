//! The accounting of a person and of a recipient, what is recorded by hand, and telling past recipients, on both engines.

use chrono::TimeDelta;
use shared::disclosure::{Confirmed, Exception, NoticeState, OtherRecipient, Way};
use shared::ident::CorrectionConfirmed;
use shared::partner_query::LongLine;
use shared::profile::{Change, Fact, FactKind};
use store::testing::meddle;

use super::*;
use crate::disclosure::{
    AccountingFormat, AccountingReason, Disputed, GivenOut, NoticeView, PersonAccounting, PersonRead, Recorded, Taken, TellOutcome,
    Telling, To, close as close_other, confirm, dispute, export_person, export_recipient, notices, of_person, of_recipient, record,
    tell, to_record, trace,
};
use crate::profile::{decide as decide_correction, propose};

const PRIVACY: u128 = 6;

/// Somebody who showed a second factor just now, and has the profile open.
async fn privacy(desk: &Desk) -> Officer {
    let until = desk.ctx.now() + TimeDelta::minutes(5);
    let officer = officer(&desk.ctx, PRIVACY, Role::PrivacyOfficer).stepped_up_until(Some(until));
    crate::profile::open(&desk.ctx, &officer, desk.profile, ReadPurpose::Redress).await.unwrap();
    officer
}

fn long(text: &str) -> LongLine {
    LongLine::parse(text).unwrap()
}

fn telling(exception: Exception) -> Telling {
    Telling {
        nature: long("Copy of a record"),
        record: long("Form I-485"),
        elements: BTreeSet::from([Element::BirthDate]),
        told: None,
        documents: Some(long("The form, four pages")),
        purpose: long("A benefit of the State"),
        exception,
        citation: ShortLine::parse("DHS/USCIS-007, H").ok(),
        recipient: OtherRecipient {
            organization: ShortLine::parse("Department of Example").unwrap(),
            name: Some(Sensitive::new(ShortLine::parse("Oscar Clerk").unwrap())),
            address: Sensitive::new(ShortLine::parse("2 Example Street").unwrap()),
        },
        way: Way::Mail,
        notice: None,
    }
}

/// In boxes, as desks are.
fn recorded(desk: &Desk, exception: Exception) -> LocalBoxFuture<'_, Uuid> {
    Box::pin(async move {
        // No two disclosures are of one instant.
        desk.ctx.clock.advance(TimeDelta::seconds(1));
        let Recorded::Done(id) = record(&desk.ctx, &privacy(desk).await, desk.profile, telling(exception)).await.unwrap() else {
            panic!("it is not recorded")
        };
        id
    })
}

fn accounting(desk: &Desk) -> LocalBoxFuture<'_, PersonAccounting> {
    Box::pin(async move {
        match of_person(&desk.ctx, &privacy(desk).await, desk.profile, None).await.unwrap() {
            PersonRead::Accounting(accounting) => *accounting,
            other => panic!("{other:?}"),
        }
    })
}

/// What is given out, as JSON.
fn given(desk: &Desk, reason: AccountingReason) -> LocalBoxFuture<'_, serde_json::Value> {
    Box::pin(async move {
        let wish = (reason, AccountingFormat::Json);
        let taken = export_person(&desk.ctx, &privacy(desk).await, desk.profile, None, wish).await.unwrap();
        let Taken::File(file) = taken else { panic!("{taken:?}") };
        let GivenOut::Json(json) = &file.given_out else { panic!("no JSON") };
        serde_json::from_slice(json).unwrap()
    })
}

/// A privacy officer and another set the birth date right.
fn corrects_the_birth_date(desk: &Desk) -> LocalBoxFuture<'_, ()> {
    Box::pin(async move {
        let ctx = &desk.ctx;
        let wrong = {
            let mut connection = ctx.store.read_primary().await.unwrap();
            let facts = store::profile::facts(&mut connection, &ctx.keys, desk.profile).await.unwrap();
            facts.into_iter().find(|known| known.fact.kind() == FactKind::BirthDate && known.ended_at.is_none()).unwrap().id
        };
        let right = Fact::parse(FactKind::BirthDate, &["1990-02-04"], ctx.today()).unwrap();
        for change in [Change::Add(right), Change::End(wrong)] {
            let proposed = propose(ctx, &privacy(desk).await, desk.profile, &change, "The passport says so.").await.unwrap();
            let crate::profile::Proposed::Waits(id) = proposed else { panic!("{proposed:?}") };
            let other = officer(ctx, 7, Role::IctsReviewer);
            let decided = decide_correction(ctx, &other, desk.profile, id, true).await.unwrap();
            assert_eq!(decided, crate::profile::Decided::Done);
        }
    })
}

fn open_notices(desk: &Desk) -> LocalBoxFuture<'_, Vec<NoticeView>> {
    Box::pin(async move { notices(&desk.ctx, &privacy(desk).await).await.unwrap().open })
}

async fn correction(desk: &Desk, cis: &CisAnswer) -> CorrectionChecked {
    desk.ctx.clock.advance(TimeDelta::seconds(1));
    let due = next_correction(&desk.ctx, Actor::System).await.unwrap().expect("a correction is due");
    authorize_correction(&desk.ctx, Actor::System, &due, cis).await.unwrap()
}

#[tokio::test]
async fn a_persons_accounting_reads_both_databases_and_as_of_a_day() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        let yesterday = ctx.today();
        ctx.clock.advance(TimeDelta::days(1));
        let id = recorded(&desk, Exception::RoutineUse).await;
        let read = accounting(&desk).await;
        assert_eq!((read.lines.len(), read.a_numbers.as_slice()), (2, ["A900000001".to_owned()].as_slice()));
        assert_eq!((read.lines[1].entry.id(), read.lines[1].outcome), (id, None), "nobody has said whether it left");
        assert!(read.lines[0].outcome.is_some());
        let PersonRead::Accounting(before) = of_person(ctx, &privacy(&desk).await, desk.profile, Some(yesterday)).await.unwrap()
        else {
            panic!("there is an accounting")
        };
        assert_eq!(before.lines, read.lines[..1], "as it stood then");

        let closed = officer(ctx, 8, Role::PrivacyOfficer);
        assert!(matches!(of_person(ctx, &closed, desk.profile, None).await.unwrap(), PersonRead::NotOpen));
        assert!(matches!(of_person(ctx, &closed, Uuid::nil(), None).await.unwrap(), PersonRead::Nobody));
        assert!(of_person(ctx, &raio(ctx), desk.profile, None).await.is_err());
    }
}

#[tokio::test]
async fn the_persons_copy_leaves_out_what_stays_in_the_agency() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        recorded(&desk, Exception::LawEnforcement).await;
        let shown = recorded(&desk, Exception::RoutineUse).await;
        let refused = recorded(&desk, Exception::RoutineUse).await;
        assert!(close_other(ctx, &privacy(&desk).await, refused, Told::Refused).await.unwrap());
        assert!(!close_other(ctx, &privacy(&desk).await, refused, Told::Sent).await.unwrap(), "it was said before");
        let theirs = given(&desk, AccountingReason::ThePerson).await;
        let all = given(&desk, AccountingReason::Oversight).await;
        assert_eq!(theirs["disclosures"].as_array().unwrap().len(), 2);
        assert_eq!(theirs["disclosures"][1]["id"], shown.to_string());
        assert_eq!(all["disclosures"].as_array().unwrap().len(), 4);
        let (theirs, all) = (theirs.to_string(), all.to_string());
        for inside in ["R. Maple", "Oscar Clerk", "CA-2026-0000001"] {
            assert!(all.contains(inside) && !theirs.contains(inside), "{inside}");
        }
        assert!(theirs.contains("Visa Office") && theirs.contains("Department of Example") && theirs.contains("2 Example Street"));
        assert!(!theirs.contains(&Uuid::from_u128(PRIVACY).to_string()) && !all.contains(&Uuid::from_u128(PRIVACY).to_string()));

        for format in [AccountingFormat::Pdf, AccountingFormat::Csv] {
            let wish = (AccountingReason::ThePerson, format);
            let taken = export_person(ctx, &privacy(&desk).await, desk.profile, None, wish).await.unwrap();
            assert!(matches!(taken, Taken::File(_)), "{format:?}");
        }
        let stale = officer(ctx, PRIVACY, Role::PrivacyOfficer);
        let wish = (AccountingReason::ThePerson, AccountingFormat::Json);
        assert!(matches!(export_person(ctx, &stale, desk.profile, None, wish).await, Err(crate::Error::StepUp)));
    }
}

#[tokio::test]
async fn a_recipients_accounting_goes_by_pages_and_by_days() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        for number in 0..53 {
            ctx.clock.advance(TimeDelta::seconds(1));
            recorded(&desk, if number == 0 { Exception::Court } else { Exception::RoutineUse }).await;
        }
        let days = (ctx.today(), ctx.today());
        let officer = privacy(&desk).await;
        let first = of_recipient(ctx, &officer, To::Others, days, None).await.unwrap();
        let rest = of_recipient(ctx, &officer, To::Others, days, first.next).await.unwrap();
        assert_eq!((first.lines.len(), rest.lines.len(), rest.next), (50, 3, None));
        let ids: BTreeSet<Uuid> = first.lines.iter().chain(&rest.lines).map(|line| line.entry.id()).collect();
        assert_eq!(ids.len(), 53, "each once");
        let before = (ctx.today().pred_opt().unwrap(), ctx.today().pred_opt().unwrap());
        assert!(of_recipient(ctx, &officer, To::Others, before, None).await.unwrap().lines.is_empty());
        let partner = of_recipient(ctx, &officer, To::Partner(Partner::Canada), days, None).await.unwrap();
        assert!(partner.lines.is_empty());
        let wish = (AccountingReason::Oversight, AccountingFormat::Csv);
        let Taken::File(file) = export_recipient(ctx, &officer, To::Others, days, wish).await.unwrap() else { panic!("no file") };
        let GivenOut::Table(table) = &file.given_out else { panic!("no table") };
        assert_eq!(table.sheet.rows.len(), 53);
        let theirs = (AccountingReason::ThePerson, AccountingFormat::Csv);
        assert!(export_recipient(ctx, &officer, To::Others, days, theirs).await.is_err(), "it is about many");
    }
}

#[tokio::test]
async fn what_is_recorded_says_what_and_on_which_ground() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let officer = privacy(&desk).await;
        let silent = Telling { elements: BTreeSet::new(), documents: None, ..telling(Exception::RoutineUse) };
        assert_eq!(record(ctx, &officer, desk.profile, silent).await.unwrap(), Recorded::SaysNothing);
        let groundless = Telling { citation: None, ..telling(Exception::RoutineUse) };
        assert_eq!(record(ctx, &officer, desk.profile, groundless).await.unwrap(), Recorded::NoCitation);
        let nobody = record(ctx, &officer, Uuid::nil(), telling(Exception::Congress)).await.unwrap();
        assert_eq!(nobody, Recorded::Nobody);
        assert!(record(ctx, &raio(ctx), desk.profile, telling(Exception::Congress)).await.is_err());
        assert!(accounting(&desk).await.lines.is_empty());
    }
}

#[tokio::test]
async fn a_correction_is_told_to_who_was_told_what_it_sets_right_and_their_word_is_kept() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let answer = desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        assert!(answer.elements.expose().contains_key(&Element::BirthDate));
        corrects_the_birth_date(&desk).await;
        // Added and ended: two corrections, and both are told.
        assert_eq!(trace(&desk.main.ctx, Actor::System).await.unwrap(), 0, "a process without partner data settles nothing");
        assert_eq!(trace(ctx, Actor::System).await.unwrap(), 2);
        ctx.clock.advance(TimeDelta::minutes(11));
        assert_eq!(trace(ctx, Actor::System).await.unwrap(), 0, "looked up again, and nobody else was told");
        let open = open_notices(&desk).await;
        assert_eq!(open.len(), 2);
        assert!(
            open.iter().all(|one| one.notice.elements == BTreeSet::from([Element::BirthDate]) && one.recipient.contains("Canada"))
        );
        assert!(next_correction(ctx, Actor::System).await.unwrap().is_none(), "nobody had it told");

        let id = open[0].notice.id;
        let stale = officer(ctx, PRIVACY, Role::PrivacyOfficer);
        assert!(matches!(tell(ctx, &stale, id).await, Err(crate::Error::StepUp)));
        assert_eq!(tell(ctx, &privacy(&desk).await, id).await.unwrap(), TellOutcome::OnItsWay);
        assert_eq!(tell(ctx, &privacy(&desk).await, id).await.unwrap(), TellOutcome::NotNow, "it is on its way");
        let before = accounting(&desk).await.lines.len();
        let CorrectionChecked::Send(outgoing) = correction(&desk, &FREE).await else { panic!("it may leave") };
        let lines = accounting(&desk).await.lines;
        assert_eq!((lines.len(), lines[before].outcome), (before + 1, None), "before the first byte");
        assert_eq!(outgoing.values.expose()[&Element::BirthDate], "1990-02-04");
        assert_eq!(outgoing.transaction_number.as_str(), "CA-2026-0000001");
        assert!(next_correction(ctx, Actor::System).await.unwrap().is_none(), "nobody else sends it");
        correction_sent(ctx, Actor::System, &outgoing, Outcome::Sent).await.unwrap();
        let theirs = given(&desk, AccountingReason::ThePerson).await;
        assert_eq!(theirs["disclosures"][before]["correction_of"], lines[0].entry.id().to_string());

        assert!(!confirm(ctx, &privacy(&desk).await, id, Confirmed::Corrected, ctx.today().pred_opt().unwrap()).await.unwrap());
        ctx.clock.advance(TimeDelta::days(31));
        let late: Vec<bool> = open_notices(&desk).await.into_iter().map(|one| one.is_overdue).collect();
        assert_eq!(late, [true, false], "told, and not confirmed; the other was not told");
        let confirmed = CorrectionConfirmed { correction: id, outcome: Confirmed::NoteToFile, confirmed_at: ctx.now() };
        assert_eq!(desk.hears(vec![Incoming::CorrectionConfirmed(confirmed)]).await, 1);
        let view = notices(ctx, &privacy(&desk).await).await.unwrap();
        assert_eq!((view.open.len(), view.confirmed.len()), (1, 1));
        assert_eq!(view.confirmed[0].notice.confirmed.unwrap().outcome, Confirmed::NoteToFile);
        assert!(!confirm(ctx, &privacy(&desk).await, id, Confirmed::Corrected, ctx.today()).await.unwrap(), "the first counts");
    }
}

#[tokio::test]
async fn nothing_is_told_of_somebody_who_is_protected_meanwhile() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        corrects_the_birth_date(&desk).await;
        trace(ctx, Actor::System).await.unwrap();
        let id = open_notices(&desk).await[0].notice.id;
        let told = accounting(&desk).await.lines.len();
        for (cis, state) in [(CisAnswer::Protected, NoticeState::Withheld), (CisAnswer::Failed, NoticeState::Held)] {
            assert_eq!(tell(ctx, &privacy(&desk).await, id).await.unwrap(), TellOutcome::OnItsWay);
            assert!(!matches!(correction(&desk, &cis).await, CorrectionChecked::Send(_)), "{cis:?}");
            assert_eq!(open_notices(&desk).await[0].notice.state, state);
            assert_eq!(accounting(&desk).await.lines.len(), told, "nothing is told, and nothing accounted for");
        }
        feed(ctx, "e2", PROTECTED).await;
        assert_eq!(tell(ctx, &privacy(&desk).await, id).await.unwrap(), TellOutcome::OnItsWay);
        assert!(matches!(correction(&desk, &FREE).await, CorrectionChecked::Withheld));
    }
}

#[tokio::test]
async fn what_ident_does_not_take_is_told_later_under_a_row_of_its_own() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        corrects_the_birth_date(&desk).await;
        trace(ctx, Actor::System).await.unwrap();
        let id = open_notices(&desk).await[0].notice.id;
        tell(ctx, &privacy(&desk).await, id).await.unwrap();
        let outcomes = [Outcome::Later(TimeDelta::minutes(1)), Outcome::Unknown, Outcome::Refused, Outcome::Sent];
        for outcome in outcomes {
            if open_notices(&desk).await[0].notice.state == NoticeState::Refused {
                tell(ctx, &privacy(&desk).await, id).await.unwrap();
            }
            let CorrectionChecked::Send(outgoing) = correction(&desk, &FREE).await else { panic!("it may leave") };
            assert_eq!(outgoing.id, id, "IDENT takes it once");
            correction_sent(ctx, Actor::System, &outgoing, outcome).await.unwrap();
            ctx.clock.advance(TimeDelta::minutes(3));
        }
        let outcomes: Vec<_> = accounting(&desk).await.lines.into_iter().skip(1).map(|line| line.outcome.unwrap().0).collect();
        assert_eq!(outcomes, [Told::Refused, Told::Unknown, Told::Refused, Told::Sent]);
    }
}

#[tokio::test]
async fn a_dispute_goes_with_the_persons_statement_and_sets_nothing_right() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        let statement = || Sensitive::new(long("I was born a day later."));
        let none = dispute(ctx, &privacy(&desk).await, desk.profile, BTreeSet::new(), statement()).await.unwrap();
        assert_eq!(none, Disputed::NothingNamed);
        // Nobody was told the race.
        for (element, found) in [(Element::Race, 0), (Element::BirthDate, 1)] {
            let noted = dispute(ctx, &privacy(&desk).await, desk.profile, [element].into(), statement()).await.unwrap();
            assert_eq!(noted, Disputed::Noted);
            assert_eq!(trace(ctx, Actor::System).await.unwrap(), found, "{element:?}");
        }
        let id = open_notices(&desk).await[0].notice.id;
        tell(ctx, &privacy(&desk).await, id).await.unwrap();
        let CorrectionChecked::Send(outgoing) = correction(&desk, &FREE).await else { panic!("it may leave") };
        assert!(outgoing.values.expose().is_empty());
        assert_eq!(outgoing.statement.expose().as_ref().map(LongLine::as_str), Some("I was born a day later."));
    }
}

#[tokio::test]
async fn other_recipients_are_told_by_people_and_what_was_not_taken_is_told_to_nobody() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        let told = recorded(&desk, Exception::RoutineUse).await;
        let refused = recorded(&desk, Exception::RoutineUse).await;
        let officer = privacy(&desk).await;
        assert!(close_other(ctx, &officer, told, Told::Sent).await.unwrap());
        assert!(close_other(ctx, &officer, refused, Told::Refused).await.unwrap());
        dispute(ctx, &officer, desk.profile, [Element::BirthDate].into(), Sensitive::new(long("Not so."))).await.unwrap();
        assert_eq!(trace(ctx, Actor::System).await.unwrap(), 1);
        let id = open_notices(&desk).await[0].notice.id;
        assert_eq!(tell(ctx, &officer, id).await.unwrap(), TellOutcome::ByPeople(desk.profile));
        let (_, before) = to_record(ctx, &officer, id).await.unwrap().unwrap();
        assert_eq!(before.id, told);
        let by_letter =
            || Telling { notice: Some(id), nature: long("Statement of disagreement"), ..telling(Exception::RoutineUse) };
        let Recorded::Done(first) = record(ctx, &officer, desk.profile, by_letter()).await.unwrap() else { panic!("recorded") };
        assert_eq!(record(ctx, &officer, desk.profile, by_letter()).await.unwrap(), Recorded::NotToTell, "it is being told");
        assert!(close_other(ctx, &officer, first, Told::Refused).await.unwrap());
        let Recorded::Done(second) = record(ctx, &officer, desk.profile, by_letter()).await.unwrap() else { panic!("once more") };
        assert!(close_other(ctx, &officer, second, Told::Sent).await.unwrap());
        assert!(confirm(ctx, &officer, id, Confirmed::Corrected, ctx.today()).await.unwrap());
        let lines = accounting(&desk).await.lines;
        let confirmed: Vec<Uuid> = lines.iter().filter(|line| line.confirmed.is_some()).map(|line| line.entry.id()).collect();
        assert_eq!(confirmed, [second]);
    }
}

/// A database that takes no row stops everything that would leave.
#[tokio::test]
async fn without_a_row_nothing_leaves() {
    for desk in desks().await {
        let ctx = &desk.ctx;
        desk.answer(canada("CA-2026-0000001"), &FREE).await.unwrap();
        corrects_the_birth_date(&desk).await;
        trace(ctx, Actor::System).await.unwrap();
        let id = open_notices(&desk).await[0].notice.id;
        tell(ctx, &privacy(&desk).await, id).await.unwrap();
        desk.asked().await;
        assert_eq!(desk.hears(vec![Incoming::Ask(Box::new(canada("CA-2026-0000002")))]).await, 1);

        let data = ctx.partner_data().unwrap();
        meddle(&data.store, "ALTER TABLE disclosure RENAME TO no_disclosure").await.unwrap();
        let query = next_to_send(ctx, Actor::System).await.unwrap().unwrap();
        assert!(authorize(ctx, Actor::System, &query, &FREE).await.is_err());
        let answer = next_to_answer(ctx, Actor::System).await.unwrap().unwrap();
        assert!(decide(ctx, Actor::System, &answer, &FREE).await.is_err());
        meddle(&data.store, "ALTER TABLE no_disclosure RENAME TO disclosure").await.unwrap();
        let due = next_correction(ctx, Actor::System).await.unwrap().unwrap();
        meddle(&data.store, "ALTER TABLE disclosure RENAME TO no_disclosure").await.unwrap();
        assert!(authorize_correction(ctx, Actor::System, &due, &FREE).await.is_err());
        meddle(&data.store, "ALTER TABLE no_disclosure RENAME TO disclosure").await.unwrap();

        meddle(&ctx.store, "ALTER TABLE disclosure RENAME TO no_disclosure").await.unwrap();
        let officer = privacy(&desk).await;
        assert!(record(ctx, &officer, desk.profile, telling(Exception::Congress)).await.is_err());
        meddle(&ctx.store, "ALTER TABLE no_disclosure RENAME TO disclosure").await.unwrap();
        assert_eq!(accounting(&desk).await.lines.len(), 1, "what was told before, and nothing else");
    }
}
