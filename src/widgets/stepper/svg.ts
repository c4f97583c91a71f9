// A drawing as a file that needs nothing else: lifelines, bars, arrows, capsules and what is said beside them, in the light
// colours. It puts in place what a diagram says, as the page's style sheet does there; it reads no page and measures no text.
import { fill } from '../../i18n/phrase.ts';
import { middleOf, namesOf, type Participant } from '../../lessons/scenario.ts';
import { type PacketPart, strokeOf } from '../../styles/parts.ts';
import { capsuleLabel, factText } from '../packet/Capsule.tsx';
import { summarize } from '../packet/summary.ts';
import { type Role, roleClass } from '../packet/Who.tsx';
import { arrowOf, type Bar, type BetweenRow, type Diagram, type PacketRow } from './diagram.ts';
import { noteText, type StepperWords, tellBetween } from './tell.ts';

/** The light colours, by the names of their tokens. */
export const COLOURS = {
  paper: '#ffffff',
  line: '#d9dde0',
  'line-strong': '#7b8187',
  ink: '#171b22',
  'ink-2': '#484d55',
  'ink-3': '#61666e',
  'part-fixed': '#0555b7',
  'part-variable': '#925303',
  'part-properties': '#7a0064',
  'part-payload': '#007c5a',
  'who-publisher': '#ad4216',
  'who-broker': '#3b495b',
  'who-subscriber': '#00697c',
  'state-waiting': '#7b5b00',
  'state-lost': '#715a59',
  'state-fault': '#b31220',
} as const;

const SANS = "'IBM Plex Sans', 'Noto Sans TC', system-ui, sans-serif";
const MONO = "'IBM Plex Mono', ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace";

/** Widths between lifelines and at the edges, in user units: where there are few, notes have more room. */
const GAPS = { few: 250, many: 170 };
const EDGES = { few: 110, pair: 230, many: 90 };
const HEAD = 64;
/** How wide a letter is, as a share of its height. */
const WIDE = { mono: 0.6, sans: 0.52 };
const CAPSULE = { text: 13, height: 27, padding: 8, strip: 4 };
/** A packet in flight waits a little beyond the middle. */
const HALFWAY = 0.54;
const NOTE = { text: 12, line: 16, away: 20 };

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** The text of an SVG file. In: a drawing, who takes part in it, words, and the language they are in. */
export function toSvg(
  diagram: Diagram,
  participants: readonly Participant[],
  words: StepperWords,
  lang: string,
): string {
  return new Picture(diagram, participants, words, lang).text();
}

class Picture {
  readonly #diagram: Diagram;
  readonly #participants: readonly Participant[];
  readonly #words: StepperWords;
  readonly #lang: string;
  readonly #gap: number;
  readonly #edge: number;
  readonly #middle: number;

  constructor(diagram: Diagram, participants: readonly Participant[], words: StepperWords, lang: string) {
    this.#diagram = diagram;
    this.#participants = participants;
    this.#words = words;
    this.#lang = lang;
    const { length } = participants;
    this.#gap = length > 3 ? GAPS.many : GAPS.few;
    this.#edge = length < 3 ? EDGES.pair : length > 3 ? EDGES.many : EDGES.few;
    this.#middle = middleOf(participants);
  }

  text(): string {
    const width = 2 * this.#edge + (this.#participants.length - 1) * this.#gap;
    const height = HEAD + this.#diagram.height;
    const title = fill(this.#words.stepper.figure, { who: namesOf(this.#participants, this.#lang) });
    const attributes = {
      xmlns: 'http://www.w3.org/2000/svg',
      'xml:lang': this.#lang,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'font-family': SANS,
      'font-size': NOTE.text,
      fill: COLOURS.ink,
    };
    return `${element('svg', attributes, [
      element('title', {}, escaped(title)),
      element('desc', {}, escaped(this.#description())),
      PATTERNS,
      element('rect', { width, height, fill: COLOURS.paper }),
      ...this.#participants.map((each, column) => this.#head(each, column)),
      element('g', { transform: `translate(0 ${HEAD})` }, this.#rows()),
    ])}\n`;
  }

  /** What is drawn, in words. */
  #description(): string {
    const { transcript } = this.#words.stepper;
    const lines = this.#diagram.rows.map((row) => {
      if (row.kind !== 'packet') return tellBetween(row, this.#words);
      const { from, to, frame, version } = row.flight;
      const packet = capsuleLabel(frame, version, this.#words.packet.capsule, row.state);
      return fill(transcript.packet, { from, to, packet });
    });
    return lines.join(' ');
  }

  #rows(): string[] {
    const { rows, bars, height, beginnings } = this.#diagram;
    return [
      ...this.#participants.map(({ role }, column) =>
        line(this.#x(column), beginnings?.get(column) ?? 0, this.#x(column), height, {
          stroke: COLOURS[WHO[role]],
        }),
      ),
      ...rows.flatMap((row) => (row.kind === 'packet' ? [] : [this.#between(row)])),
      ...bars.map((bar) => this.#bar(bar)),
      ...rows.flatMap((row) => (row.kind === 'packet' ? [this.#packet(row)] : [])),
    ];
  }

  #x(column: number): number {
    return this.#edge + column * this.#gap;
  }

  #head({ name, role }: Participant, column: number): string {
    const x = this.#x(column);
    const label = this.#words.stepper.roles[role];
    const half = (label.length * 15 * WIDE.sans + 18) / 2;
    return element('g', {}, [
      element('g', { transform: `translate(${x - half} 14)`, ...glyphStroke(role) }, GLYPHS[role]),
      text(label, x - half + 18, 25, { 'font-size': 15, 'font-weight': 500 }),
      text(name, x, 44, { 'font-family': MONO, fill: COLOURS['ink-3'], 'text-anchor': 'middle' }),
    ]);
  }

  #bar({ column, side, lane, top, height, open, packetId }: Bar): string {
    const role = this.#participants[column]?.role ?? 'both';
    const stroke = COLOURS[WHO[role]];
    const width = 13.5;
    const shift = 16 * lane;
    const isToTheRight = side === 'right' || role === 'subscriber';
    const begin = side === 'left' ? -width : side === 'middle' ? -width / 2 : 0;
    const x = this.#x(column) + begin + (isToTheRight ? shift : -shift);
    const bottom = top + height;
    return element('g', { stroke, 'stroke-width': 1.5 }, [
      element('rect', { x, y: top, width, height, fill: COLOURS.paper, stroke: 'none' }),
      element('path', { d: `M${x} ${bottom}V${top}H${x + width}V${bottom}`, fill: 'none' }),
      line(x, bottom, x + width, bottom, { 'stroke-dasharray': open ? '3 2' : undefined }),
      text(String(packetId), x + width / 2, top + 15, {
        'font-family': MONO,
        'font-size': 11,
        fill: stroke,
        stroke: 'none',
        'text-anchor': 'middle',
      }),
    ]);
  }

  #packet(row: PacketRow): string {
    const { from, to, state, number, flight } = row;
    const y = arrowOf(row);
    const isRight = Math.max(from, to) > this.#middle;
    const [near, far] = isRight ? [18, 11] : [11, 18];
    const [left, right] = [this.#x(Math.min(from, to)) + near, this.#x(Math.max(from, to)) - far];
    const [begin, end] = from < to ? [left, right] : [right, left];
    const share = state === 'in flight' ? HALFWAY : 0.5;
    const at = begin + (end - begin) * share;
    return element('g', {}, [
      number === undefined
        ? ''
        : text(String(number), 12, y + 4, { 'font-family': MONO, fill: COLOURS['ink-3'] }),
      state === 'in flight' ? line(begin, y, at, y, { stroke: COLOURS.ink, 'stroke-width': 2 }) : '',
      line(state === 'in flight' ? at : begin, y, end, y, ARROWS[state]),
      state === 'lost' ? cross(end, y) : head(end, y, from < to, ARROWS[state].stroke),
      this.#capsule(row, at, y),
      this.#notes(row, y, isRight),
      element(
        'title',
        {},
        escaped(capsuleLabel(flight.frame, flight.version, this.#words.packet.capsule, state)),
      ),
    ]);
  }

  #capsule({ flight, state }: PacketRow, at: number, y: number): string {
    const { capsule } = this.#words.packet;
    const { name, facts, stretches } = summarize(flight.frame, flight.version);
    const fact = facts.map((each) => factText(each, capsule)).join(capsule.separator);
    const letter = CAPSULE.text * WIDE.mono;
    const type = name ?? capsule.unknown;
    const [typeWidth, factWidth] = [type.length * letter, fact.length * letter];
    const gap = fact === '' ? 0 : 8;
    const width = typeWidth + gap + factWidth + 2 * CAPSULE.padding;
    const [x, top] = [at - width / 2, y - CAPSULE.height / 2];
    const look = CAPSULES[state];
    const baseline = top + 16;
    const set = { 'font-family': MONO, 'font-size': CAPSULE.text, lengthAdjust: 'spacingAndGlyphs' };
    return element('g', { fill: look.text }, [
      element('rect', { x, y: top, width, height: CAPSULE.height, rx: 4, fill: look.fill, ...look.border }),
      text(type, x + CAPSULE.padding, baseline, {
        ...set,
        'font-weight': 600,
        textLength: round(typeWidth),
        'text-decoration': state === 'lost' ? 'line-through' : undefined,
      }),
      fact === ''
        ? ''
        : text(fact, x + CAPSULE.padding + typeWidth + gap, baseline, {
            ...set,
            textLength: round(factWidth),
          }),
      ...strip(stretches, x + 1, top + CAPSULE.height - CAPSULE.strip - 1, width - 2, look.faint),
    ]);
  }

  /** On the other side of the broker, where nothing of this packet is. */
  #notes({ notes, flight, from, to }: PacketRow, y: number, isRight: boolean): string {
    const lines = notes.flatMap((note) =>
      wrapped(noteText(note, flight.version, this.#words), (this.#gap - 34) / (NOTE.text * WIDE.sans)),
    );
    const first = y + 4 - ((lines.length - 1) * NOTE.line) / 2;
    const x = isRight ? this.#x(Math.min(from, to)) - NOTE.away : this.#x(Math.max(from, to)) + NOTE.away;
    const attributes = { fill: COLOURS['ink-2'], 'text-anchor': isRight ? 'end' : 'start' };
    return lines.map((each, index) => text(each, x, first + index * NOTE.line, attributes)).join('');
  }

  #between(row: BetweenRow): string {
    const [left, right] = [this.#x(Math.min(row.from, row.to)), this.#x(Math.max(row.from, row.to))];
    const isBreak = row.kind === 'cut' || row.kind === 'restart';
    const colour = isBreak ? COLOURS['state-fault'] : COLOURS['ink-2'];
    const said = this.#said(row);
    const half = (said.length * NOTE.text * WIDE.sans) / 2 + 8;
    const [middle, y] = [(left + right) / 2, arrowOf(row)];
    const { top, height } = row;
    const edges = { stroke: colour };
    return element('g', {}, [
      ...(isBreak
        ? [
            element('rect', { x: left, y: top, width: right - left, height, fill: 'url(#hatching)' }),
            line(left, top, right, top, edges),
            line(left, top + height, right, top + height, edges),
          ]
        : []),
      row.kind === 'freeze' || row.kind === 'thaw'
        ? line(left, y, right, y, { stroke: COLOURS['state-waiting'], 'stroke-dasharray': '5 4' })
        : '',
      element('rect', { x: middle - half, y: y - 10, width: 2 * half, height: 20, fill: COLOURS.paper }),
      text(said, middle, y + 4, { fill: colour, 'font-weight': 500, 'text-anchor': 'middle' }),
    ]);
  }

  #said(row: BetweenRow): string {
    const { rows } = this.#words.stepper;
    if (row.kind === 'cut' || row.kind === 'freeze' || row.kind === 'thaw') return rows[row.kind];
    if (row.kind === 'restart') return rows.restart[row.keeps ? 'kept' : 'lost'];
    return tellBetween(row, this.#words);
  }
}

const WHO = {
  publisher: 'who-publisher',
  broker: 'who-broker',
  subscriber: 'who-subscriber',
  both: 'who-subscriber',
} as const satisfies Record<Participant['role'], keyof typeof COLOURS>;

/** In a square of 13 units, as on the page. */
const GLYPHS: Readonly<Record<Exclude<Role, 'unknown'>, string>> = {
  publisher: '<path d="M1.5 1 12 6.5 1.5 12z" fill="currentColor"/>',
  broker: '<path d="M1 1h11v11H1zM4 4h5v5H4z"/>',
  subscriber: '<circle cx="6.5" cy="6.5" r="5.5"/><circle cx="6.5" cy="6.5" r="2" fill="currentColor"/>',
  both: '<circle cx="6.5" cy="6.5" r="5.5"/><path d="M5 3.5 9.5 6.5 5 9.5z" fill="currentColor"/>',
};

function glyphStroke(role: Participant['role']): Attributes {
  const colour = COLOURS[WHO[role]];
  return { class: roleClass[role], color: colour, stroke: colour, fill: 'none', 'stroke-width': 1.5 };
}

/** How the line of a packet is drawn, by its state. */
const ARROWS = {
  'in flight': { stroke: COLOURS['line-strong'], 'stroke-dasharray': '1.5 3' },
  delivered: { stroke: COLOURS['ink-2'] },
  held: { stroke: COLOURS['state-waiting'], 'stroke-dasharray': '5 4' },
  lost: { stroke: COLOURS['state-lost'], 'stroke-dasharray': '1.5 3' },
  expected: { stroke: COLOURS['line-strong'], 'stroke-dasharray': '1.5 3' },
} as const;

const CAPSULES = {
  'in flight': { text: COLOURS.paper, fill: COLOURS.ink, border: { stroke: COLOURS.ink }, faint: 1 },
  delivered: { text: COLOURS.ink, fill: COLOURS.paper, border: { stroke: COLOURS['ink-2'] }, faint: 1 },
  held: {
    text: COLOURS.ink,
    fill: COLOURS.paper,
    border: { stroke: COLOURS['state-waiting'], 'stroke-dasharray': '4 3' },
    faint: 1,
  },
  lost: {
    text: COLOURS['state-lost'],
    fill: COLOURS.paper,
    border: { stroke: COLOURS['state-lost'], 'stroke-dasharray': '1.5 2' },
    faint: 0.35,
  },
  expected: {
    text: COLOURS['ink-3'],
    fill: COLOURS.paper,
    border: { stroke: COLOURS['line-strong'], 'stroke-dasharray': '1.5 2' },
    faint: 0.3,
  },
} as const satisfies Record<PacketRow['state'], unknown>;

/** The four patterns of a packet's parts, and the hatching of what is not read or not there. */
const PATTERNS = element('defs', {}, [
  pattern('vh', 4, 2, `<path d="M0 .5h4" stroke="${COLOURS['part-variable']}"/>`),
  pattern('pr', 6, 4, `<path d="M0 2h4" stroke="${COLOURS['part-properties']}" stroke-width="4"/>`),
  pattern('pl', 4, 4, `<path d="M0 2h2" stroke="${COLOURS['part-payload']}" stroke-width="4"/>`),
  pattern('hatching', 6, 6, `<path d="M-1 1 1-1M0 6 6 0M5 7 7 5" stroke="${COLOURS.line}"/>`),
]);

function pattern(id: string, width: number, height: number, content: string): string {
  return element('pattern', { id, width, height, patternUnits: 'userSpaceOnUse' }, content);
}

/** The parts of a packet in proportion; none is so narrow that it cannot be seen. */
function strip(
  stretches: readonly { part: PacketPart | 'unread'; length: number }[],
  x: number,
  y: number,
  width: number,
  opacity: number,
): string[] {
  const least = 3;
  const total = stretches.reduce((sum, { length }) => sum + length, 0);
  const free = width - stretches.length * (least + 1) + 1;
  const ground = element('rect', { x, y, width, height: CAPSULE.strip, fill: COLOURS.paper });
  let left = x;
  const parts = stretches.map(({ part, length }) => {
    const own = least + (free * length) / total;
    const stroke = strokeOf(part);
    const paint =
      stroke === 'fh' ? COLOURS['part-fixed'] : stroke === 'x' ? 'url(#hatching)' : `url(#${stroke})`;
    const drawn = element('rect', { x: left, y, width: own, height: CAPSULE.strip, fill: paint, opacity });
    left += own + 1;
    return drawn;
  });
  return [ground, ...parts];
}

function head(x: number, y: number, isRightwards: boolean, fill: string): string {
  const back = isRightwards ? -7 : 7;
  return element('path', { d: `M${round(x)} ${y}l${back} -4.5v9z`, fill });
}

function cross(x: number, y: number): string {
  return element('path', {
    d: `M${round(x - 5)} ${y - 5}l10 10m0 -10l-10 10`,
    stroke: COLOURS['state-fault'],
    'stroke-width': 2,
  });
}

function line(x1: number, y1: number, x2: number, y2: number, look: Attributes): string {
  return element('line', { x1, y1, x2, y2, 'stroke-width': 1.5, ...look });
}

function text(content: string, x: number, y: number, look: Attributes): string {
  return element('text', { x, y, ...look }, escaped(content));
}

/** An element of XML; attributes without a value are left out. */
function element(name: string, attributes: Attributes, content: string | readonly string[] = ''): string {
  const inside = typeof content === 'string' ? content : content.join('');
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? round(value) : escaped(value)}"`],
  );
  return `<${name}${given.join('')}${inside === '' ? '/>' : `>${inside}</${name}>`}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What XML 1.0 cannot hold is shown as U+FFFD. */
function escaped(value: string): string {
  return value
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Lines of whole words, each as long as it may be. */
function wrapped(said: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of said.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
