// Packs the fonts that are built into the program: dist/fonts/*.ttf.br (each a Brotli stream, RFC 7932, of a static
// TrueType font), fonts.json that lists them, and the licences they come under.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { subset } from './subset.mjs';
import { coverage, rangesText, tables } from './truetype.mjs';

const resolve = createRequire(import.meta.url).resolve;
const packageFolder = (name) => dirname(resolve(`${name}/package.json`));

const span = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const union = (...lists) => new Set(lists.flatMap((list) => [...list]));

/** What a two-byte legacy character set can write: the characters that its countries put on signs and maps. */
function charset(label, leads, trails) {
  const decoder = new TextDecoder(label);
  const found = new Set();
  for (const lead of leads) {
    for (const trail of trails) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if ([...text].length === 1 && text !== '\ufffd') found.add(text.codePointAt(0));
    }
  }
  return found;
}

const GB2312 = charset('gbk', span(0xa1, 0xf7), span(0xa1, 0xfe));
const JIS_X_0208 = charset('euc-jp', span(0xa1, 0xf4), span(0xa1, 0xfe));
const BIG5_FREQUENT = charset('big5', span(0xa1, 0xc6), [...span(0x40, 0x7e), ...span(0xa1, 0xfe)]);

const LATIN_GREEK_CYRILLIC = union(
  span(0x20, 0x7e), span(0xa0, 0x52f), // Latin to Cyrillic Supplement, with the combining marks
  span(0x1c80, 0x1c8f), span(0x1d00, 0x1fff), // Cyrillic C, phonetics, Latin Additional, Greek Extended
  span(0x2000, 0x2bff), // punctuation, currency, letterlike, arrows, mathematics, shapes
  span(0x2c60, 0x2c7f), span(0x2de0, 0x2e7f), span(0xa640, 0xa69f), span(0xa700, 0xa7ff),
  span(0xab30, 0xab6f), span(0xfb00, 0xfb06), span(0xfe20, 0xfe2f), span(0xfffc, 0xfffd),
);
const EAST_ASIAN_SIGNS = union(span(0x20, 0x33ff), span(0xfe10, 0xfe6f), span(0xff00, 0xffef));
const BASIC_HAN = union(EAST_ASIAN_SIGNS, span(0x4e00, 0x9fff), span(0xf900, 0xfaff));
const FREQUENT_HAN = union(EAST_ASIAN_SIGNS, GB2312, JIS_X_0208, BIG5_FREQUENT);

// A label in a Han or Hangul face needs outlines and widths alone: the letters stand in their cells.
const OUTLINES_ONLY = ['BASE', 'GDEF', 'GPOS', 'GSUB', 'STAT', 'VORG', 'gasp', 'prep', 'vhea', 'vmtx'];
const LATIN_FEATURES = ['ccmp', 'kern', 'liga', 'locl', 'mark', 'mkmk', 'rlig', 'calt'];

const LATIN = '@expo-google-fonts/noto-sans';
const KOREAN = '@expo-google-fonts/noto-sans-kr';
const CHINESE = '@expo-google-fonts/noto-sans-sc';

const face = (name, family, style, weight, from, source, keep) => ({ name, family, style, weight, from, source, keep });
const latin = { codepoints: LATIN_GREEK_CYRILLIC, dropTables: ['STAT', 'gasp', 'prep'], features: LATIN_FEATURES };
const outlines = (codepoints) => ({ codepoints, dropTables: OUTLINES_ONLY });

const FACES = [
  face('NotoSans-Regular', 'Noto Sans', 'normal', 400, LATIN, '400Regular/NotoSans_400Regular.ttf', latin),
  face('NotoSans-Bold', 'Noto Sans', 'normal', 700, LATIN, '700Bold/NotoSans_700Bold.ttf', latin),
  face('NotoSans-Italic', 'Noto Sans', 'italic', 400, LATIN, '400Regular_Italic/NotoSans_400Regular_Italic.ttf', latin),
  // Korean keeps all it has: every Hangul syllable, the hanja of Korea, kana and punctuation.
  face('NotoSansKR-Regular', 'Noto Sans KR', 'normal', 400, KOREAN, '400Regular/NotoSansKR_400Regular.ttf', outlines(null)),
  face('NotoSansKR-Bold', 'Noto Sans KR', 'normal', 700, KOREAN, '700Bold/NotoSansKR_700Bold.ttf', outlines(null)),
  // Chinese: the regular face holds the whole basic block, the bold one what is frequent (the regular stands in for the rest).
  face('NotoSansSC-Regular', 'Noto Sans SC', 'normal', 400, CHINESE, '400Regular/NotoSansSC_400Regular.ttf', outlines(BASIC_HAN)),
  face('NotoSansSC-Bold', 'Noto Sans SC', 'normal', 700, CHINESE, '700Bold/NotoSansSC_700Bold.ttf', outlines(FREQUENT_HAN)),
];

const LICENCES = { [LATIN]: 'OFL-NotoSans.txt', [KOREAN]: 'OFL-NotoSansKR.txt', [CHINESE]: 'OFL-NotoSansSC.txt' };

// What must be drawn, and by which families: the build fails where a glyph is missing.
const MUST_DRAW = [
  ['Noto Sans', 'Hoeryŏng Ch’ŏngjin – Tumen · Кириллица Ελληνικά Việt Łódź Ğ ½ ° № €'],
  ['Noto Sans KR', '회령시 청진 두만강 會寧市 豆滿江 조선민주주의인민공화국 뷁 かな カナ → ★ 、。「」'],
  ['Noto Sans SC', '图们江 会宁市 三合 龙井 吉林省 圖們江 會寧市 東京 渋谷 かな カナ 、。《》'],
];

export async function buildFonts(dist) {
  const folder = join(dist, 'fonts');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });

  const listed = [];
  let total = 0;
  for (const { name, family, style, weight, from, source, keep } of FACES) {
    const whole = readFileSync(join(packageFolder(from), source));
    const drawn = coverage(whole);
    const codepoints = keep.codepoints ? drawn.filter((codepoint) => keep.codepoints.has(codepoint)) : drawn;
    const font = await subset(whole, { ...keep, codepoints });
    check(name, family, font);

    const packed = pack(font);
    const file = `${name}.ttf.br`;
    writeFileSync(join(folder, file), packed);
    total += packed.length;
    listed.push({
      name, family, style, weight, file, bytes: font.length,
      licence: LICENCES[from], coverage: rangesText(coverage(font)),
    });
    console.log(`fonts/${file}  ${(packed.length / 1e6).toFixed(2)} MB, ${coverage(font).length} characters`);
  }
  writeFileSync(join(folder, 'fonts.json'), `${JSON.stringify({ fonts: listed }, null, 1)}\n`);
  for (const [name, file] of Object.entries(LICENCES)) {
    copyFileSync(join(packageFolder(name), 'LICENSE_FONT'), join(folder, file));
  }
  if (total > 12e6) throw new Error(`the fonts take ${total} bytes packed; more than 12 MB bloats the program`);
}

/** A fifth smaller than deflate. Another release of Node may pack otherwise; what is unpacked is the same. */
function pack(font) {
  return brotliCompressSync(font, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: font.length,
    },
  });
}

function check(name, family, font) {
  const present = tables(font);
  for (const table of ['cmap', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp']) {
    if (!present.has(table)) throw new Error(`${name} lacks the table ${table}`);
  }
  if (present.has('fvar')) throw new Error(`${name} is a variable font; a static one is expected`);
  const drawn = new Set(coverage(font));
  const text = MUST_DRAW.find(([its]) => its === family)[1];
  const missing = [...new Set(text)].filter((char) => !drawn.has(char.codePointAt(0)));
  if (missing.length > 0) throw new Error(`${name} cannot draw ${missing.join(' ')}`);
}
