//! A mail server for tests: it speaks as much SMTP as a sender needs, keeps what it took, and can be
//! told to go wrong.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Where it went.
    pub to: String,
    /// Its headers and its body.
    pub text: String,
}

impl Taken {
    /// A header, without what stands before it.
    pub fn header(&self, name: &str) -> Option<&str> {
        let start = format!("{name}: ");
        self.text.lines().find_map(|line| line.strip_prefix(&start))
    }
}

/// What goes wrong with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server has no time for it now.
    Busy,
    /// There is no such address.
    NobodyThere,
    /// The server takes it, and is gone before it says so.
    Silent,
}

#[derive(Default)]
struct State {
    faults: VecDeque<Fault>,
    taken: Vec<Taken>,
    asked: usize,
}

/// A mail server on a port of its own.
pub struct MailServer {
    port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl MailServer {
    /// Starts one.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    // A sender that hangs up is no matter.
                    let _ = talk(stream, &state).await;
                });
            }
        });
        Ok(Self { port, state, task })
    }

    /// How a sender names it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What goes wrong with the next mails, one after the other.
    pub fn go_wrong(&self, faults: impl IntoIterator<Item = Fault>) {
        locked(&self.state).faults.extend(faults);
    }

    /// What it took.
    pub fn taken(&self) -> Vec<Taken> {
        locked(&self.state).taken.clone()
    }

    /// How many mails it was asked to take.
    pub fn asked(&self) -> usize {
        locked(&self.state).asked
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn locked(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn talk(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 test ESMTP\r\n").await?;
    let (mut to, mut fault) = (String::new(), None);
    while let Some(line) = lines.next_line().await? {
        let command = line.to_ascii_uppercase();
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-test\r\n250 8BITMIME",
            "MAIL" => {
                let mut state = locked(state);
                state.asked += 1;
                fault = state.faults.pop_front();
                match fault {
                    Some(Fault::Busy) => "451 come back later",
                    _ => "250 fine",
                }
            }
            "RCPT" if fault == Some(Fault::NobodyThere) => "550 there is nobody of that name",
            "RCPT" => {
                line.split(['<', '>'])
                    .nth(1)
                    .unwrap_or_default()
                    .clone_into(&mut to);
                "250 fine"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push('\n');
                }
                let to = to.clone();
                locked(state).taken.push(Taken { to, text });
                if fault == Some(Fault::Silent) {
                    return Ok(());
                }
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
