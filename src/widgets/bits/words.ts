// What the byte of switches says of a first byte. Puts words from the dictionary together; decides nothing about the byte.
import { PACKET_TYPES, packetName } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { FirstByte } from '../../lessons/fixed-header.ts';

export type BitsWords = Pick<Dictionary, 'bits' | 'packet' | 'fields'>;

/** The name of what a first byte begins. */
export function nameOf({ type }: FirstByte, { bits }: BitsWords): string {
  return type === undefined ? bits.reserved : packetName(type);
}

/** Four flags, as bits. */
export function flagsText(flags: number): string {
  return flags.toString(2).padStart(4, '0');
}

/** What a receiver reads in the flags of an allowed byte, in one line. */
export function flagsSay(read: FirstByte, words: BitsWords): string {
  const { bits } = words;
  const row = PACKET_TYPES.find(({ type }) => type === read.type);
  if (row?.flags !== undefined)
    return fill(bits.fixed as string, { name: row.name, flags: flagsText(row.flags) });
  return `${facts(read, words)}.`;
}

/** DUP, QoS and RETAIN of a PUBLISH in words. */
function facts({ bits: spans }: FirstByte, { bits }: BitsWords): string {
  const value = (field: string) => Number(spans.find((span) => span.field === field)?.value ?? 0);
  return fill(bits.facts as string, {
    dup: value('dup') ? bits.again : bits.first,
    qos: value('qos'),
    retain: value('retain') ? bits.retained : bits.notRetained,
  });
}

/** What turning a bit over would make of the byte. */
export function outcome(bit: number, before: FirstByte, after: FirstByte, words: BitsWords): string {
  const { bits } = words;
  if (after.fault) return fill(bits.wouldFault as string, { bit, fault: after.fault.message });
  const name = nameOf(after, words);
  if (after.type !== before.type || after.type !== 'publish')
    return fill(bits.would as string, { bit, name });
  return fill(bits.wouldFlags as string, { bit, name, facts: facts(after, words) });
}
