#!/usr/bin/env python3
"""cql2_data.py DATA OUT: exports the test data of CQL2 (a GeoPackage, and the queryables of its collections) as collections with
their metadata: the types of fields are those that the queryables declare. Prints PASS and FAIL lines."""
import json
import pathlib
import subprocess
import sys

data, out = map(pathlib.Path, sys.argv[1:3])
package = next(data.glob("*.gpkg"))
failures = 0
for described in sorted(data.glob("*.json")):
    name = described.stem
    # All digits of the coordinates are kept, because the suite asks what touches.
    export = ["ogr2ogr", out / f"{name}.geojson", package, name, "-lco", "COORDINATE_PRECISION=15"]
    exported = subprocess.run(export, stderr=subprocess.DEVNULL).returncode == 0
    kinds = {}
    for field, schema in json.loads(described.read_text())["properties"].items():
        kind = {"date": "date", "date-time": "timestamp"}.get(schema.get("format"), schema.get("type"))
        if kind and not schema.get("format", "").startswith("geometry"):
            kinds[field] = kind
    (out / f"{name}.toml").write_text("".join(f"[fields.{field}]\ntype = \"{kind}\"\n" for field, kind in kinds.items()))
    failures += not exported
    print("PASS" if exported else "FAIL", name, len(kinds), "fields", flush=True)
sys.exit(failures)
