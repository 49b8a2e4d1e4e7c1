//! Where an agreement and its versions are.

use axum::http::StatusCode;
use domain::Error;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use shared::agreement::{AgreementVersion, Party};

use crate::console::answer::segment;
use crate::console::layout::Layout;
use crate::console::problem::Problem;
use crate::console::site::AGREEMENTS;

pub fn partner_path(partner: Party) -> String {
    format!("{AGREEMENTS}/{}", partner.key())
}

pub fn version_path(partner: Party, version: AgreementVersion) -> String {
    format!("{}/versions/{}", partner_path(partner), version.number())
}

pub fn draft_path(partner: Party) -> String {
    format!("{}/draft", partner_path(partner))
}

/// A version as an address or a form names it.
pub fn version_at(text: &str) -> Option<AgreementVersion> {
    text.parse().ok().and_then(AgreementVersion::new)
}

/// The partner that the address of a page names.
pub fn partner_at_hand() -> Result<Party, Error> {
    segment(3).and_then(|key| Party::from_key(&key)).ok_or(Error::Refused)
}

/// The version that it names.
pub fn version_at_hand() -> Result<AgreementVersion, Error> {
    segment(5).and_then(|number| version_at(&number)).ok_or(Error::Refused)
}

/// A page, or why there is none.
pub fn shown(found: Result<AnyView, Error>, title: &'static str) -> AnyView {
    match found {
        Ok(page) => page,
        Err(Error::Refused) => {
            if let Some(response) = use_context::<ResponseOptions>() {
                response.set_status(StatusCode::NOT_FOUND);
            }
            view! {
                <Layout title="There is nothing here">
                    <p>"There is no such agreement, or your roles do not let you see it."</p>
                </Layout>
            }
            .into_any()
        }
        Err(error) => view! { <Layout title><Problem error/></Layout> }.into_any(),
    }
}
