//! What HTTP says beside the documents: who may read them, how they are packed, and what is not there.

use hyper::Method;

use super::Client;
use super::Grade;
use super::address;
use super::examination::Examination;

/// Texts shorter than this are not worth packing.
const WORTH_PACKING: usize = 4096;

/// Looks at the answer of an address that these clients read.
pub(super) fn examine(own: &mut Examination, url: &str, clients: &'static [Client]) {
    let Ok(plain) = own.asker.get(url, &[("origin", "https://example.org")]) else { return };
    if plain.status != 200 {
        return;
    }
    let readable = plain.header("access-control-allow-origin");
    if !readable.is_some_and(|who| who == "*" || who == "https://example.org") {
        own.say(
            ("cors-missing", Grade::Breaks, Client::BROWSERS),
            url,
            "pages of other hosts may not read the answer: there is no Access-Control-Allow-Origin",
            "Send Access-Control-Allow-Origin: * with every answer, errors included.",
        );
    }
    if plain.header("content-encoding").is_some_and(|encoding| encoding != "identity") {
        own.say(
            ("encoding-forced", Grade::Hinders, clients),
            url,
            "the answer is packed though the client did not ask for it",
            "Pack answers only for requests whose Accept-Encoding allows it.",
        );
    }
    let is_text = |kind: &str| kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml");
    if is_text(&plain.media_type()) && plain.body.len() > WORTH_PACKING {
        let packed = own.asker.get(url, &[("accept-encoding", "gzip, br")]);
        if packed.is_ok_and(|packed| packed.header("content-encoding").is_none()) {
            own.say(
                ("compression-missing", Grade::Hinders, clients),
                url,
                format!("{} bytes of text are sent as they are, though gzip was asked for", plain.body.len()),
                "Let the server, or the proxy before it, compress JSON, XML and HTML.",
            );
        }
    }
    if own.asker.ask(&Method::HEAD, url, &[]).is_ok_and(|head| head.status >= 400) {
        own.say(
            ("head-refused", Grade::Hinders, &[Client::Gdal, Client::ArcGis]),
            url,
            "HEAD is refused where GET is not",
            "Answer HEAD as GET, without the body (RFC 9110, 9.3.2).",
        );
    }
}

/// Looks at what an address answers where nothing is, and whether a browser may ask with headers of its own.
pub(super) fn absences(own: &mut Examination) {
    let base = own.base.clone();
    let Some(missing) = address::join(&base, "no-such-resource-of-this-server") else { return };
    if own.asker.get(&missing, &[]).is_ok_and(|answer| answer.status == 200) {
        own.say(
            ("missing-is-200", Grade::Hinders, Client::ALL),
            &missing,
            "what is not there is answered with 200",
            "Answer 404; a proxy may be sending a page of its own for every path.",
        );
    }
    let asks = [
        ("origin", "https://example.org"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "authorization"),
    ];
    let preflight = own.asker.ask(&Method::OPTIONS, &base, &asks);
    let allows =
        |name: &str| preflight.as_ref().is_ok_and(|answer| answer.status < 300 && answer.header(name).is_some());
    if !allows("access-control-allow-origin") || !allows("access-control-allow-headers") {
        own.say(
            ("cors-preflight", Grade::Hinders, Client::BROWSERS),
            &base,
            "a browser may not ask with headers of its own, such as Authorization",
            "Answer OPTIONS with 204 and Access-Control-Allow-Origin, -Methods and -Headers.",
        );
    }
}
