//! Drains, proxies, bindings and holds: what is wanted, and what we do for it.

use domain::{
    Answer, Binding, BindingId, BindingState, Board, Drain, EventKind, GroupName, Hold, Order, Place, Proxy,
    ProxyState, TargetId,
};
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

use super::link::Link;
use super::rows::{json, text};
use super::{ReadError, WriteError, sql};

impl Link {
    /// What an event that is not about settings of groups and targets changes.
    pub(super) async fn put_proxy_change(&mut self, kind: &EventKind) -> Result<(), WriteError> {
        match kind {
            EventKind::TargetDrained { group, target, drain } | EventKind::DrainChanged { group, target, drain } => {
                self.put_drain(group, *target, drain).await
            }
            EventKind::TargetReturned { target, .. } => self.delete_drain(*target).await,
            EventKind::ProxyCreated(proxy) | EventKind::ProxyEdited(proxy) => self.put_proxy(proxy).await,
            EventKind::ProxyDeleted(name) => self.run(sqlx::query(sql::DELETE_PROXY).bind(name.as_str())).await,
            EventKind::ProxyBound(binding) | EventKind::BindingEdited(binding) => self.put_binding(binding).await,
            EventKind::ProxyUnbound(binding) => {
                self.run(sqlx::query(sql::DELETE_BINDING).bind(binding.id.to_string())).await
            }
            EventKind::ServerHeld { place, hold } => self.put_hold(place.binding, &place.server, hold).await,
            EventKind::ServerReleased { place } => self.delete_hold(place).await,
            EventKind::ServerTold { place, order, answer: Answer::Done { instance, .. }, .. } => {
                self.put_answer(place, *order, instance).await
            }
            _ => Ok(()),
        }
    }

    /// Makes all of it what the board says. Groups are there already.
    pub(super) async fn put_proxies(&mut self, board: &Board) -> Result<(), WriteError> {
        // Bindings and holds go with their proxies.
        self.execute(sql::DELETE_PROXIES).await?;
        self.execute(sql::DELETE_DRAINS).await?;
        for state in board.proxies.values() {
            self.put_proxy(&state.proxy).await?;
        }
        for state in board.bindings.values() {
            self.put_binding(&state.binding).await?;
            for (server, hold) in &state.holds {
                self.put_hold(state.binding.id, server, hold).await?;
            }
        }
        for (name, group) in &board.groups {
            for target in group.targets.values() {
                if let Some(drain) = &target.drain {
                    self.put_drain(name, target.target.id, drain).await?;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn delete_drain(&mut self, target: TargetId) -> Result<(), WriteError> {
        self.run(sqlx::query(sql::DELETE_DRAIN).bind(target.to_string())).await
    }

    async fn put_drain(&mut self, group: &GroupName, target: TargetId, drain: &Drain) -> Result<(), WriteError> {
        let query = sqlx::query(sql::PUT_DRAIN).bind(target.to_string()).bind(group.as_str());
        let drain = serde_json::to_string(drain)?;
        self.run(query.bind(drain)).await
    }

    async fn put_proxy(&mut self, proxy: &Proxy) -> Result<(), WriteError> {
        let settings = serde_json::to_string(proxy)?;
        self.run(sqlx::query(sql::PUT_PROXY).bind(proxy.name.as_str()).bind(settings)).await
    }

    async fn put_binding(&mut self, binding: &Binding) -> Result<(), WriteError> {
        let query = sqlx::query(sql::PUT_BINDING)
            .bind(binding.id.to_string())
            .bind(binding.proxy.as_str())
            .bind(binding.backend.as_str())
            .bind(binding.group.as_str())
            .bind(serde_json::to_string(binding)?);
        self.run(query).await
    }

    async fn put_hold(&mut self, binding: BindingId, server: &str, hold: &Hold) -> Result<(), WriteError> {
        let hold = serde_json::to_string(hold)?;
        self.run(sqlx::query(sql::PUT_HOLD).bind(binding.to_string()).bind(server).bind(hold)).await
    }

    async fn delete_hold(&mut self, place: &Place) -> Result<(), WriteError> {
        self.run(sqlx::query(sql::DELETE_HOLD).bind(place.binding.to_string()).bind(place.server.as_str())).await
    }

    async fn put_answer(&mut self, place: &Place, order: Order, instance: &str) -> Result<(), WriteError> {
        match order {
            Order::Ready => self.delete_hold(place).await,
            Order::Drain | Order::Maint => {
                let query = sqlx::query(sql::SET_HOLD_TOLD).bind(place.binding.to_string()).bind(place.server.as_str());
                self.run(query.bind(instance)).await
            }
            Order::Cut => Ok(()),
        }
    }
}

/// Reads all of it onto a board that has its groups and targets.
pub(super) async fn restore(board: &mut Board, connection: &mut SqliteConnection) -> Result<(), ReadError> {
    for row in sqlx::query(sql::DRAINS).fetch_all(&mut *connection).await? {
        take_drain(board, &row)?;
    }
    for row in sqlx::query(sql::PROXIES).fetch_all(&mut *connection).await? {
        let proxy: Proxy = json(&text(&row, "settings")?, "proxy")?;
        board.proxies.insert(proxy.name.clone(), ProxyState::new(proxy));
    }
    for row in sqlx::query(sql::BINDINGS).fetch_all(&mut *connection).await? {
        let binding: Binding = json(&text(&row, "settings")?, "binding")?;
        board.bindings.insert(binding.id, BindingState::new(binding));
    }
    for row in sqlx::query(sql::HOLDS).fetch_all(&mut *connection).await? {
        let id: BindingId = text(&row, "binding")?.parse().map_err(|_| ReadError::Corrupt("binding id"))?;
        let hold: Hold = json(&text(&row, "hold")?, "hold")?;
        let state = board.bindings.get_mut(&id).ok_or(ReadError::Corrupt("binding of a hold"))?;
        state.holds.insert(text(&row, "server")?, hold);
    }
    Ok(())
}

fn take_drain(board: &mut Board, row: &SqliteRow) -> Result<(), ReadError> {
    let id: TargetId = text(row, "target")?.parse().map_err(|_| ReadError::Corrupt("target id"))?;
    let name: GroupName = text(row, "group_name")?.parse().map_err(|_| ReadError::Corrupt("group name"))?;
    let drain: Drain = json(&text(row, "drain")?, "drain")?;
    let target = board.groups.get_mut(&name).and_then(|group| group.targets.get_mut(&id));
    target.ok_or(ReadError::Corrupt("target of a drain"))?.drain = Some(drain);
    Ok(())
}
