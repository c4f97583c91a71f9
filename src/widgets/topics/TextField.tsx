/** A filter or a topic name to type, with what is wrong with it or odd about it. It knows no rule: those it is told. */
import { useId } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { doubtAbout, type Objection } from '../../lessons/matching.ts';
import { LIMITS } from './table.ts';
import { objectionText } from './tell.ts';
import type { TopicsWords } from './words.ts';

interface Props {
  words: TopicsWords['topics'];
  text: string;
  label: string;
  objection: Objection | undefined;
  isReady: boolean;
  onType(text: string): void;
  onRemove: (() => void) | undefined;
}

export function TextField({ words, text, label, objection, isReady, onType, onRemove }: Props) {
  const remark = useId();
  const doubt = objection ? undefined : doubtAbout(text);
  return (
    <div class="tp-text">
      <input
        class="field sm"
        aria-label={label}
        aria-invalid={objection !== undefined}
        aria-describedby={objection || doubt ? remark : undefined}
        maxLength={LIMITS.length}
        value={text}
        disabled={!isReady}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={({ currentTarget }) => onType(currentTarget.value)}
      />
      {onRemove && (
        <button
          type="button"
          class="btn q s"
          aria-label={fill(words.matcher.remove, { text: text === '' ? label : text })}
          disabled={!isReady}
          onClick={onRemove}
        >
          <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4l8 8m0-8l-8 8" />
          </svg>
        </button>
      )}
      {objection && (
        <p class="tp-fault" id={remark}>
          {text !== '' && (
            <code>
              {text.slice(0, objection.start)}
              <mark>{text.slice(objection.start, objection.end)}</mark>
              {text.slice(objection.end)}
            </code>
          )}
          {objectionText(objection, words)}
        </p>
      )}
      {doubt && (
        <p class="lab" id={remark}>
          {words.doubts[doubt]}
        </p>
      )}
    </div>
  );
}
