// What a click found, and its card: one feature shown, the others a turn away.
import { renderCard } from './card.js';
import { el } from './dom.js';
import { boundsOf, dimension } from './geometry.js';
import { complete, identity } from './identity.js';

/** `show(geometry)` hears what is chosen now, or null; `fit(bounds)` moves the map; `leave()` takes the focus back. */
export function selection({ collections, show, fit, leave }) {
  const card = el('aside', { class: 'card', 'aria-label': 'Feature', hidden: true });
  let found = [];
  let position = 0;
  let chosen = null;

  async function present() {
    const [of, at] = [found, position];
    const whole = await complete(of[at]);
    if (found !== of || position !== at) return; // another click came in between
    chosen = whole.geometry?.coordinates || whole.geometry?.geometries ? whole.geometry : null;
    const heading = renderCard(card, whole, {
      collections: collections(), position, count: found.length, close,
      turn(step) {
        position = (position + step + found.length) % found.length;
        return present();
      },
      fit: () => fit(boundsOf(chosen)),
    });
    card.hidden = false;
    card.scrollTop = 0;
    show(chosen);
    heading.focus({ preventScroll: true });
  }

  function close() {
    if (card.hidden) return;
    card.hidden = true;
    found = [];
    chosen = null;
    show(null);
    leave();
  }

  return {
    card,
    close,
    geometry: () => chosen,
    /** Takes what lies under a click, topmost first; the nearest to a point is what is meant. */
    async pick(under) {
      found = distinct(under).sort((a, b) => dimension(a.geometry) - dimension(b.geometry));
      position = 0;
      if (found.length === 0) close();
      else await present();
    },
  };
}

/** One entry a feature: a tile's edge and a style's layers repeat it. */
function distinct(found) {
  const seen = new Set();
  return found.filter((entry) => {
    const key = identity(entry);
    return !seen.has(key) && seen.add(key);
  });
}
