// A scripted client on a socket of the machine's own: packets as they are, in and out. It acknowledges nothing by itself. What
// has come is known by asking for a PINGRESP: a broker answers in order.
import { connect as connectTcp } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  type Connack,
  type Connect,
  decode,
  encode,
  Framer,
  type Packet,
  type Publish,
  type Version,
} from '#broker/codec/index.ts';

export interface SocketWire {
  readonly connack: Connack;
  send(...packets: Packet[]): void;
  /** Resolves with all that came since the last time and until the broker has answered a PINGREQ, or closed the connection. */
  come(): Promise<Packet[]>;
  /** What came of the messages in that time: topic, QoS and payload. */
  heard(): Promise<string[]>;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
}

/** Connects, and takes the CONNACK, whatever it says. Version 4 unless told otherwise. */
export async function wire(port: number | undefined, partial: Partial<Connect> = {}): Promise<SocketWire> {
  const connect: Connect = {
    type: 'connect',
    version: 4,
    cleanStart: true,
    keepAlive: 60,
    clientId: 'a',
    ...partial,
  };
  const socket = connectTcp({ port: port as number, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  const [framer, came] = [new Framer(), [] as Packet[]];
  let look = () => {};
  socket.on('data', (chunk) => {
    for (const frame of framer.push(chunk)) came.push(decode(frame, connect.version));
    look();
  });
  let isGone = false;
  const closed = new Promise<void>((resolve) =>
    socket.once('close', () => {
      isGone = true;
      look();
      resolve();
    }),
  );
  const until = (type: Packet['type']) =>
    new Promise<Packet[]>((resolve) => {
      look = () => {
        if (isGone || came.at(-1)?.type === type) resolve(came.splice(0));
      };
      look();
    });
  const send = (...packets: Packet[]) => {
    for (const packet of packets) socket.write(encode(packet, connect.version));
  };
  send(connect);
  const [connack] = await until('connack');
  const come = async () => {
    send({ type: 'pingreq' });
    return (await until('pingresp')).filter(({ type }) => type !== 'pingresp');
  };
  return {
    connack: connack as Connack,
    send,
    come,
    heard: async () => (await come()).filter(isPublish).map(told),
    closed,
  };
}

function isPublish(packet: Packet): packet is Publish {
  return packet.type === 'publish';
}

function told({ topic, qos, payload }: Publish): string {
  return `${topic} ${qos} ${new TextDecoder().decode(payload)}`;
}

/** Versions with the same rules, for tests of each. */
export const VERSIONS: readonly Version[] = [4, 5];
