/**
 * The packet that is open: what it is tied to, what there is to tell about it, its fields and bytes in the packet widget, and
 * the headers around it. It knows what is shown of a packet; which one it is told.
 */
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { SharedWords } from '../../i18n/shared.ts';
import { hexByte } from '../packet/hex.ts';
import { PacketView } from '../packet/Packet.tsx';
import { StatementRef } from '../packet/StatementRef.tsx';
import type { Opened } from './desk.ts';
import type { Around, LayerPart } from './layers.ts';
import { partyOf, typeText } from './phrases.ts';

interface Props {
  words: Pick<Dictionary, 'capture'> & SharedWords;
  lang: string;
  name: string;
  opened: Opened;
  isBrief?: boolean | undefined;
  /** Whether what is found about it is kept back. */
  isQuiet?: boolean | undefined;
  isReady: boolean;
  /** Opens another packet. */
  open(number: number): void;
}

export function OpenedPacket({
  words,
  lang,
  name,
  opened: { packet, around },
  isBrief,
  isQuiet,
  isReady,
  open,
}: Props) {
  const { capture } = words;
  const { frame, firstFrame, bytes, version, missing, from, to, ties, findings } = packet;
  return (
    <div class="open">
      <div class="ties">
        <span class="lab">
          {fill(capture.packet.heading, { frame })}
          {firstFrame !== frame &&
            `, ${fill(capture.packet.several as string, { first: firstFrame, frame })}`}
        </span>
        {ties.map(({ how, number, frame: other, type }) => (
          <button
            key={`${how} ${number}`}
            type="button"
            class="lk"
            disabled={!isReady}
            onClick={() => open(number)}
          >
            {fill(capture.packet.ties[how] as string, { type: typeText(type, capture), frame: other })}
          </button>
        ))}
      </div>
      {missing > 0 && <p>{fill(capture.packet.missing, { count: missing })}</p>}
      {findings.length > 0 && !isQuiet && (
        <ul class="told">
          {findings.map(({ id, weight, message, rule }) => (
            <li key={`${id} ${message}`} class={weight}>
              {message} {rule && <StatementRef id={rule} version={version} words={words.packet.statement} />}
            </li>
          ))}
        </ul>
      )}
      <PacketView
        words={words}
        lang={lang}
        name={name}
        frame={bytes}
        version={version}
        from={partyOf(from, capture)}
        to={partyOf(to, capture)}
      />
      {!isBrief && around !== undefined && around.parts.length > 0 && (
        <AroundIt words={capture} around={around} />
      )}
    </div>
  );
}

/** The headers around a packet, closed at first. */
function AroundIt({ words, around: { bytes, parts } }: { words: Dictionary['capture']; around: Around }) {
  return (
    <div class="around">
      <p class="lab">{words.packet.around}</p>
      {parts.map((part) => (
        <details key={part.start}>
          <summary>
            <span>{part.name}</span>
            <span class="m v">{gist(part)}</span>
            <span class="m r">{rangeText(part, words)}</span>
            <span class="m w">{part.filter}</span>
          </summary>
          <div class="hd m" role="img" aria-label={bytesLabel(part, words)}>
            {Array.from(bytes.subarray(part.start, part.end), (byte, index) => (
              <span key={index}>{hexByte(byte)}</span>
            ))}
          </div>
          <ul>
            {part.fields.map(({ name, filter, value, depth, start, end }, index) => (
              <li key={index} style={{ '--d': depth }}>
                <span>{name}</span>
                <span class="m v">{value}</span>
                <span class="m r">{rangeText({ start, end }, words)}</span>
                <span class="m w">{filter}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}

/** Who speaks to whom, in the terms of a layer. */
function gist({ fields }: LayerPart): string {
  const named = (pattern: RegExp) => fields.find(({ filter = '' }) => pattern.test(filter))?.value;
  const [from, to] = [named(/\.(src|srcport)$/), named(/\.(dst|dstport)$/)];
  return from === undefined || to === undefined ? '' : `${from} → ${to}`;
}

function rangeText(
  { start, end }: { start: number; end: number },
  { packet }: Dictionary['capture'],
): string {
  return end - start === 1 ? String(start) : fill(packet.range as string, { first: start, last: end - 1 });
}

function bytesLabel({ start, end }: LayerPart, { packet }: Dictionary['capture']): string {
  return fill(packet.frameBytes as string, { first: start, last: end - 1 });
}
