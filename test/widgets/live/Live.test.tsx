// What the live view shows before it runs, and where it never does.
import { render } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import { Live } from '../../../src/widgets/live/Live.tsx';

test('without a server behind the page, one line says how to get one', () => {
  const html = render(<Live words={en} lang="en" file="/broker.json" />);
  expect(html).toContain('type <code class="m">npm start</code>');
  expect(html).not.toContain('<button');
});
