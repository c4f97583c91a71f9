// What Wireshark's command line would print of a capture's MQTT packets: its names, its way of writing values, its tree. Knows
// the form alone; the fields are the codec's.
import { type Span, wiresharkFields } from '../codec/index.ts';
import { hexText } from './bytes.ts';
import type { CaptureContents } from './capture.ts';
import { type CapturedPacket, dissectPacket } from './conversation.ts';
import { LAYER_FIELDS, type LayerField } from './field.ts';
import type { LayerSpan } from './reader.ts';

/** A field with parts has them under its own name with `_tree` behind it; what occurs more than once is an array. */
export type WiresharkTree = { [filter: string]: string | WiresharkTree | (string | WiresharkTree)[] };

/** One MQTT packet as `tshark -T json` shows it, of the frame that completes it. */
export interface WiresharkRow {
  'frame.number': string;
  'frame.time_relative': string;
  'tcp.stream': string;
  'tcp.srcport': string;
  'tcp.dstport': string;
  /** Absent where TLS lies between. */
  'tcp.payload'?: string;
  mqtt: WiresharkTree;
}

/** The MQTT packets of a capture as Wireshark shows them. */
export function wiresharkRows({ packets, conversations }: CaptureContents): WiresharkRow[] {
  const byStream = new Map(conversations.map((conversation) => [conversation.stream, conversation]));
  return packets.map((packet) => {
    const { client, broker } = byStream.get(packet.stream) as CaptureContents['conversations'][number];
    const isUp = packet.direction === 'up';
    return wiresharkRow(packet, (isUp ? client : broker).port, (isUp ? broker : client).port);
  });
}

function wiresharkRow(packet: CapturedPacket, source: number, destination: number): WiresharkRow {
  const { frame, time, stream, segment } = packet;
  return {
    'frame.number': String(frame),
    'frame.time_relative': wiresharkTime(time),
    'tcp.stream': String(stream),
    'tcp.srcport': String(source),
    'tcp.dstport': String(destination),
    ...(segment && { 'tcp.payload': colons(segment) }),
    mqtt: wiresharkTree(wiresharkSpans(packet)),
  };
}

/**
 * The spans of a packet as Wireshark has them: in place of an empty topic it shows, behind the properties, the topic that
 * their alias stands for.
 */
export function wiresharkSpans(packet: CapturedPacket): Span[] {
  const { topic = '' } = packet;
  const { spans } = dissectPacket(packet);
  const empty = spans.find(({ field, value }) => field === 'topic' && value === '');
  if (empty === undefined) return spans;
  const alias = spans.findIndex(({ property }) => property === 'topicAlias');
  const end = alias === -1 ? -1 : spans.findIndex(({ depth }, index) => index > alias && depth === 0);
  if (end !== -1) spans.splice(end, 0, { ...empty, depth: 0, value: topic });
  return spans.filter((span) => span !== empty);
}

/** Seconds with nine digits behind the point. In: milliseconds. */
export function wiresharkTime(time: number): string {
  const nanoseconds = Math.round(Math.abs(time) * 1e6);
  const digits = String(nanoseconds).padStart(10, '0');
  return `${time < 0 ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** Folds the spans of a packet into Wireshark's tree. */
export function wiresharkTree(spans: readonly Span[]): WiresharkTree {
  const root: WiresharkTree = {};
  const parents: WiresharkTree[] = [root];
  spans.forEach((span, index) => {
    const parent = parents[span.depth] as WiresharkTree;
    const hasParts = (spans[index + 1]?.depth ?? 0) > span.depth;
    parents[span.depth + 1] = enter(parent, span, hasParts);
  });
  return root;
}

/** Adds one field, and returns where its parts belong. */
function enter(parent: WiresharkTree, span: Span, hasParts: boolean): WiresharkTree {
  const [field] = wiresharkFields([span]);
  if (field === undefined) return parent;
  const hasValue = span.value !== undefined;
  if (hasValue) add(parent, field.filter, field.value);
  if (!hasParts) return parent;
  const inner: WiresharkTree = {};
  add(parent, hasValue ? `${field.filter}_tree` : field.filter, inner);
  return inner;
}

function add(tree: WiresharkTree, key: string, value: string | WiresharkTree): void {
  const before = tree[key];
  if (before === undefined) tree[key] = value;
  else if (Array.isArray(before)) before.push(value);
  else tree[key] = [before, value];
}

/** The value of a field below MQTT as Wireshark writes it. */
export function layerValue({ field, value }: LayerSpan): string {
  const { format, digits = 2 }: LayerField = LAYER_FIELDS[field];
  if (value instanceof Uint8Array) return colons(value);
  if (typeof value === 'number' && format === 'hex') return `0x${value.toString(16).padStart(digits, '0')}`;
  return String(value ?? '');
}

function colons(bytes: Uint8Array): string {
  return hexText(bytes).replace(/..(?=.)/g, '$&:');
}
