//! Times as text and back. Civil dates without a calendar library.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970 UTC of `2020-10-13T21:05:40Z`, `2020-10-13T21:05:40.123+02:00` or `20131102T010628Z`.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    let bytes = text.trim().as_bytes();
    let digits = |from: usize, count: usize| -> Option<i64> {
        let slice = bytes.get(from..from + count)?;
        slice.iter().try_fold(0i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
    };
    let basic = bytes.get(4).is_some_and(u8::is_ascii_digit);
    let at: [usize; 5] = if basic { [4, 6, 9, 11, 13] } else { [5, 8, 11, 14, 17] };
    let (year, month, day) = (digits(0, 4)?, digits(at[0], 2)?, digits(at[1], 2)?);
    if !matches!(bytes.get(at[2] - 1)?, b'T' | b' ' | b't') {
        return None;
    }
    let (hour, minute, second) = (digits(at[2], 2)?, digits(at[3], 2)?, digits(at[4], 2)?);
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut rest = &bytes[at[4] + 2..];
    let mut millis = 0;
    if rest.first() == Some(&b'.') {
        let end = rest[1..].iter().position(|b| !b.is_ascii_digit()).map_or(rest.len(), |n| n + 1);
        for (place, b) in rest[1..end].iter().take(3).enumerate() {
            millis += i64::from(b - b'0') * [100, 10, 1][place];
        }
        rest = &rest[end..];
    }
    let offset = match rest {
        [] | [b'Z'] | [b'z'] => 0,
        [sign @ (b'+' | b'-'), clock @ ..] => {
            let clock: Vec<i64> = clock.iter().filter(|b| b.is_ascii_digit()).map(|b| i64::from(b - b'0')).collect();
            let [a, b, c, d] = clock[..] else { return None };
            let minutes = (a * 10 + b) * 60 + c * 10 + d;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second;
    Some(seconds * 1000 + millis)
}

/// Days since 1970 of `2025-03-22`.
pub fn parse_date(text: &str) -> Option<i64> {
    (text.len() == 10).then(|| parse_time(&format!("{text}T00:00:00Z"))).flatten().map(|millis| millis.div_euclid(86_400_000))
}

/// `2025-03-22 03:12:09 UTC`.
pub fn format_time(millis: i64) -> String {
    let second = millis.div_euclid(1000).rem_euclid(60);
    format!("{} {}:{second:02} UTC", format_date(millis), format_clock(millis))
}

/// The clock that times are told by: UTC, or the reader's own with its offsets. The core knows no time zones: the page
/// asks the browser, and hands over the offsets that hold in the span shown.
///
/// ```
/// let berlin = oddtrail::Zone { name: "Europe/Berlin".into(), offsets: vec![(0, 60), (1_743_296_400_000, 120)] };
/// assert_eq!(berlin.time(1_743_296_399_000), "2025-03-30 01:59:59");
/// assert_eq!(berlin.time(1_743_296_400_000), "2025-03-30 03:00:00");
/// assert_eq!(oddtrail::Zone::default().time(0), "1970-01-01 00:00:00");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Zone {
    /// Its name, `Europe/Berlin`; empty means UTC.
    pub name: String,
    /// From when on (milliseconds since 1970 UTC) how many minutes are added, in order of time. The first holds before
    /// its own start as well. Empty means UTC.
    pub offsets: Vec<(i64, i32)>,
}

impl Zone {
    /// What stands beside a time: `UTC`, or the zone's name.
    pub fn label(&self) -> &str {
        if self.name.is_empty() { "UTC" } else { &self.name }
    }
    /// `2025-03-22 03:12:09`, without the zone.
    pub fn time(&self, millis: i64) -> String {
        format_time(self.local(millis)).trim_end_matches(" UTC").to_owned()
    }
    /// The milliseconds whose UTC reading is this moment's local one.
    pub(crate) fn local(&self, millis: i64) -> i64 {
        let after = self.offsets.partition_point(|(from, _)| *from <= millis);
        let minutes = self.offsets.get(after.saturating_sub(1)).map_or(0, |(_, minutes)| *minutes);
        millis.saturating_add(i64::from(minutes.clamp(-1440, 1440)) * 60_000)
    }
}

/// `2025-03-22`.
pub(crate) fn format_date(millis: i64) -> String {
    let (year, month, day) = civil_from_days(millis.div_euclid(86_400_000));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `03:12`.
pub(crate) fn format_clock(millis: i64) -> String {
    let minutes = millis.div_euclid(60_000).rem_euclid(1440);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_are_read_and_nonsense_is_not() {
        // 2020-10-13 is 18,548 days after 1970-01-01; 21:05:40 is 75,940 s.
        let expected = (18_548 * 86_400 + 75_940) * 1000;
        assert_eq!(parse_time("2020-10-13T21:05:40Z"), Some(expected));
        assert_eq!(parse_time("20201013T210540Z"), Some(expected));
        assert_eq!(parse_time("2020-10-13T23:05:40.250+02:00"), Some(expected + 250));
        for wrong in ["", "2024-13-01T00:00:00Z", "2023-02-29T00:00:00Z", "2024-01-01", "20é0-10-13T21:05:40Z", "2020-10-13T21:05:40+2"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
        assert_eq!(format_time(expected), "2020-10-13 21:05:40 UTC");
        assert_eq!(format_date(-1), "1969-12-31");
    }
}
