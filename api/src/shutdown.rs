//! When to stop: Ctrl-C, or the signal that service managers send.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Turns true when the program is asked to stop. A second request ends it at once.
pub fn requested() -> anyhow::Result<watch::Receiver<bool>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        for is_again in [false, true] {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if is_again {
                std::process::exit(130);
            }
            tracing::info!("stopping; once more to stop at once");
            sender.send_replace(true);
        }
    });
    Ok(receiver)
}
