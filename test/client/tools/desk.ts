// A place for tools to run in without a machine: a broker over links of memory, a clock that the test moves, and what was printed.
import { onTestFinished } from 'vitest';
import {
  type Need,
  type Party,
  type Target,
  type Tool,
  type ToolHost,
  Unreachable,
} from '#broker/client/tools/host.ts';
import type { Connect } from '#broker/codec/index.ts';
import { decode } from '#broker/codec/index.ts';
import { Broker, type Environment } from '#broker/server/broker.ts';
import type { Settings } from '#broker/server/settings.ts';
import type { Connection, Link } from '#broker/session/link.ts';
import type { TraceEvent } from '#broker/session/trace.ts';

/** What is under way on all links, in the order of sending. */
export class Place {
  readonly broker: Broker;
  readonly trace: TraceEvent[] = [];
  now = 0;
  isOpen = true;
  private readonly parties = new Set<Party>();
  private readonly cuts = new Set<() => void>();
  private mail: (() => void)[] = [];

  constructor(settings: Partial<Settings> = {}, environment: Partial<Environment> = {}) {
    this.broker = new Broker(settings, { ...environment, trace: (event) => this.trace.push(event) });
    this.parties.add(this.broker);
  }

  /** Connects a party; false when nobody listens. */
  connect(party: Party, begin: (link: Link) => Connection): boolean {
    if (!this.isOpen) return false;
    this.parties.add(party);
    const up = this.end();
    const down = this.end();
    down.to = begin(up.link);
    up.to = this.broker.accept(down.link, 'memory');
    this.cuts.add(() => {
      for (const end of [up, down]) this.post(() => end.to?.closed());
    });
    return true;
  }

  /** Loses all connections. */
  cut(): void {
    for (const cut of this.cuts) cut();
    this.cuts.clear();
  }

  /** Lets time pass: all that falls due happens at its moment. */
  async pass(duration: number): Promise<void> {
    const end = this.now + duration;
    for (;;) {
      await settled();
      const due = Math.min(...[...this.parties].map(({ deadline }) => deadline));
      if (due > end) break;
      this.now = Math.max(this.now, due);
      this.tick();
    }
    this.now = end;
    this.tick();
    await settled();
  }

  tick(): void {
    for (const party of this.parties) party.advance(this.now);
  }

  private end(): { link: Link; to: Connection | undefined } {
    const end: { link: Link; to: Connection | undefined } = {
      to: undefined,
      link: {
        backlog: 0,
        send: (frame) => this.post(() => end.to?.receive(frame)),
        close: () => this.post(() => end.to?.closed()),
      },
    };
    return end;
  }

  private post(letter: () => void): void {
    this.mail.push(letter);
    if (this.mail.length > 1) return;
    queueMicrotask(() => {
      const mail = this.mail;
      this.mail = [];
      for (const one of mail) {
        this.tick();
        one();
      }
    });
  }
}

/** One run of a tool in a place. */
export class Desk implements ToolHost {
  offers: ReadonlySet<Need> = new Set(['network', 'files', 'tls']);
  readonly processId = 42;
  readonly files = new Map<string, string>();
  readonly targets: Target[] = [];
  options: string | undefined;
  typed: (string | Uint8Array)[] = [];
  chance = 0;
  complaints = '';
  private readonly place: Place;
  private readonly printed: Uint8Array[] = [];
  private stop = () => {};

  constructor(place: Place) {
    this.place = place;
  }

  get output(): string {
    return Buffer.concat(this.printed).toString();
  }

  /** What the user does with Ctrl-C. */
  interrupt(): void {
    this.stop();
  }

  now(): number {
    return Date.UTC(2026, 6, 4, 15, 6, 7) + this.place.now;
  }

  random(): number {
    return this.chance;
  }

  print(bytes: Uint8Array): void {
    this.printed.push(bytes);
  }

  complain(text: string): void {
    this.complaints += text;
  }

  defaults(_tool: Tool): string | undefined {
    return this.options;
  }

  async read(path: string): Promise<Uint8Array> {
    const text = this.files.get(path);
    if (text === undefined) throw new Error('there is no such file');
    return Buffer.from(text);
  }

  async *input(): AsyncIterable<Uint8Array> {
    for (const piece of this.typed) yield Buffer.from(piece);
  }

  async open(target: Target, party: Party, begin: (link: Link) => Connection): Promise<void> {
    this.targets.push(target);
    if (!this.place.connect(party, begin)) throw new Unreachable('Error: Connection refused');
  }

  tell(happening: () => void): void {
    this.place.tick();
    happening();
  }

  interrupted(stop: () => void): void {
    this.stop = stop;
  }
}

/** What a run came to. */
export interface Ended {
  code: number;
  output: string;
  complaints: string;
}

type Run = (words: readonly string[], host: ToolHost) => Promise<number>;

/** Runs a tool to its end. */
export async function run(
  tool: Run,
  place: Place,
  words: readonly string[],
  desk = new Desk(place),
): Promise<Ended> {
  const code = await tool(words, desk);
  await settled();
  return { code, output: desk.output, complaints: desk.complaints };
}

/** Runs a tool that goes on, and waits until nothing is under way. */
export async function begin(
  tool: Run,
  place: Place,
  words: readonly string[],
  desk = new Desk(place),
): Promise<{ desk: Desk; ended: Promise<Ended> }> {
  const ended = run(tool, place, words, desk);
  await settled();
  return { desk, ended };
}

/** Resolves when all that follows at once has happened. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** What the broker received from a client after its CONNECT, in words. */
export function received(place: Place, clientId: string): string[] {
  return place.trace.flatMap((event) =>
    event.kind === 'received' && event.clientId === clientId ? [decode(event.frame, event.version).type] : [],
  );
}

/** The CONNECT packets that the broker received. */
export function connects(place: Place): Connect[] {
  return place.trace.flatMap((event) => {
    if (event.kind !== 'received') return [];
    const packet = decode(event.frame, event.version);
    return packet.type === 'connect' ? [packet] : [];
  });
}

/** Times are told in this zone until the test is over. */
export function inZone(zone: string): void {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
}
