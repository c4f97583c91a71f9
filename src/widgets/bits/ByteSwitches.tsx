/**
 * A first byte as eight switches: which packet it begins, what its flags say, and, where it may not stand, why not. Beside
 * them a map of all 256. It knows bits and keys; every meaning comes from the decoder.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { VERSION_NAMES, type Version } from '#broker/codec/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { type FirstByte, firstByte } from '../../lessons/fixed-header.ts';
import { useReady } from '../lesson/ready.ts';
import { Capsule } from '../packet/Capsule.tsx';
import { hexByte } from '../packet/hex.ts';
import { lit } from '../packet/lit.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import { whyFault } from '../packet/say.ts';
import { useLit } from '../packet/use-lit.ts';
import { BitRow } from './BitRow.tsx';
import { ByteMap } from './ByteMap.tsx';
import { type BitsWords, flagsSay, nameOf, outcome } from './words.ts';
import './bits.css';

interface Props {
  words: BitsWords;
  /** The name of the figure on its page, for what is lit. */
  name: string;
  byte: number;
  version: Version;
  onByte(byte: number): void;
  /** Where it is missing, there is one version only. */
  onVersion?: ((version: Version) => void) | undefined;
  hasMap?: boolean;
}

export function ByteSwitches({ words, name, byte, version, onByte, onVersion, hasMap = false }: Props) {
  const read = useMemo(() => firstByte(byte, version), [byte, version]);
  const isReady = useReady();
  const target = useLit();
  const mine = target?.packet === name ? target : undefined;
  useEffect(() => () => lit.focus(undefined), []);
  const targetOf = (bit: number) => ({
    packet: name,
    key: fieldAt(read, bit)?.field ?? 'headerFlags',
    byte: 0,
    bit,
  });
  return (
    <figure
      class={`pk edit fb not-content${hasMap ? ' wide' : ''}`}
      aria-label={fill(words.bits.label, { hex: hexByte(byte), name: nameOf(read, words) })}
      data-packet={name}
      onKeyDown={({ key }) => key === 'Escape' && lit.release()}
    >
      <div class="pk-h">
        <Capsule frame={read.frame} version={version} words={words.packet.capsule} />
        <span class="lab">{words.bits.shortest}</span>
        {onVersion && (
          <span class="act">
            <Versions words={words} version={version} isReady={isReady} onVersion={onVersion} />
          </span>
        )}
      </div>
      <div class="fb-b">
        <div class="bits fh">
          <div class="bh">
            <TypedByte words={words} byte={byte} isReady={isReady} onByte={onByte} />
            <span class="lab">{words.bits.flip}</span>
          </div>
          <BitRow
            byte={byte}
            label={words.bits.heading}
            labelOf={(bit, value) =>
              fill(words.bits.bit as string, { bit, value, field: fieldAt(read, bit)?.name ?? '' })
            }
            classOf={(bit) => classOf(read, bit, mine?.key, mine?.bit)}
            isNumbered
            onFlip={(bit) => onByte(byte ^ (1 << bit))}
            onHover={(bit) => lit.hover(bit === undefined ? undefined : targetOf(bit))}
            onFocus={(bit) => lit.focus(bit === undefined ? undefined : targetOf(bit))}
            onPin={(bit) => lit.press(targetOf(bit))}
          >
            <Groups words={words} read={read} />
          </BitRow>
          <Meaning words={words} read={read} version={version} />
          <p class="hint">
            {mine?.bit !== undefined &&
              outcome(mine.bit, read, firstByte(byte ^ (1 << mine.bit), version), words)}
          </p>
        </div>
        {hasMap && <ByteMap words={words} byte={byte} version={version} onByte={onByte} />}
      </div>
    </figure>
  );
}

function fieldAt({ bits }: FirstByte, bit: number) {
  return bits.find(({ bits: [high, low] = [7, 0] }) => high >= bit && bit >= low);
}

function isBad({ fault }: FirstByte, bit: number): boolean {
  if (fault === undefined) return false;
  const [high, low] = fault.bits ?? [7, 0];
  return high >= bit && bit >= low;
}

function classOf(read: FirstByte, bit: number, key: string | undefined, pointed: number | undefined): string {
  const state = isBad(read, bit)
    ? 'bad'
    : key !== undefined && fieldAt(read, bit)?.field === key
      ? 'lit'
      : '';
  return bit === pointed ? `${state} hov` : state;
}

/** Names under the bits, each as wide as the bits that it has. */
function Groups({ words, read }: { words: BitsWords; read: FirstByte }) {
  const short: Record<string, string> = words.packet.bits.short;
  return read.bits.map(({ bits: [high, low] = [7, 0], field, name, meaning, value }) => (
    <span
      key={field}
      class={`bg${isBad(read, high) && isBad(read, low) ? ' bad' : ''}`}
      style={{ '--c': high - low + 1 }}
    >
      {short[field] ?? name}
      <b>
        {meaning ?? (field === 'reservedFlags' ? Number(value).toString(2).padStart(4, '0') : String(value))}
      </b>
    </span>
  ));
}

/** What the byte begins, or why nothing does. */
function Meaning({ words, read, version }: { words: BitsWords; read: FirstByte; version: Version }) {
  const { fault, type } = read;
  return (
    <div class={`fb-is${fault ? ' bad' : ''}`} role="status">
      <p class="name">
        {fault && (
          <svg class="tri" viewBox="0 0 13 13" aria-hidden="true">
            <path d="M6.5.5 13 12.5H0z" />
            <path d="M6.5 4.5v4M6.5 10v1" stroke="var(--paper)" stroke-width="1.5" />
          </svg>
        )}
        {nameOf(read, words)}
      </p>
      {fault ? (
        <p>
          <b class="ti">{fault.message}</b> {whyFault(fault, words)}{' '}
          {version === 5 && `${fill(words.packet.fault.reason, { code: `0x${hexByte(fault.reasonCode)}` })} `}
          {fault.rule && <StatementRef id={fault.rule} version={version} words={words.packet.statement} />}
        </p>
      ) : (
        type && (
          <p>
            {words.bits.types[type]} {flagsSay(read, words)}
          </p>
        )
      )}
    </div>
  );
}

function Versions({
  words,
  version,
  isReady,
  onVersion,
}: {
  words: BitsWords;
  version: Version;
  isReady: boolean;
  onVersion(version: Version): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in the line
    <span class="seg" role="group" aria-label={words.bits.version}>
      {([4, 5] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === version}
          disabled={!isReady}
          onClick={() => onVersion(each)}
        >
          {VERSION_NAMES[each]}
        </button>
      ))}
    </span>
  );
}

/** The byte as two digits that can be typed over. */
function TypedByte({
  words,
  byte,
  isReady,
  onByte,
}: {
  words: BitsWords;
  byte: number;
  isReady: boolean;
  onByte(byte: number): void;
}) {
  const [typed, setTyped] = useState<string>();
  return (
    <input
      class="two"
      size={2}
      maxLength={2}
      autocomplete="off"
      autocapitalize="characters"
      spellcheck={false}
      aria-label={words.bits.type}
      disabled={!isReady}
      value={typed ?? hexByte(byte)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={() => setTyped(undefined)}
      onInput={(event) => {
        const { value } = event.currentTarget;
        setTyped(value);
        if (/^[0-9a-f]{2}$/i.test(value)) onByte(Number.parseInt(value, 16));
      }}
    />
  );
}
