"""What the comparisons of servers share: a server that is started and watched, lists of tiles, and the tool that asks each URL once."""

import gzip
import http.client
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SHARED = pathlib.Path(os.environ.get("TUMEN_SHARED", ROOT / "../shared")).resolve()
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def spent(pid):
    """Seconds of CPU of a process, of those that it started and waited for, and of those that it started and that still run."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICK + sum(map(spent, children))


class Server:
    """A process, and what works behind it and is counted too, watched while it answers. `{port}` stands in its command for its
    port. `settle` is how many seconds its other workers get after the first answer."""

    def __init__(self, command, first, behind=None, settle=0, port=None, **flags):
        self.port, self.behind = port or free_port(), behind
        began = time.monotonic()
        command = [str(part).format(port=self.port) for part in command]
        self.process = subprocess.Popen(command, **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **flags})
        self.peak, self.running = 0, True
        threading.Thread(target=self.watch, daemon=True).start()
        while self.status(first) not in (200, 204):
            if self.process.poll() is not None:
                sys.exit(f"{command[0]} ended with {self.process.returncode}")
            time.sleep(0.01)
        self.start = time.monotonic() - began
        time.sleep(settle)

    def status(self, target):
        try:
            return self.answer(target).status
        except (OSError, http.client.HTTPException):
            return 0

    def answer(self, target):
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        door.request("GET", target, headers={"Accept-Encoding": "gzip"})
        return door.getresponse()

    def body(self, target):
        answer = self.answer(target)
        content = answer.read()
        return gzip.decompress(content) if answer.headers.get("content-encoding") == "gzip" else content

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
        return spent(self.process.pid) + (self.behind.cpu() if self.behind else 0)

    def stop(self):
        self.running = False
        self.process.terminate()
        self.process.wait(30)


def build_tool(folder):
    tool = f"{folder}/once"
    subprocess.run(["rustc", "-O", "--edition", "2021", "-o", tool, SHARED / "bench/once.rs"], check=True)
    return tool


def ask(tool, server, targets, connections, headers=("Accept-Encoding: gzip",)):
    """Asks each target once: the tool's figures, milliseconds of CPU and kilobytes of an answer."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(target + "\n" for target in targets)
        file.flush()
        before = server.cpu()
        command = [tool, f"127.0.0.1:{server.port}", str(connections), file.name, *headers]
        line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures = {key: float(value) for key, value in (part.split("=") for part in line.split())}
    figures["cpu_ms"] = (server.cpu() - before) * 1e3 / len(targets)
    figures["kb"] = figures["MB"] * 1e3 / max(figures["ok"], 1)
    return figures


def shown(figures):
    return (f"{figures['rps']:8.1f}/s  p50 {figures['p50_ms']:7.2f}  p99 {figures['p99_ms']:7.2f} ms  cpu {figures['cpu_ms']:7.2f} ms  "
            f"{figures['kb']:6.1f} kB  empty {figures['empty']:.0f}  bad {figures['bad']:.0f}")


def tile_lists(file, spans, per):
    """Tiles that hold data by span of zooms, such as `13-14`, `per` a zoom at most."""
    lists = {}
    for span in spans.split(","):
        low, high = span.split("-") if "-" in span else (span, span)
        command = [sys.executable, SHARED / "bench/tiles_of.py", file, low, high, str(per)]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        lists[span] = [tuple(line.split()) for line in lines.splitlines()]
    return lists


def filled(path, tiles):
    return [path.format(z=z, x=x, y=y) for z, x, y in tiles]


def unpacked(file, folder):
    """The file itself, or what a `.gz` holds, in the folder."""
    if file.suffix != ".gz":
        return file.resolve()
    target = folder / file.stem
    if not target.exists():
        with gzip.open(file) as source, open(target, "wb") as sink:
            shutil.copyfileobj(source, sink)
    return target


def work_folder(keep, prefix):
    """The folder that is to be kept, or a new one, in which the database's own user finds its way."""
    folder = keep.resolve() if keep else pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    return folder
