/**
 * The views of an opened packet, each tied to the widget that it belongs to: bytes, fault, fields and bits. Whoever shows them
 * puts them in their places.
 */
import type { ComponentChildren } from 'preact';
import { Bits } from './Bits.tsx';
import { Bytes, LINE } from './Bytes.tsx';
import { FaultView } from './FaultView.tsx';
import { keyAt, keyAtBit } from './lights.ts';
import type { PacketWords } from './say.ts';
import { Tree } from './Tree.tsx';
import type { Widget } from './use-widget.ts';

export interface ViewProps {
  words: PacketWords;
  lang: string;
  widget: Widget;
}

export function BytesOf({ widget, ...common }: ViewProps) {
  const { opened, state, lights, isEdit, point, pin } = widget;
  const { cursor } = state;
  return (
    <Bytes
      {...common}
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
  );
}

export function FaultOf({ widget, isReady, ...common }: ViewProps & { isReady: boolean }) {
  const { opened } = widget;
  const faulty = opened.dissection.fault?.offset ?? 0;
  return (
    <FaultView
      {...common}
      opened={opened}
      version={opened.version}
      mends={widget.mends}
      isReady={isReady}
      columns={[faulty % LINE, faulty % (LINE / 2)]}
      onMend={widget.mend}
    />
  );
}

export function TreeOf({ widget, ...common }: ViewProps) {
  const { lights } = widget;
  return (
    <Tree
      {...common}
      opened={widget.opened}
      rows={widget.rows}
      total={widget.rowCount}
      isEdit={widget.isEdit}
      cursor={widget.tabRow}
      lit={lights.node}
      litKey={lights.key}
      typing={widget.typing}
      onHover={widget.point}
      onPress={widget.pin}
      onFocus={widget.focusRow}
      onType={widget.type}
      onValue={widget.typed}
      onCancel={widget.untype}
      onMore={widget.moreRows}
    />
  );
}

export function BitsOf({ widget, children, ...common }: ViewProps & { children: ComponentChildren }) {
  const { opened, lights, point } = widget;
  const { offset } = lights;
  return (
    <Bits
      {...common}
      opened={opened}
      offset={offset}
      isEdit={widget.isEdit}
      cursor={widget.state.cursor.bit}
      pointed={lights.bit}
      lit={lights.node}
      onHover={(bit) =>
        point(bit === undefined ? undefined : keyAtBit(opened, offset, bit), { byte: offset, bit })
      }
      onPress={widget.pressBit}
      onFocus={(bit) => widget.do({ do: 'move', cursor: { offset, bit } })}
      onType={(value) => widget.do({ do: 'byte', offset, value })}
    >
      {children}
    </Bits>
  );
}
