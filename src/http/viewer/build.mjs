// npm run build: writes dist/, which the program embeds. `node build.mjs fonts` or `web` makes one half.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFonts } from './build/fonts.mjs';
import { buildWeb } from './build/web.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const wanted = process.argv[2];

mkdirSync(dist, { recursive: true });
if (wanted !== 'web') await buildFonts(dist);
if (wanted !== 'fonts') await buildWeb(here, dist);
