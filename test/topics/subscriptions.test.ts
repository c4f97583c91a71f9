import { describe, expect, test, vi } from 'vitest';
import type { QoS } from '#broker/codec/index.ts';
import { Group } from '#broker/topics/shared.ts';
import { Subscriptions } from '#broker/topics/subscriptions.ts';

function entry(holder: string, topicFilter: string, qos: QoS = 0) {
  const subscription = {
    topicFilter,
    qos,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
  } as const;
  return { holder, subscription, identifier: undefined };
}

/** Who gets a message, as `holder filter qos`. */
function match(
  all: Subscriptions<string>,
  topic: string,
  isReady: (holder: string) => boolean = () => true,
): string[] {
  const { own, shared } = all.match(topic, isReady);
  return [...own, ...shared]
    .map(({ holder, subscription: { topicFilter, qos } }) => `${holder} ${topicFilter} ${qos}`)
    .sort();
}

describe('subscriptions', () => {
  test('to one filter replace each other, to different ones stand side by side [MQTT-3.8.4-3]', () => {
    const all = new Subscriptions<string>();
    expect(all.add(entry('x', 'a/+', 0))).toBe(false);
    expect(all.add(entry('x', 'a/+', 2))).toBe(true);
    all.add(entry('x', 'a/#'));
    all.add(entry('y', 'a/+'));
    expect(match(all, 'a/b')).toEqual(['x a/# 0', 'x a/+ 2', 'y a/+ 0']);
  });

  test('end one by one [MQTT-3.10.4-1]', () => {
    const all = new Subscriptions<string>();
    all.add(entry('x', 'a'));
    all.add(entry('y', 'a'));
    expect([all.remove('x', 'a'), all.remove('x', 'a'), all.remove('x', 'b')]).toEqual([true, false, false]);
    expect(match(all, 'a')).toEqual(['y a 0']);
  });

  test('in a group take turns; another group, and one filter without a group, get their own copy', () => {
    const all = new Subscriptions<string>();
    for (const holder of ['x', 'y']) expect(all.add(entry(holder, '$share/g/a'))).toBe(false);
    all.add(entry('z', '$share/h/a'));
    all.add(entry('w', 'a'));
    const others = ['w a 0', 'z $share/h/a 0'];
    expect(match(all, 'a')).toEqual([others[0], 'x $share/g/a 0', others[1]]);
    expect(match(all, 'a')).toEqual([others[0], 'y $share/g/a 0', others[1]]);
    expect(match(all, 'a')).toEqual([others[0], 'x $share/g/a 0', others[1]]);
  });

  test('of a group goes on when another member leaves', () => {
    const all = new Subscriptions<string>();
    for (const holder of ['x', 'y']) all.add(entry(holder, '$share/g/a', 0));
    all.remove('x', '$share/g/a');
    expect(match(all, 'a')).toEqual(['y $share/g/a 0']);
  });

  test('of a group can be replaced and removed, and the group goes with its last member', () => {
    const all = new Subscriptions<string>();
    all.add(entry('x', '$share/g/a', 0));
    expect(all.add(entry('x', '$share/g/a', 1))).toBe(true);
    expect(match(all, 'a')).toEqual(['x $share/g/a 1']);
    expect([
      all.remove('y', '$share/g/a'),
      all.remove('x', '$share/g/a'),
      all.remove('x', '$share/g/a'),
    ]).toEqual([false, true, false]);
    expect(match(all, 'a')).toEqual([]);
    const looks = (subscriptions: Subscriptions<string>) => {
      const look = vi.spyOn(Map.prototype, 'forEach');
      match(subscriptions, 'a');
      const count = look.mock.calls.length;
      look.mockRestore();
      return count;
    };
    expect(looks(all)).toBe(looks(new Subscriptions()));
  });
});

describe('a group', () => {
  test('prefers members that are ready, and falls back on the one whose turn it is', () => {
    const group = new Group<string, string>();
    for (const holder of ['x', 'y', 'z']) group.set(holder, holder);
    const notX = (holder: string) => holder !== 'x';
    expect([group.next(notX), group.next(notX), group.next(notX)]).toEqual(['y', 'z', 'y']);
    expect(group.next(() => false)).toBe('x');
    expect(group.next(() => false)).toBe('z');
  });

  test('that is empty has nobody', () => {
    const group = new Group<string, string>();
    expect([group.isEmpty, group.next(() => true)]).toEqual([true, undefined]);
    expect(group.isEmpty).toBe(true);
  });
});
