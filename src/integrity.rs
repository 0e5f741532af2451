//! What digest files say of the log files: which are here as they were delivered, which were altered, which are missing.
//! Knows nothing of records.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::{DigestFile, FileReport, Hashed, last_part};
use crate::num::grouped;
use crate::report::{DigestGap, Integrity, Span};
use crate::time::parse_time;

/// How many names, and gaps, are told.
const TOLD: usize = 100;

/// Milliseconds within which a log file is delivered, mostly, and thus named by a digest: the time in its name is that of its
/// making. AWS says five minutes on average.
const DELIVERED_WITHIN: i64 = 15 * 60_000;

/// The files in which log files are that digests name, and those log files' last names. Both empty where there are none.
pub(crate) fn to_check(files: &[FileReport]) -> (Vec<String>, BTreeSet<String>) {
    let named: BTreeSet<&str> = files.iter().flat_map(|f| &f.digest_files).flat_map(|d| &d.logs).map(|log| last_part(&log.key)).collect();
    let (mut holding, mut wanted) = (BTreeSet::new(), BTreeSet::new());
    for file in files.iter().filter(|_| !named.is_empty()) {
        for name in here(file) {
            if let Some(name) = named.get(last_part(&name)) {
                holding.insert(file.name.clone());
                wanted.insert((*name).to_owned());
            }
        }
    }
    (holding.into_iter().collect(), wanted)
}

/// A file's name, or those of its members.
fn here(file: &FileReport) -> impl Iterator<Item = String> + '_ {
    let alone = file.members.is_empty().then(|| file.name.clone());
    alone.into_iter().chain(file.members.iter().filter(|m| !m.is_empty()).map(|m| format!("{}!{m}", file.name)))
}

/// What the digests say, with what was hashed. None: there are no digests.
pub(crate) fn integrity(files: &[FileReport], hashed: Option<&[Hashed]>) -> Option<Integrity> {
    let digests: BTreeSet<&DigestFile> = files.iter().flat_map(|f| &f.digest_files).collect();
    if digests.is_empty() {
        return None;
    }
    let logs: BTreeSet<(&str, &str, &str)> = digests.iter().flat_map(|d| &d.logs).map(|log| (log.key.as_str(), last_part(&log.key), log.hash.as_str())).collect();
    let names: BTreeSet<&str> = logs.iter().map(|log| log.1).collect();
    let present: BTreeSet<String> = files.iter().flat_map(here).collect();
    let present_names: BTreeSet<&str> = present.iter().map(|name| last_part(name)).collect();
    let mut hashes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in hashed.unwrap_or_default() {
        hashes.entry(last_part(&one.name)).or_default().insert(&one.hash);
    }
    let mut said = Integrity { digests: digests.len() as u64, named: logs.len() as u64, compared: hashed.is_some(), ..Integrity::default() };
    said.named += digests.iter().map(|d| d.unkept).sum::<u64>();
    said.incomparable = said.named - logs.len() as u64;
    for (key, name, hash) in &logs {
        if !present_names.contains(name) {
            said.missing += 1;
            tell(&mut said.missing_files, key);
        } else if hash.is_empty() || hashed.is_none() {
            said.incomparable += 1;
        } else if let Some(found) = hashes.get(name) {
            *(if found.contains(hash) { &mut said.intact } else { &mut said.altered }) += 1;
        } else {
            // It could not be opened once more.
            said.incomparable += 1;
        }
    }
    // A second copy that differs is told too.
    let expected: BTreeSet<(&str, &str)> = logs.iter().map(|log| (log.1, log.2)).collect();
    let altered: BTreeSet<&str> = hashed
        .unwrap_or_default()
        .iter()
        .filter(|one| !expected.contains(&(last_part(&one.name), &one.hash)) && !expected.contains(&(last_part(&one.name), "")))
        .map(|one| one.name.as_str())
        .collect();
    altered.iter().for_each(|name| tell(&mut said.altered_files, name));
    let covered = covered(&digests);
    for name in present.iter().filter(|name| !names.contains(last_part(name)) && of_covered_time(last_part(name), &covered)) {
        said.unnamed += 1;
        tell(&mut said.unnamed_files, name);
    }
    said.altered_digests = altered_digests(&digests);
    said.gaps = gaps(&digests);
    said.sentence = sentence(&said);
    Some(said)
}

fn tell(names: &mut Vec<String>, name: &str) {
    if names.len() < TOLD {
        names.push(name.to_owned());
    }
}

/// Spans in order, those that touch made one.
fn joined(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut whole: Vec<(i64, i64)> = Vec::new();
    for (start, end) in spans {
        match whole.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => whole.push((start, end)),
        }
    }
    whole
}

/// The spans that digests cover, by account and region, as the names of their keys have them.
fn covered<'d>(digests: &BTreeSet<&'d DigestFile>) -> BTreeMap<(&'d str, &'d str), Vec<(i64, i64)>> {
    let mut covered: BTreeMap<_, Vec<(i64, i64)>> = BTreeMap::new();
    for digest in digests {
        let of = last_part(&digest.key).split_once("_CloudTrail-Digest_").and_then(|(account, rest)| Some((account, rest.split_once('_')?.0)));
        if let (Some(of), Some(span)) = (of, span_of(digest)) {
            covered.entry(of).or_default().push(span);
        }
    }
    covered.into_iter().map(|(of, spans)| (of, joined(spans))).collect()
}

fn span_of(digest: &DigestFile) -> Option<(i64, i64)> {
    Some((parse_time(&digest.start)?, parse_time(&digest.end)?)).filter(|(start, end)| start <= end)
}

/// Whether it is a log file's name (`ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_…`), and the digests of its account and region
/// should name the file, whenever it was delivered.
fn of_covered_time(name: &str, covered: &BTreeMap<(&str, &str), Vec<(i64, i64)>>) -> bool {
    let parts = || {
        let (account, rest) = name.split_once("_CloudTrail_")?;
        let (region, rest) = rest.split_once('_')?;
        let minute = rest.split('_').next()?.strip_suffix('Z').filter(|minute| minute.len() == "YYYYMMDDTHHmm".len())?;
        Some((covered.get(&(account, region))?, parse_time(&format!("{minute}00Z"))?))
    };
    parts().is_some_and(|(spans, time)| spans.iter().any(|(start, end)| *start <= time && time + DELIVERED_WITHIN <= *end))
}

/// Those whose hash is not what the digest after them says.
fn altered_digests(digests: &BTreeSet<&DigestFile>) -> Vec<String> {
    let mut hashes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for digest in digests {
        hashes.entry(last_part(&digest.key)).or_default().insert(&digest.hash);
    }
    let differs = |d: &&&DigestFile| !d.previous.is_empty() && !d.previous_hash.is_empty() && hashes.get(last_part(&d.previous)).is_some_and(|found| !found.contains(d.previous_hash.as_str()));
    let altered: BTreeSet<&String> = digests.iter().filter(differs).map(|d| &d.previous).collect();
    altered.into_iter().take(TOLD).cloned().collect()
}

/// Spans between digests of one trail and region that none covers, longest first. A digest without a key is of no trail.
fn gaps(digests: &BTreeSet<&DigestFile>) -> Vec<DigestGap> {
    let mut chains: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for digest in digests.iter().filter(|d| !d.key.is_empty()) {
        let name = last_part(&digest.key);
        let chain = name.rsplit_once('_').map_or(name, |(chain, _)| chain);
        chains.entry(chain).or_default().extend(span_of(digest));
    }
    let mut gaps = Vec::new();
    for (chain, spans) in chains {
        for pair in joined(spans).windows(2) {
            gaps.push(DigestGap { chain: chain.to_owned(), span: Span { from: pair[0].1, to: pair[1].0 } });
        }
    }
    gaps.sort_by(|a, b| (a.span.from - a.span.to, a.span.from, &a.chain).cmp(&(b.span.from - b.span.to, b.span.from, &b.chain)));
    gaps.truncate(TOLD);
    gaps
}

/// What was found, and what it proves.
fn sentence(said: &Integrity) -> String {
    let are = |n: u64, one: &str, more: &str| format!("{} {}", grouped(n), if n == 1 { one } else { more });
    let unnamed = if said.unnamed > 0 { format!(" {} here that no digest names.", are(said.unnamed, "log file is", "log files are")) } else { String::new() };
    if said.named == 0 {
        return format!("{} no log files.{unnamed}", are(said.digests, "digest file names", "digest files name"));
    }
    let mut parts = Vec::new();
    if said.compared {
        parts.push(are(said.intact, "is here as it was delivered", "are here as they were delivered"));
        parts.push(are(said.altered, "was altered", "were altered"));
    }
    parts.push(are(said.missing, "is missing", "are missing"));
    if said.incomparable > 0 {
        parts.push(are(said.incomparable, "is not compared", "are not compared"));
    }
    let proves = if said.compared {
        "so this shows loss, damage and changes to log files alone, and nothing of somebody who changed the digests too"
    } else {
        "and log files were not compared with their hashes: so this shows what is missing, and no more"
    };
    format!(
        "{} {}: {}.{unnamed} The signatures of the digests are not checked, which needs the region's public key, {proves}.",
        are(said.digests, "digest names", "digests name"),
        are(said.named, "log file", "log files"),
        parts.join(", ")
    )
}
