// Sockets of the machine's own: what a broker does on them that no memory can show.
import { createServer } from 'node:http';
import { connect as connectTcp, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { decode, encode, utf8 } from '#broker/codec/index.ts';
import { bind, bindNext, bindPath } from '#broker/node/bind.ts';
import { connect, listen, PortTaken, Refused } from '#broker/node/index.ts';
import { OPEN } from '#broker/server/access.ts';
import { watched } from '../watched.ts';
import { folder } from './files.ts';

const CONNECT = encode({ type: 'connect', version: 4, cleanStart: true, keepAlive: 0, clientId: 'a' }, 4);
const PINGREQ = encode({ type: 'pingreq' }, 4);
const PINGRESP = encode({ type: 'pingresp' }, 4);

test('a client that ends its side after its last packet still gets the answer, and then the end', async () => {
  const { port } = await watched();
  const socket = await dial(port);
  socket.end(new Uint8Array([...CONNECT, ...PINGREQ]));
  const answer = await readToEnd(socket);
  expect(answer.subarray(4)).toEqual(PINGRESP);
});

test('a client that is refused can read the refusal although it goes on sending', async () => {
  const { port } = await watched({
    environment: {
      access: {
        ...OPEN,
        connect: (_connect, _peer, decide) => decide(0x87),
      },
    },
  });
  const socket = await dial(port);
  socket.write(CONNECT);
  socket.write(new Uint8Array(100_000));
  expect(decode(await readToEnd(socket), 4)).toMatchObject({ type: 'connack', reasonCode: 5 });
});

test('a connection that is reset ends that connection and nothing else', async () => {
  const { port, happens } = await watched();
  const socket = await dial(port);
  socket.write(CONNECT);
  await happens('sent');
  socket.resetAndDestroy();
  await happens('closed');
  const client = await connect(`mqtt://127.0.0.1:${port}`);
  await client.disconnect();
});

test('a port that is taken is named', async () => {
  const { port } = await watched();
  await expect(listen({ port: port })).rejects.toEqual(new PortTaken(port));
});

test('a port is taken on all addresses or on none', async () => {
  const before = await bind(createTcpServer, 0, ['127.0.0.1']);
  await before.close();
  await expect(bind(createTcpServer, before.port, ['127.0.0.1', '127.0.0.1'])).rejects.toThrow(PortTaken);
  const after = await bind(createTcpServer, before.port, ['127.0.0.1']);
  await after.close();
});

test('a connection that cannot be accepted ends neither the listener nor the program', async () => {
  const servers: Server[] = [];
  const create = () => {
    const server = createTcpServer();
    servers.push(server);
    return server;
  };
  const bounds = [await bind(create, 0, ['127.0.0.1']), await bindPath(create, `${folder().path}/socket`)];
  for (const bound of bounds) onTestFinished(() => bound.close());
  for (const server of servers) {
    server.emit('error', new Error('accept EMFILE'));
    server.emit('error', new Error('accept EMFILE'));
    expect(server.listening).toBe(true);
  }
});

test('the next port is tried where one is taken', async () => {
  const inTheWay = await bind(createTcpServer, 0, ['127.0.0.1']);
  onTestFinished(() => inTheWay.close());
  const next = await bindNext(createTcpServer, inTheWay.port, ['127.0.0.1']);
  onTestFinished(() => next.close());
  expect(next.port).toBeGreaterThan(inTheWay.port);
});

test('an address that the machine does not have is passed over, unless it is the only one', async () => {
  const bound = await bind(createTcpServer, 0, ['192.0.2.1', '127.0.0.1']);
  await bound.close();
  await expect(bind(createTcpServer, 0, ['192.0.2.1'])).rejects.toThrow('EADDRNOTAVAIL');
});

test('when a broker closes, 5.0 clients are told why, and its ports are free', async () => {
  const { port, webSocketPort, close } = await watched();
  const clients = await Promise.all([
    connect(`mqtt://127.0.0.1:${port}`, { version: 5 }),
    connect(`ws://127.0.0.1:${webSocketPort}`, { version: 5 }),
  ]);
  await close();
  for (const client of clients) expect(await client.closed).toContain('reason code 139');
  const again = await listen({ port: port, webSocketPort: webSocketPort });
  await again.close();
});

test('our client publishes and receives at every QoS, over TCP and over WebSocket', async () => {
  const { port, webSocketPort } = await watched();
  for (const url of [`mqtt://127.0.0.1:${port}`, `ws://127.0.0.1:${webSocketPort}/mqtt`]) {
    const received: string[] = [];
    let arrived = () => {};
    const all = new Promise<void>((resolve) => (arrived = resolve));
    const subscriber = await connect(url, {
      version: 5,
      receive({ qos, payload }) {
        received.push(`${qos} ${new TextDecoder().decode(payload)}`);
        if (received.length === 3) arrived();
      },
    });
    expect((await subscriber.subscribe({ topicFilter: 'a', qos: 2 })).reasonCodes).toEqual([2]);
    const publisher = await connect(url);
    for (const qos of [0, 1, 2] as const)
      expect(await publisher.publish({ topic: 'a', payload: utf8(`at ${qos}`), qos })).toBe(0);
    await all;
    expect(received).toEqual(['0 at 0', '1 at 1', '2 at 2']);
    expect((await subscriber.unsubscribe('a', 'b')).reasonCodes).toEqual([0x00, 0x11]);
    await Promise.all([publisher.disconnect(), subscriber.disconnect()]);
  }
});

test('our client says who it is by the URL, and hears of a refusal', async () => {
  const { port } = await watched({
    environment: {
      access: {
        ...OPEN,
        connect: ({ username, password = new Uint8Array() }, _peer, decide) =>
          decide(username === 'ann' && new TextDecoder().decode(password) === 'a b' ? 0 : 0x86),
      },
    },
  });
  const client = await connect(`mqtt://ann:a%20b@127.0.0.1:${port}`);
  await client.disconnect();
  await expect(connect(`mqtt://eve@127.0.0.1:${port}`)).rejects.toThrow(Refused);
});

test('what is under way when the connection is lost is rejected', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(encode({ type: 'connack', sessionPresent: false, reasonCode: 0 }, 4));
      socket.once('data', () => socket.destroy());
    });
  });
  const bound = await bind(() => server, 0, ['127.0.0.1']);
  onTestFinished(() => bound.close());
  const client = await connect(`mqtt://127.0.0.1:${bound.port}`);
  await expect(client.publish({ topic: 'a', payload: utf8('x'), qos: 1 })).rejects.toThrow('closed');
});

test('a client offers the subprotocol "mqtt" [MQTT-6.0.0-3]', async () => {
  const server = createServer();
  const offered = new Promise((resolve) =>
    server.once('upgrade', (request, socket) => {
      resolve(request.headers['sec-websocket-protocol']);
      socket.destroy();
    }),
  );
  const bound = await bind(() => server, 0, ['127.0.0.1']);
  onTestFinished(() => bound.close());
  await expect(connect(`ws://127.0.0.1:${bound.port}`)).rejects.toThrow();
  expect(await offered).toBe('mqtt');
});

test('a client closes the connection when a text frame comes [MQTT-6.0.0-1]', async () => {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  const code = new Promise((resolve) =>
    server.on('connection', (socket) => {
      socket.once('message', () => {
        socket.send(encode({ type: 'connack', sessionPresent: false, reasonCode: 0 }, 4));
        socket.send('text');
      });
      socket.on('close', resolve);
    }),
  );
  const bound = await bind(() => http, 0, ['127.0.0.1']);
  onTestFinished(() => bound.close());
  const client = await connect(`ws://127.0.0.1:${bound.port}`);
  expect(await code).toBe(1003);
  await client.closed;
});

test('the server answers with the subprotocol "mqtt" [MQTT-6.0.0-4]', async () => {
  const { webSocketPort } = await watched();
  const socket = await dialWebSocket(webSocketPort, ['chat', 'mqtt']);
  expect(socket.protocol).toBe('mqtt');
  socket.terminate();
});

test('a WebSocket that offers no subprotocol of MQTT’s, or comes from a strange page, is refused', async () => {
  const { webSocketPort } = await watched();
  const status = (protocols: string[], headers: Record<string, string> = {}) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${webSocketPort}`, protocols, { headers });
      socket.on('error', () => {});
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.once('open', () => {
        resolve(101);
        socket.terminate();
      });
    });
  expect(await status([])).toBe(400);
  expect(await status(['chat'])).toBe(400);
  expect(await status(['mqtt'], { origin: 'http://stranger.example' })).toBe(403);
  expect(await status(['mqtt'], { origin: 'http://localhost:4321' })).toBe(101);
  expect((await fetch(`http://127.0.0.1:${webSocketPort}`)).status).toBe(426);
});

test('a text frame closes the connection [MQTT-6.0.0-1]', async () => {
  const { webSocketPort, happens } = await watched();
  const socket = await dialWebSocket(webSocketPort);
  const code = new Promise((resolve) => socket.on('close', resolve));
  socket.send(CONNECT);
  socket.send('text');
  expect(await code).toBe(1003);
  await happens('closed');
});

test('packets do not have to start and end with frames [MQTT-6.0.0-2]', async () => {
  const { webSocketPort } = await watched();
  const socket = await dialWebSocket(webSocketPort);
  const answers: number[] = [];
  const done = new Promise<void>((resolve) =>
    socket.on('message', (data, isBinary) => {
      expect(isBinary).toBe(true);
      answers.push(...(data as Buffer));
      if (answers.length === 8) resolve();
    }),
  );
  socket.send(CONNECT.subarray(0, 3));
  socket.send(CONNECT.subarray(3));
  socket.send(new Uint8Array([...PINGREQ, ...PINGREQ]));
  await done;
  expect(answers).toEqual([0x20, 2, 0, 0, 0xd0, 0, 0xd0, 0]);
  socket.terminate();
});

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.once('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}

function dialWebSocket(port: number, protocols = ['mqtt']): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/anywhere`, protocols);
    socket.once('error', reject);
    socket.once('open', () => resolve(socket));
  });
}

/** All that comes until the other side ends. A reset instead of an end fails. */
function readToEnd(socket: Socket): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      socket.end();
      resolve(new Uint8Array(Buffer.concat(chunks)));
    });
  });
}
