//! Who answers the demo's service requests.

use domain::service_request::demo::Staffed;
use shared::office::OfficeCode;
use shared::service_request::OfficerId;

/// Offices with officers.
const OFFICES: [&str; 4] = ["NBC", "NSC", "CSC", "TSC"];
/// Officers of each.
const OFFICERS: u128 = 12;

/// The offices that have requests, and who works there. The ids are of no account: the people of the demo are others, and take
/// requests over from them.
pub fn staff() -> Vec<Staffed> {
    let staffed = |(number, code): (u128, &str)| {
        let officers = (1..=OFFICERS).map(|officer| OfficerId(0xde30_0000_0000_7000_8000_0000_0000_0000 + number * 256 + officer));
        Some(Staffed { office: OfficeCode::parse(code).ok()?, officers: officers.collect() })
    };
    (0..).zip(OFFICES).filter_map(staffed).collect()
}
