// Bundles the pages' scripts and sheets into dist/assets. Entries have plain names; what they share is named by its hash.
// The program carries them packed, in dist/packed: a quarter of the bytes, and what nearly every browser asks for.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import pako from 'pako';

export async function buildWeb(here, dist) {
  const outdir = join(dist, 'assets');
  rmSync(outdir, { recursive: true, force: true });
  const web = (name) => join(here, 'web', name);
  const shared = {
    absWorkingDir: here, // addresses in the output do not depend on where the checkout is
    outdir, bundle: true, minify: true, charset: 'utf8', legalComments: 'none', logLevel: 'warning',
    target: ['es2022', 'chrome111', 'firefox113', 'safari16.4'],
  };
  const { metafile } = await build({
    ...shared,
    entryPoints: {
      viewer: web('viewer.js'),
      page: web('page.js'),
      api: web('api.js'),
      maplibre: web('engines/maplibre.js'),
      openlayers: web('engines/openlayers.js'),
      leaflet: web('engines/leaflet.js'),
      'maplibre-worker': 'maplibre-gl/dist/maplibre-gl-worker.mjs',
    },
    format: 'esm', splitting: true, chunkNames: 'shared-[hash]', metafile: true,
  });
  await build({
    ...shared,
    entryPoints: { viewer: web('viewer.css'), page: web('page.css') },
    // The icons of the maps' own controls go into the sheets: the policy allows pictures from data:.
    loader: { '.png': 'dataurl', '.svg': 'dataurl' },
  });
  writeFileSync(join(outdir, 'LICENSES.txt'), licences(here, metafile));
  pack(outdir, join(dist, 'packed'));
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(`${file.replace(/^dist\//, '')}  ${(bytes / 1e3).toFixed(0)} kB`);
}

/** Writes each file of a folder as gzip (RFC 1952) into another one. The same bytes on every machine: see fonts.mjs. */
function pack(from, to) {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    writeFileSync(join(to, `${name}.gz`), pako.gzip(readFileSync(join(from, name)), { level: 9, header: { os: 255 } }));
  }
}

/** The licence texts of the packages whose code is in the bundles. */
function licences(here, { inputs }) {
  const packages = Object.keys(inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean);
  return [...new Set(packages)].sort().map((name) => {
    const folder = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).sort().find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : license;
    return `${name} ${version} (${license})\n\n${text}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}
