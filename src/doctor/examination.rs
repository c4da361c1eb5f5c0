//! The examination: what is at an address, and what is looked at there.

use std::collections::BTreeSet;
use std::io;

use serde_json::Value as Json;

use super::Client;
use super::DoctorLimits;
use super::Finding;
use super::Grade;
use super::Report;
use super::address;
use super::asker::Answer;
use super::asker::Asker;
use super::landing;
use super::tiles;
use super::transport;
use super::wms;
use super::wmts;

/// Why nothing could be looked at.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no answer at all.
    #[error("{0} does not answer: {1}")]
    Silent(String, String),
    /// What answers is nothing that clients of maps read.
    #[error(
        "{0} answers {1} with '{2}', which is no landing page of an OGC API, no TileJSON, and no capabilities of WMS or WMTS: \
         give the address that you would give to a client"
    )]
    Unknown(String, u16, String),
    /// The machine has no room for a client.
    #[error("no request can be made: {0}")]
    Client(#[from] io::Error),
}

/// Looks at what is at an address: the landing page of an OGC API with all that it leads to, TileJSON, WMS or WMTS.
///
/// # Errors
/// When there is nothing to look at.
pub fn examine(url: &str, limits: DoctorLimits) -> Result<Report, Error> {
    let mut examination = Examination::new(url, limits)?;
    examination.begin()?;
    Ok(examination.finish())
}

/// An examination under way.
pub(super) struct Examination {
    pub(super) asker: Asker,
    /// The address that was given.
    pub(super) base: String,
    /// The path under which the server is shown, where that is known: the landing page's, without a slash at its end.
    mount: String,
    findings: Vec<Finding>,
    /// What was looked at, in words.
    seen: Vec<String>,
    /// Addresses whose capabilities were read.
    read: BTreeSet<String>,
}

impl Examination {
    fn new(url: &str, limits: DoctorLimits) -> Result<Self, Error> {
        let base = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
        let asker = Asker::new(limits)?;
        Ok(Self { asker, base, mount: String::new(), findings: Vec::new(), seen: Vec::new(), read: BTreeSet::new() })
    }

    fn begin(&mut self) -> Result<(), Error> {
        let base = self.base.clone();
        let silent = |reason| Error::Silent(base.clone(), reason);
        let answer = self.asker.get(&base, &[("accept", "application/json, application/xml;q=0.9, */*;q=0.1")]);
        let answer = answer.map_err(silent)?;
        if self.look_at(&answer) {
            return Ok(());
        }
        // An address of WMS or WMTS is written without its query.
        for query in ["service=WMS&request=GetCapabilities", "service=WMTS&request=GetCapabilities"] {
            let Ok(other) = self.asker.get(&address::with(&base, query), &[]) else { continue };
            if self.look_at(&other) {
                return Ok(());
            }
        }
        Err(Error::Unknown(base, answer.status, answer.media_type()))
    }

    /// Looks at what an answer is; whether it is anything.
    pub(super) fn look_at(&mut self, answer: &Answer) -> bool {
        if answer.status != 200 {
            return false;
        }
        if let Some(document) = answer.json() {
            if document.get("tilejson").is_some() {
                transport::examine(self, &answer.url, Client::VECTOR_TILES);
                tiles::tilejson(self, answer);
                return true;
            }
            if document["links"].is_array() {
                let path = address::path(&answer.url);
                path.rsplit_once('/').map_or("", |(folder, _)| folder).clone_into(&mut self.mount);
                landing::examine(self, answer, &document);
                return true;
            }
            return false;
        }
        let root = answer.text().and_then(|text| xml(text).map(|xml| xml.root_element().tag_name().name().to_owned()));
        match root.as_deref() {
            Some("WMS_Capabilities" | "WMT_MS_Capabilities") => self.once(&answer.url, |own| wms::examine(own, answer)),
            Some("Capabilities") => self.once(&answer.url, |own| wmts::examine(own, answer)),
            _ => return false,
        }
        true
    }

    fn once(&mut self, url: &str, look: impl FnOnce(&mut Self)) {
        if self.read.insert(url.to_owned()) {
            transport::examine(self, url, Client::MAPS);
            look(self);
        }
    }

    fn finish(mut self) -> Report {
        if !self.asker.may_ask() {
            let base = self.base.clone();
            self.say(
                ("unfinished", Grade::Hinders, &[]),
                &base,
                "there was no time to look at everything",
                "Ask again with a higher --seconds, or look at a part of it.",
            );
        }
        self.findings.sort_by_key(|finding| finding.grade);
        Report { url: self.base, seen: self.seen, requests: self.asker.asked(), findings: self.findings }
    }

    /// Notes what was looked at.
    pub(super) fn note(&mut self, what: String) {
        self.seen.push(what);
    }

    /// Notes a finding; one that was there before is counted.
    pub(super) fn say(
        &mut self,
        (code, grade, clients): (&'static str, Grade, &'static [Client]),
        place: &str,
        what: impl Into<String>,
        mend: &'static str,
    ) {
        if let Some(known) = self.findings.iter_mut().find(|finding| finding.code == code) {
            known.more += usize::from(known.place != place);
            return;
        }
        let place = place.to_owned();
        self.findings.push(Finding { code, grade, clients, place, more: 0, what: what.into(), mend });
    }

    /// Asks for a JSON document; what is none is said.
    pub(super) fn document(&mut self, url: &str, accept: &str, clients: &'static [Client]) -> Option<(Answer, Json)> {
        let answer = match self.asker.get(url, &[("accept", accept)]) {
            Ok(answer) => answer,
            Err(reason) => {
                self.say(
                    ("link-dead", Grade::Breaks, clients),
                    url,
                    format!("a link leads here, and there is no answer: {reason}"),
                    "Make the link lead to what is there, with the host and the port that clients see.",
                );
                return None;
            }
        };
        if answer.status != 200 {
            self.say(
                ("link-dead", Grade::Breaks, clients),
                url,
                format!("a link leads here, and the answer is {}", answer.status),
                "Make the link lead to what is there; behind a proxy, with the path under which it shows the server.",
            );
            return None;
        }
        let document = answer.json();
        if document.is_none() {
            self.say(
                ("not-json", Grade::Breaks, clients),
                url,
                format!("Accept: {accept} is answered with {}, which is no JSON", answer.media_type()),
                "Answer by the header Accept; `?f=json` alone is not enough for clients that do not know it.",
            );
        }
        document.map(|document| (answer, document))
    }

    /// Whether a link is one that every client can follow: absolute, and on the host and below the path that was asked.
    pub(super) fn check_link(&mut self, place: &str, href: &str, clients: &'static [Client]) {
        if !address::is_absolute(href) {
            self.say(
                ("link-relative", Grade::Breaks, clients),
                place,
                format!("the link '{href}' is relative; clients glue it to different things"),
                "Write links with scheme and host.",
            );
            return;
        }
        let (own, other) = (address::origin(&self.base), address::origin(href));
        if own == other {
            let folder = self.mount.clone();
            if !folder.is_empty() && !address::path(href).starts_with(&folder) {
                self.say(
                    ("link-prefix", Grade::Breaks, clients),
                    place,
                    format!("the link '{href}' leaves the path '{folder}', under which the server was asked"),
                    "Tell the server the path under which a proxy shows it (X-Forwarded-Prefix, or a setting such as base_path).",
                );
            }
            return;
        }
        let is_inner = |url: &str| {
            let host = url.split("://").nth(1).unwrap_or_default();
            ["localhost", "127.", "10.", "192.168.", "0.0.0.0", "[::1]"].iter().any(|inner| host.starts_with(inner))
        };
        let (own, other) = (own.unwrap_or_default(), other.unwrap_or_default());
        if own.split("://").nth(1) == other.split("://").nth(1) {
            self.say(
                ("link-scheme", Grade::Breaks, clients),
                place,
                format!("the link '{href}' changes from {own} to {other}; browsers refuse http in pages of https"),
                "Tell the server which scheme clients use: let the proxy send X-Forwarded-Proto, and let the server trust it.",
            );
        } else if is_inner(&other) {
            self.say(
                ("link-host", Grade::Breaks, clients),
                place,
                format!("the link '{href}' names a host that only the server's own machine or network knows"),
                "Let the proxy pass on the header Host (or X-Forwarded-Host), and let the server trust it.",
            );
        }
    }
}

/// An XML document, if it is one.
pub(super) fn xml(text: &str) -> Option<roxmltree::Document<'_>> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    roxmltree::Document::parse_with_options(text, options).ok()
}
