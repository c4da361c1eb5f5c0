// Leaflet: the PNG tiles that the server draws itself.
import L from 'leaflet';
import { BASE, fetchJson } from '../config.js';
import { dimension, distance } from '../geometry.js';

const REACH = 8; // CSS pixels around a click

export async function open(container, { styleId, collections, view, version, attend }) {
  let state = { styleId, collections, version };
  const map = L.map(container, {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0, // the view comes as it was in another engine
    center: [view.lat, view.lon],
    zoom: view.zoom + 1, // Leaflet's world is 256 px wide at 0
    minZoom: 0,
    maxZoom: 20,
  });
  container.tabIndex = 0;
  map.options.zoomSnap = 1; // and goes on in whole steps, where pictures are sharp

  let tiles = lay();
  let selected = null;

  map.on('moveend', () => {
    const { lng, lat } = map.getCenter().wrap();
    attend.moved({ lon: lng, lat, zoom: map.getZoom() - 1 });
  });
  map.on('click', async ({ latlng }) => {
    const { lng, lat } = latlng.wrap();
    const found = await featuresAround([lng, lat], map.getZoom() - 1, state.collections).catch((error) => {
      attend.failed(error);
      return [];
    });
    attend.picked(found, [lng, lat]);
  });

  /** A new layer of pictures; the one before stays until the new one is there, so that nothing flickers. */
  function lay() {
    if (!state.styleId && state.collections.length === 0) return null;
    const layer = L.tileLayer(template(state), { maxZoom: 20, keepBuffer: 3 });
    layer.on('load', () => {
      if (layer === tiles) map.eachLayer((other) => other instanceof L.TileLayer && other !== layer && other.remove());
      attend.settled();
    });
    layer.on('tileerror', () => attend.failed(new Error('A picture tile did not load.')));
    return layer.addTo(map);
  }

  function renew(style, news) {
    state = { ...state, ...news };
    tiles = lay();
  }

  return {
    layersCanHide: false,
    jumpTo({ lon, lat, zoom }, smooth) {
      map.options.zoomSnap = 0;
      map.setView([lat, lon], zoom + 1, { animate: Boolean(smooth) });
      map.options.zoomSnap = 1;
    },
    zoomBy: (step) => map.setZoom(map.getZoom() + step),
    hide() {},
    draw: renew,
    refresh: renew,
    highlight(geometry) {
      selected?.remove();
      const look = { color: '#b03a64', weight: 3, fillOpacity: 0.08, interactive: false };
      selected = geometry
        ? L.geoJSON(geometry, { style: look, pointToLayer: (_, at) => L.circleMarker(at, { ...look, radius: 11 }) }).addTo(map)
        : null;
    },
    resize: () => map.invalidateSize(),
    close: () => map.remove(),
  };
}

/** A version in the address: after a change the browser must not show the old picture from memory. */
function template({ styleId, collections, version }) {
  const whole = styleId
    ? `${BASE}styles/${encodeURIComponent(styleId)}/{z}/{x}/{y}{r}.png`
    : `${BASE}data/${collections.map(({ id }) => encodeURIComponent(id)).join(',')}/{z}/{x}/{y}{r}.png`;
  return version ? `${whole}?v=${encodeURIComponent(version)}` : whole;
}

/** Pictures hold no features, so the server is asked for what lies around the place. */
async function featuresAround([lon, lat], zoom, collections) {
  const reach = (REACH / (512 * 2 ** zoom)) * 360;
  const box = [lon - reach, Math.max(-90, lat - reach), lon + reach, Math.min(90, lat + reach)];
  if (box[0] < -180 || box[2] > 180) return [];
  const query = `items?f=json&limit=20&bbox=${box.map((side) => side.toFixed(7)).join(',')}`;
  const near = ({ bounds }) => !bounds || bounds[2] < bounds[0]
    || (bounds[0] <= box[2] && bounds[2] >= box[0] && bounds[1] <= box[3] && bounds[3] >= box[1]);
  const pages = await Promise.all(collections.filter(near).map(async ({ id }) => {
    const { features } = await fetchJson(`${BASE}collections/${encodeURIComponent(id)}/${query}`);
    return features.map((feature) => ({ collection: id, feature, ...feature }));
  }));
  return pages.flat()
    .map((found) => ({ ...found, away: distance(found.geometry, [lon, lat], zoom) }))
    .filter(({ away }) => away <= REACH)
    .reverse() // of two in one place the collection drawn later lies on top
    .sort((a, b) => dimension(a.geometry) - dimension(b.geometry) || Math.round(a.away / 4) - Math.round(b.away / 4));
}
