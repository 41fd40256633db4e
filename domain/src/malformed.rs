//! What is wrong with an answer that is none: data, so that it can be told in the reader's language.

use serde::{Deserialize, Serialize};

/// Why what came is not an HTTP/1.x answer that we can follow. `Display` is the detail in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum MalformedAnswer {
    /// A TLS record came.
    #[error("the port speaks TLS; check it by HTTPS")]
    SpeaksTls,
    /// This came.
    #[error("it does not begin with HTTP/1: {0:?}")]
    NotHttp1(String),
    /// More interim answers than are skipped.
    #[error("more than {0} interim answers (1xx)")]
    TooManyInterim(u32),
    /// A status code that is none.
    #[error("status code {0:03}")]
    StatusCode(u16),
    /// The first line.
    #[error("its status line cannot be read")]
    StatusLine,
    /// The name of a header.
    #[error("invalid header name")]
    HeaderName,
    /// The value of a header.
    #[error("invalid header value")]
    HeaderValue,
    /// A line.
    #[error("a line does not end where it should")]
    LineEnd,
    /// The size of a chunk.
    #[error("a chunk's size cannot be read")]
    ChunkSize,
    /// The end of a chunk.
    #[error("a chunk does not end where it should")]
    ChunkEnd,
    /// The length of the body is given twice.
    #[error("different values of Content-Length")]
    LengthsDiffer,
    /// The length of the body.
    #[error("Content-Length is not a number")]
    LengthNotANumber,
    /// In words that are not ours.
    #[error("{0}")]
    #[serde(untagged)]
    Other(String),
}
