/**
 * The field tree: a row for each field with its value, its bytes and Wireshark's filter name. In Edit a value can be typed
 * over in its row, and the packet follows each letter. One tab stop; where the arrow keys lead, the widget decides.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { FIELDS, PROPERTIES } from '#broker/codec/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import { isEditable, type Refusal, setField, typed, valueNodes } from './field.ts';
import { hexByte } from './hex.ts';
import { hasRow, type Node, nodeAt, nodeAtBit, type Opened, type Range } from './opened.ts';
import { countedFrom, isCounted, type Row } from './rows.ts';
import { note, type PacketWords, valueText } from './say.ts';

interface Props {
  words: PacketWords;
  lang: string;
  opened: Opened;
  rows: readonly Row[];
  /** How many rows there are, the folded ones included. */
  total: number;
  isEdit: boolean;
  /** The row that Tab leads to. */
  cursor: string | undefined;
  /** The stretch that is lit, and its key: a row may be lit that stands for nothing that was read. */
  lit: Node | undefined;
  litKey: string | undefined;
  /** The value that is being typed in. */
  typing: string | undefined;
  onHover(key: string | undefined): void;
  onPress(key: string): void;
  onFocus(key: string): void;
  onType(key: string | undefined): void;
  /** A value was typed as far as this; `isFirst` for the first letter. */
  onValue(bytes: Uint8Array): void;
  onCancel(): void;
  onMore(): void;
}

export function Tree(props: Props) {
  const { words, lang, rows, total, onHover, onMore } = props;
  return (
    <div class="tree-box">
      <div
        class="tree"
        role="tree"
        aria-label={words.packet.tree.heading}
        data-group="tree"
        onPointerLeave={() => onHover(undefined)}
      >
        {rows.map((row) => (
          <TreeRow key={row.key} {...props} row={row} />
        ))}
      </div>
      {rows.length < total && (
        <button type="button" class="lk" onClick={onMore}>
          {plural(words.packet.tree.more, total - rows.length, lang)}
        </button>
      )}
    </div>
  );
}

function TreeRow(props: Props & { row: Row }) {
  const { words, opened, row, cursor, isEdit, typing, onHover, onPress, onFocus } = props;
  const { packet: phrases } = words;
  const common = {
    role: 'treeitem',
    'aria-level': row.depth + 1,
    'aria-selected': isLit(props, row),
    tabIndex: row.key === cursor ? 0 : -1,
    'data-row': row.key,
    onPointerEnter: (event: PointerEvent) => event.pointerType === 'mouse' && onHover(row.key),
    onClick: () => typing !== row.key && onPress(row.key),
    onFocus: () => onFocus(row.key),
  } as const;
  const classes = ['tr', strokeOf(row.part), ...(isLit(props, row) ? ['on'] : [])];
  switch (row.kind) {
    case 'part':
      return (
        <div {...common} class={[...classes, 'part'].join(' ')}>
          <span>
            <span class="pt" aria-hidden="true">
              {phrases.parts[row.node.span.part].letters}
            </span>
            {row.node.span.name}
          </span>
          <span class="v">{partSize(props, row.node)}</span>
        </div>
      );
    case 'absent':
      return (
        <div {...common} class={[...classes, 'dim'].join(' ')} style={{ '--d': row.depth }}>
          <span>{FIELDS[row.field].name}</span>
          <span class="v">{phrases.tree.noPacketId}</span>
          <span class="r" />
          <span class="w">{FIELDS[row.field].filter}</span>
        </div>
      );
    case 'broken':
    case 'unread':
      return (
        <div {...common} class={[...classes, 'dim'].join(' ')} style={{ '--d': row.depth }}>
          <span>{plural(phrases.tree[row.kind], row.range.end - row.range.start, props.lang)}</span>
          <span class="v" />
          <span class="r">{rangeText(row.range, words)}</span>
          <span class="w" />
        </div>
      );
    case 'field':
      return (
        <div
          {...common}
          class={[
            ...classes,
            ...(isFaulty(opened, row.node) ? ['bad'] : []),
            ...(isEdit ? ['can'] : []),
          ].join(' ')}
          style={{ '--d': row.depth }}
        >
          <span>
            {row.node.span.field === 'property' && <span class="m lab">{propertyId(row.node)} </span>}
            {row.node.span.name}
          </span>
          <span class="v">
            <Values {...props} node={row.node} />
          </span>
          <span class="r">{rangeText(row.node.span, words)}</span>
          <span class="w">{breakable(filterOf(row.node))}</span>
        </div>
      );
    default:
      return row satisfies never;
  }
}

function isLit({ lit, litKey }: Props, row: Row): boolean {
  if (litKey === undefined) return false;
  if (row.key === litKey) return true;
  return lit !== undefined && !hasRow(lit) && row.kind === 'field' && row.node.parent === lit;
}

function isFaulty(opened: Opened, node: Node): boolean {
  const { fault } = opened.dissection;
  if (fault === undefined) return false;
  const faulty = fault.bits ? nodeAtBit(opened, fault.offset, fault.bits[0]) : nodeAt(opened, fault.offset);
  return faulty === node && node.span.start <= fault.offset;
}

function partSize({ words, lang, opened }: Props, { span }: Node): string {
  const { tree } = words.packet;
  const { packet, fault } = opened.dissection;
  const count = span.end - span.start;
  if (packet === undefined && fault !== undefined && span.end >= fault.offset)
    return plural(tree.read, count, lang);
  const isRest = packet?.type === 'publish' && span.field === 'payload';
  return plural(isRest ? tree.rest : words.packet.size, count, lang);
}

function rangeText({ start, end }: Range, { packet: { tree } }: PacketWords): string {
  if (end <= start) return '';
  return end - start === 1 ? String(start) : fill(tree.range, { first: start, last: end - 1 });
}

function propertyId({ span }: Node): string {
  return hexByte(PROPERTIES.find(({ key }) => key === span.property)?.id ?? 0);
}

/** A property has the filter name of its value. */
function filterOf(node: Node): string {
  return node.span.filter ?? valueNodes(node)[0]?.span.filter ?? '';
}

/** A filter name that may be broken behind its dots and underscores. */
function breakable(filter: string): ComponentChildren {
  return filter.split(/(?<=[._])/).map((piece) => [piece, <wbr key={piece} />]);
}

function Values(props: Props & { node: Node }) {
  const { words, opened, node } = props;
  const { tree } = words.packet;
  const values = valueNodes(node).filter(({ span }) => span.value !== undefined);
  const remark = note(node, words);
  const terms = countedFrom(opened, node);
  return (
    <>
      {values.map((value, index) => (
        <span key={value.key}>
          {index > 0 && ` ${tree.pair} `}
          <Value {...props} value={value} />
        </span>
      ))}
      {remark && <span class="note"> {remark}</span>}
      {isCounted(node) && (
        <span class="auto">
          {terms.length > 0 ? fill(tree.countedFrom, { terms: terms.join(' + ') }) : tree.counted}
        </span>
      )}
    </>
  );
}

function Value(props: Props & { node: Node; value: Node }) {
  const { words, opened, value, isEdit, typing, onType } = props;
  if (typing === value.key) return <Typed {...props} />;
  const text = valueText(value, words);
  if (!isEdit || !isEditable(opened, value)) return <>{text}</>;
  return (
    <button
      type="button"
      class="ed"
      tabIndex={-1}
      aria-label={fill(words.packet.tree.edit as string, { field: value.span.name, value: text })}
      onClick={(event) => {
        event.stopPropagation();
        onType(value.key);
      }}
    >
      {text}
    </button>
  );
}

/** A value while it is typed: each letter that makes sense changes the packet as it was before the first. */
function Typed({
  words,
  opened,
  node,
  value,
  onType,
  onValue,
  onCancel,
}: Props & { node: Node; value: Node }) {
  const [before] = useState({ opened, value });
  const [text, setText] = useState(() => typed(value));
  const [refusal, setRefusal] = useState<Refusal>();
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.select(), []);
  const leave = (next?: string): void => {
    const row = input.current?.closest<HTMLElement>('[role=treeitem]');
    onType(next);
    if (next === undefined) row?.focus();
  };
  const take = (changed: string): void => {
    setText(changed);
    const result = setField(before.opened, before.value, changed);
    if (result instanceof Uint8Array) onValue(result);
    setRefusal(result instanceof Uint8Array ? undefined : result);
  };
  return (
    <>
      <input
        ref={input}
        class="typed"
        aria-label={value.span.name}
        aria-invalid={refusal !== undefined}
        autocomplete="off"
        spellcheck={false}
        style={{ width: `calc(${Math.max(2, text.length + 1)}ch + 8px)` }}
        value={text}
        onInput={(event) => take(event.currentTarget.value)}
        onClick={(event) => event.stopPropagation()}
        onBlur={() => onType(undefined)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') {
            onCancel();
            leave();
          } else if (event.key === 'Enter') {
            const values = valueNodes(node);
            leave(values[values.indexOf(value) + 1]?.key);
          }
        }}
      />
      {refusal && (
        <span class="refused" role="alert">
          {fill(words.packet.refused[refusal.kind] as string, { ...refusal })}
        </span>
      )}
    </>
  );
}
