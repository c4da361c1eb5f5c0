// Which feature of the server it is that a tile shows.
import { BASE, fetchJson } from './config.js';

export const itemUrl = (collection, fid) =>
  `${BASE}collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(fid)}`;

/**
 * The property with which a tile carries an id that is no whole number: `id`, led by as many underscores as it takes to
 * differ from the data's own properties. A feature with a whole number as its id has it as the id in the tile.
 */
const idKey = (properties) =>
  Object.keys(properties).filter((key) => /^_*id$/.test(key)).sort((a, b) => b.length - a.length)[0];

/** What is the same for each piece of a feature, and different for different ones. */
export function identity({ collection, id, properties, feature }) {
  return JSON.stringify([collection, feature?.id ?? properties[idKey(properties)] ?? id ?? properties]);
}

/**
 * The whole feature behind what a tile showed: tiles may leave properties out, and their geometry ends at the tile's edge.
 * Gives back what the tile had when the server cannot say more.
 */
export async function complete(found) {
  if (found.feature) return { ...found, fid: found.feature.id, properties: found.feature.properties ?? {} };
  const key = idKey(found.properties);
  const candidates = [[key, found.properties[key]], [null, found.id]].filter(([, fid]) => fid !== undefined);
  for (const [from, fid] of candidates) {
    const feature = await fetchJson(`${itemUrl(found.collection, fid)}?f=json`).catch(() => null);
    // A feature that has this key as a property of its own was found by chance.
    if (feature && !(from && from in (feature.properties ?? {}))) {
      return { ...found, fid, feature, geometry: feature.geometry, properties: feature.properties ?? {} };
    }
  }
  return found;
}
