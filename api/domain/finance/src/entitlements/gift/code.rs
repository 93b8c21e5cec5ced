//! Codes and PINs of gift cards: random, shown once, kept as a keyed hash.

use ring::rand::{SecureRandom as _, SystemRandom};

use foundation::graph::failure::Failure;

/// The letters of codes: Crockford's, without those that are read as others.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many letters a code has: 80 random bits.
const LENGTH: usize = 16;
/// How many letters the codes that are printed already have at least.
const LEAST: usize = 8;
/// How many letters a code has at most.
const MOST: usize = 64;

/// A new code, as it is shown: four groups of four letters.
pub fn random() -> Result<String, Failure> {
    let bytes: [u8; LENGTH] = bytes()?;
    let letters: Vec<char> = bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    Ok(groups.join("-"))
}

/// A new PIN of six digits.
pub fn random_pin() -> Result<String, Failure> {
    let number = u64::from_be_bytes(bytes()?) % 1_000_000;
    Ok(format!("{number:06}"))
}

fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(Failure::internal)?;
    Ok(bytes)
}

/// A code as it is compared: letters and digits only, capitals, and what is easily misread as what
/// was meant. None where it cannot be a code.
pub fn normal(code: &str) -> Option<String> {
    let letters = code
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-' | '.'));
    let normal: String = letters
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    let fits = (LEAST..=MOST).contains(&normal.len())
        && normal.chars().all(|letter| letter.is_ascii_alphanumeric());
    fits.then_some(normal)
}

/// The last four letters of a normal code.
pub fn last_four(normal: &str) -> &str {
    normal
        .get(normal.len().saturating_sub(4)..)
        .unwrap_or(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let code = random().unwrap();
        assert_eq!(code.len(), 19);
        let plain = normal(&code).unwrap();
        assert_eq!(
            normal(&code.to_lowercase().replace('-', " ")),
            Some(plain.clone())
        );
        assert_eq!(normal("o0il-1234"), Some("00111234".to_owned()));
        assert_eq!(normal("short"), None);
        assert_eq!(normal("AB12;DROP TABLE"), None);
        assert_eq!(last_four(&plain).len(), 4);
        assert_ne!(random().unwrap(), code);
    }
}
