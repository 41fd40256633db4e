//! What the tests share: a folder, free ports, real programs that end with the test, and waiting for a condition.

use std::fs;
use std::future::Future;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use domain::{BackendView, Proxy, ProxyKind, ProxyLook, ServerView};
use engine::Clock;
use engine::proxy::{Connector, Transcript};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// Nothing that is waited for may take so long, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// So often a condition is looked at.
const STEP: Duration = Duration::from_millis(20);

/// Ports below those that Linux gives away (`ip_local_port_range` begins at 32768).
const FIRST_PORT: u16 = 20_000;
const PORTS: u32 = 12_000;

/// A folder that goes with the test. Its path is short enough for a Unix socket.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("drainboard-proxy-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.0.join(name), text).unwrap();
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program that ends with the test.
pub(crate) struct Program {
    child: Child,
}

impl Program {
    /// Starts the program; its words go to `log`.
    pub(crate) fn start(name: &str, arguments: &[&str], home: &Folder, log: &str) -> Self {
        let log = fs::File::create(home.path(log)).unwrap();
        let child = Command::new(find(name))
            .args(arguments)
            .envs(["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"].map(|variable| (variable, home.0.as_os_str())))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn();
        Self { child: child.unwrap() }
    }

    /// Sends it a signal, by its name without SIG.
    pub(crate) fn signal(&self, name: &str) {
        let signal = format!("-{name}");
        assert!(Command::new("kill").args([&signal, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) {
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // A master process takes its workers with it only when it is asked to end.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        for _ in 0..100 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            #[expect(clippy::disallowed_methods, reason = "a drop cannot await")]
            std::thread::sleep(STEP);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reloads HAProxy by its master's socket, once that answers: after its start the master executes itself again, and a
/// SIGUSR2 that comes then is lost.
pub(crate) async fn reload_haproxy(master_socket: &str) {
    let master = || async {
        let mut master = UnixStream::connect(master_socket).await.ok()?;
        master.write_all(b"show proc\n").await.ok()?;
        let read = master.read(&mut [0; 4096]).await.ok()?;
        (read > 0).then_some(master)
    };
    let mut master = wait_for("the master", master).await;
    master.write_all(b"reload\n").await.unwrap();
    let _ = master.read_to_end(&mut Vec::new()).await;
}

/// HAProxy is in `sbin`, which is not on everybody's path.
fn find(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin")]);
    let mut programs = folders.map(|folder| folder.join(name)).filter(|program| Path::is_file(program));
    programs.next().unwrap_or_else(|| panic!("{name} is not here: install it with `sudo apt-get install {name}`"))
}

/// A port that nobody has, and that the system does not give to anybody who asks for any port.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let offsets = (0..PORTS).map(|_| std::process::id() % PORTS * 37 + NEXT.fetch_add(1, Ordering::Relaxed));
    let mut ports = offsets.map(|offset| FIRST_PORT + u16::try_from(offset % PORTS).unwrap());
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("no port is free")
}

pub(crate) fn connects(port: u16) -> bool {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
}

/// Looks until there is what is waited for.
pub(crate) async fn wait_for<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let waiting = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(STEP).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// A connector with a transcript of its own.
pub(crate) fn connector(kind: ProxyKind, address: &str) -> (Connector, Transcript) {
    let transcript = Transcript::new(Clock);
    let proxy = Proxy { name: "edge".parse().unwrap(), kind, address: address.parse().unwrap() };
    (Connector::new(&proxy, transcript.clone()), transcript)
}

pub(crate) fn backend(look: &ProxyLook, name: &str) -> BackendView {
    look.backends.iter().find(|backend| backend.name == name).cloned().unwrap_or_else(|| panic!("no {name}: {look:?}"))
}

pub(crate) fn server(look: &ProxyLook, backend_name: &str, name: &str) -> ServerView {
    let found = backend(look, backend_name).servers.into_iter().find(|server| server.name == name);
    found.unwrap_or_else(|| panic!("no {backend_name}/{name}: {look:?}"))
}
