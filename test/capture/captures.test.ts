/**
 * The captures of real clients and a real broker, read by the engine and by the command: the same fields as Wireshark's, which
 * `test/captures` holds.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Secrets, wiresharkRows } from '../../broker/capture/index.ts';
import { answer } from '../../broker/node/capture.ts';
import manifest from '../captures/manifest.json' with { type: 'json' };
import { bytes, pcap, Talk } from './craft.ts';
import { connect, publish, read } from './packets.ts';

interface Row {
  file: string;
  fields: string;
  description: string;
  mqtt_packets: number;
  keylog?: string;
}

const captures: Row[] = manifest.captures;
const folder = mkdtempSync(join(tmpdir(), 'capture-'));
afterAll(() => rmSync(folder, { recursive: true }));

function path(name: string): string {
  return fileURLToPath(new URL(`../../content/captures/${name}`, import.meta.url));
}

/** What Wireshark saw in a capture. */
function seen(name: string): string {
  return readFileSync(new URL(`../captures/${name}`, import.meta.url), 'utf8');
}

/** JSON text rather than objects, so that the order of the fields counts. */
function ordered(json: unknown): string {
  return JSON.stringify(json, null, 1);
}

describe.each(captures)('$file: $description', ({ file, fields, keylog, mqtt_packets }) => {
  const expected = ordered(JSON.parse(seen(fields)));

  test.each([1 << 20, 1000, 7])(
    'its packets have the fields that Wireshark saw, read in chunks of %d bytes',
    async (size) => {
      const secrets = new Secrets();
      if (keylog !== undefined) secrets.add(readFileSync(path(keylog), 'utf8'));
      const contents = await read(readFileSync(path(file)), { secrets }, size);
      expect(contents.fault).toBeUndefined();
      expect(contents.packets.length).toBe(mqtt_packets);
      expect(ordered(wiresharkRows(contents))).toBe(expected);
    },
  );

  test('the command prints the same', async () => {
    const words = [path(file), '--json', ...(keylog === undefined ? [] : ['--keylog', path(keylog)])];
    const { output, exitCode } = await answer(words);
    expect(ordered(JSON.parse(output))).toBe(expected);
    expect(exitCode).toBe(0);
  });
});

describe('what the captures lack, as Wireshark shows it', () => {
  const rows = async (...frames: Uint8Array[]) => {
    const talk = new Talk()
      .open()
      .up(connect({ version: 5 }))
      .down(bytes('20 03 000000'));
    for (const frame of frames) talk.up(frame);
    return wiresharkRows(await read(pcap(talk.frames))).slice(2);
  };
  const aliased = (topic: string, topicAlias: number) =>
    publish(topic, 'x', { properties: { topicAlias } }, 5);

  test('behind an alias stands the topic that it stands for, or none', async () => {
    const [named, again, unknown] = await rows(aliased('a/b', 2), aliased('', 2), aliased('', 7));
    expect(Object.keys(named?.mqtt ?? {}).slice(-4)).toEqual([
      'mqtt.topic_len',
      'mqtt.topic',
      'mqtt.properties',
      'mqtt.msg',
    ]);
    expect(Object.entries(again?.mqtt ?? {}).slice(-4)).toEqual([
      ['mqtt.topic_len', '0'],
      ['mqtt.properties', expect.anything()],
      ['mqtt.topic', 'a/b'],
      ['mqtt.msg', '78'],
    ]);
    expect(unknown?.mqtt['mqtt.topic']).toBe('');
  });

  test('an empty topic without an alias is no field', async () => {
    const [one] = await rows(publish('', 'x', {}, 5));
    expect(one?.mqtt['mqtt.topic_len']).toBe('0');
    expect(one?.mqtt).not.toHaveProperty(['mqtt.topic']);
  });

  test.each([
    ['61 ff 62', 'a\ufffdb'],
    ['c3 bc 00 61', 'ü'],
    ['00 61', ''],
    ['e2 82', '\ufffd'],
    ['e2 82 ac f0 9f 98 80', '€😀'],
    ['ed a0 80', '\ufffd\ufffd\ufffd'],
    ['f0 9f 98 41', '\ufffdA'],
    ['c0 af f5', '\ufffd\ufffd\ufffd'],
  ])('binary data %s is shown as the text %j', async (hex, text) => {
    const [one] = await rows(publish('a', '', { properties: { correlationData: bytes(hex) } }, 5));
    expect(one?.mqtt['mqtt.properties']).toMatchObject({ 'mqtt.prop_string': text });
  });
});

describe('the command', () => {
  const CAPTURE = path('v311-pubsub-qos1.pcapng');

  test('prints each packet with its fields, then the findings, then how many there were', async () => {
    const { output } = await answer([path('v311-auth-bad-password.pcapng')]);
    const [first = '', ...more] = output.split('\n\n');
    expect(first).toContain('1  CONNECT, MQTT 3.1.1, frame 4, ');
    expect(first).toContain('answered by 2');
    expect(first).toContain('mqtt.clientid == auth-bad');
    expect(more.at(-2)).toContain(
      'warning: The password of alice travels in the clear. (packet 1, stream 0)',
    );
    expect(more.at(-1)).toBe('10 frames, 2 MQTT packets in 1 connections');
  });

  test('a file that breaks off is printed as far as it goes, and told with its name and byte', async () => {
    const file = join(folder, 'short.pcapng');
    writeFileSync(file, readFileSync(CAPTURE).subarray(0, 1500));
    const { output, complaint, exitCode } = await answer([file]);
    expect(output).toContain('CONNECT');
    expect(complaint).toMatch(
      /^capture: .*short\.pcapng, byte \d+: The file breaks off: \d+ bytes belong here, and \d+ are there\.$/,
    );
    expect(exitCode).toBe(1);
  });

  test.each([
    [
      'that is none',
      path('v311-tls12-keylog.keylog'),
      /\.keylog, byte 0: This is neither pcap nor pcapng: it begins with 23 /,
    ],
    ['that is not there', path('nowhere.pcapng'), /nowhere\.pcapng, byte 0: there is no such file\.$/],
    ['that is a folder', path('.'), /byte 0: it is a folder\.$/],
  ])('a file %s is one line, and exit code 1', async (_, file, complaint) => {
    const answered = await answer([file]);
    expect(answered).toMatchObject({ output: '', exitCode: 1 });
    expect(answered.complaint).toMatch(complaint);
    expect(answered.complaint).not.toContain('\n');
  });

  test('a key log that is not there is told likewise', async () => {
    const { complaint, exitCode } = await answer([CAPTURE, '--keylog', path('nowhere.keylog')]);
    expect(complaint).toMatch(/^capture: .*nowhere\.keylog, byte 0: there is no such file\.$/);
    expect(exitCode).toBe(1);
  });

  test.each([
    [['--no-such-option', CAPTURE]],
    [[]],
    [[CAPTURE, CAPTURE]],
    [['--port', '70000', CAPTURE]],
    [['--keylog']],
  ])('called with %j, it says what is wrong in one line, and ends with 2', async (words) => {
    const { output, complaint, exitCode } = await answer(words);
    expect([output, exitCode]).toEqual(['', 2]);
    expect(complaint).toMatch(/^capture: [^\n]+$/);
  });

  test('--help tells every option, and ends well', async () => {
    const { output, exitCode } = await answer(['--help']);
    for (const option of ['--keylog', '--port', '--json', '--help']) expect(output).toContain(option);
    expect(exitCode).toBe(0);
  });

  test('as a program, it writes to its output and ends with its code', () => {
    const program = fileURLToPath(new URL('../../broker/node/capture.ts', import.meta.url));
    const run = (...words: string[]) =>
      spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' });
    expect(run(CAPTURE, '--json')).toMatchObject({ status: 0, stderr: '' });
    expect(run(path('v311-tls12-keylog.keylog'))).toMatchObject({ status: 1, stdout: '' });
    expect(run('--wrong')).toMatchObject({ status: 2, stdout: '' });
  });
});
