//! What is wrong with what a person or a script sent: which field, and a sentence.

use serde::{Deserialize, Serialize};

/// One thing wrong with one field. `field` is the name that the API uses (`health_check.interval_ms`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invalid {
    /// The API's name of the field.
    pub field: String,
    /// What is wrong, as data: the text in the reader's language is made from it.
    pub problem: Problem,
}

impl Invalid {
    /// `field` is wrong in this way.
    pub fn new(field: impl Into<String>, problem: Problem) -> Self {
        Self { field: field.into(), problem }
    }

    /// The sentence in English.
    pub fn message(&self) -> String {
        self.problem.to_string()
    }
}

/// What can be wrong with a field. `Display` is the English sentence and says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "is", content = "with")]
pub enum Problem {
    /// Nothing was given.
    #[error("This is needed.")]
    Missing,
    /// Not a group name.
    #[error("Use 1 to 32 letters a to z, digits and hyphens, with no hyphen at the ends.")]
    GroupName,
    /// The name is in use.
    #[error("A target group with this name exists already. Choose another name.")]
    GroupNameTaken,
    /// A number outside its range.
    #[error("Give a number from {min} to {max}.")]
    Range {
        /// Least value.
        min: u32,
        /// Greatest value.
        max: u32,
    },
    /// Not a whole number.
    #[error("Give a whole number.")]
    NotANumber,
    /// Too many characters.
    #[error("Use at most {0} characters.")]
    TooLong(u32),
    /// One of a few words was expected.
    #[error("Use one of: {0}.")]
    OneOf(String),
    /// The timeout is longer than the interval.
    #[error("The timeout must not be longer than the interval ({0} ms).")]
    TimeoutOverInterval(u32),
    /// The fast interval is longer than the interval.
    #[error("The fast interval must not be longer than the interval ({0} ms).")]
    FastOverInterval(u32),
    /// Not a path.
    #[error("Begin the path with / and use no spaces or control characters.")]
    Path,
    /// Not a value for a Host header or a TLS server name.
    #[error("Give a host name or address, such as shop.example or 10.0.0.5:8080.")]
    HostHeader,
    /// Not a matcher.
    #[error("Give status codes from 100 to 599, such as 200, 200,204 or 200-399.")]
    Matcher,
    /// The setting has no meaning for the protocol.
    #[error("This does not go with a {0} check. Leave it out.")]
    NotWith(String),
    /// A schedule is filled in where a drill is to begin at once.
    #[error("A schedule is filled in. Use its own button, or empty its days and its time to begin the drill at once.")]
    ScheduledToo,
    /// Not a time of day.
    #[error("Give a time of day in UTC, such as 03:30.")]
    TimeOfDay,
    /// Not a host.
    #[error("Give an IPv4 or IPv6 address or a DNS name.")]
    Host,
    /// An address that is never checked.
    #[error(
        "Link-local addresses (169.254.0.0/16 and fe80::/10) and metadata services are never checked. Give another address."
    )]
    ForbiddenHost,
    /// An address that no machine has.
    #[error("{0} is no address of a machine. Give the address at which the target listens.")]
    NotAMachine(String),
    /// A name in another script than DNS has.
    #[error("Write the name in punycode (xn--…): names in DNS have the letters a to z, digits and hyphens.")]
    Punycode,
    /// Not a port.
    #[error("Give a port from 1 to 65535.")]
    Port,
    /// This address and port are in the group already.
    #[error("{0} is in this group already.")]
    Duplicate(String),
    /// Not a line of a list of targets.
    #[error(
        "Line {line}: cannot read {text:?}. Write host:port, host, [IPv6]:port or a range such as 10.0.0.[1-8]:8080."
    )]
    TargetLine {
        /// Number of the line, from 1.
        line: u32,
        /// The line, cut.
        text: String,
    },
    /// What is wrong in a line of a list of targets.
    #[error("Line {line}: {problem}")]
    InLine {
        /// Number of the line, from 1.
        line: u32,
        /// What is wrong.
        problem: Box<Problem>,
    },
    /// This address and port stand in the list twice.
    #[error("{address} stands on line {first} already.")]
    Repeated {
        /// The address.
        address: String,
        /// The line on which it stands first.
        first: u32,
    },
    /// Too many of something.
    #[error("At most {0} are allowed.")]
    TooMany(u32),
    /// A name had to be typed to confirm, and was not.
    #[error("Type {0} exactly to confirm.")]
    NameNotTyped(String),
    /// Not an address of a proxy.
    #[error("Give unix:/path, tcp://host:port or http://host:port.")]
    ProxyAddress,
    /// An address at which this kind of proxy is not reached.
    #[error("{0} is reached at {1}. Give such an address.")]
    ProxyAddressKind(String, String),
    /// The name is in use.
    #[error("A proxy with this name exists already. Choose another name.")]
    ProxyNameTaken,
    /// There is no such thing to refer to.
    #[error("There is no {0}. Choose one that is there.")]
    NoSuch(String),
    /// This backend of the proxy serves a group already.
    #[error("This backend is bound already. Remove that binding first.")]
    BackendBound,
    /// Nobody looked between the checks that are stored.
    #[error("The checks are {0} ms apart; what checks in between would have seen is not known. Give at least that.")]
    ReplayMoreOften(u32),
    /// Nobody looked at those moments.
    #[error("Give a multiple of {0} ms, the interval of the checks: nobody looked at other moments.")]
    ReplayNotAMultiple(u32),
    /// The proxy closes no sessions when it is told to.
    #[error("{0} closes no sessions when it is told to. Leave this off.")]
    CannotCut(String),
    /// A field that does not exist.
    #[error("There is no such field.")]
    UnknownField,
    /// The body was not what the API takes.
    #[error("{0}")]
    Malformed(String),
}
