//! Caddy, by its admin API: it has no word for a drain, so an upstream leaves the list of its handler and comes back.

mod change;
mod http;
mod kept;
mod look;
mod metrics;
mod name;
mod walk;
mod wire;

use domain::{Order, ProxyAddress, ProxyLook};
use hyper::Method;

use super::transcript::Purpose;
use super::{Adapter, ProxyError, Transcript};
use change::{Change, Edit};
use http::{Answer, Question};
use kept::Kept;
use wire::Upstreams;

/// So often a change is tried when somebody else changed the configuration between our look and our write.
const TRIES_MAX: usize = 5;

/// Where the servers of the HTTP app are, from the root of the admin API.
const SERVERS: &str = "/config/apps/http/servers";

/// A Caddy.
#[derive(Clone, Debug)]
pub struct Caddy {
    address: ProxyAddress,
    transcript: Transcript,
}

impl Caddy {
    pub(super) fn new(address: ProxyAddress, transcript: Transcript) -> Self {
        Self { address, transcript }
    }

    async fn ask<T>(
        &self,
        purpose: Purpose,
        question: Question<'_>,
        read: impl FnOnce(Answer) -> Result<T, ProxyError> + Send,
    ) -> Result<T, ProxyError> {
        let begun = self.transcript.begin();
        let answer = http::exchange(&self.address, &question).await;
        let (answered, result) = match answer {
            Ok(answer) => (answer.to_string(), read(answer)),
            Err(error) => (error.to_string(), Err(error)),
        };
        self.transcript.record(begun, purpose, &question.to_string(), &answered, result.is_ok());
        result
    }

    async fn upstreams(&self, url: &str) -> Result<Upstreams, ProxyError> {
        self.ask(Purpose::Order, Question::get(url), wire::read_upstreams).await
    }

    /// Looks, decides, and writes only if nothing changed in between; else looks again.
    async fn change(&self, backend: &str, server: &str, change: &Change) -> Result<String, ProxyError> {
        let url = name::upstreams_url(backend)?;
        for _ in 0..TRIES_MAX {
            let upstreams = self.upstreams(&url).await?;
            let Some(edit) = change.edit(&upstreams.list, server)? else { return Ok(change.holds().to_owned()) };
            let etag = upstreams.etag.ok_or_else(|| ProxyError::refused(wire::NO_ETAG))?;
            if let Some(answer) = self.write(&url, &edit, &etag).await? {
                return Ok(answer);
            }
        }
        Err(ProxyError::Conflict)
    }

    /// None if the configuration is not as it was any more.
    async fn write(&self, url: &str, edit: &Edit, etag: &str) -> Result<Option<String>, ProxyError> {
        let (method, path, body) = match edit {
            Edit::Delete(at) => (Method::DELETE, format!("{url}/{at}"), None),
            Edit::Insert(at, upstream) => (Method::PUT, format!("{url}/{at}"), Some(upstream.to_string())),
            // Caddy does not insert behind the last one (2.6: "array index out of bounds").
            Edit::Append(upstream) => (Method::POST, url.to_owned(), Some(upstream.to_string())),
        };
        let question = Question { method, path: &path, if_match: Some(etag), body };
        self.ask(Purpose::Order, question, wire::read_written).await
    }
}

impl Adapter for Caddy {
    async fn look(&self) -> Result<ProxyLook, ProxyError> {
        let servers = self.ask(Purpose::Routine, Question::get(SERVERS), wire::read_servers).await?;
        let handlers = walk::handlers(&servers);
        let counts = self.ask(Purpose::Routine, Question::get("/reverse_proxy/upstreams"), wire::read_counts);
        let metrics = self.ask(Purpose::Routine, Question::get("/metrics"), metrics::read);
        // Both may be missing in a Caddy that was built without them: then they do not tell, and the rest does.
        let (counts, metrics) = tokio::join!(counts, metrics);
        Ok(look::assemble(handlers, &counts.unwrap_or_default(), &metrics.unwrap_or_default()))
    }

    async fn prepare(&self, backend: &str, server: &str, order: Order) -> Result<Option<String>, ProxyError> {
        match order {
            Order::Ready | Order::Cut => Ok(None),
            Order::Drain | Order::Maint => {
                let upstreams = self.upstreams(&name::upstreams_url(backend)?).await?;
                Ok(Kept::of(&upstreams.list, server)?.map(|kept| kept.to_text()))
            }
        }
    }

    async fn tell(&self, backend: &str, server: &str, order: Order, kept: Option<&str>) -> Result<String, ProxyError> {
        let change = match order {
            Order::Drain | Order::Maint => Change::Leave,
            Order::Ready => {
                Change::Return { kept: kept.map(Kept::parse).transpose()?, by_place: name::is_place(backend) }
            }
            Order::Cut => return Err(ProxyError::refused(wire::NO_CUT)),
        };
        self.change(backend, server, &change).await
    }
}
