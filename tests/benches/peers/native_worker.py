"""MapLibre Native (PyPI `mapli`) behind the same lines of JSON as `tumen render --worker`. Each style keeps its renderer."""

import json
import sys

import mapli

pool = mapli.RenderPool(1, 8)
for line in sys.stdin:
    job = json.loads(line)
    if not pool.has_style(job["style"]):
        pool.register_style(job["style"], path=job["style"])
    picture = pool.render(job["style"], lon=job["lon"], lat=job["lat"], zoom=job["zoom"], width=job["width"],
                          height=job["height"], pixel_ratio=job["ratio"])
    with open(job["out"], "wb") as file:
        file.write(picture)
    print(json.dumps({"ok": True}), flush=True)
