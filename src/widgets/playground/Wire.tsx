/**
 * The packet as bytes, as bits and as fields: the packet widget's views, in the playground's arrangement.
 */
import type { Dictionary } from '../../i18n/index.ts';
import { Acts } from '../packet/Acts.tsx';
import type { PacketWords } from '../packet/say.ts';
import type { Widget } from '../packet/use-widget.ts';
import { BitsOf, BytesOf, FaultOf, TreeOf } from '../packet/Views.tsx';

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
  const views = { words: packetWords, lang, widget };
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
        <BytesOf {...views} />
        <FaultOf {...views} isReady={isReady} />
        <div class="side">
          <BitsOf {...views}>
            <Acts words={packetWords} widget={widget} isReady={isReady} />
          </BitsOf>
        </div>
      </div>
      <div class="pane tre">
        <h2>{words.fields.heading}</h2>
        <TreeOf {...views} />
      </div>
    </div>
  );
}
