// What a connection carries, by its first bytes: MQTT, TLS, WebSocket or something else. Where the beginning is not in the
// capture, or the port says MQTT, it looks longer. Knows how each of them begins; what follows is theirs.
import { asciiText } from './bytes.ts';
import type { Content, Host, Side } from './content.ts';
import { Mqtt } from './mqtt.ts';
import { findPacket } from './plausible.ts';
import type { Carrier } from './reassemble.ts';
import { looksLikeTls, TLS_HEADER, Tls, type TlsKeys } from './tls.ts';
import { beginsWebSocket, WebSocket } from './websocket.ts';
import { CONTENT } from './wrapping.ts';

/** What is held of a connection that is not told yet. */
const UNDECIDED = { bytes: 65_536, segments: 64 } as const;

interface Held {
  side: Side;
  bytes: Uint8Array;
  carrier: Carrier;
}

type Kind = 'mqtt' | 'tls' | 'websocket';
type Verdict = Kind | 'other' | 'wait';

export class Detector implements Content {
  readonly #host: Host;
  readonly #keys: TlsKeys;
  #content: Content | undefined;
  #over = false;
  #held: Held[] = [];
  #heldBytes = 0;
  #segments = 0;
  /** Bytes that were passed over because they tell nothing. */
  #skipped = 0;
  /** A hole makes a middle of what follows. */
  #hasHole = false;

  constructor(host: Host, keys: TlsKeys) {
    this.#host = host;
    this.#keys = keys;
  }

  receive(side: Side, bytes: Uint8Array, carrier: Carrier): void {
    if (this.#content !== undefined) this.#content.receive(side, bytes, carrier);
    else if (!this.#over) this.#consider(side, bytes, carrier);
  }

  missing(side: Side, count: number, carrier: Carrier): void {
    if (this.#content !== undefined) this.#content.missing(side, count, carrier);
    else this.#hasHole = true;
  }

  end(): void {
    this.#content?.end();
  }

  get #isMiddle(): boolean {
    return !this.#host.began || this.#hasHole;
  }

  #consider(side: Side, bytes: Uint8Array, carrier: Carrier): void {
    this.#segments++;
    this.#held.push({
      side,
      bytes: bytes.slice(),
      carrier: { ...carrier, payload: carrier.payload.slice() },
    });
    this.#heldBytes += bytes.length;
    const verdict = this.#judge(side, bytes);
    const isLong =
      this.#heldBytes > UNDECIDED.bytes ||
      (this.#segments > UNDECIDED.segments && this.#host.hint === undefined);
    if (verdict === 'other' || (verdict === 'wait' && isLong)) this.#abandon();
    else if (verdict !== 'wait') this.#decide(verdict);
  }

  #judge(side: Side, segment: Uint8Array): Verdict {
    const { client, hint } = this.#host;
    const verdict = byBeginning(this.#isMiddle ? segment : this.#head(side));
    if (verdict !== 'other') return verdict;
    if (this.#isMiddle) return this.#judgeMiddle(segment);
    // In all of them the client speaks first; a server's greeting tells nothing yet.
    if (side !== client) return 'wait';
    return hint === undefined ? 'other' : 'mqtt';
  }

  #judgeMiddle(segment: Uint8Array): Verdict {
    const verdict = byMiddle(segment, this.#host.hint !== undefined);
    if (verdict !== 'wait') return verdict;
    this.#skipped += this.#heldBytes;
    this.#forget();
    return 'wait';
  }

  /** As many of the first bytes of a side as any beginning needs. */
  #head(side: Side): Uint8Array {
    const head: number[] = [];
    for (const piece of this.#held)
      if (piece.side === side) head.push(...piece.bytes.subarray(0, LONGEST_BEGINNING));
    return Uint8Array.from(head);
  }

  #decide(kind: Kind): void {
    const host = this.#host;
    const held = this.#held;
    const { carrier } = held[0] as Held;
    if (this.#isMiddle) host.note('beginsInMiddle', carrier);
    if (this.#skipped > 0) host.note('resynchronised', carrier, { skipped: this.#skipped });
    const content = this.#make(kind);
    this.#content = content;
    this.#forget();
    for (const piece of held) content.receive(piece.side, piece.bytes, piece.carrier);
  }

  #make(kind: Kind): Content {
    const host = this.#host;
    const keys = this.#keys;
    if (kind === 'mqtt') {
      host.recognise();
      return new Mqtt(host, this.#isMiddle);
    }
    const inner = (): Content => new Detector(host, keys);
    return kind === 'tls' ? new Tls(host, keys, inner) : new WebSocket(host, inner, this.#isMiddle);
  }

  #forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #abandon(): void {
    this.#over = true;
    this.#forget();
    this.#host.abandon();
  }
}

/** The longest of the patterns below, with the longest length field before it. */
const LONGEST_BEGINNING = 16;

const CONNECT = 0x10;
const PROTOCOL_NAMES = ['\0\x04MQTT', '\0\x06MQIsdp'];
const GET = 'GET ';

/** What a client's first bytes begin; 'wait' while they may still begin something. */
function byBeginning(bytes: Uint8Array): Verdict {
  if (bytes.length === 0) return 'wait';
  if (bytes[0] === CONNECT) {
    let at = 1;
    while ((bytes[at] ?? 0) > 0x7f && at < 5) at++;
    return best(PROTOCOL_NAMES.map((name) => compare(asciiText(bytes.subarray(at + 1)), name, 'mqtt')));
  }
  if (looksLikeTls(bytes, CONTENT.handshake)) return 'tls';
  if (bytes[0] === CONTENT.handshake && bytes.length < TLS_HEADER) return 'wait';
  return compare(asciiText(bytes.subarray(0, GET.length)), GET, 'websocket');
}

/** What a segment is where nothing is known of those before it. */
function byMiddle(segment: Uint8Array, isHinted: boolean): Verdict {
  if (findPacket(segment, isHinted) !== undefined) return 'mqtt';
  if (looksLikeTls(segment)) return 'tls';
  return beginsWebSocket(segment) ? 'websocket' : 'wait';
}

function compare(text: string, pattern: string, kind: Kind): Verdict {
  if (text.startsWith(pattern)) return kind;
  return pattern.startsWith(text) ? 'wait' : 'other';
}

function best(verdicts: Verdict[]): Verdict {
  return (
    verdicts.find((verdict) => verdict !== 'other' && verdict !== 'wait') ??
    verdicts.find((verdict) => verdict === 'wait') ??
    'other'
  );
}
