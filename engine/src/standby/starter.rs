//! What starts a cold standby: a command or a webhook that the operator configured, with a time limit and its output kept.

use std::process::Stdio;
use std::time::Duration;

use domain::{STARTER_OUTPUT_MAX, StarterRun, clean};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

use crate::Clock;

/// What starts a cold standby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starter {
    /// What is done.
    pub act: StarterAct,
    /// It may take so long.
    pub timeout: Duration,
}

/// What a starter does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StarterAct {
    /// A program with its arguments; no shell.
    Command(String, Vec<String>),
    /// A POST without a body to this plain HTTP URL.
    Webhook(hyper::Uri),
}

/// How it ended: whether well, in words, and the end of what it wrote.
type Ended = (bool, String, String);

impl Starter {
    /// Does it, and says what came of it.
    pub(super) async fn run(&self, clock: Clock) -> StarterRun {
        let began = clock.instant();
        let act = async {
            match &self.act {
                StarterAct::Command(program, arguments) => command(program, arguments).await,
                StarterAct::Webhook(uri) => webhook(uri).await,
            }
        };
        let (ok, said, output) = tokio::time::timeout(self.timeout, act).await.unwrap_or_else(|_| {
            (false, format!("did not end within {} s, so it was ended", self.timeout.as_secs()), String::new())
        });
        let took = clock.instant().saturating_duration_since(began).as_millis();
        let took_ms = u64::try_from(took).unwrap_or(u64::MAX);
        StarterRun { at: clock.now(), took_ms, ok, said, output }
    }
}

/// In a process group of its own, so that a Ctrl-C in Drainboard's terminal does not reach it. What it leaves running may
/// hold its output open, so that is not waited for once it has ended.
async fn command(program: &str, arguments: &[String]) -> Ended {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true).process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return (false, format!("could not be run: {error}"), String::new()),
    };
    let (mut out, mut err) = (Tail::default(), Tail::default());
    let (mut stdout, mut stderr) = (child.stdout.take(), child.stderr.take());
    let status = loop {
        tokio::select! {
            biased;
            true = read(&mut stdout, &mut out), if stdout.is_some() => {}
            true = read(&mut stderr, &mut err), if stderr.is_some() => {}
            status = child.wait() => break status,
        }
    };
    let output = format!("{}{}", out.text(), err.text());
    match status {
        Ok(status) => (status.success(), status.to_string(), output),
        Err(error) => (false, format!("its end was not seen: {error}"), output),
    }
}

/// The last bytes of what was written.
#[derive(Default)]
struct Tail(Vec<u8>);

impl Tail {
    fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
        let half = STARTER_OUTPUT_MAX / 2;
        self.0.drain(..self.0.len().saturating_sub(half));
    }

    fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.0);
        text.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect()
    }
}

/// Reads some more; at the end the stream goes, and there is nothing to do any more.
async fn read(stream: &mut Option<impl AsyncRead + Unpin>, tail: &mut Tail) -> bool {
    let Some(open) = stream else { return false };
    let mut buffer = [0; 1024];
    match open.read(&mut buffer).await {
        Ok(count) if 0 < count => tail.push(buffer.get(..count).unwrap_or_default()),
        _ => *stream = None,
    }
    true
}

async fn webhook(uri: &hyper::Uri) -> Ended {
    match post(uri).await {
        Ok((status, output)) => (status.is_success(), format!("HTTP {}", status.as_u16()), output),
        Err(why) => (false, why, String::new()),
    }
}

async fn post(uri: &hyper::Uri) -> Result<(hyper::StatusCode, String), String> {
    let authority = uri.authority().ok_or("the URL names no host")?;
    let host = authority.host().trim_matches(['[', ']']);
    let stream = tokio::net::TcpStream::connect((host, authority.port_u16().unwrap_or(80))).await;
    let stream = stream.map_err(|error| format!("could not be reached: {error}"))?;
    let wrong = |error: hyper::Error| format!("did not answer as HTTP does: {error}");
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(wrong)?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = hyper::Request::post(path).header(hyper::header::HOST, authority.as_str());
    let request = request.body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(wrong)?;
        let status = response.status();
        let body = Limited::new(response.into_body(), STARTER_OUTPUT_MAX).collect().await;
        let body = body.map(|body| body.to_bytes()).unwrap_or_default();
        Ok((status, clean(&String::from_utf8_lossy(&body), STARTER_OUTPUT_MAX)))
    };
    tokio::pin!(exchange);
    tokio::select! {
        biased;
        answer = &mut exchange => answer,
        ended = connection => match ended {
            Ok(()) => exchange.await,
            Err(error) => Err(wrong(error)),
        },
    }
}
