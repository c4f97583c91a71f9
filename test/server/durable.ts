// A broker that keeps books, clients, and the bytes between them, all in memory and on one clock. It can be ended at any moment
// and come back with what was written by then. As a host has to, it lets nothing leave before what led to it is written.
import { Client, type ClientSettings } from '#broker/client/client.ts';
import type { Publish } from '#broker/codec/index.ts';
import { Broker } from '#broker/server/broker.ts';
import { inherit } from '#broker/server/inherit.ts';
import type { Journal } from '#broker/server/journal.ts';
import { type Changes, Ledger } from '#broker/server/ledger.ts';
import type { Session } from '#broker/server/session.ts';
import type { Settings } from '#broker/server/settings.ts';
import type { Connection, Link } from '#broker/session/link.ts';

/** Bytes on their way, or the end of the connection. */
type Parcel = Uint8Array | 'end';

interface Wire {
  readonly toBroker: Parcel[];
  readonly toClient: Parcel[];
  /** What the broker has sent and may not leave yet. */
  readonly withheld: Parcel[];
  readonly client: Guest;
  atBroker: Connection;
  isCut: boolean;
}

export interface Guest {
  readonly client: Client;
  readonly received: Publish[];
  wire: Wire | undefined;
}

export class DurableBroker {
  broker!: Broker;
  ledger!: Ledger;
  /** What is on the disk. */
  readonly records = new Map<string, Uint8Array>();
  /** What is to be written next. */
  pending: Changes = new Map();
  /** The time of day, in milliseconds. */
  wall = 1_700_000_000_000;
  readonly guests = new Map<string, Guest>();
  readonly #settings: Partial<Settings>;
  #epoch = 0;
  #wires: Wire[] = [];

  constructor(settings: Partial<Settings> = {}) {
    this.#settings = settings;
    this.#start();
  }

  join(settings: ClientSettings): Guest {
    const received: Publish[] = [];
    const client = new Client(settings, {
      report: (event) => {
        if (event.kind === 'message') received.push(event.packet);
      },
    });
    const guest: Guest = { client, received, wire: undefined };
    this.guests.set(settings.clientId, guest);
    return guest;
  }

  connect(guest: Guest): void {
    const wire: Wire = {
      toBroker: [],
      toClient: [],
      withheld: [],
      client: guest,
      atBroker: undefined as never,
      isCut: false,
    };
    this.#wires.push(wire);
    guest.wire = wire;
    wire.atBroker = this.broker.accept(linkTo(wire.withheld), guest.client.name);
    guest.client.connect(linkTo(wire.toBroker));
  }

  /** Both ends lose the connection, and what is on its way. */
  cut(wire: Wire, isBrokerTold = true): void {
    if (wire.isCut) return;
    wire.isCut = true;
    this.#wires = this.#wires.filter((each) => each !== wire);
    if (wire.client.wire === wire) {
      wire.client.wire = undefined;
      wire.client.client.closed();
    }
    if (isBrokerTold) this.turn(() => wire.atBroker.closed());
  }

  /** The wires on which something is on its way, once for each direction. */
  ready(): { wire: Wire; to: 'toBroker' | 'toClient' }[] {
    return this.#wires.flatMap((wire) =>
      (['toBroker', 'toClient'] as const).filter((to) => wire[to].length > 0).map((to) => ({ wire, to })),
    );
  }

  deliver(wire: Wire, to: 'toBroker' | 'toClient'): void {
    const parcel = wire[to].shift();
    if (parcel === undefined) return;
    if (parcel === 'end') this.cut(wire);
    else if (to === 'toClient') wire.client.client.receive(parcel);
    else this.turn(() => wire.atBroker.receive(parcel));
  }

  /** What the broker is told in one turn. */
  turn(happening: () => void): void {
    this.broker.advance(this.wall - this.#epoch);
    happening();
    for (const [key, value] of this.ledger.take()) this.pending.set(key, value);
  }

  wait(time: number): void {
    this.wall += time;
    for (const { client } of this.guests.values()) client.advance(this.wall);
    this.turn(() => {});
  }

  /** What is to be written has been: what waited for that may leave. */
  write(): void {
    for (const [key, value] of this.pending) {
      if (value === undefined) this.records.delete(key);
      else this.records.set(key, value);
    }
    this.pending = new Map();
    for (const wire of this.#wires) wire.toClient.push(...wire.withheld.splice(0));
  }

  /** Everything arrives, until nobody has anything to say. */
  settle(): void {
    this.write();
    for (let ready = this.ready(); ready.length > 0; ready = this.ready()) {
      for (const { wire, to } of ready) this.deliver(wire, to);
      this.write();
    }
  }

  /** Ends the broker as a loss of power would, and starts another on what was written. */
  crash(downtime = 0): void {
    for (const wire of [...this.#wires]) this.cut(wire, false);
    this.pending = new Map();
    this.wall += downtime;
    this.#start();
  }

  /** What the next broker would know if the crash came now, by way of the records and without. */
  heirs(): { restored: Broker; heir: Broker } {
    const now = this.wall - this.#epoch;
    const [restored, heir] = [new Broker(this.#settings), new Broker(this.#settings)];
    for (const each of [restored, heir]) each.advance(now);
    new Ledger({ epoch: () => this.#epoch }).restore(restored, this.records);
    inherit(heir, this.broker);
    return { restored, heir };
  }

  #start(): void {
    this.#epoch = this.wall - 1000;
    const epoch = this.#epoch;
    this.ledger = new Ledger({ epoch: () => epoch });
    this.broker = new Broker(this.#settings, { journal: strictly(this.ledger) });
    this.turn(() => this.ledger.restore(this.broker, this.records));
    this.wait(0);
  }
}

/** Hands on what a journal is told, and hears of nothing that happens to a session after its end. */
function strictly(journal: Journal): Journal {
  const ended = new WeakSet<Session>();
  return {
    changed(session, topicFilter) {
      if (ended.has(session)) throw new Error(`${session.clientId} changes after its end`);
      journal.changed(session, topicFilter);
    },
    ended(session) {
      ended.add(session);
      journal.ended(session);
    },
    retained: (topic, message) => journal.retained(topic, message),
  };
}

function linkTo(parcels: Parcel[]): Link {
  let isOver = false;
  const add = (parcel: Parcel) => {
    if (!isOver) parcels.push(parcel);
    isOver ||= parcel === 'end';
  };
  return { send: add, close: () => add('end'), backlog: 0 };
}

/** All that a broker knows that may outlive it, in a form to compare. */
export function digest(broker: Broker): unknown {
  const sessions = [...broker.sessions].map((session) => ({
    ...session.snapshot(),
    version: session.version,
    username: session.username,
    expiryInterval: session.expiryInterval,
    leftAt: session.leftAt,
    inbound: session.inbound.snapshot().sort((a, b) => a - b),
    will: session.will?.topic,
    subscriptions: [...session.subscriptions.values()]
      .map(({ subscription, identifier }) =>
        JSON.stringify([subscription.topicFilter, subscription, identifier]),
      )
      .sort(),
    deliveries: [...session.outbound.owed.values()]
      .map(({ message }) => message)
      .concat(session.outbound.waiting)
      .map(({ message, ...how }) => ({ ...how, ...plain(message) })),
  }));
  return {
    sessions: sessions.sort((a, b) => (a.clientId < b.clientId ? -1 : 1)),
    retained: broker.retained
      .snapshot()
      .sort((a, b) => (a.topic < b.topic ? -1 : 1))
      .map(plain),
  };
}

function plain({ topic, payload, qos, retain, arrivedAt, expiresAt, source, properties }: Message): object {
  return { topic, payload, qos, retain, arrivedAt, expiresAt, clientId: source?.clientId, ...properties };
}

type Message = ReturnType<Broker['retained']['snapshot']>[number];
