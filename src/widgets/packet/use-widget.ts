// The packet widget's state and what is done to it, put together from the pure pieces beside this file. Knows the browser
// as far as the focus, the clipboard and the address of the page; draws nothing.
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Version } from '#broker/codec/index.ts';
import { LINE } from './Bytes.tsx';
import { type Act, act, type Cursor, type Editor, editor } from './editor.ts';
import { isEditable, valueNodes } from './field.ts';
import { type Fold, foldLines } from './folds.ts';
import { parseHex } from './hex.ts';
import { type Command, commandOf, type Group, stepFrom } from './keys.ts';
import { focused, keyAtBit, type Lights, lightsOf } from './lights.ts';
import { fromFragment, type Linked } from './link.ts';
import { lit, type Target } from './lit.ts';
import { type Mend, mends } from './mend.ts';
import { type Opened, open, reach } from './opened.ts';
import { type Row, rowsOf } from './rows.ts';
import { useLit } from './use-lit.ts';

/** Lines of bytes, and rows of fields, that are shown before more is asked for. */
const LINES = 16;
const ROWS = 120;

interface Setting {
  frame: Uint8Array;
  version: Version;
  /** The packet's name on the page, and the one under which the address of the page carries it. */
  name: string;
  linkName: string | undefined;
  isEditable: boolean;
  mode: Editor['mode'];
  rest: string | undefined;
  /** The last line of bytes is shown too, however many there are. */
  showsEnd?: boolean;
  onChange: ((bytes: Uint8Array, version: Version) => void) | undefined;
}

export interface Widget {
  figure: RefObject<HTMLElement>;
  state: Editor;
  opened: Opened;
  isEdit: boolean;
  lights: Lights;
  /** The rows that are shown, how many there are, and the one that Tab leads to. */
  rows: readonly Row[];
  rowCount: number;
  tabRow: string | undefined;
  folds: readonly Fold[];
  /** Places for bytes: in Edit there is an empty one at the end, and where a byte is missing too. */
  places: number;
  mends: readonly Mend[];
  /** The key of the value that is being typed. */
  typing: string | undefined;
  do(act: Act): void;
  /** Points at something of this packet, or at nothing. */
  point(key: string | undefined, more?: Pick<Target, 'byte' | 'bit'>): void;
  pin(key: string | undefined, more?: Pick<Target, 'byte' | 'bit'>): void;
  pressBit(bit: number): void;
  mend(mend: Mend): void;
  /** Opens a value for typing, or closes it; takes what was typed so far; takes it back. */
  type(key: string | undefined): void;
  typed(bytes: Uint8Array): void;
  untype(): void;
  focusRow(key: string): void;
  moreLines(): void;
  moreRows(): void;
  onKeyDown(event: KeyboardEvent): void;
  onFocusIn(event: FocusEvent): void;
  onFocusOut(event: FocusEvent): void;
  onPaste(event: ClipboardEvent): void;
}

export function useWidget({
  frame,
  version: given,
  name,
  linkName,
  isEditable: canEdit,
  mode,
  rest,
  showsEnd = false,
  onChange,
}: Setting): Widget {
  const figure = useRef<HTMLElement>(null);
  const [state, dispatch] = useReducer(act, undefined, () => editor(frame, given, canEdit ? mode : 'read'));
  const { history, cursor } = state;
  const { bytes, version } = history.now;
  const isEdit = state.mode === 'edit';
  const opened = useMemo(() => open(bytes, version), [bytes, version]);
  const allRows = useMemo(() => rowsOf(opened), [opened]);
  const offered = useMemo(() => (canEdit ? mends(opened, version) : []), [opened, version, canEdit]);
  const [typing, setTyping] = useState<{ key: string; kind: string }>();
  const [group, setGroup] = useState<Group>();
  const [rowCursor, setRowCursor] = useState<string>();
  const [lineLimit, setLineLimit] = useState(LINES);
  const [rowLimit, setRowLimit] = useState(ROWS);
  const focus = useFocus(figure);

  useEffect(() => {
    if (history.past.length + history.future.length > 0) onChange?.(bytes, version);
  }, [bytes, version]);
  useLinked(linkName, (linked) => dispatch({ do: 'open', ...linked }));

  const onPage = useLit();
  const isResting = onPage === undefined;
  const target = isResting && rest !== undefined ? { packet: name, key: rest } : onPage;
  const lights = useMemo(
    () => lightsOf(opened, allRows, target?.packet === name ? target : undefined, isResting, cursor),
    [opened, allRows, target?.packet, target?.key, target?.byte, target?.bit, isResting, cursor],
  );
  useLayoutEffect(() => {
    if (group !== undefined) lit.focus(focused(name, opened, group, cursor, rowCursor));
  }, [group, cursor, rowCursor, opened, name]);
  useEffect(() => () => lit.focus(undefined), []);

  const rows = allRows.slice(0, rowLimit);
  const tabRow = (rows.find(({ key }) => key === rowCursor) ?? rows.find(({ kind }) => kind === 'field'))
    ?.key;
  const { fault } = opened.dissection;
  const places = Math.max(bytes.length + (isEdit ? 1 : 0), fault ? fault.offset + 1 : 0, 1);
  const end = showsEnd ? [places - 1] : [];
  const kept = [cursor.offset, lights.offset, fault?.offset ?? 0, ...end].map((place) =>
    Math.floor(place / LINE),
  );

  const point: Widget['point'] = (key, more) =>
    lit.hover(key === undefined ? undefined : { packet: name, key, ...more });
  const pin: Widget['pin'] = (key, more) => {
    if (key !== undefined) lit.press({ packet: name, key, ...more });
  };
  const type = (key: string | undefined): void =>
    setTyping(key === undefined ? undefined : { key, kind: `${key} ${history.past.length}` });
  const goTo = (to: Partial<Cursor>, within: Group): void => {
    dispatch({ do: 'move', cursor: to });
    focus(within);
  };

  const step = (to: Parameters<typeof stepFrom>[1]): void => {
    if (group === 'bits')
      goTo({ offset: lights.offset, bit: 7 - Math.min(7, stepFrom(7 - cursor.bit, to, 7, 8)) }, group);
    else if (group === 'tree')
      goToRow(rows[Math.min(rows.length - 1, stepFrom(rowAt(), to, rows.length - 1, 1))]);
    else goTo({ offset: stepFrom(cursor.offset, to, bytes.length - 1, lineWidth(figure.current)) }, 'bytes');
  };
  const rowAt = (): number => rows.findIndex(({ key }) => key === tabRow);
  const goToRow = (row: Row | undefined): void => {
    setRowCursor(row?.key);
    goTo(row?.kind === 'field' ? { offset: row.node.span.start } : {}, 'tree');
  };

  /** Goes to the field before or behind the one that is lit, in whichever group has the focus. */
  const goToField = (by: 1 | -1): void => {
    const fields = rows.flatMap((row) => (row.kind === 'field' ? [row] : []));
    const at = fields.findIndex(({ key }) => key === lights.key);
    const next = at < 0 ? fields.find(({ node }) => node.span.start >= cursor.offset) : fields[at + by];
    if (next === undefined) return;
    const { start, bits } = next.node.span;
    setRowCursor(next.key);
    const offset = reach(opened, next.node).is[0]?.start ?? start;
    goTo({ offset, key: next.key, ...(bits && { bit: bits[0] }) }, group ?? 'bytes');
  };

  const pinFocused = (): void => {
    if (group === undefined) return;
    const { key, ...more } = focused(name, opened, group, cursor, tabRow) ?? {};
    pin(key, more);
  };
  const typeRow = (): void => {
    const row = rows[rowAt()];
    const values =
      row?.kind === 'field' ? valueNodes(row.node).filter((node) => isEditable(opened, node)) : [];
    if (values.length > 0) type(values[0]?.key);
    else pinFocused();
  };

  const obey = (command: Command): void => {
    switch (command.do) {
      case 'step':
        return step(command.to);
      case 'pin':
        return pinFocused();
      case 'letGo':
        lit.release();
        return lit.focus(undefined);
      case 'type':
        return typeRow();
      case 'field':
        return goToField(command.by);
      case 'setBit':
        if ((((bytes[lights.offset] ?? 0) >> cursor.bit) & 1) === command.value) return;
        return dispatch({ do: 'bit', offset: lights.offset, bit: cursor.bit });
      case 'act':
        dispatch(command.act);
        if (group === 'bytes') focus('bytes');
        return;
      default:
        return command satisfies never;
    }
  };

  return {
    figure,
    state,
    opened,
    isEdit,
    lights,
    rows,
    rowCount: allRows.length,
    tabRow,
    folds: foldLines(Math.ceil(places / LINE), lineLimit, kept),
    places,
    mends: offered,
    typing: typing?.key,
    do: dispatch,
    point,
    pin,
    pressBit: (bit) => {
      if (isEdit) dispatch({ do: 'bit', offset: lights.offset, bit });
      else pin(keyAtBit(opened, lights.offset, bit), { byte: lights.offset, bit });
    },
    mend: (mend) => {
      dispatch({ do: 'mode', mode: 'edit' });
      dispatch({ do: 'replace', bytes: mend.bytes });
      focus('bytes');
    },
    type,
    typed: (changed) => dispatch({ do: 'replace', bytes: changed, ...(typing && { kind: typing.kind }) }),
    untype: () => {
      if (typing !== undefined && history.kind === typing.kind) dispatch({ do: 'undo' });
    },
    focusRow: setRowCursor,
    moreLines: () => setLineLimit(lineLimit + 4 * LINES),
    moreRows: () => setRowLimit(rowLimit + ROWS),
    onKeyDown: (event) => {
      if (event.target instanceof HTMLInputElement) return;
      lit.hover(undefined);
      const command = commandOf(event, group, isEdit);
      if (command === undefined) return;
      event.preventDefault();
      obey(command);
    },
    onFocusIn: ({ target: element }) => {
      const entered = groupOf(element as Element);
      setGroup(entered);
      if (entered === undefined) lit.focus(undefined);
    },
    onFocusOut: ({ relatedTarget }) => {
      if (figure.current?.contains(relatedTarget as Element | null)) return;
      setGroup(undefined);
      lit.focus(undefined);
    },
    onPaste: (event) => {
      if (!isEdit || event.target instanceof HTMLInputElement) return;
      const pasted = parseHex(event.clipboardData?.getData('text') ?? '');
      if (pasted === undefined || pasted.length === 0) return;
      event.preventDefault();
      dispatch({ do: 'replace', bytes: pasted });
    },
  };
}

/** The group that an element is a member of; other buttons that stand in a group keep their own keys. */
function groupOf(element: Element): Group | undefined {
  if (!element.matches('[data-offset], [data-bit], [data-row]')) return undefined;
  return element.closest<HTMLElement>('[data-group]')?.dataset.group as Group | undefined;
}

/** How many bytes stand in a line, as the figure is drawn now. */
function lineWidth(figure: HTMLElement | null): number {
  const [first, second] = [0, LINE / 2].map(
    (offset) =>
      figure?.querySelector(`[role=gridcell][data-offset="${offset}"]`)?.getBoundingClientRect().top,
  );
  return second === undefined || first === second ? LINE : LINE / 2;
}

/** Moves the focus to the one tab stop of a group, once it is drawn. */
function useFocus(figure: RefObject<HTMLElement>): (group: Group) => void {
  const [wanted, want] = useState<{ group: Group }>();
  useLayoutEffect(() => {
    if (wanted)
      figure.current?.querySelector<HTMLElement>(`[data-group=${wanted.group}] [tabindex="0"]`)?.focus();
  }, [wanted]);
  return (group) => want({ group });
}

/** Opens the packet that the address of the page carries, now and whenever the address changes. */
function useLinked(name: string | undefined, onLinked: (linked: Linked) => void): void {
  useEffect(() => {
    if (name === undefined) return;
    const read = (): void => {
      const linked = fromFragment(name, location.hash);
      if (linked === undefined) return;
      onLinked(linked);
      if (linked.key !== undefined) lit.press({ packet: name, key: linked.key });
    };
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, [name]);
}
