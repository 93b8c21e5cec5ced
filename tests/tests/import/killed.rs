//! Program and database are killed in the middle of an import; whoever imports again has all.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tests::Client;
use tests::actor::PASSWORD;

use super::program::{Program, output};
use super::{expected, found, sample};

/// At how many bookings everything is killed.
const ENOUGH: u64 = 200;

/// The owner of the demo tenant, signed in at a server.
async fn owner(url: &str) -> anyhow::Result<Client> {
    let anonymous = Client::anonymous(reqwest::Client::new(), url);
    let input = json!({ "email": "owner@harbour.example", "password": PASSWORD });
    let signed_in = anonymous.act("signIn", input, "accessToken").await?;
    Ok(anonymous.with_token(signed_in["accessToken"].as_str().unwrap_or_default()))
}

#[tokio::test]
async fn an_import_that_was_killed_is_finished_by_the_next() -> anyhow::Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let home = std::env::temp_dir().join(format!("bizing-killed-{}", std::process::id()));
    let program = Program::at_home(&home)?;
    let file = sample();
    let arguments = [
        "import",
        "hotel",
        &file.to_string_lossy(),
        "--biz",
        "harbour",
    ]
    .map(str::to_owned);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();

    let mut server = program.serve().await?;
    let client = owner(&server.url).await?;
    let mut import = program
        .command(&arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    while found::count(&client).await? < ENOUGH {
        anyhow::ensure!(
            import.try_wait()?.is_none(),
            "the import ended before it was killed"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // SIGKILL, to both; the embedded PostgreSQL goes with the server.
    import.kill().await?;
    server.child.kill().await?;

    let mut server = program.serve().await?;
    let client = owner(&server.url).await?;
    let (expected, _) = expected::of(&file)?;
    let left = found::count(&client).await?;
    assert!((ENOUGH..expected.count()).contains(&left), "{left}");
    let printed = output(program.command(&arguments)).await?;
    assert!(
        printed.contains(&format!("\n{left} lines were bookings already\n")),
        "{printed}"
    );
    assert_eq!(found::by(&client).await?, expected);
    server.child.kill().await?;
    std::fs::remove_dir_all(&home)?;
    Ok(())
}
