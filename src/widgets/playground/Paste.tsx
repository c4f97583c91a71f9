/**
 * Where bytes are pasted: it says what they are written in and how many packets they are before they are opened, and where the
 * text stops making sense.
 */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Version } from '#broker/codec/index.ts';
import { dissectAll } from '#broker/codec/sequence.ts';
import { type Reading, readBytes } from '#broker/codec/written.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';

interface Props {
  words: Dictionary['playground'];
  lang: string;
  onOpen(frames: Uint8Array[], version: Version | undefined): void;
  onCancel(): void;
}

export function Paste({ words, lang, onOpen, onCancel }: Props) {
  const { paste } = words;
  const [text, setText] = useState('');
  const reading = useMemo(() => readBytes(text), [text]);
  const packets = useMemo(() => ('bytes' in reading ? dissectAll(reading.bytes) : []), [reading]);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => area.current?.focus(), []);
  const open = (): void => {
    if (packets.length === 0) return;
    const told = packets.find(({ frame }) => (frame[0] ?? 0) >> 4 === 1)?.version;
    onOpen(
      packets.map(({ frame }) => frame),
      told,
    );
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
          value={text}
          ref={area}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <p class="lab">{paste.hint}</p>
      <p role="status" class={text !== '' && 'problem' in reading ? 'wrong' : undefined}>
        {text !== '' && report(reading, packets.length, words, lang)}
      </p>
      <div class="pg-tools">
        <button type="submit" class="btn s go" disabled={packets.length === 0}>
          {paste.open}
        </button>
        <button type="button" class="btn s q" onClick={onCancel}>
          {paste.cancel}
        </button>
      </div>
    </form>
  );
}

function report(reading: Reading, packets: number, { paste }: Props['words'], lang: string): string {
  if ('problem' in reading) {
    const { what, found, line, column } = reading.problem;
    return fill(paste.place as string, {
      line,
      column,
      problem: fill(paste.problems[what] as string, { found }),
    });
  }
  const size = plural(paste.found, reading.bytes.length, lang, { writing: paste.read[reading.writing] });
  return `${size} ${plural(paste.packets, packets, lang)}`;
}
