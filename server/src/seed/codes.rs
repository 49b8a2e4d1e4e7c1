//! What goes with an action code: how long it takes, and what its event says.

use shared::case_feed::{AppointmentKind, Document, Notice};

/// Days from the event before to one with this code, at least and at most.
pub(super) fn days_before(code: &str) -> (u32, u32) {
    match code {
        "LDA" | "LEA" | "MBA" | "MBC" | "MEA" | "IFA" | "IEA" | "IEE" => (1, 4),
        "IAA" | "IAF" | "PA" | "ABA" | "AAB" | "CA" => (1, 6),
        "FNA" | "IMAF" | "IN" => (10, 35),
        "FNB" | "HF" => (14, 24),
        "FJ" | "IM" | "FM" => (15, 60),
        "FT0" | "FTA0" | "FHB" | "FBA" | "IK" | "FBC" | "BC" => (20, 80),
        "LFA" | "MFA" | "LFC" => (14, 28),
        "LFB" | "MFB" => (60, 90),
        "KO" => (20, 40),
        _ => (5, 40),
    }
}

/// How old an event with this code may be if it is a case's newest. What soon gives way to something else is young.
pub(super) fn age(code: &str) -> (u32, u32) {
    match code {
        "FNA" | "IMAF" | "IN" | "FJ" | "IM" | "FM" => (1, 14),
        "AALB" | "LDA" | "MBA" | "MBC" | "BA" => (1, 7),
        "LEA" | "MEA" | "IP" | "IK" | "FBA" | "FBB" | "FBC" | "HB" | "II" | "LFA" => (1, 30),
        "DA" | "EA" | "IEA" | "IEE" | "IFA" | "LEC" | "MEC" | "IT" | "KO" => (1, 420),
        _ => (1, 150),
    }
}

pub(super) fn appointment(code: &str) -> Option<AppointmentKind> {
    match code {
        "FNA" | "IMAF" | "IN" => Some(AppointmentKind::Biometrics),
        "FJ" | "IM" | "FM" => Some(AppointmentKind::Interview),
        // Citizens-to-be get the date of their ceremony with the decision.
        "DA" => Some(AppointmentKind::Oath),
        _ => None,
    }
}

/// The person came, or should have come: this is the day of the appointment.
pub(super) fn is_attendance(code: &str) -> bool {
    matches!(code, "FNB" | "FL" | "HF" | "HG" | "MCA" | "MEC")
}

/// An appointment is moved or called off, or the person asks for that.
pub(super) fn is_about_appointment(code: &str) -> bool {
    matches!(code, "FKA" | "FKB" | "FM" | "HE")
}

pub(super) fn notice(code: &str) -> Option<Notice> {
    match code {
        "IAA" | "IAB" | "IAC" | "IAD" | "IAE" | "IAF" => Some(Notice::Receipt),
        "FNA" | "IMAF" | "IN" | "FJ" | "IM" | "FM" => Some(Notice::Appointment),
        "IK" | "FA" | "FBA" | "FBB" | "FBC" => Some(Notice::RequestForEvidence),
        "II" => Some(Notice::IntentToDeny),
        "IEA" | "IEE" => Some(Notice::Approval),
        "IFA" => Some(Notice::Denial),
        "IP" => Some(Notice::Transfer),
        "HB" | "IG" | "IH" | "IXB" | "IZ" | "JA" => Some(Notice::Other),
        _ => None,
    }
}

/// Where a case goes with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// To the office for the person's address.
    Field,
    Appeals,
    /// Back to the center that took it in.
    Back,
}

pub(super) fn moves(code: &str) -> Option<Move> {
    match code {
        "BA" | "BB" | "BC" | "FJ" | "IM" | "IP" | "MEBA" => Some(Move::Field),
        "BE" => Some(Move::Appeals),
        "BG" | "BI" | "CB" => Some(Move::Back),
        _ => None,
    }
}

/// Whether the event says which office receives the case. A case that is at an office already says so once more (`CA`).
pub(super) fn names_receiving_office(code: &str) -> bool {
    matches!(code, "BA" | "BB" | "BC" | "BE" | "BG" | "BI" | "CA" | "CB" | "IP" | "MEBA")
}

/// From this on an officer works on the case.
pub(super) fn is_officers_work(code: &str) -> bool {
    matches!(code, "DA" | "EA" | "FBA" | "FBB" | "FBC" | "FJ" | "FT0" | "FTA0" | "HG" | "IK" | "II" | "IM")
}

pub(super) fn is_mailed_with_tracking(code: &str) -> bool {
    matches!(code, "LEA" | "LFA" | "LFC" | "MEA" | "MEBA" | "MFA")
}

pub(super) fn names_document(code: &str) -> bool {
    is_mailed_with_tracking(code) || matches!(code, "LDA" | "LEC" | "MBA" | "MBC" | "MCA" | "MEC" | "MFC" | "MFB")
}

/// What an approved form brings in the mail.
pub(super) fn document(form: &str, codes: &[&str]) -> Option<Document> {
    Some(match form {
        "I-765" => Document::EmploymentAuthorizationDocument,
        "I-90" | "I-485" | "I-751" => Document::PermanentResidentCard,
        "I-131" if codes.contains(&"MBA") => Document::ReentryPermit,
        "I-131" => Document::AdvanceParoleDocument,
        "N-400" | "N-565" => Document::CertificateOfNaturalization,
        "N-600" => Document::CertificateOfCitizenship,
        _ => return None,
    })
}

/// Codes that the public never sees, as they stand between the others in a case system's history.
pub(super) const INTERNAL: &[&str] = &[
    "FSA0", "FNC", "FNG", "QAA", "QAB", "IBS1", "IBS2", "KC", "KDA", "KAC", "KBA", "KF", "KG", "FF1", "HCC1", "FO0", "HJ0", "KE",
    "KEA", "HI", "MA70", "LAA", "LBA", "M201", "TA", "JZ",
];

/// A tracking number with a valid check digit; the mailer's id of nines belongs to nobody.
pub(super) fn tracking_number(serial: u64) -> String {
    let number = format!("92055999999999{:07}", serial % 10_000_000);
    let sum: u32 =
        number.bytes().rev().zip([3, 1].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{number}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use shared::delivery_tracking::TrackingNumber;

    use super::*;

    #[test]
    fn tracking_numbers_carry_their_check_digit() {
        for serial in [0, 1, 42, 9_999_999, 123_456_789] {
            let number = tracking_number(serial);
            assert_eq!(number.len(), 22, "{number}");
            assert!(TrackingNumber::parse(&number).is_ok(), "{number}");
        }
    }
}
