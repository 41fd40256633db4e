//! Takes the chunks out of a chunked body (RFC 9112, section 7.1).

use domain::MalformedAnswer;
use httparse::{Status, parse_chunk_size};

use super::body::Data;

/// A chunk's size and its extensions may be so long.
const SIZE_LINE_MAX: usize = 1024;

/// Where in the chunks we are.
#[derive(Debug)]
pub(super) enum Chunks {
    /// In a line with a size; what there is of it.
    Size(Vec<u8>),
    /// In a chunk; so much of it is to come.
    Data(u64),
    /// In the line end after a chunk; what there is of it.
    DataEnd(Vec<u8>),
    /// After the last chunk. Trailers do not matter to us.
    Over,
}

impl Chunks {
    /// Before the first chunk.
    pub(super) fn begin() -> Self {
        Self::Size(Vec::new())
    }

    /// Whether the last chunk was seen.
    pub(super) fn are_over(&self) -> bool {
        matches!(self, Self::Over)
    }

    /// Moves the data out of `bytes` to the end of `data`, up to `limit` bytes in it.
    pub(super) fn take(&mut self, mut bytes: &[u8], data: &mut Data, limit: usize) -> Result<(), MalformedAnswer> {
        while !bytes.is_empty() && data.len() < limit {
            bytes = self.step(bytes, data, limit)?;
        }
        Ok(())
    }

    fn step<'a>(&mut self, bytes: &'a [u8], data: &mut Data, limit: usize) -> Result<&'a [u8], MalformedAnswer> {
        match self {
            Self::Over => Ok(&[]),
            Self::Size(line) => {
                let (piece, rest) = up_to_line_end(bytes);
                line.extend_from_slice(piece);
                if let Some(size) = size(line)? {
                    *self = if size == 0 { Self::Over } else { Self::Data(size) };
                }
                Ok(rest)
            }
            Self::Data(to_come) => {
                let here = usize::try_from(*to_come).unwrap_or(usize::MAX).min(bytes.len()).min(limit - data.len());
                data.push(&bytes[..here]);
                *to_come -= here as u64;
                if *to_come == 0 {
                    *self = Self::DataEnd(Vec::new());
                }
                Ok(&bytes[here..])
            }
            Self::DataEnd(end) => {
                end.push(bytes[0]);
                match end.as_slice() {
                    b"\r\n" => *self = Self::begin(),
                    b"\r" => {}
                    _ => return Err(MalformedAnswer::ChunkEnd),
                }
                Ok(&bytes[1..])
            }
        }
    }
}

fn up_to_line_end(bytes: &[u8]) -> (&[u8], &[u8]) {
    let length = bytes.iter().position(|b| *b == b'\n').map_or(bytes.len(), |at| at + 1);
    bytes.split_at(length)
}

fn size(line: &[u8]) -> Result<Option<u64>, MalformedAnswer> {
    const BAD: MalformedAnswer = MalformedAnswer::ChunkSize;
    if line.len() > SIZE_LINE_MAX || !line.first().is_none_or(u8::is_ascii_hexdigit) {
        return Err(BAD);
    }
    match parse_chunk_size(line) {
        Ok(Status::Complete((_, size))) => Ok(Some(size)),
        // A line feed without its carriage return is swallowed as a part of an extension.
        Ok(Status::Partial) if line.ends_with(b"\n") => Err(BAD),
        Ok(Status::Partial) => Ok(None),
        Err(_) => Err(BAD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(&str, bool), MalformedAnswer>) {
        let (mut chunks, mut data) = (Chunks::begin(), Data::kept());
        let result = chunks.take(text.as_bytes(), &mut data, 1000).map(|()| chunks.are_over());
        let data = String::from_utf8(data.bytes().to_vec()).unwrap();
        assert_eq!(result.map(|over| (data.as_str(), over)), expected, "{text:?}");
    }

    #[test]
    fn good_chunks() {
        check("5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n", Ok(("hello world", true)));
        check("A\r\n0123456789\r\n", Ok(("0123456789", false)));
        check("0\r\nTrailer: x\r\n\r\n", Ok(("", true)));
    }

    #[test]
    fn bad_chunks() {
        const SIZE: Result<(&str, bool), MalformedAnswer> = Err(MalformedAnswer::ChunkSize);
        check("\r\n", SIZE);
        check("-5\r\n", SIZE);
        check("5;\nhello", SIZE);
        check("zz\r\n", SIZE);
        check("11111111111111111\r\n", SIZE);
        check(&format!("5;{}", "x".repeat(SIZE_LINE_MAX)), SIZE);
        check("2\r\nhello\r\n", Err(MalformedAnswer::ChunkEnd));
    }
}
