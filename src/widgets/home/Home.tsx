/**
 * The working broker on the home page: a publisher's form, the broker one looks through, three subscribers, and the
 * packets between them. It lays the figure out and says which key does what; everything it shows is read from a world.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { useReady } from '../lesson/ready.ts';
import { toFragment } from '../packet/link.ts';
import { lit } from '../packet/lit.ts';
import { Foot } from './Foot.tsx';
import { Glass } from './Glass.tsx';
import { Publisher } from './Publisher.tsx';
import { Subscribers } from './Subscribers.tsx';
import { openedOf } from './scene.ts';
import { status } from './tell.ts';
import { useRun } from './useRun.ts';
import { PublisherWire, SubscriberWires } from './Wires.tsx';
import './home.css';

/** The words of the figure, and those that it has in common with the packet widget. */
export interface HomeWords {
  readonly home: Dictionary['home'];
  readonly packet: Pick<Dictionary['packet'], 'bytes' | 'capsule' | 'parts' | 'statement'>;
}

export interface HomeProps {
  words: HomeWords;
  lang: string;
  /** The lesson that opens a packet, and the name that the packet has there; left out while there is none. */
  lesson?: { href: string; packet: string } | undefined;
}

export function Home({ words, lang, lesson }: HomeProps) {
  const isReady = useReady();
  const run = useRun();
  const { scene } = run;
  const [chosen, setChosen] = useState<number>();
  const figure = useRef<HTMLElement>(null);
  const opened = openedOf(scene, chosen);
  const wires = {
    words,
    scene,
    opened: opened?.number,
    open: (flight: number) => setChosen(flight === chosen ? undefined : flight),
  };

  /** What had the focus may be gone after a step back; the keys go on to work. This is seen to before the next key can come. */
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body)
      figure.current?.focus({ preventScroll: true });
    hadFocus.current = false;
  }, [scene]);

  const keys: Record<string, () => void> = {
    ArrowLeft: run.back,
    ArrowRight: run.step,
    Home: run.toStart,
    End: run.toEnd,
    Escape: () => lit.release(),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const does = keys[event.key];
    if (does === undefined || !isOurs(event)) return;
    event.preventDefault();
    hadFocus.current = true;
    does();
  };

  return (
    <figure
      class={`home not-content${run.hasMoved ? ' moved' : ''}`}
      aria-label={words.home.figure}
      data-qos={scene.qos}
      tabIndex={-1}
      ref={figure}
      onKeyDown={onKeyDown}
    >
      <div class="stage">
        <Publisher
          words={words}
          isReady={isReady}
          publish={(publication) => {
            setChosen(undefined);
            run.publish(publication);
          }}
        />
        <PublisherWire {...wires} />
        <Glass words={words} lang={lang} scene={scene} flight={opened} />
        <SubscriberWires {...wires} />
        <Subscribers words={words.home} scene={scene} />
      </div>
      <Foot
        {...run}
        words={words.home}
        isReady={isReady}
        status={status(scene, words.home, lang)}
        lesson={
          lesson &&
          opened &&
          lesson.href + toFragment(lesson.packet, { bytes: opened.frame, version: opened.version })
        }
      />
    </figure>
  );
}

/** Whether a key is for the figure: what has the focus may have its own use for it. */
function isOurs(event: KeyboardEvent): boolean {
  const isPlain = !(
    event.defaultPrevented ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.shiftKey
  );
  return isPlain && !(event.target as HTMLElement).closest('input, [popover]');
}
