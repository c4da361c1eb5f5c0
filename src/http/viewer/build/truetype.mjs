// The little of a TrueType file that the packing must know: its tables, and which code points it draws.

/** Name -> bytes of each table. */
export function tables(font) {
  const found = new Map();
  const count = font.readUInt16BE(4);
  for (let index = 0; index < count; index++) {
    const entry = 12 + 16 * index;
    const start = font.readUInt32BE(entry + 8);
    found.set(font.toString('latin1', entry, entry + 4), font.subarray(start, start + font.readUInt32BE(entry + 12)));
  }
  return found;
}

/** The code points with a glyph, ascending, by `cmap` subtable format 12 or else 4 (OpenType 1.9, cmap). */
export function coverage(font) {
  const cmap = tables(font).get('cmap');
  const formats = new Map();
  for (let index = 0; index < cmap.readUInt16BE(2); index++) {
    const start = cmap.readUInt32BE(4 + 8 * index + 4);
    formats.set(cmap.readUInt16BE(start), cmap.subarray(start));
  }
  if (formats.has(12)) return segmentedCoverage(formats.get(12));
  if (formats.has(4)) return deltaCoverage(formats.get(4));
  throw new Error('the font has no cmap of format 4 or 12');
}

function segmentedCoverage(table) {
  const codepoints = [];
  for (let group = 0; group < table.readUInt32BE(12); group++) {
    const at = 16 + 12 * group;
    const [first, last, glyph] = [0, 4, 8].map((offset) => table.readUInt32BE(at + offset));
    for (let codepoint = first; codepoint <= last; codepoint++) {
      if (glyph + codepoint - first !== 0) codepoints.push(codepoint);
    }
  }
  return codepoints;
}

function deltaCoverage(table) {
  const codepoints = [];
  const doubled = table.readUInt16BE(6);
  for (let segment = 0; segment < doubled; segment += 2) {
    const last = table.readUInt16BE(14 + segment);
    const first = table.readUInt16BE(16 + doubled + segment);
    const delta = table.readUInt16BE(16 + 2 * doubled + segment);
    const rangeAt = 16 + 3 * doubled + segment;
    const range = table.readUInt16BE(rangeAt);
    for (let codepoint = first; codepoint <= last && codepoint !== 0xffff; codepoint++) {
      let glyph = codepoint;
      if (range !== 0) glyph = table.readUInt16BE(rangeAt + range + 2 * (codepoint - first));
      if (range !== 0 && glyph === 0) continue;
      if (((glyph + delta) & 0xffff) !== 0) codepoints.push(codepoint);
    }
  }
  return codepoints;
}

/** Ascending code points as text, "20-7E,A0,AC00-D7A3". */
export function rangesText(codepoints) {
  const ranges = [];
  for (const codepoint of codepoints) {
    const open = ranges.at(-1);
    if (open && open[1] + 1 === codepoint) open[1] = codepoint;
    else ranges.push([codepoint, codepoint]);
  }
  const hex = (number) => number.toString(16).toUpperCase();
  return ranges.map(([first, last]) => (first === last ? hex(first) : `${hex(first)}-${hex(last)}`)).join(',');
}
