/**
 * Two runs beside each other: what to compare with is chosen, both are shown at the same step, what differs is marked beside
 * the packets and listed below. What differs is `compare.ts`'s affair.
 */
import { useMemo, useState } from 'preact/hooks';
import { type Flight, type Input, VERSION_NAMES } from '#broker/index.ts';
import { BROKER } from '#broker/sim/setup.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import type { Run } from '../../lessons/run.ts';
import { namesOf } from '../../lessons/scenario.ts';
import { Choice, Press } from '../client/controls.tsx';
import { inputText } from '../client/say.ts';
import { capsuleLabel } from '../packet/Capsule.tsx';
import type { Node } from '../packet/opened.ts';
import { valueText } from '../packet/say.ts';
import type { Diagram } from '../stepper/diagram.ts';
import { draw } from '../stepper/draw.ts';
import { Icon } from '../stepper/icons.tsx';
import { Remembers } from '../stepper/Remembers.tsx';
import { Stage } from '../stepper/Stage.tsx';
import { itemText } from '../stepper/tell.ts';
import { type Timeline, timeline } from '../stepper/timeline.ts';
import {
  besides,
  type MemoryDifference,
  memoryDifferences,
  type PacketDifference,
  type Pair,
  packetDifferences,
  pairOf,
  type Twist,
} from './compare.ts';
import { type Lab, runOf } from './lab.ts';
import { READY, type Ready } from './ready.ts';
import type { LabWords } from './say.ts';

export interface CompareProps {
  words: LabWords;
  lang: string;
  live: boolean;
  lab: Lab;
  line: Timeline;
  /** Puts another lab in the place of this one. */
  replace(lab: Lab): void;
}

/** What is compared: the lab as it was then, and what is beside it. */
interface Compared {
  readonly pair: Pair;
  readonly title: string;
}

export function Compare({ words, lang, live, lab, line, replace }: CompareProps) {
  const { compare } = words.lab;
  const [compared, setCompared] = useState<Compared>();
  const [aside, setAside] = useState<Lab>();
  const { setup, inputs, at } = lab;
  const without = useMemo(() => optionsOf(faultsIn(inputs), lab, line, words), [setup, inputs, line]);
  const options = useMemo(() => optionsFor(lab, line, aside, without, words), [at, without, aside]);
  const [chosen, choose] = useState<string>();
  const option = options.find(({ key }) => key === chosen) ?? options[0];
  const ready = ({ lab: start, twist }: Ready) => {
    replace(start);
    const { flights } = timeline(runOf(start));
    setCompared({
      pair: pairOf(start.setup, start.inputs, twist),
      title: twistText(twist, start, flights, words),
    });
  };
  return (
    <section class="compare">
      <h2>{compare.heading}</h2>
      <p class="lab-about">{compare.about}</p>
      <div class="lab-bar">
        {(Object.keys(READY) as Ready['name'][]).map((name) => (
          <Press key={name} live={live} press={() => ready(READY[name]())}>
            {compare.ready[name]}
          </Press>
        ))}
      </div>
      <div class="lab-bar with">
        {option && (
          <Choice label={compare.with} live={live} value={option.key} options={options} set={choose} />
        )}
        <Press live={live} press={() => option && setCompared({ pair: option.pair(), title: option.text })}>
          {compare.compare}
        </Press>
        <Press live={live} kind="s q" press={() => setAside(lab)}>
          {compare.setAside}
        </Press>
        {compared && (
          <Press live={live} kind="s q" press={() => setCompared(undefined)}>
            {compare.close}
          </Press>
        )}
      </div>
      <p class="lab-note" role="status">
        {aside && compare.isAside}
      </p>
      {compared && <Beside key={compared.title} {...compared} words={words} lang={lang} />}
    </section>
  );
}

interface Option {
  readonly key: string;
  readonly text: string;
  pair(): Pair;
}

/** What happens by itself to nobody: a script is worth running without it. */
const FAULTS: ReadonlySet<Input['do']> = new Set([
  'cut',
  'freeze',
  'restart',
  'drop',
  'duplicate',
  'reorder',
  'hold',
  'wait',
]);

/** To do without one of the faults. */
function faultsIn(inputs: readonly Input[]): Twist[] {
  return inputs.flatMap((input, line) => (FAULTS.has(input.do) ? [{ kind: 'without', line } as const] : []));
}

/** What a lab can be compared with. */
function optionsFor(
  lab: Lab,
  line: Timeline,
  aside: Lab | undefined,
  without: readonly Option[],
  words: LabWords,
): Option[] {
  const { setup, at } = lab;
  const isFive = setup.clients.every((client) => (client.version ?? setup.version) === 5);
  const isClean = setup.clients.every(({ cleanStart = true }) => cleanStart);
  const links = Object.entries(line.moments[at]?.links ?? {});
  const twists: Twist[] = [
    { kind: 'version', version: isFive ? 4 : 5 },
    ...([0, 1, 2] as const).map((qos) => ({ kind: 'qos', qos }) as const),
    { kind: 'clean', clean: !isClean },
    ...links
      .filter(([, state]) => state === 'connected')
      .map(([client]) => ({ kind: 'cut', client, behind: at }) as const),
  ];
  const options = [...optionsOf(twists, lab, line, words), ...without];
  if (!aside) return options;
  const text = words.lab.compare.twists.aside;
  return [{ key: 'aside', text, pair: () => besides(runOf(lab), runOf(aside)) }, ...options];
}

function optionsOf(twists: readonly Twist[], lab: Lab, { flights }: Timeline, words: LabWords): Option[] {
  return twists.map((twist) => ({
    key: keyOf(twist),
    text: twistText(twist, lab, flights, words),
    pair: () => pairOf(lab.setup, lab.inputs, twist),
  }));
}

/** A cut goes along with the reader: it is the same one wherever they stand. */
function keyOf(twist: Twist): string {
  return twist.kind === 'cut' ? `cut ${twist.client}` : Object.values(twist).join(' ');
}

function twistText(twist: Twist, { inputs }: Lab, flights: readonly Flight[], words: LabWords): string {
  const { twists } = words.lab.compare;
  switch (twist.kind) {
    case 'version':
      return fill(twists.version, { version: VERSION_NAMES[twist.version] });
    case 'qos':
      return fill(twists.qos, { qos: twist.qos });
    case 'clean':
      return twist.clean ? twists.clean : twists.keeping;
    case 'cut':
      return fill(twists.cut, { client: twist.client, line: twist.behind });
    case 'without': {
      const input = inputs[twist.line];
      const what = input ? inputText(input, flights, words) : '';
      return fill(twists.without, { line: twist.line + 1, what });
    }
    default:
      return twist satisfies never;
  }
}

function Beside({ pair, title, words, lang }: Compared & { words: LabWords; lang: string }) {
  const { compare } = words.lab;
  const { left, right, steps } = pair;
  const lines = useMemo(() => ({ left: timeline(left), right: timeline(right) }), [pair]);
  const packets = useMemo(() => packetDifferences(lines.left, lines.right), [lines]);
  const memory = useMemo(() => memoryDifferences(left, lines), [lines]);
  const marks = useMemo(() => marksOf(packets, words), [packets]);
  const last = steps.length - 1;
  const [at, go] = useState(last);
  const [a, b] = steps[at] ?? [0, 0];
  return (
    <div class="beside">
      <div class="sides">
        <Side
          words={words}
          lang={lang}
          title={compare.left}
          run={left}
          line={lines.left}
          at={a}
          marks={marks.left}
        />
        <Side
          words={words}
          lang={lang}
          title={title}
          run={right}
          line={lines.right}
          at={b}
          marks={marks.right}
        />
      </div>
      <div class="lab-bar steps">
        <Press live={true} off={at === 0} press={() => go(at - 1)}>
          <Icon of="back" />
          {words.stepper.time.back}
        </Press>
        <Press live={true} off={at === last} press={() => go(at + 1)}>
          <Icon of="step" />
          {words.stepper.time.step}
        </Press>
        <input
          type="range"
          min={0}
          max={last}
          value={at}
          aria-label={words.stepper.time.scrubber}
          aria-valuetext={fill(words.stepper.time.place, { at, all: last })}
          onInput={({ currentTarget }) => go(currentTarget.valueAsNumber)}
        />
        <span class="lab">{fill(words.stepper.time.place, { at, all: last })}</span>
      </div>
      <Differences {...{ words, lang, packets, memory, title }} />
    </div>
  );
}

interface SideProps {
  words: LabWords;
  lang: string;
  title: string;
  run: Run;
  line: Timeline;
  at: number;
  marks: ReadonlyMap<number, string>;
}

function Side({ words, lang, title, run, line, at, marks }: SideProps) {
  const { participants, setup } = run.scenario;
  const diagram = useMemo(() => marked(draw(line, at, participants), marks), [line, at]);
  return (
    <figure class="sx still" aria-label={`${title}: ${namesOf(participants, lang)}`}>
      <figcaption>{title}</figcaption>
      <Stage
        words={words}
        lang={lang}
        version={setup.version}
        live={false}
        participants={participants}
        diagram={diagram}
        place={at}
      />
      <Remembers words={words.stepper} lang={lang} line={line} at={at} participants={participants} />
    </figure>
  );
}

/** A drawing with nothing to press, and a word beside each packet that differs. */
function marked(diagram: Diagram, marks: ReadonlyMap<number, string>): Diagram {
  const rows = diagram.rows.map((row) => {
    if (row.kind !== 'packet') return row;
    const text = row.number === undefined ? undefined : marks.get(row.flight.number);
    const notes = text === undefined ? row.notes : [{ kind: 'differs', text } as const, ...row.notes];
    return { ...row, actions: [], notes };
  });
  return { ...diagram, rows };
}

function marksOf(packets: readonly PacketDifference[], { lab: { compare } }: LabWords) {
  const [left, right] = [new Map<number, string>(), new Map<number, string>()];
  for (const each of packets) {
    if (each.kind === 'left' || each.kind === 'right')
      (each.kind === 'left' ? left : right).set(each.flight.number, compare.onlyHere);
    else {
      const what =
        each.kind === 'fate'
          ? compare.otherFate
          : fill(compare.otherField, { field: each.fields[0]?.name ?? '' });
      left.set(each.left.number, what);
      right.set(each.right.number, what);
    }
  }
  return { left, right };
}

interface DifferencesProps {
  words: LabWords;
  lang: string;
  title: string;
  packets: readonly PacketDifference[];
  memory: readonly MemoryDifference[];
}

function Differences({ words, lang, title, packets, memory }: DifferencesProps) {
  const { compare } = words.lab;
  if (packets.length === 0 && memory.length === 0) return <p class="lab-summary">{compare.same}</p>;
  const counts = [
    plural(compare.packets, packets.length, lang),
    plural(compare.memories, memory.length, lang),
  ];
  const head = (first: string) => (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        <th scope="col">{compare.left}</th>
        <th scope="col">{title}</th>
      </tr>
    </thead>
  );
  return (
    <>
      <p class="lab-summary">{counts.join(' ')}</p>
      {packets.length > 0 && (
        <div class="scrolls">
          <table class="tbl">
            {head(compare.packet)}
            <tbody>
              {packets.map((each) => (
                <PacketLine key={pairKey(each)} difference={each} words={words} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {memory.length > 0 && (
        <div class="scrolls">
          <table class="tbl">
            {head(compare.atEnd)}
            <tbody>
              {memory.map(({ party, left, right }) => {
                const text = (each: typeof left) => {
                  if (!each) return compare.nothing;
                  const { name, text: said } = itemText(each.item, party === BROKER, words.stepper, lang);
                  return `${name}: ${said}`;
                };
                return (
                  <tr key={left?.key ?? right?.key}>
                    <th scope="row">{party === BROKER ? words.stepper.roles.broker : party}</th>
                    <td>{text(left)}</td>
                    <td>{text(right)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function pairKey(each: PacketDifference): string {
  return each.kind === 'left' || each.kind === 'right'
    ? `${each.kind} ${each.flight.number}`
    : `${each.left.number} ${each.right.number}`;
}

function PacketLine({ difference, words }: { difference: PacketDifference; words: LabWords }) {
  const { compare } = words.lab;
  const { broker } = words.stepper;
  const one = difference.kind === 'left' || difference.kind === 'right' ? difference.flight : difference.left;
  const called = (name: string) => (name === BROKER ? broker.within : name);
  const name = (
    <th scope="row">
      <span class="m">{capsuleLabel(one.frame, one.version, words.packet.capsule)}</span>{' '}
      <span class="way">{fill(compare.way, { from: called(one.from), to: called(one.to) })}</span>
    </th>
  );
  if (difference.kind === 'bytes') {
    const value = (node: Node | undefined) => (node ? valueText(node, words) : compare.nothing);
    return (
      <tr>
        {name}
        {(['left', 'right'] as const).map((side) => (
          <td key={side}>
            {difference.fields.map((field) => (
              <span class="fd" key={field.key}>
                {field.name} <b class="m">{value(field[side])}</b>
              </span>
            ))}
          </td>
        ))}
      </tr>
    );
  }
  const text = (side: 'left' | 'right') => {
    if (difference.kind === 'fate') return difference.lost === side ? compare.lost : compare.arrived;
    return difference.kind === side ? compare.there : compare.missing;
  };
  return (
    <tr>
      {name}
      <td>{text('left')}</td>
      <td>{text('right')}</td>
    </tr>
  );
}
