//! What became of standbys, as sentences.

use domain::{PromotionCause, Standby, StandbyStage, StarterRun};

use crate::text::Text;

/// A target is a standby, or serves again as the others do.
pub(super) fn role(standby: Option<&Standby>, text: &Text) -> String {
    let words = text.standby();
    standby.map_or_else(|| words.active.to_owned(), |standby| (words.tier)(standby.tier).to_owned())
}

/// A promotion goes on or ends. What a starter wrote is on the page of the target.
pub(super) fn moved(stage: StandbyStage, standby: &Standby, text: &Text) -> String {
    let words = text.standby();
    let told = |run: &StarterRun| format!(" · {} · {}", run.said, (text.span)(run.took_ms));
    let said = standby.last_run.as_ref().map(told).unwrap_or_default();
    match stage {
        StandbyStage::Started => {
            let is_asked = standby.promotion.is_some_and(|promotion| promotion.cause == PromotionCause::Person);
            (if is_asked { words.promotion_asked } else { words.promotion_needed }).to_owned()
        }
        StandbyStage::StarterFinished => format!("{}{said}", words.starter_finished),
        StandbyStage::BroughtIn => words.brought_in.to_owned(),
        StandbyStage::FellBack => words.fell_back.to_owned(),
        StandbyStage::Failed => format!("{}{said}", words.failed),
        StandbyStage::Stopping => words.stopping.to_owned(),
        StandbyStage::Stopped => {
            let run = standby.last_stop.as_ref();
            let verb = if run.is_some_and(|run| run.ok) { words.stopped } else { words.not_stopped };
            format!("{verb}{}", run.map(told).unwrap_or_default())
        }
        StandbyStage::Calm => words.calm.to_owned(),
    }
}
