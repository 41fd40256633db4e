//! The head of an answer: status line and headers.

use domain::{Failure, MalformedAnswer, clean};
use httparse::{EMPTY_HEADER, Header, ParserConfig, Response, Status};

/// So many bytes of heads are read, those of interim answers included.
pub(super) const HEAD_BYTES_MAX: usize = 64 * 1024;
/// So many headers may one head have.
const HEADERS_MAX: usize = 128;
/// So many interim answers (1xx) are skipped.
const INTERIM_MAX: u32 = 16;
/// So many characters of what is no answer are told.
const EXCERPT_MAX: usize = 60;

const BEGIN: &[u8] = b"HTTP/1.";
/// The first two bytes of a TLS alert and of a TLS handshake record.
const TLS_RECORDS: [&[u8]; 2] = [&[0x15, 0x03], &[0x16, 0x03]];

/// What matters of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The status code.
    pub(super) code: u16,
    /// How the end of the body can be seen; an error if it cannot.
    pub(super) framing: Result<Framing, MalformedAnswer>,
}

/// How the end of a body can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// So many bytes.
    Length(u64),
    /// Chunks, the last one empty.
    Chunked,
    /// The peer closes.
    UntilClose,
}

/// Reads a head piece by piece. What it finds does not depend on how the bytes were cut.
#[derive(Debug, Default)]
pub(super) struct HeadReader {
    bytes: Vec<u8>,
    /// The end of the last whole line; parsing again before there is another would find the same.
    lines_end: usize,
    interim: u32,
    interim_bytes: usize,
}

impl HeadReader {
    /// Takes the next bytes, and gives the head and the first bytes of the body once it is whole.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Option<(Head, Vec<u8>)>, Failure> {
        self.bytes.extend_from_slice(bytes);
        loop {
            self.look_at_the_begin()?;
            match self.parse()? {
                None => return Ok(None),
                Some((head, length)) if is_interim(head.code) => {
                    self.skip(length)?;
                }
                Some((head, length)) => return Ok(Some((head, self.bytes.split_off(length)))),
            }
        }
    }

    /// Whatever does not speak HTTP/1.x is told at once, not only when it has sent a line.
    fn look_at_the_begin(&self) -> Result<(), Failure> {
        let length = BEGIN.len().min(self.bytes.len());
        let (begin, expected) = (&self.bytes[..length], &BEGIN[..length]);
        if begin == expected {
            Ok(())
        } else if TLS_RECORDS.iter().any(|record| begin.starts_with(record)) {
            Err(Failure::Malformed(MalformedAnswer::SpeaksTls))
        } else {
            let excerpt = clean(&String::from_utf8_lossy(&self.bytes), EXCERPT_MAX);
            Err(Failure::Malformed(MalformedAnswer::NotHttp1(excerpt)))
        }
    }

    fn parse(&mut self) -> Result<Option<(Head, usize)>, Failure> {
        let limit = HEAD_BYTES_MAX - self.interim_bytes;
        let within = &self.bytes[..self.bytes.len().min(limit)];
        let lines_end = within.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        if lines_end > self.lines_end {
            self.lines_end = lines_end;
            if let Some(found) = parse(&within[..lines_end])? {
                return Ok(Some(found));
            }
        }
        if self.bytes.len() < limit { Ok(None) } else { Err(Failure::HeadersTooLarge) }
    }

    fn skip(&mut self, length: usize) -> Result<(), Failure> {
        self.bytes.drain(..length);
        self.lines_end = 0;
        self.interim += 1;
        self.interim_bytes += length;
        if self.interim > INTERIM_MAX {
            return Err(Failure::Malformed(MalformedAnswer::TooManyInterim(INTERIM_MAX)));
        }
        Ok(())
    }
}

/// 101 is final for us: we asked for no other protocol, so no second answer follows.
fn is_interim(code: u16) -> bool {
    (100..200).contains(&code) && code != 101
}

fn parse(bytes: &[u8]) -> Result<Option<(Head, usize)>, Failure> {
    let mut headers = [EMPTY_HEADER; HEADERS_MAX];
    let mut response = Response::new(&mut headers);
    let parsed = ParserConfig::default()
        .allow_obsolete_multiline_headers_in_responses(true)
        .parse_response(&mut response, bytes);
    match (parsed, response.code) {
        (Ok(Status::Partial), _) | (Ok(_), None) => Ok(None),
        (Ok(Status::Complete(_)), Some(code @ 0..100)) => Err(Failure::Malformed(MalformedAnswer::StatusCode(code))),
        (Ok(Status::Complete(length)), Some(code)) => {
            Ok(Some((Head { code, framing: framing(response.headers) }, length)))
        }
        (Err(httparse::Error::TooManyHeaders), _) => Err(Failure::HeadersTooLarge),
        (Err(error), _) => Err(Failure::Malformed(fault_of(error))),
    }
}

fn fault_of(error: httparse::Error) -> MalformedAnswer {
    match error {
        httparse::Error::HeaderName => MalformedAnswer::HeaderName,
        httparse::Error::HeaderValue => MalformedAnswer::HeaderValue,
        httparse::Error::NewLine => MalformedAnswer::LineEnd,
        // The others cannot come from headers; TooManyHeaders is told as what it is.
        _ => MalformedAnswer::StatusLine,
    }
}

/// RFC 9112, section 6.3.
fn framing(headers: &[Header<'_>]) -> Result<Framing, MalformedAnswer> {
    let named = |name: &'static str| {
        let values = headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
        values.flat_map(|header| header.value.split(|b| *b == b',')).map(<[u8]>::trim_ascii)
    };
    if let Some(last) = named("transfer-encoding").next_back() {
        let chunked = last.eq_ignore_ascii_case(b"chunked");
        return Ok(if chunked { Framing::Chunked } else { Framing::UntilClose });
    }
    let mut lengths = named("content-length");
    let Some(first) = lengths.next() else { return Ok(Framing::UntilClose) };
    if lengths.any(|other| other != first) {
        return Err(MalformedAnswer::LengthsDiffer);
    }
    length(first).map(Framing::Length).ok_or(MalformedAnswer::LengthNotANumber)
}

fn length(text: &[u8]) -> Option<u64> {
    let digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Option<(Head, Vec<u8>)>, Failure> {
        HeadReader::default().feed(text)
    }

    fn check(text: &str, code: u16, framing: Result<Framing, MalformedAnswer>) {
        assert_eq!(read(text.as_bytes()).unwrap().map(|(head, _)| head), Some(Head { code, framing }), "{text:?}");
    }

    fn malformed(text: &[u8], why: &str) {
        let told = read(text).map_err(|failure| failure.to_string());
        assert_eq!(told, Err(format!("malformed answer: {why}")));
    }

    #[test]
    fn heads_and_framings() {
        check("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, Ok(Framing::Length(5)));
        check("HTTP/1.1 200\r\ncontent-length: 5\r\nContent-Length: 5\r\n\r\n", 200, Ok(Framing::Length(5)));
        check("HTTP/1.0 503 Gone\n\n", 503, Ok(Framing::UntilClose));
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n", 200, Ok(Framing::Chunked));
        check("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", 200, Ok(Framing::UntilClose));
        let differing = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n";
        check(differing, 200, Err(MalformedAnswer::LengthsDiffer));
        check("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 200, Err(MalformedAnswer::LengthNotANumber));
    }

    #[test]
    fn interim_answers_are_skipped_but_not_for_ever() {
        check("HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 204 No\r\n\r\n", 204, Ok(Framing::UntilClose));
        check("HTTP/1.1 101 Switching\r\n\r\n", 101, Ok(Framing::UntilClose));
        let storm = "HTTP/1.1 100 Continue\r\n\r\n".repeat(17);
        malformed(storm.as_bytes(), "more than 16 interim answers (1xx)");
    }

    #[test]
    fn what_is_no_answer_is_told() {
        malformed(b"<html>hi", "it does not begin with HTTP/1: \"<html>hi\"");
        malformed(b"SSH-2.0-OpenSSH\r\n", "it does not begin with HTTP/1: \"SSH-2.0-OpenSSH\"");
        malformed(b"\x15\x03\x01\0\x02\x02\x0a", "the port speaks TLS; check it by HTTPS");
        malformed(b"HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", "invalid header value");
        malformed(b"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", "invalid header value");
        malformed(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "invalid header name");
        malformed(b"HTTP/1.1 099 Odd\r\n\r\n", "status code 099");
    }

    #[test]
    fn heads_are_bounded() {
        let long = format!("HTTP/1.1 200 OK\r\nA: {}\r\n\r\n", "x".repeat(HEAD_BYTES_MAX));
        assert_eq!(read(long.as_bytes()), Err(Failure::HeadersTooLarge));
        let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(HEADERS_MAX + 1));
        assert_eq!(read(many.as_bytes()), Err(Failure::HeadersTooLarge));
    }
}
