// Enhanced authentication of MQTT 5.0: the exchange of AUTH packets by which a client shows who it is, when it connects or
// again later (section 4.12). Knows whose turn it is to speak; what is said is the method's, and what follows from it the
// connection's.
import { type Auth, type Connect, REASON } from '../codec/index.ts';

/** What a method makes of what the client said. */
export type Step =
  /** The client is asked for more. */
  | { kind: 'continue'; data: Uint8Array | undefined }
  /** The client is who it says it is. */
  | { kind: 'success'; username: string | undefined; data?: Uint8Array | undefined }
  | { kind: 'failure'; reasonCode: number };

/** One exchange: takes what the client says, and answers at once or later. */
export type Exchange = (data: Uint8Array | undefined, answer: (step: Step) => void) => void;

/** A method by which clients authenticate; a broker has any number of them, by name. */
export interface AuthenticationMethod {
  /** @param connect what the client connects with, or connected with */
  begin(connect: Connect): Exchange;
}

/** The authentication of one connection, by the one method that its CONNECT named [v5 MQTT-4.12.0-5, MQTT-4.12.1-1]. */
export class Authentication {
  readonly name: string;
  readonly #method: AuthenticationMethod;
  readonly #connect: Connect;
  readonly #conclude: (step: Step) => void;
  #exchange: Exchange | undefined;
  /** The method has not answered yet. */
  #isThinking = false;

  /** @param conclude takes each answer of the method */
  constructor(name: string, method: AuthenticationMethod, connect: Connect, conclude: (step: Step) => void) {
    this.name = name;
    this.#method = method;
    this.#connect = connect;
    this.#conclude = conclude;
  }

  /** Begins with what CONNECT brought. */
  begin(data: Uint8Array | undefined): void {
    this.#exchange = this.#method.begin(this.#connect);
    this.#say(data);
  }

  /**
   * Takes an AUTH.
   * @param isOpen whether the client was let in, and may authenticate anew
   * @returns false if the packet has no place here
   */
  receive({ reasonCode, properties }: Auth, isOpen: boolean): boolean {
    if (properties?.authenticationMethod !== this.name) return false; // v5 [MQTT-4.12.0-5] [MQTT-4.12.1-1]
    const isUnderWay = this.#exchange !== undefined;
    if (reasonCode === REASON.ReAuthenticate && isOpen && !isUnderWay)
      this.begin(properties.authenticationData);
    else if (reasonCode === REASON.ContinueAuthentication && isUnderWay && !this.#isThinking)
      this.#say(properties.authenticationData);
    else return false;
    return true;
  }

  #say(data: Uint8Array | undefined): void {
    this.#isThinking = true;
    this.#exchange?.(data, (step) => {
      this.#isThinking = false;
      if (step.kind !== 'continue') this.#exchange = undefined;
      this.#conclude(step);
    });
  }
}
