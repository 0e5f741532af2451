//! A report to hand on: one file, no script, nothing fetched.

use crate::report::{Report, SessionSummary, Severity};
use crate::time::Zone;

const STYLE: &str = include_str!("report.css");

/// The report as one HTML page. `charts` are SVG pictures with their titles, drawn by the caller.
pub fn report_html(report: &Report, charts: &[(String, String)], zone: &Zone) -> String {
    let summary = &report.summary;
    let mut html = String::with_capacity(1 << 16);
    html += "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n";
    html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Oddtrail report</title>\n";
    html += &format!("<style>{STYLE}</style></head><body><main>\n<h1>Odd logins in CloudTrail</h1>\n");
    html += &format!("<p class=\"lead\">{}</p>\n<dl class=\"figures\">", text(&report.calibration.sentence));
    for (name, value) in [
        ("Events", count(summary.events)),
        ("Span", format!("{} to {} {}", zone.time(summary.span.from), zone.time(summary.span.to), text(zone.label()))),
        ("Identities", count(summary.identities)),
        ("Sessions", count(summary.sessions)),
        ("Logins", format!("{}, {} failed", count(summary.logins), count(summary.failed_logins))),
        ("Alerts", format!("{}: {} high, {} medium, {} low", summary.alerts, summary.high, summary.medium, summary.low)),
    ] {
        html += &format!("<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    html += "</dl>\n";
    for (title, svg) in charts {
        html += &format!("<figure><figcaption>{}</figcaption>{svg}</figure>\n", text(title));
    }
    html += "<h2>Alerts</h2>\n";
    let alerts: Vec<(usize, &SessionSummary)> = report.sessions.iter().enumerate().filter(|(_, s)| s.alert).collect();
    if alerts.is_empty() {
        html += "<p>No session is above the threshold.</p>\n";
    } else {
        html += &format!("<table><thead><tr><th>Score</th><th>Who</th><th>What is odd</th><th>When ({})</th></tr></thead><tbody>\n", text(zone.label()));
        for (rank, session) in &alerts {
            let who = &report.identities[session.identity as usize];
            html += &format!(
                "<tr><td class=\"{0}\">{0}<br>{1:.3}</td><td><a href=\"#s{2}\">{3}</a><br><small>{4}</small></td><td>{5}</td><td>{6}</td></tr>\n",
                word(session.severity), session.score, rank, text(&who.name), text(&who.class), text(&session.sentence),
                zone.time(session.span.from)
            );
        }
        html += "</tbody></table>\n";
    }
    for (rank, session) in &alerts {
        html += &detail(report, *rank, session, zone);
    }
    if !report.incidents.is_empty() {
        html += "<h2>Incidents</h2>\n";
        for incident in &report.incidents {
            html += &format!("<section><h3 class=\"{}\">{}</h3><ol>", word(incident.severity), text(&incident.name));
            incident.story.iter().for_each(|step| html += &format!("<li>{}</li>", text(step)));
            html += "</ol></section>\n";
        }
    }
    html += "<h2>What was read</h2>\n<ul>";
    let import = &report.import;
    html += &format!(
        "<li>{} of {} files gave {} events; {} duplicates counted once; {} records could not be used.</li>",
        count(import.files_read), count(import.files), count(import.events), count(import.duplicates), count(import.bad_records)
    );
    import.skipped.iter().for_each(|s| html += &format!("<li>Left out: {} ({})</li>", text(&s.name), count(s.count)));
    import.problems.iter().take(20).for_each(|p| html += &format!("<li>{}: {}</li>", text(&p.file), text(&p.reason)));
    import.first_bad.iter().take(20).for_each(|b| html += &format!("<li>{}, line {}: {}</li>", text(&b.file), b.line, text(&b.reason)));
    import.insights.iter().for_each(|i| html += &format!("<li>CloudTrail Insight: {} ({})</li>", text(&i.name), count(i.count)));
    import.findings.iter().take(100).for_each(|f| {
        html += &format!("<li>{} finding: {} {}, severity {}, {} {} {}</li>", text(&f.source), text(&f.time), text(&f.kind), text(&f.severity), text(&f.user), text(&f.key), text(&f.address));
    });
    import.missing.iter().for_each(|m| html += &format!("<li>Not in these files: {}. {}</li>", text(&m.field), text(&m.hides)));
    html += "</ul>\n<h2>How it was decided</h2>\n<ul>";
    for detector in &report.detectors {
        html += &format!("<li>{}, weight {}: {}</li>", text(&detector.name), detector.weight, text(&detector.job));
    }
    html += &format!(
        "</ul>\n<p><small>Scored {}; budget {}; seed {}.</small></p></main></body></html>\n",
        text(&report.options.mode), report.options.budget, report.options.seed
    );
    html
}

fn detail(report: &Report, rank: usize, session: &SessionSummary, zone: &Zone) -> String {
    let who = &report.identities[session.identity as usize];
    let mut html = format!(
        "<section id=\"s{rank}\"><h3 class=\"{}\">{}</h3><p>{}</p>\n<table class=\"why\"><tbody>",
        word(session.severity), text(&who.name), text(&session.sentence)
    );
    for reason in &session.reasons {
        let width = (reason.bits * 6.0).clamp(1.0, 180.0);
        html += &format!(
            "<tr><td>{}</td><td><svg width=\"180\" height=\"6\" aria-hidden=\"true\"><rect width=\"{width:.0}\" height=\"6\" rx=\"3\"/></svg></td><td>{:.1} bits</td></tr>",
            text(&reason.sentence), reason.bits
        );
    }
    html += "</tbody></table>\n";
    for label in &session.labels {
        html += &format!("<p><b>{}</b> ({}): {}</p>", text(&label.rule), text(&label.technique), text(&label.sentence));
    }
    if let Some(near) = session.nearest.and_then(|n| report.sessions.get(n as usize)) {
        html += "<table><thead><tr><th></th><th>this session</th><th>nearest ordinary one</th></tr></thead><tbody>";
        for (name, a, b) in [
            (&*format!("when ({})", text(zone.label())), &zone.time(session.span.from), &zone.time(near.span.from)),
            ("address", &session.address, &near.address),
            ("network", &session.network, &near.network),
            ("client", &session.client, &near.client),
            ("way in", &session.method, &near.method),
            ("MFA", &session.mfa, &near.mfa),
        ] {
            let class = if a == b { "" } else { " class=\"odd\"" };
            html += &format!("<tr><th>{name}</th><td{class}>{}</td><td>{}</td></tr>", text(a), text(b));
        }
        html += "</tbody></table>\n";
    }
    if !session.came_of.is_empty() {
        html += "<p>What came of it:</p><ul>";
        session.came_of.iter().for_each(|what| html += &format!("<li>{}</li>", text(what)));
        html += "</ul>";
    }
    html += "<details><summary>Events</summary><table><tbody>";
    for event in session.listed.iter().take(50) {
        html += &format!(
            "<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            zone.time(event.time), text(&event.call), text(&event.error), text(&event.target)
        );
    }
    html += "</tbody></table></details></section>\n";
    html
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::None => "none",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
    }
}

/// 1,204,318.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Text that stays text. Direction marks and control characters are shown as a box: they could disguise it.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{IdentitySummary, Label};

    #[test]
    fn text_from_a_log_stays_text() {
        let evil = "<script>alert(1)</script>\" onload='x";
        let report = Report {
            identities: vec![IdentitySummary { name: evil.into(), class: evil.into(), ..IdentitySummary::default() }],
            sessions: vec![SessionSummary {
                alert: true,
                sentence: evil.into(),
                address: evil.into(),
                client: evil.into(),
                nearest: Some(0),
                labels: vec![Label { sentence: evil.into(), ..Label::default() }],
                came_of: vec![evil.into()],
                ..SessionSummary::default()
            }],
            ..Report::default()
        };
        let html = report_html(&report, &[], &Zone::default());
        assert!(!html.contains("<script") && !html.contains("\" onload"), "markup got through");
        assert_eq!(count(1_204_318), "1,204,318");
    }
}
