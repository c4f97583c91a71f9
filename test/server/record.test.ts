// The form of records: a store that was written by one version of the program is read by the next.
import { expect, test } from 'vitest';
import { FORMAT, KEYS, pack } from '#broker/server/record.ts';

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

test('is what it has been since it has its name: another form needs another name', () => {
  expect(FORMAT).toBe('glass-broker 1');
  expect(KEYS.inbound(35, 36)).toBe('inbound/00000000z/000000010');
  expect(hex(pack<'retained'>({ message: 1 }, { payload: Uint8Array.of(1, 2) }))).toBe(
    'a6dcf678' + // checksum of all that follows
      '0000000d' + // length of the facts
      '7b226d657373616765223a317d' + // {"message":1}
      '300600012e000102', // PUBLISH, topic ".", no properties
  );
});
