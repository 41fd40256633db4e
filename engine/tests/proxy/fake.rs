//! Servers that behave as a test wants: one thread for each connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Handles each connection to a fresh port with `behave`.
pub(crate) fn server(behave: impl Fn(TcpStream) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let behave = behave.clone();
            thread::spawn(move || behave(stream));
        }
    });
    address
}

/// Reads something, sends `answer`, closes.
pub(crate) fn saying(answer: &'static [u8]) -> SocketAddr {
    server(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(answer);
    })
}

/// Takes the connection and never says a word.
pub(crate) fn silent() -> SocketAddr {
    server(|mut stream| {
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    })
}

/// Sends `begin`, and then the same for ever.
pub(crate) fn endless(begin: &'static [u8]) -> SocketAddr {
    server(move |mut stream| {
        let _ = stream.write_all(begin);
        while stream.write_all(&[b'x'; 64 * 1024]).is_ok() {}
    })
}

/// The head of a request, and its body.
pub(crate) fn read_request(stream: &mut TcpStream) -> (String, String) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}
