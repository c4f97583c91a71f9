// Ways to mend a packet that has a fault. Repairs are tried out, and only those are offered that leave a packet in which the
// dissector finds nothing wrong. Knows the faults; knows no words.
import { dissect, type Fault, type FaultId, type Version } from '#broker/codec/index.ts';
import { headerEnd, recount, same, setBits, setByte, splice, varint } from './bytes.ts';
import { difference, type Hunk } from './difference.ts';
import { put, setField, typed, valueNodes } from './field.ts';
import { hexBytes } from './hex.ts';
import { isLength, type Node, type Opened, open } from './opened.ts';

/** What a mend does. */
export type MendId =
  | 'qos'
  | 'bits'
  | 'count'
  | 'cut'
  | 'append'
  | 'length'
  | 'replace'
  | 'field'
  | 'without'
  | 'takeOut'
  | 'shortest';

interface Repair {
  id: MendId;
  values: Readonly<Record<string, string | number>>;
  bytes: Uint8Array;
}

export interface Mend extends Repair {
  hunks: Hunk[];
}

/** No more than this many are offered. */
const MAX_MENDS = 4;

/** Bytes that a broken-off packet may be completed with. */
const MAX_APPENDED = 64;

/** The mends of a packet's fault, the likeliest first; none for a packet without a fault. */
export function mends({ bytes, dissection }: Opened, version: Version): Mend[] {
  const { fault } = dissection;
  if (fault === undefined) return [];
  const found: Mend[] = [];
  for (const repair of repairs(open(bytes, version), fault, version)) {
    const whole = settle(repair.bytes, version);
    if (whole === undefined || found.some((mend) => same(mend.bytes, whole))) continue;
    found.push({ ...repair, bytes: whole, hunks: difference(bytes, whole) });
    if (found.length === MAX_MENDS) break;
  }
  return found;
}

/** The packet as it is if nothing is wrong with it, or else with its Remaining Length counted again. */
function settle(bytes: Uint8Array, version: Version): Uint8Array | undefined {
  return [bytes, recount(bytes)].find((each) => dissect(each, version).fault === undefined);
}

function* repairs(opened: Opened, fault: Fault, version: Version): Generator<Repair> {
  const { bytes } = opened;
  const { id, offset, bits, values } = fault;
  if (id === 'qosThree') yield* asQoS(bytes, version);
  if (id === 'flagsReserved') yield bitsTo(bytes, 0, [3, 0], Number.parseInt(String(values.expected), 2));
  if (LENGTH_FAULTS.has(id)) yield* lengths(bytes, fault);
  if (CHARACTER_FAULTS.has(id)) yield replaced(bytes, offset, version);
  if (bits && id !== 'qosThree') {
    for (const value of id.endsWith('Three') ? [0, 1, 2] : [0]) yield bitsTo(bytes, offset, bits, value);
  }
  if (id === 'requestedQoSThree')
    for (const qos of [0, 1, 2])
      yield { id: 'qos', values: { qos }, bytes: setBits(bytes, offset, [1, 0], qos) };
  if (id in VALUES) yield* valuesFor(opened, fault);
  if (id in APPENDED) yield appended(bytes, APPENDED[id] ?? []);
  yield* textWithoutWildcards(opened, fault);
  yield* properties(opened, fault);
}

function bitsTo(bytes: Uint8Array, offset: number, bits: readonly [number, number], value: number): Repair {
  const [high, low] = bits;
  const digits = value.toString(2).padStart(high - low + 1, '0');
  const values = { high, low, digits, offset };
  return { id: 'bits', values, bytes: setBits(bytes, offset, bits, value) };
}

/** QoS 0 needs no packet identifier; for QoS 1 and 2, one comes in behind the topic. */
function* asQoS(bytes: Uint8Array, version: Version): Generator<Repair> {
  for (const qos of [0, 1, 2]) {
    const flagged = setBits(bytes, 0, [2, 1], qos);
    const topic = open(setBits(bytes, 0, [2, 1], 0), version).byKey.get('topic');
    if (qos === 0) yield { id: 'qos', values: { qos }, bytes: flagged };
    else if (topic)
      yield {
        id: 'qos',
        values: { qos },
        bytes: recount(splice(flagged, topic.span.end, topic.span.end, [0, 1])),
      };
  }
}

const LENGTH_FAULTS: ReadonlySet<FaultId> = new Set<FaultId>([
  'breaksOff',
  'bytesAfterEnd',
  'bytesLeftOver',
  'fieldTooLong',
  'varintTooLong',
  'varintNotShortest',
]);

/** Counts and bytes that do not agree: either can be made to fit the other. */
function* lengths(bytes: Uint8Array, { id, offset, values }: Fault): Generator<Repair> {
  const counted = bytes.length - headerEnd(bytes);
  const [high = 0, low = 0] = bytes.subarray(offset - 2, offset);
  if (id === 'fieldTooLong' && offset >= 2 && ((high << 8) | low) === values.needed) {
    const left = Number(values.left);
    yield {
      id: 'length',
      values: { field: String(values.field), count: left },
      bytes: splice(bytes, offset - 2, offset, [left >> 8, left & 0xff]),
    };
  }
  if (id === 'varintNotShortest')
    yield {
      id: 'shortest',
      values: { field: String(values.field) },
      bytes: shortest(bytes, offset, Number(values.value)),
    };
  yield { id: 'count', values: { count: counted }, bytes: recount(bytes) };
  if (id === 'bytesAfterEnd' || id === 'bytesLeftOver')
    yield { id: 'cut', values: { count: bytes.length - offset }, bytes: bytes.slice(0, offset) };
  if (id === 'breaksOff' && Number(values.missing) <= MAX_APPENDED) {
    for (const filler of [0x00, 0x20])
      yield appended(bytes, new Array<number>(Number(values.missing)).fill(filler));
  }
}

function shortest(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  let end = offset + 1;
  while ((bytes[end - 1] ?? 0) & 0x80) end++;
  return splice(bytes, offset, end, varint(value));
}

function appended(bytes: Uint8Array, more: readonly number[]): Repair {
  const shown = more.length > 4 ? `${hexBytes(more.slice(0, 3))} …` : hexBytes(more);
  return {
    id: 'append',
    values: { count: more.length, bytes: shown },
    bytes: splice(bytes, bytes.length, bytes.length, more),
  };
}

/** What a list that is empty can be given: the topic filter `#` at QoS 0, the same without options, the reason code 0. */
const APPENDED: Partial<Record<FaultId, readonly number[]>> = {
  noSubscriptions: [0x00, 0x01, 0x23, 0x00],
  noTopicFilters: [0x00, 0x01, 0x23],
  noReasonCodes: [0x00],
};

const CHARACTER_FAULTS: ReadonlySet<FaultId> = new Set<FaultId>(['notUtf8', 'surrogate', 'nullCharacter']);
const QUESTION_MARK = 0x3f;

/** Puts a question mark for every byte that no character can have, up to a dozen of them. */
function replaced(bytes: Uint8Array, offset: number, version: Version): Repair {
  let result = bytes;
  let at: number | undefined = offset;
  for (let count = 0; count < 12 && at !== undefined; count++) {
    result = setByte(result, at, QUESTION_MARK);
    const { fault } = dissect(result, version);
    at = fault && CHARACTER_FAULTS.has(fault.id) ? fault.offset : undefined;
  }
  return { id: 'replace', values: {}, bytes: result };
}

/** A topic has at least one character. */
const SHORTEST_TOPIC = 'a';

/** Values that a field may have instead; the first field of the name is meant, or the one at the fault. */
const VALUES: Partial<Record<FaultId, readonly (readonly [field: string, value: string])[]>> = {
  protocolName: [['protocolName', 'MQTT']],
  protocolVersion: [
    ['protocolVersion', '4'],
    ['protocolVersion', '5'],
    ['protocolVersion', '3'],
  ],
  packetIdZero: [['packetId', '1']],
  dupAtQoS0: [['qos', '1']],
  topicEmpty: [
    ['topic', SHORTEST_TOPIC],
    ['willTopic', SHORTEST_TOPIC],
    ['topicFilter', SHORTEST_TOPIC],
  ],
  passwordAlone: [
    ['usernameFlag', '1'],
    ['passwordFlag', '0'],
  ],
  clientIdEmpty: [
    ['cleanStart', '1'],
    ['clientId', 'a'],
  ],
  clientIdMissing: [['clientId', 'a']],
  reasonUnknown: [['*', '0']],
  propertyNotFlag: [
    ['*', '1'],
    ['*', '0'],
  ],
  propertyZero: [['*', '1']],
  topicAliasZero: [['*', '1']],
};

/** Sets the fields of a name, one after the other; `*` is the value at the fault. */
function* valuesFor(opened: Opened, { id, offset }: Fault): Generator<Repair> {
  for (const [field, value] of VALUES[id] ?? []) {
    for (const node of opened.nodes.filter((each) =>
      field === '*' ? isValueAt(each, offset) : each.span.field === field,
    )) {
      const bytes = setField(opened, node, value);
      if (bytes instanceof Uint8Array) yield { id: 'field', values: { field: titleOf(node), value }, bytes };
    }
  }
}

/** Whether a node is the value that begins at the fault, or the value of the property that does. */
function isValueAt({ span, parent, children }: Node, offset: number): boolean {
  const isPiece = parent?.span.field === 'property' && parent.span.start === offset;
  const isHere = isPiece ? !isLength(span.field) && span.field !== 'propertyId' : span.start === offset;
  return isHere && children.length === 0 && span.value !== undefined && span.depth > 0;
}

function titleOf({ span, parent }: Node): string {
  return parent?.span.field === 'property' ? parent.span.name : span.name;
}

/** Takes the wildcards out of a text that may not have them, or not there. */
function* textWithoutWildcards(opened: Opened, { offset }: Fault): Generator<Repair> {
  for (const node of opened.nodes.filter(
    (each) => isValueAt(each, offset) && typeof each.span.value === 'string',
  )) {
    const text = typed(node);
    const rest = text.replace(/[+#]/g, '');
    const bytes = setField(opened, node, rest || SHORTEST_TOPIC);
    if (!(bytes instanceof Uint8Array) || rest === text) continue;
    const without = [...new Set(text.match(/[+#]/g))].join(' ');
    if (rest) yield { id: 'without', values: { without, field: titleOf(node) }, bytes };
    else yield { id: 'field', values: { field: titleOf(node), value: SHORTEST_TOPIC }, bytes };
  }
}

/** Takes out the property that is at fault. */
function* properties(opened: Opened, { offset }: Fault): Generator<Repair> {
  const node = opened.nodes.findLast(({ span }) => span.field === 'property' && span.start === offset);
  if (node && valueNodes(node).length > 0)
    yield { id: 'takeOut', values: { property: node.span.name }, bytes: put(opened, node, []) };
}
