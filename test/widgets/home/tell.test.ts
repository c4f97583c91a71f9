/** What the figure says of itself, in English. */
import { expect, test } from 'vitest';
import { dictionary } from '../../../src/i18n/index.ts';
import { objection, objectionText } from '../../../src/widgets/home/objection.ts';
import { readout } from '../../../src/widgets/home/readout.ts';
import {
  back,
  FIRST,
  opening,
  type Publication,
  publish,
  type Run,
  step,
  toEnd,
  toStart,
} from '../../../src/widgets/home/run.ts';
import { flightsOf, openedOf, sceneOf } from '../../../src/widgets/home/scene.ts';
import { openedText, status, verdictText } from '../../../src/widgets/home/tell.ts';
import { verdict } from '../../../src/widgets/home/verdict.ts';
import { open } from '../../../src/widgets/packet/opened.ts';

const words = dictionary('en').home;
const told = (run: Run) => status(sceneOf(run), words, 'en');
const form = (publication: Partial<Publication>) => ({ ...FIRST, ...publication });

/** Everything that is said on the way to the end. */
function story(run: Run): string[] {
  const next = step(run);
  return next === run ? [told(run)] : [told(run), ...story(next)];
}

test('the page opens with a sentence about all three', () => {
  expect(told(opening())).toBe(
    'PUBLISH arrived. 2 of 3 filters match. Delivered to phone; display’s copy is in flight.',
  );
});

test('a publication is told from its sending to its last copy', () => {
  expect(story(publish(opening(), FIRST))).toEqual([
    'p1 has sent PUBLISH. It is on its way to the broker.',
    'PUBLISH arrived. 2 of 3 filters match. Copies for phone and display are in flight.',
    'PUBLISH arrived. 2 of 3 filters match. Delivered to phone; display’s copy is in flight.',
    'PUBLISH arrived. 2 of 3 filters match. Delivered to phone and display.',
  ]);
  expect(told(toStart(opening()))).toBe('Nothing has been published yet. Publish something.');
});

test('every acknowledgement says what it means', () => {
  expect(story(publish(opening(), form({ qos: 2, topic: 'Room1' }))).slice(3)).toEqual([
    'PUBREC arrived from the broker, which has the message: p1 goes on with PUBREL. 2 packets in flight.',
    'PUBREC arrived from phone, which has the message: the broker goes on with PUBREL. 2 packets in flight.',
    'PUBREL arrived from p1: the broker forgets the identifier and answers with PUBCOMP. 2 packets in flight.',
    'PUBREL arrived from the broker: phone forgets the identifier and answers with PUBCOMP. 2 packets in flight.',
    'PUBCOMP arrived from the broker: the identifier is free again. 1 packet in flight.',
    'PUBCOMP arrived from phone: the identifier is free again. All packets have arrived.',
  ]);
  expect(told(toEnd(publish(opening(), form({ qos: 1, topic: 'Room1' }))))).toBe(
    'PUBACK arrived from phone: the broker may forget the message. All packets have arrived.',
  );
});

test('what nobody asked for, and what the broker keeps, is said', () => {
  const retained = step(publish(opening(), form({ topic: 'Kitchen', retain: true })));
  expect(told(retained)).toBe(
    'PUBLISH arrived. No filter matches: the broker passes it on to nobody. The broker keeps it for those who subscribe later.',
  );
});

test('a refused publication is said to be one', () => {
  expect(told(step(publish(opening(), form({ topic: '$SYS/Light' }))))).toBe(
    'PUBLISH arrived. Topics under $SYS are the broker’s own: it passes the message on to nobody. MQTT 3.1.1 has no way to say so.',
  );
});

test('the open packet is named with where it comes from or goes to', () => {
  const scene = sceneOf(toEnd(publish(opening(), form({ qos: 1 }))));
  const texts = flightsOf(scene).map((flight) => openedText(flight, words));
  expect(texts).toEqual([
    'opened: PUBLISH from p1, 24 bytes',
    'opened: PUBACK to p1, 4 bytes',
    'opened: PUBLISH to phone, 24 bytes',
    'opened: PUBACK from phone, 4 bytes',
    'opened: PUBLISH to display, 24 bytes',
    'opened: PUBACK from display, 4 bytes',
  ]);
  expect(openedText(undefined, words)).toBe('nothing opened');
});

test.each([
  ['Room2/#', 'Room1/Light', 'differs at level 1'],
  ['+/Light', 'Room1', 'the topic has no level 2'],
  ['+/Light', 'Room1/Light/Level', 'has no level 3'],
  ['+/Light', '$SYS/Light', '+ does not match $'],
  ['Room1/#', 'Room1', 'matches'],
])('%s and %s: %s', (topicFilter, topic, text) => {
  expect(verdictText(verdict(topicFilter, topic), words)).toBe(text);
});

function read(publication: Partial<Publication>, place: number): string[] {
  const flight = flightsOf(sceneOf(toEnd(publish(opening(), form(publication)))))[place];
  if (flight === undefined) throw new Error(`there is no packet at ${place}`);
  const lines = readout(open(flight.frame, flight.version), words.parts, 'en');
  return lines.map(({ part, phrases }) => {
    const texts = phrases.map(({ text, value }) => (value === undefined ? text : `${text} ${value}`));
    return `${part}: ${texts.join('; ')}`.replaceAll('\u00a0', ' ');
  });
}

test('the parts of a packet are told from its bytes', () => {
  expect(read({}, 0)).toEqual([
    'fixed: type 3, QoS 0; 20 bytes follow',
    'variable: 11 bytes of topic: Room1/Light',
    'payload: all that is left: Turn On',
  ]);
  expect(read({ qos: 2, retain: true, message: '' }, 0)).toEqual([
    'fixed: type 3, QoS 2, RETAIN; 15 bytes follow',
    'variable: 11 bytes of topic: Room1/Light; packet identifier 1',
    'payload: nothing is left: the message is empty',
  ]);
  expect(read({ qos: 2 }, 1)).toEqual(['fixed: type 5; 2 bytes follow', 'variable: packet identifier 1']);
  expect(read({ qos: 2 }, 2)).toEqual([
    'fixed: type 6, flags 0010; 2 bytes follow',
    'variable: packet identifier 1',
  ]);
});

test('every phrase of a packet is about a field that it has', () => {
  for (const flight of flightsOf(sceneOf(toEnd(publish(opening(), form({ qos: 2 })))))) {
    const opened = open(flight.frame, flight.version);
    const keys = readout(opened, words.parts, 'en').flatMap(({ phrases }) => phrases.map(({ key }) => key));
    expect(keys.filter((key) => !opened.byKey.has(key))).toEqual([]);
  }
});

test.each([
  ['', 'A topic name has at least one character.', 'MQTT-4.7.3-1'],
  ['Room1/#', '# is a wildcard. Topic filters have wildcards, topic names have none.', 'MQTT-3.3.2-2'],
  ['+/Light', '+ is a wildcard. Topic filters have wildcards, topic names have none.', 'MQTT-3.3.2-2'],
])('the topic "%s" is refused: %s', (topic, text, rule) => {
  const fault = objection(form({ topic }));
  expect(fault?.rule).toBe(rule);
  expect(fault && objectionText(fault, words.faults)).toBe(text);
});

test('an empty message and any QoS may be published', () => {
  for (const qos of [0, 1, 2] as const) expect(objection(form({ qos, message: '' }))).toBeUndefined();
});

test('what is open by default is the publication', () => {
  expect(openedOf(sceneOf(back(opening())), undefined)?.from).toBe('p1');
});
