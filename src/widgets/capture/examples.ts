// The captures that the site has, for the server: where they are served, and one of them read as the page's worker reads it.
// Knows their folder; chooses none.
import { readCapture } from '../../../broker/capture/index.ts';
import type { Version } from '../../../broker/codec/index.ts';
import { Desk } from './desk.ts';
import type { Example, First } from './viewer.ts';

const FILES = import.meta.glob<string>('../../../content/captures/*', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});

/** The same as `data:` addresses: the server reads them where no file can be fetched. */
const BYTES = import.meta.glob<string>('../../../content/captures/*', {
  query: '?url&inline',
  import: 'default',
});

const FOLDER = '../../../content/captures/';

/** A packet of a capture. */
interface Real {
  hex: string;
  version: Version;
}

/** All captures, by name. */
export const EXAMPLES: readonly Example[] = Object.keys(FILES)
  .filter((path) => path.endsWith('.pcapng'))
  .map((path) => ({
    name: path.slice(FOLDER.length),
    url: FILES[path] as string,
    keyLog: FILES[path.replace(/\.pcapng$/, '.keylog')],
  }));

/** One of them. */
export function exampleOf(name: string): Example {
  const example = EXAMPLES.find((one) => one.name === name);
  if (example === undefined) throw new RangeError(`There is no capture ${name}`);
  return example;
}

/** The packets of all captures that are not hidden by TLS, as they can be written into a page. */
export async function packetsOf(isWanted: (bytes: Uint8Array) => boolean): Promise<Real[]> {
  const found = new Map<string, Real>();
  for (const { name } of EXAMPLES) {
    const bytes = new Uint8Array(await (await blobOf(FOLDER + name)).arrayBuffer());
    const { packets } = await readCapture(() => [bytes]);
    for (const packet of packets) {
      const hex = Array.from(packet.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
      if (isWanted(packet.bytes)) found.set(`${packet.version} ${hex}`, { hex, version: packet.version });
    }
  }
  return [...found.values()];
}

/**
 * Reads a capture of the site.
 * @param frame of the packet to open; the first packet that the filter lets through where there is none
 */
export async function firstOf(name: string, filter: string, frame?: number): Promise<First> {
  const desk = new Desk(
    () => {},
    async () => {},
  );
  const path = FOLDER + name;
  const keyLog = path.replace(/\.pcapng$/, '.keylog');
  const keyLogs = BYTES[keyLog] === undefined ? [] : [await (await blobOf(keyLog)).text()];
  const read = await desk.take({ do: 'read', file: await blobOf(path), keyLogs, ports: [], filter });
  const row =
    frame === undefined ? read.listing.rows[0] : read.listing.rows.find((one) => one.frame === frame);
  return { read, opened: row && (await desk.take({ do: 'open', number: row.number })) };
}

async function blobOf(path: string): Promise<Blob> {
  const load = BYTES[path];
  if (load === undefined) throw new RangeError(`There is no capture ${path}`);
  return (await fetch(await load())).blob();
}
