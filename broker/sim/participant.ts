// A client in a world: its end of the newest connection, what its application got, and whether it comes back by itself. Knows
// no packet; time and connections are the world's.
import { Client, type ClientEvent } from '../client/client.ts';
import type { QoS, Version } from '../codec/index.ts';
import { type Timer, Timers } from '../session/timers.ts';
import type { Trace } from '../session/trace.ts';
import type { Flight } from './network.ts';
import type { ClientSetup } from './setup.ts';
import type { Wire } from './wire.ts';

/** An application message as its receiver got it. */
export interface Received {
  topic: string;
  payload: Uint8Array;
  qos: QoS;
  retain: boolean;
  dup: boolean;
}

export class Participant {
  readonly setup: ClientSetup;
  readonly client: Client;
  readonly received: Received[] = [];
  /** The newest connection; older ones may live on at the broker's end. */
  wire: Wire<Flight> | undefined;
  connections = 0;
  /** Its connection was taken from it, and it has not connected again. */
  isBereft = false;
  #isLeaving = false;
  /** Attempts to come back since it was last let in. */
  #attempts = 0;
  readonly #timers = new Timers();
  #return: Timer | undefined;
  #now = 0;
  readonly #comeBack: () => void;

  /** @throws RangeError if the settings make a CONNECT that is forbidden */
  constructor(setup: ClientSetup, version: Version, trace: Trace, comeBack: () => void) {
    const { name } = setup;
    const report = (event: ClientEvent): void => this.#hear(event);
    this.setup = setup;
    this.client = new Client(
      { ...setup, name, clientId: setup.clientId ?? name, version: setup.version ?? version },
      { trace, report },
    );
    this.#comeBack = comeBack;
  }

  /** How its connection stands, as its own end sees it. */
  get link(): 'none' | 'connected' | 'frozen' {
    if (this.wire === undefined || !this.wire.isOpen('down')) return 'none';
    return this.wire.isFrozen ? 'frozen' : 'connected';
  }

  /** When it comes back by itself; Infinity if it does not. */
  get returnsAt(): number {
    return this.#timers.deadline;
  }

  get deadline(): number {
    return Math.min(this.client.deadline, this.returnsAt);
  }

  advance(now: number): void {
    this.#now = now;
    this.client.advance(now);
    this.#timers.advance(now);
  }

  /** Takes up a new connection. One that is frozen is given up: its own end is gone, and the broker does not know. */
  begin(wire: Wire<Flight>): void {
    this.wire = wire;
    this.isBereft = false;
    this.#isLeaving = false;
    this.#timers.cancel(this.#return);
    this.client.connect(wire.link('up'));
  }

  /** Ends a connection on which nothing moves. The other end is not told. */
  desert(): void {
    this.wire?.desert('up');
    this.client.closed();
  }

  leave(reasonCode: number | undefined, sessionExpiryInterval: number | undefined): void {
    this.#isLeaving = true;
    this.client.disconnect(
      reasonCode,
      sessionExpiryInterval === undefined ? undefined : { sessionExpiryInterval },
    );
  }

  #hear(event: ClientEvent): void {
    if (event.kind === 'message') {
      const { topic, payload, qos, retain, dup } = event.packet;
      this.received.push({ topic, payload, qos, retain, dup });
    } else if (event.kind === 'connected') this.#attempts = 0;
    else if (event.kind === 'closed' && !this.#isLeaving) this.#returnLater();
  }

  #returnLater(): void {
    const { reconnect } = this.setup;
    if (reconnect === undefined) return;
    const { after, times = Number.POSITIVE_INFINITY, backoff = 1 } = reconnect;
    if (this.#attempts >= times) return;
    const wait = after * backoff ** this.#attempts++;
    this.#timers.cancel(this.#return);
    this.#return = this.#timers.schedule(this.#now + wait, this.#comeBack);
  }
}
