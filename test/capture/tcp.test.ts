/** TCP put back in order: whatever the network and the capture did to the segments, the same packets come out, or it is told what is missing. */
import { describe, expect, test } from 'vitest';
import { ACK, type Bytes, bytes, FIN, type Frame, greeted, pcap, RST, SYN, Talk } from './craft.ts';
import { CONNACK, connect, DISCONNECT, findingIds, listing, publish, read, sentences } from './packets.ts';

const letter = (name: string, payload = 'x'): Bytes => publish(`t/${name}`, payload);
const topics = async (talk: Talk) => listing(await read(pcap(talk.frames))).slice(2);

/** The frames of a talk with those at `order` exchanged; the others stay. */
function reordered(talk: Talk, ...order: number[]): Frame[] {
  const places = [...order].sort((a, b) => a - b);
  const frames = [...talk.frames];
  for (const [index, place] of places.entries()) frames[place] = talk.frames[order[index] as number] as Frame;
  return frames;
}

describe('in order', () => {
  test('several packets come in one segment', async () => {
    const contents = await read(pcap(greeted().up(bytes(letter('a'), letter('b'), letter('c'))).frames));
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a', 'PUBLISH t/b', 'PUBLISH t/c']);
    expect(contents.packets.slice(2).map(({ frame }) => frame)).toEqual([6, 6, 6]);
  });

  test('one packet comes over many segments, and belongs to the frame that completes it', async () => {
    const whole = letter('long', 'y'.repeat(3000));
    const talk = greeted();
    for (let at = 0; at < whole.length; at += 100) talk.up(whole.subarray(at, at + 100));
    const contents = await read(pcap(talk.frames));
    const last = contents.packets.at(-1);
    expect([last?.topic, last?.firstFrame, last?.frame]).toEqual(['t/long', 6, talk.frames.length]);
    expect(Buffer.from(last?.bytes as Bytes).equals(whole)).toBe(true);
  });

  test('a packet comes byte by byte, its length field too', async () => {
    const whole = letter('slow', 'z'.repeat(300));
    const talk = greeted();
    for (const byte of whole) talk.up(bytes(byte));
    expect(await topics(talk)).toEqual(['PUBLISH t/slow']);
  });

  test('the bytes of a packet stay as they were when the chunk they came in is used again', async () => {
    const file = pcap(greeted().up(letter('a')).frames);
    const contents = await read(file);
    const before = contents.packets.map(({ bytes: frame }) => Buffer.from(frame).toString('hex'));
    file.fill(0);
    expect(contents.packets.map(({ bytes: frame }) => Buffer.from(frame).toString('hex'))).toEqual(before);
  });
});

describe('out of order', () => {
  const three = () => greeted().up(letter('a')).up(letter('b')).up(letter('c'));

  test.each([
    [6, 5, 7],
    [7, 6, 5],
    [6, 7, 5],
    [7, 5, 6],
  ])('segments in the order %d %d %d come out right', async (...order) => {
    const contents = await read(pcap(reordered(three(), ...order)));
    const published = contents.packets.filter(({ type }) => type === 'publish');
    expect(published.map(({ topic }) => topic)).toEqual(['t/a', 't/b', 't/c']);
    expect(findingIds(contents)).not.toContain('gap');
  });

  test('a packet whose pieces are mixed up is whole', async () => {
    const whole = letter('a', 'y'.repeat(50));
    const talk = greeted().up(whole.subarray(0, 20)).up(whole.subarray(20, 40)).up(whole.subarray(40));
    const contents = await read(pcap(reordered(talk, 7, 6, 5)));
    expect(Buffer.from(contents.packets.at(-1)?.bytes as Bytes).equals(whole)).toBe(true);
  });

  test('a capture that has the acknowledgement before what it acknowledges loses nothing', async () => {
    const talk = greeted().up(letter('a')).down(bytes()).up(letter('b'));
    const contents = await read(pcap(reordered(talk, 7, 6, 5)));
    expect(listing(contents).slice(2).sort()).toEqual(['PUBLISH t/a', 'PUBLISH t/b']);
  });
});

describe('sent again', () => {
  test('a segment that came twice counts once, and is told', async () => {
    const talk = greeted().up(letter('a'));
    talk.segment('up', letter('a'), ACK, -letter('a').length);
    const contents = await read(pcap(talk.frames));
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a']);
    expect(sentences(contents)).toContain(`Bytes were sent again by TCP: ${letter('a').length}.`);
  });

  test('a segment that overlaps the one before adds what is new', async () => {
    const whole = letter('a', 'y'.repeat(50));
    const talk = greeted().up(whole.subarray(0, 30));
    talk.segment('up', whole.subarray(10), ACK, -20);
    const contents = await read(pcap(talk.frames));
    expect(Buffer.from(contents.packets.at(-1)?.bytes as Bytes).equals(whole)).toBe(true);
  });

  test('a segment that overlaps one that waits is cut where it ends', async () => {
    const whole = letter('a', 'y'.repeat(60));
    const talk = greeted();
    talk.segment('up', whole.subarray(20, 50), ACK, 20);
    talk.segment('up', whole.subarray(40), ACK, 40);
    talk.segment('up', whole.subarray(0, 30), ACK);
    const contents = await read(pcap(talk.frames));
    expect(Buffer.from(contents.packets.at(-1)?.bytes as Bytes).equals(whole)).toBe(true);
  });

  test('a probe of TCP keep alive is no packet', async () => {
    const talk = greeted().up(letter('a'));
    talk.segment('up', bytes(0), ACK, -1);
    talk.up(letter('b'));
    expect(await topics(talk)).toEqual(['PUBLISH t/a', 'PUBLISH t/b']);
  });
});

describe('sequence numbers', () => {
  test('begin anew after 2^32 in the midst of a packet', async () => {
    const talk = greeted(new Talk({ client: 2 ** 32 - 30, broker: 2 ** 32 - 2 }));
    talk
      .up(letter('a', 'y'.repeat(40)))
      .up(letter('b'))
      .down(letter('c'));
    const contents = await read(pcap(talk.frames));
    expect(listing(contents)).toEqual(['CONNECT', 'CONNACK', 'PUBLISH t/a', 'PUBLISH t/b', 'PUBLISH t/c']);
    expect(findingIds(contents)).toEqual([]);
  });

  test('out of order around 2^32, they still come out right', async () => {
    const talk = greeted(new Talk({ client: 2 ** 32 - 1 - connect().length - 5 }))
      .up(letter('a'))
      .up(letter('b'));
    const contents = await read(pcap(reordered(talk, 6, 5)));
    expect(findingIds(contents)).toEqual([]);
    expect(contents.packets.length).toBe(4);
  });
});

describe('a gap', () => {
  test('between packets is told with its size, and reading goes on behind it', async () => {
    const talk = greeted()
      .up(letter('a'))
      .up(letter('lost'))
      .lose()
      .up(letter('b'))
      .down(bytes())
      .up(letter('c'));
    const contents = await read(pcap(talk.frames));
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a', 'PUBLISH t/b', 'PUBLISH t/c']);
    expect(sentences(contents)).toContain(`Bytes are missing from the capture: ${letter('lost').length}.`);
  });

  test('within a packet of known length is stepped over', async () => {
    const whole = letter('holed', 'y'.repeat(200));
    const talk = greeted()
      .up(whole.subarray(0, 50))
      .up(whole.subarray(50, 100))
      .lose()
      .up(bytes(whole.subarray(100), letter('b')))
      .down(bytes())
      .up(letter('c'));
    const contents = await read(pcap(talk.frames));
    expect(contents.packets.slice(2).map(({ topic, missing }) => [topic, missing])).toEqual([
      [undefined, whole.length - 50],
      ['t/b', 0],
      ['t/c', 0],
    ]);
    expect(contents.packets[2]?.type).toBe('publish');
    expect(sentences(contents)).toContain(
      `PUBLISH is not whole: ${whole.length - 50} of its bytes are missing.`,
    );
  });

  test('that swallows the end of one packet and the beginning of another is passed by to the next beginning', async () => {
    const first = letter('first', 'y'.repeat(100));
    const second = letter('second', 'q'.repeat(100));
    const stream = bytes(first, second, letter('third'));
    const end = first.length + 50;
    const talk = greeted()
      .up(stream.subarray(0, 60))
      .up(stream.subarray(60, end))
      .lose()
      .up(stream.subarray(end))
      .down(bytes())
      .up(letter('fourth'));
    const contents = await read(pcap(talk.frames));
    expect(contents.packets.map(({ topic }) => topic).filter((topic) => topic !== undefined)).toEqual([
      't/third',
      't/fourth',
    ]);
    expect(findingIds(contents)).toContain('resynchronised');
  });

  test('at the end of the capture is told as well', async () => {
    const talk = greeted().up(letter('a')).up(letter('lost')).lose().up(letter('b'));
    const contents = await read(pcap(talk.frames));
    expect(listing(contents).slice(2)).toEqual(['PUBLISH t/a', 'PUBLISH t/b']);
    expect(findingIds(contents)).toContain('gap');
  });

  test('of a capture that keeps only the beginning of each frame leaves every packet its head', async () => {
    const talk = greeted()
      .up(letter('a', 'y'.repeat(500)))
      .up(letter('b', 'y'.repeat(500)));
    const frames = talk.frames.map((frame) => ({
      ...frame,
      length: frame.bytes.length,
      bytes: frame.bytes.subarray(0, 96),
    }));
    const contents = await read(pcap(frames));
    expect(contents.packets.map(({ type, missing }) => [type, missing])).toEqual([
      ['connect', 0],
      ['connack', 0],
      ['publish', letter('a', 'y'.repeat(500)).length - 42],
      ['publish', letter('b', 'y'.repeat(500)).length - 42],
    ]);
    expect(sentences(contents)).toContain(
      'The capture holds only the beginning of some frames. There are 2.',
    );
  });

  test('of endless size does not fill the memory: what waits is limited', async () => {
    const talk = greeted().up(letter('lost')).lose();
    const payload = letter('a', 'y'.repeat(1300));
    for (let count = 0; count < 1000; count++) talk.up(payload);
    const contents = await read(pcap(talk.frames));
    expect(contents.packets.length).toBe(2 + 1000);
  });
});

describe('a capture that begins in the middle', () => {
  const rest = () => new Talk().up(letter('a')).down(letter('b')).up(letter('c'));

  test('is read from the first packet on, and says so', async () => {
    const contents = await read(pcap(rest().frames));
    expect(listing(contents)).toEqual(['PUBLISH t/a', 'PUBLISH t/b', 'PUBLISH t/c']);
    expect(sentences(contents)).toContain('The capture begins in the middle of this connection.');
  });

  test('in the midst of a packet, finds the next', async () => {
    const whole = letter('first', 'y'.repeat(100));
    const talk = new Talk().up(bytes(whole.subarray(60), letter('second'))).up(letter('third'));
    const contents = await read(pcap(talk.frames));
    expect(listing(contents)).toEqual(['PUBLISH t/second', 'PUBLISH t/third']);
    expect(sentences(contents)).toContain(
      `Reading went on at what looks like a packet, after ${whole.length - 60} bytes that could not be told apart.`,
    );
  });

  test('within a long packet, passes over segments until a packet begins', async () => {
    const talk = new Talk()
      .up(bytes('ff'.repeat(1000)))
      .up(bytes('fe'.repeat(1000)))
      .up(letter('a'));
    const contents = await read(pcap(talk.frames));
    expect(listing(contents)).toEqual(['PUBLISH t/a']);
    expect(sentences(contents).join()).toContain('after 2000 bytes');
  });

  test('of a packet that goes on in the next segment, takes it from its beginning', async () => {
    const whole = letter('long', 'y'.repeat(2000));
    const contents = await read(pcap(new Talk().up(whole.subarray(0, 1000)).up(whole.subarray(1000)).frames));
    expect(listing(contents)).toEqual(['PUBLISH t/long']);
    expect(contents.packets[0]?.missing).toBe(0);
  });

  test('with a CONNECT that goes on in the next segment, takes it too', async () => {
    const whole = connect({ username: 'u'.repeat(2000) });
    const talk = new Talk().up(whole.subarray(0, 1000)).up(whole.subarray(1000)).down(CONNACK);
    expect(listing(await read(pcap(talk.frames)))).toEqual(['CONNECT', 'CONNACK']);
  });

  test('on a port that nobody expects MQTT at, is found where packets fill a segment', async () => {
    const talk = new Talk({ ports: [50_000, 23_883] }).up(letter('a')).down(letter('b'));
    const contents = await read(pcap(talk.frames));
    expect(listing(contents)).toEqual(['PUBLISH t/a', 'PUBLISH t/b']);
  });

  test('tells client from broker by what only one of them sends', async () => {
    const talk = new Talk({ ports: [1_000, 50_000] }).up(letter('a')).up(bytes('c000')).down(bytes('d000'));
    const contents = await read(pcap(talk.frames));
    expect(contents.conversations[0]?.client.port).toBe(1_000);
    expect(contents.packets.map(({ direction }) => direction)).toEqual(['up', 'up', 'down']);
  });

  test.each([
    [5, [bytes('40 04 0001 10 00'), publish('t/a', 'x', {}, 5)]],
    [4, [bytes('40 02 0001'), publish('t/a', 'x', {}, 4)]],
  ])('version %d is guessed from what the packets can be', async (version, packets) => {
    const talk = new Talk();
    for (const one of packets) talk.up(one);
    const { conversations } = await read(pcap(talk.frames));
    expect(conversations[0]).toMatchObject({ version, isVersionKnown: false });
  });
});

describe('connections', () => {
  const closing = async (talk: Talk) => (await read(pcap(talk.frames))).conversations[0]?.closed;

  test('are counted as Wireshark counts, those that carry something else too', async () => {
    const web = new Talk({ ports: [50_001, 80] })
      .open()
      .up(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
      .down(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'));
    const contents = await read(pcap([...web.frames, ...greeted().frames]));
    expect(contents.conversations.map(({ stream }) => stream)).toEqual([1]);
    expect(findingIds(contents)).toEqual([]);
  });

  test('between the same ports, one after the other, are two', async () => {
    const first = greeted().up(DISCONNECT, ACK | FIN);
    const second = greeted(new Talk({ client: 77_000, broker: 99_000 })).up(letter('b'));
    const contents = await read(pcap([...first.frames, ...second.frames]));
    expect(contents.packets.map(({ stream }) => stream)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  test('a SYN that was sent again begins none', async () => {
    const talk = new Talk();
    talk.segment('up', bytes(), SYN);
    const contents = await read(pcap([...talk.frames, ...greeted().frames]));
    expect(contents.conversations.length).toBe(1);
    expect(contents.packets.length).toBe(2);
  });

  test('a CONNECT within the SYN is read', async () => {
    const talk = new Talk().up(connect(), SYN);
    expect(listing(await read(pcap(talk.frames)))).toEqual(['CONNECT']);
  });

  test('end with FIN or RST, of one side or the other, or not', async () => {
    expect(
      await closing(
        greeted()
          .up(DISCONNECT, ACK | FIN)
          .down(bytes(), ACK | FIN),
      ),
    ).toMatchObject({ how: 'fin', by: 'client', frame: 6 });
    expect(await closing(greeted().down(bytes(), ACK | FIN))).toMatchObject({ how: 'fin', by: 'broker' });
    expect(await closing(greeted().up(bytes(), ACK | RST))).toMatchObject({ how: 'reset', by: 'client' });
    expect(await closing(greeted())).toBeUndefined();
  });

  test('a packet that the end of the connection cuts off is told', async () => {
    const whole = letter('cut', 'y'.repeat(100));
    const contents = await read(
      pcap(
        greeted()
          .up(whole.subarray(0, 40))
          .up(bytes(), ACK | RST).frames,
      ),
    );
    expect(contents.packets.at(-1)).toMatchObject({ type: 'publish', missing: whole.length - 40 });
    expect(findingIds(contents)).toEqual(
      expect.arrayContaining(['incomplete', 'reset', 'endedWithoutDisconnect']),
    );
  });
});

describe('what is no MQTT', () => {
  test('on another port is passed over without a word', async () => {
    const talk = new Talk({ ports: [50_000, 25] })
      .open()
      .down(Buffer.from('220 mail\r\n'))
      .up(Buffer.from('EHLO me\r\n'));
    expect(await read(pcap(talk.frames))).toMatchObject({ packets: [], conversations: [], findings: [] });
  });

  test('on a port of MQTT is shown as the packets that it is not', async () => {
    const talk = new Talk().open().up(Buffer.from('HELO\r\n'));
    const contents = await read(pcap(talk.frames));
    expect(contents.conversations.length).toBe(1);
    expect(findingIds(contents)).toEqual(expect.arrayContaining(['incomplete', 'firstNotConnect']));
  });

  test('a length field of five bytes ends the understanding, until something looks like a packet', async () => {
    const contents = await read(pcap(greeted().up(bytes('30 ff ff ff ff 01')).up(letter('a')).frames));
    expect(listing(contents)).toEqual(['CONNECT', 'CONNACK', 'PUBLISH', 'PUBLISH t/a']);
    expect(findingIds(contents)).toEqual(expect.arrayContaining(['unreadable', 'malformed']));
  });

  test('a length of hundreds of megabytes is not waited for', async () => {
    const contents = await read(pcap(greeted().up(bytes('30 ff ff ff 7f 00 01 61')).up(letter('a')).frames));
    expect(listing(contents)).toEqual(['CONNECT', 'CONNACK', 'PUBLISH t/a']);
    expect(findingIds(contents)).toContain('packetTooLarge');
  });

  test('MQTT on any port is found by its CONNECT, 3.1 as well', async () => {
    const talk = new Talk({ ports: [50_000, 4_711] })
      .open()
      .up(connect({ version: 3 }))
      .down(CONNACK);
    const contents = await read(pcap(talk.frames));
    expect(contents.conversations[0]).toMatchObject({ version: 3, isVersionKnown: true });
  });
});
