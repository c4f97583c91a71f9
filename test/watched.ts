// A broker on free ports of this machine, and its trace, on which a test can wait.
import { onTestFinished } from 'vitest';
import { type Listening, type ListenOptions, listen } from '#broker/node/index.ts';
import type { TraceEvent } from '#broker/session/trace.ts';

export interface Watched extends Listening {
  readonly port: number;
  readonly webSocketPort: number;
  readonly trace: readonly TraceEvent[];
  /** Resolves when as many events as `count` have been of this kind and about this client, from the start. */
  happens(kind: TraceEvent['kind'], clientId?: string, count?: number): Promise<void>;
}

/** Starts a broker, which is closed when the test is over. */
export async function watched(options: ListenOptions = {}): Promise<Watched> {
  const trace: TraceEvent[] = [];
  let watchers: (() => void)[] = [];
  const listening = await listen({
    port: 0,
    webSocketPort: 0,
    ...options,
    environment: {
      ...options.environment,
      trace(event) {
        trace.push(event);
        for (const watcher of watchers) watcher();
      },
    },
  });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= listening.close();
    return closing;
  };
  onTestFinished(close);
  const happens = (kind: TraceEvent['kind'], clientId?: string, count = 1) =>
    new Promise<void>((resolve) => {
      const watcher = () => {
        const is = (event: TraceEvent) =>
          event.kind === kind && (clientId === undefined || event.clientId === clientId);
        if (trace.filter(is).length < count) return;
        watchers = watchers.filter((each) => each !== watcher);
        resolve();
      };
      watchers.push(watcher);
      watcher();
    });
  const { broker, portOf } = listening;
  const ports = { port: listening.port as number, webSocketPort: listening.webSocketPort as number };
  return { ...ports, broker, portOf, close, trace, happens };
}
