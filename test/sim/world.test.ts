import { describe, expect, test } from 'vitest';
import { decode } from '#broker/codec/index.ts';
import { ImpossibleInput, type Input } from '#broker/sim/input.ts';
import type { Setup } from '#broker/sim/setup.ts';
import { World } from '#broker/sim/world.ts';

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
    expect(() => world.apply({ do: 'hold', flight: before + 1 })).toThrow('is held already');
    world.apply({ do: 'release', flight: before + 1 });
    expect(() => world.apply({ do: 'release', flight: before + 1 })).toThrow('is not held');
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

describe('a broker that crashes', () => {
  const before: Input[] = [...READY, { ...PUBLISH, retain: true }];

  test('loses all connections at once, with what is in flight on them, and both clients learn of it', () => {
    const world = run(before);
    world.apply(PUBLISH);
    const sent = world.flights.length;
    world.apply({ do: 'restart', keeps: true });
    expect(story(world, sent - 1)).toEqual(['pub publish lost']);
    expect(['pub', 'sub'].map((name) => [world.link(name), world.isBereft(name)])).toEqual([
      ['none', true],
      ['none', true],
    ]);
    expect(world.ended.map(({ number }) => number)).toEqual([sent]);
  });

  test('begins anew with the sessions and the retained messages that it kept', () => {
    const world = run([...before, { do: 'restart', keeps: true }, { do: 'connect', client: 'sub' }]);
    expect(decode(world.flights.at(-1)?.frame as Uint8Array, 4)).toMatchObject({ sessionPresent: true });
    const { sessions, retained } = world.snapshot().broker;
    expect(sessions).toMatchObject([{ clientId: 'sub', subscriptions: [{ topicFilter: 'a/#' }] }]);
    expect(retained).toMatchObject([{ topic: 'a/b' }]);
  });

  test('has forgotten everything if it kept nothing', () => {
    const world = run([...before, { do: 'restart', keeps: false }]);
    expect(world.snapshot().broker).toEqual({ sessions: [], retained: [] });
    world.apply({ do: 'connect', client: 'sub' });
    settle(world);
    expect(decode(world.flights.at(-1)?.frame as Uint8Array, 4)).toMatchObject({ sessionPresent: false });
  });

  test('still delivers a QoS 2 message once that was half-way through it', () => {
    const world = run(READY);
    const first = world.flights.length + 1;
    world.apply(PUBLISH);
    world.apply({ do: 'deliver', flight: first });
    for (const input of [
      { do: 'restart', keeps: true },
      { do: 'connect', client: 'sub' },
      { do: 'connect', client: 'pub' },
    ] as const) {
      world.apply(input);
      settle(world);
    }
    expect(world.snapshot().clients['sub']?.received).toHaveLength(1);
    expect(world.flights.filter(({ state }) => state === 'in flight')).toEqual([]);
  });

  test('tells nobody whose connection is frozen, until it thaws', () => {
    const world = run([...before, { do: 'freeze', client: 'sub' }, { do: 'restart', keeps: true }]);
    expect([world.link('pub'), world.link('sub')]).toEqual(['none', 'frozen']);
    world.apply({ do: 'thaw', client: 'sub' });
    expect(world.link('sub')).toBe('none');
    expect(world.snapshot().clients['sub']?.connected).toBe(false);
  });
});

describe('a link with a delay', () => {
  const slow: Setup = { ...SETUP, link: { delay: 100 } };

  test('lets packets arrive by themselves as time passes, each at its moment', () => {
    const world = new World(slow, [{ do: 'connect', client: 'pub' }]);
    expect([world.next(), world.deliverable(), world.awaited]).toEqual([undefined, [], 100]);
    world.apply({ do: 'wait', time: 150 });
    expect(story(world)).toEqual(['pub connect delivered', 'broker connack in flight']);
    expect(world.flights.map(({ sentAt, endedAt, arrivesAt }) => [sentAt, endedAt, arrivesAt])).toEqual([
      [0, 100, 100],
      [100, undefined, 200],
    ]);
    world.apply({ do: 'wait', time: 50 });
    expect(world.snapshot().clients['pub']?.connected).toBe(true);
    expect(world.awaited).toBe(Number.POSITIVE_INFINITY);
  });

  test('lets nothing arrive before its time', () => {
    const world = new World(slow, [
      { do: 'connect', client: 'pub' },
      { do: 'wait', time: 60 },
    ]);
    expect(() => world.apply({ do: 'deliver', flight: 1 })).toThrow('is on its way for another 40 ms');
  });

  test('keeps a packet that is held past its time, and all behind it; once released it can arrive at once', () => {
    const world = new World(slow, [
      { do: 'connect', client: 'pub' },
      { do: 'hold', flight: 1 },
      { do: 'wait', time: 500 },
    ]);
    expect(story(world)).toEqual(['pub connect held']);
    world.apply({ do: 'release', flight: 1 });
    expect(world.next()?.number).toBe(1);
    world.apply({ do: 'wait', time: 0 });
    expect(world.flights[0]).toMatchObject({ state: 'delivered', endedAt: 500 });
  });

  test('moves nothing while it is frozen', () => {
    const world = new World(slow, [
      { do: 'connect', client: 'pub' },
      { do: 'freeze', client: 'pub' },
      { do: 'wait', time: 500 },
    ]);
    expect(story(world)).toEqual(['pub connect in flight']);
  });

  test('and with jitter takes longer by chance, the same for one seed, and keeps the order', () => {
    const arrivals = (seed: number): number[] => {
      const world = new World({ ...SETUP, seed, link: { delay: 100, jitter: 1000 } });
      world.apply({ do: 'connect', client: 'pub' });
      world.apply({ do: 'wait', time: 5000 });
      for (let n = 0; n < 20; n++) {
        world.apply({ ...PUBLISH, qos: 0 });
        world.apply({ do: 'wait', time: 200 });
      }
      return world.flights.filter(({ from }) => from === 'pub').map(({ arrivesAt }) => arrivesAt as number);
    };
    const times = arrivals(1);
    expect(arrivals(1)).toEqual(times);
    expect(arrivals(2)).not.toEqual(times);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(new Set(times).size).toBeGreaterThan(10);
  });

  test('of one client alone is no matter of the others', () => {
    const [pub, sub] = SETUP.clients;
    const clients = [{ ...pub, name: 'pub', link: { delay: 5 } }, sub as Setup['clients'][number]];
    const world = run([{ do: 'connect', client: 'sub' }], { ...SETUP, clients });
    expect(world.snapshot().clients['sub']?.connected).toBe(true);
    world.apply({ do: 'connect', client: 'pub' });
    expect(world.awaited).toBe(5);
  });

  test('that breaks loses its connection with a packet now and then, by chance', () => {
    const world = new World({ ...SETUP, seed: 3, link: { breaks: 0.5 } });
    const fates: string[] = [];
    for (let n = 0; n < 20; n++) {
      if (world.link('pub') === 'none') world.apply({ do: 'connect', client: 'pub' });
      settle(world);
      fates.push(world.link('pub'));
    }
    expect(new Set(fates)).toEqual(new Set(['none', 'connected']));
  });
});

describe('a client that comes back by itself', () => {
  const returning: Setup = {
    version: 4,
    clients: [{ name: 'pub', keepAlive: 0, reconnect: { after: 100, times: 3, backoff: 2 } }],
  };
  const connections = (world: World): (number | undefined)[] =>
    world.flights.filter(({ from }) => from === 'pub').map(({ sentAt }) => sentAt);

  test('does so after its time, and after longer each time that nothing came of it', () => {
    const world = new World(returning, [
      { do: 'connect', client: 'pub' },
      { do: 'cut', client: 'pub' },
    ]);
    expect(world.awaited).toBe(100);
    for (let n = 0; n < 5; n++) {
      world.apply({ do: 'wait', time: 10_000 });
      if (world.link('pub') !== 'none') world.apply({ do: 'cut', client: 'pub' });
    }
    expect(connections(world)).toEqual([0, 100, 10_200, 20_400]);
  });

  test('counts anew once it was let in', () => {
    const world = run([{ do: 'connect', client: 'pub' }], returning);
    for (let n = 0; n < 5; n++) {
      world.apply({ do: 'cut', client: 'pub' });
      world.apply({ do: 'wait', time: 100 });
      settle(world);
      expect(world.link('pub')).toBe('connected');
    }
  });

  test('stays away after it said goodbye, and once it has connected by hand does not connect again', () => {
    const world = run(
      [
        { do: 'connect', client: 'pub' },
        { do: 'disconnect', client: 'pub' },
      ],
      returning,
    );
    expect(world.awaited).toBe(Number.POSITIVE_INFINITY);
    for (const input of [
      { do: 'connect', client: 'pub' },
      { do: 'cut', client: 'pub' },
      { do: 'connect', client: 'pub' },
    ] as const)
      world.apply(input);
    settle(world);
    world.apply({ do: 'wait', time: 1000 });
    expect(connections(world)).toHaveLength(4);
  });
});

describe('what 5.0 adds', () => {
  const five: Setup = {
    version: 5,
    clients: [
      { name: 'pub', keepAlive: 0, properties: { sessionExpiryInterval: 100 } },
      { name: 'sub', keepAlive: 0, properties: { topicAliasMaximum: 5 } },
      { name: 'old', version: 4 },
    ],
  };
  const connected: Input[] = [
    { do: 'connect', client: 'sub' },
    { do: 'connect', client: 'pub' },
    { do: 'connect', client: 'old' },
  ];

  test('travels with a message', () => {
    const properties = {
      messageExpiryInterval: 60,
      topicAlias: 1,
      responseTopic: 'answers',
      correlationData: 'q1',
      contentType: 'text/plain',
      userProperty: [['a', 'b']],
    } as const;
    const world = run([...connected, { ...PUBLISH, properties }], five);
    const publish = world.flights.findLast(({ from, frame }) => from === 'pub' && frame[0] === 0x34);
    expect(decode(publish?.frame as Uint8Array, 5)).toMatchObject({
      properties: { ...properties, correlationData: new TextEncoder().encode('q1') },
    });
  });

  test('is what a client asks for with a subscription', () => {
    const world = run(
      [
        ...connected,
        {
          do: 'subscribe',
          client: 'sub',
          topicFilter: 'a/+',
          qos: 1,
          noLocal: true,
          retainHandling: 2,
          subscriptionIdentifier: 7,
        },
        PUBLISH,
      ],
      five,
    );
    const subscribe = world.flights.find(({ frame }) => frame[0] === 0x82);
    expect(decode(subscribe?.frame as Uint8Array, 5)).toMatchObject({
      subscriptions: [{ noLocal: true, retainHandling: 2 }],
      properties: { subscriptionIdentifier: [7] },
    });
    const got = world.flights.findLast(({ to, frame }) => to === 'sub' && (frame[0] as number) >> 4 === 3);
    expect(decode(got?.frame as Uint8Array, 5)).toMatchObject({
      properties: { subscriptionIdentifier: [7] },
    });
  });

  test('changes how long a session lasts as its client leaves [v5 MQTT-3.14.2-2]', () => {
    const world = run(
      [
        ...connected,
        { do: 'disconnect', client: 'pub', sessionExpiryInterval: 5 },
        { do: 'wait', time: 4999 },
      ],
      five,
    );
    const sessions = () => world.snapshot().broker.sessions.map(({ clientId }) => clientId);
    expect(sessions()).toContain('pub');
    world.apply({ do: 'wait', time: 1 });
    expect(sessions()).not.toContain('pub');
  });

  test('is refused to a client that does not speak it', () => {
    const world = run(connected, five);
    const refused: Input[] = [
      { ...PUBLISH, client: 'old', properties: { contentType: 'x' } },
      { do: 'subscribe', client: 'old', topicFilter: 'a', qos: 0, noLocal: true },
      { do: 'disconnect', client: 'old', sessionExpiryInterval: 5 },
    ];
    for (const input of refused) expect(() => world.apply(input)).toThrow('old does not speak MQTT 5.0');
  });

  test('gives a client an identifier by chance that the seed decides', () => {
    const assigned = (seed: number | undefined): string | undefined => {
      const setup: Setup = { version: 5, seed, clients: [{ name: 'nameless', clientId: '' }] };
      return run([{ do: 'connect', client: 'nameless' }], setup).snapshot().broker.sessions[0]?.clientId;
    };
    expect(assigned(undefined)).toBe('auto-1');
    expect(assigned(1)).toBe(assigned(1));
    expect(assigned(1)).not.toBe(assigned(2));
  });
});

describe('somebody who joins', () => {
  test('takes part from then on', () => {
    const world = run([...READY, { do: 'join', setup: { name: 'late' } }, { do: 'connect', client: 'late' }]);
    expect(world.clients.map(({ name }) => name)).toEqual(['pub', 'sub', 'late']);
    expect(world.snapshot().clients['late']?.connected).toBe(true);
  });

  test.each(['pub', 'broker'])('under a name that is taken is refused: %s', (name) => {
    expect(() => run([{ do: 'join', setup: { name } }])).toThrow(`the name ${name} is taken already`);
  });
});

describe('what if this were not TCP', () => {
  const notTcp: Setup = { ...SETUP, notTcp: true };
  const two: Input[] = [
    { ...PUBLISH, qos: 0, payload: '1' },
    { ...PUBLISH, qos: 0, payload: '2' },
  ];
  /** Two packets of pub are in flight. */
  function inFlight(setup: Setup = notTcp): { world: World; first: number } {
    const world = run(READY, setup);
    const first = world.flights.length + 1;
    for (const input of two) world.apply(input);
    return { world, first };
  }
  const payloads = (world: World) =>
    world.snapshot().clients['sub']?.received.map(({ payload }) => String.fromCharCode(...payload));

  test('a packet is lost and its connection lives on', () => {
    const { world, first } = inFlight();
    world.apply({ do: 'drop', flight: first });
    settle(world);
    expect(world.link('pub')).toBe('connected');
    expect(payloads(world)).toEqual(['2']);
  });

  test('a packet arrives twice', () => {
    const { world, first } = inFlight();
    world.apply({ do: 'duplicate', flight: first });
    settle(world);
    expect(payloads(world)).toEqual(['1', '1', '2']);
  });

  test('a packet overtakes the others', () => {
    const { world, first } = inFlight();
    expect(() => world.apply({ do: 'reorder', flight: first })).toThrow('there is no packet before packet');
    world.apply({ do: 'reorder', flight: first + 1 });
    settle(world);
    expect(payloads(world)).toEqual(['2', '1']);
  });

  test('and since it is, none of that is possible', () => {
    const { world, first } = inFlight(SETUP);
    for (const what of ['drop', 'duplicate', 'reorder'] as const)
      expect(() => world.apply({ do: what, flight: first })).toThrow(
        'on TCP no packet is dropped, doubled or brought forward',
      );
  });
});

describe('what never ends', () => {
  test('time stands still once more was sent than anybody could look at', () => {
    const setup: Setup = { version: 4, link: { delay: 1 }, clients: [{ name: 'pub', keepAlive: 1 }] };
    const world = run(
      [
        { do: 'connect', client: 'pub' },
        { do: 'wait', time: 1e9 },
      ],
      setup,
    );
    expect(world.flights.length).toBeGreaterThan(9000);
    expect(world.flights.length).toBeLessThan(12_000);
    expect(world.now).toBeLessThan(1e9);
    for (let n = 0; n < 12 && world.allows({ do: 'wait', time: 1e9 }); n++)
      world.apply({ do: 'wait', time: 1e9 });
    expect(() => world.apply({ do: 'cut', client: 'pub' })).toThrow(
      'more has happened than a world has room for',
    );
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
    ['time without end', [], { do: 'wait', time: Number.POSITIVE_INFINITY }, 'a wait has an end'],
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
    expect(world.allows(input)).toBe(false);
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
