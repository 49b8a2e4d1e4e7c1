//! Templates of the reference texts: plain text with `{placeholders}`, and `[optional parts]` that are dropped when one of
//! their placeholders has no value.

/// A value that a text may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    Date,
    FormLongName,
    ReceiptNumber,
    Deadline,
    Office,
    TrackingNumber,
    Document,
    Notice,
    AppointmentDate,
    AppointmentTime,
    AppointmentOffice,
}

impl Placeholder {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "date" => Self::Date,
            "form_long_name" => Self::FormLongName,
            "receipt_number" => Self::ReceiptNumber,
            "deadline" => Self::Deadline,
            "office" => Self::Office,
            "tracking_number" => Self::TrackingNumber,
            "document" => Self::Document,
            "notice" => Self::Notice,
            "appointment_date" => Self::AppointmentDate,
            "appointment_time" => Self::AppointmentTime,
            "appointment_office" => Self::AppointmentOffice,
            _ => return None,
        })
    }

    /// Whether every event has this value; the others may stand in optional parts only.
    const fn is_always_known(self) -> bool {
        matches!(self, Self::Date | Self::FormLongName | Self::ReceiptNumber)
    }
}

/// A parsed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Value(Placeholder),
    Optional(Vec<Part>),
}

impl Template {
    /// Parses a text; `has_deadline` allows `{deadline}`.
    ///
    /// # Errors
    /// What is wrong and how to mend it.
    pub fn parse(text: &str, has_deadline: bool) -> Result<Self, String> {
        let mut rest = text;
        let parts = parse_parts(&mut rest, false)?;
        check(&parts, has_deadline, false)?;
        Ok(Self(parts))
    }

    /// Fills in the values.
    pub fn render<'v>(&self, value: &impl Fn(Placeholder) -> Option<std::borrow::Cow<'v, str>>) -> String {
        let mut text = String::new();
        for part in &self.0 {
            // A value that is always known and yet is not leaves a gap rather than no status.
            render_part(part, value, &mut text).unwrap_or_default();
        }
        text
    }
}

fn render_part<'v>(
    part: &Part,
    value: &impl Fn(Placeholder) -> Option<std::borrow::Cow<'v, str>>,
    text: &mut String,
) -> Option<()> {
    match part {
        // `a.m.` at the end of a sentence is its full stop too.
        Part::Literal(literal) if text.ends_with('.') => text.push_str(literal.strip_prefix('.').unwrap_or(literal)),
        Part::Literal(literal) => text.push_str(literal),
        Part::Value(placeholder) => text.push_str(&value(*placeholder)?),
        Part::Optional(parts) => {
            let before = text.len();
            if parts.iter().try_for_each(|part| render_part(part, value, text)).is_none() {
                text.truncate(before);
            }
        }
    }
    Some(())
}

fn parse_parts(rest: &mut &str, inside: bool) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    loop {
        let at = rest.find(['{', '}', '[', ']']).unwrap_or(rest.len());
        let (literal, tail) = rest.split_at(at);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        *rest = tail.get(1..).unwrap_or("");
        match tail.chars().next() {
            None if inside => return Err("a [ has no ]".into()),
            None => return Ok(parts),
            Some('{') => {
                let (name, after) = rest.split_once('}').ok_or("a { has no }")?;
                let placeholder = Placeholder::from_name(name).ok_or_else(|| format!("{{{name}}} is not a known placeholder"))?;
                parts.push(Part::Value(placeholder));
                *rest = after;
            }
            Some('[') if inside => return Err("an optional part stands in another".into()),
            Some('[') => parts.push(Part::Optional(parse_parts(rest, true)?)),
            Some(']') if inside => return Ok(parts),
            Some(other) => return Err(format!("a {other} stands alone")),
        }
    }
}

fn check(parts: &[Part], has_deadline: bool, inside: bool) -> Result<(), String> {
    for part in parts {
        match part {
            Part::Value(Placeholder::Deadline) if !has_deadline => return Err("{deadline} needs deadline_days".into()),
            Part::Value(placeholder) if !inside && !placeholder.is_always_known() => {
                return Err(format!("{placeholder:?} may be unknown: put its sentence into [ ]"));
            }
            Part::Optional(parts) => check(parts, has_deadline, true)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::borrow::Cow;

    fn render(text: &str, office: Option<&'static str>) -> String {
        Template::parse(text, true).unwrap().render(&|placeholder| match placeholder {
            Placeholder::Date => Some(Cow::Borrowed("May 5, 2026")),
            Placeholder::Office => office.map(Cow::Borrowed),
            _ => None,
        })
    }

    #[test]
    fn an_optional_part_stands_only_with_all_its_values() {
        let text = "On {date}, we moved your case[ to {office}[]".replace("[]", "]");
        assert_eq!(render(&format!("{text}."), Some("Miami")), "On May 5, 2026, we moved your case to Miami.");
        assert_eq!(render(&format!("{text}."), None), "On May 5, 2026, we moved your case.");
        assert_eq!(render("[{date}: {office}. ]Done.", None), "Done.");
    }

    #[test]
    fn a_value_that_ends_with_a_full_stop_ends_the_sentence() {
        let template = Template::parse("[Time: {appointment_time}. ]Place.", false).unwrap();
        assert_eq!(template.render(&|_| Some(Cow::Borrowed("2:30 p.m."))), "Time: 2:30 p.m. Place.");
    }

    #[test]
    fn broken_templates_are_refused_with_a_reason() {
        for (text, says) in [
            ("{", "no }"),
            ("}", "alone"),
            ("[x", "no ]"),
            ("x]", "alone"),
            ("[a [b]]", "stands in another"),
            ("{name}", "not a known placeholder"),
            ("by {deadline}", "needs deadline_days"),
            ("at {office}", "put its sentence into [ ]"),
        ] {
            let error = Template::parse(text, false).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
        let error = Template::parse("Call us by {deadline}.", true).unwrap_err();
        assert!(error.contains("put its sentence into [ ]"), "a deadline passes: {error}");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-z{}\\[\\]é]{0,40}") {
            if let Ok(template) = Template::parse(&text, true) {
                let _ = template.render(&|_| None);
            }
        }
    }
}
