// Lines to copy, with the real addresses of this server and the place now on the map.

const round = (value, digits) => Number(value.toFixed(digits));

/** Tool -> text, for a collection and a style. `base` ends in a slash and is the address that others reach. */
export function snippets({ base, style, collection, attribution, view }) {
  const [lon, lat, zoom] = [round(view.lon, 4), round(view.lat, 4), round(view.zoom, 1)];
  const id = encodeURIComponent(collection);
  const root = base.replace(/\/$/, '');
  const pictures = style ? `${base}styles/${encodeURIComponent(style)}/{z}/{x}/{y}` : `${base}data/${id}/{z}/{x}/{y}`;
  const styleJson = style ? `${base}styles/${encodeURIComponent(style)}/style.json` : null;
  const quoted = JSON.stringify;
  return {
    Leaflet: `import L from 'leaflet';

const map = L.map('map').setView([${lat}, ${lon}], ${Math.round(zoom + 1)});
L.tileLayer(${quoted(`${pictures}{r}.png`)}, {
  maxZoom: 20,
  attribution: ${quoted(attribution)},
}).addTo(map);`,
    OpenLayers: styleJson
      ? `import { apply } from 'ol-mapbox-style';

apply('map', ${quoted(styleJson)});

// or one collection as a plain layer of vector tiles
import MVT from 'ol/format/MVT.js';
import VectorTileLayer from 'ol/layer/VectorTile.js';
import VectorTileSource from 'ol/source/VectorTile.js';

new VectorTileLayer({
  source: new VectorTileSource({
    format: new MVT(),
    url: ${quoted(`${base}data/${id}/{z}/{x}/{y}.pbf`)},
  }),
});`
      : `import MVT from 'ol/format/MVT.js';
import VectorTileLayer from 'ol/layer/VectorTile.js';
import VectorTileSource from 'ol/source/VectorTile.js';

new VectorTileLayer({
  source: new VectorTileSource({
    format: new MVT(),
    url: ${quoted(`${base}data/${id}/{z}/{x}/{y}.pbf`)},
  }),
});`,
    MapLibre: `import maplibregl from 'maplibre-gl';

const map = new maplibregl.Map({
  container: 'map',
  style: ${quoted(styleJson ?? { version: 8, sources: {}, layers: [] })},
  center: [${lon}, ${lat}],
  zoom: ${zoom},
});

// or one collection in a style of your own
map.addSource(${quoted(collection)}, { type: 'vector', url: ${quoted(`${base}data/${id}.json`)} });`,
    QGIS: `# Layer > Add Layer > Add WFS / OGC API - Features Layer > New: URL ${root}
# Layer > Add Layer > Add Vector Tile Layer > New Generic Connection: URL as below
# or in the Python console:
iface.addVectorLayer("url='${root}' typename='${collection}'", ${quoted(collection)}, "OAPIF")
iface.addRasterLayer("type=xyz&url=${pictures.replaceAll('{', '%7B').replaceAll('}', '%7D')}.png&zmax=20", ${quoted(style || collection)}, "wms")`,
    GDAL: `ogrinfo -so OAPIF:${root} ${collection}
ogr2ogr ${collection}.gpkg OAPIF:${root} ${collection}
ogr2ogr ${collection}.fgb "${base}data/${id}.geojson"`,
    curl: `curl "${base}collections/${id}/items?limit=5"
curl "${base}data/${id}.json"
curl --compressed -o tile.pbf "${base}data/${id}/${tile(view)}.pbf"${style ? `
curl -o map.png "${base}styles/${encodeURIComponent(style)}/static/${lon},${lat},${zoom}/800x600@2x.png"` : ''}`,
  };
}

function tile({ lon, lat, zoom }) {
  const z = Math.max(0, Math.min(14, Math.floor(zoom)));
  const side = 2 ** z;
  const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
  const cell = (part) => Math.max(0, Math.min(side - 1, Math.floor(part * side)));
  return `${z}/${cell((lon + 180) / 360)}/${cell(y)}`;
}
