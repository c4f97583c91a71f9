// The keys of the packet widget, as the table says.
import { describe, expect, test } from 'vitest';
import { commandOf, type Group, type Pressed, stepFrom } from '../../../src/widgets/packet/keys.ts';

function press(key: string, group: Group | undefined, isEdit: boolean, held: Partial<Pressed> = {}): unknown {
  return commandOf(
    { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held },
    group,
    isEdit,
  );
}

describe('in every group', () => {
  test.each(['bytes', 'bits', 'tree'] as const)('%s: pin, let go, next and previous field', (group) => {
    expect(press('Enter', group, false)).toEqual({ do: 'pin' });
    expect(press('Escape', group, true)).toEqual({ do: 'letGo' });
    expect(press('[', group, true)).toEqual({ do: 'field', by: -1 });
    expect(press(']', group, false)).toEqual({ do: 'field', by: 1 });
  });

  test.each(['bytes', 'bits', 'tree'] as const)('%s: undo and redo, in Edit only', (group) => {
    expect(press('z', group, true, { ctrlKey: true })).toEqual({ do: 'act', act: { do: 'undo' } });
    expect(press('z', group, true, { metaKey: true, shiftKey: true })).toEqual({
      do: 'act',
      act: { do: 'redo' },
    });
    expect(press('Y', group, true, { ctrlKey: true })).toEqual({ do: 'act', act: { do: 'redo' } });
    expect(press('z', group, false, { ctrlKey: true })).toBeUndefined();
  });
});

test('digits and bytes that come and go belong to the bytes, in Edit', () => {
  expect(press('b', 'bytes', true)).toEqual({ do: 'act', act: { do: 'digit', digit: 11 } });
  expect(press('B', 'bytes', true, { shiftKey: true })).toEqual({
    do: 'act',
    act: { do: 'digit', digit: 11 },
  });
  expect(press('Insert', 'bytes', true)).toEqual({ do: 'act', act: { do: 'insert' } });
  expect(press('Delete', 'bytes', true)).toEqual({ do: 'act', act: { do: 'remove' } });
  expect(press('b', 'bytes', false)).toBeUndefined();
  expect(press('b', 'tree', true)).toBeUndefined();
  expect(press('g', 'bytes', true)).toBeUndefined();
});

test('0 and 1 set a bit in the row of bits', () => {
  expect(press('1', 'bits', true)).toEqual({ do: 'setBit', value: 1 });
  expect(press('0', 'bits', true)).toEqual({ do: 'setBit', value: 0 });
  expect(press('1', 'bits', false)).toBeUndefined();
});

test('in Edit, Enter opens the value of a row', () => {
  expect(press('Enter', 'tree', true)).toEqual({ do: 'type' });
  expect(press('Enter', 'tree', false)).toEqual({ do: 'pin' });
});

test('what belongs to the browser is left to it', () => {
  for (const key of ['Tab', 'F5', 'PageDown', ' ']) expect(press(key, 'bytes', true)).toBeUndefined();
  expect(press('c', 'bytes', true, { ctrlKey: true })).toBeUndefined();
  expect(press('d', 'bytes', true, { altKey: true })).toBeUndefined();
  for (const key of ['ArrowLeft', 'Enter', 'a', 'Delete'])
    expect(press(key, undefined, true)).toBeUndefined();
});

test.each([
  [5, 'back', 4],
  [5, 'on', 6],
  [5, 'up', 5],
  [21, 'up', 5],
  [5, 'down', 21],
  [5, 'first', 0],
  [5, 'last', 30],
  [0, 'back', 0],
] as const)('from %i, %s leads to %i', (at, to, place) => {
  expect(stepFrom(at, to, 30, 16)).toBe(place);
});
