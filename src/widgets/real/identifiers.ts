// Which identifiers the clients of a page have at a broker that others use as well: there, two clients of one identifier throw
// each other out, and each page has a phone. Knows set-ups; asks nobody.
import type { ClientSetup, Setup } from '#broker/index.ts';

/** What tells the clients of one figure from those of all others. */
export function newMark(): string {
  const [number = 0] = crypto.getRandomValues(new Uint16Array(1));
  return `-${number.toString(16).padStart(4, '0')}`;
}

/**
 * A set-up whose clients have identifiers of their own. Those who share an identifier go on to share it, and who has none
 * still has none.
 * @param keepsTyped whether an identifier that a client is set to stays as it is
 */
export function marked(setup: Setup, mark: string, keepsTyped: boolean): Setup {
  return { ...setup, clients: setup.clients.map((client) => markedClient(client, mark, keepsTyped)) };
}

function markedClient(client: ClientSetup, mark: string, keepsTyped: boolean): ClientSetup {
  const { name, clientId } = client;
  if (clientId === '' || (clientId !== undefined && keepsTyped)) return client;
  return { ...client, clientId: `${clientId ?? name}${mark}` };
}
