// The page's end of the worker: asks, and is answered in promises. Ending it is how reading is cancelled: the worker goes, with
// all that it holds. Knows messages; nothing of what they say.
import type { Progress } from '../../../broker/capture/index.ts';
import type { Answers, Request } from './desk.ts';
import type { Asked, Back } from './worker.ts';

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

export class Reader {
  /** Is told how far reading has come. */
  onProgress: ((progress: Progress) => void) | undefined;
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Back>) => this.#receive(data));
    // A worker that cannot even be loaded, or that has no memory left.
    this.#worker.addEventListener('error', (event) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message || 'worker'));
      this.#waiting.clear();
    });
  }

  /** Asks the worker. What is not answered when the reader is ended never is. */
  ask<Do extends Request['do']>(request: Request & { do: Do }): Promise<Answers[Do]> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as Answers[Do]), reject });
      this.#worker.postMessage({ id, request } satisfies Asked);
    });
  }

  end(): void {
    this.#worker.terminate();
    this.#waiting.clear();
  }

  #receive(back: Back): void {
    if (back.kind === 'progress') return this.onProgress?.(back.progress);
    const waiting = this.#waiting.get(back.id);
    this.#waiting.delete(back.id);
    if (back.kind === 'answer') waiting?.resolve(back.answer);
    else waiting?.reject(new Error(back.message));
  }
}
