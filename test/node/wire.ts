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
} from '#broker/codec/index.ts';

export interface SocketWire {
  readonly connack: Connack;
  /** Sends packets in one piece. */
  send(...packets: Packet[]): void;
  /** Resolves with the next packet, or undefined where the broker closed the connection instead. */
  next(): Promise<Packet | undefined>;
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
  const [framer, came] = [new Framer(connect.version), [] as Packet[]];
  let look = () => {};
  socket.on('data', (chunk) => {
    try {
      for (const frame of framer.push(chunk)) came.push(decode(frame, connect.version));
    } catch {
      socket.destroy(); // as any client would that cannot read an answer
    }
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
  /** All that came until one that is awaited, or the end. */
  const until = (isLast: (packet: Packet) => boolean) =>
    new Promise<Packet[]>((resolve) => {
      look = () => {
        const last = came.findIndex(isLast);
        if (last >= 0) resolve(came.splice(0, last + 1));
        else if (isGone) resolve(came.splice(0));
      };
      look();
    });
  const send = (...packets: Packet[]) => {
    socket.write(Buffer.concat(packets.map((packet) => encode(packet, connect.version))));
  };
  send(connect);
  const next = async () => (await until(() => true))[0];
  const connack = await next();
  const come = async () => {
    send({ type: 'pingreq' });
    const isAnswer = ({ type }: Packet) => type === 'pingresp';
    return (await until(isAnswer)).filter((packet) => !isAnswer(packet));
  };
  return {
    connack: connack as Connack,
    send,
    next,
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
