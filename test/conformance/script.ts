// Scripts of the conformance suite: each test runs for every version it is about, over every transport, and is named with
// the statements that it holds the broker to. `[MQTT-3.1.0-2]` is a statement of both standards, `[v3 …]` one of 3.1.1 alone
// and `[v5 …]` one of 5.0 alone.
import { describe, test } from 'vitest';
import { VERSION_NAMES, type Version } from '#broker/codec/index.ts';
import { type Open, transports } from '../transport.ts';

/** What the body of a script works with. */
export interface Edition {
  version: Version;
  isV5: boolean;
  open: Open;
  transport: string;
  /** Declares a test; its name keeps the statements of this version. */
  rule(title: string, run: () => Promise<void>): void;
}

/**
 * Declares a script.
 * @param body is called for each version and transport
 */
export function script(title: string, versions: readonly Version[], body: (edition: Edition) => void): void {
  for (const version of versions) {
    transports.each(`${title} in MQTT ${VERSION_NAMES[version]}`, (open, transport) => {
      body({
        version,
        isV5: version === 5,
        open,
        transport,
        rule: (name, run) => test(titleIn(version, name), run),
      });
    });
  }
}

/** The same for the client, which is tested in memory alone. */
export function clientScript(
  title: string,
  versions: readonly Version[],
  body: (edition: Pick<Edition, 'version' | 'isV5'> & { rule(title: string, run: () => void): void }) => void,
): void {
  for (const version of versions) {
    describe(`${title} in MQTT ${VERSION_NAMES[version]}`, () => {
      body({ version, isV5: version === 5, rule: (name, run) => test(titleIn(version, name), run) });
    });
  }
}

/** The title with the statements of one version: those of the other are taken out, and so are the marks. */
function titleIn(version: Version, title: string): string {
  const other = version === 5 ? 'v3' : 'v5';
  return title.replace(new RegExp(` \\[${other} [^\\]]*\\]`, 'g'), '').replace(/\[v[35] /g, '[');
}
