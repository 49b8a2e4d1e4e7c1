//! A calendar file (RFC 5545) of the day from which a person may ask about a case.

use chrono::NaiveDate;
use shared::locale::Locale;

use crate::Context;

/// A whole day with nothing in it but that one may ask: calendars are shared and synchronised.
pub fn calendar_file(ctx: &Context, ask_from: NaiveDate, locale: Locale) -> String {
    let (en, es) = ("You can ask about your case", "Puede preguntar por su caso");
    let id = store::crypto::hex(&ctx.sealer().mac("calendar", ask_from.to_string().as_bytes())[..16]);
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Portico//Processing times//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{id}"),
        format!("DTSTAMP:{}", ctx.now().format("%Y%m%dT%H%M%SZ")),
        format!("DTSTART;VALUE=DATE:{}", ask_from.format("%Y%m%d")),
        format!("SUMMARY:{}", locale.pick(en, es)),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.join("\r\n") + "\r\n"
}
