// A headless Chromium that may reach nothing but the server under test, and writes down what went wrong.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, '../../src/http/viewer/package.json'));
export const puppeteer = require('puppeteer-core');
export const { PNG } = require('pngjs');

export async function launch() {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', '--disable-dev-shm-usage',
      '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/** A page, and in `faults` what it must not do: errors, violations of its policy, requests that leave the server. */
export async function openPage(browser, base, { width = 1280, height = 800, phone = false, script = true } = {}) {
  const page = await browser.newPage();
  await page.setViewport({ width, height, deviceScaleFactor: 1, isMobile: phone, hasTouch: phone });
  await page.setJavaScriptEnabled(script);
  const faults = [];
  const policies = new Map();
  const origin = new URL(base).origin;
  const asked = (url) => {
    if (!/^(data|blob):/.test(url) && new URL(url).origin !== origin) faults.push(`left the server: ${url}`);
  };
  page.on('request', (request) => asked(request.url()));
  page.on('workercreated', async (worker) => {
    worker.client.on('Network.requestWillBeSent', ({ request }) => asked(request.url));
    await worker.client.send('Network.enable').catch(() => {});
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.text().startsWith('the map:')) faults.push(`console: ${message.text()} ${message.location()?.url ?? ''}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') faults.push(`failed: ${request.url()} ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
    // A 304 leaves the policy as it was kept with the page.
    if (response.request().resourceType() === 'document' && response.status() === 200) policies.set(response.url(), response.headers()['content-security-policy'] ?? '');
  });
  await page.evaluateOnNewDocument(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} stopped ${event.blockedURI}`);
    });
  }).catch(() => {});
  return { page, faults, policies };
}

/** What a part of the page looks like: how many colours, and the share that is not the commonest one. */
export async function look(page, clip, file) {
  const picture = PNG.sync.read(Buffer.from(await page.screenshot({ clip, path: file })));
  const counts = new Map();
  for (let at = 0; at < picture.data.length; at += 4) {
    const colour = picture.data.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const commonest = Math.max(...counts.values());
  return { colours: counts.size, drawn: 1 - commonest / (picture.width * picture.height) };
}
