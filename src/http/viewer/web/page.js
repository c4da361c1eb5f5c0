// The small map of a page of features: draws the page's GeoJSON over the atlas, and ties its rows to its shapes.
import { Map as MapLibre, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import { fetchJson } from './config.js';
import { boundsOf } from './geometry.js';
import { nameOf } from './names.js';

setWorkerUrl(new URL('./maplibre-worker.js', import.meta.url).href);

const PLAIN = { version: 8, sources: {}, layers: [{ id: 'paper', type: 'background', paint: { 'background-color': '#eef1ec' } }] };
const INK = '#b03a64';
const RAISED = ['boolean', ['feature-state', 'raised'], false];
const AREA = ['in', ['geometry-type'], ['literal', ['Polygon', 'MultiPolygon']]];
const POINT = ['in', ['geometry-type'], ['literal', ['Point', 'MultiPoint']]];

const layersOf = (layer) => [
  { id: 'area', type: 'fill', filter: AREA, paint: { 'fill-color': INK, 'fill-opacity': ['case', RAISED, 0.4, 0.14] } },
  {
    id: 'line', type: 'line', filter: ['!', POINT], layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': INK, 'line-width': ['case', RAISED, 4.5, 2] },
  },
  {
    id: 'point', type: 'circle', filter: POINT,
    paint: { 'circle-color': INK, 'circle-radius': ['case', RAISED, 9, 5], 'circle-stroke-color': '#fff', 'circle-stroke-width': 1.75 },
  },
].map((part) => ({ ...part, id: `page/${part.id}/${layer ?? ''}`, source: 'page', ...(layer ? { 'source-layer': layer } : {}) }));

const holder = document.getElementById('map');
if (holder) open(holder).catch((error) => console.warn('the map:', error.message));

/** `data-geojson` is what the page lists; a page without a list may name vector tiles with `data-tilejson`. */
async function open(container) {
  const { geojson, tilejson, bbox, style } = container.dataset;
  const [base, data] = await Promise.all([style ? fetchJson(style) : PLAIN, geojson || tilejson ? fetchJson(geojson || tilejson) : null]);
  const features = geojson ? numbered(data) : [];
  const source = geojson || !tilejson
    ? { type: 'geojson', data: { type: 'FeatureCollection', features } }
    : { type: 'vector', url: tilejson };
  const layers = source.type === 'vector' ? data.vector_layers.flatMap(({ id }) => layersOf(id)) : layersOf(null);
  const box = bbox ? bbox.split(',').map(Number) : data?.bounds ?? boundsOf({ geometries: features.map(({ geometry }) => geometry) });
  const map = new MapLibre({
    container,
    style: { ...base, sources: { ...base.sources, page: source }, layers: [...base.layers, ...layers] },
    bounds: box ? [[box[0], box[1]], [box[2] < box[0] ? box[2] + 360 : box[2], box[3]]] : undefined,
    fitBoundsOptions: { padding: 36, maxZoom: 14 },
    attributionControl: false,
    localIdeographFontFamily: false,
    cooperativeGestures: matchMedia('(pointer: coarse)').matches,
    dragRotate: false,
    maxPitch: 0,
  });
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.on('idle', () => { container.dataset.state = 'idle'; });
  offerPlace(map, container);
  if (features.length > 0) tie(map, features, rowsById(), layers.map(({ id }) => id));
}

/** Where the page's form asks for a box, it may be taken from the map. */
function offerPlace(map, container) {
  const field = document.querySelector('form.items-form [name="bbox"]');
  if (!field) return;
  const tools = Object.assign(document.createElement('p'), { className: 'map-tools' });
  const button = Object.assign(document.createElement('button'), {
    type: 'button', className: 'button plain', textContent: 'Only what the map shows',
  });
  button.addEventListener('click', () => {
    const bounds = map.getBounds();
    const turned = (longitude) => ((((longitude + 180) % 360) + 360) % 360) - 180;
    const isWhole = bounds.getEast() - bounds.getWest() >= 360;
    const [west, east] = isWhole ? [-180, 180] : [turned(bounds.getWest()), turned(bounds.getEast())];
    field.value = [west, bounds.getSouth(), east, bounds.getNorth()].map((number) => number.toFixed(4)).join(',');
    field.form.requestSubmit();
  });
  tools.append(button);
  container.after(tools);
}

/** MapLibre's feature states want whole numbers: the place in the list is the id. */
function numbered(data) {
  const features = data?.features ?? (data ? [data] : []);
  return features.filter(({ geometry }) => geometry)
    .map((feature, index) => ({ ...feature, id: index + 1, fid: String(feature.id) }));
}

const rowsById = () => new Map([...document.querySelectorAll('tr[data-fid]')].map((row) => [row.dataset.fid, row]));

function tie(map, features, rows, layers) {
  let raised = null;
  const raise = (feature) => {
    if (feature === raised) return;
    for (const [its, on] of [[raised, false], [feature, true]]) {
      if (!its) continue;
      map.setFeatureState({ source: 'page', id: its.id }, { raised: on });
      rows.get(its.fid)?.classList.toggle('raised', on);
    }
    raised = feature;
  };
  for (const feature of features) {
    const row = rows.get(feature.fid);
    row?.addEventListener('pointerenter', () => raise(feature));
    row?.addEventListener('pointerleave', () => raise(null));
    row?.addEventListener('focusin', () => raise(feature));
    row?.addEventListener('click', (event) => {
      if (event.target.closest('a')) return;
      const [west, south, east, north] = boundsOf(feature.geometry);
      map.fitBounds([[west, south], [east, north]], { padding: 60, maxZoom: 14, duration: 500 });
      raise(feature);
    });
  }
  const under = (point) => {
    const hit = map.getLayer(layers[0]) ? map.queryRenderedFeatures(point, { layers })[0] : null;
    return hit ? features[hit.id - 1] : null;
  };
  map.on('mousemove', ({ point }) => {
    const feature = under(point);
    map.getCanvas().style.cursor = feature ? 'pointer' : '';
    map.getContainer().title = feature ? nameOf(feature.properties ?? {}) ?? feature.fid : '';
    raise(feature);
  });
  map.on('click', ({ point }) => {
    const feature = under(point);
    if (feature) rows.get(feature.fid)?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  });
}
