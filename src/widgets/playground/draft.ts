// The packet that the form shows: what the bytes say, or, where they cannot be read to the end, as much of it as could be
// read over what was there before. And what is wrong with it, field by field. Knows no screen.
import {
  encode,
  type Fault,
  PACKET_TYPES,
  type Packet,
  type PacketType,
  type Version,
  validate,
} from '#broker/codec/index.ts';
import type { Wire } from '../packet/editor.ts';
import { bare } from '../packet/examples.ts';
import type { History } from '../packet/history.ts';
import { type Node, nodeAt, nodeAtBit, type Opened, open } from '../packet/opened.ts';
import { addProperty, type Control, formOf } from './form.ts';

export interface Draft {
  packet: Packet;
  /** The keys of what could be read; undefined where all of it could. */
  read: ReadonlySet<string> | undefined;
}

/** How far back a packet is looked for that could be read. */
const STEPS_BACK = 20;

/** Of a packet that breaks off, no more stretches than this are taken into the form. */
const MOST_RECOVERED = 200;

/** What the form shows of the bytes as they are now. */
export function draftOf(history: History<Wire>, opened: Opened): Draft {
  const { written } = history.now;
  const packet = written ?? opened.dissection.packet;
  if (packet !== undefined) return { packet, read: undefined };
  const type = PACKET_TYPES[((opened.bytes[0] ?? 0) >> 4) - 1]?.type ?? 'publish';
  return recovered(opened, latest(history, type) ?? bare(type, opened.version));
}

/** The last packet of a type that could be read. */
function latest({ past }: History<Wire>, type: PacketType): Packet | undefined {
  for (const { written, bytes, version } of past.slice(-STEPS_BACK).reverse()) {
    const packet = written ?? open(bytes, version).dissection.packet;
    if (packet !== undefined) return packet.type === type ? packet : undefined;
  }
  return undefined;
}

/** Puts what was read over what was there. */
function recovered(opened: Opened, before: Packet): Draft {
  const { version } = opened;
  let packet = before.type === 'connect' ? { ...before, version } : before;
  const nodes = opened.nodes.slice(0, MOST_RECOVERED);
  // The Will Flag comes behind the flags that need a will to be one of.
  const will = nodes.filter(({ key }) => key === 'willFlag');
  for (const node of [...will, ...nodes]) packet = taken(packet, node, version) ?? packet;
  return { packet, read: new Set(nodes.map(({ key }) => key)) };
}

function taken(packet: Packet, node: Node, version: Version): Packet | undefined {
  const { key, span } = node;
  const value = span.field === 'property' ? propertyValue(node) : span.value;
  if (value === undefined) return undefined;
  const control = controlOf(packet, key, version);
  if (control !== undefined) return setTo(control, value);
  const more = grown(packet, node, version);
  const added = more && controlOf(more, key, version);
  return added && setTo(added, value);
}

function controlOf(packet: Packet, key: string, version: Version): Control | undefined {
  return formOf(packet, version)
    .flatMap(({ controls }) => controls)
    .find((control) => control.key === key);
}

type Value = number | string | Uint8Array | readonly [string, string];

function propertyValue({ children }: Node): Value | undefined {
  const values = children.map(({ span }) => span).filter(({ field }) => !/Id$|Length$/.test(field));
  const [first, second] = values.map(({ value }) => value);
  return values[0]?.field === 'propertyName'
    ? typeof first === 'string' && typeof second === 'string'
      ? [first, second]
      : undefined
    : first;
}

function setTo(control: Control, value: Value): Packet | undefined {
  switch (control.kind) {
    case 'flag':
      return control.set(value !== 0);
    case 'choice':
    case 'number':
    case 'code':
      return typeof value === 'number' ? control.set(value) : undefined;
    case 'text':
      return typeof value === 'string' ? control.set(value) : undefined;
    case 'bytes':
      return value instanceof Uint8Array ? control.set(value) : undefined;
    case 'pair':
      return Array.isArray(value) ? control.set([value[0], value[1]]) : undefined;
    default:
      return control satisfies never;
  }
}

/** The packet with room for what was read: one property more, or one item more on its list. */
function grown(packet: Packet, { span, parent }: Node, version: Version): Packet | undefined {
  if (span.field === 'property' && span.property !== undefined) {
    const isWill = parent?.span.field === 'willProperties';
    return addProperty(packet, isWill ? 'will' : (packet.type as 'publish'), span.property);
  }
  const isItem = /^(topicFilter|subackReturnCode|(sub|unsub)ackReason)$/.test(span.field);
  return isItem
    ? formOf(packet, version)
        .find(({ addition }) => addition !== undefined)
        ?.addition?.add()
    : undefined;
}

/** The faults of a packet by the key of the field that shows each; `payload` is the list that lacks its items. */
export function faultsOf({ packet, read }: Draft, opened: Opened): ReadonlyMap<string, Fault> {
  const { version, dissection } = opened;
  const faults = new Map<string, Fault>();
  const note = (fault: Fault, at: Opened): void => {
    const key = keyOf(fault, at);
    if (!faults.has(key)) faults.set(key, fault);
  };
  if (dissection.packet === undefined) {
    if (dissection.fault) note(dissection.fault, opened);
    return faults;
  }
  if (read === undefined) {
    const canonical = open(encode(packet, version), version);
    for (const fault of validate(packet, version)) note(fault, canonical);
  }
  return faults;
}

/** A fault of a length is one of what it measures. */
function keyOf({ offset, bits }: Fault, opened: Opened): string {
  const node = bits ? nodeAtBit(opened, offset, bits[0]) : nodeAt(opened, offset);
  return node?.key.replace(/Length(#|$)/, '$1') ?? 'payload';
}

/** The same packet, for another version: a CONNECT says its own. */
export function asVersion(packet: Packet, version: Version): Packet {
  return packet.type === 'connect' ? { ...packet, version } : packet;
}
