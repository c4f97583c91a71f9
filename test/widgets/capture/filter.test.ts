/** The filter line: what it lets through, what it says where it cannot be understood, and that it agrees with tshark's. */
import { describe, expect, test } from 'vitest';
import type { CaptureContents } from '../../../broker/capture/index.ts';
import { FilterFault, parseFilter } from '../../../src/widgets/capture/filter.ts';
import type { Subject } from '../../../src/widgets/capture/subject.ts';
import { read } from '../../capture/packets.ts';
import { tshark, tsharkFields, withoutTshark } from '../../capture/tshark.ts';
import { bytesOf, CAPTURES, contentsOf } from './captures.ts';

function subjects({ packets, conversations, findings }: CaptureContents): Subject[] {
  return packets.map((packet) => ({
    packet,
    conversation: conversations.find(({ stream }) => stream === packet.stream) as Subject['conversation'],
    isFound: findings.some((found) => found.packet === packet.number),
  }));
}

/** The frames of the packets that a filter lets through. */
function framesOf(contents: CaptureContents, text: string): number[] {
  const filter = parseFilter(text);
  return subjects(contents)
    .filter((subject) => filter === undefined || filter(subject))
    .map(({ packet }) => packet.frame);
}

function faultOf(text: string): FilterFault {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof FilterFault) return error;
  }
  throw new Error(`“${text}” was understood`);
}

const QOS2 = await contentsOf('v311-pubsub-qos2.pcapng');
const ALL = QOS2.packets.map(({ frame }) => frame);

describe('a filter lets through', () => {
  test.each([
    ['', ALL],
    ['publish', [18, 21]],
    ['PUBLISH', [18, 21]],
    ['publish || pubrec', [18, 19, 21, 23]],
    ['pubrec or pubrel', [19, 20, 23, 25]],
    ['publish client:pub-qos2', [18]],
    ['publish && client:"pub-qos2"', [18]],
    ['client:sub-qos2 and not (publish or connect)', [6, 8, 9, 23, 25, 28, 29]],
    ['topic:fixture/#', [8, 18, 21]],
    ['topic:+/qos2 !subscribe', [18, 21]],
    ['topic:nowhere', []],
    ['id:1 stream:1', [18, 19, 20, 24]],
    ['mqtt.msgid', [8, 9, 18, 19, 20, 21, 23, 24, 25, 28]],
    ['!mqtt.msgid && !connect', [6, 16, 26, 29]],
    ['mqtt.msgtype in {1, 14}', [4, 14, 26, 29]],
    ['frame.number >= 26', [26, 28, 29]],
    ['tcp.srcport == 23883 && publish', [21]],
    ['ip.addr == 127.0.0.1 && connect', [4, 14]],
    ['mqtt.conflag.cleansess == true', [4, 14]],
    ['mqtt.hdrflags == 0x34', [18, 21]],
    ['mqtt.msg == 68:65:6c:6c:6f:20:71:6f:73:32', [18, 21]],
    ['tls || websocket || ipv6', []],
  ])('%s', (text, frames) => {
    expect(framesOf(QOS2, text)).toEqual(frames);
  });

  test('packets about which there is something to tell', async () => {
    const contents = await contentsOf('v311-auth-bad-password.pcapng');
    expect(framesOf(contents, 'found && connect')).toEqual([4]);
  });

  test('a topic with an alias in its place, and a will', async () => {
    const will = await contentsOf('v311-will.pcapng');
    expect(framesOf(will, 'connect topic:fixture/will').length).toBe(1);
  });
});

describe('a filter that is not understood names the place, and what may be meant', () => {
  test.each([
    ['mqtt.qoss == 2', 'unknownField', 0, 'mqtt.qos'],
    ['publish && mqtt.topicname', 'unknownField', 11, undefined],
    ['pubish', 'unknownWord', 0, 'publish'],
    ['clientid == "c"', 'unknownWord', 0, 'mqtt.clientid'],
    ['mqtt.qos == two', 'notNumber', 12, undefined],
    ['mqtt.qos ==', 'valueMissing', 11, undefined],
    ['mqtt.qos == && publish', 'valueMissing', 12, undefined],
    ['mqtt.qos contains 2', 'notText', 18, undefined],
    ['mqtt.properties == 2', 'noValue', 0, undefined],
    ['(publish || pubrel', 'unclosed', 0, undefined],
    ['publish)', 'unopened', 7, undefined],
    ['mqtt.topic == "abc', 'quoteOpen', 14, undefined],
    ['publish ||', 'testMissing', 10, undefined],
    ['== 2', 'testMissing', 0, undefined],
    ['mqtt.qos = 2', 'testMissing', 9, undefined],
    ['mqtt.topic matches "x"', 'notSupported', 11, undefined],
    ['topic:a/#/b', 'notFilter', 6, undefined],
    ['topic:', 'valueMissing', 6, undefined],
    ['mqtt.qos in 2', 'valueMissing', 12, undefined],
    ['__proto__', 'unknownWord', 0, undefined],
    ['constructor:x', 'unknownWord', 0, undefined],
  ] as const)('%s', (text, id, start, offered) => {
    const fault = faultOf(text);
    expect([fault.id, fault.start]).toEqual([id, start]);
    if (offered !== undefined) expect(fault.known).toContain(offered);
    expect(fault.end).toBeGreaterThanOrEqual(fault.start);
  });

  test('nested too deep, it is refused', () => {
    expect(faultOf('('.repeat(5000)).id).toBe('tooDeep');
    expect(faultOf(`${'!'.repeat(5000)}publish`).id).toBe('tooDeep');
  });
});

/** Filters that Wireshark has as well. */
const SHARED = [
  'mqtt',
  'mqtt.qos == 2',
  'mqtt.qos != 0',
  'mqtt && !(mqtt.qos == 0)',
  'mqtt.msgtype == 3 || mqtt.msgtype == 4',
  'mqtt.msgid',
  'mqtt.msgid == 1 && !(mqtt.msgtype == 3)',
  'mqtt.topic contains "fixture"',
  'mqtt.topic == "fixture/qos1"',
  'mqtt.topic != "fixture/retain"',
  'mqtt.topic > "fixture/s"',
  'mqtt.retain == 1',
  'mqtt.retain == True',
  'mqtt.dupflag',
  'mqtt.len > 20',
  'mqtt.len <= 0x02',
  'mqtt.conack.flags.sp == 1',
  'mqtt.conack.val == 0 or mqtt.connack.reason_code > 0',
  'mqtt.conflags == 0x02',
  'mqtt.conflag.uname == 1 and mqtt.passwd',
  'mqtt.passwd == "s3cret"',
  'mqtt.kalive == 60 || mqtt.msgtype == 3 && mqtt.qos == 0',
  'mqtt.willmsg',
  'mqtt.willmsg contains 67:6f',
  'mqtt.msg contains "hello"',
  'mqtt.properties',
  'mqtt.property_id == 0x11',
  'mqtt.property_id != 0x11',
  'mqtt.prop_number >= 10',
  'mqtt.prop_string contains "a"',
  'mqtt.ver == 5',
  'mqtt.sub.qos == 1',
  'mqtt.subscription_options_qos lt 2',
  'mqtt.suback.qos ne 1',
  'mqtt.disconnect.reason_code',
  'mqtt && tcp.stream == 0',
  'mqtt && tcp.srcport > 20000 && tcp.dstport < 25000',
  'mqtt && frame.number > 10 && frame.number < 20',
  'mqtt && ip.src == 127.0.0.1',
];

/** All plain captures behind each other, as one file: pcapng is made for that. */
const plain = CAPTURES.filter(({ broker_port }) => broker_port !== 8883);
const together = Buffer.concat(plain.map(({ file }) => bytesOf(file)));
const PORTS = [...new Set(plain.map(({ broker_port }) => broker_port))].flatMap((port) => [
  '-d',
  `tcp.port==${port},mqtt`,
]);

/** How many frames, and how many bytes of them, tshark lets through each filter. */
function tsharkCounts(filters: readonly string[]): [frames: number, bytes: number][] {
  const table = tshark(together, '-q', ...PORTS, '-z', `io,stat,0,${filters.join(',')}`);
  const line = table.split('\n').find((row) => row.includes('<>') && /\d/.test(row)) ?? '';
  const numbers = line.split('|').slice(2, -1).map(Number);
  return filters.map((_, index) => [numbers[2 * index] as number, numbers[2 * index + 1] as number]);
}

test.skipIf(withoutTshark)('tshark lets the same frames through', async () => {
  const contents = await read(together);
  const frames = contents.packets.map(({ frame }) => frame);
  // Where a frame has several packets, Wireshark's filter takes their fields together.
  const shared = new Set(frames.filter((frame, index) => frame === frames[index - 1]));
  const alone = [...shared].map((frame) => `frame.number != ${frame}`).join(' && ');
  const filters = SHARED.map((filter) => `(${filter}) && ${alone}`);
  const counts = tsharkCounts(filters);
  expect(filters.map((filter, index) => [filter, counts[index]])).toEqual(
    filters.map((filter) => {
      const lets = parseFilter(filter);
      const passed = subjects(contents).filter((subject) => lets?.(subject));
      return [filter, [passed.length, passed.reduce((sum, { packet }) => sum + packet.place.length, 0)]];
    }),
  );
});

test.skipIf(withoutTshark)('and the same where values are listed', async () => {
  const filter = 'mqtt.msgtype in {8, 9}';
  const rows = tsharkFields(bytesOf('v311-pubsub-qos2.pcapng'), filter, ['frame.number'], ...PORTS);
  expect(rows.map(([frame]) => Number(frame))).toEqual(framesOf(QOS2, filter));
});
