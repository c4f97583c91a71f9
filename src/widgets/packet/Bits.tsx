/**
 * The bits of one byte, with the names that groups of them have, or what they add up to. In Edit a press turns a bit over,
 * and a line says beforehand what that would do. One tab stop.
 */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { fill, plural } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import { flipped } from './editor.ts';
import { ascii, hexByte, hexBytes } from './hex.ts';
import { bitsOf, isLength, type Node, nodeAtBit, type Opened, open, partAt, unreadFrom } from './opened.ts';
import { bitLabel, note, type PacketWords, valueText } from './say.ts';

const BITS = [7, 6, 5, 4, 3, 2, 1, 0] as const;

interface Props {
  words: PacketWords;
  lang: string;
  opened: Opened;
  offset: number;
  isEdit: boolean;
  /** The bit that Tab leads to, and the one that is pointed at or focused. */
  cursor: number;
  pointed: number | undefined;
  /** The stretch that is lit. */
  lit: Node | undefined;
  onHover(bit: number | undefined): void;
  onPress(bit: number): void;
  onFocus(bit: number): void;
  onType(value: number): void;
  /** What stands between the bits and the line that foretells. */
  children?: ComponentChildren;
}

export function Bits(props: Props) {
  const { words, opened, offset, isEdit, pointed, onHover, children } = props;
  const { bits: phrases } = words.packet;
  const byte = opened.bytes[offset];
  if (byte === undefined)
    return (
      <div class="bits">
        <div class="bh">
          {isEdit && <TypedByte {...props} byte={undefined} />}
          <span class="lab">{fill(phrases.byte, { offset })}</span>
        </div>
        <p class="hint end">{isEdit && phrases.end}</p>
        {children}
      </div>
    );
  return (
    <div
      class={`bits ${strokeOf(offset < unreadFrom(opened) || isFaulty(opened, offset) ? partAt(opened, offset) : 'unread')}`}
    >
      <div class="bh">
        {isEdit ? <TypedByte {...props} byte={byte} /> : <b>{hexByte(byte)}</b>}
        <span class="lab">{headline(props)}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in */}
      <div
        class="row"
        role="group"
        aria-label={phrases.heading}
        data-group="bits"
        onPointerLeave={() => onHover(undefined)}
      >
        {BITS.map((bit) => (
          <i key={`n${bit}`} aria-hidden="true">
            {bit}
          </i>
        ))}
        {BITS.map((bit) => (
          <Bit key={bit} {...props} bit={bit} value={(byte >> bit) & 1} />
        ))}
        <Groups {...props} byte={byte} />
      </div>
      {children}
      <p class="hint">
        {isEdit && (pointed === undefined ? phrases.keys : <Outcome {...props} bit={pointed} />)}
      </p>
    </div>
  );
}

function headline({ words: { packet }, opened, offset, isEdit }: Props): string {
  const { bits } = packet;
  const node = nodeAtBit(opened, offset, 0);
  const count = node && node.children.length === 0 ? node.span.end - node.span.start : 1;
  if (node && count > 1)
    return fill(bits.piece as string, {
      offset,
      index: offset - node.span.start + 1,
      count,
      field: node.span.name,
    });
  return fill(isEdit ? bits.flip : bits.byte, { offset });
}

/** The byte as two digits that can be typed over, for hands without a keyboard; with one, the grid of bytes does the same. */
function TypedByte({ words, offset, byte, onType }: Props & { byte: number | undefined }) {
  const input = useRef<HTMLInputElement>(null);
  const digits = byte === undefined ? '' : hexByte(byte);
  useLayoutEffect(() => {
    if (input.current === null) return;
    input.current.value = digits;
    if (input.current === document.activeElement) input.current.select();
  }, [offset, digits]);
  return (
    <input
      ref={input}
      class="two"
      tabIndex={-1}
      size={2}
      maxLength={2}
      autocomplete="off"
      autocapitalize="characters"
      spellcheck={false}
      aria-label={fill(words.packet.bits.type, { offset })}
      placeholder="··"
      defaultValue={digits}
      onFocus={(event) => event.currentTarget.select()}
      onInput={(event) => {
        const { value } = event.currentTarget;
        if (/^[0-9a-f]{2}$/i.test(value)) onType(Number.parseInt(value, 16));
      }}
    />
  );
}

function Bit(props: Props & { bit: number; value: number }) {
  const { words, opened, offset, isEdit, cursor, pointed, lit, bit, value, onHover, onPress, onFocus } =
    props;
  const isLit =
    lit?.span.bits !== undefined &&
    lit.span.start === offset &&
    lit.span.bits[0] >= bit &&
    bit >= lit.span.bits[1];
  const state = isBad(opened, offset, bit) ? ' bad' : isLit ? ' lit' : '';
  return (
    <button
      type="button"
      class={`bit ${value ? 'one' : 'zero'}${state}${bit === pointed ? ' hov' : ''}`}
      tabIndex={bit === cursor ? 0 : -1}
      aria-label={bitLabel(opened, offset, bit, words)}
      aria-pressed={isEdit ? value === 1 : undefined}
      data-bit={bit}
      onPointerEnter={(event) => event.pointerType === 'mouse' && onHover(bit)}
      onClick={() => onPress(bit)}
      onFocus={() => onFocus(bit)}
    >
      {value}
    </button>
  );
}

function isFaulty({ dissection: { fault } }: Opened, offset: number): boolean {
  return fault?.offset === offset;
}

function isBad({ dissection: { fault } }: Opened, offset: number, bit: number): boolean {
  if (fault?.offset !== offset) return false;
  const [high, low] = fault.bits ?? [7, 0];
  return high >= bit && bit >= low;
}

/** Names under the bits, each as wide as the bits that it has. */
function Groups(props: Props & { byte: number }) {
  const { words, opened, offset } = props;
  const named = bitsOf(opened, offset);
  if (named.length === 0) return <Sum {...props} />;
  const short: Record<string, string> = words.packet.bits.short;
  return named.map((node) => {
    const { bits: [high, low] = [7, 0], field, name, meaning } = node.span;
    return (
      <span
        key={node.key}
        class={`bg${isBad(opened, offset, high) && isBad(opened, offset, low) ? ' bad' : ''}`}
        style={{ '--c': high - low + 1 }}
      >
        {short[field] ?? name}
        <b>{meaning ?? valueText(node, words)}</b>
      </span>
    );
  });
}

/** What the byte is worth in its field. */
function Sum({ words, opened, offset, byte }: Props & { byte: number }) {
  const { bits } = words.packet;
  const node = nodeAtBit(opened, offset, 0);
  if (node && isVarint(node))
    return (
      <>
        <span class="bg" style={{ '--c': 1 }}>
          {bits.more}
          <b>{byte >> 7}</b>
        </span>
        <span class="bg" style={{ '--c': 7 }}>
          {bits.low}
          <b>{times(byte & 0x7f, 128 ** (offset - node.span.start), bits.times)}</b>
        </span>
      </>
    );
  return (
    <span class="bg" style={{ '--c': 8 }}>
      {sumText(opened, node, byte, offset, words)}
      <b>
        {node && typeof node.span.value === 'number' && node.children.length === 0
          ? valueText(node, words)
          : ''}
      </b>
    </span>
  );
}

function times(digit: number, weight: number, phrase: string): string {
  return weight === 1 ? String(digit) : fill(phrase, { digit, weight });
}

function isVarint({ span, children }: Node): boolean {
  const isProperty = span.field === 'property' && span.property === 'subscriptionIdentifier';
  return (
    children.length === 0 &&
    (span.field === 'remainingLength' || span.field === 'propertyLength' || isProperty)
  );
}

function sumText(
  { bytes }: Opened,
  node: Node | undefined,
  byte: number,
  offset: number,
  { packet: { bits } }: PacketWords,
): string {
  const pieces =
    node && typeof node.span.value === 'number' && node.children.length === 0
      ? [...bytes.subarray(node.span.start, node.span.end)]
      : [];
  if (node && pieces.length > 1) {
    const terms = pieces.map((piece, index) => times(piece, 256 ** (pieces.length - 1 - index), bits.times));
    return fill(bits.sum as string, {
      name: node.span.name,
      bytes: hexBytes(pieces),
      terms: terms.join(' + '),
    });
  }
  const letter = ascii(byte);
  const isText =
    node !== undefined &&
    typeof node.span.value !== 'number' &&
    !isLength(node.span.field) &&
    letter !== '·' &&
    offset >= node.span.start;
  return isText
    ? fill(bits.text as string, { hex: hexByte(byte), letter })
    : fill(bits.plain as string, { hex: hexByte(byte), value: byte });
}

/** What turning a bit over would do. */
function Outcome({ words, lang, opened, offset, bit }: Props & { bit: number }) {
  const text = useMemo(() => outcome(words, lang, opened, offset, bit), [words, lang, opened, offset, bit]);
  return <>{text}</>;
}

function outcome(words: PacketWords, lang: string, opened: Opened, offset: number, bit: number): string {
  const { bits } = words.packet;
  const after = open(flipped(opened, offset, bit), opened.version);
  const { fault } = after.dissection;
  if (fault) return fill(bits.wouldFault as string, { bit, fault: fault.message });
  const node = nodeAtBit(after, offset, bit);
  if (node === undefined) return '';
  const value = [valueText(node, words), note(node, words)].filter(Boolean).join(' ');
  const grown = after.bytes.length - opened.bytes.length;
  const values = { bit, field: node.span.name, value };
  if (grown === 0) return fill(bits.would as string, values);
  return plural(grown > 0 ? bits.wouldInsert : bits.wouldRemove, Math.abs(grown), lang, values);
}
