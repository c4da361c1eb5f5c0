// A door to HarfBuzz's subsetter (compiled to WebAssembly in the npm package harfbuzzjs).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const WASM = createRequire(import.meta.url).resolve('harfbuzzjs/dist/harfbuzz-subset.wasm');

// hb-subset.h: hb_subset_flags_t and hb_subset_sets_t.
const FLAG_NO_HINTING = 0x01;
const FLAG_NO_LAYOUT_CLOSURE = 0x200;
const SET_DROP_TABLE = 3;
const SET_LAYOUT_FEATURE = 6;
const MODE_READONLY = 1;

const tagNumber = (tag) => [...tag].reduce((number, char) => number * 256 + char.charCodeAt(0), 0);

/** Keeps the given code points of a TrueType font; hinting goes. Returns the smaller font's bytes. */
export async function subset(font, { codepoints, dropTables = [], features = null }) {
  const { instance } = await WebAssembly.instantiate(readFileSync(WASM));
  const hb = instance.exports;
  hb._initialize?.();

  const address = hb.malloc(font.length);
  new Uint8Array(hb.memory.buffer).set(font, address);
  const blob = hb.hb_blob_create(address, font.length, MODE_READONLY, 0, 0);
  const face = hb.hb_face_create(blob, 0);
  const input = hb.hb_subset_input_create_or_fail();

  const unicodes = hb.hb_subset_input_unicode_set(input);
  for (const codepoint of codepoints) hb.hb_set_add(unicodes, codepoint);
  const dropped = hb.hb_subset_input_set(input, SET_DROP_TABLE);
  for (const table of dropTables) hb.hb_set_add(dropped, tagNumber(table));
  if (features) {
    const kept = hb.hb_subset_input_set(input, SET_LAYOUT_FEATURE);
    hb.hb_set_clear(kept);
    for (const feature of features) hb.hb_set_add(kept, tagNumber(feature));
  }
  hb.hb_subset_input_set_flags(input, FLAG_NO_HINTING | (features ? 0 : FLAG_NO_LAYOUT_CLOSURE));

  const smaller = hb.hb_subset_or_fail(face, input);
  if (!smaller) throw new Error('HarfBuzz could not make the subset');
  const result = hb.hb_face_reference_blob(smaller);
  const start = hb.hb_blob_get_data(result, 0);
  // The instance and all its memory are let go of as a whole when this function returns.
  return Buffer.from(new Uint8Array(hb.memory.buffer, start, hb.hb_blob_get_length(result)));
}
