// A link over a socket that a test holds in its hand: what is written when, and what becomes of an end.
import { describe, expect, test } from 'vitest';
import type { Clock } from '#broker/node/clock.ts';
import { Host, type HostOptions, type Keeper } from '#broker/node/host.ts';
import type { Attendant, Carrier } from '#broker/node/link.ts';
import type { Connection, Link } from '#broker/session/link.ts';

test('what one turn sends leaves at its end, in one write and in order', async () => {
  const { link, socket } = open();
  link.send(bytes(1));
  link.send(bytes(2));
  expect(socket.writes).toEqual([]);
  await turn();
  link.send(bytes(3));
  await turn();
  expect(socket.writes).toEqual([[bytes(1), bytes(2)], [bytes(3)]]);
});

test('links are flushed in the order in which they were first sent to', async () => {
  const order: string[] = [];
  const host = new Host(party());
  const [a, b] = ['a', 'b'].map((name) => {
    const socket = new HeldSocket();
    socket.onWrite = () => order.push(name);
    let link!: Link;
    host.carry(socket, (given) => {
      link = given;
      return connection([]);
    });
    return link;
  }) as [Link, Link];
  b.send(bytes(1));
  a.send(bytes(2));
  b.send(bytes(3));
  await turn();
  expect(order).toEqual(['b', 'a']);
});

test('the backlog is what was sent and has not left', async () => {
  const { link, socket } = open();
  link.send(new Uint8Array(10));
  expect(link.backlog).toBe(10);
  await turn();
  link.send(new Uint8Array(5));
  expect(link.backlog).toBe(15);
  await turn();
  socket.leave();
  expect(link.backlog).toBe(0);
});

test('the connection is told once when a large backlog has left, and never of a small one', async () => {
  const { link, socket, told } = open();
  link.send(new Uint8Array(1000));
  await turn();
  socket.leave();
  expect(told).toEqual([]);
  link.send(new Uint8Array(100_000));
  link.send(new Uint8Array(1));
  await turn();
  expect(told).toEqual([]);
  socket.leave();
  expect(told).toEqual(['drained']);
  socket.leave();
  expect(told).toEqual(['drained']);
});

test('a close comes behind all that was sent, and nothing after it', async () => {
  const { link, socket } = open();
  link.send(bytes(1));
  link.close();
  link.send(bytes(2));
  await turn();
  expect(socket.writes).toEqual([[bytes(1)]]);
  expect(socket.state).toBe('ended');
});

test('after a close, what still comes is let go of, and the end is told once', async () => {
  const { link, socket, told } = open();
  link.close();
  socket.attendant.received(bytes(9));
  await turn();
  socket.attendant.ended();
  socket.attendant.closed();
  expect(told).toEqual(['closed']);
});

test('an end that the other side does not answer is forced after a while', async () => {
  const clock = new HeldClock();
  const { link, socket } = open(clock);
  link.close();
  await turn();
  expect(socket.state).toBe('ended');
  clock.ring();
  expect(socket.state).toBe('destroyed');
});

test('nothing is waited for once the socket is gone', async () => {
  const clock = new HeldClock();
  const { link, socket } = open(clock);
  link.close();
  await turn();
  socket.attendant.closed();
  expect(clock.alarms.size).toBe(0);
});

test('when the other side ends, what was sent before still leaves, and then the socket ends', async () => {
  const { link, socket, told } = open();
  link.send(bytes(1));
  socket.attendant.ended();
  expect(told).toEqual(['closed']);
  await turn();
  expect(socket.writes).toEqual([[bytes(1)]]);
  expect(socket.state).toBe('ended');
});

test('nothing is written to a socket that is gone', async () => {
  const { link, socket } = open();
  link.send(bytes(1));
  socket.attendant.closed();
  await turn();
  expect(socket.writes).toEqual([]);
});

test('a large backlog is given to the socket in portions, and leaves in order and whole', async () => {
  const { link, socket } = open();
  const sent = Uint8Array.from({ length: 2_500_000 }, (_, index) => index % 251);
  link.send(sent.subarray(0, 2_400_000));
  link.send(sent.subarray(2_400_000));
  await turn();
  expect(socket.writes).toHaveLength(1);
  expect(link.backlog).toBe(2_500_000);
  link.send(bytes(7));
  await turn();
  expect(socket.writes).toHaveLength(1);
  while (link.backlog > 0) socket.leave();
  expect(socket.writes).toHaveLength(3);
  expect(Buffer.concat(socket.writes.flat()).equals(Buffer.concat([sent, bytes(7)]))).toBe(true);
});

test('a close sends all portions that are left', async () => {
  const { link, socket } = open();
  link.send(new Uint8Array(3_000_000));
  await turn();
  link.close();
  await turn();
  expect(Buffer.concat(socket.writes.flat())).toHaveLength(3_000_000);
  expect(socket.state).toBe('ended');
});

describe('an end that does not read', () => {
  const watch = () => {
    const clock = new HeldClock();
    const cut: string[] = [];
    const patience = { maximumBacklog: 20_000, timeout: 1000, cut: (peer: string) => void cut.push(peer) };
    return { clock, cut, ...open(clock, party(), { patience }) };
  };

  test('is not read while too much waits for it, and read again when little does', async () => {
    const { link, socket, clock } = watch();
    link.send(new Uint8Array(20_000));
    expect(socket.isPaused).toBe(false);
    link.send(bytes(1));
    expect(socket.isPaused).toBe(true);
    await turn();
    socket.leave();
    expect(socket.isPaused).toBe(false);
    expect(clock.alarms.size).toBe(0);
  });

  test('is cut when nothing has left for long', async () => {
    const { link, socket, clock, cut, told } = watch();
    link.send(new Uint8Array(20_001));
    await turn();
    expect([...clock.alarms].map(({ at }) => at)).toEqual([1000]);
    clock.time = 1000;
    clock.ring();
    expect(socket.state).toBe('destroyed');
    expect(cut).toEqual(['nobody']);
    socket.attendant.closed();
    expect(told).toEqual(['closed']);
  });

  test('is waited for anew as long as anything leaves', async () => {
    const { link, socket, clock } = watch();
    link.send(new Uint8Array(3_000_000));
    await turn();
    clock.time = 900;
    socket.leave();
    expect(link.backlog).toBe(3_000_000 - 1_048_576);
    clock.time = 1000;
    clock.ring();
    expect([socket.state, socket.isPaused]).toEqual(['open', true]);
    expect([...clock.alarms].map(({ at }) => at)).toEqual([1900]);
  });

  test('is read to its end after a close, and given its time to read', async () => {
    const { link, socket, clock } = watch();
    link.send(new Uint8Array(30_000));
    link.close();
    expect(socket.isPaused).toBe(false);
    await turn();
    expect([...clock.alarms].map(({ at }) => at)).toEqual([5000]);
  });
});

describe('where something has to be written before anybody is told', () => {
  /** What a turn is to wait for, which the test brings about. */
  const keep = () => {
    let outcome: { resolve(): void; reject(error: Error): void } | undefined;
    const lost: unknown[] = [];
    let isChanged = false;
    const keeper: Keeper = {
      commit() {
        if (!isChanged) return undefined;
        isChanged = false;
        return new Promise<void>((resolve, reject) => (outcome = { resolve, reject }));
      },
      lost: (error) => void lost.push(error),
    };
    const change = () => (isChanged = true);
    const written = () => outcome?.resolve();
    const fail = () => outcome?.reject(new Error('the disk is full'));
    return { change, written, fail, lost, ...open(undefined, party(), { keeper }) };
  };

  test('what a turn sends waits for it, and what the next one sends is not let out with it', async () => {
    const { link, socket, change, written } = keep();
    change();
    link.send(bytes(1));
    await turn();
    expect(socket.writes).toEqual([]);
    const first = written;
    change();
    link.send(bytes(2));
    first();
    await turn();
    expect(socket.writes).toEqual([[bytes(1)]]);
    expect(link.backlog).toBe(2);
    written();
    await turn();
    expect(socket.writes).toEqual([[bytes(1)], [bytes(2)]]);
  });

  test('a turn that changes nothing sends at once', async () => {
    const { link, socket } = keep();
    link.send(bytes(1));
    await turn();
    expect(socket.writes).toEqual([[bytes(1)]]);
  });

  test('a turn that sends nothing is written as well', async () => {
    let commits = 0;
    const keeper: Keeper = { commit: () => void commits++, lost: () => {} };
    const { socket } = open(undefined, party(), { keeper });
    await turn();
    socket.attendant.received(bytes(1));
    await turn();
    expect(commits).toBe(2);
  });

  test('if it cannot be written, nothing is sent, and every connection ends', async () => {
    const { link, socket, change, fail, lost } = keep();
    change();
    link.send(bytes(1));
    await turn();
    fail();
    await turn();
    link.send(bytes(2));
    await turn();
    expect(socket.writes).toEqual([]);
    expect(socket.state).toBe('destroyed');
    expect(lost).toEqual([new Error('the disk is full')]);
  });
});

test('the party is told the time before what happens, and woken at its deadline', async () => {
  const clock = new HeldClock();
  const waiting = party();
  const { socket } = open(clock, waiting);
  clock.time = 70;
  waiting.deadline = 100;
  socket.attendant.received(bytes(1));
  expect(waiting.times).toEqual([0, 70]);
  clock.time = 100;
  waiting.deadline = Number.POSITIVE_INFINITY;
  clock.ring();
  expect(waiting.times).toEqual([0, 70, 100]);
  expect(clock.alarms.size).toBe(0);
});

test('a deadline that comes nearer is kept, and one that moves away rings in vain at most once', () => {
  const clock = new HeldClock();
  const waiting = party();
  const { socket } = open(clock, waiting);
  const deadlines = [300, 200, 400].map((deadline) => {
    waiting.deadline = deadline;
    socket.attendant.received(bytes(1));
    return [...clock.alarms].map(({ at }) => at);
  });
  expect(deadlines).toEqual([[300], [200], [200]]);
  clock.time = 200;
  clock.ring();
  expect([...clock.alarms].map(({ at }) => at)).toEqual([400]);
});

/** A link over a held socket, and what its connection was told. */
function open(clock?: Clock, served: ReturnType<typeof party> = party(), options: HostOptions = {}) {
  const socket = new HeldSocket();
  const told: string[] = [];
  let link!: Link;
  new Host(served, clock, options).carry(socket, (given) => {
    link = given;
    return connection(told);
  });
  return { link, socket, told };
}

function connection(told: string[]): Connection {
  return { receive: () => {}, drained: () => told.push('drained'), closed: () => told.push('closed') };
}

function party() {
  const times: number[] = [];
  return { deadline: Number.POSITIVE_INFINITY, times, advance: (now: number) => void times.push(now) };
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

/** The turn of the event loop is over, and what waited for that is done. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

class HeldSocket implements Carrier {
  readonly peer = 'nobody';
  readonly writes: Uint8Array[][] = [];
  buffered = 0;
  state: 'open' | 'ended' | 'destroyed' = 'open';
  isPaused = false;
  attendant!: Attendant;
  onWrite: () => void = () => {};
  readonly #leaving: (() => void)[] = [];

  write(chunks: readonly Uint8Array[], left: () => void): void {
    this.writes.push([...chunks]);
    this.#leaving.push(left);
    for (const chunk of chunks) this.buffered += chunk.length;
    this.onWrite();
  }

  /** All that was written leaves. */
  leave(): void {
    this.buffered = 0;
    for (const left of this.#leaving.splice(0)) left();
  }

  end(): void {
    this.state = 'ended';
  }

  destroy(): void {
    this.state = 'destroyed';
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  attend(attendant: Attendant): void {
    this.attendant = attendant;
  }
}

class HeldClock implements Clock {
  time = 0;
  readonly alarms = new Set<{ at: number; ring: () => void }>();

  now(): number {
    return this.time;
  }

  wake(at: number, ring: () => void): () => void {
    const alarm = { at, ring };
    this.alarms.add(alarm);
    return () => this.alarms.delete(alarm);
  }

  ring(): void {
    for (const alarm of [...this.alarms]) {
      this.alarms.delete(alarm);
      alarm.ring();
    }
  }
}
