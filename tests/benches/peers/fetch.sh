#!/bin/bash
# fetch.sh [FOLDER]: puts what the comparisons draw into a folder outside of the repository (default: target/peers): the tiles
# of npm's @mapbox/mvt-fixtures, Natural Earth's countries and Florence's buildings and roads from $TUMEN_SHARED, glyph ranges
# made by `tumen serve` from its fonts, and the styles.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
out=$(mkdir -p "${1:-$root/target/peers}" && cd "${1:-$root/target/peers}" && pwd)
tumen=${TUMEN:-$root/target/release/tumen}
shared=${TUMEN_SHARED:?say in TUMEN_SHARED where the shared data is}

cd "$out"
if [ ! -d city ]; then
    npm pack --silent @mapbox/mvt-fixtures@4.0.0 >/dev/null
    mkdir -p unpacked && tar xzf mapbox-mvt-fixtures-4.0.0.tgz -C unpacked
    mv unpacked/package/real-world/chicago city && rm -rf unpacked mapbox-mvt-fixtures-4.0.0.tgz
fi
mkdir -p features
for name in naturalearth/ne_10m_admin_0_countries.geojson osm/firenze_buildings.geojsonl osm/firenze_roads.geojsonl; do
    [ -f "features/$(basename "$name")" ] || gunzip -c "$shared/data/$name.gz" >"features/$(basename "$name")"
done

if [ ! -d glyphs ]; then
    coproc serve { exec "$tumen" serve --listen 127.0.0.1:0 2>&1; }
    pid=$serve_PID
    trap 'kill "$pid" 2>/dev/null || true' EXIT
    address=
    while read -r -t 60 line <&"${serve[0]}"; do
        address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' <<<"$line" | head -1) && [ -n "$address" ] && break
    done
    mkdir -p glyphs.part/NotoSans
    for start in 0 256 512 768 1024 7680 8192 8448 9472; do
        range=$start-$((start + 255))
        curl -sSf "$address/fonts/Noto%20Sans%20Regular/$range.pbf" --compressed -o "glyphs.part/NotoSans/$range.pbf"
    done
    mv glyphs.part glyphs
fi
python3 "$here/styles.py" city features/ne_10m_admin_0_countries.geojson glyphs styles
echo "$out is ready"
