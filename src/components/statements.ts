/**
 * The numbered statements of the two standards, in our own words. It finds one by version and id and knows nothing
 * of how it is shown. The same id means different things in the two versions.
 */
import v3 from '../data/spec/mqtt-3.1.1.json';
import v5 from '../data/spec/mqtt-5.0.json';

/** A version of the protocol whose statements are known. */
export type Version = '3.1.1' | '5.0';

const statements = { '3.1.1': v3, '5.0': v5 } as const;

/** A numbered statement: its id, its section, whom it binds, and what it says. */
export interface Statement {
  readonly id: string;
  readonly version: Version;
  readonly section: { readonly number: string; readonly title: string };
  readonly binds: 'server' | 'client' | 'both';
  readonly summary: string;
}

/** Finds a statement. Throws where the version has none with this id. */
export function statement(version: Version, id: string): Statement {
  const found = statements[version].find((each) => each.id === id);
  if (!found) throw new Error(`MQTT ${version} has no statement ${id}`);
  return { ...found, version, binds: found.binds as Statement['binds'] };
}
