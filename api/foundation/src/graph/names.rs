//! Names of the graph, derived from names of the database.

/// `booking_order` as `bookingOrder`.
pub fn camel(snake: &str) -> String {
    let mut name = String::with_capacity(snake.len());
    let mut upper = false;
    for letter in snake.chars() {
        if letter == '_' {
            upper = true;
        } else if upper {
            name.extend(letter.to_uppercase());
            upper = false;
        } else {
            name.push(letter);
        }
    }
    name
}

/// `booking_order` as `BookingOrder`.
pub fn pascal(snake: &str) -> String {
    capitalised(&camel(snake))
}

/// `bookingOrder` as `BookingOrder`.
pub fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// `BookingOrder` as `bookingOrder`.
pub fn uncapitalised(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// `bookingOrder` as `booking_order`.
pub fn snake(camel: &str) -> String {
    let mut name = String::with_capacity(camel.len() + 4);
    for (index, letter) in camel.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// The plural of an English noun, for the names of list fields.
pub fn plural(noun: &str) -> String {
    let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| noun.ends_with(suffix));
    if let Some(stem) = noun.strip_suffix('y')
        && !ends(&["ay", "ey", "oy", "uy"])
    {
        return format!("{stem}ies");
    }
    if ends(&["s", "x", "z", "ch", "sh"]) {
        return format!("{noun}es");
    }
    format!("{noun}s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_their_case_and_number() {
        assert_eq!(camel("booking_order_lines"), "bookingOrderLines");
        assert_eq!(pascal("booking_order"), "BookingOrder");
        assert_eq!(snake("startsAt"), "starts_at");
        assert_eq!(plural("category"), "categories");
        assert_eq!(plural("biz"), "bizes");
        assert_eq!(plural("day"), "days");
    }
}
