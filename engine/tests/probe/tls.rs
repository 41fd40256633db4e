//! TLS: row 7 of the table of faults.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, mpsc};

use domain::{CertificateFault, Check, Failure, Outcome, Protocol, TlsAlert, TlsFault};
use engine::probe::{NameServers, Prober, ProberSettings, TrustedRoots};
use futures_util::future::join_all;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig, ServerConnection};

use crate::dns_server::{DnsServer, Reply};
use crate::sockets::assert_none_leading_to;
use crate::target::{Target, hold, read_request};
use crate::world::{check, impatient, in_time, malformed, observe, prober_with, timed_out};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nready";

/// An authority of our own, and the certificates that it issues.
struct Authority(CertifiedIssuer<'static, KeyPair>);

struct Certificate {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn issue(&self, names: &[&str], change: impl Fn(&mut CertificateParams)) -> Certificate {
        let key = KeyPair::generate().unwrap();
        let certificate = params(names, change).signed_by(&key, &self.0).unwrap();
        Certificate { chain: vec![certificate.der().clone()], key: private(&key) }
    }

    fn prober(&self) -> Prober {
        self.prober_asking(NameServers::These(Vec::new()))
    }

    fn prober_asking(&self, name_servers: NameServers) -> Prober {
        let trusted_roots = TrustedRoots::These(vec![self.0.der().clone()]);
        prober_with(ProberSettings { name_servers, trusted_roots })
    }
}

fn params(names: &[&str], change: impl Fn(&mut CertificateParams)) -> CertificateParams {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    change(&mut params);
    params
}

fn self_signed(is_ca: IsCa) -> Certificate {
    let key = KeyPair::generate().unwrap();
    let certificate = params(&["127.0.0.1"], |params| params.is_ca = is_ca).self_signed(&key).unwrap();
    Certificate { chain: vec![certificate.der().clone()], key: private(&key) }
}

fn private(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(key.serialize_der()).into()
}

fn config(certificate: Certificate) -> ServerConfig {
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    builder.with_single_cert(certificate.chain, certificate.key).unwrap()
}

/// Serves one answer to each connection and tells the names asked for (SNI).
fn serve(config: ServerConfig) -> (Target, mpsc::Receiver<Option<String>>) {
    let (config, (tell, told)) = (Arc::new(config), mpsc::channel());
    let tell = Mutex::new(tell);
    let target = Target::new(move |mut tcp: TcpStream| {
        let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = rustls::Stream::new(&mut tls, &mut tcp);
        read_request(&mut stream);
        let _ = stream.write_all(OK);
        let _ = tell.lock().unwrap().send(tls.server_name().map(str::to_owned));
        hold(tcp);
    });
    (target, told)
}

fn https() -> Check {
    check(Protocol::Https)
}

fn unverified() -> Check {
    Check { tls_verify: false, ..https() }
}

async fn outcome(prober: &Prober, check: &Check, certificate: Certificate) -> Outcome {
    let (target, _told) = serve(config(certificate));
    let seen = observe(prober, check, "127.0.0.1", target.address.port()).await;
    assert_none_leading_to(target.address.port());
    seen.outcome
}

fn tls(fault: TlsFault) -> Outcome {
    Outcome::Fail(Failure::Tls(fault))
}

#[tokio::test]
async fn a_good_certificate_passes_and_an_address_is_no_server_name() {
    let authority = Authority::new("ours");
    let (target, told) = serve(config(authority.issue(&["127.0.0.1"], |_| {})));
    let check = Check { body_contains: Some("ready".to_owned()), ..https() };
    let seen = observe(&authority.prober(), &check, "127.0.0.1", target.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Pass);
    assert!(seen.phases.tls.is_some() && seen.phases.first_byte.is_some());
    assert_eq!(told.recv().unwrap(), None);
    assert_none_leading_to(target.address.port());
}

#[tokio::test]
async fn the_server_name_may_be_another_than_the_host() {
    let authority = Authority::new("ours");
    let (target, told) = serve(config(authority.issue(&["*.shop.example"], |_| {})));
    let named = Check { server_name: Some("a.shop.example".parse().unwrap()), ..https() };
    let seen = observe(&authority.prober(), &named, "127.0.0.1", target.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Pass);
    assert_eq!(told.recv().unwrap().as_deref(), Some("a.shop.example"));

    let by_header = Check { host: Some("b.shop.example:8443".parse().unwrap()), ..https() };
    let seen = observe(&authority.prober(), &by_header, "127.0.0.1", target.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Pass);
    assert_eq!(told.recv().unwrap().as_deref(), Some("b.shop.example"));
}

#[tokio::test]
async fn a_dns_name_is_its_own_server_name() {
    let authority = Authority::new("ours");
    let dns = DnsServer::always(Reply::Addresses(vec!["127.0.0.1".parse().unwrap()], 60));
    let prober = authority.prober_asking(NameServers::These(vec![dns.address]));
    let (target, told) = serve(config(authority.issue(&["shop.example"], |_| {})));
    let seen = observe(&prober, &https(), "shop.example", target.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Pass);
    assert!(seen.phases.dns.is_some() && seen.phases.tls.is_some());
    assert_eq!(told.recv().unwrap().as_deref(), Some("shop.example"));
}

#[tokio::test]
async fn the_time_of_a_certificate_is_told() {
    let authority = Authority::new("ours");
    let expired = authority.issue(&["127.0.0.1"], |params| {
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 2, 3));
    });
    let fault = TlsFault::Expired("2021-02-03T00:00:00Z".parse().unwrap());
    assert_eq!(outcome(&authority.prober(), &https(), expired).await, tls(fault));

    let early = authority.issue(&["127.0.0.1"], |params| params.not_before = date_time_ymd(3000, 1, 1));
    let fault = TlsFault::NotYetValid("3000-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(outcome(&authority.prober(), &https(), early).await, tls(fault));
}

#[tokio::test]
async fn the_names_of_a_certificate_are_told() {
    let authority = Authority::new("ours");
    let other = authority.issue(&["other.example", "10.0.0.9"], |_| {});
    let fault = TlsFault::WrongName { wanted: "127.0.0.1".to_owned(), presented: "other.example, 10.0.0.9".to_owned() };
    assert_eq!(outcome(&authority.prober(), &https(), other).await, tls(fault));
}

#[tokio::test]
async fn certificates_that_nobody_vouches_for_are_told() {
    let prober = Authority::new("ours").prober();
    assert_eq!(outcome(&prober, &https(), self_signed(IsCa::NoCa)).await, tls(TlsFault::UnknownIssuer));
    let stranger = Authority::new("a stranger").issue(&["127.0.0.1"], |_| {});
    assert_eq!(outcome(&prober, &https(), stranger).await, tls(TlsFault::UnknownIssuer));

    let namesake = Authority::new("ours").issue(&["127.0.0.1"], |_| {});
    let fault = TlsFault::Certificate(CertificateFault::Signature);
    assert_eq!(outcome(&prober, &https(), namesake).await, tls(fault));

    let as_openssl_makes_them = self_signed(IsCa::Ca(BasicConstraints::Unconstrained));
    let seen = outcome(&prober, &https(), as_openssl_makes_them).await;
    let told = seen.detail().unwrap();
    assert!(told.contains("self-signed"), "{told}");
}

#[tokio::test]
async fn without_verification_any_certificate_passes() {
    let authority = Authority::new("ours");
    let prober = authority.prober();
    assert_eq!(outcome(&prober, &unverified(), self_signed(IsCa::NoCa)).await, Outcome::Pass);
    assert_eq!(outcome(&prober, &unverified(), authority.issue(&["other.example"], |_| {})).await, Outcome::Pass);
    let expired = authority.issue(&["a.example"], |params| params.not_after = date_time_ymd(2021, 1, 1));
    assert_eq!(outcome(&prober, &unverified(), expired).await, Outcome::Pass);
}

#[tokio::test]
async fn a_self_signed_certificate_is_told_the_same_way_whatever_its_name() {
    let prober = Authority::new("ours").prober();
    for name in ["a machine", "ours"] {
        let key = KeyPair::generate().unwrap();
        let named = params(&["127.0.0.1"], |params| params.distinguished_name.push(DnType::CommonName, name));
        let chain = vec![named.self_signed(&key).unwrap().der().clone()];
        let seen = outcome(&prober, &https(), Certificate { chain, key: private(&key) }).await;
        assert_eq!(seen, tls(TlsFault::UnknownIssuer), "{name}");
    }
}

/// A server with a certificate of version 1, as old devices make them for themselves.
fn of_version_1(version: &'static rustls::SupportedProtocolVersion) -> ServerConfig {
    let chain = vec![CertificateDer::from(include_bytes!("version_1.der").as_slice())];
    let key = PrivatePkcs8KeyDer::from(include_bytes!("version_1.key.der").as_slice()).into();
    let key = ring::sign::any_supported_type(&key).unwrap();
    let certified = Arc::new(SingleCertAndKey::from(CertifiedKey::new(chain, key)));
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    builder.with_protocol_versions(&[version]).unwrap().with_no_client_auth().with_cert_resolver(certified)
}

#[tokio::test]
async fn a_certificate_of_version_1_passes_unverified_and_is_told_otherwise() {
    let prober = Authority::new("ours").prober();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let (target, _told) = serve(of_version_1(version));
        let port = target.address.port();
        assert_eq!(observe(&prober, &unverified(), "127.0.0.1", port).await.outcome, Outcome::Pass, "{version:?}");
        let verified = observe(&prober, &https(), "127.0.0.1", port).await.outcome;
        assert_eq!(verified, tls(TlsFault::Certificate(CertificateFault::Version1)), "{version:?}");
    }
}

#[tokio::test]
async fn a_port_that_speaks_something_else_is_told() {
    let prober = Authority::new("ours").prober();
    for banner in ["HTTP/1.1 400 Bad Request\r\n\r\n", "<html>400</html>", "SSH-2.0-OpenSSH\r\n", "\0\0\0\0\0\0"] {
        let target = Target::new(move |mut stream| {
            let _ = stream.write_all(banner.as_bytes());
            hold(stream);
        });
        let seen = observe(&prober, &https(), "127.0.0.1", target.address.port()).await;
        assert_eq!(seen.outcome, tls(TlsFault::NotTls), "{banner:?}");
    }
}

#[tokio::test]
async fn http_to_a_tls_port_is_told() {
    let authority = Authority::new("ours");
    let (target, _told) = serve(config(authority.issue(&["127.0.0.1"], |_| {})));
    let seen = observe(&authority.prober(), &check(Protocol::Http), "127.0.0.1", target.address.port()).await;
    // rustls closes without a word; servers that send an alert are told as speaking TLS.
    assert!(matches!(&seen.outcome, Outcome::Fail(_)), "{:?}", seen.outcome);
    let alerting = Target::answering([0x15, 3, 1, 0, 2, 2, 10]);
    let seen = observe(&authority.prober(), &check(Protocol::Http), "127.0.0.1", alerting.address.port()).await;
    assert!(malformed(&seen.outcome) && seen.outcome.detail().unwrap().contains("speaks TLS"));
}

/// Sends `answer` after the first bytes of the peer.
fn after_hello(answer: Vec<u8>) -> Target {
    Target::new(move |mut stream| {
        let _ = stream.read(&mut [0; 16_384]);
        let _ = stream.write_all(&answer);
        hold(stream);
    })
}

#[tokio::test]
async fn tls_1_0_is_not_spoken() {
    let prober = Authority::new("ours").prober();
    let protocol_version_alert = vec![0x15, 3, 1, 0, 2, 2, 70];
    let hello = [&[2, 0, 0, 38, 3, 1], [7; 32].as_slice(), &[0, 0, 0x2f, 0]].concat();
    let server_hello = [&[0x16, 3, 1, 0, 42], hello.as_slice()].concat();
    for answer in [protocol_version_alert, server_hello] {
        let seen = observe(&prober, &https(), "127.0.0.1", after_hello(answer).address.port()).await;
        assert_eq!(seen.outcome, tls(TlsFault::Incompatible));
    }
}

#[tokio::test]
async fn alerts_and_cut_handshakes_are_told() {
    let prober = Authority::new("ours").prober();
    let handshake_failure = after_hello(vec![0x15, 3, 3, 0, 2, 2, 40]);
    let seen = observe(&prober, &https(), "127.0.0.1", handshake_failure.address.port()).await;
    assert_eq!(seen.outcome, tls(TlsFault::Alert(TlsAlert::HandshakeFailure)));

    let closing = Target::new(|mut stream| {
        let _ = stream.read(&mut [0; 16_384]);
    });
    let seen = observe(&prober, &https(), "127.0.0.1", closing.address.port()).await;
    assert_eq!(seen.outcome, Outcome::Fail(Failure::ConnectionClosed));
}

#[tokio::test]
async fn a_target_that_wants_our_certificate_is_told() {
    let authority = Authority::new("ours");
    let certificate = authority.issue(&["127.0.0.1"], |_| {});
    let mut roots = RootCertStore::empty();
    roots.add(authority.0.der().clone()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = builder.with_client_cert_verifier(clients).with_single_cert(certificate.chain, certificate.key);
    let (target, _told) = serve(config.unwrap());
    let seen = observe(&authority.prober(), &https(), "127.0.0.1", target.address.port()).await;
    assert_eq!(seen.outcome, tls(TlsFault::Alert(TlsAlert::CertificateRequired)));
}

#[tokio::test]
async fn a_huge_chain_ends() {
    let authority = Authority::new("ours");
    let mut certificate = authority.issue(&["127.0.0.1"], |_| {});
    let again = certificate.chain[0].clone();
    certificate.chain.extend(std::iter::repeat_n(again, 300));
    let seen = outcome(&authority.prober(), &https(), certificate).await;
    assert_eq!(seen, tls(TlsFault::Certificate(CertificateFault::TooLong)));
}

#[tokio::test]
async fn silent_handshakes_time_out_and_hold_up_no_other() {
    let authority = Authority::new("ours");
    let prober = authority.prober();
    let silent = Target::new(hold);
    let (good, _told) = serve(config(authority.issue(&["127.0.0.1"], |_| {})));
    let (host, patient) = ("127.0.0.1".parse().unwrap(), https());
    let checks = (0..500).map(|_| prober.check(&patient, &host, silent.address.port()));
    let mut waiting = Box::pin(join_all(checks));
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("the silent handshakes end before anything else"),
        seen = observe(&prober, &patient, "127.0.0.1", good.address.port()) => assert_eq!(seen.outcome, Outcome::Pass),
    }
    drop(waiting);
    assert_none_leading_to(silent.address.port());
    let seen = in_time(observe(&prober, &impatient(https()), "127.0.0.1", silent.address.port())).await;
    assert_eq!(seen.outcome, timed_out());
}
