//! What is to be done because of a change of address, as data.

use super::case_state::{CaseState, Hindrance};
use super::filing::{CaseAt, Filing};
use super::state::{ChangeState, OldReach, Proof};

/// Something to be done once. Jobs are made of these and known by [`Effect::key`], so that whoever works them out again does not
/// do them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// No card of the case is mailed. The job asks [`Filing::holds_cards_of`] again, as it may come late.
    HoldCards {
        case: CaseAt,
    },
    ReleaseCards {
        case: CaseAt,
    },
    SendCodeToContact,
    /// To the address on file, never to one that was typed.
    MailPinToOldAddress,
    AskAgent,
    UpdateMailingAddress {
        case: CaseAt,
        to: Side,
    },
    RedirectUnmailedPieces {
        case: CaseAt,
        to: Side,
    },
    UpdateOpenServiceRequests {
        case: CaseAt,
        to: Side,
    },
    TellCaseSystem {
        case: CaseAt,
        to: Side,
    },
    /// Never contains the new address.
    NoticeToOldContact(Notice),
    /// Falls away where the form names no contact.
    NoticeToNewContact(Notice),
}

/// An address of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    New,
    /// Back again, since the change was reversed.
    Old,
}

/// What a contact is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// The report was taken, and no case is changed by it.
    Recorded,
    /// Somebody asks for the change, and it waits for a proof.
    Waiting,
    Changed,
    /// No proof came, or somebody said no.
    NotChanged,
    Reversed,
}

impl Notice {
    pub const ALL: [Self; 5] = [Self::Recorded, Self::Waiting, Self::Changed, Self::NotChanged, Self::Reversed];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Waiting => "waiting",
            Self::Changed => "changed",
            Self::NotChanged => "not_changed",
            Self::Reversed => "reversed",
        }
    }
}

impl Effect {
    /// The key of the effect within its change: the same effect always has the same one, and no other has it. There is no
    /// personal data in it.
    pub fn key(self) -> String {
        match self {
            Self::HoldCards { case } => format!("hold_cards:{}", case.0),
            Self::ReleaseCards { case } => format!("release_cards:{}", case.0),
            Self::SendCodeToContact => "code_to_contact".to_owned(),
            Self::MailPinToOldAddress => "pin_to_old_address".to_owned(),
            Self::AskAgent => "ask_agent".to_owned(),
            Self::UpdateMailingAddress { case, to } => sided("mailing_address", case, to),
            Self::RedirectUnmailedPieces { case, to } => sided("unmailed_pieces", case, to),
            Self::UpdateOpenServiceRequests { case, to } => sided("service_requests", case, to),
            Self::TellCaseSystem { case, to } => sided("case_system", case, to),
            Self::NoticeToOldContact(notice) => format!("notice_to_old_contact:{}", notice.key()),
            Self::NoticeToNewContact(notice) => format!("notice_to_new_contact:{}", notice.key()),
        }
    }
}

fn sided(name: &str, case: CaseAt, to: Side) -> String {
    let side = match to {
        Side::New => "new",
        Side::Old => "old",
    };
    format!("{name}:{}:{side}", case.0)
}

impl Filing {
    /// All that is due in the present state, in the order in which it is to be done. What was due before and is done is among
    /// it, unless a later state made it pointless: the caller adds those whose key it has not had.
    pub fn effects(&self) -> Vec<Effect> {
        let mut effects = match self.state() {
            ChangeState::Pending { awaits, .. } => self.of_pending(awaits),
            ChangeState::Recorded { .. } => Vec::new(),
            ChangeState::Confirmed { .. } => self.of_mail(Side::New),
            ChangeState::Reversed { .. } => self.of_mail(Side::Old),
            ChangeState::Expired { .. } | ChangeState::Refused { .. } => self.of_released(),
        };
        effects.extend(self.notices());
        effects
    }

    fn of_pending(&self, awaits: Proof) -> Vec<Effect> {
        let holds =
            self.each_case().filter(|(_, case)| *case == CaseState::HeldForProof).map(|(case, _)| Effect::HoldCards { case });
        let asked = match awaits {
            Proof::CodeToContact => Effect::SendCodeToContact,
            Proof::PinToOldAddress => Effect::MailPinToOldAddress,
            Proof::AgentsCheck => Effect::AskAgent,
        };
        holds.chain([asked]).collect()
    }

    /// Cards are released last: by then they go to the right address.
    fn of_mail(&self, to: Side) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (case, state) in self.each_case().filter(|(_, case)| case.is_recognised()) {
            let goes_there = match to {
                Side::New => state.is_changed(),
                Side::Old => matches!(state, CaseState::Reversed { .. }),
            };
            if goes_there {
                effects.extend([
                    Effect::UpdateMailingAddress { case, to },
                    Effect::RedirectUnmailedPieces { case, to },
                    Effect::UpdateOpenServiceRequests { case, to },
                    Effect::TellCaseSystem { case, to },
                ]);
            }
            effects.push(Effect::ReleaseCards { case });
        }
        effects
    }

    fn of_released(&self) -> Vec<Effect> {
        let was_held = |case: CaseState| case == CaseState::CouldNot { reason: Hindrance::ChangeNotProven };
        self.each_case().filter(|(_, case)| was_held(*case)).map(|(case, _)| Effect::ReleaseCards { case }).collect()
    }

    /// The code and the number in a letter are notices themselves: they say what they are for, and what to do if one did not ask.
    fn notices(&self) -> Vec<Effect> {
        let notice = match self.state() {
            ChangeState::Pending { .. } => Notice::Waiting,
            ChangeState::Recorded { .. } => Notice::Recorded,
            ChangeState::Confirmed { .. } => Notice::Changed,
            ChangeState::Reversed { .. } => Notice::Reversed,
            ChangeState::Expired { .. } | ChangeState::Refused { .. } => Notice::NotChanged,
        };
        let has_proof_in_hand =
            matches!(self.state(), ChangeState::Pending { awaits: Proof::CodeToContact | Proof::PinToOldAddress, .. });
        // Where no case is known, nobody was on file.
        let is_anybody_there = !matches!(self.state(), ChangeState::Recorded { .. });
        // A letter is spent only on what is in force.
        let is_worth_it =
            self.reach() == OldReach::Contact || matches!(notice, Notice::Waiting | Notice::Changed | Notice::Reversed);
        let tells_old = self.reach() != OldReach::NotSafe && is_anybody_there && is_worth_it && !has_proof_in_hand;
        let old = tells_old.then_some(Effect::NoticeToOldContact(notice));
        old.into_iter().chain([Effect::NoticeToNewContact(notice)]).collect()
    }
}
