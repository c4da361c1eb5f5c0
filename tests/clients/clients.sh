#!/usr/bin/env bash
# clients.sh BASE [ogc] [cql2] [mvt] [gdal] [owslib] [maps] [countries] [openapi] [qgis]   - real clients against a running server; those
# of an atlas when none is named. `cql2` wants the collections of the standard's test data, `countries` and `qgis` those of the
# world as the first collection, `openapi` few collections, since it asks thousands of questions of each.
# Needs $TUMEN_SHARED (default ../shared beside the checkout) and $TUMEN_PYTHON (a Python with requests, owslib and so on).
# Prints PASS and FAIL lines and ends with the number of failures; exits non-zero when there was one.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
base=${1:?usage: clients.sh BASE [ogc] [cql2] [mvt] [gdal] [owslib] [maps] [countries] [openapi] [qgis]}
base=${base%/}
shift
shared=${TUMEN_SHARED:-$root/../shared}
kit=$shared/conformance
python=${TUMEN_PYTHON:-python3}
[ -d "$kit" ] || { echo "FAIL there is no $kit; set TUMEN_SHARED"; exit 1; }
[ $# -gt 0 ] || set -- ogc mvt gdal owslib maps
failures=0

run() { # run NAME COMMAND...: the command's own lines, then one PASS or FAIL
  local name=$1
  shift
  if "$@"; then echo "PASS $name"; else echo "FAIL $name"; failures=$((failures + 1)); fi
}

collections() {
  curl -fsS -H 'Accept: application/json' "$base/collections" | "$python" -c '
import json, sys
for entry in json.load(sys.stdin)["collections"]: print(entry["id"])'
}

style_of() { # the first style that the landing page names
  curl -fsS -H 'Accept: text/html' "$base/" | "$python" -c '
import json, re, sys
block = re.search(r"id=\"tumen-config\"[^>]*>(.*?)</script>", sys.stdin.read(), re.S)
print(json.loads(block.group(1)).get("style") or "")'
}

quoted() { "$python" -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1], safe=""))' "$1"; }

page() { # page PAGE.html KEY=VALUE...: a page of the kit in headless Chromium
  local file=$1 query='' pair
  shift
  for pair in "$@"; do query="$query&${pair%%=*}=$(quoted "${pair#*=}")"; done
  NODE_MODULES=$root/src/http/viewer/node_modules timeout 120 node "$kit/clients/browser.mjs" "$file" "${query#&}"
}

away() { # away COMMAND...: in a folder of its own, since GDAL leaves its cache where it is run
  local folder status
  folder=$(mktemp -d)
  (cd "$folder" && "$@")
  status=$?
  rm -rf "$folder"
  return $status
}

ids=$(collections) || { echo "FAIL $base/collections does not answer"; exit 1; }
[ -n "$ids" ] || { echo "FAIL the server has no collections"; exit 1; }

for part in "$@"; do
  case $part in
    ogc)
      tilejson=()
      for id in $ids; do tilejson+=(--tilejson "$base/data/$id.json"); done
      run 'OGC API Features, requirement by requirement' \
        "$python" "$kit/ogc_check.py" "$base/" --max-collections 99 --only core,geojson,html,oas,http "${tilejson[@]}"
      # The rest asks much of each collection, and the test data of CQL2 is asked of all of them.
      groups=$(grep -oE "^G = '[a-z0-9]+'" "$kit/ogc_check.py" | cut -d"'" -f2 | grep -vE '^(core|geojson|html|oas|http|cql2)$' | sort -u | paste -sd,)
      run "OGC APIs ($groups)" "$python" "$kit/ogc_check.py" "$base/" --max-collections 2 --only "$groups"
      ;;
    cql2)
      run 'OGC APIs and CQL2, every class' "$python" "$kit/ogc_check.py" "$base/" --max-collections 99
      ;;
    mvt)
      for id in $ids; do
        run "vector tiles of $id" "$python" "$kit/clients/mvt_check.py" "$base/data/$id/{z}/{x}/{y}.pbf" \
          --items "$base" "$id" --layer "$id" --zooms 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16
      done
      ;;
    gdal)
      for id in $ids; do run "GDAL reads $id" bash "$kit/clients/gdal_oapif.sh" "$base" "$id"; done
      ;;
    owslib)
      run 'OWSLib reads every collection' "$python" "$here/owslib_check.py" "$base/"
      ;;
    maps)
      style=$(style_of)
      run 'Leaflet shows the picture tiles' page leaflet.html "xyz=$base/styles/$style/{z}/{x}/{y}.png"
      run 'MapLibre draws the style' page maplibre.html "style=$base/styles/$style/style.json"
      for id in $ids; do
        run "OpenLayers reads $id" page ol_oapif.html "base=$base" "coll=$id"
        run "MapLibre draws the tiles of $id" page maplibre.html "tilejson=$base/data/$id.json"
      done
      ;;
    countries)
      id=${ids%%$'\n'*}
      run 'GDAL reads and selects' bash "$kit/clients/gdal_oapif.sh" "$base" "$id" ADMIN Germany
      run 'the newest GDAL reads and selects' "$python" "$kit/clients/pyogrio_oapif.py" "$base" "$id"
      run 'OWSLib reads features and maps' "$python" "$kit/clients/owslib_check.py" "$base" "$id" --map
      run 'OWSLib reads WMTS' "$python" "$kit/clients/owslib_check.py" - - --wmts "$base/wmts?service=WMTS&request=GetCapabilities" "$id"
      run 'GDAL reads WMTS' away bash "$kit/clients/gdal_wmts.sh" "$base/wmts/1.0.0/WMTSCapabilities.xml" "$id"
      run 'GDAL reads WMS' away env PY="$python" bash "$kit/clients/gdal_wms.sh" "$base/wms" "$id"
      run 'OWSLib reads WMS' "$python" "$kit/clients/owslib_check.py" - - --wms "$base/wms" "$id"
      run 'Leaflet shows WMS 1.3.0' page leaflet.html "wms=$base/wms" "layer=$id"
      run 'Leaflet shows WMS 1.1.1' page leaflet.html "wms=$base/wms" "layer=$id" version=1.1.1
      run 'OpenLayers shows WMS in degrees' page ol_ogcmap_wms.html "wms=$base/wms" "layer=$id" epsg=4326
      run 'Leaflet shows the features' page leaflet.html "geojson=$base/collections/$id/items?limit=1000"
      run 'OpenLayers reads a tileset of vector tiles' page ol_ogcvectortile.html "url=$base/collections/$id/tiles/WebMercatorQuad"
      run 'OpenLayers reads a tileset of pictures' page ol_ogcmaptile.html "url=$base/collections/$id/map/tiles/WebMercatorQuad"
      run 'OpenLayers shows a map' page ol_ogcmap_wms.html "map=$base/collections/$id/map"
      run 'OpenLayers shows a map in degrees' page ol_ogcmap_wms.html "map=$base/collections/$id/map" epsg=4326
      run 'OpenLayers shows WMTS' page ol_ogcmap_wms.html "wmts=$base/wmts/1.0.0/WMTSCapabilities.xml" "layer=$id"
      run 'MapLibre shows raster tiles' page maplibre.html "raster=$base/data/$id/{z}/{x}/{y}.png"
      ;;
    openapi)
      run 'the description of the API is valid and true' env PY="$python" TAIL=40 bash "$kit/clients/openapi.sh" "$base" 2
      ;;
    qgis)
      id=${ids%%$'\n'*}
      run 'QGIS reads features, WMS and vector tiles' env QGIS_ROOT=/ bash "$kit/clients/qgis.sh" "$kit/clients/qgis_check.py" "$base" "$id" \
        --wms "$base/wms" "$id" --vt "$base/data/$id/{z}/{x}/{y}.pbf"
      ;;
    *) echo "FAIL unknown part: $part"; exit 2 ;;
  esac
done
echo "$failures failures"
[ "$failures" -eq 0 ]
