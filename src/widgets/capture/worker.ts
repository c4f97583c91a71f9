// The worker that reads captures, so that the page need not. Knows how messages travel, and nothing of what they say.
import type { Progress } from '../../../broker/capture/index.ts';
import { Desk, type Request } from './desk.ts';

/** A request, with a number by which its answer is known. */
export interface Asked {
  id: number;
  request: Request;
}

/** What comes back. */
export type Back =
  | { kind: 'answer'; id: number; answer: unknown }
  | { kind: 'failed'; id: number; message: string }
  | { kind: 'progress'; progress: Progress };

const post = (back: Back): void => postMessage(back);
const desk = new Desk(
  (progress) => post({ kind: 'progress', progress }),
  () => new Promise((go) => setTimeout(go)),
);

self.addEventListener('message', ({ data: { id, request } }: MessageEvent<Asked>) => {
  desk.take(request).then(
    (answer) => post({ kind: 'answer', id, answer }),
    (error: unknown) => post({ kind: 'failed', id, message: String(error) }),
  );
});
