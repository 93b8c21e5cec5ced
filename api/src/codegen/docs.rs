//! Comments of the database as doc comments that rustdoc and clippy take as they are meant.

/// The widest a line of prose becomes.
const WIDTH: usize = 98;

/// Names in mixed case that clippy knows to be no items.
const PROPER_NAMES: &[&str] = &[
    "GiB",
    "GitHub",
    "GraphQL",
    "IPv4",
    "IPv6",
    "JavaScript",
    "KiB",
    "MiB",
    "NaN",
    "OAuth",
    "macOS",
];

/// The comment as `///` lines at this indent, or what is said where there is none.
pub fn lines(comment: Option<&str>, otherwise: &str, indent: usize) -> String {
    let prose = comment
        .filter(|text| !text.trim().is_empty())
        .unwrap_or(otherwise);
    let margin = " ".repeat(indent);
    let mut written = String::new();
    let mut paragraphs = prose.split("\n\n").peekable();
    while let Some(paragraph) = paragraphs.next() {
        for line in wrap(paragraph, WIDTH.saturating_sub(indent + 4)) {
            written.push_str(&margin);
            written.push_str("/// ");
            written.push_str(&line);
            written.push('\n');
        }
        if paragraphs.peek().is_some() {
            written.push_str(&margin);
            written.push_str("///\n");
        }
    }
    written
}

/// A paragraph as lines of this width, no line of which begins a list, a heading, or a quote.
fn wrap(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Code that the comment marks itself stays; a lone backtick marks none.
    let marks_code = paragraph.matches('`').count().is_multiple_of(2);
    let mut within_code = false;
    for word in paragraph.split_whitespace() {
        let ticks = word.matches('`').count();
        let word = if marks_code && (within_code || ticks > 0) {
            word.to_owned()
        } else {
            escape(word)
        };
        within_code ^= !ticks.is_multiple_of(2);
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width || block(&word).is_some() => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(_) => lines.push(word),
            None => lines.push(block(&word).unwrap_or(word)),
        }
    }
    lines
}

/// Of a word that would begin a list, a heading or a quote at the start of a line: the word
/// without that meaning.
fn block(word: &str) -> Option<String> {
    let after = word.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = word.len() - after.len();
    if digits > 0 && matches!(after, "." | ")") {
        return Some(format!("{}\\{after}", &word[..digits]));
    }
    word.starts_with(['-', '+', '#', '>', '=', '~', '|'])
        .then(|| format!("\\{word}"))
}

/// A word without meaning in Markdown; names of columns and items become code.
fn escape(word: &str) -> String {
    let core = word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let Some((before, after)) = word.split_once(core).filter(|_| !core.is_empty()) else {
        return escaped(word);
    };
    let (before, after) = (escaped(before), escaped(after));
    if core.contains("://") {
        format!("{before}<{core}>{after}")
    } else if core.contains('_') || core.contains("::") || is_mixed_case(core) {
        format!("{before}`{}`{after}", core.replace('`', ""))
    } else {
        escaped(word)
    }
}

fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '[' | ']' | '<' | '>' | '*' | '_' | '`' | '\\') {
            written.push('\\');
        }
        written.push(letter);
    }
    written
}

/// Whether clippy takes the word for the name of an item, such as `BookingOrder`.
fn is_mixed_case(word: &str) -> bool {
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    let has_small = word.chars().any(|letter| letter.is_ascii_lowercase());
    let plural = word.ends_with('s') && capitals + 1 == word.len();
    capitals > 1
        && has_small
        && !plural
        && !PROPER_NAMES.contains(&word)
        && word.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn names_become_code_and_markdown_loses_its_meaning() {
        let comment =
            "Like booking_orders or BookingOrder, see [x] <b> `y_z` https://a.example/b_c.";
        assert_eq!(
            lines(Some(comment), "", 0),
            "/// Like `booking_orders` or `BookingOrder`, see \\[x\\] \\<b\\> `y_z` \
             <https://a.example/b_c>.\n"
        );
    }

    #[test]
    fn no_line_begins_a_list() {
        assert_eq!(lines(Some("1. first"), "", 4), "    /// 1\\. first\n");
        assert_eq!(lines(Some("- first"), "", 4), "    /// \\- first\n");
        assert_eq!(
            lines(Some(" "), "What is said instead.", 0),
            "/// What is said instead.\n"
        );
    }
}
