/**
 * A real broker while the page is at it: the world that is written down, its clock, and what went wrong. It knows sockets and
 * timers; what happens is `world.ts`'s affair.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ImpossibleInput, type Input, type Refusal, type Setup } from '#broker/index.ts';
import { listenTo, type Status } from '../live/connection.ts';
import { marked, newMark } from './identifiers.ts';
import { openSocket, type Trouble } from './sockets.ts';
import { RealWorld } from './world.ts';

/** Where the page's clients connect to. */
export interface Target {
  readonly address: string;
  /** The file that says where the broker tells what it does, if it is the one behind the page. */
  readonly feed?: string;
}

/** What went wrong, and for which client. */
export interface ClientTrouble {
  readonly kind: Trouble;
  readonly client: string;
}

/** Whether the broker behind the page tells what it does: it did and does not any more, and then does again. */
export type Telling = 'lost' | 'back' | undefined;

interface Real {
  readonly world: RealWorld;
  readonly mark: string;
}

/** The server behind the page is looked for again after so many milliseconds. */
const AGAIN = 2000;

/** A timer of a page takes no longer wait than this that matters. */
const LONGEST_WAIT = 60_000;

const now = () => performance.timeOrigin + performance.now();

/**
 * The world at a broker, from the moment that there is a target. Another target is another world.
 * @param keepsTyped whether identifiers that clients are set to stay as they are
 */
export function useReal(target: Target | undefined, setup: Setup, keepsTyped: boolean) {
  const [real, setReal] = useState<Real>();
  const [trouble, setTrouble] = useState<ClientTrouble>();
  const [telling, setTelling] = useState<Telling>();
  const [refused, setRefused] = useState<Refusal>();
  const [, setDrawn] = useState(0);
  const timer = useRef<number>();
  const draw = () => setDrawn((drawn) => drawn + 1);

  const arm = (of: RealWorld) => {
    clearTimeout(timer.current);
    if (of.deadline === Number.POSITIVE_INFINITY) return;
    timer.current = window.setTimeout(
      () => {
        of.advance();
        arm(of);
        draw();
      },
      Math.min(Math.max(of.deadline - now(), 0), LONGEST_WAIT),
    );
  };

  useEffect(() => {
    setTrouble(undefined);
    setTelling(undefined);
    setRefused(undefined);
    if (!target) return setReal(undefined);
    const mark = newMark();
    const world = new RealWorld(marked(setup, mark, keepsTyped), {
      now,
      open: (end, client) => {
        setTrouble(undefined);
        const drawn =
          <Given extends unknown[]>(happens: (...given: Given) => void) =>
          (...given: Given) => {
            happens(...given);
            arm(world);
            draw();
          };
        return openSocket(
          target.address,
          { opened: drawn(end.opened), received: drawn(end.received), closed: drawn(end.closed) },
          (kind) => setTrouble({ kind, client }),
        );
      },
    });
    setReal({ world, mark });
    const stop = target.feed === undefined ? undefined : hear(target.feed, world);
    return () => {
      clearTimeout(timer.current);
      stop?.();
      world.close();
    };
  }, [target]);
  useEffect(() => {
    if (!real) return;
    real.world.update(marked(setup, real.mark, keepsTyped));
    draw();
  }, [setup]);

  /** Listens to what the broker tells, and again when its server has gone. Returns what ends it. */
  const hear = (feed: string, world: RealWorld): (() => void) => {
    let wait: number | undefined;
    let stop = () => {};
    const listen = () => {
      stop = listenTo(feed, {
        status,
        message(message) {
          world.hear(message);
          draw();
        },
      });
    };
    const status = (is: Status) => {
      if (is === 'open') return setTelling((was) => was && 'back');
      setTelling('lost');
      wait = window.setTimeout(listen, AGAIN);
    };
    listen();
    return () => {
      clearTimeout(wait);
      stop();
    };
  };

  return {
    ...real,
    trouble,
    telling,
    refused,
    /** Does something, and says whether it could be done. */
    perform(input: Input): boolean {
      if (!real) return false;
      if (telling === 'back') setTelling(undefined);
      let refusal: Refusal | undefined;
      try {
        real.world.apply(input);
      } catch (error) {
        if (!(error instanceof ImpossibleInput)) throw error;
        refusal = error.refusal;
      }
      setRefused(refusal);
      arm(real.world);
      draw();
      return refusal === undefined;
    },
  };
}
