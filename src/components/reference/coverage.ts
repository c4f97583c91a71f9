// Which statement is held by which tests, and decided by which lines: read from the names of the tests and from the marks in
// `broker/`. Knows the two notations of a mark and nothing of what a test does.
//
//   [MQTT-3.1.0-2]          a statement of both standards
//   [v5 MQTT-3.2.0-2]       one of 5.0 alone; `v5 [MQTT-3.2.0-2]` says the same of all that follows on its line
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { REASONS_NOT_TO } from './reasons.ts';

export type Standard = '3.1.1' | '5.0';

export interface Statement {
  id: string;
  version: Standard;
  binds: 'server' | 'client' | 'both';
  summary: string;
}

export interface Mark {
  version: Standard;
  id: string;
}

/** What there is to say of one statement. */
export interface Coverage {
  tests: { file: string; title: string }[];
  /** Places in `broker/`, as `file:line`. */
  decidedAt: string[];
  /** Why there is no test. */
  why?: string;
}

export type Report = Record<Standard, Record<string, Coverage>>;

/** Whose tests count: those that run the engine itself. */
const TESTS = ['conformance', 'node', 'server', 'session', 'sim', 'topics'];

const STANDARDS: readonly Standard[] = ['3.1.1', '5.0'];
const OF_MARK: Record<string, readonly Standard[]> = { '': STANDARDS, v3: ['3.1.1'], v5: ['5.0'] };

/** All numbered statements of a standard. */
export function statementsOf(version: Standard): Statement[] {
  return JSON.parse(readFileSync(`src/data/spec/mqtt-${version}.json`, 'utf8'));
}

/** The marks in one line of text. A bracket without a version has that of the brackets before it on the line, if they had one outside. */
export function marksIn(text: string): Mark[] {
  const marks: Mark[] = [];
  let outside = '';
  for (const [, before = '', inside, ids = ''] of text.matchAll(
    /(?:\b(v[35]) )?\[(?:(v[35]) )?(MQTT-[^\]]*)\]/g,
  )) {
    if (before !== '') outside = before;
    for (const version of OF_MARK[inside ?? outside] as readonly Standard[]) {
      for (const [id] of ids.matchAll(/MQTT-[\d.]+-\d+/g)) marks.push({ version, id });
    }
  }
  return marks;
}

/** The marks in a row of a table in the code, such as `v3: 'MQTT-2.2.2-2'` or `both('MQTT-3.1.2-1')`. */
function marksInRow(text: string): Mark[] {
  const rows = text.matchAll(/(?:\b(v[35]): |\bboth\()'(MQTT-[\d.]+-\d+)'/g);
  return [...rows].flatMap(([, version = '', id = '']) =>
    (OF_MARK[version] as readonly Standard[]).map((each) => ({ version: each, id })),
  );
}

/** Every place in `broker/` that is marked with a statement, as `file:line`. */
function decisions(): (Mark & { place: string })[] {
  return filesIn('broker', '.ts').flatMap((file) =>
    linesOf(file).flatMap((line, index) =>
      [...marksIn(line), ...marksInRow(line)].map((mark) => ({ ...mark, place: `${file}:${index + 1}` })),
    ),
  );
}

/** Every text in the tests that is marked with a statement: titles, and what titles are made of. */
function titles(): (Mark & { file: string; title: string })[] {
  const files = TESTS.flatMap((folder) => filesIn(`test/${folder}`, '.test.ts'));
  return files.flatMap((file) =>
    literalsOf(file).flatMap((text) => {
      const title = text.replace(/ ?\[(?:v[35] )?MQTT-[^\]]*\]/g, '');
      return marksIn(text).map((mark) => ({ ...mark, file, title }));
    }),
  );
}

function literalsOf(file: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node))
      texts.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return texts.filter((text) => text.includes('[') && marksIn(text).length > 0);
}

/** Marks that name no statement, with where they stand. */
export function strangers(): string[] {
  const known = new Set(
    STANDARDS.flatMap((version) => statementsOf(version).map(({ id }) => `${version} ${id}`)),
  );
  const all = [
    ...decisions().map(({ place, ...mark }) => ({ ...mark, where: place })),
    ...titles().map(({ file, ...mark }) => ({ ...mark, where: file })),
  ];
  return all
    .filter(({ version, id }) => !known.has(`${version} ${id}`))
    .map(({ version, id, where }) => `${where}: ${version} ${id}`);
}

/** What is known of every statement. The same sources give the same report. */
export function coverage(): Report {
  const [tests, places] = [titles(), decisions()];
  const entry = (version: Standard, id: string): [string, Coverage] => {
    const isSame = (mark: Mark) => mark.version === version && mark.id === id;
    const why = REASONS_NOT_TO[version][id];
    const found = tests.filter(isSame).map(({ file, title }) => ({ file, title }));
    const decidedAt = [...new Set(places.filter(isSame).map(({ place }) => place))];
    return [id, { tests: unique(found), decidedAt, ...(why !== undefined && { why }) }];
  };
  const of = (version: Standard) =>
    Object.fromEntries(statementsOf(version).map(({ id }) => entry(version, id)));
  return { '3.1.1': of('3.1.1'), '5.0': of('5.0') };
}

function unique(tests: Coverage['tests']): Coverage['tests'] {
  return [...new Map(tests.map((one) => [JSON.stringify(one), one])).values()];
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .sort();
}

function linesOf(file: string): string[] {
  return readFileSync(join(file), 'utf8').split('\n');
}
