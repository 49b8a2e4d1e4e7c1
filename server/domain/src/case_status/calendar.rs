//! Calendar files (RFC 5545) of appointments.

use shared::case_feed::{Appointment, AppointmentKind};
use shared::locale::Locale;

use super::CaseStatus;
use crate::Context;

/// One event of an hour, in the local time of the office, with an alarm the day before. It names neither the case nor the
/// person: calendars are shared and synchronised.
pub(super) fn write(ctx: &Context, case: &CaseStatus, appointment: &Appointment, locale: Locale) -> String {
    let (en, es) = match appointment.kind {
        AppointmentKind::Biometrics => ("Biometrics appointment", "Cita de datos biométricos"),
        AppointmentKind::Interview => ("Interview", "Entrevista"),
        AppointmentKind::Oath => ("Oath ceremony", "Ceremonia de juramento"),
        AppointmentKind::Other => ("Appointment", "Cita"),
    };
    let id = ctx.sealer().mac("calendar", format!("{}{}", case.receipt_number().as_str(), appointment.at).as_bytes());
    let id = store::crypto::hex(&id[..16]);
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Portico//Case status//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{id}"),
        format!("DTSTAMP:{}", ctx.now().format("%Y%m%dT%H%M%SZ")),
        // No zone: the time on the clock of the office's place.
        format!("DTSTART:{}", appointment.at.format("%Y%m%dT%H%M%S")),
        "DURATION:PT1H".to_owned(),
        format!("SUMMARY:{}", locale.pick(en, es)),
    ];
    lines.extend(case.office_name(appointment).map(|office| format!("LOCATION:{}", escape(&office))));
    let alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D"];
    lines.extend(alarm.map(Into::into));
    lines.push(format!("DESCRIPTION:{}", locale.pick(en, es)));
    lines.extend(["END:VALARM", "END:VEVENT", "END:VCALENDAR"].map(Into::into));
    lines.join("\r\n") + "\r\n"
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}
