//! How a name in `PostgreSQL` is spelled in Rust.

/// Words that are no identifiers unless they begin with `r#`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Pascal case: `booking_order` as `BookingOrder`, `24h` as `N24h`.
pub fn pascal(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    for word in name.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            pascal.push(first.to_ascii_uppercase());
            pascal.extend(letters.map(|letter| letter.to_ascii_lowercase()));
        }
    }
    if pascal.starts_with(|first: char| first.is_ascii_digit()) {
        pascal.insert(0, 'N');
    }
    // `Self` alone cannot be made an identifier by `r#`.
    if pascal == "Self" {
        pascal.push('_');
    }
    pascal
}

/// Snake case: `BookingOrder` as `booking_order`.
pub fn snake(entity: &str) -> String {
    let mut snake = String::with_capacity(entity.len() + 4);
    let mut after_capital = true;
    for letter in entity.chars() {
        if letter.is_ascii_uppercase() && !after_capital {
            snake.push('_');
        }
        after_capital = letter.is_ascii_uppercase();
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// Screaming snake case, as of a static: `BookingOrderStatus` as `BOOKING_ORDER_STATUS`.
pub fn screaming(entity: &str) -> String {
    snake(entity).to_ascii_uppercase()
}

/// The words of a name, as a sentence has them: `BookingOrder` and `booking_order` as
/// `booking order`.
pub fn words(name: &str) -> String {
    snake(name).replace('_', " ")
}

/// The name as an identifier.
pub fn identifier(name: &str) -> String {
    if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}
