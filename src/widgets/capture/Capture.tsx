/**
 * The capture viewer: a file, the list of its packets, one of them opened, and what is worth telling. It puts the views
 * together and takes files; what is shown is `viewer.ts`'s affair, and reading a worker's.
 */
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import type { Slug } from '../../lessons/path.ts';
import { begin } from '../../lessons/progress.ts';
import { useReady } from '../lesson/ready.ts';
import { save } from '../save.ts';
import { Conversation } from './Conversation.tsx';

import { FilterLine } from './FilterLine.tsx';
import { Connections, Findings } from './Findings.tsx';
import { List } from './List.tsx';
import { OpenedPacket } from './Opened.tsx';
import { countsText, partyOf, typeText } from './phrases.ts';
import { Reader } from './reader.ts';
import { type Example, type First, type Shown, Viewer } from './viewer.ts';
import './capture.css';

export interface CaptureProps {
  words: Pick<Dictionary, 'capture' | 'stepper'>;
  lang: string;
  /** What can be chosen; the one of this name is open. */
  examples: readonly Example[];
  example: string;
  /** What the server has drawn. */
  first: First;
  filter?: string | undefined;
  /** In a lesson, what is not about the one capture is left away, and the lesson is begun with the first act. */
  lesson?: Slug | undefined;
  /** Leaves away what lies around a packet, and the drawing. */
  isBrief?: boolean | undefined;
  /** In an exercise, what is to be found is not told. */
  isQuiet?: boolean | undefined;
  /** A filter that is set from outside, each time that `count` changes. */
  typed?: { text: string; count: number } | undefined;
  /** Told of what is shown, whenever that changes. */
  onShown?: ((shown: Shown) => void) | undefined;
}

export function CaptureViewer(props: CaptureProps) {
  const {
    words: own,
    lang,
    examples,
    example,
    first,
    filter = '',
    lesson,
    isBrief,
    isQuiet,
    typed,
    onShown,
  } = props;
  const isReady = useReady();
  const name = useId();
  const words = useMemo(() => ({ ...own, ...sharedWords(lang) }), [own, lang]);
  const viewer = useViewer(first, examples, example, filter);
  const { shown } = viewer;
  const root = useRef<HTMLElement>(null);
  useEffect(() => onShown?.(shown), [onShown, shown]);
  useEffect(() => {
    if (typed !== undefined) void viewer.filter(typed.text);
  }, [viewer, typed?.count]);
  const act = <Args extends unknown[]>(doIt: (...args: Args) => unknown) => {
    return (...args: Args): void => {
      if (lesson) begin(lesson);
      void doIt(...args);
    };
  };
  const take = act((file: File) => viewer.read(file));
  const drop = useDrop(take);
  const { capture } = words;
  const related = useMemo(() => new Set(shown.opened?.packet.exchange), [shown.opened]);
  const open = act((number: number) => viewer.open(number));
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    event.stopPropagation();
    root.current?.querySelector<HTMLInputElement>('[data-filter]')?.focus();
  };
  return (
    <section
      class={`cv not-content${drop.isOver ? ' over' : ''}`}
      ref={root}
      aria-label={fill(capture.label, { name: shown.name })}
      onKeyDown={keys}
      {...drop.handlers}
    >
      <Bar
        words={capture}
        lang={lang}
        viewer={viewer}
        isReady={isReady}
        take={take}
        act={act}
        examples={lesson ? [] : examples}
      />
      <FilterLine
        words={capture}
        filter={shown.filter}
        fault={shown.fault}
        isReady={isReady}
        onFilter={act((text: string) => viewer.filter(text))}
      />
      {shown.reading && (
        <Reading words={capture} lang={lang} reading={shown.reading} cancel={() => viewer.cancel()} />
      )}
      {shown.trouble && <Trouble words={capture} trouble={shown.trouble} />}
      {shown.summary.fault && (
        <p class="trouble" role="alert">
          {fill(capture.broken as string, {
            offset: shown.summary.fault.offset,
            text: shown.summary.fault.message,
          })}
        </p>
      )}
      <List
        words={capture}
        name={name}
        lanes={shown.summary.lanes}
        count={shown.count}
        rowAt={(place) => viewer.row(place)}
        opened={shown.opened?.packet.number}
        place={shown.opened?.place ?? -1}
        isQuiet={isQuiet}
        related={related}
        isReady={isReady}
        open={open}
        openPlace={act((place: number) => viewer.openPlace(place))}
      />
      {!isQuiet && (
        <Findings words={capture} lang={lang} summary={shown.summary} isReady={isReady} open={open} />
      )}
      {shown.opened && (
        <OpenedPacket
          words={words}
          lang={lang}
          name={`${name}-packet`}
          opened={shown.opened}
          isBrief={isBrief}
          isQuiet={isQuiet}
          isReady={isReady}
          open={open}
        />
      )}
      {shown.opened?.drawn && !isBrief && (
        <Conversation
          words={words}
          lang={lang}
          drawn={shown.opened.drawn}
          opened={shown.opened.packet.number}
          isReady={isReady}
          open={open}
        />
      )}
      {!lesson && <Connections words={capture} lang={lang} summary={shown.summary} />}
      {!lesson && (
        <Ports words={capture} isReady={isReady} take={act((port: number) => viewer.setPorts([port]))} />
      )}
      <p class="say">
        <span role="status">{shown.opened ? said(shown.opened.packet, capture) : ''}</span>
        <span class="lab" aria-hidden="true">
          <kbd>↑</kbd> <kbd>↓</kbd> {capture.keys.move} <kbd>/</kbd> {capture.keys.filter}
        </span>
      </p>
      {!lesson && <p class="lab">{capture.private}</p>}
      <p class="dropping" aria-hidden="true">
        {capture.drop}
      </p>
    </section>
  );
}

/** The viewer, drawn anew whenever something of it changes, at most once a frame. */
function useViewer(first: First, examples: readonly Example[], name: string, filter: string): Viewer {
  const [viewer] = useState(() => {
    const example = examples.find((one) => one.name === name);
    if (example === undefined) throw new RangeError(`There is no capture ${name}`);
    return new Viewer(first, example, filter, () => new Reader());
  });
  const [, setDrawn] = useState<Shown>(viewer.shown);
  useEffect(() => {
    let frame: number | undefined;
    const stop = viewer.watch(() => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        setDrawn(viewer.shown);
      });
    });
    return () => {
      stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
      viewer.end();
    };
  }, [viewer]);
  return viewer;
}

function useDrop(take: (file: File) => void) {
  const [isOver, setOver] = useState(false);
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop(event: DragEvent) {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) take(file);
    },
  };
  return { isOver, handlers };
}

interface BarProps {
  words: Dictionary['capture'];
  lang: string;
  viewer: Viewer;
  isReady: boolean;
  examples: readonly Example[];
  take(file: File): void;
  act<Args extends unknown[]>(doIt: (...args: Args) => unknown): (...args: Args) => void;
}

function Bar({ words, lang, viewer, isReady, examples, take, act }: BarProps) {
  const { name, summary, count, secrets } = viewer.shown;
  const chooser = useRef<HTMLInputElement>(null);
  const keep = act(() =>
    viewer.save((file) => save(name.replace(/(\.pcapng|\.pcap|\.cap)?$/i, '-shown.pcapng'), file, PCAPNG)),
  );
  return (
    <div class="bar">
      <b class="m">{name}</b>
      <span class="lab" role="status">
        {countsText(summary, words, lang)}
        {count < summary.packets && `, ${fill(words.shown as string, { count, all: summary.packets })}`}
        {secrets > 0 && `, ${plural(words.secrets, secrets, lang)}`}
      </span>
      <span class="acts">
        {examples.length > 1 && (
          <select
            class="field sm"
            aria-label={words.actions.example}
            disabled={!isReady}
            value={name}
            onChange={(event) => {
              const chosen = examples.find((one) => one.name === event.currentTarget.value);
              if (chosen) act(() => viewer.readExample(chosen))();
            }}
          >
            {!examples.some((one) => one.name === name) && <option value={name}>{name}</option>}
            {examples.map((one) => (
              <option key={one.name} value={one.name}>
                {one.name}
              </option>
            ))}
          </select>
        )}
        <input
          ref={chooser}
          type="file"
          hidden
          accept=".pcap,.pcapng,.cap,.keylog,.log,.txt"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file !== undefined) take(file);
            event.currentTarget.value = '';
          }}
        />
        <button type="button" class="btn s" disabled={!isReady} onClick={() => chooser.current?.click()}>
          {words.actions.open}
        </button>
        <button type="button" class="btn s" disabled={!isReady || count === 0} onClick={() => keep()}>
          {words.actions.save}
        </button>
      </span>
    </div>
  );
}

interface PortsProps {
  words: Dictionary['capture'];
  isReady: boolean;
  take(port: number): void;
}

/** Where a capture begins in the middle of a connection, only its port can say that it is MQTT. */
function Ports({ words: { actions }, isReady, take }: PortsProps) {
  return (
    <form
      class="ports lab"
      onSubmit={(event) => {
        event.preventDefault();
        take(Number(new FormData(event.currentTarget).get('port')));
      }}
    >
      <label>
        {actions.ports}{' '}
        <input class="field sm" name="port" type="number" min={1} max={65_535} required disabled={!isReady} />
      </label>
      <button type="submit" class="btn s" disabled={!isReady}>
        {actions.read}
      </button>
    </form>
  );
}

/** As IANA has it. */
const PCAPNG = 'application/x-pcapng';

interface ReadingProps {
  words: Dictionary['capture'];
  lang: string;
  reading: NonNullable<Shown['reading']>;
  cancel(): void;
}

const MEGABYTE = 1e6;

function Reading({ words, lang, reading: { name, size, progress }, cancel }: ReadingProps) {
  const packets = plural(words.packets, progress.packets, lang);
  const isOver = size > 0 && progress.bytes >= size;
  const phrase = isOver ? words.reading.ending : size > 0 ? words.reading.sized : words.reading.unsized;
  const values = { read: megabytes(progress.bytes), size: megabytes(size), packets };
  return (
    <div class="reading">
      <span role="status">{fill(words.reading.label, { name })}</span>
      <progress
        aria-label={fill(words.reading.label, { name })}
        {...(size > 0 && !isOver && { value: progress.bytes, max: size })}
      />
      <span class="lab">{fill(phrase as string, values)}</span>
      <button type="button" class="btn s" onClick={cancel}>
        {words.actions.cancel}
      </button>
    </div>
  );
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0);
}

function Trouble({
  words,
  trouble,
}: {
  words: Dictionary['capture'];
  trouble: NonNullable<Shown['trouble']>;
}) {
  const { at, other, stays } = words.trouble;
  return (
    <p class="trouble" role="alert">
      {fill((trouble.offset === undefined ? other : at) as string, { ...trouble })} {stays}
    </p>
  );
}

function said(packet: NonNullable<Shown['opened']>['packet'], words: Dictionary['capture']): string {
  const { frame, from, to, type } = packet;
  return fill(words.packet.status as string, {
    frame,
    type: typeText(type, words),
    from: partyOf(from, words).name,
    to: partyOf(to, words).name,
  });
}
