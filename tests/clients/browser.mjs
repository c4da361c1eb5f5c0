// node browser.mjs BASE CASE [ARGUMENT]: what a person does with the pages, done in headless Chromium.
// Prints PASS and FAIL lines; the exit code is the number of failures. Pictures go to $SHOTS, where it is set.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { launch, look, openPage } from './chromium.mjs';
import { mlt } from './mlt.mjs';

const [base, wanted, argument] = process.argv.slice(2);
const HOERYONG = { lon: 129.74601, lat: 42.44113 };
let failures = 0;

function expect(holds, what, found = '') {
  if (!holds) failures++;
  console.log(`${holds ? 'PASS' : 'FAIL'} ${what}${found === '' ? '' : ` (${found})`}`);
}

const shot = (name) => (process.env.SHOTS ? path.join(process.env.SHOTS, `${name}.png`) : undefined);
const at = (engine, zoom = 12) => `${base}#map=${zoom}/${HOERYONG.lat}/${HOERYONG.lon}&engine=${engine}`;

async function settle(page, faults) {
  await page.waitForSelector('#viewer[data-state="idle"]', { timeout: 45_000 }).catch((error) => {
    throw new Error(`${error.message}: ${faults.join(' | ')}`);
  });
  await sleep(600);
}

function clean(faults, policies, what) {
  expect(faults.length === 0, `${what}: no error, no violation, no request elsewhere`, faults.slice(0, 4).join(' | '));
  for (const [url, policy] of policies) {
    const directives = new Map(policy.split(';').map((part) => part.trim().split(/\s+/)).map(([name, ...sources]) => [name, sources]));
    const strict = directives.get('default-src')?.join(' ') === "'self'"
      && ![...directives.values()].flat().some((source) => /unsafe|\*|^https?:/.test(source));
    expect(strict, `${what}: the policy is strict`, `${new URL(url).pathname}: ${policy}`);
  }
}

/** An engine draws the map, and a click on Hoeryong opens its card. */
async function engineCase(browser, engine) {
  const { page, faults, policies } = await openPage(browser, base);
  await page.goto(at(engine));
  await settle(page, faults);
  const clip = { x: 380, y: 30, width: 820, height: 700 };
  const seen = await lookUntil(page, clip, holdsMap, shot(engine));
  expect(holdsMap(seen), `${engine}: the picture holds a map`, `${seen.colours} colours, ${(seen.drawn * 100).toFixed(0)} % drawn`);
  expect(await page.$eval('#viewer', (root) => root.dataset.engine) === engine, `${engine}: is the engine in use`);

  await page.mouse.click(640, 400);
  const text = await cardWith(page, '회령');
  expect(text.includes('회령') && text.includes('Hoeryong') && text.includes('会宁'), `${engine}: a click on Hoeryong opens its card in three languages`, text.slice(0, 80).replaceAll('\n', ' '));
  const link = await page.$eval('.card .button[href]', (button) => button.href).catch(() => '');
  expect(link.startsWith(`${base}collections/`), `${engine}: the card links to the feature's page`, link);
  await page.keyboard.press('Escape');
  expect(await page.$eval('.card', (card) => card.hidden), `${engine}: Escape closes the card`);

  const before = await page.evaluate(() => location.hash);
  await page.click('.tools button');
  await page.waitForFunction((hash) => location.hash !== hash, { timeout: 5000 }, before).catch(() => {});
  expect(await page.evaluate(() => location.hash) !== before, `${engine}: the address follows the view`);
  clean(faults, policies, engine);
  await page.close();
}

/** Looks until it sees what is expected, since a busy machine draws late; after a while, whatever is there. */
async function lookUntil(page, clip, isExpected, file) {
  for (let turn = 0; turn < 40; turn++) {
    const seen = await look(page, clip, file);
    if (isExpected(seen)) return seen;
    await sleep(500);
  }
  return look(page, clip, file);
}

const holdsMap = ({ colours, drawn }) => colours > 40 && drawn > 0.03;

/** Turns through what the click found until the card says the text. */
async function cardWith(page, wantedText) {
  let text = '';
  await page.waitForSelector('.card:not([hidden])', { timeout: 8000 }).catch(() => {});
  for (let turn = 0; turn < 12; turn++) {
    await sleep(300);
    text = await page.$eval('.card', (card) => (card.hidden ? '' : card.innerText));
    if (text.includes(wantedText)) break;
    const next = await page.$('.card [aria-label="Next feature here"]');
    if (!next) break;
    await next.click();
  }
  return text;
}

const CASES = {
  maplibre: (browser) => engineCase(browser, 'maplibre'),
  openlayers: (browser) => engineCase(browser, 'openlayers'),
  leaflet: (browser) => engineCase(browser, 'leaflet'),

  /** The switch keeps the view; layers go off and on; snippets hold this server's addresses. */
  async panel(browser) {
    const { page, faults, policies } = await openPage(browser, base);
    await page.goto(at('maplibre', 11.3));
    await settle(page, faults);
    for (const engine of ['openlayers', 'leaflet', 'maplibre']) {
      await page.click(`input[name="engine"][value="${engine}"]`);
      await page.waitForSelector(`#viewer[data-engine="${engine}"][data-state="idle"]`, { timeout: 45_000 });
      const [zoom, lat, lon] = await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('map').split('/').map(Number));
      const kept = Math.abs(zoom - 11.3) < 0.02 && Math.abs(lat - HOERYONG.lat) < 0.002 && Math.abs(lon - HOERYONG.lon) < 0.002;
      expect(kept, `panel: ${engine} keeps the view`, `${zoom}/${lat}/${lon}`);
    }
    const outside = await page.$$eval('.panel *', (all) => {
      const edge = all[0].closest('.panel').getBoundingClientRect().right;
      return all.filter((node) => node.getClientRects().length > 0 && node.getBoundingClientRect().right > edge).map((node) => node.textContent);
    });
    expect(outside.length === 0, 'panel: nothing sticks out', outside.join(', '));
    const rows = await page.$$eval('.layers li', (items) => items.map((item) => [item.querySelector('input').dataset.collection, item.querySelector('.count').textContent]));
    const listed = (await (await fetch(`${base}collections`, { headers: { accept: 'application/json' } })).json()).collections.map(({ id }) => id);
    expect(rows.length === listed.length && rows.every(([id, count]) => listed.includes(id) && /^[\d,]+$/.test(count)), 'panel: every collection is listed with its count', rows.join(' '));

    const clip = { x: 380, y: 30, width: 820, height: 700 };
    const whole = await lookUntil(page, clip, ({ drawn }) => drawn > 0.05);
    for (const box of await page.$$('.layers input')) await box.click();
    const bare = await lookUntil(page, clip, ({ drawn }) => drawn < whole.drawn / 2);
    expect(bare.drawn < whole.drawn / 2, 'panel: layers go off', `${whole.drawn.toFixed(3)} -> ${bare.drawn.toFixed(3)}`);
    for (const box of await page.$$('.layers input')) await box.click();

    await page.click('.panel footer .button');
    const tabs = await page.$$eval('.tabs [role="tab"]', (all) => all.map((tab) => tab.textContent));
    expect(['Leaflet', 'OpenLayers', 'MapLibre', 'QGIS', 'GDAL', 'curl'].every((tool) => tabs.includes(tool)), 'panel: a snippet for every tool', tabs.join(' '));
    for (const [index, tool] of tabs.entries()) {
      await page.click(`.tabs [role="tab"]:nth-child(${index + 1})`);
      const text = await page.$eval('#snippet', (node) => node.textContent);
      expect(text.includes(base.replace(/\/$/, '')), `panel: the ${tool} snippet names this server`);
    }
    await page.keyboard.press('Escape');
    clean(faults, policies, 'panel');
    await page.close();
  },

  /** A phone of 360 px: nothing sticks out, the layers come on demand, the card fits. */
  async phone(browser) {
    const { page, faults, policies } = await openPage(browser, base, { width: 360, height: 740, phone: true });
    await page.goto(at('maplibre', 11));
    await settle(page, faults);
    const seen = await lookUntil(page, { x: 0, y: 0, width: 360, height: 600 }, holdsMap, shot('phone'));
    expect(holdsMap(seen), 'phone: the picture holds a map', `${seen.colours} colours`);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await wide() <= 360, 'phone: nothing sticks out', await wide());
    expect(!await (await page.$('.layers')).isVisible(), 'phone: the layers are folded away');
    await page.tap('.panel-toggle');
    await sleep(300);
    expect(await (await page.$('.layers')).isVisible(), 'phone: the layers come with a tap');
    await page.screenshot({ path: shot('phone-layers') });
    await page.tap('.panel-toggle');
    await page.touchscreen.tap(180, 370);
    const text = await cardWith(page, '회령');
    const box = await (await page.$('.card')).boundingBox();
    expect(text.includes('회령') && box && box.x >= 0 && box.x + box.width <= 361, 'phone: the card opens and fits', JSON.stringify(box));
    await page.screenshot({ path: shot('phone-card') });
    clean(faults, policies, 'phone');
    await page.close();
  },

  /** The pages to read: each with its map, its table or list, within a phone's width, and one without scripts. */
  async pages(browser) {
    const { features } = await (await fetch(`${base}collections/places/items?limit=1`, { headers: { accept: 'application/geo+json' } })).json();
    const paths = ['collections', 'collections/places', 'collections/places/items?limit=10', `collections/places/items/${encodeURIComponent(features[0].id)}`];
    for (const [index, where] of paths.entries()) {
      for (const width of [1200, 360]) {
        const { page, faults, policies } = await openPage(browser, base, { width, height: 800, phone: width < 500 });
        await page.goto(`${base}${where}`);
        const map = await page.$('#map');
        if (index > 0) {
          await page.waitForSelector('#map[data-state="idle"]', { timeout: 45_000 }).catch(() => {});
          await sleep(500);
          const clip = map && await map.boundingBox();
          const holdsFeatures = ({ colours, drawn }) => colours > 10 && drawn > 0.005;
          const seen = clip ? await lookUntil(page, clip, holdsFeatures) : { colours: 0, drawn: 0 };
          expect(holdsFeatures(seen), `pages: ${where} at ${width}: the map is drawn`, JSON.stringify(seen));
        }
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide <= width, `pages: ${where} at ${width}: nothing sticks out`, wide);
        await page.screenshot({ path: shot(`page-${index}-${width}`), fullPage: true });
        clean(faults, policies, `pages: ${where} at ${width}`);
        await page.close();
      }
    }
    const others = [
      'styles', 'styles/atlas/metadata', 'styles/atlas/legend.html', 'map', 'map/tiles', 'map/tiles/WebMercatorQuad', 'tiles/WebMercatorQuad', 'tileMatrixSets',
      'tileMatrixSets/WebMercatorQuad', 'conformance', 'functions', 'api', 'collections/places/schema', 'collections/places/queryables', 'collections/places/aggregate', 'data',
      'problems', 'collections/none',
    ];
    const phone = await openPage(browser, base, { width: 360, height: 800, phone: true });
    for (const where of others) {
      await phone.page.goto(`${base}${where}${where.endsWith('.html') ? '' : '?f=html'}`, { waitUntil: 'networkidle2' });
      const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide <= 360 && await phone.page.$('main h1') !== null, `pages: ${where} fits a phone`, wide);
      await phone.page.screenshot({ path: shot(`phone-${where.replaceAll(/[^a-z]+/gi, '-')}`), fullPage: true });
    }
    clean(phone.faults.filter((fault) => !fault.includes('404')), phone.policies, 'pages: on a phone');
    await phone.page.close();
    const { page } = await openPage(browser, base, { script: false });
    await page.goto(base);
    const links = await page.$$eval('#landing a', (all) => all.filter((link) => link.checkVisibility()).map((link) => link.getAttribute('href')));
    expect(links.some((link) => link.endsWith('/collections/places')), 'pages: the landing page reads without scripts', `${links.length} links`);
    await page.screenshot({ path: shot('landing-without-scripts'), fullPage: true });
    await page.close();
  },

  /** What is entered in forms: a condition with a fault, then without it; the place of the map; an operation of the API. */
  async forms(browser) {
    const { page, faults, policies } = await openPage(browser, base);
    const items = `${base}collections/stations/items?f=html`;
    await page.goto(items);
    await page.type('[name="filter"]', 'km > 10 AND kinds = 1');
    await Promise.all([page.waitForNavigation(), page.click('form.items-form [type="submit"]')]);
    const told = await page.evaluate(() => {
      const [mark, caret] = ['.fault mark', '.fault pre'].map((part) => document.querySelector(part));
      return { mark: mark?.textContent, caret: caret?.innerText.trimEnd().endsWith('^'), kept: document.querySelector('[name="filter"]').value };
    });
    expect(told.mark === 'kinds' && told.caret && told.kept === 'km > 10 AND kinds = 1', 'forms: a fault is marked and what was entered is kept', JSON.stringify(told));
    await page.screenshot({ path: shot('form-fault'), fullPage: true });
    // The browser's own log names the answer 400.
    const foreseen = faults.splice(0).filter((fault) => !fault.includes('400'));
    await page.evaluate(() => { document.querySelector('[name="filter"]').value = 'km > 10 AND rank <= 2'; });
    await Promise.all([page.waitForNavigation(), page.click('form.items-form [type="submit"]')]);
    expect(await page.$eval('main', (main) => / of \d+ features\./.test(main.innerText) && !main.querySelector('.fault')), 'forms: without the fault features are shown');
    await page.waitForSelector('#map[data-state="idle"]', { timeout: 45_000 });
    await Promise.all([page.waitForNavigation(), page.click('.map-tools button')]);
    const box = new URL(page.url()).searchParams.get('bbox') ?? '';
    expect(box.split(',').filter((number) => Number.isFinite(Number.parseFloat(number))).length === 4, 'forms: the place of the map becomes a box', box);

    await page.goto(`${base}api?f=html&operation=stations.getItem`);
    await page.type('[data-segment="featureId"]', 'hoeryong');
    await page.click('#try [type="submit"]');
    await page.waitForFunction(() => document.getElementById('status').textContent.startsWith('200'), { timeout: 10_000 }).catch(() => {});
    const answer = await page.$eval('#answer', (section) => section.innerText);
    expect(answer.includes('application/geo+json') && answer.includes('회령'), 'forms: an operation of the API is tried', answer.slice(0, 120).replaceAll('\n', ' '));
    await page.screenshot({ path: shot('form-api'), fullPage: true });
    await page.goto(`${base}api?f=html&operation=stations.collection.getMap`);
    await page.click('#try [type="submit"]');
    await page.waitForSelector('#body img', { timeout: 20_000 }).catch(() => {});
    expect(await page.$eval('#body img', (picture) => picture.complete && picture.naturalWidth > 0).catch(() => false), 'forms: a picture that is answered is shown');
    clean([...foreseen, ...faults], policies, 'forms');
    await page.close();
  },

  mlt: (browser) => mlt(browser, base, expect, shot),

  /** A collection full of markup (its id is the argument) stays text on every page and in the card. */
  async text(browser) {
    const where = `collections/${argument}`;
    const { features } = await (await fetch(`${base}${where}/items?limit=10`, { headers: { accept: 'application/geo+json' } })).json();
    const point = features.find(({ geometry }) => geometry.type === 'Point');
    for (const address of ['', where, `${where}/items`, `${where}/items/${encodeURIComponent(point.id)}`]) {
      const { page, faults, policies } = await openPage(browser, base);
      await page.goto(`${base}${address}#map=13/${point.geometry.coordinates[1]}/${point.geometry.coordinates[0]}`);
      await page.waitForSelector('[data-state="idle"]', { timeout: 45_000 }).catch(() => {});
      await sleep(500);
      if (address === '') {
        await page.mouse.click(640, 400);
        const text = await cardWith(page, '<script>');
        expect(text.includes(point.properties.name), 'text: the card shows markup as text', text.slice(0, 90));
      } else if (address !== where) {
        const text = await page.evaluate(() => document.querySelector('main').innerText);
        expect(text.includes('<script>window.XSS=1</script>'), `text: /${address} shows markup as text`);
      }
      expect(await page.evaluate(() => window.XSS) === undefined, `text: nothing ran at /${address}`);
      expect(await page.$$eval('a[href^="javascript:" i]', (all) => all.length) === 0, `text: no script in a link at /${address}`);
      clean(faults, policies, `text: /${address}`);
      await page.close();
    }
  },

  /** The file (the argument) that is served changes; the open page shows it without a reload, in each engine. */
  async live(browser) {
    for (const engine of ['maplibre', 'openlayers', 'leaflet']) {
      const { page, faults } = await openPage(browser, base);
      await page.goto(at(engine, 13));
      await settle(page, faults);
      await page.waitForSelector('.live[data-state="on"]', { timeout: 10_000 });
      await page.evaluate(() => { window.sameDocument = true; });
      const clip = { x: 400, y: 60, width: 780, height: 640 };
      const before = await lookUntil(page, clip, ({ drawn }) => drawn > 0);
      const counted = () => page.$$eval('.layers .count', (all) => all.map((count) => Number(count.textContent.replace(',', ''))).reduce((a, b) => a + b, 0));
      const count = await counted();

      const data = JSON.parse(readFileSync(argument, 'utf8'));
      const turn = data.features.length;
      for (let side = 0; side < 40; side++) {
        const lon = HOERYONG.lon - 0.03 + (side % 8) * 0.008;
        const lat = HOERYONG.lat - 0.015 + Math.floor(side / 8) * 0.007 + turn * 0.00001;
        data.features.push({ type: 'Feature', id: turn * 1000 + side, properties: { name: `new ${turn} ${side}` }, geometry: { type: 'Point', coordinates: [lon, lat] } });
      }
      writeFileSync(`${argument}.part`, JSON.stringify(data));
      renameSync(`${argument}.part`, argument);

      const shown = await page.waitForFunction((old) => [...document.querySelectorAll('.layers .count')].reduce((sum, node) => sum + Number(node.textContent.replace(',', '')), 0) > old, { timeout: 8000 }, count).then(() => true, () => false);
      expect(shown, `live: ${engine}: the count follows the file`, `${count} -> ${await counted()}`);
      // On a busy machine a map is blank for a moment while its new tiles are read.
      const grown = (now) => now.drawn > before.drawn + 0.002;
      let after = before;
      for (let tries = 0; tries < 12 && !grown(after); tries++) {
        await sleep(1000);
        after = await look(page, clip, shot(`live-${engine}`));
      }
      expect(grown(after), `live: ${engine}: the new features are drawn`, `${before.drawn.toFixed(4)} -> ${after.drawn.toFixed(4)}`);
      expect(await page.evaluate(() => window.sameDocument === true), `live: ${engine}: without a reload`);
      expect(faults.length === 0, `live: ${engine}: no error`, faults.slice(0, 3).join(' | '));
      await page.close();
    }
  },
};

if (!base || !CASES[wanted]) {
  console.error(`usage: node browser.mjs BASE ${Object.keys(CASES).join('|')} [ARGUMENT]`);
  process.exit(2);
}
const browser = await launch();
try {
  await CASES[wanted](browser);
} catch (error) {
  failures++;
  console.log(`FAIL ${wanted}: ${error.stack}`);
} finally {
  await browser.close();
}
process.exit(Math.min(failures, 100));
