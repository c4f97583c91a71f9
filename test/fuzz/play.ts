// What a broker is put through, as plain data, and what has to hold whatever that is: nothing is thrown, nothing goes on for ever,
// what it sends is sound and ends with the connection, and when all is over nothing is left.
import { decode, type Version, validate } from '#broker/codec/index.ts';
import { OPEN } from '#broker/server/access.ts';
import type { AuthenticationMethod } from '#broker/server/authentication.ts';
import { Broker } from '#broker/server/broker.ts';
import { holdings } from '#broker/server/holdings.ts';
import type { Settings } from '#broker/server/settings.ts';
import { SystemTopics } from '#broker/server/sys.ts';
import type { Connection } from '#broker/session/link.ts';
import type { TraceEvent } from '#broker/session/trace.ts';
import type { Dice } from '../dice.ts';
import { bytesOf, connect, mutate, packet, TOPICS } from './packets.ts';

export type Input =
  | { do: 'open' }
  /** Bytes in hex arrive on a connection, which is numbered from 0. */
  | { do: 'receive'; on: number; bytes: string }
  | { do: 'close'; on: number }
  /** So much waits to leave. */
  | { do: 'crowd'; on: number; backlog: number }
  | { do: 'drain'; on: number }
  /** It is decided who may come in, of all who wait. */
  | { do: 'decide'; reasonCode: number }
  | { do: 'wait'; time: number };

export interface Case {
  settings: Partial<Settings>;
  /** Whether it is decided later who may come in. */
  isSlow: boolean;
  inputs: Input[];
}

/** In no case does any session last longer than this, in seconds. */
const LONGEST = 1000;

/** How many timers one input may set. One that sets them without end would hang. */
const MANY_TIMERS = 100_000;

/** A method that asks once, and believes all but those who say something with a zero in it. */
const TWO_WORDS: AuthenticationMethod = {
  begin() {
    let asked = false;
    return (data, answer) => {
      if (data?.includes(0)) answer({ kind: 'failure', reasonCode: 0x87 });
      else if (asked) answer({ kind: 'success', username: 'eve' });
      else answer({ kind: 'continue', data: undefined });
      asked = true;
    };
  },
};

/** Makes up a case. */
export function invent(dice: Dice, steps: number): Case {
  const settings: Partial<Settings> = {
    maximumSessionExpiry: dice.pick([10, LONGEST]),
    maximumPacketSize: dice.pick([100, 16_777_216, 16_777_216, 16_777_216]),
    maximumConnectSize: dice.pick([60, 262_144, 262_144, 262_144]),
    maximumQoS: dice.pick([0, 1, 2, 2, 2]),
    retainAvailable: !dice.once(6),
    receiveMaximum: dice.pick([1, 20]),
    maximumInflight: dice.pick([1, 20]),
    maximumInflightBytes: dice.pick([10, Number.MAX_SAFE_INTEGER]),
    maximumQueued: dice.pick([0, 3, 1000]),
    maximumQueuedBytes: dice.pick([10, Number.MAX_SAFE_INTEGER]),
    queueQoS0: dice.once(3),
    upgradeQoS: dice.once(4),
    maximumSessions: dice.pick([2, 1000, 1000]),
    retainedSweepInterval: dice.pick([0, 60]),
    maximumBacklog: dice.pick([10, 100_000]),
    topicAliasMaximum: dice.pick([0, 2]),
    outboundTopicAliasMaximum: dice.pick([0, 2]),
    allowEmptyClientId: !dice.once(6),
    maximumTopicLevels: dice.pick([3, 200, 200]),
    maximumSubscriptionsPerClient: dice.pick([2, 1000]),
    wildcardSubscriptionAvailable: !dice.once(6),
    sharedSubscriptionAvailable: !dice.once(6),
    subscriptionIdentifierAvailable: !dice.once(6),
    ...(dice.once(6) && { serverKeepAlive: 5, responseInformation: 'r' }),
  };
  /** One packet in so many does not arrive as it was sent. */
  const roughness = dice.pick([8, 50, 1000]);
  const inputs: Input[] = [];
  const versions: Version[] = [];
  while (inputs.length < steps) {
    const on = Math.max(0, versions.length - 1 - dice.roll(3));
    const version = versions[on];
    const choice = dice.roll(40);
    if (version === undefined || choice >= 36) {
      const opened = dice.pick<Version>([3, 4, 5, 5]);
      versions.push(opened);
      inputs.push({ do: 'open' });
      if (!dice.once(10))
        inputs.push(...arrive(dice, roughness, versions.length - 1, bytesOf(connect(dice, opened), opened)));
    } else if (choice === 1) inputs.push({ do: 'close', on });
    else if (choice === 2) inputs.push({ do: 'wait', time: dice.pick([1, 1000, 1500, 90_000, 1_000_000]) });
    else if (choice === 3) inputs.push({ do: 'crowd', on, backlog: dice.pick([0, 50, 1_000_000]) });
    else if (choice === 4) inputs.push({ do: 'drain', on });
    else if (choice === 5) inputs.push({ do: 'decide', reasonCode: dice.pick([0, 0, 0x86, 0x87]) });
    else if (choice === 6 && dice.once(roughness))
      inputs.push(...arrive(dice, roughness, on, dice.bytes(1 + dice.roll(30))));
    else if (choice === 7 && dice.once(4))
      inputs.push(...arrive(dice, roughness, on, bytesOf(connect(dice, version), version)));
    else inputs.push(...arrive(dice, roughness, on, bytesOf(packet(dice), version)));
  }
  return { settings, isSlow: dice.once(3), inputs };
}

/** Bytes arrive, in one piece or several, and now and then not as they were sent. */
function arrive(dice: Dice, roughness: number, on: number, sent: Uint8Array): Input[] {
  const bytes = Buffer.from(dice.once(roughness) ? mutate(dice, sent) : sent).toString('hex');
  if (!dice.once(5)) return [{ do: 'receive', on, bytes }];
  const cut = 2 * dice.roll(bytes.length / 2 + 1);
  return [bytes.slice(0, cut), bytes.slice(cut)].map((piece) => ({ do: 'receive', on, bytes: piece }));
}

/** A link whose other end is the test. */
interface End {
  connection: Connection;
  backlog: number;
  isOver: boolean;
}

/**
 * Puts a broker through a case.
 * @throws Error when anything does not hold
 */
export function play(
  { settings, isSlow, inputs }: Case,
  watch: (event: TraceEvent) => void = () => {},
): void {
  const ends: End[] = [];
  const waiting: ((reasonCode: number) => void)[] = [];
  const opened = new Map<number, End>();
  const sys: SystemTopics = new SystemTopics(() => broker, { version: 'x' });
  const broker: Broker = new Broker(settings, {
    trace(event) {
      watch(event);
      check(event);
      sys.record(event);
    },
    access: {
      ...OPEN,
      connect: (_connect, _peer, decide) => (isSlow ? void waiting.push(decide) : decide(0)),
    },
    authenticationMethods: new Map([['two words', TWO_WORDS]]),
  });
  let timers = 0;
  const { schedule } = broker.timers;
  broker.timers.schedule = (...words) => {
    if (++timers > MANY_TIMERS) throw new Error('timers are set without end');
    return schedule.apply(broker.timers, words);
  };

  // What does not hold is noticed within a call of the broker's, which may have its own way with errors.
  let violation: string | undefined;
  let isEmpty = false;

  for (const input of inputs) {
    timers = 0;
    give(input);
    if (violation !== undefined) throw new Error(violation);
  }
  settle();
  if (violation !== undefined) throw new Error(violation);

  function give(input: Input): void {
    switch (input.do) {
      case 'open':
        return open();
      case 'receive':
        return on(input.on, ({ connection }) =>
          connection.receive(new Uint8Array(Buffer.from(input.bytes, 'hex'))),
        );
      case 'close':
        return on(input.on, (end) => {
          end.isOver = true;
          end.connection.closed();
        });
      case 'crowd':
        return on(input.on, (end) => {
          end.backlog = input.backlog;
        });
      case 'drain':
        return on(input.on, (end) => {
          end.backlog = 0;
          end.connection.drained();
        });
      case 'decide':
        for (const decide of waiting.splice(0)) decide(input.reasonCode);
        return;
      case 'wait':
        return broker.advance(broker.now + input.time);
      default:
        return input satisfies never;
    }
  }

  function open(): void {
    const end: End = { connection: undefined as never, backlog: 0, isOver: false };
    end.connection = broker.accept(
      {
        get backlog() {
          return end.backlog;
        },
        send() {
          if (end.isOver) violation = 'something was sent after the end';
        },
        close() {
          if (end.isOver) violation = 'a connection was closed twice';
          end.isOver = true;
        },
      },
      `end ${ends.length}`,
    );
    ends.push(end);
    opened.set(ends.length, end);
  }

  function on(number: number, act: (end: End) => void): void {
    const end = ends[number];
    if (end !== undefined && !end.isOver) act(end);
  }

  /** What is sent can be read, and is what may be sent. */
  function check(event: TraceEvent): void {
    if (isEmpty && event.kind === 'matched' && event.matches.length > 0)
      violation = `a subscription is left: ${JSON.stringify(event.matches)}`;
    if (event.kind !== 'sent') return;
    if (opened.get(event.connection as number)?.isOver) violation = 'a packet was sent after the end';
    try {
      const faults = validate(decode(event.frame, event.version), event.version);
      if (faults.length > 0) violation = `what was sent is not sound: ${JSON.stringify(faults)}`;
    } catch (error) {
      violation = `what was sent cannot be read: ${error}`;
    }
  }

  /** Everybody leaves, and time goes by until no session is left. */
  function settle(): void {
    give({ do: 'decide', reasonCode: 0 });
    for (const [number] of ends.entries()) give({ do: 'close', on: number });
    for (const decide of waiting) decide(0);
    const kept = broker.snapshot().sessions.length;
    const idle = settings.retainedSweepInterval === 0 ? 0 : 1;
    if (broker.timers.size > idle + 2 * kept)
      throw new Error(`${broker.timers.size} timers for ${kept} sessions`);
    sys.every(1);
    sys.every(0);
    give({ do: 'wait', time: 1000 * LONGEST + 1 });
    const { sessions, retained } = broker.snapshot();
    if (sessions.length > 0) throw new Error(`a session is left: ${JSON.stringify(sessions[0])}`);
    if (holdings(broker).messages !== retained.length)
      throw new Error('messages are left that nobody waits for');
    if (broker.timers.size !== idle) throw new Error(`${broker.timers.size} timers are left`);
    isEmpty = true;
    for (const topic of TOPICS) broker.say({ topic, payload: new Uint8Array(0), qos: 0, retain: false });
    for (const { topic } of retained) broker.say({ topic, payload: new Uint8Array(0), qos: 0, retain: true });
    if (broker.retained.size > 0) throw new Error('a retained message cannot be removed');
  }
}

/** Leaves out what is not needed for a case to fail. */
export function shorten(failing: Case, isFailing: (shorter: Case) => boolean): Case {
  let best = failing;
  for (let size = best.inputs.length >> 1; size > 0; size = size === 1 ? 0 : (size + 1) >> 1)
    for (let at = 0; at < best.inputs.length; ) {
      const inputs = [...best.inputs.slice(0, at), ...best.inputs.slice(at + size)];
      if (isFailing({ ...best, inputs })) best = { ...best, inputs };
      else at += size;
    }
  return best;
}
