//! Every permission that there is: reading and writing for each module, as the model of the graph
//! has it, and what the verbs ask for. So no permission can be asked for that nobody can be given.

use std::collections::BTreeMap;

use sea_orm::Value;

use super::roles::DEFAULT_ROLES;
use crate::database::value::texts;
use crate::database::{self, Scope};
use crate::graph::model::model;

/// How much harm a permission can do in the wrong hands, as `identity.permission_risk` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    /// Reading, and daily work that is easily undone.
    Low,
    /// Changes that customers or the books notice.
    Medium,
    /// Money out, personal data, or the power to give permissions.
    High,
}

impl Risk {
    fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionInfo {
    /// Context and action: `booking.cancel`.
    pub code: String,
    /// What it allows, in a sentence.
    pub description: String,
    /// How much harm it can do in the wrong hands.
    pub risk: Risk,
}

/// Permissions that verbs ask for beyond their own, with what they allow.
const BESIDE_VERBS: &[(&str, &str)] = &[
    (
        "identity.manage_owners",
        "Make members owners, and change or remove those who are.",
    ),
    (
        "booking.backdate",
        "Take bookings that have begun already, or without the notice that services ask of customers.",
    ),
    (
        "booking.set_price",
        "Give bookings a price of one's own instead of that of the price lists.",
    ),
    (
        "pricing.approve_discount",
        "Give discounts that need a manager.",
    ),
    (
        "workforce.approve_time",
        "Approve hours of people whom somebody else leads.",
    ),
    (
        "workforce.decide_leave",
        "Decide on leave that somebody else was asked about.",
    ),
];

/// What modules hold, in a word or two; a module that is not here is called by its name.
const MODULES: &[(&str, &str)] = &[
    ("core", "locations and settings"),
    ("identity", "members, roles, invitations and API keys"),
    ("crm", "customers"),
    ("resources", "rooms, equipment and other resources"),
    ("catalog", "offers"),
    ("pricing", "prices, discounts and taxes"),
    ("availability", "opening hours, capacity and holds"),
    ("booking", "bookings"),
    ("fulfillment", "the work that bookings ask for"),
    ("payments", "payments, refunds and payouts"),
    ("ledger", "the books"),
    ("billing", "invoices, folios and receivables"),
    (
        "entitlements",
        "memberships, wallets, gift cards and loyalty",
    ),
    ("queue", "walk-in queues and their desks"),
    ("dispatch", "tasks, vehicles and trips"),
    ("operations", "requests, maintenance and incidents"),
    ("workforce", "staff, shifts, time, leave and training"),
    ("hospitality", "stays and rooms"),
    ("inventory", "stock"),
    ("pos", "sales at the till"),
    ("comms", "messages and their templates"),
    ("audit", "the audit trail"),
];

/// What the actions allow, where their verbs' names do not say it as well.
const ACTIONS: &[(&str, &str)] = &[
    (
        "identity.manage_members",
        "Invite, suspend and remove members, and give them roles.",
    ),
    (
        "identity.manage_roles",
        "Make roles, and decide what they permit.",
    ),
    ("identity.manage_api_keys", "Make and revoke API keys."),
];

/// What ends like this, or belongs to this module, is of that risk; the first that fits decides.
const RISKS: &[(&str, Risk)] = &[
    ("identity.manage_", Risk::High),
    ("crm.", Risk::High),
    ("audit.", Risk::High),
    ("payments.refund", Risk::High),
    ("payments.approve_", Risk::High),
    ("payments.payout", Risk::High),
    ("payments.manage_", Risk::High),
    ("ledger.reopen_", Risk::High),
    ("billing.approve_", Risk::High),
    ("billing.reopen", Risk::High),
    ("entitlements.adjust", Risk::High),
    (".read", Risk::Low),
    ("booking.check_in", Risk::Low),
    ("booking.check_out", Risk::Low),
];

/// Whether a permission lets its holder read, and no more.
pub fn is_reading(code: &str) -> bool {
    code.rsplit_once('.')
        .is_some_and(|(_, action)| action == "read")
}

/// All permissions, in alphabetical order. The codes that verbs hold come with the verbs' names.
pub fn all<'a>(verbs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<PermissionInfo> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (code, verb) in verbs {
        found.entry(code).or_default().push(verb);
    }
    for entity in &model().entities {
        let both = [&entity.read_permission, &entity.write_permission];
        for code in both.into_iter().flatten() {
            found.entry(code).or_default();
        }
    }
    for (code, _) in BESIDE_VERBS {
        found.entry(code).or_default();
    }
    found
        .into_iter()
        .map(|(code, verbs)| PermissionInfo {
            code: code.to_owned(),
            description: description(code, &verbs),
            risk: risk(code),
        })
        .collect()
}

fn description(code: &str, verbs: &[&str]) -> String {
    let known = ACTIONS.iter().chain(BESIDE_VERBS);
    if let Some((_, sentence)) = known.into_iter().find(|(known, _)| *known == code) {
        return (*sentence).to_owned();
    }
    let (module, action) = code.split_once('.').unwrap_or((code, ""));
    let words = MODULES.iter().find(|(known, _)| *known == module);
    let words = words.map_or_else(
        || module.replace('_', " "),
        |(_, words)| (*words).to_owned(),
    );
    match action {
        "read" => format!("Read {words}."),
        "write" => format!("Make, change and archive {words}."),
        _ => format!("Use {}.", verbs.join(", ")),
    }
}

fn risk(code: &str) -> Risk {
    let fits = |part: &str| match part.strip_prefix('.') {
        Some(_) => code.ends_with(part),
        None => code.starts_with(part),
    };
    let known = RISKS.iter().find(|(part, _)| fits(part));
    known.map_or(Risk::Medium, |(_, risk)| *risk)
}

const ENTER: &str = "insert into identity.permissions as p (code, description, risk) \
    select g.code, g.description, g.risk \
    from unnest($1::text[], $2::text[], $3::text[]) as g (code, description, risk) \
    order by g.code \
    on conflict (code) do update set description = excluded.description, risk = excluded.risk \
    where (p.description, p.risk) is distinct from (excluded.description, excluded.risk) \
    returning p.code, xmax = 0";

const GIVE: &str = "insert into identity.role_permissions (biz_id, role_id, permission_code) \
    select r.biz_id, r.id, g.permission \
    from unnest($1::text[], $2::text[]) as g (role, permission) \
    join identity.roles r on r.code = g.role and r.is_system and r.deleted_at is null \
    on conflict do nothing";

/// Enters the permissions, in the platform's scope. One that is new is given to the default roles
/// of tenants that exist already: a module that comes later is open to their owners at once.
pub async fn seed(scope: &Scope, permissions: &[PermissionInfo]) -> Result<(), database::Error> {
    let values = [
        texts(
            permissions
                .iter()
                .map(|permission| permission.code.as_str()),
        ),
        texts(
            permissions
                .iter()
                .map(|permission| permission.description.as_str()),
        ),
        texts(
            permissions
                .iter()
                .map(|permission| permission.risk.as_str()),
        ),
    ];
    let mut new = Vec::new();
    for row in scope.query(ENTER, &values).await? {
        if row.try_get(1)? {
            new.push(row.try_get::<_, String>(0)?);
        }
    }
    let given: Vec<(&str, &str)> = DEFAULT_ROLES
        .iter()
        .flat_map(|role| new.iter().map(move |code| (role, code.as_str())))
        .filter(|(role, code)| role.includes(code))
        .map(|(role, code)| (role.code, code))
        .collect();
    if !given.is_empty() {
        let values: [Value; 2] = [
            texts(given.iter().map(|(role, _)| *role)),
            texts(given.iter().map(|(_, code)| *code)),
        ];
        scope.execute(GIVE, &values).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_verbs_give_the_permissions() {
        let all = all([("booking.cancel", "bookingCancel"), ("booking.read", "x")]);
        let of = |code: &str| all.iter().find(|info| info.code == code);
        assert_eq!(of("booking.read").unwrap().description, "Read bookings.");
        assert_eq!(
            of("booking.cancel").unwrap().description,
            "Use bookingCancel."
        );
        assert_eq!(of("booking.cancel").unwrap().risk, Risk::Medium);
        assert_eq!(of("core.write").unwrap().risk, Risk::Medium);
        assert_eq!(of("crm.read").unwrap().risk, Risk::High);
        assert_eq!(of("core.read").unwrap().risk, Risk::Low);
        assert!(of("identity.manage_owners").is_some());
        assert_eq!(of("audit.write"), None, "nobody writes the audit trail");
        assert!(all.is_sorted_by(|a, b| a.code < b.code));
    }
}
