//! What participants owe of an order: paid one by one, by wallet, gift card and payment, until it is paid.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::actor::uuid;
use tests::hotel::{id_of, made, soon};
use tests::{Answer, Hotel, World};

use super::{Shop, euros, tally, with};

const OWED: &str = "obligation { id status amountMinor paidMinor participantId }";
const SPLIT: &str = "bookingOrder { organiserShareMinor } obligations { id amountMinor status }";
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

fn amounts(answer: &Value) -> Vec<i64> {
    answer["obligations"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|owed| owed["amountMinor"].as_i64())
        .collect()
}

#[tokio::test]
async fn e28_a_booking_is_split_to_the_last_cent_and_paid_one_by_one() -> anyhow::Result<()> {
    let party = Party::of(World::new().await?, 2).await?;
    let shop = &party.shop;
    party
        .split(json!({ "organiserAmount": euros(50001) }))
        .await?
        .must_refuse("BEYOND_TOTAL")?;
    party
        .split(json!({ "organiserAmount": { "amount": "5", "currency": "USD" } }))
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let twice: Vec<Value> = (0..2)
        .map(|_| json!({ "participantId": party.participants[0] }))
        .collect();
    party
        .split(json!({ "shares": twice }))
        .await?
        .must_refuse("WRONG_PARTICIPANT")?;
    let short = json!([{ "participantId": party.participants[0], "amount": euros(100) }]);
    party
        .split(json!({ "shares": short }))
        .await?
        .must_refuse("BELOW_TOTAL")?;
    let stranger = shop.world.owner().await?;
    let input =
        json!({ "id": party.order["id"], "shares": [{ "participantId": party.participants[0] }] });
    stranger
        .verb("bookingSplit", input.clone(), SPLIT)
        .await?
        .must_fail("NOT_FOUND")?;
    let server = shop.world.staff(&shop.owner, "server", &[]).await?;
    server
        .verb("bookingSplit", input, SPLIT)
        .await?
        .must_fail("FORBIDDEN")?;
    let split = party
        .split(json!({ "organiserWeight": 1 }))
        .await?
        .must()?
        .payload()
        .clone();
    assert_eq!(
        (
            &split["bookingOrder"]["organiserShareMinor"],
            amounts(&split)
        ),
        (&json!(16667), vec![16667, 16666])
    );
    party.split(json!({})).await?.must_refuse("ALREADY_SPLIT")?;

    let (one, two) = (&split["obligations"][0], &split["obligations"][1]);
    party
        .pay(one, json!({}))
        .await?
        .must_refuse("NOTE_REQUIRED")?;
    party
        .pay(one, json!({ "amount": euros(16668), "note": "Cash" }))
        .await?
        .must_refuse("BEYOND_OWED")?;
    party
        .pay(
            one,
            json!({ "amount": { "amount": "1", "currency": "USD" }, "note": "Cash" }),
        )
        .await?
        .must_refuse("WRONG_AMOUNT")?;
    let part = party
        .pay(one, json!({ "amount": euros(6667), "note": "Cash" }))
        .await?
        .must()?;
    assert_eq!(part.payload()["obligation"]["status"], "PARTIALLY_PAID");
    // The rest from a wallet of two grants, the other share with a gift card.
    let wallet = shop.wallet(json!({})).await?;
    shop.grant(
        &wallet,
        json!({ "amount": euros(4000), "expiresOn": soon(5) }),
    )
    .await?;
    party
        .pay(one, json!({ "walletId": wallet }))
        .await?
        .must_refuse("INSUFFICIENT")?;
    shop.grant(&wallet, json!({ "amount": euros(7000) }))
        .await?;
    let paid = party
        .pay(one, json!({ "walletId": wallet }))
        .await?
        .must()?;
    assert_eq!(
        (
            &paid.payload()["obligation"]["status"],
            &paid.payload()["orderOutstandingMinor"]
        ),
        (&json!("PAID"), &json!(33333))
    );
    party
        .pay(one, json!({ "note": "Again" }))
        .await?
        .must_refuse("NOTHING_OWED")?;
    let (card, code) = shop.card(20000, json!({})).await?;
    party
        .pay(two, json!({ "giftCardCode": code }))
        .await?
        .must()?;
    assert_eq!(
        (shop.balance(&wallet).await?, shop.on_card(&card).await?),
        (1000, 3334)
    );
    // The organiser pays for the order itself.
    let sources = json!([{ "kind": "CASH", "amount": euros(16667) }]);
    let payment = json!({ "amount": euros(16667), "locationId": party.hotel.location, "tenders": sources, "source": { "bookingOrderId": party.order["id"] } });
    let before = party.standing().await?;
    assert_eq!(
        (&before["isPaid"], &before["outstanding"]["minor"]),
        (&json!(false), &json!(16667))
    );
    shop.owner
        .act("paymentIntentCreate", payment, "paymentIntent { status }")
        .await?;
    let now = party.standing().await?;
    assert_eq!(
        (
            &now["isPaid"],
            &now["outstanding"]["minor"],
            &now["paidByParticipants"]["minor"]
        ),
        (&json!(true), &json!(0), &json!(33333))
    );

    // What was paid goes back where it came from, the last first.
    let refund = |more: Value| {
        let input = with(json!({ "id": one["id"], "reason": "Rained off" }), more);
        let owner = shop.owner.clone();
        async move {
            owner
                .verb(
                    "obligationRefund",
                    input,
                    "obligation { status paidMinor } toRefundMinor",
                )
                .await
        }
    };
    refund(json!({ "reason": "" }))
        .await?
        .must_refuse("REASON_REQUIRED")?;
    refund(json!({ "amount": euros(16668) }))
        .await?
        .must_refuse("BEYOND_PAID")?;
    let back = refund(json!({ "amount": euros(9000) })).await?.must()?;
    assert_eq!(
        (
            &back.payload()["obligation"]["paidMinor"],
            &back.payload()["toRefundMinor"]
        ),
        (&json!(7667), &json!(0))
    );
    assert_eq!(shop.balance(&wallet).await?, 10000);
    let back = refund(json!({})).await?.must()?;
    assert_eq!(
        (
            &back.payload()["obligation"]["status"],
            &back.payload()["toRefundMinor"]
        ),
        (&json!("PENDING"), &json!(6667))
    );
    assert_eq!(shop.balance(&wallet).await?, 11000);
    refund(json!({})).await?.must_refuse("WRONG_STATUS")?;
    shop.must_agree().await
}

#[tokio::test]
async fn a_participant_drops_out_another_takes_over_and_a_third_need_not_pay() -> anyhow::Result<()>
{
    let party = Party::of(World::new().await?, 4).await?;
    let shop = &party.shop;
    let shares: Vec<Value> = party.participants[..3]
        .iter()
        .map(|id| json!({ "participantId": id }))
        .collect();
    let split = party
        .split(json!({ "shares": shares, "organiserAmount": euros(20000) }))
        .await?
        .must()?
        .payload()
        .clone();
    assert_eq!(amounts(&split), [10000, 10000, 10000]);
    let owed = |n: usize| json!({ "id": split["obligations"][n]["id"] });
    party
        .pay(&owed(0), json!({ "amount": euros(1), "note": "Cash" }))
        .await?
        .must()?;
    shop.owner
        .verb("obligationDrop", owed(0), OWED)
        .await?
        .must_refuse("PAID")?;
    let taken = with(owed(1), json!({ "toParticipantId": party.participants[2] }));
    shop.owner
        .verb("obligationTransfer", taken, OWED)
        .await?
        .must_refuse("WRONG_PARTICIPANT")?;
    let over = with(owed(1), json!({ "toParticipantId": party.participants[3] }));
    let moved = shop
        .owner
        .act("obligationTransfer", over.clone(), OWED)
        .await?;
    assert_eq!(
        (
            &moved["obligation"]["participantId"],
            &moved["obligation"]["amountMinor"]
        ),
        (&json!(party.participants[3]), &json!(10000))
    );
    shop.owner
        .verb("obligationTransfer", over, OWED)
        .await?
        .must_refuse("WRONG_STATUS")?;
    shop.owner.act("obligationDrop", owed(2), OWED).await?;
    shop.owner
        .verb("obligationDrop", owed(2), OWED)
        .await?
        .must_refuse("WRONG_STATUS")?;
    let waive = with(owed(0), json!({ "reason": "Helper" }));
    shop.owner
        .verb(
            "obligationWaive",
            with(owed(0), json!({ "reason": " " })),
            OWED,
        )
        .await?
        .must_refuse("REASON_REQUIRED")?;
    shop.owner
        .act("obligationWaive", waive.clone(), OWED)
        .await?;
    shop.owner
        .verb("obligationWaive", waive, OWED)
        .await?
        .must_refuse("NOTHING_OWED")?;
    let now = party.standing().await?;
    // 10,000 are owed by who took over, and 30,000 by the organiser; 9,999 are waived.
    assert_eq!(
        (&now["outstanding"]["minor"], &now["waived"]["minor"]),
        (&json!(40000), &json!(9999))
    );
    shop.must_agree().await
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
