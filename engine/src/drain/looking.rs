//! What a talker sees, told to the board where it is new.

use domain::{EventKind, Link, ProxyLook};

use super::talker::Talker;
use crate::monitor::recorder::Gone;
use crate::proxy::{Adapter as _, ProxyError};

impl Talker {
    /// Looks at the proxy and puts what is new on the board; false if it did not answer.
    pub(super) async fn look(&mut self) -> Result<bool, Gone> {
        match self.connector.look().await {
            Ok(look) => {
                self.lost = None;
                let news = self.news(look);
                self.note(news).await?;
                Ok(true)
            }
            Err(error) => {
                self.lost(&error).await?;
                Ok(false)
            }
        }
    }

    /// Puts notes on the board and on record, as far as they belong there.
    pub(super) async fn note(&self, notes: Vec<EventKind>) -> Result<(), Gone> {
        if notes.is_empty() {
            return Ok(());
        }
        self.recorder.report(notes, false).await.map(|_| ())
    }

    async fn lost(&mut self, error: &ProxyError) -> Result<(), Gone> {
        let kind = std::mem::discriminant(error);
        // What garbage says differs each time; that it is garbage does not.
        if self.lost.replace(kind) == Some(kind) {
            return Ok(());
        }
        let why = error.to_string();
        let link = self.link();
        let since = match &link {
            Link::Unreachable { since, .. } => *since,
            Link::Untried | Link::Reachable { .. } => self.shared.clock.now(),
        };
        tracing::warn!(proxy.name = %self.name, %error, "the proxy does not answer as it should; it is asked again");
        let link = Link::Unreachable { since, why };
        self.note(vec![EventKind::ProxyLinked { proxy: self.name.clone(), link }]).await
    }

    fn link(&self) -> Link {
        self.shared
            .with_board(|board| board.proxies.get(&self.name).map(|state| state.link.clone()))
            .unwrap_or_default()
    }

    /// What of a look the board does not have yet.
    fn news(&self, look: ProxyLook) -> Vec<EventKind> {
        let mut news = Vec::new();
        if !self.link().is_up() {
            let link = Link::Reachable { since: self.shared.clock.now() };
            news.push(EventKind::ProxyLinked { proxy: self.name.clone(), link });
        }
        let known = self.shared.with_board(|board| board.proxies.get(&self.name).and_then(|state| state.look.clone()));
        if known.as_ref() == Some(&look) {
            return news;
        }
        let known = known.map(|look| look.backends).unwrap_or_default();
        let ProxyLook { version, instance, backends, warnings } = look;
        let order = backends.iter().map(|backend| backend.name.clone()).collect();
        let changed = backends.into_iter().filter(|backend| !known.contains(backend)).collect();
        let proxy = self.name.clone();
        news.push(EventKind::ProxyLooked { proxy, version, instance, warnings, order, changed });
        news
    }
}
