//! A waiver with its paper, as the form brings it.

use chrono::NaiveDate;
use domain::Error;
use domain::waiver::{self, Proposed};
use shared::agreement::Partner;
use shared::protection::{Waiver, WaiverId, WaiverKind};
use uuid::Uuid;

use super::kept::{TypedWaiver, refused};
use super::words;
use crate::console::context::AtWork;
use crate::console::site::{AGAIN, leading_on};

/// Why there is no paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPaper {
    NotChosen,
    TooLarge,
}

/// Proposes a waiver with the SHA-256 of its paper; else the page on which it is said why not, with what was typed.
pub async fn proposed(
    at_work: &AtWork,
    fields: &[(String, String)],
    paper: Result<[u8; 32], NoPaper>,
) -> Result<Result<(), String>, Error> {
    let typed = typed(fields);
    let (mut wrong, is_stale) = match propose(at_work, &typed, paper).await {
        Ok(Ok(())) => return Ok(Ok(())),
        Ok(Err(wrong)) => (wrong, false),
        Err(Error::StepUp) => (vec![words::STALE.to_owned()], true),
        Err(error) => return Err(error),
    };
    if paper.is_ok() {
        wrong.push(words::FILE_AGAIN.to_owned());
    }
    let page = refused(at_work, &TypedWaiver { wrong, ..typed }).await?;
    Ok(Err(if is_stale { leading_on(AGAIN, Some(&page)) } else { page }))
}

fn typed(fields: &[(String, String)]) -> TypedWaiver {
    let all = |name: &str| fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect::<Vec<_>>();
    let one = |name: &str| all(name).into_iter().next().unwrap_or_default();
    TypedWaiver {
        kind: one("kind"),
        person: one("person"),
        classes: all("classes"),
        partners: all("partners"),
        from: one("from"),
        to: one("to"),
        wrong: Vec::new(),
    }
}

/// Proposes it, or gives all that is wrong with it.
async fn propose(
    at_work: &AtWork,
    typed: &TypedWaiver,
    paper: Result<[u8; 32], NoPaper>,
) -> Result<Result<(), Vec<String>>, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    let read = read(typed, WaiverId::new(ctx.clock.new_id()));
    let (waiver, profile, paper) = match (read, paper) {
        (Ok((waiver, profile)), Ok(paper)) => (waiver, profile, paper),
        (read, paper) => {
            let no_paper = paper.err().map(|why| words::no_paper(why).to_owned());
            return Ok(Err(read.err().unwrap_or_default().into_iter().chain(no_paper).collect()));
        }
    };
    Ok(match waiver::propose(ctx, officer, &waiver, profile, paper).await? {
        Proposed::Waits => Ok(()),
        Proposed::NotOnePersons => Err(vec![words::NO_PERSON.to_owned()]),
        Proposed::Nobody => Err(vec![words::NOBODY.to_owned()]),
    })
}

/// What was typed as a waiver, and whose consent it is; or all that is wrong with it.
fn read(typed: &TypedWaiver, id: WaiverId) -> Result<(Waiver, Option<Uuid>), Vec<String>> {
    let day = |text: &str| text.trim().parse::<NaiveDate>().ok();
    let is_typed = |text: &str| !text.trim().is_empty();
    let kind = WaiverKind::from_key(&typed.kind);
    let profile = profile_in(&typed.person);
    let (from, to) = (day(&typed.from), day(&typed.to));
    let faults = [
        (kind.is_none(), words::NO_KIND),
        (kind == Some(WaiverKind::Consent) && profile.is_none(), words::NO_PERSON),
        (kind.is_some_and(|kind| kind != WaiverKind::Consent) && is_typed(&typed.person), words::NO_CONSENT),
        (from.is_none(), words::NO_FIRST_DAY),
        (to.is_none() && is_typed(&typed.to), words::NO_LAST_DAY),
    ];
    let mut wrong: Vec<String> = faults.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, words)| words.to_owned()).collect();
    let classes = words::classes().filter(|class| typed.classes.iter().any(|key| key == class.key())).collect();
    let partners = typed.partners.iter().filter_map(|key| Partner::from_key(key)).collect();
    // In place of what is missing stands what refuses nothing, so that the rest is looked at too.
    let (kind, from) = (kind.unwrap_or(WaiverKind::Statute), from.unwrap_or(NaiveDate::MIN));
    match Waiver::new(id, kind, classes, partners, from, to) {
        Ok(waiver) if wrong.is_empty() => Ok((waiver, profile)),
        Ok(_) => Err(wrong),
        Err(faults) => {
            wrong.extend(faults.into_iter().map(words::fault));
            Err(wrong)
        }
    }
}

/// The profile that an address names, or a text that is its id.
fn profile_in(text: &str) -> Option<Uuid> {
    text.trim().split(['/', '?', '#']).find_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use shared::protection::Class;

    use super::*;

    const PROFILE: Uuid = Uuid::from_u128(7);

    fn typed(kind: WaiverKind, person: &str, classes: &[Class]) -> TypedWaiver {
        TypedWaiver {
            kind: kind.key().into(),
            person: person.into(),
            classes: classes.iter().map(|class| class.key().to_owned()).collect(),
            partners: vec!["CA".into()],
            from: "2026-03-10".into(),
            ..TypedWaiver::default()
        }
    }

    fn read(typed: &TypedWaiver) -> Result<(Waiver, Option<Uuid>), Vec<String>> {
        super::read(typed, WaiverId::new(Uuid::from_u128(1)))
    }

    #[test]
    fn a_consent_names_a_profile_by_its_address_or_its_id() {
        for person in [
            format!(" {PROFILE} "),
            format!("/console/profiles/{PROFILE}"),
            format!("https://console.example/console/profiles/{PROFILE}/biometrics?kept=x"),
        ] {
            let (waiver, profile) = read(&typed(WaiverKind::Consent, &person, &[Class::Vawa])).unwrap();
            assert_eq!((waiver.kind(), profile), (WaiverKind::Consent, Some(PROFILE)), "{person}");
        }
        for nobody in ["", "Ana Ejemplo", "/console/profiles"] {
            let wrong = read(&typed(WaiverKind::Consent, nobody, &[Class::Vawa])).unwrap_err();
            assert_eq!(wrong, [words::NO_PERSON], "{nobody}");
        }
        assert_eq!(read(&typed(WaiverKind::Statute, "somebody", &[Class::Tps])).unwrap_err(), [words::NO_CONSENT]);
        assert_eq!(read(&typed(WaiverKind::Statute, " ", &[Class::Tps])).unwrap().1, None);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let wrong = read(&TypedWaiver { to: "soon".into(), ..TypedWaiver::default() }).unwrap_err();
        assert_eq!(wrong.len(), 5, "{wrong:?}");
        let memorandum = typed(WaiverKind::SecretaryMemorandum, "", &[Class::Asylum, Class::Vawa]);
        let wrong = read(&TypedWaiver { to: "2026-03-10".into(), partners: Vec::new(), ..memorandum }).unwrap_err();
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert!(wrong[2].contains("never VAWA"), "{wrong:?}");
    }

    #[test]
    fn what_no_waiver_lifts_cannot_be_ticked() {
        let offered: Vec<Class> = words::classes().collect();
        assert!(offered.contains(&Class::Asylum) && offered.contains(&Class::Vawa));
        for class in [Class::Ordinary, Class::Witness, Class::Sealed, Class::Nacara, Class::Unknown] {
            assert!(!offered.contains(&class), "{class:?}");
            assert!(read(&typed(WaiverKind::Statute, "", &[class])).is_err(), "{class:?}");
        }
    }
}
