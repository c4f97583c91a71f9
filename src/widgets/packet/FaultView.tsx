/**
 * A fault, standing at its byte: what is wrong, why, the statement, and the ways to mend it with the bytes before and after.
 */
import type { Version } from '#broker/codec/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { hexByte } from './hex.ts';
import type { Mend } from './mend.ts';
import type { Opened } from './opened.ts';
import { StatementRef } from './StatementRef.tsx';
import { mendBytes, mendLabel, mendNote, type PacketWords, whyFault } from './say.ts';

interface Props {
  words: PacketWords;
  lang: string;
  opened: Opened;
  version: Version;
  /** None where the packet cannot be changed. */
  mends: readonly Mend[];
  onMend(mend: Mend): void;
  isReady: boolean;
  /** How many columns the byte stands from the left, for lines of sixteen and of eight. */
  columns: readonly [sixteen: number, eight: number];
}

export function FaultView({ words, lang, opened, version, mends, onMend, isReady, columns }: Props) {
  const { fault } = opened.dissection;
  if (fault === undefined) return null;
  const { fault: phrases, arrow } = words.packet;
  const [sixteen, eight] = columns;
  return (
    <div class="fault" role="alert" style={{ '--c16': sixteen, '--g16': sixteen > 7 ? 1 : 0, '--c8': eight }}>
      <svg class="tri" viewBox="0 0 13 13" aria-hidden="true">
        <path d="M6.5.5 13 12.5H0z" />
        <path d="M6.5 4.5v4M6.5 10v1" stroke="var(--paper)" stroke-width="1.5" />
      </svg>
      <b class="ti">{fault.message}</b> {whyFault(fault, words)}{' '}
      {version === 5 && `${fill(phrases.reason, { code: `0x${hexByte(fault.reasonCode)}` })} `}
      {fault.rule && <StatementRef id={fault.rule} version={version} words={words.packet.statement} />}
      {mends.length > 0 && (
        <ul class="mend" aria-label={phrases.mends}>
          {mends.map((mend) => {
            const { gone, come } = mendBytes(mend);
            return (
              <li key={mendLabel(mend, words)}>
                <button type="button" class="btn s" disabled={!isReady} onClick={() => onMend(mend)}>
                  {mendLabel(mend, words)}
                </button>
                <span class="m">
                  {gone && <del>{gone}</del>} {arrow} {come || phrases.nothing}
                </span>
                <span class="lab">{mendNote(mend, words, lang)}</span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
