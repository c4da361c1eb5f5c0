"""Compares `tumen serve` in vector tiles with what PostGIS gives behind Martin and behind tipg: cold tiles of many zooms, each asked once
with gzip accepted, turn by turn in one run.

    apt-get install postgresql-15-postgis-3 gdal-bin; cargo install martin --locked; pip install tipg uvicorn
    python postgis.py FILE[:LISTS]... [--lists 15-16,13-14,10-12,6-9,0-5] [--per 60] [--rounds 3] [--connections 2,8] [--cap 10000]
        [--tumen PATH] [--martin PATH] [--tipg PATH of uvicorn] [--keep FOLDER]

Files are GeoJSON, or newline-delimited GeoJSON, and may be gzipped; lists of zooms may stand behind each. Needs rustc (for the load
tool) and TUMEN_SHARED, where that tool is. The database stays in FOLDER, if one is given, for the next run.

The tables are in Web Mercator, sorted by their GiST index and analyzed; PostgreSQL keeps running, so that its pages are in memory,
and each server is started for each list and asked for a few tiles of zoom 17, so that its connections stand. Martin caches no tile.
tipg runs two workers and, unless `--cap` is more, takes 10,000 features into a tile at most, whichever it finds first; both
compress with gzip. CPU is that of a server and, for PostGIS, of all processes of PostgreSQL. `bad` is what is neither a tile nor
an answer that says that there is none. Tiles without any feature (204, 404, or no bytes), though data lie there, are counted in an
extra pass at the end.
Figures of the table are medians of the rounds.
"""

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import statistics

from database import Database
from load import ROOT, Server, ask, build_tool, filled, shown, tile_lists, unpacked, work_folder


class Peers:
    """How each server is started for a file, and the path of its tiles."""

    def __init__(self, options, database):
        self.options, self.database = options, database

    def tumen(self, file, table):
        command = [self.options.tumen, "serve", "--no-cache", "--no-access-log", "--listen", "127.0.0.1:{port}", file]
        path = f"/data/{file.name.split('.')[0]}/{{z}}/{{x}}/{{y}}.pbf"
        return path, lambda first: Server(command, first)

    def martin(self, file, table):
        command = [self.options.martin, "--listen-addresses", "127.0.0.1:{port}", "--cache-size", "0", self.database.url()]
        return f"/{table}/{{z}}/{{x}}/{{y}}", lambda first: Server(command, first, self.database)

    def tipg(self, file, table):
        path = f"/collections/public.{table}/tiles/WebMercatorQuad/{{z}}/{{x}}/{{y}}"
        return path, lambda first: tipg(self.options.tipg, self.database, first, self.options.cap)


def tipg(uvicorn, database, first, cap=10000):
    command = [uvicorn, "tipg.main:app", "--port", "{port}", "--workers", "2", "--log-level", "warning"]
    # It would read its list of tables anew every five minutes.
    settings = {**os.environ, "DATABASE_URL": database.url(), "TIPG_CATALOG_TTL": "0", "TIPG_MAX_FEATURES_PER_TILE": str(cap)}
    return Server(command, first, database, settle=2, env=settings)


def hollow(server, targets):
    """How many tiles have no feature."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return sum(not body for body in pool.map(server.body, targets))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", nargs="+", metavar="FILE[:LISTS]")
    options.add_argument("--lists", default="15-16,13-14,10-12,6-9,0-5")
    options.add_argument("--per", default="60", help="tiles a zoom")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--connections", default="2,8")
    options.add_argument("--tumen", default=str(ROOT / "target/release/tumen"))
    options.add_argument("--martin", default="martin")
    options.add_argument("--tipg", default="uvicorn", help="uvicorn of the environment where tipg is installed")
    options.add_argument("--cap", type=int, default=10000, help="features that tipg takes into a tile at most")
    options.add_argument("--keep", type=pathlib.Path)
    options = options.parse_args()
    folder = work_folder(options.keep, "postgis-")
    tool = build_tool(folder)
    database = Database(folder)
    rows = []
    try:
        for named in options.files:
            name, _, spans = named.partition(":")
            file = unpacked(pathlib.Path(name), folder)
            table = file.name.split(".")[0].lower()
            database.load(file, table, 3857)
            lists = tile_lists(file, spans or options.lists, options.per)
            rows += compare(options, Peers(options, database), tool, file, table, lists)
    finally:
        database.stop()
        if not options.keep:
            shutil.rmtree(folder)
    print("| list | tiles | connections | Tumen/s | Martin/s | tipg/s | to Martin, tipg | p99 ms | CPU ms a tile | kB | empty |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(row)


def compare(options, peers, tool, file, table, lists):
    """Rows of the table, of one file."""
    servers = {label: getattr(peers, label)(file, table) for label in ("tumen", "martin", "tipg")}
    counts = [int(count) for count in options.connections.split(",")]
    warm = next(iter(tile_lists(file, "17", "16").values()))
    rows = []
    for span, tiles in lists.items():
        found = {(label, count): [] for count in counts for label in servers}
        empty = {}
        for turn in range(options.rounds):
            for count in counts:
                for label, (path, start) in servers.items():
                    server = start(filled(path, warm)[0])
                    try:
                        ask(tool, server, filled(path, warm), count)
                        figures = ask(tool, server, filled(path, tiles), count)
                        if (turn, count) == (options.rounds - 1, counts[-1]):
                            empty[label] = hollow(server, filled(path, tiles))
                    finally:
                        server.stop()
                    found[label, count].append(figures)
                    print(f"{label:6} {table} z{span} {count} connections: {shown(figures)}", flush=True)
        for count in counts:
            medians = {label: {key: statistics.median(figures[key] for figures in found[label, count])
                               for key in ("rps", "p99_ms", "cpu_ms", "kb")} for label in servers}
            each = lambda key, digits, between=" / ": between.join(f"{medians[label][key]:.{digits}f}" for label in servers)
            ratios = ", ".join(f"{medians['tumen']['rps'] / medians[label]['rps']:.1f}" for label in servers if label != "tumen")
            rows.append(f"| {table} z{span} | {len(tiles)} | {count} | {each('rps', 1, ' | ')} | {ratios} | {each('p99_ms', 1)} | "
                        f"{each('cpu_ms', 1)} | {each('kb', 1)} | {' / '.join(str(empty[label]) for label in servers)} |")
    return rows


if __name__ == "__main__":
    main()
