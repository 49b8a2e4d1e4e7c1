//! What docs/operations.md shows to be copied: the systemd unit and the container file, taken out of the page and tried.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::running::{Engine, Installation, PORTICO, http};

const PAGE: &str = include_str!("../../../docs/operations.md");
const SETTINGS: &str = include_str!("../../../docs/settings.md");

/// The block of the page in this language.
fn block(language: &str) -> &'static str {
    let mut blocks = PAGE.split("\n```").filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    blocks.next().unwrap_or_else(|| panic!("docs/operations.md shows no {language}"))
}

fn is_setting(name: &str) -> bool {
    SETTINGS.contains(&format!("| `{name}` |"))
}

/// Starts the program with these settings, where the paths of an installed system stand below `root`; the system's own folders are not
/// ours to write to. A page must come.
async fn serves(root: &Path, arguments: &[&str], settings: &BTreeMap<String, String>) {
    let installation = Installation::new(Engine::Sqlite).await;
    let below = |value: &str| {
        value
            .replace("/usr/local", &format!("{}/usr/local", root.display()))
            .replace("/var/lib", &format!("{}/var/lib", root.display()))
    };
    assert_eq!(arguments, ["serve"]);
    let settings: Vec<(&str, String)> = settings.iter().map(|(name, value)| (name.as_str(), below(value))).collect();
    let mut settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // It prints the address that people use, so the port is chosen here.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    settings.push(("PORTICO_LISTEN", &listen));
    let server = installation.serve(&settings);
    let answer = http().build().unwrap().get(format!("http://{listen}/health/ready")).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", server.log());
    for file in ["portico.db", "portico.keys"] {
        assert!(root.join("var/lib/portico").join(file).is_file(), "{file} is not where the page puts it");
    }
}

/// The folders that the page names, below a folder of the test.
fn laid_out() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for folder in ["usr/local/bin", "usr/local/share/portico/site/pkg", "var/lib/portico"] {
        std::fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    let site = root.path().join("usr/local/share/portico/site");
    std::fs::write(site.join("manifest.json"), r#"{"portal":{"boot":"/pkg/boot.0.js","css":"/pkg/portal.0.css"},"console":{"boot":"/pkg/boot.0.js","css":"/pkg/console.0.css"}}"#).unwrap();
    std::fs::write(site.join("pkg/portal.0.css"), "body{}").unwrap();
    std::fs::write(site.join("service-worker.js"), "addEventListener('fetch', () => {});").unwrap();
    std::fs::write(site.join("robots.txt"), "User-agent: *\n").unwrap();
    root
}

#[tokio::test]
async fn the_unit_starts_what_is_installed_and_keeps_it_in_its_walls() {
    let unit = block("ini");
    let mut settings = BTreeMap::new();
    let mut program = Vec::new();
    for line in unit.lines().filter(|line| !line.starts_with(['#', '[']) && !line.is_empty()) {
        let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{line:?} is no line of a unit"));
        match key {
            "Environment" => {
                let (name, value) = value.split_once('=').unwrap();
                assert!(is_setting(name), "{name} is no setting");
                settings.insert(name.to_owned(), value.to_owned());
            }
            "ExecStart" => program = value.split(' ').collect(),
            _ => {}
        }
    }
    assert_eq!(program[0], "/usr/local/bin/portico");
    serves(laid_out().path(), &program[1..], &settings).await;

    // systemd reads it as it stands, where there is a systemd to ask. It wants to find the program.
    if Command::new("systemd-analyze").arg("--version").output().is_ok_and(|output| output.status.success()) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("portico.service");
        std::fs::write(&file, unit.replace("/usr/local/bin/portico", PORTICO)).unwrap();
        let output = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&file).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let about_ours: Vec<&str> = said.lines().filter(|line| line.contains("portico.service")).collect();
        assert!(about_ours.is_empty(), "{about_ours:?}");
    }
}

#[tokio::test]
async fn the_container_file_copies_what_is_built_and_starts_it() {
    let whole = block("dockerfile").replace("\\\n", " ");
    let lines: Vec<(&str, &str)> = whole.lines().filter_map(|line| line.split_once(' ')).filter(|(word, _)| *word != "#").collect();
    let of = |word: &str| lines.iter().filter(|(found, _)| *found == word).map(|(_, rest)| *rest).collect::<Vec<_>>();
    let one = |word: &str| -> &str {
        let all = of(word);
        assert_eq!(all.len(), 1, "{word} stands {} times", all.len());
        all[0]
    };
    assert!(one("FROM").contains(':'), "the image's release is named");
    assert_ne!(one("USER"), "0");
    assert!(of("RUN").iter().any(|run| run.contains(&format!("--uid {} ", one("USER")))), "nobody makes the account");

    let root = laid_out();
    let target = Path::new(PORTICO).parent().unwrap();
    for copy in of("COPY") {
        let (sources, to) = copy.rsplit_once(' ').unwrap();
        for source in sources.split(' ') {
            let name = Path::new(source).file_name().unwrap();
            assert!(source.starts_with("target/"), "{source} is not what `make build` leaves");
            if name == "portico" {
                std::os::unix::fs::symlink(target.join(name), below(root.path(), to).join(name)).unwrap();
            }
        }
    }
    let mut settings = BTreeMap::new();
    for variable in of("ENV") {
        let (name, value) = variable.split_once('=').unwrap();
        assert!(is_setting(name), "{name} is no setting");
        settings.insert(name.to_owned(), value.to_owned());
    }
    let port = settings["PORTICO_LISTEN"].rsplit(':').next().unwrap_or_default().to_owned();
    assert_eq!(one("EXPOSE"), port);
    assert!(settings["PORTICO_KEY_FILE"].starts_with(one("VOLUME")), "the keys outlive the container");

    // As the page says of it: from outside it is not reached without being told under which name and by whom.
    let refused = Installation::new(Engine::Sqlite).await.try_serve(&[("PORTICO_LISTEN", "0.0.0.0:0")]).err().unwrap();
    assert!(refused.contains("PORTICO_"), "{refused}");
    settings.insert("PORTICO_PUBLIC_URL".into(), "https://portal.agency.example".into());
    settings.insert("PORTICO_TRUSTED_PROXIES".into(), "10.0.0.0/24,127.0.0.1/32".into());
    let command: Vec<String> = serde_json::from_str(one("ENTRYPOINT")).unwrap();
    let arguments: Vec<String> = serde_json::from_str(one("CMD")).unwrap();
    assert!(below(root.path(), &command[0]).exists(), "{} is not in the image", command[0]);
    serves(root.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>(), &settings).await;
}

fn below(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}
