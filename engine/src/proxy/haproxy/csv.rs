//! Comma-separated values as `show stat` writes them: a header, and quotes where a value has a comma in it.

use std::borrow::Cow;

/// A table whose columns are found by their names: new versions put new ones in.
#[derive(Debug)]
pub(super) struct Table<'a> {
    names: Vec<Cow<'a, str>>,
    rows: Vec<Vec<Cow<'a, str>>>,
}

/// One row of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    names: &'a [Cow<'a, str>],
    values: &'a [Cow<'a, str>],
}

impl<'a> Table<'a> {
    /// None if `text` does not begin with `# `.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut rest = text.trim_start().strip_prefix("# ")?;
        let names = record(&mut rest)?;
        let mut rows = Vec::new();
        while let Some(row) = record(&mut rest) {
            rows.push(row);
        }
        Some(Self { names, rows })
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row { names: &self.names, values })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }
}

impl<'a> Row<'a> {
    /// The value in a column; none if there is no such column or nothing in it.
    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        let at = self.names.iter().position(|known| known == name)?;
        self.values.get(at).map(AsRef::as_ref).filter(|value| !value.is_empty())
    }

    /// The number in a column.
    pub(super) fn number(self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }
}

/// Takes one line off `rest`; none at the end, which is an empty line too.
fn record<'a>(rest: &mut &'a str) -> Option<Vec<Cow<'a, str>>> {
    if rest.is_empty() || rest.starts_with('\n') {
        return None;
    }
    let mut values = Vec::new();
    loop {
        values.push(value(rest));
        match rest.chars().next() {
            Some(',') => *rest = &rest[1..],
            Some('\n') => {
                *rest = &rest[1..];
                return Some(values);
            }
            _ => return Some(values),
        }
    }
}

/// Takes one value off `rest`, up to a comma, a line feed or the end.
fn value<'a>(rest: &mut &'a str) -> Cow<'a, str> {
    let Some(mut quoted) = rest.strip_prefix('"') else {
        let (value, after) = rest.split_at(rest.find([',', '\n']).unwrap_or(rest.len()));
        *rest = after;
        return Cow::Borrowed(value.trim_end_matches('\r'));
    };
    let mut value = String::new();
    loop {
        let end = quoted.find('"').unwrap_or(quoted.len());
        value.push_str(&quoted[..end]);
        quoted = quoted.get(end + 1..).unwrap_or_default();
        let Some(after) = quoted.strip_prefix('"') else { break };
        value.push('"');
        quoted = after;
    }
    // Nothing belongs between the closing quote and the comma.
    *rest = &quoted[quoted.find([',', '\n']).unwrap_or(quoted.len())..];
    Cow::Owned(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_by_their_names() {
        let table = Table::read("# a,b,last,\n1,,\"x, \"\"y\"\"\nz\",\n2,3\n\nrest").unwrap();
        let rows: Vec<Row<'_>> = table.rows().collect();
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (rows[0].number("a"), rows[0].text("b"), rows[0].text("last")),
            (Some(1), None, Some("x, \"y\"\nz"))
        );
        assert_eq!((rows[1].number("b"), rows[1].text("last"), rows[1].text("none")), (Some(3), None, None));
        assert!(table.has("last") && !table.has("first"));
    }

    proptest! {
        #[test]
        fn any_text_ends(text in "# ([,\"\na]|é){0,60}") {
            if let Some(table) = Table::read(&text) {
                table.rows().for_each(|row| { row.text("a"); });
            }
        }
    }
}
