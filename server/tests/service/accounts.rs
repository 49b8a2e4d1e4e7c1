//! `portico account`, and the staff of the demo.

use store::testing::meddle;

use super::running::{Engine, Installation};

const ANA: [&str; 7] = ["account", "add", "ana.ejemplo", "--name", "Ana Ejemplo", "--office", "NBC"];

fn add(sign_in_name: &str) -> [&str; 7] {
    let mut arguments = ANA;
    arguments[2] = sign_in_name;
    arguments
}

#[tokio::test]
async fn what_is_wrong_with_an_account_is_said() {
    let installation = Installation::new(Engine::Sqlite).await;
    for (arguments, says) in [
        (&["account", "add", "ana ejemplo", "--name", "Ana", "--office", "NBC"][..], "letters a to z"),
        (&["account", "add", "ana", "--name", " ", "--office", "NBC"], "1 to 80 characters"),
        (&["account", "add", "ana", "--name", "Ana", "--office", "nbc"], "two to five capital letters"),
        (&["account", "add", "ana", "--name", "Ana", "--office", "NBC", "--email", "ana"], "not an e-mail address"),
        (&["account", "add", "ana"], "--name"),
        (&["account", "disable", "nobody"], "no account with the sign-in name \"nobody\""),
        (&["account", "unlock", "no body"], "letters a to z"),
        (&["account", "sessions", "nobody"], "portico account list"),
    ] {
        let said = installation.fail(arguments);
        assert!(said.contains(says), "{arguments:?}: {said}");
    }
    assert!(installation.succeed(&["account", "list"]).contains("no accounts yet"));
}

#[tokio::test]
async fn the_first_administrator_gets_a_token_and_the_next_waits() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let installation = Installation::new(engine).await;
        let token = |said: &str| said.lines().find_map(|line| line.strip_prefix("token: ")).map(str::to_owned);
        let first = token(&installation.succeed(&ANA)).unwrap();
        let again = token(&installation.succeed(&ANA)).expect("nobody has enrolled yet");
        assert!(first.len() == 43 && first != again);
        let listed = installation.succeed(&["account", "list"]);
        assert!(listed.contains("ana.ejemplo") && listed.contains("none yet"), "{listed}");
        assert!(installation.succeed(&["doctor"]).contains("look  accounts: 1 without a second factor"));

        // As if she had enrolled.
        let store = store::Store::open(&installation.database, None).await.unwrap();
        meddle(&store, "UPDATE account SET password_hash = 'x'").await.unwrap();
        assert!(installation.fail(&ANA).contains("Choose another one"));
        let waits = installation.succeed(&add("bea"));
        assert!(waits.contains("wait for an administrator") && token(&waits).is_none(), "{waits}");
        assert!(installation.succeed(&["doctor"]).contains("look  accounts: 1 roles wait for a second administrator"));

        assert!(installation.succeed(&["account", "disable", "Ana.Ejemplo"]).contains("disabled"));
        assert!(installation.fail(&["account", "disable", "ana.ejemplo"]).contains("disabled already"));
        assert!(installation.fail(&["account", "recover", "ana.ejemplo"]).contains("enable it first"));
        assert!(installation.succeed(&["account", "enable", "ana.ejemplo"]).contains("open again"));
        assert!(installation.succeed(&["account", "recover", "ana.ejemplo"]).contains("waits for an administrator"));
        assert!(installation.fail(&["account", "unlock", "ana.ejemplo"]).contains("not locked"));
        assert!(installation.succeed(&["account", "sessions", "ana.ejemplo"]).contains("no live sessions"));
        assert!(installation.succeed(&["account", "revoke", "ana.ejemplo"]).contains("over now: 0"));
    }
}

#[tokio::test]
async fn the_demo_prints_its_staff_who_stay_on_this_machine() {
    let installation = Installation::new(Engine::Sqlite).await;
    for _ in 0..2 {
        let said = installation.succeed(&["seed", "demo", "--cases", "20"]);
        for part in ["garza tero lapacho rocio", "supervisor.nbc", "SIIO", "auditor"] {
            assert!(said.contains(part), "{part} in {said}");
        }
    }
    assert_eq!(installation.succeed(&["account", "list"]).matches("(demo)").count(), 31);
    // Nothing else says that it is a demo.
    let store = store::Store::open(&installation.database, None).await.unwrap();
    meddle(&store, "DELETE FROM installation WHERE name = 'demo'").await.unwrap();
    let public = [
        ("PORTICO_LISTEN", "0.0.0.0:0"),
        ("PORTICO_PUBLIC_URL", "https://status.agency.example"),
        ("PORTICO_TRUSTED_PROXIES", "10.0.0.0/8"),
    ];
    let said = installation.try_serve(&public).err().expect("refused");
    assert!(said.contains("accounts of the demo"), "{said}");
}
