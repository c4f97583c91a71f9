// The feed: what a page is sent that comes late, that is slow, and that is neither.
import { expect, test } from 'vitest';
import type { TraceEvent } from '#broker/session/trace.ts';
import { Feed } from '../../src/integrations/feed.ts';
import { type FeedMessage, readMessage, writeMessage } from '../../src/widgets/live/feed.ts';

test('a page is greeted, told of the past at once, and then of what happens', async () => {
  const feed = new Feed(() => ({ kind: 'greeting', port: 1884 }));
  feed.record(1, opened(1));
  const page = new Page();
  feed.attach(page);
  feed.record(1, opened(2));
  feed.record(2, opened(3));
  await turn();
  expect(page.messages()).toEqual([
    { kind: 'greeting', port: 1884 },
    { kind: 'events', letGo: 0, events: [{ number: 1, broker: 1, event: opened(1) }] },
    {
      kind: 'events',
      letGo: 0,
      events: [
        { number: 2, broker: 1, event: opened(2) },
        { number: 3, broker: 2, event: opened(3) },
      ],
    },
  ]);
});

test('a page that comes in the middle of a turn is told of everything once', async () => {
  const feed = new Feed(() => ({ kind: 'greeting', port: 1883 }));
  const early = new Page();
  feed.attach(early);
  feed.record(1, opened(1));
  const late = new Page();
  feed.attach(late);
  feed.record(1, opened(2));
  await turn();
  expect([early, late].map((page) => page.numbers())).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test('of a long past the latest is kept, and the rest counted', () => {
  const feed = new Feed(() => ({ kind: 'greeting', port: 1883 }));
  for (let number = 1; number <= 1234; number++) feed.record(1, opened(number));
  const page = new Page();
  feed.attach(page);
  expect(page.numbers()).toEqual(Array.from({ length: 1000 }, (_, index) => index + 235));
  expect(page.letGo()).toBe(234);
});

test('of a past with long packets no more is kept than a few megabytes', () => {
  const feed = new Feed(() => ({ kind: 'greeting', port: 1883 }));
  for (let number = 1; number <= 9; number++) feed.record(1, received(new Uint8Array(1024 * 1024)));
  const page = new Page();
  feed.attach(page);
  expect(page.numbers()).toEqual([6, 7, 8, 9]);
  expect(page.letGo()).toBe(5);
});

test('a slow page is left alone until it has taken what it has, and told how much it missed', async () => {
  const feed = new Feed(() => ({ kind: 'greeting', port: 1883 }));
  const [slow, quick] = [new Page(), new Page()];
  feed.attach(slow);
  feed.attach(quick);
  slow.bufferedAmount = 2 * 1024 * 1024;
  for (const number of [1, 2, 3]) {
    feed.record(1, opened(number));
    await turn();
  }
  slow.bufferedAmount = 0;
  feed.record(1, opened(4));
  await turn();
  expect(quick.numbers()).toEqual([1, 2, 3, 4]);
  expect(slow.numbers()).toEqual([4]);
  expect(slow.letGo()).toBe(3);
});

test('of too much at once the latest is sent, and the rest counted', async () => {
  const feed = new Feed(() => ({ kind: 'greeting', port: 1883 }));
  const page = new Page();
  feed.attach(page);
  for (let number = 1; number <= 250; number++) feed.record(1, opened(number));
  await turn();
  expect(page.numbers()).toHaveLength(200);
  expect(page.numbers().at(-1)).toBe(250);
  expect(page.letGo()).toBe(50);
});

test('a page that is gone is sent nothing more', async () => {
  const feed = new Feed(() => ({ kind: 'greeting', port: 1883 }));
  const page = new Page();
  feed.attach(page);
  page.close();
  feed.record(1, opened(1));
  await turn();
  expect(page.numbers()).toEqual([]);
});

test('bytes come through as they were, and of a long frame the beginning and the length', () => {
  const short = Uint8Array.from({ length: 256 }, (_, index) => index);
  const long = new Uint8Array(100_000).fill(7);
  const events = [short, long].map((frame, index) => ({ number: index, broker: 1, event: received(frame) }));
  const read = readMessage(writeMessage({ kind: 'events', letGo: 0, events }));
  expect(read.kind === 'events' && read.events).toMatchObject([
    { event: { frame: short } },
    { event: { frame: long.subarray(0, 65_536) }, whole: 100_000 },
  ]);
});

function opened(connection: number): TraceEvent {
  return { at: 1, by: 'broker', connection, kind: 'opened', peer: 'somebody' };
}

function received(frame: Uint8Array): TraceEvent {
  return { at: 1, by: 'broker', connection: 1, kind: 'received', frame, version: 4 };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

/** A page's end of a WebSocket. */
class Page {
  bufferedAmount = 0;
  readonly #texts: string[] = [];
  #closed: () => void = () => {};

  send(text: string): void {
    this.#texts.push(text);
  }

  on(event: string, listener: () => void): this {
    if (event === 'close') this.#closed = listener;
    return this;
  }

  close(): void {
    this.#closed();
  }

  messages(): FeedMessage[] {
    return this.#texts.map(readMessage);
  }

  numbers(): number[] {
    return this.messages().flatMap((message) =>
      message.kind === 'events' ? message.events.map(({ number }) => number) : [],
    );
  }

  letGo(): number {
    return this.messages().reduce((sum, message) => sum + (message.kind === 'events' ? message.letGo : 0), 0);
  }
}
