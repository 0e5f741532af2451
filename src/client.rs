//! What a user agent says of the client: tool, version, system. A client may lie; the words are only its claim.

/// A client in a few words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Client {
    /// `Chrome`, `Firefox`, `aws-cli`, `boto3`, `Terraform` …; a service's name; or the first word as it stands.
    pub tool: String,
    /// The major version (and the minor one for command-line tools); empty where it is not said.
    pub version: String,
    /// `Windows`, `macOS`, `Linux`, `Kali`, `iPhone`, `Android` …; empty where it is not said.
    pub system: String,
    /// A person at a browser.
    pub browser: bool,
    /// An AWS service acting by itself or on somebody's behalf.
    pub service: bool,
}

impl Client {
    /// `Chrome 122, macOS`.
    pub(crate) fn words(&self) -> String {
        let mut words = self.tool.clone();
        if !self.version.is_empty() {
            words = format!("{words} {}", self.version);
        }
        if !self.system.is_empty() {
            words = format!("{words}, {}", self.system);
        }
        words
    }
    /// The version as a number to compare with others of the same tool.
    pub(crate) fn version_number(&self) -> Option<f64> {
        let mut parts = self.version.split('.');
        let major: f64 = parts.next()?.parse().ok()?;
        let minor: f64 = parts.next().and_then(|p| p.parse().ok()).unwrap_or(0.0);
        Some(major + minor / 1000.0)
    }
}

/// The shell that AWS runs behind its console: it calls from AWS's own addresses.
pub(crate) const CLOUD_SHELL: &str = "CloudShell";
/// What calls for the console's pages on AWS's side. It says nothing of the browser before them.
pub(crate) const CONSOLE: &str = "AWS console";

/// Tools by the mark they leave, most telling first.
const TOOLS: [(&str, &str); 34] = [
    ("HashiCorp/1.0 Terraform/", "Terraform"),
    ("Terraform/", "Terraform"),
    ("OpenTofu/", "OpenTofu"),
    ("Prowler/", "Prowler"),
    ("ScoutSuite", "ScoutSuite"),
    ("TruffleHog", "TruffleHog"),
    ("Pacu/", "Pacu"),
    ("stratus-red-team", "stratus-red-team"),
    ("S3 Browser/", "S3 Browser"),
    ("CloudFlare-R2", "rclone"),
    ("aws-sdk-go-v2/", "aws-sdk-go-v2"),
    ("aws-sdk-go/", "aws-sdk-go"),
    ("aws-sdk-nodejs/", "aws-sdk-js"),
    ("aws-sdk-js/", "aws-sdk-js"),
    ("aws-sdk-java/", "aws-sdk-java"),
    ("aws-sdk-rust/", "aws-sdk-rust"),
    ("aws-sdk-ruby3/", "aws-sdk-ruby"),
    ("aws-sdk-php/", "aws-sdk-php"),
    ("aws-sdk-dotnet", "aws-sdk-net"),
    ("aws-cli/", "aws-cli"),
    ("Boto3/", "boto3"),
    ("Botocore/", "boto3"),
    ("Boto/", "boto"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("CriOS/", "Chrome"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
    ("Go-http-client/", "Go-http-client"),
    ("python-requests/", "python-requests"),
    ("curl/", "curl"),
    ("okhttp/", "okhttp"),
];

/// Systems by the mark they leave, most telling first.
const SYSTEMS: [(&str, &str); 16] = [
    ("kali", "Kali"),
    ("Kali", "Kali"),
    ("parrot", "Parrot"),
    ("pentoo", "Pentoo"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Darwin", "macOS"),
    ("darwin", "macOS"),
    ("os/macos", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
    ("linux", "Linux"),
];

/// Reads a user agent. Never fails: what is unknown keeps its first word.
#[inline(never)]
pub(crate) fn parse_client(agent: &str) -> Client {
    let agent = agent.trim();
    if agent.ends_with(".amazonaws.com") || agent.starts_with("AWS Internal") || agent.starts_with("AWSPrincipal") {
        let console = matches!(agent, "signin.amazonaws.com" | "console.amazonaws.com");
        return Client { tool: agent.to_owned(), service: !console, browser: console, ..Client::default() };
    }
    if agent.contains("exec-env/CloudShell") {
        return Client { tool: CLOUD_SHELL.into(), ..Client::default() };
    }
    if agent.contains("S3Console/") || agent.contains("aws-internal/") {
        return Client { tool: CONSOLE.into(), browser: true, ..Client::default() };
    }
    let system = SYSTEMS.iter().find(|(mark, _)| agent.contains(mark)).map_or("", |(_, name)| name);
    for (mark, tool) in TOOLS {
        let Some(at) = agent.find(mark) else { continue };
        let browser = agent.starts_with("Mozilla/");
        if tool == "Safari" && !agent.contains("Safari/") {
            continue;
        }
        let rest = &agent[at + mark.len()..];
        let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let parts = if browser { 1 } else { 2 };
        let version: Vec<&str> = rest[..end].split('.').take(parts).collect();
        return Client { tool: tool.to_owned(), version: version.join("."), system: system.to_owned(), browser, service: false };
    }
    let word: String = agent.split(['/', ' ']).next().unwrap_or("").chars().take(40).collect();
    Client { tool: word, system: system.to_owned(), browser: agent.starts_with("Mozilla/"), ..Client::default() }
}
