// A client of the page and its connection to a real broker. What it sends waits in the page until it is told to move, and so
// does what comes for it. Knows the client's rules through the engine, and bytes through a carrier; opens no socket itself.
import {
  Client,
  type ClientSetup,
  decode,
  Framer,
  type Input,
  type LinkState,
  Malformed,
  type Moment,
  type Received,
  utf8,
  type Version,
} from '#broker/index.ts';
import { BROKER } from '#broker/sim/setup.ts';
import type { LiveFlight } from './flights.ts';
import type { Moments } from './moments.ts';
import type { Tap, Wiretap } from './wiretap.ts';

/** What carries the bytes of one connection. */
export interface Carrier {
  send(bytes: Uint8Array): void;
  /** @param why `foreign`, because what came from the other end is not MQTT */
  close(why?: 'foreign'): void;
}

/** What a carrier tells of its connection. */
export interface End {
  opened(): void;
  received(bytes: Uint8Array): void;
  /** @param isClean whether the other end said so, and the connection did not just break */
  closed(isClean: boolean): void;
}

/** Where the clients of the page are. */
export interface Place {
  readonly moments: Moments;
  readonly wiretap: Wiretap;
  /** Milliseconds since the figure began. */
  now(): number;
  open(end: End, client: string): Carrier;
  /** Something comes from outside. */
  event(happens: () => void): void;
}

/** What a client remembers at a moment. */
type Remembered = Moment['snapshot']['clients'][string];

interface Wire {
  readonly carrier: Carrier;
  readonly framer: Framer;
  readonly number: number;
  /** Its bytes, as they are on the network: from the moment that it is open. */
  tap: Tap | undefined;
  up: LiveFlight[];
  down: LiveFlight[];
  isOpen: boolean;
  isFrozen: boolean;
  /** The client has closed; the broker has. */
  endsUp: boolean;
  endsDown: boolean;
}

export class PageClient {
  readonly #place: Place;
  readonly #received: Received[] = [];
  #setup: ClientSetup;
  /** What its client was made with. */
  #made: ClientSetup;
  #client: Client;
  #wire: Wire | undefined;
  #connections = 0;
  /** Its CONNECT, until the broker tells of it. */
  knocking: Uint8Array | undefined;
  /** The step in which its connection was last cut. */
  cutAt: number | undefined;

  constructor(setup: ClientSetup, place: Place) {
    this.#place = place;
    this.#setup = setup;
    this.#made = setup;
    this.#client = this.#newClient();
  }

  get name(): string {
    return this.#setup.name;
  }

  get setup(): ClientSetup {
    return this.#setup;
  }

  /** When `advance` is to be called at the latest. */
  get deadline(): number {
    return this.#client.deadline;
  }

  get link(): LinkState {
    if (!this.#wire || this.#wire.endsUp) return 'none';
    return this.#wire.isFrozen ? 'frozen' : 'connected';
  }

  get isWired(): boolean {
    return this.#wire !== undefined;
  }

  /** CONNACK has come. */
  get isConnected(): boolean {
    return this.#client.snapshot().connected;
  }

  /** The packets that can be told to move: the first in each direction. */
  get heads(): LiveFlight[] {
    if (!this.#wire || this.#wire.isFrozen) return [];
    const { up, down, isOpen } = this.#wire;
    return [...(isOpen ? up.slice(0, 1) : []), ...down.slice(0, 1)];
  }

  /** What it remembers; the same object as before, if it is the same. */
  snapshot(before: Remembered | undefined): Remembered {
    const now = this.#client.snapshot();
    const received = this.#received;
    const receivedCount = received.length;
    const isSame =
      before?.receivedCount === receivedCount &&
      JSON.stringify(now) === JSON.stringify({ ...before, received: undefined, receivedCount: undefined });
    if (isSame) return before;
    return {
      ...now,
      receivedCount,
      get received() {
        return received.slice(0, receivedCount);
      },
    };
  }

  advance(): void {
    this.#client.advance(this.#place.now());
  }

  /** Takes over other settings: while it is connected it keeps its own. */
  update(setup: ClientSetup): void {
    if (JSON.stringify(this.#setup) === JSON.stringify(setup)) return;
    this.#setup = setup;
    if (!this.#wire) this.#renew();
  }

  connect(): void {
    if (this.#wire) this.cut();
    if (this.#made !== this.#setup) this.#renew();
    this.#connections++;
    const wire = this.#newWire();
    this.#wire = wire;
    this.#client.connect({
      backlog: 0,
      send: (frame) => void wire.up.push(this.#launch(wire, frame, 'up')),
      close: () => {
        wire.endsUp = true;
        this.#lose(wire, 'down');
        this.#place.moments.afterwards(() => this.#settle(wire));
      },
    });
  }

  disconnect({ reasonCode, sessionExpiryInterval }: Input & { do: 'disconnect' }): void {
    const properties = sessionExpiryInterval === undefined ? undefined : { sessionExpiryInterval };
    this.#client.disconnect(reasonCode, properties);
  }

  publish({ topic, payload, qos, retain, properties }: Input & { do: 'publish' }): void {
    const { correlationData, userProperty, ...others } = properties ?? {};
    const bytes = correlationData === undefined ? undefined : { correlationData: utf8(correlationData) };
    const pairs = userProperty?.map(([name, value]): [string, string] => [name, value]);
    this.#client.publish({
      topic,
      payload: utf8(payload),
      qos,
      retain,
      ...(properties && { properties: { ...others, ...bytes, ...(pairs && { userProperty: pairs }) } }),
    });
  }

  subscribe({ do: _, client: __, subscriptionIdentifier, ...wanted }: Input & { do: 'subscribe' }): void {
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const properties =
      subscriptionIdentifier === undefined ? undefined : { subscriptionIdentifier: [subscriptionIdentifier] };
    this.#client.subscribe([given as { topicFilter: string }], properties);
  }

  unsubscribe(topicFilter: string): void {
    this.#client.unsubscribe([topicFilter]);
  }

  /** Nothing moves any more, and nobody is told; or it moves again. */
  freeze(isFrozen: boolean): void {
    if (this.#wire) this.#wire.isFrozen = isFrozen;
  }

  /** Closes the connection without a word. What waits in the page is lost. */
  cut(): void {
    const wire = this.#wire;
    if (!wire) return;
    this.#wire = undefined;
    this.cutAt = this.#place.moments.underWay;
    this.#lose(wire, 'up');
    this.#lose(wire, 'down');
    this.#end(wire, 'broken');
    const client = this.#client;
    this.#place.moments.afterwards(() => client.closed());
  }

  /** Leaves the page. */
  leave(): void {
    this.#wire?.carrier.close();
    this.#wire = undefined;
  }

  /** Tells the first packet of a direction to move on. */
  deliver(flight: LiveFlight): void {
    const wire = this.#wire;
    if (!wire) return;
    const { frame, version } = flight;
    const now = this.#place.now();
    this.#place.moments.turn(flight, 'delivered');
    if (flight.to === BROKER) {
      wire.up.shift();
      if (decode(frame, version).type === 'connect') this.knocking = frame;
      wire.tap?.up(frame, version, now);
      wire.carrier.send(frame);
    } else {
      wire.down.shift();
      wire.tap?.taken(frame, version, now);
      this.#client.receive(frame);
    }
    this.#settle(wire);
  }

  #newWire(): Wire {
    const { open, event } = this.#place;
    const wire: Wire = {
      carrier: open(
        {
          opened: () => event(() => this.#opened(wire)),
          received: (bytes) => event(() => this.#receive(wire, bytes)),
          closed: (isClean) => event(() => this.#closedByBroker(wire, isClean)),
        },
        this.name,
      ),
      framer: new Framer(this.#client.version),
      number: this.#connections,
      tap: undefined,
      up: [],
      down: [],
      isOpen: false,
      isFrozen: false,
      endsUp: false,
      endsDown: false,
    };
    return wire;
  }

  #opened(wire: Wire): void {
    wire.isOpen = true;
    wire.tap = this.#place.wiretap.open(this.name, this.#place.now());
  }

  #closedByBroker(wire: Wire, isClean: boolean): void {
    wire.isOpen = false;
    wire.endsDown = true;
    wire.tap?.end(isClean ? 'broker' : 'broken', this.#place.now());
    this.#lose(wire, 'up');
    this.#settle(wire);
  }

  #receive(wire: Wire, bytes: Uint8Array): void {
    try {
      for (const each of wire.framer.push(bytes)) {
        const frame = each.slice();
        const version = versionOf(frame, this.#client.version);
        wire.tap?.down(frame, version, this.#place.now());
        wire.down.push(this.#launch(wire, frame, 'down', version));
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      wire.carrier.close('foreign');
      this.cut();
    }
  }

  /** Once all has moved that was sent before an end closed, the other end learns of it. */
  #settle(wire: Wire): void {
    if (this.#wire !== wire) return;
    if (wire.endsUp && wire.up.length === 0) {
      this.#wire = undefined;
      this.#end(wire, 'client');
    } else if (wire.endsDown && wire.down.length === 0) {
      this.#wire = undefined;
      this.#lose(wire, 'up');
      wire.tap?.learn(this.#place.now());
      const client = this.#client;
      this.#place.moments.afterwards(() => client.closed());
    }
  }

  #end(wire: Wire, by: 'client' | 'broken'): void {
    if (wire.endsDown) wire.tap?.learn(this.#place.now());
    else wire.tap?.end(by, this.#place.now());
    wire.carrier.close();
  }

  #lose(wire: Wire, way: 'up' | 'down'): void {
    for (const flight of wire[way]) this.#place.moments.turn(flight, 'lost');
    wire[way] = [];
  }

  #launch(
    { number }: Wire,
    frame: Uint8Array,
    way: 'up' | 'down',
    version: Version = this.#client.version,
  ): LiveFlight {
    return this.#place.moments.launch({ client: this.name, way, frame, version, connection: number });
  }

  /** A client with other settings is another client: it has no session. */
  #renew(): void {
    this.#made = this.#setup;
    this.#client = this.#newClient();
  }

  #newClient(): Client {
    const { name, clientId = name } = this.#setup;
    const client = new Client(
      { ...this.#setup, name, clientId },
      {
        trace: (event) => this.#place.moments.note(event),
        report: (event) => {
          if (event.kind !== 'message') return;
          const { topic, payload, qos, retain, dup } = event.packet;
          this.#received.push({ topic, payload, qos, retain, dup });
        },
      },
    );
    client.advance(this.#place.now());
    return client;
  }
}

const CONNACK = 0x20;
/** The bytes after the fixed header of CONNACK before 5.0, which always has its properties' length besides. */
const SHORT = 2;

/** In which version a packet from the broker is written: one that does not speak 5.0 refuses it in the older form. */
function versionOf(frame: Uint8Array, version: Version): Version {
  return version === 5 && frame[0] === CONNACK && frame[1] === SHORT ? 4 : version;
}
