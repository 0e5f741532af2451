//! Times as tables and consoles write them → ISO 8601. Knows no calendar: what is no date is told by `time.rs`.

use std::borrow::Cow;

/// Names of months by their beginnings: English, German, French, Spanish, Portuguese, Italian.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen", "jän"],
    &["feb", "fév", "fev"],
    &["mar", "mär"],
    &["apr", "abr", "avr"],
    &["may", "mai", "mag"],
    &["jun", "giu", "juin"],
    &["jul", "lug", "juil"],
    &["aug", "ago", "aoû"],
    &["sep", "set"],
    &["oct", "okt", "out", "ott"],
    &["nov"],
    &["dec", "dez", "dic", "déc"],
];

/// The time in ISO 8601, and whether it named its zone. `day_first`: 03/04 is the third of April.
#[inline(never)]
pub(super) fn iso(text: &str, day_first: bool) -> Option<(Cow<'_, str>, bool)> {
    let bytes = text.as_bytes();
    if bytes.len() > 80 {
        return None;
    }
    // As CloudTrail writes it, and Athena.
    if bytes.len() >= 19 && bytes[4] == b'-' && matches!(bytes[10], b'T' | b' ') && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[13] == b':' {
        // Its minutes may be anything yet, the half of a character too.
        let rest = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
        return match rest {
            // Athena and Lake write UTC and do not say so.
            "" => Some((Cow::Borrowed(text), true)),
            " UTC" => Some((Cow::Owned(format!("{}Z", text.trim_end_matches(" UTC"))), true)),
            "Z" => Some((Cow::Borrowed(text), true)),
            _ if rest.starts_with(['+', '-']) => Some((Cow::Borrowed(text), true)),
            _ => words(text, day_first),
        };
    }
    if bytes.len() == 16 && bytes[8] == b'T' && bytes[15] == b'Z' {
        return Some((Cow::Borrowed(text), true));
    }
    if bytes.len() >= 9 && bytes.iter().all(|b| b.is_ascii_digit() || *b == b'.') && bytes.iter().filter(|b| **b == b'.').count() <= 1 {
        return epoch(text).map(|t| (Cow::Owned(t), true));
    }
    words(text, day_first)
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970.
fn epoch(text: &str) -> Option<String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let number: i64 = whole.parse().ok()?;
    let millis = match whole.len() {
        0..=11 => number.checked_mul(1000)? + format!("{part:0<3}").get(..3)?.parse::<i64>().ok()?,
        12..=14 => number,
        15..=17 => number / 1000,
        _ => number / 1_000_000,
    };
    let text = crate::time::format_time(millis);
    Some(format!("{}T{}.{:03}Z", text.get(..10)?, text.get(11..19)?, millis.rem_euclid(1000)))
}

/// `January 15, 2025, 10:23:45 (UTC+01:00)`, `15.01.2025 10:23`, `2018-06-05, 11:35:11 AM`, `1/15/25 9:05 PM`.
#[inline(never)]
fn words(text: &str, day_first: bool) -> Option<(Cow<'_, str>, bool)> {
    let mut numbers: Vec<i64> = Vec::new(); // of the date
    let mut year_first = false;
    let mut dotted = false; // 3.4.2025 is April everywhere
    let mut month = None;
    let mut clock: Option<[i64; 3]> = None;
    let (mut afternoon, mut forenoon) = (false, false);
    let mut zone: Option<i64> = None;
    let mut at = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let b = bytes[at];
        let before = at.checked_sub(1).and_then(|i| bytes.get(i)).copied();
        if b.is_ascii_digit() {
            let end = at + bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
            if clock.is_none() && bytes.get(end) == Some(&b':') {
                let (read, next) = clock_at(bytes, at)?;
                clock = Some(read);
                at = next;
                continue;
            }
            let number: i64 = text[at..end].parse().ok()?;
            year_first |= numbers.is_empty() && end - at == 4;
            dotted |= numbers.is_empty() && bytes.get(end) == Some(&b'.');
            numbers.push(number);
            at = end;
        } else if matches!(b, b'+' | b'-') && clock.is_some() && matches!(before, Some(b'C' | b'T' | b' ' | b'0'..=b'9')) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit() || **b == b':').count();
            let said = &text[at + 1..at + 1 + digits];
            let (hours, minutes) = match said.split_once(':') {
                Some((h, m)) => (h.parse::<i64>().ok()?, m.parse::<i64>().ok()?),
                None if said.len() == 4 => (said[..2].parse().ok()?, said[2..].parse().ok()?),
                None => (said.parse::<i64>().ok()?, 0),
            };
            if !(0..=26).contains(&hours) || !(0..60).contains(&minutes) {
                return None;
            }
            let minutes = hours * 60 + minutes;
            zone = Some(if b == b'-' { -minutes } else { minutes });
            at += 1 + digits;
        } else if b.is_ascii_alphabetic() || b >= 0x80 {
            let end = at + text[at..].find(|c: char| !c.is_alphabetic()).unwrap_or(text.len() - at);
            let word = text[at..end].to_lowercase();
            match &*word {
                "am" | "a" => forenoon = true,
                "pm" | "p" => afternoon = true,
                "utc" | "gmt" | "z" => zone = zone.or(Some(0)),
                "月" => month = numbers.pop().or(month),
                _ => month = month.or_else(|| MONTHS.iter().position(|m| m.iter().any(|m| word.starts_with(m))).map(|m| m as i64 + 1)),
            }
            // A character that is no letter ends the word before it begins: step over the whole of it.
            at = if end > at { end } else { at + text[at..].chars().next().map_or(1, char::len_utf8) };
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    let (year, month, day) = match (month, numbers.as_slice()) {
        (Some(month), [day, year]) if *year > 31 => (*year, month, *day),
        (Some(month), [year, day]) => (*year, month, *day),
        (None, [year, month, day]) if year_first => (*year, *month, *day),
        // Whatever was said: 13 is no month.
        (None, [a, b, year]) if (day_first || dotted || *a > 12) && *b <= 12 => (*year, *b, *a),
        (None, [a, b, year]) => (*year, *a, *b),
        _ => return None,
    };
    let year = if year < 100 { year + 2000 } else { year };
    let [mut hour, minute, second] = clock?;
    if afternoon && hour < 12 {
        hour += 12;
    } else if forenoon && hour == 12 {
        hour = 0;
    }
    let offset = match zone {
        None | Some(0) => "Z".to_owned(),
        Some(minutes) => format!("{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60),
    };
    Some((Cow::Owned(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}")), zone.is_some()))
}

/// `9:05`, `09:05:40`, `09:05:40.123` at `at`, and what follows.
fn clock_at(bytes: &[u8], mut at: usize) -> Option<([i64; 3], usize)> {
    let mut read = [0; 3];
    for (i, part) in read.iter_mut().enumerate() {
        let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 || digits > 2 {
            return None;
        }
        *part = bytes[at..at + digits].iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'));
        at += digits;
        if i == 2 || bytes.get(at) != Some(&b':') {
            break;
        }
        at += 1;
    }
    if bytes.get(at) == Some(&b'.') {
        at += 1 + bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
    }
    Some((read, at))
}

/// Whether a number of a date that could be read both ways tells which comes first: true, the day.
pub(super) fn order(text: &str) -> Option<bool> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let (first, second) = (numbers.next()?, numbers.next()?);
    let day = |n: &str| n.len() <= 2 && n.parse::<u32>().is_ok_and(|n| n > 12 && n <= 31);
    match (first.len() <= 2, day(first), day(second)) {
        (true, true, false) => Some(true),
        (true, false, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_consoles_and_tables() {
        for (text, expected, zoned) in [
            ("2025-01-15T10:23:45Z", "2025-01-15T10:23:45Z", true),
            ("2025-01-15 10:23:45.000", "2025-01-15 10:23:45.000", true),
            ("2025-01-15 10:23:45.000 UTC", "2025-01-15 10:23:45.000Z", true),
            ("2022-02-08 09:23:37+11:00", "2022-02-08 09:23:37+11:00", true),
            ("20250115T102345Z", "20250115T102345Z", true),
            ("January 15, 2025, 10:23:45 (UTC+01:00)", "2025-01-15T10:23:45+01:00", true),
            ("January 15, 2025, 10:23:45 (UTC-05:30)", "2025-01-15T10:23:45-05:30", true),
            ("1月 15, 2025, 10:23:45 (UTC+09:00)", "2025-01-15T10:23:45+09:00", true),
            ("15. März 2025 um 10:23:45", "2025-03-15T10:23:45Z", false),
            ("2018-06-05, 11:35:11 PM", "2018-06-05T23:35:11Z", false),
            ("1/15/25 12:05 AM", "2025-01-15T00:05:00Z", false),
            ("15.01.2025 10:23", "2025-01-15T10:23:00Z", false),
            ("15/01/2025 10:23:45", "2025-01-15T10:23:45Z", false),
            ("1736936625", "2025-01-15T10:23:45.000Z", true),
            ("1736936625.5", "2025-01-15T10:23:45.500Z", true),
            ("1736936625123", "2025-01-15T10:23:45.123Z", true),
        ] {
            let (got, z) = iso(text, false).expect(text);
            assert_eq!((&*got, z), (expected, zoned), "{text}");
        }
        assert_eq!(iso("03/04/2025 10:00", true).expect("a date").0, "2025-04-03T10:00:00Z");
        assert_eq!(iso("03/04/2025 10:00", false).expect("a date").0, "2025-03-04T10:00:00Z");
        for text in ["", "yesterday", "99999999999999999999", "1:2:3:4", "12:", ":", "é", "2025-01-15", "+", "2025-01-15T10:2€€", "10:00 、€ 🙂 1/2/", "，1/2/3", "1-2-3 4:5 +99999999999999999:1", &"1".repeat(90)] {
            assert!(iso(text, false).is_none(), "{text}");
        }
        assert_eq!((order("15/01/2025"), order("1/15/2025"), order("1/2/2025"), order("2025-01-15")), (Some(true), Some(false), None, None));
    }
}
