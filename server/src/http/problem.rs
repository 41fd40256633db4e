//! Errors as RFC 9457 problem details.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Invalid, LAB_RATE_MAX, Problem as Wrong};
use engine::{ChangeError, CheckNowError, LabError, ProxyError, ReadError};
use serde::Serialize;

mod consequence;

use consequence::ConsequenceView;

/// What went wrong, by what the client can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The body is no JSON.
    NotJson,
    /// Another site's page sent the request.
    CrossSite,
    /// There is no such thing.
    NotFound,
    /// The thing does not take this method.
    MethodNotAllowed,
    /// The body did not come in time.
    Slow,
    /// It does not go with how things are now.
    Conflict,
    /// The body is too large.
    TooLarge,
    /// The URL is too long.
    UrlTooLong,
    /// The body has another type than the one that is taken.
    MediaType,
    /// Asked for by a name that is not this server's.
    Misdirected,
    /// Fields are wrong.
    Invalid,
    /// A proxy did not do what it was asked.
    Proxy,
    /// What is stored could not be read.
    Unreadable,
    /// The store cannot write.
    NotRecorded,
    /// Drainboard is stopping.
    Stopping,
    /// Too much at once.
    Busy,
}

impl Kind {
    fn status(self) -> StatusCode {
        match self {
            Self::NotJson => StatusCode::BAD_REQUEST,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UrlTooLong => StatusCode::URI_TOO_LONG,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Proxy => StatusCode::BAD_GATEWAY,
            Self::Unreadable | Self::NotRecorded | Self::Stopping | Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Type and title: they are the same for every occurrence.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotJson => ("urn:drainboard:not-json", "The body is not JSON"),
            Self::CrossSite => ("urn:drainboard:cross-site", "Sent by another site"),
            Self::NotFound => ("urn:drainboard:not-found", "Not found"),
            Self::MethodNotAllowed => ("urn:drainboard:method-not-allowed", "Method not allowed"),
            Self::Slow => ("urn:drainboard:slow", "The body did not come in time"),
            Self::Conflict => ("urn:drainboard:conflict", "Not possible now"),
            Self::TooLarge => ("urn:drainboard:too-large", "The body is too large"),
            Self::UrlTooLong => ("urn:drainboard:url-too-long", "The URL is too long"),
            Self::MediaType => ("urn:drainboard:media-type", "The body has the wrong type"),
            Self::Misdirected => ("urn:drainboard:misdirected", "Not the name of this server"),
            Self::Invalid => ("urn:drainboard:invalid", "The request is not valid"),
            Self::Proxy => ("urn:drainboard:proxy", "The proxy did not do it"),
            Self::Unreadable => ("urn:drainboard:unreadable", "The data file cannot be read"),
            Self::NotRecorded => ("urn:drainboard:not-recorded", "The change could not be saved"),
            Self::Stopping => ("urn:drainboard:stopping", "Drainboard is stopping"),
            Self::Busy => ("urn:drainboard:busy", "Too much at once"),
        }
    }

    /// A client should try again after so many seconds.
    fn retry_after(self) -> Option<&'static str> {
        match self {
            Self::Unreadable | Self::NotRecorded | Self::Stopping | Self::Busy => Some("5"),
            _ => None,
        }
    }
}

/// An error as it is answered.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    kind: Kind,
    detail: String,
    errors: Vec<Invalid>,
    consequence: Option<Box<ConsequenceView>>,
}

impl Problem {
    /// An error with a sentence for a person.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), consequence: None }
    }

    /// These fields are wrong.
    pub(crate) fn invalid(errors: Vec<Invalid>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{}: {}", one.field, one.message()),
            many => format!("{} fields are wrong.", many.len()),
        };
        Self { errors, ..Self::new(Kind::Invalid, detail) }
    }

    /// The same for somebody who sits before a browser: the sentence alone.
    pub(crate) fn into_text(self) -> Response {
        let body = format!("{}\n", self.detail);
        self.kind.finish((self.kind.status(), body).into_response())
    }
}

impl Kind {
    fn finish(self, mut response: Response) -> Response {
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        response
    }
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consequence: Option<&'a ConsequenceView>,
}

#[derive(Serialize)]
struct FieldError<'a> {
    field: &'a str,
    message: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (r#type, title) = self.kind.words();
        let status = self.kind.status();
        let errors = self.errors.iter().map(|e| FieldError { field: &e.field, message: e.message() }).collect();
        let consequence = self.consequence.as_deref();
        let body = Body { r#type, title, status: status.as_u16(), detail: &self.detail, errors, consequence };
        let mut response = (status, axum::Json(body)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        self.kind.finish(response)
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        let kind = match &error {
            ChangeError::NoSuchGroup(_)
            | ChangeError::NoSuchTarget(_)
            | ChangeError::NoSuchProxy(_)
            | ChangeError::NoSuchBinding(_)
            | ChangeError::NoSuchSchedule(_) => Kind::NotFound,
            ChangeError::NotBound(_)
            | ChangeError::Floor(_)
            | ChangeError::NotAutomatic(_)
            | ChangeError::NoDrill(_)
            | ChangeError::NotChangedOutside(_)
            | ChangeError::NotAStandby(_)
            | ChangeError::NoSuchStarter(_)
            | ChangeError::NotPutBack(_)
            | ChangeError::GroupIsBound(_) => Kind::Conflict,
            ChangeError::Invalid(_) => Kind::Invalid,
            ChangeError::NotRecorded(_) => Kind::NotRecorded,
            ChangeError::Stopping => Kind::Stopping,
        };
        let detail = error.to_string();
        match error {
            ChangeError::Invalid(errors) => Self::invalid(errors),
            ChangeError::Floor(consequence) => {
                let consequence = Some(Box::new(ConsequenceView::from(&*consequence)));
                Self { consequence, ..Self::new(kind, detail) }
            }
            _ => Self::new(kind, detail),
        }
    }
}

impl From<CheckNowError> for Problem {
    fn from(error: CheckNowError) -> Self {
        let kind = match &error {
            CheckNowError::NoSuchTarget(_) => Kind::NotFound,
            CheckNowError::Disabled => Kind::Conflict,
            CheckNowError::Busy => Kind::Busy,
            CheckNowError::Stopping => Kind::Stopping,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<LabError> for Problem {
    fn from(error: LabError) -> Self {
        let kind = match &error {
            LabError::NotRunning | LabError::NoSuchBackend => Kind::NotFound,
            LabError::Rate => {
                return Self::invalid(vec![Invalid::new("rate_per_s", Wrong::Range { min: 1, max: LAB_RATE_MAX })]);
            }
            LabError::Closed
            | LabError::Running
            | LabError::Comparing
            | LabError::NotNow(..)
            | LabError::System(_)
            | LabError::Directory(_) => Kind::Conflict,
            LabError::NotYet(_) | LabError::NotRemoved(_) => Kind::Busy,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<ProxyError> for Problem {
    fn from(error: ProxyError) -> Self {
        Self::new(Kind::Proxy, format!("The proxy did not do it: {error}."))
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let kind = if matches!(error, ReadError::Closed) { Kind::Stopping } else { Kind::Unreadable };
        if kind == Kind::Unreadable {
            tracing::error!(error = &error as &dyn std::error::Error, "events cannot be read from the data file");
        }
        Self::new(kind, format!("What is stored cannot be read: {error}."))
    }
}
