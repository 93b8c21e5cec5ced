//! Files that say what something must be, checked in beside the tests.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

/// Fails unless `tests/golden/<name>` holds this text; with `UPDATE_GOLDEN` set, writes it there.
pub fn check(name: &str, text: &str) -> anyhow::Result<()> {
    let path: PathBuf = crate::workspace().join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        return fs::write(&path, text).with_context(|| path.display().to_string());
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    if kept == text {
        return Ok(());
    }
    let differing: Vec<String> = differences(&kept, text).take(40).collect();
    bail!(
        "{} differs (-: the file, +: now). If that is meant, run the test with UPDATE_GOLDEN=1.\n{}",
        path.display(),
        differing.join("\n")
    )
}

/// The lines that only one of two texts has.
fn differences<'a>(old: &'a str, new: &'a str) -> impl Iterator<Item = String> + 'a {
    let only = |mark: char, lines: &'a str, others: &'a str| {
        lines
            .lines()
            .filter(move |line| !others.lines().any(|other| other == *line))
            .map(move |line| format!("{mark} {line}"))
    };
    only('-', old, new).chain(only('+', new, old))
}
