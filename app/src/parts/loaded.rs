//! Which parts are there already.

use std::sync::{Arc, PoisonError, RwLock};

use super::{Part, Show, of_groups, of_the_past, of_the_rest};

/// The parts that are there already.
#[derive(Clone, Default)]
pub(crate) struct Loaded(Arc<RwLock<Vec<(Part, Show)>>>);

/// A part could not be loaded.
pub(crate) struct Missing;

impl Loaded {
    /// Loads what is not there yet; an error where the server does not have it, after an update say.
    pub(crate) async fn load(&self, parts: &[Part]) -> Result<(), Missing> {
        for part in parts {
            if self.find(*part).is_none() {
                let show = match part {
                    Part::Group => of_groups().await?,
                    Part::Past => of_the_past().await?,
                    Part::Rest => of_the_rest().await?,
                };
                self.0.write().unwrap_or_else(PoisonError::into_inner).push((*part, show));
            }
        }
        Ok(())
    }

    pub(super) fn find(&self, part: Part) -> Option<Show> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(known, _)| *known == part).map(|(_, show)| *show)
    }
}

impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}
