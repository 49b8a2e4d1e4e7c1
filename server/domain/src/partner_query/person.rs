//! A person, as the decision about sharing sees them: what is committed in the main database at the moment when it is asked.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use shared::agreement::{Element, FoundBy, Person};
use shared::case_feed::{ANumber, PersonName};
use shared::country::CountryCode;
use shared::disclosure::element_of;
use shared::partner_query::{LongLine, Told, Value};
use shared::profile::{Fact, KnownFact, Origin, Sheet};
use shared::protection::{Class, Evidence, Marker, Record, Waiver, classify};
use shared::sensitive::Sensitive;
use store::engine::Connection;
use store::profile::{self as rows, LinkedCase};
use uuid::Uuid;

use crate::{Context, Error};

/// Forms with which somebody asks for protection: only then can there be a country that they fear.
const CLAIMS: [&str; 3] = ["I-589", "I-590", "I-730"];

/// All that a decision looks at.
pub(crate) struct Known {
    pub root: Uuid,
    /// The profiles that were put together: what was told of any of them was told of the person.
    pub parts: Vec<Uuid>,
    pub sheet: Sheet,
    pub cases: Vec<LinkedCase>,
    pub waivers: Vec<Waiver>,
    today: NaiveDate,
}

/// Reads a person; none if there is no such profile.
pub(super) async fn known(ctx: &Context, connection: &mut Connection, profile: Uuid) -> Result<Option<Known>, Error> {
    let Some(root) = rows::root(connection, profile).await? else { return Ok(None) };
    Ok(Some(Known {
        root,
        parts: rows::parts(connection, root).await?,
        sheet: Sheet::new(rows::facts(connection, &ctx.keys, root).await?),
        cases: rows::cases(connection, root).await?,
        waivers: store::waiver::for_person(connection, root).await?,
        today: ctx.today(),
    }))
}

impl Known {
    /// The person's A-Numbers, each once.
    pub fn a_numbers(&self) -> Vec<Sensitive<ANumber>> {
        let mut numbers: Vec<ANumber> = Vec::new();
        for (number, _) in self.stated_numbers() {
            if !numbers.contains(number) {
                numbers.push(number.clone());
            }
        }
        numbers.into_iter().map(Sensitive::new).collect()
    }

    /// What stands under each A-Number, and each case without one. A number that no case states has nothing that could be read: then
    /// counsel has to look.
    pub fn records(&self) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        for case in &self.cases {
            let mut markers = case.markers.clone();
            markers.extend(self.statuses(|origin| origin == Origin::Case(case.id) || is_correction(origin)));
            // A status that a case stated which is linked no longer still counts.
            markers.extend(self.statuses(|origin| self.is_of_no_case(origin)));
            let numbers: Vec<&ANumber> =
                self.stated_numbers().filter(|(_, origin)| *origin == Origin::Case(case.id)).map(|(number, _)| number).collect();
            if numbers.is_empty() {
                records.push(Record { a_number: None, markers: Some(markers) });
                continue;
            }
            for number in numbers {
                records.push(Record { a_number: Some(Sensitive::new(number.clone())), markers: Some(markers.clone()) });
            }
        }
        let has = |number: &ANumber| records.iter().any(|record| record.a_number.as_ref().is_some_and(|n| n.expose() == number));
        let left: Vec<ANumber> = self.stated_numbers().map(|(number, _)| number).filter(|number| !has(number)).cloned().collect();
        records.extend(left.into_iter().map(|number| Record { a_number: Some(Sensitive::new(number)), markers: None }));
        records
    }

    /// What agreements ask about the person. `stated` is what an officer learned in the interview.
    pub fn as_subject(&self, found_by: FoundBy, stated: Option<&[CountryCode]>) -> Person {
        let of = |pick: fn(&Fact) -> Option<&CountryCode>| -> Vec<CountryCode> {
            self.sheet.current().filter_map(|known| pick(&known.fact)).cloned().collect()
        };
        let citizenships = of(|fact| if let Fact::Citizenship(country) = fact { Some(country) } else { None });
        let mut feared = of(|fact| if let Fact::PersecutionCountry(country) = fact { Some(country) } else { None });
        feared.extend(stated.unwrap_or_default().iter().cloned());
        // Who asks for no protection says nothing of persecution. Who does, and of whom nothing is recorded, may have said it.
        let is_known = !feared.is_empty() || stated.is_some() || !self.asks_for_protection();
        Person {
            found_by,
            citizenships: (!citizenships.is_empty()).then_some(citizenships),
            // No record of ours says where else somebody may live for good.
            residences: None,
            persecuted_by: is_known.then_some(feared),
        }
    }

    fn asks_for_protection(&self) -> bool {
        let is_claim = |marker: &Marker| match &marker.evidence {
            Evidence::Unreadable => true,
            evidence => matches!(
                classify(evidence, marker.effective_from.unwrap_or(self.today)),
                Class::Asylum | Class::Refugee | Class::Unknown
            ),
        };
        let by_form = self.cases.iter().any(|case| CLAIMS.contains(&case.form.as_str()));
        by_form || self.cases.is_empty() || self.cases.iter().flat_map(|case| &case.markers).any(is_claim)
    }

    /// What is known for each element, as it is told. What is not here cannot be told, whatever an agreement allows.
    pub fn values(&self) -> BTreeMap<Element, String> {
        let mut values: BTreeMap<Element, Vec<String>> = BTreeMap::new();
        for known in self.sheet.current() {
            let Some((element, value)) = told_as(&known.fact) else { continue };
            let values = values.entry(element).or_default();
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values.into_iter().map(|(element, values)| (element, values.join("; "))).collect()
    }

    /// The same, for a reply in a partner's form: of these elements what is known of them.
    pub fn told(&self, elements: &BTreeSet<Element>) -> Result<Told, Error> {
        let mut told = Told::default();
        for known in self.sheet.current() {
            let Some((element, text)) = told_as(&known.fact).filter(|(element, _)| elements.contains(element)) else { continue };
            let value = match &known.fact {
                Fact::BirthDate(day) => Value::Day(*day),
                Fact::BirthCountry(country) | Fact::Citizenship(country) => Value::Country(country.clone()),
                Fact::Gender(gender) => Value::Gender(*gender),
                _ => Value::Text(LongLine::parse(&text).map_err(|_| Error::Internal)?),
            };
            if !told.of(element).iter().any(|before| *before.expose() == value) {
                told.add(element, value).map_err(|_| Error::Internal)?;
            }
        }
        Ok(told)
    }

    fn stated_numbers(&self) -> impl Iterator<Item = (&ANumber, Origin)> {
        self.sheet.current().filter_map(|known| match &known.fact {
            Fact::ANumber(number) => Some((number, known.origin)),
            _ => None,
        })
    }

    /// The classes of admission that stand in the profile, by who stated them.
    fn statuses<'a>(&'a self, is_of: impl Fn(Origin) -> bool + 'a) -> impl Iterator<Item = Marker> + 'a {
        let status = move |known: &KnownFact| match &known.fact {
            Fact::ImmigrationStatus { class, since } if is_of(known.origin) => {
                let evidence = Evidence::ClassOfAdmission(class.clone());
                Some(Marker { evidence, effective_from: *since, effective_to: None })
            }
            _ => None,
        };
        self.sheet.current().filter_map(status)
    }

    fn is_of_no_case(&self, origin: Origin) -> bool {
        matches!(origin, Origin::Case(id) if self.cases.iter().all(|case| case.id != id))
    }
}

const fn is_correction(origin: Origin) -> bool {
    matches!(origin, Origin::Correction(_))
}

/// How a fact is told. What is no element is told to nobody.
fn told_as(fact: &Fact) -> Option<(Element, String)> {
    let value = match fact {
        Fact::Name { name, .. } => full(name),
        Fact::ANumber(number) => format!("A{}", number.digits()),
        Fact::Fin(fin) => fin.digits().to_owned(),
        Fact::BirthDate(day) => day.to_string(),
        Fact::BirthCountry(country) | Fact::Citizenship(country) => country.as_str().to_owned(),
        Fact::Gender(gender) => gender.code().to_owned(),
        Fact::Race(race) => race.code().to_owned(),
        Fact::ImmigrationStatus { class, since } => {
            let since = since.map(|day| format!(" since {day}")).unwrap_or_default();
            format!("{class}{since}")
        }
        Fact::Encounter(encounter) => encounter.id.as_str().to_owned(),
        Fact::Ssn(_) | Fact::PersecutionCountry(_) => return None,
    };
    Some((element_of(fact)?, value))
}

/// The family name first, as documents have it.
pub(super) fn full(name: &PersonName) -> String {
    let rest: Vec<&str> = [&name.given, &name.middle].into_iter().flatten().map(String::as_str).collect();
    if rest.is_empty() { name.family.clone() } else { format!("{}, {}", name.family, rest.join(" ")) }
}
