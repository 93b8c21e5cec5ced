//! The two media types of a GraphQL response, and the choice between them.

use axum::http::{HeaderMap, HeaderValue, header};

/// The media type of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: the status says only whether the request was well-formed.
    Json,
    /// `application/graphql-response+json`: the status tells about the operation too.
    GraphqlResponse,
}

impl Media {
    const ALL: [Self; 2] = [Self::GraphqlResponse, Self::Json];

    /// The header of a response.
    pub fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        })
    }

    fn essence(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
        }
    }

    /// What a client likes best; none where it takes neither.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
        let ranges = ranges(headers);
        if ranges.is_empty() {
            return Some(Self::Json);
        }
        let weighed = Self::ALL.into_iter().filter_map(|media| {
            let (precision, weight) = weight(&ranges, media.essence())?;
            // A wildcard does not ask for the newer type: clients that know it name it.
            let is_default = match media {
                Self::Json => precision < 2,
                Self::GraphqlResponse => precision == 2,
            };
            Some(((weight, precision, is_default), media))
        });
        weighed
            .max_by_key(|(rank, _)| *rank)
            .map(|(_, media)| media)
    }
}

/// Whether a client takes a stream of events.
pub fn accepts_events(headers: &HeaderMap) -> bool {
    let ranges = ranges(headers);
    ranges.is_empty() || weight(&ranges, "text/event-stream").is_some()
}

/// A media range of an `Accept` header, with its weight in thousandths.
#[derive(Debug)]
struct Range {
    essence: String,
    weight: u16,
}

fn ranges(headers: &HeaderMap) -> Vec<Range> {
    let values = headers.get_all(header::ACCEPT).iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    texts
        .flat_map(|text| text.split(','))
        .filter_map(range)
        .collect()
}

fn range(text: &str) -> Option<Range> {
    let mut parts = text.split(';').map(str::trim);
    let essence = parts
        .next()
        .filter(|essence| !essence.is_empty())?
        .to_ascii_lowercase();
    let weight = parts
        .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
        .map_or(1000, thousandths);
    Some(Range { essence, weight })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 1000"
)]
fn thousandths(text: &str) -> u16 {
    let weight = text.parse::<f32>().unwrap_or(1.0);
    (weight.clamp(0.0, 1.0) * 1000.0) as u16
}

/// The precision and weight of the most precise range that covers a type.
fn weight(ranges: &[Range], essence: &str) -> Option<(u8, u16)> {
    let family = essence
        .split_once('/')
        .map_or(essence, |(family, _)| family);
    let covering = ranges.iter().filter_map(|range| {
        let precision = match range.essence.split_once('/') {
            Some(("*", "*")) => 0,
            Some((own, "*")) if own == family => 1,
            _ if range.essence == essence => 2,
            _ => return None,
        };
        Some((precision, range.weight))
    });
    covering.max().filter(|(_, weight)| *weight > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accept: &'static str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Media::accepted(&headers)
    }

    #[test]
    fn the_newer_type_is_for_those_who_name_it() {
        assert_eq!(Media::accepted(&HeaderMap::new()), Some(Media::Json));
        assert_eq!(accepted("*/*"), Some(Media::Json));
        assert_eq!(accepted("application/*, text/html"), Some(Media::Json));
        assert_eq!(
            accepted("application/graphql-response+json, */*"),
            Some(Media::GraphqlResponse)
        );
        assert_eq!(
            accepted("application/json, application/graphql-response+json; charset=utf-8"),
            Some(Media::GraphqlResponse)
        );
    }

    #[test]
    fn weights_decide() {
        assert_eq!(
            accepted("application/graphql-response+json;q=0.5, application/json;q=0.9"),
            Some(Media::Json)
        );
        assert_eq!(
            accepted("application/json;q=0, */*;q=0.1"),
            Some(Media::GraphqlResponse)
        );
        assert_eq!(accepted("text/html, image/*"), None);
        assert_eq!(accepted("*/*;q=0"), None);
    }

    #[test]
    fn events_must_be_taken() {
        let mut headers = HeaderMap::new();
        assert!(accepts_events(&headers));
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("text/event-stream"),
        );
        assert!(accepts_events(&headers));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        assert!(!accepts_events(&headers));
    }
}
