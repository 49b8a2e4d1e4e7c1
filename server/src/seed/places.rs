//! Where the demo's people live: streets that do not exist in towns that do, with the offices that serve them.

use shared::case_feed::AddressLine;
use shared::office::OfficeKind;

use super::OFFICES;
use super::dice::Dice;

/// A town, with one ZIP prefix of it and the offices that serve the prefix.
#[derive(Debug)]
pub(super) struct Place {
    city: &'static str,
    state: &'static str,
    zip_prefix: &'static str,
    pub(super) field_office: &'static str,
    pub(super) asylum_office: &'static str,
    /// The application support center, where fingerprints are taken.
    pub(super) support_center: &'static str,
}

const TOWNS: &[(&str, &str, &str)] = &[
    ("Arlington", "VA", "222"),
    ("Atlanta", "GA", "303"),
    ("Baltimore", "MD", "212"),
    ("Boston", "MA", "021"),
    ("Bronx", "NY", "104"),
    ("Brooklyn", "NY", "112"),
    ("Chicago", "IL", "606"),
    ("Dallas", "TX", "752"),
    ("Denver", "CO", "802"),
    ("Detroit", "MI", "482"),
    ("Flushing", "NY", "113"),
    ("Hollywood", "FL", "330"),
    ("Houston", "TX", "770"),
    ("Jamaica", "NY", "114"),
    ("Jersey City", "NJ", "073"),
    ("Los Angeles", "CA", "900"),
    ("Miami", "FL", "331"),
    ("New York", "NY", "100"),
    ("Newark", "NJ", "071"),
    ("Oakland", "CA", "946"),
    ("Orlando", "FL", "328"),
    ("Philadelphia", "PA", "191"),
    ("Phoenix", "AZ", "850"),
    ("San Francisco", "CA", "941"),
    ("San Jose", "CA", "951"),
    ("Seattle", "WA", "981"),
    ("Springfield", "VA", "221"),
    ("Tacoma", "WA", "984"),
    ("Tampa", "FL", "336"),
    ("Washington", "DC", "200"),
];

const STREETS: &[&str] = &[
    "Applecart Lane",
    "Candlewick Court",
    "Cloudberry Street",
    "Corkscrew Alley",
    "Dandelion Terrace",
    "Featherstitch Way",
    "Gingersnap Avenue",
    "Lanternfish Street",
    "Marblefern Drive",
    "Moonwort Place",
    "Paperbirch Loop",
    "Pocketwatch Road",
    "Quillwort Street",
    "Silverspoon Avenue",
    "Teacup Court",
    "Thimbleberry Road",
    "Tumbleweed Crossing",
    "Windowbox Lane",
];

/// Every town with its offices, as the demo's list of offices has them.
pub(super) fn places() -> Vec<Place> {
    let place = |(city, state, zip_prefix): &(&'static str, &'static str, &'static str)| Place {
        city,
        state,
        zip_prefix,
        field_office: office_of(OfficeKind::FieldOffice, zip_prefix),
        asylum_office: office_of(OfficeKind::AsylumOffice, zip_prefix),
        support_center: office_of(OfficeKind::ApplicationSupportCenter, zip_prefix),
    };
    TOWNS.iter().map(place).collect()
}

/// The office of a kind that serves a ZIP prefix. A test sees to it that each town has one of each.
pub(super) fn office_of(kind: OfficeKind, zip_prefix: &str) -> &'static str {
    let serves = |line: &&'static str| {
        let mut fields = line.split('\t').skip(2);
        fields.next() == Some(kind.key()) && fields.next().is_some_and(|served| served.split(' ').any(|zip| zip == zip_prefix))
    };
    OFFICES.lines().find(serves).and_then(|line| line.split('\t').next()).unwrap_or("NBC")
}

pub(super) fn address(dice: &mut Dice, place: &Place) -> AddressLine {
    AddressLine {
        street: format!("{} {}", dice.between(1, 2999), dice.pick(STREETS)),
        unit: dice.percent(40).then(|| format!("Apt {}", dice.between(1, 48))),
        city: place.city.to_owned(),
        state: Some(place.state.to_owned()),
        postal_code: Some(format!("{}{:02}", place.zip_prefix, dice.between(1, 98))),
        country: "USA".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_town_has_an_office_of_each_kind() {
        for place in places() {
            let offices = [place.field_office, place.asylum_office, place.support_center];
            assert!(!offices.contains(&"NBC"), "{place:?}");
        }
    }
}
