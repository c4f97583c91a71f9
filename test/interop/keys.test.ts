// The same options and the same clients for Mosquitto and for our broker: what an option says happens, and it is the same.
import { describe, expect, test } from 'vitest';
import { type Connect, type Packet, REASON, utf8 } from '#broker/codec/index.ts';
import { ack, publish, subscribe, will } from '../conformance/packets.ts';
import { isInstalled } from '../node/files.ts';
import { wire } from '../node/wire.ts';
import { mosquitto, ours } from './brokers.ts';

/** The lines of a file with one listener that everybody may use. */
const open = (...lines: string[]) => ['listener 1883', 'allow_anonymous true', ...lines].join('\n');

const VERSIONS = [4, 5] as const;
const V5 = { version: 5 } as const;
const LASTING: Partial<Connect> = { clientId: 'lasting', cleanStart: false };

/** Publishes and waits for the answers. */
async function say(port: number | undefined, ...packets: Packet[]): Promise<Packet[]> {
  const publisher = await wire(port, { ...V5, clientId: 'publisher' });
  publisher.send(...packets);
  return publisher.come();
}

/** What a broker answers, or `closed` where it ends the connection, and with what reason if it says so. */
async function answersTo(
  port: number | undefined,
  connect: Partial<Connect>,
  packet: Packet,
): Promise<unknown> {
  const client = await wire(port, connect);
  client.send(packet);
  const first = await client.next();
  return first === undefined ? 'closed' : [first.type, 'reasonCode' in first ? first.reasonCode : undefined];
}

/** Messages of one text, at QoS 1. */
function messages(count: number, text = 'x', topic = 'a'): Packet[] {
  return Array.from({ length: count }, (_none, index) => publish(topic, text, { packetId: index + 1 }));
}

interface Case {
  readonly says: string;
  readonly content: string;
  play(ports: readonly number[]): Promise<unknown>;
  readonly expected: unknown;
  /** What Mosquitto 2.0.11 does, where it does something else; null where it is not asked. */
  readonly theirs?: unknown;
}

const CASES: readonly Case[] = [
  {
    says: 'max_inflight_messages holds back what would be too many under way',
    content: open('max_inflight_messages 2'),
    async play([port]) {
      const reader = await wire(port);
      reader.send(subscribe(1, { topicFilter: 'a', qos: 1 }));
      await reader.come();
      await say(port, ...messages(4));
      const first = await reader.heard();
      reader.send(ack('puback', 1));
      return [first.length, (await reader.heard()).length];
    },
    expected: [2, 1],
    theirs: [2, 2],
  },
  {
    says: 'max_inflight_bytes holds back what would be too much under way',
    content: open('max_inflight_bytes 100'),
    async play([port]) {
      const counts = [];
      for (const size of [30, 60, 300]) {
        const reader = await wire(port, { clientId: `reader ${size}` });
        reader.send(subscribe(1, { topicFilter: `${size}`, qos: 1 }));
        await reader.come();
        await say(port, ...messages(6, 'x'.repeat(size), `${size}`));
        counts.push((await reader.heard()).length);
      }
      return counts;
    },
    expected: [4, 2, 1],
    theirs: [5, 5, 5], // in spite of its manual
  },
  {
    says: 'max_queued_messages drops what would be too many to wait',
    content: open('max_queued_messages 3'),
    play: ([port]) => waited(port, messages(6)),
    expected: 3,
  },
  {
    says: 'max_queued_bytes drops what would be too much to wait',
    content: open('max_queued_bytes 100'),
    play: ([port]) => waited(port, messages(6, 'x'.repeat(40))),
    expected: 2,
    theirs: 3, // takes the one that goes beyond
  },
  {
    says: 'queue_qos0_messages has messages of QoS 0 wait, and they count',
    content: open('queue_qos0_messages true', 'max_queued_messages 2'),
    play: ([port]) => waited(port, [publish('a'), publish('a'), publish('a')]),
    expected: 2,
    theirs: 3, // in spite of its manual
  },
  {
    says: 'without queue_qos0_messages those of QoS 0 do not wait',
    content: open(),
    play: ([port]) => waited(port, [publish('a'), publish('a')]),
    expected: 0,
  },
  {
    says: 'upgrade_outgoing_qos sends at the QoS of the subscription',
    content: open('upgrade_outgoing_qos true'),
    async play([port]) {
      const reader = await wire(port);
      reader.send(subscribe(1, { topicFilter: 'a', qos: 2 }, { topicFilter: 'b', qos: 0 }));
      await reader.come();
      await say(port, publish('a'), publish('a', 'x', { packetId: 1 }), publish('b', 'x', { packetId: 2 }));
      return reader.heard();
    },
    expected: ['a 2 x', 'a 2 x', 'b 0 x'],
  },
  {
    says: 'retain_available false ends whoever retains',
    content: open('retain_available false'),
    async play([port]) {
      const retained = publish('a', 'x', { retain: true, packetId: 1 });
      const answers = [];
      for (const version of VERSIONS) answers.push(await answersTo(port, { version }, retained));
      const { connack } = await wire(port, { ...V5, will: will('a', { retain: true }) });
      return [...answers, connack.reasonCode, (await wire(port, V5)).connack.properties?.retainAvailable];
    },
    expected: ['closed', ['disconnect', REASON.RetainNotSupported], REASON.RetainNotSupported, 0],
  },
  {
    says: 'max_keepalive is told to those who ask for longer',
    content: open('max_keepalive 20'),
    async play([port]) {
      const told = async (version: 4 | 5, keepAlive: number) => {
        const { connack } = await wire(port, { version, keepAlive });
        return [connack.reasonCode, connack.properties?.serverKeepAlive];
      };
      return [await told(5, 60), await told(5, 10), await told(4, 60), await told(4, 10)];
    },
    expected: [
      [0, 20],
      [0, undefined],
      [0, undefined],
      [0, undefined],
    ],
  },
  {
    says: 'max_packet_size is told, and ends whoever sends more',
    content: open('max_packet_size 100'),
    async play([port]) {
      const answers = [];
      for (const version of VERSIONS)
        for (const size of [50, 200])
          answers.push(await answersTo(port, { version }, publish('a', 'x'.repeat(size), { packetId: 1 })));
      return [(await wire(port, V5)).connack.properties?.maximumPacketSize, ...answers];
    },
    expected: [100, ['puback', 0], 'closed', ['puback', 16], ['disconnect', REASON.PacketTooLarge]],
  },
  {
    says: 'message_size_limit acknowledges what is larger, and drops it',
    content: open('message_size_limit 10'),
    async play([port]) {
      const reader = await wire(port, { clientId: 'reader' });
      reader.send(subscribe(1, '#'));
      await reader.come();
      const answers = [];
      for (const version of VERSIONS)
        answers.push(await answersTo(port, { version }, publish('a', 'x'.repeat(11), { packetId: 1 })));
      await say(port, publish('a', 'short'), publish('a', 'x'.repeat(11)));
      return [...answers, await reader.heard()];
    },
    expected: [['puback', 0], ['puback', REASON.ImplementationSpecificError], ['a 0 short']],
    theirs: [['puback', 0], 'closed', ['a 0 short']], // says 0x95, which no PUBACK has
  },
  {
    says: 'max_qos is told, and ends whoever publishes above',
    content: open('max_qos 1'),
    async play([port]) {
      const answers = [];
      for (const version of VERSIONS)
        answers.push(await answersTo(port, { version }, publish('a', 'x', { qos: 2, packetId: 1 })));
      const { connack } = await wire(port, { ...V5, will: will('a', { qos: 2 }) });
      return [...answers, connack.reasonCode, (await wire(port, V5)).connack.properties?.maximumQoS];
    },
    expected: ['closed', ['disconnect', REASON.QoSNotSupported], REASON.QoSNotSupported, 1],
  },
  {
    says: 'max_topic_alias is told, and ends whoever sets a higher one',
    content: open('max_topic_alias 2'),
    async play([port]) {
      const aliased = (topicAlias: number) =>
        answersTo(port, V5, publish('a', 'x', { packetId: 1, properties: { topicAlias } }));
      return [
        (await wire(port, V5)).connack.properties?.topicAliasMaximum,
        await aliased(2),
        await aliased(3),
      ];
    },
    expected: [2, ['puback', 16], ['disconnect', REASON.TopicAliasInvalid]],
  },
  {
    says: 'allow_zero_length_clientid false refuses clients without an identifier',
    content: open('allow_zero_length_clientid false'),
    async play([port]) {
      const codes = [];
      for (const version of VERSIONS)
        codes.push((await wire(port, { version, clientId: '' })).connack.reasonCode);
      return codes;
    },
    expected: [2, REASON.ClientIdentifierNotValid],
    theirs: [2, REASON.UnspecifiedError],
  },
  {
    says: 'auto_id_prefix begins the identifiers that the broker gives',
    content: open('auto_id_prefix here-'),
    play: async ([port]) =>
      (await wire(port, { ...V5, clientId: '' })).connack.properties?.assignedClientIdentifier?.slice(0, 5),
    expected: 'here-',
  },
  {
    says: 'clientid_prefixes refuses identifiers that begin otherwise',
    content: open('clientid_prefixes me-'),
    async play([port]) {
      const codes = [];
      for (const version of VERSIONS)
        for (const clientId of ['me-1', 'you'])
          codes.push((await wire(port, { version, clientId })).connack.reasonCode);
      return codes;
    },
    expected: [0, 5, 0, REASON.NotAuthorized],
  },
  {
    says: 'mount_point hides its topics from others, retained messages and wills among them',
    content: 'allow_anonymous true\nlistener 1883\nlistener 1884\nmount_point flat/',
    async play([outside, inside]) {
      const retained = (topic: string, text: string) => publish(topic, text, { retain: true, packetId: 1 });
      await say(outside, retained('flat/old', '1'));
      await say(outside, retained('old', '2'));
      await say(inside, retained('new', '3'));
      const dying = await wire(inside, { clientId: 'dying', will: will('will') });
      const inner = await wire(inside, { clientId: 'inner' });
      const outer = await wire(outside, { clientId: 'outer' });
      for (const reader of [inner, outer]) reader.send(subscribe(1, '#', '$SYS/#'));
      const first = [await inner.heard(), await outer.heard()];
      dying.send({ type: 'publish', dup: false, qos: 0, retain: false, topic: 'last', payload: utf8('4') });
      await dying.come();
      await wire(inside, { clientId: 'dying' });
      return [...first, await inner.heard(), await outer.heard()].map((heard) => heard.toSorted());
    },
    expected: [
      ['new 0 3', 'old 0 1'],
      ['flat/new 0 3', 'flat/old 0 1', 'old 0 2'],
      ['last 0 4', 'will 0 gone'],
      ['flat/last 0 4', 'flat/will 0 gone'],
    ],
    theirs: null, // 2.0.11 leaves the mount point in what it sends
  },
  {
    says: 'max_connections ends those beyond',
    content: open('max_connections 1'),
    async play([port]) {
      await wire(port);
      return (await wire(port, { clientId: 'b' })).connack;
    },
    expected: undefined,
  },
  {
    says: 'use_username_as_clientid takes the one for the other, and refuses clients without',
    content: open('use_username_as_clientid true'),
    async play([port]) {
      const first = await wire(port, { clientId: 'x', username: 'ann' });
      await wire(port, { clientId: 'y', username: 'ann' });
      await first.closed; // taken over
      return (await wire(port, { clientId: 'x' })).connack.reasonCode;
    },
    expected: 5,
  },
  {
    says: 'per_listener_settings gives each listener its own',
    content:
      'per_listener_settings true\nlistener 1883\nallow_anonymous true\nauto_id_prefix one-\nlistener 1884\nallow_anonymous true\nauto_id_prefix two-\nlistener 1885\nallow_zero_length_clientid false\nallow_anonymous true\nlistener 1886',
    async play(ports) {
      const told = [];
      for (const port of ports) {
        const { connack } = await wire(port, { ...V5, clientId: '' });
        told.push(connack.properties?.assignedClientIdentifier?.slice(0, 4) ?? connack.reasonCode);
      }
      return told;
    },
    expected: ['one-', 'two-', REASON.ClientIdentifierNotValid, REASON.NotAuthorized],
    theirs: ['one-', 'two-', REASON.UnspecifiedError, REASON.NotAuthorized],
  },
];

/** How many of the messages that were published while a client was away it gets when it comes back. */
async function waited(port: number | undefined, packets: Packet[]): Promise<number> {
  const before = await wire(port, LASTING);
  before.send(subscribe(1, { topicFilter: 'a', qos: 1 }));
  await before.come();
  before.send({ type: 'disconnect', reasonCode: 0 });
  await before.closed;
  await say(port, ...packets);
  const after = await wire(port, LASTING);
  return (await after.heard()).length;
}

describe('our broker', () => {
  test.each(CASES)('$says', async ({ content, play, expected }) => {
    expect(await play((await ours(content)).ports)).toEqual(expected);
  });
});

// In CI the programs belong to the machine, and without them the tests fail.
describe.skipIf(!isInstalled('mosquitto') && process.env.CI !== 'true')('Mosquitto', () => {
  const asked = CASES.filter(({ theirs }) => theirs !== null);
  test.each(asked)('$says', async ({ content, play, expected, theirs = expected }) => {
    expect(await play((await mosquitto(content)).ports)).toEqual(theirs);
  });
});
