//! What an examination found, to read and for programs.

use serde_json::Value as Json;
use serde_json::json;

use super::Client;
use super::Finding;
use super::Grade;

/// The result of an examination.
#[derive(Clone, Debug)]
pub struct Report {
    /// The address that was looked at.
    pub url: String,
    /// What was looked at there, in words.
    pub seen: Vec<String>,
    /// Requests that were made.
    pub requests: usize,
    /// What was found, the worst first.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether any client cannot use what is there.
    pub fn is_broken(&self) -> bool {
        self.findings.iter().any(|finding| finding.grade == Grade::Breaks)
    }

    /// A text for people.
    pub fn text(&self) -> String {
        let mut out = format!("{}\nlooked at: {} ({} requests)\n", self.url, self.seen.join("; "), self.requests);
        if self.findings.is_empty() {
            let all = names(Client::ALL);
            out.push_str(&format!("\nNothing to say: {all} should get along with it.\n"));
            return out;
        }
        for finding in &self.findings {
            let whom = if finding.clients.is_empty() { String::new() } else { format!(" {}", names(finding.clients)) };
            let more = if finding.more > 0 { format!(" (and at {} more)", finding.more) } else { String::new() };
            out.push_str(&format!(
                "\n{}{whom}  [{}]\n  {}\n  {}{more}\n  Mend: {}\n",
                finding.grade.name(),
                finding.code,
                finding.what,
                finding.place,
                finding.mend
            ));
        }
        let broken = self.findings.iter().filter(|finding| finding.grade == Grade::Breaks).count();
        out.push_str(&format!("\n{} findings, {broken} of which break clients.\n", self.findings.len()));
        out
    }

    /// The same for programs.
    pub fn json(&self) -> Json {
        let findings: Vec<Json> = self
            .findings
            .iter()
            .map(|finding| {
                let clients: Vec<&str> = finding.clients.iter().map(|client| client.name()).collect();
                json!({
                    "code": finding.code,
                    "grade": finding.grade.name(),
                    "clients": clients,
                    "place": finding.place,
                    "more": finding.more,
                    "what": finding.what,
                    "mend": finding.mend,
                })
            })
            .collect();
        json!({ "url": self.url, "seen": self.seen, "requests": self.requests, "findings": findings })
    }
}

fn names(clients: &[Client]) -> String {
    let names: Vec<&str> = clients.iter().map(|client| client.name()).collect();
    names.join(", ")
}
