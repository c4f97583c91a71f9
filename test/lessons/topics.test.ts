import { describe, expect, test } from 'vitest';
import { matches, type World } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import {
  compare,
  type Fit,
  objectionToFilter,
  objectionToTopic,
  properOf,
} from '../../src/lessons/matching.ts';
import { begin, toEnd, worldOf } from '../../src/lessons/run.ts';
import {
  arrivalsOf,
  judge,
  markOf,
  outcomeOf,
  predictions,
  questionOf,
  SOLUTION,
  TABLE,
  tables,
  UNWANTED,
  WANTED,
} from '../../src/lessons/topics.ts';

const words = en.topics;

describe('a filter and a topic, level by level', () => {
  test.each<[string, string, Fit[]]>([
    ['Room1/Light', 'Room1/Light', ['same', 'same']],
    ['+/Light', 'Room1/Light', ['any', 'same']],
    ['+/Light', 'Room1/Lamp/Light', ['any', 'differs', 'unread']],
    ['+/Light', 'Room1', ['any', 'topic ends']],
    ['Room1', 'Room1/Light', ['same', 'filter ends']],
    ['Room1/#', 'Room1/Lamp/Light', ['same', 'rest']],
    ['Room1/#', 'Room1', ['same', 'rest']],
    ['#', '$SYS/broker', ['wildcard']],
    ['+/Light', '/Light', ['any', 'same']],
  ])('%s and %s', (filter, topic, fits) => {
    const { levels, parting } = compare(filter, topic);
    expect(levels.map(({ fit }) => fit)).toEqual(fits);
    expect(parting === undefined).toBe(matches(filter, topic));
  });
  test('# stands for all that follows, or for nothing', () => {
    expect(compare('Room1/#', 'Room1/Lamp/Light').levels[1]?.found).toBe('Lamp/Light');
    expect(compare('Room1/#', 'Room1').levels[1]?.found).toBeUndefined();
  });
  test('a shared subscription of 5.0 is compared from behind its share name', () => {
    expect(properOf('$share/g/Room1/#')).toBe('Room1/#');
    expect(properOf('Room1/#')).toBe('Room1/#');
  });
});

describe('what cannot be sent is shown at its character', () => {
  test.each([
    ['Room+/Light', 'filterSingleLevel', 'MQTT-4.7.1-2', '+'],
    ['Room1/+/++', 'filterSingleLevel', 'MQTT-4.7.1-2', '+'],
    ['Room1/#/Light', 'filterMultiLevel', 'MQTT-4.7.1-1', '#'],
    ['Room1#', 'filterMultiLevel', 'MQTT-4.7.1-1', '#'],
    ['', 'topicEmpty', 'MQTT-4.7.3-1', ''],
    ['$share//a', 'shareNameEmpty', 'MQTT-4.8.2-1', '$share//a'],
    ['$share/g', 'shareNameInvalid', 'MQTT-4.8.2-2', '$share/g'],
  ])('the filter %j', (filter, id, rule, shown) => {
    const objection = objectionToFilter(filter, 5);
    expect(objection?.fault).toMatchObject({ id, rule });
    expect(filter.slice(objection?.start, objection?.end)).toBe(shown);
  });
  test('the second plus, where the first one fills its level', () => {
    expect(objectionToFilter('+/a+', 4)).toMatchObject({ start: 3, end: 4 });
  });
  test('a topic name has no wildcards [MQTT-3.3.2-2], and is not empty [MQTT-4.7.3-1]', () => {
    expect(objectionToTopic('Room1/+', 4)).toMatchObject({
      fault: { rule: 'MQTT-3.3.2-2' },
      start: 6,
      end: 7,
    });
    expect(objectionToTopic('', 4)?.fault.rule).toBe('MQTT-4.7.3-1');
    expect(objectionToTopic('/ Room1/é', 4)).toBeUndefined();
  });
  test('everything that the matcher opens with can be sent, and so can the tables of common mistakes', () => {
    for (const { filters, topics } of [TABLE, ...Object.values(tables)]) {
      for (const topic of topics) expect(objectionToTopic(topic, 5)).toBeUndefined();
      for (const filter of filters)
        expect(objectionToFilter(filter, 5)?.fault.id).toBe(
          filter === 'Room+/Light' ? 'filterSingleLevel' : undefined,
        );
    }
  });
});

describe('the predictions, run by a broker', () => {
  const end = (key: keyof typeof predictions): World =>
    worldOf(toEnd(begin(predictions[key].variant.scenario)));

  test('# does not match a topic that begins with $ [MQTT-4.7.2-1]', () => {
    const option = outcomeOf(end('hash'), predictions.hash.outcomes);
    expect(words.predictions.hash.options[option]).toBe('“1” and “2”');
  });
  test('+ takes one level, which may be empty', () => {
    const option = outcomeOf(end('plus'), predictions.plus.outcomes);
    expect(words.predictions.plus.options[option]).toBe('“2” and “3”');
  });
  test('there are as many outcomes as options', () => {
    for (const [key, { outcomes }] of Object.entries(predictions))
      expect(outcomes).toHaveLength(words.predictions[key as keyof typeof predictions].options.length);
  });
});

describe('the goal', () => {
  test('its solution meets it', () => {
    expect(judge(SOLUTION)).toEqual({ granted: true, right: [...WANTED], wrong: [], different: undefined });
  });
  test.each([
    ['home/#', 3, 4, UNWANTED[0]],
    ['home/+/temperature', 1, 0, WANTED[1]],
    ['home/+/temperature/+', 1, 0, WANTED[0]],
    ['nothing', 0, 0, WANTED[0]],
  ])('%s does not', (filter, right, wrong, different) => {
    const found = judge(filter);
    expect([found.granted, found.right.length, found.wrong.length]).toEqual([true, right, wrong]);
    expect(found.different).toBe(different);
  });
  test('a filter that no client can send is not granted', () => {
    expect(judge('home/+temperature')).toMatchObject({ granted: false, right: [], wrong: [] });
  });
});

test('a message below $SYS/ that a client publishes is passed on to nobody', () => {
  expect(arrivalsOf('$SYS/#', ['$SYS/broker/uptime'])).toEqual(new Set());
});

describe('the exercise', () => {
  const seeds = Array.from({ length: 200 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));
  const questions = seeds.map(questionOf);

  test('the same seed asks the same, six topics each time', () => {
    expect(questionOf('4F2A')).toEqual(questionOf('4F2A'));
    for (const { topics } of questions) expect(new Set(topics).size).toBe(6);
  });
  test('what arrives is what the filter matches', () => {
    for (const { topicFilter, topics, answer } of questions)
      expect(answer).toEqual(topics.filter((topic) => matches(topicFilter, topic)));
  });
  test('one topic at least arrives', () => {
    for (const { answer } of questions) expect(answer.length).toBeGreaterThan(0);
  });
  test('its answer is right, and each wrong one is told from it', () => {
    for (const question of questions) {
      expect(markOf(question, question.answer)).toEqual([]);
      for (const topic of question.topics) {
        const rest = question.answer.filter((each) => each !== topic);
        const given = rest.length < question.answer.length ? rest : [...rest, topic];
        expect(markOf(question, given)).toEqual([topic]);
      }
    }
  });
});
