import { describe, expect, test } from 'vitest';
import { decode, type QoS, World } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import {
  deliveredQoS,
  deliveries,
  type Found,
  goalVariants,
  judge,
  markOf,
  OPENS,
  prediction,
  questionOf,
  solution,
  variants,
} from '../../src/lessons/qos.ts';
import { act, begin, go, type Run, toEnd, way, worldOf } from '../../src/lessons/run.ts';
import type { Scenario } from '../../src/lessons/scenario.ts';
import { cut } from '../widgets/stepper/world.ts';

/** The packets that p1 and the phone exchange with the broker in a story, without what came before. */
function exchanged(run: Run): string[] {
  const { flights } = worldOf(run);
  const own = flights.filter(({ sentAfter }) => sentAfter >= run.scenario.before.length);
  return own.map(({ frame, version, from, to }) => {
    const packet = decode(frame, version);
    const id = 'packetId' in packet ? packet.packetId : '';
    return `${from}>${to} ${packet.type} ${id}`.trim();
  });
}

describe('the first figure', () => {
  test('has each QoS in each version, and opens with QoS 1', () => {
    expect(variants.map(({ key }) => key)).toEqual(['4-0', '4-1', '4-2', '5-0', '5-1', '5-2']);
    expect(variants.some(({ key }) => key === OPENS)).toBe(true);
  });
  test.each(variants)('delivers the message once if nothing is cut ($key)', ({ scenario }) => {
    expect(deliveries(worldOf(toEnd(begin(scenario))))).toBe(1);
  });
  test.each([
    [0, 2],
    [1, 4],
    [2, 8],
  ])('at QoS %i there are %i packets, on both hops together', (qos, count) => {
    const story = variants.find((each) => each.qos === qos)?.scenario as Scenario;
    expect(exchanged(toEnd(begin(story)))).toHaveLength(count);
  });
  test('uses identifier 4 on the hop of p1 and 1 on the hop of the phone', () => {
    const story = variants.find(({ key }) => key === '4-1')?.scenario as Scenario;
    expect(exchanged(toEnd(begin(story)))).toEqual([
      'p1>broker publish 4',
      'broker>phone publish 1',
      'broker>p1 puback 4',
      'phone>broker puback 1',
    ]);
  });
  test.each(['4-1', '5-1'])('opens when only the PUBACK to p1 is missing (%s)', (key) => {
    const story = variants.find((each) => each.key === key)?.scenario as Scenario;
    const world = worldOf(begin(story));
    const waiting = world.flights.filter(({ state }) => state === 'in flight');
    expect(waiting.map(({ to, frame }) => [to, frame[0]])).toEqual([['p1', 0x40]]);
    expect(deliveries(world)).toBe(1);
  });
  test('sends the bytes that the text names: 32, and with DUP 3A', () => {
    const end = worldOf(toEnd(begin(prediction)));
    const publishes = end.flights.filter(
      ({ from, frame }) => from === 'p1' && frame[0] !== undefined && frame[0] >> 4 === 3,
    );
    expect(publishes.slice(-2).map(({ frame }) => frame[0])).toEqual([0x32, 0x3a]);
  });
});

test('the prediction: the phone receives it twice, and the second copy does not show it', () => {
  const world = worldOf(toEnd(begin(prediction)));
  expect(deliveries(world)).toBe(2);
  expect(world.snapshot().clients['phone']?.received.map(({ dup }) => dup)).toEqual([false, false]);
  expect(en.qos.prediction.options[1]).toBe('twice');
});

describe('the QoS of a delivery is the lower one [v3 MQTT-3.8.4-6] [v5 MQTT-3.8.4-8]', () => {
  const all: [QoS, QoS][] = [0, 1, 2].flatMap((published) =>
    [0, 1, 2].map((granted): [QoS, QoS] => [published as QoS, granted as QoS]),
  );
  test.each(all)('published with %i, granted %i', (published, granted) => {
    expect(deliveredQoS(published, granted)).toBe(Math.min(published, granted));
  });
});

describe.each(goalVariants)('the goal ($key)', ({ scenario }) => {
  const start = begin(scenario);
  const judged = (run: Run): Found => judge(worldOf(run), scenario);
  /** The run, with p1 cut after so many steps, and as far on as is said. */
  const cutAfter = (steps: number): Run => act(go(start, steps), cut('p1'));

  test('its solution meets it', () => {
    const run = toEnd(solution(scenario));
    expect(judged(run)).toMatchObject({
      bothArrived: true,
      sameId: true,
      deliveries: 1,
      obstacle: undefined,
    });
  });
  test('the second PUBLISH differs from the first in DUP alone: 34 and 3C', () => {
    const [first, second] = judged(toEnd(solution(scenario))).published.map(({ flight }) => [
      ...flight.frame,
    ]);
    expect([first?.[0], second?.[0]]).toEqual([0x34, 0x3c]);
    expect(first?.slice(1)).toEqual(second?.slice(1));
  });
  test('it is not met as the figure opens, nor at the end if nothing is cut', () => {
    expect(judged(start)).toMatchObject({ bothArrived: false, obstacle: 'notCut' });
    expect(judged(toEnd(start)).bothArrived).toBe(false);
  });
  test('a cut before the first PUBLISH has arrived does not meet it', () => {
    expect(judged(toEnd(cutAfter(1)))).toMatchObject({
      bothArrived: false,
      deliveries: 1,
      obstacle: 'firstLost',
    });
  });
  test('a cut after the PUBREC has arrived repeats the PUBREL', () => {
    const pubrel = way(start).findIndex((_, index) => judged(go(start, index)).obstacle === 'released');
    expect(judged(toEnd(cutAfter(pubrel)))).toMatchObject({ bothArrived: false, obstacle: 'released' });
  });
  test('each place on the way says what is missing', () => {
    const solved = solution(scenario);
    const obstacles = way(solved).map((_, index) => judged(go(solved, index + 1)).obstacle);
    expect(obstacles).toContain('notBack');
    expect(obstacles).toContain('onItsWay');
    expect(obstacles.at(-1)).toBeUndefined();
    for (const each of obstacles) if (each) expect(en.qos.goal.obstacles[each]).toBeTruthy();
  });
  test('a second cut at the second PUBLISH says so', () => {
    const solved = solution(scenario);
    const at = way(solved).findIndex((_, index) => judged(go(solved, index)).published.length === 2);
    expect(judged(act(go(solved, at), cut('p1'))).obstacle).toBe('secondLost');
  });
  test('while the phone has nothing, that is what is missing', () => {
    let run = go(start, 2);
    const toPhone = worldOf(run).flights.find(({ to, state }) => to === 'phone' && state === 'in flight');
    run = act(act(run, { do: 'hold', flight: toPhone?.number ?? 0 }), cut('p1'));
    const met = way(run).findIndex((_, index) => judged(go(run, index)).obstacle === 'notDelivered');
    expect(judged(go(run, met))).toMatchObject({ bothArrived: true, deliveries: 0 });
  });
});

describe('the exercise', () => {
  const seeds = Array.from({ length: 200 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));
  const questions = seeds.map(questionOf);

  test('the same seed asks the same', () => {
    expect(questionOf('4F2A')).toEqual(questionOf('4F2A'));
  });
  test('it is always about a cut with something on its way', () => {
    for (const { run, client } of questions) {
      expect(run.inputs[run.at - 1]).toEqual(cut(client));
      const lost = worldOf(run).flights.filter(
        (flight) => flight.client === client && flight.state === 'lost',
      );
      expect(lost.length).toBeGreaterThan(0);
    }
  });
  test('what it expects is what a world does that goes on from the cut', () => {
    for (const { scenario, run, payload, answer } of questions) {
      const world = new World(scenario.setup, [...scenario.before, ...way(run)]);
      expect(deliveries(world, payload)).toBe(answer.deliveries);
      expect(world.flights.every(({ state }) => state === 'delivered' || state === 'lost')).toBe(true);
    }
  });
  test('every answer comes up, and none that breaks a rule: a repeated PUBLISH has DUP [MQTT-3.3.1-1]', () => {
    expect(new Set(questions.map(({ answer }) => answer.again))).toEqual(
      new Set(['publishDup', 'pubrel', 'nothing']),
    );
    expect(new Set(questions.map(({ answer }) => answer.deliveries))).toEqual(new Set([0, 1, 2]));
  });
  test('its answer is right, and each wrong one is told from it', () => {
    for (const question of questions) {
      const { answer } = question;
      expect(markOf(question, answer)).toBeUndefined();
      expect(markOf(question, { ...answer, again: 'publish' })).toBe('again');
      expect(markOf(question, { ...answer, deliveries: answer.deliveries + 1 })).toBe('deliveries');
      expect(markOf(question, { ...answer, packetId: 999 })).toBe(
        answer.packetId === undefined ? 'noId' : 'packetId',
      );
    }
  });
});
