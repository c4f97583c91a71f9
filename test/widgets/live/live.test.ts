// The list of the live view, on the trace of a real broker.
import { expect, test } from 'vitest';
import { encode, utf8 } from '#broker/codec/index.ts';
import type { TraceEvent } from '#broker/session/trace.ts';
import { publishCommand, subscribeCommand } from '../../../src/widgets/live/commands.ts';
import { type FeedEvent, readMessage, writeMessage } from '../../../src/widgets/live/feed.ts';
import { LIST_LENGTH, LiveList, roleOf } from '../../../src/widgets/live/live.ts';
import { type Rig, transports } from '../../transport.ts';

const TURN_ON = encode(
  {
    type: 'publish',
    dup: false,
    qos: 0,
    retain: false,
    topic: 'Room1/Light',
    payload: utf8('Turn On'),
  },
  4,
);

transports.each('the live list', (open) => {
  test('shows who sent what to whom, the newest first', async () => {
    const rig = await open();
    await lesson(rig);
    const list = told(rig.trace);
    expect(rows(list)).toEqual([
      'p1 > disconnect',
      's1 < publish Room1/Light Turn On',
      'p1 > publish Room1/Light Turn On',
      'p1 < connack',
      'p1 > connect',
      's1 < suback',
      's1 > subscribe Room1/#',
      's1 < connack',
      's1 > connect',
    ]);
    expect(list.packets.find(({ type }) => type === 'publish')?.frame).toEqual(TURN_ON);
  });

  test('knows clients by what they do', async () => {
    const rig = await open();
    await lesson(rig);
    const list = told(rig.trace);
    const roles = list.packets.map(({ caller }) => `${caller.name} ${roleOf(caller)}`);
    expect([...new Set(roles)]).toEqual(['p1 publisher', 's1 subscriber']);
    const [subscriber] = list.packets.filter(({ caller }) => caller.name === 's1');
    expect(roleOf({ ...(subscriber?.caller as { name: string }), publishes: true, subscribes: true })).toBe(
      'both',
    );
    expect(roleOf({ name: '', publishes: false, subscribes: false })).toBe('unknown');
  });

  test('opens what the reader waits for, not what comes after it', async () => {
    const rig = await open();
    await lesson(rig);
    expect(told(rig.trace, 'publish').open).toMatchObject({ type: 'publish', isFromClient: true });
    expect(told(rig.trace).open?.type).toBe('disconnect');
  });

  test('shows what was no packet', async () => {
    const rig = await open();
    const wire = await rig.client({ clientId: 'odd' });
    await wire.send(new Uint8Array([0xc1, 0]));
    const [packet] = told(rig.trace).packets;
    expect(packet).toMatchObject({
      caller: { name: 'odd' },
      type: undefined,
      frame: new Uint8Array([0xc1, 0]),
    });
  });

  test('calls a client by the identifier that it was given', async () => {
    const rig = await open();
    await rig.client({ version: 5, clientId: '' });
    expect(told(rig.trace).packets.map(({ caller }) => caller.name)).toEqual(['auto-1', 'auto-1']);
  });
});

test('a list that stands still lets new packets wait, and takes them in when it follows', () => {
  const list = told([ping(1), ping(2)]);
  const [, first] = list.packets;
  list.pick(first as (typeof list.packets)[0]);
  list.take(message([ping(3)], 3));
  expect(list.packets.map(({ at }) => at)).toEqual([2, 1]);
  expect(list.waiting.map(({ at }) => at)).toEqual([3]);
  expect(list.open?.at).toBe(1);
  list.follow();
  expect(list.packets.map(({ at }) => at)).toEqual([3, 2, 1]);
  expect(list.waiting).toEqual([]);
  expect(list.open?.at).toBe(3);
});

test('a pause keeps what is open', () => {
  const list = told([ping(1)]);
  list.pause();
  list.take(message([ping(2)], 2));
  expect(list.open?.at).toBe(1);
});

test('the list is bounded, following or not, and counts what it let go', () => {
  const list = told([]);
  const many = Array.from({ length: LIST_LENGTH + 20 }, (_, index) => ping(index));
  list.take(message(many, 1));
  expect(list.packets).toHaveLength(LIST_LENGTH);
  expect(list.packets[0]?.at).toBe(LIST_LENGTH + 19);
  expect(list.letGo).toBe(20);
  list.pause();
  list.take(message(many, 1000));
  expect(list.waiting).toHaveLength(LIST_LENGTH);
  expect(list.letGo).toBe(40);
  list.follow();
  expect(list.letGo).toBe(40 + LIST_LENGTH);
});

test('what the server let go of is counted, until the list is cleared', () => {
  const list = told([ping(1)]);
  list.take({ kind: 'events', letGo: 7, events: [] });
  expect(list.missed).toBe(7);
  list.clear();
  expect([list.packets, list.missed, list.open, list.isKnown]).toEqual([[], 0, undefined, true]);
});

test('a server that begins anew begins the list anew', () => {
  const list = told([ping(1)]);
  list.take({ kind: 'greeting', port: null });
  expect([list.packets, list.port, list.isKnown]).toEqual([[], null, false]);
});

test('clients of two brokers that count alike are not mixed up', () => {
  const list = told([]);
  const opened = (peer: string): TraceEvent => ({ at: 1, by: 'broker', connection: 1, kind: 'opened', peer });
  list.take({
    kind: 'events',
    letGo: 0,
    events: [
      { number: 1, broker: 1, event: opened('first') },
      { number: 2, broker: 2, event: opened('second') },
      { number: 3, broker: 1, event: ping(1) },
      { number: 4, broker: 2, event: ping(1) },
    ],
  });
  expect(list.packets.map(({ caller }) => caller.name)).toEqual(['second', 'first']);
});

test('a packet that is too long to be sent here is not read', () => {
  const list = told([]);
  const frame = new Uint8Array(70_000).fill(0x61);
  frame.set([0x30, 0xed, 0xa2, 0x04, 0, 1]);
  list.take(message([{ at: 1, by: 'broker', connection: 1, kind: 'received', frame, version: 4 }], 1));
  expect(list.packets).toMatchObject([{ whole: 70_000, type: undefined }]);
});

test('commands name the port unless it is the usual one', () => {
  expect(publishCommand(1883)).toBe('mosquitto_pub -t Room1/Light -m "Turn On" -i p1');
  expect(publishCommand(1884)).toBe('mosquitto_pub -p 1884 -t Room1/Light -m "Turn On" -i p1');
  expect(subscribeCommand(1884)).toBe("mosquitto_sub -p 1884 -t 'Room1/#' -v");
});

/** What the lesson has its reader do. */
async function lesson(rig: Rig): Promise<void> {
  const subscriber = await rig.client({ clientId: 's1' });
  const subscription = { topicFilter: 'Room1/#', qos: 0, noLocal: false, retainAsPublished: false } as const;
  await subscriber.send({
    type: 'subscribe',
    packetId: 1,
    subscriptions: [{ ...subscription, retainHandling: 0 }],
  });
  const publisher = await rig.client({ clientId: 'p1' });
  await publisher.send(TURN_ON);
  await publisher.send({ type: 'disconnect', reasonCode: 0 });
}

/** A list that was told of a trace, by way of the wire. */
function told(trace: readonly TraceEvent[], preferred?: 'publish'): LiveList {
  const list = new LiveList(preferred);
  list.take({ kind: 'greeting', port: 1883 });
  list.take(message(trace, 1));
  return list;
}

function message(trace: readonly TraceEvent[], from: number) {
  const events: FeedEvent[] = trace.map((event, index) => ({ number: from + index, broker: 1, event }));
  return readMessage(writeMessage({ kind: 'events', letGo: 0, events }));
}

function rows({ packets }: LiveList): string[] {
  return packets.map(({ caller, isFromClient, type, detail }) =>
    `${caller.name} ${isFromClient ? '>' : '<'} ${type} ${detail}`.trim(),
  );
}

function ping(at: number): TraceEvent {
  return { at, by: 'broker', connection: 1, kind: 'received', frame: new Uint8Array([0xc0, 0]), version: 4 };
}
