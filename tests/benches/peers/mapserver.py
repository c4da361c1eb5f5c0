"""Compares `tumen serve` with MapServer (Debian: cgi-mapserver, mapserver-bin; and gdal-bin): plain maps of Florence and of the
world in like styles, cold tiles, each asked once, turn by turn in one run.

    python mapserver.py [FOLDER of fetch.sh] [--tiles 40] [--rounds 2] [--tumen PATH]

MapServer reads shapefiles in Web Mercator with a spatial index, which is the quickest that it knows, and answers over FastCGI,
so that it keeps its files and fonts open. Both draw with two processes or threads for two connections. Tiles a second are shown
by the clock and by CPU time (of all processes of a server, for one core): the second does not depend on what else runs. Both
are started anew for each round and each size of tiles, so that every tile is drawn from cold caches; rates are of all rounds
together, and behind them stand the lowest and the highest ratio of a single round.
"""

import argparse
import concurrent.futures
import contextlib
import http.client
import json
import math
import os
import pathlib
import random
import re
import socket
import struct
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
HALF = 20037508.342789244
CONNECTIONS = 2
ROADS = [
    # classes, colour, casing, width in pixels at zooms 12, 14, 16, 17, lowest zoom
    (("footway", "path", "steps", "cycleway", "track", "pedestrian"), "#d9c7a8", None, (0.4, 0.6, 1.2, 2.0), 14),
    (("service", "residential", "unclassified", "living_street"), "#ffffff", "#cfc8bc", (0.5, 1.4, 4.0, 8.0), 12),
    (("tertiary", "secondary"), "#fff3c4", "#d8b25c", (1.0, 2.6, 6.0, 11.0), 12),
    (("primary", "trunk", "motorway", "trunk_link", "motorway_link"), "#ffd27a", "#c98c35", (1.6, 3.6, 8.0, 14.0), 12),
]
ZOOMS = (12, 14, 16, 17)


def rgb(color):
    return " ".join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))


def tumen_styles(folder):
    def width(stops, more):
        curve = ["interpolate", ["linear"], ["zoom"]]
        for zoom, value in zip(ZOOMS, stops):
            # MapLibre counts zooms for tiles of 512 pixels.
            curve += [zoom - 1, value + more]
        return curve

    roads, cased = [], []
    for number, (classes, color, casing, stops, zoom) in enumerate(ROADS):
        shared = {"type": "line", "source": "roads", "source-layer": "firenze_roads", "minzoom": zoom - 1,
                  "filter": ["match", ["get", "highway"], list(classes), True, False],
                  "layout": {"line-cap": "round", "line-join": "round"}}
        if casing:
            cased.append({"id": f"casing{number}", **shared, "paint": {"line-color": casing, "line-width": width(stops, 1.6)}})
        roads.append({"id": f"road{number}", **shared, "paint": {"line-color": color, "line-width": width(stops, 0)}})
    names = {"id": "names", "type": "symbol", "source": "roads", "source-layer": "firenze_roads", "minzoom": 14,
             "layout": {"symbol-placement": "line", "text-field": ["get", "name"], "text-size": 10,
                        "text-font": ["Noto Sans Regular"]},
             "paint": {"text-color": "#555047", "text-halo-color": "#ffffff", "text-halo-width": 1}}
    buildings = {"id": "buildings", "type": "fill", "source": "buildings", "source-layer": "firenze_buildings",
                 "paint": {"fill-color": "#d9d0c3", "fill-outline-color": "#b8ad9e"}}
    url = lambda name: {"type": "vector", "url": f"/data/{name}.json"}
    florence = {"version": 8, "sources": {name: url(f"firenze_{name}") for name in ("buildings", "roads")},
                "layers": [{"id": "land", "type": "background", "paint": {"background-color": "#f6f2ea"}}, buildings,
                           *cased, *roads, names]}
    world = {"version": 8, "sources": {"countries": url("ne_10m_admin_0_countries")}, "layers": [
        {"id": "sea", "type": "background", "paint": {"background-color": "#b9d6e6"}},
        {"id": "countries", "type": "fill", "source": "countries", "source-layer": "ne_10m_admin_0_countries",
         "paint": {"fill-color": "#eee8dc", "fill-outline-color": "#8a7f78"}}]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "florence.json").write_text(json.dumps(florence, indent=1))
    (folder / "world.json").write_text(json.dumps(world, indent=1))


def scale_denominator(zoom):
    """MapServer's scale of tiles of 256 pixels at its default of 72 dots an inch."""
    return 2 * HALF / 256 / 2**zoom * 39.3701 * 72


def mapfile(folder, shapes):
    def layer(name, kind, data, classes, more=""):
        return f'LAYER NAME "{name}" TYPE {kind} STATUS ON DATA "{data}" PROJECTION "init=epsg:3857" END {more}\n{classes}\nEND\n'

    roads, cased = "", ""
    for number, (classes, color, casing, stops, lowest) in enumerate(ROADS):
        expression = '{' + ",".join(classes) + '}'
        steps = {"road": "", "casing": ""}
        for zoom in range(lowest, 18):
            low = max(i for i, z in enumerate(ZOOMS) if z <= zoom)
            high = min(low + 1, len(ZOOMS) - 1)
            share = (zoom - ZOOMS[low]) / max(1, ZOOMS[high] - ZOOMS[low])
            width = stops[low] + (stops[high] - stops[low]) * share
            limits = f"MINSCALEDENOM {scale_denominator(zoom + 0.5)} MAXSCALEDENOM {scale_denominator(zoom - 0.5)}"
            for part, more, paint in (("road", 0, color), ("casing", 1.6, casing)):
                if paint:
                    steps[part] += (f'CLASS EXPRESSION {expression} {limits} STYLE COLOR {rgb(paint)} WIDTH {width + more:.2f} '
                                    "LINECAP ROUND LINEJOIN ROUND END END\n")
        item = 'CLASSITEM "highway"'
        if casing:
            cased += layer(f"casing{number}", "LINE", shapes / "firenze_roads", steps["casing"], item)
        roads += layer(f"road{number}", "LINE", shapes / "firenze_roads", steps["road"], item)
    names = layer("names", "LINE", shapes / "firenze_roads",
                  'CLASS STYLE OPACITY 0 END LABEL ANGLE FOLLOW FONT "sans" TYPE TRUETYPE SIZE 7.5 COLOR 85 80 71 '
                  "OUTLINECOLOR 255 255 255 OUTLINEWIDTH 1 MINDISTANCE 250 REPEATDISTANCE 250 END END",
                  f'LABELITEM "name" MAXSCALEDENOM {scale_denominator(14.5)}')
    buildings = layer("buildings", "POLYGON", shapes / "firenze_buildings",
                      "CLASS STYLE COLOR 217 208 195 OUTLINECOLOR 184 173 158 END END")
    countries = layer("world", "POLYGON", shapes / "ne_10m_admin_0_countries",
                      "CLASS STYLE COLOR 238 232 220 OUTLINECOLOR 138 127 120 END END")
    (folder / "fonts.txt").write_text(f"sans {find_font()}\n")
    head = (f'MAP NAME "peer" SIZE 256 256 EXTENT -{HALF} -{HALF} {HALF} {HALF} PROJECTION "init=epsg:3857" END '
            f'FONTSET "{folder}/fonts.txt" MAXSIZE 4096 IMAGETYPE "png" '
            'OUTPUTFORMAT NAME "png" DRIVER "AGG/PNG" IMAGEMODE RGB END '
            'WEB METADATA "wms_title" "peer" "wms_enable_request" "*" "wms_srs" "EPSG:3857" "wms_onlineresource" "http://x/" '
            "END END\n")
    florence = head.replace('IMAGETYPE', 'IMAGECOLOR 246 242 234 IMAGETYPE') + buildings + cased + roads + names + "END\n"
    world = head.replace('IMAGETYPE', 'IMAGECOLOR 185 214 230 IMAGETYPE') + countries + "END\n"
    (folder / "florence.map").write_text(florence)
    (folder / "world.map").write_text(world)


def find_font():
    listed = subprocess.run(["fc-match", "-f", "%{file}", "Noto Sans:style=Regular"], capture_output=True, text=True).stdout
    return listed or "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"


def shapefiles(features, shapes):
    shapes.mkdir(parents=True, exist_ok=True)
    for name in ("firenze_buildings.geojsonl", "firenze_roads.geojsonl", "ne_10m_admin_0_countries.geojson"):
        target = shapes / f"{name.split('.')[0]}.shp"
        if not target.exists():
            fields = ["-select", "highway,name"] if "roads" in name else ["-select", ""]
            flags = ["-skipfailures", "-lco", "ENCODING=UTF-8", "-clipsrc", "-180", "-85", "180", "85"]
            kind = ["-nlt", "MULTILINESTRING" if "roads" in name else "MULTIPOLYGON"]
            subprocess.run(["ogr2ogr", "-t_srs", "EPSG:3857", *kind, *fields, *flags, target, features / name], check=True,
                           stderr=subprocess.DEVNULL)
            subprocess.run(["shptree", target], check=True, stdout=subprocess.DEVNULL)


class MapServer:
    """Processes of mapserv that wait on one socket, which is how FastCGI starts programs."""

    def __init__(self, folder, maps=("florence", "world")):
        self.path = f"{folder}/fcgi.sock"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(64)
        env = {"PATH": os.environ["PATH"], "MS_MAP_NO_PATH": ""}
        config = pathlib.Path(folder) / "mapserver.conf"
        listed = " ".join(f'"{name}" "{folder}/{name}.map"' for name in maps)
        config.write_text(f'CONFIG ENV "MS_MAP_PATTERN" "." END MAPS {listed} END END\n')
        env["MAPSERVER_CONFIG_FILE"] = str(config)
        self.processes = [subprocess.Popen(["mapserv"], stdin=listener, env=env, stderr=subprocess.DEVNULL)
                          for _ in range(CONNECTIONS)]
        listener.close()

    def clocks(self):
        return [(~process.pid << 3) | 2 for process in self.processes]

    def cpu(self):
        return sum(map(time.clock_gettime, self.clocks()))

    def connection(self):
        return None

    def get(self, _, style, size, z, x, y):
        side = 2 * HALF / (1 << z)
        west, north = -HALF + x * side, HALF - y * side
        query = (f"map={style}&SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=all&STYLES=&SRS=EPSG:3857&FORMAT=image/png"
                 f"&WIDTH={size}&HEIGHT={size}&BBOX={west},{north - side},{west + side},{north}")
        query = query.replace("LAYERS=all", f"LAYERS={self.layers(style)}")
        body = fastcgi(self.path, {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "SCRIPT_NAME": "/", "SERVER_NAME": "x",
                                   "SERVER_PORT": "80", "GATEWAY_INTERFACE": "CGI/1.1", "SERVER_PROTOCOL": "HTTP/1.1"})
        head, _, picture = body.partition(b"\r\n\r\n")
        assert b"image/png" in head, body[:600]
        return picture

    @staticmethod
    def layers(style):
        if style == "world":
            return "world"
        cased = [f"casing{n}" for n, road in enumerate(ROADS) if road[2]]
        return ",".join(["buildings", *cased, *(f"road{n}" for n in range(len(ROADS))), "names"])

    def stop(self):
        for process in self.processes:
            process.kill()


def fastcgi(path, params):
    def pair(name, value):
        name, value = name.encode(), value.encode()
        length = lambda n: bytes([n]) if n < 128 else struct.pack(">I", n | 0x80000000)
        return length(len(name)) + length(len(value)) + name + value

    def record(kind, content):
        return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content

    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    with connection, connection.makefile("rb") as answer:
        body = b"".join(pair(*item) for item in params.items())
        connection.sendall(record(1, struct.pack(">HB5x", 1, 0)) + record(4, body) + record(4, b"") + record(5, b""))
        found = []
        while True:
            head = answer.read(8)
            if len(head) < 8:
                return b"".join(found)
            _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", head)
            content = answer.read(length + padding)[:length]
            if kind == 6:
                found.append(content)
            elif kind == 3:
                return b"".join(found)


class Tumen:
    def __init__(self, program, features, styles):
        command = [program, "serve", str(features), "--styles", str(styles), "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.address = None
        for line in self.process.stdout:
            found = re.search(r"http://(127\.0\.0\.1:\d+)", line)
            if found:
                self.address = found.group(1)
                break
        threading.Thread(target=lambda: [None for _ in self.process.stdout], daemon=True).start()

    def clocks(self):
        return [(~self.process.pid << 3) | 2]

    def connection(self):
        return http.client.HTTPConnection(self.address)

    def get(self, connection, style, size, z, x, y):
        connection.request("GET", f"/styles/{style}/{size}/{z}/{x}/{y}.png")
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:300])
        return body

    def stop(self):
        self.process.terminate()


def measure(server, style, size, tiles):
    """Seconds by the clock and of CPU, and bytes."""
    before = sum(map(time.clock_gettime, server.clocks()))
    begun = time.perf_counter()

    def run(part):
        connection = server.connection()
        return sum(len(server.get(connection, style, size, *tile)) for tile in part)

    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        sizes = list(pool.map(run, [tiles[number::CONNECTIONS] for number in range(CONNECTIONS)]))
    return time.perf_counter() - begun, sum(map(time.clock_gettime, server.clocks())) - before, sum(sizes)


def tiles_of(path, zooms, count):
    """Tiles that hold data, `count` a zoom at most."""
    def firsts(coordinates):
        """The first position of each path."""
        if not isinstance(coordinates[0], list):
            return [coordinates]
        if not isinstance(coordinates[0][0], list):
            return [coordinates[0]]
        return [first for part in coordinates for first in firsts(part)]

    text = path.read_text()
    features = [json.loads(line) for line in text.splitlines()] if path.suffix == ".geojsonl" else json.loads(text)["features"]
    points = [point for feature in features if feature.get("geometry") for point in firsts(feature["geometry"]["coordinates"])]
    chosen = random.Random(7)
    tiles = []
    for z in zooms:
        n = 1 << z
        place = lambda lon, lat: (int((lon + 180) / 360 * n), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * n))
        found = sorted({place(*point[:2]) for point in points if abs(point[1]) < 85 and abs(point[0]) < 180})
        tiles += [(z, *tile) for tile in chosen.sample(found, min(count, len(found)))]
    return tiles


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = HERE.parents[2]
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=root / "target/peers")
    parser.add_argument("--tiles", type=int, default=40, help="a zoom at most; of the world, whose tiles are quick, four times as many")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--tumen", default=str(root / "target/release/tumen"))
    parser.add_argument("--keep", type=pathlib.Path, help="keep a picture of each here")
    flags = parser.parse_args()
    folder = flags.folder.resolve()
    shapefiles(folder / "features", folder / "shapes")
    work = pathlib.Path(tempfile.mkdtemp(prefix="peers-"))
    tumen_styles(work / "styles")
    mapfile(work, folder / "shapes")
    lists = {"florence": tiles_of(folder / "features/firenze_buildings.geojsonl", range(12, 18), flags.tiles),
             "world": tiles_of(folder / "features/ne_10m_admin_0_countries.geojson", range(0, 7), 4 * flags.tiles)}
    print("| style | pixels | tiles | MapServer tiles/s, by CPU | Tumen tiles/s, by CPU | ratio, by CPU | of a round | KB |")
    for style, tiles in lists.items():
        for size in (256, 512):
            # A tile of 512 pixels at a zoom shows what four of 256 show at the next.
            asked = tiles if size == 256 else [(z, x, y) for z, x, y in tiles if z < 17]
            rounds = []
            for _ in range(flags.rounds):
                servers = [MapServer(work), Tumen(flags.tumen, folder / "features", work / "styles")]
                try:
                    rounds.append(compare(servers, style, size, asked))
                    if flags.keep:
                        keep(servers, style, size, asked, flags.keep)
                finally:
                    for server in servers:
                        server.stop()
            show(style, size, rounds)


def compare(servers, style, size, asked):
    """Seconds by the clock and of CPU, and bytes of each server, and how many tiles that was for."""
    # Some open files and fonts and are not counted.
    for server in servers:
        measure(server, style, size, asked[::8])
    asked = [tile for number, tile in enumerate(asked) if number % 8]
    spent = [[0.0, 0.0, 0] for _ in servers]
    for piece in (asked[start::6] for start in range(6)):
        for total, server in zip(spent, servers):
            for index, value in enumerate(measure(server, style, size, piece)):
                total[index] += value
    return spent, len(asked)


def show(style, size, rounds):
    count = sum(tiles for _, tiles in rounds)
    sums = [[sum(spent[server][index] for spent, _ in rounds) for index in range(3)] for server in range(2)]
    shown = " | ".join(f"{count / wall:.0f}, {count / cpu:.0f}" for wall, cpu, _ in sums)
    ratio = lambda spent, index: spent[0][index] / spent[1][index]
    single = [f"{found(ratio(spent, index) for spent, _ in rounds):.2f}" for found in (min, max) for index in (0, 1)]
    kilobytes = " / ".join(f"{size_ / count / 1000:.0f}" for _, _, size_ in sums)
    print(f"| {style} | {size} | {count} | {shown} | {ratio(sums, 0):.2f}, {ratio(sums, 1):.2f} | "
          f"{single[0]}-{single[2]}, {single[1]}-{single[3]} | {kilobytes} |", flush=True)


def keep(servers, style, size, asked, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for server in servers:
        for tile in (asked[len(asked) // 2], asked[-1]):
            name = f"{style}-{size}-{'-'.join(map(str, tile))}-{type(server).__name__}.png"
            (folder / name).write_bytes(server.get(server.connection(), style, size, *tile))


if __name__ == "__main__":
    main()
