// A connection that speaks TLS: its records listed, and what they carry handed on where secrets open them. Knows the frame of a
// record and what decides the keys; the keys are `decrypt.ts`'s. Source: RFC 8446, section 5.1; RFC 5246, section 6.2.
import { hexText } from './bytes.ts';
import { type Content, type Host, other, type Side } from './content.ts';
import type { Crypto } from './crypto.ts';
import { type Agreement, type Opener, openerOf } from './decrypt.ts';
import {
  helloRandom,
  MESSAGE,
  type Message,
  Messages,
  messageName,
  readServerHello,
  type ServerHello,
} from './handshake.ts';
import type { Carrier } from './reassemble.ts';
import type { Secrets } from './secrets.ts';
import { cipherOf, suiteName } from './suite.ts';
import { CONTENT } from './wrapping.ts';

/** What opens records. */
export interface TlsKeys {
  secrets: Secrets;
  crypto: Crypto | undefined;
  /** The client randoms, in hex, of connections for which there was no secret. */
  missed: Set<string>;
}

export const TLS_HEADER = 5;
const TLS_1_3 = 0x0304;

/** 2^14 bytes of content, and what ciphers may add to them. */
const LONGEST = 16_384 + 2_048;

/** Whether bytes begin with the header of a record, of one content type if one is given. */
export function looksLikeTls(bytes: Uint8Array, contentType?: number): boolean {
  const [type = 0, major, minor = 0xff, high = 0, low = 0] = bytes;
  const length = (high << 8) | low;
  const isHeader = bytes.length >= TLS_HEADER && major === 3 && minor <= 4 && length > 0 && length <= LONGEST;
  return (
    isHeader &&
    (contentType === undefined
      ? type >= CONTENT.changeCipherSpec && type <= CONTENT.applicationData
      : type === contentType)
  );
}

interface RecordHeader {
  contentType: number;
  version: number;
  length: number;
}

/** One direction. */
interface Way {
  header: Uint8Array;
  headerLength: number;
  record: RecordHeader | undefined;
  /** The record under way, where it will be looked at. */
  fragment: Uint8Array | undefined;
  done: number;
  /** It is not known where a record begins. */
  lost: boolean;
  /** TLS 1.2 changed to sealed records. */
  isSealed: boolean;
  messages: Messages;
  opener: Opener | undefined;
}

type Verdict = 'unknown' | 'opens' | 'stays closed';

export class Tls implements Content {
  readonly #host: Host;
  readonly #keys: TlsKeys;
  readonly #inner: Content;
  readonly #ways: readonly [Way, Way];
  #clientRandom: Uint8Array | undefined;
  #client: Side | undefined;
  #server: ServerHello | undefined;
  #verdict: Verdict = 'unknown';
  #closed = 0;

  /** @param inner makes the reader of what the records carry */
  constructor(host: Host, keys: TlsKeys, inner: () => Content) {
    this.#host = host;
    this.#keys = keys;
    this.#inner = inner();
    this.#ways = [newWay(!host.began), newWay(!host.began)];
    host.wrap('tls');
    if (host.began) return;
    host.note('handshakeMissing');
    this.#verdict = 'stays closed';
  }

  receive(side: Side, bytes: Uint8Array, carrier: Carrier): void {
    const way = this.#ways[side];
    if (way.lost && !looksLikeTls(bytes)) return;
    way.lost = false;
    let rest = bytes;
    while (rest.length > 0 && !way.lost)
      rest =
        way.record === undefined
          ? this.#readHeader(way, rest, carrier)
          : this.#readFragment(side, way, way.record, rest, carrier);
  }

  /** How many records a hole swallowed cannot be told. */
  missing(side: Side, _count: number, carrier: Carrier): void {
    const way = this.#ways[side];
    way.lost = true;
    way.record = undefined;
    way.headerLength = 0;
    this.#host.later(() => {
      way.opener?.skip();
      this.#inner.missing(side, 0, carrier);
    });
  }

  end(): void {
    this.#host.later(() => {
      if (this.#verdict === 'opens' && this.#closed > 0)
        this.#host.note('sealed', undefined, { count: this.#closed });
      this.#inner.end();
    });
  }

  #readHeader(way: Way, bytes: Uint8Array, carrier: Carrier): Uint8Array {
    const piece = bytes.subarray(0, TLS_HEADER - way.headerLength);
    way.header.set(piece, way.headerLength);
    way.headerLength += piece.length;
    if (way.headerLength === TLS_HEADER) this.#beginRecord(way, carrier);
    return bytes.subarray(piece.length);
  }

  #beginRecord(way: Way, carrier: Carrier): void {
    const { header } = way;
    way.headerLength = 0;
    if (!looksLikeTls(header)) {
      this.#host.note('notTls', carrier);
      way.lost = true;
      return;
    }
    const [contentType, major, minor, high, low] = header as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    way.record = { contentType, version: (major << 8) | minor, length: (high << 8) | low };
    way.done = 0;
    const isWanted = !this.#seals(way, contentType) || this.#verdict === 'opens';
    way.fragment = isWanted ? new Uint8Array(way.record.length) : undefined;
  }

  #readFragment(side: Side, way: Way, record: RecordHeader, bytes: Uint8Array, carrier: Carrier): Uint8Array {
    const piece = bytes.subarray(0, record.length - way.done);
    way.fragment?.set(piece, way.done);
    way.done += piece.length;
    if (way.done === record.length) {
      way.record = undefined;
      this.#receiveRecord(side, way, record, way.fragment, carrier);
      way.fragment = undefined;
    }
    return bytes.subarray(piece.length);
  }

  #seals(way: Way, contentType: number): boolean {
    return way.isSealed || contentType === CONTENT.applicationData;
  }

  #receiveRecord(
    side: Side,
    way: Way,
    record: RecordHeader,
    fragment: Uint8Array | undefined,
    carrier: Carrier,
  ): void {
    const isSealed = this.#seals(way, record.contentType);
    const messages =
      !isSealed && fragment !== undefined && record.contentType === CONTENT.handshake
        ? way.messages.push(fragment)
        : [];
    const { frame, time } = carrier;
    this.#host.record({
      frame,
      time,
      side,
      ...record,
      messages: messages.map(({ type }) => messageName(type)),
    });
    for (const message of messages) this.#learn(side, message, carrier);
    if (isSealed && fragment !== undefined)
      this.#host.later(() => this.#open(side, way, record, fragment, carrier));
    // TLS 1.3 sends this record only so that it looks like TLS 1.2.
    if (record.contentType === CONTENT.changeCipherSpec && this.#server?.version !== TLS_1_3)
      way.isSealed = true;
  }

  #learn(side: Side, { type, body }: Message, carrier: Carrier): void {
    if (type === MESSAGE.clientHello) {
      this.#clientRandom = helloRandom(body);
      this.#client = side;
      this.#host.client ??= side;
    } else if (type === MESSAGE.serverHello) {
      this.#server = readServerHello(body);
      this.#client ??= other(side);
      this.#host.client ??= other(side);
      if (this.#server !== undefined) this.#agree(this.#server, carrier);
    }
  }

  /** Both hellos are there: decides whether the records can be opened. */
  #agree(server: ServerHello, carrier: Carrier): void {
    const keys = this.#keys;
    const host = this.#host;
    const clientRandom = this.#clientRandom;
    this.#verdict = 'stays closed';
    const cipher = cipherOf(server.suite);
    host.agree(suiteName(server.suite));
    if (clientRandom === undefined) return host.note('handshakeMissing', carrier);
    const random = hexText(clientRandom);
    if (keys.crypto === undefined || !keys.secrets.knows(random)) {
      keys.missed.add(random);
      return host.note('encrypted', carrier);
    }
    if (cipher === undefined) return host.note('suiteUnknown', carrier, { suite: suiteName(server.suite) });
    this.#verdict = 'opens';
    this.#prepare({ clientRandom, server, cipher }, keys.crypto);
  }

  #prepare(agreement: Agreement, crypto: Crypto): void {
    this.#ways.forEach((way, side) => {
      way.opener = openerOf(agreement, side === this.#client, this.#keys.secrets, crypto);
    });
  }

  async #open(
    side: Side,
    way: Way,
    { contentType, version }: RecordHeader,
    fragment: Uint8Array,
    carrier: Carrier,
  ): Promise<void> {
    const opened = await way.opener?.open({ contentType, version, fragment });
    if (opened === undefined) this.#closed++;
    else if (opened.contentType === CONTENT.applicationData) this.#inner.receive(side, opened.bytes, carrier);
  }
}

function newWay(lost: boolean): Way {
  return {
    header: new Uint8Array(TLS_HEADER),
    headerLength: 0,
    record: undefined,
    fragment: undefined,
    done: 0,
    lost,
    isSealed: false,
    messages: new Messages(),
    opener: undefined,
  };
}
