//! How a letter goes to the program that sets it, over its standard input, and the document comes back over its standard output.
//!
//! A request is the length of the letter in JSON (four bytes, the highest first), and the letter. An answer is one byte that
//! says what it is, the length of what follows, and that. One request has one answer; the end of the input ends the program.

/// The longest request, in bytes. JSON can make one character six bytes.
pub const MAX_REQUEST: u32 = 512 * 1024;

/// The longest answer, in bytes.
pub const MAX_ANSWER: u32 = 16 * 1024 * 1024;

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A PDF follows.
    Document,
    /// The request was no letter; it says why.
    Refused,
    /// It was a letter and could not be set; it says where. The program may have ended after it.
    Failed,
}

impl Answer {
    pub const fn byte(self) -> u8 {
        match self {
            Self::Document => 0,
            Self::Refused => 1,
            Self::Failed => 2,
        }
    }

    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Document),
            1 => Some(Self::Refused),
            2 => Some(Self::Failed),
            _ => None,
        }
    }
}
