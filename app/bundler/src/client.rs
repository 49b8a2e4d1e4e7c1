//! A client crate's WASM, its JavaScript glue and the script that starts it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{site::Site, tool};

/// What rustc's wasm32 target may use, and nothing newer: `--all-features` would let the optimiser write what browsers refuse.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Where cargo puts a client.
pub fn module(package: &str, profile: &str) -> Result<PathBuf> {
    let folder = if profile == "dev" { "debug" } else { profile };
    let path = PathBuf::from(format!("target/wasm32-unknown-unknown/{folder}/{}.wasm", package.replace('-', "_")));
    ensure!(
        path.is_file(),
        "{} is missing; build it first: cargo build --profile {profile} --target wasm32-unknown-unknown -p {package}",
        path.display()
    );
    Ok(path)
}

/// Gives the names of the WASM, the glue and the boot script.
pub fn bundle(site: &Site, name: &str, module: &Path) -> Result<[String; 3]> {
    let mut output = Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    ensure!(output.wasm().exports.iter().any(|export| export.name == "hydrate"), "{} exports no `hydrate`", module.display());
    ensure!(
        output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
        "a dependency of the client brings scripts of its own, which nothing here bundles: {:?} {:?}",
        output.snippets(),
        output.local_modules().keys()
    );

    let wasm = site.add(name, "wasm", &optimised(name, &output.wasm_mut().emit_wasm())?)?;
    let asked_for = format!("{name}_bg.wasm");
    ensure!(output.js().contains(&asked_for), "the glue does not ask for {asked_for}");
    let glue = site.add(name, "js", &minified(&output.js().replace(&asked_for, &wasm))?)?;
    let boot = site.add(&format!("{name}-boot"), "js", &minified(&include_str!("boot.js").replace("GLUE", &glue))?)?;
    Ok([wasm, glue, boot])
}

fn optimised(name: &str, wasm: &[u8]) -> Result<Vec<u8>> {
    // Outside the site: nothing that is half made may be served.
    let folder = Path::new("target/bundler");
    let (from, to) = (folder.join(format!("{name}.wasm")), folder.join(format!("{name}.opt.wasm")));
    fs::create_dir_all(folder)?;
    fs::write(&from, wasm)?;
    tool::run(
        "wasm-opt",
        FEATURES.iter().map(AsRef::as_ref).chain(["-Oz".as_ref(), from.as_os_str(), "-o".as_ref(), to.as_os_str()]),
        "",
    )?;
    Ok(fs::read(to)?)
}

fn minified(script: &str) -> Result<Vec<u8>> {
    tool::run("esbuild", ["--minify", "--format=esm", "--log-level=warning"], script)
}
