//! Which of the demo's people are protected, and the markers that say so.

use shared::case_feed::MarkerLine;

use super::dice::Dice;

/// Evidence of a marker.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    Class(&'static str),
    /// A form that the person has filed, with its category.
    Form(&'static str, Option<&'static str>),
    Sealed,
}

impl Mark {
    pub(super) fn line(self) -> MarkerLine {
        let text = |text: &str| Some(text.to_owned());
        match self {
            Self::Class(code) => MarkerLine { class_of_admission: text(code), ..MarkerLine::default() },
            Self::Form(form, category) => {
                MarkerLine { pending_form: text(form), category: category.and_then(text), ..MarkerLine::default() }
            }
            Self::Sealed => MarkerLine { sealed: true, ..MarkerLine::default() },
        }
    }
}

/// 8 USC 1367, witnesses, and what a court has sealed: hidden in public.
const HIDDEN: &[Mark] = &[
    Mark::Class("384"),
    Mark::Class("B11"),
    Mark::Class("IB1"),
    Mark::Class("S5"),
    Mark::Class("SU6"),
    Mark::Class("T1"),
    Mark::Class("U1"),
    Mark::Class("U1"),
    Mark::Form("I-360", Some("VAWA")),
    Mark::Form("I-914", None),
    Mark::Form("I-918", None),
    Mark::Sealed,
];

/// Asylum: shown to whoever has the receipt number.
const ASYLUM: &[Mark] = &[Mark::Form("I-589", None), Mark::Form("I-589", None), Mark::Class("AS6"), Mark::Class("ASY")];

/// What protects a person, and with it all cases of the person.
#[derive(Debug, Clone, Copy)]
pub(super) enum Protection {
    None,
    /// Hidden in public.
    Hidden(Mark),
    Asylum(Mark),
    /// Was hidden once; the marker has ended.
    Ended(Mark),
}

impl Protection {
    /// Of a thousand people, 20 are hidden, 50 have to do with asylum, and for 3 a marker has ended.
    pub(super) fn throw(dice: &mut Dice) -> Self {
        match dice.below(1000) {
            0..20 => Self::Hidden(*dice.pick(HIDDEN)),
            20..70 => Self::Asylum(*dice.pick(ASYLUM)),
            70..73 => Self::Ended(*dice.pick(&[Mark::Class("T2"), Mark::Class("U3"), Mark::Sealed])),
            _ => Self::None,
        }
    }

    pub(super) fn is_asylum(self) -> bool {
        matches!(self, Self::Asylum(_))
    }

    pub(super) fn markers(self, dice: &mut Dice) -> Vec<MarkerLine> {
        let since =
            |dice: &mut Dice| Some(format!("{}-{:02}-{:02}", dice.between(2015, 2022), dice.between(1, 12), dice.between(1, 28)));
        match self {
            Self::None => Vec::new(),
            Self::Hidden(mark) | Self::Asylum(mark) => {
                // Not every source knows since when.
                let effective_from = if dice.percent(60) { since(dice) } else { None };
                vec![MarkerLine { effective_from, ..mark.line() }]
            }
            Self::Ended(mark) => {
                vec![MarkerLine { effective_from: since(dice), effective_to: Some("2023-03-01".to_owned()), ..mark.line() }]
            }
        }
    }
}
