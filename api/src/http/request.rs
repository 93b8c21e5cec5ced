//! Requests as they stand in bodies, addresses and socket messages, checked and taken in.

use std::collections::HashMap;

use async_graphql::{Request, Value, Variables};

use super::json::poses_as_raw;

/// What a body holds: the requests, and whether they came as a list.
pub struct Requests {
    /// At least one.
    pub list: Vec<Request>,
    /// Whether the answer must be a list.
    pub is_batch: bool,
}

/// The requests of a body. The error is a sentence for the client.
pub fn from_body(body: &[u8], most: usize) -> Result<Requests, String> {
    let value =
        serde_json::from_slice(body).map_err(|error| format!("The body is not JSON: {error}."))?;
    let Value::List(items) = value else {
        let list = vec![from_value(value)?];
        return Ok(Requests {
            list,
            is_batch: false,
        });
    };
    if items.is_empty() {
        return Err("The batch is empty.".to_owned());
    }
    if items.len() > most {
        return Err(format!(
            "The batch has {} requests; at most {most} are answered at once.",
            items.len()
        ));
    }
    let numbered = items.into_iter().enumerate();
    let list = numbered
        .map(|(index, item)| from_value(item).map_err(|error| format!("Request {index}: {error}")))
        .collect::<Result<_, _>>()?;
    Ok(Requests {
        list,
        is_batch: true,
    })
}

/// The request of an address's parameters.
pub fn from_parameters(parameters: Vec<(String, String)>) -> Result<Request, String> {
    let mut fields = Fields::default();
    for (name, text) in parameters {
        match name.as_str() {
            "query" => fields.query = Value::String(text),
            "operationName" => fields.operation_name = Value::String(text),
            "variables" => fields.variables = json(&name, &text)?,
            "extensions" => fields.extensions = json(&name, &text)?,
            _ => {}
        }
    }
    fields.check()
}

fn json(name: &str, text: &str) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|error| format!("`{name}` is not JSON: {error}."))
}

/// The request of a JSON object.
pub fn from_value(value: Value) -> Result<Request, String> {
    let Value::Object(mut object) = value else {
        return Err("A request is a JSON object with the field `query`.".to_owned());
    };
    let mut take = |name: &str| object.swap_remove(name).unwrap_or_default();
    let fields = Fields {
        query: take("query"),
        operation_name: take("operationName"),
        variables: take("variables"),
        extensions: take("extensions"),
    };
    fields.check()
}

/// The fields of a request, of whatever type they are.
#[derive(Default)]
struct Fields {
    query: Value,
    operation_name: Value,
    variables: Value,
    extensions: Value,
}

impl Fields {
    fn check(self) -> Result<Request, String> {
        let query = match self.query {
            Value::String(query) => query,
            Value::Null => return Err("The field `query` is missing.".to_owned()),
            _ => return Err("`query` must be a string.".to_owned()),
        };
        let mut request = Request::new(query);
        request.operation_name = match self.operation_name {
            Value::String(name) => Some(name).filter(|name| !name.is_empty()),
            Value::Null => None,
            _ => return Err("`operationName` must be a string.".to_owned()),
        };
        if poses_as_raw(&self.variables) {
            return Err("`variables` has a field name that is reserved.".to_owned());
        }
        request.variables = match self.variables {
            Value::Null => Variables::default(),
            variables @ Value::Object(_) => Variables::from_value(variables),
            _ => return Err("`variables` must be an object.".to_owned()),
        };
        request.extensions.0 = match self.extensions {
            Value::Null => HashMap::new(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (name.to_string(), value))
                .collect(),
            _ => return Err("`extensions` must be an object.".to_owned()),
        };
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, value};

    use super::*;

    fn refusal(body: &str) -> String {
        from_body(body.as_bytes(), 2).map(|_| ()).unwrap_err()
    }

    #[test]
    fn bodies_are_taken_in() {
        let body = r#"{"query": "{a}", "operationName": "", "variables": {"n": 1.5}, "more": 1}"#;
        let requests = from_body(body.as_bytes(), 2).unwrap();
        assert!(!requests.is_batch);
        assert_eq!(requests.list[0].query, "{a}");
        assert_eq!(requests.list[0].operation_name, None);
        assert_eq!(
            requests.list[0].variables[&Name::new("n")],
            Value::from(1.5)
        );
        let batch = from_body(br#"[{"query": "{a}"}, {"query": "{b}"}]"#, 2).unwrap();
        assert!(batch.is_batch);
        assert_eq!(batch.list.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(refusal("{").starts_with("The body is not JSON"));
        assert!(refusal("3").starts_with("A request is"));
        assert!(refusal("{}").contains("`query` is missing"));
        assert!(refusal(r#"{"query": ["a"]}"#).contains("`query` must be"));
        assert!(refusal(r#"{"query": "", "operationName": 0}"#).contains("`operationName`"));
        assert!(refusal(r#"{"query": "", "variables": []}"#).contains("`variables`"));
        assert!(refusal(r#"{"query": "", "extensions": false}"#).contains("`extensions`"));
        assert!(refusal("[]").contains("empty"));
        assert!(refusal("[1]").starts_with("Request 0:"));
        assert!(refusal("[{},{},{}]").contains("at most 2"));
        let posing = r#"{"query": "", "variables": {"$serde_json::private::RawValue": "}"}}"#;
        assert!(refusal(posing).contains("reserved"));
    }

    #[test]
    fn deep_bodies_are_refused() {
        let body = format!("{{\"query\":\"\",\"variables\":{}", "[".repeat(100_000));
        assert!(refusal(&body).starts_with("The body is not JSON"));
    }

    #[test]
    fn parameters_are_taken_in() {
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let request = from_parameters(vec![
            pair("query", "{a}"),
            pair("variables", r#"{"n": [1]}"#),
            pair("extensions", ""),
        ]);
        assert_eq!(request.unwrap().variables[&Name::new("n")], value!([1]));
        assert!(from_parameters(vec![]).is_err());
        let wrong = from_parameters(vec![pair("query", "{a}"), pair("variables", "{")]);
        assert!(wrong.unwrap_err().contains("`variables` is not JSON"));
    }
}
