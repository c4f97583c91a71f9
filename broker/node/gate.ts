// Who may come in through a listener, and what they may do there: user names and passwords, certificates, and the lists of who
// may read and write what, as a configuration says. Knows files by their content only; what it is made of can be exchanged
// while clients are connected.
import { type Connect, REASON } from '../codec/index.ts';
import type { Access, Caller, Decide } from '../server/access.ts';
import { matches, parseShared } from '../topics/filter.ts';
import type { AccessList } from './acl.ts';
import type { Passwords } from './passwords.ts';

/** What a gate goes by. */
export interface Rules {
  readonly allowAnonymous: boolean;
  readonly passwords: Passwords | undefined;
  readonly list: AccessList | undefined;
  /** What client identifiers have to begin with. */
  readonly clientIdPrefix: string | undefined;
  /** What the identifiers begin with that clients leave to the broker. */
  readonly assignedClientIdPrefix: string;
  /** Whether a client's identifier is its user name. */
  readonly clientIdIsUsername: boolean;
  /** Whether a SUBSCRIBE is refused that can bring nothing. */
  readonly refusesSubscribe: boolean;
}

/** The one place below $SYS where others than the broker write: bridges of other brokers tell there whether they are connected. */
const BRIDGE_STATE = '$SYS/broker/connection/+/state';

export class Gate implements Access {
  #rules: Rules;
  /** Users whose password was changed, or who are no more, since they may have come in. */
  readonly #stale = new Set<string>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** Goes by other rules from now on. */
  change(rules: Rules): void {
    this.#stale.clear();
    for (const username of this.#rules.passwords?.changed(rules.passwords) ?? []) this.#stale.add(username);
    this.#rules = rules;
  }

  /** The gate for clients who have shown a certificate that names them, or should have. */
  certified(username: string | undefined): Access {
    return new CertifiedGate(this, username);
  }

  connect(connect: Connect, _peer: string, decide: Decide): void {
    const { allowAnonymous, passwords } = this.#rules;
    const { password } = connect;
    const username = connect.username || undefined; // an empty name is none, as for Mosquitto
    if (username === undefined || passwords === undefined) {
      return this.admit(connect, username, allowAnonymous ? REASON.Success : REASON.NotAuthorized, decide);
    }
    passwords.check(username, password, (answer) => {
      if (answer === 'busy') decide(REASON.ServerBusy);
      else this.admit(connect, username, answer ? REASON.Success : REASON.NotAuthorized, decide);
    });
  }

  /** Looks at the identifier of a client of whom it is known who it is. */
  admit({ clientId }: Connect, username: string | undefined, reasonCode: number, decide: Decide): void {
    const { clientIdPrefix = '', assignedClientIdPrefix, clientIdIsUsername } = this.#rules;
    const isNameless = clientIdIsUsername && !username;
    const finalId = clientIdIsUsername && username ? username : clientId;
    const isWelcome = (finalId || assignedClientIdPrefix).startsWith(clientIdPrefix);
    if (reasonCode !== REASON.Success || isNameless || !isWelcome)
      return decide(reasonCode || REASON.NotAuthorized);
    decide(REASON.Success, { clientId: finalId, username });
  }

  publish(client: Caller, topic: string): boolean {
    if (topic.startsWith('$SYS/') && !matches(BRIDGE_STATE, topic)) return false;
    if (topic.startsWith('$share/')) return false; // nobody could subscribe to it
    return this.#rules.list?.mayWrite(client, topic) ?? true;
  }

  subscribe(client: Caller, topicFilter: string): boolean {
    const { list, refusesSubscribe } = this.#rules;
    if (!refusesSubscribe || list === undefined) return true;
    return list.mayReadSome(client, parseShared(topicFilter)?.topicFilter ?? topicFilter);
  }

  read(client: Caller, topic: string): boolean {
    return this.#rules.list?.mayRead(client, topic) ?? true;
  }

  mayStay({ username }: Caller): boolean {
    const { allowAnonymous, passwords } = this.#rules;
    return username === undefined || passwords === undefined ? allowAnonymous : !this.#stale.has(username);
  }
}

/** The same gate for one connection whose certificate says who the client is: user name and password are not looked at. */
class CertifiedGate implements Access {
  readonly #gate: Gate;
  readonly #username: string | undefined;

  constructor(gate: Gate, username: string | undefined) {
    this.#gate = gate;
    this.#username = username;
  }

  connect(connect: Connect, _peer: string, decide: Decide): void {
    if (this.#username === undefined) return decide(REASON.BadUserNameOrPassword);
    this.#gate.admit(connect, this.#username, REASON.Success, decide);
  }

  publish(client: Caller, topic: string): boolean {
    return this.#gate.publish(client, topic);
  }

  subscribe(client: Caller, topicFilter: string): boolean {
    return this.#gate.subscribe(client, topicFilter);
  }

  read(client: Caller, topic: string): boolean {
    return this.#gate.read(client, topic);
  }

  /** A certificate is good for as long as its connection. */
  mayStay(): boolean {
    return true;
  }
}
