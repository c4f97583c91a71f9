/** TLS: listed without secrets, opened with them; by conversations that Node's TLS held, and by a few records made by hand. */
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { chacha20Poly1305, seal } from '../../broker/capture/chacha.ts';
import { type CaptureContents, Secrets, wiresharkRows } from '../../broker/capture/index.ts';
import { ACK, type Bytes, blocks, bytes, FIN, pcap, pcapng, Talk, u16 } from './craft.ts';
import { CONNACK, connect, DISCONNECT, findingIds, listing, publish, read, sentences } from './packets.ts';
import { type Recorded, type Recording, record, type Turns } from './recorded.ts';
import { tshark, withoutTshark } from './tshark.ts';

const BIG = publish('t/big', 'y'.repeat(40_000));
const TURNS: Turns = [
  { up: connect(), down: CONNACK },
  { up: publish('t/a', 'x', { qos: 1, packetId: 7 }), down: bytes('40 02 0007') },
  { up: BIG },
  { down: bytes(publish('t/b', 'x'), publish('t/c', 'x')) },
  { up: DISCONNECT },
];
const LISTING = [
  'CONNECT',
  'CONNACK',
  'PUBLISH t/a',
  'PUBACK',
  'PUBLISH t/big',
  'PUBLISH t/b',
  'PUBLISH t/c',
  'DISCONNECT',
];

const suites: Recorded[] = [
  { version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
  { version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  { version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-CHACHA20-POLY1305' },
  { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' },
  { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  { version: 'TLSv1.3', cipher: 'TLS_CHACHA20_POLY1305_SHA256' },
];

function secretsOf(text: string): Secrets {
  const secrets = new Secrets();
  secrets.add(text);
  return secrets;
}

const version13: Recorded = { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' };

describe.each(suites)('$version with $cipher', (suite) => {
  let made: Promise<Recording> | undefined;
  const recorded = () => (made ??= record(suite, TURNS));

  test('is opened by secrets in the file', async () => {
    const { talk, secrets } = await recorded();
    for (const size of [1 << 20, 100]) {
      const contents = await read(pcapng(talk.frames, { secrets }), {}, size);
      expect(listing(contents)).toEqual(LISTING);
      expect(contents.conversations[0]).toMatchObject({
        isMqtt: true,
        wrappings: ['tls'],
        clientId: 'c',
        suite: expect.stringMatching(/^TLS_.*(GCM|POLY1305)_SHA/),
      });
      expect(findingIds(contents)).toEqual([]);
    }
  });

  test('is opened by secrets from a key log', async () => {
    const { talk, secrets } = await recorded();
    const contents = await read(pcap(talk.frames), { secrets: secretsOf(secrets) });
    expect(listing(contents)).toEqual(LISTING);
    expect(Buffer.from(contents.packets[4]?.bytes as Bytes).equals(BIG)).toBe(true);
  });

  test('without secrets has its records listed, and says what is wanting', async () => {
    const { talk } = await recorded();
    const contents = await read(pcap(talk.frames));
    expect(contents.packets).toEqual([]);
    const [conversation] = contents.conversations;
    expect(conversation).toMatchObject({ isMqtt: false, wrappings: ['tls'] });
    expect(conversation?.records[0]).toMatchObject({
      direction: 'up',
      contentType: 22,
      messages: ['Client Hello'],
    });
    expect(conversation?.records[1]).toMatchObject({
      direction: 'down',
      contentType: 22,
      messages: expect.arrayContaining(['Server Hello']),
    });
    expect(conversation?.records.some(({ contentType }) => contentType === 23)).toBe(true);
    expect(conversation?.recordCount).toBe(conversation?.records.length);
    expect(findingIds(contents)).toEqual(['encrypted']);
  });

  test('a secret of another connection opens nothing', async () => {
    const { talk, secrets } = await recorded();
    const wrong = secrets.replace(/ [0-9a-f]{64} /g, ` ${'ab'.repeat(32)} `);
    expect(findingIds(await read(pcap(talk.frames), { secrets: secretsOf(wrong) }))).toEqual(['encrypted']);
  });

  test('a wrong secret opens nothing, and the records that stay closed are counted', async () => {
    const { talk, secrets } = await recorded();
    const wrong = secrets.replace(/[0-9a-f]{8}$/gm, '01234567');
    const contents = await read(pcap(talk.frames), { secrets: secretsOf(wrong) });
    expect(contents.packets).toEqual([]);
    expect(sentences(contents)).toEqual([
      expect.stringMatching(/^The key log does not open some TLS records\. There are \d+\.$/),
    ]);
  });

  test.skipIf(withoutTshark)('tshark finds the same packets in it', async () => {
    const { talk, secrets } = await recorded();
    const file = pcapng(talk.frames, { secrets });
    const rows = wiresharkRows(await read(file));
    const layers: { _source: { layers: { 'frame.number': [string]; mqtt: unknown } } }[] = JSON.parse(
      tshark(
        file,
        '-d',
        'tls.port==8883,mqtt',
        '-Y',
        'mqtt',
        '-T',
        'json',
        '-J',
        'mqtt',
        '--no-duplicate-keys',
      ),
    );
    const theirs = layers.flatMap(({ _source }) => _source.layers.mqtt);
    expect(JSON.stringify(rows.map(({ mqtt }) => mqtt))).toBe(JSON.stringify(theirs));
  });
});

describe('secrets', () => {
  test('that stand behind the packets are found all the same', async () => {
    const { talk, secrets } = await record(version13, TURNS);
    const file = bytes(pcapng(talk.frames), blocks().secrets(secrets));
    expect(listing(await read(file))).toEqual(LISTING);
  });

  test('of the handshake are not needed, where those of what follows are there', async () => {
    const { talk, secrets } = await record(version13, TURNS);
    const few = secrets
      .split('\n')
      .filter((line) => !line.includes('HANDSHAKE'))
      .join('\n');
    expect(listing(await read(pcap(talk.frames), { secrets: secretsOf(few) }))).toEqual(LISTING);
  });

  test('are found among comments and lines that say something else', () => {
    const secrets = new Secrets();
    secrets.add(
      `# a comment\r\nCLIENT_RANDOM ${'AB'.repeat(32)} ${'cd'.repeat(48)}\r\nCLIENT_RANDOM xyz\nnothing\n\n`,
    );
    expect(secrets.size).toBe(1);
    expect(secrets.get('CLIENT_RANDOM', Buffer.alloc(32, 0xab))).toEqual(new Uint8Array(48).fill(0xcd));
    expect(secrets.knows('ab'.repeat(32))).toBe(true);
  });
});

describe('a connection over TLS', () => {
  test('of a suite that cannot be opened says which', async () => {
    const { talk, secrets } = await record(
      { version: 'TLSv1.2', cipher: 'ECDHE-ECDSA-AES128-SHA256' },
      TURNS,
    );
    const contents = await read(pcapng(talk.frames, { secrets }));
    expect(contents.packets).toEqual([]);
    expect(sentences(contents)).toEqual(['The cipher suite 0xc023 cannot be opened here.']);
  });

  test('that begins in the middle cannot be opened', async () => {
    const { talk, secrets } = await record(version13, TURNS);
    const contents = await read(pcapng(talk.frames.slice(8), { secrets }));
    expect(findingIds(contents)).toEqual(expect.arrayContaining(['beginsInMiddle', 'handshakeMissing']));
    expect(contents.conversations[0]?.recordCount).toBeGreaterThan(0);
  });

  test('on any port is found by its Client Hello', async () => {
    const { talk, secrets } = await record({ ...version13, port: 4711 }, TURNS);
    expect(listing(await read(pcapng(talk.frames, { secrets })))).toEqual(LISTING);
  });

  test('that carries something else shows no packets', async () => {
    const { talk, secrets } = await record({ ...version13, port: 443 }, [
      { up: Buffer.from('GET / HTTP/1.1\r\n\r\n'), down: Buffer.from('HTTP/1.1 200 OK\r\n\r\n') },
    ]);
    const contents = await read(pcapng(talk.frames, { secrets }));
    expect(contents.packets).toEqual([]);
    expect(contents.conversations[0]?.isMqtt).toBe(false);
  });

  test.each(suites.filter(({ cipher }) => cipher.includes('128')))(
    '$version is read on behind a gap',
    async (suite) => {
      const more: Turns = [
        ...TURNS.slice(0, 2),
        { up: publish('t/lost', 'x') },
        { up: publish('t/d', 'x') },
        { up: publish('t/e', 'x') },
      ];
      const { talk, secrets } = await record(suite, more);
      const frames = talk.frames.filter((_, index) => index !== talk.frames.length - 3);
      const contents = await read(pcapng(frames, { secrets }));
      expect(listing(contents).slice(4)).toEqual(['PUBLISH t/d', 'PUBLISH t/e']);
      expect(findingIds(contents)).toContain('gap');
    },
  );

  test('a password in it does not travel in the clear', async () => {
    const turns = [{ up: connect({ username: 'alice', password: Buffer.from('s3cret') }), down: CONNACK }];
    const { talk, secrets } = await record(version13, turns);
    expect(findingIds(await read(pcapng(talk.frames, { secrets })))).not.toContain('passwordInClear');
  });

  test('that turns into something else is told', async () => {
    const { talk } = await record(version13, TURNS);
    const contents = await read(pcap(talk.up(Buffer.from('Hello, world, this is plain')).frames));
    expect(findingIds(contents)).toContain('notTls');
  });
});

describe('keys of TLS 1.3', () => {
  /** What RFC 8446 calls HKDF-Expand-Label, by way of Node's cryptography. */
  const expand = (secret: Bytes, label: string, length: number): Bytes => {
    const name = Buffer.from(`tls13 ${label}`);
    return createHmac('sha256', secret)
      .update(bytes(u16(length), name.length, name, 0, 1))
      .digest()
      .subarray(0, length);
  };
  const sealed = (
    secret: Bytes,
    sequence: number,
    content: Bytes,
    contentType: number,
    padding = 0,
  ): Bytes => {
    const text = bytes(content, contentType, new Uint8Array(padding));
    const header = bytes('17 03 03', u16(text.length + 16));
    const nonce = Buffer.from(expand(secret, 'iv', 12));
    nonce.writeUInt8(nonce.readUInt8(11) ^ sequence, 11);
    const cipher = createCipheriv('aes-128-gcm', expand(secret, 'key', 16), nonce).setAAD(header);
    return bytes(header, cipher.update(text), cipher.final(), cipher.getAuthTag());
  };
  const random = Buffer.alloc(32, 7);
  const clientHello = bytes('16 03 01 0030 01 00002c 0303', random, '00 0002 1301 01 00 0000 00');
  const serverHello = bytes('16 03 03 0032 02 00002e 0303', random, '00 1301 00 0006 002b 0002 0304');
  const secret = randomBytes(32);
  const log = `CLIENT_TRAFFIC_SECRET_0 ${random.toString('hex')} ${secret.toString('hex')}\n`;
  const hellos = () => new Talk({ ports: [50_000, 8883] }).open().up(clientHello).down(serverHello);
  const HANDSHAKE = 22;
  const DATA = 23;

  test('change with a Key Update', async () => {
    const next = expand(secret, 'traffic upd', 32);
    const talk = hellos()
      .up(sealed(secret, 0, connect(), DATA))
      .up(sealed(secret, 1, bytes('18 000001 00'), HANDSHAKE))
      .up(sealed(next, 0, publish('t/a', 'x'), DATA));
    expect(listing(await read(pcapng(talk.frames, { secrets: log })))).toEqual(['CONNECT', 'PUBLISH t/a']);
  });

  test('zeros behind a record’s type are no part of it', async () => {
    const talk = hellos().up(sealed(secret, 0, connect(), DATA, 100));
    expect(listing(await read(pcapng(talk.frames, { secrets: log })))).toEqual(['CONNECT']);
  });

  test('a packet can lie across records', async () => {
    const whole = connect();
    const talk = hellos().up(
      bytes(sealed(secret, 0, whole.subarray(0, 5), DATA), sealed(secret, 1, whole.subarray(5), DATA)),
    );
    expect(listing(await read(pcapng(talk.frames, { secrets: log })))).toEqual(['CONNECT']);
  });

  test('an alert in a record is no packet', async () => {
    const talk = hellos()
      .up(sealed(secret, 0, connect(), DATA))
      .up(sealed(secret, 1, bytes('01 00'), 21), ACK | FIN);
    const contents: CaptureContents = await read(pcapng(talk.frames, { secrets: log }));
    expect(listing(contents)).toEqual(['CONNECT']);
    expect(findingIds(contents)).not.toContain('sealed');
  });
});

describe('ChaCha20-Poly1305 (RFC 8439, section 2.8.2)', () => {
  const key = Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index);
  const nonce = bytes('07000000 4041424344454647');
  const additional = bytes('50515253c0c1c2c3c4c5c6c7');
  const text = Buffer.from(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  );

  test('gives the tag of the standard’s example', () => {
    const result = Buffer.from(seal(key, nonce, additional, text)).toString('hex');
    expect(result.slice(0, 32)).toBe('d31a8d34648e60db7b86afbc53ef7ec2');
    expect(result.slice(-32)).toBe('1ae10b594f09e26a7e902ecbd0600691');
  });

  test('opens what it sealed, and nothing that was changed', async () => {
    const open = chacha20Poly1305(key);
    const result = seal(key, nonce, additional, text);
    expect(await open(nonce, additional, result)).toEqual(new Uint8Array(text));
    for (const place of [0, 50, result.length - 1]) {
      const changed = Uint8Array.from(result);
      changed[place] = (changed[place] as number) ^ 1;
      expect(await open(nonce, additional, changed)).toBeUndefined();
    }
    expect(await open(nonce, bytes('00'), result)).toBeUndefined();
    expect(await open(nonce, additional, result.subarray(0, 15))).toBeUndefined();
  });
});
