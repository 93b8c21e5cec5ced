//! What must agree in prices, for `bizing verify`.

/// The checks: a name, and a statement that tells each break in a sentence.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "tax_calculations",
        "select format('tax calculation %s of %s is %s %s, its lines sum up to %s', c.id, c.source_type, c.total_tax_minor, \
           c.currency, coalesce(l.sum, 0)) \
         from pricing.tax_calculations c \
         left join (select l.calculation_id, sum(l.tax_minor) as sum from pricing.tax_calculation_lines l \
           where l.biz_id = $1 group by l.calculation_id) l on l.calculation_id = c.id \
         where c.biz_id = $1 and c.total_tax_minor <> coalesce(l.sum, 0)",
    ),
    (
        "tax_revisions",
        "select format('%s %s has %s tax calculations, and the last has number %s', c.source_type, c.source_id, count(*), max(c.revision)) \
         from pricing.tax_calculations c where c.biz_id = $1 \
         group by c.source_type, c.source_id having max(c.revision) <> count(*)",
    ),
    (
        "discount_counters",
        "select format('discount %s counts %s uses, its redemptions %s', d.code, d.used_count, coalesce(r.count, 0)) \
         from pricing.discounts d \
         left join (select r.discount_id, sum(case when r.reverses_id is null then 1 else -1 end) as count \
           from pricing.discount_redemptions r where r.biz_id = $1 group by r.discount_id) r on r.discount_id = d.id \
         where d.biz_id = $1 and d.used_count <> coalesce(r.count, 0)",
    ),
];
