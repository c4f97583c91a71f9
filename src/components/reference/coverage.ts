// Which statement is held by which tests, and decided by which lines: read from the names of the tests and from the marks in
// `broker/`. Knows the two notations of a mark and nothing of what a test does; the texts are handed in.
//
//   [MQTT-3.1.0-2]          a statement of both standards
//   [v5 MQTT-3.2.0-2]       one of 5.0 alone; `v5 [MQTT-3.2.0-2]` says the same of all that follows on its line
import { REASONS_NOT_TO } from './reasons.ts';
import { STANDARDS, type Standard, statementsOf } from './standards.ts';

export interface Mark {
  version: Standard;
  id: string;
}

/** What there is to say of one statement. */
export interface Coverage {
  tests: { file: string; title: string }[];
  /** The lines of the broker that decide it. */
  code: CodeLine[];
  /** Why there is no test. */
  why?: string;
}

/** A line of the broker's code. */
export interface CodeLine {
  /** `broker/server/connection.ts:309` */
  place: string;
  text: string;
}

export type Report = Record<Standard, Record<string, Coverage>>;

/** Files by their paths from the project's root. */
export type Texts = Readonly<Record<string, string>>;

/** Whose tests count: those that run the engine itself. */
const TESTS = /^test\/(conformance|node|server|session|sim|topics)\/.*\.test\.ts$/;

const OF_MARK: Record<string, readonly Standard[]> = { '': STANDARDS, v3: ['3.1.1'], v5: ['5.0'] };

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

/** Every line of the broker that is marked with a statement. */
function decisions(broker: Texts): (Mark & { line: CodeLine })[] {
  return Object.entries(broker).flatMap(([file, source]) =>
    source.split('\n').flatMap((text, index) => {
      const line = { place: `${file}:${index + 1}`, text: text.trim() };
      return [...marksIn(text), ...marksInRow(text)].map((mark) => ({ ...mark, line }));
    }),
  );
}

/** Every text in the tests that is marked with a statement: titles, and what titles are made of. */
function titles(tests: Texts): (Mark & { file: string; title: string })[] {
  const counting = Object.entries(tests).filter(([file]) => TESTS.test(file));
  return counting.flatMap(([file, source]) =>
    literalsIn(source).flatMap((text) => {
      const title = text.replace(/ ?\[(?:v[35] )?MQTT-[^\]]*\]/g, '').replace(/\$\{[^}]*\}/g, '…');
      return marksIn(text).map((mark) => ({ ...mark, file, title }));
    }),
  );
}

/** The strings of a source that have a mark in them. */
function literalsIn(source: string): string[] {
  const literals = source.matchAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g);
  return [...literals].map(([text]) => text.slice(1, -1)).filter((text) => marksIn(text).length > 0);
}

/** Marks that name no statement, with where they stand. */
export function strangers(broker: Texts, tests: Texts): string[] {
  const known = new Set(
    STANDARDS.flatMap((version) => statementsOf(version).map(({ id }) => `${version} ${id}`)),
  );
  const all = [
    ...decisions(broker).map(({ line, ...mark }) => ({ ...mark, where: line.place })),
    ...titles(tests).map(({ file, ...mark }) => ({ ...mark, where: file })),
  ];
  return all
    .filter(({ version, id }) => !known.has(`${version} ${id}`))
    .map(({ version, id, where }) => `${where}: ${version} ${id}`);
}

/** What is known of every statement. In: the sources of `broker/`, and of the tests. */
export function coverage(broker: Texts, tests: Texts): Report {
  const [held, decided] = [titles(tests), decisions(broker)];
  const entry = (version: Standard, id: string): [string, Coverage] => {
    const isSame = (mark: Mark) => mark.version === version && mark.id === id;
    const why = REASONS_NOT_TO[version][id];
    const found = held.filter(isSame).map(({ file, title }) => ({ file, title }));
    const code = decided.filter(isSame).map(({ line }) => line);
    return [id, { tests: unique(found), code: unique(code), ...(why !== undefined && { why }) }];
  };
  const of = (version: Standard) =>
    Object.fromEntries(statementsOf(version).map(({ id }) => entry(version, id)));
  return { '3.1.1': of('3.1.1'), '5.0': of('5.0') };
}

function unique<Entry>(entries: Entry[]): Entry[] {
  return [...new Map(entries.map((one) => [JSON.stringify(one), one])).values()];
}
