// Secrets of TLS connections, as key log files hold them: a label, the random bytes of a ClientHello that tell which connection,
// and the secret. Knows the lines; knows nothing of what a secret opens. Source: draft-ietf-tls-keylogfile.
import { hexText } from './bytes.ts';

/** What a secret is of: the whole connection in TLS 1.2, one direction and one phase in TLS 1.3. */
export const LABELS = {
  master: 'CLIENT_RANDOM',
  clientHandshake: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  serverHandshake: 'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  client: 'CLIENT_TRAFFIC_SECRET_0',
  server: 'SERVER_TRAFFIC_SECRET_0',
} as const;

export type Label = (typeof LABELS)[keyof typeof LABELS];

const LINE = /^\s*([A-Z0-9_]+)\s+([0-9a-f]{64})\s+((?:[0-9a-f]{2})+)\s*$/i;

export class Secrets {
  readonly #found = new Map<string, Uint8Array>();
  readonly #randoms = new Set<string>();

  /** How many secrets there are. */
  get size(): number {
    return this.#found.size;
  }

  /** Takes the lines of a key log; others are passed over. */
  add(keyLog: string): void {
    for (const line of keyLog.split(/[\r\n]+/)) {
      const [, label, random, secret] = LINE.exec(line) ?? [];
      if (label === undefined || random === undefined || secret === undefined) continue;
      this.#randoms.add(random.toLowerCase());
      this.#found.set(`${label} ${random.toLowerCase()}`, fromHex(secret));
    }
  }

  get(label: Label, clientRandom: Uint8Array): Uint8Array | undefined {
    return this.#found.get(`${label} ${hexText(clientRandom)}`);
  }

  /** Whether there is any secret of a connection. In: its client random, in hex. */
  knows(clientRandom: string): boolean {
    return this.#randoms.has(clientRandom);
  }
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
