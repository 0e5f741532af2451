//! A small server of static files, on 127.0.0.1 only.

use crate::{dist, places};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// The port where none is given.
const PORT: u16 = 8080;

/// How long a request's head may be; a browser's has about 700 bytes.
const LONGEST_HEAD: u64 = 64 * 1024;

/// Builds the page and serves it until it is stopped.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let port = port(arguments)?;
    dist::folder()?;
    let site = Site { folder: places::dist(), mount: "/".into() };
    let listener = TcpListener::bind(("127.0.0.1", port))
        .map_err(|error| format!("Could not serve on port {port}: {error}. Another one can be given: cargo xtask serve --port 8081"))?;
    let address = listener.local_addr().map_err(|error| format!("The server has no address: {error}."))?;
    println!("Oddtrail is at http://{address}/ (stop with Ctrl-C).");
    site.serve(listener);
    Ok(())
}

/// A folder, and the path it is served under: "/" or "/some/path/".
pub struct Site {
    pub folder: PathBuf,
    pub mount: String,
}

impl Site {
    /// Answers every request on a thread of its own.
    pub fn serve(self, listener: TcpListener) {
        let site = Arc::new(self);
        for stream in listener.incoming().flatten() {
            let site = Arc::clone(&site);
            thread::spawn(move || site.answer(stream));
        }
    }

    /// Reads one request and answers it. A visitor who goes away is no error.
    fn answer(&self, stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
        let mut head = BufReader::new(&stream).take(LONGEST_HEAD);
        let mut first = String::new();
        if head.read_line(&mut first).is_err() {
            return;
        }
        let mut line = String::new();
        while head.read_line(&mut line).is_ok_and(|bytes| bytes > 2) {
            line.clear();
        }
        let mut words = first.split_whitespace();
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let reply = self.reply(method, target);
        let mut message = format!("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n", reply.status, reply.body.len());
        for (name, value) in &reply.headers {
            message.push_str(&format!("{name}: {value}\r\n"));
        }
        message.push_str("\r\n");
        let mut stream = &stream;
        let _ = stream.write_all(message.as_bytes());
        if method != "HEAD" {
            let _ = stream.write_all(&reply.body);
        }
    }

    /// What a request gets.
    fn reply(&self, method: &str, target: &str) -> Reply {
        if method != "GET" && method != "HEAD" {
            return Reply::sentence("405 Method Not Allowed", "Only GET and HEAD are answered here.");
        }
        let Some(file) = self.file(target) else { return Reply::sentence("404 Not Found", "There is no such file.") };
        let Ok(body) = fs::read(&file) else { return Reply::sentence("404 Not Found", "There is no such file.") };
        let mut headers = vec![
            ("Content-Type", kind(&file).to_owned()),
            ("Cache-Control", "no-store".to_owned()),
            ("X-Content-Type-Options", "nosniff".to_owned()),
            ("Referrer-Policy", "no-referrer".to_owned()),
        ];
        // A worker does not inherit its page's policy, so scripts are sent with the policy as well.
        let page = if file.extension().is_some_and(|end| end == "html") { file } else { self.folder.join("index.html") };
        if let Some(policy) = fs::read_to_string(page).ok().and_then(|html| policy(&html)) {
            headers.push(("Content-Security-Policy", policy));
        }
        Reply { status: "200 OK", headers, body }
    }

    /// The file that a request's target names, if it is one inside the folder.
    fn file(&self, target: &str) -> Option<PathBuf> {
        let path = decode(target.split(['?', '#']).next()?)?;
        let inside = path.strip_prefix(&self.mount)?;
        let relative = Path::new(inside);
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) || inside.contains(['\0', '\\']) {
            return None;
        }
        let mut file = self.folder.join(relative);
        if inside.is_empty() || inside.ends_with('/') {
            file = file.join("index.html");
        }
        // A link inside the folder must not lead out of it either.
        let file = file.canonicalize().ok()?;
        (file.is_file() && file.starts_with(self.folder.canonicalize().ok()?)).then_some(file)
    }
}

struct Reply {
    status: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    fn sentence(status: &'static str, sentence: &str) -> Reply {
        Reply { status, headers: vec![("Content-Type", "text/plain; charset=utf-8".into())], body: sentence.into() }
    }
}

/// The policy that a page declares in its `<meta http-equiv="Content-Security-Policy" content="…">`.
fn policy(html: &str) -> Option<String> {
    let (_, after) = html.split_once("http-equiv=\"Content-Security-Policy\"")?;
    let (tag, _) = after.split_once('>')?;
    let (_, content) = tag.split_once("content=\"")?;
    let (content, _) = content.split_once('"')?;
    Some(content.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The kind of a file, by its name.
fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|end| end.to_str()).unwrap_or("") {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" | "md" => "text/plain; charset=utf-8",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        _ => "application/octet-stream",
    }
}

/// Undoes percent signs; nothing if they are wrong.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

fn port(arguments: &[String]) -> Result<u16, String> {
    let given = match arguments {
        [] => return Ok(PORT),
        [name, value] if name == "--port" => value.as_str(),
        [both] if both.starts_with("--port=") => &both["--port=".len()..],
        _ => return Err("serve takes one option: --port NUMBER.".into()),
    };
    given.parse().map_err(|_| format!("A port is a number from 0 to 65535, not \"{given}\"."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site with an index, a script, and a secret beside it.
    fn check(target: &str) -> String {
        let place = std::env::temp_dir().join(format!("oddtrail-serve-{}-{:?}", std::process::id(), thread::current().id()));
        let folder = place.join("site");
        fs::create_dir_all(folder.join("www")).expect("a folder for the test");
        fs::write(place.join("secret"), "secret").expect("a secret");
        fs::write(folder.join("index.html"), "<meta http-equiv=\"Content-Security-Policy\"\n content=\"default-src\n  'none'\">").expect("an index");
        fs::write(folder.join("www/main.js"), "1").expect("a script");
        std::os::unix::fs::symlink(place.join("secret"), folder.join("link")).expect("a link");
        let reply = Site { folder, mount: "/some/path/".into() }.reply("GET", target);
        fs::remove_dir_all(place).expect("the folder goes");
        let header = |wanted: &str| reply.headers.iter().find(|(name, _)| *name == wanted).map_or("", |(_, value)| value.as_str());
        format!("{} | {} | {}", reply.status, header("Content-Type"), header("Content-Security-Policy"))
    }

    const MISSING: &str = "404 Not Found | text/plain; charset=utf-8 | ";

    #[test]
    fn a_folder_is_its_index() {
        assert_eq!(check("/some/path/?x=1"), "200 OK | text/html; charset=utf-8 | default-src 'none'");
    }

    #[test]
    fn a_script_is_sent_with_the_policy_of_the_page() {
        assert_eq!(check("/some/path/www/main.js"), "200 OK | text/javascript; charset=utf-8 | default-src 'none'");
    }

    #[test]
    fn nothing_outside_is_served() {
        for target in ["/", "/some/path/../../secret", "/some/path/%2e%2e/secret", "/some/path//etc/passwd", "/some/path/link", "/some/path/..%2fsecret", "/some/path/www/main.js%00", "x", ""] {
            assert_eq!(check(target), MISSING, "{target}");
        }
    }
}
