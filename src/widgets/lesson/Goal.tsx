/**
 * A goal: what is to be reached, what is compared, and how far the learner is. It counts, gives hints one by one, tells a
 * solution that was looked at from one that was found, and remembers the lesson as done. What is compared it is told.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { Slug } from '../../lessons/path.ts';
import { meet } from '../../lessons/progress.ts';
import { useReady } from './ready.ts';
import './lesson.css';

/** One thing that is compared. */
export interface Check {
  text: ComponentChildren;
  met: boolean;
  /** What was found, behind the mark. */
  found?: ComponentChildren;
}

interface Props {
  words: Dictionary['lesson']['goal'];
  /** The lesson that is done when the goal is met. */
  slug: Slug;
  title: ComponentChildren;
  checks: readonly Check[];
  /** What was different in the last try. */
  difference?: ComponentChildren;
  hints?: readonly ComponentChildren[];
  /** Shows the solution in the figure. */
  onSolution?: (() => void) | undefined;
  /** Puts the figure back to where it began. */
  onStartOver?: (() => void) | undefined;
  /** The figure. */
  children?: ComponentChildren;
}

export function Goal({
  words,
  slug,
  title,
  checks,
  difference,
  hints = [],
  onSolution,
  onStartOver,
  children,
}: Props) {
  const isReady = useReady();
  const [shownHints, setShownHints] = useState(0);
  const [isSeen, setSeen] = useState(false);
  const met = checks.filter((check) => check.met).length;
  const isMet = met === checks.length && !isSeen;
  useEffect(() => {
    if (isMet) meet(slug);
  }, [isMet, slug]);

  const solve = (): void => {
    setSeen(true);
    onSolution?.();
  };
  const startOver = (): void => {
    setSeen(false);
    onStartOver?.();
  };
  const [before, after] = (isMet ? words.met : isSeen ? words.seen : words.title).split('{title}');
  return (
    <section class={`goal not-content${isMet ? ' met' : isSeen ? ' seen' : ''}`}>
      <div class="gh">
        <h3>
          {isMet && <Mark isMet />}
          {before}
          {title}
          {after}
        </h3>
        <span class="lab" role="status">
          {fill(words.count, { met, all: checks.length })}
        </span>
      </div>
      {children}
      <ul>
        {checks.map((check, index) => (
          <li key={index}>
            <Mark isMet={check.met} />
            <span>
              <span class="vh-hide">{check.met ? words.checkMet : words.checkOpen}</span>
              {check.text}
            </span>
            <span class="lab">{check.found ?? (check.met ? words.done : words.notYet)}</span>
          </li>
        ))}
      </ul>
      <div class="help" role="status">
        {difference && !isMet && !isSeen && <p>{difference}</p>}
        {isSeen && <p>{words.seenNote}</p>}
        {hints.slice(0, shownHints).map((hint, index) => {
          const [lead, rest] = fill(words.hintNumber, { number: index + 1, hint: '{hint}' }).split('{hint}');
          return (
            <p key={index}>
              {lead}
              {hint}
              {rest}
            </p>
          );
        })}
      </div>
      <p class="act">
        {shownHints < hints.length && (
          <button type="button" class="lk" disabled={!isReady} onClick={() => setShownHints(shownHints + 1)}>
            {shownHints === 0 ? words.hint : words.nextHint}
          </button>
        )}
        {onSolution && (
          <button type="button" class="lk" disabled={!isReady || isSeen} onClick={solve}>
            {words.solution}
          </button>
        )}
        {onStartOver && (
          <button type="button" class="lk" disabled={!isReady} onClick={startOver}>
            {words.startOver}
          </button>
        )}
      </p>
    </section>
  );
}

/** A tick for what is met, a ring for what is not. */
function Mark({ isMet }: { isMet: boolean }) {
  return isMet ? (
    <svg class="ok" viewBox="0 0 15 15" aria-hidden="true">
      <path d="M2 8l4 4 7-9" />
    </svg>
  ) : (
    <svg class="open" viewBox="0 0 15 15" aria-hidden="true">
      <circle cx="7.5" cy="7.5" r="5.5" />
    </svg>
  );
}
