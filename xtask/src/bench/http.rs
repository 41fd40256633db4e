//! The little HTTP that it takes to set up the peers and to ask them.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn get(address: SocketAddr, path: &str) -> Result<String> {
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    ask(address, &request).with_context(|| format!("GET http://{address}{path}"))
}

pub(crate) fn post(address: SocketAddr, path: &str, json: &str) -> Result<String> {
    send("POST", address, path, json)
}

pub(crate) fn patch(address: SocketAddr, path: &str, json: &str) -> Result<String> {
    send("PATCH", address, path, json)
}

fn send(method: &str, address: SocketAddr, path: &str, json: &str) -> Result<String> {
    let length = json.len();
    let head = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json");
    ask(address, &format!("{head}\r\nContent-Length: {length}\r\n\r\n{json}"))
        .with_context(|| format!("{method} http://{address}{path}"))
}

/// Whether somebody answers there.
pub(crate) fn answers(address: SocketAddr, path: &str) -> bool {
    get(address, path).is_ok()
}

/// Of HTTP/1.0, so that the answer comes in one piece and ends with the connection.
fn ask(address: SocketAddr, request: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("the answer has no end of its head")?;
    if !head.split(' ').nth(1).is_some_and(|code| code.starts_with('2')) {
        bail!("{}: {body}", head.lines().next().unwrap_or_default());
    }
    Ok(body.to_owned())
}
