/**
 * A Remaining Length, as a number and as bytes: either can be typed, and every step between the two is written out, byte by
 * byte, in both directions. Bytes that are none get their fault. It knows keys and places; the codec converts.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { begin } from '../../lessons/progress.ts';
import {
  LARGEST,
  RANGES,
  type Reading,
  read,
  type Step,
  steps,
  write,
} from '../../lessons/remaining-length.ts';
import { BitRow } from '../bits/BitRow.tsx';
import { useReady } from '../lesson/ready.ts';
import { hexByte, hexBytes } from '../packet/hex.ts';
import { lit } from '../packet/lit.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import { useLit } from '../packet/use-lit.ts';
import {
  type Converted,
  flip,
  MOST_BYTES,
  ofBytes,
  ofNumber,
  START,
  spaced,
  typeHex,
  typeNumber,
} from './convert.ts';
import './varint.css';

export type VarintWords = Pick<Dictionary, 'varint'>;

interface Props {
  words: VarintWords;
  lang: string;
  /** The name of the figure on its page, for what is lit. */
  name: string;
}

interface View extends Props {
  converted: Converted;
  reading: Reading;
  isReady: boolean;
  /** The byte that is lit, by its place. */
  lit: number | undefined;
  set(converted: Converted): void;
  point(index: number | undefined): void;
}

export function Converter({ words, lang, name }: Props) {
  const [converted, setConverted] = useState(START);
  const isReady = useReady();
  const target = useLit();
  useEffect(() => () => lit.focus(undefined), []);
  const set = (next: Converted): void => {
    begin('remaining-length');
    setConverted(next);
  };
  const reading = read(converted.bytes);
  const { varint } = words;
  const place = target?.packet === name ? /^byte(\d)$/.exec(target.key)?.[1] : undefined;
  const point = (index: number | undefined) =>
    lit.hover(index === undefined ? undefined : targetOf(name, index));
  const view: View = {
    words,
    lang,
    name,
    converted,
    reading,
    isReady,
    lit: place === undefined ? undefined : Number(place) - 1,
    set,
    point,
  };
  const bytes = hexBytes(converted.bytes);
  const label =
    reading.value === undefined
      ? fill(varint.labelFaulty, { bytes })
      : fill(varint.label, { number: reading.value, bytes });
  return (
    <figure
      class="pk edit vi not-content"
      aria-label={label}
      data-packet={name}
      onKeyDown={({ key }) => key === 'Escape' && lit.release()}
    >
      <Fields {...view} />
      <Whole {...view} />
      <Steps {...view} />
      <Fault {...view} />
      <Ranges {...view} />
    </figure>
  );
}

function targetOf(name: string, index: number) {
  return { packet: name, key: `byte${index + 1}`, byte: index };
}

/** The number and the bytes, to be typed. */
function Fields({ words: { varint }, converted, isReady, set }: View) {
  const { number, hex, refused } = converted;
  const isNumber = refused === 'number' || refused === 'range';
  return (
    <div class="vi-in">
      <label>
        <span class="lab">{varint.number}</span>
        <input
          class="field"
          inputMode="numeric"
          autocomplete="off"
          disabled={!isReady}
          value={number}
          aria-invalid={isNumber}
          aria-describedby="vi-refused"
          onInput={(event) => set(typeNumber(converted, event.currentTarget.value))}
        />
      </label>
      <span class="vi-eq" aria-hidden="true">
        {varint.same}
      </span>
      <label>
        <span class="lab">{varint.bytes}</span>
        <input
          class="field"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          disabled={!isReady}
          value={hex}
          aria-invalid={refused !== undefined && !isNumber}
          aria-describedby="vi-refused"
          onInput={(event) => set(typeHex(converted, event.currentTarget.value))}
        />
      </label>
      <p class="vi-no" role="status" id="vi-refused">
        {refused && fill(varint.refused[refused] as string, { largest: spaced(LARGEST), most: MOST_BYTES })}
      </p>
    </div>
  );
}

/** The packet that the number is the length of. */
function Whole({ words: { varint }, lang, converted, reading, lit: shown, point }: View) {
  const { value, end, fault } = reading;
  const rest = value ?? 0;
  return (
    <div class="vi-whole hx">
      <span class="g">
        <span class="b fh dim">30</span>
      </span>
      <span class="g">
        {Array.from(converted.bytes, (byte, index) => (
          <span
            key={index}
            class={`b ${classOf(index, reading)}${index === shown && index < end ? ' on' : ''}`}
            onPointerEnter={() => point(index)}
            onPointerLeave={() => point(undefined)}
          >
            {hexByte(byte)}
          </span>
        ))}
      </span>
      {!fault && (
        <span class="vi-rest">{plural(varint.packet.rest, rest, lang, { number: spaced(rest) })}</span>
      )}
      {!fault && (
        <span class="lab">
          {fill(varint.packet.total as string, {
            field: end,
            rest: spaced(rest),
            total: spaced(1 + end + rest),
          })}
        </span>
      )}
    </div>
  );
}

function classOf(index: number, { end, fault }: Reading): string {
  if (index >= end) return 'x';
  return fault ? 'bad' : 'fh';
}

/** Why the bytes are no Remaining Length, and what would be. */
function Fault({ words: { varint }, lang, converted, reading, isReady, set }: View) {
  const { fault } = reading;
  if (fault === undefined) return null;
  const { packet } = sharedWords(lang);
  const value = fault.id === 'varintNotShortest' ? Number(fault.values.value) : undefined;
  const shortest = value === undefined ? '' : hexBytes(write(value));
  return (
    <div class="vi-fault" role="alert">
      <svg class="tri" viewBox="0 0 13 13" aria-hidden="true">
        <path d="M6.5.5 13 12.5H0z" />
        <path d="M6.5 4.5v4M6.5 10v1" stroke="var(--paper)" stroke-width="1.5" />
      </svg>
      <b class="ti">{fault.message}</b> {whyOf(fault.id, value, shortest, varint)}{' '}
      {fault.rule && <StatementRef id={fault.rule} version={5} words={packet.statement} />}
      {value !== undefined && (
        <p>
          <button type="button" class="btn s" disabled={!isReady} onClick={() => set(ofBytes(write(value)))}>
            {fill(varint.fault.mend, { shortest })}
          </button>{' '}
          <span class="m">
            <del>{hexBytes(converted.bytes.subarray(0, reading.end))}</del> {packet.arrow} {shortest}
          </span>
        </p>
      )}
    </div>
  );
}

function whyOf(
  id: string,
  value: number | undefined,
  shortest: string,
  { fault }: VarintWords['varint'],
): string {
  if (id === 'varintTooLong') return fault.tooLong;
  return value === undefined
    ? fault.breaksOff
    : fill(fault.notShortest as string, { value: spaced(value), shortest });
}

/** A line for each byte: how it comes out of the number, its bits, and what it adds to the number. */
function Steps(view: View) {
  const { words, converted, reading } = view;
  const phrases = words.varint.steps;
  const all = steps(converted.bytes.subarray(0, reading.end));
  return (
    <>
      <table class="vi-steps">
        <caption class="vh-hide">{phrases.caption}</caption>
        <thead>
          <tr>
            <th scope="col">
              {phrases.write}
              <small>{phrases.writeHow}</small>
            </th>
            <th scope="col">{phrases.byte}</th>
            <th scope="col">{phrases.bits}</th>
            <th scope="col">
              {phrases.read}
              <small>{phrases.readHow}</small>
            </th>
          </tr>
        </thead>
        <tbody>
          {Array.from(converted.bytes, (byte, index) => (
            <Line key={index} {...view} index={index} byte={byte} step={all[index]} />
          ))}
          {reading.value !== undefined && (
            <tr class="sum">
              <td />
              <td />
              <th scope="row">{phrases.sum}</th>
              <td>{spaced(reading.value)}</td>
            </tr>
          )}
        </tbody>
      </table>
      <p class="lab">{phrases.hint}</p>
    </>
  );
}

function Line(props: View & { index: number; byte: number; step: Step | undefined }) {
  const { words, name, converted, reading, lit: shown, set, point, index, byte, step } = props;
  const phrases = words.varint.steps;
  const part = classOf(index, reading);
  const isWritten = step !== undefined && !reading.fault;
  return (
    <tr
      class={index === shown ? 'on' : undefined}
      onPointerEnter={() => point(index)}
      onPointerLeave={() => point(undefined)}
    >
      <td class="w">
        {isWritten && (
          <span class="m">
            {fill(phrases.divided as string, {
              before: spaced(step.before),
              after: spaced(step.after),
              digit: step.digit,
            })}
          </span>
        )}
        {isWritten && (
          <small>{step.more ? fill(phrases.more, { after: spaced(step.after) }) : phrases.last}</small>
        )}
      </td>
      <td class="hx">
        <span class={`b ${part}${index === shown && part === 'fh' ? ' on' : ''}`}>{hexByte(byte)}</span>
      </td>
      <td class={`bits ${part === 'x' ? 'x' : 'fh'}`}>
        <BitRow
          byte={byte}
          label={fill(phrases.row as string, { index: index + 1, hex: hexByte(byte) })}
          labelOf={(bit, value) =>
            fill(phrases.bit as string, {
              index: index + 1,
              bit,
              value,
              meaning: meaningOf(bit, value, phrases),
            })
          }
          classOf={(bit) => (bit === 7 ? `more${isOpen(props) ? ' bad' : ''}` : '')}
          isNumbered={index === 0}
          onFlip={(bit) => set(flip(converted, index, bit))}
          onHover={() => undefined}
          onFocus={(bit) => lit.focus(bit === undefined ? undefined : targetOf(name, index))}
        />
      </td>
      <td class="r">
        {step ? (
          <span class="m">
            {fill(phrases.times as string, {
              digit: step.digit,
              weight: spaced(step.weight),
              product: spaced(step.digit * step.weight),
            })}
          </span>
        ) : (
          <small>{reading.fault ? phrases.unread : phrases.behind}</small>
        )}
      </td>
    </tr>
  );
}

/** Whether a byte promises another that is not there, or not allowed. */
function isOpen({ index, reading: { fault, end } }: { index: number; reading: Reading }): boolean {
  return fault !== undefined && fault.id !== 'varintNotShortest' && index === end - 1;
}

function meaningOf(bit: number, value: number, phrases: VarintWords['varint']['steps']): string {
  if (bit < 7) return fill(phrases.worth, { worth: 2 ** bit });
  return value ? phrases.follows : phrases.ends;
}

/** Which numbers take how many bytes, and where this one stands. */
function Ranges({ words: { varint }, lang, converted, reading, isReady, set }: View) {
  const { value } = reading;
  return (
    <ul class="vi-ranges" aria-label={varint.ranges.heading}>
      {RANGES.map(({ bytes, first, last }) => {
        const isHere = value !== undefined && value >= first && value <= last;
        return (
          <li key={bytes} class={isHere ? 'here' : undefined} aria-current={isHere ? 'true' : undefined}>
            {isHere && <i style={{ '--x': portion(value, bytes) }} aria-hidden="true" />}
            <b>{plural(varint.ranges.bytes, bytes, lang)}</b>
            <span>
              {[first, last].map((edge, end) => (
                <span key={edge}>
                  {end === 1 && ` ${varint.ranges.to} `}
                  <button
                    type="button"
                    class="lk m"
                    disabled={!isReady}
                    onClick={() => set(ofNumber(edge))}
                    aria-pressed={edge === value && converted.refused === undefined}
                  >
                    {spaced(edge)}
                  </button>
                </span>
              ))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** How far into its range a number stands, from 0 to 1: each byte is worth seven bits, so that all ranges are as wide. */
function portion(value: number, bytes: number): number {
  return Math.min(1, Math.max(0, Math.log2(value + 1) / 7 - (bytes - 1)));
}
