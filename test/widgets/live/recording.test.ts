/** What the live view keeps, as a capture that tshark opens without a warning. */
import { expect, test } from 'vitest';
import { type TraceEvent, World } from '../../../broker/index.ts';
import type { FeedEvent } from '../../../src/widgets/live/feed.ts';
import { KEPT, LiveRecording } from '../../../src/widgets/live/recording.ts';
import { findingIds, listing, publish, read } from '../../capture/packets.ts';
import { tsharkFields, withoutTshark } from '../../capture/tshark.ts';

/** Two runs of a broker, each of which counts its connections from 1, as the server tells them. */
function feed(): FeedEvent[] {
  const world = new World({ version: 5, clients: [{ name: 'alice' }, { name: 'bob' }] });
  const settle = () => {
    for (let flight = world.next(); flight; flight = world.next()) {
      world.apply({ do: 'wait', time: 5 });
      world.apply({ do: 'deliver', flight: flight.number });
    }
  };
  world.apply({ do: 'connect', client: 'alice' });
  world.apply({ do: 'connect', client: 'bob' });
  settle();
  world.apply({ do: 'subscribe', client: 'bob', topicFilter: '#', qos: 2 });
  settle();
  world.apply({ do: 'publish', client: 'alice', topic: 'a', payload: 'x', qos: 2 });
  settle();
  world.apply({ do: 'disconnect', client: 'alice' });
  settle();
  const seen = world.trace.filter(({ by }) => by === 'broker');
  const last = seen.at(-1)?.at ?? 0;
  const runs = [seen, seen.map((event): TraceEvent => ({ ...event, at: event.at + last + 1000 }))];
  return runs.flatMap((events, index) =>
    events.map((event, number) => ({ number: index * seen.length + number + 1, broker: index + 1, event })),
  );
}

test('a recording holds every packet that was told of, of one broker and the next', async () => {
  const recording = new LiveRecording();
  const events = feed();
  for (const event of events) recording.take(event);
  const contents = await read(await recording.file());
  const packets = events.filter(({ event }) => event.kind === 'received' || event.kind === 'sent');
  expect(contents.packets.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
    packets.map(({ event }) => ('frame' in event ? Buffer.from(event.frame).toString('hex') : '')),
  );
  expect(contents.conversations.length).toBe(4);
  expect(findingIds(contents)).not.toContain('beginsInMiddle');
});

test.skipIf(withoutTshark)('tshark finds nothing wrong with it', async () => {
  const recording = new LiveRecording();
  for (const event of feed()) recording.take(event);
  const faults = ['_ws.malformed', 'tcp.analysis.flags', '_ws.expert.severity >= 6291456'].join(' || ');
  expect(tsharkFields(await recording.file(), faults, ['frame.number', '_ws.expert.message'])).toEqual([]);
});

test('the oldest packets are let go of, and those that did not come whole are left out', async () => {
  const recording = new LiveRecording();
  const event = (at: number): TraceEvent => {
    const frame = publish('a', String(at));
    return { at, by: 'broker', connection: 1, kind: 'received', frame, version: 4 };
  };
  recording.take({ number: 1, broker: 1, event: event(0), whole: 100_000 });
  for (let number = 1; number <= KEPT.events + 1; number++)
    recording.take({ number, broker: 1, event: event(number) });
  const contents = await read(await recording.file());
  expect(contents.packets.length).toBeLessThanOrEqual(KEPT.events);
  expect(contents.packets.length).toBeGreaterThan(KEPT.events / 2);
  expect(listing(contents)[0]).toBe('PUBLISH a');
});
