//! Where partner countries are asked for their own records, or for a correction of them: each has a process of its own
//! (PIA-060(a): "The IDENT PIA provides links to foreign partner redress processes").

use crate::agreement::Partner;

/// Whom to ask in a partner country. The addresses are those of the authorities' own sites; their pages below move too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    pub partner: Partner,
    /// Who holds the records.
    pub authority: &'static str,
    pub address: &'static str,
    /// Who hears complaints.
    pub overseer: &'static str,
    pub overseer_address: &'static str,
}

/// One for each partner.
pub const WAYS: [Way; 4] = [
    Way {
        partner: Partner::Australia,
        authority: "Department of Home Affairs",
        address: "https://www.homeaffairs.gov.au",
        overseer: "Office of the Australian Information Commissioner",
        overseer_address: "https://www.oaic.gov.au",
    },
    Way {
        partner: Partner::Canada,
        authority: "Immigration, Refugees and Citizenship Canada",
        address: "https://www.canada.ca/en/immigration-refugees-citizenship.html",
        overseer: "Office of the Privacy Commissioner of Canada",
        overseer_address: "https://www.priv.gc.ca",
    },
    Way {
        partner: Partner::NewZealand,
        authority: "Immigration New Zealand",
        address: "https://www.immigration.govt.nz",
        overseer: "Office of the Privacy Commissioner",
        overseer_address: "https://www.privacy.org.nz",
    },
    Way {
        partner: Partner::UnitedKingdom,
        authority: "UK Visas and Immigration, Home Office",
        address: "https://www.gov.uk/government/publications/requests-for-personal-data-uk-visas-and-immigration",
        overseer: "Information Commissioner's Office",
        overseer_address: "https://ico.org.uk",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partner_has_a_way_at_its_own_government() {
        assert_eq!(WAYS.map(|way| way.partner), Partner::ALL);
        for way in WAYS {
            let own = match way.partner {
                Partner::Australia => [".gov.au", ".gov.au"],
                Partner::Canada => [".canada.ca", ".gc.ca"],
                Partner::NewZealand => [".govt.nz", ".privacy.org.nz"],
                Partner::UnitedKingdom => [".gov.uk", "//ico.org.uk"],
            };
            for (address, own) in [way.address, way.overseer_address].into_iter().zip(own) {
                let host = address.split('/').nth(2).unwrap_or_default();
                assert!(address.starts_with("https://") && format!("//{host}").ends_with(own), "{address}");
            }
        }
    }
}
