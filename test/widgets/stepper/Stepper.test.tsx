// What the stepper writes into a page before anybody touches it, for what its lessons do not show: a broker that crashes,
// somebody who comes later, and a world that is not on TCP.
import { render } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import type { Input } from '../../../broker/index.ts';
import { en } from '../../../src/i18n/en.ts';
import { settled } from '../../../src/lessons/run.ts';
import type { Scenario } from '../../../src/lessons/scenario.ts';
import { Stepper } from '../../../src/widgets/stepper/Stepper.tsx';
import { scenario } from './world.ts';

const STORY = scenario('4-1');
const publish = STORY.script[0] as Input;
const NOT_TCP = 'What if this were not TCP';

/** The figure in which this was done, as text between its tags. */
function figure(opening: readonly Input[], more: Partial<Scenario> = {}): string {
  const own = { ...STORY, opening, script: [], ...more };
  const html = render(
    <Stepper id="it" variants={[{ key: 'it', scenario: own }]} opens="it" words={en} lang="en" />,
  );
  return html.replaceAll('\u00a0', ' ');
}

/** The texts of the rows between the packets. */
function between(html: string): string[] {
  return [...html.matchAll(/<li[^>]*class="gap.*?<\/li>/gs)].map(([row]) =>
    row
      .replace(/<button.*?<\/button>|<svg.*?<\/svg>|<[^>]*>/gs, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

describe('a broker that crashes', () => {
  test.each([
    [true, 'the broker crashed and came back, with its store'],
    [false, 'the broker crashed and came back, without its store'],
  ])('has a row of its own, and keeps its store: %s', (keeps, told) => {
    const html = figure([publish, { do: 'restart', keeps }], { tells: 'session' });
    expect(between(html)).toEqual([expect.stringContaining(told)]);
    expect(html).toContain('PUBLISH, QoS 1, id 4, lost');
    expect(html.includes('let go')).toBe(!keeps);
  });
});

test('somebody who comes later has a row where they come', () => {
  const setup = { name: 'tv', keepAlive: 0 };
  const join: Input = { do: 'join', setup };
  const participants = [...STORY.participants, { name: 'tv', role: 'both' as const }];
  const before = [...STORY.before, join];
  const rest = settled(STORY.setup, [{ do: 'connect', client: 'tv' }], before);
  const html = figure([join, ...rest], { participants });
  expect(between(html)).toEqual([expect.stringContaining('tv joins')]);
  expect(html).toContain('CONNECT, tv, delivered');
});

describe('dropping, doubling and overtaking', () => {
  const setup = { ...STORY.setup, notTcp: true };
  const two = [publish, publish];
  const last = STORY.before.filter((input) => input.do === 'deliver').length;

  test('are offered under a heading of their own where the set-up says that this is not TCP', () => {
    const html = figure(two, { setup });
    const group = html.match(/<fieldset class="not-tcp">.*?<\/fieldset>/s)?.[0] ?? '';
    expect(group).toContain(`<legend>${NOT_TCP}</legend>`);
    expect([...group.matchAll(/aria-label="([^"]+)"/g)].map(([, label]) => label)).toEqual([
      'Drop PUBLISH, QoS 1, id 4',
      'Duplicate PUBLISH, QoS 1, id 4',
      'Reorder PUBLISH, QoS 1, id 5',
    ]);
  });
  test('are not offered anywhere else', () => {
    expect(figure(two)).not.toContain(NOT_TCP);
  });
  test.each([
    ['drop', 1, 'dropped by you'],
    ['duplicate', 1, 'a copy, made by you'],
    ['reorder', 2, 'brought forward by you'],
  ] as const)('%s is said beside the packet', (what, place, note) => {
    const html = figure([...two, { do: what, flight: last + place }], { setup });
    expect(html).toContain(note);
    expect(between(html)).toEqual([]);
  });
});
