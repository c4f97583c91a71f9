import { describe, expect, test } from 'vitest';
import { Problem, WrongUsage } from '#broker/client/tools/complaint.ts';
import { help } from '#broker/client/tools/help.ts';
import type { Need, Tool, ToolHost } from '#broker/client/tools/host.ts';
import { flagOf, isFor, OPTIONS } from '#broker/client/tools/options.ts';
import { parse, targetOf } from '#broker/client/tools/parse.ts';
import type { ToolSettings } from '#broker/client/tools/settings.ts';

const TOOLS = ['pub', 'sub', 'rr'] as const;
const EVERYTHING: ReadonlySet<Need> = new Set(['network', 'files', 'tls', 'proxy', 'psk', 'engine']);

type Host = Pick<ToolHost, 'defaults' | 'offers'>;

const HOST: Host = { offers: EVERYTHING, defaults: () => undefined };

function settingsOf(tool: Tool, words: readonly string[], host: Host = HOST): ToolSettings {
  const wish = parse(tool, words, host);
  if (typeof wish === 'string') throw new Error(`asked for the ${wish}`);
  return wish;
}

function pub(...words: string[]): ToolSettings {
  return settingsOf('pub', ['-t', 'a', ...words]);
}

describe('a command line', () => {
  test('has the defaults of the originals', () => {
    expect(pub()).toMatchObject({
      host: 'localhost',
      version: 4,
      keepAlive: 60,
      qos: 0,
      cleanStart: true,
      maxInflight: 20,
    });
    expect(settingsOf('rr', ['-t', 'a'])).toMatchObject({ version: 5, count: 1 });
  });

  test('takes every option by its short name and by its long one', () => {
    const same = [
      ['-q', '--qos', '1'],
      ['-k', '--keepalive', '30'],
      ['-V', '--protocol-version', '31'],
      ['-u', '--username', 'ann'],
    ] as const;
    for (const [short, long, value] of same) expect(pub(short, value)).toEqual(pub(long, value));
  });

  test('keeps all topics of mosquitto_sub', () => {
    expect(settingsOf('sub', ['-t', 'a', '-t', 'b/#']).topics).toEqual(['a', 'b/#']);
  });

  test('asks for help before anything behind it is looked at', () => {
    expect(parse('pub', ['--help', '--nonsense'], HOST)).toBe('help');
    expect(parse('pub', ['--version'], HOST)).toBe('version');
  });

  test('comes after the options of a file, which it overrides', () => {
    const defaults = '# mine\n-h broker.example\n\n-u  ann of sales\r\n--quiet\n-q 1\n';
    const settings = settingsOf('pub', ['-t', 'a', '-q', '2'], { ...HOST, defaults: () => defaults });
    expect(settings).toMatchObject({
      host: 'broker.example',
      username: ' ann of sales',
      isQuiet: true,
      qos: 2,
    });
  });

  test('gives a port to TLS where there is none', () => {
    expect(targetOf(pub()).port).toBe(1883);
    expect(targetOf(pub()).tls).toBeUndefined();
    expect(targetOf(pub('--cafile', 'ca.pem'))).toMatchObject({ port: 8883, tls: { cafile: 'ca.pem' } });
    expect(targetOf(pub('-p', '8883')).tls).toMatchObject({ usesSystemCertificates: true });
    expect(targetOf(pub('--cafile', 'ca.pem')).tls).toMatchObject({ usesSystemCertificates: false });
  });

  test('leads to a socket of the file system', () => {
    expect(targetOf(pub('--unix', '/run/broker'))).toMatchObject({ host: '/run/broker', port: 0 });
  });
});

describe('-L', () => {
  const urls: [url: string, settings: Partial<ToolSettings>][] = [
    ['mqtt://host/a/b', { host: 'host', port: 1883, topics: ['a/b'], isWebSocket: false }],
    ['MQTT://host:1/a', { host: 'host', port: 1 }],
    ['mqtts://host/a', { port: 8883 }],
    ['mqtt://ann:secret@host/a', { username: 'ann', password: 'secret', host: 'host' }],
    ['mqtt://ann@host/a', { username: 'ann', password: undefined }],
    ['ws://host:9001/a', { port: 9001, isWebSocket: true }],
    ['wss://host/a', { port: 443, isWebSocket: true }],
    ['mqtt://[::1]:1884/a', { host: '::1', port: 1884 }],
  ];

  test.each(urls)('%s', (url, settings) => {
    expect(settingsOf('pub', ['-L', url])).toMatchObject(settings);
  });

  test('turns TLS on by mqtts and by wss', () => {
    for (const scheme of ['mqtts', 'wss'])
      expect(targetOf(settingsOf('pub', ['-L', `${scheme}://host/a`])).tls).toMatchObject({
        usesSystemCertificates: true,
      });
  });
});

describe('-D', () => {
  test('gives each packet its properties, and makes the version 5.0', () => {
    const settings = pub(
      ...['-D', 'connect', 'receive-maximum', '3', '-D', 'PUBLISH', 'Content-Type', 'text/plain'],
      ...['-D', 'publish', 'user-property', 'a', 'b', '-D', 'publish', 'user-property', 'a', 'c'],
      ...['-D', 'publish', 'correlation-data', 'é', '-D', 'subscribe', 'subscription-identifier', '7'],
      ...[
        '-D',
        'disconnect',
        'session-expiry-interval',
        '4294967295',
        '-D',
        'will',
        'will-delay-interval',
        '9',
      ],
    );
    expect(settings.version).toBe(5);
    expect(settings.properties).toEqual({
      connect: { receiveMaximum: 3 },
      publish: {
        contentType: 'text/plain',
        userProperty: [
          ['a', 'b'],
          ['a', 'c'],
        ],
        correlationData: new Uint8Array([0xc3, 0xa9]),
      },
      subscribe: { subscriptionIdentifier: [7] },
      unsubscribe: {},
      disconnect: { sessionExpiryInterval: 0xffff_ffff },
      will: { willDelayInterval: 9 },
    });
  });

  test('-x and -c say how long a session of 5.0 is kept', () => {
    const interval = (...words: string[]) =>
      pub('-V', '5', '-i', 'me', ...words).properties.connect.sessionExpiryInterval;
    expect([interval(), interval('-x', '0'), interval('-x', '0x10'), interval('-x', '010')]).toEqual([
      undefined,
      undefined,
      16,
      8,
    ]);
    expect([interval('-c'), interval('-x', '-1'), interval('-x', '∞'), interval('-c', '-x', '5')]).toEqual([
      0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 5,
    ]);
  });
});

describe('a wrong command line', () => {
  const alone = OPTIONS.filter(({ value }) => value !== undefined).flatMap((option) =>
    TOOLS.filter((tool) => isFor(option, tool)).map((tool) => ({ tool, option, flag: flagOf(option) })),
  );

  test.each(alone)('mosquitto_$tool: $flag lacks its value', ({ tool, option, flag }) => {
    expect(() => parse(tool, [option.short ?? option.long ?? ''], HOST)).toThrow(
      new WrongUsage(`Error: ${flag} argument given but ${option.lacks}.\n`),
    );
  });

  const foreign = OPTIONS.flatMap((option) =>
    TOOLS.filter((tool) => !isFor(option, tool)).map((tool) => ({
      tool,
      name: option.short ?? option.long ?? '',
    })),
  );

  test.each(foreign)('mosquitto_$tool has no $name', ({ tool, name }) => {
    expect(() => parse(tool, [name], HOST)).toThrow(new WrongUsage(`Error: Unknown option '${name}'.`));
  });

  test('names an option whose means are not there', () => {
    const host: Host = { ...HOST, offers: new Set(['network']) };
    expect(() => parse('pub', ['--cafile', 'x'], host)).toThrow(
      new WrongUsage('Error: --cafile is not to be had here.\n'),
    );
    expect(() => parse('pub', ['--psk', 'x'], host)).toThrow(
      new WrongUsage('Error: --psk is not to be had here.\n'),
    );
  });

  test('says which version of TLS it does not know', () => {
    expect(() => parse('pub', ['--tls-version', 'tlsv9'], HOST)).toThrow(
      new Problem('Error: Problem setting TLS options, check the options are valid.'),
    );
  });
});

describe('--help', () => {
  test.each(TOOLS)('mosquitto_%s tells of each of its options, and of no other', (tool) => {
    const names = help(tool)
      .match(/^ -.*/gm)
      ?.map((line) => line.trim().split(/[ ,]/)[0]);
    const told = OPTIONS.filter((option) => isFor(option, tool)).map(({ short, long }) => short ?? long);
    expect(names).toEqual([...told, '-D', '--help', '--version']);
  });

  test('keeps its lines short', () => {
    for (const tool of TOOLS)
      for (const line of help(tool).split('\n')) expect(line.length).toBeLessThanOrEqual(96);
  });
});
