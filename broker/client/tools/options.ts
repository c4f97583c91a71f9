// The options of mosquitto_pub, mosquitto_sub and mosquitto_rr: one table, from which command lines are read and `--help` is
// drawn. Knows what each option sets; how a value is read stands in `values.ts`.
import { wrong } from './complaint.ts';
import { parseFormat } from './format.ts';
import type { Need, Tool } from './host.ts';
import type { Source, ToolSettings } from './settings.ts';
import * as read from './values.ts';

export interface Option {
  /** With its hyphen, as `long` with its two. */
  readonly short?: string;
  readonly long?: string;
  /** The name of the two that complaints use; the short one if not given. */
  readonly called?: string;
  /** What the value is called; without it, there is none. */
  readonly value?: string;
  /** What is said to be missing where the value is. */
  readonly lacks?: string;
  /** Those that have it; all if not given. */
  readonly tools?: readonly Tool[];
  /** What the tool's host has to offer. */
  readonly needs?: Need;
  /** Takes the value. `flag` is what the option is called in complaints. */
  readonly set: (settings: ToolSettings, word: string, tool: Tool, flag: string) => void;
  readonly help: string;
}

/** What an option is called in complaints. */
export function flagOf({ called, short, long }: Option): string {
  return called ?? short ?? long ?? '';
}

const SENDERS: readonly Tool[] = ['pub', 'rr'];
const RECEIVERS: readonly Tool[] = ['sub', 'rr'];

const refused = () => {};

// biome-ignore format: a table, a row to each line
export const OPTIONS: readonly Option[] = [
  { short: '-A', value: 'address', lacks: 'no address specified', needs: 'network', set: (s, word) => { s.localAddress = word; }, help: 'connect from this address of the machine' },
  { short: '-c', long: '--disable-clean-session', set: (s) => { s.cleanStart = false; }, help: 'keep the session when the connection ends, and resume it when it begins; in 5.0 for as long as -x says, for ever without it. Needs -i' },
  { short: '-C', value: 'count', lacks: 'no count specified', tools: ['sub'], set: (s, word) => { s.count = read.messageCount(word); }, help: 'end after this many messages' },
  { short: '-d', long: '--debug', set: (s) => { s.isDebug = true; }, help: 'tell of every packet that is sent and received' },
  { short: '-e', value: 'response-topic', lacks: 'no response topic specified', tools: ['rr'], set: (s, word, _, flag) => { s.responseTopic = read.topicName(word, 'response', flag); }, help: 'the topic on which the response is awaited' },
  { short: '-E', tools: ['sub'], set: (s) => { s.exitsAfterSubscribing = true; }, help: 'end as soon as the subscriptions are acknowledged' },
  { short: '-f', long: '--file', value: 'file', lacks: 'no file specified', tools: SENDERS, needs: 'files', set: (s, path) => source(s, { from: 'file', path }), help: 'send what is in a file' },
  { short: '-F', value: 'format', lacks: 'no format specified', tools: RECEIVERS, set: (s, word) => { s.format = parseFormat(word); }, help: 'print messages like this: %t the topic, %p the payload, %q the QoS, %r retained or not, %l the length, %m the packet identifier, %x and %X the payload in hex, %j and %J all of it in JSON, %I and %U the time; @ and a letter a part of the time as in strftime; \\n the end of a line' },
  { short: '-h', long: '--host', value: 'host', lacks: 'no host specified', set: (s, word) => { s.host = word; }, help: 'connect to this machine; localhost if not given' },
  { short: '-i', long: '--id', value: 'id', lacks: 'no id specified', set: (s, word) => { takeId(s.idPrefix); s.clientId = word; }, help: 'the client identifier; if not given, the broker or chance chooses one' },
  { short: '-I', long: '--id-prefix', value: 'prefix', lacks: 'no id prefix specified', set: (s, word) => { takeId(s.clientId); s.idPrefix = word; }, help: 'make the client identifier of this and the number of the process' },
  { short: '-k', long: '--keepalive', value: 'seconds', lacks: 'no keepalive specified', set: (s, word) => { s.keepAlive = read.keepAlive(word); }, help: 'the keep alive; 60 if not given' },
  { short: '-l', long: '--stdin-line', tools: ['pub'], set: (s) => source(s, { from: 'lines' }), help: 'send each line of the input as a message' },
  { short: '-L', long: '--url', value: 'url', lacks: 'no URL specified', set: (s, word, tool) => addTopic(s, read.readUrl(word, s), tool, '-L topic'), help: 'all in one: mqtt(s)://[username[:password]@]host[:port]/topic, or ws(s):// for WebSocket' },
  { short: '-m', long: '--message', value: 'message', lacks: 'no message specified', tools: SENDERS, set: (s, text) => source(s, { from: 'words', text }), help: 'send this' },
  { short: '-M', value: 'count', lacks: 'max_inflight not specified', set: (s, word) => { s.maxInflight = read.maxInflight(word); }, help: 'send at most this many messages of QoS 1 and 2 before they are acknowledged; 20 if not given' },
  { short: '-n', long: '--null-message', tools: SENDERS, set: (s) => source(s, { from: 'nothing' }), help: 'send a message without payload' },
  { short: '-N', tools: RECEIVERS, set: (s) => { s.hasLineEnds = false; }, help: 'print no end of line after a message' },
  { short: '-p', long: '--port', value: 'port', lacks: 'no port specified', needs: 'network', set: (s, word) => { s.port = read.port(word); }, help: 'the port to connect to; if not given, 1883, with TLS 8883' },
  { short: '-P', long: '--pw', value: 'password', lacks: 'no password specified', set: (s, word) => { s.password = word; }, help: 'the password' },
  { short: '-q', long: '--qos', value: 'qos', lacks: 'no QoS specified', set: (s, word) => { s.qos = read.qos(word); }, help: 'the QoS to publish or to subscribe with: 0, 1 or 2; 0 if not given' },
  { short: '-r', long: '--retain', tools: ['pub'], set: (s) => { s.retain = true; }, help: 'let the broker retain the message' },
  { short: '-R', tools: RECEIVERS, set: (s) => { s.isWithoutRetained = true; }, help: 'print no retained messages' },
  { short: '-s', long: '--stdin-file', tools: SENDERS, set: (s) => source(s, { from: 'input' }), help: 'send all of the input as one message' },
  { short: '-t', long: '--topic', value: 'topic', lacks: 'no topic specified', set: (s, word, tool, flag) => addTopic(s, word, tool, flag), help: 'the topic to publish to, or a topic filter to subscribe to; of these there may be several' },
  { short: '-T', long: '--filter-out', value: 'filter', lacks: 'no topic filter specified', tools: ['sub'], set: (s, word, _, flag) => { s.filterOuts.push(read.topicFilter(word, 'filter', flag)); }, help: 'print nothing whose topic this matches. There may be several' },
  { short: '-u', long: '--username', value: 'username', lacks: 'no username specified', set: (s, word) => { s.username = word; }, help: 'the user name' },
  { short: '-U', long: '--unsubscribe', value: 'filter', lacks: 'no unsubscribe topic specified', tools: ['sub'], set: (s, word, _, flag) => { s.unsubscriptions.push(read.topicFilter(word, 'unsubscribe', flag)); }, help: 'unsubscribe from this, after all has been subscribed to. There may be several' },
  { short: '-v', long: '--verbose', tools: RECEIVERS, set: (s) => { s.isVerbose = true; }, help: 'print the topic before the payload' },
  { short: '-V', long: '--protocol-version', called: '--protocol-version', value: 'version', lacks: 'no version specified', set: (s, word) => { s.version = read.version(word); }, help: 'the version of MQTT: mqttv31, mqttv311 or mqttv5, or 31, 311 or 5. If not given, 311; mosquitto_rr speaks 5' },
  { short: '-W', value: 'seconds', lacks: 'no timeout specified', tools: RECEIVERS, set: (s, word) => { s.timeout = read.timeout(word); }, help: 'end after this time' },
  { short: '-x', value: 'seconds', lacks: 'no session expiry interval specified', set: (s, word) => { s.sessionExpiryInterval = read.sessionExpiryInterval(word); }, help: 'how long the session is kept after the end of the connection, in 5.0; -1 or ∞ for ever' },
  { long: '--nodelay', set: () => {}, help: 'send small packets at once, as is done anyway' },
  { long: '--pretty', tools: RECEIVERS, set: (s) => { s.isPretty = true; }, help: 'print JSON over several lines' },
  { long: '--quiet', set: (s) => { s.isQuiet = true; }, help: 'say nothing when something goes wrong' },
  { long: '--random-filter', value: 'percent', lacks: 'no chance specified', tools: ['sub'], set: (s, word) => { s.share = read.share(word); }, help: 'print only so many of the messages, picked by chance' },
  { long: '--remove-retained', tools: ['sub'], set: (s) => { s.removesRetained = true; }, help: 'remove each retained message that comes from the broker, but for those that -T names' },
  { long: '--repeat', value: 'count', lacks: 'no count specified', tools: ['pub'], set: (s, word) => { s.repeat = read.repeat(word); }, help: 'send the message this many times' },
  { long: '--repeat-delay', value: 'seconds', lacks: 'no time specified', tools: ['pub'], set: (s, word) => { s.repeatDelay = read.repeatDelay(word); }, help: 'with --repeat, wait this long between two' },
  { long: '--retain-as-published', tools: RECEIVERS, set: (s) => { s.retainAsPublished = true; }, help: 'ask the broker to leave the RETAIN flag as it was published (5.0)' },
  { long: '--retained-only', tools: ['sub'], set: (s) => { s.isRetainedOnly = true; }, help: 'print retained messages, and end at the first that is not' },
  { long: '--unix', value: 'path', lacks: 'no socket path specified', needs: 'network', set: (s, word) => { s.host = word; s.port = 0; }, help: 'connect to a socket of the file system' },
  { long: '--will-payload', value: 'payload', lacks: 'no will payload specified', set: (s, word) => { s.will.payload = word; }, help: 'the payload of the will; none if not given' },
  { long: '--will-qos', value: 'qos', lacks: 'no will QoS specified', set: (s, word) => { s.will.qos = read.willQos(word); }, help: 'the QoS of the will; 0 if not given' },
  { long: '--will-retain', set: (s) => { s.will.retain = true; }, help: 'let the broker retain the will' },
  { long: '--will-topic', value: 'topic', lacks: 'no will topic specified', set: (s, word, _, flag) => { s.will.topic = read.topicName(word, 'will', flag); }, help: 'the topic of the will, which the broker publishes if the connection is lost' },
  { long: '--cafile', value: 'file', lacks: 'no file specified', needs: 'tls', set: (s, word) => { s.tls.cafile = word; }, help: 'connect with TLS, and trust the certificates in this file' },
  { long: '--capath', value: 'folder', lacks: 'no directory specified', needs: 'tls', set: (s, word) => { s.tls.capath = word; }, help: 'connect with TLS, and trust the certificates in this folder' },
  { long: '--cert', value: 'file', lacks: 'no file specified', needs: 'tls', set: (s, word) => { s.tls.certfile = word; }, help: "the client's certificate, where the broker asks for one" },
  { long: '--key', value: 'file', lacks: 'no file specified', needs: 'tls', set: (s, word) => { s.tls.keyfile = word; }, help: 'the key of that certificate' },
  { long: '--ciphers', value: 'list', lacks: 'no ciphers specified', needs: 'tls', set: (s, word) => { s.tls.ciphers = word; }, help: 'the ciphers for TLS, as OpenSSL writes them' },
  { long: '--insecure', needs: 'tls', set: (s) => { s.tls.isInsecure = true; }, help: 'do not look whether the certificate is that of the host: anyone whose certificate is trusted may then pose as it' },
  { long: '--tls-alpn', value: 'protocol', lacks: 'no protocol specified', needs: 'tls', set: (s, word) => { s.tls.alpn = word; }, help: 'the protocol to name within TLS, for ports that serve several' },
  { long: '--tls-use-os-certs', needs: 'tls', set: (s) => { s.tls.usesSystemCertificates = true; }, help: 'connect with TLS, and trust the certificates that this machine trusts' },
  { long: '--tls-version', value: 'version', lacks: 'no version specified', needs: 'tls', set: (s, word) => { s.tls.minimumVersion = read.tlsVersion(word); }, help: 'the least version of TLS: tlsv1.1, tlsv1.2 or tlsv1.3; 1.2 if not given' },
  { long: '--proxy', value: 'url', lacks: 'no proxy url specified', needs: 'proxy', set: refused, help: 'connect through a SOCKS5 proxy' },
  { long: '--psk', value: 'key', lacks: 'no key specified', needs: 'psk', set: refused, help: 'connect with TLS and a key that both ends know' },
  { long: '--psk-identity', value: 'identity', lacks: 'no identity specified', needs: 'psk', set: refused, help: 'the name that goes with --psk' },
  { long: '--keyform', value: 'form', lacks: 'no keyform specified', needs: 'engine', set: refused, help: 'where the key of --key lives' },
  { long: '--tls-engine', value: 'engine', lacks: 'no engine_id specified', needs: 'engine', set: refused, help: 'the engine of OpenSSL to use' },
  { long: '--tls-engine-kpass-sha1', value: 'sha1', lacks: 'no kpass sha1 specified', needs: 'engine', set: refused, help: 'the password of the key in that engine' },
];

/** `-D` takes three words or four, so it does not fit into the table. */
export const PROPERTY_OPTION = {
  short: '-D',
  long: '--property',
  value: 'command property [name] value',
  help: 'give a packet of 5.0 a property: connect, publish, subscribe, unsubscribe, disconnect or will; the name of the property, such as content-type; and its value, or name and value of a user-property',
} as const;

export function isFor({ tools }: Option, tool: Tool): boolean {
  return tools?.includes(tool) ?? true;
}

function source(settings: ToolSettings, wanted: Source): void {
  if (settings.source !== undefined) throw wrong('Only one type of message can be sent at once.');
  settings.source = wanted;
}

function takeId(other: string | undefined): void {
  if (other !== undefined) throw wrong('-i and -I argument cannot be used together.');
}

function addTopic(settings: ToolSettings, word: string, tool: Tool, flag: string): void {
  const topic =
    tool === 'sub' ? read.topicFilter(word, 'subscription', flag) : read.topicName(word, 'publish', flag);
  settings.topics.push(topic);
}
