/** The numbered statements of the two standards, as data. */
import v3 from '../../data/spec/mqtt-3.1.1.json';
import v5 from '../../data/spec/mqtt-5.0.json';

/** The two standards that number their statements. */
export const STANDARDS = ['3.1.1', '5.0'] as const;
export type Standard = (typeof STANDARDS)[number];

export interface Statement {
  id: string;
  section: { number: string; title: string };
  binds: 'server' | 'client' | 'both';
  summary: string;
}

const STATEMENTS = { '3.1.1': v3, '5.0': v5 } as const;

/** All numbered statements of a standard, in the order of its sections. */
export function statementsOf(version: Standard): readonly Statement[] {
  return STATEMENTS[version] as readonly Statement[];
}
