// Elements from code. What comes from data goes in as text nodes, so markup in a name stays text.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes (`on…` functions are listeners; null and false are left out) and children. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const ICONS = {
  point: ['M12 6a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z'],
  line: ['M4 18c4-1 3-6 7-7s4-5 9-6'],
  polygon: ['M5 8.5 12 4l7 5-2.5 10h-10Z'],
  any: ['M12 4 4 8.5l8 4.5 8-4.5Z', 'm4 13.5 8 4.5 8-4.5'],
  plus: ['M12 5v14M5 12h14'],
  minus: ['M5 12h14'],
  home: ['M4 11.5 12 5l8 6.5', 'M6.5 10v9h11v-9'],
  close: ['m6 6 12 12M18 6 6 18'],
  code: ['m9 7-5 5 5 5M15 7l5 5-5 5'],
  fit: ['M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5'],
  list: ['M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01'],
  copy: ['M9 9h10v11H9Z', 'M15 9V4H5v11h4'],
  left: ['m14 6-6 6 6 6'],
  right: ['m10 6 6 6-6 6'],
  layers: ['M12 4 4 8.5l8 4.5 8-4.5Z', 'm4 13.5 8 4.5 8-4.5'],
};

export function icon(name) {
  const paths = (ICONS[name] ?? ICONS.any).map((d) => svg('path', { d }));
  return svg('svg', { viewBox: '0 0 24 24', class: `icon icon-${name}`, 'aria-hidden': 'true' }, paths);
}

/** The icon of geometry types as GeoJSON names them, one or a list, Multi or not. */
export function geometryIcon(types = []) {
  const kinds = new Set([types].flat().map((type) => type.toLowerCase().replace('multi', '')));
  const [only] = kinds.size === 1 ? kinds : [];
  return icon({ point: 'point', linestring: 'line', polygon: 'polygon' }[only] ?? 'any');
}

export function number(value) {
  return Number(value).toLocaleString('en');
}
