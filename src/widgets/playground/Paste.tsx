/**
 * Where bytes are pasted: it says what they are written in and how many packets they are before they are opened, and where the
 * text stops making sense.
 */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Problem } from '#broker/codec/unreadable.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { type Pasted, readPasted } from './pasted.ts';

interface Props {
  words: Dictionary['playground'];
  lang: string;
  onOpen(pasted: Pasted): void;
  onCancel(): void;
}

export function Paste({ words, lang, onOpen, onCancel }: Props) {
  const { paste } = words;
  const [text, setText] = useState('');
  const pasted = useMemo(() => readPasted(text), [text]);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => area.current?.focus(), []);
  const open = (): void => {
    if ('frames' in pasted) onOpen(pasted);
  };
  return (
    <form
      class="pg-paste"
      data-own-undo
      onSubmit={(event) => {
        event.preventDefault();
        open();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) open();
      }}
    >
      <label>
        {paste.heading}
        <textarea
          class="field"
          rows={6}
          spellcheck={false}
          autocomplete="off"
          ref={area}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <p class="lab">{paste.hint}</p>
      <p role="status" class={text !== '' && 'what' in pasted ? 'wrong' : undefined}>
        {text !== '' && report(pasted, words, lang)}
      </p>
      <div class="pg-tools">
        <button type="submit" class="btn s go" disabled={'what' in pasted}>
          {paste.open}
        </button>
        <button type="button" class="btn s q" onClick={onCancel}>
          {paste.cancel}
        </button>
      </div>
    </form>
  );
}

function report(pasted: Pasted | Problem, { paste }: Props['words'], lang: string): string {
  if ('what' in pasted) {
    const { what, found, line, column } = pasted;
    const problem = fill(paste.problems[what] as string, { found });
    return fill(paste.place as string, { line, column, problem });
  }
  const { length, headers, frames, writing } = pasted;
  return [
    plural(paste.found, length, lang, { writing: paste.read[writing] }),
    ...(headers > 0 ? [plural(paste.headers, headers, lang)] : []),
    plural(paste.packets, frames.length, lang),
  ].join(' ');
}
