//! A starter that is told by a POST over HTTP or HTTPS. No proxy of the environment is used and no redirect is followed: the
//! operator named the place.

use std::sync::Arc;
use std::time::Duration;

use domain::{STARTER_OUTPUT_MAX, clean};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::starter::Ended;

/// Does it.
pub(super) async fn call(uri: &Uri, limit: Duration) -> Ended {
    ended(timeout(limit, post(uri, None)).await.ok(), limit)
}

fn ended(answer: Option<Result<(StatusCode, String), String>>, limit: Duration) -> Ended {
    match answer {
        Some(Ok((status, output))) => {
            Ended { ok: status.is_success(), said: format!("HTTP {}", status.as_u16()), output }
        }
        Some(Err(said)) => Ended { ok: false, said, output: String::new() },
        None => {
            Ended { ok: false, said: format!("did not answer within {} s", limit.as_secs()), output: String::new() }
        }
    }
}

/// `trusted` may sign the certificate; none: whom the system trusts.
async fn post(uri: &Uri, trusted: Option<RootCertStore>) -> Result<(StatusCode, String), String> {
    let host = uri.host().ok_or("the URL names no host")?.trim_matches(['[', ']']);
    let is_tls = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
    let stream = TcpStream::connect((host, port)).await;
    let stream = stream.map_err(|error| format!("could not be reached: {error}"))?;
    if !is_tls {
        return exchange(uri, stream).await;
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| "the URL's host is no name for TLS")?;
    let roots = match trusted {
        Some(roots) => roots,
        None => tokio::task::spawn_blocking(system_roots).await.map_err(|error| error.to_string())?,
    };
    let wrong = |error: &dyn std::error::Error| format!("the TLS handshake failed: {error}");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().map_err(|error| wrong(&error))?;
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| wrong(&error))?;
    exchange(uri, stream).await
}

fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

async fn exchange<S>(uri: &Uri, stream: S) -> Result<(StatusCode, String), String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let wrong = |error: hyper::Error| format!("did not answer as HTTP does: {error}");
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(wrong)?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let host = uri.port().map_or_else(
        || uri.host().unwrap_or_default().to_owned(),
        |port| format!("{}:{port}", uri.host().unwrap_or_default()),
    );
    let request = Request::post(path).header(hyper::header::HOST, host);
    let request = request.body(Empty::<Bytes>::new()).map_err(|error| error.to_string())?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(wrong)?;
        let status = response.status();
        let (mut body, mut text) = (response.into_body(), Vec::new());
        while text.len() < STARTER_OUTPUT_MAX
            && let Some(Ok(frame)) = body.frame().await
        {
            text.extend(frame.into_data().unwrap_or_default());
        }
        text.truncate(STARTER_OUTPUT_MAX);
        Ok((status, clean(&String::from_utf8_lossy(&text), STARTER_OUTPUT_MAX)))
    };
    tokio::pin!(exchange);
    tokio::select! {
        biased;
        answer = &mut exchange => answer,
        ended = connection => match ended {
            Ok(()) => exchange.await,
            Err(error) => Err(wrong(error)),
        },
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use rustls::ServerConfig;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(20);

    /// Reads one request and answers it; gives the request.
    async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) -> String {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => request.push(byte),
                Err(_) => return String::new(),
            }
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        String::from_utf8(request).unwrap()
    }

    #[tokio::test]
    async fn plain_http_is_posted_and_the_answer_is_kept() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri: Uri = format!("http://{}/up?vm=3", listener.local_addr().unwrap()).parse().unwrap();
        let mut server = JoinSet::new();
        server.spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            serve(stream, "HTTP/1.1 202 Accepted\r\ncontent-length: 7\r\n\r\nstarted").await
        });
        let ended = call(&uri, LIMIT).await;
        let request = server.join_next().await.unwrap().unwrap();
        assert!(request.starts_with("POST /up?vm=3 HTTP/1.1\r\n"), "{request}");
        assert!(request.contains(&format!("host: {}\r\n", uri.authority().unwrap())), "{request}");
        assert_eq!((ended.ok, ended.said.as_str(), ended.output.as_str()), (true, "HTTP 202", "started"));
    }

    #[tokio::test]
    async fn over_https_only_a_certificate_that_is_trusted_is_told() {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate: CertificateDer<'static> = cert.der().clone();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(vec![certificate.clone()], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri: Uri = format!("https://localhost:{}/up", listener.local_addr().unwrap().port()).parse().unwrap();
        let mut server = JoinSet::new();
        server.spawn(async move {
            let acceptor = TlsAcceptor::from(config);
            let mut told = Vec::new();
            for _ in 0..2 {
                let (stream, _) = listener.accept().await.unwrap();
                if let Ok(stream) = acceptor.accept(stream).await {
                    told.push(serve(stream, "HTTP/1.1 500 No\r\ncontent-length: 7\r\n\r\nno disk").await);
                }
            }
            told
        });
        let stranger = ended(Some(post(&uri, Some(RootCertStore::empty())).await), LIMIT);
        assert!(!stranger.ok && stranger.said.starts_with("the TLS handshake failed: "), "{stranger:?}");
        let mut roots = RootCertStore::empty();
        roots.add(certificate).unwrap();
        let answered = ended(Some(post(&uri, Some(roots)).await), LIMIT);
        assert_eq!((answered.ok, answered.said.as_str(), answered.output.as_str()), (false, "HTTP 500", "no disk"));
        let told = server.join_next().await.unwrap().unwrap();
        let [told] = told.iter().filter(|told| !told.is_empty()).collect::<Vec<_>>()[..] else { panic!("{told:?}") };
        assert!(told.starts_with("POST /up HTTP/1.1\r\n"), "{told}");
    }

    #[tokio::test]
    async fn one_that_does_not_answer_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri: Uri = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let ended = call(&uri, Duration::from_millis(1)).await;
        assert!(!ended.ok && ended.said.starts_with("did not answer within"), "{ended:?}");
    }
}
