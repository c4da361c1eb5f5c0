// A scale bar that every engine shares.
import { el } from './dom.js';

const EQUATOR = 40_075_016.686; // metres, WGS 84
const WIDEST = 110; // CSS pixels

/** A bar of a round length, true at the centre of the map (Web Mercator stretches with the latitude). */
export function scaleBar() {
  const bar = el('span', { class: 'scale', title: 'Scale at the centre of the map' });
  return {
    bar,
    show({ lat, zoom }) {
      const metresAPixel = (EQUATOR * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
      const length = roundLength(metresAPixel * WIDEST);
      bar.textContent = length >= 1000 ? `${length / 1000} km` : `${length} m`;
      bar.style.width = `${Math.round(length / metresAPixel)}px`;
    },
  };
}

/** The largest of 1, 2, 5, 10, 20, … that is not longer. */
function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([5, 2].find((step) => step * power <= most) ?? 1);
}
