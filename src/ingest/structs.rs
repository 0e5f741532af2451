//! Structs as Athena, Lake and Java write them, `{type=IAMUser, arn=arn:…, sessioncontext={…}}`: values stand bare, and
//! may hold `=` and commas. Knows no field.

use super::fields::push_plain;

const DEEP: u32 = 16;

/// Hands on every value that is no struct, with its path behind `path`. What is no struct gives nothing.
pub(super) fn read<'t>(text: &'t str, path: &str, each: &mut dyn FnMut(&str, &'t str)) {
    let text = text.trim();
    if text.starts_with('{') {
        inside(text, 1, &mut path.to_owned(), 0, each);
    }
}

/// Reads from behind a `{` to behind its `}`; where that is.
fn inside<'t>(text: &'t str, mut at: usize, path: &mut String, depth: u32, each: &mut dyn FnMut(&str, &'t str)) -> usize {
    let bytes = text.as_bytes();
    loop {
        while matches!(bytes.get(at), Some(b' ' | b',')) {
            at += 1;
        }
        let Some(length) = key(bytes, at) else {
            // No key: the end, or what cannot be read.
            return if bytes.get(at) == Some(&b'}') { at + 1 } else { bytes.len() };
        };
        let known = path.len();
        push_plain(path, &text[at..at + length]);
        at += length + 1;
        if bytes.get(at) == Some(&b'{') && depth < DEEP {
            at = inside(text, at + 1, path, depth + 1, each);
        } else {
            let end = value_end(bytes, at);
            each(path, text[at..end].trim());
            at = end;
        }
        path.truncate(known);
    }
}

/// Length of the key at `at`, where one stands there with its `=`.
fn key(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes[at.min(bytes.len())..].iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
    (length > 0 && bytes.get(at + length) == Some(&b'=')).then_some(length)
}

/// A value ends before `, key=`, or before a `}` with which a struct ends.
fn value_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(step) = memchr::memchr2(b',', b'}', &bytes[at..]) {
        at += step;
        let ends = if bytes[at] == b',' {
            bytes.get(at + 1) == Some(&b' ') && key(bytes, at + 2).is_some()
        } else {
            matches!(bytes.get(at + 1), None | Some(b'}' | b',' | b']'))
        };
        if ends {
            return at;
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        read(text, "u", &mut |path, value| found.push((path.to_owned(), value.to_owned())));
        found
    }

    #[test]
    fn values_may_hold_commas_and_equals_signs() {
        let text = "{type=AssumedRole, arn=arn:aws:sts::123456789012:assumed-role/ops/a=b,c=d@example.com, accesskeyid=null, \
                    sessioncontext={attributes={mfaauthenticated=false, creationdate=2025-03-01T10:00:00Z}, sessionissuer={username=Smith, Jo}}}";
        let found = all(text);
        let pairs: Vec<(&str, &str)> = found.iter().map(|(p, v)| (&**p, &**v)).collect();
        let expected = [
            ("utype", "AssumedRole"),
            ("uarn", "arn:aws:sts::123456789012:assumed-role/ops/a=b,c=d@example.com"),
            ("uaccesskeyid", "null"),
            ("usessioncontextattributesmfaauthenticated", "false"),
            ("usessioncontextattributescreationdate", "2025-03-01T10:00:00Z"),
            ("usessioncontextsessionissuerusername", "Smith, Jo"),
        ];
        assert_eq!(pairs, expected);
    }

    #[test]
    fn nonsense_ends() {
        for text in ["", "{", "{}", "{=", "{a", "{a=", "{a={", "{a={{{", "}{a=b}", "{a=b, ", "{é=ü}", "{a=é, b=ü}", &"{a=".repeat(1000)] {
            all(text);
        }
        assert_eq!(all("{a=é, b=ü}").len(), 2);
        assert_eq!(all("{ConsoleLogin=Success}"), [("uconsolelogin".to_owned(), "Success".to_owned())]);
    }
}
