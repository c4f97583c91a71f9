import { describe, expect, test } from 'vitest';
import { bytesOf } from '#broker/client/tools/bytes.ts';
import { NotJson, parseFormat } from '#broker/client/tools/format.ts';
import { strftime } from '#broker/client/tools/strftime.ts';
import type { Publish } from '#broker/codec/index.ts';
import { inZone } from './desk.ts';

const AT = Date.UTC(2026, 6, 4, 15, 6, 7) + 8.009;

const MESSAGE: Publish = {
  type: 'publish',
  dup: false,
  qos: 1,
  retain: true,
  topic: 'Room1/Light',
  packetId: 7,
  payload: Buffer.from('{"a":1}'),
  properties: {
    contentType: 'text',
    messageExpiryInterval: 60,
    userProperty: [
      ['k', 'v'],
      ['k2', 'v2'],
    ],
    correlationData: Buffer.from('c\xff', 'latin1'),
  },
};

function formatted(format: string, message: Partial<Publish> = {}, isPretty = false): string {
  inZone('UTC');
  const printed = { message: { ...MESSAGE, ...message }, at: AT };
  const characters = parseFormat(format).map((piece) =>
    typeof piece === 'string' ? piece : piece(printed, isPretty),
  );
  return Buffer.from(bytesOf(characters.join(''))).toString('latin1');
}

// What mosquitto_sub 2.0.11 prints.
// biome-ignore format: a table, a row to each line
const FORMATS: [format: string, printed: string][] = [
  ['%t %p %l %m %q %r', 'Room1/Light {"a":1} 7 7 1 1'],
  ['%C|%E|%P|%D|%%|@@', 'text|60|k:v k2:v2|c\xff|%|@'],
  ['%A|%F|%R|%S', '|||'],
  ['%10A|%010A|%5S|%10R|%10D', '          |0000000000|     ||c\xff'],
  ['%x|%X', '7b2261223a317d|7B2261223A317D'],
  ['%15t|%-15t|%2.2t|%.1t|%-5.1t|%015t', '    Room1/Light|Room1/Light    |Ro|R|R    |    Room1/Light'],
  ['%05l|%5l|%-5l|%-05l', '00007|    7|7    |7    '],
  ['%3p|%012p|%-12p|%12p|%.3p', '{"a|00000{"a":1}|{"a":1}     |     {"a":1}|{"a":1}'],
  ['%06x|%20x|%020X|%-20x|%-x', '7b2261|              7b2261|000000000000007B2261|7b2261              |7b2261223a317d       '],
  ['%5q|%5%', '1|%'],
  ['ä%tä', '\xc3\xa4Room1/Light\xc3\xa4'],
  ['\\\\\\0\\a\\e\\n\\r\\t\\v', '\\\0\x07\x1b\n\r\t\v'],
  ['%I|%U|@N', '2026-07-04T15:06:07+0000|1783177567.008009033|008009033'],
  ['%30I|%-30I|%.10I', '      2026-07-04T15:06:07+0000|2026-07-04T15:06:07+0000      |2026-07-04'],
  ['@Y-@m-@d @H:@M:@S', '2026-07-04 15:06:07'],
];

test.each(FORMATS)('-F %j', (format, printed) => {
  expect(formatted(format)).toBe(printed);
});

// biome-ignore format: a table, a row to each line
const WRONG: [format: string, complaint: string][] = [
  ['%', 'Incomplete format specifier.'],
  ['%5', 'Incomplete format specifier.'],
  ['%-', 'Incomplete format specifier.'],
  ['%5.', 'Incomplete format specifier.'],
  ['x@', 'Incomplete format specifier.'],
  ['x\\', 'Incomplete escape specifier.'],
  ['%z', "Invalid format specifier 'z'."],
  ['%0-5l', "Invalid format specifier '-'."],
  ['\\z', "Invalid escape specifier 'z'."],
];

test.each(WRONG)('-F %j is refused', (format, complaint) => {
  expect(() => parseFormat(format)).toThrow(`Error: ${complaint}`);
});

describe('%j and %J', () => {
  const head =
    '{"tst":"2026-07-04T15:06:07.008009Z+0000","topic":"Room1/Light","qos":1,"retain":1,"payloadlen":';
  const properties =
    '"properties":{"content-type":"text","message-expiry-interval":60,"user-properties":{"k":"v","k2":"v2"},"correlation-data":"c\xff"}';

  test('%j quotes the payload, whatever it is', () => {
    expect(formatted('%j')).toBe(`${head}7,"mid":7,${properties},"payload":"{\\"a\\":1}"}`);
    expect(formatted('%j', { payload: Buffer.from([0xff, 0x01, 0x22]), properties: undefined })).toBe(
      `${head}3,"mid":7,"payload":"\xff\\u0001\\""}`,
    );
  });

  test('an empty payload is null, and QoS 0 has no identifier', () => {
    const message = {
      payload: new Uint8Array(),
      qos: 0,
      packetId: undefined,
      properties: undefined,
    } as const;
    expect(formatted('%J', message)).toBe(`${head.replace('"qos":1', '"qos":0')}0,"payload":null}`);
  });

  test('%J takes the payload as it is, written as cJSON would', () => {
    const text =
      '{"b": [1, {"z":[]},[2,3]], "e":{}, "n":1.50, "u":"\\u00e9\\/", "big":1e20, "f":0.1, "small":-1e-7, "t":true}';
    const payload = Buffer.from(text);
    expect(formatted('%J', { payload, properties: undefined })).toContain(
      '"payload":{"b":[1,{"z":[]},[2,3]],"e":{},"n":1.5,"u":"\xc3\xa9/","big":1e+20,"f":0.1,"small":-1e-07,"t":true}}',
    );
  });

  test('--pretty puts each member on a line', () => {
    const payload = Buffer.from('{"b":[1,{"z":[]}],"e":{},"s":"a,b{}"}');
    expect(formatted('%J', { payload, properties: undefined }, true)).toBe(
      [
        '{\n\t"tst":\t"2026-07-04T15:06:07.008009Z+0000",\n\t"topic":\t"Room1/Light",\n\t"qos":\t1,\n\t"retain":\t1,',
        `\n\t"payloadlen":\t${payload.length},\n\t"mid":\t7,\n\t"payload":\t{\n\t\t"b":\t[1, {\n\t\t\t\t"z":\t[]\n\t\t\t}],`,
        '\n\t\t"e":\t{\n\t\t},\n\t\t"s":\t"a,b{}"\n\t}\n}',
      ].join(''),
    );
  });

  test('%J tells of a payload that is not JSON', () => {
    for (const payload of ['on', '{"a":1} x'])
      expect(() => formatted('%J', { payload: Buffer.from(payload) })).toThrow(NotJson);
    expect(() => formatted('%J', { payload: Buffer.from([0x22, 0xff, 0x22]) })).toThrow(NotJson);
  });
});

describe('strftime', () => {
  // What the GNU C library writes in the C locale.
  // biome-ignore format: a table, a row to each line
  const TIMES: [format: string, time: number, written: string][] = [
    ['%a %A %b %B %c', AT, 'Sat Saturday Jul July Sat Jul  4 15:06:07 2026'],
    ['%C %d %D %e %F %g %G %h %H %I %j %k %l %m %M', AT, '20 04 07/04/26  4 2026-07-04 26 2026 Jul 15 03 185 15  3 07 06'],
    ['%n%p%P%r%R%s%S%t%T', AT, '\nPMpm03:06:07 PM15:06178317756707\t15:06:07'],
    ['%u %U %V %w %W %x %X %y %Y %z %Z %%', AT, '6 26 27 6 26 07/04/26 15:06:07 26 2026 +0000 UTC %'],
    ['%I %l %p', Date.UTC(2026, 0, 1, 0, 5), '12 12 AM'],
    ['%G-W%V %U %W %j', Date.UTC(2021, 0, 1), '2020-W53 00 00 001'],
    ['%G-W%V %U %W %j', Date.UTC(2024, 11, 31), '2025-W01 52 53 366'],
    ['%q %E %Q', AT, '%q %E %Q'],
  ];

  test.each(TIMES)('%j at %d', (format, time, written) => {
    inZone('UTC');
    expect(strftime(format, new Date(time))).toBe(written);
  });

  test('tells the time of the zone, east and west', () => {
    inZone('Asia/Kolkata');
    expect(strftime('%H:%M %z', new Date(AT))).toBe('20:36 +0530');
    inZone('America/St_Johns');
    expect(strftime('%H:%M %z', new Date(AT))).toBe('12:36 -0230');
  });
});
