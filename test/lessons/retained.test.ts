import { describe, expect, test } from 'vitest';
import { decode } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import {
  flagAt,
  goalVariants,
  judge,
  markOf,
  OPENS,
  outcomeOf,
  prediction,
  questionOf,
  ROUTES,
  SUBSCRIBERS,
  solution,
  variants,
} from '../../src/lessons/retained.ts';
import { act, begin, can, go, type Run, toEnd, way, worldOf } from '../../src/lessons/run.ts';

/** The PUBLISH packets of a story, without what came before: `p1>broker 21 RETAIN 1`. */
function published(run: Run): string[] {
  const own = worldOf(run).flights.filter(({ sentAfter }) => sentAfter >= run.scenario.before.length);
  return own.flatMap(({ frame, version, from, to }) => {
    const packet = decode(frame, version);
    if (packet.type !== 'publish') return [];
    return [`${from}>${to} ${new TextDecoder().decode(packet.payload)} RETAIN ${Number(packet.retain)}`];
  });
}

const story = (key: string) => {
  const found = variants.find((each) => each.key === key);
  if (!found) throw new Error(`There is no story ${key}`);
  return found.scenario;
};
const retained = (run: Run) =>
  worldOf(run)
    .snapshot()
    .broker.retained.map(({ payload }) => new TextDecoder().decode(payload));

describe.each([4, 5])('the experiment, in version %i', (version) => {
  test('retain: the new subscription gets the older message, with RETAIN 1 [MQTT-3.3.1-8]', () => {
    const end = toEnd(begin(story(`${version}-retain`)));
    expect(published(end)).toEqual([
      'p1>broker 21 RETAIN 1',
      'p1>broker 22 RETAIN 0',
      'broker>phone 21 RETAIN 1',
    ]);
    expect(retained(end)).toEqual(['21']);
  });
  test('replace: it comes live with RETAIN 0, and with RETAIN 1 when the phone subscribes again', () => {
    const end = toEnd(begin(story(`${version}-replace`)));
    expect(published(end)).toEqual([
      'p1>broker 23 RETAIN 1',
      'broker>phone 23 RETAIN 0',
      'broker>phone 23 RETAIN 1',
    ]);
    expect(retained(end)).toEqual(['23']);
  });
  test('remove: the empty message comes live, and the next subscription brings nothing', () => {
    const end = toEnd(begin(story(`${version}-remove`)));
    expect(published(end)).toEqual(['p1>broker  RETAIN 1', 'broker>phone  RETAIN 0']);
    expect(retained(end)).toEqual([]);
  });
});

test('the figure opens with the older message on its way to the phone', () => {
  const run = begin(story(OPENS));
  expect(published(run).at(-1)).toBe('broker>phone 21 RETAIN 1');
  expect(worldOf(run).next()?.to).toBe('phone');
});
test('each part has a name, and begins with the bytes that the text names: 31, 30', () => {
  for (const variant of variants) expect(en.retained.stories).toHaveProperty(variant.story ?? '');
  const { flights } = worldOf(begin(story(OPENS)));
  const own = flights.filter(({ from, frame }) => from === 'p1' && (frame[0] ?? 0) >> 4 === 3);
  expect(own.map(({ frame }) => frame[0])).toEqual([0x31, 0x30]);
});

test('the prediction: the phone gets the empty message with RETAIN 0', () => {
  const outcome = outcomeOf(worldOf(toEnd(begin(prediction.scenario))));
  expect(en.retained.prediction.options[outcome]).toContain('RETAIN 0');
});

test('the table: live 0 and 0, late 1 and nothing, as published 1 and 0', () => {
  expect(ROUTES.map((route) => [flagAt(route, true), flagAt(route, false)])).toEqual([
    [0, 0],
    [1, undefined],
    [1, 0],
  ]);
});

describe.each(goalVariants)('the goal ($key)', ({ scenario }) => {
  const start = begin(scenario);
  const offer = (name: string) => {
    const found = scenario.offers?.find((each) => each.name === name);
    if (!found) throw new Error(`There is no offer ${name}`);
    return found.input;
  };
  /** Does what is offered, and lets all of it arrive. */
  const having = (...names: string[]) =>
    names.reduce(
      (run, name) => toEnd(act(run, name === 'back' ? { do: 'connect', client: 'p1' } : offer(name))),
      start,
    );
  const judged = (run: Run) => judge(worldOf(run));

  test('its solution meets it, and not before its end', () => {
    const run = solution(scenario);
    const end = judged(toEnd(run));
    expect(end).toMatchObject({ fromTopic: true, live: true, removed: true, obstacle: undefined });
    expect(judged(go(run, run.inputs.length - 1)).removed).toBe(false);
  });
  test('it is not met as it opens', () => {
    expect(judged(start)).toMatchObject({
      fromTopic: false,
      live: false,
      removed: false,
      obstacle: undefined,
    });
    expect(way(start)).toEqual([]);
  });
  test.each([
    ['tooEarly', ['subscribe', 'first']],
    ['stillThere', ['first', 'subscribe']],
    ['notRetained', ['first', 'leave', 'subscribe', 'back', 'passing']],
    ['notRemoved', ['first', 'leave', 'subscribe', 'back', 'second']],
  ])('what is missing is said: %s', (obstacle, names) => {
    expect(judged(having(...names)).obstacle).toBe(obstacle);
    expect(en.retained.goal.obstacles).toHaveProperty(obstacle);
  });
  test('a live copy that is lost with its connection does not meet it', () => {
    const run = having('first', 'leave', 'subscribe', 'back');
    const sent = act(run, offer('second'));
    const lost = toEnd(act(go(sent, sent.at + 1), { do: 'cut', client: 'phone' }));
    expect(judged(toEnd(act(lost, offer('subscribe')))).obstacle).toBe('notLive');
  });
  test('an empty store of which nobody was told does not meet it', () => {
    const run = having('first', 'leave', 'subscribe', 'back', 'second');
    const sent = act(run, offer('empty'));
    expect(judged(go(sent, sent.at + 1)).obstacle).toBe('nobodyTold');
  });
  test('every offer has a name, and what a client that is away would publish is not offered', () => {
    for (const { name } of scenario.offers ?? []) expect(en.retained.goal.offers).toHaveProperty(name);
    expect(can(start, offer('first'))).toBe(true);
    expect(can(having('leave'), offer('first'))).toBe(false);
    expect(can(having('leave'), offer('leave'))).toBe(false);
  });
});

describe('the exercise', () => {
  const questions = Array.from({ length: 200 }, (_, index) =>
    questionOf(index.toString(16).toUpperCase().padStart(4, '0')),
  );

  test('the same seed asks the same', () => {
    expect(questionOf('4F2A')).toEqual(questionOf('4F2A'));
  });
  test('every answer comes up, and every kind of line', () => {
    expect(new Set(questions.flatMap(({ answer }) => Object.values(answer)))).toEqual(
      new Set(['none', '0', '1']),
    );
    expect(new Set(questions.flatMap(({ lines }) => lines.map(({ kind }) => kind)))).toEqual(
      new Set(['subscribes', 'publishes', 'leaves']),
    );
  });
  test('RETAIN 1 reaches who subscribes after the message, or asked for it as published', () => {
    for (const { lines, payload, answer } of questions) {
      const at = lines.findIndex((line) => line.kind === 'publishes' && line.payload === payload);
      lines.forEach((line, index) => {
        if (line.kind !== 'subscribes' || answer[line.client] !== '1') return;
        expect(index > at || line.asPublished).toBe(true);
      });
    }
  });
  test('its answer is right, and each wrong one is told from it', () => {
    for (const question of questions) {
      expect(markOf(question, question.answer)).toEqual([]);
      for (const client of SUBSCRIBERS) {
        const other = question.answer[client] === 'none' ? '1' : 'none';
        expect(markOf(question, { ...question.answer, [client]: other })).toEqual([client]);
      }
    }
  });
});
