//! Which readers of the stream are told the same.

use app::Language;
use domain::{EventKind, Scope, is_seen_at_a_glance};

use crate::http::query::Query;

/// What all readers of one press are told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Edition {
    /// Events, for pages that hold a board.
    Board(Scope),
    /// What happened in the reader's language, and all groups at a glance.
    Overview(Language),
    /// What happened in the reader's language, for pages that show no groups.
    Events(Language),
}

impl Edition {
    /// The one that a reader asks for.
    pub(super) fn asked(query: &mut Query) -> Self {
        let group = query.take("group").and_then(|name| name.parse().ok());
        let language = if query.take("in").as_deref() == Some("ko") { Language::Ko } else { Language::En };
        match (group, query.take("of").as_deref()) {
            (Some(group), _) => Self::Board(Scope::Group(group)),
            (None, Some("overview")) => Self::Overview(language),
            (None, Some("events")) => Self::Events(language),
            (None, _) => Self::Board(Scope::Everything),
        }
    }

    /// Whether readers are told an event at once; `is_news` as [`domain::Board::is_news`] says.
    pub(super) fn tells(&self, kind: &EventKind, is_news: bool) -> bool {
        match self {
            Self::Board(scope) => scope.tells(kind, is_news),
            Self::Overview(_) | Self::Events(_) => is_seen_at_a_glance(kind, is_news),
        }
    }
}
