// What the server says about the map: the data block `tumen-config` of its page.

/** Where the server is, as this page reaches it: one folder above the scripts. */
export const BASE = new URL('../', import.meta.url).href;

export function readConfig(page = document) {
  return JSON.parse(page.getElementById('tumen-config').textContent);
}

/** The page's data again, as it is now: after a change on the server. */
export async function fetchConfig() {
  const response = await fetch(BASE, { headers: { Accept: 'text/html' }, cache: 'no-cache' });
  if (!response.ok) throw new Error(`the page answered ${response.status}`);
  return readConfig(new DOMParser().parseFromString(await response.text(), 'text/html'));
}

export async function fetchJson(url) {
  const response = await fetch(url, { headers: { Accept: 'application/geo+json, application/json' }, cache: 'no-cache' });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.json();
}
