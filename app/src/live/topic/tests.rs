//! A look redraws the rows of what it is about, and nothing else.

use domain::{
    BackendView, Binding, BindingId, EventNumber, GroupDraft, Label, Mode, Protocol, Proxy, ProxyKind, ServerView,
    Target, Timestamp,
};

use super::*;

fn event(number: u64, kind: EventKind) -> Event {
    Event { number: EventNumber(number), at: Timestamp::from_millis(0), by: None, why: None, kind }
}

fn server(name: &str, port: u16, sessions: u64) -> ServerView {
    let address = Some(format!("10.0.0.1:{port}"));
    ServerView { name: name.to_owned(), address, sessions: Some(sessions), is_up: Some(true), ..ServerView::default() }
}

fn look(servers: Vec<ServerView>) -> EventKind {
    EventKind::ProxyLooked {
        proxy: "edge".parse().unwrap(),
        version: "3.0".to_owned(),
        instance: "1".to_owned(),
        warnings: Vec::new(),
        order: vec!["web".to_owned()],
        changed: vec![BackendView { name: "web".to_owned(), servers }],
    }
}

fn board() -> (Board, [TargetId; 2]) {
    let mut board = Board::default();
    let name: GroupName = "shop".parse().unwrap();
    let group = GroupDraft { name: "shop".to_owned(), ..GroupDraft::default_for(Protocol::Tcp) }.validate().unwrap();
    let ids = [1_u128, 2].map(|n| format!("{n:032x}").parse::<TargetId>().unwrap());
    let target = |id, port| {
        let host = "10.0.0.1".parse().unwrap();
        EventKind::TargetRegistered(Target { id, group: name.clone(), label: Label::new(""), host, port })
    };
    let proxy =
        Proxy { name: "edge".parse().unwrap(), kind: ProxyKind::Haproxy, address: "unix:/run/a.sock".parse().unwrap() };
    let binding = Binding {
        id: format!("{:032x}", 9).parse::<BindingId>().unwrap(),
        proxy: proxy.name.clone(),
        backend: "web".to_owned(),
        group: name.clone(),
        mode: Mode::ByHand,
        changes_per_minute: 3,
        cut_unhealthy: false,
    };
    let kinds = [
        EventKind::GroupCreated(group),
        target(ids[0], 81),
        target(ids[1], 82),
        EventKind::ProxyCreated(proxy),
        EventKind::ProxyBound(binding),
        look(vec![server("a", 81, 5), server("b", 82, 5)]),
    ];
    for (number, kind) in (1..).zip(kinds) {
        board.apply(&event(number, kind)).unwrap();
    }
    (board, ids)
}

fn topics(kind: EventKind) -> HashSet<Topic> {
    let (board, _) = board();
    let mut topics = HashSet::new();
    of(&event(board.number.0 + 1, kind), &board, &mut topics);
    topics
}

#[test]
fn new_figures_touch_one_row_and_the_page_of_the_proxy() {
    let (_, ids) = board();
    let expected = HashSet::from([Topic::Proxy("edge".parse().unwrap()), Topic::Front(ids[1])]);
    assert_eq!(topics(look(vec![server("a", 81, 5), server("b", 82, 6)])), expected);
}

#[test]
fn a_server_that_goes_down_or_away_may_be_a_disagreement() {
    let down = ServerView { is_up: Some(false), ..server("b", 82, 5) };
    assert!(topics(look(vec![server("a", 81, 5), down])).contains(&Topic::Disputes));
    let (_, ids) = board();
    let gone = topics(look(vec![server("a", 81, 5)]));
    assert!(gone.contains(&Topic::Disputes) && gone.contains(&Topic::Front(ids[1])));
    assert!(!gone.contains(&Topic::Front(ids[0])));
}
