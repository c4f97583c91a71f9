// What each party remembers at a moment, and how that differs from the moment before. It reads snapshots; what the items
// are called is for the dictionary to say.
import type { ClientSnapshot, WorldSnapshot } from '../../../broker/index.ts';
import type { Participant, Scenario } from '../../lessons/scenario.ts';
import type { Moment } from './timeline.ts';

export type Item =
  /** A packet that was sent and is not settled. `peer` is who is to settle it. */
  | {
      readonly kind: 'owed';
      readonly peer: string;
      readonly packetId: number;
      readonly awaiting: 'puback' | 'pubrec' | 'pubcomp';
      /** How often its PUBLISH was sent. */
      readonly sent: number;
    }
  /** The identifier of a QoS 2 message that was taken over. */
  | { readonly kind: 'accepted'; readonly peer: string; readonly packetId: number }
  /** What the broker keeps of a client, which is connected or away; told in stories about sessions. */
  | { readonly kind: 'session'; readonly peer: string; readonly isConnected: boolean }
  | {
      readonly kind: 'subscription';
      readonly peer: string;
      readonly topicFilter: string;
      readonly qos: number;
    }
  /** Messages that wait to be sent. */
  | { readonly kind: 'queued'; readonly peer: string; readonly count: number }
  /** The message that the broker keeps for a topic. */
  | { readonly kind: 'retained'; readonly topic: string; readonly payload: string }
  /** The will of a client. It waits where its connection is lost and its delay has not run out. */
  | { readonly kind: 'will'; readonly peer: string; readonly payload: string; readonly waits: boolean }
  /** A message that the application was given. */
  | { readonly kind: 'given'; readonly topic: string; readonly payload: string; readonly times: number };

/** An item under a name that stays the same while the item lasts. */
export interface Remembered {
  readonly key: string;
  readonly party: string;
  readonly item: Item;
}

/** How an item stands to the moment before. */
export interface Change extends Remembered {
  readonly change: 'same' | 'new' | 'changed' | 'gone';
  readonly was?: Item;
}

/** All that is remembered at a moment, by party. */
export function remembered(
  moment: Moment,
  participants: readonly Participant[],
  tells?: Scenario['tells'],
): Remembered[] {
  return participants.flatMap((participant) => [
    ...stateOf(participant, moment, participants, tells),
    ...givenTo(participant, moment),
  ]);
}

/** What a party remembers at a moment, without what its application was given, which only grows. */
export function stateOf(
  { name, role }: Participant,
  moment: Moment,
  participants: readonly Participant[],
  tells?: Scenario['tells'],
): Remembered[] {
  if (role === 'broker') return [...filedFor(moment, name, tells), ...ofBroker(moment, name)];
  const client = moment.snapshot.clients[name];
  if (!client) return [];
  return ofSession(name, brokerOf(participants), client.outbound, client.inbound, client.queued.length);
}

/** What a message is called that an application was given. */
export function giftKey(client: string, topic: string, payload: string): string {
  return `${client} given ${topic} ${payload}`;
}

/** What one party remembers, with what the last step did to it. What it forgot is there for this one step. */
export function changes(
  party: string,
  now: readonly Remembered[],
  before: readonly Remembered[] | undefined,
): Change[] {
  const old = new Map((before ?? now).map((each) => [each.key, each]));
  const own = now.filter((each) => each.party === party);
  const kept = own.map((each): Change => {
    const was = old.get(each.key)?.item;
    if (was === undefined) return { ...each, change: 'new' };
    const same = JSON.stringify(was) === JSON.stringify(each.item);
    return same ? { ...each, change: 'same' } : { ...each, change: 'changed', was };
  });
  const keys = new Set(now.map(({ key }) => key));
  const gone = [...old.values()].filter((each) => each.party === party && !keys.has(each.key));
  return [...gone.map((each): Change => ({ ...each, change: 'gone' })), ...kept];
}

/** The handshake that something remembered belongs to. */
export function handshakeOfItem(party: string, item: Item, broker: string): string | undefined {
  if (item.kind !== 'owed' && item.kind !== 'accepted') return undefined;
  const client = party === broker ? item.peer : party;
  return `${client} ${item.kind === 'owed' ? party : item.peer} ${item.packetId}`;
}

/** The name of the one participant that is the broker. */
export function brokerOf(participants: readonly Participant[]): string {
  const broker = participants.find(({ role }) => role === 'broker');
  if (!broker) throw new Error('A scenario needs a broker');
  return broker.name;
}

const utf8 = new TextDecoder();

/** What bytes of a payload look like as text. */
export function textOf(payload: Uint8Array): string {
  return utf8.decode(payload);
}

function givenTo({ name: party }: Participant, { snapshot }: Moment): Remembered[] {
  const given = new Map<string, Item & { kind: 'given' }>();
  for (const { topic, payload } of snapshot.clients[party]?.received ?? []) {
    const text = textOf(payload);
    const key = giftKey(party, topic, text);
    given.set(key, { kind: 'given', topic, payload: text, times: (given.get(key)?.times ?? 0) + 1 });
  }
  return [...given].map(([key, item]) => ({ key, party, item }));
}

function ofBroker({ snapshot }: Moment, party: string): Remembered[] {
  const { sessions, retained } = snapshot.broker;
  const names = namesIn(snapshot);
  return [
    ...sessions.flatMap(({ clientId, outbound, inbound, queued }) =>
      ofSession(party, names(clientId), outbound, inbound, queued.length),
    ),
    ...retained.map(({ topic, payload }) => ({
      key: `${party} retained ${topic}`,
      party,
      item: { kind: 'retained' as const, topic, payload: textOf(payload) },
    })),
    ...sessions.flatMap(({ clientId, connected, will }) => {
      if (!will) return [];
      const peer = names(clientId);
      const item = { kind: 'will' as const, peer, payload: textOf(will.payload), waits: !connected };
      return [{ key: keyOf(party, item), party, item }];
    }),
  ];
}

/** What the broker has on file for each client, as far as the story is about that. */
function filedFor(moment: Moment, party: string, tells: Scenario['tells']): Remembered[] {
  if (tells === 'session') return sessionsOf(moment, party);
  if (tells !== 'topic') return [];
  return sessionsOf(moment, party).filter(({ item }) => item.kind === 'subscription');
}

/** The sessions of all clients, with what they are subscribed to. */
function sessionsOf({ snapshot }: Moment, party: string): Remembered[] {
  const names = namesIn(snapshot);
  return snapshot.broker.sessions.flatMap(({ clientId, connected, subscriptions }) => {
    const peer = names(clientId);
    return [
      {
        key: `${party} session ${peer}`,
        party,
        item: { kind: 'session' as const, peer, isConnected: connected },
      },
      ...subscriptions.map(({ topicFilter, qos }) => ({
        key: `${party} subscription ${peer} ${topicFilter}`,
        party,
        item: { kind: 'subscription' as const, peer, topicFilter, qos },
      })),
    ];
  });
}

function ofSession(
  party: string,
  peer: string,
  outbound: Handshakes['outbound'],
  inbound: Handshakes['inbound'],
  queued: number,
): Remembered[] {
  const items = identifiersIn(party, peer, { outbound, inbound });
  if (queued === 0) return items;
  const item = { kind: 'queued' as const, peer, count: queued };
  return [...items, { key: keyOf(party, item), party, item }];
}

/** The identifiers that a party remembers, whoever they are shared with. */
export function identifiersOf(
  snapshot: WorldSnapshot,
  party: string,
  participants: readonly Participant[],
): Identifier[] {
  const broker = brokerOf(participants);
  const client = snapshot.clients[party];
  if (party !== broker) return client ? identifiersIn(party, broker, client) : [];
  const names = namesIn(snapshot);
  return snapshot.broker.sessions.flatMap((session) =>
    identifiersIn(party, names(session.clientId), session),
  );
}

/** How to call the client of a session: by its name in the figure, if it is there. Of two, it is the one that is connected. */
export function namesIn({ clients }: WorldSnapshot): (clientId: string) => string {
  const names = new Map<string, string>();
  for (const [name, { clientId, connected }] of Object.entries(clients))
    if (connected || !names.has(clientId)) names.set(clientId, name);
  return (clientId) => names.get(clientId) ?? clientId;
}

/** What of a snapshot is about handshakes. */
type Handshakes = Pick<ClientSnapshot, 'outbound' | 'inbound'>;

/** An identifier of a handshake that is not over. */
export type Identifier = Remembered & { readonly item: Item & { kind: 'owed' | 'accepted' } };

/** The identifiers that one party remembers towards another. */
export function identifiersIn(party: string, peer: string, { outbound, inbound }: Handshakes): Identifier[] {
  const items = [
    ...inbound.map((packetId) => ({ kind: 'accepted' as const, peer, packetId })),
    ...outbound.map(({ packetId, awaiting, sent }) => ({
      kind: 'owed' as const,
      peer,
      packetId,
      awaiting,
      sent,
    })),
  ];
  return items.map((item) => ({ key: keyOf(party, item), party, item }));
}

function keyOf(party: string, item: Item): string {
  const id = 'packetId' in item ? item.packetId : '';
  return `${party} ${item.kind} ${'peer' in item ? item.peer : ''} ${id}`.trim();
}
