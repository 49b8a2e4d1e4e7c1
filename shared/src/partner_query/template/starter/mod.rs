//! The templates with which an installation begins.

use super::TemplateKey;
use crate::agreement::Partner;

/// The file of a template with which an installation begins.
///
/// Fact is, in PIA-060(a), that each country has a template of its own, which fields the carry-over templates all have, and what
/// requests and replies may hold. Everything else is an example of ours, to be replaced by an agency's partners' own: names of fields,
/// their order, how days are written, all codes, and what a template has no place for.
pub const fn starter(key: TemplateKey) -> &'static str {
    match key {
        TemplateKey::Uniform => include_str!("uniform.json"),
        TemplateKey::Of(Partner::Australia) => include_str!("au.json"),
        TemplateKey::Of(Partner::Canada) => include_str!("ca.json"),
        TemplateKey::Of(Partner::NewZealand) => include_str!("nz.json"),
        TemplateKey::Of(Partner::UnitedKingdom) => include_str!("gb.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, Template};
    use super::*;
    use crate::agreement::{Element, from_file};
    use crate::partner_query::field::Field;

    fn read(key: TemplateKey) -> Template {
        Template::in_use(key).unwrap()
    }

    #[test]
    fn each_can_be_used_and_says_what_is_made_up() {
        for key in TemplateKey::ALL {
            let template = read(key);
            assert_eq!((template.id().key, template.id().version.get()), (key, 1));
            assert!(template.note().contains("Fact: ") && template.note().contains("Example: "), "{key:?}");
            assert!(!template.title().is_empty());
        }
    }

    #[test]
    fn the_uniform_one_loses_nothing_and_each_countrys_own_something() {
        for key in TemplateKey::ALL {
            let template = read(key);
            let lost: Vec<_> = Kind::ALL.into_iter().flat_map(|kind| template.lost(kind)).collect();
            assert_eq!(lost.is_empty(), key == TemplateKey::Uniform, "{key:?}: {lost:?}");
        }
        assert_eq!(read(TemplateKey::Of(Partner::Australia)).lost(Kind::Request), [Field::Alias]);
    }

    /// What an agreement lets be told, its partner's template can say.
    #[test]
    fn each_has_a_place_for_what_its_agreement_lets_be_told() {
        for partner in Partner::ALL {
            let lost = read(TemplateKey::Of(partner)).lost(Kind::Reply);
            let agreement = from_file(crate::agreement::starter(partner).as_bytes()).unwrap();
            let told = agreement.capabilities.iter().flat_map(|capability| &capability.elements).map(|row| row.element);
            let homeless: Vec<Element> = told.filter(|element| lost.contains(&Field::Told(*element))).collect();
            assert_eq!(homeless, [], "{partner:?}");
        }
    }
}
