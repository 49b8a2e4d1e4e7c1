//! The agreements with which an installation begins.

use super::partner::Partner;
use super::party::Party;

/// The file of an agreement with which an installation begins.
///
/// Facts are the instruments of Appendix A of PIA-060(a) (17 July 2017) with the dates that public sources give, what is said of
/// Canada's data set, purposes and subjects in SOR/2002-227, and that secondary queries ran with Australia, Canada and New Zealand
/// and not with the United Kingdom. Examples of ours, to be replaced by an agency's own, are the instrument with New Zealand
/// (Appendix A has none), days from which capabilities run, hours, recipients, which elements stand at which step, and the data sets
/// of Australia, New Zealand and the United Kingdom, made after Canada's. The terms with IDENT are an example of ours, and planned: an
/// agency says itself when it begins to enrol. Each note says which it is.
pub fn starter(party: impl Into<Party>) -> &'static str {
    match party.into() {
        Party::Country(Partner::Australia) => include_str!("au.json"),
        Party::Country(Partner::Canada) => include_str!("ca.json"),
        Party::Country(Partner::NewZealand) => include_str!("nz.json"),
        Party::Country(Partner::UnitedKingdom) => include_str!("gb.json"),
        Party::Ident => include_str!("ident.json"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::testing::day;
    use super::super::*;
    use super::*;

    fn read(party: impl Into<Party>) -> Agreement {
        from_file(starter(party).as_bytes()).unwrap()
    }

    #[test]
    fn each_checks_clean_and_stands_as_it_would_be_written() {
        for party in Party::ALL {
            let agreement = read(party);
            assert_eq!((agreement.partner, agreement.version), (party, AgreementVersion::FIRST));
            for today in ["2018-02-02", "2024-07-19", "2026-01-15"] {
                assert_eq!(check(&agreement, day(today)), [], "{party:?} {today}");
            }
            assert!(to_file(&agreement) == starter(party), "{party:?}: write it anew");
        }
    }

    #[test]
    fn the_ten_rows_of_appendix_a_are_there() {
        let citations: Vec<_> =
            Partner::ALL.into_iter().flat_map(|partner| read(partner).instruments).map(|one| one.citation).collect();
        for row in 1..=10 {
            let cited = format!("PIA-060(a), Appendix A, row {row}");
            let is_cited = |citation: &String| *citation == cited || citation.starts_with(&format!("{cited};"));
            // The memoranda of the Secretary are for all partners.
            let times = if matches!(row, 5 | 8) { 4 } else { 1 };
            assert_eq!(citations.iter().filter(|citation| is_cited(citation)).count(), times, "{row}");
        }
    }

    #[test]
    fn secondary_queries_run_with_three_of_the_four() {
        for partner in Partner::ALL {
            let is_live = |one: &Capability| one.step == Step::Second && one.status == CapabilityStatus::Live;
            assert_eq!(read(partner).capabilities.iter().any(is_live), partner != Partner::UnitedKingdom, "{partner:?}");
        }
    }

    #[test]
    fn nobody_is_enrolled_before_an_agency_says_so() {
        let terms = read(Party::Ident);
        assert_eq!((enrolled(&terms, day("2026-01-15")).len(), terms.enrolments.len()), (0, 1));
        let live = EnrolmentCapability { status: CapabilityStatus::Live, ..terms.enrolments[0].clone() };
        let live = Agreement { enrolments: vec![live], ..terms };
        assert_eq!(check(&live, day("2026-01-15")), []);
        assert_eq!(enrolled(&live, day("2026-01-15")), BTreeSet::from(ENROLLED));
    }

    #[test]
    fn each_says_what_is_a_fact_and_what_an_example() {
        for party in Party::ALL {
            let Agreement { capabilities, enrolments, .. } = read(party);
            let notes = capabilities.into_iter().map(|one| one.note).chain(enrolments.into_iter().map(|one| one.note));
            for note in notes.map(Option::unwrap) {
                assert!(note.contains("Fact: ") && note.contains("Example: "), "{note}");
            }
        }
    }
}
