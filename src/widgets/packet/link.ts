// A packet in the address of the page, behind its `#`: the packet's name, the version, the bytes, and what was pinned.
// Knows how that is written; knows nothing of the browser.
import { VERSION_NAMES, type Version } from '#broker/codec/index.ts';
import { hexBytes, parseHex } from './hex.ts';

/** Longer packets do not go into an address. */
export const MAX_LINKED = 1024;

export interface Linked {
  version: Version;
  bytes: Uint8Array;
  key?: string | undefined;
}

/** The fragment for a packet: `#figure=3.1.1:3000…:qos`. */
export function toFragment(name: string, { version, bytes, key }: Linked): string {
  const digits = hexBytes(bytes).replaceAll(' ', '');
  return `#${name}=${VERSION_NAMES[version]}:${digits}${key ? `:${key}` : ''}`;
}

/** Reads the packet of that name from a fragment; undefined where there is none, or it is damaged. */
export function fromFragment(name: string, fragment: string): Linked | undefined {
  if (!fragment.startsWith(`#${name}=`)) return undefined;
  const [number = '', digits = '', ...key] = decodeURIComponent(fragment.slice(name.length + 2)).split(':');
  const version = ([3, 4, 5] as const).find((each) => VERSION_NAMES[each] === number);
  const bytes = parseHex(digits);
  if (version === undefined || bytes === undefined || bytes.length > MAX_LINKED) return undefined;
  return { version, bytes, key: key.join(':') || undefined };
}
