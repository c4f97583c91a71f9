/**
 * The diagram with who takes part above it. Where it is long it has a box of its own, in which the heads stay in view, rows that
 * nobody needs are folded, and only those near what is seen are in the page. It follows the newest row until the reader
 * scrolls away from it.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Diagram } from './diagram.ts';
import { type Folded, fold } from './fold.ts';
import { Heads } from './Head.tsx';
import { Icon } from './icons.tsx';
import { Sequence, type SequenceProps } from './Sequence.tsx';
import { isInView, rowsNear, scrollFor, type View } from './windowed.ts';
import './stage.css';

export interface StageProps extends Omit<SequenceProps, 'diagram' | 'shows' | 'turn'> {
  diagram: Diagram;
  /** Whether the newest row is kept in view. */
  follow?: boolean;
  /** Where in time this is: a leap takes the view along, wherever the reader has scrolled to. */
  place?: number;
  /** The height from which on it has a box of its own, and the height of the box. */
  maxHeight?: number | undefined;
  /** What stands between the heads and the rows. */
  children?: ComponentChildren;
}

/** In CSS pixels: what may stand on the page as it is, and the box of what may not. */
export const TALL = 1400;
const BOX = 680;
/** Room left above and below what is followed. */
const ROOM = 24;
/** Rows are drawn anew after so much has been scrolled. */
const COARSE = 240;

export function Stage(props: StageProps) {
  const { diagram, live, height = 0, maxHeight, participants, words, children } = props;
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const folded = useMemo(() => fold(diagram, opened), [diagram, opened]);
  const isLong = Math.max(diagram.height, height) > (maxHeight ?? TALL);
  const newest = newestOf(folded, props.chosen);
  const scroll = useScroll(props, folded, newest, isLong);
  const shows =
    live && isLong && !scroll.isPrinted ? rowsNear(folded.rows, scroll.view, scroll.kept) : undefined;
  const size = {
    '--gaps': participants.length - 1,
    '--count': participants.length,
    '--box': `${maxHeight ?? BOX}px`,
  };
  return (
    <div
      class={[
        'stage',
        isLong && 'long',
        participants.length > 3 && 'crowded',
        participants.length < 3 && 'pair',
      ]
        .filter(Boolean)
        .join(' ')}
      ref={scroll.box}
      style={size}
      onScroll={isLong ? scroll.onScroll : undefined}
      onFocusIn={isLong ? scroll.onFocus : undefined}
    >
      <div class="canvas">
        <div class="top" ref={scroll.top}>
          <Heads words={words.stepper} participants={participants} />
          {children}
        </div>
        <Sequence
          {...props}
          diagram={folded}
          shows={shows}
          height={isLong ? undefined : Math.max(height, folded.height)}
          turn={(key) => setOpened(opened.has(key) ? without(opened, key) : new Set([...opened, key]))}
        />
      </div>
      {isLong && scroll.isAway && (
        <p class="away">
          <button type="button" class="btn s" onClick={scroll.toNewest}>
            <Icon of="newest" />
            {words.stepper.newest}
          </button>
        </p>
      )}
    </div>
  );
}

function without(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  return new Set([...keys].filter((each) => each !== key));
}

/** What the last step was about, and the packet that can be moved next. */
function newestOf({ rows, latest }: Folded, chosen: number | undefined): View | undefined {
  const last = latest === undefined ? rows.at(-1) : rows.findLast(({ key }) => key === latest);
  const next =
    chosen === undefined
      ? undefined
      : rows.findLast((row) => row.kind === 'packet' && row.flight.number === chosen);
  const all = [last, next].flatMap((row) => row ?? []);
  if (all.length === 0) return undefined;
  const top = Math.min(...all.map((row) => row.top));
  const bottom = Math.max(...all.map((row) => row.top + row.height));
  const main = next ?? last;
  return bottom - top > BOX / 2 && main ? main : { top, height: bottom - top };
}

/** What is seen of a long diagram, and what moves it. Heights are those of the rows. */
function useScroll(
  { diagram, follow = true, place = 0 }: StageProps,
  folded: Folded,
  newest: View | undefined,
  isLong: boolean,
) {
  const box = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const follows = useRef(follow);
  const before = useRef(place);
  const [view, setView] = useState<View>({ top: Math.max(folded.height - BOX, 0), height: BOX });
  const [isAway, setAway] = useState(false);
  const [kept, setKept] = useState<string>();
  const isPrinted = usePrinted();

  const viewNow = (): View => {
    const { scrollTop = 0, clientHeight = BOX } = box.current ?? {};
    return { top: scrollTop, height: clientHeight - (top.current?.offsetHeight ?? 0) };
  };
  const look = () => {
    const seen = viewNow();
    const coarse = { top: Math.floor(seen.top / COARSE) * COARSE, height: seen.height + COARSE };
    setView((was) => (was.top === coarse.top && was.height === coarse.height ? was : coarse));
    setAway(newest !== undefined && !isInView(newest, seen));
  };
  const toNewest = () => {
    follows.current = true;
    if (box.current && newest) box.current.scrollTop = scrollFor(newest, viewNow(), ROOM);
    look();
  };
  useLayoutEffect(() => {
    if (!isLong) return;
    if (Math.abs(place - before.current) > 1) follows.current = true;
    before.current = place;
    if (follow && follows.current) toNewest();
    else look();
  }, [diagram, isLong]);

  return {
    box,
    top,
    view,
    kept,
    isAway,
    isPrinted,
    toNewest,
    onScroll() {
      follows.current = newest !== undefined && isInView(newest, viewNow());
      look();
    },
    /** What has the focus stays in the page. */
    onFocus({ target }: FocusEvent) {
      const row = (target as HTMLElement).closest<HTMLElement>('[data-row]');
      setKept(row?.dataset['row']);
    },
  };
}

/** On paper there is no scrolling: all rows are there. */
function usePrinted(): boolean {
  const [isPrinted, setPrinted] = useState(false);
  useEffect(() => {
    const [begin, end] = [() => setPrinted(true), () => setPrinted(false)];
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinted;
}
