// The MapLibre style that the server gives, and layers for the collections that it does not draw.
import { BASE, fetchJson } from './config.js';

const EXTRA = 'tumen-extra';
const ARCHIVE = 'tumen-archive/';
const COLOURS = ['#b03a64', '#2e7591', '#7a5c1e', '#4d7c3f', '#6b4fa0', '#b4562b', '#2f7f78', '#8a3b3b'];

export const styleUrl = (id) => `${BASE}styles/${encodeURIComponent(id)}/style.json`;

/** The style's document with, on top, simple layers for collections and archives of tiles that none of its layers draws. */
export async function loadStyle(id, collections, archives = []) {
  const style = id ? await fetchJson(styleUrl(id)) : { version: 8, sources: {}, layers: [] };
  const drawn = new Set(style.layers.map((layer) => layer['source-layer']).filter(Boolean));
  const left = collections.filter((collection) => !drawn.has(collection.id));
  if (left.length > 0) {
    style.sources[EXTRA] = { type: 'vector', url: tileJsonUrl(left.map((collection) => collection.id)) };
    for (const [index, { id: layer }] of left.entries()) {
      style.layers.push(...plainLayers(EXTRA, layer, COLOURS[index % COLOURS.length]));
    }
  }
  for (const archive of archives) addArchive(style, archive, Object.keys(style.sources).length);
  return style;
}

/** Pictures go above the background and below all else, layers of vector tiles on top. */
function addArchive(style, { id, vector, size, layers }, place) {
  const source = `${ARCHIVE}${id}`;
  style.sources[source] = { type: vector ? 'vector' : 'raster', url: tileJsonUrl([id]), ...(vector ? {} : { tileSize: size }) };
  if (!vector) {
    const above = style.layers.findLastIndex((layer) => layer.type === 'background') + 1;
    style.layers.splice(above, 0, { id: source, type: 'raster', source });
    return;
  }
  for (const [index, name] of layers.entries()) {
    const plain = plainLayers(source, name, COLOURS[(place + index) % COLOURS.length]);
    style.layers.push(...plain.map((layer) => ({ ...layer, id: `${source}/${layer.id}` })));
  }
}

export const tileJsonUrl = (ids) => `${BASE}data/${ids.map(encodeURIComponent).join(',')}.json`;

function plainLayers(source, layer, colour) {
  const common = { source, 'source-layer': layer };
  const only = (type) => ['==', ['geometry-type'], type];
  return [
    { id: `${layer}/area`, type: 'fill', ...common, filter: only('Polygon'), paint: { 'fill-color': colour, 'fill-opacity': 0.14 } },
    { id: `${layer}/line`, type: 'line', ...common, filter: ['!=', ['geometry-type'], 'Point'], paint: { 'line-color': colour, 'line-width': 1.5 } },
    {
      id: `${layer}/point`, type: 'circle', ...common, filter: only('Point'),
      paint: { 'circle-color': colour, 'circle-radius': 4.5, 'circle-stroke-color': '#fff', 'circle-stroke-width': 1.5 },
    },
  ];
}

const KEYS = {
  polygon: ['fill-color', 'line-color'],
  linestring: ['line-color', 'text-color'],
  point: ['circle-color', 'icon-color', 'text-color'],
};

/** The colour that stands for a collection in a legend: the first that the style draws its kind of geometry with. */
export function swatch(style, { id, geometry }) {
  const kind = String([geometry].flat()[0] ?? '').toLowerCase().replace('multi', '');
  const layers = style.layers.filter((layer) => layer['source-layer'] === id);
  for (const key of KEYS[kind] ?? Object.values(KEYS).flat()) {
    for (const layer of layers) {
      const colour = firstColour(layer.paint?.[key]);
      if (colour) return colour;
    }
  }
  return null;
}

/** A colour, or the first one in an expression. */
function firstColour(value) {
  if (Array.isArray(value)) return value.map(firstColour).find(Boolean) ?? null;
  return typeof value === 'string' && /^(#|rgb|hsl)/.test(value) && CSS.supports('color', value) ? value : null;
}

/** The same style with the layers of hidden collections switched off. */
export function withHidden(style, hidden) {
  return {
    ...style,
    layers: style.layers.map((layer) =>
      hidden.has(layer['source-layer']) ? { ...layer, layout: { ...layer.layout, visibility: 'none' } } : layer),
  };
}

/** The same style with a last resort in each list of fonts: a canvas knows only the fonts of the reader's machine. */
export function withPlainFont(style) {
  return { ...style, layers: style.layers.map((layer) => {
    const fonts = layer.layout?.['text-font'];
    return fonts ? { ...layer, layout: { ...layer.layout, 'text-font': plainLast(fonts) } } : layer;
  }) };
}

function plainLast(fonts) {
  if (!Array.isArray(fonts)) return fonts;
  if (fonts[0] === 'literal') return ['literal', [...fonts[1], 'sans-serif']];
  const isExpression = typeof fonts[0] === 'string' && fonts.some((part) => typeof part !== 'string');
  return isExpression ? fonts.map(plainLast) : [...fonts, 'sans-serif'];
}
