import { describe, expect, test } from 'vitest';
import { markOf, moved, questionOf } from '../../src/lessons/handshake.ts';

const seeds = Array.from({ length: 200 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));
const questions = seeds.map(questionOf);
const keys = (question: (typeof questions)[number]) => question.cards.map(({ key }) => key);

describe('a shuffled handshake', () => {
  test('is the same for the same seed, and has four to eight packets, no two alike', () => {
    expect(questionOf('4F2A')).toEqual(questionOf('4F2A'));
    const counts = questions.map((question) => new Set(keys(question)).size);
    expect(new Set(counts)).toEqual(new Set([4, 5, 6, 8]));
  });
  test('opens in an order that cannot happen, and has one that can', () => {
    for (const question of questions) {
      expect(markOf(question, keys(question))).toBeDefined();
      expect(markOf(question, question.answer)).toBeUndefined();
      expect([...question.answer].sort()).toEqual(keys(question).sort());
    }
  });
  test('any order that a world allows is right: the hops do not wait for each other', () => {
    const question = questions.find(({ published, granted }) => published === 1 && granted === 1);
    if (!question) throw new Error('No exercise with QoS 1 on both hops');
    const [publish = '', ...rest] = question.answer;
    const acknowledged = rest.find((key) => key === 'broker p1 puback') ?? '';
    const delivered = rest.filter((key) => key !== acknowledged);
    expect(markOf(question, [publish, acknowledged, ...delivered])).toBeUndefined();
    expect(markOf(question, [publish, ...delivered, acknowledged])).toBeUndefined();
  });
  test('the first packet that cannot arrive is named', () => {
    for (const question of questions) expect(markOf(question, moved(question.answer, 0, 1))).toBe(0);
  });
  test('a card moves by one place, and stays where there is no other', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  });
});
