/** The filter line: typed, tried at once, and what is wrong with it told below, at its place. It knows no packet. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import type { Told } from './desk.ts';
import { faultText } from './phrases.ts';

interface Props {
  words: Dictionary['capture'];
  filter: string;
  fault: Told | undefined;
  isReady: boolean;
  onFilter(text: string): void;
}

/** How long to wait for another letter. */
const PATIENCE = 150;

export function FilterLine({ words: all, filter, fault, isReady, onFilter }: Props) {
  const { filter: words } = all;
  const id = useId();
  const [text, setText] = useState(filter);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  /** What was handed on last: when it comes back, more may have been typed. */
  const handed = useRef(filter);
  useEffect(() => {
    if (filter !== handed.current) setText(filter);
    handed.current = filter;
  }, [filter]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const hand = (typed: string): void => {
    clearTimeout(timer.current);
    handed.current = typed;
    onFilter(typed);
  };
  const type = (typed: string): void => {
    setText(typed);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => hand(typed), PATIENCE);
  };
  return (
    <search class="filter">
      <label class="vh-hide" for={id}>
        {words.label}
      </label>
      <input
        id={id}
        class="field sm"
        type="text"
        value={text}
        placeholder={`${words.label}: ${words.example}`}
        disabled={!isReady}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-help`}
        data-filter
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          hand(text);
        }}
      />
      <p class="lab" id={`${id}-help`} role="status">
        {fault === undefined ? words.help : <Wrong words={all} text={text} fault={fault} />}
      </p>
    </search>
  );
}

function Wrong({ words, text, fault }: { words: Dictionary['capture']; text: string; fault: Told }) {
  const { start, end, known } = fault;
  return (
    <span class="wrong">
      <code class="m">
        {text.slice(0, start)}
        <mark>{text.slice(start, end) || ' '}</mark>
        {text.slice(Math.max(end, start))}
      </code>{' '}
      <b>{faultText(fault, words)}</b>{' '}
      {known.length > 0 && (
        <>
          {words.filter.known} <span class="m">{known.join(' ')}</span>
        </>
      )}
    </span>
  );
}
