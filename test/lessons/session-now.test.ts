import { describe, expect, test } from 'vitest';
import { matches } from '../../broker/index.ts';
import { markOf, questionOf } from '../../src/lessons/session-now.ts';

const seeds = Array.from({ length: 200 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));
const questions = seeds.map(questionOf);

describe('what is in the session now', () => {
  test('the same seed asks the same', () => {
    expect(questionOf('4F2A')).toEqual(questionOf('4F2A'));
  });
  test('follows from what the phone asked for, and from the time', () => {
    for (const question of questions) {
      const { version, cleanStart, expiry = 0, isAway, later, unsubscribed, answer } = question;
      const exists = !isAway || (version === 5 ? expiry > later : !cleanStart);
      const left = question.subscriptions.filter(({ topicFilter }) => topicFilter !== unsubscribed);
      const waiting = question.messages.filter(
        ({ topic, qos }) =>
          isAway && qos > 0 && left.some((each) => each.qos > 0 && matches(each.topicFilter, topic)),
      );
      expect(answer).toEqual({
        subscriptions: exists ? left.map(({ topicFilter }) => topicFilter) : [],
        messages: exists ? waiting.map(({ topic }) => topic) : [],
      });
    }
  });
  test('all kinds of answers come up', () => {
    const kinds = questions.map(({ answer }) => `${answer.subscriptions.length} ${answer.messages.length}`);
    for (const kind of ['0 0', '1 0', '1 1', '1 2', '2 0', '2 1', '2 2', '2 3'])
      expect(kinds).toContain(kind);
  });
  test('its answer is right, and each wrong one is told from it', () => {
    for (const question of questions) {
      const { answer } = question;
      expect(markOf(question, answer)).toBeUndefined();
      const other = { ...answer, messages: [...answer.messages, 'garden/gate'] };
      expect(markOf(question, other)).toBe(answer.subscriptions.length === 0 ? 'ended' : 'messages');
      if (answer.subscriptions.length > 0)
        expect(markOf(question, { ...answer, subscriptions: [] })).toBe('subscriptions');
    }
  });
});
