//! Who takes which seat: judged by the kind of seat before anything is written. How many of a kind are
//! left is for the database to say.

use uuid::Uuid;

use foundation::database::Scope;
use foundation::graph::verb::Fault;
use scheduling::catalog::seats::{SeatKind, kinds};

/// Somebody who is to have a seat.
#[derive(Clone, Debug)]
pub struct Seated {
    /// The input field that names them, such as `participants.0`.
    pub field: String,
    /// The kind of seat.
    pub seat_type_id: Uuid,
    /// Their age, as far as it is known.
    pub age: Option<i32>,
}

/// Refuses seats that this version of an offer has not, and those who are too young or too old for
/// theirs. Gives the kind of each.
pub async fn judged<P: Copy>(
    scope: &Scope,
    seated: &[Seated],
    version_id: Option<Uuid>,
    code: P,
) -> Result<Vec<SeatKind>, Fault<P>> {
    let ids = seated.iter().map(|one| one.seat_type_id).collect();
    let known = kinds(scope, ids).await?;
    let mut of_each = Vec::with_capacity(seated.len());
    for one in seated {
        let kind = known.get(&one.seat_type_id);
        let kind = kind.filter(|kind| Some(kind.offer_version_id) == version_id);
        let kind = kind.ok_or_else(|| Fault::not_found("seat type of this offer"))?;
        if let Some(message) = one.age.and_then(|age| kind.against(age)) {
            let field = format!("{}.age", one.field);
            return Err(Fault::at(code, &field, message));
        }
        of_each.push(kind.clone());
    }
    Ok(of_each)
}
