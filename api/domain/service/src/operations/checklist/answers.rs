//! What is answered to the items of a checklist.

use serde_json::{Map, Value};
use uuid::Uuid;

use foundation::database::Error;
use foundation::graph::verb::Act;

/// Fills answers into a locked run; what does not fit its items is told.
pub async fn fill(act: &Act<'_>, run: Uuid, answers: Value) -> Result<Result<(), String>, Error> {
    let sql = "select items from operations.checklist_runs where biz_id = $1 and id = $2";
    let values = [act.scope.biz_id().into(), run.into()];
    let row = act.scope.query_opt(sql, &values).await?;
    let items: Value = row
        .map(|row| row.try_get(0))
        .transpose()?
        .unwrap_or_default();
    let given = match fitting(&items, answers) {
        Ok(given) => given,
        Err(text) => return Ok(Err(text)),
    };
    let sql = "update operations.checklist_runs set answers = answers || $3 where biz_id = $1 and id = $2";
    let values = [
        act.scope.biz_id().into(),
        run.into(),
        Value::Object(given).into(),
    ];
    act.scope.execute(sql, &values).await?;
    Ok(Ok(()))
}

/// The answers, if each is to an item and of its kind. Null takes an answer back.
pub fn fitting(items: &Value, answers: Value) -> Result<Map<String, Value>, String> {
    let Value::Object(answers) = answers else {
        return Err("The answers are an object by the keys of the items.".to_owned());
    };
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    for (key, answer) in &answers {
        let item = items.iter().find(|item| item["key"] == key.as_str());
        let item = item.ok_or_else(|| format!("There is no item {key}."))?;
        let kind = item["kind"].as_str().unwrap_or_default();
        let fits = match (kind, answer) {
            (_, Value::Null) => true,
            ("yes_no", answer) => answer.is_boolean(),
            ("number", answer) => answer.is_number(),
            (_, answer) => answer.as_str().is_some_and(|text| !text.trim().is_empty()),
        };
        if !fits {
            let wanted = match kind {
                "yes_no" => "true or false",
                "number" => "a number",
                "photo" => "the id of a photo",
                _ => "a text",
            };
            return Err(format!("The answer to {key} is {wanted}."));
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_answer_is_to_an_item_and_of_its_kind() {
        let items = json!([
            {"key": "doors", "label": "Doors shut", "kind": "yes_no"},
            {"key": "fridge", "label": "Degrees", "kind": "number"},
            {"key": "said", "label": "Anything else", "kind": "text"},
        ]);
        let all = json!({"doors": true, "fridge": 4.5, "said": "no"});
        assert_eq!(fitting(&items, all).unwrap().len(), 3);
        assert!(fitting(&items, json!({"doors": null})).is_ok());
        for wrong in [
            json!({"doors": "yes"}),
            json!({"fridge": "4"}),
            json!({"said": " "}),
            json!({"windows": true}),
            json!([true]),
        ] {
            assert!(fitting(&items, wrong.clone()).is_err(), "{wrong}");
        }
    }
}
