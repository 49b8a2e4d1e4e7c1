//! The demo's USPS extract files: scans of every mailing of the demo's case feed, in both layouts, with the oddities that
//! real files have.

use std::io::{BufRead, Write};

use chrono::{Days, NaiveDate};
use domain::delivery_tracking::layout::{Field, Layout, OLDER, VERSION_1_5};
use shared::case_feed::{AddressLine, EventLine};

use super::dice::{Dice, Purpose};

/// A step on the way of a piece: the carrier's code and name, days after the mailing, time of day.
type Step = (&'static str, &'static str, u64, &'static str);

const ACCEPTED: Step = ("03", "ACCEPT OR PICKUP", 0, "1710");
const ON_THE_WAY: [Step; 3] =
    [ACCEPTED, ("10", "PROCESSED THROUGH USPS FACILITY", 1, "0225"), ("07", "ARRIVAL AT UNIT", 2, "0641")];
const OUT: Step = ("OF", "OUT FOR DELIVERY", 2, "0815");
const DELIVERED: Step = ("01", "DELIVERED", 2, "1432");
/// A code that no list has.
const NEW_CODE: Step = ("ZX", "HELD AT CARRIER REQUEST", 1, "1100");

/// How the ways of pieces end, the frequent one more than once.
const WAYS: &[&[Step]] = &[
    &[OUT, DELIVERED],
    &[OUT, DELIVERED],
    &[OUT, DELIVERED],
    &[OUT, DELIVERED],
    &[OUT, ("02", "NOTICE LEFT", 2, "1350"), ("16", "AVAILABLE FOR PICKUP", 3, "0900"), ("43", "PICKED UP", 5, "1612")],
    &[OUT, ("53", "RECEPTACLE BLOCKED", 2, "1202"), ("OF", "OUT FOR DELIVERY", 3, "0810"), ("01", "DELIVERED", 3, "1119")],
    &[OUT, ("02", "NOTICE LEFT", 2, "1244"), ("16", "AVAILABLE FOR PICKUP", 3, "0900"), ("09", "RETURN TO SENDER", 18, "1005")],
    &[("05", "UNDELIVERABLE AS ADDRESSED", 2, "1530"), ("09", "RETURN TO SENDER", 3, "0905")],
    &[NEW_CODE],
    &[],
];
/// How the pieces of the well-known cases end, the first of the feed.
const WELL_KNOWN: [usize; 5] = [5, 0, 7, 0, 9];
/// The way of a piece that the agency got back.
const CAME_BACK: &[Step] =
    &[("05", "UNDELIVERABLE AS ADDRESSED", 3, "1530"), ("09", "RETURN TO SENDER", 4, "0905"), ("01", "DELIVERED", 9, "0930")];

/// A mailing of the feed, as far as the carrier sees it.
struct Mailing {
    index: u64,
    number: String,
    receipt_number: String,
    mailed_on: NaiveDate,
    zip: String,
    place: String,
    came_back: bool,
}

/// Writes scans of all mailings in a feed, up to `today`, to two files in turn: the newer layout and the older one. Says how
/// many lines it wrote.
///
/// # Errors
/// What reader and writers say.
pub fn write_extracts(
    feed: impl BufRead,
    newer: &mut impl Write,
    older: &mut impl Write,
    today: NaiveDate,
) -> std::io::Result<u64> {
    let mut lines = 0;
    let mut last: Option<Mailing> = None;
    let mut write = |mailing: Mailing| match mailing.index % 4 {
        3 => mailing.write(&OLDER, older, today),
        _ => mailing.write(&VERSION_1_5, newer, today),
    };
    for line in feed.lines() {
        let line = line?;
        // Most events mail nothing.
        if !line.contains("\"tracking_number\"") {
            continue;
        }
        let event: EventLine = serde_json::from_str(&line)?;
        let index = last.as_ref().map_or(0, |last| last.index + 1);
        let Some(next) = mailing(&event, index) else { continue };
        match &mut last {
            // The case's next event about the same piece: it came back.
            Some(last) if last.number == next.number => last.came_back |= next.came_back,
            _ => lines += last.replace(next).map_or(Ok(0), &mut write)?,
        }
    }
    lines += last.map_or(Ok(0), &mut write)?;
    lines += write_oddities(newer)?;
    newer.flush()?;
    older.flush()?;
    Ok(lines)
}

fn mailing(event: &EventLine, index: u64) -> Option<Mailing> {
    let address = event.mailing_address.as_ref()?;
    let came_back = matches!(event.action.code.as_str(), "LFA" | "LFC" | "MFA");
    let day = event.action.at.get(..10)?.parse::<NaiveDate>().ok()?;
    Some(Mailing {
        index,
        number: event.action.parameters.as_ref()?.tracking_number.clone()?,
        receipt_number: event.receipt_number.clone(),
        mailed_on: if came_back { day.checked_sub_days(Days::new(12))? } else { day },
        zip: address.postal_code.clone().unwrap_or_default(),
        place: place(address),
        came_back,
    })
}

fn place(address: &AddressLine) -> String {
    format!("{}, {}", address.city.to_uppercase(), address.state.as_deref().unwrap_or_default())
}

impl Mailing {
    fn way(&self) -> Vec<Step> {
        let well_known = usize::try_from(self.index).ok().and_then(|index| WELL_KNOWN.get(index)).and_then(|way| WAYS.get(*way));
        let end = match well_known {
            _ if self.came_back => CAME_BACK,
            Some(way) => way,
            None => Dice::new(Purpose::Mail, self.index).pick(WAYS),
        };
        let mut way = ON_THE_WAY.to_vec();
        way.extend(end);
        way
    }

    fn write(&self, layout: &Layout, out: &mut impl Write, today: NaiveDate) -> std::io::Result<u64> {
        let mut lines = 0;
        if self.index.is_multiple_of(3) {
            lines += self.line(layout, out, ("MA", "MANIFEST ACKNOWLEDGEMENT", 0, "0900"), today)?;
        }
        for step in self.way() {
            lines += self.line(layout, out, step, today)?;
            // The carrier sends some scans twice.
            if self.index % 7 == 5 && step == ACCEPTED {
                lines += self.line(layout, out, step, today)?;
            }
        }
        Ok(lines)
    }

    fn line(
        &self,
        layout: &Layout,
        out: &mut impl Write,
        (code, name, after, time): Step,
        today: NaiveDate,
    ) -> std::io::Result<u64> {
        let Some(day) = self.mailed_on.checked_add_days(Days::new(after)).filter(|day| *day <= today) else { return Ok(0) };
        let is_arrival = !matches!(code, "MA" | "03" | "10");
        // The newer layout has room for the routing prefix.
        let number = if layout.length == VERSION_1_5.length && self.index % 5 == 1 && self.zip.len() == 5 {
            format!("420{}{}", self.zip, self.number)
        } else {
            self.number.clone()
        };
        let line = layout.write(|field| match field {
            Field::TrackingNumber => number.clone(),
            Field::MailerName => "IMMIGRATION BENEFITS".into(),
            Field::DestinationZip => self.zip.chars().take(5).collect(),
            Field::FacilityZip => (if is_arrival { self.zip.as_str() } else { "40750" }).chars().take(5).collect(),
            Field::FacilityName => {
                if is_arrival {
                    self.place.clone()
                } else {
                    "CORBIN, KY".into()
                }
            }
            Field::EventCode => code.into(),
            Field::EventName => name.into(),
            Field::EventDate => day.format("%Y%m%d").to_string(),
            Field::EventTime => time.into(),
            Field::CustomerReference => self.receipt_number.clone(),
            Field::DestinationCountry => "US".into(),
            _ => String::new(),
        });
        out.write_all(&line)?;
        out.write_all(b"\r\n")?;
        Ok(1)
    }
}

/// Lines that cannot be taken in: a wrong check digit, a day that is none, and the file's last line, cut.
fn write_oddities(out: &mut impl Write) -> std::io::Result<u64> {
    let line = |number: &'static str, day: &'static str| {
        VERSION_1_5.write(|field| match field {
            Field::TrackingNumber => number.into(),
            Field::EventCode => "10".into(),
            Field::EventDate => day.into(),
            Field::EventTime => "0800".into(),
            _ => String::new(),
        })
    };
    for line in [line("9205599999999900000122", "20260105"), line("9205599999999900000121", "20260230")] {
        out.write_all(&line)?;
        out.write_all(b"\r\n")?;
    }
    out.write_all(&line("9205599999999900000121", "20260105")[..250])?;
    Ok(3)
}
