//! The socket: a connection for each exchange, as HAProxy's own tools do. It closes when it has answered.

use std::time::Duration;

use domain::ProxyAddress;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::super::ProxyError;

/// A whole exchange takes no longer.
const DEADLINE: Duration = Duration::from_secs(2);
/// A longer reply is none. A server is about 500 bytes of `show stat`.
const REPLY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Sends commands, joined by `;`, and reads all that comes back.
pub(super) async fn exchange(address: &ProxyAddress, commands: &str) -> Result<String, ProxyError> {
    let mut reply = Vec::new();
    let ended = timeout(DEADLINE, talk(address, commands, &mut reply)).await;
    let text = String::from_utf8_lossy(&reply);
    match ended {
        Ok(Ok(())) => Ok(text.into_owned()),
        Ok(Err(error)) => Err(error),
        Err(_) if text.is_empty() => Err(ProxyError::silent(address, DEADLINE)),
        // The socket of the master process is one: it answers, but does not close.
        Err(_) => Err(ProxyError::garbage(&text)),
    }
}

async fn talk(address: &ProxyAddress, commands: &str, reply: &mut Vec<u8>) -> Result<(), ProxyError> {
    let ended = match address {
        ProxyAddress::Unix(path) => match UnixStream::connect(path).await {
            Ok(stream) => converse(stream, commands, reply).await,
            Err(error) => Err(error),
        },
        ProxyAddress::Tcp(place) => match TcpStream::connect(place).await {
            Ok(stream) => converse(stream, commands, reply).await,
            Err(error) => Err(error),
        },
        ProxyAddress::Http(_) => return Err(ProxyError::wrong_address(address, "unix:/path or tcp://host:port")),
    };
    ended.map_err(|error| ProxyError::io(address, &error))?;
    if reply.len() > REPLY_BYTES_MAX { Err(ProxyError::garbage(&String::from_utf8_lossy(reply))) } else { Ok(()) }
}

/// Stops at the end of the reply, or when it is too long.
async fn converse<S>(mut stream: S, commands: &str, reply: &mut Vec<u8>) -> std::io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(format!("{commands}\n").as_bytes()).await?;
    stream.flush().await?;
    while reply.len() <= REPLY_BYTES_MAX && stream.read_buf(reply).await? > 0 {}
    Ok(())
}
