//! Reads what the server says.

use std::fmt::{self, Display};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value, map};

/// Reads JSON.
///
/// The text is taken in whole, and each type is then read from that in one way: a structure by asking for its fields in
/// their order. What serde_json does instead, which is to take fields as they come, or as a list, and say what is wrong
/// with each, would be most of the browser's program.
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, Unreadable> {
    T::deserialize(Told(serde_json::from_str(json).map_err(|_| Unreadable)?))
}

/// What the server said is not what was to be read: it is of another build, say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is not as it should be")
    }
}

impl std::error::Error for Unreadable {}

/// Nothing is said of what is wrong, so that nothing of it has to be put into words.
impl Error for Unreadable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// What was taken in.
struct Told(Value);

impl Told {
    /// Numbers that are keys of a map are texts.
    fn whole<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let (whole, or_negative) = match &self.0 {
            Value::Number(number) => (number.as_u64(), number.as_i64()),
            Value::String(text) => (text.parse().ok(), None),
            _ => (None, None),
        };
        match (whole, or_negative) {
            (Some(number), _) => visitor.visit_u64(number),
            (None, Some(number)) => visitor.visit_i64(number),
            (None, None) => Err(Unreadable),
        }
    }

    fn float<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_f64(self.0.as_f64().ok_or(Unreadable)?)
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            _ => Err(Unreadable),
        }
    }

    fn list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            _ => Err(Unreadable),
        }
    }
}

macro_rules! read_as {
    ($($way:ident: $($method:ident)+;)+) => {
        $($(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            self.$way(visitor)
        })+)+
    };
}

impl<'de> Deserializer<'de> for Told {
    type Error = Unreadable;

    read_as! {
        whole: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64;
        float: deserialize_f32 deserialize_f64;
        text: deserialize_str deserialize_string;
        list: deserialize_seq;
    }

    forward_to_deserialize_any! { char bytes byte_buf }

    /// For what has to see it before it knows what it is. That is never a list.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(bool) => visitor.visit_bool(bool),
            Value::Number(_) => self.whole(visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(_) => Err(Unreadable),
            Value::Object(entries) => visitor.visit_map(Entries::of(entries)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    /// What an older build does not know.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_str(self.0.as_str().ok_or(Unreadable)?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.list(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Object(entries) => visitor.visit_map(Entries::of(entries)),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Object(entries) => visitor.visit_seq(Fields { entries, names }),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Variant { name, content: Value::Null }),
            Value::Object(entries) => match entries.into_iter().next() {
                Some((name, content)) => visitor.visit_enum(Variant { name, content }),
                None => Err(Unreadable),
            },
            _ => Err(Unreadable),
        }
    }
}

/// A structure: its fields in the order in which they are asked for.
struct Fields {
    entries: Map<String, Value>,
    names: &'static [&'static str],
}

impl Fields {
    /// A field that is absent has its default. What stands beside a tag is absent where there is nothing to say.
    fn next(&mut self) -> Option<Told> {
        let is_beside_a_tag = matches!(self.names, [_]) && self.entries.contains_key("is");
        let (name, rest) = self.names.split_first()?;
        self.names = rest;
        let value = self.entries.get_mut(*name).map(Value::take);
        value.or_else(|| is_beside_a_tag.then_some(Value::Null)).map(Told)
    }
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.next().map(|told| seed.deserialize(told)).transpose()
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Told(item))).transpose()
    }
}

struct Entries {
    entries: map::IntoIter,
    value: Value,
}

impl Entries {
    fn of(entries: Map<String, Value>) -> Self {
        Self { entries: entries.into_iter(), value: Value::Null }
    }

    fn next(&mut self) -> Option<Told> {
        let (key, value) = self.entries.next()?;
        self.value = value;
        Some(Told(Value::String(key)))
    }
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        self.next().map(|key| seed.deserialize(key)).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(Told(self.value.take()))
    }
}

struct Variant {
    name: String,
    content: Value,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Unreadable;
    type Variant = Told;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Told), Unreadable> {
        let name = Told(Value::String(self.name));
        Ok((seed.deserialize(name)?, Told(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Told {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.list(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_struct("", names, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case", tag = "is", content = "with")]
    enum Shape {
        None,
        Round { radius: f64 },
        Many(Vec<i32>),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Drawing {
        name: String,
        #[serde(default)]
        layer: u8,
        shapes: Vec<Shape>,
        notes: BTreeMap<u8, Option<bool>>,
    }

    #[test]
    fn fields_come_in_any_order_and_may_have_a_default() {
        let json = r#"{
            "notes": {"7": true, "10": null},
            "shapes": [{"is": "none"}, {"with": {"radius": 1, "more": [0.5]}, "is": "round"}, {"is": "many", "with": [-2, 3]}],
            "more": "of a newer build", "name": "웹"
        }"#;
        let shapes = vec![Shape::None, Shape::Round { radius: 1.0 }, Shape::Many(vec![-2, 3])];
        let notes = BTreeMap::from([(7, Some(true)), (10, None)]);
        assert_eq!(read(json), Ok(Drawing { name: "웹".to_owned(), layer: 0, shapes, notes }));
    }

    #[test]
    fn what_is_not_as_it_should_be_is_refused() {
        for json in ["", "[]", "{}", r#"{"name":1,"shapes":[],"notes":{}}"#, r#"{"name":"","shapes":{},"notes":{}}"#] {
            assert_eq!(read::<Drawing>(json), Err(Unreadable), "{json}");
        }
        assert_eq!(read::<Vec<u8>>("[256]"), Err(Unreadable));
        assert_eq!(read::<Shape>(r#"{"is":"square"}"#), Err(Unreadable));
        assert_eq!(read::<Shape>(r#"{"is":"many"}"#), Err(Unreadable));
    }
}
