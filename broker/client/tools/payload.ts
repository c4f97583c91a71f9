// What is to be sent, fetched before anything is: words of the command line, a file, or the whole input. Knows the words of
// complaint.
import { utf8 } from '../../codec/index.ts';
import { Problem } from './complaint.ts';
import type { ToolHost } from './host.ts';
import type { Source } from './settings.ts';

/** @throws Problem if there is nothing to be read */
export async function payloadOf(source: Source | undefined, host: ToolHost): Promise<Uint8Array> {
  switch (source?.from) {
    case 'words':
      return utf8(source.text);
    case 'file':
      return readFile(source.path, host);
    case 'input':
      return readInput(host);
    case 'nothing':
    case 'lines':
    case undefined:
      return new Uint8Array();
    default:
      return source satisfies never;
  }
}

async function readFile(path: string, host: ToolHost): Promise<Uint8Array> {
  try {
    return await host.read(path);
  } catch {
    throw new Problem(`Error: Unable to open file "${path}".\nError loading input file "${path}".`);
  }
}

async function readInput(host: ToolHost): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of host.input()) pieces.push(piece);
  const all = joined(pieces);
  if (all.length === 0) throw new Problem('Error: Zero length input.\nError loading input from stdin.');
  return all;
}

const LINE_END = 0x0a;

/** The lines of the input, without their ends. What stands behind the last end is a line, unless it is nothing. */
export async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let begun: Uint8Array[] = [];
  for await (const piece of input) {
    let start = 0;
    for (let end = piece.indexOf(LINE_END); end !== -1; end = piece.indexOf(LINE_END, start)) {
      yield joined([...begun, piece.subarray(start, end)]);
      begun = [];
      start = end + 1;
    }
    begun.push(piece.slice(start));
  }
  const last = joined(begun);
  if (last.length > 0) yield last;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
