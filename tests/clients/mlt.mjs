// The atlas drawn by MapLibre GL JS twice: from Mapbox Vector Tiles and from MapLibre Tiles. Both pictures must be the same.
import { createReadStream } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from './chromium.mjs';

const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../src/http/viewer/node_modules/maplibre-gl/dist');
const PAGE = '<!doctype html><link rel=icon href=data:,><link rel=stylesheet href=maplibre-gl.css><div id=map style="width:900px;height:640px"></div>';
const TYPES = { '.mjs': 'text/javascript', '.css': 'text/css' };

/** A page with MapLibre beside it, at an origin of its own, as that of somebody else's site. */
async function site() {
  const server = http.createServer((request, response) => {
    const name = path.basename(new URL(request.url, 'http://x').pathname);
    response.setHeader('content-type', TYPES[path.extname(name)] ?? 'text/html');
    if (name in { '': 0, map: 0 }) return response.end(PAGE);
    createReadStream(path.join(dist, name)).on('error', () => response.writeHead(404).end()).pipe(response);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

/** What a map of a style shows at a place, and what was answered for tiles. */
async function drawn(browser, address, style, [lon, lat, zoom], file) {
  const page = await browser.newPage();
  await page.setViewport({ width: 900, height: 640 });
  const tiles = [];
  const faults = [];
  const listen = (client) => {
    client.on('Network.responseReceived', ({ response }) => {
      if (/\/\d+\/\d+\/\d+\./.test(response.url)) tiles.push({ url: response.url, type: response.mimeType });
    });
    return client.send('Network.enable').catch(() => {});
  };
  page.on('workercreated', (worker) => listen(worker.client));
  page.on('pageerror', (error) => faults.push(error.message));
  await listen(await page.createCDPSession());
  await page.goto(address);
  const said = await page.evaluate(async (style, center, zoom) => {
    const maplibregl = await import('/maplibre-gl.mjs');
    const errors = [];
    const map = new maplibregl.Map({ container: 'map', style, center, zoom, fadeDuration: 0, attributionControl: false });
    map.on('error', ({ error }) => errors.push(String(error?.message ?? error)));
    await Promise.race([new Promise((idle) => map.once('idle', idle)), new Promise((late) => setTimeout(late, 60_000))]);
    const features = map.queryRenderedFeatures().map(({ id, source, sourceLayer, properties }) => JSON.stringify([source, sourceLayer, id ?? null, Object.entries(properties).sort()]));
    return { errors, features: [...new Set(features)].sort() };
  }, style, [lon, lat], zoom);
  const picture = PNG.sync.read(Buffer.from(await page.screenshot({ path: file })));
  await page.close();
  return { ...said, errors: [...faults, ...said.errors], tiles, picture };
}

function different(a, b) {
  let count = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    if ([0, 1, 2].some((channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > 2)) count++;
  }
  return count;
}

export async function mlt(browser, base, expect, shot) {
  const server = await site();
  const address = `http://127.0.0.1:${server.address().port}/map`;
  const style = await (await fetch(`${base}styles/atlas/style.json`)).json();
  const columnar = structuredClone(style);
  const vectors = Object.values(columnar.sources).filter(({ type, url }) => type === 'vector' && url);
  expect(vectors.length > 0, 'mlt: the style has vector tiles');
  for (const source of vectors) source.url += `${source.url.includes('?') ? '&' : '?'}encoding=mlt`;
  for (const place of [[129.746, 42.441, 12.3], [129.8, 42.45, 9.6], [129.735, 42.437, 14.5]]) {
    const name = `mlt: z${place[2]}`;
    const plain = await drawn(browser, address, style, place, shot(`mvt-${place[2]}`));
    const other = await drawn(browser, address, columnar, place, shot(`mlt-${place[2]}`));
    expect(plain.errors.length + other.errors.length === 0, `${name}: no error`, [...plain.errors, ...other.errors].slice(0, 3).join(' | '));
    const types = new Set(other.tiles.filter(({ url }) => !url.includes('/fonts/')).map(({ type }) => type));
    expect([...types].join() === 'application/vnd.maplibre-tile', `${name}: tiles are MapLibre Tiles`, `${other.tiles.length} tiles, ${[...types]}`);
    const odd = plain.features.find((feature, at) => feature !== other.features[at]);
    const at = plain.features.indexOf(odd);
    expect(plain.features.length > 10 && odd === undefined && plain.features.length === other.features.length, `${name}: the same features`, `${plain.features.length} and ${other.features.length}${odd ? `: ${odd} / ${other.features[at]}` : ''}`);
    const count = different(plain.picture, other.picture);
    expect(count === 0, `${name}: the same picture`, `${count} pixels differ`);
  }
  server.close();
}
