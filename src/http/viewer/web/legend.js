// The legend of the style, as the server draws it, for the zoom that the map has.
import { BASE, fetchJson } from './config.js';
import { el } from './dom.js';

/** A part of the panel that unfolds; `now()` tells the style and the zoom. It asks the server only while it is open. */
export function buildLegend(now) {
  const list = el('div', { class: 'legend-groups' });
  const details = el('details', { class: 'legend', ontoggle: () => refresh() }, el('summary', {}, 'Legend'), list);
  let shown = '';
  let timer = 0;

  async function refresh(anew = false) {
    const { style, zoom } = now();
    if (!details.open || !style) return;
    // Half a zoom further nothing else is to be seen, but for a layer that begins there.
    const address = `${BASE}styles/${encodeURIComponent(style)}/legend.json?zoom=${Math.max(0, Math.round(zoom * 2) / 2)}`;
    if (address === shown && !anew) return;
    shown = address;
    try {
      const { swatch, groups } = await fetchJson(address);
      if (shown === address) list.replaceChildren(...groups.map((group) => draw(group, swatch)));
    } catch (error) {
      shown = '';
      list.replaceChildren(el('p', { class: 'note' }, `The legend cannot be shown: ${error.message}`));
    }
  }

  return {
    details,
    /** The map moved: the legend follows when it stands still. */
    follow() {
      clearTimeout(timer);
      timer = setTimeout(refresh, 250);
    },
    /** The style or the data changed. */
    renew() {
      refresh(true);
    },
  };
}

function draw({ title, property, classes }, { width, height }) {
  const entries = classes.map(({ label, image }) => el('li', {},
    el('img', { src: image, alt: '', width, height }), el('span', {}, label)));
  const entriesOf = el('ul', {}, entries);
  return property ? el('section', {}, el('h3', {}, title), entriesOf) : el('section', { class: 'single' }, entriesOf);
}
