//! The forms in which countries write their requests and replies.

use std::num::NonZeroU32;

use crate::agreement::Partner;

/// Whose form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TemplateKey {
    /// The one for all, which the assessment says is being made.
    Uniform,
    /// A partner's own, carried over from the exchange by e-mail.
    Of(Partner),
}

impl TemplateKey {
    pub const ALL: [Self; 5] = [
        Self::Uniform,
        Self::Of(Partner::Australia),
        Self::Of(Partner::Canada),
        Self::Of(Partner::NewZealand),
        Self::Of(Partner::UnitedKingdom),
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Of(partner) => partner.key(),
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|template| template.key() == key)
    }
}

/// A form in one version. Each version is kept: a message names the one in which it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateId {
    pub key: TemplateKey,
    pub version: NonZeroU32,
}
