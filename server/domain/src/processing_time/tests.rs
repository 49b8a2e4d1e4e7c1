use super::*;
use crate::testing::{contexts, import_lines, line};
use proptest::prelude::*;
use shared::processing_time::{Verdict, verdict};

const HEADER: &str = "form,category,category_en,category_es,office,upper,lower,unit,inquiry_date,published,note_en,note_es\n";
const RELATIVE: &str = "I-130,134A-F21,Spouse of a resident,Cónyuge de un residente,NBC,35,23.5,Months,2023-09-07,2026-08-17,,\n";

fn form(number: &str) -> FormNumber {
    FormNumber::parse(number).unwrap()
}

fn csv(lines: &[&str]) -> String {
    HEADER.to_owned() + &lines.concat()
}

fn read(text: &str) -> Result<Vec<Posting>, Error> {
    file::read(text, "2026-10-01".parse().unwrap())
}

fn said(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

/// An answer of the present service, with the given publication and inquiry date.
fn answer(published: &str, inquiry_date: &str) -> String {
    format!(
        r#"{{"data":{{"processing_time":{{"form_name":"I-130","office_code":"NBC","form_note_en":"","form_note_es":"",
        "range":[{{"unit":"Months","value":35}},{{"unit":"","value":""}}],
        "subtypes":[{{"form_type":"134A-F21","publication_date":"{published}","service_request_date":"{inquiry_date}",
        "range":[{{"unit":"Months","unit_en":"Months","value":35}},{{"unit":"Months","value":23.5}}],
        "subtype_info_en":"Spouse of a resident","subtype_info_es":"Cónyuge de un residente",
        "subtype_note_en":"","subtype_note_es":""}}]}}}}}}"#
    )
}

#[test]
fn both_kinds_of_files_say_the_same() {
    let from_csv = read(&csv(&[RELATIVE])).unwrap();
    assert_eq!(read(&answer("August 17, 2026", "September 07, 2023")).unwrap(), from_csv);
    assert_eq!(read(&format!("[{}]", answer("August 17, 2026", "September 07, 2023"))).unwrap(), from_csv);
    let twice = answer("August 17, 2026", "September 07, 2023") + "\n" + &answer("September 17, 2026", "");
    let postings = read(&twice).unwrap();
    assert_eq!((postings.len(), postings[1].posted.inquiry_date), (2, None));
    let weeks = answer("August 17, 2026", "").replace(r#"{"unit":"Months","value":23.5}"#, r#"{"unit":"Weeks","value":3}"#);
    assert_eq!(read(&weeks).unwrap()[0].posted.lower.unwrap().to_string(), "3 Weeks");
    assert_eq!(from_csv[0].posted.upper.unwrap().to_string(), "35 Months");
    assert_eq!(from_csv[0].posted.lower.unwrap().to_string(), "23.5 Months");
}

#[test]
fn a_wrong_file_is_refused_with_its_place() {
    for (line, says) in [
        (RELATIVE.replace("35", "35.3"), "Record 1: an amount is"),
        (RELATIVE.replace("Months", "Years"), "Record 1: unit must be"),
        (RELATIVE.replace("2026-08-17", "August 17, 2026"), "does not have"),
        (RELATIVE.replace("2026-08-17", "2026-02-30"), "published must be a day, as 2026-08-17"),
        (RELATIVE.replace("2023-09-07", "2026-08-18"), "must not be after"),
        (RELATIVE.replace(",35,", ",23,"), "must not be less than the lower"),
        (RELATIVE.replace("NBC", "nbc"), "Record 1: an office code"),
        (RELATIVE.replace("Cónyuge de un residente", ""), "both languages"),
        (RELATIVE.replace(",,\n", ",Note,\n"), "both languages"),
        (RELATIVE.to_owned() + RELATIVE, "I-130 134A-F21 NBC: stands twice"),
        (RELATIVE.replace("I-130", "??"), "Record 1: form"),
        (RELATIVE.replace("2026-08-17", "2026-10-02"), "must not be in the future"),
        (String::new(), "holds no processing time"),
    ] {
        let said = said(&csv(&[&line]));
        assert!(said.contains(says), "{line}: {said}");
    }
    assert!(said("").contains("header"));
    assert!(said("form,office\n").contains("header"));
    assert!(said("{\"data\":1}").contains("Answer 1: is no processing time"));
    assert!(said("{").contains("not JSON"));
    assert!(said(&answer("2026-08-17", "")).contains("as August 17, 2026"));
}

#[tokio::test]
async fn the_newest_edition_counts_and_the_older_stay() {
    for test in contexts().await {
        test.test.clock.advance(chrono::TimeDelta::days(250));
        let import = async |text: String| import(&test.ctx, Actor::Operator, &text).await.unwrap();
        let newer = RELATIVE.replace("2026-08-17", "2026-09-17").replace("2023-09-07", "2023-10-01");
        assert_eq!(import(csv(&[&newer])).await, 1);
        assert_eq!(import(csv(&[RELATIVE])).await, 1, "an older edition may come later");
        assert_eq!(import(csv(&[RELATIVE, &newer])).await, 0);
        let now = of_form(&test.ctx, &form("I-130")).await.unwrap();
        assert_eq!((now.len(), now[0].posted.inquiry_date.unwrap().to_string().as_str()), (1, "2023-10-01"));
        // A correction of the same edition.
        test.test.clock.advance(chrono::TimeDelta::minutes(1));
        assert_eq!(import(csv(&[&newer.replace("2023-10-01", "2023-10-02")])).await, 1);
        let now = of_form(&test.ctx, &form("I-130")).await.unwrap();
        assert_eq!((now.len(), now[0].posted.inquiry_date.unwrap().to_string().as_str()), (1, "2023-10-02"));
        let listed = forms(&test.ctx).await.unwrap();
        assert_eq!((listed.len(), listed[0].name_en.as_str()), (1, "Petition for Alien Relative"));
        assert!(of_form(&test.ctx, &form("I-90")).await.unwrap().is_empty());
        let refused = super::import(&test.ctx, Actor::Public, &csv(&[RELATIVE])).await;
        assert!(matches!(refused, Err(Error::Refused)));
    }
}

#[tokio::test]
async fn a_case_brings_what_its_time_depends_on_and_a_hidden_one_nothing() {
    for test in contexts().await {
        let hidden = r#","protection_markers":[{"class_of_admission":"T1"}]"#;
        let lines = [
            line("e1", "EAC9999103403", "IAA", "2026-01-07T15:00:00Z", r#","received_on":"2026-01-05""#),
            line("e2", "EAC9999500777", "IAA", "2026-01-07T15:00:00Z", hidden),
        ];
        import_lines(&test.ctx, &lines).await;
        let case = case_in_question(&test.ctx, "eac 9999103403").await.unwrap().unwrap();
        assert_eq!((case.form.as_str(), case.office.unwrap().as_str()), ("I-765", "NBC"));
        assert_eq!(case.category.unwrap().as_str(), "C09");
        assert_eq!(case.received.to_string(), "2026-01-05");
        let says = verdict(case.received, None, test.ctx.today());
        assert!(matches!(says, Verdict::Inside { ask_from: Some(_) }));
        for number in ["EAC9999500777", "EAC9999700777", "", "?"] {
            assert_eq!(case_in_question(&test.ctx, number).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn the_calendar_holds_the_day_and_nothing_of_the_case() {
    let test = contexts().await.remove(0);
    let file = calendar_file(&test.ctx, "2027-03-03".parse().unwrap(), Locale::Es);
    assert!(file.contains("DTSTART;VALUE=DATE:20270303\r\nSUMMARY:Puede preguntar por su caso\r\n"), "{file}");
}

proptest! {
    #[test]
    fn no_file_panics(text in "\\PC{0,200}") {
        let _ = read(&text);
        let _ = read(&(HEADER.to_owned() + &text));
        let _ = read(&format!("{{\"data\":{text}}}"));
    }
}
