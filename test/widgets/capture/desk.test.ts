/** What the viewer's worker answers: asked as the page asks it, without a worker. */
import { describe, expect, test } from 'vitest';
import { Desk } from '../../../src/widgets/capture/desk.ts';
import { read } from '../../capture/packets.ts';
import { bytesOf, CAPTURES, contentsOf } from './captures.ts';

const blob = (file: string): Blob => new Blob([new Uint8Array(bytesOf(file))]);

async function open(file: string, { keyLogs = [] as string[], filter = '' } = {}) {
  const desk = new Desk(
    () => {},
    async () => {},
  );
  const answer = await desk.take({ do: 'read', file: blob(file), keyLogs, ports: [], filter });
  return { desk, ...answer };
}

describe('a capture that was read', () => {
  test.each(CAPTURES)(
    '$file has a row for each packet, and every packet can be opened',
    async ({ file, keylog }) => {
      const keyLogs = keylog === undefined ? [] : [Buffer.from(bytesOf(keylog)).toString()];
      const { desk, summary, listing } = await open(file, { keyLogs });
      expect([listing.count, listing.rows.length]).toEqual([summary.packets, Math.min(summary.packets, 100)]);
      const { parties, broker } = summary.lanes;
      expect(parties[broker]?.role).toBe('broker');
      for (const { number, lane, says } of listing.rows) {
        expect(lane).not.toBe(broker);
        expect(parties[lane]).toBeDefined();
        expect(says.map(({ what }) => what)).not.toContain('fault');
        const opened = await desk.take({ do: 'open', number });
        expect(opened?.packet.exchange).toContain(number);
        expect(opened?.around?.parts.slice(0, 3).map(({ layer }) => layer)).toEqual([
          'ethernet',
          'ipv4',
          'tcp',
        ]);
        expect(opened?.drawn?.packets.map((each) => each.number)).toContain(number);
        expect(opened?.place).toBe(number - 1);
      }
    },
  );

  test('has lanes: who publishes left of the broker, who subscribes right of it', async () => {
    const { summary, desk } = await open('v311-pubsub-qos2.pcapng');
    expect(summary.lanes).toEqual({
      parties: [
        { name: 'pub-qos2', role: 'publisher' },
        { name: 'broker', role: 'broker' },
        { name: 'sub-qos2', role: 'subscriber' },
      ],
      broker: 1,
      isShared: false,
    });
    const opened = await desk.take({ do: 'open', number: 7 });
    expect(opened?.packet.ties).toEqual([{ how: 'answeredBy', number: 8, frame: 19, type: 'pubrec' }]);
    expect(opened?.packet.exchange).toEqual([7, 8, 9, 12]);
  });

  test('many clients share a lane, and their rows name them', async () => {
    const { summary, listing } = await open('v5-shared-subscription.pcapng');
    expect(summary.lanes.isShared).toBe(summary.talks.length > 3);
    expect(listing.rows.every(({ client }) => client !== '')).toBe(true);
  });

  test('over TLS lists what is hidden, and shows the packets once there is a key log', async () => {
    const keyLog = Buffer.from(bytesOf('v311-tls12-keylog.keylog')).toString();
    const closed = await open('v311-tls12-keylog.pcapng');
    expect([closed.summary.packets, closed.secrets]).toEqual([0, 0]);
    expect(closed.summary.talks[0]?.records).toBeGreaterThan(0);
    const opened = await open('v311-tls12-keylog.pcapng', { keyLogs: [keyLog] });
    expect(opened.listing.count).toBe(5);
    const { around } = (await opened.desk.take({ do: 'open', number: 3 })) ?? {};
    expect(around?.parts.at(-1)).toMatchObject({ layer: 'tls', filter: 'tls' });
    expect(around?.parts.at(-1)?.fields.map(({ filter }) => filter)).toContain('tls.record.length');
  });
});

describe('the list', () => {
  test('is filtered, and a packet that is left out has no place in it', async () => {
    const { desk } = await open('v311-pubsub-qos2.pcapng');
    const answer = await desk.take({ do: 'filter', filter: 'publish' });
    expect(answer).toMatchObject({ listing: { count: 2, rows: [{ frame: 18 }, { frame: 21 }] } });
    expect((await desk.take({ do: 'open', number: 1 }))?.place).toBe(-1);
    expect((await desk.take({ do: 'open', number: 10 }))?.place).toBe(1);
    expect(await desk.take({ do: 'rows', from: 1, to: 5 })).toMatchObject([{ frame: 21 }]);
  });

  test('stays as it is where a filter is not understood, which is told', async () => {
    const { desk } = await open('v311-pubsub-qos2.pcapng', { filter: 'pubrel' });
    expect(await desk.take({ do: 'filter', filter: 'mqtt.qos = 2' })).toEqual({
      fault: { id: 'testMissing', start: 9, end: 10, found: '=', known: [] },
    });
    expect(await desk.take({ do: 'rows', from: 0, to: 9 })).toMatchObject([{ frame: 20 }, { frame: 25 }]);
  });
});

describe('what is saved', () => {
  test.each(CAPTURES)(
    '$file holds the same packets, as plain MQTT on port 1883',
    async ({ file, keylog }) => {
      const keyLogs = keylog === undefined ? [] : [Buffer.from(bytesOf(keylog)).toString()];
      const { desk } = await open(file, { keyLogs });
      const before = await contentsOf(file, keylog);
      const after = await read(await desk.take({ do: 'save' }));
      const hex = ({ packets }: typeof before) =>
        packets.map(
          ({ bytes, direction, version }) => `${direction} ${version} ${Buffer.from(bytes).toString('hex')}`,
        );
      expect(hex(after)).toEqual(hex(before));
      expect(
        after.conversations.every(({ broker, wrappings }) => broker.port === 1883 && wrappings.length === 0),
      ).toBe(true);
    },
  );

  test('with a filter is what it lets through, and the CONNECT of each connection', async () => {
    const { desk } = await open('v5-pubsub-qos2.pcapng', { filter: 'client:pub-qos2 && publish' });
    const { packets } = await read(await desk.take({ do: 'save' }));
    expect(packets.map(({ type, version }) => [type, version])).toEqual([
      ['connect', 5],
      ['publish', 5],
    ]);
  });
});
