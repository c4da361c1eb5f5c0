"""A segment several times larger than the memory that the server may have: whether it answers as one without a limit does, byte by
byte, and how much slower. Standard library only; Linux, as root (or with a cgroup that may be written to).

    cargo build --release
    python tests/benches/limited.py FILE.geojson [--times 4] [--requests 3000] [--tumen PATH]

The limit is that of a memory cgroup (v1 or v2): pages of a mapped file count there, and the system takes them back when it is
reached, which is what happens on a small machine. `ulimit -v` and `prlimit --as` would not do: they limit addresses, of which a mapped
file takes its whole length at once, whether its pages are in memory or not; `ulimit -m` (RSS) does nothing on Linux.

The file is packed once without a limit. Two servers then serve the same segment, one with all memory and one with a fraction
(`--times`) of the segment's size, the program's own memory included. Before each, the segment's pages are dropped from the system's cache,
so that both have to read it. The same requests, tiles and features at random places, are sent to one after the other, over two
connections; each answer's status, ETag and bytes are compared.
"""

import argparse
import collections
import hashlib
import http.client
import json
import math
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CGROUP = pathlib.Path("/sys/fs/cgroup")


class Limit:
    """A memory cgroup with a limit in bytes, or without."""

    def __init__(self, size):
        self.is_v1 = (CGROUP / "memory").is_dir()
        self.folder = (CGROUP / "memory" if self.is_v1 else CGROUP) / f"tumen-limited-{os.getpid()}-{size or 'none'}"
        self.folder.mkdir()
        if size and self.is_v1:
            self.write("memory.limit_in_bytes", size)
        elif size:
            self.write("memory.max", size)
            self.write("memory.swap.max", 0, optional=True)

    def write(self, name, value, optional=False):
        try:
            (self.folder / name).write_text(str(value))
        except OSError:
            if not optional:
                raise

    def figures(self):
        names = {"most": ("memory.max_usage_in_bytes", "memory.peak"), "reclaims": ("memory.failcnt", "memory.events")}
        found = {}
        for key, pair in names.items():
            path = self.folder / pair[0 if self.is_v1 else 1]
            text = path.read_text() if path.exists() else "0"
            found[key] = int(text.split("\nmax ")[1].split()[0] if "\nmax " in text else text.split()[0])
        stat = dict(line.split() for line in (self.folder / "memory.stat").read_text().splitlines())
        found["major faults"] = int(stat.get("pgmajfault", 0))
        return found

    def remove(self):
        for _ in range(50):
            try:
                return self.folder.rmdir()
            except OSError:
                time.sleep(0.1)


class Server:
    def __init__(self, tumen, file, cache, limit):
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
        self.limit = limit
        procs = limit.folder / "cgroup.procs"
        # The shell puts itself into the group and becomes the server.
        command = ["sh", "-c", f'echo $$ > {procs}; exec "$@"', "sh", tumen, "serve", "--no-access-log", "--no-watch", "--log", "warn",
                   "--cache-dir", cache, "--listen", f"127.0.0.1:{self.port}", file]
        # Nothing is answered from the cache of tiles.
        env = {**os.environ, "TUMEN_LIMITS_CACHE_BYTES": "1"}
        began = time.monotonic()
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.log, env=env)
        while True:
            try:
                if ask(http.client.HTTPConnection("127.0.0.1", self.port), "/ready")[0] == 200:
                    break
            except OSError:
                if self.process.poll() is not None:
                    self.log.seek(0)
                    sys.exit(f"it ended with {self.process.returncode}: {self.log.read().decode()}")
            time.sleep(0.005)
        self.start = time.monotonic() - began

    def memory(self):
        lines = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return {name: next(int(line.split()[1]) >> 10 for line in lines if line.startswith(name)) for name in ("RssAnon", "RssFile")}

    def stop(self):
        self.process.terminate()
        self.process.wait(60)
        self.limit.remove()


def ask(door, path):
    # Links name the host that was asked, which is the same for both.
    door.request("GET", path, headers={"Host": "tumen.test"})
    answer = door.getresponse()
    # When it was answered is no part of the answer.
    body = re.sub(rb'"timeStamp":\s*"[^"]*"', b"", answer.read())
    # The tag of a vector tile holds for all replicas; its counts are of the answer too.
    told = [answer.getheader(name) or "" for name in ("ETag", "Content-Type", "Tumen-Features")]
    return answer.status, len(body), hashlib.blake2b(body + "\n".join(told).encode(), digest_size=16).hexdigest()


def load(server, paths, connections=2):
    """Asks for all paths: what was answered by path, and seconds; and each one's milliseconds."""
    answers, times, turn, guard = {}, [], iter(paths), threading.Lock()

    def work():
        door = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        while True:
            with guard:
                path = next(turn, None)
            if path is None:
                return
            began = time.monotonic()
            answers[path] = ask(door, path)
            times.append((time.monotonic() - began) * 1e3)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.monotonic() - began, sorted(times)


def places(server, count, total):
    """Positions of features all over the file."""
    found, door, r = [], http.client.HTTPConnection("127.0.0.1", server.port), random.Random(5)
    for _ in range(count):
        door.request("GET", f"/collections/{server.name}/items?limit=1&offset={r.randrange(total)}&f=json")
        place = json.loads(door.getresponse().read())["features"][0]
        coords = place["geometry"]["coordinates"]
        while isinstance(coords[0], list):
            coords = coords[0]
        found.append((coords, place["id"]))
    return found


def lists(name, spots, total, count):
    """What is asked for, by kind: each path once."""
    r, found = random.Random(9), collections.OrderedDict()

    def tiles(low, high):
        for _ in range(count):
            (lon, lat), z = r.choice(spots)[0], r.randint(low, high)
            x, y = int((lon + 180) / 360 * (1 << z)), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * (1 << z))
            yield f"/data/{name}/{z}/{x}/{y}.pbf"

    items = f"/collections/{name}/items"
    boxes = (f"{items}?limit=100&f=json&bbox={lon:.4f},{lat:.4f},{lon + 0.01:.4f},{lat + 0.01:.4f}" for (lon, lat), _ in spots)
    found["one by id"] = (f"{items}/{one}?f=json" for _, one in spots)
    found["pages of 10"] = (f"{items}?limit=10&f=json&offset={r.randrange(total)}" for _ in range(count))
    found["small boxes"] = boxes
    for low, high in ((15, 16), (13, 14), (10, 12), (6, 9), (0, 5)):
        found[f"tiles z{low}-{high}"] = tiles(low, high)
    return {kind: list(dict.fromkeys(paths)) for kind, paths in found.items()}


def drop(path):
    """Drops a file's pages from the system's cache."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=pathlib.Path)
    options.add_argument("--times", type=float, default=4, help="how many times larger the segment is than the memory allowed")
    options.add_argument("--requests", type=int, default=2000, help="requests of each kind at most")
    options.add_argument("--cache", help="a folder to keep the segment in for another run")
    options.add_argument("--tumen", default=str(ROOT / "target/release/tumen"))
    options = options.parse_args()
    file, name = str(options.file.resolve()), options.file.name.split(".")[0]
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache or folder
        packer = Server(options.tumen, file, cache, Limit(None))
        packer.name = name
        door = http.client.HTTPConnection("127.0.0.1", packer.port)
        door.request("GET", f"/collections/{name}/items?limit=1&f=json")
        total = json.loads(door.getresponse().read())["numberMatched"]
        asked = lists(name, places(packer, options.requests, total), total, options.requests)
        packer.stop()
        segment = max(pathlib.Path(cache).glob(f"{name}*.segment"), key=lambda path: path.stat().st_mtime)
        size = segment.stat().st_size
        allowed = int(size / options.times)
        print(f"{total} features, {options.file.stat().st_size / 1e6:.0f} MB; packed {size / 1e6:.0f} MB; allowed {allowed / 1e6:.0f} MB")
        answers, wrong = {}, 0
        for label, bound in (("unlimited", None), ("limited", allowed)):
            drop(segment)
            server = Server(options.tumen, file, cache, Limit(bound))
            print(f"{label}: start {server.start:.2f} s, {server.memory()} MiB", flush=True)
            for kind, paths in asked.items():
                before = server.limit.figures()["major faults"]
                found, seconds, times = load(server, paths)
                faults = (server.limit.figures()["major faults"] - before) / len(paths)
                print(f"  {kind:13} {len(paths):5} asked  {len(paths) / seconds:8.1f}/s  p50 {times[len(times) // 2]:7.2f}  "
                      f"p99 {times[len(times) * 99 // 100]:7.2f} ms  {faults:7.1f} major faults each", flush=True)
                if bound is None:
                    answers.update(found)
                    bad = [path for path, answer in found.items() if answer[0] not in (200, 204)]
                else:
                    bad = [path for path, answer in found.items() if answer != answers[path]]
                wrong += len(bad)
                for path in bad[:3]:
                    print("  WRONG", path, found[path], answers[path])
            figures = server.limit.figures()
            print(f"  most {figures['most'] / 1e6:.0f} MB in its group, limit met {figures['reclaims']} times, {server.memory()} MiB")
            server.stop()
        print(f"{sum(map(len, asked.values()))} answers compared, {wrong} differ or failed")
        sys.exit(1 if wrong else 0)


main()
