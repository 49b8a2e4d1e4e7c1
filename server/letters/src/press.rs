//! The typesetter: typst, with one template, two fonts and nothing else within reach.

use chrono::Datelike;
use serde_json::json;
use shared::letter::Letter;
use thiserror::Error;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt, comemo};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::printable::printable;

const TEMPLATE: &str = include_str!("template.typ");
const FONTS: [&[u8]; 2] = [include_bytes!("../fonts/NotoSans-Regular.ttf"), include_bytes!("../fonts/NotoSans-Bold.ttf")];

/// Why there is no document. No variant holds a text of the letter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SetError {
    #[error("the typesetter's own parts cannot be read: {0}")]
    Parts(&'static str),
    #[error("the letter cannot be written down for the template")]
    Unwritable,
    #[error("{step} failed at line {line:?} of the template")]
    Typst { step: &'static str, line: Option<usize> },
}

/// Sets letters.
pub struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    letter: FileId,
    standards: PdfStandards,
}

impl std::fmt::Debug for Press {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Press")
    }
}

impl Press {
    /// Makes ready to set letters.
    ///
    /// # Errors
    /// [`SetError::Parts`], which would be a mistake in this crate.
    pub fn new() -> Result<Self, SetError> {
        let fonts: Vec<Font> = FONTS.into_iter().flat_map(|data| Font::iter(Bytes::new(data))).collect();
        if fonts.len() != FONTS.len() {
            return Err(SetError::Parts("fonts"));
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            template: Source::new(file("template.typ")?, TEMPLATE.to_owned()),
            letter: file("letter.json")?,
            standards: PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|_| SetError::Parts("standards"))?,
        })
    }

    /// Sets one letter. The same letter gives the same bytes.
    ///
    /// # Errors
    /// [`SetError`]; which letters can be set is a matter of [`Letter`], so this too would be a mistake in this crate.
    pub fn set(&self, letter: &Letter) -> Result<Vec<u8>, SetError> {
        let pdf = self.typeset(letter);
        // typst remembers what it has set, to be quick with the next edition. There is none, and it was about a person.
        comemo::evict(0);
        pdf
    }

    fn typeset(&self, letter: &Letter) -> Result<Vec<u8>, SetError> {
        let data = self.data(letter)?;
        let options = PdfOptions {
            ident: Smart::Custom(data.clone()),
            creator: Smart::Custom(Some("Portico".to_owned())),
            standards: self.standards.clone(),
            ..PdfOptions::default()
        };
        let desk = Desk { press: self, letter: Bytes::from_string(data) };
        let document = typst::compile::<PagedDocument>(&desk).output.map_err(|errors| desk.error("layout", &errors))?;
        typst_pdf::pdf(&document, &options).map_err(|errors| desk.error("the PDF", &errors))
    }

    /// What the template reads.
    fn data(&self, letter: &Letter) -> Result<String, SetError> {
        let mut data = printable(letter, &self.fonts).map_err(|_| SetError::Unwritable)?;
        let (locale, date) = (letter.content().locale, letter.content().date);
        data["printed_date"] = json!(locale.long_date(date));
        data["year"] = json!(date.year());
        data["month"] = json!(date.month());
        data["day"] = json!(date.day());
        Ok(data.to_string())
    }
}

/// Everything that typst can see while it sets one letter.
struct Desk<'a> {
    press: &'a Press,
    letter: Bytes,
}

impl Desk<'_> {
    /// typst's own message would quote the letter.
    fn error(&self, step: &'static str, errors: &EcoVec<SourceDiagnostic>) -> SetError {
        let at = errors.first().and_then(|error| self.range(error.span));
        let line = at.and_then(|range| self.press.template.lines().byte_to_line(range.start));
        SetError::Typst { step, line: line.map(|line| line + 1) }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.press.template.id() { Ok(self.press.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.press.letter { Ok(self.letter.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    /// There is no today: a letter bears its own date.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn file(name: &'static str) -> Result<FileId, SetError> {
    let path = VirtualPath::new(name).map_err(|_| SetError::Parts(name))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}
