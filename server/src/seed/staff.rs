//! The demo's staff. Everybody may know their passwords and secrets: a server shows them on this machine only.

use domain::identity::account::{DemoAccount, NewAccount};
use shared::identity::{Role, SignInName, StaffName};
use shared::office::OfficeCode;
use shared::sensitive::Sensitive;
use store::crypto::sha256;

/// The password of all of them.
pub const PASSWORD: &str = "garza tero lapacho rocio";

/// Who takes the demo's calls.
pub const AGENT: &str = "tier.one";

/// Who takes the photographs and fingerprints of the demo's people.
pub const INTERVIEWER: &str = "raio";

/// Who drafts the demo's agreements with partner countries, and who signs them for privacy and as counsel.
pub const OF_AGREEMENTS: [&str; 3] = ["agreements", "privacy", "counsel"];

/// Who prepares and who releases the demo's information requests.
pub const OF_INFORMATION_REQUESTS: [&str; 2] = ["icts.one", "icts.two"];

/// Who handles the demo's requests for redress: one decides, another agrees.
pub const OF_REDRESS: [&str; 2] = ["privacy", "privacy.two"];

/// Sign-in name, name, office, role there. The first is the first administrator, who agrees to the sensitive roles of the others.
pub const STAFF: [(&str, &str, &str, Role); 31] = [
    ("admin.one", "Adina Ridge", "NBC", Role::Administrator),
    ("admin.two", "Bram Oakley", "NBC", Role::Administrator),
    ("supervisor.nbc", "Carla Meadows", "NBC", Role::Siio),
    ("officer.one", "Dario Brook", "NBC", Role::Iio),
    ("officer.two", "Elsa Marsh", "NBC", Role::Iio),
    ("tier.one", "Felix Stone", "NBC", Role::Tier1Agent),
    ("tier.two", "Gilda Hart", "NBC", Role::Tier2Agent),
    ("reviewer", "Hugo Lake", "NBC", Role::QualityReviewer),
    ("auditor", "Ines Field", "NBC", Role::Auditor),
    ("supervisor.tsc", "Jonas Reed", "TSC", Role::Siio),
    ("officer.tsc", "Karen Glen", "TSC", Role::Iio),
    ("supervisor.nsc", "Lars Weir", "NSC", Role::Siio),
    ("officer.nsc", "Mona Heath", "NSC", Role::Iio),
    ("second.nsc", "Nils Fern", "NSC", Role::Iio),
    ("supervisor.csc", "Olga Moor", "CSC", Role::Siio),
    ("officer.csc", "Pavel Dale", "CSC", Role::Iio),
    ("second.csc", "Quinn Vale", "CSC", Role::Iio),
    ("agent.nsc", "Rosa Dell", "NSC", Role::Tier1Agent),
    ("agent.csc", "Saul Reef", "CSC", Role::Tier1Agent),
    ("agent.tsc", "Tess Ford", "TSC", Role::Tier1Agent),
    ("raio", "Uma Ness", "NBC", Role::RaioOfficer),
    ("fdns", "Vito Holm", "NBC", Role::FdnsAnalyst),
    ("icts.one", "Wanda Cove", "NBC", Role::IctsAnalyst),
    ("icts.two", "Xaver Mill", "NBC", Role::IctsReviewer),
    ("counsel", "Yara Bay", "NBC", Role::Counsel),
    ("privacy", "Zeno Shaw", "NBC", Role::PrivacyOfficer),
    ("agreements", "Anouk Ridge", "NBC", Role::AgreementsManager),
    ("obim", "Bruno Fell", "NBC", Role::ObimAnalyst),
    ("records", "Cilla Tarn", "NBC", Role::RecordsOfficer),
    ("records.two", "Doran Glade", "NBC", Role::RecordsOfficer),
    ("privacy.two", "Edda Strand", "NBC", Role::PrivacyOfficer),
];

/// The secret of somebody's authenticator: always the same, so that one set up once stays good.
pub fn secret(sign_in_name: &str) -> Vec<u8> {
    sha256(format!("portico demo {sign_in_name}").as_bytes())[..20].to_vec()
}

/// The accounts to be added. None of them if a name here is not one, which a test rules out.
pub fn accounts() -> Option<Vec<DemoAccount>> {
    let account = |(sign_in_name, name, office, role): (&str, &str, &str, Role)| {
        let office = OfficeCode::parse(office).ok()?;
        Some(DemoAccount {
            account: NewAccount {
                sign_in_name: SignInName::parse(sign_in_name).ok()?,
                name: StaffName::parse(name).ok()?,
                email: None,
                office,
            },
            role,
            secret: Sensitive::new(secret(sign_in_name)),
        })
    };
    STAFF.into_iter().map(account).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_of_the_demo_can_be_added() {
        let accounts = accounts().unwrap();
        let roles: Vec<Role> = accounts.iter().map(|account| account.role).collect();
        assert!(Role::ALL.iter().all(|role| roles.contains(role)), "each role is somebody's");
        assert_eq!(roles[..2], [Role::Administrator; 2], "two people agree");
        for NewAccount { name, sign_in_name, .. } in accounts.iter().map(|account| &account.account) {
            assert_eq!(shared::identity::password::problem(PASSWORD, name, sign_in_name), None);
        }
    }
}
