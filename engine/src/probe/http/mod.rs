//! HTTP/1.x as far as a check needs it. Everything but [`ask`] is text in, verdict out.

mod answer;
mod body;
mod chunks;
mod head;
mod request;

use domain::{Check, Host};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::fault::Fault;
use super::run::Run;
use answer::{Answer, Step};

/// So much is read at once.
const READ_BYTES: usize = 8 * 1024;

/// Sends the request and judges the answer.
pub(super) async fn ask<S>(stream: &mut S, check: &Check, host: &Host, port: u16, run: &mut Run) -> Result<(), Fault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let request = request::text(check, host, port);
    stream.write_all(request.as_bytes()).await.map_err(|error| Fault::from_io(&error))?;
    stream.flush().await.map_err(|error| Fault::from_io(&error))?;
    let sent = run.now();

    let mut answer = Answer::new(check);
    let mut buffer = Vec::with_capacity(READ_BYTES);
    loop {
        buffer.clear();
        let read = read(stream, &mut buffer).await?;
        if read > 0 && run.phases.first_byte.is_none() {
            run.phases.first_byte = Some(run.since(sent));
        }
        let step = if read > 0 { answer.feed(&buffer) } else { answer.end().map(|()| Step::Done) };
        run.status_code = answer.status_code();
        if step? == Step::Done {
            return Ok(());
        }
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S, buffer: &mut Vec<u8>) -> Result<usize, Fault> {
    match stream.read_buf(buffer).await {
        Ok(read) => Ok(read),
        // A TLS peer that closes without saying so: many do, and the framing of the body shows what is missing.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(0),
        Err(error) => Err(Fault::from_io(&error)),
    }
}
