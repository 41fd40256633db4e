//! `/api/v1/disagreements`: where we say one thing of a target and a proxy another.

use axum::Json;
use axum::extract::State;

use super::view::List;
use super::view::admission::DisagreementView;
use crate::http::Site;
use crate::http::limits::PAGE_MAX;
use crate::http::problem::Problem;
use crate::http::query::Query;

/// All disagreements, group by group.
pub(crate) async fn list(State(site): State<Site>, mut query: Query) -> Result<Json<List<DisagreementView>>, Problem> {
    let page = query.page(PAGE_MAX);
    query.finish()?;
    let mut items = site.disagreements();
    // Places are cursors, so the list is in their order.
    items.sort_by_cached_key(DisagreementView::place);
    if let Some(after) = page.cursor {
        items.retain(|found| found.place() > after);
    }
    Ok(Json(List::page(items, page.limit, DisagreementView::place)))
}

impl Site {
    fn disagreements(&self) -> Vec<DisagreementView> {
        self.engine.with_board(|board| {
            let found = board.disagreements().into_iter();
            let shown = found.filter_map(|found| {
                let group = board.groups.get(found.group)?;
                Some(DisagreementView::new(&found, &group.group))
            });
            shown.collect()
        })
    }
}
