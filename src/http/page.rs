//! What the HTML pages are made of. Everything in them is text of users and is escaped by the templates.

use serde::Serialize;

use super::Base;
use super::Call;
use super::Error;
use super::Link;
use super::params::segment;
use crate::catalog::Collection;
use crate::space::Bbox;

/// What stands around the content of every page.
pub struct Frame {
    /// The path of the landing page, with a slash at its end.
    pub root: String,
    /// The name of the server.
    pub site: String,
    /// The name of the page.
    pub title: String,
    /// The way to the page from the landing page: addresses and names.
    pub crumbs: Vec<(String, String)>,
    /// The same in other representations.
    pub alternates: Vec<Link>,
}

/// A collection in a list.
pub struct Card {
    /// Its id.
    pub id: String,
    /// Where it is described.
    pub href: String,
    /// Where its features are.
    pub items: String,
    /// A picture of all of them.
    pub preview: String,
    /// Its name.
    pub title: String,
    /// What its features are.
    pub description: String,
    /// Number of its features.
    pub count: usize,
    /// The types of its geometries.
    pub geometries: String,
}

/// A small map of what a page shows.
pub struct Map {
    pub geojson: String,
    /// What it shows first; all features when there is none.
    pub bbox: Option<Bbox>,
    /// The address of the style of what lies under the features; empty for none.
    pub style: String,
}

impl Frame {
    /// The frame of a page with this title.
    pub fn new(call: &Call, title: &str) -> Self {
        let root = format!("{}/", call.base.path());
        let site = call.app.config.title.clone();
        Self { root, site, title: title.to_owned(), crumbs: Vec::new(), alternates: Vec::new() }
    }

    /// The frame of a page that tells what went wrong, below a landing page.
    pub fn plain(base: &Base, site: &str, title: &str) -> Self {
        let root = format!("{}/", base.path());
        let crumbs = vec![(root.clone(), site.to_owned())];
        Self { root, site: site.to_owned(), title: title.to_owned(), crumbs, alternates: Vec::new() }
    }

    /// Adds a step of the way to the page.
    #[must_use]
    pub fn under(mut self, path: &str, title: &str) -> Self {
        let href = format!("{}{}", self.root, path.trim_start_matches('/'));
        self.crumbs.push((href, title.to_owned()));
        self
    }

    /// Adds the links to other representations.
    #[must_use]
    pub fn with(mut self, links: Vec<Link>) -> Self {
        self.alternates.extend(links.into_iter().filter(|link| link.rel == "alternate"));
        self
    }
}

impl Card {
    /// A collection in few words.
    pub fn of(call: &Call, collection: &Collection) -> Self {
        let href = format!("{}/collections/{}", call.base.path(), segment(&collection.id));
        let snapshot = collection.snapshot();
        let kinds: Vec<&str> = snapshot.schema().geometries.iter().filter_map(|kind| kind.name()).collect();
        Self {
            id: collection.id.clone(),
            items: format!("{href}/items"),
            preview: format!(
                "{}/data/{}/static/auto/480x200.png?attribution=false",
                call.base.path(),
                segment(&collection.id)
            ),
            href,
            title: collection.title().to_owned(),
            description: collection.metadata.description.clone().unwrap_or_default(),
            count: snapshot.len(),
            geometries: kinds.join(", "),
        }
    }
}

impl Map {
    /// A map of the features at an address, which shows this box first, or all of them.
    pub fn new(call: &Call, geojson: String, bbox: Option<Bbox>) -> Self {
        let style = call.catalog.default_style();
        let style = style.map(|style| format!("{}/styles/{}/style.json", call.base.path(), segment(&style.id)));
        Self { geojson, bbox, style: style.unwrap_or_default() }
    }

    /// The box as the page's script reads it.
    pub fn bounds(&self) -> String {
        self.bbox.map(|bbox| bbox.to_string()).unwrap_or_default()
    }
}

/// A JSON document as the content of a `script` element, where only `<` could end it or begin a comment.
pub fn data_block(document: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(document).map_err(Error::internal)?;
    Ok(text.replace('<', "\\u003c"))
}
