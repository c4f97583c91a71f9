/**
 * The matcher: filters and topic names that the reader types, a grid that shows which match and at which level the others
 * fail, and one pair of them level by level. The engine compares; this lays it out, and keeps it in the page's address.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { objectionToFilter, objectionToTopic, partingOf, properOf } from '../../lessons/matching.ts';
import { begin } from '../../lessons/progress.ts';
import { TABLE, type Table } from '../../lessons/topics.ts';
import { useReady } from '../lesson/ready.ts';
import { wordsOf } from '../stepper/words.ts';
import { Mark } from './Mark.tsx';
import { Pair } from './Pair.tsx';
import { TextField } from './TextField.tsx';
import { fromFragment, LIMITS, pick, type Side, toFragment, withMore, without, withText } from './table.ts';
import type { TopicsProps, TopicsWords } from './words.ts';
import './topics.css';

/** The version whose filters may be shared subscriptions; the rest is the same in both. */
const VERSION = 5;

export function Matcher(props: TopicsProps) {
  const words = wordsOf(props);
  const { matcher } = words.topics;
  const root = useRef<HTMLElement>(null);
  const isReady = useReady();
  const [table, setTable] = useState<Table>(TABLE);
  const [message, setMessage] = useState<{ text: string; isFault: boolean }>();
  const { filters, topics, picked } = table;

  useEffect(() => {
    const follow = () => {
      const found = fromFragment(location.hash);
      if (found === undefined) return;
      root.current?.scrollIntoView();
      if (found === 'broken') return setMessage({ text: matcher.broken, isFault: true });
      setMessage(undefined);
      setTable(found);
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  const change = (next: Table) => {
    begin('topics');
    setMessage(undefined);
    setTable(next);
  };
  const linkHere = async () => {
    history.replaceState(null, '', `#${toFragment(table)}`);
    setMessage({ text: matcher.linked, isFault: false });
    await navigator.clipboard?.writeText(location.href);
  };
  const field = (side: Side, index: number) => (
    <TextField
      words={words.topics}
      text={table[side][index] ?? ''}
      label={fill(side === 'filters' ? matcher.filter : matcher.topic, { number: index + 1 })}
      objection={
        side === 'filters'
          ? objectionToFilter(filters[index] ?? '', VERSION)
          : objectionToTopic(topics[index] ?? '', VERSION)
      }
      isReady={isReady}
      onType={(text) => change(withText(table, side, index, text))}
      onRemove={table[side].length > 1 ? () => change(without(table, side, index)) : undefined}
    />
  );
  const more = (side: Side) =>
    table[side].length < LIMITS[side] && (
      <button
        type="button"
        class="btn s"
        disabled={!isReady}
        onClick={() => {
          change(withMore(table, side));
          // The new field is there when this has been drawn.
          requestAnimationFrame(() => {
            const all = root.current?.querySelectorAll<HTMLInputElement>(`[data-side="${side}"] input`);
            all?.[all.length - 1]?.focus();
          });
        }}
      >
        {side === 'filters' ? matcher.addFilter : matcher.addTopic}
      </button>
    );
  const isFine = (side: Side, index: number) =>
    !(side === 'filters'
      ? objectionToFilter(filters[index] ?? '', VERSION)
      : objectionToTopic(topics[index] ?? '', VERSION));

  return (
    <figure class="tp not-content" ref={root} aria-label={matcher.label}>
      {message?.isFault && (
        <p class="tp-fault" role="alert">
          {message.text}
        </p>
      )}
      <fieldset class="tp-filters" data-side="filters">
        <legend>{matcher.filters}</legend>
        <ol>
          {filters.map((_, index) => (
            <li key={index}>
              <span class="tp-no" aria-hidden="true">
                {index + 1}
              </span>
              {field('filters', index)}
            </li>
          ))}
        </ol>
        {more('filters')}
      </fieldset>
      <table data-side="topics" onKeyDown={(event) => moveTo(event, table, change)}>
        <thead>
          <tr>
            <th scope="col">{matcher.topics}</th>
            {filters.map((filter, index) => (
              <th scope="col" key={index} class="tp-col">
                <span class="tp-no" aria-hidden="true">
                  {index + 1}
                </span>
                <span class="vh-hide">{filter}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {topics.map((topic, row) => (
            <tr key={row}>
              <th scope="row">{field('topics', row)}</th>
              {filters.map((filter, column) => (
                <td key={column}>
                  <Cell
                    words={words.topics}
                    filter={filter}
                    topic={topic}
                    isFine={isFine('filters', column) && isFine('topics', row)}
                    isPicked={picked[0] === column && picked[1] === row}
                    isReady={isReady}
                    onPick={() => change(pick(table, column, row))}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div class="tp-foot">
        {more('topics')}
        <span class="lab">{matcher.key}</span>
        <button type="button" class="btn q s" disabled={!isReady} onClick={() => void linkHere()}>
          {matcher.link}
        </button>
      </div>
      <Pair
        words={words}
        filter={filters[picked[0]] ?? ''}
        topic={topics[picked[1]] ?? ''}
        version={VERSION}
      />
      <p class="lab" role="status">
        {message && !message.isFault && message.text}
      </p>
    </figure>
  );
}

interface CellProps {
  words: TopicsWords['topics'];
  filter: string;
  topic: string;
  isFine: boolean;
  isPicked: boolean;
  isReady: boolean;
  onPick(): void;
}

function Cell({ words: { matcher }, filter, topic, isFine, isPicked, isReady, onPick }: CellProps) {
  const parting = isFine ? partingOf(properOf(filter), topic) : undefined;
  const verdict = !isFine
    ? matcher.notCompared
    : parting
      ? fill(matcher.fails, { level: parting.level + 1 })
      : matcher.matches;
  return (
    <button
      type="button"
      class={`tp-cell ${!isFine ? 'none' : parting ? 'no' : 'ok'}`}
      aria-label={fill(matcher.cell, { filter, topic, verdict })}
      aria-pressed={isPicked}
      tabIndex={isPicked ? 0 : -1}
      disabled={!isReady}
      onClick={onPick}
    >
      {isFine && !parting && <Mark is />}
      {parting && parting.level + 1}
      {!isFine && '–'}
    </button>
  );
}

const STEPS: Readonly<Record<string, readonly [filter: number, topic: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The grid is one tab stop: the arrow keys go from pair to pair. */
function moveTo(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  table: Table,
  change: (next: Table) => void,
): void {
  const step = STEPS[event.key];
  if (!step || !(event.target as HTMLElement).classList.contains('tp-cell')) return;
  event.preventDefault();
  const next = pick(table, table.picked[0] + step[0], table.picked[1] + step[1]);
  change(next);
  const place = next.picked[1] * table.filters.length + next.picked[0];
  event.currentTarget.querySelectorAll<HTMLElement>('.tp-cell')[place]?.focus();
}
