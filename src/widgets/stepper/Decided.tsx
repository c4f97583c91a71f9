/** What the broker decided when something happened: a sign that says how much, and behind it a sentence for each decision. */
import { useId, useState } from 'preact/hooks';
import type { Version } from '../../../broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import { decisionText } from './decided.ts';
import type { Decision } from './decisions.ts';
import type { StepperWords } from './tell.ts';
import './decided.css';

export interface DecidedProps {
  words: StepperWords;
  version: Version;
  decisions: readonly Decision[];
}

/** Beside an arrow: what was decided opens over the figure. */
export function Decided({ live, ...props }: DecidedProps & { live: boolean }) {
  const anchor = useId();
  const [wanted, setWanted] = useState(false);
  const { words, decisions } = props;
  const { decided } = words.stepper;
  if (decisions.length === 0) return null;
  return (
    <small class="dd">
      <button
        type="button"
        class="why"
        tabIndex={-1}
        disabled={!live}
        popovertarget={anchor}
        title={decided.heading}
        aria-label={fill(decided.open, { count: decisions.length })}
        data-decided
        onClick={() => setWanted(true)}
      >
        {fill(decided.count, { count: decisions.length })}
      </button>
      <span id={anchor} popover="auto" class="pop statement">
        <b>{decided.heading}</b>
        {wanted && <Sentences {...props} />}
      </span>
    </small>
  );
}

/** In the transcript: what was decided opens below the line. The arrow keys lead there, where there are scripts. */
export function DecidedThere({ live, ...props }: DecidedProps & { live: boolean }) {
  const { words, decisions } = props;
  const { decided } = words.stepper;
  if (decisions.length === 0) return null;
  return (
    <details class="because">
      <summary
        class="why"
        title={decided.heading}
        aria-label={fill(decided.open, { count: decisions.length })}
        tabIndex={live ? -1 : undefined}
        data-stop
      >
        {fill(decided.count, { count: decisions.length })}
      </summary>
      <Sentences {...props} />
    </details>
  );
}

function Sentences({ words, version, decisions }: DecidedProps) {
  return (
    <span class="decisions">
      {decisions.map((decision, index) => (
        <span key={`${index} ${decision.kind}`}>
          {decisionText(decision, words)}{' '}
          {decision.rule ? (
            <StatementRef id={decision.rule} version={version} words={words.packet.statement} />
          ) : (
            <i>{words.stepper.decided.free}</i>
          )}
        </span>
      ))}
    </span>
  );
}
