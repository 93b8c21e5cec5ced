//! `bizing serve`: the whole program, from an empty directory to an address that answers.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
};

use anyhow::{Context as _, anyhow};
use tokio::net::TcpListener;

use crate::{
    app::App,
    config::Settings,
    database::embedded::Embedded,
    demo,
    domain::{self, payments::processors::Processors},
    http, shutdown,
    startup::{self, Sharing},
    worker,
};

/// Serves until it is asked to stop.
pub async fn run(settings: Settings, with_worker: bool) -> anyhow::Result<()> {
    if !settings.is_embedded() {
        // Beside an embedded server the secret lies in its home, which is not made yet.
        settings.keys()?;
    }
    // The address comes first: that it is taken is known in a moment.
    let listener = bind(settings.listen).await?;
    let stop = shutdown::requested()?;
    let opened = startup::open(&settings, Sharing::Alone).await?;
    let database = opened.database;
    let app = App::new(
        database.clone(),
        settings.keys()?,
        &settings.outside,
        settings.is_embedded(),
    )
    .await?;
    let is_demonstration = settings.is_embedded() && demo::is_wanted(&database).await?;
    if is_demonstration {
        demo::found(&database, &app.shared().sealer).await?;
    }
    let address = listener.local_addr().context("BIZING_LISTEN")?;
    app.shared()
        .service::<Processors>()?
        .serves_at(format!("http://localhost:{}", address.port()));
    greet(address, settings.is_embedded());
    let clock_work = async {
        if with_worker {
            worker::run(app.shared(), domain::jobs(), stop.clone()).await
        } else {
            Ok(())
        }
    };
    let furnished = async {
        let mut stop = stop.clone();
        let furnish = async {
            if is_demonstration && let Err(error) = demo::furnish(&database).await {
                tracing::error!(%error, "the demo tenants lack some of their data: run `bizing demo`");
            }
        };
        // Cut off by the end of the program, a tenant is furnished whole by the next `bizing demo`.
        tokio::select! {
            () = furnish => {}
            _ = stop.wait_for(|is_asked| *is_asked) => {}
        }
        Ok(())
    };
    let mut asked = stop.clone();
    let asked = async move {
        // The sender lives as long as the program, so this is no error but the end.
        let _ = asked.wait_for(|is_asked| *is_asked).await;
    };
    let answers = async {
        http::serve(listener, app.http(), asked)
            .await
            .context("serving")
    };
    let work = async { tokio::try_join!(answers, clock_work, furnished).map(|_| ()) };
    let outcome = Box::pin(unless_database_ends(opened.embedded.as_ref(), work)).await;
    if let Some(embedded) = opened.embedded {
        embedded.stop().await;
    }
    outcome
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow!("BIZING_LISTEN {address} is taken by another program: stop it, or set another port")
        }
        _ => anyhow!("BIZING_LISTEN {address} cannot be listened on: {error}"),
    })
}

async fn unless_database_ends(
    embedded: Option<&Embedded>,
    work: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let Some(embedded) = embedded else {
        return work.await;
    };
    tokio::select! {
        outcome = work => outcome,
        reason = embedded.ended() => Err(anyhow!(reason)),
    }
}

/// Says where the program listens and, where it is a demonstration, how to sign in.
fn greet(address: SocketAddr, is_demonstration: bool) {
    let mut text = format!("Bizing listens on http://{address}\n");
    if is_demonstration {
        let password = demo::PASSWORD;
        for line in [
            format!("  GraphiQL   http://{address}/\n"),
            "  sign in    owner@harbour.example (hotels) or owner@keep.example (storage)\n"
                .to_owned(),
            format!("  password   {password}\n"),
        ] {
            text.push_str(&line);
        }
    }
    // Whoever closed the pipe does not want to know.
    let _ = io::stdout().write_all(text.as_bytes());
}
