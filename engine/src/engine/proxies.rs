//! The verbs about proxies: connect and bind them, drain targets and bring them back.

use std::collections::BTreeMap;

use domain::{
    AfterDelay, Binding, BindingId, BindingState, Change, Conduct, DrainReason, DrainWish, FloorRule, GroupName, Proxy,
    ProxyAddress, ProxyKind, ProxyLook, ProxyName, ReturnCause, ServerName, TargetId, TranscriptLine,
};

use super::Engine;
use crate::proxy::{Adapter as _, Connector, ProxyError, Transcript};
use crate::{Author, ChangeError};

/// A drain as somebody asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrainAsk {
    /// How long it may last before the target returns by itself, in seconds.
    pub lease_s: Option<u32>,
    /// What becomes of connections that are still open after the deregistration delay.
    pub after_delay: AfterDelay,
    /// Whether the group's minimum may be undercut.
    pub floor: FloorRule,
}

impl Default for DrainAsk {
    fn default() -> Self {
        Self { lease_s: None, after_delay: AfterDelay::Wait, floor: FloorRule::Keep }
    }
}

/// What becomes of servers that we hold out of service when their binding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutBack {
    /// They go back into service first.
    Yes,
    /// They stay as they are.
    LeaveOut,
}

/// What becomes of the bindings of a group that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithBindings {
    /// A group that is bound is not deleted.
    Refuse,
    /// They are removed, too.
    Remove(PutBack),
}

impl Engine {
    /// Connects a proxy.
    pub async fn create_proxy(&self, proxy: Proxy, author: Author) -> Result<(), ChangeError> {
        self.change(Change::CreateProxy(proxy), author).await
    }

    /// Gives a proxy another address; its name and kind stay.
    pub async fn edit_proxy(&self, proxy: Proxy, author: Author) -> Result<(), ChangeError> {
        self.change(Change::EditProxy(proxy), author).await
    }

    /// Forgets a proxy and its bindings.
    pub async fn delete_proxy(&self, name: ProxyName, put_back: PutBack, author: Author) -> Result<(), ChangeError> {
        let bound = self.bindings(|binding| binding.proxy == name);
        self.put_back(&bound, put_back).await?;
        self.finish(&bound, self.change(Change::DeleteProxy(name), author).await).await
    }

    /// Binds a backend of a proxy to a group.
    pub async fn bind(
        &self,
        proxy: ProxyName,
        backend: String,
        group: GroupName,
        conduct: Conduct,
        author: Author,
    ) -> Result<Binding, ChangeError> {
        let id = BindingId::from_uuid(uuid::Uuid::now_v7());
        let Conduct { mode, changes_per_minute, cut_unhealthy } = conduct;
        let binding = Binding { id, proxy, backend, group, mode, changes_per_minute, cut_unhealthy };
        self.change(Change::Bind(binding.clone()), author).await?;
        Ok(binding)
    }

    /// Lets us do something else in a bound backend.
    pub async fn edit_binding(&self, id: BindingId, conduct: Conduct, author: Author) -> Result<(), ChangeError> {
        self.change(Change::EditBinding(id, conduct), author).await
    }

    /// Removes a binding.
    pub async fn unbind(&self, id: BindingId, put_back: PutBack, author: Author) -> Result<(), ChangeError> {
        self.put_back(&[id], put_back).await?;
        self.finish(&[id], self.change(Change::Unbind(id), author).await).await
    }

    /// Takes targets out of service, all or none. `author.why` is the reason that is shown.
    pub async fn drain(
        &self,
        group: GroupName,
        ids: Vec<TargetId>,
        ask: DrainAsk,
        author: Author,
    ) -> Result<(), ChangeError> {
        let wish = self.wish(ask, &author);
        self.change(Change::Drain(group, ids, wish), author).await
    }

    /// Brings targets back into service, all or none. Those that are in service already stay so.
    pub async fn return_to_service(
        &self,
        group: GroupName,
        ids: Vec<TargetId>,
        author: Author,
    ) -> Result<(), ChangeError> {
        self.change(Change::Return(group, ids, ReturnCause::Asked), author).await
    }

    /// What somebody else did to a server is what is wanted from now on.
    pub async fn adopt(&self, id: BindingId, server: ServerName, author: Author) -> Result<(), ChangeError> {
        let wish = self.wish(DrainAsk::default(), &author);
        self.change(Change::Adopt(id, server, wish), author).await
    }

    /// What somebody else did to a server is undone.
    pub async fn overrule(&self, id: BindingId, server: ServerName, author: Author) -> Result<(), ChangeError> {
        self.change(Change::Overrule(id, server), author).await
    }

    /// Looks at a proxy without saving anything.
    pub async fn try_proxy(&self, kind: ProxyKind, address: ProxyAddress) -> Result<ProxyLook, ProxyError> {
        let name = "test".parse().map_err(|_| ProxyError::NoSuchBackend)?;
        let proxy = Proxy { name, kind, address };
        Connector::new(&proxy, Transcript::new(self.clock())).look().await
    }

    /// What was said to a proxy and what it answered, the newest first; nothing if there is no such proxy.
    pub fn transcript(&self, name: &ProxyName) -> Vec<TranscriptLine> {
        self.switchboard.transcript(name)
    }

    pub(super) fn wish(&self, ask: DrainAsk, author: &Author) -> DrainWish {
        let DrainAsk { lease_s, after_delay, floor } = ask;
        DrainWish {
            reason: DrainReason::new(author.why.as_deref().unwrap_or_default()),
            by: author.actor.clone(),
            at: self.clock().now(),
            lease_s,
            after_delay,
            floor,
        }
    }

    pub(super) fn bindings(&self, wanted: impl Fn(&Binding) -> bool) -> Vec<BindingId> {
        self.with_board(|board| {
            let bindings = board.bindings.values().map(|state| &state.binding);
            bindings.filter(|binding| wanted(binding)).map(|binding| binding.id).collect()
        })
    }

    /// Puts back into service what we hold in these bindings, and does nothing there any more.
    pub(super) async fn put_back(&self, bindings: &[BindingId], put_back: PutBack) -> Result<(), ChangeError> {
        if put_back == PutBack::LeaveOut {
            return Ok(());
        }
        for (proxy, bindings) in self.by_proxy(bindings, |state| !state.holds.is_empty()) {
            if let Err(why) = self.switchboard.put_back(&proxy, bindings).await {
                return Err(ChangeError::NotPutBack(why));
            }
        }
        Ok(())
    }

    /// What was put back for a change that was not made is wanted again.
    pub(super) async fn finish(
        &self,
        bindings: &[BindingId],
        result: Result<(), ChangeError>,
    ) -> Result<(), ChangeError> {
        if result.is_err() {
            for (proxy, bindings) in self.by_proxy(bindings, |_| true) {
                self.switchboard.resume(&proxy, bindings).await;
            }
        }
        result
    }

    fn by_proxy(
        &self,
        bindings: &[BindingId],
        wanted: impl Fn(&BindingState) -> bool,
    ) -> BTreeMap<ProxyName, Vec<BindingId>> {
        let mut by_proxy: BTreeMap<ProxyName, Vec<BindingId>> = BTreeMap::new();
        self.with_board(|board| {
            for state in bindings.iter().filter_map(|id| board.bindings.get(id)).filter(|state| wanted(state)) {
                by_proxy.entry(state.binding.proxy.clone()).or_default().push(state.binding.id);
            }
        });
        by_proxy
    }
}
