// A tool and its broker, from the first connection to the exit code. Knows what the three tools have in common: how they connect,
// what `-d`, `--quiet` and `-W` do, and when a message counts as received; what a tool wants of its broker is its own.
import {
  type Connack,
  decode,
  FAILURE,
  type Packet,
  type Properties,
  type Publish,
  REASON,
  type Suback,
  utf8,
} from '../../codec/index.ts';
import type { Connection, Link } from '../../session/link.ts';
import { Timers } from '../../session/timers.ts';
import type { TraceEvent } from '../../session/trace.ts';
import { Client, type ClientEvent, type ClientSettings, type Outgoing, type Wanted } from '../client.ts';
import { Problem } from './complaint.ts';
import { connectSettings } from './connect.ts';
import { Debug } from './debug.ts';
import { type Party, type ToolHost, Unreachable } from './host.ts';
import { targetOf } from './parse.ts';
import { ERROR, reasonText } from './reasons.ts';
import type { ToolSettings } from './settings.ts';

/** What a tool does when something happens. */
export interface Role {
  connected(connack: Connack): void;
  subscribed?(suback: Suback): void;
  /** A message has come, and all acknowledgements of it that we owe have left. */
  received?(message: Publish): void;
  /** A message of ours is the broker's, or was refused. */
  acknowledged?(): void;
  /** There is room on the way out again. */
  drained?(): void;
  /** Tells why the broker refuses. Returns why the tool ends, if that is told as well. */
  refusal(code: number): { line: string; error?: ErrorRow };
  /** Whether a connection that is lost is made anew. */
  readonly persists: boolean;
}

type ErrorRow = (typeof ERROR)[keyof typeof ERROR];

/** How long a tool that persists waits before it connects again. */
const AGAIN = 1000;

/** A backlog is small up to this many bytes. */
const SMALL = 16_384;

export class Conversation implements Party, Connection {
  readonly settings: Readonly<ToolSettings>;
  readonly #host: ToolHost;
  readonly #client: Client;
  readonly #debug: Debug | undefined;
  readonly #timers = new Timers();
  /** Messages at QoS 1 and 2 whose last acknowledgement has not left. */
  readonly #unanswered = new Map<number, Publish>();
  #role: Role | undefined;
  #link: Link | undefined;
  #now = 0;
  #exitCode = 0;
  #isOver = false;
  #isLeaving = false;
  #latest: Packet | undefined;
  readonly #over: Promise<number>;
  #end!: (exitCode: number) => void;

  /** @throws Problem if the settings make a CONNECT that is forbidden */
  constructor(settings: ToolSettings, host: ToolHost) {
    this.settings = settings;
    this.#host = host;
    const connect = connectSettings(settings, host);
    const print = (line: string) => host.print(utf8(`${line}\n`));
    this.#debug = settings.isDebug ? new Debug(connect.clientId, print) : undefined;
    this.#client = clientOf(
      connect,
      (event) => this.#watch(event),
      (event) => this.#report(event),
    );
    this.#over = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /**
   * Connects, and lets a role act until it is over.
   * @returns the exit code
   * @throws Unreachable
   */
  async hold(role: Role): Promise<number> {
    this.#role = role;
    await this.#open();
    if (role.persists)
      this.#host.interrupted(() => this.tell(() => this.leave(REASON.DisconnectWithWillMessage)));
    const { timeout } = this.settings;
    if (timeout !== undefined) this.tell(() => this.after(timeout, () => this.#timeOut()));
    return this.#over;
  }

  /** Does something from outside: after the time was told. */
  tell(happening: () => void): void {
    if (!this.#isOver) this.#host.tell(happening);
  }

  after(duration: number, run: () => void): void {
    this.#timers.schedule(this.#now + duration, run);
  }

  /** @throws RangeError if such a message may not be sent */
  publish(message: Outgoing): void {
    this.#client.publish(message);
  }

  /** Why a message may not be sent, if it may not. */
  publishRefusal(message: Outgoing): string | undefined {
    return this.#client.publishRefusal(message)?.message;
  }

  subscribe(wanted: Wanted[]): void {
    this.#request(() => this.#client.subscribe(wanted, this.propertiesOf('subscribe')));
  }

  unsubscribe(topicFilter: string): void {
    this.#request(() => this.#client.unsubscribe([topicFilter], this.propertiesOf('unsubscribe')));
  }

  /** Says goodbye, which ends the tool. */
  leave(reasonCode: number = REASON.NormalDisconnection): void {
    const isPlain = this.settings.version !== 5;
    this.#isLeaving = true;
    this.#client.disconnect(
      isPlain ? REASON.NormalDisconnection : reasonCode,
      this.propertiesOf('disconnect'),
    );
    this.finish();
  }

  /** Ends the tool without a word to the broker. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link?.close();
    this.#end(this.#exitCode);
  }

  /** Ends the tool because something went wrong. */
  fail({ code, text }: ErrorRow): void {
    if (this.#isOver) return;
    this.complain(`Error: ${text}`);
    this.#exitCode ||= code;
    this.finish();
  }

  complain(line: string): void {
    if (!this.settings.isQuiet) this.#host.complain(`${line}\n`);
  }

  propertiesOf(owner: keyof ToolSettings['properties']): Properties | undefined {
    const properties = this.settings.properties[owner];
    return this.settings.version === 5 && Object.keys(properties).length > 0 ? properties : undefined;
  }

  /** Whether what is sent now would wait for long. */
  get isCrowded(): boolean {
    return (this.#link?.backlog ?? 0) > SMALL;
  }

  advance(now: number): void {
    this.#now = Math.max(this.#now, now);
    this.#client.advance(this.#now);
    this.#timers.advance(this.#now);
  }

  get deadline(): number {
    return this.#isOver ? Number.POSITIVE_INFINITY : Math.min(this.#client.deadline, this.#timers.deadline);
  }

  receive(chunk: Uint8Array): void {
    if (!this.#isOver) this.#client.receive(chunk);
  }

  drained(): void {
    this.#client.drained();
    this.#role?.drained?.();
  }

  closed(): void {
    this.#client.closed();
  }

  #open(): Promise<void> {
    return this.#host.open(targetOf(this.settings), this, (link) => {
      this.#link = link;
      if (this.#isOver) link.close();
      else this.#client.connect(link);
      return this;
    });
  }

  async #openAgain(): Promise<void> {
    if (this.#isOver) return;
    try {
      await this.#open();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.tell(() => this.after(AGAIN, () => void this.#openAgain()));
    }
  }

  #timeOut(): void {
    this.complain(ERROR.timeout.text);
    this.#exitCode = ERROR.timeout.code;
    this.leave(REASON.DisconnectWithWillMessage);
  }

  #request(send: () => void): void {
    try {
      send();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.fail(ERROR.invalid);
    }
  }

  #watch(event: TraceEvent): void {
    if (this.#isOver || (event.kind !== 'sent' && event.kind !== 'received')) return;
    const packet = decode(event.frame, event.version);
    this.#debug?.[event.kind](packet);
    this.#latest = packet;
    if (event.kind === 'sent' && (packet.type === 'puback' || packet.type === 'pubcomp'))
      this.#answered(packet.packetId);
  }

  #answered(packetId: number): void {
    const message = this.#unanswered.get(packetId);
    this.#unanswered.delete(packetId);
    if (message !== undefined) this.#take(message);
  }

  #take(message: Publish): void {
    if (!this.#isLeaving) this.#role?.received?.(message);
  }

  #report(event: ClientEvent): void {
    switch (event.kind) {
      case 'connected':
        return this.#role?.connected(event.packet);
      case 'refused':
        return this.#refused(event.packet.reasonCode);
      case 'message':
        if (event.packet.packetId === undefined) return this.#take(event.packet);
        this.#unanswered.set(event.packet.packetId, event.packet);
        return;
      case 'acknowledged':
        return this.#acknowledged(event.reasonCode);
      case 'subscribed':
        return this.#role?.subscribed?.(event.packet);
      case 'unsubscribed':
      case 'authenticated':
        return;
      case 'closed':
        return this.#lost();
      default:
        return event satisfies never;
    }
  }

  #refused(code: number): void {
    this.#exitCode = code;
    const refusal = this.#role?.refusal(code);
    if (refusal === undefined) return;
    this.complain(`Connection error: ${refusal.line}`);
    if (refusal.error === undefined) this.finish();
    else this.fail(refusal.error);
  }

  #acknowledged(reasonCode: number): void {
    const answer = this.#latest;
    if (reasonCode >= FAILURE && answer !== undefined && 'packetId' in answer) {
      this.complain(`Warning: Publish ${answer.packetId} failed: ${reasonText(reasonCode)}.`);
      const reason = 'properties' in answer ? answer.properties?.reasonString : undefined;
      if (reason !== undefined) this.complain(reason);
    }
    this.#role?.acknowledged?.();
  }

  #lost(): void {
    if (this.#isLeaving || this.#isOver) return;
    if (this.#role?.persists) this.after(AGAIN, () => void this.#openAgain());
    else this.fail(ERROR.lost);
  }
}

function clientOf(
  settings: ClientSettings,
  trace: (event: TraceEvent) => void,
  report: (event: ClientEvent) => void,
): Client {
  try {
    return new Client(settings, { trace, report });
  } catch (error) {
    if (error instanceof RangeError) throw new Problem(`Error: ${error.message}.`);
    throw error;
  }
}
