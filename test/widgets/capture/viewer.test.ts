/** What the viewer shows, and what becomes of it: with somebody in the same thread to keep its captures. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Answers, Desk, type Request } from '../../../src/widgets/capture/desk.ts';
import { type Example, type First, type Keeper, Viewer } from '../../../src/widgets/capture/viewer.ts';
import { ROW_HEIGHT, scrollTo, windowOf } from '../../../src/widgets/capture/window.ts';
import { bytesOf } from './captures.ts';
import { large } from './large.ts';

const NAME = 'v311-pubsub-qos2.pcapng';
const EXAMPLE: Example = { name: NAME, url: `captures:${NAME}` };

/** Keeps a capture as the worker does, and may be slow about reading it. */
class Near implements Keeper {
  onProgress: Keeper['onProgress'];
  isOver = false;
  readonly #desk = new Desk(
    (progress) => this.onProgress?.(progress),
    async () => {},
  );
  readonly #gate: Promise<void>;

  constructor(gate: Promise<void>) {
    this.#gate = gate;
  }

  async ask<Do extends Request['do']>(request: Request & { do: Do }) {
    if (request.do === 'read') await this.#gate;
    const answer = (await this.#desk.take(request as Request)) as Answers[Do];
    return this.isOver ? new Promise<typeof answer>(() => {}) : answer;
  }

  end(): void {
    this.isOver = true;
  }
}

let hired: Near[] = [];
let gate = Promise.resolve();

beforeEach(() => {
  hired = [];
  gate = Promise.resolve();
  vi.stubGlobal(
    'fetch',
    async (address: string) => new Response(new Uint8Array(bytesOf(address.replace('captures:', '')))),
  );
});
afterEach(() => vi.unstubAllGlobals());

async function viewer(): Promise<Viewer> {
  const desk = new Near(Promise.resolve());
  const file = new Blob([new Uint8Array(bytesOf(NAME))]);
  const read = await desk.ask({ do: 'read', file, keyLogs: [], ports: [], filter: '' });
  const first: First = { read, opened: await desk.ask({ do: 'open', number: 7 }) };
  return new Viewer(first, EXAMPLE, '', () => {
    const keeper = new Near(gate);
    hired.push(keeper);
    return keeper;
  });
}

function file(name: string, bytes: Uint8Array): File {
  return new File([new Uint8Array(bytes)], name);
}

describe('the viewer', () => {
  test('shows what the server drew, and hires nobody for it', async () => {
    const { shown } = await viewer();
    expect([shown.name, shown.count, shown.opened?.packet.frame, hired.length]).toEqual([NAME, 16, 18, 0]);
  });

  test('opens packets by number and by place, and stays within the list', async () => {
    const one = await viewer();
    await one.open(1);
    expect(one.shown.opened?.packet.frame).toBe(4);
    await one.openPlace(99);
    expect(one.shown.opened?.packet.frame).toBe(29);
    await one.openPlace(-3);
    expect(one.shown.opened?.packet.frame).toBe(4);
    expect(hired.length).toBe(1);
  });

  test('keeps the list where a filter is not understood', async () => {
    const one = await viewer();
    await one.filter('publish');
    expect([one.shown.count, one.row(0)?.frame, one.row(1)?.frame, one.row(2)]).toEqual([
      2,
      18,
      21,
      undefined,
    ]);
    await one.filter('mqtt.qos = 2');
    expect([one.shown.count, one.shown.fault?.id]).toEqual([2, 'testMissing']);
    await one.filter('');
    expect([one.shown.count, one.shown.fault]).toEqual([16, undefined]);
  });

  test('reads a file, and asks for rows as they come into view', async () => {
    const one = await viewer();
    await one.read(file('large.pcapng', large(200_000)));
    expect(one.shown).toMatchObject({
      name: 'large.pcapng',
      trouble: undefined,
      reading: undefined,
      filter: '',
    });
    const last = one.shown.count - 1;
    expect(one.row(last)).toBeUndefined();
    await vi.waitFor(() => expect(one.row(last)?.type).toBe('disconnect'));
  });

  test('cancelled, shows what was open before, and takes questions about it', async () => {
    const one = await viewer();
    let goOn = (): void => {};
    gate = new Promise((open) => {
      goOn = open;
    });
    const reading = one.read(file('large.pcapng', large(200_000)));
    await vi.waitFor(() => expect(one.shown.reading?.name).toBe('large.pcapng'));
    one.cancel();
    expect([one.shown.reading, one.shown.name, hired[0]?.isOver]).toEqual([undefined, NAME, true]);
    gate = Promise.resolve();
    goOn();
    await one.open(3);
    expect([one.shown.name, one.shown.opened?.packet.frame]).toEqual([NAME, 8]);
    expect(await Promise.race([reading.then(() => 'read'), Promise.resolve('never')])).toBe('never');
  });

  test('tells of a file that is no capture, and keeps what was open', async () => {
    const one = await viewer();
    await one.read(file('notes.txt', Buffer.from('hello')));
    expect(one.shown.trouble).toMatchObject({ name: 'notes.txt', offset: 0 });
    expect(one.shown.name).toBe(NAME);
    await one.open(3);
    expect(one.shown.opened?.packet.frame).toBe(8);
  });

  test('shows a file that breaks off as far as it goes', async () => {
    const one = await viewer();
    await one.read(file('cut.pcapng', bytesOf(NAME).subarray(0, 2000)));
    expect(one.shown.summary.fault?.id).toBe('breaksOff');
    expect(one.shown.count).toBeGreaterThan(0);
  });

  test('takes a key log for the capture that is open', async () => {
    const one = await viewer();
    await one.read(file('tls.pcapng', bytesOf('v311-tls12-keylog.pcapng')));
    expect(one.shown.count).toBe(0);
    await one.read(file('tls.keylog', bytesOf('v311-tls12-keylog.keylog')));
    expect([one.shown.name, one.shown.count, one.shown.secrets]).toEqual(['tls.pcapng', 5, 1]);
  });

  test('says so where an example cannot be fetched', async () => {
    const one = await viewer();
    vi.stubGlobal('fetch', async () => new Response('', { status: 404, statusText: 'Not Found' }));
    await one.open(3);
    expect(one.shown.trouble?.text).toContain('404');
  });
});

describe('the rows that are drawn', () => {
  const viewOf = (count: number) => Math.min(count, 16) * ROW_HEIGHT;

  test.each([10, 16, 100, 10_000, 3_000_000])('of %d are some, and the last can be reached', (count) => {
    const view = viewOf(count);
    const { height } = windowOf(count, 0, view);
    for (const scrolled of [0, (height - view) / 2, height - view]) {
      const { from, to, top } = windowOf(count, scrolled, view);
      expect(to - from).toBeLessThan(60);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(count);
      expect(top + (to - from) * ROW_HEIGHT).toBeGreaterThanOrEqual(scrolled + view - 1);
    }
    expect(windowOf(count, height - view, view).to).toBe(count);
  });

  const VIEW = viewOf(100);

  test.each([100, 10_000, 3_000_000])('of %d follow to any row that is asked for', (count) => {
    for (const place of [0, 17, Math.floor(count / 2), count - 1]) {
      const scrolled = scrollTo(place, count, 0, VIEW);
      const { from, to } = windowOf(count, scrolled, VIEW);
      expect(place).toBeGreaterThanOrEqual(from);
      expect(place).toBeLessThan(to);
    }
    expect(scrollTo(5, count, 0, VIEW)).toBe(0);
  });
});
