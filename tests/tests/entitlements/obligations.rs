//! What participants owe of an order: paid one by one, by wallet, gift card and payment, until it is paid.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{id_of, made, soon};
use tests::{Answer, Hotel, World};

use super::{Shop, euros, tally, with};

const PAID: &str = "obligation { id status paidMinor } orderOutstandingMinor isOrderPaid";

/// A booking of 500 euros with so many participants.
struct Party {
    shop: Shop,
    hotel: Hotel,
    order: Value,
    participants: Vec<String>,
}

impl Party {
    async fn of(world: World, count: usize) -> anyhow::Result<Self> {
        let hotel = world.hotel().await?;
        let order = hotel.confirmed(soon(0), 5).await?;
        let customer = made(&hotel.owner, "customer", json!({ "fullName": "Ana" })).await?;
        let sql = world.database.platform(hotel.owner.biz_id).await?;
        let mut participants = Vec::new();
        for n in 0..count {
            let id = bizing::database::new_id();
            let text = "insert into booking.booking_participants (biz_id, id, order_id, name, role) values ($1, $2, $3, $4, 'payer')";
            sql.execute(
                text,
                &[
                    &hotel.owner.biz_id,
                    &id,
                    &uuid(&order["id"])?,
                    &format!("Player {n}"),
                ],
            )
            .await?;
            participants.push(id_of("bpt", id));
        }
        let shop = Shop {
            world,
            owner: hotel.owner.clone(),
            customer,
            sql,
        };
        Ok(Self {
            shop,
            hotel,
            order,
            participants,
        })
    }

    async fn split(&self, more: Value) -> anyhow::Result<Answer> {
        let shares: Vec<Value> = self
            .participants
            .iter()
            .map(|id| json!({ "participantId": id }))
            .collect();
        let input = with(json!({ "id": self.order["id"], "shares": shares }), more);
        self.shop
            .owner
            .verb(
                "bookingSplit",
                input,
                "bookingOrder { organiserShareMinor } obligations { id amountMinor status }",
            )
            .await
    }

    async fn pay(&self, obligation: &Value, more: Value) -> anyhow::Result<Answer> {
        let input = with(json!({ "id": obligation["id"] }), more);
        self.shop.owner.verb("obligationPay", input, PAID).await
    }

    async fn standing(&self) -> anyhow::Result<Value> {
        let query = format!(
            "{{ bookingPaid(id: {}) {{ total {{ minor }} outstanding {{ minor }} paidByParticipants {{ minor }} owedByParticipants {{ minor }} \
             paidDirectly {{ minor }} waived {{ minor }} isPaid obligations {{ id status }} }} }}",
            self.order["id"]
        );
        Ok(self.shop.owner.read(&query).await?["bookingPaid"].clone())
    }
}

#[tokio::test]
async fn what_is_not_paid_in_time_is_overdue_once_and_can_be_paid_still() -> anyhow::Result<()> {
    let mut party = Party::of(World::new().await?, 2).await?;
    let due = party.shop.now() + Duration::days(3);
    let split = party
        .split(json!({ "dueAt": due }))
        .await?
        .must()?
        .payload()
        .clone();
    assert_eq!(
        party.shop.world.run_job("mark_overdue_obligations").await?,
        0
    );
    party
        .shop
        .later(Duration::days(3) + Duration::seconds(1))
        .await?;
    let (one, two) = tokio::join!(
        party.shop.world.run_job("mark_overdue_obligations"),
        party.shop.world.run_job("mark_overdue_obligations")
    );
    assert_eq!(one? + two?, 2);
    assert_eq!(
        party.shop.world.run_job("mark_overdue_obligations").await?,
        0
    );
    let sql = "select count(*) from core.outbox_events where topic = 'booking.obligation_overdue' and biz_id <> $1";
    assert_eq!(party.shop.number(sql, &[&party.participants[0]]).await?, 2);
    let part = party
        .pay(
            &split["obligations"][0],
            json!({ "amount": euros(100), "note": "Cash" }),
        )
        .await?
        .must()?;
    assert_eq!(part.payload()["obligation"]["status"], "OVERDUE");
    let rest = party
        .pay(&split["obligations"][0], json!({ "note": "Cash" }))
        .await?
        .must()?;
    assert_eq!(rest.payload()["obligation"]["status"], "PAID");
    party.shop.must_agree().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inv16_thirty_two_payments_at_once_never_pay_more_than_is_owed() -> anyhow::Result<()> {
    let party = Party::of(World::with_pool(16).await?, 2).await?;
    let split = party.split(json!({})).await?.must()?.payload().clone();
    let owed = &split["obligations"][0];
    let pays = (0..32).map(|n| {
        party.pay(
            owed,
            json!({ "amount": euros(1000), "note": "Cash", "idempotencyKey": format!("pay {n}") }),
        )
    });
    let answers = join_all(pays)
        .await
        .into_iter()
        .collect::<anyhow::Result<Vec<Answer>>>()?;
    let codes = tally(&answers);
    assert_eq!(
        (codes.get(""), codes.get("NOTHING_OWED")),
        (Some(&25), Some(&7)),
        "{codes:?}"
    );
    party.shop.must_agree().await
}

#[tokio::test]
async fn a_payment_for_a_share_counts_when_it_is_captured() -> anyhow::Result<()> {
    let party = Party::of(World::new().await?, 2).await?;
    let split = party.split(json!({})).await?.must()?.payload().clone();
    let owed = &split["obligations"][1]["id"];
    let input = json!({ "amount": euros(25000), "locationId": party.hotel.location, "source": { "participantObligationId": owed },
        "tenders": [{ "kind": "CASH", "amount": euros(25000) }] });
    party
        .shop
        .owner
        .act("paymentIntentCreate", input, "paymentIntent { status }")
        .await?;
    let now = party.standing().await?;
    assert_eq!(
        (
            &now["paidByParticipants"]["minor"],
            &now["outstanding"]["minor"]
        ),
        (&json!(25000), &json!(25000))
    );
    assert_eq!(now["obligations"][1]["status"], "PAID");
    party.shop.must_agree().await
}

#[tokio::test]
async fn a_gift_card_and_a_wallet_pay_as_parts_of_a_payment_and_get_back_what_is_refunded()
-> anyhow::Result<()> {
    let party = Party::of(World::new().await?, 2).await?;
    let shop = &party.shop;
    let (card, _) = shop.card(3000, json!({})).await?;
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(
        &wallet,
        json!({ "amount": euros(2000), "expiresOn": soon(3) }),
    )
    .await?;
    shop.grant(&wallet, json!({ "amount": euros(2000) }))
        .await?;
    let pay = |gift: i64, wallet_minor: i64| {
        let tenders = json!([
            { "kind": "GIFT", "giftInstrumentId": card, "amount": euros(gift) },
            { "kind": "WALLET", "walletId": wallet, "amount": euros(wallet_minor) },
        ]);
        let input = json!({ "amount": euros(gift + wallet_minor), "locationId": party.hotel.location, "tenders": tenders, "source": { "bookingOrderId": party.order["id"] } });
        let owner = shop.owner.clone();
        async move {
            owner
                .verb(
                    "paymentIntentCreate",
                    input,
                    "paymentIntent { id status capturedMinor }",
                )
                .await
        }
    };
    pay(3001, 100).await?.must_refuse("INSUFFICIENT")?;
    assert_eq!(
        (shop.on_card(&card).await?, shop.balance(&wallet).await?),
        (3000, 4000)
    );
    let paid = pay(2500, 3000).await?.must()?.payload()["paymentIntent"].clone();
    assert_eq!(
        (&paid["status"], &paid["capturedMinor"]),
        (&json!("SUCCEEDED"), &json!(5500))
    );
    assert_eq!(
        (shop.on_card(&card).await?, shop.balance(&wallet).await?),
        (500, 1000)
    );
    shop.must_agree().await?;
    assert_eq!(shop.account("2150").await?, 1500);
    // What is refunded goes back to the wallet first, as it was paid last, and then to the card.
    let refund = json!({ "id": paid["id"], "amount": euros(4000), "reason": "CANCELLATION" });
    shop.owner
        .act("paymentRefund", refund, "paymentIntent { refundedMinor }")
        .await?;
    assert_eq!(
        (shop.on_card(&card).await?, shop.balance(&wallet).await?),
        (1500, 4000)
    );
    assert_eq!(shop.account("2150").await?, 5500);
    shop.must_agree().await
}
