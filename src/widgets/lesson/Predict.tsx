/**
 * Predict, run, explain: a question with answers to choose from, a button that runs the experiment, and the explanation,
 * which is shown once it has run. It does not know the answer: the run shows it. Without JavaScript the explanation can
 * be opened by hand.
 */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { useReady } from './ready.ts';
import './lesson.css';

interface Props {
  words: Dictionary['lesson']['predict'];
  question: ComponentChildren;
  options: readonly ComponentChildren[];
  /** Runs the experiment, with the answer that was chosen. */
  onRun?: ((chosen: number) => void) | undefined;
  /** Which of the options the run has shown to be so; undefined as long as it has not. */
  outcome?: number | undefined;
  /** The same, where it is known beforehand and there is no `outcome`. */
  answer?: number | undefined;
  /** What the run produced, above the explanation. */
  result?: ComponentChildren;
  /** The explanation. */
  children?: ComponentChildren;
}

export function Predict({ words, question, options, onRun, outcome, answer, result, children }: Props) {
  const isReady = useReady();
  const name = useId();
  const [chosen, choose] = useState<number>();
  const [hasRun, setRun] = useState(false);
  const shown = hasRun ? (outcome ?? answer) : undefined;
  const run = (): void => {
    if (chosen === undefined) return;
    setRun(true);
    onRun?.(chosen);
  };
  return (
    <section class="asks not-content" aria-labelledby={`${name}-question`}>
      <p class="kind">{words.kind}</p>
      <p class="question" id={`${name}-question`}>
        {question}
      </p>
      <fieldset class="options" aria-labelledby={`${name}-question`} disabled={!isReady}>
        {options.map((option, index) => (
          <label key={index} class={index === shown ? 'so' : undefined}>
            <input
              type="radio"
              name={name}
              checked={index === chosen}
              onChange={() => choose(index)}
              disabled={hasRun && index !== chosen}
            />
            <span>{option}</span>
            <span class="lab">{remark(words, index === chosen, index === shown, hasRun)}</span>
          </label>
        ))}
      </fieldset>
      {isReady ? (
        <p class="act">
          <button type="button" class="btn go" onClick={run} disabled={chosen === undefined || hasRun}>
            <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
              <path d="M5 3.5 12 8l-7 4.5z" fill="currentColor" />
            </svg>
            {words.run}
          </button>
          {chosen === undefined && <span class="lab">{words.choose}</span>}
        </p>
      ) : (
        <details class="act">
          <summary>{words.explanation}</summary>
          <div class="told">{children}</div>
        </details>
      )}
      <div role="status" class="told">
        {isReady && hasRun && (
          <>
            {result}
            {children}
          </>
        )}
      </div>
    </section>
  );
}

function remark(words: Props['words'], isYours: boolean, isSo: boolean, hasRun: boolean): string {
  if (isYours && isSo) return words.right;
  if (isSo) return words.outcome;
  return isYours && hasRun ? words.yours : '';
}
