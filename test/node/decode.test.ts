/** The command that takes packets apart: what it answers to its words, and that it runs. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { answer } from '../../broker/node/decode.ts';

const LIGHT = '30 14 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 54 75 72 6E 20 4F 6E';
const CONNECT_5 = '10 0E 00 04 4D 51 54 54 05 02 00 3C 00 00 01 61';

/** Fails if the input is read. */
function noInput(): string {
  throw new Error('the input was read');
}

function ask(line: string): ReturnType<typeof answer> {
  return answer(line.split(' '), noInput);
}

test.each([
  ['30 1g', 'line 1, column 5: “g” is not a hex digit'],
  ['30 14 123', 'line 1, column 7: “123” is not whole bytes, of two hex digits each'],
  ['[48, 256]', 'line 1, column 6: “256” is not a byte'],
])('%j is refused with its place', (text, message) => {
  expect(answer([text], noInput)).toEqual({ output: '', complaint: `decode: ${message}`, exitCode: 2 });
});

test('a dump of xxd is read as well as its bytes', () => {
  const dump = `00000000: 3014 000b 526f 6f6d 312f 4c69 6768 7454  0...Room1/LightT
00000010: 7572 6e20 4f6e                           urn On
`;
  expect(answer([], () => dump)).toEqual(ask(LIGHT));
});

describe('the field tree', () => {
  test('has a line for each field, in aligned columns', () => {
    const { output, exitCode } = ask(LIGHT);
    expect(exitCode).toBe(0);
    expect(`\n${output}\n`).toBe(`
PUBLISH, MQTT 3.1.1, 22 bytes

Bytes  Bits  Field                            Value          Meaning  Wireshark
0-1          Fixed header
0              Control Packet type and flags  0x30                    mqtt.hdrflags
0      7-4       Control Packet type          3              PUBLISH  mqtt.msgtype
0      3         DUP flag                     0                       mqtt.dupflag
0      2-1       QoS level                    0                       mqtt.qos
0      0         RETAIN                       0                       mqtt.retain
1              Remaining Length               20                      mqtt.len
2-14         Variable header
2-3            Topic Name length              11                      mqtt.topic_len
4-14           Topic Name                     "Room1/Light"           mqtt.topic
15-21        Payload
15-21          Application Message            "Turn On"               mqtt.msg
`);
  });

  test('shows binary data that is not text in hex, and cuts what is long', () => {
    expect(ask('30 07 00 01 61 00 FF C3 28').output).toContain('  00 FF C3 28  ');
    expect(ask(`30 17 00 01 61${' ff'.repeat(20)}`).output).toContain(`${'FF '.repeat(16)}… (20 bytes)`);
    expect(ask(`30 4b 00 01 61${' 62'.repeat(72)}`).output).toContain(
      `"${'b'.repeat(60)}" … (72 characters)`,
    );
  });

  test('lets no control character through to the terminal', () => {
    const { output } = ask('30 0a 00 01 61 1b 5b 32 4a c2 9b 7f');
    expect(output).toContain('"\\u001b[2J\\u009b\\u007f"');
  });
});

describe('the version', () => {
  test.each(['5', '5.0'])('--mqtt %s reads the packet as 5.0', (name) => {
    expect(ask(`--mqtt ${name} 30 05 00 01 61 00 78`).output).toContain('PUBLISH, MQTT 5.0');
  });

  test.each([
    ['3.1.1', '3.1.1'],
    ['4', '3.1.1'],
    ['3.1', '3.1'],
    ['3', '3.1'],
  ])('--mqtt=%s reads the packet as %s', (name, version) => {
    expect(ask(`--mqtt=${name} c0 00`).output).toContain(`PINGREQ, MQTT ${version}`);
  });

  test('is told by a CONNECT for what follows it', () => {
    const { output, exitCode } = ask(`${CONNECT_5} 20 03 00 00 00`);
    expect(output).toContain('CONNECT, MQTT 5.0, 16 bytes, from byte 0 of the input');
    expect(output).toContain('CONNACK, MQTT 5.0, 5 bytes, from byte 16 of the input');
    expect(exitCode).toBe(0);
  });

  test('is told even by a CONNECT with a fault behind it', () => {
    expect(ask(`${CONNECT_5.replace('02 00 3C', '03 00 3C')} 20 03 00 00 00`).output).toContain(
      'CONNACK, MQTT 5.0',
    );
  });

  test('stays as --mqtt says, whatever a CONNECT tells', () => {
    expect(ask(`--mqtt 4 ${CONNECT_5} 20 02 00 00`).output).toContain('CONNACK, MQTT 3.1.1');
  });
});

describe('a malformed packet', () => {
  test('shows what was understood, then the fault with its byte, its bits and its statement', () => {
    const { output, exitCode } = ask('38 03 00 01 61');
    expect(output).toContain('Topic Name');
    expect(output).toMatch(/\n\nFault at byte 0, bits 3-3: .*\[MQTT-3\.3\.1-2\]$/);
    expect(exitCode).toBe(1);
  });

  test('that breaks off is the last one', () => {
    const { output, exitCode } = ask('c0 00 30 05 00');
    expect(output).toContain('PINGREQ');
    expect(output).toMatch(
      /PUBLISH, MQTT 3\.1\.1, 3 bytes, from byte 2.*Fault at byte 3: The packet breaks off/s,
    );
    expect(exitCode).toBe(1);
  });

  test('whose length is without end takes all that follows', () => {
    const { output, exitCode } = ask('c0 00 30 ff ff ff ff 01');
    expect(output).toMatch(/PUBLISH, MQTT 3\.1\.1, 6 bytes.*Fault at byte 1: Remaining Length takes more/s);
    expect(exitCode).toBe(1);
  });

  test('does not hide the packets behind it', () => {
    const { output, exitCode } = ask('00 00 c0 00');
    expect(output).toMatch(/^No packet, MQTT 3\.1\.1, 2 bytes.*PINGREQ/s);
    expect(exitCode).toBe(1);
  });
});

describe('--json', () => {
  test("gives spans with Wireshark's names, the packet, and binary data as hex", () => {
    const { output, exitCode } = ask(`--json ${LIGHT}`);
    const { spans, packet, fault } = JSON.parse(output);
    expect(spans.map(({ filter }: { filter?: string }) => filter).filter(Boolean)).toEqual([
      'mqtt.hdrflags',
      'mqtt.msgtype',
      'mqtt.dupflag',
      'mqtt.qos',
      'mqtt.retain',
      'mqtt.len',
      'mqtt.topic_len',
      'mqtt.topic',
      'mqtt.msg',
    ]);
    expect(spans.at(-1)).toMatchObject({
      start: 15,
      end: 22,
      name: 'Application Message',
      value: '5475726e204f6e',
    });
    expect(packet).toEqual({
      type: 'publish',
      dup: false,
      qos: 0,
      retain: false,
      topic: 'Room1/Light',
      payload: '5475726e204f6e',
    });
    expect(fault).toBeUndefined();
    expect(exitCode).toBe(0);
  });

  test('gives the fault of a malformed packet', () => {
    const { output, exitCode } = ask('--json 36 03 00 01 61');
    expect(JSON.parse(output)).toMatchObject({
      fault: { id: 'qosThree', offset: 0, bits: [2, 1], rule: 'MQTT-3.3.1-4' },
    });
    expect(exitCode).toBe(1);
  });

  test('gives an array of several packets', () => {
    expect(JSON.parse(ask('--json c0 00 d0 00').output)).toMatchObject([
      { packet: { type: 'pingreq' } },
      { packet: { type: 'pingresp' } },
    ]);
  });
});

describe('a wrong call', () => {
  test.each([
    ['30 zz', 'decode: line 1, column 4: “z” is not a hex digit'],
    ['--mqtt 6 c0 00', 'decode: --mqtt takes 3.1, 3.1.1 or 5, not “6”'],
    ['--mqtt toString c0 00', 'decode: --mqtt takes 3.1, 3.1.1 or 5, not “toString”'],
    ['--hex c0 00', "decode: Unknown option '--hex'"],
    ['--mqtt', "decode: Option '--mqtt <value>' argument missing"],
  ])('%j is told in one line', (line, complaint) => {
    expect(ask(line)).toEqual({ output: '', complaint, exitCode: 2 });
  });

  test('without any bytes is told in one line', () => {
    expect(answer([], () => ' \n')).toEqual({
      output: '',
      complaint: 'decode: no bytes to decode; --help tells how',
      exitCode: 2,
    });
  });
});

test('--help names every option', () => {
  const { output, exitCode } = ask('--help');
  for (const option of ['--mqtt', '--json', '--help']) expect(output).toContain(option);
  expect(exitCode).toBe(0);
});

describe('the process', () => {
  function run(words: string[], input = ''): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, ['broker/node/decode.ts', ...words], { input, encoding: 'utf8' });
  }

  test('reads words, and writes the tree', () => {
    expect(run(LIGHT.split(' '))).toMatchObject({ status: 0, stdout: `${ask(LIGHT).output}\n`, stderr: '' });
  });

  test('reads its input where there are no words, and ends with 1 for a malformed packet', () => {
    expect(run(['--json'], '36 03 00\n01 61\n')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('qosThree'),
    });
  });

  test('ends with 2 for a wrong call, and writes only to the error output', () => {
    expect(run(['3'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^decode: line 1, column 1: .*\n$/),
    });
  });
});
