//! A gzip stream of pieces that are each compressed for itself, so that one piece serves many streams.
//!
//! Every piece ends on a whole byte and refers to nothing before it, so pieces can follow each other in any stream. The
//! stream has no end of its own: no checksum over all of it is ever due.

use flate2::{Compress, Compression, FlushCompress, Status};

/// What the stream begins with: no name, no time, no system (RFC 1952).
pub(super) const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// A block that is not compressed holds no more (RFC 1951, 3.2.4).
const BLOCK_MAX: usize = 0xffff;

/// Room for what a flush adds to data that cannot be made smaller.
const SLACK: usize = 64;

/// A text as it is.
pub(super) fn stored(text: &[u8]) -> Vec<u8> {
    let mut piece = Vec::with_capacity(text.len() + 8);
    for block in text.chunks(BLOCK_MAX) {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        piece.push(0);
        piece.extend(length.to_le_bytes());
        piece.extend((!length).to_le_bytes());
        piece.extend(block);
    }
    piece
}

/// A text compressed, quickly rather than well.
pub(super) fn deflated(text: &[u8]) -> Vec<u8> {
    let mut deflate = Compress::new(Compression::fast(), false);
    let mut piece = Vec::with_capacity(text.len() / 4 + SLACK);
    loop {
        let taken = usize::try_from(deflate.total_in()).unwrap_or(text.len());
        let status = deflate.compress_vec(&text[taken..], &mut piece, FlushCompress::Full);
        // With room left over, everything is out.
        if status.is_err() || matches!(status, Ok(Status::StreamEnd)) || piece.len() < piece.capacity() {
            return piece;
        }
        piece.reserve(text.len() / 4 + SLACK);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::DeflateDecoder;

    use super::*;

    #[test]
    fn pieces_follow_each_other_in_any_order() {
        let long: String = (0..40_000).map(|n| format!("{{\"number\":{}}}", n * 7919 % 10_007)).collect();
        let texts = ["data: 1\n\n", &long, "", &long, "data: 2\n\n"];
        let mut stream = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            stream.extend(if index % 2 == 0 { stored(text.as_bytes()) } else { deflated(text.as_bytes()) });
        }
        assert!(stream.len() < long.len(), "{} of {}", stream.len(), 2 * long.len());
        let mut read = vec![0; texts.concat().len()];
        DeflateDecoder::new(stream.as_slice()).read_exact(&mut read).unwrap();
        assert_eq!(String::from_utf8(read).unwrap(), texts.concat());
    }

    #[test]
    fn what_cannot_be_made_smaller_comes_through() {
        let noise: Vec<u8> = (0..300_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let mut read = vec![0; noise.len()];
        DeflateDecoder::new(deflated(&noise).as_slice()).read_exact(&mut read).unwrap();
        assert_eq!(read, noise);
    }
}
