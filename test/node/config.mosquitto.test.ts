// Our reading of configuration files beside Mosquitto's own: what it accepts we accept, and what it says of the others we say.
// Each file ends in a line that nobody knows, so that Mosquitto stops there instead of starting.
import { describe, expect, test } from 'vitest';
import { configure } from '#broker/node/config/configuration.ts';
import { ConfigurationError, read } from '#broker/node/config/read.ts';
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
