//! The keys of packages, made as docs/packages.md says.

use std::path::Path;
use std::process::Command;

use crate::running::{Engine, Installation};

const PAGE: &str = include_str!("../../../docs/packages.md");

/// The commands of the page's first block that begin so.
fn commands(begin: &str) -> Vec<&'static str> {
    let (_, after) = PAGE.split_once("```sh\n").unwrap();
    let block = after.split("\n```").next().unwrap();
    block.lines().filter(|line| line.starts_with(begin)).collect()
}

fn run(folder: &Path, command: &str) {
    let status = Command::new("/bin/sh").args(["-c", command]).current_dir(folder).status().unwrap();
    assert!(status.success(), "{command}");
}

#[tokio::test]
async fn the_doctor_reads_keys_that_were_made_as_the_page_says() {
    let installation = Installation::new(Engine::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let partner = format!("sqlite:{}", installation.path("partner.db").display());
    let (ours, theirs) = (folder.path().join("package.key"), folder.path().join("obim.pem"));
    let said = |settings: &[(&str, &str)]| {
        let mut command = installation.command(&["doctor"]);
        command.env("PORTICO_PARTNER_DATABASE_URL", &partner).envs(settings.iter().copied());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(said(&[]).contains("look  PORTICO_PACKAGE_KEY: no keys are set"));
    let both = [("PORTICO_PACKAGE_KEY", ours.to_str().unwrap()), ("PORTICO_OBIM_KEY", theirs.to_str().unwrap())];
    assert!(said(&both).contains("bad   PORTICO_PACKAGE_KEY: "));

    let made = commands("openssl");
    assert_eq!(made.len(), 4, "{made:?}");
    made.into_iter().chain(commands("chmod")).for_each(|command| run(folder.path(), command));
    assert!(said(&both).contains("ok    PORTICO_PACKAGE_KEY: packages are signed with "));
    let swapped = [(both[0].0, both[0].1), (both[1].0, both[0].1)];
    assert!(said(&swapped).contains("bad   PORTICO_OBIM_KEY: "));
}
