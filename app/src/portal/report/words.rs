//! Names of months and of what people ask about.

use chrono::Datelike;
use shared::locale::Locale;
use shared::report::Month;
use shared::service_request::RequestKind;

use crate::text::text;

/// `February 2026` or `febrero de 2026`.
pub fn month_name(month: Month, locale: Locale) -> String {
    let day = month.first_day();
    let name = locale.month_names()[day.month0() as usize];
    match locale {
        Locale::En => format!("{name} {}", day.year()),
        Locale::Es => format!("{name} de {}", day.year()),
    }
}

/// What a request is about, as the public reads it; all of them without one.
pub fn kind_name(kind: Option<RequestKind>, locale: Locale) -> &'static str {
    let Some(kind) = kind else { return text!(locale, service_report.total) };
    match kind {
        RequestKind::OutsideNormalTime => text!(locale, service_report.kind_outside_normal_time),
        RequestKind::NoticeNotReceived => text!(locale, service_report.kind_notice_not_received),
        RequestKind::CardNotReceived => text!(locale, service_report.kind_card_not_received),
        RequestKind::DocumentNotReceived => text!(locale, service_report.kind_document_not_received),
        RequestKind::TypographicError => text!(locale, service_report.kind_typographic_error),
        RequestKind::Accommodation => text!(locale, service_report.kind_accommodation),
        RequestKind::BeneficiaryChange => text!(locale, service_report.kind_beneficiary_change),
        RequestKind::NoReceiptNotice => text!(locale, service_report.kind_no_receipt_notice),
        RequestKind::NoAutomatedInformation => text!(locale, service_report.kind_no_automated_information),
        RequestKind::DosReview => text!(locale, service_report.kind_dos_review),
        RequestKind::CaseStatus => text!(locale, service_report.kind_case_status),
        RequestKind::ChangeOfAddress => text!(locale, service_report.kind_change_of_address),
        RequestKind::ReceiptNoticeError => text!(locale, service_report.kind_receipt_notice_error),
        RequestKind::Expedite => text!(locale, service_report.kind_expedite),
    }
}
