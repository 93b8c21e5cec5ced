//! Who carries messages to endpoints.

use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};

use super::rules::is_public;

/// How long an endpoint has to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read.
const EXCERPT: usize = 1_000;

/// A message to an endpoint.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Where it goes.
    pub url: String,
    /// Its headers.
    pub headers: Vec<(&'static str, String)>,
    /// Its body, as JSON.
    pub body: String,
}

/// What an endpoint answered.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The status.
    pub status: u16,
    /// The first characters.
    pub excerpt: String,
}

/// Carries messages.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Carries one; the error says why it did not arrive.
    async fn carry(&self, letter: &Letter) -> Result<Receipt, String>;
}

/// Carries messages over HTTPS to public hosts, and nowhere else: the name is resolved here, all of
/// its addresses must be public, and the connection goes to those; redirects are not followed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Https;

#[async_trait]
impl Courier for Https {
    async fn carry(&self, letter: &Letter) -> Result<Receipt, String> {
        let url: Url = letter
            .url
            .parse()
            .map_err(|_| "The address is not right.".to_owned())?;
        let addresses = addresses(&url).await?;
        let host = url.host_str().unwrap_or_default();
        let client = client(host, &addresses).https_only(true).build();
        let client = client.map_err(|error| error.to_string())?;
        post(&client, url, letter).await
    }
}

/// What sends to a host at these addresses and at no others, whatever its name means a moment later or
/// its answer says.
fn client(host: &str, addresses: &[SocketAddr]) -> ClientBuilder {
    Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .no_proxy()
        .resolve_to_addrs(host, addresses)
}

async fn post(client: &Client, url: Url, letter: &Letter) -> Result<Receipt, String> {
    let mut request = client.post(url).body(letter.body.clone());
    for (name, value) in &letter.headers {
        request = request.header(*name, value);
    }
    let mut response = request.send().await.map_err(|error| told(&error))?;
    let status = response.status().as_u16();
    let mut excerpt = Vec::new();
    while excerpt.len() < EXCERPT
        && let Ok(Some(chunk)) = response.chunk().await
    {
        excerpt.extend_from_slice(&chunk);
    }
    excerpt.truncate(EXCERPT);
    let excerpt = String::from_utf8_lossy(&excerpt).replace('\0', "");
    Ok(Receipt { status, excerpt })
}

/// The addresses of a host, if all of them are public.
async fn addresses(url: &Url) -> Result<Vec<SocketAddr>, String> {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err("The address names no host.".to_owned());
    };
    if url.scheme() != "https" {
        return Err("Messages go over https alone.".to_owned());
    }
    // An address of version 6 stands in brackets, which are no part of it.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((host, port))
        .await
        .map_err(|_| "The host has no address.".to_owned())?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        return Err("The host has no address.".to_owned());
    }
    if found.iter().any(|address| !is_public(address.ip())) {
        return Err("The host is not on the public internet.".to_owned());
    }
    Ok(found)
}

fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "No answer in time.".to_owned()
    } else if error.is_connect() {
        "No connection.".to_owned()
    } else {
        "The answer broke off.".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    fn letter(url: &str) -> Letter {
        Letter {
            url: url.to_owned(),
            headers: vec![("webhook-id", "evt_1".to_owned())],
            body: "{}".to_owned(),
        }
    }

    #[tokio::test]
    async fn hosts_of_this_machine_are_refused_before_anything_is_sent() {
        let private = "The host is not on the public internet.";
        for (url, reason) in [
            // A name is looked up, and what it leads to is looked at.
            ("https://localhost/hook", private),
            ("https://127.0.0.1/hook", private),
            ("https://2130706433/hook", private),
            ("https://0x7f.1/hook", private),
            ("https://[::1]/hook", private),
            ("https://[::ffff:10.0.0.1]/hook", private),
            ("https://169.254.169.254/latest/meta-data", private),
            ("http://93.184.216.34/hook", "Messages go over https alone."),
            ("https:///", "The address is not right."),
        ] {
            let refused = Https.carry(&letter(url)).await.unwrap_err();
            assert_eq!(refused, reason, "{url}");
        }
    }

    /// A name that was looked up is not looked up again, and nobody is followed to another place.
    #[tokio::test]
    async fn a_redirect_to_a_private_address_is_an_answer_and_not_followed() {
        let public = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let private = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, secret) = (public.local_addr().unwrap(), private.local_addr().unwrap());
        let answering = tokio::spawn(async move {
            let (mut stream, _) = public.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"{}") {
                assert_ne!(stream.read_buf(&mut asked).await.unwrap(), 0);
            }
            let answer = format!(
                "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{secret}/\r\ncontent-length: 5\r\n\r\nthere"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(asked).unwrap()
        });
        let url = format!("http://hooks.example.invalid:{}/in", at.port());
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = client("hooks.example.invalid", &[at]).build().unwrap();
        let receipt = post(&client, url.parse().unwrap(), &letter(&url)).await;
        let receipt = receipt.unwrap();
        assert_eq!((receipt.status, receipt.excerpt.as_str()), (307, "there"));
        let asked = answering.await.unwrap();
        assert!(asked.contains("webhook-id: evt_1"), "{asked}");
        let visited = tokio::time::timeout(Duration::from_millis(50), private.accept()).await;
        assert!(visited.is_err(), "it was followed");
    }
}
