//! QR codes as SVG in the page: no image to fetch, and nothing that a cache could keep.

use std::fmt::Write as _;

use leptos::prelude::*;
use qrcodegen::{QrCode as Code, QrCodeEcc};

/// Modules of light around it (ISO/IEC 18004).
const QUIET: i32 = 4;

/// A text as a QR code; nothing if it is too long for one.
#[component]
pub fn QrCode(text: String, label: &'static str) -> impl IntoView {
    let code = Code::encode_text(&text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    Some(view! {
        <svg class="console-qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label shape-rendering="crispEdges">
            <path d=path(&code) fill="#000"/>
        </svg>
    })
}

/// A square for each dark module, a row of them in one piece.
fn path(code: &Code) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let length = (x..code.size()).take_while(|x| code.get_module(*x, y)).count();
            if length > 0 {
                // Writing to a `String` cannot fail.
                let _ = write!(path, "M{} {}h{length}v1h-{length}z", x + QUIET, y + QUIET);
            }
            x += i32::try_from(length).unwrap_or(0) + 1;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_once() {
        let code = Code::encode_text("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ", QrCodeEcc::Medium).unwrap();
        let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
        let path = path(&code);
        let drawn: i32 = path
            .split('h')
            .skip(1)
            .filter(|part| !part.starts_with('-'))
            .filter_map(|part| part.split('v').next()?.parse::<i32>().ok())
            .sum();
        assert_eq!(drawn, i32::try_from(dark.count()).unwrap());
        assert!(path.starts_with("M4 4h7v1h-7z"), "the corner that scanners look for: {path}");
    }
}
