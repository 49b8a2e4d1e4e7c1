//! Lines of the report: a few sentences, and tables.

use leptos::prelude::*;
use shared::locale::Locale;
use shared::report::{Line, Number};

use crate::text::text;

pub fn days_in_words(days: u16, locale: Locale) -> String {
    match days {
        0 => text!(locale, service_report.same_day).to_owned(),
        1 => text!(locale, service_report.one_day).to_owned(),
        _ => text!(locale, service_report.days, days = days),
    }
}

fn number(number: Number, locale: Locale) -> String {
    match number {
        None => text!(locale, service_report.hidden).to_owned(),
        Some(number) => grouped(number, locale),
    }
}

/// `12,345`, or `12 345` in Spanish, with a space that does not break.
fn grouped(number: u64, locale: Locale) -> String {
    let digits = number.to_string();
    let separator = match locale {
        Locale::En => ",",
        Locale::Es => "\u{a0}",
    };
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push_str(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// A month in short.
pub fn summary(line: &Line, locale: Locale) -> impl IntoView + use<> {
    let row = |name: &'static str, said: String| view! { <div><dt>{name}</dt><dd>{said}</dd></div> };
    let days = |days: Option<u16>| {
        days.map_or_else(|| text!(locale, service_report.hidden).to_owned(), |days| days_in_words(days, locale))
    };
    let open = match line.open {
        Some(open) if open > 0 => text!(locale, service_report.at_least, number = grouped(open, locale)),
        Some(_) => text!(locale, service_report.none).to_owned(),
        None => text!(locale, service_report.hidden).to_owned(),
    };
    view! {
        <dl class="portico-facts">
            {row(text!(locale, service_report.received), number(line.received, locale))}
            {row(text!(locale, service_report.answered), number(line.answered, locale))}
            {row(text!(locale, service_report.half), days(line.half_days))}
            {row(text!(locale, service_report.nine), days(line.nine_in_ten_days))}
            {row(text!(locale, service_report.open), open)}
            {row(text!(locale, service_report.reopened), number(line.reopened, locale))}
        </dl>
    }
}

/// A table of lines, each with its name and perhaps a link; the sum last.
pub fn table(
    heading: &'static str,
    first: &'static str,
    lines: Vec<(String, Option<String>, &Line)>,
    sum: Option<&Line>,
    locale: Locale,
) -> impl IntoView + use<> {
    let heads = [
        text!(locale, service_report.received),
        text!(locale, service_report.answered),
        text!(locale, service_report.column_half),
        text!(locale, service_report.column_nine),
        text!(locale, service_report.column_open),
        text!(locale, service_report.column_reopened),
    ];
    let row = |name: AnyView, line: &Line| {
        let days = |days: Option<u16>| number(days.map(u64::from), locale);
        let said = [
            number(line.received, locale),
            number(line.answered, locale),
            days(line.half_days),
            days(line.nine_in_ten_days),
            number(line.open, locale),
            number(line.reopened, locale),
        ];
        // On a small screen a row is a list: each number brings its head along.
        let cell = |(said, head): (String, &'static str)| view! { <td data-head=head>{said}</td> };
        view! { <tr><th scope="row">{name}</th>{said.into_iter().zip(heads).map(cell).collect_view()}</tr> }
    };
    let named = |(name, link, line): (String, Option<String>, &Line)| {
        let name = match link {
            Some(link) => view! { <a href=link>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        row(name, line)
    };
    let rows = lines.into_iter().map(named).collect_view();
    let sum = sum.map(|line| row(view! { <strong>{text!(locale, service_report.total)}</strong> }.into_any(), line));
    view! {
        <div class="portico-table-frame">
            <table class="portico-table" aria-labelledby=heading>
                <thead>
                    <tr>
                        <th scope="col">{first}</th>
                        {heads.map(|head| view! { <th scope="col">{head}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>{rows}{sum}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_each_language_does() {
        for (value, en, es) in
            [(0, "0", "0"), (999, "999", "999"), (1000, "1,000", "1\u{a0}000"), (1_234_567, "1,234,567", "1\u{a0}234\u{a0}567")]
        {
            assert_eq!((grouped(value, Locale::En), grouped(value, Locale::Es)), (en.to_owned(), es.to_owned()));
        }
        assert_eq!(number(None, Locale::En), "not shown");
    }

    #[test]
    fn days_are_told_in_words() {
        assert_eq!([0, 1, 2].map(|days| days_in_words(days, Locale::En)), ["the same day", "1 day", "2 days"]);
    }
}
