// What the broker decided, picked from all that happened: which events are decisions, and which statement rules each. It reads
// the trace; the sentences are for the dictionary.
import { decode, type StatementId, type TraceEvent } from '../../../broker/index.ts';

/** The kinds of events that are decisions; the others are what it was told, what it said, and what the network did. */
const DECISIONS = {
  closed: true,
  malformed: true,
  refused: true,
  session: true,
  subscribed: true,
  unsubscribed: true,
  matched: true,
  queued: true,
  dropped: true,
  retained: true,
  will: true,
  duplicate: true,
  silent: true,
} as const satisfies Partial<Record<TraceEvent['kind'], true>>;

export type Decision = Extract<TraceEvent, { kind: keyof typeof DECISIONS }>;

type Events = readonly TraceEvent[];

/** What a party decided while these things happened, each with its statement if one rules it. */
export function decisionsIn(events: Events, by: string): Decision[] {
  return events.flatMap((event) =>
    event.by === by && isDecision(event) ? [{ ...event, rule: event.rule ?? ruleOf(event, events) }] : [],
  );
}

/** A connection that ended without a reason of this end was closed by nobody's decision. */
function isDecision(event: TraceEvent): event is Decision {
  return event.kind in DECISIONS && !(event.kind === 'closed' && event.reason === undefined);
}

interface Rule {
  v3?: StatementId;
  v5?: StatementId;
}

/** Statements that rule what the trace names none for. */
const RULES: Readonly<Record<string, Rule>> = {
  matched: { v3: 'MQTT-4.5.0-1', v5: 'MQTT-4.5.0-1' },
  'dropped too large': { v5: 'MQTT-3.1.2-25' },
  'dropped expired': { v5: 'MQTT-3.3.2-5' },
  'refused subscribe': { v3: 'MQTT-3.8.4-5', v5: 'MQTT-3.8.4-6' },
  'will deleted': { v5: 'MQTT-3.1.3-9' },
  'session created clean': { v3: 'MQTT-3.1.2-6', v5: 'MQTT-3.1.2-4' },
  'session created': { v3: 'MQTT-3.1.2-4', v5: 'MQTT-3.1.2-6' },
};

function ruleOf(event: Decision, events: Events): StatementId | undefined {
  const received = events.find((each) => each.kind === 'received' && each.by === event.by);
  if (received?.kind !== 'received') return undefined;
  const { frame, version } = received;
  const rule = RULES[nameOf(event, () => isClean(frame, version))];
  return version === 5 ? rule?.v5 : rule?.v3;
}

function nameOf(event: Decision, isClean: () => boolean): string {
  if (event.kind === 'dropped') return `dropped ${event.why}`;
  if (event.kind === 'refused') return `refused ${event.what}`;
  if (event.kind === 'will') return `will ${event.action}`;
  if (event.kind === 'session') return `session ${event.action}${isClean() ? ' clean' : ''}`;
  return event.kind;
}

function isClean(frame: Uint8Array, version: 3 | 4 | 5): boolean {
  const packet = decode(frame, version);
  return packet.type === 'connect' && packet.cleanStart;
}
