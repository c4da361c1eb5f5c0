//! Logs and metrics: what the program says about itself.

use std::fmt::Write as _;
use std::io;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;

use metrics::Counter;
use metrics::Histogram;
use metrics::Key;
use metrics::Label;
use metrics::Level;
use metrics::Metadata;
use metrics::Recorder as _;
use metrics_exporter_prometheus::Matcher;
use metrics_exporter_prometheus::PrometheusBuilder;
use metrics_exporter_prometheus::PrometheusRecorder;
use tracing_subscriber::EnvFilter;

/// The level of a log filter is unknown, or its target is no module path.
pub type InvalidFilter = tracing_subscriber::filter::ParseError;

/// Sends log lines to standard error from now on. `filter` is a level or a list such as `tumen=debug,warn`. In one process
/// the first call counts.
pub fn start(filter: &str, json: bool) -> Result<(), InvalidFilter> {
    let filter = EnvFilter::builder().parse(filter)?;
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let started = if json { lines.json().flatten_event(true).try_init() } else { lines.try_init() };
    if let Err(error) = started {
        tracing::debug!(%error, "log lines already have a place");
    }
    Ok(())
}

/// Counters and histograms in Prometheus's text format. Cloning shares them.
#[derive(Clone)]
pub struct Metrics(Arc<PrometheusRecorder>);

const METADATA: Metadata<'static> = Metadata::new("tumen", Level::INFO, None);
const REQUESTS: &str = "tumen_requests_total";
const REQUEST_SECONDS: &str = "tumen_request_seconds";
const WORK_SECONDS: &str = "tumen_work_seconds";
const RELOADS: &str = "tumen_reloads_total";

/// Upper bounds of durations in seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

impl Default for Metrics {
    fn default() -> Self {
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)
            .expect("there are buckets");
        let recorder = builder.build_recorder();
        recorder.describe_counter(REQUESTS.into(), None, "Answers by route, method and status".into());
        recorder.describe_histogram(REQUEST_SECONDS.into(), None, "Time until an answer began, by route".into());
        recorder.describe_histogram(WORK_SECONDS.into(), None, "Time to make what was not cached, by kind".into());
        recorder.describe_counter(RELOADS.into(), None, "Reloads of files by outcome".into());
        Self(Arc::new(recorder))
    }
}

impl Metrics {
    /// Counts answers of one kind. `route` is the pattern that matched, never the path.
    pub fn meter(&self, route: &str, method: &'static str, status: u16) -> Meter {
        let route = Label::new("route", route.to_owned());
        let labels = vec![route.clone(), Label::new("method", method), Label::new("status", status.to_string())];
        Meter {
            requests: self.0.register_counter(&Key::from_parts(REQUESTS, labels), &METADATA),
            seconds: self.0.register_histogram(&Key::from_parts(REQUEST_SECONDS, vec![route]), &METADATA),
        }
    }

    /// Counts a tile or picture that was made and not found in the cache.
    pub fn count_work(&self, kind: &'static str, time: Duration) {
        let labels = vec![Label::new("kind", kind)];
        self.0.register_histogram(&Key::from_parts(WORK_SECONDS, labels), &METADATA).record(time);
    }

    /// Counts a reload.
    pub fn count_reload(&self, succeeded: bool) {
        let labels = vec![Label::new("outcome", if succeeded { "served" } else { "refused" })];
        self.0.register_counter(&Key::from_parts(RELOADS, labels), &METADATA).increment(1);
    }

    /// Packs what was recorded since the last time; until then every duration is kept. To be called every few seconds.
    pub fn rest(&self) {
        self.0.handle().run_upkeep();
    }

    /// All of it, and the gauges that the caller reads at this moment.
    pub fn write(&self, gauges: &[Gauge<'_>]) -> String {
        let mut text = self.0.handle().render();
        let mut described = "";
        for gauge in gauges {
            if gauge.name != described {
                described = gauge.name;
                let kind = if gauge.name.ends_with("_total") { "counter" } else { "gauge" };
                // Writing to a string cannot fail.
                let _ = write!(text, "# HELP {} {}\n# TYPE {} {kind}\n", gauge.name, gauge.help, gauge.name);
            }
            let _ = match gauge.label {
                None => writeln!(text, "{} {}", gauge.name, gauge.value),
                Some((key, value)) => {
                    let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                    writeln!(text, "{}{{{key}=\"{value}\"}} {}", gauge.name, gauge.value)
                }
            };
        }
        text
    }
}

/// Counts answers of one route, method and status.
pub struct Meter {
    requests: Counter,
    seconds: Histogram,
}

impl Meter {
    /// Counts an answer that began after `time`.
    pub fn count(&self, time: Duration) {
        self.requests.increment(1);
        self.seconds.record(time);
    }
}

/// A number that is read when it is asked for. Those of one name stand together.
#[derive(Clone, Copy, Debug)]
pub struct Gauge<'a> {
    /// Its name; one that only grows ends in `_total`.
    pub name: &'static str,
    /// What it counts.
    pub help: &'static str,
    /// Key and value of its label.
    pub label: Option<(&'static str, &'a str)>,
    /// The number.
    pub value: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_written() {
        let metrics = Metrics::default();
        metrics.meter("/collections/{id}", "GET", 200).count(Duration::from_millis(3));
        metrics.meter("/collections/{id}", "GET", 200).count(Duration::from_millis(3));
        metrics.count_reload(false);
        metrics.rest();
        let gauge = |label, value| Gauge { name: "tumen_features", help: "Features", label: Some(("c", label)), value };
        let text = metrics.write(&[gauge("a\"b", 1.0), gauge("c", 2.0)]);
        assert!(
            text.contains(r#"tumen_requests_total{route="/collections/{id}",method="GET",status="200"} 2"#),
            "{text}"
        );
        assert!(text.contains(r#"tumen_request_seconds_bucket{route="/collections/{id}",le="0.005"} 2"#), "{text}");
        assert!(text.contains(r#"tumen_reloads_total{outcome="refused"} 1"#));
        assert!(
            text.ends_with("# TYPE tumen_features gauge\ntumen_features{c=\"a\\\"b\"} 1\ntumen_features{c=\"c\"} 2\n")
        );
    }

    #[test]
    fn a_filter_that_cannot_be_is_refused() {
        assert!(start("tumen=loudly", false).is_err());
    }
}
