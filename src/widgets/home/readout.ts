// What the bytes of a packet say, part by part, each phrase tied to the field that it speaks of. Puts words from the
// dictionary together; knows the packets that a publication brings about, and no others.
import { PACKET_TYPES, type Packet } from '#broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import type { PacketPart } from '../../styles/parts.ts';
import type { Opened } from '../packet/opened.ts';
import { text } from './scene.ts';

/** A phrase about one field, and the value that it ends with as it is on the wire. */
export interface Phrase {
  /** The key of the field, as the opened packet has it. */
  key: string;
  text: string;
  value?: string;
}

export interface Line {
  part: PacketPart;
  phrases: Phrase[];
}

type Words = Dictionary['home']['parts'];

/** A packet in words, a line for each of its parts. */
export function readout(opened: Opened, words: Words, lang: string): Line[] {
  const { packet } = opened.dissection;
  if (packet === undefined) return [];
  const lines: Line[] = [
    { part: 'fixed', phrases: fixedHeader(opened, packet, words, lang) },
    { part: 'variable', phrases: variableHeader(opened, packet, words, lang) },
  ];
  if (packet.type === 'publish') lines.push({ part: 'payload', phrases: [message(packet.payload, words)] });
  return lines;
}

function fixedHeader({ byKey }: Opened, packet: Packet, words: Words, lang: string): Phrase[] {
  const count = Number(byKey.get('remainingLength')?.span.value);
  return [
    { key: 'headerFlags', text: typeAndFlags(packet, words) },
    { key: 'remainingLength', text: plural(words.follow, count, lang) },
  ];
}

function typeAndFlags(packet: Packet, words: Words): string {
  const row = PACKET_TYPES.find(({ type }) => type === packet.type);
  const type = row?.value ?? 0;
  if (packet.type === 'publish')
    return fill(packet.retain ? words.retained : words.publish, { type, qos: packet.qos });
  const flags = row?.flags ?? 0;
  return flags === 0
    ? fill(words.type, { type })
    : fill(words.flags, { type, flags: flags.toString(2).padStart(4, '0') });
}

function variableHeader({ byKey }: Opened, packet: Packet, words: Words, lang: string): Phrase[] {
  const phrases: Phrase[] = [];
  if (packet.type === 'publish') {
    const count = Number(byKey.get('topicLength')?.span.value);
    phrases.push({ key: 'topic', text: plural(words.topic, count, lang), value: packet.topic });
  }
  const id = byKey.get('packetId')?.span.value;
  if (id !== undefined) phrases.push({ key: 'packetId', text: fill(words.id, { id: String(id) }) });
  return phrases;
}

function message(payload: Uint8Array, words: Words): Phrase {
  if (payload.length === 0) return { key: 'message', text: words.empty };
  return { key: 'message', text: words.message, value: text(payload) };
}
