//! A small DNS server whose answers a test decides.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the server says about a name.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// These addresses (of the family asked for; none of it is an empty answer), with this TTL.
    Addresses(Vec<IpAddr>, u32),
    /// It is another name's.
    Alias(String),
    /// An error code.
    Code(u8),
    /// Nothing at all.
    Silence,
}

pub(crate) const FORMERR: u8 = 1;
pub(crate) const SERVFAIL: u8 = 2;
pub(crate) const NXDOMAIN: u8 = 3;
pub(crate) const REFUSED: u8 = 5;

const A: u16 = 1;
const CNAME: u16 = 5;
const AAAA: u16 = 28;
/// A longer answer is cut in UDP, and asked again in TCP.
const UDP_MAX: usize = 1232;

type Answers = dyn Fn(&str, u16) -> Reply + Send + Sync;

/// A running server, on UDP and TCP.
pub(crate) struct DnsServer {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl DnsServer {
    /// Answers by `answers(name, type)`.
    pub(crate) fn new(answers: impl Fn(&str, u16) -> Reply + Send + Sync + 'static) -> Self {
        let (udp, tcp) = same_port();
        let (answers, asked): (Arc<Answers>, _) = (Arc::new(answers), Arc::new(Mutex::new(Vec::new())));
        let address = udp.local_addr().unwrap();
        let (on_udp, log) = (Arc::clone(&answers), Arc::clone(&asked));
        thread::spawn(move || serve_udp(&udp, &*on_udp, &log));
        thread::spawn(move || serve_tcp(&tcp, &*answers));
        Self { address, asked }
    }

    /// One reply for whatever is asked.
    pub(crate) fn always(reply: Reply) -> Self {
        Self::new(move |_, _| reply.clone())
    }

    /// The replies can be changed while it runs.
    pub(crate) fn changeable(first: Reply) -> (Self, Arc<Mutex<Reply>>) {
        let reply = Arc::new(Mutex::new(first));
        let now = Arc::clone(&reply);
        (Self::new(move |_, _| now.lock().unwrap().clone()), reply)
    }

    /// The names asked for so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Whether `family` is that of IPv6.
pub(crate) fn is_v6(family: u16) -> bool {
    family == AAAA
}

fn same_port() -> (UdpSocket, TcpListener) {
    let pairs = (0..100).map(|_| {
        let udp = UdpSocket::bind("127.0.0.1:0")?;
        let tcp = TcpListener::bind(udp.local_addr()?)?;
        Ok::<_, std::io::Error>((udp, tcp))
    });
    pairs.flatten().next().expect("a port that is free in UDP and in TCP")
}

fn serve_udp(socket: &UdpSocket, answers: &Answers, log: &Mutex<Vec<String>>) {
    let mut buffer = [0; 4096];
    while let Ok((length, peer)) = socket.recv_from(&mut buffer) {
        let query = Query::parse(&buffer[..length]);
        log.lock().unwrap().push(query.name.clone());
        if let Some(mut answer) = query.answer(answers) {
            if answer.len() > UDP_MAX {
                answer.truncate(query.question_end);
                answer[2] |= 0x02;
                answer[6..8].copy_from_slice(&[0, 0]);
            }
            let _ = socket.send_to(&answer, peer);
        }
    }
}

fn serve_tcp(listener: &TcpListener, answers: &Answers) {
    for mut stream in listener.incoming().flatten() {
        let mut length = [0; 2];
        while stream.read_exact(&mut length).is_ok() {
            let mut message = vec![0; u16::from_be_bytes(length).into()];
            stream.read_exact(&mut message).unwrap();
            if let Some(answer) = Query::parse(&message).answer(answers) {
                let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
                stream.write_all(&[&length, answer.as_slice()].concat()).unwrap();
            }
        }
    }
}

struct Query {
    /// Header and question, as they came.
    begin: Vec<u8>,
    question_end: usize,
    name: String,
    family: u16,
}

impl Query {
    fn parse(message: &[u8]) -> Self {
        let (mut at, mut labels) = (12, Vec::new());
        while message[at] != 0 {
            let end = at + 1 + usize::from(message[at]);
            labels.push(String::from_utf8(message[at + 1..end].to_vec()).unwrap());
            at = end;
        }
        let family = u16::from_be_bytes([message[at + 1], message[at + 2]]);
        let question_end = at + 5;
        Self { begin: message[..question_end].to_vec(), question_end, name: labels.join("."), family }
    }

    fn answer(&self, answers: &Answers) -> Option<Vec<u8>> {
        let (code, records) = match answers(&self.name, self.family) {
            Reply::Silence => return None,
            Reply::Code(code) => (code, Vec::new()),
            Reply::Alias(name) => (0, vec![record(CNAME, 60, &name_bytes(&name))]),
            Reply::Addresses(addresses, ttl) => (0, self.records(&addresses, ttl)),
        };
        let mut answer = self.begin.clone();
        answer[2..4].copy_from_slice(&[0x81, 0x80 | code]);
        answer[6..8].copy_from_slice(&u16::try_from(records.len()).unwrap().to_be_bytes());
        answer[8..12].fill(0);
        answer.extend(records.concat());
        Some(answer)
    }

    fn records(&self, addresses: &[IpAddr], ttl: u32) -> Vec<Vec<u8>> {
        let of_family = addresses.iter().filter_map(|ip| match ip {
            IpAddr::V4(v4) if self.family == A => Some(v4.octets().to_vec()),
            IpAddr::V6(v6) if self.family == AAAA => Some(v6.octets().to_vec()),
            _ => None,
        });
        of_family.map(|data| record(self.family, ttl, &data)).collect()
    }
}

/// A record for the name in the question.
fn record(kind: u16, ttl: u32, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    let (kind, class, ttl, length) = (kind.to_be_bytes(), [0, 1], ttl.to_be_bytes(), length.to_be_bytes());
    [&[0xc0, 0x0c], kind.as_slice(), &class, &ttl, &length, data].concat()
}

fn name_bytes(name: &str) -> Vec<u8> {
    let labels = name.split('.').flat_map(|label| {
        let length = u8::try_from(label.len()).unwrap();
        [&[length], label.as_bytes()].concat()
    });
    labels.chain([0]).collect()
}
