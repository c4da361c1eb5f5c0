// How far a GeoJSON geometry lies from a click, in CSS pixels.
import { pixelsBetween } from './view.js';

/** The distance in pixels from the place to the geometry; 0 inside a polygon. */
export function distance(geometry, place, zoom) {
  if (!geometry) return Infinity;
  if (geometry.type === 'GeometryCollection') {
    return Math.min(Infinity, ...geometry.geometries.map((part) => distance(part, place, zoom)));
  }
  const at = (position) => pixelsBetween(place, position, zoom);
  const many = geometry.type.startsWith('Multi') ? geometry.coordinates : [geometry.coordinates];
  const measure = { Point: toPoint, LineString: toLine, Polygon: toPolygon }[geometry.type.replace('Multi', '')];
  return Math.min(Infinity, ...many.map((part) => measure(part, at)));
}

/** 0 for points, 1 for lines, 2 for areas: the smaller thing is what a click means. */
export function dimension(geometry) {
  const type = geometry?.type ?? '';
  if (type.endsWith('Point')) return 0;
  return type.endsWith('LineString') ? 1 : 2;
}

const toPoint = (position, at) => Math.hypot(...at(position));

function toLine(positions, at) {
  let nearest = positions.length === 1 ? Math.hypot(...at(positions[0])) : Infinity;
  for (let index = 1; index < positions.length; index++) {
    nearest = Math.min(nearest, toSegment(at(positions[index - 1]), at(positions[index])));
  }
  return nearest;
}

function toSegment([x1, y1], [x2, y2]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / length));
  return Math.hypot(x1 + along * dx, y1 + along * dy);
}

function toPolygon(rings, at) {
  let inside = false;
  for (const ring of rings) {
    for (let index = 1; index < ring.length; index++) {
      const [[x1, y1], [x2, y2]] = [at(ring[index - 1]), at(ring[index])];
      if (y1 > 0 !== y2 > 0 && (x2 - x1) * (-y1 / (y2 - y1)) + x1 > 0) inside = !inside;
    }
  }
  return inside ? 0 : Math.min(...rings.map((ring) => toLine(ring, at)));
}

/** Calls `see` with every position of a geometry. */
function eachPosition(geometry, see) {
  if (!geometry) return;
  if (geometry.geometries) {
    for (const part of geometry.geometries) eachPosition(part, see);
    return;
  }
  const walk = (list) => (typeof list[0] === 'number' ? see(list) : list.forEach(walk));
  walk(geometry.coordinates);
}

/** [west, south, east, north] of a geometry, or null when it has no position. */
export function boundsOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  eachPosition(geometry, ([lon, lat]) => {
    if (lon < box[0]) box[0] = lon;
    if (lat < box[1]) box[1] = lat;
    if (lon > box[2]) box[2] = lon;
    if (lat > box[3]) box[3] = lat;
  });
  return box[0] === Infinity ? null : box;
}
