//! Sessions and events as columns, for the page: numbers as arrays, words kept once. A row's place is its rank.

use hashbrown::HashMap;

use crate::report::{EventLine, Report, SessionSummary};

/// One column: a value a row.
#[derive(Debug, Clone, PartialEq)]
pub enum TableColumn {
    /// Numbers with fractions, and times in milliseconds.
    Real(Vec<f64>),
    /// Whole numbers; `u32::MAX` where there is none.
    Whole(Vec<u32>),
    /// Numbers of 64 bits.
    Long(Vec<u64>),
    /// Small ones: flags, severities (0 none to 3 high).
    Small(Vec<u8>),
    /// Text: the distinct words in order of first use, and the place of each row's word among them.
    Text(Vec<String>, Vec<u32>),
    /// Several words a row: the distinct words, where each row ends, and the places of all rows' words.
    Texts(Vec<String>, Vec<u32>, Vec<u32>),
}

/// The sessions of a report, by name of the field, but for what the classic detectors say; of what only the strangest have, the
/// sentence.
#[inline(never)]
pub fn session_table(report: &Report) -> Vec<(&'static str, TableColumn)> {
    let rows = &report.sessions;
    let real = |value: fn(&SessionSummary) -> f64| TableColumn::Real(rows.iter().map(value).collect());
    let whole = |value: fn(&SessionSummary) -> u32| TableColumn::Whole(rows.iter().map(value).collect());
    let small = |value: fn(&SessionSummary) -> u8| TableColumn::Small(rows.iter().map(value).collect());
    let word = |value: fn(&SessionSummary) -> &str| text(rows.iter().map(value));
    vec![
        ("id", TableColumn::Long(rows.iter().map(|s| s.id).collect())),
        ("identity", whole(|s| s.identity)),
        ("from", real(|s| s.span.from as f64)),
        ("to", real(|s| s.span.to as f64)),
        ("score", real(|s| s.score)),
        ("p", real(|s| s.p)),
        ("alert", small(|s| u8::from(s.alert))),
        ("severity", small(|s| s.severity as u8)),
        ("address", word(|s| &s.address)),
        ("country", word(|s| &s.country)),
        ("network", word(|s| &s.network)),
        ("network_kind", word(|s| &s.network_kind)),
        ("client", word(|s| &s.client)),
        ("method", word(|s| &s.method)),
        ("mfa", word(|s| &s.mfa)),
        ("events", whole(|s| s.events)),
        ("errors", whole(|s| s.errors)),
        ("sentence", sentence_column(report)),
        ("labels", texts(rows.iter().map(|s| s.labels.iter().map(|l| l.rule.as_str()).collect::<Vec<_>>()))),
        ("incident", whole(|s| s.incident.unwrap_or(u32::MAX))),
        ("known", whole(|s| s.known.unwrap_or(u32::MAX))),
        ("excused", small(|s| u8::from(s.excused))),
    ]
}

/// In a sentence why each session is odd, by rank; empty where nothing is said of it.
pub fn sentence_column(report: &Report) -> TableColumn {
    text(report.sessions.iter().map(|s| if s.sentence.is_empty() { s.labels.first().map_or("", |l| &*l.sentence) } else { &*s.sentence }))
}

/// The distinct calls of each session, by rank.
pub fn calls_column(calls: &[Vec<&str>]) -> TableColumn {
    texts(calls.iter().cloned())
}

/// Events of a session, by name of the field; `place` has four numbers a row.
pub fn event_table(lines: &[EventLine]) -> Vec<(&'static str, TableColumn)> {
    let word = |value: fn(&EventLine) -> &str| text(lines.iter().map(value));
    vec![
        ("time", TableColumn::Real(lines.iter().map(|l| l.time as f64).collect())),
        ("call", word(|l| &l.call)),
        ("error", word(|l| &l.error)),
        ("target", word(|l| &l.target)),
        ("id", word(|l| &l.id)),
        ("region", word(|l| &l.region)),
        ("place", TableColumn::Real(lines.iter().flat_map(|l| l.place.map(|n| n as f64)).collect())),
    ]
}

/// Words, each kept once.
#[derive(Default)]
struct Words<'a> {
    list: Vec<String>,
    number: HashMap<&'a str, u32>,
    /// By where a text is and how long: rows share texts, and to hash a place is quicker.
    at: HashMap<(*const u8, usize), u32>,
}

impl<'a> Words<'a> {
    fn place(&mut self, word: &'a str) -> u32 {
        *self.at.entry((word.as_ptr(), word.len())).or_insert_with(|| {
            *self.number.entry(word).or_insert_with(|| {
                self.list.push(word.to_owned());
                self.list.len() as u32 - 1
            })
        })
    }
}

fn text<'a>(values: impl Iterator<Item = &'a str>) -> TableColumn {
    let mut words = Words::default();
    let places = values.map(|word| words.place(word)).collect();
    TableColumn::Text(words.list, places)
}

fn texts<'a>(rows: impl Iterator<Item = Vec<&'a str>>) -> TableColumn {
    let mut words = Words::default();
    let (mut ends, mut places) = (Vec::new(), Vec::new());
    for row in rows {
        places.extend(row.into_iter().map(|word| words.place(word)));
        ends.push(places.len() as u32);
    }
    TableColumn::Texts(words.list, ends, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_once_and_lists_end_where_they_end() {
        let report = Report {
            sessions: ["NG", "DE", "NG"].map(|country| SessionSummary { country: country.into(), ..SessionSummary::default() }).into(),
            ..Report::default()
        };
        let table = session_table(&report);
        let column = |name: &str| table.iter().find(|(n, _)| *n == name).map(|(_, c)| c.clone());
        let strings = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        assert_eq!(column("country"), Some(TableColumn::Text(strings(&["NG", "DE"]), vec![0, 1, 0])));
        // Row 0 ends after 1 word, row 1 has none, row 2 ends after 3.
        let calls = TableColumn::Texts(strings(&["sts:GetCallerIdentity", "iam:ListUsers"]), vec![1, 1, 3], vec![0, 1, 0]);
        assert_eq!(calls_column(&[vec!["sts:GetCallerIdentity"], vec![], vec!["iam:ListUsers", "sts:GetCallerIdentity"]]), calls);
        assert_eq!(column("incident"), Some(TableColumn::Whole(vec![u32::MAX; 3])));
    }
}
