#!/usr/bin/env python3
"""pmtiles_check.py ARCHIVE   - reads a PMTiles file with the reader of its authors: the header against what is counted, every tile
in the order of its number, found again by its place, and unpacked. Prints what it read; fails with what is wrong."""
import gzip
import sys

from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, zxy_to_tileid

with open(sys.argv[1], "rb") as file:
    source = MmapSource(file)
    reader = Reader(source)
    header = reader.header()
    count, last, zooms, offsets = 0, -1, set(), set()
    for (z, x, y), tile in all_tiles(source):
        number = zxy_to_tileid(z, x, y)
        assert number > last, f"{z}/{x}/{y} is out of order"
        assert reader.get(z, x, y) == tile, f"{z}/{x}/{y} is not found again"
        if header["tile_compression"] == Compression.GZIP:
            tile = gzip.decompress(tile)
        assert tile, f"{z}/{x}/{y} is empty"
        count, last = count + 1, number
        zooms.add(z)
    assert header["clustered"] and header["addressed_tiles_count"] == count, "the header does not say what there is"
    assert (header["min_zoom"], header["max_zoom"]) == (min(zooms), max(zooms)), "the zooms are not those of the tiles"
    file.seek(0, 2)
    assert file.tell() == header["tile_data_offset"] + header["tile_data_length"], "there is more or less than it says"
    layers = [layer["id"] for layer in reader.metadata().get("vector_layers", [])]
    print(f"PASS {count} tiles of zooms {min(zooms)}-{max(zooms)}, layers {layers}")
