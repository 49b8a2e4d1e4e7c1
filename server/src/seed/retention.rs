//! People of the demo who are more than a hundred years old, one of them on hold, and cases of long ago: what can be destroyed.

use chrono::{Days, Months, NaiveDate};
use serde_json::json;

/// People with cases of this year: receipt number, family name, how many years old they are.
const PEOPLE: [(&str, &str, u32); 4] = [
    ("LIN9999300001", "Beispiel", 104),
    ("LIN9999300002", "Esempio", 102),
    ("LIN9999300003", "Muestra", 101),
    ("LIN9999300004", "Przyklad", 103),
];
/// Whose record a hold keeps.
pub const HELD: &str = "LIN9999300004";
/// Cases that were decided twenty years before the demo's day.
const CASES: [(&str, &str); 3] = [("LIN9999300011", "Exemple"), ("LIN9999300012", "Namuna"), ("LIN9999300013", "Voorbeeld")];
const YEARS_AGO: u32 = 20;

/// The lines of their cases, as the feed would bring them.
pub fn old_people_and_cases(today: NaiveDate) -> String {
    let people = PEOPLE.iter().map(|(number, family, years)| {
        let received = today.checked_sub_days(Days::new(40)).unwrap_or(today);
        line(number, family, before(today, *years), "IAA", received)
    });
    let cases = CASES.iter().map(|(number, family)| line(number, family, before(today, 50), "DA", before(today, YEARS_AGO)));
    people.chain(cases).map(|line| line + "\n").collect()
}

fn before(today: NaiveDate, years: u32) -> NaiveDate {
    today.checked_sub_months(Months::new(years.saturating_mul(12))).unwrap_or(today)
}

fn line(number: &str, family: &str, born: NaiveDate, code: &str, day: NaiveDate) -> String {
    json!({
        "event_id": format!("demo-{number}-1"),
        "receipt_number": number,
        "form": "I-90",
        "office": "NBC",
        "received_on": day,
        "applicant": { "name": { "family": family, "given": "Noe" }, "birth_date": born },
        "action": { "code": code, "at": format!("{day}T15:00:00Z") },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use shared::case_feed::{CaseEvent, EventLine};
    use shared::retention::of_people;

    use super::*;

    #[test]
    fn the_feed_takes_them_and_the_people_are_due() {
        let today: NaiveDate = "2028-02-29".parse().unwrap();
        let text = old_people_and_cases(today);
        let lines: Vec<EventLine> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), PEOPLE.len() + CASES.len());
        for line in &lines {
            assert!(CaseEvent::parse(line).is_ok(), "{}", line.receipt_number);
        }
        assert!(PEOPLE.iter().all(|(_, _, years)| of_people(&[Some(before(today, *years))]).is_due(today)));
        assert!(PEOPLE.iter().any(|(number, ..)| *number == HELD));
    }
}
