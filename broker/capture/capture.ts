// A capture file from its bytes to its conversations: the one place that knows all layers' order. Takes chunks, so that a large
// file need not be in memory; keeps the MQTT packets, and lets go of the rest.

import { analyse } from './analyse.ts';
import { Connection } from './connection.ts';
import type { CapturedPacket, Conversation } from './conversation.ts';
import type { Crypto } from './crypto.ts';
import { CaptureFile } from './file.ts';
import { type Finding, finding } from './finding.ts';
import type { FileFault, Frame } from './format.ts';
import { readFrame, type Segment, type Unread } from './frame.ts';
import type { FramePlace } from './reassemble.ts';
import { Secrets } from './secrets.ts';
import type { Shared } from './stream.ts';
import type { TlsKeys } from './tls.ts';

export interface CaptureOptions {
  /** What a key log says. Secrets that the file holds are added to them. */
  secrets?: Secrets;
  /** Opens TLS. Without it, TLS records are listed. */
  crypto?: Crypto;
  /** Ports at which MQTT is spoken, besides 1883 and 8883. MQTT at other ports is found where its CONNECT is. */
  ports?: readonly number[];
}

/** How far reading has come. */
export interface Progress {
  bytes: number;
  frames: number;
  packets: number;
}

/** All that was found in a capture. */
export interface CaptureContents {
  frames: number;
  /** Nanoseconds since 1970 of the first frame; undefined where the file has no times. */
  startedAt: bigint | undefined;
  packets: CapturedPacket[];
  conversations: Conversation[];
  /** How many TCP connections there are, with those that carry something else. */
  connections: number;
  findings: Finding[];
  /** Why reading ended before the end of the file. */
  fault?: FileFault;
}

/** Sources: IANA's registry of ports. */
const MQTT_PORTS = [1883, 8883] as const;

const NANOSECONDS_PER_MILLISECOND = 1e6;

export class Capture {
  readonly #file = new CaptureFile();
  readonly #keys: TlsKeys;
  readonly #shared: Shared;
  /** The newest connection between two ends. */
  readonly #current = new Map<string, Connection>();
  /** Those that carry anything. */
  readonly #carrying: Connection[] = [];
  #connections = 0;
  readonly #findings: Finding[] = [];
  readonly #unread: Record<Unread, number> = { linkType: 0, otherProtocol: 0, fragment: 0, short: 0 };
  #unknownLinkType: number | undefined;
  #cut = 0;
  #bytes = 0;
  #frames = 0;
  #startedAt: bigint | undefined;
  #now = 0;
  #jobs: (() => Promise<void> | void)[] = [];
  #isLate = false;

  constructor({ secrets = new Secrets(), crypto, ports = [] }: CaptureOptions = {}) {
    this.#keys = { secrets, crypto, missed: new Set() };
    this.#shared = {
      keys: this.#keys,
      ports: new Set([...MQTT_PORTS, ...ports]),
      packets: 0,
      finding: (found) => this.#findings.push(found),
      later: (job) => this.#jobs.push(job),
    };
  }

  get progress(): Progress {
    return {
      bytes: this.#bytes,
      frames: this.#frames,
      packets: this.#shared.packets,
    };
  }

  /** Secrets of the file that came behind packets which they open: reading anew with them shows more. */
  get lateSecrets(): Secrets | undefined {
    return this.#isLate ? this.#keys.secrets : undefined;
  }

  /**
   * Takes the next bytes of the file, cut anywhere; they must stay as they are until this is done.
   * @returns false once the file cannot be read on
   */
  async push(chunk: Uint8Array): Promise<boolean> {
    for (const item of this.#file.push(chunk)) {
      if (item.kind === 'frame') this.#takeFrame(item);
      else this.#takeSecrets(item.text);
    }
    this.#bytes += chunk.length;
    await this.#catchUp();
    return this.#file.fault === undefined;
  }

  /** Says that the file ends here, and tells what was in it. */
  async finish(): Promise<CaptureContents> {
    this.#file.end();
    for (const connection of this.#carrying) connection.finish();
    await this.#catchUp();
    this.#countUnread();
    const { fault } = this.#file;
    const streams = this.#carrying.flatMap((connection) => {
      const { stream } = connection;
      return stream?.isListed
        ? [{ packets: stream.packets(), conversation: connection.conversation(stream) }]
        : [];
    });
    const shown = new Set(streams.map(({ conversation }) => conversation.stream));
    const analysis = analyse(
      streams.flatMap(({ packets }) => packets),
      streams.map(({ conversation }) => conversation),
      this.#now,
    );
    // What was found in connections that turned out to carry something else is of no interest.
    const below = this.#findings.filter(({ stream }) => stream === undefined || shown.has(stream));
    const findings = [...below, ...analysis.findings];
    findings.sort((a, b) => (a.frame ?? 0) - (b.frame ?? 0));
    const { packets, conversations } = analysis;
    return {
      frames: this.#frames,
      startedAt: this.#startedAt,
      packets,
      conversations,
      connections: this.#connections,
      findings,
      ...(fault && { fault }),
    };
  }

  #takeFrame({ number, time, linkType, bytes, length, offset }: Frame): void {
    this.#frames = number;
    this.#startedAt ??= time;
    if (time !== undefined)
      this.#now = Number(time - (this.#startedAt as bigint)) / NANOSECONDS_PER_MILLISECOND;
    if (bytes.length < length) this.#cut++;
    const segment = readFrame(bytes, linkType);
    if (typeof segment !== 'string')
      return this.#takeSegment(segment, number, { offset, length: bytes.length, linkType });
    this.#unread[segment]++;
    if (segment === 'linkType') this.#unknownLinkType ??= linkType;
  }

  #takeSegment(segment: Segment, frame: number, place: FramePlace): void {
    const carrier = { frame, time: this.#now, payload: segment.payload, place };
    const key = keyOf(segment);
    let connection = this.#current.get(key);
    if (connection === undefined || connection.isReused(segment)) {
      connection = new Connection(this.#connections++, segment, carrier, this.#shared);
      this.#current.set(key, connection);
    }
    const carried = connection.stream;
    connection.take(segment, carrier);
    if (carried !== connection.stream) this.#carrying.push(connection);
  }

  #takeSecrets(text: string): void {
    const { secrets, missed } = this.#keys;
    secrets.add(text);
    if ([...missed].some((random) => secrets.knows(random))) this.#isLate = true;
  }

  async #catchUp(): Promise<void> {
    while (this.#jobs.length > 0) {
      const jobs = this.#jobs;
      this.#jobs = [];
      for (const job of jobs) await job();
    }
  }

  #countUnread(): void {
    const { linkType, fragment } = this.#unread;
    if (linkType > 0)
      this.#findings.push(
        finding('linkTypeUnknown', {}, { linkType: this.#unknownLinkType as number, count: linkType }),
      );
    if (fragment > 0) this.#findings.push(finding('fragments', {}, { count: fragment }));
    if (this.#cut > 0) this.#findings.push(finding('cutFrames', {}, { count: this.#cut }));
    if (this.#isLate) this.#findings.push(finding('secretsLate', {}));
  }
}

/** The two ends of a connection, the same whoever of them sends. */
function keyOf({ source, sourcePort, destination, destinationPort }: Segment): string {
  const isUp = sourcePort === destinationPort ? source < destination : sourcePort < destinationPort;
  return isUp
    ? `${source} ${sourcePort} ${destination} ${destinationPort}`
    : `${destination} ${destinationPort} ${source} ${sourcePort}`;
}

/** The chunks of a file, from the beginning each time it is called. */
export type Source = () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Reads a whole capture; a second time where its secrets stand behind what they open.
 * @param progress is told after each chunk
 */
export async function readCapture(
  source: Source,
  options: CaptureOptions = {},
  progress?: (progress: Progress) => void,
): Promise<CaptureContents> {
  const capture = await readThrough(source, new Capture(options), progress);
  const { lateSecrets } = capture;
  const last =
    lateSecrets === undefined
      ? capture
      : await readThrough(source, new Capture({ ...options, secrets: lateSecrets }), progress);
  return last.finish();
}

async function readThrough(
  source: Source,
  capture: Capture,
  progress?: (progress: Progress) => void,
): Promise<Capture> {
  for await (const chunk of source()) {
    const goesOn = await capture.push(chunk);
    progress?.(capture.progress);
    if (!goesOn) break;
  }
  return capture;
}
