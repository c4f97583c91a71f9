// What the broker does that is no statement of a standard: how it holds back, what it tells, what it lets its host decide.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import {
  type Connect,
  encode,
  type Packet,
  type Properties,
  type Publish,
  type Suback,
  utf8,
} from '#broker/codec/index.ts';
import { OPEN } from '#broker/server/access.ts';
import type { Step } from '#broker/server/authentication.ts';
import { Broker } from '#broker/server/broker.ts';
import { Message } from '#broker/server/message.ts';
import {
  ack,
  connect,
  frame,
  lasting,
  none,
  publish,
  subscribe,
  unsubscribe,
} from '../conformance/packets.ts';
import { Peer, start } from './peer.ts';

const ANN: Step = { kind: 'success', username: 'ann' };

describe('a slow reader', () => {
  test('is sent no message at QoS 0 while too much waits to leave, and the others later', () => {
    const { broker, events } = start({ maximumBacklog: 1000 });
    const slow = new Peer(broker, { clientId: 'slow' });
    slow.send(subscribe(1, { topicFilter: '#', qos: 1 }));
    slow.take();
    const publisher = new Peer(broker, { clientId: 'publisher' });
    slow.backlog = 1001;
    publisher.send(publish('a', 'lost'), publish('a', 'kept', { packetId: 1 }));
    expect(slow.take()).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'dropped', why: 'queue full', qos: 0, clientId: 'slow' }),
    );
    expect(publisher.take()).toMatchObject([{ type: 'puback' }]);
    slow.drained();
    expect(slow.take()).toMatchObject([{ type: 'publish', payload: utf8('kept') }]);
  });

  test('has by default 4 MiB waiting before that', () => {
    const { broker } = start();
    const slow = new Peer(broker, { clientId: 'slow' });
    slow.send(subscribe(1, 'a'));
    slow.take();
    for (const extra of [0, 1]) {
      slow.backlog = 4 * 1024 * 1024 + extra;
      slow.send(publish('a'));
      expect(slow.take()).toHaveLength(1 - extra);
    }
  });

  test('still has its own packets answered', () => {
    const { broker } = start({ maximumBacklog: 1000 });
    const slow = new Peer(broker);
    slow.backlog = 5000;
    slow.send({ type: 'pingreq' }, subscribe(1, 'a'));
    expect(slow.take().map(({ type }) => type)).toEqual(['pingresp', 'suback']);
  });

  test('is sent what waited in pieces, as far as there is room', () => {
    const { broker } = start({ maximumBacklog: 1000 });
    const slow = new Peer(broker, { clientId: 'slow' });
    slow.send(subscribe(1, { topicFilter: '#', qos: 1 }));
    slow.take();
    const publisher = new Peer(broker, { clientId: 'publisher' });
    slow.backlog = 1001;
    publisher.send(publish('a', '1', { packetId: 1 }), publish('a', '2', { packetId: 2 }));
    slow.send(ack('puback', 99));
    expect(slow.take()).toEqual([]);
    slow.drained();
    expect(slow.take()).toHaveLength(2);
  });
});

test('what waits stays where it is when a link is drained that is no more', () => {
  const { broker } = start({ maximumBacklog: 1000 });
  const slow = new Peer(broker, { clientId: 'slow', ...lasting(4) });
  slow.send(subscribe(1, { topicFilter: 'a', qos: 1 }));
  slow.backlog = 1001;
  new Peer(broker, { clientId: 'publisher' }).send(publish('a', 'x', { packetId: 1 }));
  slow.closed();
  slow.drained();
  expect(broker.snapshot().sessions[0]).toMatchObject({ outbound: [], queued: [{ topic: 'a' }] });
});

test('a message at QoS 0 that waits for a client is not overtaken by the next one [MQTT-4.6.0-6]', () => {
  const { broker } = start({ queueQoS0: true, maximumInflight: 1 });
  const keeper = { clientId: 'keeper', ...lasting(4) };
  const before = new Peer(broker, keeper);
  before.send(subscribe(1, { topicFilter: '#', qos: 1 }));
  before.closed();
  const publisher = new Peer(broker, { clientId: 'publisher' });
  publisher.send(publish('a', 'under way', { packetId: 1 }), publish('a', 'old'));
  const after = new Peer(broker, { ...keeper, cleanStart: false });
  publisher.send(publish('a', 'new'));
  expect(after.take()).toEqual([]);
  after.send(ack('puback', 1));
  expect(after.take()).toMatchObject([{ payload: utf8('old') }, { payload: utf8('new') }]);
});

describe('time', () => {
  test('is told by the host, and never goes back', () => {
    const { broker } = start();
    broker.advance(5000);
    broker.advance(4000);
    expect(broker.now).toBe(5000);
  });

  test('is asked for by the earliest thing that is due, and by nothing where nothing is', () => {
    const { broker } = start({ connectTimeout: 30 });
    expect(broker.deadline).toBe(Number.POSITIVE_INFINITY);
    const peer = new Peer(broker, { keepAlive: 10 });
    expect(broker.deadline).toBe(15_000);
    peer.send({ type: 'disconnect', reasonCode: 0 });
    expect(broker.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  test('is not asked for by a session that never ends', () => {
    const { broker } = start();
    new Peer(broker, { clientId: 'keeper', ...lasting(4) }).closed();
    expect(broker.deadline).toBe(Number.POSITIVE_INFINITY);
  });

  test('leaves nothing behind of clients that come and go', () => {
    const { broker } = start();
    for (let n = 0; n < 100; n++) {
      const peer = new Peer(broker, { clientId: 'same', keepAlive: 60, ...lasting(5), version: 5 });
      peer.send({ type: 'disconnect', reasonCode: 0 });
    }
    expect(broker.timers.size).toBe(1);
  });

  test('is asked for once by the search for what expired, however often the broker is configured', () => {
    const { broker } = start();
    broker.configure({ retainedSweepInterval: 60 });
    broker.configure({ retainedSweepInterval: 30 });
    expect(broker.timers.size).toBe(1);
    expect(broker.deadline).toBe(30_000);
    broker.configure({ retainedSweepInterval: 0 });
    expect(broker.timers.size).toBe(0);
  });
});

test('a connection that has ended is let go of', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const { broker } = start();
  const peers = ['lost', 'closed'].map(
    (clientId) => new WeakRef(new Peer(broker, { clientId, keepAlive: 9 })),
  );
  peers[0]?.deref()?.closed();
  peers[1]?.deref()?.send({ type: 'disconnect', reasonCode: 0 });
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(peers.map((peer) => peer.deref())).toEqual([undefined, undefined]);
});

describe('what is told', () => {
  test('begins and ends with the connection, and has the statement that ruled each thing', () => {
    const { broker, events } = start();
    const peer = new Peer(broker, {
      clientId: 'x',
      will: { topic: 'w', payload: utf8(''), qos: 0, retain: false },
    });
    peer.send(subscribe(1, 'a'), publish('a'), { type: 'disconnect', reasonCode: 0 });
    expect(events.map(({ kind }) => kind)).toEqual([
      'opened',
      'received',
      'session',
      'will',
      'sent',
      'received',
      'subscribed',
      'sent',
      'received',
      'matched',
      'sent',
      'received',
      'will',
      'closed',
      'session',
    ]);
    expect(
      events.every(({ by, connection }) => by === 'broker' && (connection === 1 || connection === undefined)),
    ).toBe(true);
    expect(events.filter(({ kind }) => kind === 'will').map(({ rule }) => rule)).toEqual([
      'MQTT-3.1.2-8',
      'MQTT-3.14.4-3',
    ]);
    expect(events.find(({ kind }) => kind === 'matched')).toMatchObject({
      matches: [{ clientId: 'x', topicFilter: 'a', qos: 0 }],
    });
  });

  test('numbers connections as they come, names the other end, and gives a reason for those that this end closed', () => {
    const { broker, events } = start();
    new Peer(broker, { clientId: 'lost' }).closed();
    new Peer(broker, { clientId: 'leaves' }).send({ type: 'disconnect', reasonCode: 0 });
    const told = events.filter(({ kind }) => kind === 'opened' || kind === 'closed');
    const common = { at: 0, by: 'broker' };
    expect(told).toEqual([
      { ...common, kind: 'opened', connection: 1, peer: 'test' },
      { ...common, kind: 'closed', connection: 1, clientId: 'lost' },
      { ...common, kind: 'opened', connection: 2, peer: 'test' },
      {
        ...common,
        kind: 'closed',
        connection: 2,
        clientId: 'leaves',
        reason: 'the client said goodbye',
      },
    ]);
  });

  test('says which statement an AUTH has broken that comes uncalled for [v5 MQTT-4.12.0-5, MQTT-4.12.0-7]', () => {
    const method = { begin: () => (_: unknown, answer: (step: Step) => void) => answer(ANN) };
    const auth = (authenticationMethod: string): Packet => {
      return { type: 'auth', reasonCode: 0x18, properties: { authenticationMethod } };
    };
    for (const [properties, rule] of [
      [undefined, 'MQTT-4.12.0-7'],
      [{ authenticationMethod: 'ASK' }, 'MQTT-4.12.0-5'],
    ] as const) {
      const { broker, events } = start({}, { authenticationMethods: new Map([['ASK', method]]) });
      new Peer(broker, { version: 5, ...(properties && { properties }) }).send(auth('OTHER'));
      expect(events).toContainEqual(expect.objectContaining({ kind: 'closed', rule }));
    }
  });

  test('says of a client that has fallen silent for how long it might', () => {
    for (const [version, rule] of [
      [4, 'MQTT-3.1.2-24'],
      [5, 'MQTT-3.1.2-22'],
    ] as const) {
      const { broker, events } = start();
      new Peer(broker, { version, keepAlive: 10 });
      broker.advance(14_999);
      expect(events.at(-1)).toMatchObject({ kind: 'sent' });
      broker.advance(15_000);
      expect(events).toContainEqual(expect.objectContaining({ kind: 'silent', keepAlive: 10, rule }));
    }
  });

  test('follows a session through absence, return and end, and its will with it', () => {
    const { broker, events } = start();
    const gone = { topic: 'w', payload: utf8(''), qos: 0, retain: false } as const;
    const will = { ...gone, properties: { willDelayInterval: 30 } };
    const keeper = { clientId: 'keeper', ...lasting(5), will };
    new Peer(broker, keeper).closed();
    new Peer(broker, keeper).closed();
    broker.advance(2_000_000);
    new Peer(broker, { clientId: 'passer-by', version: 5, will: gone }).closed();
    const told = events.flatMap((event) =>
      event.kind === 'session' || event.kind === 'will' ? [[event.kind, event.action, event.rule]] : [],
    );
    const absence = [
      ['will', 'stored', 'MQTT-3.1.2-7'],
      ['will', 'delayed', 'MQTT-3.1.2-8'],
      ['session', 'kept', 'MQTT-3.1.2-23'],
    ];
    expect(told).toEqual([
      ['session', 'created', undefined],
      ...absence,
      ['will', 'deleted', 'MQTT-3.1.3-9'],
      ['session', 'resumed', 'MQTT-3.1.2-5'],
      ...absence,
      ['will', 'published', 'MQTT-3.1.2-8'],
      ['session', 'expired', 'MQTT-4.1.0-2'],
      ['session', 'created', undefined],
      ['will', 'stored', 'MQTT-3.1.2-7'],
      ['will', 'published', 'MQTT-3.1.2-8'],
      ['session', 'discarded', 'MQTT-3.1.2-4'],
    ]);
  });

  test('names the statement of the version in which a session is taken up again', () => {
    const { broker, events } = start();
    for (const version of [4, 5, 4] as const)
      new Peer(broker, { clientId: 'keeper', ...lasting(version) }).closed();
    const resumed = events.filter((event) => event.kind === 'session' && event.action === 'resumed');
    expect(resumed.map(({ rule }) => rule)).toEqual(['MQTT-3.1.2-5', 'MQTT-3.1.2-4']);
  });

  test('says of a retained message whether it is the first, takes a place, or is taken away', () => {
    for (const [version, removal] of [
      [4, 'MQTT-3.3.1-10'],
      [5, 'MQTT-3.3.1-6'],
    ] as const) {
      const { broker, events } = start();
      const peer = new Peer(broker, { version });
      for (const payload of ['', 'first', 'second', '', ''])
        peer.send(publish('a', payload, { retain: true }));
      const told = events.flatMap((event) =>
        event.kind === 'retained' ? [[event.topic, event.action, event.rule]] : [],
      );
      expect(told).toEqual([
        ['a', 'stored', 'MQTT-3.3.1-5'],
        ['a', 'replaced', 'MQTT-3.3.1-5'],
        ['a', 'removed', removal],
      ]);
    }
  });

  test('says of a message that it was queued only where it has to wait', () => {
    const { broker, events } = start();
    const keeper = new Peer(broker, { clientId: 'keeper', ...lasting(4) });
    keeper.send(subscribe(1, { topicFilter: '#', qos: 1 }));
    const publisher = new Peer(broker, { clientId: 'publisher' });
    publisher.send(publish('goes', 'x', { packetId: 1 }));
    keeper.closed();
    publisher.send(publish('waits', 'x', { packetId: 2 }));
    const queued = events.filter(({ kind }) => kind === 'queued');
    expect(queued).toMatchObject([{ clientId: 'keeper', topic: 'waits', qos: 1, rule: 'MQTT-3.1.2-5' }]);
  });

  test('says of a subscription that it was refused', () => {
    const { broker, events } = start({ maximumTopicLevels: 1 });
    new Peer(broker, { clientId: 'x' }).send(subscribe(1, 'a/b'));
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'refused', what: 'subscribe', reasonCode: 0x8f, clientId: 'x' }),
    );
  });

  test('says of a will that its client might not publish that it was refused', () => {
    const { broker, events } = start();
    const will = { topic: '$SYS/x', payload: utf8(''), qos: 0, retain: false } as const;
    new Peer(broker, { clientId: 'x', will }).closed();
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'refused', what: 'publish', reasonCode: 0x87, clientId: 'x' }),
    );
  });

  test('has one end, also where the client takes no packet so large as what it is refused with', () => {
    const { broker, events } = start({ maximumSessions: 0 });
    new Peer(broker, { version: 5, properties: { maximumPacketSize: 2 } });
    expect(events.map(({ kind }) => kind)).toEqual(['opened', 'received', 'refused', 'closed']);
  });

  test('after the end is nothing, whatever still comes', () => {
    const { broker, events } = start();
    const peer = new Peer(broker);
    peer.send({ type: 'disconnect', reasonCode: 0 });
    const count = events.length;
    peer.send({ type: 'pingreq' });
    peer.sendBytes(new Uint8Array([0x00, 0x00]));
    peer.sendBytes(new Uint8Array([0x30, 0xff, 0xff, 0xff, 0xff]));
    peer.closed();
    peer.drained();
    broker.advance(1e9);
    expect(events).toHaveLength(count);
    expect(peer.take()).toEqual([]);
  });
});

test('what is let go of because its receiver is away is noted down', () => {
  const { broker, events } = start();
  const away = new Peer(broker, { clientId: 'away', ...lasting(4) });
  away.send(subscribe(1, { topicFilter: 'a', qos: 0 }));
  away.closed();
  new Peer(broker, { clientId: 'publisher' }).send(publish('a', 'x', { packetId: 1 }));
  expect(events).toContainEqual(
    expect.objectContaining({ kind: 'dropped', why: 'offline', topic: 'a', clientId: 'away' }),
  );
});

test('nothing waits for a client that may not read it', () => {
  const { broker, events } = start({}, { access: { ...OPEN, read: () => false } });
  const away = new Peer(broker, { clientId: 'away', ...lasting(4) });
  away.send(subscribe(1, { topicFilter: 'a', qos: 1 }));
  away.closed();
  new Peer(broker, { clientId: 'publisher' }).send(publish('a', 'x', { packetId: 1 }));
  expect(events).toContainEqual(
    expect.objectContaining({ kind: 'dropped', why: 'refused', clientId: 'away' }),
  );
  expect(broker.snapshot().sessions[0]?.queued).toEqual([]);
});

test('a publisher is told that somebody subscribes, alone or in a group or both', () => {
  const { broker } = start();
  const peer = new Peer(broker, { version: 5 });
  for (const [index, filters] of [['a'], ['$share/all/a'], ['a', '$share/all/a']].entries()) {
    peer.send(subscribe(1, ...filters), publish('a', 'x', { packetId: 2 }), unsubscribe(3, ...filters));
    const answers = peer.take().filter(({ type }) => type === 'puback');
    expect([index, answers]).toMatchObject([index, [{ reasonCode: 0 }]]);
  }
});

test('what has waited leaves as far as there is room, and no further', () => {
  const { broker } = start({ maximumBacklog: 1000 });
  const slow = new Peer(broker, { clientId: 'slow' });
  slow.send(subscribe(1, { topicFilter: 'a', qos: 1 }));
  slow.take();
  slow.backlog = 1001;
  const publisher = new Peer(broker, { clientId: 'publisher' });
  for (const packetId of [1, 2, 3]) publisher.send(publish('a', 'x', { packetId }));
  slow.fillsAfter = 2;
  slow.drained();
  expect(slow.take()).toHaveLength(2);
  slow.drained();
  expect(slow.take()).toHaveLength(1);
});

test('bytes that are no packet are noted down with the rule of the version that is spoken', () => {
  for (const version of [4, 5] as const) {
    const { broker, events } = start();
    const peer = new Peer(broker, { version });
    peer.sendBytes(Uint8Array.of(0x36, 2, 0, 0)); // a PUBLISH of QoS 3
    expect(peer.isClosed).toBe(true);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'malformed', version, rule: 'MQTT-3.3.1-4' }),
    );
  }
});

test('a client of a version that does not exist is refused in the form of 3.1.1 [MQTT-3.1.2-2]', () => {
  const { broker, events } = start();
  broker
    .accept({ backlog: 0, send: () => {}, close: () => {} }, 'test')
    .receive(frame(0x10, 'MQTT', [6, 2, 0, 0], 'x'));
  expect(events).toContainEqual(
    expect.objectContaining({ kind: 'sent', version: 4, frame: Uint8Array.of(0x20, 2, 0, 1) }),
  );
});

test('a CONNECT that is malformed is refused by the rule of the version that it names', () => {
  for (const [version, rule] of [
    [4, 'MQTT-3.1.2-3'],
    [5, 'MQTT-3.1.2-3'],
  ] as const) {
    const { broker, events } = start();
    const link = { backlog: 0, send: () => {}, close: () => {} };
    broker.accept(link, 'test').receive(frame(0x10, 'MQTT', [version, 1, 0, 0], none(version), 'x'));
    expect(events.map(({ kind, rule }) => [kind, rule])).toEqual([
      ['opened', undefined],
      ['malformed', rule],
      ['refused', rule],
      ...(version === 5 ? [['sent', undefined]] : []),
      ['closed', rule],
    ]);
  }
});

test('bytes that name no version of MQTT end the connection, and nobody is refused [MQTT-3.1.2-1]', () => {
  for (const [bytes, rule] of [
    [frame(0x10, 'MQTX', [5, 2, 0, 0, 0], 'x'), 'MQTT-3.1.2-1'],
    [frame(0x10, 'MQ'.repeat(200)), undefined],
    [Uint8Array.of(0x10, 1, 0), undefined],
  ] as const) {
    const { broker, events } = start({ maximumConnectSize: 100 });
    const sent: Uint8Array[] = [];
    const link = { backlog: 0, send: (frame: Uint8Array) => void sent.push(frame), close: () => {} };
    broker.accept(link, 'test').receive(bytes);
    expect(sent).toEqual([]);
    expect(events.map(({ kind, rule }) => [kind, rule])).toEqual([
      ['opened', undefined],
      ['malformed', rule],
      ['closed', rule],
    ]);
  }
});

test('a second copy of a QoS 2 message is noted down by the rule of the version that is spoken', () => {
  for (const [version, rule] of [
    [4, 'MQTT-4.3.3-2'],
    [5, 'MQTT-4.3.3-10'],
  ] as const) {
    const { broker, events } = start();
    const peer = new Peer(broker, { version });
    peer.send(
      publish('a', 'x', { packetId: 1, qos: 2 }),
      publish('a', 'x', { packetId: 1, qos: 2, dup: true }),
    );
    expect(events).toContainEqual(expect.objectContaining({ kind: 'duplicate', packetId: 1, rule }));
  }
});

test('a second CONNECT changes nothing of the version that is spoken [MQTT-3.1.0-2]', () => {
  const { broker } = start();
  const peer = new Peer(broker, { version: 5 });
  peer.sendBytes(encode(connect({ version: 4 }), 4));
  expect(peer.take()).toMatchObject([{ type: 'disconnect', reasonCode: 0x82 }]);
});

test('what goes wrong at the host ends the connection that it is about and no other, and the host hears of it', () => {
  const fail = () => {
    throw new Error('the disk is full');
  };
  const { broker } = start({}, { access: { ...OPEN, publish: fail } });
  const [bystander, peer] = ['bystander', 'peer'].map(
    (clientId) => new Peer(broker, { clientId, version: 5 }),
  ) as [Peer, Peer];
  expect(() => peer.send(publish('a'))).toThrow('the disk is full');
  expect(peer.take()).toMatchObject([{ type: 'disconnect', reasonCode: 0x83 }]);
  expect([peer.isClosed, bystander.isClosed]).toEqual([true, false]);
});

test('whoever decides who may come in is told where from', () => {
  const peers: string[] = [];
  const access = { ...OPEN, connect: (_: Connect, peer: string) => void peers.push(peer) };
  new Peer(start({}, { access }).broker);
  expect(peers).toEqual(['test']);
});

test('where clients have to name themselves, one that does is let in and one that does not is refused', () => {
  const { broker } = start({ allowEmptyClientId: false });
  expect(new Peer(broker, { clientId: 'a' }).isClosed).toBe(false);
  expect(new Peer(broker, { clientId: '' }).isClosed).toBe(true);
});

test('the journal hears of what leaves when there is room again', () => {
  const changed: string[] = [];
  const journal = {
    changed: ({ clientId }: { clientId: string }) => void changed.push(clientId),
    ended: () => {},
    retained: () => {},
  };
  const broker = new Broker({ maximumBacklog: 1000 }, { journal });
  const slow = new Peer(broker, { clientId: 'slow' });
  slow.send(subscribe(1, { topicFilter: 'a', qos: 2 }));
  slow.take();
  slow.backlog = 1001;
  new Peer(broker, { clientId: 'publisher' }).send(publish('a', 'x', { packetId: 1, qos: 2 }));
  changed.length = 0;
  slow.drained();
  expect(slow.take()).toMatchObject([{ type: 'publish', packetId: 1 }]);
  expect(changed).toEqual(['slow']);
});

test('the journal hears of sessions alone: not of connections that have none, and nothing of one that has ended', () => {
  const heard: string[] = [];
  const journal = {
    changed: ({ clientId }: { clientId: string }) => void heard.push(`changed ${clientId}`),
    ended: ({ clientId }: { clientId: string }) => void heard.push(`ended ${clientId}`),
    retained: () => {},
  };
  const { broker } = start({}, { journal });
  const uncalled = broker.accept({ backlog: 0, send: () => {}, close: () => {} }, 'test');
  uncalled.receive(encode({ type: 'pingreq' }, 4));
  expect(heard).toEqual([]);
  new Peer(broker, { clientId: 'x' }).send({ type: 'disconnect', reasonCode: 0 });
  expect(heard.at(-1)).toBe('ended x');
});

describe('what explains an answer', () => {
  const UNASKED = { requestProblemInformation: 0 } as const;

  test('goes with CONNACK and DISCONNECT even where the client does not ask for it [v5 MQTT-3.1.2-29]', () => {
    const { broker } = start({ maximumTopicLevels: 1, maximumPacketSize: 100 });
    const [refused, ended] = [true, false].map((isRefused) => {
      const will = { topic: 'a/b', payload: utf8(''), qos: 0, retain: false } as const;
      return new Peer(broker, { version: 5, properties: UNASKED, ...(isRefused && { will }) });
    }) as [Peer, Peer];
    ended.send(publish('a', 'x'.repeat(100)));
    for (const [packet] of [refused.welcome, ended.take()])
      expect(packet).toMatchObject({ properties: { reasonString: expect.any(String) } });
  });

  test('goes with it as long as the packet is not too large for the client, and is left out beyond that', () => {
    const answerTo = (maximumPacketSize: number) => {
      const { broker } = start({ maximumTopicLevels: 1 });
      const peer = new Peer(broker, { version: 5, properties: { maximumPacketSize } });
      peer.send(subscribe(1, 'a/b'));
      return peer.take()[0] as Suback;
    };
    const explained = answerTo(1000);
    expect(explained.properties?.reasonString).toBeDefined();
    const { length } = encode(explained, 5);
    expect(answerTo(length)).toEqual(explained);
    expect(answerTo(length - 1).properties).toBeUndefined();
  });
});

test('a topic alias is set where the packet that sets it is not too large for the client, and left out where it is [v5 MQTT-3.1.2-24]', () => {
  const topic = 'a topic';
  // Three bytes more, and both lengths before them are as long as they can be without another byte.
  const properties: Properties = { userProperty: [['x'.repeat(100), 'x'.repeat(22)]] };
  const plain = publish(topic, 'x'.repeat(16_243), { properties });
  const aliased = { ...plain, properties: { ...properties, topicAlias: 1 } };
  const [shorter, longer] = [plain, aliased].map((packet) => encode(packet, 5).length) as [number, number];
  expect(longer - shorter).toBe(5);
  for (const [maximumPacketSize, topicAlias] of [
    [longer, 1],
    [longer - 1, undefined],
  ] as const) {
    const { broker } = start();
    const limits = { maximumPacketSize, topicAliasMaximum: 1 };
    const reader = new Peer(broker, { version: 5, clientId: 'reader', properties: limits });
    reader.send(subscribe(1, topic));
    reader.take();
    new Peer(broker, { version: 5 }).send(plain);
    const [packet] = reader.take();
    expect(packet).toMatchObject({ type: 'publish', topic });
    expect((packet as Publish).properties?.topicAlias).toBe(topicAlias);
  }
});

test('who is taken over is told of by the rule of the version that it spoke', () => {
  for (const [version, rule] of [
    [4, 'MQTT-3.1.4-2'],
    [5, 'MQTT-3.1.4-3'],
  ] as const) {
    const { broker, events } = start();
    new Peer(broker, { clientId: 'x', version });
    new Peer(broker, { clientId: 'x', version });
    expect(events).toContainEqual(expect.objectContaining({ action: 'taken over', rule }));
  }
});

test('a message is written once for all who get the same', () => {
  const message = new Message({ topic: 'a', payload: utf8('x'), qos: 1, retain: false }, 0);
  const delivery = { message, qos: 0, retain: false, identifiers: [] } as const;
  const frame = message.frame(delivery, 4, undefined, 0);
  expect(message.frame({ ...delivery }, 4, undefined, 0)).toBe(frame);
  expect(message.frame(delivery, 5, undefined, 0)).not.toBe(frame);
});

test('while it is decided whether a client may come in, it may send so much and no more', () => {
  const ping = encode({ type: 'pingreq' }, 4);
  for (const extra of [0, 1]) {
    const broker = new Broker({ maximumConnectSize: 100 }, { access: { ...OPEN, connect: () => {} } });
    const peer = new Peer(broker);
    for (let n = 0; n < 50 + extra; n++) peer.sendBytes(ping);
    expect(peer.isClosed).toBe(extra === 1);
  }
});

test('what CONNACK tells of the broker by default', () => {
  const { broker } = start();
  expect(new Peer(broker, { version: 5 }).welcome).toMatchObject([
    {
      type: 'connack',
      properties: { receiveMaximum: 20, maximumPacketSize: 16 * 1024 * 1024, topicAliasMaximum: 10 },
    },
  ]);
});

test('by default a client may send 256 KiB before it is let in, and no more', () => {
  for (const [lengthField, isTaken] of [
    [[0xfc, 0xff, 0x0f], true],
    [[0xfd, 0xff, 0x0f], false],
  ] as const) {
    const { broker, events } = start();
    const link = { backlog: 0, send: () => {}, close: () => {} };
    broker.accept(link, 'test').receive(Uint8Array.of(0x10, ...lengthField));
    expect(events.at(-1)?.kind).toBe(isTaken ? 'opened' : 'closed');
  }
});

test('by default clients may stay, and publish anywhere but to the broker’s own topics', () => {
  const { broker } = start();
  const peer = new Peer(broker, { version: 5 });
  peer.send(publish('$SYS/x', 'x', { packetId: 1 }), publish('$other', 'x', { packetId: 2 }));
  expect(peer.take()).toMatchObject([{ reasonCode: 0x87 }, { reasonCode: 0x10 }]);
  broker.review();
  expect(peer.isClosed).toBe(false);
});

test('once rights have changed, those who may not stay are sent away, and those who may are let be', () => {
  const rights = { ...OPEN, mayStay: ({ clientId }: { clientId: string }) => clientId !== 'unwanted' };
  const { broker } = start({}, { access: rights });
  const [unwanted, welcome] = ['unwanted', 'welcome'].map(
    (clientId) => new Peer(broker, { version: 5, clientId }),
  ) as [Peer, Peer];
  broker.review();
  expect(unwanted.take()).toMatchObject([{ type: 'disconnect', reasonCode: 0x87 }]);
  expect([unwanted.isClosed, welcome.isClosed]).toEqual([true, false]);
});

test('what was retained by one who has lost the right to is kept back, unless that is not to be looked at', () => {
  for (const settings of [{}, { checkRetainSource: false }]) {
    let isAllowed = true;
    const { broker } = start(settings, { access: { ...OPEN, publish: () => isAllowed } });
    const peer = new Peer(broker);
    peer.send(publish('a', 'x', { retain: true }));
    isAllowed = false;
    peer.send(subscribe(1, 'a'));
    expect(peer.take().map(({ type }) => type)).toEqual(
      'checkRetainSource' in settings ? ['suback', 'publish'] : ['suback'],
    );
  }
});

test('a snapshot is plain data: sessions with what they hold, and what is retained', () => {
  const { broker } = start();
  const keeper = new Peer(broker, { clientId: 'keeper', cleanStart: false });
  expect(broker.snapshot().sessions[0]).not.toHaveProperty('will');
  keeper.send(
    subscribe(1, { topicFilter: 'a', qos: 1 }),
    publish('a', 'r', { packetId: 1, retain: true }),
    publish('b', '', { packetId: 5, qos: 2 }),
  );
  keeper.closed();
  new Peer(broker, { clientId: 'publisher' }).send(publish('a', 'q', { packetId: 1 }));
  const snapshot = broker.snapshot();
  expect(JSON.parse(JSON.stringify(snapshot.sessions[0]))).toMatchObject({
    clientId: 'keeper',
    connected: false,
    subscriptions: [{ topicFilter: 'a', qos: 1 }],
    outbound: [{ packetId: 1, qos: 1, topic: 'a', awaiting: 'puback', sent: 1 }],
    inbound: [5],
    queued: [{ topic: 'a', qos: 1 }],
  });
  expect(snapshot.retained).toEqual([{ topic: 'a', qos: 1, payload: utf8('r') }]);
  const will = { topic: 'w', payload: utf8(''), qos: 0, retain: false } as const;
  new Peer(broker, { clientId: 'mortal', will });
  expect(broker.snapshot().sessions.at(-1)).toMatchObject({ clientId: 'mortal', connected: true, will });
});
