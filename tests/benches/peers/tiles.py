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
import pathlib
import tempfile
import time

from load import ROOT, Server, ask, build_tool, filled, shown, tile_lists


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=pathlib.Path)
    options.add_argument("--lists", default="15-16,13-14,10-12,6-9,0-5")
    options.add_argument("--per", default="60", help="tiles a zoom")
    options.add_argument("--tumen", default=str(ROOT / "target/release/tumen"))
    options.add_argument("--martin")
    options.add_argument("--versatiles")
    options = options.parse_args()
    folder = tempfile.TemporaryDirectory()
    tool = build_tool(folder.name)
    lists = tile_lists(options.file, options.lists, options.per)
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
                targets = filled(path, tiles)
                server = Server(command, targets[0])
                figures = ask(tool, server, targets[1:], connections)
                time.sleep(2)
                rates[label] = figures["rps"]
                print(f"{label:10} z{span:5} {connections} connections: {shown(figures)}  start {server.start:.2f} s  "
                      f"RssAnon {server.peak} -> {server.memory('RssAnon')}  VmHWM {server.memory('VmHWM')} MiB", flush=True)
                server.stop()
            for other in list(rates)[1:]:
                print(f"           for one of {other}'s: {rates['tumen'] / rates[other]:.1f}", flush=True)


if __name__ == "__main__":
    main()
