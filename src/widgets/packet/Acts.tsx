import { Icon } from './Icon.tsx';
import type { PacketWords } from './say.ts';
import type { Widget } from './use-widget.ts';

/** What the keys Ctrl Z, Ins and Del do, for hands without them. */
export function Acts({ words, widget, isReady }: { words: PacketWords; widget: Widget; isReady: boolean }) {
  const { actions } = words.packet;
  const { history, cursor } = widget.state;
  const isEnd = cursor.offset >= history.now.bytes.length;
  const acts = [
    { act: 'undo', label: actions.undo, isIdle: history.past.length === 0, icon: 'undo' },
    { act: 'redo', label: actions.redo, isIdle: history.future.length === 0, icon: 'redo' },
    { act: 'insert', label: isEnd ? actions.append : actions.insert, isIdle: false, icon: undefined },
    { act: 'remove', label: actions.remove, isIdle: isEnd, icon: undefined },
  ] as const;
  return (
    <div class="act">
      {acts.map(({ act, label, isIdle, icon }) => (
        <button
          key={act}
          type="button"
          class="btn s q"
          disabled={!isReady || !widget.isEdit || isIdle}
          onClick={() => widget.do({ do: act })}
        >
          {icon && <Icon of={icon} />}
          <span class={icon && 'vh-hide'}>{label}</span>
        </button>
      ))}
    </div>
  );
}
