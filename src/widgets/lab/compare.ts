// Two runs beside each other: the same script in two worlds that differ in one thing. It makes the second run, says which
// step of the one goes with which of the other, and lists what differs: packets, their fields, and what is remembered at
// the end. Knows no words and no screen.
import type { Flight, Input, QoS, Setup, Version } from '#broker/index.ts';
import { type Run, toEnd } from '../../lessons/run.ts';
import { isLength, type Node, open } from '../packet/opened.ts';
import { type Remembered, remembered } from '../stepper/memory.ts';
import type { Timeline } from '../stepper/timeline.ts';
import { forVersion } from './clients.ts';
import { labOf, runOf } from './lab.ts';
import { fit, type Line, scriptOf } from './script.ts';

/** The one thing that the second world has otherwise. */
export type Twist =
  | { readonly kind: 'version'; readonly version: Version }
  | { readonly kind: 'qos'; readonly qos: QoS }
  /** Clean Session, or Clean Start, of all clients. */
  | { readonly kind: 'clean'; readonly clean: boolean }
  /** A line of the script does not happen. */
  | { readonly kind: 'without'; readonly line: number }
  /** A client's connection is cut behind a line, and the client returns. */
  | { readonly kind: 'cut'; readonly client: string; readonly behind: number };

/** Two runs that have come to rest. */
export interface Pair {
  readonly left: Run;
  readonly right: Run;
  /** Where to stand in the one when standing in the other, from the beginning to the end. */
  readonly steps: readonly (readonly [left: number, right: number])[];
}

/** A world that differs in one thing, with the script as it is done there. */
interface Twisted {
  readonly setup: Setup;
  readonly script: readonly Line[];
  /** For each line, which line of the first script it is. */
  readonly origin: readonly (number | undefined)[];
}

/** Runs a script once more, with one thing otherwise. */
export function pairOf(setup: Setup, inputs: readonly Input[], twist: Twist): Pair {
  const script = scriptOf(setup, inputs);
  const other = twisted(setup, script, twist);
  const fitted = fit(other.setup, other.script, true);
  const places = new Map(other.origin.map((line, index) => [line, fitted.places[index]] as const));
  return paired(
    toEnd(runOf(labOf(setup, inputs))),
    toEnd(runOf(labOf(other.setup, fitted.inputs))),
    script.map((_, line) => places.get(line)),
  );
}

/** Puts two runs beside each other that were made apart: what both did in the same order goes together. */
export function besides(left: Run, right: Run): Pair {
  const [one, other] = [left, right].map((run) => scriptOf(run.scenario.setup, run.inputs).map(sign));
  const same = common(one ?? [], other ?? [], (a, b) => a === b);
  const places = new Map(same);
  return paired(
    toEnd(left),
    toEnd(right),
    left.inputs.map((_, line) => places.get(line)),
  );
}

/** What a line is, whatever number its packet has. */
function sign({ input, spot }: Line): string {
  return JSON.stringify('flight' in input ? { ...input, flight: spot } : input);
}

/** @param places for each input at the left, the one at the right that goes with it */
function paired(left: Run, right: Run, places: readonly (number | undefined)[]): Pair {
  const steps: [number, number][] = [[0, 0]];
  let [a, b] = [0, 0];
  const walk = (toA: number, toB: number) => {
    while (a < toA || b < toB) {
      if (a < toA) a++;
      if (b < toB) b++;
      steps.push([a, b]);
    }
  };
  for (const [line, place] of places.entries()) {
    if (place === undefined || place < b) continue;
    walk(line, place);
    walk(line + 1, place + 1);
  }
  walk(left.inputs.length, right.inputs.length);
  return { left, right, steps };
}

function twisted(setup: Setup, script: readonly Line[], twist: Twist): Twisted {
  const origin = script.map((_, line) => line);
  switch (twist.kind) {
    case 'version': {
      const clients = setup.clients.map((client) => forVersion(client, twist.version));
      return { setup: { ...setup, version: twist.version, clients }, script, origin };
    }
    case 'clean': {
      const clients = setup.clients.map((client) => ({ ...client, cleanStart: twist.clean }));
      return { setup: { ...setup, clients }, script, origin };
    }
    case 'qos':
      return { setup, script: script.map((line) => atQos(line, twist.qos)), origin };
    case 'without':
      return {
        setup,
        script: script.toSpliced(twist.line, 1),
        origin: origin.toSpliced(twist.line, 1),
      };
    case 'cut': {
      const { client, behind } = twist;
      const fault: Line[] = [
        { input: { do: 'cut', client }, rests: false },
        { input: { do: 'connect', client }, rests: false },
      ];
      return {
        setup,
        script: script.toSpliced(behind, 0, ...fault),
        origin: [...origin.slice(0, behind), undefined, undefined, ...origin.slice(behind)],
      };
    }
    default:
      return twist satisfies never;
  }
}

function atQos(line: Line, qos: QoS): Line {
  const { input } = line;
  return input.do === 'publish' || input.do === 'subscribe' ? { ...line, input: { ...input, qos } } : line;
}

/** A field that two packets of the same kind have otherwise. */
export interface FieldDifference {
  readonly key: string;
  readonly name: string;
  readonly left: Node | undefined;
  readonly right: Node | undefined;
}

export type PacketDifference =
  | { readonly kind: 'left'; readonly flight: Flight }
  | { readonly kind: 'right'; readonly flight: Flight }
  | {
      readonly kind: 'bytes';
      readonly left: Flight;
      readonly right: Flight;
      readonly fields: readonly FieldDifference[];
    }
  /** The same bytes, which arrived on the one side and were lost on the other. */
  | { readonly kind: 'fate'; readonly left: Flight; readonly right: Flight; readonly lost: 'left' | 'right' };

/** What differs in the packets of two runs, in their order. */
export function packetDifferences(left: Timeline, right: Timeline): PacketDifference[] {
  const [fates, others] = [left.moments.at(-1)?.states, right.moments.at(-1)?.states];
  const same = common(left.flights, right.flights, (one, other) => wayOf(one) === wayOf(other));
  const differences: PacketDifference[] = [];
  let [a, b] = [0, 0];
  for (const [at, beside] of [...same, [left.flights.length, right.flights.length] as const]) {
    for (const flight of left.flights.slice(a, at)) differences.push({ kind: 'left', flight });
    for (const flight of right.flights.slice(b, beside)) differences.push({ kind: 'right', flight });
    const [one, other] = [left.flights[at], right.flights[beside]];
    if (one && other) {
      const isLost = fates?.get(one.number) === 'lost';
      if (!hasSameBytes(one, other))
        differences.push({ kind: 'bytes', left: one, right: other, fields: fieldDifferences(one, other) });
      else if (isLost !== (others?.get(other.number) === 'lost'))
        differences.push({ kind: 'fate', left: one, right: other, lost: isLost ? 'left' : 'right' });
    }
    [a, b] = [at + 1, beside + 1];
  }
  return differences;
}

/** Of what kind a packet is, and between whom. Packets of the same way can be compared. */
function wayOf({ from, to, frame }: Flight): string {
  return `${from} ${to} ${(frame[0] ?? 0) >> 4}`;
}

function hasSameBytes({ frame }: Flight, other: Flight): boolean {
  return frame.length === other.frame.length && frame.every((byte, index) => byte === other.frame[index]);
}

/** The fields that differ. Lengths follow from the others, and are told only where nothing else is. */
function fieldDifferences(left: Flight, right: Flight): FieldDifference[] {
  const [one, other] = [fieldsOf(left), fieldsOf(right)];
  const keys = [...new Set([...one.keys(), ...other.keys()])];
  const all = keys.flatMap((key): FieldDifference[] => {
    const [a, b] = [one.get(key), other.get(key)];
    if (a && b && String(a.span.value) === String(b.span.value)) return [];
    return [{ key, name: nameOf(a ?? b), left: a, right: b }];
  });
  const known = withoutNamesakes(all);
  const telling = known.filter(
    ({ left: a, right: b }) => !isLength((a ?? b)?.span.field ?? 'remainingLength'),
  );
  return telling.length > 0 ? telling : known.length > 0 ? known : all;
}

/** Leaves out what two versions call differently and what is the same, and flags that only one has and that are not set. */
function withoutNamesakes(all: readonly FieldDifference[]): FieldDifference[] {
  const rights = all.filter(({ left }) => !left);
  const same = new Set<FieldDifference>();
  for (const one of all.filter(({ right }) => !right)) {
    const other = rights.find((each) => !same.has(each) && isAlike(one.left, each.right));
    if (other) same.add(one).add(other);
  }
  return all.filter((each) => {
    const only = each.left && each.right ? undefined : (each.left ?? each.right);
    return !same.has(each) && !(only?.span.bits && Number(only.span.value) === 0);
  });
}

function isAlike(one: Node | undefined, other: Node | undefined): boolean {
  return one?.span.part === other?.span.part && String(one?.span.value) === String(other?.span.value);
}

/** A property is known by its own name, whatever its pieces are called. */
function nameOf(node: Node | undefined): string {
  const { span, parent } = node ?? {};
  return (parent?.span.field === 'property' ? parent.span.name : span?.name) ?? '';
}

/** The fields that have a value of their own, by name. */
function fieldsOf({ frame, version }: Flight): Map<string, Node> {
  const leaves = open(frame, version).nodes.filter(
    ({ span, children }) => children.length === 0 && span.value !== undefined && span.field !== 'propertyId',
  );
  return new Map(leaves.map((node) => [node.key, node]));
}

/** Something that is remembered at the end on one side only, or otherwise. */
export interface MemoryDifference {
  readonly party: string;
  readonly left: Remembered | undefined;
  readonly right: Remembered | undefined;
}

/** What each party remembers otherwise when all is over. */
export function memoryDifferences(
  left: Pair['left'],
  lines: { left: Timeline; right: Timeline },
): MemoryDifference[] {
  const { participants } = left.scenario;
  const at = (line: Timeline) => {
    const last = line.moments.at(-1);
    return new Map(
      (last ? remembered(last, participants, 'session') : []).map((each) => [each.key, each] as const),
    );
  };
  const [one, other] = [at(lines.left), at(lines.right)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((key) => {
    const [a, b] = [one.get(key), other.get(key)];
    if (JSON.stringify(a?.item) === JSON.stringify(b?.item)) return [];
    return [{ party: (a ?? b)?.party ?? '', left: a, right: b }];
  });
}

/** The longest row of what two rows have in common, as pairs of places. */
function common<One, Other>(
  one: readonly One[],
  other: readonly Other[],
  isSame: (a: One, b: Other) => boolean,
): [number, number][] {
  const rows = Array.from({ length: one.length + 1 }, () => new Uint32Array(other.length + 1));
  const at = (a: number, b: number): number => rows[a]?.[b] ?? 0;
  for (let a = one.length - 1; a >= 0; a--) {
    const row = rows[a] as Uint32Array;
    for (let b = other.length - 1; b >= 0; b--)
      row[b] = isSame(one[a] as One, other[b] as Other)
        ? at(a + 1, b + 1) + 1
        : Math.max(at(a + 1, b), at(a, b + 1));
  }
  const pairs: [number, number][] = [];
  let [a, b] = [0, 0];
  while (a < one.length && b < other.length) {
    if (isSame(one[a] as One, other[b] as Other)) pairs.push([a++, b++]);
    else if (at(a + 1, b) >= at(a, b + 1)) a++;
    else b++;
  }
  return pairs;
}
