//! One alert as text for a ticket.

use crate::report::Report;
use crate::time::format_time;

/// An alert as Markdown. What comes from the log is escaped: it becomes no link, picture or markup. Empty where the
/// rank is beyond the list.
pub fn alert_markdown(report: &Report, rank: usize) -> String {
    let Some(session) = report.sessions.get(rank) else { return String::new() };
    let who = &report.identities[session.identity as usize];
    let mut text = format!(
        "## {}: {}\n\n{}\n\n- identity: {} ({})\n- from {} to {}\n- address: {} {} {}\n- client: {}\n- score: {:.6}, rank {}\n",
        format!("{:?}", session.severity).to_lowercase(),
        plain(&who.name),
        plain(&session.sentence),
        plain(&who.name),
        who.class,
        format_time(session.span.from),
        format_time(session.span.to),
        plain(&session.address),
        session.country,
        plain(&session.network),
        plain(&session.client),
        session.score,
        rank + 1
    );
    for label in &session.labels {
        text += &format!("- rule: {} ({}). {}\n", label.rule, label.technique, plain(&label.sentence));
    }
    text += "\n### Why\n\n";
    for reason in &session.reasons {
        text += &format!("- {:.1} bits, {}: {}\n", reason.bits, reason.group, plain(&reason.sentence));
    }
    if !session.came_of.is_empty() {
        text += "\n### What came of it\n\n";
        session.came_of.iter().for_each(|what| text += &format!("- {}\n", plain(what)));
    }
    text
}

/// Text without meaning to Markdown.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    // A bare address would become a link.
    out.replace("://", ":&#47;/")
}
