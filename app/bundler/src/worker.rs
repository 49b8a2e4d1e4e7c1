//! The service worker, and the page that it shows without a connection.

use anyhow::Result;

use crate::{
    site::{Site, hash},
    tool,
};

/// The page for those without a connection; the name of its file.
pub fn offline_page(site: &Site, name: &str, styles: &str) -> Result<[String; 1]> {
    let page = include_str!("offline.html").replace("STYLES", styles);
    Ok([site.add(&format!("{name}-offline"), "html", page.as_bytes())?])
}

/// The worker that keeps these files. With other files it is another worker, and browsers fetch it.
pub fn script(files: [&String; 4], offline_page: &str) -> Result<Vec<u8>> {
    let list = serde_json::to_string(&files.map(|file| format!("/pkg/{file}")))?;
    let name = format!("portico-{}", hash(format!("{list}{offline_page}").as_bytes()));
    let script = include_str!("service-worker.js")
        .replace("const FILES = []", &format!("const FILES = {list}"))
        .replace("OFFLINE_PAGE", &format!("/pkg/{offline_page}"))
        .replace("NAME", &name);
    tool::run("esbuild", ["--minify", "--log-level=warning"], &script)
}
