// What the playground shows, in the address of the page behind its `#`: the version, the bytes, and which of several packets is
// open. Short packets are written in digits, so that one can read them there; long ones are made short. Knows how that is
// written; knows nothing of the browser.
import { VERSION_NAMES, type Version } from '#broker/codec/index.ts';
import { hexBytes, parseHex } from '../packet/hex.ts';
import { squeeze, unfold } from '../squeeze.ts';

export interface Linked {
  version: Version;
  /** All packets, one behind the other. */
  bytes: Uint8Array;
  /** Which of them is open, counted from 0. */
  open: number;
}

/** Longer packets are made short, and addresses no longer than this. */
const MOST_DIGITS = 1024;
const LONGEST = 60_000;

/** The part of an address behind `#`; undefined where it would be too long. */
export async function toAddress({ version, bytes, open }: Linked): Promise<string | undefined> {
  const digits = hexBytes(bytes).replaceAll(' ', '');
  const content = bytes.length <= MOST_DIGITS ? digits : `~${await squeeze(digits)}`;
  const address = `#packet=${VERSION_NAMES[version]}:${content}${open > 0 ? `:${open + 1}` : ''}`;
  return address.length <= LONGEST ? address : undefined;
}

/** Reads what `toAddress` wrote: undefined where nothing of that kind is there, `damaged` where it cannot be read. */
export async function fromAddress(fragment: string): Promise<Linked | 'damaged' | undefined> {
  if (!fragment.startsWith('#packet=')) return undefined;
  const [name, content = '', number = '1'] = decoded(fragment.slice('#packet='.length)).split(':');
  const version = ([3, 4, 5] as const).find((each) => VERSION_NAMES[each] === name);
  const digits = content.startsWith('~') ? await unfold(content.slice(1)) : content;
  const bytes = digits ? parseHex(digits) : undefined;
  const isRead = version !== undefined && bytes !== undefined && /^[1-9]\d{0,5}$/.test(number);
  return isRead ? { version, bytes, open: Number(number) - 1 } : 'damaged';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
