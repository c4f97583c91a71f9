// What the viewer says, put together from the dictionary's phrases. Knows the pieces; no screen.
import { type PacketType, packetName, VERSION_NAMES } from '../../../broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import type { Party } from '../packet/Who.tsx';
import type { Told } from './desk.ts';
import type { Summary, Talk } from './open-capture.ts';
import type { Said } from './says.ts';

type Words = Dictionary['capture'];

/** What a packet says, in one line. */
export function saysText(says: readonly Said[], words: Words): string {
  return says.map(({ what, values }) => fill(words.says[what] as string, values)).join(', ');
}

export function typeText(type: PacketType | undefined, words: Words): string {
  return type === undefined ? words.list.notPacket : packetName(type);
}

/** A party, with the broker called what it is called in the page's language. */
export function partyOf(party: Party, words: Words): Party {
  return party.role === 'broker' ? { ...party, name: words.broker } : party;
}

/** How much there is in a capture. */
export function countsText({ packets, frames, talks }: Summary, words: Words, lang: string): string {
  return fill(words.counts as string, {
    packets: plural(words.packets, packets, lang),
    frames: plural(words.frames, frames, lang),
    connections: plural(words.connections, talks.filter(({ isMqtt }) => isMqtt).length, lang),
  });
}

/** What is wrong with a filter. */
export function faultText({ id, found }: Told, words: Words): string {
  return fill(words.filter.fault[id] as string, { found });
}

/** What a connection carries. */
export function carriedText(talk: Talk, words: Words, lang: string): string {
  const { talks } = words;
  const layers = talk.wrappings.map((wrapping) => talks[wrapping]);
  const suite = talk.suite === undefined ? [] : [talk.suite];
  const phrase = talk.isVersionKnown ? talks.mqtt : talks.guessed;
  const mqtt = fill(phrase, { version: VERSION_NAMES[talk.version] });
  const content = talk.packets > 0 ? mqtt : plural(talks.hidden, talk.records, lang);
  return [content, ...layers, ...suite].join(', ');
}

/** How a connection ended. */
export function endText({ closed }: Talk, { talks }: Words): string {
  return closed === undefined ? talks.open : talks[closed.how][closed.by];
}
