//! What the file must keep: nobody may meet a form that asks too much, asks in vain, or has no words.

use shared::e_request::{Answers, Asked, CASE, Field, FieldKind, Need, Route, Rule, Wait};
use shared::service_request::RequestKind;

use super::file::{Both, RawField, RawFile};
use super::{Catalogue, Wording};

/// So many answers may be needed of an applicant; the commonest kind of request may not even show more.
const MOST_FIELDS: usize = 12;
/// Asked by the program itself, whatever the kind.
const OWN: [Field; 2] = [Field::Requester, Field::RepresentativeName];
/// Every request is found again by these.
const KEPT_BY: [Field; 2] = [Field::FamilyName, Field::BirthDate];
const COMMONEST: RequestKind = RequestKind::OutsideNormalTime;

/// Passes on a rule that can be kept.
pub(super) fn rule(rule: Rule) -> Result<Rule, String> {
    let all = rule.all_asked(&Answers::default());
    asked_once(&rule)?;
    one_of(&rule)?;
    if let Some(field) = KEPT_BY.into_iter().find(|field| !rule.person.contains(&Asked::needed(*field))) {
        return Err(format!("person must ask \"{}\": a request is found again by it", field.key()));
    }
    if rule.contact.iter().all(|asked| asked.need == Need::Optional) {
        return Err("contact must need something, or nobody could be answered".into());
    }
    let asks = |field: Field| all.iter().any(|asked| asked.field == field);
    if asks(Field::PrintedText) != asks(Field::CorrectText) {
        return Err("\"printed_text\" and \"correct_text\" stand side by side, or neither is asked".into());
    }
    let needed = all.iter().filter(|asked| asked.need == Need::Needed).count();
    let needed = needed + usize::from(all.iter().any(|asked| asked.need == Need::OneOf));
    if needed > MOST_FIELDS {
        return Err(format!("{needed} fields are needed, and {MOST_FIELDS} may be"));
    }
    if rule.kind == COMMONEST && all.len() > MOST_FIELDS {
        return Err(format!("{} fields are shown, and of the commonest kind {MOST_FIELDS} may be", all.len()));
    }
    if !(1..=365).contains(&rule.target.days) {
        return Err("target.days must lie between 1 and 365".into());
    }
    waits(rule.wait)?;
    routes(&rule.routes)?;
    Ok(rule)
}

fn asked_once(rule: &Rule) -> Result<(), String> {
    let by_program = OWN.into_iter().chain(CASE.map(|asked| asked.field));
    let mut seen: Vec<Field> = by_program.collect();
    for asked in [&rule.issue, &rule.person, &rule.contact].into_iter().flatten() {
        if seen.contains(&asked.field) {
            return Err(format!("\"{}\" is asked twice", asked.field.key()));
        }
        seen.push(asked.field);
    }
    Ok(())
}

fn one_of(rule: &Rule) -> Result<(), String> {
    let pages = [&rule.issue, &rule.person, &rule.contact];
    let with_choice = pages.into_iter().filter(|page| page.iter().any(|asked| asked.need == Need::OneOf)).count();
    if with_choice > 1 { Err("only one page may have a \"name|name\"".into()) } else { Ok(()) }
}

fn waits(wait: Wait) -> Result<(), String> {
    let Wait::Mailed { days, unsent_days, .. } = wait else { return Ok(()) };
    if [days, unsent_days].iter().all(|days| (1..=3650).contains(days)) {
        return Ok(());
    }
    Err("wait.days and wait.unsent_days must lie between 1 and 3650".into())
}

fn routes(routes: &[Route]) -> Result<(), String> {
    if routes.is_empty() {
        return Err("routes must name one".into());
    }
    if routes.iter().enumerate().any(|(at, route)| routes[..at].contains(route)) {
        return Err("a route stands twice".into());
    }
    let leads_always = |route: &Route| matches!(route, Route::Office(_));
    if routes.split_last().is_some_and(|(_, before)| before.iter().any(leads_always)) {
        return Err("what stands behind an office is never reached".into());
    }
    Ok(())
}

/// Every text is there in both languages, with nothing around it.
pub(super) fn texts(raw: &RawFile) -> Result<(), String> {
    list("The file", &raw.at_hand)?;
    for (field, words) in &raw.field {
        let at = format!("Field {}", field.key());
        words.texts().into_iter().try_for_each(|(name, both)| text(&at, name, both))?;
        words.choices.iter().try_for_each(|(key, both)| text(&at, key, both))?;
    }
    for wording in &raw.wording {
        let at = format!("Wording of {}", wording.field.key());
        let own = raw.field.get(&wording.field).ok_or_else(|| format!("{at}: the field has no words of its own."))?;
        own.clone().with(wording).texts().into_iter().try_for_each(|(name, both)| text(&at, name, both))?;
    }
    for kind in &raw.kind {
        let at = format!("Kind {}", kind.kind.key());
        text(&at, "title", &kind.title)?;
        text(&at, "description", &kind.description)?;
        kind.lead.iter().try_for_each(|lead| text(&at, "lead", lead))?;
        kind.at_hand.iter().try_for_each(|at_hand| list(&at, at_hand))?;
    }
    Ok(())
}

fn list(at: &str, both: &Both<Vec<String>>) -> Result<(), String> {
    if both.en.len() != both.es.len() {
        return Err(format!("{at}: at_hand needs both languages."));
    }
    both.en.iter().chain(&both.es).try_for_each(|entry| words(at, "at_hand", entry))
}

fn text(at: &str, name: &str, both: &Both) -> Result<(), String> {
    [&both.en, &both.es].into_iter().try_for_each(|text| words(at, name, text))
}

fn words(at: &str, name: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!("{at}: {name} needs both languages."));
    }
    if text.trim() != text {
        return Err(format!("{at}: {name} begins or ends with a blank."));
    }
    Ok(())
}

/// Every field has the words that its kind can need, and no others.
pub(super) fn fields(catalogue: &Catalogue) -> Result<(), String> {
    for field in Field::ALL {
        let at = |reason: String| format!("Field {}: {reason}.", field.key());
        let words = catalogue.fields.get(&field).ok_or_else(|| at("it has no words".into()))?;
        choices(field, words).map_err(at)?;
        let is_typed = !matches!(field.kind(), FieldKind::Choice(_) | FieldKind::Country);
        let is_text = matches!(field.kind(), FieldKind::Line(_) | FieldKind::Lines(_));
        only_if(is_typed, "wrong", words.wrong.as_ref()).map_err(at)?;
        only_if(is_text, "too_long", words.too_long.as_ref()).map_err(at)?;
        only_if(is_first_of_several(catalogue, field), "none_given", words.none_given.as_ref()).map_err(at)?;
    }
    Ok(())
}

fn choices(field: Field, words: &RawField) -> Result<(), String> {
    let keys: &[&str] = if let FieldKind::Choice(keys) = field.kind() { keys } else { &[] };
    if let Some(key) = keys.iter().find(|key| !words.choices.contains_key(**key)) {
        return Err(format!("the choice \"{key}\" has no words"));
    }
    match words.choices.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(format!("there is no choice \"{key}\"")),
        None => Ok(()),
    }
}

fn only_if(is_said: bool, name: &str, text: Option<&Both>) -> Result<(), String> {
    match (is_said, text) {
        (true, None) => Err(format!("it needs \"{name}\"")),
        (false, Some(_)) => Err(format!("\"{name}\" is never said")),
        _ => Ok(()),
    }
}

fn is_first_of_several(catalogue: &Catalogue, field: Field) -> bool {
    let is_first = |rule: &Rule| {
        let all = rule.all_asked(&Answers::default());
        all.iter().find(|asked| asked.need == Need::OneOf).is_some_and(|asked| asked.field == field)
    };
    catalogue.rules(None).any(|(_, rule)| is_first(rule))
}

/// Each exception is met by somebody, and says something else.
pub(super) fn wordings(catalogue: &Catalogue) -> Result<(), String> {
    for (index, wording) in catalogue.wordings.iter().enumerate() {
        let at = |reason: &str| format!("Wording of {}{}: {reason}.", wording.raw.field.key(), whom(wording));
        if wording.raw.kind.is_none() && wording.forms.is_empty() {
            return Err(at("it names neither a kind nor a form"));
        }
        if catalogue.wordings[..index].iter().any(|other| is_same(other, wording)) {
            return Err(at("it stands twice"));
        }
        if !is_asked(catalogue, wording) {
            return Err(at("the field is not asked there"));
        }
        let own = &catalogue.fields[&wording.raw.field];
        let with = own.clone().with(&wording.raw);
        if with == *own {
            return Err(at("it changes nothing"));
        }
        let says_never = |own: &Option<Both>, with: &Option<Both>| own.is_none() && with.is_some();
        if says_never(&own.wrong, &with.wrong)
            || says_never(&own.too_long, &with.too_long)
            || says_never(&own.none_given, &with.none_given)
        {
            return Err(at("one of its texts is never said"));
        }
    }
    Ok(())
}

fn whom(wording: &Wording) -> String {
    let kind = wording.raw.kind.map(|kind| format!(" for {}", kind.key())).unwrap_or_default();
    if wording.forms.is_empty() { kind } else { format!("{kind} for {}", wording.raw.forms.join(", ")) }
}

/// Both speak of a field for the same kind, and share a form.
fn is_same(one: &Wording, other: &Wording) -> bool {
    let shares_form = one.forms.iter().any(|form| other.forms.contains(form)) || (one.forms.is_empty() && other.forms.is_empty());
    one.raw.field == other.raw.field && one.raw.kind == other.raw.kind && shares_form
}

fn is_asked(catalogue: &Catalogue, wording: &Wording) -> bool {
    let asks = |rule: &Rule| {
        let field = wording.raw.field;
        OWN.contains(&field) || rule.all_asked(&Answers::default()).iter().any(|asked| asked.field == field)
    };
    let rules = || catalogue.rules(wording.raw.kind);
    if wording.forms.is_empty() {
        return rules().any(|(_, rule)| asks(rule));
    }
    let kinds: Vec<RequestKind> = catalogue.kinds().filter(|kind| wording.raw.kind.is_none_or(|of| of == *kind)).collect();
    wording.forms.iter().all(|form| kinds.iter().any(|kind| catalogue.rule(*kind, Some(form)).is_some_and(asks)))
}
