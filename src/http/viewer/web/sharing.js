// The dialog with the snippets: a tab a tool, the collection to choose, a button that copies.
import { el, icon } from './dom.js';
import { snippets } from './snippets.js';

/** `now()` says what the snippets are about at the moment they are shown. */
export function sharingDialog({ collections, now }) {
  let tool = 'Leaflet';
  const chosen = el('select', { id: 'snippet-collection', onchange: show },
    collections.map(({ id, title }) => el('option', { value: id }, title || id)));
  const tabs = el('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Tool', onkeydown: walk });
  const code = el('code', { translate: 'no' });
  const panel = el('pre', { id: 'snippet', role: 'tabpanel', tabindex: '0' }, code);
  const copy = el('button', { type: 'button', class: 'button', onclick: copyCode }, icon('copy'), el('span', {}, 'Copy'));
  const dialog = el('dialog', { class: 'sharing', 'aria-labelledby': 'sharing-title', onclick: (event) => event.target === dialog && dialog.close() },
    el('div', { class: 'sharing-body' },
      el('div', { class: 'sharing-head' },
        el('h2', { id: 'sharing-title' }, 'Use this map elsewhere'),
        el('button', { type: 'button', class: 'quiet close', 'aria-label': 'Close', onclick: () => dialog.close() }, icon('close'))),
      tabs,
      panel,
      el('div', { class: 'sharing-foot' }, el('label', { for: 'snippet-collection' }, 'Collection'), chosen, copy)));

  function show() {
    const texts = snippets({ ...now(), collection: chosen.value });
    tabs.replaceChildren(...Object.keys(texts).map((name) => el('button', {
      type: 'button', role: 'tab', 'aria-selected': String(name === tool), 'aria-controls': 'snippet',
      tabindex: name === tool ? '0' : '-1', onclick: () => pick(name),
    }, name)));
    code.textContent = texts[tool];
  }

  function pick(name) {
    tool = name;
    show();
  }

  function walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...tabs.children];
    const next = all[(all.findIndex((tab) => tab.textContent === tool) + step + all.length) % all.length];
    pick(next.textContent);
    tabs.querySelector('[aria-selected="true"]').focus();
  }

  async function copyCode() {
    const done = await write(code);
    copy.lastChild.textContent = done ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => { copy.lastChild.textContent = 'Copy'; }, 1800);
  }

  return {
    dialog,
    open() {
      show();
      dialog.showModal();
    },
  };
}

/** The clipboard is there only on secure origins; elsewhere the text is selected, and copied the old way. */
async function write(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    const selection = getSelection();
    selection.selectAllChildren(node);
    return document.execCommand('copy');
  }
}
