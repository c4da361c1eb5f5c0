"""Compares `tumen serve` in features with MapServer's OGC API on FlatGeobuf, and with tipg and pygeoapi on PostGIS: small boxes of a few
hundred metres with limit=100, pages of 10 at random offsets, and one by id; each URL once, turn by turn in one run.

    apt-get install postgresql-15-postgis-3 gdal-bin cgi-mapserver nginx-light
    python -m venv VENV; VENV/bin/pip install tipg uvicorn pygeoapi gunicorn psycopg2-binary
    python features.py FILE --venv VENV [--rounds 3] [--connections 2,8] [--seconds 8] [--urls 60000] [--tumen PATH] [--keep FOLDER]

The file is GeoJSON with ids that are numbers. Needs rustc (for the load tool) and TUMEN_SHARED, where that tool is. What is made from
the file stays in FOLDER, if one is given, for the next run. Tumen keeps nothing between starts. Two processes of MapServer
answer over FastCGI behind nginx, tipg has two workers, and pygeoapi two of gunicorn with four threads each. All are asked for
plain JSON, and Tumen for gzip too. Twenty URLs of a list warm a server; it is then asked for as many of the others as take it about
`--seconds`, and at least 20. Lists and their order are the same for all. CPU is of all processes of a server and its database.
Figures of the table are medians of the rounds.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess

from database import Database
from load import ROOT, Server, ask, build_tool, free_port, shown, unpacked, work_folder
from mapserver import MapServer
from postgis import tipg

HALF_A_BOX = 0.002


def lists_of(database, table, count):
    """What stands behind the path of a collection's items, by list, in an order that is random and always the same."""
    point = "SELECT fid, ST_PointOnSurface(geom) AS place FROM " + table
    found = database.run(f"SELECT fid, ST_X(place), ST_Y(place) FROM ({point} ORDER BY md5(fid::text) LIMIT {count}) AS chosen")
    rows = [(row[0], float(row[1]), float(row[2])) for row in (line.split("|") for line in found.splitlines())]
    total = int(database.run(f"SELECT count(*) FROM {table}"))
    offsets = database.run(f"SELECT (hashint4(n)::bigint + 2147483648) % ({total} - 10) FROM generate_series(1, {count}) AS n")
    box = lambda x, y: ",".join(f"{part:.5f}" for part in (x - HALF_A_BOX, y - HALF_A_BOX, x + HALF_A_BOX, y + HALF_A_BOX))
    return {
        "small bbox, limit=100": [f"?bbox={box(x, y)}&limit=100" for _, x, y in rows],
        "pages of 10": [f"?limit=10&offset={offset}" for offset in offsets.splitlines()],
        "one by id": [f"/{number}" for number, _, _ in rows],
    }


class Peers:
    """How each server is started, and its items."""

    def __init__(self, options, folder, file, database, table):
        self.options, self.folder, self.file, self.database, self.table = options, folder, file, database, table
        self.name = file.name.split(".")[0]

    def tumen(self, first):
        command = [self.options.tumen, "serve", "--no-cache", "--no-access-log", "--listen", "127.0.0.1:{port}", self.file]
        return Server(command, f"/collections/{self.name}/items{first}")

    def mapserver(self, first):
        packed = self.folder / f"{self.name}.fgb"
        if not packed.exists():
            select = f"SELECT FID AS id, * FROM {self.name}"
            subprocess.run(["ogr2ogr", "-f", "FlatGeobuf", "-sql", select, packed, self.file, "-nln", self.name], check=True)
        world = 'PROJECTION "init=epsg:4326" END'
        (self.folder / "features.map").write_text(
            f'MAP NAME "features" SIZE 256 256 EXTENT -180 -90 180 90 {world} WEB METADATA "oga_title" "peer" "ows_enable_request" '
            f'"*" "oga_onlineresource" "http://127.0.0.1/features/ogcapi" END END LAYER NAME "{self.name}" TYPE POLYGON STATUS ON '
            f'CONNECTIONTYPE FLATGEOBUF DATA "{packed}" TEMPLATE "none" {world} METADATA "gml_featureid" "id" '
            f'"gml_include_items" "all" "ows_title" "{self.name}" END END END\n')
        behind, port = MapServer(self.folder, ["features"]), free_port()
        names = {"QUERY_STRING": "$query_string", "REQUEST_METHOD": "$request_method", "PATH_INFO": "$uri", "SERVER_NAME": "127.0.0.1",
                 "SERVER_PORT": port, "SCRIPT_NAME": '""', "SERVER_PROTOCOL": "$server_protocol", "GATEWAY_INTERFACE": "CGI/1.1"}
        passed = "".join(f"fastcgi_param {name} {value}; " for name, value in names.items())
        (self.folder / "nginx.conf").write_text(
            f"{'user root; ' if os.geteuid() == 0 else ''}worker_processes 1; daemon off; pid {self.folder}/nginx.pid;\n"
            "events { worker_connections 512; }\n"
            f"http {{ access_log off; fastcgi_temp_path {self.folder}/nginx; client_body_temp_path {self.folder}/nginx;\n"
            f"server {{ listen 127.0.0.1:{port}; keepalive_requests 1000000; location / {{ fastcgi_buffers 64 16k;\n"
            f"fastcgi_read_timeout 600; fastcgi_pass unix:{behind.path}; {passed} }} }} }}\n")
        command = ["nginx", "-e", self.folder / "nginx.log", "-c", self.folder / "nginx.conf"]
        return Server(command, f"/features/ogcapi/collections/{self.name}/items{first}", behind, port=port)

    def tipg(self, first):
        return tipg(self.options.venv / "bin/uvicorn", self.database, f"/collections/public.{self.table}/items{first}")

    def pygeoapi(self, first):
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        provider = {"type": "feature", "name": "PostgreSQL", "id_field": "fid", "table": self.table, "geom_field": "geom",
                    "data": {"host": "127.0.0.1", "port": self.database.port, "dbname": "peers", "user": self.database.user,
                             "password": "none", "search_path": ["public"]}}
        collection = {"type": "collection", "title": self.name, "description": self.name, "keywords": [self.name], "links": [],
                      "extents": {"spatial": {"bbox": [-180, -90, 180, 90]}}, "providers": [provider]}
        about = {"identification": {"title": "peer", "description": "peer", "keywords": ["peer"], "terms_of_service": url, "url": url},
                 **{part: {"name": "none", "url": url} for part in ("license", "provider", "contact")}}
        settings = {"server": {"bind": {"host": "127.0.0.1", "port": port}, "url": url, "mimetype": "application/json",
                               "encoding": "utf-8", "languages": ["en-US"], "limits": {"default_items": 10, "max_items": 10000},
                               "map": {"url": url, "attribution": "none"}},
                    "logging": {"level": "ERROR"}, "metadata": about, "resources": {self.name: collection}}
        # JSON is YAML.
        config, described = self.folder / "pygeoapi.yml", self.folder / "pygeoapi.openapi.yml"
        config.write_text(json.dumps(settings))
        env = {**os.environ, "PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
        programs = self.options.venv / "bin"
        subprocess.run([programs / "pygeoapi", "openapi", "generate", config, "--output-file", described], check=True, env=env,
                       stdout=subprocess.DEVNULL)
        command = [programs / "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--keep-alive", "60",
                   "pygeoapi.flask_app:APP"]
        first = f"/collections/{self.name}/items{first}"
        return Server(command, first, self.database, settle=2, port=port, env=env)


def features_of(server, targets):
    """How many features an answer has on average."""
    counts = []
    for target in targets:
        answer = json.loads(server.body(target))
        counts.append(len(answer["features"]) if "features" in answer else int(answer["type"] == "Feature"))
    return sum(counts) / len(counts)


def measure(tool, server, items, targets, connections, seconds, headers=()):
    """Figures of as many as take about so many seconds, and features an answer."""
    # MapServer shows a page to people unless it is asked for JSON.
    more = "f=json" if isinstance(server.behind, MapServer) else ""
    targets = [items + target + (("&" if "?" in target else "?") + more if more else "") for target in targets]
    trial = ask(tool, server, targets[:20], connections, headers)
    enough = max(20, int(trial["rps"] * seconds))
    figures = ask(tool, server, targets[20:20 + enough], connections, headers)
    figures["features"] = features_of(server, targets[:5])
    return figures


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=pathlib.Path)
    options.add_argument("--venv", type=pathlib.Path, required=True, help="where tipg and pygeoapi are installed")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--connections", default="2,8")
    options.add_argument("--seconds", type=float, default=8)
    options.add_argument("--urls", type=int, default=60000, help="the length of a list")
    options.add_argument("--tumen", default=str(ROOT / "target/release/tumen"))
    options.add_argument("--keep", type=pathlib.Path)
    options = options.parse_args()
    folder = work_folder(options.keep, "features-")
    tool = build_tool(folder)
    database = Database(folder)
    try:
        file = unpacked(options.file, folder)
        table = f"{file.name.split('.')[0].lower()}_features"
        database.load(file, table, 4326)
        compare(options, Peers(options, folder, file, database, table), tool, lists_of(database, table, options.urls))
    finally:
        database.stop()
        if not options.keep:
            shutil.rmtree(folder)


def compare(options, peers, tool, lists):
    name = peers.name
    starts = {"tumen": (peers.tumen, f"/collections/{name}/items"), "tumen gzip": (peers.tumen, f"/collections/{name}/items"),
              "mapserver": (peers.mapserver, f"/features/ogcapi/collections/{name}/items"),
              "tipg": (peers.tipg, f"/collections/public.{peers.table}/items"),
              "pygeoapi": (peers.pygeoapi, f"/collections/{name}/items")}
    counts = [int(count) for count in options.connections.split(",")]
    found = {}
    for _ in range(options.rounds):
        for label, (start, items) in starts.items():
            headers = ["Accept-Encoding: gzip"] if "gzip" in label else []
            server = start("?limit=1&f=json")
            try:
                for title, targets in lists.items():
                    for number, count in enumerate(counts):
                        figures = measure(tool, server, items, targets[number::len(counts)], count, options.seconds, headers)
                        found.setdefault((title, count), {}).setdefault(label, []).append(figures)
                        print(f"{label:10} {title}, {count} connections: {shown(figures)}  {figures['n']:.0f} URLs, "
                              f"{figures['features']:.1f} features an answer", flush=True)
            finally:
                server.stop()
                if isinstance(server.behind, MapServer):
                    server.behind.stop()
    print(f"| list | connections | {' | '.join(starts)} | to the best, gzip | p50 ms | p99 ms | CPU ms | kB |")
    print("|---|---|" + "---|" * (len(starts) + 5))
    for (title, count), by_label in found.items():
        median = lambda label, key: statistics.median(figures[key] for figures in by_label[label])
        each = lambda key, digits, between: between.join(f"{median(label, key):.{digits}f}" for label in starts)
        best = max(median(label, "rps") for label in starts if not label.startswith("tumen"))
        ratios = ", ".join(f"{median(label, 'rps') / best:.1f}" for label in ("tumen", "tumen gzip"))
        print(f"| {title} | {count} | {each('rps', 1, ' | ')} | {ratios} | {each('p50_ms', 2, ' / ')} | {each('p99_ms', 2, ' / ')} | "
              f"{each('cpu_ms', 3, ' / ')} | {each('kb', 1, ' / ')} |")


if __name__ == "__main__":
    main()
