"""Compares `tumen serve` with the GeoJSON sources of Martin and of versatiles in vector tiles: start to the first tile, memory, and
cold tiles of many zooms, each asked once with gzip accepted, turn by turn in one run.

    cargo install martin versatiles --locked
    python tests/benches/peers/tiles.py FILE.geojson [--lists 15-16,13-14,10-12,6-9,0-5] [--per 60] [--tumen PATH]
        [--martin PATH] [--versatiles PATH]

Needs rustc (for the load tool) and TUMEN_SHARED, where that tool is. Without the others, Tumen is measured alone. versatiles
makes tiles up to zoom 16 here, of any size, and is otherwise as it comes: it leaves out small polygons and simplifies by four
pixels. CPU is the server's own, per tile; memory is RssAnon, sampled while it loads and answers (peak) and two seconds after (at
rest), with VmHWM beside it. Each list is asked with 2 and with 8 connections, by a server that was started for it, so that every
tile is cold.
"""

import argparse
import http.client
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class Server:
    """A process that serves tiles of one file, watched while it runs."""

    def __init__(self, command, path, first):
        self.port = free_port()
        began = time.monotonic()
        command = [part.format(port=self.port) for part in command]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.path, self.peak, self.running = path, 0, True
        threading.Thread(target=self.watch, daemon=True).start()
        z, x, y = first
        target = path.format(z=z, x=x, y=y)
        while self.status(target) not in (200, 204):
            if self.process.poll() is not None:
                sys.exit(f"{command[0]} ended with {self.process.returncode}")
            time.sleep(0.01)
        self.start = time.monotonic() - began

    def status(self, target):
        try:
            door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            door.request("GET", target, headers={"Accept-Encoding": "gzip"})
            return door.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0

    def memory(self, name):
        try:
            text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        return next((int(line.split()[1]) >> 10 for line in text.splitlines() if line.startswith(name + ":")), 0)

    def watch(self):
        while self.running:
            self.peak = max(self.peak, self.memory("RssAnon"))
            time.sleep(0.01)

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def stop(self):
        self.running = False
        self.process.terminate()
        self.process.wait(30)


def ask(tool, server, tiles, connections):
    """Asks each tile once: the tool's figures, and milliseconds of CPU a tile."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as targets:
        targets.writelines(server.path.format(z=z, x=x, y=y) + "\n" for z, x, y in tiles)
        targets.flush()
        before = server.cpu()
        command = [tool, f"127.0.0.1:{server.port}", str(connections), targets.name, "Accept-Encoding: gzip"]
        line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures = {key: float(value) for key, value in (part.split("=") for part in line.split())}
    figures["cpu_ms"] = (server.cpu() - before) * 1e3 / len(tiles)
    figures["kb"] = figures["MB"] * 1e3 / max(figures["ok"], 1)
    return figures


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=pathlib.Path)
    options.add_argument("--lists", default="15-16,13-14,10-12,6-9,0-5")
    options.add_argument("--per", default="60", help="tiles a zoom")
    options.add_argument("--tumen", default=str(ROOT / "target/release/tumen"))
    options.add_argument("--martin")
    options.add_argument("--versatiles")
    options = options.parse_args()
    shared = pathlib.Path(os.environ.get("TUMEN_SHARED", ROOT / "../shared")).resolve() / "bench"
    folder = tempfile.TemporaryDirectory()
    tool = f"{folder.name}/once"
    subprocess.run(["rustc", "-O", "--edition", "2021", "-o", tool, shared / "once.rs"], check=True)
    lists = {}
    for span in options.lists.split(","):
        low, high = span.split("-") if "-" in span else (span, span)
        command = [sys.executable, shared / "tiles_of.py", options.file, low, high, options.per]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        lists[span] = [tuple(line.split()) for line in lines.splitlines()]
    name = options.file.name.split(".")[0]
    serve = [options.tumen, "serve", "--no-cache", "--no-access-log", "--listen", "127.0.0.1:{port}", str(options.file)]
    servers = {"tumen": (serve, f"/data/{name}/{{z}}/{{x}}/{{y}}.pbf")}
    if options.martin:
        command = [options.martin, "--listen-addresses", "127.0.0.1:{port}", "--cache-size", "0", str(options.file)]
        servers["martin"] = (command, f"/{name}/{{z}}/{{x}}/{{y}}")
    if options.versatiles:
        source = pathlib.Path(folder.name) / f"{name}.vpl"
        source.write_text(f'from_geo filename="{options.file.resolve()}" layer_name="{name}" max_zoom=16 max_tile_bytes=none\n')
        command = [options.versatiles, "serve", "-i", "127.0.0.1", "-p", "{port}", f"[{name}]{source}"]
        servers["versatiles"] = (command, f"/tiles/{name}/{{z}}/{{x}}/{{y}}")
    for span, tiles in lists.items():
        for connections in (2, 8):
            rates = {}
            for label, (command, path) in servers.items():
                server = Server(command, path, tiles[0])
                figures = ask(tool, server, tiles[1:], connections)
                time.sleep(2)
                rates[label] = figures["rps"]
                print(f"{label:10} z{span:5} {connections} connections: {figures['rps']:8.1f}/s  p50 {figures['p50_ms']:7.2f}  "
                      f"p99 {figures['p99_ms']:7.2f} ms  cpu {figures['cpu_ms']:7.2f} ms  {figures['kb']:6.1f} kB  "
                      f"empty {figures['empty']:.0f}  bad {figures['bad']:.0f}  start {server.start:.2f} s  "
                      f"RssAnon {server.peak} -> {server.memory('RssAnon')}  VmHWM {server.memory('VmHWM')} MiB", flush=True)
                server.stop()
            for other in list(rates)[1:]:
                print(f"           for one of {other}'s: {rates['tumen'] / rates[other]:.1f}", flush=True)


main()
