//! The style sheets: Sass and USWDS in, one small file out.

use anyhow::{Result, ensure};

use crate::{site::Site, tool};

/// Gives the name of the style sheet.
pub fn bundle(site: &Site, name: &str, source: &str) -> Result<[String; 1]> {
    let uswds = format!("--load-path={}/@uswds/uswds/packages", tool::NODE_MODULES);
    let sheet = tool::run("sass", ["--style=compressed", "--no-source-map", "--quiet-deps", &uswds, source], "")?;
    let sheet = logical(&String::from_utf8(sheet)?);
    ensure!(
        !sheet.contains("url("),
        "{source} asks for a font or an image, which costs a request and may be missing: {}",
        excerpt(&sheet, "url(")
    );
    let sheet = tool::run("esbuild", ["--minify", "--loader=css", "--log-level=warning"], &sheet)?;
    Ok([site.add(name, "css", &sheet)?])
}

/// USWDS says left and right; start and end follow the direction of the page's language.
fn logical(sheet: &str) -> String {
    const BOXES: [&str; 3] = ["margin", "padding", "border"];
    let mut sheet = sheet.to_owned();
    for (side, edge) in [("left", "start"), ("right", "end")] {
        for before in ['{', ';'] {
            for property in BOXES {
                sheet = sheet.replace(&format!("{before}{property}-{side}"), &format!("{before}{property}-inline-{edge}"));
            }
            sheet = sheet
                .replace(&format!("{before}{side}:"), &format!("{before}inset-inline-{edge}:"))
                .replace(&format!("{before}text-align:{side}"), &format!("{before}text-align:{edge}"))
                .replace(&format!("{before}float:{side}"), &format!("{before}float:inline-{edge}"));
        }
    }
    sheet
}

fn excerpt<'a>(sheet: &'a str, what: &str) -> &'a str {
    let rest = sheet.find(what).map_or("", |at| &sheet[at..]);
    rest.split_inclusive(')').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::logical;

    #[test]
    fn sides_follow_the_direction_of_the_page() {
        assert_eq!(
            logical("a{left:0;margin-left:1px;border-right-color:red;text-align:right}.left{padding:0}"),
            "a{inset-inline-start:0;margin-inline-start:1px;border-inline-end-color:red;text-align:end}.left{padding:0}"
        );
    }
}
