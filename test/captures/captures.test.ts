/**
 * What real clients and a real broker sent, taken apart here and by Wireshark. The captures, and the fields that tshark
 * found in them, are data; `manifest.json` says how they were made. The captures are in `content`: pages show them too.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Connect,
  decode,
  dissect,
  encode,
  Framer,
  utf8,
  type Version,
} from '../../broker/codec/index.ts';
import manifest from './manifest.json' with { type: 'json' };
import { readSegments } from './pcapng.ts';
import { type Tree, toTree } from './tree.ts';

interface Row {
  'frame.number': string;
  'tcp.stream': string;
  'tcp.srcport': string;
  mqtt: Tree;
}

const captures = manifest.captures.filter(({ broker_port }) => broker_port !== 8883);
const encrypted = manifest.captures.filter(({ broker_port }) => broker_port === 8883);

function read(name: string): Uint8Array {
  return readFileSync(new URL(name, import.meta.url));
}

function readRows(name: string): Row[] {
  return JSON.parse(Buffer.from(read(name)).toString());
}

/** The packets of a capture as tshark lists them: by the frame that completes each. */
function packets(file: string): Row[] {
  const rows: Row[] = [];
  const framers = new Map<string, Framer>();
  const versions = new Map<number, Version>();
  for (const { frame, stream, sourcePort, payload } of readSegments(read(`../../content/captures/${file}`))) {
    const direction = `${stream} ${sourcePort}`;
    const framer = framers.get(direction) ?? new Framer(4);
    framers.set(direction, framer);
    for (const bytes of framer.push(payload)) {
      const version = versions.get(stream) ?? (decode(bytes, 4) as Connect).version;
      versions.set(stream, version);
      const { spans, fault } = dissect(bytes, version);
      expect(fault).toBeUndefined();
      expect(encode(decode(bytes, version), version)).toEqual(Uint8Array.from(bytes));
      rows.push({
        'frame.number': String(frame),
        'tcp.stream': String(stream),
        'tcp.srcport': String(sourcePort),
        mqtt: toTree(spans),
      });
    }
  }
  for (const framer of framers.values()) expect(framer.pending).toBe(0);
  return rows;
}

/** JSON text rather than objects, so that the order of the fields counts. */
function lines(rows: Row[]): string[] {
  return rows.map((row) =>
    JSON.stringify([row['frame.number'], row['tcp.stream'], row['tcp.srcport'], row.mqtt], null, 1),
  );
}

describe('every packet of a capture has the fields that Wireshark saw', () => {
  test.each(captures)('$file: $description', ({ file, fields, mqtt_packets }) => {
    const found = packets(file);
    expect(lines(found)).toEqual(lines(readRows(fields)));
    expect(found.length).toBe(mqtt_packets);
  });
});

describe('a capture of TLS', () => {
  const APPLICATION_DATA = 23;

  test.each(encrypted)('$file is made of whole TLS 1.2 records, both ways', ({ file }) => {
    const streams = new Map<number, Buffer>();
    for (const { sourcePort, payload } of readSegments(read(`../../content/captures/${file}`)))
      streams.set(sourcePort, Buffer.concat([streams.get(sourcePort) ?? Buffer.alloc(0), payload]));
    expect(streams.size).toBe(2);
    for (const bytes of streams.values()) {
      const types: number[] = [];
      let at = 0;
      for (; at < bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) types.push(bytes.readUInt8(at));
      expect(at).toBe(bytes.length);
      expect(types).toContain(APPLICATION_DATA);
    }
  });

  // Reading the records with the key log takes TLS; the packets themselves are known from how the capture was made.
  test('the packets that the key log uncovers, encoded here, have the fields that Wireshark saw', () => {
    const publish = { topic: 'fixture/tls', payload: utf8('encrypte'), qos: 1, packetId: 1 } as const;
    const frames = [
      encode({ type: 'connect', version: 4, cleanStart: true, keepAlive: 60, clientId: 'tls-fix' }, 4),
      encode({ type: 'connack', sessionPresent: false, reasonCode: 0 }, 4),
      encode({ type: 'publish', dup: false, retain: false, ...publish }, 4),
      encode({ type: 'puback', packetId: 1, reasonCode: 0 }, 4),
      encode({ type: 'disconnect', reasonCode: 0 }, 4),
    ];
    const trees = frames.map((frame) => toTree(dissect(frame, 4).spans));
    const seen = readRows('v311-tls12-keylog.fields.json').map(({ mqtt }) => mqtt);
    expect(JSON.stringify(trees, null, 1)).toBe(JSON.stringify(seen, null, 1));
  });
});
