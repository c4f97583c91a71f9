/** Where common mistakes point, in lessons 8 to 11: each address leads to a moment that shows the truth. */
import { describe, expect, test } from 'vitest';
import { decode, type Packet, type World } from '../../broker/index.ts';
import type { Exhibit } from '../../src/lessons/exhibit.ts';
import * as qos from '../../src/lessons/qos.ts';
import * as retained from '../../src/lessons/retained.ts';
import { worldOf } from '../../src/lessons/run.ts';
import type { Variant } from '../../src/lessons/scenario.ts';
import * as sessions from '../../src/lessons/sessions.ts';
import * as will from '../../src/lessons/will.ts';
import { fromFragment, toFragment } from '../../src/widgets/stepper/link.ts';

/** The packets of an exhibit, without what came before it. */
function packets({ run }: Exhibit): { from: string; to: string; packet: Packet }[] {
  const own = worldOf(run).flights.filter(({ sentAfter }) => sentAfter >= run.scenario.before.length);
  return own.map(({ from, to, frame, version }) => ({ from, to, packet: decode(frame, version) }));
}

const typesTo = (exhibit: Exhibit, client: string) =>
  packets(exhibit).flatMap(({ to, packet }) => (to === client ? [packet.type] : []));

function received(world: World, client: string): string[] {
  const messages = world.snapshot().clients[client]?.received ?? [];
  return messages.map(({ payload }) => new TextDecoder().decode(payload));
}

const figures: Record<string, readonly Variant[]> = {
  handshake: qos.variants,
  away: sessions.variants,
  expiry: sessions.expiryVariants,
  takeover: sessions.takeoverVariants,
  retained: retained.variants,
  removed: retained.goalVariants,
  will: will.variants,
  silence: will.goalVariants,
  late: will.lateVariants,
};

test.each([qos, sessions, retained, will].flatMap(({ exhibits }) => Object.values<Exhibit>(exhibits)))(
  'the address of a moment of the figure $figure leads there',
  ({ figure, variant, run }) => {
    const found = fromFragment(toFragment(figure, variant, run), figure, figures[figure] ?? []);
    expect(found).toMatchObject({ variant: { key: variant }, run: { at: run.at } });
  },
);

describe('lesson 8', () => {
  const { exhibits } = qos;
  const published = (exhibit: Exhibit) =>
    packets(exhibit).flatMap(({ from, packet }) =>
      packet.type === 'publish' ? [`${from} DUP ${Number(packet.dup)}`] : [],
    );

  test('QoS 2 runs on each hop by itself [MQTT-4.3.3-1]', () => {
    const hops = packets(exhibits.hops).map(({ from, to }) => `${from} ${to}`);
    expect(new Set(hops)).toEqual(new Set(['p1 broker', 'broker p1', 'broker phone', 'phone broker']));
    expect(packets(exhibits.hops).filter(({ packet }) => packet.type === 'pubcomp')).toHaveLength(2);
  });
  test('nothing is sent again however long the PUBACK takes [MQTT-4.4.0-1]', () => {
    expect(worldOf(exhibits.patient.run).now).toBe(3_600_000);
    expect(published(exhibits.patient)).toEqual(['p1 DUP 0', 'broker DUP 0']);
  });
  test('what stood still for a minute arrives all the same [v3 MQTT-7.1.1-1]', () => {
    expect(worldOf(exhibits.late.run).flights.every(({ state }) => state === 'delivered')).toBe(true);
  });
  test('DUP stays on the hop of p1 [MQTT-3.3.1-3], and the second PUBLISH is a new message to the broker', () => {
    expect(published(exhibits.again)).toEqual(['p1 DUP 0', 'broker DUP 0', 'p1 DUP 1', 'broker DUP 0']);
  });
});

describe('lesson 9', () => {
  const { exhibits } = sessions;

  test('QoS 1 waits and QoS 0 does not [v3 MQTT-3.1.2-5]; the session outlives DISCONNECT', () => {
    const { sessions: kept } = worldOf(exhibits.waiting.run).snapshot().broker;
    expect(kept.find(({ clientId }) => clientId === 'phone')).toMatchObject({
      connected: false,
      queued: [{ qos: 1 }],
    });
    expect(received(worldOf(exhibits.returned.run), 'phone')).toEqual(['1']);
    expect(packets(exhibits.returned).some(({ packet }) => packet.type === 'subscribe')).toBe(false);
  });
  test('the Session Expiry Interval decides what Clean Start 0 finds [v5 MQTT-3.1.2-23]', () => {
    const answer = packets(exhibits.expired).findLast(({ packet }) => packet.type === 'connack')?.packet;
    expect(answer).toMatchObject({ sessionPresent: false });
  });
  test('the second client is let in, and the first is told so in 5.0 only [v5 MQTT-3.14.0-1]', () => {
    for (const exhibit of [exhibits.thrownOut, exhibits.farewell]) {
      expect(worldOf(exhibit.run).link('tablet')).toBe('connected');
      expect(worldOf(exhibit.run).link('phone')).toBe('none');
    }
    expect(typesTo(exhibits.thrownOut, 'phone')).not.toContain('disconnect');
    expect(typesTo(exhibits.farewell, 'phone')).toContain('disconnect');
  });
});

describe('lesson 10', () => {
  const { exhibits } = retained;
  const flags = (exhibit: Exhibit) =>
    packets(exhibit).flatMap(({ to, packet }) =>
      packet.type === 'publish' && to === 'phone' ? [Number(packet.retain)] : [],
    );

  test('RETAIN is cleared on what comes live [v3 MQTT-3.3.1-9], and one message is kept', () => {
    expect(flags(exhibits.replaced)).toEqual([0, 1]);
    expect(worldOf(exhibits.replaced.run).snapshot().broker.retained).toHaveLength(1);
  });
  test('the empty message is delivered, and removes [v3 MQTT-3.3.1-10, -11]', () => {
    expect(received(worldOf(exhibits.removed.run), 'phone')).toContain('');
    expect(worldOf(exhibits.removed.run).snapshot().broker.retained).toEqual([]);
  });
  test('a retained message outlives the session of its publisher [MQTT-3.1.2-7]', () => {
    const world = worldOf(exhibits.outlived.run);
    expect(world.snapshot().broker.sessions.map(({ clientId }) => clientId)).toEqual(['phone']);
    expect(received(world, 'phone')).toEqual(['21']);
    expect(retained.judge(world).removed).toBe(false);
  });
  test('RETAIN 0 leaves the older one alone [v3 MQTT-3.3.1-12]', () => {
    expect(worldOf(exhibits.older.run).snapshot().broker.retained).toMatchObject([
      { payload: new TextEncoder().encode('21') },
    ]);
  });
});

describe('lesson 11', () => {
  const { exhibits } = will;

  test('DISCONNECT deletes the will [MQTT-3.14.4-3]', () => {
    expect(received(worldOf(exhibits.departed.run), 'watch')).toEqual(['lost', 'here']);
  });
  test('without Will Retain the will goes to those who are subscribed, and to nobody later [v3 MQTT-3.1.2-16]', () => {
    const world = worldOf(exhibits.passed.run);
    expect([received(world, 'watch'), received(world, 'phone')]).toEqual([['lost', 'here'], ['here']]);
  });
  test('the will comes after one and a half times the keep alive [v3 MQTT-3.1.2-24]', () => {
    const world = worldOf(exhibits.silent.run);
    expect([world.now, received(world, 'watch')]).toEqual([15_000, ['lost']]);
    expect(will.judge(world).deleted).toBe(false);
  });
  test('no PINGREQ is sent while something else is [v3 MQTT-3.1.2-23]', () => {
    expect(worldOf(exhibits.busy.run).now).toBe(10_000);
    expect(packets(exhibits.busy).some(({ packet }) => packet.type === 'pingreq')).toBe(false);
  });
  test('what a client receives does not save it [v3 MQTT-3.1.2-24]', () => {
    const world = worldOf(exhibits.deaf.run);
    expect(received(world, 'p1')).toEqual(['Report']);
    expect(received(world, 'watch')).toEqual(['lost']);
  });
});
