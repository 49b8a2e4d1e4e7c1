//! docs/controls.md: every file and every test that it names is there, and no control is left out.

use std::path::Path;

const PAGE: &str = include_str!("../../../docs/controls.md");

/// The controls that an assessment of this system asks for.
const CONTROLS: [&str; 52] = [
    "AC-2", "AC-2(3)", "AC-2(5)", "AC-2(13)", "AC-3", "AC-3(7)", "AC-3(14)", "AC-4", "AC-5", "AC-6", "AC-6(9)", "AC-6(10)", "AC-7",
    "AC-8", "AC-10", "AC-11", "AC-11(1)", "AC-12", "AC-16", "AC-21", "AC-24", "AU-2", "AU-3", "AU-3(1)", "AU-3(3)", "AU-5", "AU-6",
    "AU-7", "AU-8", "AU-9", "AU-9(2)", "AU-9(3)", "AU-9(4)", "AU-10", "AU-11", "AU-12", "AU-12(3)", "CA-3", "IA-2", "IA-2(1)",
    "IA-2(12)", "IA-11", "PM-21", "PT-2", "PT-3", "PT-6", "SC-13", "SC-23", "SC-28", "SC-8", "SI-12", "SI-12(1)",
];

struct Row {
    control: &'static str,
    done: &'static str,
    code: Vec<&'static str>,
    shown_by: Vec<&'static str>,
    operators: &'static str,
}

/// What stands between backticks.
fn quoted(cell: &'static str) -> Vec<&'static str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn rows() -> Vec<Row> {
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>();
    let lines = PAGE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| control "));
    let row = |line| {
        let cells = cells(line);
        let [control, done, code, shown_by, operators] = cells[..] else { panic!("five cells: {line}") };
        Row { control, done, code: quoted(code), shown_by: quoted(shown_by), operators }
    };
    lines.map(row).collect()
}

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("docs/controls.md names {file}: {error}"))
}

/// Whether a file of Rust has a test of this name, or one of Playwright one of this title.
fn has_test(file: &str, text: &str, name: &str) -> bool {
    if Path::new(file).extension().is_some_and(|kind| kind == "ts") {
        return text.contains(&format!("test(\"{name}\""));
    }
    let Some((before, _)) = text.split_once(&format!("fn {name}(")) else { return false };
    // The attribute stands right above it; tests of properties have theirs inside of a macro.
    let above: Vec<&str> = before.trim_end().rsplit('\n').take(4).collect();
    above.iter().any(|line| line.contains("#[test]") || line.contains("#[tokio::test"))
}

#[test]
fn every_control_has_one_row() {
    let mut named: Vec<&str> = rows().iter().map(|row| row.control).collect();
    named.sort_unstable();
    let mut expected = CONTROLS.to_vec();
    expected.sort_unstable();
    assert_eq!(named, expected);
}

#[test]
fn every_file_and_every_test_that_is_named_is_there() {
    for row in rows() {
        row.code.iter().for_each(|file| drop(read(file)));
        let mut file = "";
        let mut text = String::new();
        let mut tests = 0;
        for name in &row.shown_by {
            if name.contains('/') {
                (file, text) = (*name, read(name));
                continue;
            }
            assert!(has_test(file, &text, name), "{}: {file} has no test {name}", row.control);
            tests += 1;
        }
        assert_eq!(row.code.is_empty(), tests == 0, "{}: code without a test, or a test without code", row.control);
        assert_eq!(row.code.is_empty(), row.done.is_empty(), "{}: what is done stands somewhere", row.control);
        assert!(!row.code.is_empty() || !row.operators.is_empty(), "{}: nobody does it", row.control);
    }
}
