/** What packets mean together: acknowledgements tied to what they answer, and what is worth telling about a conversation. */
import { describe, expect, test } from 'vitest';
import { FINDINGS } from '../../broker/capture/index.ts';
import { type Packet, REASON, type Version } from '../../broker/codec/index.ts';
import { ACK, type Bytes, bytes, FIN, type Frame, pcap, RST, Talk } from './craft.ts';
import { CONNACK, connect, DISCONNECT, findingIds, packet, publish, read, sentences } from './packets.ts';

const id = (packetId: number): { qos: 1; packetId: number } => ({ qos: 1, packetId });
const id2 = (packetId: number): { qos: 2; packetId: number } => ({ qos: 2, packetId });
const ack = (
  type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp',
  packetId: number,
  reasonCode = 0,
  version: Version = 4,
): Bytes => packet({ type, packetId, reasonCode }, version);
const subscribe = (packetId: number, ...filters: string[]): Bytes =>
  packet({
    type: 'subscribe',
    packetId,
    subscriptions: filters.map((topicFilter) => ({
      topicFilter,
      qos: 0,
      noLocal: false,
      retainAsPublished: false,
      retainHandling: 0,
    })),
  });
const suback = (packetId: number, ...reasonCodes: number[]): Bytes =>
  packet({ type: 'suback', packetId, reasonCodes });
const PINGREQ = bytes('c000');
const PINGRESP = bytes('d000');

const greeted = (more: Parameters<typeof connect>[0] = {}, connack: Bytes = CONNACK, talk = new Talk()) =>
  talk.open().up(connect(more)).down(connack);
const greeted5 = (properties: Extract<Packet, { type: 'connack' }>['properties'] = {}) =>
  greeted({ version: 5 }, packet({ type: 'connack', sessionPresent: false, reasonCode: 0, properties }, 5));
const bye = (talk: Talk) => talk.up(DISCONNECT, ACK | FIN);

/** Frames of several talks by the clock, which each talk shifts by its own `time`. */
function together(...talks: Talk[]): Bytes {
  return pcap(talks.flatMap(({ frames }) => frames).sort((a: Frame, b: Frame) => a.time - b.time));
}

/** `PUBACK answers 3` for each packet that is tied to another. */
async function ties(file: Bytes): Promise<string[]> {
  const { packets } = await read(file);
  return packets.flatMap(({ number, type, answers, answeredBy, repeats }) => [
    ...(answers === undefined ? [] : [`${number} ${type} answers ${answers}`]),
    ...(answeredBy === undefined ? [] : [`${number} ${type} is answered by ${answeredBy}`]),
    ...(repeats === undefined ? [] : [`${number} ${type} repeats ${repeats}`]),
  ]);
}

describe('ties', () => {
  test('CONNACK answers CONNECT, PUBACK its PUBLISH, SUBACK its SUBSCRIBE, PINGRESP its PINGREQ', async () => {
    const talk = greeted()
      .up(publish('a', 'x', id(7)))
      .up(subscribe(8, 'b'))
      .down(suback(8, 0))
      .down(ack('puback', 7))
      .up(PINGREQ)
      .down(PINGRESP);
    expect(await ties(pcap(bye(talk).frames))).toEqual([
      '1 connect is answered by 2',
      '2 connack answers 1',
      '3 publish is answered by 6',
      '4 subscribe is answered by 5',
      '5 suback answers 4',
      '6 puback answers 3',
      '7 pingreq is answered by 8',
      '8 pingresp answers 7',
    ]);
  });

  test('the four packets of QoS 2 make a chain', async () => {
    const talk = greeted()
      .up(publish('a', 'x', id2(7)))
      .down(ack('pubrec', 7))
      .up(ack('pubrel', 7))
      .down(ack('pubcomp', 7));
    expect((await ties(pcap(bye(talk).frames))).slice(2)).toEqual([
      '3 publish is answered by 4',
      '4 pubrec answers 3',
      '4 pubrec is answered by 5',
      '5 pubrel answers 4',
      '5 pubrel is answered by 6',
      '6 pubcomp answers 5',
    ]);
  });

  test('the same identifier in both directions is two exchanges', async () => {
    const talk = greeted()
      .up(publish('a', 'x', id(1)))
      .down(publish('b', 'x', id(1)))
      .up(ack('puback', 1))
      .down(ack('puback', 1));
    const contents = await read(pcap(bye(talk).frames));
    expect(contents.packets.map(({ answers }) => answers)).toEqual([
      undefined,
      1,
      undefined,
      undefined,
      4,
      3,
      undefined,
    ]);
    expect(findingIds(contents)).toEqual([]);
  });

  test('a publication that is sent again repeats the first, and its acknowledgement answers the last', async () => {
    const talk = greeted()
      .up(publish('a', 'x', id(7)))
      .up(publish('a', 'x', { ...id(7), dup: true }))
      .down(ack('puback', 7));
    const contents = await read(pcap(bye(talk).frames));
    expect(contents.packets[3]).toMatchObject({ repeats: 3, answeredBy: 5 });
    expect(sentences(contents)).toEqual(['PUBLISH 7 was sent again.']);
  });

  test('they reach across connections of a session', async () => {
    const first = greeted({ cleanStart: false })
      .up(publish('a', 'x', id(7)))
      .up(bytes(), ACK | RST);
    const again = new Talk({ client: 90_000, broker: 80_000, ports: [50_001, 1883] });
    again.time = 5_000;
    const second = greeted({ cleanStart: false }, bytes('20 02 01 00'), again)
      .up(publish('a', 'x', { ...id(7), dup: true }))
      .down(ack('puback', 7));
    const contents = await read(together(first, bye(second)));
    expect(contents.packets.find(({ repeats }) => repeats !== undefined)).toMatchObject({
      stream: 1,
      repeats: 3,
    });
    expect(findingIds(contents)).not.toContain('publishUnacknowledged');
  });
});

describe('what a conversation shows', () => {
  const v5reason = (one: Packet) => packet(one, 5);

  const cases: { name: string; talk: () => Talk; found: (keyof typeof FINDINGS)[]; says?: string }[] = [
    { name: 'nothing, where all is well', talk: () => bye(greeted().up(publish('a', 'x'))), found: [] },
    {
      name: 'a QoS 1 publication without its PUBACK',
      talk: () => bye(greeted().up(publish('a', 'x', id(7)))),
      found: ['publishUnacknowledged'],
      says: 'QoS 1 publication 7 was never acknowledged.',
    },
    {
      name: 'a QoS 2 publication without its PUBREC',
      talk: () => bye(greeted().up(publish('a', 'x', id2(7)))),
      found: ['receiptMissing'],
    },
    {
      name: 'a QoS 2 publication without its PUBREL',
      talk: () =>
        bye(
          greeted()
            .up(publish('a', 'x', id2(7)))
            .down(ack('pubrec', 7)),
        ),
      found: ['releaseMissing'],
    },
    {
      name: 'a QoS 2 publication without its PUBCOMP',
      talk: () =>
        bye(
          greeted()
            .up(publish('a', 'x', id2(7)))
            .down(ack('pubrec', 7))
            .up(ack('pubrel', 7)),
        ),
      found: ['completionMissing'],
    },
    {
      name: 'a broker’s publication without its PUBACK',
      talk: () => bye(greeted().down(publish('a', 'x', id(3)))),
      found: ['publishUnacknowledged'],
    },
    {
      name: 'a SUBSCRIBE without its SUBACK',
      talk: () => bye(greeted().up(subscribe(1, 'a'))),
      found: ['subscribeUnanswered'],
    },
    {
      name: 'an UNSUBSCRIBE without its UNSUBACK',
      talk: () => bye(greeted().up(packet({ type: 'unsubscribe', packetId: 1, topicFilters: ['a'] }))),
      found: ['unsubscribeUnanswered'],
    },
    {
      name: 'a PINGREQ without its PINGRESP',
      talk: () => bye(greeted().up(PINGREQ)),
      found: ['pingUnanswered'],
    },
    {
      name: 'a CONNECT without its CONNACK',
      talk: () => new Talk().open().up(connect()),
      found: ['connectUnanswered'],
    },
    {
      name: 'an acknowledgement of nothing',
      talk: () => bye(greeted().down(ack('puback', 9))),
      found: ['answersNothing'],
      says: 'PUBACK 9 answers nothing that is in the capture.',
    },
    {
      name: 'an identifier that is still in use',
      talk: () =>
        bye(
          greeted()
            .up(publish('a', 'x', id(7)))
            .up(publish('b', 'x', id(7)))
            .down(ack('puback', 7)),
        ),
      found: ['packetIdInUse'],
    },
    {
      name: 'a PUBREL that was sent again',
      talk: () =>
        bye(
          greeted()
            .up(publish('a', 'x', id2(7)))
            .down(ack('pubrec', 7))
            .up(ack('pubrel', 7))
            .up(ack('pubrel', 7))
            .down(ack('pubcomp', 7)),
        ),
      found: ['sentAgain'],
    },
    {
      name: 'a password in the clear',
      talk: () => bye(greeted({ username: 'alice', password: Buffer.from('s3cret') })),
      found: ['passwordInClear'],
      says: 'The password of alice travels in the clear.',
    },
    {
      name: 'a connection that is refused, 3.1.1',
      talk: () => greeted({}, bytes('20 02 00 05')).down(bytes(), ACK | FIN),
      found: ['connectRefused'],
      says: 'The broker refused the connection: Connection Refused, not authorized.',
    },
    {
      name: 'a connection that is refused, 5.0',
      talk: () =>
        greeted(
          { version: 5 },
          v5reason({ type: 'connack', sessionPresent: false, reasonCode: REASON.BadUserNameOrPassword }),
        ),
      found: ['connectRefused'],
      says: 'The broker refused the connection: Bad User Name or Password.',
    },
    {
      name: 'a publication that is refused',
      talk: () =>
        bye(
          greeted5()
            .up(publish('a', 'x', id(7), 5))
            .down(ack('puback', 7, REASON.NotAuthorized, 5)),
        ),
      found: ['publishRefused'],
      says: 'Publication 7 was refused: Not authorized.',
    },
    {
      name: 'a QoS 2 publication that is refused, after which its identifier is free',
      talk: () =>
        bye(
          greeted5()
            .up(publish('a', 'x', id2(7), 5))
            .down(ack('pubrec', 7, REASON.QuotaExceeded, 5))
            .up(publish('a', 'x', id(7), 5))
            .down(ack('puback', 7, 0, 5)),
        ),
      found: ['publishRefused'],
    },
    {
      name: 'a subscription that is refused, by its filter',
      talk: () =>
        bye(
          greeted()
            .up(subscribe(1, 'a', 'secret/#'))
            .down(suback(1, 0, 0x80)),
        ),
      found: ['subscriptionRefused'],
      says: 'The subscription to secret/# was refused: Unspecified error.',
    },
    {
      name: 'a DISCONNECT of the broker',
      talk: () =>
        greeted5().down(v5reason({ type: 'disconnect', reasonCode: REASON.ServerShuttingDown }), ACK | FIN),
      found: ['closedByBroker'],
      says: 'The broker ended the connection: Server shutting down.',
    },
    {
      name: 'a broker that closes without a word',
      talk: () => greeted().down(bytes(), ACK | FIN),
      found: ['closedSilently'],
    },
    {
      name: 'a client that goes without DISCONNECT',
      talk: () => greeted().up(bytes(), ACK | FIN),
      found: ['endedWithoutDisconnect'],
    },
    {
      name: 'a client that resets the connection',
      talk: () => greeted().up(bytes(), ACK | RST),
      found: ['reset', 'endedWithoutDisconnect'],
    },
    {
      name: 'a first packet that is no CONNECT [MQTT-3.1.0-1]',
      talk: () => new Talk().open().up(publish('a', 'x')),
      found: ['firstNotConnect'],
    },
    {
      name: 'a second CONNECT [MQTT-3.1.0-2]',
      talk: () => bye(greeted().up(connect())),
      found: ['secondConnect'],
    },
    {
      name: 'a packet from the wrong end',
      talk: () => bye(greeted().down(PINGREQ)),
      found: ['wrongSide', 'pingUnanswered'],
      says: 'The broker sent PINGREQ, which is not its to send.',
    },
    {
      name: 'a malformed packet, with what is wrong',
      talk: () => bye(greeted().up(bytes('36 05 0001 61 0007'))),
      found: ['malformed'],
      says: 'PUBLISH: There is no QoS 3.',
    },
    {
      name: 'a bridge, whose CONNECT is read as of the version without its highest bit',
      talk: () => bye(new Talk().open().up(bytes('10 0e 0004 4d515454 84 02 003c 0002 6272')).down(CONNACK)),
      found: ['bridge'],
      says: 'The client is a bridge: it says version 132, which no standard knows. It is read as 3.1.1.',
    },
    {
      name: 'a topic alias that stands for nothing',
      talk: () => bye(greeted5().up(publish('', 'x', { properties: { topicAlias: 4 } }, 5))),
      found: ['topicAliasUnknown'],
    },
  ];

  test.each(cases)('$name', async ({ talk, found, says }) => {
    const contents = await read(pcap(talk().frames));
    expect(findingIds(contents).sort()).toEqual([...found].sort());
    if (says !== undefined) expect(sentences(contents)).toContain(says);
    for (const { id: row, rule, packet: number, stream } of contents.findings) {
      expect(stream).toBe(0);
      if (number !== undefined) expect(contents.packets[number - 1]).toBeDefined();
      const rules = FINDINGS[row] as { v3?: string; v5?: string };
      expect(rule).toBe(contents.conversations[0]?.version === 5 ? rules.v5 : rules.v3);
    }
  });

  test('a topic alias names the topic of later publications', async () => {
    const talk = greeted5()
      .up(publish('t/long', 'x', { properties: { topicAlias: 4 } }, 5))
      .up(publish('', 'y', { properties: { topicAlias: 4 } }, 5));
    const { packets } = await read(pcap(bye(talk).frames));
    expect(packets.slice(2, 4).map(({ topic }) => topic)).toEqual(['t/long', 't/long']);
  });

  test('an assigned client identifier is the conversation’s', async () => {
    const { conversations } = await read(pcap(bye(greeted5({ assignedClientIdentifier: 'auto-1' })).frames));
    expect(conversations[0]?.clientId).toBe('auto-1');
  });

  test('a client identifier that connects twice takes over', async () => {
    const first = greeted({ clientId: 'twin' });
    const again = new Talk({ ports: [50_001, 1883] });
    again.time = 3_000;
    const second = bye(greeted({ clientId: 'twin' }, CONNACK, again));
    first.time = 4_000;
    const contents = await read(together(first.down(bytes(), ACK | FIN), second));
    expect(sentences(contents)).toEqual([
      'Client twin connected a second time while connection 0 was open.',
      'The broker ended the connection of twin without saying why.',
    ]);
  });

  test('a clean session forgets what was not acknowledged', async () => {
    const first = greeted()
      .up(publish('a', 'x', id(7)))
      .up(bytes(), ACK | FIN);
    const again = new Talk({ ports: [50_001, 1883] });
    again.time = 3_000;
    const second = greeted({}, CONNACK, again)
      .up(publish('b', 'x', id(7)))
      .down(ack('puback', 7));
    const contents = await read(together(first, bye(second)));
    expect(findingIds(contents).sort()).toEqual(['endedWithoutDisconnect', 'publishUnacknowledged']);
  });
});

describe('keep alive', () => {
  const silent = (keepAlive: number, silence: number, connack: Bytes = CONNACK, version: Version = 4) => {
    const talk = greeted({ keepAlive, version }, connack);
    talk.time += silence - 2;
    return talk;
  };

  test('that a client exceeds is told in seconds', async () => {
    const contents = await read(pcap(bye(silent(60, 72_000).up(PINGREQ).down(PINGRESP)).frames));
    expect(sentences(contents)).toEqual([
      'The client was silent for 72 s: its keep alive of 60 s was exceeded by 12 s.',
    ]);
    expect(contents.findings[0]).toMatchObject({ packet: 3, values: { excess: 12 } });
  });

  test('is kept by whoever is a second late', async () => {
    expect(findingIds(await read(pcap(bye(silent(5, 6_000).up(PINGREQ).down(PINGRESP)).frames)))).toEqual([]);
  });

  test('of 0 is none', async () => {
    expect(findingIds(await read(pcap(bye(silent(0, 1e6)).frames)))).toEqual([]);
  });

  test('that the broker chose counts instead of the client’s', async () => {
    const connack = packet(
      { type: 'connack', sessionPresent: false, reasonCode: 0, properties: { serverKeepAlive: 10 } },
      5,
    );
    const contents = await read(pcap(silent(60, 20_000, connack, 5).up(PINGREQ).down(PINGRESP).frames));
    expect(sentences(contents)).toContain(
      'The client was silent for 20 s: its keep alive of 10 s was exceeded by 10 s.',
    );
  });

  test('is looked at up to the end of the connection, or of the capture', async () => {
    expect(findingIds(await read(pcap(silent(10, 15_000).down(bytes(), ACK | FIN).frames)))).toContain(
      'keepAliveExceeded',
    );
    expect(findingIds(await read(pcap(silent(10, 15_000).down(publish('a', 'x')).frames)))).toContain(
      'keepAliveExceeded',
    );
  });
});
