/** Why a filter does not match, as the figure underlines it. */
import { expect, test } from 'vitest';
import { type Verdict, verdict } from '../../../src/widgets/home/verdict.ts';

test.each<[string, string, Verdict['kind'], number, string[]]>([
  ['Room1/#', 'Room1/Light', 'matches', 0, ['Room1/#', '', '']],
  ['Room2/#', 'Room1/Light', 'differs', 1, ['', 'Room2', '/#']],
  ['+/Light', 'Room1/Door', 'differs', 2, ['+/', 'Light', '']],
  ['+/Light', 'Room1', 'topic ends', 2, ['+/', 'Light', '']],
  ['+/Light', 'Room1/Light/Level', 'filter ends', 3, ['+/Light/', '', '']],
  ['+/Light', '$SYS/Light', 'wildcard', 1, ['', '+', '/Light']],
])('%s and %s: %s', (topicFilter, topic, kind, level, pieces) => {
  expect(verdict(topicFilter, topic)).toEqual({ kind, level, pieces });
});
