/** The converter as the server draws it. */
import { render } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import { dictionary } from '../../../src/i18n/index.ts';
import { Converter } from '../../../src/widgets/varint/Converter.tsx';

const html = render(<Converter words={dictionary('en')} lang="en" name="length" />);

test('without JavaScript every step of 49 798 is there', () => {
  for (const text of [
    'aria-label="Remaining Length 49798, bytes 86 85 03"',
    '49\u00a0798 = 389\u00a0×\u00a0128 + 6',
    '389 = 3\u00a0×\u00a0128 + 5',
    'nothing is left: the last byte',
    '3 × 16\u00a0384 = 49\u00a0152',
    '1 + 3 + 49\u00a0798 = 49\u00a0802 bytes in the packet',
  ]) {
    expect(html).toContain(text);
  }
});

test('each byte is one tab stop', () => {
  expect(html.match(/data-bit="\d"/g)).toHaveLength(24);
  expect(html.match(/tabindex="0"/g)).toHaveLength(3);
});

test('fields and edges wait until the converter runs', () => {
  const controls = html.match(/<input[^>]*>|<button[^>]*class="lk m"[^>]*>/g) ?? [];
  expect(controls).toHaveLength(10);
  expect(controls.filter((control) => !control.includes('disabled'))).toEqual([]);
});
