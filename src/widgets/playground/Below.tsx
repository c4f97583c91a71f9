/**
 * What stands below the three sides when it is asked for: the packet beside itself in another version, what a broker makes of it,
 * and the command that sends it.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { dissect, type Packet, type Part, VERSION_NAMES, type Version } from '#broker/codec/index.ts';
import { pageAddress } from '../../address.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import { Capsule, capsuleLabel } from '../packet/Capsule.tsx';
import { closesText } from '../packet/closes.ts';
import { hexByte } from '../packet/hex.ts';
import { open, partAt } from '../packet/opened.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import type { PacketWords } from '../packet/say.ts';
import { beside, type Loss } from './beside.ts';
import type { Command } from './command.ts';
import { type Outcome, type Spoken, sendBehind, sendHere } from './send.ts';

type Words = Dictionary['playground'];

/** Of longer packets only so many bytes are put beside each other. */
const MOST = 96;

export function BesideView({
  words,
  packetWords,
  lang,
  packet,
  version,
}: {
  words: Words;
  packetWords: PacketWords;
  lang: string;
  packet: Packet;
  version: Version;
}) {
  const both = useMemo(() => beside(packet, version), [packet, version]);
  const { lost } = both;
  return (
    <section
      class="pg-below"
      aria-label={fill(words.beside.heading, { version: VERSION_NAMES[both.version] })}
    >
      <h2>{fill(words.beside.heading, { version: VERSION_NAMES[both.version] })}</h2>
      <Compared {...{ words, packetWords, lang, version }} bytes={both.own} marked={both.here} />
      {both.bytes ? (
        <Compared
          {...{ words, packetWords, lang }}
          version={both.version}
          bytes={both.bytes}
          marked={both.there}
        />
      ) : (
        <p>{fill(words.beside.none, { version: VERSION_NAMES[both.version] })}</p>
      )}
      <p class="lab">
        {both.here.size + both.there.size > 0 ? words.beside.marked : both.bytes && words.beside.same}
      </p>
      {lost.length > 0 ? (
        <>
          <h3>{words.beside.lost}</h3>
          <ul>
            {lost.map((loss) => (
              <li key={loss.name}>{lossText(loss, words)}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>{words.beside.kept}</p>
      )}
    </section>
  );
}

function lossText({ what, name }: Loss, { beside: { losses } }: Words): string {
  return fill(losses[what] as string, { name });
}

function Compared({
  words,
  packetWords,
  lang,
  version,
  bytes,
  marked,
}: {
  words: Words;
  packetWords: PacketWords;
  lang: string;
  version: Version;
  bytes: Uint8Array;
  marked: ReadonlySet<number>;
}) {
  const opened = useMemo(() => open(bytes, version), [bytes, version]);
  const title = fill(words.beside.title as string, {
    version: VERSION_NAMES[version],
    size: plural(packetWords.packet.size, bytes.length, lang),
  });
  const part = (offset: number): Part | 'unread' => partAt(opened, offset);
  return (
    <div class="pg-compared">
      <h3>{title}</h3>
      <p class="m">
        {Array.from(bytes.subarray(0, MOST), (byte, offset) => (
          <span key={offset} class={`by ${strokeOf(part(offset))}${marked.has(offset) ? ' diff' : ''}`}>
            {hexByte(byte)}
          </span>
        ))}
        {bytes.length > MOST && (
          <span class="lab"> {plural(words.beside.rest, bytes.length - MOST, lang)}</span>
        )}
      </p>
      {opened.dissection.fault && <p class="wrong">{opened.dissection.fault.message}</p>}
    </div>
  );
}

/** What was sent when: the packets as they were then. */
export interface Sending {
  frames: Uint8Array[];
  version: Version;
}

export function SendingView({
  words,
  packetWords,
  sending,
  onOpen,
}: {
  words: Words;
  packetWords: PacketWords;
  sending: Sending;
  onOpen(frame: Uint8Array, version: Version): void;
}) {
  const { frames, version } = sending;
  const [isBehind, setBehind] = useState(false);
  const [answer, setAnswer] = useState<{ of: Sending; outcome: Outcome | 'away' }>();
  const here = useMemo(() => sendHere(frames, version), [frames, version]);
  const outcome = isBehind ? (answer?.of === sending ? answer.outcome : undefined) : here;
  useEffect(() => {
    if (!isBehind) return;
    void sendBehind(frames, version, pageAddress('broker.json')).then((found) =>
      setAnswer({ of: sending, outcome: found ?? 'away' }),
    );
  }, [isBehind, sending]);
  return (
    <section class="pg-below" aria-label={words.sending.heading}>
      <h2>{words.sending.heading}</h2>
      <p class="seg-line">
        <span class="lab">{words.sending.to}</span>{' '}
        <span class="seg" role="radiogroup" aria-label={words.sending.to}>
          <label>
            <input
              type="radio"
              class="vh-hide"
              name="playground-broker"
              checked={!isBehind}
              onChange={() => setBehind(false)}
            />
            {words.sending.here}
          </label>
          <label>
            <input
              type="radio"
              class="vh-hide"
              name="playground-broker"
              checked={isBehind}
              onChange={() => setBehind(true)}
            />
            {words.sending.behind}
          </label>
        </span>
      </p>
      <div role="status">
        {outcome === undefined && <p class="lab">{words.sending.waiting}</p>}
        {outcome === 'away' && <p>{words.sending.away}</p>}
        {typeof outcome === 'object' && <OutcomeView {...{ words, packetWords, outcome, onOpen, version }} />}
      </div>
    </section>
  );
}

function OutcomeView({
  words: { sending },
  packetWords,
  outcome: { spoken, delivered, closed },
  version,
  onOpen,
}: {
  words: Words;
  packetWords: PacketWords;
  outcome: Outcome;
  version: Version;
  onOpen(frame: Uint8Array, version: Version): void;
}) {
  const { capsule, closes, statement } = packetWords.packet;
  const view = ({ by, frame, version: spokenIn, isPrelude }: Spoken, key: number) => (
    <li key={key}>
      <span class="lab">{isPrelude ? sending.prelude : sending[by]}</span>
      <Capsule
        frame={frame}
        version={spokenIn}
        words={capsule}
        onPress={() => onOpen(frame, spokenIn)}
        aria-label={fill(sending.open, { packet: capsuleLabel(frame, spokenIn, capsule) })}
      />
    </li>
  );
  const last = spoken.at(-1);
  const isSilent = last?.by === 'client' && closed === undefined;
  const isPublished = spoken.some(({ by, frame }) => by === 'client' && (frame[0] ?? 0) >> 4 === 3);
  const isUnfinished = isSilent && dissect(last.frame, version).fault?.id === 'breaksOff';
  return (
    <>
      <ol class="spoken">{spoken.map(view)}</ol>
      {isSilent && <p>{isUnfinished ? sending.unfinished : sending.silent}</p>}
      {closed && (
        <p class="wrong">
          {closesText(closed.reason, closes)}{' '}
          {closed.rule && <StatementRef id={closed.rule} version={version} words={statement} />}
        </p>
      )}
      {delivered && isPublished && delivered.length === 0 && <p class="lab">{sending.nothing}</p>}
      {delivered && delivered.length > 0 && (
        <>
          <p class="lab">{sending.delivered}</p>
          <ol class="spoken">{delivered.map(view)}</ol>
        </>
      )}
    </>
  );
}

export function CommandView({ words, command }: { words: Words; command: Command }) {
  return (
    <div class="pg-command">
      <h3>{words.command.heading}</h3>
      <code>{command.line}</code>
      {command.unsaid.length > 0 && (
        <p class="lab">{fill(words.command.unsaid, { what: command.unsaid.join(', ') })}</p>
      )}
    </div>
  );
}
