/**
 * The live view: packets of real clients as they reach the broker behind the page, and one of them opened. This file knows
 * what is drawn; what is in the list is `live.ts`'s affair, and a packet the packet widget's.
 */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PacketType } from '#broker/codec/index.ts';
import { MQTT_PATH } from '#broker/ports.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { type SharedWords, sharedWords } from '../../i18n/shared.ts';
import { Capsule, capsuleLabel } from '../packet/Capsule.tsx';
import type { PacketView } from '../packet/Packet.tsx';
import { Who } from '../packet/Who.tsx';
import { save } from '../save.ts';
import { publishCommand, SERVE_COMMAND } from './commands.ts';
import { listenTo, type Status } from './connection.ts';
import { LiveList, type LivePacket, roleOf } from './live.ts';
import './live.css';

export interface LiveProps {
  words: Pick<Dictionary, 'live'>;
  lang: string;
  /** The address of the file that says whether there is a broker behind the page. */
  file: string;
  /** The type of packet that is opened when one comes. */
  opens?: PacketType | undefined;
}

type LiveWords = Pick<Dictionary, 'live'> & SharedWords;

export function Live({ words: own, lang, file, opens }: LiveProps) {
  const words: LiveWords = { ...own, ...sharedWords(lang) };
  const { list, status, act, connect } = useLive(file, opens);
  return (
    <section class="live not-content" aria-label={words.live.label}>
      {status === 'away' ? (
        <p class="away">{withCommand(words.live.away, SERVE_COMMAND)}</p>
      ) : (
        <>
          <Head words={words.live} lang={lang} list={list} status={status} act={act} connect={connect} />
          {list.packets.length === 0 ? (
            <Empty words={words.live} list={list} />
          ) : (
            <List words={words} lang={lang} list={list} act={act} />
          )}
          <Open words={words} lang={lang} packet={list.open} />
        </>
      )}
    </section>
  );
}

/** Changes the list, and has it drawn. */
type Act = (change: (list: LiveList) => void) => void;

/** The list, kept up to date, and drawn at most once a frame, however fast packets come. */
function useLive(file: string, opens: PacketType | undefined) {
  const [list] = useState(() => new LiveList(opens));
  const [status, setStatus] = useState<Status>('away');
  const [attempt, setAttempt] = useState(0);
  const [, setDrawn] = useState(0);
  const draw = () => setDrawn((drawn) => drawn + 1);
  useEffect(() => {
    let frame: number | undefined;
    const stop = listenTo(file, {
      status: setStatus,
      message(message) {
        list.take(message);
        frame ??= requestAnimationFrame(() => {
          frame = undefined;
          draw();
        });
      },
    });
    return () => {
      stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [file, list, attempt]);
  const act: Act = (change) => {
    change(list);
    draw();
  };
  return { list, status, act, connect: () => setAttempt(attempt + 1) };
}

interface HeadProps {
  words: LiveWords['live'];
  lang: string;
  list: LiveList;
  status: Status;
  act: Act;
  connect(): void;
}

function Head({ words, lang, list, status, act, connect }: HeadProps) {
  const { isFollowing, packets, waiting, letGo, missed, port } = list;
  const facts = [
    waiting.length > 0 && plural(words.waiting, waiting.length, lang),
    letGo > 0 && plural(words.letGo, letGo, lang),
    missed > 0 && plural(words.missed, missed, lang),
  ].filter((fact) => fact !== false);
  return (
    <div class="head">
      {status === 'open' ? (
        <span class="state">
          <i class="dot" aria-hidden="true" />
          <span>{words.listening}</span>
          {typeof port === 'number' && <code class="m">mqtt://localhost:{port}</code>}
        </span>
      ) : (
        <span class="state" role="status">
          {words.lost}
          <button type="button" class="btn s" onClick={connect}>
            {words.reconnect}
          </button>
        </span>
      )}
      {packets.length > 0 && (
        <span class="tools">
          <span class="lab">{[words.newestFirst, ...facts].join(', ')}</span>
          <button
            type="button"
            class="btn s"
            onClick={() => act((all) => (isFollowing ? all.pause() : all.follow()))}
          >
            {isFollowing ? words.pause : words.follow}
          </button>
          <button type="button" class="btn s" onClick={() => void keep(list)}>
            {words.save}
          </button>
          <button type="button" class="btn s q" onClick={() => act((all) => all.clear())}>
            {words.clear}
          </button>
        </span>
      )}
    </div>
  );
}

/** Hands the reader what was recorded. */
async function keep({ recording }: LiveList): Promise<void> {
  save('glass-broker.pcapng', await recording.file(), 'application/x-pcapng');
}

/** There is nothing to show yet, or no more. */
function Empty({ words, list: { port, isKnown } }: { words: LiveWords['live']; list: LiveList }) {
  const [isCopied, setCopied] = useState(false);
  if (port === undefined) return null;
  if (port === null) {
    const address = `ws://${location.host}${MQTT_PATH}`;
    return <p>{fill(words.emptyWithoutPort, { address })}</p>;
  }
  const command = publishCommand(port);
  const copy = () => navigator.clipboard.writeText(command).then(() => setCopied(true));
  return (
    <div class="empty">
      <p>{isKnown ? words.cleared : words.empty}</p>
      <div class="command">
        <code class="m">{command}</code>
        <button type="button" class="btn s q" onClick={() => void copy()}>
          <span role="status">{isCopied ? words.copied : words.copy}</span>
        </button>
      </div>
    </div>
  );
}

interface ListProps {
  words: LiveWords;
  lang: string;
  list: LiveList;
  act: Act;
}

function List({ words, lang, list, act }: ListProps) {
  const { packets, open } = list;
  const time = useMemo(() => timeFormat(lang), [lang]);
  const rows = useRef<HTMLOListElement>(null);
  const stop = open && packets.includes(open) ? open : packets[0];
  const move = (event: KeyboardEvent) => {
    const all = [...(rows.current?.querySelectorAll('button') ?? [])];
    const at = all.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)]?.focus();
  };
  return (
    <ol class="rows" ref={rows} aria-label={words.live.list} onKeyDown={move}>
      {packets.map((packet) => (
        <li key={packet.number}>
          <button
            type="button"
            aria-current={packet === open ? 'true' : undefined}
            tabIndex={packet === stop ? 0 : -1}
            onClick={() => act((all) => all.pick(packet))}
          >
            <Row words={words} packet={packet} time={time.format(packet.at)} />
          </button>
        </li>
      ))}
    </ol>
  );
}

function Row({ words, packet, time }: { words: LiveWords; packet: LivePacket; time: string }) {
  const { caller, isFromClient, frame, version, detail } = packet;
  // Taking a packet apart for its capsule is the greater part of the work of drawing a row.
  const capsule = useMemo(
    () => <Capsule frame={frame} version={version} words={words.packet.capsule} />,
    [frame, version, words],
  );
  return (
    <>
      <span class="at m">{time}</span>
      <Who party={{ name: caller.name, role: roleOf(caller) }} />
      <span class="vh-hide">{isFromClient ? words.live.toBroker : words.live.fromBroker}</span>
      <Way isFromClient={isFromClient} />
      {capsule}
      <span class="detail m">{detail}</span>
    </>
  );
}

/** An arrow between the lines of the client, at the left, and of the broker. */
function Way({ isFromClient }: { isFromClient: boolean }) {
  return (
    <svg class="way" viewBox="0 0 48 12" aria-hidden="true">
      <path d={isFromClient ? 'M3 6H43M38 2.5 44 6 38 9.500z' : 'M45 6H5M10 2.5 4 6 10 9.500z'} />
    </svg>
  );
}

interface OpenProps {
  words: LiveWords;
  lang: string;
  packet: LivePacket | undefined;
}

/** The packet that is open, in the packet widget, which is fetched when there is a packet to show. */
function Open({ words, lang, packet }: OpenProps) {
  const [view, setView] = useState<{ of: typeof PacketView }>();
  const isWanted = packet !== undefined;
  useEffect(() => {
    if (isWanted) void import('../packet/Packet.tsx').then((loaded) => setView({ of: loaded.PacketView }));
  }, [isWanted]);
  if (packet === undefined) return <p class="vh-hide" role="status" />;
  const { caller, isFromClient, frame, version, whole } = packet;
  const client = { name: caller.name, role: roleOf(caller) };
  const broker = { name: words.live.broker, role: 'broker' } as const;
  const label = capsuleLabel(frame, version, words.packet.capsule);
  return (
    <>
      <p class="vh-hide" role="status">
        {fill(isFromClient ? words.live.arrived : words.live.sent, { name: caller.name, packet: label })}
      </p>
      {whole !== undefined && <p>{fill(words.live.cut, { count: whole })}</p>}
      {view && whole === undefined && (
        <view.of
          words={words}
          lang={lang}
          name="live"
          frame={frame}
          version={version}
          from={isFromClient ? client : broker}
          to={isFromClient ? broker : client}
        />
      )}
    </>
  );
}

function timeFormat(lang: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(lang, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
}

/** A sentence with a command in it. */
function withCommand(sentence: string, command: string) {
  const [before, after] = sentence.split('{command}');
  return (
    <>
      {before}
      <code class="m">{command}</code>
      {after}
    </>
  );
}
