/** The experiment: the page is loaded again, and its broker still has the session. The broker starts when it is first wanted. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { useReady } from '../lesson/ready.ts';
import { wordsOf } from '../stepper/words.ts';
import type { OutlivingBroker, Return, Waiting } from './outliving.ts';
import type { SessionsProps, SessionsWords } from './words.ts';
import './outliving.css';

/** Set in the browser while something is stored, so that a page where nothing is has not to look. */
const MARK = 'glass-broker.sessions.stored';

type Words = SessionsWords['sessions']['outliving'];

interface Shown {
  waiting: Waiting;
  /** What the last return of the phone brought. */
  returned?: Return;
  /** What does not work. */
  problem?: string;
}

export function Outliving(props: SessionsProps) {
  const { outliving: words } = wordsOf(props).sessions;
  const isReady = useReady();
  const { shown, isBusy, act, forget } = useBroker(words);
  const { waiting } = shown;
  const next = String((waiting?.length ?? 0) + 1);
  const [isOff, isEmpty] = [!isReady || isBusy, waiting === undefined];
  return (
    <section class="outliving not-content" aria-label={words.label}>
      <p role="status">{tell(shown, words, props.lang)}</p>
      <p class="act">
        <button
          type="button"
          class="btn"
          disabled={isOff}
          onClick={() => act(async (broker) => void (await broker.publish(next)))}
        >
          {fill(words.publish, { payload: next })}
        </button>
        <button type="button" class="btn" disabled={isOff || isEmpty} onClick={() => location.reload()}>
          {words.reload}
        </button>
        <button
          type="button"
          class="btn"
          disabled={isOff || isEmpty}
          onClick={() => act((broker) => broker.return())}
        >
          {words.return}
        </button>
        <button type="button" class="btn q" disabled={isOff || isEmpty} onClick={forget}>
          {words.forget}
        </button>
      </p>
    </section>
  );
}

/** The broker, once it is wanted: by a button, or because a page before this one has stored something. */
function useBroker(words: Words) {
  const [shown, setShown] = useState<Shown>({ waiting: undefined });
  const [isBusy, setBusy] = useState(false);
  const broker = useRef<OutlivingBroker>();
  const attempt = async (action: () => Promise<Shown>) => {
    setBusy(true);
    try {
      setShown(await action());
    } catch (error) {
      const isTaken = error instanceof Error && error.name === 'StoreInUse';
      setShown({ waiting: undefined, problem: isTaken ? words.taken : words.refused });
    }
    setBusy(false);
  };
  const open = async () => {
    if (broker.current === undefined) {
      const { OutlivingBroker } = await import('./outliving.ts');
      broker.current = await OutlivingBroker.open();
    }
    return broker.current;
  };
  const act = (action: (broker: OutlivingBroker) => Promise<Return | undefined>) =>
    attempt(async () => {
      const opened = await open();
      const returned = await action(opened);
      localStorage.setItem(MARK, 'yes');
      return { waiting: opened.waiting, ...(returned && { returned }) };
    });
  const forget = () =>
    attempt(async () => {
      await broker.current?.forget();
      broker.current = undefined;
      localStorage.removeItem(MARK);
      return { waiting: undefined };
    });
  useEffect(() => {
    if (isMarked()) void attempt(async () => ({ waiting: (await open()).waiting }));
    return () => void broker.current?.close();
  }, []);
  return { shown, isBusy, act, forget };
}

function isMarked(): boolean {
  try {
    return localStorage.getItem(MARK) !== null;
  } catch {
    return false;
  }
}

function tell({ waiting, returned, problem }: Shown, words: Words, lang: string): string {
  if (problem !== undefined) return problem;
  const list = (payloads: readonly string[]) =>
    new Intl.ListFormat(lang).format(payloads.map((payload) => fill(words.quoted, { payload })));
  if (returned !== undefined) {
    const { present, received } = returned;
    const first = fill(words.present, { flag: Number(present) });
    return `${first} ${received.length === 0 ? words.nothing : fill(words.received, { list: list(received) })}`;
  }
  if (waiting === undefined) return words.none;
  return waiting.length === 0 ? words.idle : fill(words.waiting, { list: list(waiting) });
}
