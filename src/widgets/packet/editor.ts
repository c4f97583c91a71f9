// The packet widget at work: the bytes with what was before them, where the cursor stands, and whether it may write. Knows
// what each act does to these; knows no keys and no screen.
import type { Packet, Version } from '#broker/codec/index.ts';
import { flipBit, setByte, setHalf, splice } from './bytes.ts';
import { maximum, writeNumber } from './field.ts';
import { begin, change, type History, redo, undo } from './history.ts';
import { nodeAtBit, type Opened, open } from './opened.ts';

/** Of large packets fewer are kept to go back to: so many bytes in all, but a few in any case. */
const MOST_KEPT = 32 * 1024 * 1024;
const FEWEST_STEPS = 8;

export interface Cursor {
  /** The byte; in Edit it may stand behind the last one. */
  offset: number;
  /** Which half of the byte the next digit goes into. */
  half: 0 | 1;
  /** The bit, in the row of bits. */
  bit: number;
  /** The stretch that is meant where the byte alone does not tell. */
  key?: string | undefined;
}

/** Several packets, one of which is open. What the open one was when it was opened stands among them. */
export interface Series {
  frames: readonly Uint8Array[];
  open: number;
}

/** What can be undone: bytes, how they are read, and where they were changed. */
export interface Wire {
  bytes: Uint8Array;
  version: Version;
  at: number;
  /** The packet that a form wrote the bytes from. It may say more than they do. */
  written?: Packet | undefined;
  /** The packets that this is one of, where there are several. */
  series?: Series | undefined;
}

export interface Editor {
  history: History<Wire>;
  cursor: Cursor;
  mode: 'read' | 'edit';
}

export type Act =
  | { do: 'move'; cursor: Partial<Cursor> }
  | { do: 'mode'; mode: Editor['mode'] }
  /** Other bytes than those that the widget was given, in Read as well. */
  | { do: 'open'; bytes: Uint8Array; version: Version; series?: Series | undefined }
  | { do: 'digit'; digit: number }
  | { do: 'insert' | 'remove' | 'removeBefore' | 'undo' | 'redo' }
  | { do: 'byte'; offset: number; value: number }
  | { do: 'bit'; offset: number; bit: number }
  /** `kind`: changes of one kind in a row are undone together. */
  | { do: 'replace'; bytes: Uint8Array; kind?: string }
  /** The bytes of a packet, written from a form. */
  | { do: 'write'; bytes: Uint8Array; version: Version; packet: Packet; kind?: string };

export function editor(bytes: Uint8Array, version: Version, mode: Editor['mode'], offset = 0): Editor {
  return { history: begin({ bytes, version, at: offset }), cursor: { offset, half: 0, bit: 7 }, mode };
}

/** What can be done in Read. */
const READING: ReadonlySet<Act['do']> = new Set<Act['do']>(['move', 'mode', 'open']);

/** What an act makes of an editor. In Read nothing changes the bytes but opening others. */
export function act(state: Editor, act: Act): Editor {
  const { bytes, version } = state.history.now;
  const { offset, half } = state.cursor;
  if (state.mode === 'read' && !READING.has(act.do)) return state;
  switch (act.do) {
    case 'move':
      return {
        ...state,
        cursor: clamp({ ...state.cursor, half: 0, key: undefined, ...act.cursor }, bytes.length, state.mode),
      };
    case 'mode':
      return {
        ...state,
        mode: act.mode,
        cursor: clamp({ ...state.cursor, half: 0 }, bytes.length, act.mode),
      };
    case 'open':
      return write(state, act.bytes, {}, { version: act.version, series: act.series });
    case 'digit':
      return write(
        state,
        setHalf(bytes, offset, half, act.digit),
        half === 0 ? { half: 1 } : { offset: offset + 1, half: 0 },
      );
    case 'insert':
      return write(state, splice(bytes, offset, offset, [0]), { half: 0 });
    case 'remove':
      return offset < bytes.length ? write(state, splice(bytes, offset, offset + 1, []), { half: 0 }) : state;
    case 'removeBefore':
      return offset > 0
        ? write(state, splice(bytes, offset - 1, offset, []), { offset: offset - 1, half: 0 })
        : state;
    case 'byte':
      return write(state, setByte(bytes, act.offset, act.value), {
        offset: act.offset + (act.offset < bytes.length ? 0 : 1),
      });
    case 'bit':
      return write(state, flipped(open(bytes, version), act.offset, act.bit), {
        offset: act.offset,
        bit: act.bit,
      });
    case 'replace':
      return write(state, act.bytes, {}, {}, act.kind);
    case 'write':
      return write(state, act.bytes, {}, { version: act.version, written: act.packet }, act.kind);
    case 'undo':
      return revert(state, undo(state.history), state.history.now.at);
    case 'redo': {
      const history = redo(state.history);
      return revert(state, history, history.now.at);
    }
    default:
      return act satisfies never;
  }
}

/** Goes to another state of the bytes, and to where they were changed. */
function revert(state: Editor, history: Editor['history'], offset: number): Editor {
  return {
    ...state,
    history,
    cursor: clamp({ ...state.cursor, offset, half: 0 }, history.now.bytes.length, state.mode),
  };
}

/** Turns a bit over: where it has a name, the field gets its new value, and what depends on it comes or goes. */
export function flipped(opened: Opened, offset: number, bit: number): Uint8Array {
  const node = nodeAtBit(opened, offset, bit);
  const { bits, value } = node?.span ?? {};
  if (node === undefined || bits === undefined || typeof value !== 'number')
    return flipBit(opened.bytes, offset, bit);
  return writeNumber(opened, node, (value ^ (1 << (bit - bits[1]))) & maximum(node));
}

function write(
  state: Editor,
  bytes: Uint8Array,
  cursor: Partial<Cursor>,
  more: Partial<Wire> = {},
  kind?: string,
): Editor {
  const { version, series } = state.history.now;
  const now: Wire = { version, series, ...more, bytes, at: state.cursor.offset };
  const most = Math.max(FEWEST_STEPS, Math.floor(MOST_KEPT / (bytes.length + 1)));
  const history = change(state.history, now, kind, most);
  return { ...state, history, cursor: clamp({ ...state.cursor, ...cursor }, bytes.length, state.mode) };
}

function clamp(cursor: Cursor, length: number, mode: Editor['mode']): Cursor {
  const last = mode === 'edit' ? length : length - 1;
  return { ...cursor, offset: Math.max(0, Math.min(cursor.offset, last)) };
}
