import { test } from 'vitest';
import { Desk } from '/work/main/src/widgets/capture/desk.ts';
import { large } from '/work/main/test/widgets/capture/large.ts';
import { writeFileSync } from 'node:fs';
test('100 MB', async () => {
  let t = Date.now();
  const lap = (what: string) => { console.log(what, Date.now() - t, 'ms', Math.round(process.memoryUsage().rss / 1e6), 'MB'); t = Date.now(); };
  const bytes = large(100_000_000); lap(`made ${bytes.length}`);
  writeFileSync('/tmp/hundred.pcapng', bytes);
  const desk = new Desk(() => {}, async () => {});
  const r = await desk.take({ do: 'read', file: new Blob([bytes as Uint8Array<ArrayBuffer>]), keyLogs: [], ports: [], filter: '' });
  lap(`read ${r.summary.packets} packets`);
  await desk.take({ do: 'filter', filter: 'topic:hall/sensor/7' }); lap('filter by topic');
  await desk.take({ do: 'filter', filter: 'mqtt.len > 30' }); lap('filter by field');
  await desk.take({ do: 'open', number: 1000 }); lap('open');
  await desk.take({ do: 'rows', from: 0, to: 100 }); lap('rows');
}, 300_000);
