// Our reading of configuration files beside Mosquitto's own: what it accepts we accept, and what it says of the others we say.
// Each file ends in a line that nobody knows, so that Mosquitto stops there instead of starting.
import { describe, expect, test } from 'vitest';
import { configure } from '#broker/node/config/configuration.ts';
import { ConfigurationError, read } from '#broker/node/config/read.ts';
import { listen } from '#broker/node/index.ts';
import { folder, isInstalled, runToEnd } from './files.ts';

const END = '\nthe_end';

/** What Mosquitto says of a file, without the time, and without what it remarks on the way. */
function mosquittoSays(path: string): string[] {
  const { stderr } = runToEnd('mosquitto', ['-c', path]);
  const lines = stderr.split('\n').map((line) => line.replace(/^\d+: /, ''));
  return lines.filter((line) => line.startsWith('Error') && !line.includes('OpenSSL'));
}

/** What we say of it, without what Mosquitto would rather not tell. */
function weSay(path: string): string[] {
  try {
    configure(read(path));
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.lines.filter((line) => !line.startsWith('Expected:'));
    throw error;
  }
  return [];
}

const ACCEPTED = [
  '',
  '# a remark\n\n   \r\n',
  '  listener  1900   127.0.0.1   # a remark',
  'listener 1900\r\nallow_anonymous true\r\n',
  'allow_anonymous 1\nallow_anonymous false more words',
  'listener 0 /tmp/socket of mine',
  'port 1900\nport 1901\nbind_address localhost',
  'per_listener_settings true\nlistener 1900\nallow_anonymous true\npassword_file a file\nacl_file /another',
  'per_listener_settings false\nallow_anonymous true\nper_listener_settings false',
  'log_dest stdout\nlog_dest file /tmp/a log\nlog_dest topic\nlog_dest none\nlog_type all\nlog_type none\nlog_type subscribe',
  'max_connections -7\nmax_inflight_bytes -1\nmax_queued_messages -1\nmax_queued_bytes 5 6 7',
  'listener 1900\nmount_point here/and there/\nmaximum_qos 1\nmax_qos 0\nmax_topic_alias 65535\nsocket_domain ipv6',
  'persistent_client_expiration 3m\npersistence true\nretained_persistence 0\npersistence_file x\npersistence_location /y/',
  'listener 1900\ncafile a\ncapath b\ncertfile c\nkeyfile d\ncrlfile e\nciphers f\nciphers_tls1.3 g\ntls_version tlsv1.1',
  'use_identity_as_username true\nuse_subject_as_username true\nuse_username_as_clientid true\nrequire_certificate true',
  'allow_duplicate_messages false\nretry_interval 3\nuser nobody\nautosave_interval 4\nautosave_on_changes true',
  'check_retain_source false\nclientid_prefixes a b\nconnection_messages false\nauto_id_prefix x\nqueue_qos0_messages true',
  'message_size_limit 268435455\nmax_packet_size 20\nmemory_limit 99999999999\nsys_interval 0\nmax_keepalive 10\nset_tcp_nodelay true',
  'log_timestamp false\nlog_timestamp_format %Y %m\nupgrade_outgoing_qos true\nretain_available false\npid_file /tmp/pid',
  'acl_file  \ta file with blanks around \t',
  'max_inflight_messages -1\nmax_queued_messages 1\t\nmax_queued_bytes  \t7\nmax_connections +5\nmax_topic_alias 1\t',
  'listener 1900\t\nmax_connections 1\t\r\nport 1901\t\r',
  'log_facility 7\nwebsockets_headers_size 65535\nwebsockets_log_level 255\nautosave_on_changes 0\nretry_interval',
];

const REFUSED = [
  'foo',
  'listener',
  'listener 0',
  'listener 65536',
  'listener -1',
  'listener\t1900',
  '   # a remark that does not begin its line',
  'port 0',
  'port 70000',
  'port',
  'acl_file',
  'acl_file   ',
  'password_file a\npassword_file b',
  'auto_id_prefix a\nauto_id_prefix b',
  'bind_address localhost\nbind_address localhost',
  'allow_anonymous',
  'allow_anonymous TRUE',
  'persistence yes',
  'max_qos 3',
  'maximum_qos -1',
  'max_packet_size 19',
  'max_packet_size',
  'max_inflight_messages 65536',
  'max_keepalive 65536',
  'max_topic_alias 65536',
  'max_topic_alias',
  'message_size_limit 268435456',
  'sys_interval 65536',
  'sys_interval -1',
  'persistent_client_expiration 5',
  'persistent_client_expiration d',
  'persistent_client_expiration 0d',
  'protocol http',
  'socket_domain ip',
  'socket_domain',
  'log_dest',
  'log_dest nowhere',
  'log_dest file',
  'log_dest file /tmp/a\nlog_dest file /tmp/b',
  'log_type everything',
  'mount_point a',
  'listener 1900\nmount_point a/+',
  'listener 1900\nmount_point a/#/b',
  'allow_anonymous true\nper_listener_settings true',
  'include_dir',
  'include_dir /nowhere/at/all',
  '\ufefflistener 1900',
  '\ufeff# a remark',
  'user',
  'user a\nuser b',
  'allow_duplicate_messages',
  'allow_duplicate_messages maybe',
  'autosave_interval',
  'autosave_on_changes 2',
  'log_facility 8',
  'log_facility -1',
  'websockets_headers_size 65536',
  'websockets_log_level',
  'allow_anonymous true\t',
  'clientid_prefixes\r',
  'max_packet_size -1',
  'memory_limit -1',
  'listener 1900\ncertfile a\ncertfile b',
  'listener 1900\nprotocol websockets mqtt\nprotocol MQTT',
];

/** What Mosquitto reads in its own way, and what we say of it instead: we do not guess, and pass nothing over in silence. */
const STRICTER: readonly (readonly [content: string, complaint: string])[] = [
  ['max_queued_messages many', 'Error: Invalid max_queued_messages value (many).'],
  ['max_queued_messages 5x', 'Error: Invalid max_queued_messages value (5x).'],
  ['max_inflight_bytes 1.5', 'Error: Invalid max_inflight_bytes value (1.5).'],
  ['max_queued_bytes 4294967296', 'Error: Invalid max_queued_bytes value (4294967296).'],
  ['listener 1900 127.0.0.1\nmax_connections', 'Error: Empty max_connections value in configuration.'],
  ['persistent_client_expiration', 'Error: Empty persistent_client_expiration value in configuration.'],
  ['log_type', 'Error: Empty log_type value in configuration.'],
  ['protocol', 'Error: Empty protocol value in configuration.'],
  ['listener some/where a', 'Error: Invalid port value (some/where).'],
  ['log_dest syslog', 'Error: log_dest syslog is not supported by this broker.'],
  ['log_dest dlt', 'Error: log_dest dlt is not supported by this broker.'],
  ['tls_keyform engine', 'Error: Invalid tls_keyform value (engine).'],
];

/** Files with which no broker starts, and how it ends. `FOLDER` stands for one with a few files in it. */
const UNUSABLE: readonly (readonly [content: string, code: number])[] = [
  ['listener PORT 127.0.0.1\nacl_file FOLDER/acl', 3],
  ['listener PORT 127.0.0.1\nacl_file FOLDER/none', 13],
  ['listener PORT 127.0.0.1\npassword_file FOLDER/none', 13],
  ['listener PORT 127.0.0.1\npid_file FOLDER/none/pid', 1],
  ['listener 0 FOLDER/acl', 1],
  ['listener PORT 127.0.0.1\nlistener PORT 127.0.0.1', 1],
  ['listener PORT 127.0.0.1\ncertfile FOLDER/acl\nkeyfile FOLDER/acl', 1],
];

// In CI the programs belong to the machine, and without them the tests fail.
describe.skipIf(!isInstalled('mosquitto') && process.env.CI !== 'true')('beside Mosquitto', () => {
  test.each(ACCEPTED)('%j is read to its end', (content) => {
    const path = folder().write('mosquitto.conf', content + END);
    const line = content.split('\n').length + 1;
    const lines = ['Error: Unknown configuration variable "the_end".', `Error found at ${path}:${line}.`];
    expect(weSay(path)).toEqual(lines);
    expect(mosquittoSays(path)).toEqual(lines);
  });

  test.each(REFUSED)('%j is refused in the same words', (content) => {
    const path = folder().write('mosquitto.conf', content + END);
    const lines = mosquittoSays(path);
    expect(lines).toContain(`Error found at ${path}:${content.split('\n').length}.`);
    expect(weSay(path)).toEqual(lines);
  });

  test.each(STRICTER)('%j is read there, and not here', (content, complaint) => {
    const path = folder().write('mosquitto.conf', content + END);
    const line = content.split('\n').length;
    expect(mosquittoSays(path)).toContain('Error: Unknown configuration variable "the_end".');
    expect(weSay(path)).toEqual([complaint, `Error found at ${path}:${line}.`]);
  });

  test('with files that are no use, neither starts, and both end alike', async () => {
    const { path, write } = folder();
    write('acl', 'topic');
    const free = await listen({ port: 0 });
    await free.close();
    const ends = UNUSABLE.map(([content]) => {
      const filled = content.replaceAll('FOLDER', path).replaceAll('PORT', String(free.port));
      const file = write('mosquitto.conf', filled);
      const here = runToEnd(process.execPath, ['broker/node/broker.ts', '-c', file]);
      expect(here.stderr).not.toMatch(/^ +at /m);
      return [content, runToEnd('mosquitto', ['-c', file]).code, here.code];
    });
    expect(ends).toEqual(UNUSABLE.map(([content, code]) => [content, code, code]));
  });

  test('letters that are none are refused in the same words', () => {
    const path = folder().write(
      'mosquitto.conf',
      new Uint8Array([...Buffer.from('\nacl_file '), 0xff, 0x0a]),
    );
    expect(weSay(path)).toEqual(mosquittoSays(path));
    expect(weSay(path)).toHaveLength(2);
  });

  test('files that are none are refused in the same words', () => {
    const { path } = folder();
    for (const none of [path, `${path}/missing`]) {
      expect(weSay(none)).toEqual(mosquittoSays(none));
      expect(weSay(none)).toHaveLength(1);
    }
  });

  test('a mistake in a file that is included is told in the same words', () => {
    const { path, write } = folder();
    write('more/a.conf', 'sys_interval 1\nfoo');
    const main = write('main.conf', `\ninclude_dir ${path}/more`);
    expect(weSay(main)).toEqual(mosquittoSays(main));
    expect(weSay(main)).toHaveLength(3);
  });
});
