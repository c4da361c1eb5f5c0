//! What is wrong with the files, for those who wrote them.

use askama::Template;
use axum::response::Response;
use serde::Serialize;

use super::Call;
use super::Error;
use super::Format;
use super::Operation;
use super::page::Frame;
use super::respond;
use crate::source::Problem;
use crate::source::Severity;

#[derive(Serialize)]
struct Document {
    problems: Vec<Entry>,
}

/// A problem as it is told; paths are relative to the folders that are served.
#[derive(Serialize)]
struct Entry {
    file: String,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    message: String,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct Page {
    frame: Frame,
    problems: Vec<String>,
}

pub(super) fn operation() -> Operation {
    let formats = &[Format::Json, Format::Html];
    Operation::new("getProblems", "/problems", "Capabilities", "What is wrong with the files.", formats)
}

/// `GET /problems`; the settings may keep it shut.
pub(super) async fn problems(call: Call) -> Result<Response, Error> {
    if !call.app.config.show_problems {
        return Err(Error::NotFound("such resource".to_owned()));
    }
    let operation = operation();
    let (params, format) = call.read(&operation)?;
    let problems = &call.catalog.problems;
    match format {
        Format::Html => {
            let links = call.links(&operation, &params, format);
            let frame = Frame::new(&call, "Problems").under("/", &call.app.config.title).with(links);
            respond::page(&call.headers, &Page { frame, problems: problems.iter().map(ToString::to_string).collect() })
        }
        _ => respond::json(&call.headers, format, &Document { problems: problems.iter().map(Entry::of).collect() }),
    }
}

impl Entry {
    fn of(problem: &Problem) -> Self {
        let severity = match problem.severity {
            Severity::Repaired => "repaired",
            Severity::Warning => "warning",
            Severity::Feature => "feature",
            Severity::File => "file",
        };
        Self {
            file: problem.file.display().to_string(),
            severity,
            feature: problem.feature,
            line: problem.place.map(|place| place.line),
            column: problem.place.map(|place| place.column),
            message: problem.message.clone(),
        }
    }
}
