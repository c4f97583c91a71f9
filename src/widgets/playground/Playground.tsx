/**
 * The playground: one packet as a form, as bytes and as fields, each of which can be changed while the others follow. This file
 * puts the sides and their tools together; what they share stands in `usePlayground.ts`.
 */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import {
  PACKET_TYPES,
  type PacketType,
  packetName,
  VERSION_NAMES,
  type Version,
} from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { plural } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { useReady } from '../lesson/ready.ts';
import { example } from '../packet/examples.ts';
import { parseHex } from '../packet/hex.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import { type PacketWords, saidOf } from '../packet/say.ts';
import { BesideView, CommandView, type Sending, SendingView } from './Below.tsx';
import { Form } from './Form.tsx';
import { Paste } from './Paste.tsx';
import { type Pasted, readPasted } from './pasted.ts';
import { SeriesView } from './Series.tsx';
import { commandOf, Tools } from './Tools.tsx';
import { type Carried, useAddress } from './useAddress.ts';
import { frames, type PlaygroundState, usePlayground } from './usePlayground.ts';
import { Wire } from './Wire.tsx';
import '../packet/packet.css';
import './playground.css';

interface Props {
  words: Dictionary['playground'];
  lang: string;
  /** The packet that it opens with: pairs of digits. */
  packet: string;
  version: Version;
  /** Its name on the page. */
  name?: string;
}

/** The playground that has this name opens what the address of the page carries. */
const OF_THE_PAGE = 'playground';

const VERSIONS: readonly Version[] = [3, 4, 5];

export function Playground({ words, lang, packet, version: given, name = OF_THE_PAGE }: Props) {
  const packetWords = sharedWords(lang);
  const isReady = useReady();
  const playground = usePlayground(name, parseHex(packet) ?? new Uint8Array(), given);
  const { widget, version, draft, faults, open } = playground;
  const [isPasting, setPasting] = useState(false);
  const [isBeside, setBeside] = useState(false);
  const [sending, setSending] = useState<Sending>();
  const [isBroken, setBroken] = useState(false);
  useAddress(name === OF_THE_PAGE, (carried) => {
    setBroken(carried === 'damaged');
    if (carried !== 'damaged') openAll(playground, carried);
  });
  const openPasted = ({ frames: pasted, version: told }: Pasted): void =>
    openAll(playground, { frames: pasted, version: told ?? version, open: 0 });
  const command = commandOf(playground);
  return (
    <section class="pg not-content" aria-label={words.title} onKeyDownCapture={playground.onKeyDown}>
      <Head words={words} lang={lang} playground={playground} isReady={isReady}>
        <Tools
          words={words}
          playground={playground}
          isReady={isReady}
          isPasting={isPasting}
          isBeside={isBeside}
          onPaste={() => setPasting(!isPasting)}
          onBeside={() => setBeside(!isBeside)}
          onSend={() => setSending({ frames: frames(playground), version })}
        />
      </Head>
      {isBroken && (
        <p class="wrong" role="alert">
          {words.linkBroken}
        </p>
      )}
      {isPasting && (
        <Paste
          words={words}
          lang={lang}
          onOpen={(pasted) => {
            openPasted(pasted);
            setPasting(false);
          }}
          onCancel={() => setPasting(false)}
        />
      )}
      {playground.series && (
        <SeriesView words={words} packetWords={packetWords} lang={lang} playground={playground} />
      )}
      <div class="pg-sides">
        <div class="pane frm">
          <h2>{words.form.heading}</h2>
          <Form
            words={words}
            packetWords={packetWords}
            lang={lang}
            draft={draft}
            version={version}
            faults={faults}
            remainingLength={playground.remainingLength}
            unreadFrom={playground.unreadFrom}
            lit={widget.lights.key}
            isReady={isReady}
            onChange={(changed, key) => playground.write(changed, version, key)}
            onHover={(key) => widget.point(key)}
            onFocus={playground.focus}
          />
        </div>
        <Wire
          words={words}
          packetWords={packetWords}
          lang={lang}
          widget={widget}
          isReady={isReady}
          onPaste={(text) => {
            const pasted = readPasted(text);
            if ('frames' in pasted) openPasted(pasted);
            else setPasting(true);
          }}
        />
      </div>
      <Said words={words} packetWords={packetWords} lang={lang} playground={playground} />
      {command && <CommandView words={words} command={command} />}
      {isBeside && (
        <BesideView
          words={words}
          packetWords={packetWords}
          lang={lang}
          packet={draft.packet}
          version={version}
        />
      )}
      {sending && <SendingView words={words} packetWords={packetWords} sending={sending} onOpen={open} />}
    </section>
  );
}

/** Opens a packet, or the one that is meant of several. */
function openAll({ open }: PlaygroundState, { frames: all, version, open: index }: Carried): void {
  const at = index in all ? index : 0;
  open(all[at] ?? new Uint8Array(), version, all.length > 1 ? { frames: all, open: at } : undefined);
}

function Head({
  words,
  lang,
  playground: { version, draft, bytes, turn, write },
  isReady,
  children,
}: {
  words: Props['words'];
  lang: string;
  playground: PlaygroundState;
  isReady: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class="pg-head">
      <fieldset class="seg" aria-label={words.version} disabled={!isReady}>
        {VERSIONS.map((each) => (
          <label key={each}>
            <input
              type="radio"
              class="vh-hide"
              name="playground-version"
              checked={version === each}
              onChange={() => turn(each)}
            />
            {VERSION_NAMES[each]}
          </label>
        ))}
      </fieldset>
      <select
        class="field sm type"
        aria-label={words.type}
        disabled={!isReady}
        value={draft.packet.type}
        onChange={(event) => write(example(event.currentTarget.value as PacketType, version), version)}
      >
        {PACKET_TYPES.map(({ type }) => (
          <option key={type} value={type} selected={type === draft.packet.type}>
            {packetName(type)}
          </option>
        ))}
      </select>
      <span class="lab">{plural(words.size, bytes.length, lang)}</span>
      {children}
    </div>
  );
}

/** The line below: how many faults there are, what is lit, and the keys. */
function Said({
  words,
  packetWords,
  lang,
  playground: { widget, faults },
}: {
  words: Props['words'];
  packetWords: PacketWords;
  lang: string;
  playground: PlaygroundState;
}) {
  const { opened, lights, state } = widget;
  const { said, rule } = saidOf(opened, lights, state.cursor.offset, packetWords);
  return (
    <div class="pg-say">
      <span role="status">
        {faults.size > 0 && `${plural(words.faults, faults.size, lang)}. `}
        {said}
      </span>
      {rule && <StatementRef id={rule} version={opened.version} words={packetWords.packet.statement} />}
      <span class="lab keys">
        <kbd>Ctrl</kbd> <kbd>Z</kbd> {words.keys.undo} <kbd>Tab</kbd> {words.keys.order}
      </span>
    </div>
  );
}
