//! A report to hand on: one file, no script, nothing fetched.

use crate::num::grouped;
use crate::report::{Report, SessionSummary, Severity};
use crate::time::Zone;

const STYLE: &str = include_str!("report.css");

/// A chart in the report.
#[derive(Debug, Clone, Default)]
pub struct Figure {
    /// What stands above it.
    pub title: String,
    /// How to read it.
    pub how: String,
    /// What it shows, in a sentence, for those who do not see it.
    pub says: String,
    /// The picture: an SVG document.
    pub svg: String,
    /// It stands beside another.
    pub narrow: bool,
}

/// Events of an alert that are listed at once; the rest, up to [`EVENTS`], is folded.
const EVENTS_SHOWN: usize = 12;
/// Events of an alert in the report. All of them are in the JSON.
const EVENTS: usize = 60;

/// The report as one HTML page, its times by the zone's clock. `figures` are drawn by the caller, and `figure_style`
/// makes them fit dark screens. Text from the log stays text.
pub fn report_html(report: &Report, figures: &[Figure], figure_style: &str, zone: &Zone) -> String {
    let summary = &report.summary;
    let mut html = String::with_capacity(1 << 16);
    html += "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n";
    html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
    html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Oddtrail report</title>\n";
    html += &format!("<style>{STYLE}{figure_style}</style></head><body><main>\n<h1>Odd logins in CloudTrail</h1>\n");
    html += &format!("<p class=\"lead\">{}</p>\n<dl class=\"figures\">", text(&report.calibration.sentence));
    for (name, value, note) in [
        ("Events", grouped(summary.events), format!("{} of {} files", grouped(report.import.files_read), grouped(report.import.files))),
        ("Span", day(summary.span.from, zone), format!("to {}, {}", day(summary.span.to, zone), text(zone.label()))),
        ("Identities", grouped(summary.identities), format!("{} logins, {} failed", grouped(summary.logins), grouped(summary.failed_logins))),
        ("Sessions", grouped(summary.sessions), format!("{} more named by a rule", grouped(summary.labelled))),
        ("Alerts", grouped(summary.alerts), format!("{} high, {} medium, {} low", summary.high, summary.medium, summary.low)),
        ("Known to be good", grouped(summary.excused), "sessions that would be alerts".into()),
    ] {
        if name != "Known to be good" || !report.known.is_empty() {
            html += &format!("<div><dt>{name}</dt><dd>{value}<small>{note}</small></dd></div>");
        }
    }
    html += "</dl>\n";
    let clock = text(zone.label());
    let sentences = if zone.name.is_empty() { "" } else { "; hours named in sentences are UTC" };
    html += &format!("<p class=\"fine\">Times are {clock}{sentences}. Where the addresses come from: <a href=\"https://db-ip.com\" rel=\"noreferrer\">IP Geolocation by DB-IP</a>.</p>\n");

    let alerts: Vec<(usize, &SessionSummary)> = report.sessions.iter().enumerate().filter(|(_, s)| s.alert).collect();
    if let Some(first) = figures.first() {
        html += &figure(first);
    }
    html += "<h2>Alerts</h2>\n";
    if alerts.is_empty() {
        html += "<p>No session is above the threshold.</p>\n";
    } else {
        html += &format!("<table class=\"alerts\"><thead><tr><th>Score</th><th>Who</th><th>What is odd</th><th>When ({clock})</th></tr></thead><tbody>\n");
        for (rank, session) in &alerts {
            let (name, class) = who(report, session);
            html += &format!(
                "<tr><td><span class=\"{0}\">{0}</span><br>{1:.3}</td><td><a href=\"#s{2}\">{3}</a><br><small>{4}</small></td><td>{5}</td><td>{6}</td></tr>\n",
                word(session.severity), session.score, rank, text(name), text(class), text(&session.sentence), zone.time(session.span.from)
            );
        }
        html += "</tbody></table>\n";
    }
    if !report.incidents.is_empty() {
        html += "<h2>Incidents</h2>\n<p class=\"fine\">Alerts of one identity or one address within a day.</p>\n";
        for incident in report.incidents.iter().filter(|incident| incident.sessions.len() > 1) {
            html += &format!("<section><h3><span class=\"{0}\">{0}</span> {1}</h3><ol>", word(incident.severity), text(&incident.name));
            incident.story.iter().for_each(|step| html += &format!("<li>{}</li>", text(step)));
            html += "</ol></section>\n";
        }
    }
    if figures.len() > 1 {
        html += "<h2>The wider picture</h2>\n<div class=\"wider\">\n";
        figures[1..].iter().for_each(|f| html += &figure(f));
        html += "</div>\n";
    }
    if !alerts.is_empty() {
        html += "<h2>Each alert</h2>\n";
    }
    for (rank, session) in &alerts {
        html += &detail(report, *rank, session, zone);
    }
    html += &known(report);
    html += "<h2>What was read</h2>\n<ul>";
    let import = &report.import;
    html += &format!(
        "<li>{} of {} files gave {} events; {} duplicates counted once; {} records could not be used.</li>",
        grouped(import.files_read), grouped(import.files), grouped(import.events), grouped(import.duplicates), grouped(import.bad_records)
    );
    import.skipped.iter().for_each(|s| html += &format!("<li>Left out: {} ({})</li>", text(&s.name), grouped(s.count)));
    import.problems.iter().take(20).for_each(|p| html += &format!("<li>{}: {}</li>", text(&p.file), text(&p.reason)));
    import.first_bad.iter().take(20).for_each(|b| html += &format!("<li>{}, line {}: {}</li>", text(&b.file), b.line, text(&b.reason)));
    import.gaps.iter().for_each(|g| html += &format!("<li>No event from {} to {} ({clock}).</li>", zone.time(g.from), zone.time(g.to)));
    if let Some(integrity) = &import.integrity {
        html += &format!("<li>{}</li>", text(&integrity.sentence));
        for (what, names) in integrity.lists() {
            names.iter().take(20).for_each(|name| html += &format!("<li>{what}: {}</li>", text(name)));
        }
        integrity.gaps.iter().take(20).for_each(|g| html += &format!("<li>No digest of {} from {} to {} ({clock}).</li>", text(&g.chain), zone.time(g.span.from), zone.time(g.span.to)));
    }
    import.insights.iter().for_each(|i| html += &format!("<li>CloudTrail Insight: {} ({})</li>", text(&i.name), grouped(i.count)));
    import.findings.iter().take(100).for_each(|f| {
        html += &format!("<li>{} finding: {} {}, severity {}, {} {} {}</li>", text(&f.source), text(&f.time), text(&f.kind), text(&f.severity), text(&f.user), text(&f.key), text(&f.address));
    });
    import.missing.iter().for_each(|m| html += &format!("<li>Not in these files: {}. {}</li>", text(&m.field), text(&m.hides)));
    html += "</ul>\n<h2>How it was decided</h2>\n<ul>";
    for detector in &report.detectors {
        let weight = if detector.weight > 0.0 { format!("weight {:.2}", detector.weight) } else { "no weight".into() };
        html += &format!("<li>{}, {weight}: {}</li>", text(&detector.name), text(&detector.job));
    }
    html += &format!(
        "</ul>\n<p class=\"fine\">Scored {}; budget {} %; seed {}. {}</p></main></body></html>\n",
        text(&report.options.mode), (report.options.budget * 1e6).round() / 1e4, report.options.seed, text(&report.options.geo)
    );
    html
}

fn figure(figure: &Figure) -> String {
    let (title, how, says) = (text(&figure.title), text(&figure.how), text(&figure.says));
    let class = if figure.narrow { " class=\"narrow\"" } else { "" };
    // The picture says what it is: it is read out as one.
    let svg = figure.svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{title}. {says}\" "), 1);
    format!("<figure{class}><figcaption><b>{title}</b> <span>{how}</span></figcaption>{svg}</figure>\n")
}

/// What the settings say, with what each entry did. Nothing where there are no settings.
fn known(report: &Report) -> String {
    if report.known.is_empty() {
        return String::new();
    }
    let mut html = String::from(
        "<h2>Known to be good</h2>\n<p class=\"fine\">From the settings. These sessions are scored and ranked as ever; those excused are no alerts.</p>\n<table><thead><tr><th>List</th><th>Entry</th><th>Note</th><th>Until</th><th>Sessions</th><th>Excused</th></tr></thead><tbody>\n",
    );
    for entry in &report.known {
        html += &format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            text(&entry.list), text(&entry.what), text(&entry.note), text(&entry.expires), grouped(entry.sessions), grouped(entry.excused)
        );
    }
    html += "</tbody></table>\n";
    for (rank, session) in report.sessions.iter().enumerate().filter(|(_, s)| s.excused).take(50) {
        let entry = session.known.and_then(|n| report.known.get(n as usize)).map_or("", |entry| &entry.what);
        html += &format!("<p>Rank {}, excused by {}: {}. {}</p>\n", rank + 1, text(entry), text(who(report, session).0), text(&session.sentence));
    }
    html
}

/// Name and class of the identity.
fn who<'a>(report: &'a Report, session: &SessionSummary) -> (&'a str, &'a str) {
    report.identities.get(session.identity as usize).map_or(("not known", ""), |who| (&who.name, &who.class))
}

fn detail(report: &Report, rank: usize, session: &SessionSummary, zone: &Zone) -> String {
    let (name, class) = who(report, session);
    let mut html = format!(
        "<section id=\"s{rank}\"><h3><span class=\"{0}\">{0}</span> {1} <small>{2} · {3} to {4} {5} · score {6:.3}, rank {7}</small></h3><p>{8}</p>\n<table class=\"why\"><tbody>",
        word(session.severity), text(name), text(class), zone.time(session.span.from), zone.time(session.span.to), text(zone.label()),
        session.score, rank + 1, text(&session.sentence)
    );
    let most = session.reasons.iter().map(|reason| reason.bits).fold(1.0, f64::max);
    for reason in &session.reasons {
        let width = (reason.bits / most * 180.0).clamp(1.0, 180.0);
        html += &format!(
            "<tr><td>{}</td><td><svg width=\"180\" height=\"6\" aria-hidden=\"true\"><rect width=\"{width:.0}\" height=\"6\" rx=\"3\"/></svg></td><td>{:.1} bits</td></tr>",
            text(&reason.sentence), reason.bits
        );
    }
    html += "</tbody></table>\n";
    for label in &session.labels {
        html += &format!("<p><b>{}</b> <code>{}</code> {}</p>", text(&label.rule), text(&label.technique), text(&label.sentence));
    }
    if let Some(near) = session.nearest.and_then(|n| report.sessions.get(n as usize)) {
        html += "<table class=\"beside\"><thead><tr><th></th><th>this session</th><th>nearest ordinary one</th></tr></thead><tbody>";
        let said = |text: &str| if text.is_empty() { "not said".to_owned() } else { text.to_owned() };
        let events = |s: &SessionSummary| format!("{}, {} refused or failed", s.events, s.errors);
        for (name, a, b, plain) in [
            ("when", zone.time(session.span.from), zone.time(near.span.from), true),
            ("address", session.address.to_string(), near.address.to_string(), true),
            ("network", format!("{} {}", session.network, session.network_kind), format!("{} {}", near.network, near.network_kind), false),
            ("client", session.client.to_string(), near.client.to_string(), false),
            ("way in", session.method.to_string(), near.method.to_string(), false),
            ("MFA", said(&session.mfa), said(&near.mfa), false),
            ("events", events(session), events(near), true),
        ] {
            let class = if plain || a == b { "" } else { " class=\"odd\"" };
            html += &format!("<tr><th>{name}</th><td{class}>{}</td><td>{}</td></tr>", text(&a), text(&b));
        }
        html += "</tbody></table>\n";
    }
    if !session.came_of.is_empty() {
        html += "<p>What came of it:</p><ul>";
        session.came_of.iter().for_each(|what| html += &format!("<li>{}</li>", text(what)));
        html += "</ul>";
    }
    let line = |event: &crate::report::EventLine| {
        format!(
            "<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            zone.time(event.time), text(&event.call), text(&event.error), text(&event.target)
        )
    };
    html += &format!("<table class=\"events\"><thead><tr><th>Time ({})</th><th>Call</th><th>Error</th><th>Target</th></tr></thead><tbody>", text(zone.label()));
    session.listed.iter().take(EVENTS_SHOWN).for_each(|event| html += &line(event));
    html += "</tbody></table>";
    if session.listed.len() > EVENTS_SHOWN {
        let last = session.listed.len().min(EVENTS);
        html += &format!("<details><summary>Events {} to {last} of {}</summary><table class=\"events\"><tbody>", EVENTS_SHOWN + 1, grouped(session.events.into()));
        session.listed[EVENTS_SHOWN..last].iter().for_each(|event| html += &line(event));
        html += "</tbody></table></details>";
    }
    html += "</section>\n";
    html
}

fn day(millis: i64, zone: &Zone) -> String {
    zone.time(millis).chars().take(10).collect()
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::None => "none",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
    }
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
        let html = report_html(&report, &[Figure { title: evil.into(), how: evil.into(), says: evil.into(), ..Figure::default() }], "", &Zone::default());
        assert!(!html.contains("<script") && !html.contains("\" onload"), "markup got through");
        assert_eq!(grouped(1_204_318), "1,204,318");
    }
}
