//! Which office's processing time counts for a case.

use serde::{Deserialize, Serialize};

use crate::case_status::FormNumber;
use crate::office::OfficeCode;

/// The National Benefits Center, which holds cases that a field office decides.
const CENTRAL_OFFICE: &str = "NBC";
/// The forms that it holds for the field offices.
const HELD_CENTRALLY: [&str; 3] = ["I-485", "N-400", "N-600"];

/// Why an office's time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It has the case.
    Current,
    /// It decides the case, which is held centrally until then.
    Local,
}

/// Whether a field office decides what this office holds.
pub fn is_held_centrally(form: &FormNumber, current_office: &OfficeCode) -> bool {
    current_office.as_str() == CENTRAL_OFFICE && HELD_CENTRALLY.contains(&form.as_str())
}

/// The office whose time counts, and why.
///
/// It is the one that has the case now: after a transfer the new one, whatever the receipt notice says. Only a form that is
/// held centrally takes the time of the person's field office, if that is known.
pub fn office_for<'a>(
    form: &FormNumber,
    current_office: &'a OfficeCode,
    local_office: Option<&'a OfficeCode>,
) -> (&'a OfficeCode, Why) {
    match local_office {
        Some(local_office) if is_held_centrally(form, current_office) => (local_office, Why::Local),
        _ => (current_office, Why::Current),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_office_that_has_the_case_counts_unless_it_holds_it_for_another() {
        for (form, current, local, counts, why) in [
            ("I-485", "NBC", Some("ATL"), "ATL", Why::Local),
            ("N-400", "NBC", Some("ATL"), "ATL", Why::Local),
            ("N-600", "NBC", Some("ATL"), "ATL", Why::Local),
            ("I-485", "NBC", None, "NBC", Why::Current),
            ("I-130", "NBC", Some("ATL"), "NBC", Why::Current),
            ("I-485J", "NBC", Some("ATL"), "NBC", Why::Current),
            // Transferred: from NBC to a service center, and to another field office.
            ("I-485", "SCD", Some("ATL"), "SCD", Why::Current),
            ("N-400", "CHI", Some("ATL"), "CHI", Why::Current),
            ("N-400", "ATL", Some("ATL"), "ATL", Why::Current),
            ("I-765", "SCD", None, "SCD", Why::Current),
        ] {
            let form = FormNumber::parse(form).unwrap();
            let [current, counts] = [current, counts].map(|code| OfficeCode::parse(code).unwrap());
            let local = local.map(|code| OfficeCode::parse(code).unwrap());
            assert_eq!(office_for(&form, &current, local.as_ref()), (&counts, why), "{form:?} at {current:?}");
        }
    }
}
