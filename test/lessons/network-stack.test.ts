// Lesson 3: the sizes that its text names are those of the engine's envelopes, its goal can be met, its exercise has answers.
import { expect, test } from 'vitest';
import {
  ASKED,
  CLIENT,
  exercise,
  GOAL,
  GUESSES,
  headersOf,
  LONGEST,
  measure,
  ownersOf,
  PREDICTED,
  payloadOf,
  predicted,
  reached,
  readable,
  share,
  solution,
  travel,
  WAY_NAMES,
  WAYS,
} from '../../src/lessons/network-stack.ts';

const bytesOf = (way: (typeof WAY_NAMES)[number], qos: 0 | 1 | 2 = 0, length = PREDICTED.length) =>
  Object.fromEntries(share({ qos, length }, way).pieces.map(({ of, bytes }) => [of, bytes]));

test('the figure opens with the PUBLISH of lesson 6 in its three headers', () => {
  expect(bytesOf('tcp')).toEqual({ ethernet: 14, ipv4: 20, tcp: 32, fixed: 2, variable: 13, payload: 7 });
  const [sent] = travel(PREDICTED, 'tcp');
  expect(Buffer.from(sent?.packet ?? []).toString('latin1')).toContain('Room1/LightTurn On');
  expect(CLIENT).toBe('p1');
});

test('TLS adds 22 bytes, and a WebSocket of a client 6', () => {
  expect(bytesOf('tls')).toMatchObject({ tls: 22 });
  expect(bytesOf('websocket')).toMatchObject({ websocket: 6 });
  expect(bytesOf('wss')).toMatchObject({ tls: 22, websocket: 6 });
});

test.each(WAY_NAMES)(
  'over %s each byte has an owner, each field lies in its layer, and the broker listens there',
  (way) => {
    for (const length of [0, 7, 130, LONGEST]) {
      for (const sent of travel({ qos: 2, length }, way)) {
        sent.frames.forEach((frame, index) => {
          const owners = ownersOf(sent, index);
          expect(owners.length).toBe(frame.bytes.length);
          for (const { layer, bytes, fields } of headersOf(sent, index)) {
            expect(owners.filter((owner) => owner.layer === layer).length).toBe(bytes);
            for (const { start, end } of fields)
              for (let at = start; at < end; at++) expect(owners[at]?.layer).toBe(layer);
          }
        });
        const ports = headersOf(sent, 0)
          .flatMap(({ fields }) => fields)
          .filter(({ name }) => name.endsWith('Port'))
          .map(({ value }) => Number(value));
        expect(ports).toContain(WAYS[way].ports[0]);
      }
    }
  },
);

test('a message as long as a frame can carry, and one byte more', () => {
  const frames = (length: number) => travel({ qos: 0, length }, 'tcp')[0]?.frames.length;
  const most = 1448 - 3 - 13;
  expect(frames(most)).toBe(1);
  expect(frames(most + 1)).toBe(2);
});

test('QoS 1 takes two packets and QoS 2 four, each in a frame of its own', () => {
  expect(travel({ qos: 1, length: 7 }, 'tls').map(({ from }) => from)).toEqual(['client', 'broker']);
  expect(travel({ qos: 2, length: 7 }, 'tls').map(({ from }) => from)).toEqual([
    'client',
    'broker',
    'client',
    'broker',
  ]);
});

test('a message is as long as it is asked to be', () => {
  for (const length of [0, 1, 8, 9, 10, LONGEST]) expect(payloadOf(length).length).toBe(length);
});

test('the text is right: at 100 bytes more than half is the reader’s, at 1 400 more than nine tenths', () => {
  const yours = (length: number) => {
    const { yours, total } = share({ qos: 0, length }, 'tcp');
    return yours / total;
  };
  expect(yours(100)).toBeGreaterThan(0.5);
  expect(yours(1400)).toBeGreaterThan(0.9);
});

test('the prediction has one right answer among its guesses', () => {
  const { sent, outcome } = predicted();
  expect(GUESSES[outcome]).toBe(sent.total);
});

test('somebody on the way reads the message over TCP, and not over TLS', () => {
  const read = (way: 'tcp' | 'tls') =>
    readable(travel(PREDICTED, way)[0]?.frames[0]?.bytes ?? new Uint8Array());
  expect(read('tcp')).toContain('Room1/LightTurn On');
  expect(read('tls')).not.toMatch(/Room1|Turn/);
});

test('the goal is met by its solution, and by nothing that lacks one of its three parts', () => {
  const message = solution();
  const found = reached(message, GOAL.way);
  expect(found).toMatchObject({ way: true, qos: true });
  expect(found.share).toBeGreaterThanOrEqual(GOAL.share);
  expect(reached({ ...message, length: 7 }, GOAL.way).share).toBeLessThan(GOAL.share);
  expect(reached(message, 'wss').way).toBe(false);
  expect(reached({ ...message, qos: 1 }, GOAL.way).qos).toBe(false);
});

test('every seed makes an exercise whose sizes grow from the packet outwards', () => {
  for (let seed = 0; seed < 400; seed++) {
    const task = exercise(seed.toString(16).toUpperCase().padStart(4, '0'));
    const answer = measure(task);
    for (const asked of ASKED) expect(Number.isInteger(answer[asked])).toBe(true);
    expect(answer.segment - answer.mqtt).toBe({ tcp: 0, tls: 22, websocket: 6, wss: 28 }[task.way]);
    expect(answer.frame - answer.segment).toBe(task.ipVersion === 4 ? 66 : 86);
  }
});
