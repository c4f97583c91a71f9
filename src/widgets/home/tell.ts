// A moment in a sentence or two: what arrived, who asked for it, where the copies are. Puts words from the dictionary
// together; everything it says is in the scene.
import { type Flight, packetName } from '#broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { PUBLISHER } from './room.ts';
import { flightsOf, type Scene, typeOf } from './scene.ts';
import type { Verdict } from './verdict.ts';

type Words = Dictionary['home'];

/** How things stand. */
export function status(scene: Scene, { status: words }: Words, lang: string): string {
  const [publication] = scene.sent;
  if (publication === undefined) return words.idle;
  if (scene.topic === undefined) return fill(words.sent, { client: PUBLISHER });
  const { arrived } = scene;
  const parts =
    arrived && typeOf(arrived) !== 'publish'
      ? handshake(scene, arrived, words, lang)
      : passage(scene, words, lang);
  return parts.filter((part) => part !== '').join(' ');
}

/** The publication's own way: who asked for it, and where its copies are. */
function passage(scene: Scene, words: Words['status'], lang: string): string[] {
  const matched = scene.subscribers.filter(({ verdict }) => verdict?.kind === 'matches').length;
  const count = scene.subscribers.length;
  const isNews = scene.arrived === scene.sent[0];
  if (scene.isRefused) return [words.arrived, words.refused];
  return [
    words.arrived,
    matched === 0 ? words.unmatched : plural(words.matched, count, lang, { matched }),
    isNews && scene.retained ? words.retained[scene.retained] : '',
    copies(scene, words, lang),
  ];
}

function copies({ subscribers }: Scene, words: Words['status'], lang: string): string {
  const named = (state: 'got' | 'on its way') =>
    subscribers.filter((each) => each.state === state).map(({ name }) => name);
  const [got, flying] = [named('got'), named('on its way')];
  const list = new Intl.ListFormat(lang);
  if (flying.length === 0) return got.length === 0 ? '' : fill(words.delivered, { names: list.format(got) });
  const names = list.format(flying);
  if (got.length === 0) return plural(words.flying, flying.length, lang, { names });
  return plural(words.both, flying.length, lang, { names, delivered: list.format(got) });
}

/** What an acknowledgement means to whom it reached, and what is still under way. */
function handshake(scene: Scene, arrived: Flight, words: Words['status'], lang: string): string[] {
  const left = flightsOf(scene).filter(({ state }) => state === 'in flight').length;
  return [answer(arrived, words), left === 0 ? words.done : plural(words.left, left, lang)];
}

function answer(arrived: Flight, words: Words['status']): string {
  const type = typeOf(arrived);
  if (!(type in words.answers)) return '';
  const name = (party: string) => (party === 'broker' ? words.broker : party);
  const phrase = words.answers[type as keyof Words['status']['answers']];
  return fill(phrase, { from: name(arrived.from), to: name(arrived.to) });
}

/** `opened: PUBLISH from p1, 22 bytes`. */
export function openedText(flight: Flight | undefined, { broker: { opened } }: Words): string {
  if (flight === undefined) return opened.nothing;
  const { client, frame, from } = flight;
  const phrase = from === client ? opened.from : opened.to;
  return fill(phrase, { packet: packetName(typeOf(flight)), client, count: frame.length });
}

/** `differs at level 1`. */
export function verdictText({ kind, level, pieces }: Verdict, { filters }: Words): string {
  switch (kind) {
    case 'matches':
      return filters.matches;
    case 'differs':
    case 'topic ends':
    case 'filter ends':
      return fill(filters[kind], { level });
    case 'wildcard':
      return fill(filters.wildcard, { wildcard: pieces[1] });
    default:
      return kind satisfies never;
  }
}
