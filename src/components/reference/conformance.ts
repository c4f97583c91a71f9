/**
 * Every numbered statement, by section, with what is known of it: which tests hold somebody to it, and which lines of the
 * broker decide it. It joins the statements with what `coverage.ts` finds, and judges nothing.
 */
import { type Coverage, coverage, type Texts } from './coverage.ts';
import { STANDARDS, type Standard, type Statement, statementsOf } from './standards.ts';

export { STANDARDS, type Standard };

/** A statement, and what is known of it. */
export interface Row extends Pick<Statement, 'id' | 'summary' | 'binds'>, Coverage {}

/** The statements of one section of a standard. */
export interface Section {
  number: string;
  title: string;
  rows: Row[];
}

/** All statements of both standards, by section. In: the sources of `broker/`, and of the tests. */
export function sections(broker: Texts, tests: Texts): Record<Standard, Section[]> {
  const report = coverage(broker, tests);
  const of = (version: Standard): Section[] => {
    const found = new Map<string, Section>();
    for (const { id, section, summary, binds } of statementsOf(version)) {
      const here = found.get(section.number) ?? { ...section, rows: [] };
      found.set(section.number, here);
      here.rows.push({ id, summary, binds, ...(report[version][id] ?? { tests: [], code: [] }) });
    }
    return [...found.values()];
  };
  return { '3.1.1': of('3.1.1'), '5.0': of('5.0') };
}
