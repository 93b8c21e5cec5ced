//! People and companies who do not exist, at addresses that cannot.

use serde_json::{Value, json};
use uuid::Uuid;

use super::dice::Dice;
use super::put::{numbers, put};
use crate::database::{Scope, new_id};
use crate::domain::booking::store::CUSTOMER_NUMBERS;
use crate::identity::Sealer;

/// A customer, as far as bookings need one.
#[derive(Clone, Debug)]
pub struct Person {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
}

/// A country, the locale of its people, its telephone prefix, and names that are usual there.
struct Folk {
    country: &'static str,
    locale: &'static str,
    prefix: &'static str,
    first: [&'static str; 6],
    last: [&'static str; 6],
}

const FOLKS: [Folk; 6] = [
    Folk {
        country: "PT",
        locale: "pt-PT",
        prefix: "+3519120",
        first: ["Inês", "João", "Beatriz", "Tiago", "Mariana", "Rui"],
        last: [
            "Carvalho",
            "Fonseca",
            "Gonçalves",
            "Matos",
            "Ribeiro",
            "Sequeira",
        ],
    },
    Folk {
        country: "GB",
        locale: "en-GB",
        prefix: "+4477009",
        first: [
            "Alice",
            "Benjamin",
            "Charlotte",
            "Harry",
            "Olivia",
            "Thomas",
        ],
        last: [
            "Ashworth",
            "Bennett",
            "Clarke",
            "Holloway",
            "Pritchard",
            "Whitfield",
        ],
    },
    Folk {
        country: "ES",
        locale: "es-ES",
        prefix: "+3460000",
        first: ["Álvaro", "Carmen", "Diego", "Elena", "Lucía", "Pablo"],
        last: [
            "Castaño",
            "Domínguez",
            "Herrero",
            "Lozano",
            "Navarro",
            "Vidal",
        ],
    },
    Folk {
        country: "FR",
        locale: "fr-FR",
        prefix: "+3363998",
        first: ["Camille", "Élodie", "Hugo", "Juliette", "Mathieu", "Théo"],
        last: [
            "Bernard",
            "Delacroix",
            "Fournier",
            "Lefèvre",
            "Moreau",
            "Rousseau",
        ],
    },
    Folk {
        country: "DE",
        locale: "de-DE",
        prefix: "+4915200",
        first: ["Anna", "Felix", "Jürgen", "Katrin", "Lukas", "Sophie"],
        last: [
            "Becker", "Hoffmann", "Krüger", "Lindner", "Schäfer", "Vogel",
        ],
    },
    Folk {
        country: "BR",
        locale: "pt-BR",
        prefix: "+5511961",
        first: ["Ana", "Bruno", "Fernanda", "Gustavo", "Larissa", "Rafael"],
        last: [
            "Almeida",
            "Barbosa",
            "Figueiredo",
            "Nogueira",
            "Queiroz",
            "Teixeira",
        ],
    },
];

const COMPANIES: [&str; 24] = [
    "Bayu Cold Chain",
    "Cahaya Foods",
    "Damai Furniture",
    "Emas Packaging",
    "Fajar Tiles",
    "Gemilang Beverages",
    "Hijau Organics",
    "Intan Cosmetics",
    "Jati Timber",
    "Kenanga Textiles",
    "Laut Seafood",
    "Melor Ceramics",
    "Nusa Electronics",
    "Orkid Pharma",
    "Perdana Paper",
    "Rimba Coffee",
    "Sinar Lighting",
    "Teratai Toys",
    "Usaha Spare Parts",
    "Warisan Batik",
    "Yakin Medical",
    "Zamrud Chemicals",
    "Angsana Dairy",
    "Bunga Raya Spices",
];

/// A customer to be.
struct Draft {
    name: String,
    kind: &'static str,
    mail: String,
    phone: String,
    country: &'static str,
    locale: &'static str,
}

/// Writes so many guests.
pub async fn guests(scope: &Scope, sealer: &Sealer, count: usize) -> anyhow::Result<Vec<Person>> {
    let mut dice = Dice::new("guests");
    let mut names = std::collections::BTreeSet::new();
    let mut drafts = Vec::new();
    while drafts.len() < count.min(100) {
        // Half of them come from the country itself.
        let folk = if dice.chance(40) {
            FOLKS.first()
        } else {
            dice.pick(&FOLKS)
        };
        let Some(folk) = folk else { break };
        let first = dice.pick(&folk.first).copied().unwrap_or_default();
        let last = dice.pick(&folk.last).copied().unwrap_or_default();
        let name = format!("{first} {last}");
        if !names.insert(name.clone()) {
            continue;
        }
        drafts.push(Draft {
            mail: format!("{}@mail.example", plain(&name)),
            phone: format!("{}{:05}", folk.prefix, dice.between(0, 99_999)),
            name,
            kind: "person",
            country: folk.country,
            locale: folk.locale,
        });
    }
    write(scope, sealer, drafts).await
}

/// Writes the companies.
pub async fn companies(scope: &Scope, sealer: &Sealer) -> anyhow::Result<Vec<Person>> {
    let drafts = COMPANIES.iter().zip(1_000..).map(|(name, line)| Draft {
        name: format!("{name} Sdn Bhd"),
        kind: "organisation",
        mail: format!("logistics@{}.example", plain(name).replace('.', "-")),
        phone: format!("+60355{line}"),
        country: "MY",
        locale: "en-MY",
    });
    write(scope, sealer, drafts.collect()).await
}

async fn write(scope: &Scope, sealer: &Sealer, drafts: Vec<Draft>) -> anyhow::Result<Vec<Person>> {
    let biz_id = scope.biz_id();
    let numbers = numbers(
        scope,
        CUSTOMER_NUMBERS.document,
        CUSTOMER_NUMBERS.prefix,
        drafts.len(),
    )
    .await?;
    let mut people = Vec::new();
    let mut rows: Vec<Value> = Vec::new();
    for (draft, number) in drafts.into_iter().zip(numbers) {
        let id = new_id();
        rows.push(json!({
            "id": id,
            "number": number,
            "kind": draft.kind,
            "full_name": draft.name,
            "email_enc": bytes(&sealer.seal(biz_id, &draft.mail)?),
            "email_bidx": bytes(&sealer.blind_index(biz_id, &draft.mail)),
            "phone_enc": bytes(&sealer.seal(biz_id, &draft.phone)?),
            "phone_bidx": bytes(&sealer.blind_index(biz_id, &draft.phone)),
            "locale": draft.locale,
            "nationality": (draft.kind == "person").then_some(draft.country),
        }));
        people.push(Person {
            id,
            name: draft.name,
        });
    }
    put(scope, "crm.customers", rows).await?;
    Ok(people)
}

/// Bytes as PostgreSQL reads them.
fn bytes(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold("\\x".to_owned(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A name as it stands in an address: in lower case, without accents, with dots for spaces.
fn plain(name: &str) -> String {
    let letter = |letter: char| match letter {
        'á' | 'ã' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' => 'e',
        'í' => 'i',
        'ñ' => 'n',
        'ó' | 'ö' => 'o',
        'ü' => 'u',
        ' ' => '.',
        other => other,
    };
    name.to_lowercase().chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_no_accents() {
        for folk in &FOLKS {
            for name in folk.first.iter().chain(&folk.last) {
                assert!(plain(name).is_ascii(), "{name}");
            }
        }
        assert_eq!(plain("Élodie Lefèvre"), "elodie.lefevre");
    }
}
