/**
 * The packet widget: a packet opened. Bytes, bits and the field tree are three views of one thing; pointing at any of them
 * lights it in all, and in Edit each of them can be changed and the others follow. This file puts the views together; how
 * they behave stands in `use-widget.ts`, what a packet is and what a change makes of it in the files that it names.
 */
import { useId, useMemo, useRef } from 'preact/hooks';
import type { Version } from '#broker/codec/index.ts';
import { playgroundAddress } from '../../address.ts';
import { sharedWords } from '../../i18n/shared.ts';
import type { Slug } from '../../lessons/path.ts';
import { begin } from '../../lessons/progress.ts';
import { useReady } from '../lesson/ready.ts';
import { Acts } from './Acts.tsx';
import { same } from './bytes.ts';
import type { Editor } from './editor.ts';
import { Head, Ruler } from './Head.tsx';
import { hexBytes, parseHex } from './hex.ts';
import { MAX_LINKED, toFragment } from './link.ts';
import { lit } from './lit.ts';
import { StatementRef } from './StatementRef.tsx';
import { figureLabel, type PacketWords, saidOf } from './say.ts';
import { stretchesOf } from './summary.ts';
import { useWidget } from './use-widget.ts';
import { BitsOf, BytesOf, FaultOf, TreeOf } from './Views.tsx';
import type { Party } from './Who.tsx';
import './packet.css';

export interface PacketViewProps {
  words: PacketWords;
  lang: string;
  /** The bytes, or pairs of digits. Other bytes open another packet, and what was done to the last one is forgotten. */
  frame: Uint8Array | string;
  version?: Version;
  from?: Party | undefined;
  to?: Party | undefined;
  /** The packet's name on this page: by it prose points at its fields, and addresses carry it. */
  name?: string | undefined;
  editable?: boolean | undefined;
  mode?: Editor['mode'] | undefined;
  /** The stretch that is shown as long as nothing is pointed at: its key. */
  focus?: string | undefined;
  onChange?: ((bytes: Uint8Array, version: Version) => void) | undefined;
}

/** A packet in the widget. */
export function PacketView({ frame, version = 4, ...rest }: PacketViewProps) {
  const bytes = useMemo(
    () => (typeof frame === 'string' ? (parseHex(frame) ?? new Uint8Array()) : frame),
    [frame],
  );
  const given = useRef({ bytes, version, count: 0 });
  const { current } = given;
  if (current.version !== version || !same(current.bytes, bytes))
    given.current = { bytes, version, count: current.count + 1 };
  return <Figure key={given.current.count} {...rest} frame={given.current.bytes} version={version} />;
}

type IslandProps = Omit<PacketViewProps, 'words' | 'onChange'> & {
  /** The lesson that is begun with the first change. */
  lesson?: Slug | undefined;
};

/** The same, as an island of its own, with the words that the page's islands share. */
export function Packet({ lesson, ...rest }: IslandProps) {
  return <PacketView {...rest} words={sharedWords(rest.lang)} onChange={() => lesson && begin(lesson)} />;
}

type FigureProps = Omit<PacketViewProps, 'frame' | 'version'> & { frame: Uint8Array; version: Version };

function Figure({
  words,
  lang,
  frame,
  version,
  from,
  to,
  name: linkName,
  editable = false,
  mode = 'read',
  focus,
  onChange,
}: FigureProps) {
  const isReady = useReady();
  const id = useId();
  const name = linkName ?? id;
  const widget = useWidget({
    frame,
    version,
    name,
    linkName,
    isEditable: editable,
    mode,
    rest: focus,
    onChange,
  });
  const { opened, state, lights, isEdit } = widget;
  const { bytes, dissection } = opened;
  const { said, rule } = saidOf(opened, lights, state.cursor.offset, words);
  const views = { words, lang, widget };
  return (
    <figure
      ref={widget.figure}
      class={`pk not-content${isEdit ? ' edit' : ''}`}
      aria-label={figureLabel(opened, words, lang)}
      data-packet={name}
      onKeyDown={widget.onKeyDown}
      onFocusIn={widget.onFocusIn}
      onFocusOut={widget.onFocusOut}
      onPaste={widget.onPaste}
    >
      <Head
        words={words}
        lang={lang}
        opened={opened}
        from={from}
        to={to}
        isTyped={!same(bytes, frame)}
        isReady={isReady}
        mode={editable ? state.mode : undefined}
        onMode={(next) => widget.do({ do: 'mode', mode: next })}
        onCopy={() => navigator.clipboard.writeText(hexBytes(bytes))}
        onLink={linkName === undefined ? undefined : () => link(linkName, bytes, opened.version)}
        playground={bytes.length <= MAX_LINKED ? playgroundAddress(bytes, opened.version) : undefined}
      />
      <Ruler words={words} stretches={stretchesOf(dissection, bytes.length)} />
      <BytesOf {...views} />
      <FaultOf {...views} isReady={isReady} />
      <div class="pk-b">
        <TreeOf {...views} />
        <div class="side">
          <BitsOf {...views}>{editable && <Acts words={words} widget={widget} isReady={isReady} />}</BitsOf>
        </div>
      </div>
      <div class="say">
        <span role="status">{said}</span>
        {rule && <StatementRef id={rule} version={opened.version} words={words.packet.statement} />}
      </div>
    </figure>
  );
}

/** Puts the packet into the address of the page, and the address on the clipboard. */
async function link(name: string, bytes: Uint8Array, version: Version): Promise<'linked' | 'linkTooLong'> {
  if (bytes.length > MAX_LINKED) return 'linkTooLong';
  const key = lit.pinned?.packet === name ? lit.pinned.key : undefined;
  const address = new URL(location.href);
  address.hash = toFragment(name, { version, bytes, key });
  history.replaceState(history.state, '', address);
  await navigator.clipboard.writeText(address.href);
  return 'linked';
}
