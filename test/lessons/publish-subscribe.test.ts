import { describe, expect, test } from 'vitest';
import type { Input, World } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import {
  bothWays,
  CLIENTS,
  exhibits,
  type Found,
  frames,
  goalVariants,
  judge,
  KEPT_OPENS,
  keptVariants,
  markOf,
  mistyped,
  OPENS,
  offline,
  outcomeOfBothWays,
  outcomeOfMistyped,
  outcomeOfOffline,
  questionOf,
  reasonFor,
  solution,
  variants,
} from '../../src/lessons/publish-subscribe.ts';
import { act, begin, type Run, toEnd, worldOf } from '../../src/lessons/run.ts';
import type { Variant } from '../../src/lessons/scenario.ts';

const words = en.publishSubscribe;
const end = ({ scenario }: Variant): World => worldOf(toEnd(begin(scenario)));

/** The payloads that a client's application was given. */
function received(world: World, client = 'phone'): string[] {
  const messages = world.snapshot().clients[client]?.received ?? [];
  return messages.map(({ payload }) => new TextDecoder().decode(payload));
}

function named(all: readonly Variant[], key: string): Variant {
  const found = all.find((each) => each.key === key);
  if (!found) throw new Error(`There is no story ${key}`);
  return found;
}

describe.each(variants)('the first figure, in version $key', (variant) => {
  test('opens with “21” gone: it reached the broker, and nobody had subscribed', () => {
    const world = worldOf(begin(variant.scenario));
    expect(world.trace.filter(({ kind }) => kind === 'matched')).toMatchObject([{ matches: [] }]);
    expect(world.next()).toBeUndefined();
    expect(received(world)).toEqual([]);
  });
  test('ends with “22” at the phone, and “21” nowhere', () => {
    expect(received(end(variant))).toEqual(['22']);
  });
});

test('what the text says of its bytes: 23 of them, the same on both hops, in three parts', () => {
  const [sent, got] = frames();
  expect(got).toEqual(sent);
  expect([...sent]).toEqual([
    ...[0x30, 0x15, 0x00, 0x11],
    ...new TextEncoder().encode('Room1/Temperature22'),
  ]);
  expect(sent).toHaveLength(23);
});

test('the prediction about a mistyped topic: it is another topic, which nobody has to create', () => {
  const world = end(mistyped);
  expect(words.mistyped.options[outcomeOfMistyped(world)]).toBe('It goes to nobody');
  expect(received(world)).toEqual(['22']);
});

test('the first prediction of two devices: a message goes to those who subscribed to its topic, and to no others', () => {
  const world = end(bothWays);
  expect(words.bothWays.options[outcomeOfBothWays(world)]).toBe('B');
  expect([received(world, 'A'), received(world, 'B')]).toEqual([['hi'], ['hello']]);
});

test('the second prediction: what is published while the phone is away is gone', () => {
  const world = end(offline);
  expect(words.offline.options[outcomeOfOffline(world)]).toBe('“1” and “2”');
  expect(world.link('phone')).toBe('connected');
});

describe('what would have kept “3” and “4”', () => {
  test.each([4, 5])('a retained message, a session, or a will, in version %i', (version) => {
    expect(received(end(named(keptVariants, `${version}-retained`)))).toEqual(['4']);
    expect(received(end(named(keptVariants, `${version}-session`)))).toEqual(['3', '4']);
    const will = end(named(keptVariants, `${version}-will`));
    expect(received(will)).toEqual(['3', '4']);
    expect(received(will, 'p1')).toEqual(['lost', 'here']);
  });
  test('opens with the phone away, and each story has its words', () => {
    expect(keptVariants.some(({ key }) => key === KEPT_OPENS)).toBe(true);
    for (const { scenario, story } of keptVariants) {
      expect(worldOf(begin(scenario)).link('phone')).toBe('none');
      expect(words.stories).toHaveProperty(story ?? '');
    }
  });
});

describe.each(goalVariants)('the goal, in version $key', ({ scenario }) => {
  const judged = (run: Run): Found => judge(worldOf(run));
  const offer = (name: string): Input => {
    const found = scenario.offers?.find((each) => each.name === name);
    if (!found) throw new Error(`There is no offer ${name}`);
    return found.input;
  };
  const take = (...names: string[]): Run =>
    names.reduce((run, name) => toEnd(act(run, offer(name))), begin(scenario));

  test('its solution meets it', () => {
    expect(judged(toEnd(solution(scenario)))).toEqual({
      heard: { A: 1, B: 1 },
      echoes: 0,
      unheard: ['hello'],
      obstacle: undefined,
    });
  });
  test('every offer has its words', () => {
    for (const { name } of scenario.offers ?? []) expect(words.goal.offers).toHaveProperty(name);
  });
  test.each([
    [[], 'nothingYet'],
    [['publishA'], 'early'],
    [['subscribeBA', 'publishA'], 'oneWay'],
    [['subscribeAA', 'publishA'], 'ownTopic'],
    [['subscribeBA', 'subscribeAB', 'publishA', 'publishB'], 'notLost'],
  ])('after %j it says %s', (names, obstacle) => {
    expect(judged(take(...names)).obstacle).toBe(obstacle);
  });
  test('a message that is still in flight is on its way', () => {
    expect(judged(act(begin(scenario), offer('publishA'))).obstacle).toBe('onItsWay');
  });
});

describe('where common mistakes point', () => {
  test('to a message for nobody, one that is passed on, and one that was missed', () => {
    expect(received(worldOf(exhibits.unheard.run))).toEqual([]);
    expect(received(worldOf(exhibits.passedOn.run))).toEqual(['22']);
    expect(exhibits.unheard.variant).toBe(OPENS);
    expect(worldOf(exhibits.returned.run).link('phone')).toBe('none');
  });
  test('to a message for a topic that nobody has created, which is taken like any other', () => {
    const world = worldOf(exhibits.mistyped.run);
    expect(world.trace.filter(({ kind }) => kind === 'matched').at(-1)).toMatchObject({
      topic: 'Room1/temperature',
      matches: [],
    });
    expect([received(world), world.link('p1')]).toEqual([[], 'connected']);
  });
  test('to a device that hears itself, which does not meet the goal', () => {
    const world = worldOf(exhibits.echo.run);
    expect(received(world, 'A')).toEqual(['hello']);
    expect(judge(world)).toMatchObject({ echoes: 1, obstacle: 'ownTopic' });
  });
});

describe('the exercise', () => {
  const seeds = Array.from({ length: 200 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));
  const questions = seeds.map(questionOf);

  test('the same seed asks the same', () => {
    expect(questionOf('4F2A')).toEqual(questionOf('4F2A'));
  });
  test('somebody always gets the message, and any number of clients can', () => {
    const counts = questions.map(({ answer }) => CLIENTS.filter((client) => answer[client]).length);
    expect(new Set(counts)).toEqual(new Set([1, 2, 3, 4]));
  });
  test('who gets it is connected and subscribed to that topic when it is published, and nobody else', () => {
    for (const { lines, topic, answer } of questions) {
      const state = new Map(CLIENTS.map((client) => [client, { connected: true, subscribed: false }]));
      for (const line of lines) {
        if (line.kind === 'publishes') break;
        const client = state.get(line.client);
        if (!client) throw new Error(line.client);
        if (line.kind === 'leaves') Object.assign(client, { connected: false, subscribed: false });
        if (line.kind === 'returns') client.connected = true;
        if (line.kind === 'subscribes' && line.topic === topic) client.subscribed = true;
        if (line.kind === 'unsubscribes') client.subscribed = false;
      }
      for (const [client, { connected, subscribed }] of state)
        expect(answer[client]).toBe(connected && subscribed);
    }
  });
  test('every reason comes up, and has its words', () => {
    const reasons = new Set(
      questions.flatMap((question) => CLIENTS.map((client) => reasonFor(question, client))),
    );
    expect([...reasons].sort()).toEqual(Object.keys(words.exercise.reasons).sort());
  });
  test('its answer is right, and each wrong one is told from it', () => {
    for (const question of questions) {
      expect(markOf(question, question.answer)).toEqual([]);
      for (const client of CLIENTS) {
        const given = { ...question.answer, [client]: !question.answer[client] };
        expect(markOf(question, given)).toEqual([client]);
      }
    }
  });
});
