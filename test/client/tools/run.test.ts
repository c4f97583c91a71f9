// The tools as they run, over links of memory, against our broker.
import { describe, expect, test } from 'vitest';
import { pub } from '#broker/client/tools/pub.ts';
import { rr } from '#broker/client/tools/rr.ts';
import { sub } from '#broker/client/tools/sub.ts';
import { REASON } from '#broker/codec/index.ts';
import { OPEN } from '#broker/server/access.ts';
import { begin, connects, Desk, Place, received, run, settled } from './desk.ts';

const VERSIONS = ['31', '311', '5'] as const;

describe('mosquitto_pub', () => {
  test.each(VERSIONS)('%s: publishes at every QoS, and waits for the acknowledgements', async (version) => {
    const place = new Place();
    const subscriber = await begin(sub, place, ['-t', '#', '-q', '2', '-C', '3', '-F', '%q %t %p']);
    for (const qos of ['0', '1', '2'])
      expect(await run(pub, place, ['-V', version, '-i', 'p', '-t', 'a/b', '-m', 'x', '-q', qos])).toEqual({
        code: 0,
        output: '',
        complaints: '',
      });
    expect((await subscriber.ended).output).toBe('0 a/b x\n1 a/b x\n2 a/b x\n');
    expect(received(place, 'p').slice(-3)).toEqual(['publish', 'pubrel', 'disconnect']);
  });

  test('-d tells of every packet in the words of libmosquitto', async () => {
    const place = new Place();
    const { output } = await run(pub, place, ['-d', '-i', 'p', '-t', 'a', '-m', 'x', '-q', '2', '-r']);
    expect(output).toBe(
      [
        'Client p sending CONNECT\nClient p received CONNACK (0)\n',
        "Client p sending PUBLISH (d0, q2, r1, m1, 'a', ... (1 bytes))\n",
        'Client p received PUBREC (Mid: 1)\nClient p sending PUBREL (m1)\nClient p received PUBCOMP (Mid: 1, RC:0)\n',
        'Client p sending DISCONNECT\n',
      ].join(''),
    );
  });

  test('-l publishes line by line, the last without an end as well, and no more at once than -M allows', async () => {
    const place = new Place();
    const subscriber = await begin(sub, place, ['-t', 'a', '-C', '5', '-v']);
    const desk = new Desk(place);
    desk.typed = ['one\ntw', 'o\n\nfo', 'ur\nfive'];
    expect(await run(pub, place, ['-t', 'a', '-l', '-q', '1', '-M', '1', '-i', 'p'], desk)).toMatchObject({
      code: 0,
    });
    expect((await subscriber.ended).output).toBe('a one\na two\na (null)\na four\na five\n');
    const kinds = place.trace.flatMap((event) =>
      event.clientId === 'p' && (event.kind === 'received' || event.kind === 'sent')
        ? [event.frame[0] as number]
        : [],
    );
    const [publish, puback] = [0x32, 0x40];
    expect(kinds.slice(1, -1)).toEqual([1, 2, 3, 4, 5].flatMap(() => [publish, puback]));
  });

  test('-l without any line says goodbye', async () => {
    const place = new Place();
    expect(await run(pub, place, ['-t', 'a', '-l', '-i', 'p'])).toMatchObject({ code: 0 });
    expect(received(place, 'p')).toEqual(['disconnect']);
  });

  test('--repeat waits for --repeat-delay between two', async () => {
    const place = new Place();
    const { ended } = await begin(pub, place, [
      '-t',
      'a',
      '-m',
      'x',
      '--repeat',
      '3',
      '--repeat-delay',
      '10',
      '-i',
      'p',
    ]);
    const published = () => received(place, 'p').filter((type) => type === 'publish').length;
    expect(published()).toBe(1);
    await place.pass(9_999);
    expect(published()).toBe(1);
    await place.pass(1);
    expect(published()).toBe(2);
    await place.pass(10_000);
    expect(published()).toBe(3);
    expect(await ended).toMatchObject({ code: 0 });
  });

  test('sends a file, and all of the input', async () => {
    const place = new Place();
    const subscriber = await begin(sub, place, ['-t', 'a', '-C', '2', '-F', '%l %p']);
    const desk = new Desk(place);
    desk.files.set('payload', 'from a file');
    desk.typed = ['from\n', 'the input'];
    await run(pub, place, ['-t', 'a', '-f', 'payload'], desk);
    await run(pub, place, ['-t', 'a', '-s'], desk);
    expect((await subscriber.ended).output).toBe('11 from a file\n14 from\nthe input\n');
  });

  test('gives the will, the properties and the credentials of its command line to CONNECT', async () => {
    const place = new Place();
    await run(pub, place, [
      ...['-t', 'a', '-n', '-I', 'me', '-u', 'ann', '-P', 'secret', '-k', '30', '-c', '-x', '9', '-V', '5'],
      ...[
        '--will-topic',
        'w',
        '--will-payload',
        'bye',
        '--will-qos',
        '1',
        '--will-retain',
        '-D',
        'will',
        'will-delay-interval',
        '3',
      ],
    ]);
    expect(connects(place)).toMatchObject([
      {
        version: 5,
        clientId: 'me42',
        username: 'ann',
        keepAlive: 30,
        cleanStart: false,
        properties: { sessionExpiryInterval: 9, receiveMaximum: 20 },
        will: { topic: 'w', qos: 1, retain: true, properties: { willDelayInterval: 3 } },
      },
    ]);
  });

  test('makes an identifier for 3.1, which has to have one', async () => {
    const place = new Place();
    await run(pub, place, ['-t', 'a', '-n', '-V', '31']);
    expect(connects(place)[0]?.clientId).toBe('mosq-AAAAAAAAAAAAAAAAAA');
  });

  test('from the second message on, a topic alias stands for the topic', async () => {
    const place = new Place();
    const words = ['-d', '-t', 'a', '-m', 'x', '--repeat', '2', '-D', 'publish', 'topic-alias', '3'];
    const { ended } = await begin(pub, place, words);
    await place.pass(0);
    const { output } = await ended;
    expect(output).toContain("(d0, q0, r0, m1, 'a', ... (1 bytes))");
    expect(output).toContain("(d0, q0, r0, m2, '(null)', ... (1 bytes))");
  });

  // biome-ignore format: a table, a row to each line
  const complaints: [words: string[], complaints: string][] = [
    [['-t', 'a', '-m', 'x', '-i', ''], 'Error: Invalid id.\n'],
    [['-t', 'a', '-m', 'x', '-P', 'secret'], 'Error: Problem setting username and/or password.\n'],
    [['-t', 'a', '-m', 'x', '-D', 'will', 'user-property', 'a', 'b', '-V', '311', '--will-topic', 'w'], 'Error: Problem setting will.\n'],
    [['-t', 'a', '-f', 'nowhere'], 'Error: Unable to open file "nowhere".\nError loading input file "nowhere".\n'],
    [['-t', 'a', '-s'], 'Error: Zero length input.\nError loading input from stdin.\n'],
    [['-t', 'a', '-m', 'x', '-q', '7'], "Error: Invalid QoS given: 7\n\nUse 'mosquitto_pub --help' to see usage.\n"],
    [['-t', 'a', '-m', 'x', '-k', '1'], "Error: Invalid keepalive given, it must be between 5 and 65535 inclusive.\n\n\nUse 'mosquitto_pub --help' to see usage.\n"],
  ];

  test.each(complaints)('%j does not begin', async (words, said) => {
    expect(await run(pub, new Place(), words)).toEqual({ code: 1, output: '', complaints: said });
  });

  test('without a message it prints its help', async () => {
    const { code, output, complaints } = await run(pub, new Place(), ['-t', 'a']);
    expect([code, complaints]).toEqual([1, 'Error: Both topic and message must be supplied.\n']);
    expect(output).toContain('Usage: mosquitto_pub');
  });

  test('tells that there is no broker, unless it is to be quiet', async () => {
    const place = new Place();
    place.isOpen = false;
    expect(await run(pub, place, ['-t', 'a', '-m', 'x'])).toMatchObject({
      code: 1,
      complaints: 'Error: Connection refused\n',
    });
    expect(await run(pub, place, ['-t', 'a', '-m', 'x', '--quiet'])).toMatchObject({
      code: 1,
      complaints: '',
    });
  });

  test('tells that the connection was lost before all was acknowledged', async () => {
    const place = new Place();
    const { ended } = await begin(pub, place, [
      '-t',
      'a',
      '-m',
      'x',
      '-q',
      '1',
      '--repeat',
      '2',
      '--repeat-delay',
      '5',
    ]);
    place.cut();
    expect(await ended).toMatchObject({ code: 7, complaints: 'Error: The connection was lost.\n' });
  });
});

describe('mosquitto_sub', () => {
  test('acknowledges the last message before it leaves', async () => {
    for (const [qos, last] of [
      ['1', ['puback', 'disconnect']],
      ['2', ['pubrec', 'pubcomp', 'disconnect']],
    ] as const) {
      const place = new Place();
      const subscriber = await begin(sub, place, ['-i', 's', '-t', 'a', '-q', qos, '-C', '1']);
      await run(pub, place, ['-t', 'a', '-m', 'x', '-q', qos]);
      expect(await subscriber.ended).toMatchObject({ code: 0, output: 'x\n' });
      expect(received(place, 's').slice(1)).toEqual(last);
    }
  });

  test('-W ends it, with a word and a code, and lets the will be published', async () => {
    const place = new Place();
    const watcher = await begin(sub, place, ['-t', 'gone', '-C', '1']);
    const { ended } = await begin(sub, place, [
      '-t',
      'a',
      '-W',
      '5',
      '-V',
      '5',
      '--will-topic',
      'gone',
      '--will-payload',
      'bye',
    ]);
    await place.pass(5_000);
    expect(await ended).toEqual({ code: 27, output: '', complaints: 'Timed out\n' });
    expect(await watcher.ended).toMatchObject({ output: 'bye\n' });
  });

  test('prints retained messages, or leaves them out, or leaves others out', async () => {
    const place = new Place();
    for (const topic of ['r/1', 'r/2', 'r/3']) await run(pub, place, ['-r', '-t', topic, '-m', topic]);
    const printed = async (...words: string[]) => {
      const { ended } = await begin(sub, place, ['-t', 'r/#', '-W', '1', ...words]);
      await run(pub, place, ['-t', 'r/live', '-m', 'live']);
      await place.pass(1_000);
      return ended;
    };
    expect((await printed()).output).toBe('r/1\nr/2\nr/3\nlive\n');
    expect((await printed('-R')).output).toBe('live\n');
    expect((await printed('-T', 'r/1', '-T', 'r/2')).output).toBe('r/3\nlive\n');
    expect(await printed('--retained-only')).toEqual({ code: 0, output: 'r/1\nr/2\nr/3\n', complaints: '' });
  });

  test('--remove-retained removes what it prints, and waits until it is gone', async () => {
    const place = new Place();
    for (const topic of ['r/1', 'r/2']) await run(pub, place, ['-r', '-t', topic, '-m', topic]);
    const { code, output } = await run(sub, place, [
      '-i',
      's',
      '-t',
      'r/#',
      '--remove-retained',
      '-C',
      '2',
      '-v',
    ]);
    expect([code, output]).toEqual([0, 'r/1 r/1\nr/2 r/2\n']);
    expect(place.broker.snapshot().retained).toEqual([]);
    expect(received(place, 's').slice(-3)).toEqual(['publish', 'publish', 'disconnect']);
  });

  test('-E ends it when all is acknowledged; what was subscribed to stays with -c', async () => {
    const place = new Place();
    const words = ['-i', 's', '-c', '-t', 'a', '-t', 'b', '-q', '1'];
    expect(await run(sub, place, [...words, '-E', '-d'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('Subscribed (mid: 1): 1, 1\nClient s sending DISCONNECT\n'),
    });
    await run(pub, place, ['-t', 'b', '-m', 'kept', '-q', '1']);
    expect(await run(sub, place, [...words, '-C', '1'])).toMatchObject({ output: 'kept\n' });
  });

  test('-U takes back what -t asked for', async () => {
    const place = new Place();
    const { ended } = await begin(sub, place, ['-t', 'a', '-t', 'b', '-U', 'a', '-C', '1', '-v']);
    await run(pub, place, ['-t', 'a', '-m', 'x']);
    await run(pub, place, ['-t', 'b', '-m', 'x']);
    expect((await ended).output).toBe('b x\n');
  });

  test('an empty payload is printed only with the topic', async () => {
    const place = new Place();
    const plain = await begin(sub, place, ['-t', 'a', '-C', '1']);
    const verbose = await begin(sub, place, ['-t', 'a', '-C', '1', '-v']);
    const unended = await begin(sub, place, ['-t', 'a', '-C', '1', '-v', '-N']);
    await run(pub, place, ['-t', 'a', '-n']);
    expect([(await plain.ended).output, (await verbose.ended).output, (await unended.ended).output]).toEqual([
      '',
      'a (null)\n',
      '',
    ]);
  });

  test('--random-filter leaves messages out by chance, and counts them all the same', async () => {
    const place = new Place();
    const desk = new Desk(place);
    const { ended } = await begin(sub, place, ['-t', 'a', '-C', '2', '--random-filter', '50'], desk);
    desk.chance = 0.49;
    await run(pub, place, ['-t', 'a', '-m', 'printed']);
    desk.chance = 0.5;
    await run(pub, place, ['-t', 'a', '-m', 'left out']);
    expect((await ended).output).toBe('printed\n');
  });

  test('%J of what is not JSON is told, and the rest of the format printed', async () => {
    const place = new Place();
    const { ended } = await begin(sub, place, ['-t', 'a', '-C', '1', '-F', '<%J>']);
    await run(pub, place, ['-t', 'a', '-m', 'on']);
    expect(await ended).toEqual({
      code: 0,
      output: '<>\n',
      complaints: 'Error: Message payload is not valid JSON on topic a.\n',
    });
  });

  test('connects again when the connection is lost, once a second until there is a broker', async () => {
    const place = new Place();
    const { ended } = await begin(sub, place, ['-i', 's', '-t', 'a', '-C', '1']);
    place.isOpen = false;
    place.cut();
    await place.pass(2_500);
    expect(connects(place)).toHaveLength(1);
    place.isOpen = true;
    await place.pass(500);
    expect(connects(place)).toHaveLength(2);
    await run(pub, place, ['-t', 'a', '-m', 'back']);
    expect(await ended).toMatchObject({ code: 0, output: 'back\n' });
  });

  test('leaves when it is interrupted, also while there is no broker', async () => {
    const place = new Place();
    const connected = await begin(sub, place, ['-i', 's', '-t', 'a']);
    connected.desk.interrupt();
    expect(await connected.ended).toEqual({ code: 0, output: '', complaints: '' });
    await settled();
    expect(received(place, 's').at(-1)).toBe('disconnect');
    const alone = await begin(sub, place, ['-t', 'a']);
    place.isOpen = false;
    place.cut();
    await settled();
    alone.desk.interrupt();
    expect(await alone.ended).toMatchObject({ code: 0 });
  });

  test('-R and --retained-only leave nothing to print', async () => {
    expect(await run(sub, new Place(), ['-t', 'a', '-R', '--retained-only'])).toMatchObject({
      code: 1,
      complaints: "\nError: Combining '-R' and '--retained-only' makes no sense.\n",
    });
  });
});

describe('mosquitto_rr', () => {
  test('names the topic of the response, and prints the first message on it', async () => {
    const place = new Place();
    const worker = await begin(sub, place, ['-V', '5', '-t', 'request', '-C', '1', '-F', '%p for %R']);
    const asking = await begin(rr, place, ['-t', 'request', '-e', 'response', '-m', 'question']);
    expect((await worker.ended).output).toBe('question for response\n');
    await run(pub, place, ['-t', 'response', '-m', 'answer']);
    expect(await asking.ended).toEqual({ code: 0, output: 'answer\n', complaints: '' });
    expect(connects(place).at(-2)).toMatchObject({ version: 5, properties: { receiveMaximum: 1 } });
  });

  test('-W ends the waiting', async () => {
    const place = new Place();
    const { ended } = await begin(rr, place, ['-t', 'a', '-e', 'b', '-m', 'x', '-W', '3', '-V', '311']);
    await place.pass(3_000);
    expect(await ended).toEqual({ code: 27, output: '', complaints: 'Timed out\n' });
  });

  test('wants a topic, a message and a topic for the response', async () => {
    expect(await run(rr, new Place(), ['-t', 'a', '-m', 'x'])).toMatchObject({
      code: 1,
      complaints:
        "Error: All of topic, message, and response topic must be supplied.\n\nUse 'mosquitto_rr --help' to see usage.\n",
    });
  });
});

describe('a broker that refuses', () => {
  const closed = () =>
    new Place(
      {},
      { access: { ...OPEN, connect: (_connect, _peer, decide) => decide(REASON.NotAuthorized) } },
    );
  const message = ['-t', 'a', '-m', 'x'];

  // biome-ignore format: a table, a row to each line
  const refused: [name: string, tool: typeof pub, words: string[], code: number, complaints: string][] = [
    ['pub', pub, message, 5, 'Connection error: Connection Refused: not authorised.\nError: The connection was refused.\n'],
    ['pub', pub, [...message, '-V', '5'], 135, 'Connection error: Not authorized\nError: A network protocol error occurred when communicating with the broker.\n'],
    ['sub', sub, ['-t', 'a'], 5, 'Connection error: Connection Refused: not authorised.\n'],
    ['sub', sub, ['-t', 'a', '-V', '5'], 135, 'Connection error: Not authorized\n'],
    ['rr', rr, [...message, '-e', 'b'], 135, 'Connection error: Not authorized\n'],
    ['rr', rr, [...message, '-e', 'b', '-V', '311'], 5, 'Connection error: Unknown reason\n'],
  ];

  test.each(refused)(
    'mosquitto_%s ends with the code of the CONNACK',
    async (_name, tool, words, code, complaints) => {
      expect(await run(tool, closed(), words)).toEqual({ code, output: '', complaints });
      expect(await run(tool, closed(), [...words, '--quiet'])).toEqual({ code, output: '', complaints: '' });
    },
  );

  test('mosquitto_sub ends when none of its subscriptions is granted', async () => {
    const place = new Place(
      {},
      { access: { ...OPEN, subscribe: (_client, topicFilter) => topicFilter === 'allowed' } },
    );
    expect(await run(sub, place, ['-t', 'a', '-t', 'b'])).toEqual({
      code: 0,
      output: '',
      complaints: 'All subscription requests were denied.\n',
    });
    expect(await run(sub, place, ['-t', 'a', '-t', 'allowed', '-E'])).toMatchObject({ complaints: '' });
    expect(await run(rr, place, [...message, '-e', 'b'])).toMatchObject({
      code: 0,
      complaints: 'Not authorized\n',
    });
  });

  test('mosquitto_pub warns of a message that was turned down', async () => {
    const place = new Place({}, { access: { ...OPEN, publish: () => false } });
    const { code, complaints } = await run(pub, place, [...message, '-q', '1', '-V', '5']);
    expect(code).toBe(0);
    expect(complaints).toContain('Warning: Publish 1 failed: Not authorized.\n');
  });

  test('mosquitto_pub does not send what the broker said it would not take', async () => {
    const place = new Place({ maximumQoS: 0, retainAvailable: false });
    expect(await run(pub, place, [...message, '-q', '1', '-V', '5', '-i', 'p'])).toEqual({
      code: 0,
      output: '',
      complaints: 'Error: Message QoS not supported on broker, try a lower QoS.\n',
    });
    expect(received(place, 'p')).toEqual(['disconnect']);
    expect(await run(pub, place, [...message, '-r', '-V', '5'])).toMatchObject({
      complaints: 'Error: the broker retains no messages.\n',
    });
  });
});
