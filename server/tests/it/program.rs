//! The program under test, and how to ask it things.

use std::fs::File;
use std::future::Future;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// A condition that is not there after this time is not going to be.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Waits until `look` finds something.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let found = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(DEADLINE, found).await.unwrap_or_else(|_| panic!("in vain: {what}"))
}

/// A directory of its own for a test.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("drainboard-it-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("drainboard.db")
    }

    /// A file of this name here.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn log(&self) -> PathBuf {
        self.0.join("log")
    }

    /// The program with these arguments on the data file here, not yet started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.command_as("serve", arguments)
    }

    fn command_as(&self, job: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_drainboard"));
        command.args([job, "--listen", "127.0.0.1:0", "--log", "debug,sqlx=warn,hyper=info,hickory=info"]);
        command.arg("--database").arg(self.database()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(self.open_log());
        command
    }

    fn open_log(&self) -> File {
        File::options().create(true).append(true).open(self.log()).unwrap()
    }

    /// Starts the program and waits until it says where it is.
    pub(crate) fn start(&self) -> Program {
        self.start_with(&[])
    }

    /// The same with these arguments.
    pub(crate) fn start_with(&self, arguments: &[&str]) -> Program {
        self.start_as("serve", arguments)
    }

    /// The same with another command than `serve`.
    pub(crate) fn start_as(&self, job: &str, arguments: &[&str]) -> Program {
        self.start_command(self.command_as(job, arguments))
    }

    /// Starts the program where it may have only so many files open.
    pub(crate) fn start_with_files(&self, files: u32) -> Program {
        let program = self.command(&[]);
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")]).arg(program.get_program());
        limited.args(program.get_args()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(self.open_log());
        self.start_command(limited)
    }

    fn start_command(&self, mut command: Command) -> Program {
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut lines = String::new();
        let url = loop {
            let from = lines.len();
            if said.read_line(&mut lines).unwrap() == 0 {
                panic!("it did not start: {lines}{}", self.log_text());
            }
            if let Some(at) = lines[from..].find("http://") {
                break lines[from + at..].trim().trim_end_matches("/lab").to_owned();
            }
        };
        while !lines.contains("stop") {
            assert_ne!(said.read_line(&mut lines).unwrap(), 0);
        }
        let client = Client::builder().no_proxy().build().unwrap();
        Program { child, url, said: lines, client }
    }

    /// Runs the program until it ends by itself, and gives its exit code and what it said on standard error.
    pub(crate) fn refused(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.command(arguments).stderr(Stdio::piped()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    pub(crate) fn log_text(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- log of the program\n{}", self.log_text());
        }
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program while it runs; killed when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) url: String,
    /// What it said on standard output.
    pub(crate) said: String,
    pub(crate) client: Client,
}

impl Program {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).timeout(DEADLINE)
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// The JSON at `path`, which has to be there.
    pub(crate) async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    /// Sends JSON and gives the status and the JSON that came back (null for none).
    pub(crate) async fn send(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let response = self.request(method, path).json(&body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Makes something, which has to work.
    pub(crate) async fn make(&self, path: &str, body: Value) -> Value {
        let (status, made) = self.send(Method::POST, path, body).await;
        assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
        made
    }

    /// Makes a TCP group that checks often.
    pub(crate) async fn make_group(&self, name: &str) -> Value {
        let check = json!({"interval_ms": 200, "timeout_ms": 150, "healthy_threshold": 2, "unhealthy_threshold": 2});
        let group = json!({"name": name, "protocol": "TCP", "port": 80, "health_check": check});
        self.make("/api/v1/target-groups", group).await
    }

    /// Registers a target on this port, and gives its path in the API.
    pub(crate) async fn make_target(&self, group: &str, port: u16) -> String {
        let targets = format!("/api/v1/target-groups/{group}/targets");
        let body = json!({"targets": [{"host": "127.0.0.1", "port": port, "label": "web-1"}]});
        let made = self.make(&targets, body).await;
        format!("{targets}/{}", made["items"][0]["id"].as_str().unwrap())
    }

    /// Makes a TCP group `web` that is healthy after one pass, with this port as its target.
    pub(crate) async fn make_watched(&self, port: u16) {
        let check = json!({"interval_ms": 200, "timeout_ms": 100, "healthy_threshold": 1});
        let group = json!({"name": "web", "protocol": "TCP", "port": port, "health_check": check});
        self.make("/api/v1/target-groups", group).await;
        self.make_target("web", port).await;
    }

    /// Waits until the target has this status.
    pub(crate) async fn status(&self, target: &str, status: &str) -> Value {
        eventually(status, || async {
            let target = self.json(target).await;
            (target["status"] == status).then_some(target)
        })
        .await
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        assert!(Command::new("kill").args(["-s", name, &self.pid().to_string()]).status().unwrap().success());
    }

    /// Waits until it has ended.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        let child = std::cell::RefCell::new(&mut self.child);
        eventually("the program ends", || async { child.borrow_mut().try_wait().unwrap() }).await
    }

    /// Asks it to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended().await
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
