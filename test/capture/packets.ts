/** Short ways to MQTT packets, for captures made by tests; and to what is found in a capture. */
import {
  type CaptureContents,
  type CaptureOptions,
  readCapture,
  webCrypto,
} from '../../broker/capture/index.ts';
import {
  type Connect,
  encode,
  type Packet,
  type Publish,
  type QoS,
  utf8,
  type Version,
} from '../../broker/codec/index.ts';

export function connect(more: Partial<Connect> = {}): Uint8Array {
  const packet: Connect = {
    type: 'connect',
    version: 4,
    cleanStart: true,
    keepAlive: 60,
    clientId: 'c',
    ...more,
  };
  return encode(packet, packet.version);
}

export function publish(
  topic: string,
  payload: string,
  more: Partial<Publish> = {},
  version: Version = 4,
): Uint8Array {
  const qos: QoS = more.qos ?? 0;
  return encode(
    { type: 'publish', dup: false, retain: false, topic, payload: utf8(payload), ...more, qos },
    version,
  );
}

export function packet(one: Packet, version: Version = 4): Uint8Array {
  return encode(one, version);
}

export const CONNACK: Uint8Array = Uint8Array.of(0x20, 2, 0, 0);
export const DISCONNECT: Uint8Array = Uint8Array.of(0xe0, 0);

/** Reads a capture, all at once or in chunks of a size. */
export function read(
  file: Uint8Array,
  options: CaptureOptions = {},
  size: number = file.length,
): Promise<CaptureContents> {
  const crypto = webCrypto(globalThis.crypto.subtle);
  return readCapture(() => chunks(file, size), { crypto, ...options });
}

function* chunks(file: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < file.length; at += Math.max(size, 1)) yield file.subarray(at, at + size);
}

/** `PUBLISH a/b` for each packet of a capture. */
export function listing({ packets }: CaptureContents): string[] {
  return packets.map(({ type, topic }) =>
    [type?.toUpperCase() ?? '?', topic].filter((word) => word !== undefined).join(' '),
  );
}

/** The findings' ids, each once for each time it was found. */
export function findingIds({ findings }: CaptureContents): string[] {
  return findings.map(({ id }) => id);
}

/** The findings' sentences. */
export function sentences({ findings }: CaptureContents): string[] {
  return findings.map(({ message }) => message);
}
