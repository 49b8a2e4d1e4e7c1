//! The agreements with which an installation begins.

use super::partner::Partner;

/// The file of an agreement with which an installation begins.
///
/// Facts are the instruments of Appendix A of PIA-060(a) (17 July 2017) with the dates that public sources give, what is said of
/// Canada's data set, purposes and subjects in SOR/2002-227, and that secondary queries ran with Australia, Canada and New Zealand
/// and not with the United Kingdom. Examples of ours, to be replaced by an agency's own, are the instrument with New Zealand
/// (Appendix A has none), days from which capabilities run, hours, recipients, which elements stand at which step, and the data sets
/// of Australia, New Zealand and the United Kingdom, made after Canada's. Each note says which it is.
pub const fn starter(partner: Partner) -> &'static str {
    match partner {
        Partner::Australia => include_str!("au.json"),
        Partner::Canada => include_str!("ca.json"),
        Partner::NewZealand => include_str!("nz.json"),
        Partner::UnitedKingdom => include_str!("gb.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::day;
    use super::super::*;
    use super::*;

    fn read(partner: Partner) -> Agreement {
        from_file(starter(partner).as_bytes()).unwrap()
    }

    #[test]
    fn each_checks_clean_and_stands_as_it_would_be_written() {
        for partner in Partner::ALL {
            let agreement = read(partner);
            assert_eq!((agreement.partner, agreement.version), (partner, AgreementVersion::FIRST));
            for today in ["2018-02-02", "2024-07-19", "2026-01-15"] {
                assert_eq!(check(&agreement, day(today)), [], "{partner:?} {today}");
            }
            assert!(to_file(&agreement) == starter(partner), "{partner:?}: write it anew");
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
    fn each_says_what_is_a_fact_and_what_an_example() {
        for partner in Partner::ALL {
            for capability in read(partner).capabilities {
                let note = capability.note.unwrap();
                assert!(note.contains("Fact: ") && note.contains("Example: "), "{note}");
            }
        }
    }
}
