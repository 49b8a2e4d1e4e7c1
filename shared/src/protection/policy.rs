//! The policy: class x channel, as data. A change here is a change of policy: raise [`POLICY_VERSION`] and have it reviewed.

use super::{Channel, Class, Outcome};

/// Version of the class table, of this policy and of that towards partners, for the records that say on what a decision rested.
pub const POLICY_VERSION: u32 = 1;

/// One class and its outcome on each channel.
#[derive(Debug)]
pub struct PolicyRow {
    pub class: Class,
    pub public: Outcome,
    pub api: Outcome,
    pub telephone: Outcome,
    pub console: Outcome,
}

use Outcome::{Hide, Refer, Show};

/// Asylum, refugee, TPS, legalization and NACARA cases are shown to whoever holds the receipt number, as the agency does;
/// they are withheld from partners. S cases are those of witnesses and informants (8 CFR 214.2(t)): hidden.
#[rustfmt::skip]
pub const POLICY: [PolicyRow; 12] = [
    PolicyRow { class: Class::Ordinary,     public: Show, api: Show, telephone: Show, console: Show  },
    PolicyRow { class: Class::Vawa,         public: Hide, api: Hide, telephone: Hide, console: Refer },
    PolicyRow { class: Class::Trafficking,  public: Hide, api: Hide, telephone: Hide, console: Refer },
    PolicyRow { class: Class::CrimeVictim,  public: Hide, api: Hide, telephone: Hide, console: Refer },
    PolicyRow { class: Class::Witness,      public: Hide, api: Hide, telephone: Hide, console: Refer },
    PolicyRow { class: Class::Sealed,       public: Hide, api: Hide, telephone: Hide, console: Refer },
    PolicyRow { class: Class::Asylum,       public: Show, api: Show, telephone: Show, console: Show  },
    PolicyRow { class: Class::Refugee,      public: Show, api: Show, telephone: Show, console: Show  },
    PolicyRow { class: Class::Tps,          public: Show, api: Show, telephone: Show, console: Show  },
    PolicyRow { class: Class::Legalization, public: Show, api: Show, telephone: Show, console: Show  },
    PolicyRow { class: Class::Nacara,       public: Show, api: Show, telephone: Show, console: Show  },
    PolicyRow { class: Class::Unknown,      public: Hide, api: Hide, telephone: Hide, console: Refer },
];

pub(super) fn outcome(class: Class, channel: Channel) -> Outcome {
    let Some(row) = POLICY.iter().find(|row| row.class == class) else { return Hide };
    match channel {
        Channel::Public => row.public,
        Channel::Api => row.api,
        Channel::Telephone => row.telephone,
        Channel::Console => row.console,
    }
}
