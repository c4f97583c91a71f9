// When batches are written, and what waits for them; over a store that a test holds in its hand.
import { expect, test } from 'vitest';
import { utf8 } from '#broker/codec/index.ts';
import { Broker } from '#broker/server/broker.ts';
import { type Level, type Operation, Store } from '#broker/server/store.ts';

class HeldLevel implements Level {
  readonly batches: Operation[][] = [];
  isClosed = false;
  #settle: { resolve(): void; reject(error: Error): void }[] = [];

  batch(operations: Operation[]): Promise<void> {
    this.batches.push(operations);
    return new Promise((resolve, reject) => this.#settle.push({ resolve, reject }));
  }

  async *iterator(): AsyncGenerator<readonly [string, Uint8Array]> {
    for (const operation of this.batches.flat())
      if (operation.type === 'put') yield [operation.key, operation.value];
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  async written(): Promise<void> {
    this.#settle.shift()?.resolve();
    await turn();
  }

  async full(): Promise<void> {
    this.#settle.shift()?.reject(new Error('the disk is full'));
    await turn();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function open() {
  const level = new HeldLevel();
  const store = new Store(level);
  const broker = new Broker({}, { journal: store.journal });
  (await store.read())(broker);
  void store.commit();
  await level.written();
  let said = 0;
  /** Retains something, ends the turn, and notes when its batch is safe. */
  const say = (topic = `topic ${++said}`) => {
    broker.say({ topic, payload: utf8('x'), qos: 0, retain: true });
    const safe = store.commit();
    const state = { isSafe: false, failed: '' };
    safe?.then(
      () => {
        state.isSafe = true;
      },
      (error: Error) => {
        state.failed = error.message;
      },
    );
    return state;
  };
  return { level, store, broker, say };
}

test('a new store is given its form first', async () => {
  const { level } = await open();
  expect(level.batches.map((batch) => batch.map(({ key }) => key))).toEqual([['about']]);
});

test('what was written is read by the next one', async () => {
  const { level, say } = await open();
  say('kept');
  await level.written();
  const broker = new Broker();
  (await new Store(level).read())(broker);
  expect(broker.retained.snapshot().map(({ topic }) => topic)).toEqual(['kept']);
});

test('a turn that changed nothing waits for nothing, unless a batch is being written', async () => {
  const { level, store, say } = await open();
  expect(store.commit()).toBeUndefined();
  say();
  expect(store.commit()).toBeInstanceOf(Promise);
  await level.written();
  expect(store.commit()).toBeUndefined();
});

test('what several turns change while a batch is being written is one batch', async () => {
  const { level, say } = await open();
  const turns = [say(), say(), say()];
  expect(level.batches.length).toBe(2);
  await level.written();
  expect(turns.map(({ isSafe }) => isSafe)).toEqual([true, false, false]);
  expect(level.batches.length).toBe(3);
  expect(level.batches[2]?.filter(({ key }) => key.startsWith('retained/')).length).toBe(2);
  turns.push(say());
  await level.written();
  expect(turns.map(({ isSafe }) => isSafe)).toEqual([true, true, true, false]);
  expect(level.batches.length).toBe(4);
  await level.written();
  expect(turns.at(-1)?.isSafe).toBe(true);
});

test('what is changed in the moment in which a batch is done belongs to the one that is to follow', async () => {
  const { level, store, broker, say } = await open();
  broker.say({ topic: 'first', payload: utf8('x'), qos: 0, retain: true });
  let late: ReturnType<typeof say> | undefined;
  void store.commit()?.then(() => {
    late = say('third');
  });
  say('second');
  await level.written();
  const topics = level.batches.map((batch) => batch.filter(({ key }) => key.startsWith('retained/')).length);
  expect(topics).toEqual([0, 1, 2]);
  expect(late?.isSafe).toBe(false);
  await level.written();
  expect(late?.isSafe).toBe(true);
});

test('what is gone is deleted', async () => {
  const { level, store, broker, say } = await open();
  say('a');
  await level.written();
  broker.say({ topic: 'a', payload: utf8(''), qos: 0, retain: true });
  void store.commit();
  expect(level.batches.at(-1)).toContainEqual({ type: 'del', key: 'retained/a' });
});

test('a record that is replaced before it was written is written once', async () => {
  const { level, say } = await open();
  say();
  say('same');
  say('same');
  await level.written();
  const keys = level.batches[2]?.map(({ key }) => key) ?? [];
  expect(keys.filter((key) => key === 'retained/same').length).toBe(1);
  expect(new Set(keys).size).toBe(keys.length);
});

test('once something could not be written, nothing is safe any more', async () => {
  const { level, say } = await open();
  const turns = [say(), say()];
  await level.full();
  turns.push(say());
  await turn();
  expect(turns.map(({ failed }) => failed)).toEqual(Array(3).fill('the disk is full'));
  expect(level.batches.length).toBe(2);
});

test('closing it writes what is left, and nothing that comes after', async () => {
  const { level, store, broker } = await open();
  broker.say({ topic: 'last', payload: utf8('x'), qos: 0, retain: true });
  const closed = store.close();
  expect(level.batches.length).toBe(2);
  expect(level.isClosed).toBe(false);
  broker.say({ topic: 'late', payload: utf8('x'), qos: 0, retain: true });
  expect(store.commit()).toBeUndefined();
  await level.written();
  await closed;
  expect(level.isClosed).toBe(true);
  expect(level.batches.length).toBe(2);
});
