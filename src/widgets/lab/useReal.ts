/**
 * A real broker while the page is at it: the world that is written down, its clock, and what went wrong. It knows sockets and
 * timers; what happens is `real.ts`'s affair.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ImpossibleInput, type Input, type Setup } from '#broker/index.ts';
import { listenTo } from '../live/connection.ts';
import type { BrokerFile } from '../live/feed.ts';
import { RealWorld } from './real.ts';
import { openSocket, type Trouble } from './sockets.ts';

/** Where the page's clients connect to. */
export interface Target {
  readonly address: string;
  /** The file that says where the broker tells what it does, if it is the one behind the page. */
  readonly feed?: string;
}

/** Whether there is a broker behind the page: a static site says that there is none. */
export function useBehind(file: string): 'asked' | 'there' | 'none' {
  const [behind, setBehind] = useState<'asked' | 'there' | 'none'>('asked');
  useEffect(() => {
    const ask = async () => ((await (await fetch(file)).json()) as BrokerFile).trace !== undefined;
    ask().then(
      (isThere) => setBehind(isThere ? 'there' : 'none'),
      () => setBehind('none'),
    );
  }, [file]);
  return behind;
}

/** The world at a broker, from the moment that there is a target. Another target is another world. */
export function useReal(target: Target | undefined, setup: Setup) {
  const [world, setWorld] = useState<RealWorld>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [refused, setRefused] = useState<string>();
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
      Math.min(Math.max(of.deadline - performance.now(), 0), 60_000),
    );
  };

  useEffect(() => {
    setTrouble(undefined);
    setRefused(undefined);
    if (!target) return setWorld(undefined);
    const fresh = new RealWorld(setup, {
      now: () => performance.now(),
      open: (end) => {
        setTrouble(undefined);
        const drawn =
          <Given extends unknown[]>(happens: (...given: Given) => void) =>
          (...given: Given) => {
            happens(...given);
            arm(fresh);
            draw();
          };
        return openSocket(
          target.address,
          { opened: drawn(end.opened), received: drawn(end.received), closed: drawn(end.closed) },
          setTrouble,
        );
      },
    });
    setWorld(fresh);
    const stop = target.feed
      ? listenTo(target.feed, {
          status: (status) => status === 'lost' && setTrouble('ended'),
          message(message) {
            fresh.hear(message);
            draw();
          },
        })
      : undefined;
    return () => {
      clearTimeout(timer.current);
      stop?.();
      fresh.close();
    };
  }, [target]);
  useEffect(() => {
    if (!world) return;
    world.update(setup);
    draw();
  }, [setup]);

  return {
    world,
    trouble,
    refused,
    perform(input: Input) {
      if (!world) return;
      setRefused(undefined);
      try {
        world.apply(input);
      } catch (error) {
        if (!(error instanceof ImpossibleInput)) throw error;
        setRefused(error.message);
      }
      arm(world);
      draw();
    },
  };
}
