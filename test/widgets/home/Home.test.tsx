/** The home page's figure as the server draws it. */
import { render } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { dictionary } from '../../../src/i18n/index.ts';
import { Home } from '../../../src/widgets/home/Home.tsx';

const lesson = { href: '/lessons/publish-packet/', packet: 'figure' };
const html = render(<Home words={dictionary('en')} lang="en" lesson={lesson} />);

test('without JavaScript there is already a packet on its way through the broker', () => {
  for (const text of [
    'Delivered to phone; display’s copy is in flight.',
    'opened: PUBLISH from p1, 22 bytes',
    'differs at level 1',
    'on its way',
    'aria-label="PUBLISH, QoS\u00a00, in flight"',
  ]) {
    expect(html).toContain(text);
  }
});

test('every control waits until the figure runs', () => {
  const controls = html.match(/<fieldset class="fields"[^>]*>|<button[^>]* class="btn s"[^>]*>/g) ?? [];
  expect(controls).toHaveLength(4);
  expect(controls.filter((control) => !control.includes('disabled'))).toEqual([]);
});

test('the lesson opens with the packet that is open here', () => {
  expect(html).toContain(
    'href="/lessons/publish-packet/#figure=3.1.1:3014000B526F6F6D312F4C696768745475726E204F6E"',
  );
});
