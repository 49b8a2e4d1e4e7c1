//! Turns `locales/*.json` into typed texts: a missing key or placeholder stops the build.

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    // Lets texts with placeholders be strings as well as views.
    let options = ParseOptions::new().interpolate_display(true);
    let texts = TranslationsInfos::parse(Config::new("en")?.add_locale("es")?.parse_options(options))?;
    texts.emit_diagnostics();
    let out: PathBuf = std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?.into();
    Ok(texts.generate_i18n_module(out.join("i18n"))?)
}
