// The reference, apart from its pages: its examples may be sent, its tables leave nothing out, and its limits are real.
import { expect, test } from 'vitest';
import {
  encode,
  FIELDS,
  type Field,
  type FieldId,
  PACKET_TYPES,
  type Packet,
  PROPERTIES,
  REASONS,
  validate,
} from '#broker/codec/index.ts';
import { sections } from '../../src/components/reference/conformance.ts';
import { layout, stretches } from '../../src/components/reference/layout.ts';
import { grouped, LIMITS } from '../../src/components/reference/limits.ts';
import { ABOUT_PACKETS, versionsOf } from '../../src/components/reference/packet-types.ts';
import { aboutProperty, aboutReason } from '../../src/components/reference/statements.ts';
import { path } from '../../src/lessons/path.ts';
import { bare, example, exampleOf, exampleRefusal, exampleWith } from '../../src/widgets/packet/examples.ts';

const types = PACKET_TYPES.map(({ type }) => type);
const inVersions = types.flatMap((type) => versionsOf(type).map((version) => ({ type, version })));

test.each(inVersions)(
  'the example of $type in version $version may be sent, and so may it with as little as it can have',
  ({ type, version }) => {
    expect(validate(example(type, version), version)).toEqual([]);
    expect(validate(bare(type, version), version)).toEqual([]);
  },
);

test.each(PROPERTIES)('the example of $name may be sent, and has the property', ({ key }) => {
  const packet = exampleOf(key);
  expect(validate(packet, 5)).toEqual([]);
  const places = [packet, 'will' in packet ? packet.will : undefined].map(
    (place) => place && 'properties' in place && place.properties,
  );
  expect(places.some((properties) => properties && key in properties)).toBe(true);
});

test('the example of each reason code may be sent, in each packet that has the code', () => {
  for (const { code, owners } of Object.values(REASONS))
    for (const owner of owners)
      expect([owner, code, validate(exampleWith(owner, code), 5)]).toEqual([owner, code, []]);
});

test('the example of each return code may be sent', () => {
  for (const code of [0, 1, 2, 3, 4, 5]) expect(validate(exampleRefusal(code), 4)).toEqual([]);
});

test('every field that the codec knows stands in the layout of a packet, but for those of MQTT 3.1 and of properties', () => {
  const shown = new Set(types.flatMap((type) => layout(type).map(({ key }) => key.split('/').at(-1))));
  const elsewhere = /^(retainUnused|connackUnused|property(?!Length))/;
  const missing = Object.keys(FIELDS).filter((id) => !shown.has(id) && !elsewhere.test(id));
  expect(missing).toEqual([]);
});

test('a field has the filter name of the codec', () => {
  for (const type of types) {
    for (const { key, filter } of layout(type)) {
      const { filter: known }: Field = FIELDS[key.split('/').at(-1) as FieldId];
      expect([key, filter]).toEqual([key, known]);
    }
  }
});

test('both versions stand in one layout, in the order of the packet', () => {
  const names = layout('subscribe').map(({ name, versions }) => `${name} ${versions.join()}`);
  const at = (name: string) => names.indexOf(name);
  expect(at('Topic Filter 4,5')).toBeLessThan(at('Requested QoS 4'));
  expect(at('Requested QoS 4')).toBeLessThan(at('Subscription Options 5'));
  expect(layout('connect').find(({ formerName }) => formerName)).toMatchObject({
    name: 'Protocol Version',
    formerName: 'Protocol Level',
  });
});

test('a field may be absent where the shortest packet does without it', () => {
  const optional = (type: (typeof types)[number]) =>
    layout(type)
      .filter(({ isOptional }) => isOptional)
      .map(({ name }) => name);
  expect(optional('publish')).toEqual(['Packet Identifier']);
  expect(optional('puback')).toEqual(['PUBACK Reason Code', 'Properties', 'Property Length']);
  expect(optional('connect')).toContain('Will Topic');
});

test('the stretches of an example are the whole of it', () => {
  const bytes = stretches('publish', 5).flatMap((stretch) => stretch.bytes.split(' '));
  expect(bytes.map((byte) => Number.parseInt(byte, 16))).toEqual([...encode(example('publish', 5), 5)]);
});

test('the lessons of a packet are on the path', () => {
  const slugs: readonly string[] = path.map(({ slug }) => slug);
  expect(
    Object.values(ABOUT_PACKETS).flatMap(({ lessons }) => lessons.filter((slug) => !slugs.includes(slug))),
  ).toEqual([]);
});

test('a property’s statements are those that name it, and not those that name a longer one', () => {
  const names = PROPERTIES.map(({ name }) => name);
  expect(aboutProperty('Topic Alias Maximum', names)).toContain('MQTT-3.1.2-26');
  expect(aboutProperty('Response Information', names)).toEqual(['MQTT-3.1.2-28']);
  expect(aboutProperty('Subscription Identifier', names)).toContain('MQTT-3.3.4-3');
  expect(aboutProperty('Topic Alias', ['Topic Alias', 'Topic Alias Maximum'])).not.toContain('MQTT-3.1.2-27');
});

test('a reason code’s statements name the code itself, for the packets that have it', () => {
  expect(aboutReason(0x8e, ['DISCONNECT'])).toEqual(['MQTT-3.1.4-3']);
  expect(aboutReason(0x80, ['SUBACK'])).toEqual([]);
  expect(aboutReason(0x00, ['SUBACK'])).toEqual([]);
});

test('all statements are there', () => {
  const found = sections({}, {});
  const count = (version: '3.1.1' | '5.0') => found[version].flatMap(({ rows }) => rows).length;
  expect([count('3.1.1'), count('5.0')]).toEqual([141, 251]);
});

test('the codec writes what is just within the limits, and nothing above them', () => {
  const limit = (key: string) => LIMITS.find((row) => row.key === key)?.most ?? Number.NaN;
  const connect = { ...example('connect', 5), properties: undefined } as Extract<Packet, { type: 'connect' }>;
  const subscribe = example('subscribe', 5);
  const cases: [number, (value: number) => Packet][] = [
    [limit('text'), (length) => ({ ...connect, clientId: 'x'.repeat(length) })],
    [limit('keepAlive'), (keepAlive) => ({ ...connect, keepAlive })],
    [limit('expiry'), (sessionExpiryInterval) => ({ ...connect, properties: { sessionExpiryInterval } })],
    [limit('receiveMaximum'), (receiveMaximum) => ({ ...connect, properties: { receiveMaximum } })],
    [limit('maximumPacketSize'), (maximumPacketSize) => ({ ...connect, properties: { maximumPacketSize } })],
    [limit('packetId'), (packetId) => ({ ...subscribe, packetId }) as Packet],
    [
      limit('subscriptionIdentifier'),
      (id) => ({ ...subscribe, properties: { subscriptionIdentifier: [id] } }) as Packet,
    ],
  ];
  for (const [most, packet] of cases) {
    expect(validate(packet(most), 5)).toEqual([]);
    expect(() => encode(packet(most + 1), 5)).toThrow(RangeError);
  }
});

test('thousands stand apart', () => {
  expect([65, 65_535, 268_435_455].map(grouped)).toEqual(['65', '65\u202f535', '268\u202f435\u202f455']);
});
