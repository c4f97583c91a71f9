/** The conversation of the packet that is open, as the stepper draws it. It knows which packets; the drawing is the stepper's. */
import { useMemo } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { SharedWords } from '../../i18n/shared.ts';
import type { Participant } from '../../lessons/scenario.ts';
import { Stage } from '../stepper/Stage.tsx';
import { drawSeen, type Seen } from '../stepper/seen.ts';
import type { DrawnTalk } from './open-capture.ts';
import { partyOf } from './phrases.ts';

interface Props {
  words: Pick<Dictionary, 'capture' | 'stepper'> & SharedWords;
  lang: string;
  drawn: DrawnTalk;
  /** The packet that is open. */
  opened: number;
  isReady: boolean;
  open(number: number): void;
}

export function Conversation({ words, lang, drawn, opened, isReady, open }: Props) {
  const { talk } = words.capture;
  const { participants, diagram } = useMemo(() => drawing(drawn, words.capture), [drawn, words]);
  const { before, after, packets } = drawn;
  const all = before + packets.length + after;
  return (
    <figure class="sx not-content talk" aria-label={talk.heading}>
      <figcaption class="lab">
        {talk.heading}
        {packets.length < all &&
          ` ${fill(talk.part as string, { first: before + 1, last: before + packets.length, all })}`}
      </figcaption>
      <Stage
        words={words}
        lang={lang}
        version={packets[0]?.version ?? 4}
        participants={participants}
        diagram={diagram}
        live={isReady}
        opened={opened}
        chosen={opened}
        open={open}
        maxHeight={420}
      />
    </figure>
  );
}

function drawing({ parties, packets, cutAt }: DrawnTalk, words: Dictionary['capture']) {
  const [client, broker] = parties.map((party) => partyOf(party, words)) as typeof parties;
  const name = (party: string) => (party === parties[1].name ? broker.name : party);
  const seen: Seen[] = packets.map(({ number, at, from, to, frame, version }) => {
    return { kind: 'packet', number, from: name(from), to: name(to), frame, version, at };
  });
  if (cutAt !== undefined) seen.push({ kind: 'cut', client: client.name, at: cutAt });
  const participants: Participant[] = [
    { name: client.name, role: client.role === 'unknown' || client.role === 'broker' ? 'both' : client.role },
    { name: broker.name, role: 'broker' },
  ];
  return { participants, diagram: drawSeen(seen, participants) };
}
