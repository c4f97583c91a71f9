// biome-ignore-all lint/a11y/useSemanticElements: bytes are no fields of a form
/** One frame: its bytes, whose each is, and the fields of every header, linked. It draws what it is given. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { type Field, headersOf, type Owner, ownersOf, type Sent } from '../../lessons/network-stack.ts';
import { strokeOf } from '../../styles/parts.ts';
import { hexByte, hexOffset } from '../packet/hex.ts';
import { rove } from '../stepper/rove.ts';
import { nameOf } from './Ways.tsx';
import '../packet/bytes.css';

interface Props {
  words: Dictionary['envelope'];
  lang: string;
  sent: Sent;
  /** Which of its frames. */
  index: number;
  /** Whether TLS is opened and the mask taken off. */
  isOpened: boolean;
}

const LINE = 16;
const HALF = 8;
/** Of a long frame so many lines are drawn at its beginning and at its end. */
const EDGE = 7;

export function Frame({ words, lang, sent, index, isOpened }: Props) {
  const [lit, light] = useState<Field>();
  const frame = sent.frames[index];
  useEffect(() => light(undefined), [frame]);
  const headers = useMemo(() => headersOf(sent, index), [sent, index]);
  if (frame === undefined) return null;
  const owners = ownersOf(sent, index);
  const bytes = isOpened ? frame.plain : frame.bytes;
  const fields = headers.flatMap((header) => header.fields);
  const point = (offset: number) => light(fields.find(({ start, end }) => start <= offset && offset < end));
  const lines = Array.from({ length: Math.ceil(bytes.length / LINE) }, (_, line) => line);
  const isLong = lines.length > 2 * EDGE + 1;
  const shown = isLong ? [...lines.slice(0, EDGE), ...lines.slice(-EDGE)] : lines;
  const byteAt = (offset: number, byte: number) => {
    const owner = owners[offset] ?? { layer: 'mqtt' };
    const isSealed = !isOpened && byte !== frame.plain[offset];
    const isFirst = owner.layer !== owners[offset - 1]?.layer;
    const isLit = lit !== undefined && lit.start <= offset && offset < lit.end;
    const layer = nameOf(words, owner.layer);
    return (
      <span
        key={offset}
        role="img"
        class={['b', isSealed ? 'x' : strokeFor(owner), isLit && 'on', isFirst && 'first']
          .filter(Boolean)
          .join(' ')}
        aria-label={fill(words.byte as string, { offset, hex: hexByte(byte), layer })}
        onPointerEnter={() => point(offset)}
        onPointerLeave={() => light(undefined)}
      >
        {isFirst && <s aria-hidden="true">{words.letters[owner.layer as keyof typeof words.letters]}</s>}
        {hexByte(byte)}
      </span>
    );
  };
  return (
    <div class="ev-frame">
      <div class="hx ev-bytes" role="group" aria-label={fill(words.bytes, { total: bytes.length })}>
        {shown.map((line, row) => (
          <div key={line}>
            {isLong && row === EDGE && (
              <p class="ev-more">{plural(words.between, (lines.length - 2 * EDGE) * LINE, lang)}</p>
            )}
            <span class="of">{hexOffset(line * LINE)}</span>
            {[0, 1].map((half) => (
              <span key={half} class="g">
                {Array.from(
                  bytes.subarray(line * LINE + half * HALF, line * LINE + (half + 1) * HALF),
                  (byte, column) => byteAt(line * LINE + half * HALF + column, byte),
                )}
              </span>
            ))}
          </div>
        ))}
      </div>
      <p class="ev-at" aria-hidden="true">
        {lit ? `${nameOf(words, lit.layer)} · ${lit.name} ${lit.value}` : words.point}
      </p>
      <div class="ev-fields">
        {headers.map(({ layer, bytes: count, fields: own }) => (
          <details key={layer} open={layer === 'mqtt'}>
            <summary>
              <i class={`ly-${layer}`} aria-hidden="true" /> {nameOf(words, layer)}
              <span>{plural(words.total, count, lang)}</span>
            </summary>
            {own.length === 0 ? (
              <p>{words.part}</p>
            ) : (
              <Fields words={words} fields={own} lit={lit} light={light} />
            )}
          </details>
        ))}
      </div>
    </div>
  );
}

interface FieldsProps {
  words: Dictionary['envelope'];
  fields: readonly Field[];
  lit: Field | undefined;
  light(field: Field | undefined): void;
}

/** The fields of one layer: one tab stop, and the arrow keys move within it. */
function Fields({ words, fields, lit, light }: FieldsProps) {
  return (
    <table
      onKeyDown={(event) =>
        rove(event, event.currentTarget, 'button', ['ArrowUp', 'ArrowDown']) && event.preventDefault()
      }
    >
      <thead class="vh-hide">
        <tr>
          <th scope="col">{words.name}</th>
          <th scope="col">{words.value}</th>
          <th scope="col">{words.place}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field, place) => (
          <FieldRow
            key={`${field.start} ${field.name}`}
            field={field}
            isFirst={place === 0}
            isLit={lit === field}
            light={light}
          />
        ))}
      </tbody>
    </table>
  );
}

interface FieldRowProps {
  field: Field;
  isFirst: boolean;
  isLit: boolean;
  light(field: Field | undefined): void;
}

function FieldRow({ field, isFirst, isLit, light }: FieldRowProps) {
  const { name, filter, value, start, end } = field;
  return (
    <tr class={isLit ? 'on' : ''} onPointerEnter={() => light(field)} onPointerLeave={() => light(undefined)}>
      <th scope="row">
        <button
          type="button"
          tabIndex={isFirst ? 0 : -1}
          onFocus={() => light(field)}
          onBlur={() => light(undefined)}
        >
          {name}
        </button>
        {filter && <small>{filter}</small>}
      </th>
      <td class="m">{value}</td>
      <td class="m">{end - start > 1 ? `${start}–${end - 1}` : start}</td>
    </tr>
  );
}

function strokeFor({ layer, part }: Owner): string {
  return part ? strokeOf(part) : `ly-${layer}`;
}
