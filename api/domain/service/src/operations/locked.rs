//! Rows that are locked to be moved from one status to another.

use uuid::Uuid;

use foundation::graph::failure::Failure;
use foundation::graph::verb::{Act, Fault};

/// A kind of row that verbs of this context lock.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// What people call it.
    pub what: &'static str,
    lock: &'static str,
}

macro_rules! kind {
    ($name:ident, $what:literal, $from:literal) => {
        #[doc = concat!("A ", $what, ", locked by itself.")]
        pub const $name: Kind = Kind {
            what: $what,
            lock: concat!(
                "select r.status::text, r.version, r.location_id from ",
                $from,
                " r where r.biz_id = $1 and r.id = $2 for no key update of r"
            ),
        };
    };
}

kind!(REQUEST, "request", "operations.service_requests");
kind!(
    FAULT,
    "maintenance request",
    "operations.maintenance_requests"
);
kind!(WORK, "work order", "resources.maintenance_work_orders");
kind!(INCIDENT, "incident", "operations.incident_reports");
kind!(RUN, "checklist run", "operations.checklist_runs");

/// A corrective action: it is where its incident happened.
pub const ACTION: Kind = Kind {
    what: "action",
    lock: "select r.status::text, r.version, i.location_id from operations.corrective_actions r \
           join operations.incident_reports i on i.biz_id = r.biz_id and i.id = r.incident_id \
           where r.biz_id = $1 and r.id = $2 for no key update of r",
};

/// A row that is locked until the transaction ends.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Where it is.
    pub location_id: Uuid,
    what: &'static str,
}

/// Locks a row that the caller's permission reaches.
pub async fn lock<P>(
    act: &Act<'_>,
    permission: &str,
    kind: Kind,
    id: Uuid,
    expected_version: Option<i32>,
) -> Result<Locked, Fault<P>> {
    let row = act
        .scope
        .query_opt(kind.lock, &[act.scope.biz_id().into(), id.into()])
        .await?;
    let row = row.ok_or_else(|| Fault::not_found(kind.what))?;
    let location_id = row.try_get(2)?;
    // Whoever is not signed in has shown a token of the row.
    if act.principal().is_ok() {
        act.permit_at(permission, location_id, kind.what)?;
    }
    let version: i32 = row.try_get(1)?;
    Failure::unless_current(kind.what, version, expected_version)?;
    Ok(Locked {
        id,
        status: row.try_get(0)?,
        location_id,
        what: kind.what,
    })
}

impl Locked {
    /// Refuses what the row's status does not allow, under the verb's own code.
    pub fn allow<P>(&self, statuses: &[&str], code: P) -> Result<(), Fault<P>> {
        if statuses.contains(&self.status.as_str()) {
            return Ok(());
        }
        let message = format!(
            "The {} is {}; this needs one that is {}.",
            self.what,
            self.status.replace('_', " "),
            statuses.join(" or ").replace('_', " ")
        );
        Err(Fault::at(code, "id", message))
    }
}
