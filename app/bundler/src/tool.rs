//! The tools that come from npm.

use std::{
    ffi::OsStr,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

pub const NODE_MODULES: &str = "app/bundler/node_modules";
pub const LOCK_FILE: &str = "app/bundler/package-lock.json";

/// Runs a tool on `input` and gives what it prints. Its own complaints go straight to the terminal.
pub fn run(tool: &str, args: impl IntoIterator<Item = impl AsRef<OsStr>>, input: &str) -> Result<Vec<u8>> {
    let path = Path::new(NODE_MODULES).join(".bin").join(tool);
    ensure!(path.exists(), "{} is missing; install it first: npm ci --prefix app/bundler --ignore-scripts", path.display());
    let mut child = Command::new(&path)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", path.display()))?;
    // Taken and dropped at the end of the statement: the tool sees the end of its input.
    child.stdin.take().context("no way to write to the tool")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{tool} failed ({}), see above", output.status);
    Ok(output.stdout)
}
