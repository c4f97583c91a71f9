// A tool on this machine, run within the test: its words and its input go in, what it prints and how it ends come out.
import { Readable, Writable } from 'node:stream';
import { pub } from '#broker/client/tools/pub.ts';
import { rr } from '#broker/client/tools/rr.ts';
import { sub } from '#broker/client/tools/sub.ts';
import { runHere } from '#broker/node/tools.ts';

const TOOLS = { pub, sub, rr } as const;

export interface Outcome {
  code: number | null;
  output: string;
  complaints: string;
}

/** Runs one of our tools to its end. */
export async function ours(tool: keyof typeof TOOLS, words: readonly string[], typed = ''): Promise<Outcome> {
  const [output, complaints] = [new Paper(), new Paper()];
  const code = await runHere(TOOLS[tool], words, {
    input: Readable.from([Buffer.from(typed)]),
    output,
    complaints,
  });
  return { code, output: output.text, complaints: complaints.text };
}

/** Keeps what is written on it. */
class Paper extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  get text(): string {
    return String(Buffer.concat(this.#chunks));
  }
}
