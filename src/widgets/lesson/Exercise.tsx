/**
 * An exercise made fresh from a seed: a task, a figure to work in, and the verdict. It knows the buttons; what is asked
 * and what is right it is told.
 */
import type { ComponentChildren } from 'preact';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { Seed } from '../../lessons/chance.ts';
import { useReady } from './ready.ts';
import './lesson.css';

export interface Verdict {
  /** `seen`: the solution was looked at. */
  is: 'right' | 'wrong' | 'seen';
  /** What is right about it, or what is different. */
  text?: ComponentChildren;
}

interface Props {
  words: Dictionary['lesson']['exercise'];
  task: ComponentChildren;
  /** Tells it from another exercise of the page. */
  label?: string | undefined;
  seed: Seed;
  verdict: Verdict | undefined;
  onCheck(): void;
  onNew(): void;
  onSolution?: (() => void) | undefined;
  /** The figure. */
  children?: ComponentChildren;
}

export function Exercise({ words, task, label, seed, verdict, onCheck, onNew, onSolution, children }: Props) {
  const isReady = useReady();
  return (
    <form
      class="exercise not-content"
      aria-label={[fill(words.label, { seed }), label].filter(Boolean).join(', ')}
      onSubmit={(event) => {
        event.preventDefault();
        onCheck();
      }}
    >
      <p class="task">{task}</p>
      {children}
      <p class="act">
        <button type="submit" class="btn go" disabled={!isReady}>
          {words.check}
        </button>
        <button type="button" class="btn" disabled={!isReady} onClick={onNew}>
          {words.renew}
        </button>
        {onSolution && (
          <button type="button" class="btn q" disabled={!isReady} onClick={onSolution}>
            {words.solution}
          </button>
        )}
        <span class="lab">{fill(words.seed, { seed })}</span>
      </p>
      <p role="status" class={`verdict ${verdict?.is ?? ''}`}>
        {verdict && (
          <>
            <b>{words[verdict.is]}</b> {verdict.text}
          </>
        )}
      </p>
    </form>
  );
}
