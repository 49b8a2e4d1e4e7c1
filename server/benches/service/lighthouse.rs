//! Lighthouse (mobile) on the pages a person comes to first.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Row;
use crate::served::Served;

const LIMITS: [(&str, f64); 3] = [("accessibility", 1.0), ("best-practices", 1.0), ("performance", 0.95)];

pub fn rows(served: &Served) -> Vec<Row> {
    ["/", "/case-status", "/es/case-status"]
        .into_iter()
        .flat_map(|page| of_page(&format!("{}{page}", served.address), page))
        .collect()
}

fn of_page(url: &str, page: &str) -> Vec<Row> {
    // Now and then Lighthouse loses its own trace, says "please run Lighthouse again" and leaves half a report.
    let report = (0..3).find_map(|_| report_of(url)).unwrap();
    let row = |(category, limit): (&str, f64)| {
        let score = report["categories"][category]["score"].as_f64().unwrap_or(0.0);
        Row {
            what: format!("Lighthouse mobile {category}, {page}"),
            measured: format!("{:.0}", score * 100.0),
            limit: format!(">= {:.0}", limit * 100.0),
            holds: score >= limit,
        }
    };
    LIMITS.into_iter().map(row).collect()
}

fn report_of(url: &str) -> Option<Value> {
    let flags = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/node_modules/.bin/lighthouse");
    let output = Command::new(program)
        .args([url, "--output=json", "--quiet", "--only-categories=accessibility,best-practices,performance"])
        .arg(format!("--chrome-flags={flags}"))
        .env("CHROME_PATH", "/usr/bin/chromium-headless-shell")
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).ok().filter(|report: &Value| report["runtimeError"].is_null())
}
