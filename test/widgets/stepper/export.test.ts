import { expect, test } from 'vitest';
import { act, begin, go, toEnd } from '../../../src/lessons/run.ts';
import { toPcapng } from '../../../src/widgets/stepper/export.ts';
import { read } from '../../capture/packets.ts';
import { tsharkFields, withoutTshark } from '../../capture/tshark.ts';
import { cut, scenario, until } from './world.ts';

const SAVED = Date.UTC(2026, 0, 1);

test('a run is saved with its connections from their beginning, up to where its reader stands', async () => {
  const run = toEnd(begin(scenario('4-1')));
  const [all, before] = [run, go(run, 0)].map((each) => toPcapng(each, SAVED));
  const { conversations, packets } = await read(all as Uint8Array);
  expect(conversations).toHaveLength(2);
  const earlier = await read(before as Uint8Array);
  expect(packets.length).toBe(earlier.packets.length + 4);
});

test.skipIf(withoutTshark)(
  'tshark reads the lost packet’s cut as a reset, and the goodbye as a close',
  () => {
    const { run } = until('4-1', 'puback', 'p1');
    const end = act(toEnd(act(run, cut('p1'))), { do: 'disconnect', client: 'phone' });
    const file = toPcapng(toEnd(end), SAVED);
    const count = (filter: string) => tsharkFields(file, filter, ['frame.number']).length;
    expect(count('tcp.flags.reset == 1')).toBe(1);
    expect(count('tcp.flags.fin == 1')).toBe(2);
    expect(count('mqtt.msgtype == 3 && mqtt.dupflag == 1')).toBe(1);
    expect(count('_ws.malformed || tcp.analysis.flags')).toBe(0);
  },
);
