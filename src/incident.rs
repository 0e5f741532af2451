//! Alerts that belong together, and their story.

use std::collections::BTreeMap;

use crate::geo::AddressKind;
use crate::report::{Incident, Report, Span};
use crate::rules::Scene;

/// Alerts of one identity, or at one public address, further apart than this are separate incidents.
const APART: i64 = 24 * 3600 * 1000;

/// Groups the alerts of a report (its sessions are ranked; `number_of` gives each rank's session) and writes their story.
#[inline(never)]
pub(crate) fn group_alerts(scene: &Scene<'_>, report: &mut Report, number_of: &[u32]) {
    let mut ranks: Vec<u32> = (0..report.sessions.len() as u32).filter(|r| report.sessions[*r as usize].alert).collect();
    ranks.sort_by_key(|r| (report.sessions[*r as usize].span.from, *r));
    let mut parent: BTreeMap<u32, u32> = ranks.iter().map(|r| (*r, *r)).collect();
    let mut last: BTreeMap<(u8, u32), u32> = BTreeMap::new();
    for &rank in &ranks {
        let session = &scene.sessions[number_of[rank as usize] as usize];
        let fact = &scene.facts[number_of[rank as usize] as usize];
        let mut marks = vec![(0, session.identity)];
        if fact.site.kind == AddressKind::Public {
            marks.push((1, session.address));
        }
        for mark in marks {
            if let Some(before) = last.insert(mark, rank)
                && session.from - report.sessions[before as usize].span.to <= APART
            {
                let (a, b) = (root(&parent, before), root(&parent, rank));
                parent.insert(b.max(a), b.min(a));
            }
        }
    }
    let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &rank in &ranks {
        groups.entry(root(&parent, rank)).or_default().push(rank);
    }
    let mut incidents: Vec<Incident> = groups.into_values().map(|ranks| tell(report, ranks)).collect();
    incidents.sort_by_key(|i| (std::cmp::Reverse(i.severity), i.sessions.iter().min().copied()));
    for (number, incident) in incidents.iter().enumerate() {
        for rank in &incident.sessions {
            report.sessions[*rank as usize].incident = Some(number as u32);
        }
    }
    report.incidents = incidents;
}

fn root(parent: &BTreeMap<u32, u32>, mut rank: u32) -> u32 {
    while parent[&rank] != rank {
        rank = parent[&rank];
    }
    rank
}

#[inline(never)]
fn tell(report: &Report, ranks: Vec<u32>) -> Incident {
    let sessions: Vec<_> = ranks.iter().map(|r| &report.sessions[*r as usize]).collect();
    let mut who: Vec<&str> = sessions.iter().map(|s| report.identities[s.identity as usize].name.as_str()).collect();
    who.sort_unstable();
    who.dedup();
    let name = match who.len() {
        0 => String::new(),
        1 => who[0].to_owned(),
        2 => format!("{} and {}", who[0], who[1]),
        n => format!("{} and {} others", who[0], n - 1),
    };
    Incident {
        name,
        severity: sessions.iter().map(|s| s.severity).max().unwrap_or_default(),
        span: Span {
            from: sessions.iter().map(|s| s.span.from).min().unwrap_or(0),
            to: sessions.iter().map(|s| s.span.to).max().unwrap_or(0),
        },
        story: sessions
            .iter()
            .map(|s| {
                let who = &report.identities[s.identity as usize].name;
                format!("{}: {who}. {}", crate::time::format_time(s.span.from), s.sentence)
            })
            .take(30)
            .collect(),
        sessions: ranks,
    }
}
