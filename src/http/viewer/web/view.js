// The view that all three engines share, and its place in the address: #map=zoom/lat/lon&engine=…&style=….
// The zoom is MapLibre's: the world is 512 px wide at 0.

export const ENGINES = ['maplibre', 'openlayers', 'leaflet'];

export function readHash(hash = location.hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const [zoom, lat, lon] = (fields.get('map') ?? '').split('/').map(Number);
  const valid = [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 90;
  return {
    view: valid ? { zoom, lat, lon } : null,
    engine: ENGINES.includes(fields.get('engine')) ? fields.get('engine') : null,
    style: fields.get('style'),
  };
}

export function writeHash({ view, engine, style }) {
  const digits = Math.max(2, Math.ceil(view.zoom / 3) + 1);
  const place = [view.zoom.toFixed(2), view.lat.toFixed(digits), view.lon.toFixed(digits)].join('/');
  const fields = [`map=${place}`];
  if (engine !== ENGINES[0]) fields.push(`engine=${engine}`);
  if (style) fields.push(`style=${encodeURIComponent(style)}`);
  history.replaceState(history.state, '', `#${fields.join('&')}`);
}

/** The view that shows the box [west, south, east, north] in so many CSS pixels. */
export function viewOf([west, south, east, north], width, height, maxZoom = 15) {
  const crossing = east < west ? east + 360 : east;
  const [top, bottom] = [mercatorY(north), mercatorY(south)];
  const spanX = Math.max((crossing - west) / 360, 1e-7);
  const spanY = Math.max(bottom - top, 1e-7);
  const zoom = Math.log2(Math.min((width * 0.9) / (512 * spanX), (height * 0.9) / (512 * spanY)));
  return {
    lon: (west + crossing) / 2,
    lat: latitudeOf((top + bottom) / 2),
    zoom: Math.max(0, Math.min(maxZoom, zoom)),
  };
}

/** Web Mercator, 0 at the north edge of the square world and 1 at the south. */
export function mercatorY(lat) {
  const bounded = Math.max(-85.0511, Math.min(85.0511, lat)) * (Math.PI / 180);
  return (1 - Math.asinh(Math.tan(bounded)) / Math.PI) / 2;
}

function latitudeOf(y) {
  return Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * (180 / Math.PI);
}

/** How many CSS pixels a place lies from another at a zoom, as [dx, dy]. */
export function pixelsBetween([fromLon, fromLat], [toLon, toLat], zoom) {
  const world = 512 * 2 ** zoom;
  return [((toLon - fromLon) / 360) * world, (mercatorY(toLat) - mercatorY(fromLat)) * world];
}
