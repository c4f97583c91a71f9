import { expect, test } from 'vitest';
import { Inbound } from '#broker/session/inbound.ts';

test('an identifier is held from its PUBLISH to its PUBREL [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-10]', () => {
  const inbound = new Inbound();
  expect(inbound.has(7)).toBe(false);
  inbound.accept(7);
  inbound.accept(8);
  expect([inbound.has(7), inbound.size, inbound.snapshot()]).toEqual([true, 2, [7, 8]]);
  expect(inbound.release(7)).toBe(true);
  expect(inbound.release(7)).toBe(false);
  expect([inbound.has(7), inbound.size]).toEqual([false, 1]);
  inbound.forget();
  expect(inbound.size).toBe(0);
});
