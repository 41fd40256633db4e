//! Enums whose content stands beside their tag: `{"is": "off", "since": 1}`.

/// Reads such an enum as one structure that has the fields of all variants. serde would take all of it in before it knew
/// the variant, and so compile what is in it twice, which is much in a browser. What has `= value` may be absent.
macro_rules! read_tagged {
    (
        $Type:ident { $($Variant:ident { $($field:ident),* })+ }
        with { $($all:ident: $Field:ty $(= $default:expr)?),+ }
    ) => {
        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(rename_all = "snake_case")]
                enum Is {
                    $($Variant),+
                }
                #[derive(serde::Deserialize)]
                struct Told {
                    is: Is,
                    $(#[serde(default)]
                    $all: Option<$Field>,)+
                }
                let told = Told::deserialize(deserializer)?;
                $($(let told = Told { $all: told.$all.or(Some($default)), ..told };)?)+
                let missing = <D::Error as serde::de::Error>::missing_field;
                Ok(match told.is {
                    $(Is::$Variant => Self::$Variant {
                        $($field: told.$field.ok_or_else(|| missing(stringify!($field)))?),*
                    },)+
                })
            }
        }
    };
}

pub(crate) use read_tagged;

#[cfg(test)]
mod tests {
    use crate::{Answer, Failure, Health, Link, Recording, Sentinel, StoreFault, Timestamp};
    use serde::{Serialize, de::DeserializeOwned};

    fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, json: &str) {
        assert_eq!(serde_json::to_string(value).unwrap(), json);
        assert_eq!(&serde_json::from_str::<T>(json).unwrap(), value);
    }

    #[test]
    fn what_is_written_is_read() {
        check(&Health::Healthy { fails: 2 }, r#"{"is":"healthy","fails":2}"#);
        let cause = Failure::ConnectionRefused;
        check(
            &Health::Unhealthy { passes: 1, cause },
            r#"{"is":"unhealthy","passes":1,"cause":{"is":"connection_refused"}}"#,
        );
        check(&Recording::On, r#"{"is":"on"}"#);
        let since = Timestamp::from_millis(5);
        check(&Recording::Off { since, why: StoreFault::Full }, r#"{"is":"off","since":5,"why":"full"}"#);
        check(&Link::Untried, r#"{"is":"untried"}"#);
        check(&Sentinel::NoRoom { max: 9, until: since }, r#"{"is":"no_room","max":9,"until":5}"#);
    }

    #[test]
    fn what_is_missing_is_missed_unless_it_may_be() {
        assert!(serde_json::from_str::<Health>(r#"{"is":"healthy"}"#).is_err());
        let failed: Answer = serde_json::from_str(r#"{"is":"failed","why":"no"}"#).unwrap();
        assert_eq!(failed, Answer::Failed { why: "no".to_owned(), again: false });
    }
}
