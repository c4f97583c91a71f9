// biome-ignore-all lint/a11y/useSemanticElements: bytes are no fields of a form
/** The first bytes of a packet, its fixed header in its colour. It knows how bytes are drawn, and not what they say. */
import { SHOWN } from '../../lessons/remaining-length.ts';
import { hexByte } from '../packet/hex.ts';
import '../packet/bytes.css';
import './varint.css';

interface Props {
  frame: Uint8Array;
  /** How many bytes are coloured as the fixed header; none where that would tell too much. */
  header: number;
  label: string;
  /** What stands for the rest. */
  more: string;
}

export function Beginning({ frame, header, label, more }: Props) {
  return (
    <span class="hx" role="group" aria-label={label}>
      {Array.from(frame.subarray(0, SHOWN), (byte, index) => (
        <span key={index} class={`b ${index < header ? 'fh' : 'plain'}`}>
          {hexByte(byte)}
        </span>
      ))}
      {frame.length > SHOWN && <span aria-hidden="true">{more}</span>}
    </span>
  );
}
