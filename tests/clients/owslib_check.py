#!/usr/bin/env python3
"""owslib_check.py BASE: reads every collection with OWSLib, as a script of a GIS user would. Prints PASS and FAIL lines."""
import sys

from owslib.ogcapi.features import Features

base = sys.argv[1]
failures = 0


def check(name, holds):
    """Says whether `holds()` is true; what it raises is a failure with its words."""
    global failures
    try:
        found = holds()
        words = "" if found else "not so"
    except Exception as error:  # a client library raises what it likes
        found, words = False, repr(error)[:200]
    failures += not found
    print("PASS" if found else "FAIL", name, words, flush=True)


def ids(page):
    return [feature["id"] for feature in page["features"]]


service = Features(base)
check("landing page has links", lambda: len(service.links) >= 5)
check("conformance names the core", lambda: any(uri.endswith("ogcapi-features-1/1.0/conf/core") for uri in service.conformance()["conformsTo"]))
check("service-desc leads to the API definition", lambda: service.api()["openapi"].startswith("3.0"))
names = [entry["id"] for entry in service.collections()["collections"]]
check("there are collections", lambda: len(names) > 0)
check("all of them are feature collections", lambda: sorted(service.feature_collections()) == sorted(names))

for name in names:
    check(f"{name}: collection", lambda: service.collection(name)["id"] == name)
    page = service.collection_items(name, limit=1000)
    total = page["numberMatched"]
    check(f"{name}: items up to the limit", lambda: len(page["features"]) == min(1000, total) == page["numberReturned"])
    first = service.collection_items(name, limit=3)
    check(f"{name}: limit", lambda: ids(first) == ids(page)[:3])
    if total > 2:
        check(f"{name}: offset", lambda: ids(service.collection_items(name, limit=1, offset=2)) == ids(page)[2:3])
    one = str(first["features"][0]["id"])
    check(f"{name}: item", lambda: str(service.collection_item(name, one)["id"]) == one)
    west, south, east, north = service.collection(name)["extent"]["spatial"]["bbox"][0][:4]
    check(f"{name}: bbox of the extent holds everything",
          lambda: service.collection_items(name, limit=1, bbox=[west, south, east, north])["numberMatched"] == total)
    located = sum(1 for feature in page["features"] if feature["geometry"])
    check(f"{name}: bbox far away holds nothing that has a place",
          lambda: service.collection_items(name, limit=1, bbox=[-60.5, -30.5, -60, -30])["numberMatched"] <= total - located)
    check(f"{name}: datetime", lambda: service.collection_items(name, limit=1, datetime="1900-01-01T00:00:00Z/..")["numberMatched"] <= total)

sys.exit(min(failures, 100))
