// The handshake messages of TLS, and what the two hellos say that a key log's reader has to know. Knows where messages begin
// and end across records; takes no part in the handshake.
import { concat, viewOf } from './bytes.ts';

/** Source: RFC 8446, section 4, and RFC 5246, section 7.4. */
const MESSAGES: Readonly<Record<number, string>> = {
  0: 'Hello Request',
  1: 'Client Hello',
  2: 'Server Hello',
  4: 'New Session Ticket',
  5: 'End of Early Data',
  8: 'Encrypted Extensions',
  11: 'Certificate',
  12: 'Server Key Exchange',
  13: 'Certificate Request',
  14: 'Server Hello Done',
  15: 'Certificate Verify',
  16: 'Client Key Exchange',
  20: 'Finished',
  22: 'Certificate Status',
  24: 'Key Update',
};

export const MESSAGE = { clientHello: 1, serverHello: 2, finished: 20, keyUpdate: 24 } as const;

export function messageName(type: number): string {
  return MESSAGES[type] ?? `message ${type}`;
}

export interface Message {
  type: number;
  body: Uint8Array;
}

/** A type, and three bytes of length. */
const HEADER = 4;

/** Longer messages are no messages. */
const LONGEST = 0x4_0000;

export class Messages {
  #held: Uint8Array = new Uint8Array(0);

  /** Takes what a record carries, and returns the messages that are now whole. */
  push(fragment: Uint8Array): Message[] {
    const messages: Message[] = [];
    let rest = this.#held.length === 0 ? fragment : concat([this.#held, fragment]);
    while (rest.length >= HEADER) {
      const length = viewOf(rest).getUint32(0) & 0xff_ffff;
      if (length > LONGEST) rest = rest.subarray(rest.length);
      if (rest.length < HEADER + length) break;
      messages.push({ type: rest[0] as number, body: rest.subarray(HEADER, HEADER + length) });
      rest = rest.subarray(HEADER + length);
    }
    this.#held = rest.slice();
    return messages;
  }
}

/** Behind two bytes of version come 32 random bytes. */
export function helloRandom(body: Uint8Array): Uint8Array | undefined {
  return body.length < 34 ? undefined : body.slice(2, 34);
}

export interface ServerHello {
  random: Uint8Array;
  suite: number;
  /** 0x0303 is TLS 1.2, 0x0304 is TLS 1.3. */
  version: number;
}

/** By this extension a server says that it speaks TLS 1.3 or later; the version in front says 1.2 then. */
const SUPPORTED_VERSIONS = 43;

/** Source: RFC 8446, section 4.1.3. */
export function readServerHello(body: Uint8Array): ServerHello | undefined {
  const random = helloRandom(body);
  const sessionLength = body[34];
  if (random === undefined || sessionLength === undefined) return undefined;
  const at = 35 + sessionLength;
  if (body.length < at + 3) return undefined;
  const view = viewOf(body);
  return { random, suite: view.getUint16(at), version: selectedVersion(body, at + 3) ?? view.getUint16(0) };
}

function selectedVersion(body: Uint8Array, start: number): number | undefined {
  const view = viewOf(body);
  for (let at = start + 2; at + 4 <= body.length; at += 4 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === SUPPORTED_VERSIONS && at + 6 <= body.length) return view.getUint16(at + 4);
  }
  return undefined;
}
