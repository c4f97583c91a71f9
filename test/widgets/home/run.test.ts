/** The run of the home page, on the real engine: publishing, stepping, going back. */
import { expect, test } from 'vitest';
import { decode, type QoS } from '#broker/index.ts';
import {
  back,
  canStep,
  FIRST,
  opening,
  type Publication,
  publish,
  step,
  toEnd,
  toStart,
} from '../../../src/widgets/home/run.ts';
import { flightsOf, openedOf, type Scene, sceneOf, typeOf } from '../../../src/widgets/home/scene.ts';

const got = ({ subscribers }: Scene) => subscribers.map(({ state, message }) => message ?? state);

function published(publication: Partial<Publication>): Scene {
  return sceneOf(toEnd(publish(opening(), { ...FIRST, ...publication })));
}

test('the page opens with one copy arrived, one in flight, and nothing for the third', () => {
  const scene = sceneOf(opening());
  expect(got(scene)).toEqual(['Turn On', 'on its way', 'nothing']);
  expect(scene.subscribers.map(({ verdict }) => verdict?.kind)).toEqual(['matches', 'matches', 'differs']);
  expect(openedOf(scene, undefined)?.frame).toEqual(
    Uint8Array.from([
      ...[0x30, 0x14, 0x00, 0x0b, 0x52, 0x6f, 0x6f, 0x6d, 0x31, 0x2f, 0x4c, 0x69, 0x67, 0x68, 0x74],
      ...[0x54, 0x75, 0x72, 0x6e, 0x20, 0x4f, 0x6e],
    ]),
  );
});

test('a step delivers what is in flight, and then there is no next one', () => {
  const run = step(opening());
  expect(got(sceneOf(run))).toEqual(['Turn On', 'Turn On', 'nothing']);
  expect(canStep(run)).toBe(false);
  expect(step(run)).toBe(run);
});

test('going back takes a step back, and going on does the same again', () => {
  const end = toEnd(publish(opening(), { ...FIRST, qos: 2 }));
  const before = back(end);
  expect(flightsOf(sceneOf(before)).filter(({ state }) => state === 'in flight')).toHaveLength(1);
  expect(sceneOf(step(before))).toEqual(sceneOf(end));
});

test('at the start nothing has been published, and there is no way further back', () => {
  const start = toStart(opening());
  expect(flightsOf(sceneOf(start))).toEqual([]);
  expect(openedOf(sceneOf(start), undefined)).toBeUndefined();
  expect(back(start).at).toBe(0);
});

test('a new publication lets what is under way arrive first', () => {
  const run = publish(opening(), { ...FIRST, message: 'Turn Off' });
  expect(got(sceneOf(back(run)))).toEqual(['Turn On', 'Turn On', 'nothing']);
  const scene = sceneOf(run);
  expect(got(scene)).toEqual(['nothing', 'nothing', 'nothing']);
  expect(scene.topic).toBeUndefined();
  expect(openedOf(scene, undefined)).toBeUndefined();
  expect(got(sceneOf(toEnd(run)))).toEqual(['Turn Off', 'Turn Off', 'nothing']);
});

test('publishing from a place further back forgets what came after it', () => {
  const run = publish(toStart(opening()), { ...FIRST, topic: 'Room2/Door' });
  expect(run.inputs.filter((input) => input.do === 'publish')).toHaveLength(1);
  expect(got(sceneOf(toEnd(run)))).toEqual(['nothing', 'nothing', 'Turn On']);
});

test.each<[string, string[]]>([
  ['Room1/Light', ['Turn On', 'Turn On', 'nothing']],
  ['Room2/Light', ['nothing', 'Turn On', 'Turn On']],
  ['Room1', ['Turn On', 'nothing', 'nothing']],
  ['Kitchen', ['nothing', 'nothing', 'nothing']],
  ['$own/Light', ['nothing', 'nothing', 'nothing']],
])(
  'the topic %s reaches those who asked for it, and they are those that the figure says match',
  (topic, expected) => {
    const scene = published({ topic });
    expect(got(scene)).toEqual(expected);
    expect(scene.subscribers.map(({ verdict }) => verdict?.kind === 'matches')).toEqual(
      expected.map((each) => each !== 'nothing'),
    );
  },
);

test('the broker keeps its own topics to itself, and says nothing [MQTT-3.3.5-2]', () => {
  const scene = published({ topic: '$SYS/Light', qos: 1 });
  expect(scene.isRefused).toBe(true);
  expect(got(scene)).toEqual(['nothing', 'nothing', 'nothing']);
  expect(scene.subscribers.map(({ verdict }) => verdict)).toEqual([undefined, undefined, undefined]);
  expect(scene.sent.map(typeOf)).toEqual(['publish', 'puback']);
});

test.each<[QoS, string[]]>([
  [0, ['publish']],
  [1, ['publish', 'puback']],
  [2, ['publish', 'pubrec', 'pubrel', 'pubcomp']],
])('at QoS %i the whole handshake runs on every hop', (qos, handshake) => {
  const { sent, subscribers } = published({ qos });
  const [phone, display, heater] = subscribers.map(({ flights }) => flights.map(typeOf));
  expect([sent.map(typeOf), phone, display]).toEqual([handshake, handshake, handshake]);
  expect(heater).toEqual([]);
});

test('a retained message is kept, replaced and removed, and reaches live subscribers with RETAIN 0 [MQTT-3.3.1-9]', () => {
  let run = opening();
  for (const [message, action] of [
    ['Turn On', 'stored'],
    ['Turn Off', 'replaced'],
    ['', 'removed'],
  ] as const) {
    run = toEnd(publish(run, { ...FIRST, message, retain: true }));
    const { retained, subscribers } = sceneOf(run);
    const copy = subscribers[0]?.flights[0];
    expect(retained).toBe(action);
    expect(copy && decode(copy.frame, copy.version)).toMatchObject({ retain: false });
  }
  expect(sceneOf(toEnd(publish(run, FIRST))).retained).toBeUndefined();
});

test('the packet that was chosen is open as long as it is there', () => {
  const run = opening();
  const copy = sceneOf(run).subscribers[1]?.flights[0];
  expect(openedOf(sceneOf(run), copy?.number)?.client).toBe('display');
  expect(openedOf(sceneOf(publish(run, FIRST)), copy?.number)).toBeUndefined();
});
