//! Tables for spreadsheets: RFC 4180, and no cell that a spreadsheet takes for a formula.

use crate::report::Report;
use crate::time::Zone;

/// One row per event: `eventID,score,alert`. A session's score stands at each of its events; alert is 0 or 1.
pub fn events_csv<'a>(rows: impl Iterator<Item = (String, f64, bool)> + 'a) -> String {
    let mut csv = String::from("eventID,score,alert\n");
    for (id, score, alert) in rows {
        csv.push_str(&csv_cell(&id));
        csv.push_str(&format!(",{score:.6},{}\n", u8::from(alert)));
    }
    csv
}

/// One row per alert, worst first. Which clock the times follow stands in the heads of their columns.
pub fn alerts_csv(report: &Report, zone: &Zone) -> String {
    let (from, to) = (csv_cell(&format!("from ({})", zone.label())), csv_cell(&format!("to ({})", zone.label())));
    let mut csv = format!(
        "rank,session,score,severity,who,class,account,{from},{to},address,country,network,network kind,client,method,MFA,events,errors,what,reasons,rules,techniques\n"
    );
    for (rank, session) in report.sessions.iter().enumerate().filter(|(_, s)| s.alert) {
        let Some(who) = report.identities.get(session.identity as usize) else { continue };
        let join = |parts: &mut dyn Iterator<Item = String>| parts.collect::<Vec<_>>().join("; ");
        let cells = [
            (rank + 1).to_string(),
            format!("{:016x}", session.id),
            format!("{:.6}", session.score),
            format!("{:?}", session.severity).to_lowercase(),
            who.name.clone(),
            who.class.clone(),
            who.account.clone(),
            zone.time(session.span.from),
            zone.time(session.span.to),
            session.address.to_string(),
            session.country.to_string(),
            session.network.to_string(),
            session.network_kind.to_string(),
            session.client.to_string(),
            session.method.to_string(),
            session.mfa.to_string(),
            session.events.to_string(),
            session.errors.to_string(),
            session.sentence.clone(),
            join(&mut session.reasons.iter().map(|r| format!("{:.1} bits {}: {}", r.bits, r.group, r.sentence))),
            join(&mut session.labels.iter().map(|l| l.rule.clone())),
            join(&mut session.labels.iter().map(|l| l.technique.clone()).filter(|t| !t.is_empty())),
        ];
        csv.push_str(&cells.iter().map(|c| csv_cell(c)).collect::<Vec<_>>().join(","));
        csv.push('\n');
    }
    csv
}

/// A cell as text: quoted where needed, and with a `'` before what would start a formula.
pub fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_starts_a_formula() {
        for start in ['=', '+', '-', '@', '\t', '\r'] {
            let cell = csv_cell(&format!("{start}cmd|' /C calc'!A0"));
            assert!(cell.trim_start_matches('"').starts_with('\''), "{cell}");
        }
        assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_cell("plain"), "plain");
    }
}
