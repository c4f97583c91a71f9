import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import { act, begin, type Run, toEnd } from '../../../src/lessons/run.ts';
import { draw } from '../../../src/widgets/stepper/draw.ts';
import { drawSeen } from '../../../src/widgets/stepper/seen.ts';
import { COLOURS, toSvg } from '../../../src/widgets/stepper/svg.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';
import { cut, scenario, until } from './world.ts';

function svgOf(run: Run): string {
  const { participants } = run.scenario;
  return toSvg(draw(timeline(run), run.at, participants), participants, en, 'en');
}

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
}

/** Reads XML without comments, sections and declarations, and throws where it is not well-formed. */
function parse(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [] };
  const open = [root];
  const token = /<\/([\w:]+)>|<([\w:]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  const end = xml.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const found = token.exec(xml);
    if (!found) throw new Error(`Not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closed, name, attributes = '', isEmpty, text] = found;
    const top = open.at(-1) as Element;
    if (text !== undefined) {
      if (/&(?!(?:amp|lt|gt|quot);)|[^\P{Cc}\t\n\r]/u.test(text)) throw new Error(`Not escaped: ${text}`);
      top.children.push(text);
    } else if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`${closed} is closed and was not open`);
    } else {
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]);
      const element = { name: name ?? '', attributes: Object.fromEntries(pairs), children: [] };
      top.children.push(element);
      if (!isEmpty) open.push(element);
    }
  }
  expect(open).toHaveLength(1);
  return root.children[0] as Element;
}

function all(element: Element, name: string): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...all(child, name)],
  );
}

function texts(element: Element): string[] {
  return all(element, 'text').map(({ children }) => children.join('').replaceAll('\u00a0', ' '));
}

const { run } = until('4-2', 'pubrec', 'p1');
const atCut = act(run, cut('p1'));

test('a file that needs nothing else, with who takes part, capsules, bars and notes', () => {
  const svg = parse(svgOf(toEnd(atCut)));
  expect(svg).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg' } });
  expect(texts(svg)).toEqual(
    expect.arrayContaining([
      'Publisher',
      'p1',
      'PUBLISH',
      'QoS 2 · id 4',
      'PUBREC',
      'connection cut',
      'Session Present 1',
    ]),
  );
  expect(all(svg, 'image')).toEqual([]);
  expect(svgOf(run)).not.toMatch(/href|url\((?!#)/);
});

test('title and description say what is to be seen', () => {
  const svg = parse(svgOf(atCut));
  const [title, desc] = svg.children as Element[];
  expect(title).toMatchObject({
    name: 'title',
    children: ['Packets between p1, broker, and phone, step by step'],
  });
  expect(desc?.children.join('').replaceAll('\u00a0', ' ')).toContain(
    'p1 to broker: PUBLISH, QoS 2, id 4, delivered.',
  );
  expect(desc?.children.join('')).toContain('The connection of p1 is cut.');
});

describe('states are drawn apart', () => {
  test('what is in flight is filled with ink, up to where it is', () => {
    const fills = all(parse(svgOf(begin(scenario('4-1')))), 'rect').map(
      ({ attributes }) => attributes['fill'],
    );
    expect(fills.filter((each) => each === COLOURS.ink)).toHaveLength(1);
  });
  test('what is lost is struck out, and crossed', () => {
    const svg = parse(svgOf(atCut));
    const struck = all(svg, 'text').filter(
      ({ attributes }) => attributes['text-decoration'] === 'line-through',
    );
    expect(struck.flatMap(({ children }) => children)).toEqual(['PUBREC']);
  });
  test('a bar that lasts has a dashed foot', () => {
    const dashed = (of: Run) =>
      all(parse(svgOf(of)), 'line').filter(({ attributes }) => attributes['stroke-dasharray'] === '3 2')
        .length;
    expect(dashed(begin(scenario('4-1')))).toBe(1);
    expect(dashed(toEnd(begin(scenario('4-1'))))).toBe(0);
  });
});

test('whatever stands in a packet is escaped, and what XML cannot hold is replaced', () => {
  const participants = [
    { name: 'a<b>&"', role: 'both' },
    { name: 'broker', role: 'broker' },
  ] as const;
  const frame = Uint8Array.of(0x10, 14, 0, 4, 77, 81, 84, 84, 4, 2, 0, 0, 0, 2, 0x3c, 0x01);
  const seen = [{ kind: 'packet', number: 1, from: 'a<b>&"', to: 'broker', frame, version: 4 }] as const;
  expect(texts(parse(toSvg(drawSeen(seen, participants), participants, en, 'en')))).toContain(
    'a&lt;b&gt;&amp;&quot;',
  );
});

test('the colours are those of the light theme', () => {
  const css = readFileSync('src/styles/tokens.css', 'utf8');
  const light = css.slice(0, css.indexOf('[data-theme="dark"]'));
  for (const [name, colour] of Object.entries(COLOURS)) expect(light).toContain(`--${name}: ${colour};`);
});
