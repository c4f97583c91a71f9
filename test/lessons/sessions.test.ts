import { describe, expect, test } from 'vitest';
import { decode, type Input, type Packet, type World } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import { act, begin, go, type Run, toEnd, way, worldOf } from '../../src/lessons/run.ts';
import type { Scenario, Variant } from '../../src/lessons/scenario.ts';
import {
  expiryVariants,
  type Found,
  goalVariants,
  granted0,
  judge,
  markOf,
  OPENS,
  outcomeOfGranted0,
  outcomeOfTakeover,
  questionOf,
  solution,
  takeover,
  takeoverIn,
  variants,
} from '../../src/lessons/sessions.ts';
import { draw } from '../../src/widgets/stepper/draw.ts';
import { transcript } from '../../src/widgets/stepper/tell.ts';
import { timeline } from '../../src/widgets/stepper/timeline.ts';

const end = (scenario: Scenario): World => worldOf(toEnd(begin(scenario)));

function named(all: readonly Variant[], key: string): Variant {
  const found = all.find((each) => each.key === key);
  if (!found) throw new Error(`There is no story ${key}`);
  return found;
}

/** The payloads that the phone's application was given. */
function received(world: World): string[] {
  const messages = world.snapshot().clients['phone']?.received ?? [];
  return messages.map(({ payload }) => new TextDecoder().decode(payload));
}

/** The packets to a client, in their order. */
function packetsTo(world: World, client: string): Packet[] {
  return world.flights.filter(({ to }) => to === client).map(({ frame, version }) => decode(frame, version));
}

function lastPresent(world: World, client = 'phone'): boolean | undefined {
  const packet = packetsTo(world, client).findLast(({ type }) => type === 'connack');
  return packet?.type === 'connack' ? packet.sessionPresent : undefined;
}

const sessionOf = (world: World) =>
  world.snapshot().broker.sessions.find(({ clientId }) => clientId === 'phone');

/** What the figure says of a run, line by line. */
function told(run: Run): string {
  const line = timeline(run);
  const { participants } = run.scenario;
  const { rows } = draw(line, run.at, participants);
  return transcript({ line, at: run.at, rows, participants }, en)
    .map(({ text }) => text)
    .join('\n')
    .replaceAll('\u00a0', ' ');
}

describe('the first figure', () => {
  test.each(['4-keep', '5-keep'])('opens with “1” in the queue and “2” gone (%s)', (key) => {
    const run = begin(named(variants, key).scenario);
    expect(sessionOf(worldOf(run))).toMatchObject({
      connected: false,
      subscriptions: [{ topicFilter: 'Room1/#', qos: 1 }],
      queued: [{ qos: 1 }],
    });
    expect(told(run)).toContain('“1” waits for phone.');
    expect(told(run)).toContain('“2” is not kept for phone.');
    expect(told(run)).toContain('The session of phone is kept.');
  });
  test('what opens is one of its stories', () => {
    expect(named(variants, OPENS).story).toBe('keep');
    for (const { story } of variants) expect(en.sessions.stories).toHaveProperty(story ?? '');
  });
  test.each(['4-keep', '5-keep'])('a kept session is gone on with [v3 MQTT-3.1.2-4] (%s)', (key) => {
    const world = end(named(variants, key).scenario);
    expect(received(world)).toEqual(['1']);
    expect(lastPresent(world)).toBe(true);
  });
  test.each(['4-clean', '5-clean'])(
    'one that is not kept ends with its connection [v3 MQTT-3.1.2-6] (%s)',
    (key) => {
      const { scenario } = named(variants, key);
      expect(sessionOf(worldOf(begin(scenario)))).toBeUndefined();
      expect(told(begin(scenario))).toContain('The session of phone ends.');
      expect(told(begin(scenario))).toContain('“1”: nobody has subscribed.');
      expect(received(end(scenario))).toEqual([]);
      expect(lastPresent(end(scenario))).toBe(false);
    },
  );
  test('the two CONNECT packets of 3.1.1 differ in one bit: 00 and 02', () => {
    const flags = ['4-keep', '4-clean'].map((key) => {
      const { flights } = worldOf(begin(named(variants, key).scenario));
      return flights.find(({ from }) => from === 'phone')?.frame[9];
    });
    expect(flags).toEqual([0x00, 0x02]);
  });
});

test('the first prediction: a subscription with QoS 0 gets nothing of what it missed [v3 MQTT-3.8.4-6]', () => {
  const world = end(granted0.scenario);
  expect(en.sessions.granted0.options[outcomeOfGranted0(world)]).toBe('nothing');
  expect(received(world)).toEqual([]);
  expect(lastPresent(world)).toBe(true);
});

describe('a second client with the same identifier', () => {
  test('disconnects the first one [v3 MQTT-3.1.4-2]', () => {
    const run = begin(takeover.scenario);
    expect(en.sessions.takeover.options[outcomeOfTakeover(end(takeover.scenario))]).toBe(
      'the phone is disconnected',
    );
    const inside = go(run, 2);
    expect(worldOf(inside).link('phone')).toBe('none');
    expect(told(inside)).toContain('The other connection of phone is closed.');
  });
  test('gets the session of the first, and loses it again', () => {
    const world = end(takeover.scenario);
    expect(lastPresent(world, 'tablet')).toBe(true);
    expect([world.link('phone'), world.link('tablet')]).toEqual(['connected', 'none']);
  });
  test('in 5.0 the first is told why: 8E [v5 MQTT-3.1.4-3]', () => {
    const farewell = packetsTo(end(takeoverIn(5)), 'phone').find(({ type }) => type === 'disconnect');
    expect(farewell).toMatchObject({ reasonCode: 0x8e });
  });
});

describe('the Session Expiry Interval', () => {
  test.each([
    ['5-late', [], false],
    ['5-early', ['1'], true],
    ['5-none', [], false],
  ])('decides what is left: %s', (key, messages, present) => {
    const world = end(named(expiryVariants, key).scenario);
    expect(received(world)).toEqual(messages);
    expect(lastPresent(world)).toBe(present);
  });
  test('runs out before the eyes of the reader [v5 MQTT-4.1.0-2]', () => {
    const { scenario } = named(expiryVariants, '5-late');
    expect(told(begin(scenario))).toContain('90 s pass. The session of phone has expired.');
    expect(told(begin(scenario))).toContain('Session Expiry Interval 60 s.');
    expect(told(begin(named(expiryVariants, '5-none').scenario))).toContain('No Session Expiry Interval.');
  });
});

describe.each(goalVariants)('the goal ($key)', ({ scenario, story }) => {
  const judged = (run: Run): Found => judge(worldOf(run));
  const offer = (name: string): Input => {
    const found = scenario.offers?.find((each) => each.name === name);
    if (!found) throw new Error(`There is no offer ${name}`);
    return found.input;
  };
  /** Takes offers, one after the other, each to its end. */
  const take = (...names: string[]): Run =>
    names.reduce((run, name) => toEnd(act(run, offer(name))), begin(scenario));

  test('its solution meets it, from whichever story it is asked for', () => {
    const run = solution(scenario);
    expect(run.scenario.setup.version).toBe(scenario.setup.version);
    expect(judged(toEnd(run))).toMatchObject({
      keeps: true,
      granted: 1,
      missed: [1],
      present: true,
      caughtUp: 1,
      obstacle: undefined,
    });
  });
  test('the same acts meet it only where the session is kept', () => {
    const { obstacle } = judged(take('subscribe1', 'leave', 'publish1', 'return'));
    const expected = { keep: undefined, clean: 'forgets', nameless: 'nameless' } as Record<string, unknown>;
    expect(obstacle).toBe(expected[story ?? '']);
  });
  test('it is not met as the figure opens, and each step on says what is missing', () => {
    expect(judged(begin(scenario))).toMatchObject({ caughtUp: 0, obstacle: 'notSubscribed' });
    expect(judged(take('subscribe1')).obstacle).toBe('notAway');
    expect(judged(take('subscribe1', 'publish1')).obstacle).toBe('notAway');
    expect(judged(take('subscribe1', 'leave')).obstacle).toBe('notPublished');
    expect(judged(take('subscribe1', 'leave', 'publish1')).obstacle).toBe('stillAway');
  });
  test('a message that came live is not one that was missed', () => {
    const found = judged(take('subscribe1', 'publish1', 'leave', 'return'));
    expect(found).toMatchObject({ missed: [], caughtUp: 0, obstacle: 'notAway' });
  });
  test('every obstacle has its words', () => {
    const runs = [way(solution(scenario)).map((_, index) => go(solution(scenario), index))].flat();
    for (const run of runs) {
      const { obstacle } = judged(run);
      if (obstacle) expect(en.sessions.goal.obstacles[obstacle]).toBeTruthy();
    }
  });
  if (story === 'keep') {
    test('with QoS 0 at either end it is not met, and the difference is named', () => {
      expect(judged(take('subscribe0', 'leave', 'publish1', 'return')).obstacle).toBe('granted0');
      expect(judged(take('subscribe1', 'leave', 'publish0', 'return')).obstacle).toBe('published0');
    });
    test('until the message has arrived it is on its way', () => {
      const back = act(take('subscribe1', 'leave', 'publish1'), offer('return'));
      expect(judged(go(back, back.at + 1)).obstacle).toBe('onItsWay');
    });
  }
});

describe('the exercise', () => {
  const seeds = Array.from({ length: 200 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));
  const questions = seeds.map(questionOf);

  test('the same seed asks the same', () => {
    expect(questionOf('4F2A')).toEqual(questionOf('4F2A'));
  });
  test('what it expects follows from the four conditions', () => {
    for (const { version, cleanStart, expiry = 0, subscriptions, messages, away, answer } of questions) {
      const lasts = version === 5 ? expiry > away : !cleanStart;
      const present = lasts && !cleanStart;
      const kept = messages.filter(({ topic, qos }) =>
        subscriptions.some((each) => each.topicFilter === topic && each.qos > 0 && qos > 0),
      );
      expect(answer.present).toBe(present);
      expect([...answer.received].sort()).toEqual(present ? kept.map(({ payload }) => payload) : []);
    }
  });
  test('all kinds of answers come up', () => {
    const kinds = new Set(questions.map(({ answer }) => `${answer.present} ${answer.received.length}`));
    expect(kinds).toEqual(new Set(['false 0', 'true 0', 'true 1', 'true 2', 'true 3', 'true 4']));
  });
  test('its answer is right, and each wrong one is told from it', () => {
    for (const question of questions) {
      const { answer, messages } = question;
      expect(markOf(question, answer)).toBeUndefined();
      expect(markOf(question, { ...answer, present: !answer.present })).toBe('present');
      const other = messages.find(({ payload }) => !answer.received.includes(payload));
      if (other) {
        const received = [...answer.received, other.payload];
        expect(markOf(question, { ...answer, received })).toBe('tooMany');
      }
      if (answer.received.length > 0) expect(markOf(question, { ...answer, received: [] })).toBe('tooFew');
    }
  });
});
