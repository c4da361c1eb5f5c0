// The names that a feature carries, by the property that holds each.

export const NAMES = [
  { key: 'name_ko', label: '한국어', lang: 'ko' },
  { key: 'name_zh', label: '中文', lang: 'zh-Hans' },
  { key: 'name_hanja', label: '漢字', lang: 'ko-Hani' },
  { key: 'name_en', label: 'English', lang: 'en' },
  { key: 'name_ja', label: '日本語', lang: 'ja' },
  { key: 'name_ru', label: 'Русский', lang: 'ru' },
];

/** What a feature is called at all, or undefined. */
export function nameOf(properties) {
  const keys = ['name', 'name_en', 'title', 'Name', 'NAME', 'label', 'name_ko', 'name_zh'];
  const key = keys.find((candidate) => typeof properties[candidate] === 'string' && properties[candidate] !== '');
  return key === undefined ? undefined : properties[key];
}
