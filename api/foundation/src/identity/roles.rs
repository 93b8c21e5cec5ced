//! The roles that every tenant is provisioned with, and what they permit by pattern, so that the
//! permissions of later modules find their roles by themselves.

/// A role of every tenant.
#[derive(Clone, Copy, Debug)]
pub struct DefaultRole {
    /// Short name that rules refer to.
    pub code: &'static str,
    /// Name that staff read.
    pub name: &'static str,
    /// What the role is for.
    pub description: &'static str,
    /// The permissions, by patterns of which the last that fits decides: a code, with `*` for
    /// anything at one end, and with `!` in front for what is not given.
    patterns: &'static [&'static str],
}

impl DefaultRole {
    /// Whether the role gives this permission.
    pub fn includes(&self, permission: &str) -> bool {
        let last = self.patterns.iter().rev().find_map(|pattern| {
            let (given, pattern) = match pattern.strip_prefix('!') {
                Some(pattern) => (false, pattern),
                None => (true, *pattern),
            };
            fits(pattern, permission).then_some(given)
        });
        last.unwrap_or(false)
    }
}

fn fits(pattern: &str, permission: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => permission.ends_with(end),
        (None, Some(start)) => permission.starts_with(start),
        (None, None) => permission == pattern,
    }
}

/// What everybody who works here may do for themselves: ask for leave, clock in. Whose row it is, is
/// for the verbs to see.
pub const SELF_SERVICE: &str = "workforce.self";

/// The code of the role that has every permission; each tenant has a member with it.
pub const OWNER: &str = "owner";

const fn role(
    code: &'static str,
    name: &'static str,
    description: &'static str,
    patterns: &'static [&'static str],
) -> DefaultRole {
    DefaultRole {
        code,
        name,
        description,
        patterns,
    }
}

/// The roles of every tenant (domain.md 0.8). Patterns of modules that do not exist yet match
/// nothing until they do.
pub const DEFAULT_ROLES: &[DefaultRole] = &[
    role(
        OWNER,
        "Owner",
        "Everything, also making others owners.",
        &["*"],
    ),
    role(
        "admin",
        "Administrator",
        "Everything but the say over owners.",
        &["*", "!identity.manage_owners"],
    ),
    role(
        "manager",
        "Manager",
        "Runs the business day to day: offers, prices, bookings and staff. Given at a location, it counts there.",
        &[
            "*",
            "!identity.*",
            "identity.read",
            "identity.manage_members",
            "!governance.*",
        ],
    ),
    role(
        "front_desk",
        "Front desk",
        "Takes bookings and looks after guests.",
        &[
            "*.read",
            "!audit.*",
            "!ledger.*",
            "!workforce.*",
            "workforce.self",
            "!governance.*",
            "crm.*",
            "booking.*",
            "!booking.approve",
            "availability.hold",
            "availability.waitlist",
            "fulfillment.*",
            "hospitality.*",
            "queue.*",
            "operations.request",
            "operations.handle",
            "operations.report_fault",
            "operations.report_incident",
            "operations.check",
            "entitlements.sell",
            "entitlements.redeem",
            "entitlements.manage_memberships",
            "billing.folio",
            "billing.invoice",
            "billing.receive",
            "billing.deposit",
            "payments.take",
            "payments.capture",
            "payments.refund",
            "payments.method",
        ],
    ),
    role(
        "cashier",
        "Cashier",
        "Sells, and takes payments.",
        &[
            "*.read",
            "!audit.*",
            "!ledger.*",
            "!workforce.*",
            "workforce.self",
            "!governance.*",
            "pos.*",
            "entitlements.sell",
            "entitlements.redeem",
            "payments.take",
            "payments.capture",
            "payments.refund",
            "payments.method",
        ],
    ),
    role(
        "server",
        "Server",
        "Waits tables.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "resources.read",
            "catalog.read",
            "booking.read",
            "pos.*",
        ],
    ),
    role(
        "kitchen",
        "Kitchen",
        "Prepares what was ordered.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "catalog.read",
            "pos.read",
            "inventory.read",
        ],
    ),
    role(
        "housekeeper",
        "Housekeeper",
        "Cleans rooms and says when they are ready.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "resources.read",
            "booking.read",
            "hospitality.read",
            "hospitality.write",
            "operations.read",
            "operations.request",
            "operations.handle",
            "operations.report_fault",
            "operations.report_incident",
            "operations.check",
        ],
    ),
    role(
        "technician",
        "Technician",
        "Keeps rooms, buildings and equipment working.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "resources.read",
            "resources.write",
            "fulfillment.work",
            "operations.*",
            "!operations.compensate",
            "!operations.waive",
            "!operations.investigate",
        ],
    ),
    role(
        "dispatcher",
        "Dispatcher",
        "Plans and assigns trips.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "crm.read",
            "resources.read",
            "booking.read",
            "dispatch.*",
        ],
    ),
    role(
        "driver",
        "Driver",
        "Drives the trips that were assigned.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "resources.read",
            "dispatch.read",
            "dispatch.drive",
            "dispatch.board",
        ],
    ),
    role(
        "instructor",
        "Instructor",
        "Teaches courses and classes.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "crm.read",
            "resources.read",
            "catalog.read",
            "availability.read",
            "booking.read",
            "booking.check_in",
            "booking.no_show",
            "fulfillment.work",
            "education.*",
        ],
    ),
    role(
        "hr",
        "Human resources",
        "Looks after staff: their shifts, time and leave.",
        &[
            "core.read",
            "identity.read",
            "identity.manage_members",
            "resources.read",
            "workforce.*",
        ],
    ),
    role(
        "finance",
        "Finance",
        "Keeps the books: prices, invoices, payments.",
        &[
            "*.read",
            "workforce.self",
            "!governance.*",
            "pricing.*",
            "ledger.*",
            "payments.*",
            "billing.*",
            "entitlements.*",
        ],
    ),
    role(
        "buyer",
        "Buyer",
        "Orders from suppliers.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "catalog.read",
            "inventory.read",
            "procurement.*",
        ],
    ),
    role(
        "warehouse",
        "Warehouse",
        "Receives, stores and hands out goods.",
        &[
            "core.read",
            "identity.read",
            "workforce.self",
            "resources.read",
            "catalog.read",
            "booking.read",
            "inventory.*",
        ],
    ),
    role(
        "compliance",
        "Compliance",
        "Checks what was done, and answers for personal data.",
        &["*.read", "governance.*"],
    ),
    role(
        "analyst",
        "Analyst",
        "Reads everything, changes nothing.",
        &["*.read"],
    ),
    role(
        "integration",
        "Integration",
        "For a program that keeps another system in step: it reads all but the audit, and takes bookings.",
        &["*.read", "!audit.*", "!governance.*", "crm.*", "booking.*"],
    ),
    role(
        "customer",
        "Customer",
        "Serves themselves, and sees nothing of the back office.",
        &[],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn includes(code: &str, permission: &str) -> bool {
        let role = DEFAULT_ROLES.iter().find(|role| role.code == code).unwrap();
        role.includes(permission)
    }

    #[test]
    fn the_last_pattern_that_fits_decides() {
        assert!(includes(OWNER, "identity.manage_owners"));
        assert!(!includes("admin", "identity.manage_owners"));
        assert!(includes("admin", "identity.manage_roles"));
        assert!(!includes("manager", "identity.manage_roles"));
        assert!(includes("manager", "identity.manage_members"));
        assert!(includes("analyst", "booking.read") && !includes("analyst", "booking.write"));
        assert!(!includes("front_desk", "audit.read") && includes("front_desk", "booking.create"));
        assert!(!includes("customer", "core.read"));
        assert!(includes("kitchen", SELF_SERVICE) && includes("front_desk", SELF_SERVICE));
        assert!(!includes("customer", SELF_SERVICE) && !includes("integration", SELF_SERVICE));
    }

    #[test]
    fn codes_are_unique() {
        let mut codes: Vec<_> = DEFAULT_ROLES.iter().map(|role| role.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), DEFAULT_ROLES.len());
    }
}
