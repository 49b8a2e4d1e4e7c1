//! Invented people. Family names are the words with which languages speak of an example, a sample or somebody, so that
//! nobody takes one for a person.

use shared::case_feed::{NameLine, PartyLine, RepresentativeLine};

use super::dice::{Dice, scatter};

/// Names that go together, and the countries that people with them come from.
#[derive(Debug)]
pub(super) struct Origin {
    given: &'static [&'static str],
    family: &'static [&'static str],
    countries: &'static [&'static str],
    /// Two family names, and mostly Spanish as the language of letters.
    is_spanish: bool,
}

/// The first origin is the one of people who read Spanish.
pub(super) const ORIGINS: &[Origin] = &[
    Origin {
        given: &["Ana", "Carlos", "Dolores", "Inés", "Jesús", "José Luis", "Lucía", "Luz María", "Mateo", "Tomás", "Ximena"],
        family: &["Ejemplo", "Ficticio", "Fulano", "Mengano", "Muestra", "Perengano", "Prueba", "Zutano"],
        countries: &["MEX", "GTM", "SLV", "HND", "NIC", "COL", "VEN", "CUB", "DOM", "ECU", "PER", "MEX", "MEX"],
        is_spanish: true,
    },
    Origin {
        given: &["Beatriz", "João", "Marta", "Nuno", "Rosa"],
        family: &["Amostra", "Beltrano", "Exemplo", "Sicrano"],
        countries: &["BRA", "CPV", "PRT"],
        is_spanish: false,
    },
    Origin {
        given: &["Asha", "Deepa", "Farhan", "Imran", "Kiran", "Meera", "Ravi", "Sunita"],
        family: &["Kalpit", "Misal", "Namuna", "Udaharan"],
        countries: &["IND", "IND", "PAK", "BGD", "NPL", "LKA"],
        is_spanish: false,
    },
    Origin {
        given: &["Bao", "Jing", "Lan", "Ming", "Wei", "Xiu"],
        family: &["Lisi", "Mouren", "Shili", "Wangwu", "Zhangsan"],
        countries: &["CHN", "CHN", "TWN"],
        is_spanish: false,
    },
    Origin {
        given: &["Amihan", "Benjo", "Ligaya", "Marisol", "Rodel"],
        family: &["Halimbawa", "Kathang-Isip", "Kuwan", "Sampol"],
        countries: &["PHL"],
        is_spanish: false,
    },
    Origin {
        given: &["Bình", "Hoa", "Linh", "Minh", "Thu"],
        family: &["Giả Định", "Mẫu", "Ví Dụ"],
        countries: &["VNM"],
        is_spanish: false,
    },
    Origin {
        given: &["Hana", "Jun", "Minji", "Seo-yeon", "Yuki"],
        family: &["Amugae", "Gasang", "Mihon", "Rei", "Yesi"],
        countries: &["KOR", "JPN"],
        is_spanish: false,
    },
    Origin {
        given: &["Amina", "Hassan", "Layla", "Omid", "Parisa", "Samir", "Yusuf"],
        family: &["Fulan", "Mithal", "Namouzaj", "Nemuneh"],
        countries: &["EGY", "SYR", "IRQ", "JOR", "MAR", "IRN", "AFG", "YEM"],
        is_spanish: false,
    },
    Origin {
        given: &["Abebe", "Chidi", "Fatou", "Kofi", "Makena", "Selam", "Zola"],
        family: &["Apẹẹrẹ", "Mfano", "Misale", "Nhwesoo", "Tusaale"],
        countries: &["ETH", "ERI", "NGA", "GHA", "KEN", "SOM", "CMR", "COD"],
        is_spanish: false,
    },
    Origin {
        given: &["Agnieszka", "Bohdan", "Elira", "Ivana", "Mihai", "Oksana", "Piotr"],
        family: &["Pryklad", "Przykład", "Primerov", "Shembull", "Vzorový"],
        countries: &["UKR", "RUS", "POL", "ROU", "ALB", "MDA", "BIH"],
        is_spanish: false,
    },
    Origin {
        given: &["Claudette", "Emmanuel", "Jean-Marc", "Mirlande", "Wilner"],
        family: &["Egzanp", "Exemple", "Machin", "Untel"],
        countries: &["HTI", "HTI", "SEN", "BEL", "CIV"],
        is_spanish: false,
    },
    Origin {
        given: &["Aylin", "Erika", "Giulia", "Kerem", "Max", "Nora", "Robin", "Sam"],
        family: &["Beispiel", "Esempio", "Muster", "Örnek", "Sample", "Specimen", "Voorbeeld"],
        countries: &["CAN", "GBR", "DEU", "ITA", "NLD", "TUR", "JAM"],
        is_spanish: false,
    },
];

const EMPLOYERS: &[&str] = &[
    "Demonstration Hospital",
    "Example Widgets, Inc.",
    "Muster Software Company",
    "Placeholder University",
    "Sample Foods, LLC",
    "Specimen Farms",
];

const LAW_OFFICES: &[&str] = &["Demonstration Law Group", "Example Legal Aid", "Muster & Specimen", "Sample Immigration Services"];

/// Area codes; with them, 555-0100 to 555-0199 are set aside for invented numbers.
const AREA_CODES: &[u32] = &[202, 206, 213, 212, 305, 312, 415, 617, 713, 718];

/// A prime below the hundred million numbers of `A9xxxxxxxx`.
const A_NUMBERS: u64 = 99_999_989;

pub(super) fn origin(dice: &mut Dice, in_spanish: bool) -> &'static Origin {
    let spanish = &ORIGINS[0];
    // Half of the people of the demo come from Spanish-speaking countries, about as in the agency's work.
    if in_spanish || dice.percent(45) { spanish } else { dice.pick(ORIGINS) }
}

/// The person whom a case is about. The number decides the A-Number and the addresses.
pub(super) fn person(dice: &mut Dice, number: u64, origin: &Origin, in_spanish: bool) -> PartyLine {
    let country = *dice.pick(origin.countries);
    let reads_spanish = in_spanish || (origin.is_spanish && dice.percent(75));
    PartyLine {
        name: name(dice, origin),
        birth_date: Some(birth_date(dice)),
        birth_country: Some(country.to_owned()),
        citizenship: Some(country.to_owned()),
        a_number: Some(a_number(number * 2)),
        email: dice.percent(85).then(|| format!("demo-{number}@example.org")),
        telephone: dice.percent(90).then(|| telephone(dice)),
        language: dice.percent(95).then(|| language(reads_spanish)),
    }
}

/// A relative who files for somebody: a citizen, or a resident with an A-Number.
pub(super) fn relative(dice: &mut Dice, number: u64, origin: &Origin) -> PartyLine {
    let is_citizen = dice.percent(70);
    let country = *dice.pick(origin.countries);
    PartyLine {
        name: name(dice, origin),
        birth_date: Some(birth_date(dice)),
        birth_country: Some(country.to_owned()),
        citizenship: Some(if is_citizen { "USA" } else { country }.to_owned()),
        a_number: (!is_citizen).then(|| a_number(number * 2 + 1)),
        email: dice.percent(60).then(|| format!("demo-{number}-petitioner@example.org")),
        telephone: dice.percent(60).then(|| telephone(dice)),
        language: Some(language(origin.is_spanish && dice.percent(30))),
    }
}

/// A firm, which has a name and nothing that only a person has.
pub(super) fn employer(dice: &mut Dice, number: u64) -> PartyLine {
    PartyLine {
        name: NameLine { family: (*dice.pick(EMPLOYERS)).to_owned(), given: None, middle: None },
        birth_date: None,
        birth_country: None,
        citizenship: None,
        a_number: None,
        email: Some(format!("employer-{number}@example.com")),
        telephone: Some(telephone(dice)),
        language: None,
    }
}

pub(super) fn representative(dice: &mut Dice) -> RepresentativeLine {
    let origin = dice.pick(ORIGINS);
    RepresentativeLine {
        name: name(dice, origin),
        organization: Some((*dice.pick(LAW_OFFICES)).to_owned()),
        email: Some(format!("counsel-{}@example.com", dice.between(1, 400))),
        telephone: Some(telephone(dice)),
        language: Some(language(origin.is_spanish)),
    }
}

fn name(dice: &mut Dice, origin: &Origin) -> NameLine {
    let first = *dice.pick(origin.family);
    let second = *dice.pick(origin.family);
    let family = if origin.is_spanish && first != second { format!("{first} {second}") } else { first.to_owned() };
    let given = *dice.pick(origin.given);
    let middle = *dice.pick(origin.given);
    let has_middle = middle != given && dice.percent(20);
    // Some people have one name only.
    let has_one_name = !origin.is_spanish && dice.percent(1);
    NameLine {
        family,
        given: (!has_one_name).then(|| given.to_owned()),
        middle: (has_middle && !has_one_name).then(|| middle.to_owned()),
    }
}

/// Grown-ups at any time this is read: the year does not depend on the day of the demo.
fn birth_date(dice: &mut Dice) -> String {
    format!("{}-{:02}-{:02}", dice.between(1948, 2004), dice.between(1, 12), dice.between(1, 28))
}

fn a_number(number: u64) -> String {
    format!("A9{:08}", scatter(number, A_NUMBERS))
}

fn telephone(dice: &mut Dice) -> String {
    format!("{}-555-01{:02}", dice.pick(AREA_CODES), dice.below(100))
}

fn language(spanish: bool) -> String {
    if spanish { "es" } else { "en" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_says_that_it_is_real() {
        let names = ORIGINS.iter().flat_map(|origin| origin.given.iter().chain(origin.family));
        for name in names.chain(EMPLOYERS).chain(LAW_OFFICES) {
            assert!(!name.to_lowercase().contains("real"), "{name}");
        }
    }
}
