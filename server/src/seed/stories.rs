//! What happens to the demo's cases: forms with the sequences of action codes that their cases go through.

use super::dice::Dice;

/// Who stands in a case beside the person it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filer {
    /// The person files.
    Oneself,
    Relative,
    Employer,
}

/// A sequence of action codes.
pub(super) type Story = &'static [&'static str];

/// A form, how often it is filed, and how its cases go.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) form: &'static str,
    weight: u32,
    pub(super) categories: &'static [&'static str],
    pub(super) filer: Filer,
    pub(super) stories: &'static [Story],
}

const CARD: &[Story] = &[
    &["IAF"],
    &["IAA"],
    &["AALB", "IAA"],
    &["IAA", "FNA"],
    &["IAF", "FNA"],
    &["IAF", "FNA", "FNB"],
    &["IAA", "FT0"],
    &["IAA", "IK"],
    &["IAA", "FBB", "HA"],
    &["IAF", "DA"],
    &["IAA", "DA", "LDA"],
    &["IAF", "DA", "LDA", "LEA"],
    &["IAF", "FNA", "FNB", "DA", "LDA", "LEA"],
    &["IAA", "IK", "HA", "DA", "LDA", "LEA"],
    &["IAF", "DA", "LDA", "LEA", "LFA"],
    &["IAA", "DA", "LDA", "LEC"],
    &["IAA", "IK", "EA", "IFA"],
    &["IAA", "IT"],
    &["AFAC"],
    &["AFAB"],
];

const ADJUSTMENT: &[Story] = &[
    &["IAF"],
    &["AALB", "IAA"],
    &["IAA", "FNA"],
    &["IAF", "FNA", "FNB"],
    &["IAA", "FNA", "FNB", "FTA0"],
    &["IAA", "IMAF", "FNB", "FHB"],
    &["IAA", "FNA", "FNB", "BC"],
    &["IAA", "FNA", "FNB", "FJ"],
    &["IAF", "FNA", "FNB", "IM", "HG"],
    &["IAA", "FNB", "FBC"],
    &["IAA", "FNB", "IK", "HA"],
    &["IAF", "FNB", "FJ", "HG", "DA", "LDA", "LEA"],
    &["IAA", "FNB", "DA", "IEC", "LDA", "LEA"],
    &["IAA", "FNB", "FJ", "HG", "EA", "IFA"],
    &["IAA", "FNB", "II"],
    &["IAA", "IP"],
];

const PETITION: &[Story] = &[
    &["IAA"],
    &["IAF"],
    &["AALB", "IAF"],
    &["IAA", "FT0"],
    &["IAA", "IP"],
    &["IAA", "BA", "CA"],
    &["IAA", "IK"],
    &["IAA", "IK", "HA"],
    &["IAA", "DA"],
    &["IAF", "DA", "IEA"],
    &["IAA", "DA", "KO"],
    &["IAA", "IK", "HA", "DA", "KO", "KP"],
    &["IAA", "II", "EA", "IFA"],
    &["IAA", "IT"],
    &["AFAD"],
];

const WORKER: &[Story] = &[
    &["IAA"],
    &["IAA", "PA"],
    &["IAA", "PA", "IKP", "HAP"],
    &["IAA", "PA", "DA", "IEE"],
    &["IAA", "DA", "IEA"],
    &["IAA", "IK"],
    &["IAA", "IK", "HA", "EA", "IFA"],
    &["IAA", "DA", "IV", "IR"],
    &["IAA", "DA", "EW0"],
    &["IAA", "IT"],
];

const TRAVEL: &[Story] = &[
    &["IAF"],
    &["IAA", "FNA"],
    &["IAA", "FNB", "IK"],
    &["IAA", "DA", "MBC"],
    &["IAA", "DA", "MBC", "MEA"],
    &["IAA", "FNB", "DA", "MBA", "MEA"],
    &["IAA", "DA", "MBA", "MEA", "MFA"],
    &["IAA", "EA", "IFA"],
    &["AFBE"],
];

const NATURALIZATION: &[Story] = &[
    &["IAF"],
    &["IAF", "FNA"],
    &["IAF", "FNA", "FNB"],
    &["IAF", "FNB", "FHB"],
    &["IAF", "FNB", "FJ"],
    &["IAF", "FNB", "FJ", "FM"],
    &["IAF", "FNB", "FJ", "FL"],
    &["IAF", "FNB", "FJ", "HG"],
    &["IAF", "FNB", "FJ", "HG", "DA"],
    &["IAF", "FNB", "FJ", "HG", "DA", "MCA"],
    &["IAA", "FNA", "FNB", "FJ", "HG", "DA", "MEC"],
    &["IAF", "FNB", "FJ", "HG", "EA", "IFA"],
];

/// For forms about which the demo has little to say.
pub(super) const SHORT: &[Story] = &[
    &["IAA"],
    &["IAF"],
    &["IAA", "FNA"],
    &["IAA", "FNB"],
    &["IAA", "FT0"],
    &["IAA", "FBA"],
    &["IAA", "DA"],
    &["IAF", "DA", "IEA"],
    &["IAA", "IK", "HA", "DA"],
    &["IAA", "EA", "IFA"],
    &["ABA", "IAA"],
];

/// Things that happen rarely; together with the sequences above they reach every status that an action code can show.
/// One with a code of [`TELLING`] happens only to forms that have that code in their usual stories too.
const RARE: &[Story] = &[
    &["IAA", "AAB", "FNA"],
    &["IAA", "ANA", "ANB"],
    &["AF"],
    &["AFAA"],
    &["AFFA"],
    &["AFBF"],
    &["AFBH"],
    &["AFBB"],
    &["AFCD"],
    &["IAA", "ALA"],
    &["IAA", "ALD"],
    &["IAA", "EM"],
    &["IAA", "EN"],
    &["IAA", "IXB"],
    &["IAA", "HB", "IG"],
    &["IAA", "FNA", "IN"],
    &["IAA", "FNB", "FJ", "FKA"],
    &["IAA", "FNB", "FJ", "FKB"],
    &["IAA", "FNB", "FJ", "HE"],
    &["IAA", "HD"],
    &["IAA", "BB"],
    &["IAA", "KH"],
    &["IAA", "KH", "KI"],
    &["IAA", "IZ"],
    &["IAA", "IZB"],
    &["IAA", "KEN"],
    &["IAA", "KEB"],
    &["IAA", "IH"],
    &["IAA", "JA"],
    &["IAA", "PA", "PB"],
    &["IAA", "PA", "PC"],
    &["IAA", "DB"],
    &["IAA", "DC"],
    &["IAA", "DA", "KO", "IJ"],
    &["IAA", "DA", "IU", "FWA"],
    &["IAA", "DA", "KO", "BI"],
    &["IAA", "DA", "KO", "BI", "DI"],
    &["IAA", "DA", "IV", "EGA"],
    &["IAA", "DA", "IQ"],
    &["IAA", "DA", "IYB"],
    &["IAA", "EA", "IO"],
    &["IAA", "EA", "AGA"],
    &["IAA", "EA", "BE"],
    &["IAA", "EA", "BE", "BG"],
    &["IAA", "EA", "BF"],
    &["IAA", "EA", "BF", "BH"],
    &["IAA", "EA", "BE", "OA"],
    &["IAA", "EA", "BE", "OB"],
    &["IAA", "EA", "BE", "OC"],
    &["IAA", "EA", "OF"],
    &["IAA", "EA", "OG"],
    &["IAA", "EB", "OHB"],
    &["IAA", "DB", "OIA"],
    &["IAA", "EA", "ER"],
    &["IAA", "DA", "LDA", "LEA", "LFA", "LFB"],
    &["IAA", "DA", "LDA", "LEA", "LFA", "LGA"],
    &["IAA", "DA", "LDA", "LEA", "LGB"],
    &["IAA", "DA", "LDA", "LEA", "LFC"],
    &["IAA", "DA", "MEA", "MFA", "MFC"],
    &["IAA", "DA", "MEA", "MFA", "MFC", "MFB"],
    &["IAA", "DA", "MBC", "MEBA"],
];

/// Fingerprints, interviews, cards, travel documents, the visa office, premium processing: not every form knows them.
const TELLING: &[&str] = &["FNA", "FNB", "FJ", "LDA", "MBC", "MEA", "KO", "PA"];

const PLANS: &[Plan] = &[
    plan("I-765", 240, Filer::Oneself, &["C09", "C09", "C10", "C26", "C33", "C03B"], CARD),
    plan("I-130", 150, Filer::Relative, &["SPOUSE", "SPOUSE", "SIBLING"], PETITION),
    plan("I-485", 140, Filer::Oneself, &["IMMEDIATE_RELATIVE", "EMPLOYMENT", "DIVERSITY"], ADJUSTMENT),
    plan("N-400", 120, Filer::Oneself, &[], NATURALIZATION),
    plan("I-90", 90, Filer::Oneself, &[], CARD),
    plan("I-131", 80, Filer::Oneself, &[], TRAVEL),
    plan("I-821D", 40, Filer::Oneself, &["INITIAL", "RENEWAL", "RENEWAL"], SHORT),
    plan("I-751", 40, Filer::Oneself, &["JOINT"], ADJUSTMENT),
    plan("I-140", 40, Filer::Employer, &["E16", "E26", "E37"], WORKER),
    plan("I-129", 40, Filer::Employer, &["H1B", "L1A", "O1"], WORKER),
    plan("I-539", 40, Filer::Oneself, &["F1", "B2", "H4"], SHORT),
    plan("I-129F", 30, Filer::Relative, &[], PETITION),
    plan("I-821", 15, Filer::Oneself, &["INITIAL", "RENEWAL"], SHORT),
    plan("N-600", 15, Filer::Oneself, &[], SHORT),
    plan("I-601A", 10, Filer::Oneself, &[], SHORT),
    plan("I-360", 5, Filer::Oneself, &["RELIGIOUS", "WIDOW"], SHORT),
    plan("I-824", 5, Filer::Oneself, &[], SHORT),
    plan("N-565", 5, Filer::Oneself, &[], SHORT),
];

/// What people file who ask for asylum, who have it, or who join somebody who has.
const ASYLUM: &[Plan] = &[
    plan("I-589", 50, Filer::Oneself, &[], SHORT),
    plan("I-765", 35, Filer::Oneself, &["C08"], CARD),
    plan("I-485", 10, Filer::Oneself, &["ASYLUM"], ADJUSTMENT),
    plan("I-730", 5, Filer::Relative, &[], SHORT),
];

const fn plan(
    form: &'static str,
    weight: u32,
    filer: Filer,
    categories: &'static [&'static str],
    stories: &'static [Story],
) -> Plan {
    Plan { form, weight, categories, filer, stories }
}

/// How many cases in a hundred go a rare way.
const RARE_PERCENT: u32 = 7;

pub(super) fn throw_plan(dice: &mut Dice, of_asylum: bool) -> &'static Plan {
    let plans = if of_asylum { ASYLUM } else { PLANS };
    let mut left = dice.below(plans.iter().map(|plan| plan.weight).sum());
    let chosen = plans.iter().find(|plan| match left.checked_sub(plan.weight) {
        None => true,
        Some(rest) => {
            left = rest;
            false
        }
    });
    chosen.unwrap_or(&plans[0])
}

/// Who files a form.
pub(super) fn filer(form: &str) -> Filer {
    PLANS.iter().chain(ASYLUM).find(|plan| plan.form == form).map_or(Filer::Oneself, |plan| plan.filer)
}

/// A way for a case to go, mostly one of the usual ones.
pub(super) fn throw_story(dice: &mut Dice, usual: &'static [Story]) -> Story {
    let is_rare = dice.percent(RARE_PERCENT);
    let is_known = |code: &&str| !TELLING.contains(code) || usual.iter().any(|story| story.contains(code));
    let mut story: Story = dice.pick::<Story>(if is_rare { RARE } else { usual });
    while !story.iter().all(is_known) {
        story = dice.pick::<Story>(RARE);
    }
    story
}
