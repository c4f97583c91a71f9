/** What happened between packets, in the diagram: to a link, to the broker, to time, or that somebody came. */
import { fill } from '../../i18n/phrase.ts';
import { memo } from '../memo.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import { handOf, wire } from './columns.ts';
import { Decided } from './Decided.tsx';
import type { BetweenRow, LinkRow, WaitRow } from './diagram.ts';
import { Icon } from './icons.tsx';
import type { RowPlace, SequenceProps } from './Sequence.tsx';
import { waitTexts } from './tell.ts';

type Props<Row> = Pick<SequenceProps, 'words' | 'version' | 'live' | 'reconnect'> & {
  row: Row;
  /** Whether what can be pressed here is the next thing to do. */
  leads: boolean;
};

export function BetweenView({
  place,
  middle,
  ...props
}: Props<BetweenRow> & { place: RowPlace; middle: number }) {
  const { row } = props;
  const { kind } = row;
  return (
    <li
      {...place}
      class={`gap ${kind} ${kind === 'restart' ? 'cut' : ''} ${handOf(row, middle)}`}
      style={{ ...place.style, ...wire(row) }}
    >
      <Inside {...props} />
    </li>
  );
}

const Inside = memo((props: Props<BetweenRow>) => {
  const { words, version, live, row } = props;
  return (
    <>
      <span class="band" />
      <span class="tx">
        <Text {...props} />
        <Decided words={words} live={live} version={version} decisions={row.decisions ?? []} />
      </span>
    </>
  );
});

function Text({ row, ...props }: Props<BetweenRow>) {
  const { rows } = props.words.stepper;
  switch (row.kind) {
    case 'wait':
      return <Waited row={row} {...props} />;
    case 'restart':
      return (
        <>
          <Icon of="cut" />
          {rows.restart[row.keeps ? 'kept' : 'lost']}
        </>
      );
    case 'join':
      return fill(rows.join, { client: row.client });
    case 'cut':
    case 'freeze':
    case 'thaw':
      return <OfLink row={row} {...props} />;
    default:
      return row satisfies never;
  }
}

function OfLink({ row, words: { stepper }, live, leads, reconnect }: Props<LinkRow>) {
  return (
    <>
      {row.kind === 'cut' && <Icon of="cut" />}
      {stepper.rows[row.kind]}
      {row.open && reconnect && (
        <button
          type="button"
          class={leads ? 'btn s go' : 'btn s'}
          disabled={!live}
          aria-label={fill(stepper.named.client, { action: stepper.actions.reconnect, client: row.client })}
          onClick={() => reconnect(row.client)}
        >
          <Icon of="connect" />
          {stepper.actions.reconnect}
        </button>
      )}
    </>
  );
}

function Waited({ row, words, version }: Props<WaitRow>) {
  return (
    <>
      {waitTexts(row, words).map((text, index) => {
        const rule = [...row.silent, ...row.expired][index - 1]?.rule;
        return (
          <span key={text}>
            {text} {rule && <StatementRef id={rule} version={version} words={words.packet.statement} />}
          </span>
        );
      })}
    </>
  );
}
