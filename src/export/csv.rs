//! Tables for spreadsheets: RFC 4180, and no cell that a spreadsheet takes for a formula.

use crate::report::Report;
use crate::time::format_time;

/// One row per event: `eventID,score,alert`. A session's score stands at each of its events; alert is 0 or 1.
pub fn events_csv<'a>(rows: impl Iterator<Item = (String, f64, bool)> + 'a) -> String {
    let mut csv = String::from("eventID,score,alert\n");
    for (id, score, alert) in rows {
        csv.push_str(&csv_cell(&id));
        csv.push_str(&format!(",{score:.6},{}\n", u8::from(alert)));
    }
    csv
}

/// One row per alert, worst first.
pub fn alerts_csv(report: &Report) -> String {
    let mut csv = String::from("rank,session,score,severity,who,class,from,to,address,country,network,client,what,rules\n");
    for (rank, session) in report.sessions.iter().enumerate().filter(|(_, s)| s.alert) {
        let who = &report.identities[session.identity as usize];
        let rules: Vec<&str> = session.labels.iter().map(|l| l.rule.as_str()).collect();
        let cells = [
            (rank + 1).to_string(),
            session.id.clone(),
            format!("{:.6}", session.score),
            format!("{:?}", session.severity).to_lowercase(),
            who.name.clone(),
            who.class.clone(),
            format_time(session.span.from),
            format_time(session.span.to),
            session.address.clone(),
            session.country.clone(),
            session.network.clone(),
            session.client.clone(),
            session.sentence.clone(),
            rules.join("; "),
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
