"""Compares `tumen render --worker` with MapLibre Native: the same styles and tiles, turn by turn in one run.

    xvfb-run -a python native.py [FOLDER of fetch.sh] [--rounds 3] [--tumen PATH]

Each picture is 512 pixels a side and is written as PNG. What counts is the CPU time of the whole process with all of its
threads, so that neither the other programs of the machine nor the number of its cores matter much. The first round, in which
fonts and sources are opened and programs of the graphics driver compiled, is shown but not counted.
"""

import argparse
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class Worker:
    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)
        # The clock of another process' CPU time (clock_getcpuclockid(3)).
        self.clock = (~self.process.pid << 3) | 2

    def draw(self, job):
        """CPU-milliseconds of one picture."""
        before = time.clock_gettime(self.clock)
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if not answer["ok"]:
            sys.exit(f"{self.name}: {answer}")
        if answer.get("remarks"):
            print(f"{self.name}: {answer['remarks'][:3]}", file=sys.stderr)
        return (time.clock_gettime(self.clock) - before) * 1000


def middle(z, x, y):
    count = 1 << z
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / count))))
    return {"lon": (x + 0.5) / count * 360 - 180, "lat": lat, "zoom": z}


def city_tiles(folder):
    return [tuple(map(int, path.stem.split("-"))) for path in sorted((folder / "city").glob("*.mvt"))]


def world_tiles():
    """Every tile up to zoom 2, and then those of two columns of Europe and of Asia."""
    tiles = [(z, x, y) for z in range(3) for x in range(1 << z) for y in range(1 << z)]
    for z in range(3, 7):
        for column in (0.53, 0.78):
            tiles += [(z, int(column * (1 << z)), y) for y in range((1 << z) * 3 // 10, (1 << z) // 2)][:6]
    return tiles


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = HERE.parents[2]
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=root / "target/peers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tumen", default=str(root / "target/release/tumen"))
    parser.add_argument("--styles", default="city20,city99,countries")
    parser.add_argument("--ours-only", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path, help="keep the pictures of the last round in this folder")
    flags = parser.parse_args()
    workers = [Worker("tumen", [flags.tumen, "render", "--worker"])]
    if not flags.ours_only:
        workers.append(Worker("native", [sys.executable, str(HERE / "native_worker.py")]))
    out = flags.keep or pathlib.Path(tempfile.mkdtemp(prefix="peers-"))
    out.mkdir(parents=True, exist_ok=True)
    print("| style | pictures | " + " | ".join(f"{w.name} CPU-ms" for w in workers) + " | KB | ratio |")
    for style in flags.styles.split(","):
        tiles = world_tiles() if style == "countries" else city_tiles(flags.folder)
        means = {worker.name: [] for worker in workers}
        sizes = {worker.name: 0 for worker in workers}
        for round_ in range(flags.rounds + 1):
            spent = {worker.name: [] for worker in workers}
            for tile in tiles:
                for worker in workers:
                    path = out / f"{style}-{'-'.join(map(str, tile))}-{worker.name}.png"
                    job = {"style": str((flags.folder / "styles" / f"{style}.json").resolve()), "width": 512,
                           "height": 512, "ratio": 1, "out": str(path), **middle(*tile)}
                    spent[worker.name].append(worker.draw(job))
                    sizes[worker.name] += path.stat().st_size
            for name, all_ in spent.items():
                mean = statistics.mean(all_)
                if round_ > 0:
                    means[name].append(mean)
                else:
                    print(f"  first round of {style}, {name}: {mean:.1f} CPU-ms a picture", file=sys.stderr)
        median = {name: statistics.median(rounds) for name, rounds in means.items()}
        kilobytes = " / ".join(f"{sizes[w.name] / len(tiles) / (flags.rounds + 1) / 1000:.0f}" for w in workers)
        ratio = f"{median['native'] / median['tumen']:.2f}" if "native" in median else ""
        columns = " | ".join(f"{median[w.name]:.1f}" for w in workers)
        print(f"| {style} | {len(tiles)} | {columns} | {kilobytes} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
