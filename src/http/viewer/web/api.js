// The form of an operation: fills in its path, asks, and shows what is answered beneath.

const form = document.getElementById('try');
const at = (id) => document.getElementById(id);
const MOST = 40_000;

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  ask(addressOf(form)).catch((error) => { at('status').textContent = error.message; });
});

/** The address that the form means: braces are filled in, and empty fields are left out. */
function addressOf({ dataset, elements }) {
  const fields = [...elements];
  const path = fields.filter((field) => field.dataset.segment).reduce(
    (template, field) => template.replace(`{${field.dataset.segment}}`, encodeURIComponent(field.value).replaceAll('%2C', ',').replaceAll('%40', '@')),
    dataset.template,
  );
  const asked = fields.filter((field) => field.name && field.value !== '').map((field) => [field.name, field.value]);
  const query = new URLSearchParams(asked).toString();
  return new URL(query ? `${path}?${query}` : path, location.href).href;
}

async function ask(address) {
  at('answer').hidden = false;
  Object.assign(at('address'), { href: address, textContent: address });
  at('status').textContent = '…';
  at('headers').textContent = '';
  at('body').replaceChildren();
  const begun = performance.now();
  // What a program would be answered that does not say what it wants.
  const response = await fetch(address, { headers: { Accept: '*/*' } });
  const bytes = await response.blob();
  const took = Math.round(performance.now() - begun);
  at('status').textContent = `${response.status} ${response.statusText} · ${bytes.size.toLocaleString('en')} bytes · ${took} ms`;
  at('headers').textContent = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  at('body').replaceChildren(await shown(response, bytes));
  at('answer').scrollIntoView({ block: 'nearest' });
}

/** A picture as one, a text as a text, and of all else how much it is. */
async function shown(response, bytes) {
  const kind = (response.headers.get('content-type') ?? '').split(';')[0];
  if (/^image\/(png|jpeg|webp)$/.test(kind)) {
    const picture = new Image();
    picture.alt = 'The picture that was answered';
    picture.src = await dataUrl(bytes);
    return picture;
  }
  const part = document.createElement('pre');
  if (/json|^text\/|xml/.test(kind)) {
    const text = await bytes.text();
    part.textContent = clipped(/json$/.test(kind) ? pretty(text) : text);
  } else {
    part.textContent = bytes.size ? `(${kind || 'no media type'})` : '(empty)';
  }
  return part;
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

const clipped = (text) => (text.length > MOST ? `${text.slice(0, MOST)}\n… and ${text.length - MOST} characters more` : text);

/** The policy of the pages allows pictures from here and from data: addresses, and no others. */
function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
