//! Every table of both databases, and how long what is in it stays. A test of `store` goes through the tables of the real schema:
//! one that is not here has no schedule.

use super::ScheduleItem;

/// Which database a table is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Main,
    /// That of partner data.
    Partner,
}

/// A kind of data, by how long it stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataClass {
    Person,
    PartnerData,
    Probe,
    Case,
    CaseMark,
    AddressReport,
    Call,
    Passing,
    Accounting,
    Audit,
    Retention,
    Authority,
    Staff,
    Reference,
    Keys,
}

/// A table, and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableRow {
    pub place: Place,
    pub table: &'static str,
    pub class: DataClass,
}

impl DataClass {
    pub const ALL: [Self; 15] = [
        Self::Person,
        Self::PartnerData,
        Self::Probe,
        Self::Case,
        Self::CaseMark,
        Self::AddressReport,
        Self::Call,
        Self::Passing,
        Self::Accounting,
        Self::Audit,
        Self::Retention,
        Self::Authority,
        Self::Staff,
        Self::Reference,
        Self::Keys,
    ];

    /// What it is.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "What is known of a person",
            Self::PartnerData => "What partners were asked and asked, and what was answered",
            Self::Probe => "Prints that are searched with",
            Self::Case => "A case, what was asked about it and answered",
            Self::CaseMark => "What protects the people of a case",
            Self::AddressReport => "A report of a new address",
            Self::Call => "Calls",
            Self::Passing => {
                "What is needed for a moment: drafts, sessions, messages on their way, searches, quarantined lines, \
                 allowances of API clients"
            }
            Self::Accounting => "The accounting of disclosures, and what people asked about their records",
            Self::Audit => "The audit log",
            Self::Retention => "Holds, dispositions, certificates",
            Self::Authority => "Agreements, waivers, approvals: on what a disclosure rests",
            Self::Staff => "Accounts of staff, roles, who works where",
            Self::Reference => "Texts, offices, rules, templates, figures without anybody in them",
            Self::Keys => "Keys",
        }
    }

    /// The item of the schedules that it is under; none of its own for what is no record of a person, or stays with another one.
    pub const fn item(self) -> Option<ScheduleItem> {
        match self {
            Self::Person | Self::PartnerData => Some(ScheduleItem::Profiles),
            Self::Case | Self::AddressReport | Self::Call => Some(ScheduleItem::CustomerService),
            Self::Probe
            | Self::CaseMark
            | Self::Passing
            | Self::Accounting
            | Self::Audit
            | Self::Retention
            | Self::Authority
            | Self::Staff
            | Self::Reference
            | Self::Keys => None,
        }
    }

    /// How long it stays.
    pub const fn period(self) -> &'static str {
        match self {
            Self::Person | Self::PartnerData => "100 years",
            Self::Probe => "at once",
            Self::Case | Self::AddressReport => "`PORTICO_RETENTION_CRIS_YEARS`; nothing while it is empty",
            Self::CaseMark => "as long as the profile",
            Self::Call => "a day",
            Self::Passing => "minutes to 30 days; quarantined lines `PORTICO_QUARANTINE_DAYS`",
            Self::Accounting => "the life of the record, and five years at least (5 USC 552a(c)(3))",
            Self::Audit => "the life of the record",
            Self::Retention => "the life of the agency's records",
            Self::Authority => "as long as the accounting",
            Self::Staff => "as long as the account's acts are in the audit log",
            Self::Reference => "none",
            Self::Keys => "as what they seal",
        }
    }

    /// What starts the period.
    pub const fn begins(self) -> &'static str {
        match self {
            Self::Person => "the birth of the person; never while it is unknown",
            Self::PartnerData => "the birth of the person; never where it is unknown, or nobody of ours",
            Self::Probe => "the search",
            Self::Case => "the last event of the case, or of a request about it",
            Self::CaseMark => "the case",
            Self::AddressReport => "the day on which it came, or the last change of it",
            Self::Call => "the end of the call",
            Self::Passing => "being written",
            Self::Accounting => "the disclosure",
            Self::Audit | Self::Retention => "the act",
            Self::Authority => "being signed",
            Self::Staff => "the account",
            Self::Reference => "none",
            Self::Keys => "what they seal",
        }
    }

    /// How it ends.
    pub const fn ends(self) -> &'static str {
        match self {
            Self::Person => {
                "The key of the profile is destroyed, and with it all that is sealed. Hashes by which the person is \
                 found, links to cases and visits are deleted. Rows stay, without a name."
            }
            Self::PartnerData => {
                "With the person: the key of each query is destroyed, reasons in words are emptied. Events stay, without \
                 a name."
            }
            Self::Probe => {
                "Nulled when the search is over (SOR/2002-227 s. 315.43(2)); those of an interview are never written \
                 down."
            }
            Self::Case => {
                "The key of the case is destroyed. Names, mail, scans, followers, subscriptions, documents and words of \
                 searches are deleted, the receipt number is taken away. Events that can only be appended stay, \
                 unreadable."
            }
            Self::CaseMark => "Kept: a person stays protected when the case is gone.",
            Self::AddressReport => {
                "What was typed, the contact, the proof and the list of cases are emptied. What happened to it stays, \
                 without a name."
            }
            Self::Call => "What the caller said and the notes are emptied. The rest is the way through a script, without a name.",
            Self::Passing => "Deleted by upkeep.",
            Self::Accounting => "Kept: it can only be appended. Each entry has a key of its own, which no disposition touches.",
            Self::Audit | Self::Retention => "Kept: it can only be appended, and names ids, never people.",
            Self::Authority | Self::Reference => "Kept.",
            Self::Staff => "Kept: accounts are closed, never deleted.",
            Self::Keys => "Deleted with it: that is how sealed data is destroyed.",
        }
    }
}

const fn in_main(table: &'static str, class: DataClass) -> TableRow {
    TableRow { place: Place::Main, table, class }
}

const fn in_partner(table: &'static str, class: DataClass) -> TableRow {
    TableRow { place: Place::Partner, table, class }
}

/// Every table. The prints of a search ([`DataClass::Probe`]) are a column of `partner_query`.
pub const TABLES: [TableRow; 137] = [
    in_main("account", DataClass::Staff),
    in_main("action_code", DataClass::Reference),
    in_main("address_change", DataClass::AddressReport),
    in_main("address_change_case", DataClass::AddressReport),
    in_main("address_change_event", DataClass::AddressReport),
    in_main("address_change_step", DataClass::AddressReport),
    in_main("address_report", DataClass::AddressReport),
    in_main("agent_call", DataClass::Call),
    in_main("agreement_outcome", DataClass::Authority),
    in_main("agreement_signature", DataClass::Authority),
    in_main("agreement_version", DataClass::Authority),
    in_main("amendment", DataClass::Accounting),
    in_main("answer", DataClass::Case),
    in_main("answer_recipient", DataClass::Case),
    in_main("answer_template", DataClass::Reference),
    in_main("answer_template_use", DataClass::Case),
    in_main("api_client", DataClass::Reference),
    in_main("api_lease", DataClass::Passing),
    in_main("api_token", DataClass::Passing),
    in_main("assignment_batch", DataClass::Staff),
    in_main("assignment_batch_row", DataClass::Staff),
    in_main("assignment_share", DataClass::Staff),
    in_main("audit_entry", DataClass::Audit),
    in_main("call_script", DataClass::Reference),
    in_main("case_change", DataClass::Case),
    in_main("case_event", DataClass::Case),
    in_main("case_officer", DataClass::Case),
    in_main("case_party", DataClass::Case),
    in_main("case_record", DataClass::Case),
    in_main("correction_confirmation", DataClass::Accounting),
    in_main("correction_notice", DataClass::Accounting),
    in_main("data_key", DataClass::Keys),
    in_main("disclosure", DataClass::Accounting),
    in_main("disclosure_outcome", DataClass::Accounting),
    in_main("document", DataClass::Case),
    in_main("enrolment", DataClass::Passing),
    in_main("followed_case", DataClass::Case),
    in_main("follower", DataClass::Case),
    in_main("form_draft", DataClass::Passing),
    in_main("form_name", DataClass::Reference),
    in_main("installation", DataClass::Reference),
    in_main("log_head", DataClass::Audit),
    in_main("log_position", DataClass::Audit),
    in_main("look_up_failure", DataClass::Passing),
    in_main("loose_object", DataClass::Passing),
    in_main("mailing", DataClass::Case),
    in_main("office", DataClass::Reference),
    in_main("officer_leave", DataClass::Staff),
    in_main("officer_session", DataClass::Passing),
    in_main("outbound_command", DataClass::Case),
    in_main("outbox", DataClass::Passing),
    in_main("print_batch", DataClass::Reference),
    in_main("processing_time", DataClass::Reference),
    in_main("profile", DataClass::Person),
    in_main("profile_biometric", DataClass::Person),
    in_main("profile_case", DataClass::Person),
    in_main("profile_correction", DataClass::Person),
    in_main("profile_fact", DataClass::Person),
    in_main("profile_key", DataClass::Person),
    in_main("profile_merge", DataClass::Person),
    in_main("profile_pending", DataClass::Passing),
    in_main("profile_verification", DataClass::Person),
    in_main("profile_visit", DataClass::Passing),
    in_main("protection_marker", DataClass::CaseMark),
    in_main("protection_waiver", DataClass::Authority),
    in_main("provider_grant", DataClass::Passing),
    in_main("provider_identity", DataClass::Staff),
    in_main("provider_proposal", DataClass::Staff),
    in_main("quality_rule", DataClass::Reference),
    in_main("quality_sample", DataClass::Case),
    in_main("quality_score", DataClass::Case),
    in_main("quarantined_line", DataClass::Passing),
    in_main("redress_agreement", DataClass::Accounting),
    in_main("redress_answer", DataClass::Accounting),
    in_main("redress_decision", DataClass::Accounting),
    in_main("redress_event", DataClass::Accounting),
    in_main("redress_request", DataClass::Accounting),
    in_main("redress_statement", DataClass::Accounting),
    in_main("report_tally", DataClass::Reference),
    in_main("request_change", DataClass::Passing),
    in_main("request_count", DataClass::Reference),
    in_main("request_escalation", DataClass::Case),
    in_main("request_note", DataClass::Case),
    in_main("request_presence", DataClass::Passing),
    in_main("request_question", DataClass::Case),
    in_main("request_search", DataClass::Passing),
    in_main("request_text", DataClass::Case),
    in_main("request_view", DataClass::Reference),
    in_main("retention_certificate", DataClass::Retention),
    in_main("retention_disposition", DataClass::Retention),
    in_main("retention_due", DataClass::Retention),
    in_main("retention_hold", DataClass::Retention),
    in_main("retention_line", DataClass::Retention),
    in_main("retention_walk", DataClass::Retention),
    in_main("review_category", DataClass::Reference),
    in_main("role_grant", DataClass::Staff),
    in_main("scan_event", DataClass::Case),
    in_main("second_factor", DataClass::Staff),
    in_main("service_report", DataClass::Reference),
    in_main("service_request", DataClass::Case),
    in_main("service_request_event", DataClass::Case),
    in_main("sign_in_attempt", DataClass::Passing),
    in_main("sign_in_name_lock", DataClass::Passing),
    in_main("sign_in_step", DataClass::Passing),
    in_main("status_text", DataClass::Reference),
    in_main("subscription", DataClass::Case),
    in_main("usps_extract", DataClass::Reference),
    in_main("waiting_count", DataClass::Passing),
    in_main("waiting_step", DataClass::Passing),
    in_main("webhook", DataClass::Reference),
    in_partner("audit_entry", DataClass::Audit),
    in_partner("correction_confirmation", DataClass::Accounting),
    in_partner("correction_notice", DataClass::Accounting),
    in_partner("data_key", DataClass::Keys),
    in_partner("disclosure", DataClass::Accounting),
    in_partner("disclosure_outcome", DataClass::Accounting),
    in_partner("foreign_query", DataClass::PartnerData),
    in_partner("ident_message", DataClass::Passing),
    in_partner("information_document", DataClass::PartnerData),
    in_partner("information_draft", DataClass::PartnerData),
    in_partner("information_event", DataClass::PartnerData),
    in_partner("information_package", DataClass::PartnerData),
    in_partner("information_package_part", DataClass::PartnerData),
    in_partner("information_review", DataClass::PartnerData),
    in_partner("installation", DataClass::Reference),
    in_partner("log_head", DataClass::Audit),
    in_partner("log_position", DataClass::Audit),
    in_partner("partner_query", DataClass::PartnerData),
    in_partner("partner_query_event", DataClass::PartnerData),
    in_partner("partner_query_step", DataClass::PartnerData),
    in_partner("protection_hold", DataClass::PartnerData),
    in_partner("query_count", DataClass::Reference),
    in_partner("retention_destroyed", DataClass::Retention),
    in_partner("suppression", DataClass::PartnerData),
    in_partner("use_approval", DataClass::Authority),
    in_partner("use_ledger", DataClass::Accounting),
    in_partner("use_request", DataClass::PartnerData),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_table_stands_once_and_each_kind_of_data_has_one() {
        let names: BTreeSet<(Place, &str)> = TABLES.iter().map(|row| (row.place, row.table)).collect();
        assert_eq!(names.len(), TABLES.len());
        for class in DataClass::ALL.into_iter().filter(|class| *class != DataClass::Probe) {
            assert!(TABLES.iter().any(|row| row.class == class), "{class:?}");
        }
    }

    #[test]
    fn both_databases_account_and_audit_alike() {
        for table in ["disclosure", "disclosure_outcome", "audit_entry", "data_key", "installation"] {
            let classes: Vec<DataClass> = TABLES.iter().filter(|row| row.table == table).map(|row| row.class).collect();
            assert!(matches!(classes.as_slice(), [one, other] if one == other), "{table}");
        }
    }
}
