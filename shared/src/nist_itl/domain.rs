//! The domain (`1.013` DOM): which types of transaction there are, and what each may hold. The standard leaves this to those who
//! send to each other.
//!
//! [`PORTICO_IIS_1`] is this project's own. It is **not** a profile of OBIM, the FBI or a partner country: their types of
//! transaction are not published, or are for another purpose. Its types follow the exchange that PIA-060(a) describes, in which a
//! query comes in up to three steps, and Canadian law on it (SOR/2002-227 s. 315.38): a query is fingerprints and a number of its
//! own, or the number of an earlier query and no fingerprints. [`PORTICO_CAPTURE_1`], its own too, is for files that come to no
//! partner: what a capture station took.

use std::fmt;

use super::tag::RecordType;

/// A step of an exchange about one person, as types of transaction tell them apart. It is not [`crate::agreement::Step`]: a reverse
/// query is in a file a first one, sent the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Fingerprints, and whether they match.
    First,
    /// The match is asked about.
    Second,
    /// Documents are asked for.
    Third,
}

/// What was taken of somebody's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capture {
    Fingerprints,
    Irises,
    Face,
}

/// What a transaction is (`1.004` TOT).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransactionKind {
    Query(Step),
    Response(Step),
    Capture(Capture),
    /// A transaction could not be taken.
    Error,
}

impl TransactionKind {
    /// Whether it asks further about a person whose prints were sent before: those are never sent again.
    pub const fn is_follow_up(self) -> bool {
        matches!(self, Self::Query(Step::Second | Step::Third))
    }
}

/// Whether a transaction refers to an earlier one (`1.010` TCR).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    Forbidden,
    Required,
    /// The number of what an error is about may be what could not be read.
    Optional,
}

/// How many of something there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    pub least: usize,
    pub most: usize,
}

impl Amount {
    pub const NONE: Self = Self { least: 0, most: 0 };

    pub const fn between(least: usize, most: usize) -> Self {
        Self { least, most }
    }
}

/// What a transaction holds beside its Type-1 record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Type-2.
    Text,
    /// Type-4 or Type-14.
    Prints,
    /// Type-10.
    Faces,
    /// Type-17.
    Irises,
}

impl Part {
    pub const ALL: [Self; 4] = [Self::Text, Self::Prints, Self::Faces, Self::Irises];

    /// The part that a record belongs to; the domain has no others.
    pub const fn of(record_type: RecordType) -> Option<Self> {
        match record_type {
            RecordType::TEXT => Some(Self::Text),
            RecordType::HIGH_RESOLUTION_PRINT | RecordType::VARIABLE_RESOLUTION_PRINT => Some(Self::Prints),
            RecordType::PHOTOGRAPH => Some(Self::Faces),
            RecordType::IRIS => Some(Self::Irises),
            _ => None,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text records (Type-2)",
            Self::Prints => "fingerprint records with an image (Type-4, Type-14)",
            Self::Faces => "face records (Type-10)",
            Self::Irises => "iris records (Type-17)",
        })
    }
}

/// The rules of one type of transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindRules {
    pub kind: TransactionKind,
    /// The word in `1.004`.
    pub code: &'static str,
    pub reference: Reference,
    pub text: Amount,
    pub prints: Amount,
    pub faces: Amount,
    pub irises: Amount,
}

impl KindRules {
    pub const fn amount(&self, part: Part) -> Amount {
        match part {
            Part::Text => self.text,
            Part::Prints => self.prints,
            Part::Faces => self.faces,
            Part::Irises => self.irises,
        }
    }
}

/// A name, a version, and the types of transaction that go under it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Domain {
    /// The two items of `1.013`.
    pub name: &'static str,
    pub version: &'static str,
    pub kinds: &'static [KindRules],
}

impl Domain {
    /// Whether `1.013` names it.
    pub(super) fn is_named(&self, value: &str) -> bool {
        value.split_once('\u{1F}') == Some((self.name, self.version))
    }

    pub fn kind(&self, code: &str) -> Option<TransactionKind> {
        self.kinds.iter().find(|rules| rules.code == code).map(|rules| rules.kind)
    }

    /// None if the domain has no such type.
    pub fn rules(&self, kind: TransactionKind) -> Option<&KindRules> {
        self.kinds.iter().find(|rules| rules.kind == kind)
    }
}

/// The rules are the same wherever a domain is shown.
impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Domain({} {})", self.name, self.version)
    }
}

const OPTIONAL: Amount = Amount::between(0, 1);
const ONE: Amount = Amount::between(1, 1);

/// This project's own domain, `PORTICO-IIS` 1.0: immigration information sharing in three steps.
///
/// | code | what it is | 1.010 | Type-2 | prints | faces |
/// |---|---|---|---|---|---|
/// | `IIQ1` | query with prints | none | 0 or 1 | 1 to 10 | none |
/// | `IIQ2`, `IIQ3` | further queries by number | first number | 0 or 1 | **never** | **never** |
/// | `IIR1` | match or no match | first number | 1 | none | 0 or 1 |
/// | `IIR2`, `IIR3` | answers to further queries | first number | 1 | 0 to 10 | 0 to 10 |
/// | `IERR` | what was sent could not be taken | first number, if it could be read | 1 | none | none |
pub const PORTICO_IIS_1: Domain = Domain {
    name: "PORTICO-IIS",
    version: "1.0",
    kinds: &[
        KindRules {
            kind: TransactionKind::Query(Step::First),
            code: "IIQ1",
            reference: Reference::Forbidden,
            text: OPTIONAL,
            prints: Amount::between(1, 10),
            faces: Amount::NONE,
            irises: Amount::NONE,
        },
        further_query(Step::Second, "IIQ2"),
        further_query(Step::Third, "IIQ3"),
        KindRules {
            kind: TransactionKind::Response(Step::First),
            code: "IIR1",
            reference: Reference::Required,
            text: ONE,
            prints: Amount::NONE,
            faces: OPTIONAL,
            irises: Amount::NONE,
        },
        further_response(Step::Second, "IIR2"),
        further_response(Step::Third, "IIR3"),
        KindRules {
            kind: TransactionKind::Error,
            code: "IERR",
            reference: Reference::Optional,
            text: ONE,
            prints: Amount::NONE,
            faces: Amount::NONE,
            irises: Amount::NONE,
        },
    ],
};

const fn further_query(step: Step, code: &'static str) -> KindRules {
    KindRules {
        kind: TransactionKind::Query(step),
        code,
        reference: Reference::Required,
        text: OPTIONAL,
        prints: Amount::NONE,
        faces: Amount::NONE,
        irises: Amount::NONE,
    }
}

/// Photographs and fingerprints are among what a partner may answer (SOR/2002-227 s. 315.25).
const fn further_response(step: Step, code: &'static str) -> KindRules {
    KindRules {
        kind: TransactionKind::Response(step),
        code,
        reference: Reference::Required,
        text: ONE,
        prints: Amount::between(0, 10),
        faces: Amount::between(0, 10),
        irises: Amount::NONE,
    }
}

/// This project's own domain for what capture stations take of one person, for their profile: `PORTICO-CAPTURE` 1.0.
///
/// | code | what it is | 1.010 | Type-2 | prints | faces | irises |
/// |---|---|---|---|---|---|---|
/// | `CFP` | fingerprints | none | 0 or 1 | 1 to 10 | none | none |
/// | `CIR` | one iris, or both | none | 0 or 1 | none | none | 1 or 2 |
/// | `CFC` | a face, perhaps from several sides | none | 0 or 1 | none | 1 to 3 | none |
pub const PORTICO_CAPTURE_1: Domain = Domain {
    name: "PORTICO-CAPTURE",
    version: "1.0",
    kinds: &[
        KindRules { prints: Amount::between(1, 10), ..capture(Capture::Fingerprints, "CFP") },
        KindRules { irises: Amount::between(1, 2), ..capture(Capture::Irises, "CIR") },
        KindRules { faces: Amount::between(1, 3), ..capture(Capture::Face, "CFC") },
    ],
};

const fn capture(capture: Capture, code: &'static str) -> KindRules {
    KindRules {
        kind: TransactionKind::Capture(capture),
        code,
        reference: Reference::Forbidden,
        text: OPTIONAL,
        prints: Amount::NONE,
        faces: Amount::NONE,
        irises: Amount::NONE,
    }
}
