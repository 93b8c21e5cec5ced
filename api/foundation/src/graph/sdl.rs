//! The schema's text: as async-graphql prints it, in half as many lines.

use std::borrow::Cow;

/// The quotes of a long description.
const TRIPLE: &str = "\"\"\"";
/// How deep an argument is indented.
const ARGUMENT: usize = 2;

/// A schema with a field in a line: its description before it in plain quotes, and its arguments,
/// which are nearly everywhere those of a list, behind it.
pub fn compact(sdl: &str) -> String {
    let mut out = String::with_capacity(sdl.len());
    for line in sdl.lines() {
        let text = line.trim_start_matches('\t');
        let depth = line.len() - text.len();
        if out.ends_with('\n') {
            out.push_str(&line[..depth]);
        }
        if let Some(description) = description(text) {
            out.extend([&*description, if depth == 0 { "\n" } else { " " }]);
        } else if depth == ARGUMENT {
            out.extend([text.trim_end_matches(','), " "]);
        } else {
            if text.starts_with(')') {
                out.truncate(out.trim_end().len());
            }
            out.push_str(text);
            if !text.ends_with('(') {
                out.push('\n');
            }
        }
    }
    out
}

/// A description that stands in one line, in plain quotes.
fn description(text: &str) -> Option<Cow<'_, str>> {
    let inner = text
        .strip_prefix(TRIPLE)
        .and_then(|text| text.strip_suffix(TRIPLE))
        .filter(|inner| !inner.is_empty() && !inner.contains(TRIPLE));
    if let Some(inner) = inner {
        let inner = inner.replace('\\', "\\\\").replace('"', "\\\"");
        return Some(format!("\"{inner}\"").into());
    }
    let is_plain = !text.starts_with(TRIPLE) && text.len() > 1;
    (is_plain && text.starts_with('"') && text.ends_with('"')).then_some(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn a_field_stands_in_a_line_with_its_description_and_arguments() {
        let printed = "\"A place\"\ntype Place {\n\t\"\"\"Its \"name\"\"\"\"\n\tname: String!\n\t\"Its rooms\"\n\trooms(\n\t\t\"At most\" first: Int,\n\t\t\"From\" after: String\n\t): [Room!]\n}\n";
        let expected = "\"A place\"\ntype Place {\n\t\"Its \\\"name\\\"\" name: String!\n\t\"Its rooms\" rooms(\"At most\" first: Int \"From\" after: String): [Room!]\n}\n";
        assert_eq!(compact(printed), expected);
    }
}
