//! Tables as files: CSV and XLSX. A spreadsheet takes no value for a formula.

use domain::report::{Cell, Export, Format, Sheet};
use rust_xlsxwriter::{Format as Style, Workbook, XlsxError};

/// A text that no spreadsheet takes for a formula, whatever somebody named an office (CWE-1236): what begins like one gets an
/// apostrophe, which spreadsheets read as "this is text".
pub fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The media type of a file.
pub const fn media_type(format: Format) -> &'static str {
    match format {
        Format::Csv => "text/csv; charset=utf-8",
        Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

/// A table as a file. None if it cannot be written: it would be a mistake of this program.
pub fn file(export: &Export, format: Format) -> Option<Vec<u8>> {
    match format {
        Format::Csv => csv(&export.sheet).ok(),
        Format::Xlsx => xlsx(&export.sheet).ok(),
    }
}

fn csv(sheet: &Sheet) -> Result<Vec<u8>, csv::Error> {
    // The mark tells Excel that it is UTF-8.
    let mut file = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut file);
    writer.write_record(&sheet.heads)?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|cell| match cell {
            Cell::Text(text) => plain(text),
            Cell::Number(number) => number.to_string(),
            Cell::Empty => String::new(),
        }))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(file)
}

fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let bold = Style::new().set_bold();
    let page = workbook.add_worksheet();
    page.set_name(sheet.title)?;
    page.set_freeze_panes(1, 0)?;
    for (column, head) in (0_u16..).zip(&sheet.heads) {
        page.write_string_with_format(0, column, *head, &bold)?;
    }
    for (row, cells) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                // A string is of the type "string" there. The apostrophe is for who saves it as CSV.
                Cell::Text(text) => page.write_string(row, column, plain(text))?,
                Cell::Number(number) => page.write_number(row, column, figure(*number))?,
                Cell::Empty => page,
            };
        }
    }
    page.autofit();
    workbook.save_to_buffer()
}

/// XLSX knows no other numbers; figures are far below where whole numbers end there.
#[expect(clippy::cast_precision_loss, reason = "2^53 requests are none of this agency's")]
const fn figure(number: i64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn export() -> Export {
        let text = |text: &str| Cell::Text(text.to_owned());
        let rows = vec![
            vec![text("=1+1"), Cell::Number(-3)],
            vec![text("@x, \"y\""), Cell::Empty],
            vec![text("\tcmd"), Cell::Number(7)],
            vec![text("plain"), Cell::Number(0)],
        ];
        Export { name: "x".into(), sheet: Sheet { title: "Figures", heads: vec!["word", "number"], rows } }
    }

    #[test]
    fn no_value_of_a_csv_is_a_formula() {
        let file = String::from_utf8(file(&export(), Format::Csv).unwrap()).unwrap();
        assert_eq!(file, "\u{feff}word,number\r\n'=1+1,-3\r\n\"'@x, \"\"y\"\"\",\r\n'\tcmd,7\r\nplain,0\r\n");
        for begin in ["=", "+", "-", "@", "\t", "\r", "\n", "＝"] {
            assert_eq!(plain(&format!("{begin}cmd")), format!("'{begin}cmd"));
        }
    }

    #[test]
    fn no_value_of_a_workbook_is_a_formula() {
        let file = file(&export(), Format::Xlsx).unwrap();
        assert!(file.starts_with(b"PK"));
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        let mut read = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let (sheet, strings) = (read("xl/worksheets/sheet1.xml"), read("xl/sharedStrings.xml"));
        assert!(!sheet.contains("<f>") && sheet.contains("<v>-3</v>"), "{sheet}");
        assert!(strings.contains("'=1+1"), "{strings}");
    }
}
