//! Hands the generated text to rustfmt.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use super::HEADER;
use super::source::Source;

/// Formats all files in one process, with an item between each two by which they are told apart:
/// some hundred processes would take longer than all the rest.
pub fn files(sources: BTreeMap<PathBuf, Source>) -> anyhow::Result<BTreeMap<PathBuf, String>> {
    let mut whole = String::new();
    for (place, source) in sources.values().enumerate() {
        whole.push_str(&source.body);
        whole.push('\n');
        whole.push_str(&boundary(place));
        whole.push_str("\n\n");
    }
    let formatted = rustfmt(&whole)?;
    let mut rest = formatted.as_str();
    let mut files = BTreeMap::new();
    for (place, (path, source)) in sources.into_iter().enumerate() {
        let (body, after) = rest
            .split_once(&boundary(place))
            .with_context(|| format!("rustfmt lost the end of {}", path.display()))?;
        let text = format!("{HEADER}\n{}\n{}\n", source.preamble, body.trim());
        files.insert(path, text);
        rest = after;
    }
    Ok(files)
}

/// An item that rustfmt neither moves nor changes.
fn boundary(place: usize) -> String {
    format!("const END_OF_FILE_{place}: () = ();")
}

/// The text as the `rustfmt` binary gives it back.
fn rustfmt(text: &str) -> anyhow::Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start rustfmt, which formats the entities")?;
    // It writes only when it has read all, so the two pipes cannot wait for each other.
    let written = match child.stdin.take() {
        Some(mut stdin) => stdin.write_all(text.as_bytes()),
        None => Ok(()),
    };
    let output = child
        .wait_with_output()
        .context("cannot read what rustfmt wrote")?;
    ensure!(
        output.status.success(),
        "rustfmt refused the entities: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    written.context("cannot send the entities to rustfmt")?;
    String::from_utf8(output.stdout).context("rustfmt wrote no text")
}
