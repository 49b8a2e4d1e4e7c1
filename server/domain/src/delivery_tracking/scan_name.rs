//! What the carrier's scans are called on the page.

use shared::locale::Locale;

/// `code`, `en`, `es`; the first line names the columns.
const NAMES: &str = include_str!("../../reference/scan_events.tsv");

/// What a code says; a code that is not on the list goes by its name in the file.
pub(crate) fn scan_name(code: &str, name_in_file: &str, locale: Locale) -> String {
    let known = NAMES.lines().skip(1).find_map(|line| {
        let (known, names) = line.split_once('\t')?;
        let (en, es) = names.split_once('\t')?;
        (known == code).then(|| locale.pick(en, es))
    });
    known.unwrap_or(name_in_file).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::delivery_tracking::{EventCode, ScanKind};

    #[test]
    fn every_known_code_has_a_name_in_both_languages() {
        for first in ('0'..='9').chain('A'..='Z') {
            for second in ('0'..='9').chain('A'..='Z') {
                let code = format!("{first}{second}");
                let parsed = EventCode::parse(&code).unwrap();
                let is_known = ScanKind::of(parsed) != ScanKind::Unknown && !parsed.is_no_scan();
                for locale in Locale::ALL {
                    assert_eq!(scan_name(&code, "AS IN THE FILE", locale) != "AS IN THE FILE", is_known, "{code}");
                }
            }
        }
        assert_ne!(scan_name("01", "", Locale::En), scan_name("01", "", Locale::Es));
    }
}
