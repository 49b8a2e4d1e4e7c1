//! All that holds with one partner, or with IDENT, in one version.

use std::num::NonZeroU32;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::capability::Capability;
use super::enrolment::EnrolmentCapability;
use super::instrument::{Instrument, InstrumentKey, InstrumentKind};
use super::party::Party;

/// The number of a version of an agreement, from 1. Each version is kept: decisions name the one on which they rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgreementVersion(NonZeroU32);

impl AgreementVersion {
    pub const FIRST: Self = Self(NonZeroU32::MIN);

    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    pub const fn number(self) -> u32 {
        self.0.get()
    }

    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// Everything with one party in one version. A draft may be wrong in any way that the check finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    pub partner: Party,
    pub version: AgreementVersion,
    pub instruments: Vec<Instrument>,
    pub capabilities: Vec<Capability>,
    /// In the terms with IDENT alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enrolments: Vec<EnrolmentCapability>,
}

impl Agreement {
    /// What holds before anything was signed: nothing.
    pub const fn none(partner: Party) -> Self {
        Self {
            partner,
            version: AgreementVersion::FIRST,
            instruments: Vec::new(),
            capabilities: Vec::new(),
            enrolments: Vec::new(),
        }
    }

    pub fn instrument(&self, key: &InstrumentKey) -> Option<&Instrument> {
        self.instruments.iter().find(|instrument| instrument.key == *key)
    }

    /// Is one of the instruments on which a capability rests signed and in force on a day? A waiver memorandum is none: it lifts a bar
    /// of our own law, and no partner agreed to it.
    pub fn is_founded(&self, rests_on: &[InstrumentKey], on: NaiveDate) -> bool {
        let founds = |key| {
            self.instrument(key)
                .is_some_and(|instrument| instrument.kind != InstrumentKind::WaiverMemo && instrument.is_in_force(on))
        };
        rests_on.iter().any(founds)
    }
}
