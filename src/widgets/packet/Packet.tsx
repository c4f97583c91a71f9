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
import { Bits } from './Bits.tsx';
import { Bytes, LINE } from './Bytes.tsx';
import { same } from './bytes.ts';
import type { Editor } from './editor.ts';
import { FaultView } from './FaultView.tsx';
import { Head, Ruler } from './Head.tsx';
import { hexBytes, parseHex } from './hex.ts';
import { keyAt, keyAtBit } from './lights.ts';
import { MAX_LINKED, toFragment } from './link.ts';
import { lit } from './lit.ts';
import { StatementRef } from './StatementRef.tsx';
import { figureLabel, type PacketWords, saidOf } from './say.ts';
import { stretchesOf } from './summary.ts';
import { Tree } from './Tree.tsx';
import { useWidget } from './use-widget.ts';
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
  const { opened, state, lights, isEdit, point, pin } = widget;
  const { cursor } = state;
  const { bytes, dissection } = opened;
  const { said, rule } = saidOf(opened, lights, cursor.offset, words);
  const faulty = dissection.fault?.offset ?? 0;
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
      <Bytes
        words={words}
        lang={lang}
        opened={opened}
        folds={widget.folds}
        places={widget.places}
        reach={lights.reach}
        shown={lights.key === undefined ? undefined : lights.offset}
        cursor={Math.min(cursor.offset, widget.places - 1)}
        half={isEdit ? cursor.half : undefined}
        onHover={(place) => point(place === undefined ? undefined : keyAt(opened, place), { byte: place })}
        onPress={(place) => {
          widget.do({ do: 'move', cursor: { offset: place } });
          pin(keyAt(opened, place), { byte: place });
        }}
        onFocus={(place) => place !== cursor.offset && widget.do({ do: 'move', cursor: { offset: place } })}
        onMore={widget.moreLines}
      />
      <FaultView
        words={words}
        lang={lang}
        opened={opened}
        version={opened.version}
        mends={widget.mends}
        isReady={isReady}
        columns={[faulty % LINE, faulty % (LINE / 2)]}
        onMend={widget.mend}
      />
      <div class="pk-b">
        <Tree
          words={words}
          lang={lang}
          opened={opened}
          rows={widget.rows}
          total={widget.rowCount}
          isEdit={isEdit}
          cursor={widget.tabRow}
          lit={lights.node}
          litKey={lights.key}
          typing={widget.typing}
          onHover={point}
          onPress={pin}
          onFocus={widget.focusRow}
          onType={widget.type}
          onValue={widget.typed}
          onCancel={widget.untype}
          onMore={widget.moreRows}
        />
        <div class="side">
          <Bits
            words={words}
            lang={lang}
            opened={opened}
            offset={lights.offset}
            isEdit={isEdit}
            cursor={cursor.bit}
            pointed={lights.bit}
            lit={lights.node}
            onHover={(bit) => {
              const { offset } = lights;
              point(bit === undefined ? undefined : keyAtBit(opened, offset, bit), { byte: offset, bit });
            }}
            onPress={widget.pressBit}
            onFocus={(bit) => widget.do({ do: 'move', cursor: { offset: lights.offset, bit } })}
            onType={(value) => widget.do({ do: 'byte', offset: lights.offset, value })}
          >
            {editable && <Acts words={words} widget={widget} isReady={isReady} />}
          </Bits>
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
