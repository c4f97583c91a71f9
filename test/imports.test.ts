/**
 * Which folder may import which. This reads `broker/` and `src/` as text: it knows nothing of what is imported, only
 * from where to where.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const protocol = ['broker/codec', 'broker/session', 'broker/topics'];
const engine = [...protocol, 'broker/server', 'broker/client', 'broker/sim', 'broker/capture'];

/** What a folder may import besides itself. `npm` is any package, `node` what comes with Node. */
const allowed: Record<string, string[]> = {
  'broker/codec': [],
  'broker/session': ['broker/codec'],
  'broker/topics': ['broker/codec', 'broker/session'],
  'broker/server': protocol,
  'broker/client': protocol,
  'broker/sim': [...protocol, 'broker/server', 'broker/client'],
  'broker/capture': ['broker/codec', 'broker/session'],
  broker: engine,
  'broker/node': ['broker', ...engine, 'npm', 'node'],
  'src/integrations': ['src', 'broker', 'broker/node', ...engine, 'npm', 'node'],
  src: ['src', 'broker', ...engine, 'npm'],
};

interface Import {
  file: string;
  from: string;
  to: string;
}

test('folders import only what the table allows', () => {
  expect(imports().filter((found) => !isAllowed(found))).toEqual([]);
});

test('no folder imports its way back to itself', () => {
  expect(cycles(imports())).toEqual([]);
});

test('every form of import is seen', () => {
  const forms = `
    import { a } from './a.ts';
    import type { B } from '../session/b.ts';
    import 'c';
    export * from '#broker/topics/d.ts';
    type E = import('node:e').E;
    const f = await import('../../src/lessons/f.ts');
    // import { g } from 'g';
  `;
  const to = importsOf('broker/codec/packet.ts', forms).map((found) => found.to);
  expect(to).toEqual(['broker/codec', 'broker/session', 'npm', 'broker/topics', 'node', 'src/lessons']);
});

test('a wrong direction and a cycle are found', () => {
  const up: Import = { file: 'broker/codec/packet.ts', from: 'broker/codec', to: 'broker/session' };
  const down: Import = { file: 'broker/session/link.ts', from: 'broker/session', to: 'broker/codec' };
  expect([up, down].map(isAllowed)).toEqual([false, true]);
  expect(cycles([up, down])).toEqual(['broker/codec', 'broker/session']);
});

function imports(): Import[] {
  return ['broker', 'src'].flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx|mjs|astro|mdx)$/.test(name))
      .map((name) => posix.join(top, name.replaceAll('\\', '/')))
      .flatMap((file) => importsOf(file, readFileSync(file, 'utf8'))),
  );
}

function importsOf(file: string, text: string): Import[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => ({ file, from: folder(file), to: target(file, fileName) }));
}

function target(file: string, name: string): string {
  if (name.startsWith('.')) return folder(posix.join(posix.dirname(file), name));
  if (name.startsWith('#')) return folder(name.slice(1));
  return name.startsWith('node:') ? 'node' : 'npm';
}

/** `broker/codec/packet.ts` lies in `broker/codec`, `broker/index.ts` in `broker`. */
function folder(file: string): string {
  return file.split('/').slice(0, -1).slice(0, 2).join('/');
}

function isAllowed({ from, to }: Import): boolean {
  // The folders of the site share one row, but for the one that runs in Node.
  const row = (name: string) => (name.startsWith('src/') && !(name in allowed) ? 'src' : name);
  return from === to || (allowed[row(from)]?.includes(row(to)) ?? false);
}

/** The folders from which a way leads back to them. */
function cycles(all: Import[]): string[] {
  const reachable = (start: string, seen = new Set<string>()): Set<string> => {
    for (const { from, to } of all) {
      if (from !== start || from === to || seen.has(to)) continue;
      seen.add(to);
      reachable(to, seen);
    }
    return seen;
  };
  const folders = new Set(all.map(({ from }) => from));
  return [...folders].filter((name) => reachable(name).has(name)).sort();
}
