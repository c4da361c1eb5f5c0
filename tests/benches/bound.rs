//! How far what is served is from what bounds it: a cold tile from packing its bytes with libdeflate at level 1, a cached one from
//! bare hyper sending the same bytes. `cargo bench --bench bound -- [FILE.geojson] [ZOOMS...]`, such as
//! `buildings.geojson 10 13 14 15`; without a file, a town of 100,000 houses is made.
//!
//! Processor time is that of the server's process alone (`/proc/PID/stat`), so that who asks counts for nothing; Linux only.

use std::collections::HashSet;
use std::io;
use std::io::BufRead as _;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

/// Tiles of each zoom that are asked, and how often a cached one is in each of a few turns.
const TILES: usize = 200;
const CACHED: usize = 40_000;
const TURNS: usize = 5;
const CONNECTIONS: usize = 8;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Answer<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Answer<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [word, address, file] = &arguments[..]
        && word == "bare"
    {
        return bare(address, std::fs::read(file)?.into());
    }
    let folder = tempfile::tempdir()?;
    let given = arguments.iter().find(|argument| argument.parse::<u8>().is_err()).map(PathBuf::from);
    let file = match given {
        Some(file) => file,
        None => town(folder.path())?,
    };
    let mut zooms: Vec<u8> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if zooms.is_empty() {
        zooms = vec![10, 12, 13, 14, 15];
    }
    let collection = file.file_stem().and_then(|stem| stem.to_str()).ok_or("the file has a name")?.to_owned();
    let address = free()?;
    let server = Server::start(
        Command::new(env!("CARGO_BIN_EXE_tumen"))
            .args(["serve", "--no-access-log", "--listen", &address.to_string(), "--cache-dir"])
            .arg(folder.path())
            .arg(&file),
    )?;
    wait(address)?;
    let mut out = io::stdout();
    for zoom in zooms {
        cold(&server, address, &collection, zoom, &mut out)?;
    }
    cached(&server, address, &collection, folder.path(), &mut out)
}

/// Each of the tiles once: the server's time for a tile, beside that of packing what it holds.
fn cold(server: &Server, address: SocketAddr, collection: &str, zoom: u8, out: &mut impl io::Write) -> Answer<()> {
    let tiles = tiles(address, collection, zoom)?;
    let mut client = Client::new(address)?;
    let before = server.time()?;
    let mut bodies = Vec::with_capacity(tiles.len());
    for tile in &tiles {
        bodies.push(client.ask(&format!("/data/{collection}/{tile}.mvt"), "gzip")?);
    }
    let served = server.time()?.saturating_sub(before);
    let plain: Vec<Vec<u8>> = bodies.iter().map(|body| unpack(body)).collect::<io::Result<_>>()?;
    let mut packer =
        libdeflater::Compressor::new(libdeflater::CompressionLvl::new(1).map_err(|_| "there is a level 1")?);
    let mut least = Duration::MAX;
    for _ in 0..TURNS {
        let begun = Instant::now();
        for body in &plain {
            let mut packed = vec![0; packer.gzip_compress_bound(body.len())];
            packer.gzip_compress(body, &mut packed)?;
            std::hint::black_box(packed);
        }
        least = least.min(begun.elapsed());
    }
    let count = tiles.len() as f64;
    let bytes = plain.iter().map(Vec::len).sum::<usize>() as f64 / count;
    let (served, packing) = (served.as_secs_f64() / count * 1e3, least.as_secs_f64() / count * 1e3);
    let ratio = served / packing;
    writeln!(
        out,
        "z{zoom}: {count} tiles of {bytes:.0} bytes: {served:.3} ms each, packing alone {packing:.3} ms: {ratio:.2}"
    )?;
    Ok(())
}

/// One tile again and again, and the same bytes from bare hyper, turn by turn.
fn cached(
    server: &Server,
    address: SocketAddr,
    collection: &str,
    folder: &Path,
    out: &mut impl io::Write,
) -> Answer<()> {
    let path = format!("/data/{collection}/{}.mvt", tiles(address, collection, 15)?[0]);
    let body = Client::new(address)?.ask(&path, "gzip")?;
    let file = folder.join("bare");
    std::fs::write(&file, &body)?;
    let other = free()?;
    let mut hyper = Command::new(std::env::current_exe()?);
    let hyper = Server::start(hyper.arg("bare").arg(other.to_string()).arg(&file))?;
    wait(other)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(again(server, address, &path)?);
        theirs.push(again(&hyper, other, &path)?);
    }
    ours.sort();
    theirs.sort();
    let each = |time: Duration| time.as_secs_f64() * 1e6 / CACHED as f64;
    let (ours, theirs) = (each(ours[TURNS / 2]), each(theirs[TURNS / 2]));
    let ratio = ours / theirs;
    writeln!(out, "cached, {} bytes: {ours:.1} us each, bare hyper {theirs:.1} us: {ratio:.2}", body.len())?;
    Ok(())
}

/// The processor time of a server while it answers the same question on all connections.
fn again(server: &Server, address: SocketAddr, path: &str) -> Answer<Duration> {
    let before = server.time()?;
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(move || -> Answer<()> {
                    let mut client = Client::new(address)?;
                    (0..CACHED / CONNECTIONS).try_for_each(|_| client.ask(path, "gzip").map(drop))
                })
            })
            .collect();
        clients.into_iter().try_for_each(|client| client.join().map_err(|_| "a client ended early")?)
    })?;
    Ok(server.time()?.saturating_sub(before))
}

/// The same bytes for every request, by hyper and nothing else, on as many threads as the server has.
fn bare(address: &str, body: Bytes) -> Answer<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let body = body.clone();
            tokio::spawn(async move {
                let service = service_fn(move |_| {
                    let response = Response::builder()
                        .header("Content-Type", "application/vnd.mapbox-vector-tile")
                        .header("Content-Encoding", "gzip")
                        .body(Full::new(body.clone()));
                    async move { response }
                });
                // A client that goes away ends its connection and nothing else.
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
            });
        }
    })
}

/// A process that serves, ended with this.
struct Server(Child);

impl Server {
    fn start(command: &mut Command) -> io::Result<Self> {
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(Self)
    }

    /// The processor time that it has taken, in user and kernel mode, of all its threads.
    fn time(&self) -> Answer<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        let after = &stat[stat.rfind(')').ok_or("a process has a name")?..];
        let ticks: u64 = after.split(' ').skip(12).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        // A hundred ticks a second on every Linux there is.
        Ok(Duration::from_millis(10 * ticks))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

/// One connection, kept open.
struct Client(BufReader<TcpStream>);

impl Client {
    fn new(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::with_capacity(1 << 16, stream)))
    }

    /// The body of the answer to a question, as it came.
    fn ask(&mut self, path: &str, encoding: &str) -> Answer<Vec<u8>> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {encoding}\r\n\r\n");
        self.0.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length) = (String::new(), None);
        self.0.read_line(&mut status)?;
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line)?;
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().ok();
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body)?;
        if status.contains(" 200 ") || status.contains(" 204 ") {
            return Ok(body);
        }
        Err(format!("{path}: {status}{}", String::from_utf8_lossy(&body)).into())
    }
}

/// Tiles of a zoom in which features of a collection lie, each once, spread over it.
fn tiles(address: SocketAddr, collection: &str, zoom: u8) -> Answer<Vec<String>> {
    let mut client = Client::new(address)?;
    let items = format!("/collections/{collection}/items?f=json&properties=&");
    let page = |body: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&body);
    let first = page(client.ask(&format!("{items}limit=1"), "identity")?)?;
    let count = first["numberMatched"].as_u64().ok_or("the collection has a count")?;
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    for turn in 0..10 * TILES as u64 {
        // Steps of the golden ratio come near every feature without a beat.
        let offset = (turn as f64 * 0.618_033_988_749_895).fract() * count as f64;
        let page = page(client.ask(&format!("{items}limit=1&offset={}", offset as u64), "identity")?)?;
        let Some([lon, lat]) = position(&page["features"][0]["geometry"]["coordinates"]) else { continue };
        let [x, y] = tumen::render::world([lon, lat]);
        let side = f64::from(1_u32 << zoom);
        let tile = format!("{zoom}/{}/{}", (x * side) as u32, (y * side) as u32);
        if seen.insert(tile.clone()) {
            found.push(tile);
        }
        if found.len() == TILES {
            break;
        }
    }
    Ok(found)
}

/// The first position of coordinates, however deep they are.
fn position(coordinates: &serde_json::Value) -> Option<[f64; 2]> {
    match (coordinates.get(0)?.as_f64(), coordinates.get(1).and_then(serde_json::Value::as_f64)) {
        (Some(lon), Some(lat)) => Some([lon, lat]),
        _ => position(coordinates.get(0)?),
    }
}

/// Houses of a town, 3,000 in a tile of zoom 14, as a file.
fn town(folder: &Path) -> io::Result<PathBuf> {
    let path = folder.join("town.geojson");
    let mut file = io::BufWriter::new(std::fs::File::create(&path)?);
    file.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[\n")?;
    let step = 360.0 / f64::from(1 << 14) / 55.0;
    for number in 0..100_000_u32 {
        let (column, row) = (number % 320, number / 320);
        let (lon, lat) = (129.5 + f64::from(column) * step, 42.2 + f64::from(row) * step * 0.74);
        let corner = |turn: u32| {
            let angle = f64::from(turn % 9) / 9.0 * std::f64::consts::TAU;
            let reach = step * (0.3 + 0.1 * f64::from((number + turn % 9) % 3)) / 1.5;
            format!("[{:.7},{:.7}]", lon + reach * angle.cos(), lat + reach * 0.74 * angle.sin())
        };
        let ring: Vec<String> = (0..=9).map(corner).collect();
        let kind = ["house", "shed", "shop"][number as usize % 3];
        let comma = if number == 0 { "" } else { ",\n" };
        write!(
            file,
            "{comma}{{\"type\":\"Feature\",\"id\":{number},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[{}]]}},\
             \"properties\":{{\"kind\":\"{kind}\",\"street\":\"street {}\",\"number\":{},\"height\":{}.5,\"listed\":{}}}}}",
            ring.join(","),
            number % 97,
            number % 211,
            number % 40,
            number.is_multiple_of(9)
        )?;
    }
    file.write_all(b"\n]}\n")?;
    file.flush()?;
    Ok(path)
}

fn unpack(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(body).read_to_end(&mut plain)?;
    Ok(plain)
}

/// An address that nobody listens on.
fn free() -> io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}

/// Until a server listens and, if it is ours, has read its file.
fn wait(address: SocketAddr) -> Answer<()> {
    for _ in 0..600 {
        if Client::new(address).is_ok_and(|mut client| client.ask("/collections?f=json", "identity").is_ok()) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err("the server did not start within a minute".into())
}
