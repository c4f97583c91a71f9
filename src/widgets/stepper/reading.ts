// A timeline, read once from its beginning to its end: at which step each packet was sent and arrived, what the applications
// got, and from which step to which an identifier was remembered. Everything that a drawing of any of its moments needs and
// that is not to be found again for each.
import type { Flight, TraceEvent, WorldSnapshot } from '../../../broker/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import type { Given, PacketRow } from './diagram.ts';
import { brokerOf, type Identifier, identifiersIn, namesIn, textOf } from './memory.ts';
import type { Mischief } from './notes.ts';
import type { Timeline } from './timeline.ts';

/** An identifier that was remembered from one step to another. */
export interface Span {
  readonly of: Identifier;
  readonly since: number;
  /** Undefined where it lasts to the end. */
  readonly until: number | undefined;
}

export interface Reading {
  /** The steps at which packets were sent and arrived, by their numbers. */
  readonly sentAt: ReadonlyMap<number, number>;
  readonly arrivedAt: ReadonlyMap<number, number>;
  /** What applications got, by the events that tell so. */
  readonly given: ReadonlyMap<TraceEvent, Given>;
  readonly spans: readonly Span[];
  /** What befell packets that were not treated as TCP treats them, and at which step. */
  readonly mischief: ReadonlyMap<number, { readonly step: number; readonly what: Mischief }>;
  /** What is known for good of packets that arrived, by their numbers: filled in as they are drawn. */
  readonly arrivals: Map<number, Arrival>;
}

/** What is told of a packet that arrived. */
export type Arrival = Pick<PacketRow, 'given' | 'notes' | 'decisions'>;

const readings = new WeakMap<Timeline, Reading>();

/** Reads a timeline, or remembers what was read of it. */
export function readingOf(line: Timeline, participants: readonly Participant[]): Reading {
  let reading = readings.get(line);
  if (reading === undefined) {
    reading = {
      sentAt: stepsOf(line, ({ sent }) => sent.map(({ number }) => number)),
      arrivedAt: stepsOf(line, ({ arrived }) => arrived),
      given: givenIn(line),
      spans: spansOf(line, brokerOf(participants)),
      mischief: mischiefIn(line),
      arrivals: new Map(),
    };
    readings.set(line, reading);
  }
  return reading;
}

/** A packet of a timeline by its number. */
export function flightOf({ flights }: Timeline, number: number): Flight | undefined {
  return flights[number - (flights[0]?.number ?? 0)];
}

type Moment = Timeline['moments'][number];

/** The first step at which each packet is named. */
function stepsOf({ moments }: Timeline, packets: (moment: Moment) => readonly number[]): Map<number, number> {
  const steps = new Map<number, number>();
  for (const [step, moment] of moments.entries())
    for (const number of packets(moment)) if (!steps.has(number)) steps.set(number, step);
  return steps;
}

function mischiefIn({ moments }: Timeline): Map<number, { step: number; what: Mischief }> {
  const all = new Map<number, { step: number; what: Mischief }>();
  for (const [step, { input, sent }] of moments.entries()) {
    if (input?.do === 'drop') all.set(input.flight, { step, what: 'dropped' });
    if (input?.do === 'reorder') all.set(input.flight, { step, what: 'overtook' });
    if (input?.do === 'duplicate') for (const { number } of sent) all.set(number, { step, what: 'copy' });
  }
  return all;
}

function givenIn({ moments }: Timeline): Map<TraceEvent, Given> {
  const times = new Map<string, number>();
  const count = (client: string, topic: string, payload: string): number => {
    const key = `${client} ${topic} ${payload}`;
    times.set(key, (times.get(key) ?? 0) + 1);
    return times.get(key) as number;
  };
  for (const [client, { received }] of Object.entries(moments[0]?.snapshot.clients ?? {}))
    for (const { topic, payload } of received) count(client, topic, textOf(payload));
  const given = new Map<TraceEvent, Given>();
  for (const { events } of moments.slice(1)) {
    for (const event of events) {
      if (event.kind !== 'delivered') continue;
      const payload = textOf(event.payload);
      given.set(event, { payload, times: count(event.by, event.topic, payload) });
    }
  }
  return given;
}

/** Looks only where something changed: what a step leaves as it was is the same object before and after it. */
function spansOf({ moments }: Timeline, broker: string): Span[] {
  const spans: Span[] = [];
  const open = new Map<string, { of: Identifier; since: number }>();
  let before: WorldSnapshot | undefined;
  for (const [step, { snapshot }] of moments.entries()) {
    const { gone, come } = changed(before, snapshot, broker);
    const kept = new Set(come.map(({ key }) => key));
    for (const { key } of gone) {
      const opened = kept.has(key) ? undefined : open.get(key);
      if (!opened) continue;
      spans.push({ ...opened, until: step });
      open.delete(key);
    }
    for (const of of come) if (!open.has(of.key)) open.set(of.key, { of, since: step });
    before = snapshot;
  }
  return [...spans, ...[...open.values()].map((opened) => ({ ...opened, until: undefined }))];
}

/** The identifiers of those whose state is another than before, as they were and as they are. */
function changed(before: WorldSnapshot | undefined, now: WorldSnapshot, broker: string) {
  const [gone, come]: [Identifier[], Identifier[]] = [[], []];
  const compare = <Of extends Parameters<typeof identifiersIn>[2]>(
    was: Of | undefined,
    is: Of | undefined,
    party: string,
    peer: string,
  ) => {
    if (was === is) return;
    if (was) gone.push(...identifiersIn(party, peer, was));
    if (is) come.push(...identifiersIn(party, peer, is));
  };
  for (const name of Object.keys({ ...before?.clients, ...now.clients }))
    compare(before?.clients[name], now.clients[name], name, broker);
  if (before?.broker === now.broker) return { gone, come };
  const names = namesIn(now);
  const sessions = new Map(before?.broker.sessions.map((session) => [session.clientId, session]));
  for (const session of now.broker.sessions) {
    compare(sessions.get(session.clientId), session, broker, names(session.clientId));
    sessions.delete(session.clientId);
  }
  for (const [clientId, session] of sessions) compare(session, undefined, broker, names(clientId));
  return { gone, come };
}
