// The playground's state: the packet widget's, whose bytes are the one truth, and the form that is read from them and writes
// them. One history for all sides. Draws nothing.
import { useMemo, useRef } from 'preact/hooks';
import { type Connect, dissect, encode, type Fault, type Packet, type Version } from '#broker/codec/index.ts';
import { headerEnd } from '../packet/bytes.ts';
import type { Series } from '../packet/editor.ts';
import { lit } from '../packet/lit.ts';
import { unreadFrom } from '../packet/opened.ts';
import { useWidget, type Widget } from '../packet/use-widget.ts';
import { asVersion, type Draft, draftOf, faultsOf } from './draft.ts';

export interface PlaygroundState {
  widget: Widget;
  bytes: Uint8Array;
  version: Version;
  draft: Draft;
  faults: ReadonlyMap<string, Fault>;
  remainingLength: number;
  unreadFrom: number | undefined;
  series: Series | undefined;
  /** The last CONNECT among several packets before the one that is open. */
  connect: Connect | undefined;
  /** Writes a packet from the form; changes of one kind in a row are undone together. */
  write(packet: Packet, version: Version, kind?: string): void;
  /** The same packet in another version. */
  turn(version: Version): void;
  /** Opens bytes, or several packets at the one that is named. */
  open(bytes: Uint8Array, version: Version, series?: Series): void;
  /** Opens another one of several packets. */
  turnTo(index: number): void;
  /** A field of the form has the focus, or none. */
  focus(key: string | undefined): void;
  onKeyDown(event: KeyboardEvent): void;
}

export function usePlayground(name: string, frame: Uint8Array, given: Version): PlaygroundState {
  const widget = useWidget({
    frame,
    version: given,
    name,
    linkName: undefined,
    isEditable: true,
    mode: 'edit',
    rest: undefined,
    showsEnd: true,
    onChange: undefined,
  });
  const { opened, state } = widget;
  const { history } = state;
  const { bytes, series } = history.now;
  const { version, dissection } = opened;
  const draft = useMemo(() => draftOf(history, opened), [history.now, opened]);
  const faults = useMemo(() => faultsOf(draft, opened), [draft, opened]);
  const visit = useRef(0);
  const end = unreadFrom(opened);

  const write: PlaygroundState['write'] = (packet, next, kind) => {
    const written = encodable(packet, next);
    if (written) widget.do({ do: 'write', bytes: written, version: next, packet, ...(kind && { kind }) });
  };
  return {
    widget,
    bytes,
    version,
    draft,
    faults,
    remainingLength: Number(
      opened.byKey.get('remainingLength')?.span.value ?? bytes.length - headerEnd(bytes),
    ),
    unreadFrom: dissection.packet === undefined && end < bytes.length ? end : dissection.fault?.offset,
    series,
    connect: useMemo(() => connectBefore(series), [series]),
    write: (packet, next, kind) => write(packet, next, kind && `${kind} ${visit.current}`),
    turn: (next) => write(asVersion(draft.packet, next), next),
    open: (next, nextVersion, row) =>
      widget.do({ do: 'open', bytes: next, version: nextVersion, ...(row && { series: row }) }),
    turnTo: (index) => {
      const all = frames({ series, bytes });
      const next = all[index];
      if (next) widget.do({ do: 'open', bytes: next, version, series: { frames: all, open: index } });
    },
    focus: (key) => {
      visit.current++;
      lit.focus(key === undefined ? undefined : { packet: name, key });
    },
    onKeyDown: (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const act = { z: event.shiftKey ? 'redo' : 'undo', y: 'redo' }[event.key.toLowerCase()];
      if (act === undefined || (event.target as Element).closest('[data-own-undo]')) return;
      event.preventDefault();
      event.stopPropagation();
      widget.do({ do: act as 'undo' | 'redo' });
    },
  };
}

/** All packets, the one that is open as it is now. */
export function frames({ series, bytes }: Pick<PlaygroundState, 'series' | 'bytes'>): Uint8Array[] {
  return series ? series.frames.with(series.open, bytes) : [bytes];
}

function connectBefore(series: Series | undefined): Connect | undefined {
  const before = series?.frames.slice(0, series.open) ?? [];
  const last = before.findLast((frame) => (frame[0] ?? 0) >> 4 === 1);
  const packet = last && dissect(last, 5).packet;
  return packet?.type === 'connect' ? packet : undefined;
}

/** The bytes of a packet, if its values fit. */
function encodable(packet: Packet, version: Version): Uint8Array | undefined {
  try {
    return encode(packet, version);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}
