/** MQTT over WebSocket, plain and over TLS: the upgrade is recognised, the frames are taken off. */
import { describe, expect, test } from 'vitest';
import { type Bytes, bytes, pcap, pcapng, Talk, u16, u32 } from './craft.ts';
import { CONNACK, connect, DISCONNECT, findingIds, listing, publish, read, sentences } from './packets.ts';
import { record } from './recorded.ts';
import { tsharkFields, withoutTshark } from './tshark.ts';

const BINARY = 2;
const KEY = bytes('37fa213d');

interface Frame {
  opcode?: number;
  fin?: boolean;
  rsv?: number;
  key?: Bytes;
}

function frame(payload: Bytes, { opcode = BINARY, fin = true, rsv = 0, key }: Frame = {}): Bytes {
  const { length } = payload;
  const mask = key === undefined ? 0 : 0x80;
  const size =
    length < 126
      ? bytes(mask | length)
      : length < 0x1_0000
        ? bytes(mask | 126, u16(length))
        : bytes(mask | 127, u32(0), u32(length));
  const content =
    key === undefined ? payload : payload.map((byte, index) => byte ^ (key[index % 4] as number));
  return bytes((fin ? 0x80 : 0) | (rsv << 4) | opcode, size, key ?? bytes(), content);
}

const masked = (payload: Bytes, more: Frame = {}): Bytes => frame(payload, { key: KEY, ...more });

const head = (...lines: string[]): Buffer => Buffer.from([...lines, '', ''].join('\r\n'));
const REQUEST = head(
  'GET /mqtt HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: mqtt',
);
const RESPONSE = head(
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'Sec-WebSocket-Protocol: mqtt',
);

const talk = () => new Talk({ ports: [50_000, 80] }).open();
const upgraded = () => talk().up(REQUEST).down(RESPONSE);
const greeted = () => upgraded().up(masked(connect())).down(frame(CONNACK));

describe('frames', () => {
  test('are taken off, masked and not', async () => {
    const contents = await read(
      pcap(
        greeted()
          .up(masked(publish('t/a', 'x')))
          .down(frame(publish('t/b', 'x')))
          .up(masked(DISCONNECT)).frames,
      ),
    );
    expect(listing(contents)).toEqual(['CONNECT', 'CONNACK', 'PUBLISH t/a', 'PUBLISH t/b', 'DISCONNECT']);
    expect(contents.conversations[0]).toMatchObject({
      isMqtt: true,
      wrappings: ['websocket'],
      clientId: 'c',
    });
    expect(findingIds(contents)).toEqual([]);
  });

  test('of every length form are read', async () => {
    const sizes = [0, 100, 120, 126, 200, 65_530, 70_000];
    const long = greeted();
    for (const size of sizes) {
      const whole = masked(publish('t/a', 'y'.repeat(size)));
      for (let at = 0; at < whole.length; at += 1400) long.up(whole.subarray(at, at + 1400));
    }
    const contents = await read(pcap(long.frames), {}, 1000);
    expect(contents.packets.slice(2).map(({ bytes: packet }) => packet.length)).toEqual(
      sizes.map((size) => publish('t/a', 'y'.repeat(size)).length),
    );
  });

  test('and packets need not begin together: a message in fragments, two packets in a frame, a packet over frames', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => publish(`t/${name}`, 'x')) as [Bytes, Bytes, Bytes];
    const contents = await read(
      pcap(
        greeted()
          .up(masked(a.subarray(0, 3), { fin: false }))
          .up(masked(a.subarray(3), { opcode: 0 }))
          .up(masked(bytes(b, c.subarray(0, 4))))
          .up(masked(c.subarray(4))).frames,
      ),
    );
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a', 'PUBLISH t/b', 'PUBLISH t/c']);
  });

  test('cut by segments anywhere come out whole, the HTTP heads too', async () => {
    const up = bytes(REQUEST, masked(connect()), masked(publish('t/a', 'y'.repeat(200))));
    const down = bytes(RESPONSE, frame(CONNACK), frame(publish('t/b', 'x')));
    const slow = talk();
    for (const byte of up.subarray(0, REQUEST.length)) slow.up(bytes(byte));
    for (const byte of down) slow.down(bytes(byte));
    for (const byte of up.subarray(REQUEST.length)) slow.up(bytes(byte));
    const contents = await read(pcap(slow.frames));
    expect(listing(contents)).toEqual(['CONNACK', 'PUBLISH t/b', 'CONNECT', 'PUBLISH t/a']);
  });

  test('of control between those of data are no part of the stream', async () => {
    const whole = publish('t/a', 'x');
    const contents = await read(
      pcap(
        greeted()
          .up(masked(whole.subarray(0, 4)))
          .down(frame(Buffer.from('ping'), { opcode: 9 }))
          .up(masked(Buffer.from('ping'), { opcode: 10 }))
          .up(masked(whole.subarray(4)))
          .up(masked(bytes('03e8'), { opcode: 8 })).frames,
      ),
    );
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a']);
  });

  test('of text are told, and read all the same [MQTT-6.0.0-1]', async () => {
    const contents = await read(pcap(greeted().up(masked(publish('t/a', 'x'), { opcode: 1 })).frames));
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a']);
    expect(contents.findings).toMatchObject([{ id: 'textFrame', rule: 'MQTT-6.0.0-1' }]);
  });

  test('that are compressed stay closed, and are told', async () => {
    const agreed = head(
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Sec-WebSocket-Extensions: permessage-deflate',
    );
    const contents = await read(
      pcap(
        talk()
          .up(REQUEST)
          .down(agreed)
          .up(masked(connect(), { rsv: 4 })).frames,
      ),
    );
    expect(contents.packets).toEqual([]);
    expect(sentences(contents)).toEqual(['The WebSocket messages are compressed, and stay closed here.']);
  });

  test('that are none end the understanding', async () => {
    const contents = await read(
      pcap(
        greeted()
          .up(bytes('f7 85 01020304 05'))
          .up(masked(publish('t/a', 'x'))).frames,
      ),
    );
    expect(findingIds(contents)).toContain('notWebSocket');
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a']);
  });
});

describe('the capture', () => {
  test('may begin in the middle', async () => {
    const middle = new Talk({ ports: [50_000, 9001] })
      .up(masked(publish('t/a', 'x')))
      .down(frame(publish('t/b', 'x')));
    const contents = await read(pcap(middle.frames));
    expect(listing(contents)).toEqual(['PUBLISH t/a', 'PUBLISH t/b']);
    expect(contents.packets.map(({ direction }) => direction)).toEqual(['up', 'down']);
  });

  test('may have a gap between frames', async () => {
    const contents = await read(
      pcap(
        greeted()
          .up(masked(publish('t/lost', 'x')))
          .lose()
          .up(masked(publish('t/a', 'x'))).frames,
      ),
    );
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a']);
    expect(findingIds(contents)).toContain('gap');
  });

  test('may have a gap within a frame, which is stepped over', async () => {
    const whole = masked(publish('t/holed', 'y'.repeat(300)));
    const holed = greeted()
      .up(whole.subarray(0, 100))
      .up(whole.subarray(100, 200))
      .lose()
      .up(bytes(whole.subarray(200), masked(publish('t/a', 'x'))));
    const contents = await read(pcap(holed.frames));
    expect(contents.packets.slice(2).map(({ topic, missing }) => [topic, missing > 0])).toEqual([
      [undefined, true],
      ['t/a', false],
    ]);
  });
});

describe('an upgrade', () => {
  test('that is refused is told where MQTT was to follow', async () => {
    const contents = await read(pcap(talk().up(REQUEST).down(head('HTTP/1.1 403 Forbidden')).frames));
    expect(sentences(contents)).toEqual(['The server refused to speak WebSocket: 403 Forbidden.']);
    expect(contents.packets).toEqual([]);
  });

  test('for something else than MQTT is no conversation', async () => {
    const other = Buffer.from(REQUEST.toString().replace('mqtt\r\n\r\n', 'chat\r\n\r\n'));
    const refused = talk().up(other).down(head('HTTP/1.1 403 Forbidden'));
    const accepted = talk()
      .up(other)
      .down(RESPONSE)
      .up(masked(Buffer.from('hello'), { opcode: 1 }));
    for (const { frames } of [refused, accepted])
      expect(await read(pcap(frames))).toMatchObject({ conversations: [], packets: [], findings: [] });
  });

  test('is found by its frames where no subprotocol was named', async () => {
    const bare = head('GET / HTTP/1.1', 'Upgrade: websocket', 'Connection: Upgrade');
    const contents = await read(pcap(talk().up(bare).down(RESPONSE).up(masked(connect())).frames));
    expect(listing(contents)).toEqual(['CONNECT']);
  });

  test('over TLS is found behind it', async () => {
    const turns = [
      { up: REQUEST, down: RESPONSE },
      { up: masked(connect()), down: frame(CONNACK) },
    ];
    const recorded = await record({ version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', port: 443 }, turns);
    const contents = await read(pcapng(recorded.talk.frames, { secrets: recorded.secrets }));
    expect(listing(contents)).toEqual(['CONNECT', 'CONNACK']);
    expect(contents.conversations[0]?.wrappings).toEqual(['tls', 'websocket']);
  });
});

test.skipIf(withoutTshark)('tshark takes the same bytes out of the frames', async () => {
  const file = pcap(
    greeted()
      .up(masked(publish('t/a', 'y'.repeat(200))))
      .down(frame(publish('t/b', 'x'))).frames,
  );
  const { packets } = await read(file);
  const mine = packets.map(({ frame: number, bytes: packet }) => [
    String(number),
    Buffer.from(packet).toString('hex'),
  ]);
  expect(tsharkFields(file, 'websocket', ['frame.number', 'data.data'])).toEqual(mine);
});
