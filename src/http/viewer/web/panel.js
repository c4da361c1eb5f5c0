// The panel over the map: engine, style, layers, and where else to go.
import { BASE } from './config.js';
import { el, geometryIcon, icon, number } from './dom.js';

export const ENGINE_NAMES = {
  maplibre: { name: 'MapLibre', says: 'Vector tiles, drawn by your graphics card' },
  openlayers: { name: 'OpenLayers', says: 'The same vector tiles and style, on a canvas' },
  leaflet: { name: 'Leaflet', says: 'PNG tiles, drawn by the server' },
};

export function buildPanel({ config, engine, style, legend, on }) {
  const live = el('span', { class: 'live', role: 'status', title: 'Follows the server' },
    el('i', { 'aria-hidden': 'true' }), el('span', { class: 'live-text' }, 'Connecting'));
  const says = el('p', { class: 'says' }, ENGINE_NAMES[engine].says);
  const engines = el('div', { class: 'segments', role: 'radiogroup', 'aria-label': 'Map engine' },
    Object.entries(ENGINE_NAMES).map(([id, { name }]) => el('label', {},
      el('input', { type: 'radio', name: 'engine', value: id, checked: id === engine, onchange: () => on.engine(id) }),
      el('span', {}, name))));
  const styles = config.styles.length > 1
    ? el('label', { class: 'field' }, el('span', {}, 'Style'),
      el('select', { onchange: (event) => on.style(event.target.value) },
        config.styles.map((id) => el('option', { value: id, selected: id === style }, id.charAt(0).toUpperCase() + id.slice(1)))))
    : null;
  const layers = el('ul', { class: 'layers' });
  const note = el('p', { class: 'note', hidden: true }, 'Pictures are drawn whole: layers can be switched with the other two.');
  const body = el('div', { class: 'panel-body', id: 'panel-body' }, styles, el('h2', {}, 'Layers'), note, layers, legend);
  const toggle = el('button', {
    type: 'button', class: 'quiet panel-toggle', 'aria-expanded': 'false', 'aria-controls': 'panel-body',
    onclick: () => {
      const open = panel.classList.toggle('open');
      toggle.setAttribute('aria-expanded', String(open));
    },
  }, icon('layers'), el('span', {}, 'Layers'));
  const panel = el('section', { class: 'panel', 'aria-label': 'Map' },
    el('header', {}, el('h1', {}, config.title), live, toggle),
    engines, says, body,
    el('footer', {},
      el('button', { type: 'button', class: 'button', onclick: on.share }, icon('code'), el('span', {}, 'Use this map')),
      el('nav', { 'aria-label': 'Pages' },
        el('a', { href: `${BASE}collections` }, 'Collections'),
        config.styles.length > 0 && el('a', {
          href: `${BASE}styles`, title: 'The map as it is now, as one picture', target: '_blank', rel: 'noopener',
          onclick: (event) => { event.currentTarget.href = on.picture(); },
        }, 'Picture'),
        el('a', { href: `${BASE}api` }, 'API'),
        el('button', { type: 'button', class: 'link', onclick: on.reading }, 'About'))));

  return {
    panel,
    /** Lists the collections anew, with those in `hidden` unticked. */
    list(collections, hidden, canHide, colourOf) {
      note.hidden = canHide;
      layers.replaceChildren(...collections.map((collection) => row(collection, hidden, canHide, colourOf, on)));
    },
    describe(id) {
      says.textContent = ENGINE_NAMES[id].says;
      for (const input of engines.querySelectorAll('input')) input.checked = input.value === id;
    },
    live(state, text) {
      live.dataset.state = state;
      live.lastChild.textContent = text;
    },
  };
}

function row(collection, hidden, canHide, colourOf, on) {
  const { id, title, count, geometry, bounds } = collection;
  const mark = geometryIcon(geometry);
  const colour = colourOf(collection);
  if (colour) mark.style.setProperty('--swatch', colour);
  return el('li', {},
    el('label', { title: collection.description || null },
      el('input', {
        type: 'checkbox', checked: !hidden.has(id), disabled: !canHide, 'data-collection': id,
        onchange: (event) => on.layer(id, event.target.checked),
      }),
      mark,
      el('span', { class: 'layer-title' }, title || id)),
    el('span', { class: 'count', title: `${number(count)} features` }, number(count)),
    el('span', { class: 'actions' },
      bounds && el('button', {
        type: 'button', class: 'quiet', 'aria-label': `Zoom to ${title || id}`, title: 'Zoom to it', onclick: () => on.fit(bounds),
      }, icon('fit')),
      el('a', {
        class: 'quiet', href: `${BASE}collections/${encodeURIComponent(id)}/items`, 'aria-label': `List of ${title || id}`, title: 'List',
      }, icon('list'))));
}
