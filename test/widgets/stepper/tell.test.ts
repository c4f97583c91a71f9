import { describe, expect, test } from 'vitest';
import type { Input } from '../../../broker/index.ts';
import { en } from '../../../src/i18n/en.ts';
import { act, type Run, toEnd } from '../../../src/lessons/run.ts';
import { draw } from '../../../src/widgets/stepper/draw.ts';
import {
  announcement,
  compare,
  itemText,
  noteText,
  type Scene,
  transcript,
} from '../../../src/widgets/stepper/tell.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';
import { atStart, cut, scenario, until } from './world.ts';

function sceneOf(run: Run): Scene {
  const { at } = run;
  const { participants } = run.scenario;
  const line = timeline(run);
  return { line, at, participants, rows: draw(line, at, participants).rows };
}

/** Texts as they read, with the spaces that do not break made plain. */
function plain(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}

function told(run: Run): string[] {
  return transcript(sceneOf(run), en).map(({ number, text }) => `${number ?? '–'} ${plain(text)}`);
}

test('QoS 1 with a lost PUBACK, in words', () => {
  const { run } = until('4-1', 'puback', 'p1');
  expect(told(toEnd(act(run, cut('p1'))))).toEqual([
    '1 p1 to the broker: PUBLISH, QoS 1, id 4.',
    '2 The broker to phone: PUBLISH, QoS 1, id 1. The application on phone gets “Turn On”.',
    '3 The broker to p1: PUBACK, id 4. Lost with its connection.',
    '– The connection of p1 is cut. Packet 3 is lost.',
    '4 phone to the broker: PUBACK, id 1. The broker lets go of id 1.',
    '5 p1 to the broker: CONNECT, p1. Clean Session 0.',
    '6 The broker to p1: CONNACK, 0. Session Present 1.',
    '7 p1 to the broker: PUBLISH, DUP, id 4. The broker takes it as a new message.',
    '8 The broker to phone: PUBLISH, QoS 1, id 2. The application on phone gets “Turn On” again: 2 times now.',
    '9 The broker to p1: PUBACK, id 4. p1 lets go of id 4.',
    '10 phone to the broker: PUBACK, id 2. The broker lets go of id 2.',
  ]);
});

test('QoS 2 with a lost PUBREC, in words, in 5.0', () => {
  const { run } = until('5-2', 'pubrec', 'p1');
  expect(told(toEnd(act(run, cut('p1'))))).toEqual(
    expect.arrayContaining([
      '1 p1 to the broker: PUBLISH, QoS 2, id 4. The broker remembers id 4.',
      '7 p1 to the broker: CONNECT, p1. Clean Start 0.',
      '9 p1 to the broker: PUBLISH, DUP, id 4. Id 4 is known: no second delivery.',
      '10 The broker to p1: PUBREC, id 4. p1 now waits for PUBCOMP.',
      '11 p1 to the broker: PUBREL, id 4. The broker forgets id 4.',
    ]),
  );
});

describe('what stands still is told', () => {
  const publish = scenario('4-1').script[0] as Input;
  const twice = act(act(atStart('4-1'), publish), { ...publish, payload: 'Turn Off' } as Input);

  test('behind another packet', () => {
    expect(told(twice)[1]).toBe(
      '2 p1 to the broker: PUBLISH, QoS 1, id 5. In flight. It waits behind packet 1.',
    );
  });
  test('on a frozen link, and the freezing and thawing', () => {
    const frozen = act(twice, { do: 'freeze', client: 'p1' });
    expect(told(frozen)[0]).toMatch(/In flight\. It stands still: the link is frozen\.$/);
    const thawed = told(act(frozen, { do: 'thaw', client: 'p1' }));
    expect(thawed.slice(-2)).toEqual([
      '– The link of p1 is frozen: nothing moves on it, and nobody is told.',
      '– The link of p1 moves again.',
    ]);
  });
  test('held', () => {
    const { run, flight } = until('4-1', 'publish', 'broker');
    expect(told(act(run, { do: 'hold', flight: flight.number }))[0]).toMatch(/Held by you\.$/);
  });
  test('a cut with two packets on their way, and one with none', () => {
    expect(told(act(twice, cut('p1'))).at(-1)).toBe('– The connection of p1 is cut. Packets 1, 2 are lost.');
    expect(told(act(twice, cut('phone'))).at(-1)).toBe(
      '– The connection of phone is cut. Nothing was on its way.',
    );
  });
});

describe('each step is announced', () => {
  test('with what arrived and what it set in motion', () => {
    const { run } = until('4-1', 'puback', 'p1');
    expect(plain(announcement(sceneOf(run), en))).toBe(
      'p1 to the broker: PUBLISH, QoS 1, id 4. The broker to phone: PUBLISH, QoS 1, id 1. In flight. The broker to p1: PUBACK, id 4. In flight.',
    );
  });
  test('with the cut', () => {
    const { run } = until('4-1', 'puback', 'p1');
    expect(announcement(sceneOf(act(run, cut('p1'))), en)).toBe(
      'The connection of p1 is cut. Packet 3 is lost.',
    );
  });
  test('with the end', () => {
    expect(announcement(sceneOf(toEnd(atStart('4-0'))), en)).toMatch(/That was the last step\.$/);
  });
});

test.each([
  [{ kind: 'clean', flag: false }, 4, 'Clean Session 0'],
  [{ kind: 'clean', flag: true }, 5, 'Clean Start 1'],
  [{ kind: 'present', flag: true }, 4, 'Session Present 1'],
  [{ kind: 'known', packetId: 7, rule: undefined }, 4, 'id 7 is known: no second delivery'],
  [{ kind: 'again', payload: 'on', times: 2 }, 4, '“on” for the second time'],
  [{ kind: 'again', payload: 'on', times: 4 }, 4, '“on”, 4 times by now'],
  [{ kind: 'behind', number: 3 }, 4, 'waits behind 3'],
  [{ kind: 'frozen' }, 4, 'the link is frozen'],
] as const)('a note reads as it should: %j', (note, version, text) => {
  expect(plain(noteText(note, version, en))).toBe(text);
});

test.each([
  [
    { kind: 'owed', peer: 'broker', packetId: 4, awaiting: 'puback', sent: 2 },
    false,
    'PUBLISH sent again, waits for PUBACK',
  ],
  [
    { kind: 'owed', peer: 'phone', packetId: 4, awaiting: 'pubcomp', sent: 1 },
    true,
    'to phone: PUBREL sent, waits for PUBCOMP',
  ],
  [{ kind: 'accepted', peer: 'broker', packetId: 4 }, false, 'from the broker: taken over, waits for PUBREL'],
  [{ kind: 'queued', peer: 'phone', count: 2 }, true, '2 messages for phone'],
  [{ kind: 'given', topic: 'a', payload: 'on', times: 1 }, false, 'got “on” once'],
] as const)('what is remembered reads as it should: %j', (item, ofBroker, text) => {
  expect(itemText(item, ofBroker, en.stepper, 'en').text).toBe(text);
});

test('a sentence that changed keeps its words, and shows which came and which went', () => {
  expect(compare('waits for PUBREC', 'waits for PUBCOMP')).toEqual([
    { kind: 'same', text: 'waits' },
    { kind: 'same', text: 'for' },
    { kind: 'old', text: 'PUBREC' },
    { kind: 'new', text: 'PUBCOMP' },
  ]);
  expect(compare('a b', 'a b').every(({ kind }) => kind === 'same')).toBe(true);
});

test('what cannot happen on TCP is told as what it is', () => {
  const story = { ...scenario('4-1'), setup: { ...scenario('4-1').setup, notTcp: true } };
  const publish = story.script[0] as Input;
  const sent = act(act({ ...atStart('4-1'), scenario: story }, publish), { ...publish } as Input);
  const [first = 0, second = 0] = timeline(sent).flights.map(({ number }) => number);
  expect(told(act(sent, { do: 'drop', flight: first }))[0]).toMatch(
    /Dropped by you, and its connection goes on\.$/,
  );
  expect(told(act(sent, { do: 'duplicate', flight: first }))[2]).toContain('A copy, made by you.');
  expect(told(act(sent, { do: 'reorder', flight: second }))[1]).toContain('Brought forward by you.');
});
