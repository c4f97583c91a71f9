/** Reads the vectors; `README.md` tells their form. */
import {
  type Fault,
  type FaultId,
  type Packet,
  type StatementId,
  utf8,
  VERSION_NAMES,
  type Version,
} from '../../broker/codec/index.ts';
import faultRows from './faults.json' with { type: 'json' };
import lengths from './lengths.json' with { type: 'json' };
import packets from './packets.json' with { type: 'json' };
import properties from './properties.json' with { type: 'json' };
import reasons from './reasons.json' with { type: 'json' };
import strings from './strings.json' with { type: 'json' };

interface Row {
  name: string;
  versions: string[];
  bytes: string;
}

interface GoodRow extends Row {
  packet: object;
  encodes?: string;
  meaning?: string;
  property?: string;
  owner?: string;
}

interface FaultRow extends Row {
  fault: string;
  offset: number;
  bits?: number[];
  rule?: string;
}

/** A packet that means something, in one of its versions. */
export interface GoodVector {
  title: string;
  version: Version;
  bytes: Uint8Array;
  packet: Packet;
  encodes: Uint8Array;
  meaning: string | undefined;
  property: string | undefined;
  owner: string | undefined;
}

/** A packet that is to be refused, in one of the versions that refuse it. */
export interface FaultVector {
  title: string;
  version: Version;
  bytes: Uint8Array;
  fault: Pick<Fault, 'id' | 'offset' | 'bits' | 'rule'>;
}

export const goodVectors: GoodVector[] = [packets, strings, reasons, properties, lengths]
  .flat()
  .flatMap((row: GoodRow) =>
    versionsOf(row).map((version) => ({
      title: titleOf(row, version),
      version,
      bytes: parseHex(row.bytes),
      packet: parseValue(row.packet) as Packet,
      encodes: parseHex(row.encodes ?? row.bytes),
      meaning: row.meaning,
      property: row.property,
      owner: row.owner,
    })),
  );

export const faultVectors: FaultVector[] = (faultRows as FaultRow[]).flatMap((row) =>
  versionsOf(row).map((version) => ({
    title: titleOf(row, version),
    version,
    bytes: parseHex(row.bytes),
    fault: {
      id: row.fault as FaultId,
      offset: row.offset,
      bits: row.bits as Fault['bits'],
      rule: row.rule as StatementId | undefined,
    },
  })),
);

function versionsOf({ versions }: Row): Version[] {
  return versions.map((name) => {
    const version = ([3, 4, 5] as const).find((one) => VERSION_NAMES[one] === name);
    if (version === undefined) throw new Error(`no version ${name}`);
    return version;
  });
}

function titleOf({ name }: Row, version: Version): string {
  return `${name} (read as ${VERSION_NAMES[version]})`;
}

function parseHex(text: string): Uint8Array {
  const bytes = text
    .split(/[\s|]+/)
    .filter((token) => token !== '')
    .map((token) => {
      const [byte = '', times = '1'] = token.split('*');
      return Buffer.alloc(Number(times), Number.parseInt(byte, 16));
    });
  return Uint8Array.from(Buffer.concat(bytes));
}

/** Packets as they are in JSON, with their bytes and repeated strings put in. */
function parseValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(parseValue);
  if (typeof value !== 'object' || value === null) return value;
  if ('text' in value) return utf8(value.text as string);
  const times = 'times' in value ? (value.times as number) : 1;
  if ('hex' in value) return parseHex(times === 1 ? (value.hex as string) : `${value.hex}*${times}`);
  if ('repeat' in value) return (value.repeat as string).repeat(times);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, parseValue(inner)]));
}
