// What the playground does with packets: links, copies, command lines, the other version, and what a broker makes of them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { envelope } from '#broker/capture/envelope.ts';
import { parse } from '#broker/client/tools/parse.ts';
import { decode, encode, PACKET_TYPES, type Packet, type Version } from '#broker/codec/index.ts';
import { readBytes } from '#broker/codec/written.ts';
import { playgroundAddress } from '../../../src/address.ts';
import { bare, example } from '../../../src/widgets/packet/examples.ts';
import { beside, otherVersion } from '../../../src/widgets/playground/beside.ts';
import { commandFor } from '../../../src/widgets/playground/command.ts';
import { FORMATS, fieldsAsJson } from '../../../src/widgets/playground/copy.ts';
import { fromAddress, toAddress } from '../../../src/widgets/playground/link.ts';
import { readPasted } from '../../../src/widgets/playground/pasted.ts';
import { sendHere } from '../../../src/widgets/playground/send.ts';
import { packetOf } from '../../codec/arbitrary.ts';

const VERSIONS = [3, 4, 5] as const satisfies Version[];
const types = PACKET_TYPES.map(({ type }) => type);
const publish = example('publish', 5) as Extract<Packet, { type: 'publish' }>;
const connect = example('connect', 5) as Extract<Packet, { type: 'connect' }>;

describe('a link', () => {
  test('gives back version, bytes and the open packet, of any length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...VERSIONS),
        fc.uint8Array({ minLength: 1, maxLength: 3000 }),
        fc.nat({ max: 20 }),
        async (version, bytes, open) => {
          const address = await toAddress({ version, bytes, open });
          expect(await fromAddress(address ?? '')).toEqual({ version, bytes, open });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('of a packet of a megabyte that is all alike is short, and one of chance is too long', async () => {
    const alike = await toAddress({ version: 5, bytes: new Uint8Array(1_000_000), open: 0 });
    expect(alike?.length).toBeLessThan(8000);
    let state = 1;
    const chance = Uint8Array.from({ length: 200_000 }, () => (state = (state * 48_271) % 2_147_483_647));
    expect(await toAddress({ version: 5, bytes: chance, open: 0 })).toBeUndefined();
  });

  test('of the reference opens its packet', async () => {
    const bytes = encode(publish, 5);
    const [, hash] = playgroundAddress(bytes, 5).split('#');
    expect(await fromAddress(`#${hash}`)).toEqual({ version: 5, bytes, open: 0 });
  });

  test.each([
    '#packet=',
    '#packet=5.0:3',
    '#packet=6:30',
    '#packet=5.0:~~~',
    '#packet=5.0:3014:x',
    '#packet=%',
  ])('%s is damaged', async (fragment) => expect(await fromAddress(fragment)).toBe('damaged'));

  test('that carries something else is none', async () =>
    expect(await fromAddress('#figure=5.0:30')).toBeUndefined());
});

describe('a paste', () => {
  const one = encode(example('connect', 5), 5);
  const two = encode(publish, 5);

  test('of several packets is cut where each ends, and a CONNECT tells the version', () => {
    const pasted = readPasted(`${FORMATS.hex(one)} ${FORMATS.hex(two)} c0`);
    expect(pasted).toMatchObject({ writing: 'hex', headers: 0, version: 5 });
    expect('frames' in pasted && pasted.frames).toEqual([one, two, Uint8Array.of(0xc0)]);
  });

  test('of a whole frame is freed of what carries the packet', () => {
    const frame = envelope(two).frames[0]?.bytes ?? new Uint8Array();
    const pasted = readPasted(FORMATS.hex(frame));
    expect(pasted).toMatchObject({ length: frame.length, headers: frame.length - two.length });
    expect('frames' in pasted && pasted.frames).toEqual([two]);
  });

  test('of what is no packet is opened as it is', () => {
    expect(readPasted('00 01 02')).toMatchObject({ headers: 0, frames: [Uint8Array.of(0, 1, 2)] });
    expect(readPasted('zz')).toMatchObject({ what: 'digit', line: 1, column: 1 });
  });
});

describe('a copy', () => {
  test.each(Object.entries(FORMATS))('as %s is read again', (_, write) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
        expect(readBytes(write(bytes))).toMatchObject({ bytes });
      }),
    );
  });

  test('of the fields is JSON', () => {
    expect(JSON.parse(fieldsAsJson(publish, 5))).toMatchObject({
      packet: 'PUBLISH',
      version: '5.0',
      topic: 'Room1/Light',
      payload: '54 75 72 6E 20 4F 6E',
    });
  });
});

describe('a command', () => {
  const host = { defaults: () => undefined, offers: new Set<never>() };

  /** Splits a line as a shell does that knows single quotes. */
  function wordsOf(line: string): string[] {
    return [...line.matchAll(/(?:'[^']*'|\\'|[^\s'])+/g)].map(([word]) =>
      word.replace(/'([^']*)'|\\(')/g, (_, quoted, mark) => mark ?? quoted),
    );
  }

  test('is read by our own mosquitto_pub as the packet that it was made from', () => {
    const { line = '', unsaid } = commandFor(publish, 5, connect) ?? {};
    const [tool, ...words] = wordsOf(line);
    expect(tool).toBe('mosquitto_pub');
    expect(parse('pub', words, host)).toMatchObject({
      version: 5,
      clientId: connect.clientId,
      username: connect.username,
      password: 'passwd1',
      topics: [publish.topic],
      qos: 1,
      retain: false,
      source: { from: 'words', text: 'Turn On' },
      properties: {
        publish: publish.properties,
        connect: connect.properties,
        will: connect.will?.properties,
      },
      will: { topic: 'Room1/Status', payload: 'offline', qos: 1, retain: true },
    });
    expect(unsaid).toEqual(['Packet Identifier 4']);
  });

  test.each([
    ['bare PUBLISH', bare('publish', 4), 4, 'mosquitto_pub -t Room1/Light -n'],
    [
      'bytes that are no text',
      { ...publish, qos: 0, packetId: undefined, properties: undefined, payload: Uint8Array.of(0, 255) },
      4,
      "printf '\\x00\\xFF' | mosquitto_pub -t Room1/Light -s",
    ],
    ['SUBSCRIBE', { ...example('subscribe', 4), packetId: 1 }, 4, "mosquitto_sub -q 1 -t 'Room1/#'"],
    [
      'quotes',
      { ...(bare('publish', 4) as typeof publish), topic: "it's" },
      4,
      "mosquitto_pub -t 'it'\\''s' -n",
    ],
    ['CONNECT', bare('connect', 3), 3, "mosquitto_sub -V mqttv31 -i p1 -E -t '#'"],
  ] as [string, Packet, Version, string][])('for %s', (_, packet, version, line) => {
    expect(commandFor(packet, version)).toEqual({ line, unsaid: [] });
  });

  test('is read by our own tools, whatever the packet', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VERSIONS), (version) => {
        const [packet] = fc.sample(packetOf(version), 1);
        const command = packet && commandFor(packet, version);
        fc.pre(command !== undefined && !/[\r\n]/.test(command.line));
        const [tool, ...words] = wordsOf((command?.line ?? '').replace(/^printf '[^']*' \| /, ''));
        expect(() => parse(tool === 'mosquitto_pub' ? 'pub' : 'sub', words, host)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  test('is none for what the tools do not send, or may not', () => {
    expect(commandFor(example('puback', 5), 5)).toBeUndefined();
    expect(commandFor({ ...publish, topic: '#' }, 5)).toBeUndefined();
  });
});

describe('beside', () => {
  test.each(types)('%s of 5.0 has bytes in 3.1.1 that can be read, or says why not', (type) => {
    const { bytes, version, lost } = beside(example(type, 5), 5);
    expect(version).toBe(4);
    if (bytes === undefined) expect(lost.length).toBeGreaterThan(0);
    else expect(decode(bytes, 4).type).toBe(type);
  });

  test('what 3.1.1 lacks is named', () => {
    expect(beside(publish, 5).lost).toEqual([{ what: 'property', name: 'Message Expiry Interval' }]);
    expect(beside(connect, 5).lost.map(({ name }) => name)).toEqual([
      'Session Expiry Interval',
      'Will Delay Interval',
    ]);
    expect(beside(example('subscribe', 5), 5).lost.map(({ name }) => name)).toContain('Retain As Published');
    expect(beside(example('auth', 5), 5)).toMatchObject({ bytes: undefined, lost: [{ what: 'packet' }] });
    expect(beside(example('disconnect', 5), 5).lost).toContainEqual({
      what: 'reason',
      name: 'Disconnect with Will Message',
    });
  });

  test('any packet of 3.1.1 is one of 5.0 without loss, and comes back', () => {
    fc.assert(
      fc.property(packetOf(4), (packet) => {
        const { bytes, lost, here, there } = beside(packet, 4);
        expect(lost).toEqual([]);
        const back = bytes && beside(decode(bytes, 5), 5);
        expect(back?.bytes).toEqual(encode(packet, 4));
        expect([back?.there.size, back?.here.size]).toEqual([here.size, there.size]);
      }),
      { numRuns: 100 },
    );
  });

  test('the one property length more is what differs in a PUBLISH', () => {
    const { here, there } = beside(bare('publish', 4), 4);
    expect([[...here], [...there]]).toEqual([[1], [1, 15]]);
  });

  test('the other version of 5.0 is 3.1.1, and of the others 5.0', () => {
    expect(VERSIONS.map(otherVersion)).toEqual([5, 5, 4]);
  });
});

describe('the broker in the page', () => {
  const said = (packet: Packet, version: Version) => sendHere([encode(packet, version)], version);
  const names = (outcome: ReturnType<typeof sendHere>) =>
    outcome.spoken.map(({ by, frame, version }) => `${by} ${decode(frame, version).type}`);

  test.each(VERSIONS)('lets a client in and answers its SUBSCRIBE, in version %i', (version) => {
    expect(names(said(example('subscribe', version), version))).toEqual([
      'client connect',
      'broker connack',
      'client subscribe',
      'broker suback',
    ]);
  });

  test('answers a CONNECT without another one before it', () => {
    expect(names(said(bare('connect', 4), 4))).toEqual(['client connect', 'broker connack']);
  });

  test('passes a PUBLISH on, and acknowledges it', () => {
    const outcome = said(publish, 5);
    expect(names(outcome).at(-1)).toBe('broker puback');
    expect(outcome.delivered?.map(({ frame }) => decode(frame, 5))).toMatchObject([
      { topic: 'Room1/Light', qos: 0 },
    ]);
    expect(outcome.closed).toBeUndefined();
  });

  test('closes the connection for a wildcard in a topic, and says why', () => {
    const { closed, spoken } = said({ ...publish, topic: 'Room1/+' }, 5);
    expect(closed).toMatchObject({ rule: 'MQTT-3.3.2-2' });
    expect(closed?.reason).toContain('wildcard');
    expect(decode(spoken.at(-1)?.frame ?? new Uint8Array(), 5)).toMatchObject({
      type: 'disconnect',
      reasonCode: 0x90,
    });
  });

  test('closes the connection for a packet that is not for a broker, and says why', () => {
    expect(said(example('suback', 4), 4).closed?.reason).not.toBe('');
  });

  test('waits for the rest of what breaks off', () => {
    const outcome = sendHere([encode(publish, 5).subarray(0, 12)], 5);
    expect(outcome.closed).toBeUndefined();
    expect(outcome.spoken.at(-1)?.by).toBe('client');
  });

  test('never fails, whatever it is sent', () => {
    fc.assert(
      fc.property(fc.constantFrom(...VERSIONS), fc.uint8Array({ maxLength: 40 }), (version, bytes) => {
        expect(sendHere([bytes], version).spoken.length).toBeGreaterThan(0);
      }),
    );
  });
});
