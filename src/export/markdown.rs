//! Alerts as text for a ticket.

use crate::report::{Report, SessionSummary, Severity};
use crate::time::Zone;

/// An alert as Markdown, its times by the zone's clock. What comes from the log is escaped: it becomes no link, picture
/// or markup. Empty where the rank is beyond the list.
pub fn alert_markdown(report: &Report, rank: usize, zone: &Zone) -> String {
    report.sessions.get(rank).map_or_else(String::new, |session| session_markdown(report, session, rank, zone))
}

/// The same of a session in full, whatever its rank.
pub fn session_markdown(report: &Report, session: &SessionSummary, rank: usize, zone: &Zone) -> String {
    let (name, class, account) =
        report.identities.get(session.identity as usize).map_or(("", "", ""), |who| (&*who.name, &*who.class, &*who.account));
    let severity = match session.severity {
        Severity::None => "No alert",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
    };
    let mut text = format!("## {severity}: {}\n\n{}\n\n", plain(name), plain(&session.sentence));
    let mut line = |what: &str, parts: &[&str]| {
        let said: Vec<String> = parts.iter().filter(|part| !part.is_empty()).map(|part| plain(part)).collect();
        if !said.is_empty() {
            text += &format!("- {what}: {}\n", said.join(", "));
        }
    };
    let account = if account.is_empty() { String::new() } else { format!("account {account}") };
    line("identity", &[name, class, &account]);
    line("time", &[&format!("{} to {} {}", zone.time(session.span.from), zone.time(session.span.to), zone.label())]);
    line("from", &[&session.address, &session.country, &session.network, &session.network_kind]);
    line("client", &[&session.client]);
    line("began by", &[&session.method]);
    line("MFA", &[&session.mfa]);
    line("events", &[&session.events.to_string(), &format!("{} refused or failed", session.errors)]);
    line("score", &[&format!("{:.6}", session.score), &format!("rank {} of {}", rank + 1, report.sessions.len())]);
    if let Some(known) = session.known.and_then(|entry| report.known.get(entry as usize)) {
        line("known to be good", &[&known.list, &known.what, &known.note]);
    }
    for label in &session.labels {
        line("rule", &[&label.rule, &label.technique, &label.sentence]);
    }
    if !session.reasons.is_empty() {
        text += "\n### Why\n\n";
        for reason in &session.reasons {
            text += &format!("- {:.1} bits, {}: {}\n", reason.bits, plain(&reason.group), plain(&reason.sentence));
        }
    }
    if !session.came_of.is_empty() {
        text += "\n### What came of it\n\n";
        session.came_of.iter().for_each(|what| text += &format!("- {}\n", plain(what)));
    }
    text
}

/// All alerts as Markdown, worst first, below a head that says what was read and which clock the times follow.
pub fn alerts_markdown(report: &Report, zone: &Zone) -> String {
    let summary = &report.summary;
    let mut text = format!(
        "# Odd logins in CloudTrail\n\n{}\n\n- events: {}, {} to {} {}\n- sessions: {}, of {} identities\n- alerts: {} ({} high, {} medium, {} low)\n- times: {}{}\n",
        plain(&report.calibration.sentence),
        summary.events,
        zone.time(summary.span.from),
        zone.time(summary.span.to),
        plain(zone.label()),
        summary.sessions,
        summary.identities,
        summary.alerts,
        summary.high,
        summary.medium,
        summary.low,
        plain(zone.label()),
        if zone.name.is_empty() { "" } else { "; hours named in sentences: UTC" }
    );
    for known in report.known.iter().filter(|known| known.sessions > 0) {
        text += &format!(
            "- known to be good: {}, {}: {} sessions, {} of them would be alerts\n",
            plain(&known.list), plain(&known.what), known.sessions, known.excused
        );
    }
    if summary.alerts == 0 {
        text += "\nNo session is above the threshold.\n";
    }
    let alerts = report.sessions.iter().enumerate().filter(|(_, session)| session.alert);
    alerts.for_each(|(rank, _)| text += &format!("\n{}", alert_markdown(report, rank, zone)));
    text
}

/// Text without meaning to Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Direction marks could disguise what stands there.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c if c.is_control() => out.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Somebody would be told.
            '@' => out.push_str("&#64;"),
            c => out.push(c),
        }
    }
    // A bare address would become a link.
    out.replace("://", ":&#47;/").replace("www.", "www&#46;")
}
