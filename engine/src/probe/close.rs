//! How a connection ends.
//!
//! We close first, so an ordinary close would leave each check's port in TIME_WAIT for a minute: 470 checks a second
//! to one address would use up all local ports. With SO_LINGER at zero, the socket is gone at once, by a reset. A reset
//! alone makes targets log errors, so a FIN is sent before it: a target that reads sees an orderly end.

use std::net::Shutdown;
use std::time::Duration;

use futures_util::FutureExt;
use socket2::SockRef;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// Makes the socket leave nothing behind when it is dropped, whenever that is.
pub(super) fn without_time_wait(stream: &TcpStream) {
    // A socket that takes no options still makes a good check.
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
    let _ = stream.set_nodelay(true);
}

/// Says good-bye and drops the socket at once: a peer that closes between the two would bring TIME_WAIT back.
pub(super) fn orderly(stream: TcpStream) {
    let _ = SockRef::from(&stream).shutdown(Shutdown::Write);
}

/// Says good-bye in TLS too, if that can be done without waiting.
pub(super) fn orderly_tls(mut stream: TlsStream<TcpStream>) {
    let _ = stream.shutdown().now_or_never();
}
