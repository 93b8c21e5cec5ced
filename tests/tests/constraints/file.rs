//! The files, read into blocks.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

/// What must come of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Given,
    Allowed,
    Refused,
    Race,
}

/// Statements, and what must come of them.
#[derive(Debug)]
pub struct Block {
    pub kind: Kind,
    /// The constraint that must refuse it.
    pub constraint: String,
    /// What it tries, in words.
    pub what: String,
    pub sql: String,
}

/// Where the files are.
pub fn folder() -> PathBuf {
    tests::workspace().join("tests/constraints")
}

/// The text of a file.
pub fn text(module: &str) -> anyhow::Result<String> {
    let path = folder().join(format!("{module}.sql"));
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// The blocks of a module.
pub fn blocks(module: &str) -> anyhow::Result<Vec<Block>> {
    let mut blocks: Vec<Block> = Vec::new();
    for line in text(module)?.lines() {
        if let Some(block) = header(line)? {
            blocks.push(block);
        } else if let Some(block) = blocks.last_mut() {
            block.sql.push_str(line);
            block.sql.push('\n');
        } else if !line.is_empty() && !line.starts_with("--") {
            bail!("{module}: {line} stands before the first block");
        }
    }
    Ok(blocks)
}

fn header(line: &str) -> anyhow::Result<Option<Block>> {
    let Some((head, what)) = line
        .strip_prefix("-- ")
        .and_then(|line| line.split_once(": "))
    else {
        return Ok(None);
    };
    let (kind, constraint) = head.split_once(' ').unwrap_or((head, ""));
    let kind = match (kind, constraint) {
        ("given", "") => Kind::Given,
        ("allowed", "") => Kind::Allowed,
        ("refused", name) if !name.is_empty() => Kind::Refused,
        ("race", name) if !name.is_empty() => Kind::Race,
        _ => return Ok(None),
    };
    Ok(Some(Block {
        kind,
        constraint: constraint.to_owned(),
        what: what.to_owned(),
        sql: String::new(),
    }))
}
