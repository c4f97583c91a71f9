import { describe, expect, test } from 'vitest';
import { decode } from '#broker/codec/index.ts';
import { ImpossibleInput, type Input, type Setup, World } from '#broker/sim/world.ts';

const SETUP: Setup = {
  version: 4,
  clients: [
    { name: 'pub', keepAlive: 0 },
    { name: 'sub', keepAlive: 0, cleanStart: false },
  ],
};

/** A world in which these things were done, and all that can arrive has arrived after each. */
function run(inputs: Input[], setup: Setup = SETUP): World {
  const world = new World(setup);
  for (const input of inputs) {
    world.apply(input);
    settle(world);
  }
  return world;
}

function settle(world: World): void {
  for (let flight = world.next(); flight; flight = world.next())
    world.apply({ do: 'deliver', flight: flight.number });
}

/** All packets so far, such as `pub PUBLISH delivered`: who sent what, and what became of it. */
function story(world: World, from = 0): string[] {
  return world.flights
    .slice(from)
    .map(({ from: sender, frame, version, state }) => `${sender} ${decode(frame, version).type} ${state}`);
}

/** Everything that can be seen of a world. */
function all(world: World) {
  const { inputs, flights, trace, now } = world;
  return { inputs, flights, trace, now, snapshot: world.snapshot() };
}

const READY: Input[] = [
  { do: 'connect', client: 'sub' },
  { do: 'subscribe', client: 'sub', topicFilter: 'a/#', qos: 2 },
  { do: 'connect', client: 'pub' },
];
const PUBLISH: Input = { do: 'publish', client: 'pub', topic: 'a/b', payload: 'hi', qos: 2 };

describe('a world', () => {
  test('lets a packet arrive when it is told to, and not before', () => {
    const world = new World(SETUP);
    world.apply({ do: 'connect', client: 'pub' });
    expect(world.snapshot().broker.sessions).toEqual([]);
    expect(world.next()).toMatchObject({
      number: 1,
      from: 'pub',
      to: 'broker',
      client: 'pub',
      connection: 1,
      state: 'in flight',
    });
    world.apply({ do: 'deliver', flight: 1 });
    expect(world.snapshot().broker.sessions).toMatchObject([{ clientId: 'pub', connected: true }]);
    expect(world.flights.map(({ state, sentAfter, endedAfter }) => [state, sentAfter, endedAfter])).toEqual([
      ['delivered', 0, 1],
      ['in flight', 1, undefined],
    ]);
  });

  test('brings a message at QoS 2 to its subscriber in eight packets', () => {
    const world = run(READY);
    const before = world.flights.length;
    world.apply(PUBLISH);
    settle(world);
    expect(
      story(world, before)
        .map((line) => line.split(' ').slice(0, 2).join(' '))
        .sort(),
    ).toEqual([
      'broker pubcomp',
      'broker publish',
      'broker pubrec',
      'broker pubrel',
      'pub publish',
      'pub pubrel',
      'sub pubcomp',
      'sub pubrec',
    ]);
    expect(world.snapshot().clients['sub']?.received).toMatchObject([
      { topic: 'a/b', qos: 2, dup: false, retain: false },
    ]);
  });

  test('is its list of inputs: replayed, and replayed with one less, it gives the same bytes', () => {
    const world = run([...READY, PUBLISH, { do: 'cut', client: 'sub' }, { do: 'wait', time: 500 }]);
    expect(all(new World(SETUP, world.inputs))).toEqual(all(world));
    const back = new World(SETUP, world.inputs.slice(0, -3));
    expect(back.flights.map(({ frame }) => frame)).toEqual(
      world.flights.filter(({ sentAfter }) => sentAfter < world.inputs.length - 3).map(({ frame }) => frame),
    );
  });

  test('keeps the order of a direction, as TCP does', () => {
    const world = run(READY);
    const before = world.flights.length;
    world.apply({ ...PUBLISH, qos: 0 });
    world.apply({ ...PUBLISH, qos: 0 });
    expect(() => world.apply({ do: 'deliver', flight: before + 2 })).toThrow(
      `packet ${before + 2} is behind packet ${before + 1}: TCP keeps their order`,
    );
    expect(world.deliverable().map(({ number }) => number)).toEqual([before + 1]);
  });

  test('that holds a packet holds what is behind it, and lets all go on after', () => {
    const world = run(READY);
    const before = world.flights.length;
    world.apply({ ...PUBLISH, qos: 0 });
    world.apply({ ...PUBLISH, qos: 0 });
    world.apply({ do: 'hold', flight: before + 1 });
    expect([world.next(), world.deliverable().length]).toEqual([undefined, 1]);
    expect(() => world.apply({ do: 'hold', flight: before + 1 })).toThrow('is held, not in flight');
    world.apply({ do: 'release', flight: before + 1 });
    expect(() => world.apply({ do: 'release', flight: before + 1 })).toThrow('is in flight, not held');
    settle(world);
    expect(world.snapshot().clients['sub']?.received).toHaveLength(2);
  });

  test('that cuts a connection loses what is in flight on it, both ways, and both ends learn of it', () => {
    const world = run(READY);
    const before = world.flights.length;
    world.apply(PUBLISH);
    world.apply({ do: 'deliver', flight: before + 1 });
    world.apply(PUBLISH);
    world.apply({ do: 'cut', client: 'pub' });
    expect(story(world, before)).toEqual([
      'pub publish delivered',
      'broker publish in flight',
      'broker pubrec lost',
      'pub publish lost',
    ]);
    expect(world.link('pub')).toBe('none');
    expect(world.snapshot().broker.sessions.map(({ clientId }) => clientId)).toEqual(['sub']);
    expect(world.snapshot().clients['pub']?.connected).toBe(false);
  });

  test('that freezes a connection moves nothing on it and tells nobody, until it thaws', () => {
    const world = run(READY);
    world.apply({ do: 'freeze', client: 'sub' });
    world.apply(PUBLISH);
    settle(world);
    expect(world.link('sub')).toBe('frozen');
    expect(world.snapshot().clients['sub']?.received).toEqual([]);
    const stuck =
      world.flights.at(-1)?.client === 'sub'
        ? world.flights.at(-1)
        : world.flights.findLast(({ client }) => client === 'sub');
    expect(() => world.apply({ do: 'deliver', flight: stuck?.number as number })).toThrow(
      'cannot move: its connection is frozen',
    );
    expect(() => world.apply({ do: 'freeze', client: 'sub' })).toThrow('is frozen already');
    world.apply({ do: 'thaw', client: 'sub' });
    settle(world);
    expect(world.snapshot().clients['sub']?.received).toHaveLength(1);
    expect(() => world.apply({ do: 'thaw', client: 'sub' })).toThrow('is not frozen');
  });

  test('that is frozen ends by keep alive at both ends [v3 MQTT-3.1.2-24]', () => {
    const will = { topic: 'a/gone', payload: new Uint8Array(), qos: 0, retain: false } as const;
    const setup: Setup = {
      version: 4,
      clients: [
        { name: 'pub', keepAlive: 10, will },
        { name: 'sub', keepAlive: 0 },
      ],
    };
    const world = run([...READY, { do: 'freeze', client: 'pub' }, { do: 'wait', time: 14_999 }], setup);
    expect(world.snapshot().broker.sessions).toHaveLength(2);
    world.apply({ do: 'wait', time: 1 });
    settle(world);
    expect(world.snapshot().broker.sessions).toHaveLength(1);
    expect(world.snapshot().clients['sub']?.received).toMatchObject([{ topic: 'a/gone' }]);
    world.apply({ do: 'wait', time: 5000 });
    expect(world.link('pub')).toBe('none');
    expect(world.trace).toContainEqual(
      expect.objectContaining({ by: 'pub', kind: 'closed', reason: 'no PINGRESP came' }),
    );
  });

  test('knows the half-open connection: a client on a frozen one begins anew, and the broker hands its session over [v3 MQTT-3.1.4-2]', () => {
    const world = run([...READY, { do: 'freeze', client: 'sub' }, PUBLISH, { do: 'connect', client: 'sub' }]);
    expect(world.link('sub')).toBe('connected');
    expect(world.trace).toContainEqual(expect.objectContaining({ kind: 'session', action: 'taken over' }));
    expect(world.snapshot().clients['sub']?.received).toMatchObject([{ topic: 'a/b', dup: true }]);
    expect(world.flights.filter(({ state }) => state === 'in flight')).toEqual([]);
  });

  test('still delivers the last word of a client that left and came back', () => {
    const world = run(READY);
    const before = world.flights.length;
    world.apply({ do: 'disconnect', client: 'pub' });
    world.apply({ do: 'connect', client: 'pub' });
    expect(world.deliverable().map(({ number }) => number)).toEqual([before + 1, before + 2]);
    settle(world);
    expect(story(world, before)).toEqual([
      'pub disconnect delivered',
      'pub connect delivered',
      'broker connack delivered',
    ]);
  });

  test('loses what comes towards an end that has closed', () => {
    const world = run(READY);
    const before = world.flights.length;
    world.apply(PUBLISH);
    world.apply({ do: 'deliver', flight: before + 1 });
    world.apply({ do: 'disconnect', client: 'sub' });
    expect(story(world, before)).toEqual([
      'pub publish delivered',
      'broker publish lost',
      'broker pubrec in flight',
      'sub disconnect in flight',
    ]);
  });

  test('has one time for all, in which what is due happens at its moment', () => {
    const setup: Setup = { version: 4, clients: [{ name: 'pub', keepAlive: 10 }] };
    const world = run([{ do: 'connect', client: 'pub' }], setup);
    world.apply({ do: 'wait', time: 25_000 });
    expect([world.now, world.flights.at(-1)?.sentAt]).toEqual([25_000, 10_000]);
  });
});

describe('what cannot happen', () => {
  const cases: [string, Input[], Input, string][] = [
    ['an unknown client', [], { do: 'connect', client: 'x' }, 'there is no client x'],
    ['an unknown packet', [], { do: 'deliver', flight: 1 }, 'there is no packet 1'],
    [
      'connecting twice',
      [{ do: 'connect', client: 'pub' }],
      { do: 'connect', client: 'pub' },
      'pub is connected already',
    ],
    ['cutting nothing', [], { do: 'cut', client: 'pub' }, 'pub is not connected'],
    [
      'subscribing while away',
      [],
      { do: 'subscribe', client: 'sub', topicFilter: 'a', qos: 0 },
      'sub is not connected',
    ],
    [
      'delivering twice',
      [{ do: 'connect', client: 'pub' }],
      { do: 'deliver', flight: 1 },
      'packet 1 is delivered already',
    ],
    ['time that goes back', [], { do: 'wait', time: -1 }, 'time does not go back: -1'],
    [
      'publishing to a wildcard',
      [],
      { do: 'publish', client: 'pub', topic: 'a/+', payload: '', qos: 1 },
      'only a filter may have',
    ],
    [
      'a filter that is none',
      READY,
      { do: 'subscribe', client: 'sub', topicFilter: 'a#', qos: 0 },
      'stands alone',
    ],
  ];
  test.each(cases)('%s is refused and leaves the world as it was', (_, before, input, message) => {
    const world = run(before);
    const twin = new World(SETUP, world.inputs);
    const next: Input = { do: 'wait', time: 100_000 };
    expect(() => world.apply(input)).toThrow(ImpossibleInput);
    expect(() => world.apply(input)).toThrow(message);
    world.apply(next);
    twin.apply(next);
    expect(all(world)).toEqual(all(twin));
  });

  test('a client whose CONNECT would be forbidden is refused at once [v3 MQTT-3.1.3-7]', () => {
    expect(
      () => new World({ version: 4, clients: [{ name: 'x', clientId: '', cleanStart: false }] }),
    ).toThrow(RangeError);
  });
});
