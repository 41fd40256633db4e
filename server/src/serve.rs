//! `drainboard serve`: from settings to a running server, and to its end.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use engine::{Author, Engine, LabConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{LabWish, Settings};
use crate::http::{Connections, Crowd, Site};
use crate::lifecycle::{self, Signals};

/// Runs until a signal, or until a part of the engine ends by itself. There is room for this crowd.
pub(crate) async fn serve(mut settings: Settings, crowd: Crowd) -> anyhow::Result<ExitCode> {
    let mut signals = Signals::listen().context("signals cannot be listened for")?;
    settings.engine.lab = lab_config(&settings)?;
    let listener = bind(settings.safe_address()?).await?;
    let address = listener.local_addr().context("the listener has no address")?;
    let database = settings.engine.database.clone();
    let engine = tokio::select! {
        started = Engine::start(settings.engine) => started?,
        signal = signals.next() => {
            tracing::info!(signal, "stopped while starting");
            return Ok(ExitCode::SUCCESS);
        }
    };
    let (accepting, tasks) = (CancellationToken::new(), TaskTracker::new());
    let site = Site::new(engine.clone(), address, &settings.allowed_hosts, crowd, tasks.clone());
    let router = crate::http::router(site);
    let connections = Connections::accept(listener, router, crowd.connections, accepting.clone(), tasks);
    announce(address, &database, settings.lab);
    if settings.lab == LabWish::AtOnce {
        engine.lab().start(domain::LAB_RATE, Author::drainboard()).await.context("the lab cannot be started")?;
    }
    let failure = tokio::select! {
        signal = signals.next() => {
            tracing::info!(signal, "stopping");
            None
        }
        why = engine.failed() => Some(why),
        () = connections.closed() => Some("the listener ended".to_owned()),
    };
    if let Some(why) = &failure {
        tracing::error!(%why, "a part of Drainboard ended by itself, so the whole stops");
    }
    let code = tokio::select! {
        code = lifecycle::stop(&engine, &accepting, &connections) => code,
        _ = signals.next() => ExitCode::FAILURE,
    };
    Ok(if failure.is_some() { ExitCode::FAILURE } else { code })
}

/// What a lab is made with, where only this machine reaches us.
fn lab_config(settings: &Settings) -> anyhow::Result<Option<LabConfig>> {
    match (settings.is_private(), settings.lab) {
        (true, _) => {
            let program = std::env::current_exe().context("this program does not know where it is")?;
            Ok(Some(LabConfig { program, haproxy: settings.haproxy.clone() }))
        }
        (false, LabWish::WhenAsked) => Ok(None),
        (false, LabWish::AtOnce) => Err(engine::LabError::Closed.into()),
    }
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}; choose another address with --listen, port 0 takes a free port")
    })
}

/// Says where the board is, where the data is, and how to stop.
fn announce(address: SocketAddr, database: &Path, lab: LabWish) {
    let database = std::path::absolute(database).unwrap_or_else(|_| database.to_owned());
    let page = if lab == LabWish::AtOnce { "/lab" } else { "" };
    let text = format!(
        "Drainboard {} is running.\n  open  http://{}{page}\n  data  {}\n  stop  Ctrl-C, or SIGTERM\n",
        env!("CARGO_PKG_VERSION"),
        reachable(address),
        database.display(),
    );
    // A closed standard output is no reason to stop.
    let _ = std::io::stdout().write_all(text.as_bytes());
    tracing::info!(%address, database = %database.display(), version = env!("CARGO_PKG_VERSION"), "running");
}

/// An address that a browser on this machine can open.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => address.set_ip(std::net::Ipv4Addr::LOCALHOST.into()),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => address.set_ip(std::net::Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
