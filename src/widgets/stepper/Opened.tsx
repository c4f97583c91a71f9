/** The packet that was pressed, in the packet widget, which is fetched when it is first wanted. */
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Participant } from '../../lessons/scenario.ts';
import type { PacketViewProps } from '../packet/Packet.tsx';
import type { Party } from '../packet/Who.tsx';
import type { Sent } from './diagram.ts';
import { grow } from './grow.ts';
import type { StepperWords } from './tell.ts';
import './opened.css';

export interface OpenedProps {
  words: StepperWords;
  lang: string;
  flight: Sent;
  participants: readonly Participant[];
  /** Whether the focus goes along. */
  takesFocus: boolean;
  /** The strip of the capsule that was pressed, which grows into the ruler. */
  strip?(): Element | null | undefined;
  close(): void;
}

export function OpenedPacket({ words, lang, flight, participants, takesFocus, strip, close }: OpenedProps) {
  const [view, setView] = useState<{ of: ComponentType<PacketViewProps> }>();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let wanted = true;
    void import('../packet/Packet.tsx').then(({ PacketView }) => wanted && setView({ of: PacketView }));
    return () => {
      wanted = false;
    };
  }, []);
  useEffect(() => {
    if (view && takesFocus) box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'nearest' });
    if (view) grow(strip?.(), box.current?.querySelector('.strip'));
  }, [view, flight]);
  const party = (name: string): Party => ({
    name,
    role: participants.find((each) => each.name === name)?.role ?? 'unknown',
  });
  return (
    <div class="opened" ref={box} tabIndex={-1}>
      <button type="button" class="btn s q close" onClick={close}>
        {words.stepper.close}
      </button>
      {view && (
        <view.of
          words={words}
          lang={lang}
          frame={flight.frame}
          version={flight.version}
          from={party(flight.from)}
          to={party(flight.to)}
        />
      )}
    </div>
  );
}
