//! What became of a request: for who has its number and knows what was given with it.

use chrono::TimeDelta;
use futures::future::join_all;
use shared::service_request::{RequestKind, RequestNumber};

use super::*;
use crate::case_status::limits::TooMany;
use QuestionProblem::*;

fn client() -> ClientIp {
    ClientIp([192, 0, 2, 1].into())
}

fn question(number: &str, zip: &str, born: [&str; 3]) -> Question {
    let [year, month, day] = born.map(str::to_owned);
    Question { number: number.into(), zip: zip.into(), month, day, year }
}

/// A request, and its number as it is printed.
async fn a_request(ctx: &Context) -> (Uuid, String) {
    let id = Visitor::new(ctx, 1).file(RequestKind::TypographicError).await;
    (id, row(ctx, id).await.number.grouped())
}

/// The number of a request that nobody made.
fn unknown() -> String {
    RequestNumber::new(2026, [7; 16]).grouped()
}

async fn problems(ctx: &Context, question: &Question) -> Vec<QuestionProblem> {
    match follow_up(ctx, client(), question).await.unwrap() {
        FollowUp::Kept(id) => {
            let (kept, problems) = kept_question(ctx, id).await.unwrap();
            assert!(kept == *question, "what was typed is kept");
            problems
        }
        FollowUp::Shown(_) => Vec::new(),
        FollowUp::TooMany(refused) => panic!("{refused:?}"),
    }
}

#[tokio::test]
async fn either_the_zip_code_or_the_date_of_birth_opens_a_request() {
    for test in contexts_under(LimitSettings { proof_failures_per_day: 100, ..no_limits() }).await {
        let ctx = &test.ctx;
        let (id, number) = a_request(ctx).await;
        let (born, nothing) = (["1990", "02", "3"], ["", "", ""]);
        for (number, zip, born) in [
            (number.as_str(), "22150", nothing),
            (&number.to_lowercase().replace('-', " "), "22150-1234", nothing),
            (&number, "", born),
            (&number, "22151", born),
            (&number, "22150", ["1991", "2", "3"]),
        ] {
            let found = follow_up(ctx, client(), &question(number, zip, born)).await.unwrap();
            assert!(matches!(found, FollowUp::Shown(found) if found == id), "{zip} {born:?}: {found:?}");
        }
        for (number, zip, born, problem) in [
            (number.as_str(), "22151", nothing, vec![NotRecognised]),
            (&number, "", ["1990", "3", "2"], vec![NotRecognised]),
            (&unknown(), "22150", born, vec![NotRecognised]),
            ("", "22150", nothing, vec![NumberMissing]),
            ("SR26", "22150", nothing, vec![NumberWrong]),
            (NUMBER, "22150", nothing, vec![NumberWrong]),
            ("SR26-7KQ4-M2XW-9", "22150", nothing, vec![NumberMistyped]),
            (&number, " ", nothing, vec![ProofMissing]),
            (&number, "2215", ["1990", "13", "3"], vec![ZipWrong, BirthDateWrong]),
            (&number, "22150", ["1990", "", ""], vec![BirthDateWrong]),
            ("", "", nothing, vec![NumberMissing, ProofMissing]),
            (&number, "", ["2027", "1", "1"], vec![BirthDateWrong]),
        ] {
            assert_eq!(problems(ctx, &question(number, zip, born)).await, problem, "{zip} {born:?}");
        }
    }
}

#[tokio::test]
async fn every_request_of_a_case_is_found_for_itself() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let visitor = Visitor::new(ctx, 1);
        for kind in RequestKind::ONLINE {
            let visitor = visitor.clone().about(case_for(kind));
            let id = visitor.file(kind).await;
            let asked = question(row(ctx, id).await.number.as_str(), "22150", ["", "", ""]);
            assert!(matches!(follow_up(ctx, client(), &asked).await.unwrap(), FollowUp::Shown(found) if found == id), "{kind:?}");
        }
    }
}

#[tokio::test]
async fn failures_of_a_number_are_counted_and_what_is_found_uses_up_nothing() {
    for test in contexts_under(LimitSettings { proof_failures_per_day: 3, ..no_limits() }).await {
        let ctx = &test.ctx;
        let (_, number) = a_request(ctx).await;
        for _ in 0..5 {
            assert_eq!(problems(ctx, &question(&number, "22150", ["", "", ""])).await, []);
        }
        for number in [number.as_str(), &unknown()] {
            let wrong = question(number, "22151", ["", "", ""]);
            let asked = join_all((0..8).map(|_| follow_up(ctx, client(), &wrong))).await;
            let kept = asked.iter().filter(|asked| matches!(asked, Ok(FollowUp::Kept(_)))).count();
            assert_eq!(kept, 3, "also of those that come together");
            let right = follow_up(ctx, client(), &question(number, "22150", ["", "", ""])).await.unwrap();
            let until_midnight = TooMany { retry_after_seconds: 13 * 3600 + 1 };
            assert!(matches!(right, FollowUp::TooMany(refused) if refused == until_midnight), "{right:?}");
        }
        test.test.clock.advance(TimeDelta::hours(13));
        assert_eq!(problems(ctx, &question(&number, "22150", ["", "", ""])).await, []);
    }
}

#[tokio::test]
async fn a_question_with_mistakes_is_kept_for_an_hour_and_never_longer_than_the_fields_are() {
    for test in contexts().await {
        let ctx = &test.ctx;
        let long = "é".repeat(500);
        let flood = question(&long, &long, [&long, &long, &long]);
        let FollowUp::Kept(id) = follow_up(ctx, client(), &flood).await.unwrap() else { panic!("found") };
        let (kept, problems) = kept_question(ctx, id).await.unwrap();
        assert_eq!((kept.number.len(), kept.zip.len(), kept.year.len()), (64, 64, 64));
        assert_eq!(problems, [NumberWrong, ZipWrong, BirthDateWrong]);
        test.test.clock.advance(TimeDelta::hours(1));
        let (kept, problems) = kept_question(ctx, id).await.unwrap();
        assert!(kept == Question::default() && problems.is_empty());
    }
}
