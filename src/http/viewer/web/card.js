// The card of one feature: what it is called, in every language it has, and what is known about it.
import { BASE } from './config.js';
import { el, icon, number } from './dom.js';
import { itemUrl } from './identity.js';
import { nameOf, NAMES } from './names.js';

// Shown elsewhere on the card, or hints for drawing.
const LEADING = new Set(['name', 'name_en', 'kind', 'description', 'source', 'accuracy_m', 'approximate', 'rank', 'order',
  'population_year', ...NAMES.map(({ key }) => key)]);
const UNITS = { _km2: 'km²', _km: 'km', _mm: 'mm', _m: 'm' };

/** Fills the card with one of the features found; `turn(step)` shows the one before or after. */
export function renderCard(card, found, { collections, position, count, turn, close, fit }) {
  const { collection, properties } = found;
  const title = nameOf(properties) ?? `Feature ${found.fid ?? ''}`.trim();
  const owner = collections.find(({ id }) => id === collection);
  const heading = el('h2', { class: 'card-title', tabindex: '-1' }, title);
  card.replaceChildren(...[
    el('div', { class: 'card-head' },
      el('div', { class: 'card-eyebrow' },
        el('span', { class: 'kind' }, words(properties.kind ?? owner?.title ?? collection)),
        count > 1 && el('span', { class: 'pager' },
          el('button', { type: 'button', class: 'quiet', 'aria-label': 'Previous feature here', onclick: () => turn(-1) }, icon('left')),
          el('span', {}, `${position + 1} / ${count}`),
          el('button', { type: 'button', class: 'quiet', 'aria-label': 'Next feature here', onclick: () => turn(1) }, icon('right')))),
      el('button', { type: 'button', class: 'quiet close', 'aria-label': 'Close', onclick: close }, icon('close'))),
    heading,
    names(properties, title),
    typeof properties.description === 'string' ? el('p', { class: 'description' }, properties.description) : null,
    facts(properties),
    provenance(properties),
    el('div', { class: 'card-actions' },
      found.fid === undefined ? null : el('a', { class: 'button', href: itemUrl(collection, found.fid) }, 'Open its page'),
      found.geometry?.coordinates ? el('button', { type: 'button', class: 'button plain', onclick: fit }, 'Zoom to it') : null,
      el('span', { class: 'card-of' }, 'in ', el('a', { href: `${BASE}collections/${encodeURIComponent(collection)}` }, owner?.title ?? collection))),
  ].filter(Boolean));
  return heading;
}

function names(properties, title) {
  const rows = NAMES
    .map(({ key, label, lang }) => ({ label, lang, text: properties[key] }))
    .filter(({ text }, index, all) => typeof text === 'string' && text && text !== title
      && all.findIndex((other) => other.text === text && other.label === all[index].label) === index);
  if (rows.length === 0) return null;
  return el('dl', { class: 'names' }, rows.map(({ label, lang, text }) =>
    el('div', {}, el('dt', {}, label), el('dd', { lang }, text))));
}

function facts(properties) {
  const rows = Object.entries(properties).filter(([key, value]) =>
    !LEADING.has(key) && value !== null && value !== '' && typeof value !== 'object');
  if (rows.length === 0) return null;
  const list = el('dl', { class: 'facts' }, rows.map(([key, value]) =>
    el('div', {}, el('dt', {}, words(key.slice(0, key.length - unitOf(key).length))), el('dd', {}, shown(key, value, properties)))));
  return rows.length <= 9 ? list : el('details', {}, el('summary', {}, `${rows.length} more properties`), list);
}

const unitOf = (key) => Object.keys(UNITS).find((suffix) => key.endsWith(suffix)) ?? '';

function shown(key, value, properties) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (key === 'population' && properties.population_year) return `${number(value)} (${properties.population_year})`;
  if (key === 'country' && /^[A-Z]{2}$/.test(value)) return new Intl.DisplayNames('en', { type: 'region' }).of(value) ?? value;
  if (typeof value === 'number') {
    const plain = /year|since|opened|built|closed|id$/.test(key) ? String(value) : number(value);
    return unitOf(key) ? `${plain} ${UNITS[unitOf(key)]}` : plain;
  }
  if (/^https?:\/\/\S+$/.test(value)) return el('a', { href: value, rel: 'noreferrer nofollow' }, value);
  return String(value);
}

function provenance(properties) {
  const approximate = properties.approximate === true || properties.approximate === 'true';
  const accuracy = Number(properties.accuracy_m);
  const notes = [
    approximate ? el('span', { class: 'approximate' }, 'Approximate position') : null,
    accuracy > 0 ? el('span', {}, `± ${accuracy >= 1000 ? `${number(accuracy / 1000)} km` : `${number(accuracy)} m`}`) : null,
    typeof properties.source === 'string' ? el('span', {}, `Source: ${properties.source}`) : null,
  ].filter(Boolean);
  return notes.length > 0 ? el('p', { class: 'provenance' }, notes) : null;
}

const words = (key) => {
  const text = String(key).replaceAll(/[_-]+/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
