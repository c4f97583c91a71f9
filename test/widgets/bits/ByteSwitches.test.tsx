/** The byte of switches as the server draws it. */
import { render } from 'preact-render-to-string';
import { expect, test } from 'vitest';
import type { Version } from '../../../broker/index.ts';
import { dictionary } from '../../../src/i18n/index.ts';
import { firstByte, firstBytes } from '../../../src/lessons/fixed-header.ts';
import { ByteSwitches } from '../../../src/widgets/bits/ByteSwitches.tsx';
import { outcome } from '../../../src/widgets/bits/words.ts';

const words = dictionary('en');

function drawn(byte: number, version: Version = 4): string {
  return render(
    <ByteSwitches words={words} name="byte" byte={byte} version={version} onByte={() => undefined} hasMap />,
  );
}

test('an allowed byte names its packet and says its flags', () => {
  const html = drawn(0x3d);
  expect(html).toContain('aria-label="First byte 3D: PUBLISH"');
  expect(html).toContain('QoS\u00a02, retained, sent again.');
  expect(html).not.toContain('class="tri"');
});

test('a type with fixed flags says which', () => {
  expect(drawn(0x82)).toContain('The flags of SUBSCRIBE are always 0010.');
});

test.each([
  [0x36, 4, 'There is no QoS 3.', 'MQTT-3.3.1-4'],
  [0x80, 4, 'The flags of SUBSCRIBE are 0010, not 0000.', 'MQTT-3.8.1-1'],
  [0x38, 5, 'DUP is set at QoS 0', 'MQTT-3.3.1-2'],
] as const)('%i in version %i says what is wrong, and the statement', (byte, version, message, id) => {
  const html = drawn(byte, version);
  expect(html).toContain(message);
  expect(html).toContain(`Statement ${id}`);
});

test('a reserved type has no statement in 3.1.1, and is AUTH in 5.0', () => {
  expect(drawn(0xf0)).toContain('Control Packet type 15 is reserved.');
  expect(drawn(0xf0, 5)).toContain('aria-label="First byte F0: AUTH"');
});

test('the map has 256 places, one tab stop, and one that is chosen', () => {
  const html = drawn(0x62);
  expect(html.match(/role="gridcell"/g)).toHaveLength(256);
  const chosen = html.match(/<span[^>]*aria-selected="true"[^>]*>/g) ?? [];
  expect(chosen).toHaveLength(1);
  expect(chosen[0]).toContain('aria-label="62, PUBREL, flags 0010, may be sent"');
});

test('what a bit would do is what the decoder says of the byte that it makes', () => {
  const say = (byte: number, bit: number) =>
    outcome(bit, firstByte(byte, 4), firstByte(byte ^ (1 << bit), 4), words);
  expect(say(0x32, 2)).toBe('Bit 2 would be a fault. There is no QoS 3.');
  expect(say(0x30, 0)).toBe('Bit 0 would keep it PUBLISH: QoS\u00a00, retained, sent for the first time.');
  expect(say(0xc0, 4)).toBe('Bit 4 would make it PINGRESP.');
});

test('every allowed type is explained', () => {
  for (const { type } of firstBytes(5)) {
    if (type) expect(words.bits.types[type].length).toBeGreaterThan(20);
  }
});
