//! GraphiQL: the page at `/` and its two files, compiled into the program.
//!
//! `graphiql/README.md` says how they were made.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use ring::digest;

use super::HttpState;
use super::health;
use super::service::Service;

const PAGE: &str = include_str!("graphiql/index.html");
const WELCOME: &str = include_str!("graphiql/welcome.graphql");

/// What the page may do: run its own script, and talk to where it came from. Its editors set styles
/// in place, and the style sheet holds its font.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// A file whose name holds the hash of what is in it, so that it may be kept for ever.
struct File {
    name: String,
    content_type: &'static str,
    content: &'static [u8],
}

static SCRIPT: LazyLock<File> = LazyLock::new(|| {
    let content = include_bytes!("graphiql/graphiql.js");
    File::new("js", "text/javascript; charset=utf-8", content)
});
static STYLE: LazyLock<File> = LazyLock::new(|| {
    let content = include_bytes!("graphiql/graphiql.css");
    File::new("css", "text/css; charset=utf-8", content)
});

impl File {
    fn new(extension: &str, content_type: &'static str, content: &'static [u8]) -> Self {
        Self {
            name: format!("{}.{extension}", hash(content)),
            content_type,
            content,
        }
    }
}

/// The page, filled in.
pub struct Page {
    html: Bytes,
    tag: String,
}

impl Page {
    /// The page whose editor opens with this document.
    pub fn new(welcome: Option<&str>) -> Self {
        let html = PAGE
            .replace("{script}", &format!("graphiql/{}", SCRIPT.name))
            .replace("{style}", &format!("graphiql/{}", STYLE.name))
            .replace("{welcome}", &escaped(welcome.unwrap_or(WELCOME)));
        Self {
            tag: format!("\"{}\"", hash(html.as_bytes())),
            html: html.into(),
        }
    }
}

/// `GET /`.
pub async fn page<S: Service>(
    State(state): State<Arc<HttpState<S>>>,
    headers: HeaderMap,
) -> Response {
    let page = &state.page;
    let common = [
        (header::ETAG, page.tag.as_str()),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    if is_known(&headers, &page.tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let content_type = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (common, content_type, page.html.clone()).into_response()
}

/// `GET /graphiql/{file}`.
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = [&*SCRIPT, &*STYLE]
        .into_iter()
        .find(|file| file.name == name)
    else {
        return health::no_such_path().await.into_response();
    };
    let tag = format!("\"{}\"", file.name);
    let is_known = is_known(&headers, &tag);
    let common = [
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let content_type = [(header::CONTENT_TYPE, file.content_type)];
    (common, content_type, Bytes::from_static(file.content)).into_response()
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH);
    let Some(known) = known.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    known
        .split(',')
        .any(|known| known.trim().trim_start_matches("W/") == tag)
}

fn hash(content: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, content);
    let (start, _) = digest.as_ref().split_at(8);
    let mut text = String::with_capacity(16);
    for byte in start {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_page_names_its_files_and_holds_its_document() {
        let page = Page::new(Some("{ a(b: \"<x>\") }"));
        let html = String::from_utf8(page.html.to_vec()).unwrap();
        assert!(html.contains(&format!("src=\"graphiql/{}\"", SCRIPT.name)));
        assert!(html.contains(&format!("href=\"graphiql/{}\"", STYLE.name)));
        assert!(html.contains("{ a(b: &quot;&lt;x&gt;&quot;) }"));
        assert!(!html.contains("{welcome}"));
    }

    #[test]
    fn tags_are_compared_weakly() {
        let mut headers = HeaderMap::new();
        assert!(!is_known(&headers, "\"a\""));
        let known = HeaderValue::from_static("\"b\", W/\"a\"");
        headers.insert(header::IF_NONE_MATCH, known);
        assert!(is_known(&headers, "\"a\""));
    }
}
