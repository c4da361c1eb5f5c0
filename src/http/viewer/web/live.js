// News from the server: which collections and styles changed.
import { BASE } from './config.js';

/** Listens until the page goes; EventSource connects again by itself. */
export function listen({ changed, connected }) {
  const events = new EventSource(`${BASE}events`);
  events.addEventListener('open', () => connected(true));
  events.addEventListener('error', () => connected(false));
  events.addEventListener('change', (event) => changed(JSON.parse(event.data)));
  addEventListener('pagehide', () => events.close());
  return events;
}
