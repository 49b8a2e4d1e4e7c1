//! The policy towards partners: class x partner x purpose, as data.

use super::super::Class;
use super::waiver::WaiverKind;
use crate::agreement::{Partner, Purpose};

/// What the policy says of a class towards a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnerRule {
    Share,
    /// Shared under a waiver of one of these kinds; without one as [`PartnerRule::NoMatch`].
    ShareWithWaiver(&'static [WaiverKind]),
    Refer,
    /// A waiver of one of these kinds lets counsel decide, and no more; without one as [`PartnerRule::NoMatch`].
    ReferWithWaiver(&'static [WaiverKind]),
    /// As if we did not know the person.
    NoMatch,
}

/// One class and its rule: towards one partner or all, for one purpose or all.
#[derive(Debug)]
pub struct PartnerPolicyRow {
    pub class: Class,
    /// None: towards all.
    pub partner: Option<Partner>,
    /// None: for all.
    pub purpose: Option<Purpose>,
    pub rule: PartnerRule,
}

pub(super) const fn everywhere(class: Class, rule: PartnerRule) -> PartnerPolicyRow {
    PartnerPolicyRow { class, partner: None, purpose: None, rule }
}

use PartnerRule::{NoMatch, Refer, ReferWithWaiver, Share, ShareWithWaiver};
use WaiverKind::{Consent, SecretaryMemorandum, Statute};

/// Class x partner x purpose. A row for a partner or a purpose goes before one for all; of two that are as special, the more closed
/// one counts; a class without a row is not told of. A change here is a change of policy: raise [`crate::protection::POLICY_VERSION`].
#[rustfmt::skip]
pub const PARTNER_POLICY: [PartnerPolicyRow; 12] = [
    everywhere(Class::Ordinary,     Share),
    // 8 USC 1367(b) knows a waiver by the adult, and other exceptions by statute. Whether one reaches as far as a foreign
    // government is for counsel, each time. No memorandum lifts it.
    everywhere(Class::Vawa,         ReferWithWaiver(&[Consent, Statute])),
    everywhere(Class::Trafficking,  ReferWithWaiver(&[Consent, Statute])),
    everywhere(Class::CrimeVictim,  ReferWithWaiver(&[Consent, Statute])),
    everywhere(Class::Witness,      NoMatch),
    everywhere(Class::Sealed,       NoMatch),
    // 8 CFR 208.6(a): written consent, or the Secretary's authorization (the memoranda of 2010 and 2016).
    everywhere(Class::Asylum,       ShareWithWaiver(&[SecretaryMemorandum, Consent])),
    everywhere(Class::Refugee,      ShareWithWaiver(&[SecretaryMemorandum, Consent])),
    everywhere(Class::Tps,          ShareWithWaiver(&[Consent, Statute])),
    everywhere(Class::Legalization, ShareWithWaiver(&[Consent, Statute])),
    // No statute closes it, and many of its people sought asylum first.
    everywhere(Class::Nacara,       Refer),
    everywhere(Class::Unknown,      Refer),
];

/// The rule for a class towards a partner, for a purpose.
pub(super) fn rule(policy: &[PartnerPolicyRow], class: Class, partner: Partner, purpose: Purpose) -> PartnerRule {
    let is_about = |row: &&PartnerPolicyRow| {
        row.class == class && row.partner.is_none_or(|named| named == partner) && row.purpose.is_none_or(|named| named == purpose)
    };
    let weight = |row: &PartnerPolicyRow| (u8::from(row.partner.is_some()) + u8::from(row.purpose.is_some()), closedness(row.rule));
    policy.iter().filter(is_about).max_by_key(|row| weight(row)).map_or(NoMatch, |row| row.rule)
}

const fn closedness(rule: PartnerRule) -> u8 {
    match rule {
        Share => 0,
        ShareWithWaiver(_) => 1,
        Refer => 2,
        ReferWithWaiver(_) => 3,
        NoMatch => 4,
    }
}
