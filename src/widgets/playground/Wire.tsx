/**
 * The packet as bytes, as bits and as fields: the packet widget's views, in the playground's arrangement.
 */
import type { Dictionary } from '../../i18n/index.ts';
import { Acts } from '../packet/Acts.tsx';
import { Bits } from '../packet/Bits.tsx';
import { Bytes, LINE } from '../packet/Bytes.tsx';
import { FaultView } from '../packet/FaultView.tsx';
import { keyAt, keyAtBit } from '../packet/lights.ts';
import type { PacketWords } from '../packet/say.ts';
import { Tree } from '../packet/Tree.tsx';
import type { Widget } from '../packet/use-widget.ts';

export function Wire({
  words,
  packetWords,
  lang,
  widget,
  isReady,
  onPaste,
}: {
  words: Dictionary['playground'];
  packetWords: PacketWords;
  lang: string;
  widget: Widget;
  isReady: boolean;
  /** A text was pasted over the bytes. */
  onPaste(text: string): void;
}) {
  const { opened, state, lights, point, pin } = widget;
  const { cursor } = state;
  const faulty = opened.dissection.fault?.offset ?? 0;
  const common = { words: packetWords, lang, opened };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the groups within are what is used
    <div
      class="pk edit"
      ref={widget.figure as preact.RefObject<HTMLDivElement>}
      onKeyDown={widget.onKeyDown}
      onFocusIn={widget.onFocusIn}
      onFocusOut={widget.onFocusOut}
      onPaste={(event) => {
        if (event.target instanceof HTMLInputElement) return;
        event.preventDefault();
        onPaste(event.clipboardData?.getData('text') ?? '');
      }}
    >
      <div class="pane byt">
        <h2>
          {words.bytes.heading}
          <span class="lab">
            {words.bytes.type} <kbd>Ins</kbd> {words.bytes.inserts}
          </span>
        </h2>
        <Bytes
          {...common}
          folds={widget.folds}
          places={widget.places}
          reach={lights.reach}
          shown={lights.key === undefined ? undefined : lights.offset}
          cursor={Math.min(cursor.offset, widget.places - 1)}
          half={cursor.half}
          onHover={(place) => point(place === undefined ? undefined : keyAt(opened, place), { byte: place })}
          onPress={(place) => {
            widget.do({ do: 'move', cursor: { offset: place } });
            pin(keyAt(opened, place), { byte: place });
          }}
          onFocus={(place) => place !== cursor.offset && widget.do({ do: 'move', cursor: { offset: place } })}
          onMore={widget.moreLines}
        />
        <FaultView
          {...common}
          version={opened.version}
          mends={widget.mends}
          isReady={isReady}
          columns={[faulty % LINE, faulty % (LINE / 2)]}
          onMend={widget.mend}
        />
        <div class="side">
          <Bits
            {...common}
            offset={lights.offset}
            isEdit
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
            <Acts words={packetWords} widget={widget} isReady={isReady} />
          </Bits>
        </div>
      </div>
      <div class="pane tre">
        <h2>{words.fields.heading}</h2>
        <Tree
          {...common}
          rows={widget.rows}
          total={widget.rowCount}
          isEdit
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
      </div>
    </div>
  );
}
