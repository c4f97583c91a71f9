import { describe, expect, test } from 'vitest';
import { decode, type Input } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import { act, begin, can, go, type Run, toEnd, way, worldOf } from '../../src/lessons/run.ts';
import {
  AFTER,
  connectFrame,
  DELAY,
  DENIED,
  delay,
  denied,
  ENDINGS,
  goalVariants,
  isPublished,
  judge,
  KEEP_ALIVE,
  lateVariants,
  markOf,
  outcomeOf,
  prediction,
  questionOf,
  solution,
  variants,
} from '../../src/lessons/will.ts';

/** What the watch received: `status/p1 lost`. */
function watched(run: Run): string[] {
  const received = worldOf(run).snapshot().clients['watch']?.received ?? [];
  return received.map(({ topic, payload }) => `${topic} ${new TextDecoder().decode(payload)}`);
}

describe.each(variants)('the first figure ($key)', ({ scenario }) => {
  test('opens with the will of p1 on its way to the watch', () => {
    const flight = worldOf(begin(scenario)).next();
    expect([flight?.from, flight?.to]).toEqual(['broker', 'watch']);
    expect(watched(go(begin(scenario), 2))).toEqual(['status/p1 lost']);
  });
  test('the cut publishes one will, the goodbye of the phone none [MQTT-3.14.4-3]', () => {
    const end = toEnd(begin(scenario));
    expect(watched(end)).toEqual(['status/p1 lost', 'status/p1 here']);
    const { sessions, retained } = worldOf(end).snapshot().broker;
    expect(sessions.filter(({ will }) => will).map(({ clientId }) => clientId)).toEqual(['p1']);
    expect(retained.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(['here']);
  });
});

test('the CONNECT has the bytes that the text names, at their places', () => {
  const frame = connectFrame(4);
  expect(frame[9]).toBe(0x2e);
  expect([...frame.slice(10, 12)]).toEqual([0x00, KEEP_ALIVE]);
  expect(new TextDecoder().decode(frame)).toMatch(/status\/p1.{2}lost$/s);
  expect(() => decode(frame.with(9, 0x02), 4)).toThrow();
});

test('the prediction: after one and a half times the keep alive [MQTT-3.1.2-24]', () => {
  const outcome = outcomeOf(worldOf(toEnd(begin(prediction.scenario))));
  expect(AFTER[outcome]).toBe(1.5 * KEEP_ALIVE);
  expect(en.will.prediction.options[outcome]).toBe('after 15 seconds');
  expect(AFTER).toHaveLength(en.will.prediction.options.length);
});

test('a CONNECT that denies its own will gets no answer in 3.1.1, and in 5.0 a CONNACK that refuses [MQTT-3.1.4-1]', () => {
  const { answers, outcome } = denied();
  expect(DENIED[outcome]).toBe('silent');
  expect(en.will.denied.options[outcome]).toBe('It closes the connection without a word.');
  expect(DENIED).toHaveLength(en.will.denied.options.length);
  const said = answers.map(({ packets, version }) =>
    packets.flatMap(({ from, frame }) => (from === 'broker' ? [decode(frame, version)] : [])),
  );
  expect(said).toMatchObject([[], [{ type: 'connack', reasonCode: 0x81 }]]);
  expect(answers.every(({ isClosed }) => isClosed)).toBe(true);
});

describe.each(lateVariants)('those who come later ($key)', ({ key, story = '', scenario }) => {
  const at = (run: Run, client: string) =>
    (worldOf(run).snapshot().clients[client]?.received ?? []).map(
      ({ payload, retain }) => `${new TextDecoder().decode(payload)} ${Number(retain)}`,
    );
  const isRetained = key.endsWith('retained');

  test('the watch has the will, and the phone has just asked for it', () => {
    const start = begin(scenario);
    expect(at(start, 'watch')).toEqual(['lost 0']);
    expect(worldOf(start).next()).toMatchObject({ from: 'phone', to: 'broker' });
    expect(en.will.stories).toHaveProperty(story);
  });
  test('whether the phone gets it is for Will Retain to say [v3 MQTT-3.1.2-16, MQTT-3.1.2-17]', () => {
    const end = toEnd(begin(scenario));
    expect(at(end, 'phone')).toEqual(isRetained ? ['lost 1', 'here 0'] : ['here 0']);
    const kept = worldOf(end).snapshot().broker.retained;
    expect(kept.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(['here']);
  });
});

test('the table: only a goodbye deletes the will, and in 5.0 not one with 0x04', () => {
  const found = ENDINGS.map((ending) => [ending, isPublished(ending, 4), isPublished(ending, 5)]);
  expect(found).toEqual([
    ['lost', true, true],
    ['silent', true, true],
    ['malformed', true, true],
    ['takenOver', true, true],
    ['goodbye', false, false],
    ['goodbyeWithWill', undefined, true],
  ]);
  for (const ending of ENDINGS) expect(en.will.table.endings).toHaveProperty(ending);
});

describe.each(goalVariants)('the goal ($key)', ({ scenario }) => {
  const start = begin(scenario);
  const offer = (name: string): Input => {
    const found = scenario.offers?.find((each) => each.name === name);
    if (!found) throw new Error(`There is no offer ${name}`);
    return found.input;
  };
  const freeze: Input = { do: 'freeze', client: 'p1' };
  /** Does what is offered, one by one, and delivers nothing but what is named. */
  const having = (...inputs: Input[]) => inputs.reduce(act, start);
  /** Delivers all that can move. */
  const arrived = (run: Run): Run => {
    const flight = worldOf(run).next();
    return flight ? arrived(act(run, { do: 'deliver', flight: flight.number })) : run;
  };
  const judged = (run: Run) => judge(worldOf(run));
  const wait = offer('wait');

  test('its solution meets it, and not before its end', () => {
    const run = solution(scenario);
    expect(judged(go(run, run.inputs.length))).toMatchObject({
      silent: true,
      deleted: true,
      received: ['status/p1'],
      obstacle: undefined,
    });
    expect(judged(go(run, run.inputs.length - 1)).silent).toBe(false);
  });
  test('it is not met as it opens, and nothing happens by itself', () => {
    expect(judged(start)).toMatchObject({ silent: false, deleted: false, received: [], obstacle: undefined });
    expect(way(start)).toEqual([]);
  });
  test('what is missing is said', () => {
    const said = (run: Run) => judged(run).obstacle;
    expect(said(arrived(having(offer('cut'))))).toBe('cut');
    expect(said(arrived(having(offer('leave'))))).toBe('left');
    expect(said(arrived(having(offer('cutPhone'))))).toBe('phoneCut');
    expect(said(having(freeze, wait))).toBe('waiting');
    expect(said(having(freeze, wait, wait, wait))).toBe('onItsWay');
    expect(said(arrived(having(wait, wait)))).toBe('answered');
    for (const each of ['cut', 'left', 'phoneCut', 'waiting', 'onItsWay', 'answered'])
      expect(en.will.goal.obstacles).toHaveProperty(each);
  });
  test('PINGREQ is sent only when nothing else was [MQTT-3.1.2-23]', () => {
    const pings = (run: Run) =>
      worldOf(run).flights.filter(({ frame, version }) => decode(frame, version).type === 'pingreq').length;
    expect(pings(having(wait, wait))).toBe(1);
    expect(pings(arrived(having(wait, offer('publish'), wait)))).toBe(0);
  });
  test('what p1 receives does not save it [MQTT-3.1.2-24]', () => {
    const waiting = having(wait, wait);
    const ping = worldOf(waiting).flights.at(-1)?.number ?? 0;
    const held = act(waiting, { do: 'hold', flight: ping });
    const told = arrived(act(held, offer('order')));
    expect(worldOf(told).snapshot().clients['p1']?.received).toHaveLength(1);
    expect(judged(arrived(act(told, wait)))).toMatchObject({ silent: true, received: ['status/p1'] });
  });
  test('every offer has a name and can be taken', () => {
    for (const { name, input } of scenario.offers ?? []) {
      expect(en.will.goal.offers).toHaveProperty(name);
      expect(can(start, input)).toBe(true);
    }
  });
});

describe('the delay', () => {
  const start = begin(delay.scenario);
  const offer = (name: string): Input => {
    const found = delay.scenario.offers?.find((each) => each.name === name);
    if (!found) throw new Error(`There is no offer ${name}`);
    return found.input;
  };
  const wills = (run: Run) =>
    worldOf(run).trace.flatMap((event) =>
      event.kind === 'will' ? [`${event.action} ${event.at / 1000}`] : [],
    );

  test('opens while the will waits', () => {
    expect(wills(start)).toEqual(['stored 0', 'delayed 0']);
    expect(watched(start)).toEqual([]);
  });
  test('p1 returns in time, and nothing is published [MQTT-3.1.3-9]', () => {
    const end = toEnd(start);
    expect(wills(end)).toEqual(['stored 0', 'delayed 0', 'deleted 10', 'stored 10']);
    expect(watched(end)).toEqual([]);
  });
  test('20 seconds more, and it is published [MQTT-3.1.2-8]', () => {
    const late = act(act(start, offer('wait')), offer('wait'));
    expect(wills(late)).toEqual(['stored 0', 'delayed 0', `published ${DELAY}`]);
  });
  test('DISCONNECT 0x00 deletes the will, 0x04 keeps it for its delay [MQTT-3.14.4-3]', () => {
    const back = toEnd(start);
    expect(wills(toEnd(act(back, offer('leave')))).at(-1)).toBe('deleted 10');
    expect(wills(toEnd(act(back, offer('leaveWithWill')))).at(-1)).toBe('delayed 10');
  });
  test('every offer has a name', () => {
    for (const { name } of delay.scenario.offers ?? []) expect(en.will.delay.offers).toHaveProperty(name);
  });
});

describe('the exercise', () => {
  const questions = Array.from({ length: 200 }, (_, index) =>
    questionOf(index.toString(16).toUpperCase().padStart(4, '0')),
  );
  const ending = ({ lines }: (typeof questions)[number]) => lines[3];

  test('the same seed asks the same', () => {
    expect(questionOf('4F2A')).toEqual(questionOf('4F2A'));
  });
  test('a goodbye never publishes, and it alone does not but for a return in time', () => {
    for (const question of questions) {
      if (ending(question)?.kind === 'leaves') expect(question.answer).toBeUndefined();
      else if (question.lines.length === 4) expect(question.answer).toBeDefined();
    }
  });
  test('silence counts from the last packet of p1, and the delay from the loss of its connection', () => {
    for (const { lines, answer } of questions) {
      const [connects, publishes, , end] = lines;
      if (connects?.kind !== 'connects' || !publishes || !end || lines.length > 4 || end.kind === 'leaves')
        continue;
      const lost = end.kind === 'freezes' ? publishes.at + 1.5 * connects.keepAlive : end.at;
      expect(answer).toBe(lost + Math.min(connects.delay ?? 0, connects.expiry ?? 0));
    }
  });
  test('every kind of story comes up', () => {
    const kinds = new Set(questions.map((question) => ending(question)?.kind));
    expect(kinds).toEqual(new Set(['cut', 'freezes', 'leaves', 'leavesWithWill']));
    const returns = questions.filter(({ lines }) => lines.length > 4);
    expect(new Set(returns.map(({ answer }) => answer === undefined))).toEqual(new Set([true, false]));
  });
  test('its answer is right, and each wrong one is told from it', () => {
    for (const question of questions) {
      const { answer } = question;
      expect(markOf(question, answer)).toBeUndefined();
      expect(markOf(question, answer === undefined ? 9 : undefined)).toBe('whether');
      if (answer !== undefined) expect(markOf(question, answer + 1)).toBe('when');
    }
  });
});
