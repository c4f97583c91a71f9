// Our mosquitto_pub, mosquitto_sub and mosquitto_rr beside the real ones: the same command lines against our broker give the
// same output, the same complaints and the same exit code, and the broker receives the same packets.
import { describe, expect, test } from 'vitest';
import { decode, REASON } from '#broker/codec/index.ts';
import { type Access, OPEN } from '#broker/server/access.ts';
import { isInstalled } from '../node/files.ts';
import { type Outcome, ours } from '../node/here.ts';
import { run } from '../process.ts';
import { type Watched, watched } from '../watched.ts';

type Tool = 'pub' | 'sub' | 'rr';

/**
 * Command lines; `P` stands for the port, and what is typed comes last where anything is. None leaves the originals
 * with something unread: they would close so that the broker may not read their last packets.
 */
const RUNS: [tool: Tool, words: string, typed?: string][] = [
  ['pub', '-p P -t a -m b -d'],
  ['pub', '-p P -t a -m b -d -q 1 -i p'],
  ['pub', '-p P -t a -m b -d -q 2 -i p -r'],
  ['pub', '-p P -t a -m b -d -V 5 -x 10 -i p -q 1'],
  ['pub', '-p P -t a -m b -d -V 5 -c -i p'],
  ['pub', '-p P -t a -n -d -V 31 -i p --repeat 3'],
  ['pub', '-p P -t a -l -d', 'x\ny\n\nz'],
  ['pub', '-p P -t a -l -d -q 2', 'x'],
  ['pub', '-p P -t a -l -d -i p'],
  ['pub', '-p P -t a -s -d', 'x\ny'],
  ['pub', '-p P -t a -s'],
  ['pub', '-p P -t a -f /nowhere'],
  ['pub', '-p P -t a -f /dev/null -d'],
  ['pub', '-p P -t a -m b -V 5 -D publish topic-alias 5 --repeat 3 -d'],
  [
    'pub',
    '-p P -t a -m b --will-topic w --will-qos 1 --will-retain --will-payload bye -D will user-property a b',
  ],
  [
    'pub',
    '-p P -t a -m b -V 5 -i q -D connect session-expiry-interval 6 -D disconnect session-expiry-interval 5',
  ],
  ['pub', '-L mqtt://ann:secret@localhost:P/a/b -m c -V 311'],
  ['pub', '-p P -t $SYS/x -m b -d -q 1 -V 5'],
  ['pub', '-p 1 -t a -m b'],
  ['pub', '-p 1 -t a -m b --quiet'],
  ['pub', '-h name.invalid -t a -m b'],
  ['pub', '--unix /nowhere.sock -t a -m b'],
  ['pub', '-p P -t a -m b -A 192.0.2.1'],
  ['pub', '-p P -t a -m b --cafile /nowhere'],
  ['pub', '-p P -t a -m b --tls-version foo'],
  ['pub', '-p P -t a/# -m b'],
  ['pub', '-t a -m b -x foo'],
  ['pub', '-t a -m b -x -2'],
  ['pub', '-t a -m b -L foo://x'],
  ['pub', '-t a -m b -L mqtt://x'],
  ['pub', '-t a -m b -P pw'],
  ['pub', '-t a -m b -c'],
  ['pub', '-t a -m b -c -V 5'],
  ['pub', '-t a -m b -i x -I y'],
  ['pub', '-t a -m b -n'],
  ['pub', '-t a -m'],
  ['pub', '-t a -m b -q 3'],
  ['pub', '-t a -m b -k 4'],
  ['pub', '-t a -m b -p 70000'],
  ['pub', '-t a -m b --will-payload x'],
  ['pub', '-t a -m b --will-retain'],
  ['pub', '-t a -m b --will-qos 3'],
  ['pub', '-t a -m b --will-topic w -D will will-delay-interval 3 -V 311'],
  ['pub', '-t a -m b -D connect'],
  ['pub', '-t a -m b -D connect foo x'],
  ['pub', '-t a -m b -D foo foo x'],
  ['pub', '-t a -m b -D connect content-type x'],
  ['pub', '-t a -m b -D auth user-property x y'],
  ['pub', '-t a -m b -D publish content-type x -D publish content-type y'],
  ['pub', '-t a -m b -D publish payload-format-indicator 300'],
  ['pub', '-t a -m b -D publish topic-alias 0'],
  ['pub', '-t a -m b -D connect receive-maximum 0'],
  ['pub', '-t a -m b -D publish subscription-identifier 5'],
  ['pub', '-t a -m b -D publish user-property x'],
  ['pub', '-t a -m b -M 0'],
  ['pub', '-t a -m b --repeat 0'],
  ['pub', '-t a -m b --repeat-delay -1'],
  ['pub', '-t a -m b --cert x'],
  ['pub', '-t a -m b --nonsense'],
  ['sub', '-p P'],
  ['sub', '-p P -t r/# -C 3'],
  ['sub', '-p P -t r/# -C 3 -v -d -q 1 -i s -V 5'],
  ['sub', '-p P -t r/1 -t r/2 -C 2 -d -q 2 -i s'],
  ['sub', '-p P -t x -t y -U y -U z -W 1 -d -V 5 -i s --quiet'],
  ['sub', '-p P -t r/# -T r/1 -C 2 -v'],
  ['sub', '-p P -t r/1 -N -C 1'],
  ['sub', '-p P -t x -E -d -i s -c'],
  ['sub', '-p P -t r/1 -R -W 1 -d -V 5 -i s'],
  ['sub', '-p P -t r/# --retain-as-published --retained-only -C 3 -d -V 5 -i s'],
  ['sub', '-p P -V 5 -t r/2 -F %t|%p|%l|%m|%q|%r|%A|%C|%D|%F|%P|%R|%S|%x|%X|%%|@@ -C 1'],
  [
    'sub',
    '-p P -V 5 -t r/2 -F %10t|%-10t|%2.2t|%05l|%-5l|%010A|%10C|%3p|%012p|%-12p|%06x|%20x|%-20x|%-x|%5S|%10R -C 1',
  ],
  ['sub', '-p P -V 5 -t r/2 -F %j -C 1'],
  ['sub', '-p P -V 5 -t r/2 -F %J --pretty -C 1 -q 1'],
  ['sub', '-p P -t r/# -F %J -C 3'],
  ['sub', '-p P -t r/3 -F \\\\\\a\\e\\n\\r\\t\\v -C 1'],
  ['sub', '-p P -t r/1 -C 1 -F @A,@B,@C@D@F@G@V@u@w@j@y@z@Z%q@E@Q'],
  ['sub', '-t r/1 -F %'],
  ['sub', '-t r/1 -F %z'],
  ['sub', '-t r/1 -F x@'],
  ['sub', '-t r/1 -F \\z'],
  ['sub', '-t r/1 -C 0'],
  ['sub', '-t r/1 -W 0'],
  ['sub', '-t r/1 --random-filter 0'],
  ['sub', '-t a/#/b'],
  ['sub', '-t a -T #a'],
  ['sub', '-t a -U #a'],
  ['sub', '-t a -R --retained-only'],
  ['sub', '-t a -V 6'],
  ['sub', '-t a -V'],
  ['sub', '-p P -t x -W 1 -D subscribe user-property a b -D disconnect user-property e f'],
  ['rr', '-p P'],
  ['rr', '-p P -t a -e e -m b -W 1 -d -i r'],
  ['rr', '-p P -t e -e e -m b -d -V 311 -i r'],
  ['rr', '-p P -t e -e e -m b -d -i r -v'],
  ['rr', '-p P -t e -e e -n -i r -v'],
  ['rr', '-p P -t e -e e -m b -D publish correlation-data abc -F %D|%R'],
  ['rr', '-p P -t a -e e/# -m b'],
  ['rr', '-p P -t a -e e -m b -D publish response-topic q'],
  ['rr', '-p 1 -t a -e e -m b'],
];

/** The same against a broker that lets nobody in. */
const REFUSED: [tool: Tool, words: string][] = [
  ['pub', '-p P -t a -m b -d'],
  ['pub', '-p P -t a -m b -V 5'],
  ['sub', '-p P -t a'],
  ['sub', '-p P -t a -V 5'],
  ['rr', '-p P -t a -e b -m x'],
  ['rr', '-p P -t a -e b -m x -V 311'],
];

// In CI the tools belong to the machine, and without them the tests fail.
describe.skipIf(!isInstalled('mosquitto_rr') && process.env['CI'] !== 'true')(
  'our tools beside the real ones',
  () => {
    test.each(RUNS)('mosquitto_%s %s', async (tool, words, typed = '') => {
      const broker = await retaining();
      expect(await outcome(ours, broker, tool, words, typed)).toEqual(
        await outcome(theirs, broker, tool, words, typed),
      );
    });

    test.each(REFUSED)('refused: mosquitto_%s %s', async (tool, words) => {
      const access: Access = { ...OPEN, connect: (_connect, _peer, decide) => decide(REASON.NotAuthorized) };
      const closed = await watched({ environment: { access } });
      expect(await outcome(ours, closed, tool, words)).toEqual(await outcome(theirs, closed, tool, words));
    });
  },
);

/** A broker with three retained messages. */
async function retaining(): Promise<Watched> {
  const broker = await watched();
  const properties = ['content-type text', 'user-property k v', 'user-property k2 v2', 'response-topic resp'];
  const messages = [
    '-q 1 -t r/1 -m one',
    `-t r/2 -m {"a":[1,{"b":[]}],"e":{},"n":1.50} ${properties.map((one) => `-D publish ${one}`).join(' ')}`,
    '-t r/3 -m wörld\u0001"\\',
  ];
  for (const words of messages) await ours('pub', ['-p', String(broker.port), '-r', ...words.split(' ')], '');
  return broker;
}

type Runner = (tool: Tool, words: readonly string[], typed?: string) => Promise<Outcome>;

const theirs: Runner = async (tool, words, typed = '') => {
  const running = run(`mosquitto_${tool}`, words);
  running.feed(typed);
  const { code, out, err } = await running.ended;
  return { code, output: String(out), complaints: String(err) };
};

/** What a run comes to, and what the broker received; without what differs from one run to the next. */
async function outcome(
  runner: Runner,
  broker: Watched,
  tool: Tool,
  words: string,
  typed = '',
): Promise<unknown> {
  const before = broker.trace.length;
  const line = words.replace(/\bP(?=\/| |$)/, String(broker.port)).split(' ');
  const { code, output, complaints } = await runner(tool, line, typed);
  await broker.happens('closed', undefined, broker.trace.filter(({ kind }) => kind === 'opened').length);
  const packets = broker.trace
    .slice(before)
    .flatMap((event) => (event.kind === 'received' ? [decode(event.frame, event.version)] : []));
  return { code, output: steady(output), complaints, packets };
}

/** What is said, without identifiers that the broker assigned and without the time. */
function steady(text: string): string {
  return text.replace(/auto-\w+/g, 'auto').replace(/T[\d:.]+Z/g, 'TZ');
}
