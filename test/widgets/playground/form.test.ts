// The form: it says of every packet what its bytes say, and every change of it can be made in it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decode,
  encode,
  PACKET_TYPES,
  type Packet,
  PROPERTIES,
  type PropertyOwner,
  type Version,
  validate,
} from '#broker/codec/index.ts';
import { bare, example, faultyExamples } from '../../../src/widgets/packet/examples.ts';
import { begin, change } from '../../../src/widgets/packet/history.ts';
import { open } from '../../../src/widgets/packet/opened.ts';
import { draftOf, faultsOf } from '../../../src/widgets/playground/draft.ts';
import { addable, addProperty, type Control, formOf } from '../../../src/widgets/playground/form.ts';
import { packetOf } from '../../codec/arbitrary.ts';

const VERSIONS = [3, 4, 5] as const satisfies Version[];
const types = PACKET_TYPES.map(({ type }) => type);
const inVersions = VERSIONS.flatMap((version) =>
  types.filter((type) => type !== 'auth' || version === 5).map((type) => ({ type, version })),
);

function controls(packet: Packet, version: Version): Control[] {
  return formOf(packet, version).flatMap((section) => section.controls);
}

/** What stands in the form. */
function content(packet: Packet, version: Version): unknown[] {
  return controls(packet, version).map(({ key, value }) => [key, value]);
}

/** The control set to its own value, or to that of another of its kind. */
function set(control: Control, value: unknown): Packet {
  return (control.set as (value: unknown) => Packet)(value);
}

function draft(bytes: Uint8Array, version: Version, past: Uint8Array[] = []) {
  const [first = bytes, ...later] = [...past, bytes];
  let history = begin({ bytes: first, version, at: 0 });
  for (const next of later) history = change(history, { bytes: next, version, at: 0 });
  const opened = open(bytes, version);
  const now = draftOf(history, opened);
  return { ...now, faults: faultsOf(now, opened) };
}

test.each(inVersions)(
  'the form of $type in version $version says what its bytes say',
  ({ type, version }) => {
    for (const packet of [example(type, version), bare(type, version)]) {
      const again = decode(encode(packet, version), version);
      expect(content(again, version)).toEqual(content(packet, version));
      for (const control of controls(packet, version)) expect(set(control, control.value)).toEqual(packet);
    }
  },
);

test.each(VERSIONS)(
  'so does that of any packet of version %i, and its keys are those of the field tree',
  (version) => {
    fc.assert(
      fc.property(packetOf(version), (packet) => {
        const bytes = encode(packet, version);
        const again = decode(bytes, version);
        expect(content(again, version)).toEqual(content(packet, version));
        expect(encode(again, version)).toEqual(bytes);
        const { byKey } = open(bytes, version);
        const lacking = controls(packet, version).filter(({ key }) => !byKey.has(key));
        // What says nothing may be left out of an acknowledgement.
        expect(lacking.map(({ kind, value }) => [kind, value])).toEqual(lacking.map(() => ['code', 0]));
      }),
      { numRuns: 150 },
    );
  },
);

test.each(VERSIONS)(
  'a field of the form that is changed is changed in the bytes, in version %i',
  (version) => {
    const other = {
      flag: true,
      choice: 1,
      number: 77,
      code: 0,
      text: 'other',
      bytes: Uint8Array.of(1, 2),
      pair: ['a', 'b'],
    };
    fc.assert(
      fc.property(packetOf(version), fc.nat(), (packet, chosen) => {
        const all = controls(packet, version);
        const control = all[chosen % Math.max(1, all.length)];
        fc.pre(control !== undefined && !/Flag$|^qos$/.test(control.key));
        if (control === undefined) return;
        const changed = set(control, other[control.kind]);
        const { packet: read } = open(encode(changed, version), version).dissection;
        fc.pre(read !== undefined);
        const found = read && controls(read, version).find(({ key }) => key === control.key);
        expect(found?.value).toEqual(other[control.kind]);
      }),
      { numRuns: 150 },
    );
  },
);

describe('properties', () => {
  const owners = [...new Set(PROPERTIES.flatMap(({ owners }) => owners))] as PropertyOwner[];

  test.each(owners)(
    'of %s: all twenty-seven can be added, and those that may not stand there are faults',
    (owner) => {
      const start = owner === 'will' ? example('connect', 5) : bare(owner, 5);
      const empty = { ...start, properties: undefined } as Packet;
      const { allowed, forbidden } = addable(empty, owner);
      expect(allowed.length + forbidden.length).toBeGreaterThanOrEqual(26);
      for (const key of forbidden) {
        const packet = addProperty(empty, owner, key);
        const faults = validate(packet, 5).map(({ id }) => id);
        expect([key, faults.includes('propertyMisplaced')]).toEqual([key, true]);
      }
      for (const key of allowed)
        expect([key, validate(addProperty(empty, owner, key), 5).map(({ id }) => id)]).not.toContain(
          'propertyMisplaced',
        );
    },
  );

  test('one that repeats is added again, one that does not is not offered', () => {
    const packet = addProperty(
      addProperty(example('publish', 5), 'publish', 'userProperty'),
      'publish',
      'userProperty',
    );
    expect(controls(packet, 5).filter(({ key }) => key.startsWith('property:userProperty'))).toHaveLength(2);
    expect(addable(packet, 'publish').allowed).toContain('userProperty');
    expect(addable(packet, 'publish').allowed).not.toContain('messageExpiryInterval');
  });

  test('one that is taken out leaves the others, and the last leaves none', () => {
    const packet = addProperty(example('publish', 5), 'publish', 'contentType');
    const out = (from: Packet, key: string) =>
      controls(from, 5)
        .find((each) => each.key === key)
        ?.without?.();
    const one = out(packet, 'property:contentType');
    expect(one).toEqual(example('publish', 5));
    expect(one && out(one, 'property:messageExpiryInterval')).toMatchObject({ properties: undefined });
  });
});

describe('lists', () => {
  test.each(['subscribe', 'unsubscribe', 'suback', 'unsuback'] as const)(
    '%s grows by one and shrinks by one',
    (type) => {
      const packet = example(type, 5);
      const grown = formOf(packet, 5)
        .find(({ addition }) => addition)
        ?.addition?.add();
      const last = grown && controls(grown, 5).findLast(({ without }) => without);
      expect(last?.key).toMatch(/#2$/);
      expect(last?.without?.()).toEqual(packet);
    },
  );
});

describe('faults', () => {
  const all = inVersions.flatMap(({ type, version }) =>
    faultyExamples(type, version).map(({ bytes, fault }) => ({ type, version, bytes, fault })),
  );

  test.each(all)('$fault.message ($type, $version) stands somewhere', ({ bytes, version }) => {
    expect(draft(bytes, version).faults.size).toBeGreaterThan(0);
  });

  test.each([
    ['30 07 00 03 61 2f 2b 68 69', 4, 'topic'],
    ['38 05 00 01 61 68 69', 4, 'dup'],
    ['36 05 00 01 61 68 69', 4, 'qos'],
    ['32 05 00 01 61 00 00', 4, 'packetId'],
    ['82 02 00 01', 4, 'payload'],
    ['82 03 00 01 00', 5, 'payload'],
    ['30 08 00 01 61 03 23 00 00 78', 5, 'property:topicAlias'],
    ['82 0c 00 01 00 00 01 61 00 00 02 61 23 00', 5, 'topicFilter#2'],
  ] as const)('that of %s in version %i is beside %s', (text, version, key) => {
    const bytes = Uint8Array.from(text.split(' '), (pair) => Number.parseInt(pair, 16));
    expect([...draft(bytes, version).faults.keys()]).toContain(key);
  });

  test('several faults stand beside their fields', () => {
    const packet: Packet = {
      ...(example('publish', 5) as Extract<Packet, { type: 'publish' }>),
      topic: '#',
      packetId: 0,
    };
    expect([...draft(encode(packet, 5), 5).faults.keys()]).toEqual(['topic', 'packetId']);
  });
});

describe('bytes that break off', () => {
  const whole = encode(example('connect', 5), 5);

  test('leave in the form what could be read, over what was there', () => {
    const { packet, read } = draft(whole.subarray(0, 20), 5, [whole]);
    expect(packet).toEqual(decode(whole, 5));
    expect(read?.has('keepAlive')).toBe(true);
    expect(read?.has('clientId')).toBe(false);
  });

  test('keep the will that was read, though its flags come before the one that says that there is one', () => {
    const flags = Uint8Array.of(0x10, 40, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0b0010_1110, 0, 9);
    expect(draft(flags, 4).packet).toMatchObject({ keepAlive: 9, will: { qos: 1, retain: true } });
  });

  test('give a form wherever they break off', () => {
    fc.assert(
      fc.property(packetOf(5), fc.nat(), (packet, at) => {
        const bytes = encode(packet, 5);
        const cut = bytes.subarray(0, 1 + (at % bytes.length));
        expect(draft(cut, 5, [bytes]).packet.type).toBe(packet.type);
        expect(draft(cut, 5).packet.type).toBe(packet.type);
      }),
      { numRuns: 150 },
    );
  });

  test('of another packet show that one', () => {
    const bytes = Uint8Array.of(0x82, 9, 0, 7, 0, 0, 1, 0x61, 1);
    expect(draft(bytes, 5, [whole]).packet).toMatchObject({
      type: 'subscribe',
      packetId: 7,
      subscriptions: [{ topicFilter: 'a', qos: 1 }],
    });
  });
});
