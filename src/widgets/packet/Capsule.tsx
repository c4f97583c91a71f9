/**
 * A packet, closed: its type, one fact, and a strip with its parts in proportion. It knows how each state of a packet
 * on its way is drawn, and leaves what happens when it is pressed to whoever shows it.
 */
import type { ComponentChildren, HTMLAttributes } from 'preact';
import type { Version } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import { type Fact, summarize } from './summary.ts';
import './capsule.css';

export type CapsuleWords = Dictionary['packet']['capsule'];

/** Where a packet is on its way. */
export type CapsuleState = 'in flight' | 'delivered' | 'held' | 'lost' | 'expected';

const stateClass = {
  'in flight': 'flight',
  delivered: '',
  held: 'held',
  lost: 'lost',
  expected: 'next',
} as const satisfies Record<CapsuleState, string>;

type Own = {
  frame: Uint8Array;
  version: Version;
  words: CapsuleWords;
  /** Left out where a packet is not on its way, in the head of the packet widget for example. */
  state?: CapsuleState | undefined;
  class?: string | undefined;
  /** Makes it a button. All further attributes go to the button, or else to the `span`. */
  onPress?: (() => void) | undefined;
};

export type CapsuleProps = Own & Omit<HTMLAttributes<HTMLElement>, keyof Own | 'children'>;

export function Capsule({ frame, version, words, state, class: extra, onPress, ...rest }: CapsuleProps) {
  const { name, facts, stretches } = summarize(frame, version);
  const className = ['cap', state && stateClass[state], extra].filter(Boolean).join(' ');
  const inside = (
    <>
      <b>
        <span>{name ?? words.unknown}</span>
        {facts.length > 0 && <i>{facts.map((fact, index) => factView(fact, index, facts.length, words))}</i>}
      </b>
      <u aria-hidden="true">
        {stretches.map(({ part, length }) => (
          <s key={part} class={strokeOf(part)} style={{ '--n': length }} />
        ))}
      </u>
    </>
  );
  const label = capsuleLabel(frame, version, words, state);
  if (onPress === undefined) {
    return (
      <span class={className} role="img" aria-label={label} {...(rest as HTMLAttributes<HTMLSpanElement>)}>
        {inside}
      </span>
    );
  }
  return (
    <button
      type="button"
      class={className}
      aria-label={label}
      onClick={onPress}
      {...(rest as HTMLAttributes<HTMLButtonElement>)}
    >
      {inside}
    </button>
  );
}

/** A capsule in words: `PUBLISH, QoS 1, id 4, in flight`. */
export function capsuleLabel(
  frame: Uint8Array,
  version: Version,
  words: CapsuleWords,
  state?: CapsuleState,
): string {
  const { name, facts } = summarize(frame, version);
  const said = [name ?? words.unknown, ...facts.map((fact) => factText(fact, words))];
  return [...said, ...(state ? [words.states[state]] : [])].join(', ');
}

/** On a phone the QoS goes where an identifier follows it. */
function factView(fact: Fact, index: number, count: number, words: CapsuleWords): ComponentChildren {
  const text = factText(fact, words);
  const separator = index < count - 1 ? words.separator : '';
  const yields = fact.kind === 'qos' && separator !== '';
  return (
    <span key={fact.kind} class={yields ? 'lg' : undefined}>
      {text}
      {separator}
    </span>
  );
}

/** A fact in words, as it stands in a capsule. */
export function factText(fact: Fact, words: CapsuleWords): string {
  switch (fact.kind) {
    case 'dup':
      return words.dup;
    case 'qos':
      return fill(words.qos, { qos: fact.qos });
    case 'id':
      return fill(words.id, { id: fact.id });
    case 'code':
      return fact.code < 10 ? String(fact.code) : `0x${fact.code.toString(16).toUpperCase()}`;
    case 'text':
      return fact.text;
    default:
      return fact satisfies never;
  }
}
