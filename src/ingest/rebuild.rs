//! JSON that holds CloudTrail in somebody else's shape: Elastic, OCSF, Splunk, tables of queries. Much slower than records
//! as CloudTrail writes them, and so only for what is recognised as such.

use serde_json::Value;

use super::fields::{Builder, Names, flatten};
use crate::record::{Finding, Place};

/// Whose shape it is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Shape {
    Elastic,
    Ocsf,
    Splunk,
    /// Names and values: Sentinel, Lake, lower-case tables.
    Named,
    /// A subscription's payload, base64 and gzip.
    Payload,
}

/// What an object turned out to hold.
pub(super) enum Built<'v> {
    Record(Box<Builder<'v>>),
    /// A whole record as text, and what that text is called.
    Text(String, &'static str),
    /// Nothing to count.
    Nothing,
    Skip(&'static str),
}

/// Puts together what an object of this shape holds.
#[inline(never)]
pub(super) fn rebuild(shape: Shape, value: &Value) -> Built<'_> {
    match shape {
        Shape::Elastic => elastic(value),
        Shape::Ocsf => ocsf(value),
        Shape::Splunk => splunk(value),
        Shape::Named => named(value),
        Shape::Payload => match value.get("awslogs").and_then(|l| l.get("data")).and_then(Value::as_str) {
            Some(data) => Built::Text(data.to_owned(), "awslogs.data"),
            None => Built::Nothing,
        },
    }
}

fn put_all<'v>(value: &'v Value, names: Names) -> Builder<'v> {
    let mut builder = Builder::new(names, false).sparse();
    flatten(value, &mut String::new(), 0, &mut |path, value| builder.put(path, value));
    builder
}

fn elastic(value: &Value) -> Built<'_> {
    let document = value.get("_source").or_else(|| value.get("fields")).unwrap_or(value);
    let original = document.get("event").and_then(|e| e.get("original")).or_else(|| document.get("event.original"));
    let original = original.and_then(|o| o.as_str().or_else(|| o.get(0)?.as_str()));
    if let Some(text) = original.filter(|t| t.trim_start().starts_with('{')) {
        return Built::Text(text.to_owned(), "event.original");
    }
    let builder = put_all(document, Names::Ecs);
    if builder.record.event_name.is_empty() {
        return Built::Skip("an Elastic or OpenSearch document of something else");
    }
    Built::Record(Box::new(builder))
}

fn ocsf(value: &Value) -> Built<'_> {
    let builder = put_all(value, Names::Ocsf);
    if builder.record.event_name.is_empty() {
        return Built::Skip("OCSF of another class than logins, API calls and account changes");
    }
    Built::Record(Box::new(builder))
}

fn splunk(value: &Value) -> Built<'_> {
    if value.get("preview").and_then(Value::as_bool) == Some(true) {
        return Built::Skip("a row of a Splunk preview, which comes again in the result");
    }
    let row = value.get("result").unwrap_or(value);
    let Some(fields) = row.as_object().filter(|f| !f.is_empty()) else { return Built::Skip("Splunk, but no event") };
    if value.get("result").is_none() && value.get("_raw").is_none() {
        return Built::Nothing; // the last line
    }
    if let Some(raw) = fields.get("_raw").and_then(Value::as_str) {
        return Built::Text(raw.to_owned(), "_raw");
    }
    if fields.keys().any(|k| k.eq_ignore_ascii_case("eventName")) { named(row) } else { Built::Skip("a Splunk row without _raw") }
}

/// An object of fields, or a row of a query's result: a list of objects of one field.
#[inline(never)]
fn named(value: &Value) -> Built<'_> {
    let cell = |name: &str| match value {
        Value::Array(cells) => cells.iter().find_map(|c| c.as_object()?.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v)),
        Value::Object(map) => map.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v),
        _ => None,
    };
    if let Some(whole) = cell("eventJson").and_then(Value::as_str).filter(|t| !t.is_empty()) {
        return Built::Text(whole.to_owned(), "eventJson");
    }
    let mut builder = Builder::new(Names::Own, false);
    if value.is_object() {
        builder = builder.sparse();
    }
    let mut each = |value| flatten(value, &mut String::new(), 0, &mut |path, value| builder.put(path, value));
    match value {
        Value::Array(cells) => cells.iter().for_each(&mut each),
        _ => each(value),
    }
    Built::Record(Box::new(builder))
}

/// Reads a finding, from an EventBridge event, an export or `get-findings`.
#[inline(never)]
pub(super) fn finding(value: &Value, place: Place) -> Finding {
    let mut found = Finding { place: [u64::from(place.file), u64::from(place.member), place.offset, u64::from(place.length)], ..Finding::default() };
    let (mut last_seen, mut updated, mut principal, mut hub) = (String::new(), String::new(), String::new(), false);
    flatten(value, &mut String::new(), 0, &mut |path, value| {
        let path = path.strip_prefix("detail").unwrap_or(path);
        let path = path.strip_prefix("findings").unwrap_or(path);
        let to = match path {
            "type" | "types" | "findingprovidefieldstypes" => &mut found.kind,
            "title" => &mut found.title,
            "severity" | "severitylabel" => &mut found.severity,
            "accountid" | "awsaccountid" => &mut found.account,
            "id" => &mut found.id,
            "updatedat" => &mut updated,
            "serviceeventlastseen" | "lastobservedat" => &mut last_seen,
            "resourceaccesskeydetailsusername" | "resourcesdetailsawsiamaccesskeyprincipalname" => &mut found.user,
            "resourceaccesskeydetailsprincipalid" => &mut principal,
            "resourceaccesskeydetailsaccesskeyid" | "resourcesdetailsawsiamaccesskeyaccesskeyid" => &mut found.key,
            "productarn" | "productname" | "generatorid" => {
                hub = true;
                return;
            }
            _ if path.ends_with("remoteipdetailsipaddressv4") => &mut found.address,
            _ => return,
        };
        if to.is_empty() {
            *to = value.chars().filter(|c| !c.is_control()).take(300).collect();
        }
    });
    found.source = if hub { "Security Hub" } else { "GuardDuty" }.into();
    found.time = if last_seen.is_empty() { updated } else { last_seen };
    if found.user.is_empty() {
        found.user = principal;
    }
    found
}
