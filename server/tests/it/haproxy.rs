//! The whole story with a real HAProxy: connect, bind, drain, kill everything, return.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::backend::Backend;
use crate::program::{Place, Program, eventually};

/// An HAProxy that ends with the test.
pub(crate) struct Haproxy {
    config: PathBuf,
    pub(crate) socket: PathBuf,
    child: Option<Child>,
}

impl Haproxy {
    pub(crate) fn start(place: &Place, ports: &[u16]) -> Self {
        let folder = place.database().parent().unwrap().to_owned();
        let (config, socket) = (folder.join("haproxy.cfg"), folder.join("admin.sock"));
        let front = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let servers: Vec<String> =
            ports.iter().enumerate().map(|(n, port)| format!(" server web{n} 127.0.0.1:{port} check\n")).collect();
        let text = format!(
            "global\n stats socket {} mode 600 level admin\ndefaults\n mode tcp\n timeout connect 2s\n timeout client 60s\n \
             timeout server 60s\nlisten web\n bind 127.0.0.1:{front}\n default-server inter 200ms\n{}",
            socket.display(),
            servers.concat()
        );
        fs::write(&config, text).unwrap();
        let mut haproxy = Self { config, socket, child: None };
        haproxy.begin();
        haproxy
    }

    fn begin(&mut self) {
        let mut command = Command::new("haproxy");
        let path = format!("{}:/usr/sbin:/usr/local/sbin", std::env::var("PATH").unwrap_or_default());
        command.env("PATH", path).arg("-db").arg("-f").arg(&self.config);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.child = Some(command.spawn().expect("haproxy is needed: sudo apt-get install haproxy"));
    }

    fn end(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        self.end();
    }
}

/// Waits until the proxy says this of the target.
pub(crate) async fn admin(program: &Program, target: &str, wanted: &str) -> Value {
    eventually(&format!("the proxy says {wanted}"), || async {
        let shown = program.json(target).await;
        (shown["proxies"][0]["admin"] == wanted && shown["proxies"][0]["reachable"] == true).then_some(shown)
    })
    .await
}

#[tokio::test]
async fn a_drain_outlasts_the_death_of_everybody() {
    let place = Place::new();
    let (one, two) = (Backend::start().await, Backend::start().await);
    let mut haproxy = Haproxy::start(&place, &[one.port, two.port]);
    let program = place.start();
    program.make_group("web").await;
    let target = program.make_target("web", one.port).await;
    program.make_target("web", two.port).await;

    let address = format!("unix:{}", haproxy.socket.display());
    let proxy = json!({"kind": "haproxy", "address": address});
    let found = eventually("haproxy answers", || async {
        let (status, found) = program.send(Method::POST, "/api/v1/proxy-test", proxy.clone()).await;
        (status == StatusCode::OK).then_some(found)
    })
    .await;
    assert_eq!(found["backends"][0]["servers"][1]["address"], format!("127.0.0.1:{}", two.port));
    program.make("/api/v1/proxies", json!({"name": "edge", "kind": "haproxy", "address": address})).await;
    let binding = json!({"group": "web", "backend": "web", "mode": "by_hand"});
    program.make("/api/v1/proxies/edge/bindings", binding).await;
    program.status(&target, "healthy").await;
    admin(&program, &target, "ready").await;

    let (status, drained) =
        program.send(Method::POST, &format!("{target}/drain"), json!({"reason": "kernel", "override": true})).await;
    assert_eq!((status, &drained["status"]), (StatusCode::OK, &json!("draining")));
    // Acknowledged, and perhaps not carried out yet.
    program.kill();
    haproxy.end();
    let program = place.start();
    haproxy.begin();
    let shown = admin(&program, &target, "drain").await;
    assert_eq!(shown["admission"]["reason"], "kernel");
    program.status(&target, "unused").await;

    // HAProxy alone dies, and forgets.
    haproxy.end();
    eventually("it is said that the proxy does not answer", || async {
        (program.json("/api/v1/proxies/edge").await["reachable"] == false).then_some(())
    })
    .await;
    haproxy.begin();
    admin(&program, &target, "drain").await;

    let (status, _) = program.send(Method::POST, &format!("{target}/return"), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    admin(&program, &target, "ready").await;
    let transcript = program.json("/api/v1/proxies/edge/transcript").await;
    assert!(transcript.to_string().contains("set server web/web0 state ready"), "{transcript}");
    let events = program.json("/api/v1/events?proxy=edge").await;
    assert_eq!(events["items"][0]["kind"], "server_told");
    assert!(program.stop().await.success());
}
