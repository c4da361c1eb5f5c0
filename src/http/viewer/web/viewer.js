// The map over the landing page: three engines on one view, and what a click finds.
import { BASE, fetchConfig, readConfig } from './config.js';
import { el, icon } from './dom.js';
import { buildLegend } from './legend.js';
import { listen } from './live.js';
import { buildPanel, ENGINE_NAMES } from './panel.js';
import { scaleBar } from './scale.js';
import { selection } from './selection.js';
import { sharingDialog } from './sharing.js';
import { loadStyle, swatch } from './style.js';
import { ENGINES, readHash, viewOf, writeHash } from './view.js';

const LOADERS = {
  maplibre: () => import('./engines/maplibre.js'),
  openlayers: () => import('./engines/openlayers.js'),
  leaflet: () => import('./engines/leaflet.js'),
};

let config = readConfig();
const asked = readHash();
const state = {
  engine: asked.engine ?? ENGINES[0],
  styleId: config.styles.includes(asked.style) ? asked.style : config.style,
  style: null,
  version: '',
  view: asked.view,
  hidden: new Set(),
};
let engine = null;

const root = document.getElementById('viewer');
const stage = el('div', { class: 'stage' });
const selected = selection({
  collections: () => config.collections,
  show(geometry) {
    root.classList.toggle('has-card', !selected.card.hidden);
    engine?.highlight(geometry);
  },
  fit,
  leave: () => stage.querySelector('canvas[tabindex], .map[tabindex]')?.focus({ preventScroll: true }),
});
const attribution = el('p', { class: 'attribution' });
const where = el('output', { class: 'where', 'aria-label': 'Place and zoom' });
const scale = scaleBar();
const toast = el('p', { class: 'toast', role: 'alert', hidden: true });
const said = el('p', { class: 'visually-hidden', 'aria-live': 'polite' });
const sharing = sharingDialog({
  collections: config.collections,
  now: () => ({ base: config.base ?? BASE, style: state.styleId, attribution: attributionText(), view: state.view }),
});
const legend = buildLegend(() => ({ style: state.styleId, zoom: state.view?.zoom ?? 0 }));
const panel = buildPanel({
  config, engine: state.engine, style: state.styleId, legend: legend.details,
  on: { engine: switchEngine, style: switchStyle, layer: toggleLayer, fit, share: () => sharing.open(), reading: () => read(true), picture },
});
const zoomButton = (name, label, press) => el('button', { type: 'button', 'aria-label': label, title: label, onclick: press }, icon(name));
const tools = el('div', { class: 'tools', role: 'group', 'aria-label': 'Zoom' },
  zoomButton('plus', 'Zoom in', () => engine?.zoomBy(1)),
  zoomButton('minus', 'Zoom out', () => engine?.zoomBy(-1)),
  zoomButton('home', 'The whole map', () => engine?.jumpTo(homeView(), true)));
const back = el('button', { type: 'button', class: 'button back', onclick: () => read(false) }, 'Show the map');

root.append(stage, panel.panel, selected.card, tools, el('div', { class: 'foot' }, scale.bar, where, attribution), toast, sharing.dialog, said);
const landing = document.getElementById('landing');
landing.tabIndex = -1;
landing.before(back);
document.documentElement.classList.add('has-map');
addEventListener('keydown', (event) => event.key === 'Escape' && !sharing.dialog.open && selected.close());
addEventListener('hashchange', followHash);
listen({
  changed: (change) => follow(change).catch(failed),
  connected: (open) => panel.live(open ? 'on' : 'off', open ? 'Live' : 'Offline'),
});

await start();

async function start() {
  state.style = await loadStyle(state.styleId, config.collections, config.archives).catch((error) => {
    failed(error);
    return loadStyle(null, config.collections, config.archives);
  });
  state.view ??= homeView();
  describe();
  await openEngine();
}

async function openEngine() {
  const name = state.engine;
  root.dataset.state = 'loading';
  const { open } = await LOADERS[name]();
  if (name !== state.engine) return;
  const holder = el('div', { class: 'map', role: 'application', 'aria-label': `Map, drawn with ${ENGINE_NAMES[name].name}` });
  engine?.close();
  engine = null;
  stage.replaceChildren(holder);
  root.dataset.engine = name;
  const opening = open(holder, {
    style: state.style, styleId: state.styleId, collections: config.collections,
    view: state.view, version: state.version, hidden: state.hidden,
    attend: { moved, settled, failed, picked: (found) => selected.pick(found).catch(failed) },
  });
  const opened = await opening.catch((error) => instead(name, error));
  if (!opened) return;
  if (name !== state.engine) {
    opened.close();
    return;
  }
  engine = opened;
  engine.highlight(selected.geometry());
  describe();
  moved(state.view);
}

/** Without WebGL there is no MapLibre: the canvas takes over. */
function instead(name, error) {
  if (name === 'maplibre') {
    failed(new Error('MapLibre needs WebGL 2, which is not to be had here; OpenLayers draws instead.'));
    switchEngine('openlayers');
  } else {
    failed(error);
    settled();
  }
}

function describe() {
  panel.describe(state.engine);
  panel.list(config.collections, state.hidden, state.engine !== 'leaflet', (collection) => swatch(state.style, collection));
  attribution.textContent = attributionText();
}

function attributionText() {
  const parts = [...config.collections, ...config.archives].map((shown) => shown.attribution).filter(Boolean);
  return [...new Set(parts.flatMap((part) => part.split(/\s*[;|]\s*/)))].join(' · ');
}

/** Where the map begins: as the server says, or the style, or with all there is. */
function homeView() {
  const { center, zoom } = state.style;
  if (!config.center && center && Number.isFinite(zoom)) return { lon: center[0], lat: center[1], zoom };
  if (config.center) return { lon: config.center[0], lat: config.center[1], zoom: config.center[2] };
  return viewOf(config.bounds ?? [-180, -60, 180, 75], innerWidth, innerHeight);
}

function switchEngine(name) {
  state.engine = name;
  openEngine().catch(failed);
}

async function switchStyle(id) {
  state.styleId = id;
  state.style = await loadStyle(id, config.collections, config.archives);
  engine?.draw(state.style, { styleId: id });
  describe();
  legend.renew();
  remember();
}

function toggleLayer(id, shown) {
  state.hidden = new Set(state.hidden);
  if (shown) state.hidden.delete(id);
  else state.hidden.add(id);
  engine?.hide(state.hidden);
}

function fit(bounds) {
  const wide = innerWidth > 720;
  const view = viewOf(bounds, innerWidth - (wide ? 380 : 20), innerHeight - (wide ? 40 : 220));
  engine?.jumpTo(view, true);
}

function moved(view) {
  state.view = view;
  where.textContent = `${Math.abs(view.lat).toFixed(3)}° ${view.lat < 0 ? 'S' : 'N'}  ${Math.abs(view.lon).toFixed(3)}° ${view.lon < 0 ? 'W' : 'E'}  z ${view.zoom.toFixed(1)}`;
  scale.show(view);
  legend.follow();
  remember();
}

/** Where the server draws what the map shows now, as one picture. */
function picture() {
  const { lon, lat, zoom } = state.view;
  const side = (pixels) => Math.min(2000, Math.max(64, Math.round(pixels)));
  const ratio = devicePixelRatio > 1 ? '@2x' : '';
  const place = [lon.toFixed(5), lat.toFixed(5), Math.max(0, zoom).toFixed(2)].join(',');
  const size = `${side(innerWidth)}x${side(innerHeight)}${ratio}.png`;
  return `${config.base ?? BASE}styles/${encodeURIComponent(state.styleId)}/static/${place}/${size}`;
}

function remember() {
  writeHash({ view: state.view, engine: state.engine, style: state.styleId === config.style ? null : state.styleId });
}

function followHash() {
  const { view, engine: name, style } = readHash();
  if (view && engine) engine.jumpTo(view);
  if (name && name !== state.engine) switchEngine(name);
  if (style && style !== state.styleId && config.styles.includes(style)) switchStyle(style).catch(failed);
}

function settled() {
  root.dataset.state = 'idle';
}

function failed(error) {
  const words = error?.message ?? String(error);
  console.warn('the map:', words);
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(failed.timer);
  failed.timer = setTimeout(() => { toast.hidden = true; }, 6000);
}

/** The page of the server below the map, or the map over it. */
function read(reading) {
  document.documentElement.classList.toggle('reading', reading);
  if (reading) landing.focus();
  else engine?.resize();
}

/** Something changed on the server: the lists, the style and the tiles are taken anew, the page stays. */
async function follow({ version }) {
  panel.live('busy', 'Updating');
  config = await fetchConfig();
  state.version = String(version ?? config.version ?? '');
  if (!config.styles.includes(state.styleId)) state.styleId = config.style;
  state.style = await loadStyle(state.styleId, config.collections, config.archives);
  engine?.refresh(state.style, { styleId: state.styleId, collections: config.collections, version: state.version });
  describe();
  legend.renew();
  panel.live('on', 'Updated');
  said.textContent = 'The map was updated.';
  setTimeout(() => panel.live('on', 'Live'), 4000);
}
