//! The shipped file keeps the rules that its readers rely on, and edits outlive upgrades.

use std::collections::{BTreeSet, HashMap};

use super::file;
use super::template::Template;
use super::*;
use crate::testing::grade_level;

const ACTION_CODES: &str = include_str!("../../reference/action_codes.tsv");
const TITLES: &str = include_str!("../../reference/status_titles.tsv");

fn first_column(table: &str) -> BTreeSet<&str> {
    table.lines().skip(1).filter_map(|line| line.split('\t').next()).collect()
}

fn shipped() -> toml::Table {
    SHIPPED.parse().unwrap()
}

fn entries<'t>(table: &'t toml::Table, name: &str) -> Vec<&'t toml::Table> {
    table[name].as_array().unwrap().iter().map(|entry| entry.as_table().unwrap()).collect()
}

fn texts<'t>(entry: &'t toml::Table, key: &str) -> Vec<&'t str> {
    entry
        .get(key)
        .and_then(|list| list.as_array())
        .map(|list| list.iter().filter_map(|text| text.as_str()).collect())
        .unwrap_or_default()
}

#[test]
fn every_published_code_is_reviewed_once() {
    let file = file::parse(SHIPPED).unwrap();
    let reviewed: BTreeSet<&str> = file.codes.iter().map(|code| code.code.as_str()).collect();
    let mut published = first_column(ACTION_CODES);
    assert_eq!(published.len(), 488);
    // Seen live, and not on the published list.
    published.insert("SA");
    assert_eq!(reviewed, published);
}

#[test]
fn codes_that_could_endanger_somebody_are_not_public() {
    let file = file::parse(SHIPPED).unwrap();
    let public: HashMap<&str, bool> = file.codes.iter().map(|code| (code.code.as_str(), code.status.is_some())).collect();
    for code in [
        "FF0", "FF1", "FF2", "FFA", "FFB", "HC", "HCC0", "HCC1", "EC", "ED", "EGB", "EGD", "EHB", "EHD", "FCA0", "FZA", "FZB",
        "FZC", "IQB", "IQC", "FYD", "FYG", "FQB", "IXC", "NA", "NC", "KA", "KAA", "KC", "KF", "FLS", "FLR", "FNC", "QAE", "QAA",
        "IBS1", "BD",
    ] {
        assert_eq!(public.get(code), Some(&false), "{code}");
    }
}

#[test]
fn every_published_title_is_used_once_or_dropped_with_a_reason() {
    let table = shipped();
    // Published titles name cards only: what the mail says of documents and notices has titles of its own.
    let is_own = |key: &str| key.ends_with("_by_post") && !key.starts_with("card_");
    let published = entries(&table, "status").into_iter().filter(|status| !is_own(status["key"].as_str().unwrap()));
    let used: Vec<&str> = published.map(|status| status["title_en"].as_str().unwrap()).collect();
    let dropped: Vec<&str> = entries(&table, "dropped_title").iter().map(|title| title["title"].as_str().unwrap()).collect();
    let all: BTreeSet<&str> = used.iter().chain(&dropped).copied().collect();
    assert_eq!(all.len(), used.len() + dropped.len(), "a title stands twice");
    assert_eq!(all, first_column(TITLES));
    assert!(dropped.contains(&"CASE STATUS"));
}

#[test]
fn every_title_is_reachable() {
    let table = shipped();
    for status in entries(&table, "status") {
        assert!(!texts(status, "codes").is_empty() || !texts(status, "delivery").is_empty(), "{}", status["key"]);
    }
}

/// What was sent back waits for nothing, although its stage is one of those before a decision.
#[test]
fn whoever_counts_the_waiting_knows_every_status_of_what_was_sent_back() {
    let table = shipped();
    let is_sent_back =
        |key: &&str| key.starts_with("rejected") || ["request_was_rejected", "resubmitted_fee_not_accepted"].contains(key);
    let keys = entries(&table, "status").into_iter().filter_map(|status| status["key"].as_str());
    let sent_back: BTreeSet<&str> = keys.filter(is_sent_back).collect();
    assert_eq!(sent_back, BTreeSet::from(crate::case_status::SENT_BACK));
}

#[test]
fn descriptions_begin_with_the_date_and_name_the_number_once() {
    for status in file::parse(SHIPPED).unwrap().statuses {
        assert!(status.description_en.starts_with("On {date}, "), "{}", status.status);
        assert!(status.description_es.starts_with("El {date}, "), "{}", status.status);
        for text in [&status.description_en, &status.description_es] {
            assert_eq!(text.matches("{receipt_number}").count(), 1, "{}", status.status);
        }
    }
}

#[test]
fn texts_read_at_grade_eight_or_below() {
    for status in file::parse(SHIPPED).unwrap().statuses {
        for text in [&status.description_en, &status.next_en] {
            let grade = grade_level(&plain(text));
            assert!(grade <= 8.0, "{} reads at grade {grade:.1}: {text}", status.status);
        }
    }
}

/// A text is whole, however few of its values are known: sentence after sentence, with nothing left over between them.
#[test]
fn a_text_stands_without_its_optional_parts() {
    for status in file::parse(SHIPPED).unwrap().statuses {
        let texts = [&status.description_en, &status.description_es, &status.next_en, &status.next_es];
        for text in texts {
            let template = Template::parse(text, status.deadline_days.is_some()).unwrap();
            for knows_all in [true, false] {
                let known = |placeholder| {
                    use Placeholder::{Date, FormLongName, ReceiptNumber};
                    (knows_all || matches!(placeholder, Date | FormLongName | ReceiptNumber)).then_some("X".into())
                };
                let said = template.render(&known);
                let ragged = said.trim() != said || !said.ends_with('.') || said.contains("  ") || said.contains(" .");
                assert!(!ragged, "{}: {said}", status.status);
            }
        }
        let names_deadline = |text: &String| text.contains("{deadline}");
        assert!(
            [&status.next_en, &status.next_es].into_iter().all(|text| names_deadline(text) == status.deadline_days.is_some()),
            "{}: both languages name the deadline, or there is none",
            status.status
        );
    }
}

/// The text as a reader with short names and dates sees it.
fn plain(text: &str) -> String {
    let text = text.replace("{form_long_name}", "form").replace("{receipt_number}", "ABC").replace(['[', ']'], "");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        plain.push_str(before);
        plain.push_str("May 5");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    plain + rest
}

#[test]
fn a_broken_file_says_where_and_what() {
    let status = |more: &str| {
        format!(
            "[[status]]\nkey=\"k\"\nstage=\"received\"\ncodes=[\"AA\"]\ntitle_en=\"T\"\ntitle_es=\"T\"\ndescription_en=\"d\"\n\
             description_es=\"d\"\nnext_en=\"n\"\nnext_es=\"n\"\n{more}"
        )
    };
    for (file, says) in [
        ("[[status]]\nkey = 3".into(), "not in the documented form"),
        ("[[stattus]]\nkey = 3".into(), "unknown field"),
        (status("[[not_public]]\nreason=\"x\"\ncodes=[\"AA\"]"), "Code AA: stands twice"),
        (status("[[form]]\nnumber=\"765\"\nname_en=\"x\"\nname_es=\"x\""), "Form 765"),
        (status("").replace("received", "somewhere"), "the stage must be one of"),
        (status("").replace("title_en=\"T\"", "title_en=\"Case Status\""), "would tell that a case is protected"),
        (status("").replace("\"d\"", "\"[by {deadline}]\""), "needs deadline_days"),
        (status("deadline_days=30\n"), "stand together"),
        (status("deadline_for=\"call\"\n"), "stand together"),
        (status("deadline_days=30\ndeadline_for=\"me\"\n"), "must be person or call"),
        (status("").replace("next_es=\"n\"", "next_es=\" \""), "both languages"),
        (status("").replace("\"AA\"", "\"aa\""), "Code aa"),
    ] {
        let error = file::parse(&file).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}

#[tokio::test]
async fn an_upgrade_adds_texts_and_leaves_edited_ones_alone() {
    for test in store::testing::both().await {
        let (store, clock) = (&test.store, &test.clock);
        let title = async |key: &str| {
            let mut connection = store.read().await.unwrap();
            let versions = store::reference::statuses(&mut connection).await.unwrap();
            let newest = versions.into_iter().rfind(|version| version.value.status == key);
            newest.map(|version| version.value.title_en)
        };
        let put = async |file: &str, origin| {
            clock.advance(chrono::TimeDelta::seconds(1));
            let mut transaction = store.begin().await.unwrap();
            let changed = add(&mut transaction, &file::parse(file).unwrap(), origin, clock).await.unwrap();
            transaction.commit().await.unwrap();
            changed
        };
        let text = |key: &str, title: &str| {
            format!(
                "[[status]]\nkey=\"{key}\"\nstage=\"received\"\ncodes=[\"{}\"]\ntitle_en=\"{title}\"\ntitle_es=\"T\"\n\
                 description_en=\"d\"\ndescription_es=\"d\"\nnext_en=\"n\"\nnext_es=\"n\"\n",
                key.to_uppercase()
            )
        };
        assert_eq!(put(&text("a", "first"), Origin::Shipped).await, 2);
        assert_eq!(put(&text("a", "first"), Origin::Shipped).await, 0);
        assert_eq!(put(&text("a", "second"), Origin::Shipped).await, 1);
        assert_eq!(title("a").await.as_deref(), Some("second"));
        assert_eq!(put(&text("a", "ours"), Origin::Edited).await, 1);
        assert_eq!(put(&(text("a", "third") + &text("b", "new")), Origin::Shipped).await, 2);
        assert_eq!(title("a").await.as_deref(), Some("ours"));
        assert_eq!(title("b").await.as_deref(), Some("new"));
    }
}
