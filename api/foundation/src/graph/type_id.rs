//! TypeIDs: the public spelling of a row's UUID, with a prefix that says what it is.

use std::str::FromStr;

use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

use super::failure::Failure;
use super::model::words;

/// Crockford's base32, in lower case.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// `bkg` and a UUID as `bkg_01j9...`.
pub fn encode(prefix: &str, id: Uuid) -> String {
    let mut text = String::with_capacity(prefix.len() + 27);
    write(&mut text, prefix, id);
    text
}

/// Appends `bkg_01j9...`. (The crate's own writing, which checks the prefix each time, was a
/// twentieth of a large answer.)
pub fn write(out: &mut String, prefix: &str, id: Uuid) {
    let bits = id.as_u128();
    let mut digits = [0; 26];
    for (place, digit) in digits.iter_mut().rev().enumerate() {
        let index = usize::try_from((bits >> (place * 5)) & 31);
        *digit = ALPHABET[index.unwrap_or_default()];
    }
    out.push_str(prefix);
    out.push('_');
    out.push_str(std::str::from_utf8(&digits).unwrap_or_default());
}

/// The prefix and the UUID of a TypeID.
pub fn parse(text: &str) -> Option<(String, Uuid)> {
    let id = TypeSafeId::<DynamicType>::from_str(text).ok()?;
    Some((id.type_prefix().to_owned(), id.uuid()))
}

/// The UUID of a TypeID that must be of this entity.
pub fn decode(prefix: &str, entity: &str, text: &str) -> Result<Uuid, Failure> {
    match parse(text) {
        Some((found, id)) if found == prefix => Ok(id),
        Some((found, _)) => Err(Failure::input(format!(
            "Expected the id of one {}, which starts with `{prefix}_`; this one starts with `{found}_`: {text}",
            words(entity)
        ))),
        None => Err(Failure::input(format!(
            "This is no id: {text:?}. Expected the id of one {}: `{prefix}_` and 26 characters.",
            words(entity)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ids_are_written_as_the_crate_writes_them(bits in any::<u128>()) {
            let id = Uuid::from_u128(bits);
            let prefix = DynamicType::new("bkg").unwrap();
            let theirs = TypeSafeId::from_type_and_uuid(prefix, id).to_string();
            prop_assert_eq!(encode("bkg", id), theirs);
        }
    }

    #[test]
    fn an_id_survives_the_round_trip_and_refuses_another_prefix() {
        let id = Uuid::from_u128(0x0192_3c4d_5e6f_7000_8000_0000_0000_0001);
        let text = encode("bkg", id);
        assert_eq!(text.len(), "bkg_".len() + 26);
        assert_eq!(decode("bkg", "BookingOrder", &text).ok(), Some(id));
        let wrong = decode("cus", "Customer", &text).unwrap_err();
        assert!(
            wrong.message.contains("starts with `cus_`"),
            "{}",
            wrong.message
        );
        assert!(decode("cus", "Customer", "nonsense").is_err());
    }
}
