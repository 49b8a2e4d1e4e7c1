//! The forms in which partners and we write to each other.

use shared::partner_query::{Template, TemplateKey};

use crate::{Action, Error, Officer};

/// Every form in use: the uniform one, and each partner's own.
pub fn templates(officer: &Officer) -> Result<Vec<Template>, Error> {
    officer.check_somewhere(Action::ReadAgreements)?;
    TemplateKey::ALL.into_iter().map(|key| Template::in_use(key).map_err(|_| Error::Internal)).collect()
}
