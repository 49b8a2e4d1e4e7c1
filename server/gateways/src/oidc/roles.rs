use std::collections::BTreeSet;

use shared::identity::Role;
use shared::office::OfficeCode;
use thiserror::Error;

/// The place of the office's code, in both halves of a rule.
const OFFICE: &str = "{office}";

/// Which role at which office a value of the provider's claim stands for: `portico-iio-{office}=iio@{office};Portico Audit=auditor@HQ`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRules(Vec<Rule>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    value: Pattern,
    role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pattern {
    /// One value, one office.
    Exactly { value: String, office: OfficeCode },
    /// The office's code stands between these, in capitals or small letters.
    OfficeBetween { before: String, after: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RoleRulesError {
    #[error("\"{0}\" is not a rule as portico-iio-{{office}}=iio@{{office}} or Portico Audit=auditor@HQ")]
    Malformed(String),
    #[error("\"{0}\" is not a role: {roles}", roles = Role::ALL.map(Role::key).join(", "))]
    Role(String),
    #[error("\"{0}\" is not an office's code, nor {{office}} as it stands before the =")]
    Office(String),
}

impl RoleRules {
    /// Reads rules with semicolons between. What stands before the last `=` of a rule is the claim's value, so that names of a
    /// directory (`CN=...,OU=...`) need no quotes.
    pub fn parse(text: &str) -> Result<Self, RoleRulesError> {
        let rules = text.split(';').map(str::trim).filter(|rule| !rule.is_empty());
        rules.map(Rule::parse).collect::<Result<_, _>>().map(Self)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What somebody with these values is, each once. Values that no rule knows are the provider's own business.
    pub(super) fn granted<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> Vec<(Role, OfficeCode)> {
        let granted = values.into_iter().flat_map(|value| self.0.iter().filter_map(|rule| rule.granted(value)));
        granted.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Rule {
    fn parse(text: &str) -> Result<Self, RoleRulesError> {
        let malformed = || RoleRulesError::Malformed(text.to_owned());
        let (value, grant) = text.rsplit_once('=').ok_or_else(malformed)?;
        let (role, office) = grant.split_once('@').ok_or_else(malformed)?;
        let (value, role, office) = (value.trim(), role.trim(), office.trim());
        if value.is_empty() {
            return Err(malformed());
        }
        let role = Role::from_key(role).ok_or_else(|| RoleRulesError::Role(role.to_owned()))?;
        Ok(Self { value: Pattern::parse(value, office)?, role })
    }

    fn granted(&self, value: &str) -> Option<(Role, OfficeCode)> {
        let office = match &self.value {
            Pattern::Exactly { value: expected, office } => (value == expected).then(|| office.clone()),
            Pattern::OfficeBetween { before, after } => {
                let code = value.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?;
                OfficeCode::parse(&code.to_ascii_uppercase()).ok()
            }
        };
        Some((self.role, office?))
    }
}

impl Pattern {
    fn parse(value: &str, office: &str) -> Result<Self, RoleRulesError> {
        let wrong = |_| RoleRulesError::Office(office.to_owned());
        match (value.split_once(OFFICE), office) {
            (Some((before, after)), OFFICE) if !after.contains(OFFICE) => {
                Ok(Self::OfficeBetween { before: before.to_owned(), after: after.to_owned() })
            }
            (None, code) => OfficeCode::parse(code).map(|office| Self::Exactly { value: value.to_owned(), office }).map_err(wrong),
            _ => Err(RoleRulesError::Office(office.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(rules: &str, values: &[&str]) -> Vec<(Role, String)> {
        let granted = RoleRules::parse(rules).unwrap().granted(values.iter().copied());
        granted.into_iter().map(|(role, office)| (role, office.as_str().to_owned())).collect()
    }

    #[test]
    fn a_value_is_a_role_at_an_office() {
        let rules =
            "portico-iio-{office}=iio@{office}; CN=Portico SIIO,OU={office},DC=agency=siio@{office};Portico Audit=auditor@HQ;";
        assert_eq!(granted(rules, &["portico-iio-NBC"]), [(Role::Iio, "NBC".into())]);
        assert_eq!(granted(rules, &["portico-iio-nbc", "portico-iio-NBC"]), [(Role::Iio, "NBC".into())], "each once");
        assert_eq!(granted(rules, &["CN=Portico SIIO,OU=LIN,DC=agency"]), [(Role::Siio, "LIN".into())]);
        let several = granted(rules, &["everybody", "portico-iio-LIN", "Portico Audit"]);
        assert_eq!(several, [(Role::Iio, "LIN".into()), (Role::Auditor, "HQ".into())]);
    }

    #[test]
    fn what_no_rule_knows_grants_nothing() {
        let rules = "portico-iio-{office}=iio@{office};Portico Audit=auditor@HQ";
        for value in
            ["", "portico-iio-", "portico-iio-NOWHERE", "portico-iio-N C", "x-portico-iio-NBC", "portico audit", "Portico Audit "]
        {
            assert_eq!(granted(rules, &[value]), [], "{value}");
        }
        // A prefix and a suffix that would overlap.
        assert_eq!(granted("a{office}a=iio@{office}", &["a"]), []);
    }

    #[test]
    fn slips_in_rules_are_named() {
        let error = |rules: &str| RoleRules::parse(rules).unwrap_err();
        assert_eq!(error("portico"), RoleRulesError::Malformed("portico".into()));
        assert_eq!(error("a=iio"), RoleRulesError::Malformed("a=iio".into()));
        assert_eq!(error("=iio@NBC"), RoleRulesError::Malformed("=iio@NBC".into()));
        assert_eq!(error("a=boss@NBC"), RoleRulesError::Role("boss".into()));
        assert_eq!(error("a=iio@nbc"), RoleRulesError::Office("nbc".into()));
        assert_eq!(error("a=iio@{office}"), RoleRulesError::Office("{office}".into()));
        assert_eq!(error("a-{office}=iio@NBC"), RoleRulesError::Office("NBC".into()));
        assert!(error("a=boss@NBC").to_string().contains("tier_1_agent, tier_2_agent, iio"));
    }
}
