//! The description as pages: all operations, and one of them with a form that tries it.

use askama::Template;

use crate::http::Call;
use crate::http::Kind;
use crate::http::Link;
use crate::http::Operation;
use crate::http::Params;
use crate::http::Segment;
use crate::http::form::Input;
use crate::http::page::Frame;

/// All operations.
#[derive(Template)]
#[template(path = "api.html")]
struct All<'a> {
    frame: Frame,
    description: &'a str,
    count: usize,
    chapters: Vec<Chapter<'a>>,
}

/// Operations of one kind.
struct Chapter<'a> {
    tag: &'static str,
    groups: Vec<Group<'a>>,
}

/// Operations of one thing: a collection, a style.
struct Group<'a> {
    /// What their paths begin with; empty where each is of its own.
    path: &'a str,
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    path: &'a str,
    summary: &'a str,
    /// Where it is described.
    href: String,
}

/// One operation.
#[derive(Template)]
#[template(path = "operation.html")]
struct One {
    frame: Frame,
    id: String,
    path: String,
    summary: String,
    /// Where its form leads, with braces.
    action: String,
    segments: Vec<Segment>,
    inputs: Vec<Input>,
    /// Media types and their names.
    formats: Vec<(&'static str, &'static str)>,
    /// What the body of a POST is.
    body: Option<&'static str>,
}

/// The page of all operations.
pub(super) fn all<'a>(call: &'a Call, operations: &'a [Operation], links: Vec<Link>) -> impl Template + use<'a> {
    All {
        frame: Frame::new(call, "API").under("/", &call.app.config.title).with(links),
        description: &call.app.config.description,
        count: operations.len(),
        chapters: chapters(call, operations),
    }
}

/// The page of one operation.
pub(super) fn one(call: &Call, operation: Operation, links: Vec<Link>) -> impl Template + use<> {
    let inputs = operation.parameters.iter().map(|parameter| {
        let mut input = Input::of(parameter, &Params::default());
        // A page is the last that a program would ask for, so that nothing is chosen beforehand.
        if matches!(parameter.kind, Kind::Text | Kind::Texts) && input.control == "text" && input.placeholder.is_empty()
        {
            input.placeholder = "text";
        }
        input
    });
    One {
        inputs: inputs.collect(),
        frame: Frame::new(call, &format!("GET {}", operation.path))
            .under("/", &call.app.config.title)
            .under("/api?f=html", "API")
            .with(links),
        action: format!("{}{}", call.base.path(), operation.path),
        formats: operation.formats.iter().map(|format| (format.media_type(), format.title())).collect(),
        id: operation.id,
        path: operation.path,
        summary: operation.summary,
        segments: operation.segments,
        body: operation.body,
    }
}

fn chapters<'a>(call: &Call, operations: &'a [Operation]) -> Vec<Chapter<'a>> {
    let mut chapters: Vec<Chapter<'a>> = Vec::new();
    for operation in operations {
        let query = Params::default().with(&[("f", Some("html")), ("operation", Some(&operation.id))]);
        let href = format!("{}/api{query}", call.base.path());
        let entry = Entry { path: &operation.path, summary: &operation.summary, href };
        let at = chapters.iter().position(|chapter| chapter.tag == operation.tag).unwrap_or_else(|| {
            chapters.push(Chapter { tag: operation.tag, groups: Vec::new() });
            chapters.len() - 1
        });
        let (groups, path) = (&mut chapters[at].groups, subject(&operation.path));
        match groups.iter_mut().find(|group| group.path == path) {
            Some(group) => group.entries.push(entry),
            None => groups.push(Group { path, entries: vec![entry] }),
        }
    }
    chapters
}

/// The collection, the style or the tileset that a path is about; empty when it is about none.
fn subject(path: &str) -> &str {
    let holds = ["/collections/", "/styles/", "/data/"].iter().any(|start| path.starts_with(start));
    match path[1..].match_indices('/').nth(1) {
        _ if !holds => "",
        Some((end, _)) => &path[..=end],
        None => path.split_once('.').map_or(path, |(path, _)| path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_of_one_thing_stand_together() {
        for (path, about) in [
            ("/collections", ""),
            ("/collections/towns", "/collections/towns"),
            ("/collections/towns/items/{featureId}", "/collections/towns"),
            ("/data/towns.geojson", "/data/towns"),
            ("/data/towns/{z}/{x}/{y}.pbf", "/data/towns"),
            ("/map/tiles/{tileMatrixSetId}", ""),
        ] {
            assert_eq!(subject(path), about, "{path}");
        }
    }
}
