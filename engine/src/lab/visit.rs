//! One request of the synthetic client. It is a visitor, not a check: what it sees says nothing of any target's health.

use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use domain::LabAnswer;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

/// A visitor waits no longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// No answer of the lab is longer.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;

/// Headers that are read of an answer.
const HEADERS_MAX: usize = 32;

/// The header by which a server says its number.
pub(super) const NUMBER_HEADER: &str = "drainboard-lab-server";

/// Asks once on a new connection.
pub(super) async fn visit(port: u16) -> LabAnswer {
    timeout(PATIENCE, ask(port)).await.unwrap_or(LabAnswer::TimedOut)
}

/// The same at a Unix socket.
pub(super) async fn visit_socket(path: &Path) -> LabAnswer {
    let visit = async {
        let Ok(stream) = UnixStream::connect(path).await else { return LabAnswer::NotConnected };
        exchange(stream, "127.0.0.1").await
    };
    timeout(PATIENCE, visit).await.unwrap_or(LabAnswer::TimedOut)
}

async fn ask(port: u16) -> LabAnswer {
    let Ok(stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return LabAnswer::NotConnected };
    exchange(stream, &format!("127.0.0.1:{port}")).await
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, host: &str) -> LabAnswer {
    let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut answer = Vec::new();
    let asked = stream.write_all(request.as_bytes()).await;
    match (asked, stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer).await) {
        // What came before a reset is no whole answer.
        (Ok(()), Ok(_)) if !answer.is_empty() => read(&answer),
        _ => LabAnswer::Closed,
    }
}

fn read(answer: &[u8]) -> LabAnswer {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let head = match response.parse(answer) {
        Ok(httparse::Status::Complete(head)) => head,
        Ok(httparse::Status::Partial) => return LabAnswer::Closed,
        Err(_) => return LabAnswer::Foreign,
    };
    let status = response.code.unwrap_or(0);
    let number: Option<u8> = header(&response, NUMBER_HEADER);
    let is_whole = header(&response, "content-length").is_none_or(|length: usize| length <= answer.len() - head);
    match (status, number) {
        _ if !is_whole => LabAnswer::Closed,
        (200, Some(number)) => LabAnswer::Served(number),
        (200, None) => LabAnswer::Foreign,
        (status, number) => LabAnswer::Status(status, number),
    }
}

fn header<T: std::str::FromStr>(response: &httparse::Response<'_, '_>, name: &str) -> Option<T> {
    let header = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(header.value).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &str, expected: LabAnswer) {
        assert_eq!(read(answer.replace('\n', "\r\n").as_bytes()), expected, "{answer}");
    }

    #[test]
    fn an_answer_says_who_gave_it() {
        check("HTTP/1.1 200 OK\nDrainboard-Lab-Server: 2\nContent-Length: 2\n\nok", LabAnswer::Served(2));
        check("HTTP/1.1 503 No\nDrainboard-Lab-Server: 2\n\n", LabAnswer::Status(503, Some(2)));
    }

    #[test]
    fn a_load_balancer_that_has_nobody_answers_for_itself() {
        check("HTTP/1.0 503 Service Unavailable\n\n", LabAnswer::Status(503, None));
    }

    #[test]
    fn half_an_answer_is_none() {
        check("HTTP/1.1 200 OK\nDrainboard-Lab-Server: 2\nContent-Length: 9\n\nok", LabAnswer::Closed);
        check("HTTP/1.1 200 OK\nDrainboard-Lab", LabAnswer::Closed);
    }

    #[test]
    fn somebody_else_on_the_port_is_not_the_lab() {
        check("HTTP/1.1 200 OK\n\nhello", LabAnswer::Foreign);
        check("220 mail.example ESMTP\n\n", LabAnswer::Foreign);
    }
}
