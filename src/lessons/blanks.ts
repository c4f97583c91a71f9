// Bytes of a packet that are filled in by hand: which are still blank, and whether the packet can be read with them. Knows no
// answer.
import { type Dissection, dissect, type Version } from '../../broker/codec/index.ts';

/** Why bytes that were filled in are not looked at any further. */
export type Unread =
  /** Bytes that are still blank. */
  | { is: 'blank'; offsets: number[] }
  /** The decoder does not take the packet. */
  | { is: 'fault'; offset: number; message: string };

/**
 * Reads a packet with what was typed into its blank bytes.
 * @param blanks the places of the blank bytes
 * @param typed pairs of digits, by their places
 */
export function readFilled(
  { bytes, blanks }: { bytes: Uint8Array; blanks: readonly number[] },
  version: Version,
  typed: ReadonlyMap<number, string>,
): Unread | { is: 'read'; bytes: Uint8Array; spans: Dissection['spans'] } {
  const isTyped = (offset: number) => /^[0-9A-F]{2}$/i.test(typed.get(offset) ?? '');
  const offsets = blanks.filter((offset) => !isTyped(offset));
  if (offsets.length > 0) return { is: 'blank', offsets };
  const filled = bytes.map((byte, offset) =>
    blanks.includes(offset) ? Number.parseInt(typed.get(offset) ?? '', 16) : byte,
  );
  const { spans, fault } = dissect(filled, version);
  if (fault !== undefined) return { is: 'fault', offset: fault.offset, message: fault.message };
  return { is: 'read', bytes: filled, spans };
}
