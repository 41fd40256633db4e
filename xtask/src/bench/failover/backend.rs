//! A backend in a process of its own, so that it can be killed and stopped: `xtask backend ADDRESS MILLISECONDS`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::bench::http::answers;
use crate::bench::pause::pause;
use crate::bench::process::Process;

/// Answers everything with 200 after so many milliseconds, for ever.
pub(crate) fn serve(address: &str, millis: &str) -> Result<()> {
    let takes = Duration::from_millis(millis.parse().context("the second argument is a number of milliseconds")?);
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    for stream in listener.incoming().flatten() {
        thread::spawn(move || answer(stream, takes));
    }
    Ok(())
}

/// Answers request after request until the peer has enough; one of HTTP/1.0 is the last.
fn answer(stream: TcpStream, takes: Duration) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut is_last = false;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        is_last |= line.ends_with(" HTTP/1.0");
        // The head of a request ends with an empty line, and none has a body here.
        if line.is_empty() {
            if !takes.is_zero() {
                pause(takes);
            }
            writer.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")?;
            if is_last {
                break;
            }
        }
    }
    Ok(())
}

/// Starts one, and waits until it answers.
pub(super) fn start(address: SocketAddr, takes: Duration, dir: &Path) -> Result<Process> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["backend", &address.to_string(), &takes.as_millis().to_string()]);
    let mut process = Process::start(&mut command, &dir.join(format!("backend-{}.log", address.port())))?;
    process.until("a start of a backend", || answers(address, "/"))?;
    Ok(process)
}
