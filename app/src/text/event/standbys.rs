//! What became of standbys, as sentences.

use domain::{PromotionCause, Standby, StandbyStage, StarterRun};

use crate::text::Text;

/// A target is a standby, or serves again as the others do.
pub(super) fn role(standby: Option<&Standby>, text: &Text) -> String {
    match standby {
        Some(standby) => text.standby_one(|words| words.tier)(standby.tier).to_owned(),
        None => text.standby_one(|words| words.active).to_owned(),
    }
}

/// A promotion goes on or ends. What a starter wrote is on the page of the target.
pub(super) fn moved(stage: StandbyStage, standby: &Standby, text: &Text) -> String {
    let told = |run: &StarterRun| format!(" · {} · {}", run.said, (text.span)(run.took_ms));
    let said = standby.last_run.as_ref().map(told).unwrap_or_default();
    match stage {
        StandbyStage::Started => {
            match standby.promotion.is_some_and(|promotion| promotion.cause == PromotionCause::Person) {
                true => text.standby_one(|words| words.promotion_asked).to_owned(),
                false => text.standby_one(|words| words.promotion_needed).to_owned(),
            }
        }
        StandbyStage::StarterFinished => format!("{}{said}", text.standby_one(|words| words.starter_finished)),
        StandbyStage::BroughtIn => text.standby_one(|words| words.brought_in).to_owned(),
        StandbyStage::FellBack => text.standby_one(|words| words.fell_back).to_owned(),
        StandbyStage::Failed => format!("{}{said}", text.standby_one(|words| words.failed)),
        StandbyStage::Stopping => text.standby_one(|words| words.stopping).to_owned(),
        StandbyStage::Stopped => {
            let run = standby.last_stop.as_ref();
            let verb = match run.is_some_and(|run| run.ok) {
                true => text.standby_one(|words| words.stopped),
                false => text.standby_one(|words| words.not_stopped),
            };
            format!("{verb}{}", run.map(told).unwrap_or_default())
        }
        StandbyStage::Calm => text.standby_one(|words| words.calm).to_owned(),
    }
}
