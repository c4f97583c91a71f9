// What is to be said beside an arrow: what a packet carries, what became of it, and what it did to a session or a will. It
// reads packets and what the trace says of their arrival; the words are for the dictionary.
import type { Packet, StatementId, TraceEvent } from '../../../broker/index.ts';
import type { Scenario } from '../../lessons/scenario.ts';
import type { CapsuleState } from '../packet/Capsule.tsx';
import type { Given, Sent } from './diagram.ts';
import { textOf } from './memory.ts';

/** Something to be said beside an arrow. */
export type Note =
  | { kind: 'clean' | 'present'; flag: boolean }
  /** A QoS 2 PUBLISH came again, and was recognized. */
  | { kind: 'known'; packetId: number; rule: StatementId | undefined }
  /** A QoS 1 PUBLISH came again, and is a message like any other. */
  | { kind: 'fresh'; rule: StatementId }
  /** The application was given a message that it had been given before. */
  | { kind: 'again'; payload: string; times: number }
  /** What a PUBLISH carries, and its RETAIN flag. */
  | { kind: 'retain'; payload: string; flag: boolean }
  /** What this packet did to a will, or that it is one. */
  | { kind: 'will'; action: WillAction; client: string; rule: StatementId | undefined }
  /** What a PUBLISH carries, and what the broker did with it while its receiver was away. */
  | { kind: 'carries'; payload: string; fate: Fate; client: string; rule: StatementId | undefined }
  /** How long the session is to outlive the connection, in seconds (5.0). */
  | { kind: 'expiry'; seconds: number }
  /** What this packet did to a session. */
  | {
      kind: 'session';
      action: 'kept' | 'ended' | 'taken over';
      client: string;
      rule: StatementId | undefined;
    }
  | { kind: 'held' | 'frozen' }
  | { kind: Mischief }
  /** How this packet differs from the one in another figure, in the words of whoever compares them. */
  | { kind: 'differs'; text: string }
  /** TCP keeps the order: another packet has to arrive first. */
  | { kind: 'behind'; number: number };

/** What befell a packet that cannot befall one on TCP. */
export type Mischief = 'dropped' | 'copy' | 'overtook';

/** A message goes on, waits for a client that is away, is let go of, or is for nobody. */
export type Fate = 'passed' | 'queued' | 'dropped' | 'unmatched';

export type WillAction = 'stored' | 'deleted' | 'published' | 'delayed';

type Events = readonly TraceEvent[];

/** What is known of a packet that is spoken of. */
export interface Told {
  readonly flight: Sent;
  readonly packet: Packet;
  readonly state: CapsuleState;
  readonly broker: string;
  readonly tells: Scenario['tells'] | undefined;
  /** What happened when it was sent, and when it arrived. */
  readonly departure: Events;
  readonly arrival: Events;
  readonly given: readonly Given[];
}

/** What is said of a packet. Where it stands still, `standing` says why, in the place of what became of it. */
export function notesOn(told: Told, standing: readonly Note[] = []): Note[] {
  const became = standing.length > 0 ? standing : becameOf(told);
  return [...contentOf(told), ...became, ...willsOf(told), ...sessionsOf(told)];
}

/** What a PUBLISH carries, in stories about that. */
function contentOf({ packet, tells }: Told): Note[] {
  if (tells !== 'retain' || packet.type !== 'publish') return [];
  return [{ kind: 'retain', payload: textOf(packet.payload), flag: packet.retain }];
}

function becameOf({ flight, packet, state, arrival, given, tells }: Told): Note[] {
  if (state !== 'delivered' && state !== 'in flight') return [];
  if (packet.type === 'connect' && tells !== 'topic') return [{ kind: 'clean', flag: packet.cleanStart }];
  if (packet.type === 'connack' && tells !== 'topic')
    return [{ kind: 'present', flag: packet.sessionPresent }];
  if (packet.type !== 'publish' || state !== 'delivered') return [];
  const duplicate = arrival.find((event) => event.kind === 'duplicate' && event.packetId === packet.packetId);
  if (duplicate?.kind === 'duplicate')
    return [{ kind: 'known', packetId: duplicate.packetId, rule: duplicate.rule }];
  const again = given.find(({ times }) => times > 1);
  if (again) return [{ kind: 'again', ...again }];
  const fresh = flight.version === 5 ? 'MQTT-4.3.2-5' : 'MQTT-4.3.2-2';
  return packet.dup && packet.qos === 1 ? [{ kind: 'fresh', rule: fresh }] : [];
}

/** A will that this packet is, or that its arrival stored or deleted. */
function willsOf({ flight, packet, state, broker, departure, arrival }: Told): Note[] {
  const isWill = packet.type === 'publish' && flight.from === broker;
  if (!isWill && state !== 'delivered') return [];
  return (isWill ? departure : arrival).flatMap((event): Note[] => {
    if (event.kind !== 'will' || (event.action === 'published') !== isWill) return [];
    if (isWill && packet.topic !== event.topic) return [];
    return [{ kind: 'will', action: event.action, client: event.clientId ?? '', rule: event.rule }];
  });
}

/** What a packet does to a session, or to a message on its way, in stories about that. */
function sessionsOf({ flight, packet, state, broker, tells, arrival }: Told): Note[] {
  if ((tells !== 'session' && tells !== 'topic') || state === 'expected') return [];
  const known = state === 'delivered' ? arrival : [];
  if (packet.type === 'publish') {
    const { fate, client, rule } = flight.to === broker ? fateIn(known) : PASSED;
    return [{ kind: 'carries', payload: textOf(packet.payload), fate, client, rule }];
  }
  if (tells === 'topic') return [];
  const notes: Note[] = [];
  if (packet.type === 'connect' && flight.version === 5)
    notes.push({ kind: 'expiry', seconds: packet.properties?.sessionExpiryInterval ?? 0 });
  const event = known.find((each) => each.kind === 'session');
  const action = event?.kind === 'session' ? ACTIONS[event.action] : undefined;
  if (event && action)
    notes.push({ kind: 'session', action, client: event.clientId ?? '', rule: event.rule });
  return notes;
}

const PASSED = { fate: 'passed', client: '', rule: undefined } as const;

/** What is said of what happens to a session; CONNACK says the rest. */
const ACTIONS: Partial<
  Record<(TraceEvent & { kind: 'session' })['action'], 'kept' | 'ended' | 'taken over'>
> = {
  kept: 'kept',
  discarded: 'ended',
  'taken over': 'taken over',
};

/** What the broker did with a message that arrived. */
function fateIn(events: Events): { fate: Fate; client: string; rule: StatementId | undefined } {
  for (const event of events) {
    if (event.kind === 'queued' || event.kind === 'dropped')
      return { fate: event.kind, client: event.clientId ?? '', rule: event.rule };
    if (event.kind === 'matched' && event.matches.length === 0) return { ...PASSED, fate: 'unmatched' };
  }
  return PASSED;
}
