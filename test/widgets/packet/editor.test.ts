// The editor: digits, bits, bytes that come and go, and the way back.
import { describe, expect, test } from 'vitest';
import { type Act, act, type Editor, editor } from '../../../src/widgets/packet/editor.ts';
import { hexBytes, parseHex } from '../../../src/widgets/packet/hex.ts';

const PUBLISH = '30 05 00 01 61 62 63';

function edited(hex: string, acts: readonly Act[], mode: Editor['mode'] = 'edit'): Editor {
  return acts.reduce(act, editor(parseHex(hex) ?? new Uint8Array(), 4, mode));
}

function bytesOf({ history }: Editor): string {
  return hexBytes(history.now.bytes);
}

const at = (offset: number): Act => ({ do: 'move', cursor: { offset } });
const digits = (text: string): Act[] =>
  [...text].map((digit) => ({ do: 'digit', digit: Number.parseInt(digit, 16) }));

describe('in Edit', () => {
  test('a digit overwrites half a byte, and the second one moves on', () => {
    const half = edited(PUBLISH, [at(4), ...digits('4')]);
    expect([bytesOf(half), half.cursor]).toEqual([
      '30 05 00 01 41 62 63',
      { offset: 4, half: 1, bit: 7, key: undefined },
    ]);
    const whole = act(half, { do: 'digit', digit: 0xf });
    expect([bytesOf(whole), whole.cursor.offset, whole.cursor.half]).toEqual(['30 05 00 01 4F 62 63', 5, 0]);
  });

  test('behind the last byte digits append bytes', () => {
    const state = edited('', digits('3003000161'));
    expect([bytesOf(state), state.cursor.offset]).toEqual(['30 03 00 01 61', 5]);
  });

  test('moving on begins with the first half again', () => {
    const state = edited(PUBLISH, [at(4), ...digits('4'), at(5), ...digits('7')]);
    expect(bytesOf(state)).toBe('30 05 00 01 41 72 63');
  });

  test('a byte comes in, goes, and goes backwards', () => {
    expect(bytesOf(edited(PUBLISH, [at(2), { do: 'insert' }]))).toBe('30 05 00 00 01 61 62 63');
    expect(bytesOf(edited(PUBLISH, [at(2), { do: 'remove' }]))).toBe('30 05 01 61 62 63');
    const back = edited(PUBLISH, [at(2), { do: 'removeBefore' }]);
    expect([bytesOf(back), back.cursor.offset]).toEqual(['30 00 01 61 62 63', 1]);
  });

  test('nothing goes where nothing is', () => {
    expect(bytesOf(edited('', [{ do: 'remove' }, { do: 'removeBefore' }]))).toBe('');
  });

  test('a bit with a name changes its field, with all that depends on it', () => {
    expect(bytesOf(edited(PUBLISH, [{ do: 'bit', offset: 0, bit: 1 }]))).toBe('32 07 00 01 61 00 01 62 63');
    expect(bytesOf(edited(PUBLISH, [{ do: 'bit', offset: 0, bit: 0 }]))).toBe('31 05 00 01 61 62 63');
  });

  test('a bit without a name is just turned over', () => {
    expect(bytesOf(edited(PUBLISH, [{ do: 'bit', offset: 4, bit: 5 }]))).toBe('30 05 00 01 41 62 63');
  });

  test('both bits of QoS 3 can be set, and turned back', () => {
    const three = edited(PUBLISH, [
      { do: 'bit', offset: 0, bit: 1 },
      { do: 'bit', offset: 0, bit: 2 },
    ]);
    expect(bytesOf(three)).toBe('36 07 00 01 61 00 01 62 63');
    expect(bytesOf(act(three, { do: 'bit', offset: 0, bit: 2 }))).toBe('32 07 00 01 61 00 01 62 63');
  });

  test('the cursor stays in the packet, or right behind it', () => {
    expect(edited(PUBLISH, [at(99)]).cursor.offset).toBe(7);
    expect(edited(PUBLISH, [at(-1)]).cursor.offset).toBe(0);
    expect(edited(PUBLISH, [at(99)], 'read').cursor.offset).toBe(6);
  });
});

describe('undo and redo', () => {
  test('each step is undone by itself, and the cursor goes where it was', () => {
    const state = edited(PUBLISH, [at(4), ...digits('4142'), at(0), { do: 'undo' }]);
    expect([bytesOf(state), state.cursor.offset]).toEqual(
      ['30 05 00 01 41 42 63', 5].with(0, '30 05 00 01 41 42 63'),
    );
    const back = edited(PUBLISH, [
      at(4),
      ...digits('4142'),
      { do: 'undo' },
      { do: 'undo' },
      { do: 'undo' },
      { do: 'undo' },
    ]);
    expect(bytesOf(back)).toBe(PUBLISH);
    expect(
      bytesOf([{ do: 'redo' }, { do: 'redo' }].reduce((each, next) => act(each, next as Act), back)),
    ).toBe('30 05 00 01 41 62 63');
  });

  test('the letters typed into one field are undone together', () => {
    const typed = ['31', '32', '33'].map(
      (byte): Act => ({
        do: 'replace',
        bytes: parseHex(`30 04 00 01 61 ${byte}`) ?? new Uint8Array(),
        kind: 'message 0',
      }),
    );
    expect(bytesOf(edited(PUBLISH, [...typed, { do: 'undo' }]))).toBe(PUBLISH);
  });

  test('a new change forgets what was undone', () => {
    const state = edited(PUBLISH, [at(4), ...digits('41'), { do: 'undo' }, ...digits('5'), { do: 'redo' }]);
    expect(state.history.future).toEqual([]);
  });

  test('with nothing to undo nothing happens', () => {
    expect(bytesOf(edited(PUBLISH, [{ do: 'undo' }, { do: 'redo' }]))).toBe(PUBLISH);
  });
});

test('in Read nothing changes the bytes', () => {
  const acts: Act[] = [
    ...digits('FF'),
    { do: 'insert' },
    { do: 'remove' },
    { do: 'removeBefore' },
    { do: 'bit', offset: 0, bit: 0 },
    { do: 'byte', offset: 0, value: 0 },
    { do: 'undo' },
  ];
  expect(bytesOf(edited(PUBLISH, acts, 'read'))).toBe(PUBLISH);
});
