//! What only some pages show.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::{Error, Serializer};
use serde::{Deserialize, Serialize};

use crate::wire;

/// Something that only some pages show, as JSON in a text. It is read where it is shown, so that the reader is in that
/// part of the browser's program and not in the first. What cannot be read is as if it were absent.
#[derive(Clone, Debug)]
pub struct Later<T>(Arc<Told<T>>);

#[derive(Clone, Debug)]
struct Told<T> {
    json: String,
    read: OnceLock<T>,
}

impl<T> Later<T> {
    /// Something that was told apart.
    pub(crate) fn told(json: String) -> Self {
        Self(Arc::new(Told { json, read: OnceLock::new() }))
    }

    /// Whether nothing was told, which is known without reading.
    pub(crate) fn is_untold(&self) -> bool {
        self.0.json.is_empty() && self.0.read.get().is_none()
    }
}

impl<T: DeserializeOwned + Default + PartialEq> Later<T> {
    /// Whether it says no more than its absence.
    pub(crate) fn is_nothing(&self) -> bool {
        **self == T::default()
    }
}

impl<T: DeserializeOwned + Default> Later<T> {
    /// Whether it can be read, which it is then.
    pub(crate) fn can_be_read(&self) -> bool {
        let Told { json, read } = &*self.0;
        read.get().is_some() || wire::read(json).is_ok_and(|value| read.set(value).is_ok())
    }
}

impl<T: DeserializeOwned + Default + Clone> Later<T> {
    /// Changes it. What it was read from is let go.
    pub(crate) fn change<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R {
        let told = Arc::make_mut(&mut self.0);
        let mut value = told.read.take().unwrap_or_else(|| wire::read(&told.json).unwrap_or_default());
        let result = change(&mut value);
        *told = Told { json: String::new(), read: OnceLock::from(value) };
        result
    }
}

impl<T> Default for Later<T> {
    fn default() -> Self {
        Self(Arc::new(Told { json: String::new(), read: OnceLock::new() }))
    }
}

impl<T> From<T> for Later<T> {
    fn from(value: T) -> Self {
        Self(Arc::new(Told { json: String::new(), read: OnceLock::from(value) }))
    }
}

impl<T: DeserializeOwned + Default> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.read.get_or_init(|| wire::read(&self.0.json).unwrap_or_default())
    }
}

impl<T: DeserializeOwned + Default + PartialEq> PartialEq for Later<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Serialize + DeserializeOwned + Default> Serialize for Later<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(&**self).map_err(S::Error::custom)?)
    }
}

impl<'de, T> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::told(String::deserialize(deserializer)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_where_it_is_wanted() {
        let told = serde_json::to_string(&Later::from(vec![1, 2])).unwrap();
        assert_eq!(told, r#""[1,2]""#);
        let later: Later<Vec<u8>> = wire::read(&told).unwrap();
        assert!(later.0.read.get().is_none() && !later.is_untold());
        assert_eq!(later.len(), 2);
        assert_eq!(serde_json::to_string(&later).unwrap(), told);
    }

    #[test]
    fn it_is_changed_where_it_is_read() {
        let mut later: Later<Vec<u8>> = Later::told("[1,2]".to_owned());
        assert!(later.can_be_read() && !Later::<Vec<u8>>::told("{".to_owned()).can_be_read());
        let other = later.clone();
        later.change(|list| list.push(3));
        assert_eq!((later.len(), other.len()), (3, 2));
    }

    #[test]
    fn what_is_absent_or_odd_is_nothing() {
        let absent = Later::<Option<u8>>::default();
        assert!(absent.is_untold() && absent.is_nothing());
        let odd: Later<Option<u8>> = wire::read(r#""{""#).unwrap();
        assert!(!odd.is_untold() && odd.is_nothing());
        assert!(Later::from(None::<u8>).is_nothing());
    }
}
