"""Serves under mixed load for a while, with a source that is rewritten every minute, and looks whether memory stays flat and
all answers are right. Standard library only.

    cargo build --release
    python tests/benches/soak/soak.py 30                    # minutes; [--features 100000] [--connections 3] [--tumen PATH]

What is asked for, at random places: vector tiles from z4 to z17 (plain, filtered, clustered, with labels, packed as gzip or zstd),
tiles that were asked for before (with and without If-None-Match), raster tiles and static maps of a style, pages of items, items by
id, items by CQL2, aggregates, explanations, WMS maps and feature infos, OGC tiles and maps, pages in HTML.

Every minute the file of the buildings becomes another edition: by renaming, by writing over it in place, and once in a while first
by half of it, which must be told and not served. Each answer with features must be of an edition that may be served at that time,
and a new one must be served within a minute of its writing (how long it took at most is told: the machine may be busy).

Every ten seconds: RssAnon, RssFile, open files, threads, requests so far. At the end, with exit status 1 if it does not hold:
no answer with a status of 500 or above nor with a wrong edition, no line of the log that is an error, the same number of open files and
threads, and memory flat: the median of RssAnon in the last quarter is at most 10 % + 8 MiB above that of the second.
"""

import argparse
import collections
import http.client
import json
import math
import os
import pathlib
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
WEST, SOUTH, EAST, NORTH = 126.0, 37.0, 130.0, 41.0
USES = ["house", "shop", "school", "barn", "회관", "works"]
STYLE = {
    "version": 8,
    "sources": {"b": {"type": "vector", "url": "/data/buildings.json"}, "t": {"type": "vector", "url": "/data/towns.json"}},
    "layers": [
        {"id": "land", "type": "background", "paint": {"background-color": "#f3efe6"}},
        {"id": "fill", "type": "fill", "source": "b", "source-layer": "buildings",
         "paint": {"fill-color": ["match", ["get", "use"], "shop", "#d7a", "school", "#dc8", "#cbb"], "fill-outline-color": "#876"}},
        {"id": "dots", "type": "circle", "source": "t", "source-layer": "towns", "paint": {"circle-radius": 3}},
        {"id": "names", "type": "symbol", "source": "t", "source-layer": "towns",
         "layout": {"text-field": ["get", "name"], "text-size": 12, "text-offset": [0, 1]}},
    ],
}


def collection(features):
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


def towns(count=400, seed=1):
    r = random.Random(seed)
    return [(r.uniform(WEST, EAST), r.uniform(SOUTH, NORTH), 0.002 + 0.05 / (n + 1) ** 0.5) for n in range(count)]


def town_text(places):
    line = '{{"type":"Feature","id":{0},"geometry":{{"type":"Point","coordinates":[{1:.6f},{2:.6f}]}},"properties":{{"name":"읍 {0}","people":{3}}}}}'
    return collection(line.format(n, x, y, 100 + n * 37 % 9000) for n, (x, y, _) in enumerate(places))


def building_text(places, count, edition):
    """Squares around towns, other ones in each edition, all of which carry its number."""
    r, lines = random.Random(edition), []
    for n in range(count):
        x, y, spread = places[min(int(r.expovariate(1 / 40)), len(places) - 1)]
        x, y = x + r.gauss(0, spread), y + r.gauss(0, spread)
        w, h = r.uniform(5e-5, 3e-4), r.uniform(5e-5, 3e-4)
        ring = ",".join(f"[{a:.7f},{b:.7f}]" for a, b in ((x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)))
        lines.append(f'{{"type":"Feature","id":{n},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}},"properties":'
                     f'{{"edition":{edition},"use":"{USES[n % 6]}","levels":{n % 17},"name":"{n} 번지"}}}}')
    return collection(lines)


class Soak:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.places = towns()
        (folder / "data").mkdir()
        (folder / "styles").mkdir()
        (folder / "styles/town.json").write_text(json.dumps(STYLE))
        (folder / "data/towns.geojson").write_text(town_text(self.places))
        self.file = folder / "data/buildings.geojson"
        # Editions that may be served: the last one that was served, and those that were written since.
        self.editions, self.guard = {0}, threading.Lock()
        self.file.write_text(building_text(self.places, options.features, 0))
        self.counts, self.faults, self.slowest = collections.Counter(), [], collections.defaultdict(float)
        self.stop = threading.Event()

    def start(self):
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
        self.log = open(self.folder / "log", "wb")
        env = {key: value for key, value in os.environ.items() if not key.startswith("TUMEN_")}
        # Small caches are full soon: what grows after that, leaks.
        env.update(TUMEN_LIMITS_CACHE_BYTES=str(32 << 20), TUMEN_LIMITS_CLUSTER_BYTES=str(16 << 20))
        command = [self.options.tumen, "serve", "--no-access-log", "--cache-dir", "cache", "--styles", "styles",
                   "--listen", f"127.0.0.1:{self.port}", "data"]
        self.process = subprocess.Popen(command, cwd=self.folder, env=env, stdout=subprocess.DEVNULL, stderr=self.log)
        for _ in range(600):
            try:
                if self.ask(self.connect(), "/ready")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        sys.exit("it does not start: " + (self.folder / "log").read_text())

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    @staticmethod
    def ask(door, path, headers=None):
        door.request("GET", path, headers=headers or {})
        answer = door.getresponse()
        return answer.status, answer.read(), answer.headers

    # What is asked for: (name, path, headers).

    def place(self, r):
        x, y, spread = self.places[min(int(r.expovariate(1 / 40)), len(self.places) - 1)]
        return x + r.gauss(0, spread), y + r.gauss(0, spread)

    def tile(self, r, low, high):
        z, (x, y) = r.randint(low, high), self.place(r)
        n = 1 << z
        return z, int((x + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(y))) / math.pi) / 2 * n)

    def box(self, r, size):
        x, y = self.place(r)
        return f"{x:.5f},{y:.5f},{x + size:.5f},{y + size:.5f}"

    def request(self, r, seen):
        z, x, y = self.tile(r, 4, 17)
        packed = {"Accept-Encoding": r.choice(["gzip", "zstd", "identity"])}
        level = r.randrange(17)
        rz, rx, ry = self.tile(r, 8, 16)
        bz, bx, by = self.tile(r, 11, 16)
        select = r.choice([f"filter=levels%3E{level}", f"levels={level}", "use=school", "filter=name%20LIKE%20%27%257%27"])
        wms = f"/wms?service=WMS&version=1.3.0&layers=towns,buildings&styles=&crs=CRS:84&bbox={self.box(r, 0.02)}&width=256&height=256"
        choices = [
            (20, "vector", f"/data/buildings/{z}/{x}/{y}.pbf", packed),
            (8, "vector, filter", f"/data/buildings/{z}/{x}/{y}.pbf?{select}", packed),
            (4, "vector, joined", f"/data/buildings,towns/{z}/{x}/{y}.pbf?labels=true", packed),
            (3, "clusters", "/data/towns/{}/{}/{}.pbf?cluster=50&cluster-properties=sum:people".format(*self.tile(r, 3, 9)), packed),
            (10, "raster", f"/styles/town/{rz}/{rx}/{ry}.png", {}),
            (3, "raster, 512", f"/styles/town/512/{bz}/{bx}/{by}@2x.webp", {}),
            (2, "raster, filter", f"/data/buildings/{bz}/{bx}/{by}.png?{select}", {}),
            (2, "static", f"/styles/town/static/{self.box(r, 0.05)}/400x300.png", {}),
            (8, "items in a box", f"/collections/buildings/items?limit=50&bbox={self.box(r, 0.01)}&f=json", packed),
            (6, "items, page", f"/collections/buildings/items?limit=10&offset={r.randrange(self.options.features)}&f=json", packed),
            (4, "items, CQL2", f"/collections/buildings/items?limit=20&{select}&bbox={self.box(r, 0.1)}&f=json", packed),
            (6, "item", f"/collections/buildings/items/{r.randrange(self.options.features)}?f=json", packed),
            (1, "items, CSV", f"/collections/buildings/items?limit=2000&f=csv&bbox={self.box(r, 0.05)}", packed),
            (1, "items, HTML", f"/collections/buildings/items?limit=20&f=html&bbox={self.box(r, 0.05)}", packed),
            (1, "aggregate", "/collections/buildings/aggregate?groupby=use&measures=count,mean(levels)&f=json", packed),
            (1, "explain", f"/data/buildings/{z}/{x}/{y}/explain", packed),
            (3, "WMS", wms + "&request=GetMap&format=image/png", {}),
            (2, "WMS, info", wms + "&request=GetFeatureInfo&query_layers=buildings&info_format=application/json&i=128&j=128", {}),
            (3, "OGC tile", f"/collections/buildings/tiles/WebMercatorQuad/{z}/{y}/{x}", packed),
            (2, "OGC map", f"/collections/buildings/map?bbox={self.box(r, 0.03)}&width=300&height=300&f=png", {}),
            (1, "documents", r.choice(["/", "/collections", "/api", "/data/buildings.json", "/styles/town/style.json", "/metrics",
                                       "/problems", "/health", "/conformance"]), packed),
        ]
        if seen and r.random() < 0.25:
            path, headers, tag = r.choice(seen)
            again = {**headers, "If-None-Match": tag} if tag and r.random() < 0.5 else headers
            return "asked before", path, again
        return r.choices([choice[1:] for choice in choices], [choice[0] for choice in choices])[0]

    def work(self, number):
        r, door, seen = random.Random(number), self.connect(), collections.deque(maxlen=300)
        while not self.stop.is_set():
            name, path, headers = self.request(r, seen)
            with self.guard:
                allowed = set(self.editions)
            began = time.monotonic()
            try:
                status, body, answer = self.ask(door, path, headers)
            except (OSError, http.client.HTTPException) as error:
                self.fault(f"{name} {path}: {error!r}")
                door = self.connect()
                continue
            self.slowest[name] = max(self.slowest[name], time.monotonic() - began)
            self.counts[name] += 1
            self.counts[status] += 1
            # Small features may be gone in another edition: 404 and 204 are answers, and what is too much to ask is told.
            if status >= 500 or status not in (200, 204, 304, 404):
                self.fault(f"{status} {name} {path} {headers}: {body[:200]!r}")
            if status == 404 and name != "item":
                self.fault(f"404 {name} {path}: {body[:200]!r}")
            if status == 200 and not body:
                self.fault(f"empty: {name} {path}")
            if status == 200 and "json" in answer.get("Content-Type", "") and "Content-Encoding" not in answer:
                with self.guard:
                    allowed |= self.editions
                found = {int(text) for text in re.findall(rb'"edition":\s*(\d+)', body)}
                if not found <= allowed or len(found) > 1:
                    self.fault(f"editions {found} of {allowed}: {name} {path}")
            if "vector" in name or "raster" in name:
                seen.append((path, headers, answer.get("ETag")))

    def fault(self, text):
        self.faults.append(text)
        if len(self.faults) <= 20:
            print("FAULT", text, flush=True)

    def served(self, door):
        body = self.ask(door, "/collections/buildings/items/0?f=json")[1]
        return json.loads(body)["properties"]["edition"]

    def rewriting(self):
        try:
            self.rewrite()
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            self.fault(f"editions end: {error!r}")

    def rewrite(self):
        """Makes another edition every minute."""
        edition = 0
        while not self.stop.wait(self.options.every):
            # A server closes connections that rest for so long.
            edition, door = edition + 1, self.connect()
            text = building_text(self.places, self.options.features, edition)
            if edition % 5 == 0:
                self.file.write_text(text[: len(text) // 2])
                time.sleep(10)
                if self.served(door) != edition - 1:
                    self.fault("half a file is served")
                if b"half a file" not in self.ask(door, "/problems?f=json")[1]:
                    self.fault("half a file is not told of at /problems")
            with self.guard:
                self.editions.add(edition)
            if edition % 2:
                self.file.with_suffix(".new").write_text(text)
                os.replace(self.file.with_suffix(".new"), self.file)
            else:
                self.file.write_text(text)
            began = time.monotonic()
            is_late = False
            while self.served(door) != edition and not self.stop.is_set():
                if not is_late and time.monotonic() - began > self.options.patience:
                    self.fault(f"edition {edition} is not served after {self.options.patience} s")
                    is_late = True
                time.sleep(0.1)
            self.slowest["new edition"] = max(self.slowest["new edition"], time.monotonic() - began)
            # Answers that were begun before the change may still be under way.
            time.sleep(3)
            with self.guard:
                self.editions = {edition}

    def sample(self):
        root = pathlib.Path(f"/proc/{self.process.pid}")
        status = dict(line.split(":", 1) for line in (root / "status").read_text().splitlines())
        mib = lambda name: int(status[name].split()[0]) / 1024
        return {"anon": mib("RssAnon"), "file": mib("RssFile"), "peak": mib("VmHWM"), "threads": int(status["Threads"]),
                "files": len(os.listdir(root / "fd"))}

    def run(self):
        self.start()
        threads = [threading.Thread(target=self.work, args=(n,), daemon=True) for n in range(self.options.connections)]
        threads.append(threading.Thread(target=self.rewriting, daemon=True))
        for thread in threads:
            thread.start()
        samples, end = [], time.monotonic() + self.options.minutes * 60
        while time.monotonic() < end and self.process.poll() is None:
            time.sleep(min(10, max(end - time.monotonic(), 0.1)))
            sample = self.sample()
            samples.append(sample)
            total = sum(count for key, count in self.counts.items() if isinstance(key, int))
            print(f"{len(samples) * 10:5} s  RssAnon {sample['anon']:6.1f}  RssFile {sample['file']:6.1f}  VmHWM {sample['peak']:6.1f} MiB  "
                  f"{sample['threads']} threads  {sample['files']} files  {total} answers  {len(self.faults)} faults", flush=True)
        if self.process.poll() is not None:
            self.fault(f"it ended with {self.process.returncode}")
        self.stop.set()
        for thread in threads:
            thread.join(70)
        time.sleep(3)
        rest = self.sample()
        self.process.terminate()
        if self.process.wait(60) != 0:
            self.fault(f"it ended with {self.process.returncode}")
        return self.judge(samples, rest)

    def judge(self, samples, rest):
        log = (self.folder / "log").read_text(errors="replace")
        errors = [line for line in log.splitlines() if " ERROR " in line or "panicked" in line]
        median = lambda part, name: statistics.median(sample[name] for sample in part)
        quarter = max(len(samples) // 4, 1)
        second, last = samples[quarter:2 * quarter] or samples, samples[-quarter:]
        anon = median(second, "anon"), median(last, "anon")
        files = median(second, "files"), median(last, "files")
        checks = {
            "no fault": not self.faults,
            "no error in the log": not errors,
            "memory flat": anon[1] <= anon[0] * 1.1 + 8,
            "open files flat": files[1] <= files[0] + 4,
        }
        print("\nanswers by kind, with the slowest in seconds:")
        for key, count in sorted(self.counts.items(), key=str):
            print(f"  {key}: {count}" + (f"  {self.slowest[key]:.2f}" if key in self.slowest else ""))
        print(f"slowest new edition: {self.slowest['new edition']:.2f} s")
        print(f"RssAnon, median of the second quarter and of the last: {anon[0]:.1f}, {anon[1]:.1f} MiB; most {max(s['anon'] for s in samples):.1f}; "
              f"at rest {rest['anon']:.1f}; open files {files[0]:.0f}, {files[1]:.0f}; threads at rest {rest['threads']}")
        for line in errors[:10]:
            print("  log:", line)
        for check, holds in checks.items():
            print(("ok    " if holds else "WRONG ") + check)
        return all(checks.values())


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("minutes", type=float)
    options.add_argument("--features", type=int, default=100_000)
    options.add_argument("--connections", type=int, default=3)
    options.add_argument("--every", type=float, default=60, help="seconds between editions")
    options.add_argument("--patience", type=float, default=60, help="seconds until a new edition is served")
    options.add_argument("--tumen", default=str(ROOT / "target/release/tumen"))
    options = options.parse_args()
    options.tumen = str(pathlib.Path(options.tumen).resolve())
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if Soak(options, pathlib.Path(folder)).run() else 1)


main()
