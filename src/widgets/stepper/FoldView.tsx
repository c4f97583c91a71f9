/** Rows that are folded away: one line that says how much it hides, and opens when it is pressed. */
import { fill, plural } from '../../i18n/phrase.ts';
import type { FoldRow } from './fold.ts';
import type { RowPlace, SequenceProps } from './Sequence.tsx';
import { timeText } from './tell.ts';

type Props = Pick<SequenceProps, 'words' | 'lang' | 'live' | 'turn'> & { row: FoldRow; place: RowPlace };

export function FoldView({ row, place, words, lang, live, turn }: Props) {
  const { fold } = words.stepper;
  const packets = plural(fold.packets, row.packets, lang);
  const what = row.time > 0 ? fill(fold.timed, { packets, time: timeText(row.time, words) }) : packets;
  return (
    <li {...place} class="fold">
      <button
        type="button"
        class="lk"
        disabled={!live}
        aria-expanded={row.isOpen}
        aria-label={row.isOpen ? undefined : fill(fold.open, { what })}
        onClick={() => turn?.(row.key)}
      >
        {row.isOpen ? fold.all : what}
      </button>
    </li>
  );
}
