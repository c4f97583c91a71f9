/**
 * The lab's state while it is on a page: the world, what was undone, what is said of the last change, and where the next
 * thing goes. It hands the stepper its orders and hears from it where the reader stands; how anything looks is not its
 * affair.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ImpossibleInput, type Input, type Refusal, refusalOf } from '#broker/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { act, type Run } from '../../lessons/run.ts';
import { inputText } from '../client/say.ts';
import { refusalText } from '../refusal.ts';
import { type Timeline, timeline } from '../stepper/timeline.ts';
import type { Order } from '../stepper/useFigure.ts';
import { problemText } from '../world-problem.ts';
import { fromFragment, isSameLab, keep, kept, toFragment } from './kept.ts';
import { type Changed, firstLab, insertLine, type Lab, labOfRun, runOf, STORY } from './lab.ts';
import type { LabWords } from './say.ts';

/** How many changes can be taken back. */
const LONGEST_PAST = 50;
/** A lab is kept when nothing has changed for so long. */
const REST = 500;

export interface Note {
  readonly text: string;
  readonly isFault: boolean;
}

/** What a reader sees of a lab: the run, all of its moments, and the lab that it is. */
export interface Shown {
  readonly run: Run;
  readonly line: Timeline;
}

export function useLab(words: LabWords, lang: string) {
  const first = useMemo(() => runOf(firstLab()), []);
  const opened = useMemo(() => ({ run: first, line: timeline(first) }), []);
  const [shown, setShown] = useState<Shown>(opened);
  const [live, setLive] = useState(false);
  /** What this browser kept from the last time, until something else is done. */
  const [left, setLeft] = useState<Lab>();
  const [order, setOrder] = useState<Order>();
  const [past, setPast] = useState<readonly Lab[]>([]);
  const [note, setNote] = useState<Note>();
  const [isInserting, setInserting] = useState(false);
  const ordered = useRef<Run>();
  /** The reader has done something that is not kept yet. */
  const isTouched = useRef(false);
  const keepTouched = () => {
    if (isTouched.current) keep(labOfRun(ordered.current ?? first));
    isTouched.current = false;
  };

  const { run } = shown;
  const lab = useMemo(() => labOfRun(run), [run]);

  const show = (next: Lab) => {
    isTouched.current = true;
    const before = ordered.current ?? run;
    const fresh = runOf(next);
    const isSameWorld =
      before.scenario.setup === next.setup &&
      JSON.stringify(before.scenario.participants) === JSON.stringify(fresh.scenario.participants);
    const wanted = isSameWorld ? { ...fresh, scenario: before.scenario } : fresh;
    ordered.current = wanted;
    setOrder({ variant: STORY, run: wanted });
  };
  const remember = () => {
    const now = labOfRun(ordered.current ?? first);
    setPast((all) => [...all.slice(1 - LONGEST_PAST), now]);
  };
  const say = (text: string, isFault = false) => setNote({ text, isFault });

  /** Shows another lab in the place of this one, which Undo brings back. */
  const replace = (next: Lab, said?: string) => {
    remember();
    setInserting(false);
    setNote(said === undefined ? undefined : { text: said, isFault: false });
    show(next);
  };

  /** Opens what the address names, or offers what was kept. */
  useEffect(() => {
    const last = kept();
    const follow = async () => {
      const read = await fromFragment(location.hash);
      if (read !== undefined && 'problem' in read)
        say(fill(words.lab.tools.broken, { problem: problemText(read, words) }), true);
      const opens = read !== undefined && !('problem' in read) ? read : undefined;
      if (opens) {
        keepTouched();
        replace(opens);
        // What the reader built before stays kept until they touch this one.
        isTouched.current = false;
      }
      if (last && !isSameLab(last, opens ?? labOfRun(first))) setLeft(last);
    };
    void follow();
    setLive(true);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  /** To write a long script takes longer than a step: it waits until the reader rests or leaves. */
  useEffect(() => {
    const timer = setTimeout(keepTouched, REST);
    addEventListener('pagehide', keepTouched);
    addEventListener('visibilitychange', keepTouched);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', keepTouched);
      removeEventListener('visibilitychange', keepTouched);
    };
  }, [lab]);

  /** Hears from the stepper where the reader stands. */
  const onMoment = useCallback((now: Run, line: Timeline, byReader: boolean) => {
    ordered.current = now;
    setShown({ run: now, line });
    if (!byReader) return;
    isTouched.current = true;
    setNote(undefined);
    setInserting(false);
  }, []);

  return {
    live,
    left,
    /** Takes up what was kept. */
    goOn() {
      if (left) replace(left);
      setLeft(undefined);
    },
    startOver() {
      isTouched.current = true;
      replace(firstLab(), words.lab.tools.startedOver);
      history.replaceState(null, '', location.pathname);
    },
    async linkHere() {
      history.replaceState(null, '', await toFragment(lab));
      say(words.lab.tools.linked);
      await navigator.clipboard?.writeText(location.href).catch(() => {});
    },
    first,
    order,
    shown,
    run,
    lab,
    note,
    say,
    isInserting,
    canUndo: past.length > 0,
    replace,
    /** Changes the world, and says what of its script could not stay. */
    change(make: () => Changed): Lab {
      const made = attempt(make);
      if ('id' in made) {
        say(fill(words.client.act.refused, { why: refusalText(made, words.refusals) }), true);
        return lab;
      }
      const { lab: next, misfits } = made;
      const lines = misfits.map(({ line }) => lineText(line.input, words)).join('; ');
      replace(
        next,
        misfits.length === 0 ? undefined : plural(words.lab.misfits, misfits.length, lang, { lines }),
      );
      return next;
    },
    /** Does something where the reader stands. */
    perform(input: Input) {
      try {
        if (isInserting) {
          const { lab: next } = insertLine(lab, input);
          remember();
          setNote(undefined);
          show(next);
        } else {
          const next = act(run, input);
          setNote(undefined);
          show(labOfRun(next));
        }
      } catch (error) {
        if (!(error instanceof ImpossibleInput)) throw error;
        say(fill(words.client.act.refused, { why: refusalText(error.refusal, words.refusals) }), true);
      }
    },
    undo() {
      const last = past.at(-1);
      if (!last) return;
      setPast(past.slice(0, -1));
      setInserting(false);
      setNote(undefined);
      show(last);
    },
    /** Goes to a place of the script. */
    go(at: number, inserts = false) {
      show({ ...lab, at });
      setInserting(inserts);
      setNote(undefined);
    },
    append() {
      setInserting(false);
    },
    onMoment,
  };
}

export type LabState = ReturnType<typeof useLab>;

/** A change, or why it cannot be: a client that may not connect as it is set up, for one. */
function attempt(make: () => Changed): Changed | Refusal {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refusalOf(error);
  }
}

/** A line that is left out is told without its packet, which there is no more. */
function lineText(input: Input, words: LabWords): string {
  return inputText(input, [], words).replace(/\.$/, '');
}
