//! One case of the demo: who it is about, and its events as lines of the feed.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use shared::case_feed::{ActionLine, AppointmentLine, Document, EventLine, MarkerLine, ParametersLine};

use super::codes::{self, Move};
use super::dice::{Dice, Purpose, scatter};
use super::examples::FixedCase;
use super::people;
use super::places::{Place, address};
use super::protected::{Mark, Protection};
use super::stories::{self, Filer, Story};

/// A prime below the first digits of the published staging receipts, so that no generated number is one of them.
const RECEIPT_NUMBERS: u64 = 998_999_999;
/// Case systems keep older events; the demo's begin this many days ago.
const OLDEST: u32 = 720;
/// Prefixes of receipt numbers with the office that takes such cases in, the frequent one more than once.
const PREFIXES: &[(&str, &str)] = &[
    ("IOE", "NBC"),
    ("IOE", "NBC"),
    ("IOE", "NSC"),
    ("MSC", "NBC"),
    ("EAC", "VSC"),
    ("WAC", "CSC"),
    ("LIN", "NSC"),
    ("SRC", "TSC"),
    ("YSC", "YSC"),
];

#[derive(Debug)]
struct Step {
    code: &'static str,
    day: NaiveDate,
}

/// A case before its first event; `line` holds what does not change with events.
#[derive(Debug)]
pub(super) struct Case<'p> {
    index: u64,
    line: EventLine,
    steps: Vec<Step>,
    place: &'p Place,
    center: &'static str,
    local_office: &'static str,
    states_markers_once: bool,
    dice: Dice,
}

/// What tells one case of the demo from another before chance decides the rest.
struct Frame {
    receipt_number: String,
    center: &'static str,
    form: &'static str,
    category: Option<&'static str>,
    filer: Filer,
    in_spanish: bool,
}

impl<'p> Case<'p> {
    /// A case by chance. Some people have two.
    pub(super) fn generated(index: u64, places: &'p [Place], today: NaiveDate) -> Self {
        let person = if index % 8 == 7 { index - 1 } else { index };
        let mut dice = Dice::new(Purpose::Case, index);
        let mut of_person = Dice::new(Purpose::Person, person);
        let protection = Protection::throw(&mut of_person);
        let plan = stories::throw_plan(&mut dice, protection.is_asylum());
        let (prefix, center) = *dice.pick(PREFIXES);
        let own_form = match protection {
            // Half of those who filed such a form ask for that very case.
            Protection::Hidden(Mark::Form(form, category)) if dice.percent(50) => Some((form, category)),
            _ => None,
        };
        let planned = (plan.form, (!plan.categories.is_empty()).then(|| *dice.pick(plan.categories)));
        let (form, category) = own_form.unwrap_or(planned);
        let frame = Frame {
            receipt_number: format!("{prefix}9{:09}", scatter(index, RECEIPT_NUMBERS)),
            center,
            form,
            category,
            filer: if own_form.is_some() { Filer::Oneself } else { plan.filer },
            in_spanish: false,
        };
        let mut case = Self::new(index, frame, dice, (of_person, person), places);
        case.line.protection_markers = protection.markers(&mut case.dice);
        case.states_markers_once = case.dice.percent(25);
        if protection.is_asylum() {
            case.state_persecution();
        }
        let story = stories::throw_story(&mut case.dice, if own_form.is_some() { stories::SHORT } else { plan.stories });
        case.steps = steps_by_chance(&mut case.dice, story, today);
        case
    }

    /// A case with a number and a history of its own.
    pub(super) fn fixed(index: u64, receipt_number: &str, fixed: &FixedCase, places: &'p [Place], today: NaiveDate) -> Self {
        let prefix = receipt_number.get(..3).unwrap_or_default();
        let frame = Frame {
            receipt_number: receipt_number.to_owned(),
            center: fixed.center.unwrap_or_else(|| of_prefix(prefix)),
            form: fixed.form,
            category: fixed.category,
            filer: stories::filer(fixed.form),
            in_spanish: fixed.in_spanish,
        };
        let dice = Dice::new(Purpose::Case, index);
        let mut case = Self::new(index, frame, dice, (Dice::new(Purpose::Person, index), index), places);
        case.line.protection_markers = fixed.mark.map(Mark::line).into_iter().collect();
        case.states_markers_once = fixed.mark_once;
        case.local_office = fixed.goes_to.unwrap_or(case.local_office);
        if matches!(fixed.mark, Some(Mark::Form("I-589", _))) {
            case.state_persecution();
        }
        let step = |(code, age): &(&'static str, u64)| Step { code, day: workday(earlier(today, *age)) };
        case.steps = fixed.steps.iter().map(step).collect();
        case
    }

    fn new(index: u64, frame: Frame, mut dice: Dice, (mut of_person, person): (Dice, u64), places: &'p [Place]) -> Self {
        let origin = people::origin(&mut of_person, frame.in_spanish);
        let mut about = people::person(&mut of_person, person, origin, frame.in_spanish);
        if frame.filer != Filer::Oneself && dice.percent(35) {
            // Many who are abroad have no A-Number yet.
            about.a_number = None;
        }
        let place = of_person.pick(places);
        let mailing_address = Some(address(&mut of_person, place));
        let (applicant, petitioner, beneficiary) = match frame.filer {
            Filer::Oneself => (Some(about), None, None),
            Filer::Relative => {
                (None, Some(people::relative(&mut Dice::new(Purpose::Petitioner, index), index, origin)), Some(about))
            }
            Filer::Employer => (None, Some(people::employer(&mut Dice::new(Purpose::Petitioner, index), index)), Some(about)),
        };
        let line = EventLine {
            event_id: String::new(),
            receipt_number: frame.receipt_number,
            form: frame.form.to_owned(),
            category: frame.category.map(Into::into),
            filed_on: None,
            received_on: None,
            office: Some(frame.center.to_owned()),
            applicant,
            petitioner,
            beneficiary,
            representative: dice.percent(15).then(|| people::representative(&mut dice)),
            mailing_address,
            persecution_countries: Vec::new(),
            assigned_officer: None,
            protection_markers: Vec::new(),
            action: ActionLine { code: String::new(), at: String::new(), parameters: None },
        };
        let local_office = if frame.form == "I-589" { place.asylum_office } else { place.field_office };
        Self { index, line, steps: Vec::new(), place, center: frame.center, local_office, states_markers_once: false, dice }
    }

    /// Who asks for asylum says where the danger is: mostly the country of citizenship.
    fn state_persecution(&mut self) {
        let person = self.line.applicant.as_ref().or(self.line.beneficiary.as_ref());
        self.line.persecution_countries = person.and_then(|person| person.citizenship.clone()).into_iter().collect();
    }

    /// Writes the case's events, oldest first, and says how many.
    pub(super) fn write(mut self, out: &mut Vec<u8>) -> serde_json::Result<u64> {
        let steps = std::mem::take(&mut self.steps);
        let codes: Vec<&str> = steps.iter().map(|step| step.code).collect();
        let document = codes::document(&self.line.form, &codes);
        if let Some(first) = steps.first() {
            self.line.received_on = Some(first.day.to_string());
            self.line.filed_on = Some(earlier(first.day, self.dice.between(0, 6).into()).to_string());
        }
        let mut before = None;
        let mut seconds = 0;
        for (at, step) in steps.iter().enumerate() {
            // From 14:00 to 21:00 UTC offices of all time zones but the farthest are at work.
            seconds = if before == Some(step.day) {
                seconds + self.dice.between(60, 720)
            } else {
                self.dice.between(14 * 3600, 20 * 3600 - 1)
            };
            before = Some(step.day);
            let parameters = self.parameters(&steps[at..], document.map(Document::key));
            self.line.event_id = format!("demo-{}-{}", self.index, at + 1);
            self.line.action = ActionLine { code: step.code.to_owned(), at: instant(step.day, seconds), parameters };
            serde_json::to_writer(&mut *out, &self.line)?;
            out.push(b'\n');
            if self.states_markers_once {
                self.line.protection_markers = Vec::<MarkerLine>::new();
            }
        }
        Ok(steps.len() as u64)
    }

    /// What the first of `steps` says beside its code, and what it changes in the case.
    fn parameters(&mut self, steps: &[Step], document: Option<&str>) -> Option<ParametersLine> {
        let code = steps.first()?.code;
        if let Some(to) = codes::moves(code) {
            let office = match to {
                Move::Field => self.local_office,
                Move::Appeals => "AAO",
                Move::Back => self.center,
            };
            self.line.office = Some(office.to_owned());
        }
        if codes::is_officers_work(code) && self.line.assigned_officer.is_none() {
            let office = self.line.office.as_deref().unwrap_or(self.center);
            self.line.assigned_officer = Some(format!("{office}-ISO-{:02}", self.dice.between(1, 60)));
        }
        let parameters = ParametersLine {
            document: document.filter(|_| codes::names_document(code)).map(Into::into),
            tracking_number: codes::is_mailed_with_tracking(code).then(|| codes::tracking_number(scatter(self.index, 9_999_991))),
            notice: codes::notice(code).map(|notice| notice.key().to_owned()),
            receiving_office: if codes::names_receiving_office(code) { self.line.office.clone() } else { None },
            appointment: self.appointment(steps),
        };
        (parameters != ParametersLine::default()).then_some(parameters)
    }

    fn appointment(&mut self, steps: &[Step]) -> Option<AppointmentLine> {
        use shared::case_feed::AppointmentKind::{Biometrics, Oath};
        let (this, later) = steps.split_first()?;
        let kind = codes::appointment(this.code).filter(|kind| *kind != Oath || self.line.form == "N-400")?;
        let decides = |step: &&Step| codes::is_attendance(step.code) || codes::is_about_appointment(step.code);
        let day = match later.iter().find(decides) {
            Some(step) if codes::is_attendance(step.code) => step.day,
            // Moved or called off nine days ahead.
            Some(step) => workday(after(step.day, 9)),
            None => workday(after(this.day, self.dice.between(18, 32).into())),
        };
        let time = self.dice.pick(&["08:00", "09:00", "10:20", "11:40", "13:00", "14:30"]);
        let office = if kind == Biometrics { self.place.support_center } else { self.local_office };
        Some(AppointmentLine { kind: kind.key().to_owned(), at: format!("{day}T{time}"), office: Some(office.to_owned()) })
    }
}

/// The office that takes cases with a prefix in.
fn of_prefix(prefix: &str) -> &'static str {
    PREFIXES.iter().find(|(known, _)| *known == prefix).map_or("NBC", |(_, center)| center)
}

fn steps_by_chance(dice: &mut Dice, story: Story, today: NaiveDate) -> Vec<Step> {
    let mut codes = story.to_vec();
    if dice.percent(10) {
        for _ in 0..dice.between(1, 2) {
            let at = dice.between(1, u32::try_from(codes.len()).unwrap_or(1));
            codes.insert(usize::try_from(at).unwrap_or(1), *dice.pick(codes::INTERNAL));
        }
    }
    let (youngest, oldest) = codes::age(story.last().copied().unwrap_or_default());
    let mut age = dice.between(youngest, oldest);
    let mut steps = Vec::with_capacity(codes.len());
    for (left, code) in codes.iter().enumerate().rev() {
        steps.push(Step { code, day: workday(earlier(today, age.min(OLDEST).into())) });
        let (least, most) = codes::days_before(code);
        age += if left == 0 { 0 } else { dice.between(least, most) };
    }
    steps.reverse();
    steps
}

/// The day itself, or the Friday before it.
fn workday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => earlier(day, 1),
        Weekday::Sun => earlier(day, 2),
        _ => day,
    }
}

fn earlier(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn instant(day: NaiveDate, seconds: u32) -> String {
    format!("{day}T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
