// Lesson 5 as data: the Remaining Length as the encoder writes it and the decoder reads it, the steps in between, what the
// prediction and the goal publish, and the exercise. Nothing here knows an answer by heart, and no words are here.
import { Reader } from '#broker/codec/reader.ts';
import { Writer } from '#broker/codec/writer.ts';
import { encode, type Fault, Malformed, utf8, type Version, World } from '../../broker/index.ts';

/** The number that the figure opens with. */
export const OPENS = 49_798;

/** What each further byte multiplies by: its seven lower bits count. */
const BASE = 128;

/** The numbers that take one byte, two, three and four. */
export const RANGES: readonly { bytes: number; first: number; last: number }[] = [1, 2, 3, 4].map(
  (bytes) => ({
    bytes,
    first: bytes === 1 ? 0 : BASE ** (bytes - 1),
    last: BASE ** bytes - 1,
  }),
);

export const LARGEST: number = BASE ** RANGES.length - 1;

/**
 * The bytes of a number, as the encoder writes them.
 * @throws RangeError unless it is a whole number from 0 to 268 435 455
 */
export function write(value: number): Uint8Array {
  const writer = new Writer();
  writer.begin();
  writer.varint('the Remaining Length', value);
  return writer.frame(0).slice(2); // behind a first byte and a length of their own
}

/** What the decoder makes of bytes. */
export interface Reading {
  /** Undefined where there is a fault. */
  value: number | undefined;
  fault: Fault | undefined;
  /** How many of the bytes were read. */
  end: number;
}

/** Reads a Remaining Length, with whatever stands behind it. */
export function read(bytes: Uint8Array, version: Version = 5): Reading {
  const reader = new Reader(bytes, version);
  try {
    const value = reader.varint('remainingLength');
    return { value, fault: undefined, end: reader.offset };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { value: undefined, fault: error.fault, end: reader.offset };
  }
}

/** One byte of a Remaining Length, worked out. */
export interface Step {
  byte: number;
  /** The top bit: another byte follows. */
  more: boolean;
  /** The seven lower bits. */
  digit: number;
  /** What the seven bits are multiplied by. */
  weight: number;
  /** What was to be written before this byte, and what is left after it. */
  before: number;
  after: number;
}

/** The steps between a number and its bytes, one for each byte. */
export function steps(bytes: Uint8Array): Step[] {
  const value = bytes.reduce((sum, byte, index) => sum + (byte % BASE) * BASE ** index, 0);
  return Array.from(bytes, (byte, index) => {
    const weight = BASE ** index;
    const before = Math.floor(value / weight);
    return { byte, more: byte >= BASE, digit: byte % BASE, weight, before, after: Math.floor(before / BASE) };
  });
}

const CLIENT = 'p1';
export const TOPIC = 'Room1/Light';

/** The PUBLISH with which the client in the page sends a message of so many letters, at QoS 0. */
export function publication(length: number): Uint8Array {
  const world = new World({ version: 4, clients: [{ name: CLIENT }] }, [{ do: 'connect', client: CLIENT }]);
  for (let flight = world.next(); flight; flight = world.next())
    world.apply({ do: 'deliver', flight: flight.number });
  world.apply({ do: 'publish', client: CLIENT, topic: TOPIC, payload: 'x'.repeat(length), qos: 0 });
  const flight = world.next();
  if (flight === undefined) throw new Error('the client sent nothing');
  return flight.frame;
}

/** The message of the prediction, in letters: the longest with which one byte of Remaining Length is enough. */
export const LETTERS: number = (RANGES[0]?.last ?? 0) - (2 + utf8(TOPIC).length);

/** By how many bytes the packet may grow with one letter more; the options of the prediction. */
export const GROWTH = [0, 1, 2, 128] as const;

/** Runs the prediction: both packets, and which of the options they show to be so. */
export function grown(): { frames: Uint8Array[]; outcome: number } {
  const frames = [LETTERS, LETTERS + 1].map(publication);
  const [before = 0, after = 0] = frames.map(({ length }) => length);
  return { frames, outcome: GROWTH.findIndex((option) => option === after - before) };
}

/** The bytes of Remaining Length that the goal asks for. */
export const GOAL_BYTES = 2;

/** The longest message that the goal lets one publish, in bytes. */
export const GOAL_MOST = 100_000;

/** What the goal found in a packet and in the one that a byte more would make. */
export interface Found {
  /** Bytes of the message. */
  length: number;
  /** The Remaining Length, and the bytes that say it. */
  value: number;
  bytes: Uint8Array;
  longer: Uint8Array;
  fits: boolean;
  isLongest: boolean;
}

/** Publishes a message of so many letters, and one with a letter more, and looks at what was sent. */
export function found(length: number): Found {
  const [bytes, longer] = [lengthBytes(publication(length)), lengthBytes(publication(length + 1))];
  const fits = bytes.length === GOAL_BYTES;
  const { value = 0 } = read(bytes);
  return { length, value, bytes, longer, fits, isLongest: fits && longer.length > GOAL_BYTES };
}

/** The bytes of a packet that say its Remaining Length. */
export function lengthBytes(frame: Uint8Array): Uint8Array {
  return frame.slice(1, 1 + read(frame.subarray(1)).end);
}

/** The message length that meets the goal: what the range leaves when topic and topic length are taken off. */
export function solution(): number {
  return (RANGES[GOAL_BYTES - 1]?.last ?? 0) - (2 + utf8(TOPIC).length);
}

/** A packet of which the beginning is shown, and a number to be written. */
export interface Task {
  frame: Uint8Array;
  value: number;
}

/** How many bytes of the packet are shown. */
export const SHOWN = 8;

/** Makes the exercise from a source of chance: each number has two or three bytes, seldom one. */
export function exercise(next: () => number): Task {
  const between = (first: number, last: number): number => first + Math.floor(next() * (last - first + 1));
  const sized = (): number => {
    const { first, last } = RANGES[next() < 0.1 ? 0 : next() < 0.6 ? 1 : 2] ?? { first: 0, last: 127 };
    return between(first, Math.min(last, 90_000));
  };
  const payload = new Uint8Array(sized()).fill(0x78);
  const frame = encode({ type: 'publish', dup: false, qos: 0, retain: false, topic: 'log', payload }, 4);
  return { frame: Uint8Array.from(frame), value: sized() };
}

/** What became of an exercise: its two answers, each on its own. */
export interface Mark {
  size: SizeMark;
  bytes: BytesMark;
}
export type SizeMark =
  | { is: 'right' | 'blank' }
  /** The number is the Remaining Length alone, or what its bytes would say if the high one came first. */
  | { is: 'remaining' | 'highFirst' | 'different'; typed: number };
export type BytesMark =
  | { is: 'right' | 'blank' }
  | { is: 'fault'; message: string }
  /** The bytes say another number, or say it and go on. */
  | { is: 'different'; read: number }
  | { is: 'behind'; count: number };

/** Marks an exercise, with the size and the bytes that were typed. */
export function mark({ frame, value }: Task, size: number | undefined, bytes: Uint8Array | undefined): Mark {
  return { size: markSize(frame, size), bytes: markBytes(value, bytes) };
}

function markSize(frame: Uint8Array, typed: number | undefined): SizeMark {
  if (typed === undefined) return { is: 'blank' };
  if (typed === frame.length) return { is: 'right' };
  const field = lengthBytes(frame);
  const header = 1 + field.length;
  if (typed === frame.length - header) return { is: 'remaining', typed };
  const swapped = field.reduce((sum, byte) => sum * BASE + (byte % BASE), 0);
  return { is: typed === swapped || typed === swapped + header ? 'highFirst' : 'different', typed };
}

function markBytes(value: number, typed: Uint8Array | undefined): BytesMark {
  if (typed === undefined || typed.length === 0) return { is: 'blank' };
  const reading = read(typed);
  if (reading.fault) return { is: 'fault', message: reading.fault.message };
  if (reading.value !== value) return { is: 'different', read: reading.value ?? 0 };
  return reading.end < typed.length ? { is: 'behind', count: typed.length - reading.end } : { is: 'right' };
}
